/* SPDX-License-Identifier: MIT */
/* ad_gradcheck tells right gradients from wrong ones at every scale of the argument, says what it
 * could judge, and leaves the tape bit for bit as it was. */
#include "tape/tape.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fixture.h"

static const ad_var none = {0};

static void check_report(ad_var y, ad_var x, const char *what, double least, double most,
                         size_t expected)
{
    double error;
    size_t judged;
    ck_assert_msg(ad_gradcheck_report(y, x, &error, &judged) == AD_OK, "%s: %s", what,
                  ad_tape_message(tape));
    ck_assert_msg(judged == expected, "%s: judged %zu, not %zu", what, judged, expected);
    ck_assert_msg(expected == 0 ? isnan(error) : error >= least && error <= most, "%s: error %g",
                  what, error);
}

/* ---- right gradients ---- */

static ad_var inverse(ad_var x)
{
    return ad_div(ad_constant(x.tape, 1, 1, (const double[]){1}), x);
}

static ad_var square_of_sine(ad_var x)
{
    return ad_square(ad_sin(x));
}

static ad_var one_minus_cosine(ad_var x)
{
    return ad_shift(ad_neg(ad_cos(x)), 1);
}

static ad_var log_of_one_and_exp(ad_var x)
{
    return ad_log(ad_shift(ad_exp(x), 1));
}

static ad_var far_from_zero(ad_var x)
{
    return ad_shift(ad_scale(x, 1e-9), 1);
}

typedef struct smooth {
    const char *name;
    ad_var (*of)(ad_var);
    double x;
} smooth;

/* clang-format off */
static const smooth points[] = {
    {"sin", ad_sin, 1e5},       {"sin", ad_sin, -2e4},        {"exp", ad_exp, 700},
    {"exp", ad_exp, -700},      {"1/x", inverse, 1e-4},        {"1/x", inverse, -1e-30},
    {"log", ad_log, 1e-5},      {"log", ad_log, 1e300},        {"sqrt", ad_sqrt, 1e-7},
    {"sqrt", ad_sqrt, 1e-200},  {"square", ad_square, 1e150},  {"square", ad_square, 1e-150},
    {"tanh", ad_tanh, 0},       {"lgamma", ad_lgamma, 1e-3},   {"sin^2", square_of_sine, 1},
    {"asin", ad_asin, 0.99999}, {"1 + 1e-9 x", far_from_zero, 1},
    {"cos", ad_cos, 1e5},       {"sin", ad_sin, 1e6},          {"square", ad_square, 0},
    {"square", ad_square, 1e-200}, {"log(1 + exp)", log_of_one_and_exp, -37},
    {"1 - cos", one_minus_cosine, 1e-10}, {"1 - cos", one_minus_cosine, 1e-7},
};
/* clang-format on */

START_TEST(right_gradients_are_not_accused)
{
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        ad_var x = ad_scalar(tape, points[i].x);
        check_report(points[i].of(x), x, points[i].name, 0, 1e-9, 1);
    }
}
END_TEST

START_TEST(each_element_has_its_own_scale)
{
    ad_var x = ad_input(tape, 4, 1, (const double[]){1e-8, 1, 1e8, 0});
    ad_var y = ad_sum(ad_mul(ad_sqrt(ad_square(ad_shift(x, 1e-3))), x));
    check_report(y, x, "sum", 0, 1e-9, 4);
    ad_var zeros = ad_input(tape, 2, 1, (const double[]){0, 0});
    check_report(ad_sum(ad_exp(zeros)), zeros, "exp at 0", 0, 1e-9, 2);
}
END_TEST

/* Matrices that are singular nearby have no value there. */
START_TEST(steps_that_have_no_value_shrink)
{
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 1, 1, 1.01});
    check_report(ad_sum(ad_cholesky(A)), A, "cholesky", 0, 1e-7, 4);
    check_report(ad_sum(ad_inverse(A)), A, "inverse", 0, 1e-7, 4);
}
END_TEST

/* A pole lies at a millionth of the elements: large steps see another slope beyond it. */
START_TEST(small_steps_decide_near_a_pole)
{
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 1, 1, 1 + 2e-6});
    check_report(ad_logabsdet(A), A, "log|det|", 0, 1e-6, 4);
    check_report(ad_sum(ad_square(ad_inverse(A))), A, "inverse", 0, 1e-6, 4);
}
END_TEST

/* The inverse is of whole numbers; where a component of the gradient is 0 it is found as
 * rounding. */
START_TEST(rounding_of_the_gradient_is_no_error)
{
    enum { N = 7 };
    double least[N * N], weights[N * N];
    for (size_t i = 0; i < N * N; i++) {
        least[i] = fmin((double)(i / N), (double)(i % N)) + 1;
        weights[i] = 1 + 0.37 * (double)i;
    }
    ad_var A = ad_input(tape, N, N, least), W = ad_constant(tape, N, N, weights);
    ck_assert_double_le(ad_gradcheck(ad_dot(ad_inverse(A), W), A), 1e-6);
    ad_var shares = ad_input(tape, 4, 1, (const double[]){1e8, -1e8, 3e4, 1e-8});
    ck_assert_double_le(ad_gradcheck(ad_dot(shares, ad_constant(tape, 4, 1, weights)), shares),
                        1e-6);
}
END_TEST

/* ---- wrong gradients ---- */

static ad_status same_shape(const ad_matrix *x, size_t count, size_t *rows, size_t *cols,
                            void *context)
{
    (void)count, (void)context;
    *rows = x[0].rows;
    *cols = x[0].cols;
    return AD_OK;
}

/* y_i = slope[i] x_i, with the rule wrong[i]. */
typedef struct slopes {
    const double *slope, *wrong;
} slopes;

static ad_status linear(const ad_matrix *x, size_t count, double *y, void *context)
{
    (void)count;
    for (size_t i = 0; i < x[0].rows; i++)
        y[i] = ((const slopes *)context)->slope[i] * x[0].values[i];
    return AD_OK;
}

static ad_status wrong_rule(const ad_matrix *x, size_t count, ad_matrix y, ad_matrix adjoint,
                            double *const *gradients, void *context)
{
    (void)count, (void)y;
    for (size_t i = 0; i < x[0].rows; i++)
        gradients[0][i] = ((const slopes *)context)->wrong[i] * adjoint.values[i];
    return AD_OK;
}

static const ad_custom_op wrong_operation = {
    .name = "wrong", .shape = same_shape, .value = linear, .vjp = wrong_rule};

static void check_slopes(size_t n, const double *slope, const double *wrong, double error)
{
    const double ones[] = {1, 1};
    slopes s = {slope, wrong};
    ad_var x = ad_input(tape, n, 1, ones);
    ad_var y = ad_sum(ad_custom(tape, &wrong_operation, &x, 1, &s));
    check_report(y, x, "wrong", error * 0.999, error * 1.001, n);
}

START_TEST(wrong_gradients_are_found_whatever_their_size)
{
    check_slopes(1, (const double[]){1e-9}, (const double[]){5e-9}, 0.8);
    check_slopes(2, (const double[]){1e7, 2}, (const double[]){1e7, 3}, 1. / 3);
    check_slopes(2, (const double[]){1e-300, 1}, (const double[]){1e-300, 1.00001}, 1e-5);
    check_slopes(1, (const double[]){1}, (const double[]){-1}, 2);
    check_slopes(1, (const double[]){1}, (const double[]){0}, 1);
    check_slopes(1, (const double[]){0}, (const double[]){1e-3}, 1);
    check_slopes(1, (const double[]){1e200}, (const double[]){INFINITY}, INFINITY);
}
END_TEST

/* A step of 1 would be lost in the sum. */
START_TEST(a_wrong_gradient_at_zero_beside_large_elements_is_found)
{
    slopes s = {(const double[]){1, 1}, (const double[]){1, 3}};
    ad_var x = ad_input(tape, 2, 1, (const double[]){1e20, 0});
    ad_var y = ad_sum(ad_custom(tape, &wrong_operation, &x, 1, &s));
    check_report(y, x, "0 beside 1e20", 0.666, 0.667, 2);
}
END_TEST

START_TEST(a_gradient_that_is_nan_is_reported_as_nan)
{
    slopes s = {(const double[]){1}, (const double[]){NAN}};
    ad_var x = ad_scalar(tape, 1), y = ad_custom(tape, &wrong_operation, &x, 1, &s);
    double error = 0;
    size_t judged = 0;
    ck_assert_int_eq(ad_gradcheck_report(y, x, &error, &judged), AD_OK);
    ck_assert(isnan(error) && judged == 1);
}
END_TEST

/* ---- what cannot be judged ---- */

START_TEST(a_rounding_error_where_the_gradient_is_zero_is_no_error)
{
    slopes s = {(const double[]){0}, (const double[]){1e-17}};
    ad_var x = ad_scalar(tape, 1), y = ad_custom(tape, &wrong_operation, &x, 1, &s);
    check_report(ad_shift(y, 1), x, "1 + 0 x", 0, 0, 1);
}
END_TEST

START_TEST(kinks_are_not_judged)
{
    ad_var x = ad_scalar(tape, 0), z = ad_scalar(tape, 2);
    check_report(ad_abs(x), x, "|x|", 0, 0, 0);
    check_report(ad_relu(x), x, "relu", 0, 0, 0);
    check_report(ad_add(z, ad_scale(ad_relu(ad_shift(z, -2)), 1e-3)), z, "slight kink", 0, 0, 0);
    ad_var v = ad_input(tape, 3, 1, (const double[]){0, 1, 0});
    check_report(ad_norm1(v), v, "norm1", 0, 1e-9, 1);
    check_report(ad_maximum(ad_input(tape, 2, 1, (const double[]){3, 3})), x, "of others", 0, 0, 1);
}
END_TEST

START_TEST(oscillations_are_not_accused)
{
    for (double frequency = 1e4; frequency < 1e12; frequency *= 10) {
        ad_var x = ad_scalar(tape, 1), y = ad_sin(ad_scale(x, frequency));
        const double error = ad_gradcheck(y, x);
        ck_assert_msg(isnan(error) || error < 1e-6, "frequency %g: error %g", frequency, error);
    }
}
END_TEST

/* Large steps see the slope of the whole, whatever the function does at the centre. */
START_TEST(what_is_too_fine_for_the_steps_is_not_accused)
{
    ad_var x = ad_scalar(tape, 1e8), z = ad_scalar(tape, 5);
    check_report(ad_floor(x), x, "floor", 0, 0, 0);
    ad_var ripple = ad_scale(ad_sin(ad_scale(z, 1e6)), 1e-6);
    const double error = ad_gradcheck(ad_add(z, ripple), z);
    ck_assert_msg(isnan(error) || error < 1e-6, "ripple: error %g", error);
}
END_TEST

static void check_not_accused(ad_var y, ad_var x, const char *what)
{
    const double error = ad_gradcheck(y, x);
    ck_assert_msg(isnan(error) || error < 1e-6, "%s: error %g", what, error);
}

/* Each was accused with one of these left out: the limit of the steps, the finest definite scale,
 * the agreement of two scales, the scale that agrees with the gradient. */
START_TEST(scales_that_tell_of_different_slopes_accuse_nothing)
{
    ad_var small = ad_scalar(tape, -6.1052401595659596e-06);
    check_not_accused(one_minus_cosine(small), small, "1 - cos");
    ad_var negative = ad_scalar(tape, -23.686022452204536);
    check_not_accused(log_of_one_and_exp(negative), negative, "log(1 + exp)");
    const double wave = 9018528.1308911424, saw = 93092976.221958295;
    ad_var x = ad_scalar(tape, 2.1855902696304246), z = ad_scalar(tape, 2.5306078152120799);
    ad_var ripple = ad_scale(ad_sin(ad_scale(x, wave)), 1 / wave);
    check_not_accused(ad_add(x, ripple), x, "ripple");
    ad_var steps = ad_scale(ad_floor(ad_scale(z, saw)), 1 / saw);
    check_not_accused(ad_sub(z, steps), z, "sawtooth");
}
END_TEST

START_TEST(what_has_no_finite_values_nearby_is_not_judged)
{
    ad_var x = ad_scalar(tape, 0), big = ad_scalar(tape, INFINITY);
    check_report(ad_sqrt(x), x, "sqrt at 0", 0, 0, 0);
    check_report(ad_log(x), x, "log at 0", 0, 0, 0);
    check_report(big, ad_scalar(tape, 1), "Inf", 0, 0, 1);
    check_report(ad_exp(ad_neg(big)), big, "exp(-Inf)", 0, 0, 0);
    ad_var empty = ad_input(tape, 0, 1, NULL);
    check_report(ad_sum(empty), empty, "empty", 0, 0, 0);
}
END_TEST

/* ---- the tape ---- */

typedef struct bits {
    double values[16];
    size_t count;
} bits;

static bits bits_of(const ad_var *vars, size_t count)
{
    bits b = {.count = count};
    for (size_t i = 0; i < count; i++) b.values[i] = *ad_values(vars[i]);
    return b;
}

static void check_bits(const ad_var *vars, const bits *before)
{
    const bits now = bits_of(vars, before->count);
    ck_assert_mem_eq(now.values, before->values, before->count * sizeof *now.values);
}

/* The signs of NaN depend on who computed them. */
START_TEST(values_are_left_bit_for_bit)
{
    ad_var x = ad_scalar(tape, -0.0), inf = ad_scalar(tape, INFINITY);
    ad_var nan = ad_sub(inf, inf), z = ad_mul(x, inf), w = ad_add(nan, z), v = ad_add(z, nan);
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}), B = ad_matmul(A, A);
    ad_var select = ad_grad(ad_sum(ad_square(ad_relu(A))), A);
    ad_var y = ad_add(ad_add(ad_sum(ad_square(B)), ad_sum(select)), ad_cos(x));
    const ad_var vars[] = {x, inf, nan, z, w, v, ad_neg(z), ad_sqrt(x), y};
    const size_t count = sizeof vars / sizeof *vars;
    for (int round = 0; round < 2; round++) {
        const bits before = bits_of(vars, count);
        ad_gradcheck(ad_add(y, ad_where(x, w, y)), x);
        check_bits(vars, &before);
        ad_gradcheck(y, A);
        check_bits(vars, &before);
        ck_assert_int_eq(ad_replay(tape), AD_OK);
    }
    ck_assert_double_eq(ad_values(B)[3], 22);
}
END_TEST

START_TEST(what_is_recorded_next_is_as_before)
{
    ad_var x = ad_input(tape, 2, 2, (const double[]){3, 1, 1, 2}), y = ad_det(x);
    const size_t nodes = ad_tape_statistics(tape).nodes;
    ad_gradcheck(ad_exp(y), x);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, nodes + 1);
    check_matrix(ad_inverse(x), 2, 2, (const double[]){0.4, -0.2, -0.2, 0.6}, 1e-15);
    ad_gradcheck(ad_cholesky(ad_neg(x)), x);
    check_error(tape, none, AD_ERROR_SINGULAR, "cholesky: the 2x2 matrix is not positive definite");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("gradcheck");
    TCase *cases = tcase_create("gradcheck");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, right_gradients_are_not_accused);
    tcase_add_test(cases, each_element_has_its_own_scale);
    tcase_add_test(cases, steps_that_have_no_value_shrink);
    tcase_add_test(cases, small_steps_decide_near_a_pole);
    tcase_add_test(cases, rounding_of_the_gradient_is_no_error);
    tcase_add_test(cases, wrong_gradients_are_found_whatever_their_size);
    tcase_add_test(cases, a_wrong_gradient_at_zero_beside_large_elements_is_found);
    tcase_add_test(cases, a_gradient_that_is_nan_is_reported_as_nan);
    tcase_add_test(cases, a_rounding_error_where_the_gradient_is_zero_is_no_error);
    tcase_add_test(cases, kinks_are_not_judged);
    tcase_add_test(cases, oscillations_are_not_accused);
    tcase_add_test(cases, what_is_too_fine_for_the_steps_is_not_accused);
    tcase_add_test(cases, scales_that_tell_of_different_slopes_accuse_nothing);
    tcase_add_test(cases, what_has_no_finite_values_nearby_is_not_judged);
    tcase_add_test(cases, values_are_left_bit_for_bit);
    tcase_add_test(cases, what_is_recorded_next_is_as_before);
    suite_add_tcase(s, cases);
    return s;
}

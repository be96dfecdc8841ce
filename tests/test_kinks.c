/* SPDX-License-Identifier: MIT */
/* Points without a derivative, and points at the end of the range of double: subgradients as
 * documented, derivatives of higher order those of the constant subgradient, never a NaN that the
 * function itself does not have. */
#include <math.h>

#include "tests/fixture.h"

/* ---- functions of one number ---- */

typedef struct point {
    const char *name;
    ad_var (*of)(ad_var);
    double x, value, first, second, third;
} point;

static ad_var inverse_of_square(ad_var x)
{
    return ad_powi(x, -2);
}

static ad_var power_0(ad_var x)
{
    return ad_powi(x, 0);
}

static ad_var power_1(ad_var x)
{
    return ad_powi(x, 1);
}

static ad_var power_2(ad_var x)
{
    return ad_powi(x, 2);
}

static ad_var power_3(ad_var x)
{
    return ad_powi(x, 3);
}

static ad_var euclidean_spelled_out(ad_var x)
{
    return ad_sqrt(ad_dot(x, x));
}

static const point points[] = {
    {"abs", ad_abs, 0, 0, 0, 0, 0},
    {"abs", ad_abs, -INFINITY, INFINITY, -1, 0, 0},
    {"relu", ad_relu, 0, 0, 0, 0, 0},
    {"relu", ad_relu, -1, 0, 0, 0, 0},
    {"sign", ad_sign, 0, 0, 0, 0, 0},
    {"floor", ad_floor, 2, 2, 0, 0, 0},
    {"ceil", ad_ceil, 2, 2, 0, 0, 0},
    {"round", ad_round, -2.5, -3, 0, 0, 0},
    {"sqrt", ad_sqrt, 0, 0, INFINITY, -INFINITY, INFINITY},
    {"log", ad_log, 0, -INFINITY, INFINITY, -INFINITY, INFINITY},
    {"x^-2", inverse_of_square, 0, INFINITY, -INFINITY, INFINITY, -INFINITY},
    {"x^0", power_0, 0, 1, 0, 0, 0},
    {"x^1", power_1, 0, 0, 1, 0, 0},
    {"x^2", power_2, 0, 0, 0, 2, 0},
    {"x^3", power_3, 0, 0, 0, 0, 6},
    {"norm1", ad_norm1, 0, 0, 0, 0, 0},
    {"norm2", ad_norm2, 0, 0, 0, 0, 0},
    {"norm_inf", ad_norm_inf, 0, 0, 0, 0, 0},
    {"norm_fro", ad_norm_fro, 0, 0, 0, 0, 0},
    {"sqrt(x.x)", euclidean_spelled_out, 0, 0, NAN, NAN, NAN},
    {"softplus", ad_softplus, 1000, 1000, 1, 0, 0},
    {"softplus", ad_softplus, -1000, 0, 0, 0, 0},
    {"sigmoid", ad_sigmoid, 1000, 1, 0, 0, 0},
    {"sigmoid", ad_sigmoid, -1000, 0, 0, 0, 0},
    {"tanh", ad_tanh, 1000, 1, 0, 0, 0},
    {"tanh", ad_tanh, -INFINITY, -1, 0, 0, 0},
    {"erf", ad_erf, 1e200, 1, 0, 0, 0},
    {"erf", ad_erf, -INFINITY, -1, 0, 0, 0},
    {"atan", ad_atan, 1e200, 1.5707963267948966, 0, 0, 0},
    {"atan", ad_atan, INFINITY, 1.5707963267948966, 0, 0, 0},
    {"exp", ad_exp, -INFINITY, 0, 0, 0, 0},
    {"expm1", ad_expm1, -1000, -1, 0, 0, 0},
    {"logsumexp", ad_logsumexp, 1e300, 1e300, 1, 0, 0},
};

static void check_point(const point *p)
{
    ad_var x = ad_scalar(tape, p->x), y = p->of(x);
    const double expected[] = {p->value, p->first, p->second, p->third};
    for (size_t order = 0; order <= 3; order++) {
        double value = ad_value(y);
        ck_assert_msg(value == expected[order] || (isnan(value) && isnan(expected[order])),
                      "derivative %zu of %s at %g: %g, not %g", order, p->name, p->x, value,
                      expected[order]);
        if (order == 3) break;
        ck_assert_int_eq(ad_backward(y), AD_OK);
        double adjoint = *ad_adjoint(x);
        y = ad_grad(y, x);
        ck_assert_msg(ad_value(y) == adjoint || (isnan(ad_value(y)) && isnan(adjoint)),
                      "derivative %zu of %s at %g: %g by a sweep, %g on the tape", order + 1,
                      p->name, p->x, adjoint, ad_value(y));
    }
}

START_TEST(functions_of_one_number)
{
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) check_point(&points[i]);
}
END_TEST

/* The same as an element of a matrix, where the others are well: they stay so. */
static void check_elements(const point *p)
{
    if (p->of(ad_scalar(tape, 1)).tape == NULL) return;
    ad_var x = INPUT(2, 1, p->x, 0.75), y = p->of(x);
    if (ad_rows(y) != 2) return;
    ad_var other = ad_scalar(tape, 0.75), z = p->of(other);
    ad_var ones = ad_constant(tape, 2, 1, (const double[]){1, 1});
    ad_var vector = ad_grad(ad_sum(y), x), number = ad_grad(z, other);
    for (size_t order = 1; order <= 3; order++) {
        ck_assert_msg(ad_values(vector)[1] == ad_value(number), "derivative %zu of %s: %g, not %g",
                      order, p->name, ad_values(vector)[1], ad_value(number));
        ad_backward(ad_dot(vector, ones));
        number = ad_grad(number, other);
        ck_assert_double_eq(ad_adjoint(x)[1], ad_value(number));
        vector = ad_grad(ad_dot(vector, ones), x);
    }
}

START_TEST(an_element_of_a_matrix_does_not_spoil_the_others)
{
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) check_elements(&points[i]);
}
END_TEST

/* ---- functions of two numbers: gradient and Hessian ---- */

typedef struct place {
    const char *name;
    ad_var (*of)(ad_var, ad_var);
    double x, y, by_x, by_y, by_xx, by_xy, by_yy;
} place;

static const place places[] = {
    {"max", ad_max, 2, 2, 0.5, 0.5, 0, 0, 0},
    {"min", ad_min, 2, 2, 0.5, 0.5, 0, 0, 0},
    {"max", ad_max, INFINITY, INFINITY, 0.5, 0.5, 0, 0, 0},
    {"hypot", ad_hypot, 0, 0, 0, 0, 0, 0, 0},
    {"hypot", ad_hypot, 3e200, 4e200, 0.6, 0.8, 0, 0, 0},
    {"atan2", ad_atan2, 0, 0, 0, 0, 0, 0, 0},
    {"atan2", ad_atan2, 0, -1, -1, 0, 0, -1, 0},
    {"direction", ad_direction, 0, 0, 0, 0, 0, 0, 0},
    {"pow", ad_pow, 0, 0, 0, 0, 0, 0, 0},
    {"pow", ad_pow, 0, 1, 1, 0, 0, 0, 0},
    {"pow", ad_pow, 0, 2, 0, 0, 2, 0, 0},
    {"pow", ad_pow, 0, 0.5, INFINITY, 0, -INFINITY, 0, 0},
    {"pow", ad_pow, 2, 0, 0, 0.69314718055994529, 0, 0.5, 0.48045301391820139},
    {"pow", ad_pow, -2, 2, -4, NAN, 2, NAN, NAN},
    {"less", ad_less, 1, 1, 0, 0, 0, 0, 0},
    {"equal", ad_equal, 1, 1, 0, 0, 0, 0, 0},
    {"compare", ad_compare, 1, 1, 0, 0, 0, 0, 0},
};

static void check_equal(const place *p, const char *what, double value, double expected)
{
    bool is_close = fabs(value - expected) <= 1e-15 * fabs(expected) + 1e-199;
    ck_assert_msg(value == expected || is_close || (isnan(value) && isnan(expected)),
                  "%s of %s at %g, %g: %g, not %g", what, p->name, p->x, p->y, value, expected);
}

static void check_place(const place *p)
{
    ad_var x = ad_scalar(tape, p->x), y = ad_scalar(tape, p->y), f = p->of(x, y);
    ad_var by_x = ad_grad(f, x), by_y = ad_grad(f, y);
    ck_assert_int_eq(ad_backward(f), AD_OK);
    check_equal(p, "x (sweep)", *ad_adjoint(x), p->by_x);
    check_equal(p, "y (sweep)", *ad_adjoint(y), p->by_y);
    check_equal(p, "x", ad_value(by_x), p->by_x);
    check_equal(p, "y", ad_value(by_y), p->by_y);
    check_equal(p, "xx", ad_value(ad_grad(by_x, x)), p->by_xx);
    check_equal(p, "yy", ad_value(ad_grad(by_y, y)), p->by_yy);
    if (p->of == ad_pow && p->x == 0) return; /* x^y has no mixed one there */
    check_equal(p, "xy", ad_value(ad_grad(by_x, y)), p->by_xy);
    check_equal(p, "yx", ad_value(ad_grad(by_y, x)), p->by_xy);
}

START_TEST(functions_of_two_numbers)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) check_place(&places[i]);
}
END_TEST

/* The Hessian of the sum over a matrix is the same there as alone. */
static void check_elements_of_two(const place *p)
{
    ad_var x = INPUT(2, 1, p->x, 0.75), y = INPUT(2, 1, p->y, 0.5), f = ad_sum(p->of(x, y));
    ad_var a = ad_scalar(tape, 0.75), b = ad_scalar(tape, 0.5), g = p->of(a, b);
    ad_var ones = ad_constant(tape, 2, 1, (const double[]){1, 1});
    check_equal(p, "other x", ad_values(ad_grad(f, x))[1], ad_value(ad_grad(g, a)));
    check_equal(p, "other xx", ad_values(ad_hvp(f, x, ones))[1],
                ad_value(ad_grad(ad_grad(g, a), a)));
    check_equal(p, "other yy", ad_values(ad_hvp(f, y, ones))[1],
                ad_value(ad_grad(ad_grad(g, b), b)));
    check_equal(p, "element xx", ad_values(ad_hvp(f, x, ones))[0], p->by_xx);
    check_equal(p, "element yy", ad_values(ad_hvp(f, y, ones))[0], p->by_yy);
}

START_TEST(an_element_of_two_matrices_does_not_spoil_the_others)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) check_elements_of_two(&places[i]);
}
END_TEST

/* ---- of more ---- */

START_TEST(ties_of_several_elements_share_equally)
{
    ad_var x = INPUT(2, 3, 4, 1, 4, 0, 4, 4);
    check_gradient(ad_maximum(x), x, (const double[]){0.25, 0, 0.25, 0, 0.25, 0.25}, 0);
    ad_var v = INPUT(3, 1, -2, 2, 1);
    check_gradient(ad_norm_inf(v), v, (const double[]){-0.5, 0.5, 0}, 0);
    check_zeros(ad_hessian(ad_norm_inf(v), v));
}
END_TEST

START_TEST(a_guarded_root_has_a_gradient_at_zero)
{
    ad_var x = INPUT(2, 1, 0, 0), square = ad_dot(x, x), zero = ad_scalar(tape, 0);
    ad_var y = ad_where(square, ad_sqrt(square), zero);
    check_gradient(y, x, (const double[]){0, 0}, 0);
    check_zeros(ad_hessian(y, x));
    ad_set(x, (const double[]){3, 4});
    ad_replay(tape);
    check_gradient(y, x, (const double[]){0.6, 0.8}, 1e-15);
}
END_TEST

/* G is Inf at each 0 that comes from elsewhere: sqrt(max(x, 0)) is constant at x < 0. */
START_TEST(an_operand_that_is_not_chosen_has_no_share_of_an_infinite_slope)
{
    ad_var x = INPUT(1, 4, -1, 4, -2, 9), y = INPUT(1, 4, 0, 0, 0, 0);
    check_gradient(ad_sum(ad_sqrt(ad_relu(x))), x, (double[]){0, 0.25, 0, 1. / 6}, 0);
    check_gradient(ad_sum(ad_sqrt(ad_max(x, y))), x, (double[]){0, 0.25, 0, 1. / 6}, 0);
    check_gradient(ad_sum(ad_sqrt(ad_max(y, x))), x, (double[]){0, 0.25, 0, 1. / 6}, 0);
    ad_var z = INPUT(1, 2, 1, 4), zero = INPUT(1, 2, 0, 0);
    check_gradient(ad_sum(ad_sqrt(ad_min(z, zero))), z, (double[]){0, 0}, 0);
    for (double at = -1; at < 1; at++) {
        ad_var s = ad_scalar(tape, at);
        check_gradient(ad_sqrt(ad_relu(s)), s, (double[]){0}, 0);
        check_gradient(ad_log(ad_relu(s)), s, (double[]){0}, 0);
    }
    ad_var s = ad_scalar(tape, -1), t = ad_scalar(tape, 0);
    check_gradient(ad_sqrt(ad_max(s, t)), s, (double[]){0}, 0);
    check_gradient(ad_sqrt(ad_max(s, t)), t, (double[]){INFINITY}, 0);
    check_gradient(ad_sqrt(ad_min(ad_neg(s), t)), s, (double[]){0}, 0);
}
END_TEST

START_TEST(nan_stays_nan)
{
    ad_var x = ad_scalar(tape, NAN), y = ad_scalar(tape, 1);
    const ad_var all[] = {ad_max(x, y),     ad_min(y, x),   ad_relu(x),    ad_abs(x),  ad_sign(x),
                          ad_compare(x, y), ad_hypot(x, y), ad_maximum(x), ad_norm2(x)};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ck_assert_msg(isnan(ad_value(all[i])), "number %zu: %g", i, ad_value(all[i]));
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("kinks");
    TCase *cases = tcase_create("kinks");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, functions_of_one_number);
    tcase_add_test(cases, an_element_of_a_matrix_does_not_spoil_the_others);
    tcase_add_test(cases, functions_of_two_numbers);
    tcase_add_test(cases, an_element_of_two_matrices_does_not_spoil_the_others);
    tcase_add_test(cases, ties_of_several_elements_share_equally);
    tcase_add_test(cases, a_guarded_root_has_a_gradient_at_zero);
    tcase_add_test(cases, an_operand_that_is_not_chosen_has_no_share_of_an_infinite_slope);
    tcase_add_test(cases, nan_stays_nan);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Squares of lengths: sums of squares, smooth where the length has a kink. */
#include "tape/tape.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

static ad_tape *tape;

static void make_tape(void)
{
    tape = ad_tape_new();
}

static void free_tape(void)
{
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
    ad_tape_free(tape);
}

#define INPUT(rows, cols, ...) ad_input(tape, rows, cols, (const double[]){__VA_ARGS__})
#define CONSTANT(value) ad_constant(tape, 1, 1, &(double){value})
#define CHECK(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 0)

/* ---- every way to square ---- */

#define WAY(name, square)                                                                          \
    static ad_var by_##name(ad_var l)                                                              \
    {                                                                                              \
        return square;                                                                             \
    }

WAY(mul, ad_mul(l, l))
WAY(powi, ad_powi(l, 2))
WAY(pow_to, ad_pow_to(l, 2))
WAY(pow, ad_pow(l, CONSTANT(2)))
WAY(pow_of_number, ad_pow(l, tape_number(l.tape, 2)))
WAY(pow_of_computed, ad_pow(l, ad_add(CONSTANT(1), CONSTANT(1))))

static ad_var (*const squares[])(ad_var) = {
    ad_square, by_mul, by_powi, by_pow_to, by_pow, by_pow_of_number, by_pow_of_computed};
enum { SQUARES = sizeof squares / sizeof *squares };

/* ---- of every length of a column of two ---- */

static ad_var sum_of_abs_squares(ad_var x, ad_var (*square)(ad_var))
{
    return ad_sum(square(ad_abs(x)));
}

static ad_var norm2_squared(ad_var x, ad_var (*square)(ad_var))
{
    return square(ad_norm2(x));
}

static ad_var norm_fro_squared(ad_var x, ad_var (*square)(ad_var))
{
    return square(ad_norm_fro(ad_diag(x)));
}

static ad_var hypot_squared(ad_var x, ad_var (*square)(ad_var))
{
    return square(ad_hypot(ad_block(x, 0, 0, 1, 1), ad_block(x, 1, 0, 1, 1)));
}

static ad_var abs_squared(ad_var x, ad_var (*square)(ad_var))
{
    ad_var a = ad_abs(ad_block(x, 0, 0, 1, 1)), b = ad_abs(ad_block(x, 1, 0, 1, 1));
    return ad_add(square(a), square(b));
}

/* Lengths of lengths. */
static ad_var nested_squared(ad_var x, ad_var (*square)(ad_var))
{
    ad_var a = ad_norm2(ad_block(x, 0, 0, 1, 1)), b = ad_block(x, 1, 0, 1, 1);
    return square(ad_abs(ad_hypot(a, b)));
}

typedef ad_var sum_of_squares(ad_var x, ad_var (*square)(ad_var));
static sum_of_squares *const sums[] = {sum_of_abs_squares, norm2_squared, norm_fro_squared,
                                       hypot_squared,      abs_squared,   nested_squared};
enum { SUMS = sizeof sums / sizeof *sums };

#define FOR_EVERY_SQUARE(y, x)                                                                     \
    for (size_t i_ = 0; i_ < SUMS * SQUARES; i_++)                                                 \
        for (ad_var y = sums[i_ / SQUARES](x, squares[i_ % SQUARES]), *once_ = &y; once_;          \
             once_ = NULL)

START_TEST(the_hessian_is_2_I_at_0_and_elsewhere)
{
    const double points[][2] = {{0, 0}, {-0.0, 0}, {0, 3}, {3, -4}, {1e-200, 0}};
    for (size_t p = 0; p < sizeof points / sizeof *points; p++) {
        ad_var x = ad_input(tape, 2, 1, points[p]);
        FOR_EVERY_SQUARE(y, x)
        {
            ad_var H = ad_hessian(y, x);
            check_matrix(H, 2, 2, (const double[]){2, 0, 0, 2}, 1e-15);
            check_matrix(ad_hvp(y, x, x), 2, 1, ad_values(ad_scale(x, 2)), 1e-15);
            check_zeros(ad_jacobian(H, x));
            check_gradient(y, x, (const double[]){2 * points[p][0], 2 * points[p][1]}, 1e-15);
        }
    }
}
END_TEST

START_TEST(functions_of_it_are_smooth_at_0)
{
    ad_var x = INPUT(2, 1, 0, 0);
    FOR_EVERY_SQUARE(y, x)
    {
        CHECK(ad_hessian(ad_exp(ad_scale(y, -0.5)), x), 2, 2, -1, 0, 0, -1);
        CHECK(ad_hessian(ad_sqrt(ad_shift(y, 1)), x), 2, 2, 1, 0, 0, 1);
        ad_var H = ad_hessian(ad_square(y), x), T = ad_jacobian(H, x);
        check_zeros(T); /* of (x_1^2 + x_2^2)^2 */
        ad_backward(ad_gather(T, (const size_t[]){0}, 1, 1));
        ck_assert_double_eq(ad_adjoint(x)[0], 24);
    }
}
END_TEST

START_TEST(the_value_is_that_of_the_sum)
{
    uint64_t seed = 5;
    for (size_t n = 1; n < 40; n += 3) {
        ad_var x = random_input(tape, n, 1, &seed);
        const double expected = ad_value(ad_dot(x, x));
        check_number(ad_sumsq(x), expected, 0);
        for (size_t i = 0; i < SQUARES; i++)
            check_number(squares[i](ad_norm2(x)), expected, 4 * DBL_EPSILON);
    }
    CHECK(ad_sumsq(INPUT(2, 3, 1, 2, 3, -4, -5, -6)), 1, 1, 91);
    CHECK(ad_sumsq(ad_input(tape, 0, 3, NULL)), 1, 1, 0);
}
END_TEST

START_TEST(nan_inf_and_overflow_are_as_of_any_square)
{
    /* clang-format off */
    const double ends[][3] = {{NAN, INFINITY, NAN},      {-INFINITY, 1, INFINITY},
                              {1e200, 1, INFINITY},      {1e-200, 1e-200, 0},
                              {-1e-160, 0, 1e-160 * 1e-160}};
    /* clang-format on */
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        ad_var x = ad_input(tape, 2, 1, ends[k]);
        for (size_t i = 0; i < SQUARES; i++) check_number(squares[i](ad_norm2(x)), ends[k][2], 0);
    }
}
END_TEST

/* ---- exponents that change ---- */

static void check_power(ad_var H, ad_var x, double exponent)
{
    ad_var fresh = ad_hessian(ad_pow_to(ad_norm2(x), exponent), x);
    check_matrix(H, 2, 2, ad_values(fresh), 1e-14);
    if (exponent == 2) CHECK(H, 2, 2, 2, 0, 0, 2);
}

START_TEST(a_constant_exponent_is_looked_at_again_by_replays)
{
    const double points[][2] = {{0, 0}, {3, 4}, {0, 0}}, exponents[] = {3, 2, 3, 4, 2};
    ad_var x = INPUT(2, 1, 0, 0), c = CONSTANT(3), y = ad_pow(ad_norm2(x), c);
    ad_var H = ad_hessian(y, x);
    for (size_t k = 0; k < 15; k++) {
        ad_set(x, points[k / 5]);
        ad_set(c, &exponents[k % 5]);
        ck_assert_int_eq(ad_replay(tape), AD_OK);
        check_power(H, x, exponents[k % 5]);
        ck_assert_int_eq(ad_backward(y), AD_OK);
        check_matrix(ad_grad(y, x), 2, 1, ad_adjoint(x), 1e-15);
    }
}
END_TEST

START_TEST(each_element_has_its_own_exponent)
{
    ad_var x = INPUT(3, 1, 0, 0, -2), c = ad_constant(tape, 3, 1, (double[]){2, 3, 2});
    ad_var y = ad_pow(ad_abs(x), c), H = ad_hessian(ad_sum(y), x);
    CHECK(y, 3, 1, 0, 0, 4);
    CHECK(H, 3, 3, 2, 0, 0, 0, 0, 0, 0, 0, 2);
    ad_set(c, (double[]){3, 2, 3});
    ad_replay(tape);
    CHECK(y, 3, 1, 0, 0, 8);
    CHECK(H, 3, 3, 0, 0, 0, 0, 2, 0, 0, 0, 12);
    ad_var row = ad_constant(tape, 1, 2, (double[]){2, 3});
    CHECK(ad_pow(ad_abs(x), row), 3, 2, 0, 0, 0, 0, 4, 8);
    ck_assert(!ad_ok(ad_pow(ad_abs(x), ad_constant(tape, 2, 1, (double[]){2, 3}))));
    ck_assert_str_eq(ad_tape_message(tape), "pow: 3x1 and 2x1: shapes do not broadcast");
    ad_tape_clear_error(tape);
}
END_TEST

START_TEST(pow_to_has_the_rules_of_powi_at_integers_and_of_pow_elsewhere)
{
    const double exponents[] = {-3, -1, -0.0, 0, 1, 2, 3, 0.5, -1.5, 1e10, INFINITY};
    ad_var x = INPUT(4, 1, 0, -2, 0.5, 1);
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        const double n = exponents[i];
        ad_var y = ad_pow_to(x, n);
        ad_var other = n == floor(n) && fabs(n) < 1e9 ? ad_powi(x, (int)n) : ad_pow(x, CONSTANT(n));
        check_matrix(y, 4, 1, ad_values(other), 1e-15);
        check_matrix(ad_grad(ad_sum(y), x), 4, 1, ad_values(ad_grad(ad_sum(other), x)), 1e-15);
    }
    ck_assert(isnan(ad_value(ad_pow_to(CONSTANT(2), NAN))));
}
END_TEST

/* ---- by the length itself ---- */

START_TEST(a_square_can_be_differentiated_by_its_length)
{
    ad_var x = INPUT(2, 1, 3, 4), r = ad_norm2(x), A = ad_abs(x);
    for (size_t i = 0; i < SQUARES; i++) {
        ad_var y = squares[i](r), g = ad_grad(y, r), both[2];
        check_number(g, 10, 1e-15);
        check_number(ad_grad(g, r), 2, 1e-15);
        ck_assert_int_eq(ad_grads(y, (const ad_var[]){r, x}, 2, both), AD_OK);
        check_number(both[0], 10, 1e-15);
        check_matrix(both[1], 2, 1, (const double[]){6, 8}, 1e-15);
        ck_assert_double_le(ad_gradcheck(y, r), 1e-8);
        ck_assert_double_le(ad_gradcheck(y, x), 1e-8);
        check_matrix(ad_jacobian(squares[i](A), A), 2, 2, (const double[]){6, 0, 0, 8}, 1e-15);
    }
}
END_TEST

/* One element of many, beside an infinite one: nothing of 0 times Inf. */
START_TEST(structural_zeros_pass_by_either_way)
{
    ad_var x = INPUT(2, 1, -INFINITY, 4), A = ad_abs(x), y = ad_square(A);
    CHECK(ad_jacobian(y, x), 2, 2, -INFINITY, 0, 0, 8);
    CHECK(ad_jacobian(y, A), 2, 2, INFINITY, 0, 0, 8);
    ad_var one = ad_block(y, 1, 0, 1, 1);
    check_gradient(one, x, (const double[]){0, 8}, 0);
    CHECK(ad_grad(one, A), 2, 1, 0, 8);
}
END_TEST

START_TEST(a_sum_of_squares_of_structural_zeros_is_one)
{
    ad_var t = ad_scalar(tape, 0), z = ad_square(t), infinite = ad_div(CONSTANT(1), t);
    ad_var zero = ad_grad(ad_where(CONSTANT(0), z, t), z);
    CHECK(ad_mul(ad_sumsq(zero), infinite), 1, 1, 0);
}
END_TEST

START_TEST(a_length_that_became_a_leaf_is_squared_as_one)
{
    ad_var x = INPUT(2, 1, 3, 4), r = ad_norm2(x), y = ad_square(r), kept[] = {r, y};
    ck_assert_int_eq(ad_tape_keep(tape, kept, 2), AD_OK);
    check_gradient(kept[1], kept[0], (const double[]){10}, 0);
    ad_set(kept[0], &(double){7});
    ad_replay(tape);
    CHECK(kept[1], 1, 1, 49);
    check_gradient(kept[1], kept[0], (const double[]){14}, 0);
}
END_TEST

START_TEST(a_square_survives_keeping_what_it_is_a_sum_of)
{
    ad_var x = INPUT(2, 1, 0, 0), y = ad_square(ad_norm2(x)), kept[] = {x, y};
    ck_assert_int_eq(ad_tape_keep(tape, kept, 2), AD_OK);
    CHECK(ad_hessian(kept[1], kept[0]), 2, 2, 2, 0, 0, 2);
}
END_TEST

/* Handles from before a mark take the long way. */
START_TEST(lengths_of_earlier_epochs_are_squared_alike)
{
    ad_var x = INPUT(2, 1, 0, 0), r = ad_norm2(x);
    ad_mark mark = ad_tape_mark(tape);
    ad_square(r);
    ad_tape_rewind(tape, mark);
    for (size_t i = 0; i < SQUARES; i++) CHECK(ad_hessian(squares[i](r), x), 2, 2, 2, 0, 0, 2);
}
END_TEST

/* ---- what is no square of a length ---- */

static void check_operation(ad_var y, const char *name)
{
    ck_assert(ad_ok(y));
    ck_assert_str_eq(node_operation_name(tape, y.node), name);
}

START_TEST(other_values_are_squared_as_ever)
{
    ad_var x = INPUT(2, 1, 3, 4), A = INPUT(2, 2, 1, 0, 0, 1), t = ad_scalar(tape, -2);
    check_operation(ad_square(ad_norm2(x)), "squared_length");
    check_operation(ad_square(ad_norm2(A)), "square");
    check_zeros(ad_hessian(ad_norm2(A), A));
    check_operation(ad_square(ad_norm1(x)), "square");
    check_operation(ad_square(ad_sum(x)), "square");
    check_operation(ad_square(x), "square");
    check_operation(ad_mul(x, x), "mul");
    check_operation(ad_mul(t, t), "mul");
    check_operation(ad_square(ad_norm2(ad_constant(tape, 2, 1, (double[]){3, 4}))), "square");
    check_operation(ad_square(ad_detach(ad_norm2(x))), "square");
    check_operation(ad_powi(t, 2), "powi");
    check_operation(ad_pow(t, CONSTANT(2)), "pow");
    check_number(ad_pow(t, CONSTANT(2)), 4, 0);
}
END_TEST

START_TEST(other_powers_and_products_of_lengths_are_so)
{
    ad_var x = INPUT(2, 1, 3, 4), r = ad_norm2(x), t = ad_scalar(tape, 2);
    check_operation(ad_mul(r, ad_norm2(x)), "mul");
    check_operation(ad_powi(r, 3), "powi");
    check_operation(ad_pow_to(r, 3), "powi");
    check_operation(ad_pow_to(r, 2.5), "pow");
    check_operation(ad_pow(r, t), "pow");
    check_operation(ad_pow(r, CONSTANT(3)), "where");
    check_operation(ad_pow(r, tape_number(tape, 3)), "pow");
}
END_TEST

static void check_error_of(const char *name, const char *text, ad_var y, ad_status status)
{
    char message[128];
    snprintf(message, sizeof message, "%s: %s", name, text);
    check_error(tape, y, status, message);
}

START_TEST(values_of_two_tapes_are_no_square)
{
    ad_tape *other = ad_tape_new();
    ad_var t = ad_abs(ad_scalar(tape, 1)), u = ad_abs(ad_scalar(other, 1));
    ck_assert_uint_eq(t.node, u.node);
    ck_assert(!ad_ok(ad_mul(t, u)));
    ck_assert_int_eq(ad_tape_status(other), AD_ERROR_TAPE);
    ad_tape_free(other);
    ad_tape_clear_error(tape);
}
END_TEST

START_TEST(errors_are_those_of_the_operation_called)
{
    const char *stale_text = "stale handle: its value was dropped by a reset, rewind or keep",
               *set_text = "after ad_set, call ad_replay first";
    ad_var t = ad_scalar(tape, 1), r = ad_norm2(t), stale = {tape, r.node + (1 << 24), 1000};
    check_error_of("square", stale_text, ad_square(stale), AD_ERROR_STALE);
    check_error_of("pow", stale_text, ad_pow(r, stale), AD_ERROR_STALE);
    stale.node = r.node;
    check_error_of("mul", stale_text, ad_mul(r, stale), AD_ERROR_STALE);
    ad_set(t, &(double){2});
    check_error_of("square", set_text, ad_square(r), AD_ERROR_STATE);
    check_error_of("mul", set_text, ad_mul(r, r), AD_ERROR_STATE);
    check_error_of("pow", set_text, ad_pow(r, t), AD_ERROR_STATE);
    ad_replay(tape);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("squares");
    TCase *smooth = tcase_create("smooth"), *powers = tcase_create("powers"),
          *lengths = tcase_create("lengths"), *others = tcase_create("others");
    tcase_add_checked_fixture(smooth, make_tape, free_tape);
    tcase_add_test(smooth, the_hessian_is_2_I_at_0_and_elsewhere);
    tcase_add_test(smooth, functions_of_it_are_smooth_at_0);
    tcase_add_test(smooth, the_value_is_that_of_the_sum);
    tcase_add_test(smooth, nan_inf_and_overflow_are_as_of_any_square);
    suite_add_tcase(s, smooth);
    tcase_add_checked_fixture(powers, make_tape, free_tape);
    tcase_add_test(powers, a_constant_exponent_is_looked_at_again_by_replays);
    tcase_add_test(powers, each_element_has_its_own_exponent);
    tcase_add_test(powers, pow_to_has_the_rules_of_powi_at_integers_and_of_pow_elsewhere);
    suite_add_tcase(s, powers);
    tcase_add_checked_fixture(lengths, make_tape, free_tape);
    tcase_add_test(lengths, a_square_can_be_differentiated_by_its_length);
    tcase_add_test(lengths, structural_zeros_pass_by_either_way);
    tcase_add_test(lengths, a_sum_of_squares_of_structural_zeros_is_one);
    tcase_add_test(lengths, a_length_that_became_a_leaf_is_squared_as_one);
    tcase_add_test(lengths, a_square_survives_keeping_what_it_is_a_sum_of);
    tcase_add_test(lengths, lengths_of_earlier_epochs_are_squared_alike);
    suite_add_tcase(s, lengths);
    tcase_add_checked_fixture(others, make_tape, free_tape);
    tcase_add_test(others, other_values_are_squared_as_ever);
    tcase_add_test(others, other_powers_and_products_of_lengths_are_so);
    tcase_add_test(others, values_of_two_tapes_are_no_square);
    tcase_add_test(others, errors_are_those_of_the_operation_called);
    suite_add_tcase(s, others);
    return s;
}

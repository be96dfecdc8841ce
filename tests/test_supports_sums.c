/* SPDX-License-Identifier: MIT */
/* Sums of whole, partial and diagonal adjoints; directions that are gradients; what ad_tape_keep
 * makes of elements that took no part. */
#include <math.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

static ad_var ones(ad_tape *tape, size_t rows, size_t cols)
{
    return ad_broadcast(ad_constant(tape, 1, 1, (const double[]){1}), rows, cols);
}

static const double exponents[] = {0, 1, -1, 2};

/* A trace, swept first, gives elements on the diagonal; what is added to them gives all. */
START_TEST(whole_shares_after_that_of_a_trace)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, 2, 2, exponents), b = ad_exp(x);
    ad_var sum = ad_sum(ad_matmul(b, ones(tape, 2, 2))), y = ad_add(sum, ad_trace(b));
    const double expected[] = {3, 2 * exp(1), 2 * exp(-1), 3 * exp(2)};
    check_gradient(y, x, expected, 1e-15);
    ad_tape_free(tape);
}
END_TEST

START_TEST(moved_shares_after_that_of_a_trace)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, 2, 2, exponents), b = ad_exp(x);
    ad_var sum = ad_sum(ad_transpose(b)), y = ad_add(sum, ad_trace(b));
    const double expected[] = {2, exp(1), exp(-1), 2 * exp(2)};
    check_gradient(y, x, expected, 1e-15);
    ad_tape_free(tape);
}
END_TEST

/* Off the diagonal a trace gives nothing, also beside a share that leaves elements out. */
START_TEST(trace_beside_a_triangle)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, 2, 2, (const double[]){4, 4, 0, 1}), b = ad_sqrt(x);
    ad_var y = ad_add(ad_trace(b), ad_sum(ad_triu(b)));
    check_gradient(y, x, (const double[]){0.5, 0.25, 0, 1}, 0);
    ad_var z = ad_add(ad_sum(ad_triu(b)), ad_trace(b));
    check_gradient(z, x, (const double[]){0.5, 0.25, 0, 1}, 0);
    ad_tape_free(tape);
}
END_TEST

/* A gradient put together from several shares is a direction as good as its values. */
START_TEST(gradients_over_slices_as_directions)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, 2, 1, (const double[]){1, 2});
    ad_var f = ad_add(ad_sin(ad_block(x, 0, 0, 1, 1)), ad_exp(ad_block(x, 1, 0, 1, 1)));
    ad_var v = ad_grad(f, x), cubes = ad_powi(x, 3);
    const double product[] = {3 * cos(1), 12 * exp(2)}, curvature[] = {6 * cos(1), 12 * exp(2)};
    check_matrix(ad_vjp(cubes, x, v), 2, 1, product, 1e-15);
    check_matrix(ad_jvp(cubes, x, v), 2, 1, product, 1e-15);
    check_matrix(ad_hvp(ad_sum(cubes), x, v), 2, 1, curvature, 1e-15);
    ad_tape_free(tape);
}
END_TEST

/* A direction that ad_scatter made stands between its elements and what is computed along it. */
START_TEST(derivatives_by_a_scattered_direction)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, 3, 1, (const double[]){0, 4, 9}), s = ad_scalar(tape, 2);
    ad_var u = ad_scatter(s, (const size_t[]){1}, 3, 1), y = ad_sum(ad_vjp(ad_sqrt(x), x, u));
    check_number(y, 0.5, 1e-15);
    check_matrix(ad_grad(y, u), 3, 1, (const double[]){0, 0.25, 0}, 1e-15);
    check_gradient(y, s, (const double[]){0.25}, 1e-15);
    ad_tape_free(tape);
}
END_TEST

/* A derivative that ad_tape_keep makes a leaf keeps its structural zeros, whether it is replayed or
 * not, until it is set. */
static void check_kept(size_t rows, const double *at, const double *expected)
{
    static const double new_values[] = {1, 1, 1}, threes[] = {3, 3, 3};
    ad_tape *tape = ad_tape_new();
    ad_var p = ad_input(tape, rows, 1, at), q = ad_scalar(tape, 3);
    ad_var g = ad_grad(ad_sum(ad_square(ad_relu(p))), p);
    ad_var kept[] = {g, q, ad_sum(ad_mul(g, q))};
    check_matrix(ad_grad(kept[2], g), rows, 1, expected, 0);
    ck_assert_int_eq(ad_tape_keep(tape, kept, 3), AD_OK);
    check_gradient(kept[2], kept[0], expected, 0);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_gradient(kept[2], kept[0], expected, 0);
    ck_assert_int_eq(ad_set(kept[0], new_values), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_gradient(kept[2], kept[0], threes, 0);
    ad_tape_free(tape);
}

START_TEST(kept_derivatives)
{
    check_kept(1, (const double[]){-1}, (const double[]){0});
    check_kept(3, (const double[]){-1, 2, -3}, (const double[]){0, 3, 0});
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("sums of supports");
    TCase *shares = tcase_create("shares"), *values = tcase_create("values");
    tcase_add_test(shares, whole_shares_after_that_of_a_trace);
    tcase_add_test(shares, moved_shares_after_that_of_a_trace);
    tcase_add_test(shares, trace_beside_a_triangle);
    suite_add_tcase(s, shares);
    tcase_add_test(values, gradients_over_slices_as_directions);
    tcase_add_test(values, derivatives_by_a_scattered_direction);
    tcase_add_test(values, kept_derivatives);
    suite_add_tcase(s, values);
    return s;
}

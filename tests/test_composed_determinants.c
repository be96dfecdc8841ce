/* SPDX-License-Identifier: MIT */
/* Derivatives of determinants of the orders that are composed of solves, and so need a regular
 * matrix: the fourth of det(A), of n > 3, and the gradient of p'''(x) by A, p(x) = det(xI - A). */
#include "tests/suite.h"

#include <autodiff/autodiff.h>

static ad_tape *tape;

static void set_up(void)
{
    tape = ad_tape_new();
    ck_assert_ptr_nonnull(tape);
}

static void tear_down(void)
{
    ad_tape_free(tape);
}

/* D^k det(A)[V, .., V]. */
static ad_var derivative(size_t n, const double *a, const double *v, int k)
{
    ad_var t = ad_scalar(tape, 0);
    ad_var y = ad_det(ad_add(ad_input(tape, n, n, a), ad_mul(t, ad_constant(tape, n, n, v))));
    for (; k > 0; k--) y = ad_grad(y, t);
    return y;
}

static const double rank_2[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
static const double rank_3[] = {1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 0, 0, 0, 0, 0, 0};
static const double regular[] = {2, 1, 0, 0, 1, 3, 1, 0, 0, 1, 4, 1, 0, 0, 1, 5};
static const double direction[] = {1, 0, 2, 0, 0, 3, 0, 1, 1, 0, 1, 0, 0, 1, 0, 2}; /* det -5 */

/* 4! det V. */
START_TEST(a_regular_matrix_has_a_fourth_derivative)
{
    ad_var y = derivative(4, regular, direction, 4);
    ck_assert_double_eq_tol(ad_value(y), 24 * -5, 1e-11);
}
END_TEST

START_TEST(a_singular_matrix_has_derivatives_up_to_the_third)
{
    /* 6 <cof V, A>: the coefficient of t^3 in det(A + t V) is that of s in det(V + s A). */
    double expected = 0;
    ad_var V = ad_input(tape, 4, 4, direction);
    ad_backward(ad_det(V));
    for (size_t k = 0; k < 16; k++) expected += 6 * ad_adjoint(V)[k] * rank_3[k];
    ck_assert_double_eq_tol(ad_value(derivative(4, rank_3, direction, 3)), expected, 1e-12);
}
END_TEST

START_TEST(its_fourth_is_an_error)
{
    ck_assert(!ad_ok(derivative(4, rank_3, direction, 4)));
    ck_assert_int_eq(ad_tape_status(tape), AD_ERROR_SINGULAR);
}
END_TEST

START_TEST(but_0_up_to_order_3)
{
    ck_assert_double_eq(ad_value(derivative(2, rank_2, direction, 4)), 0);
    ck_assert_double_eq(ad_value(derivative(3, rank_2, direction, 4)), 0);
}
END_TEST

/* p(x) = (x - 1) (x - 2) (x - 3) (x - 4) with p'''(x) = 24 x - 60. */
static ad_var third_of_charpoly(double at, ad_var *A)
{
    ad_var x = ad_scalar(tape, at);
    *A = ad_input(tape, 4, 4, (double[]){1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4});
    ad_var p = ad_charpoly(*A, x);
    for (int k = 0; k < 3; k++) p = ad_grad(p, x);
    return p;
}

START_TEST(the_third_derivative_by_x_exists_at_an_eigenvalue)
{
    ad_var A, y = third_of_charpoly(2, &A);
    ck_assert_double_eq_tol(ad_value(y), -12, 1e-13);
}
END_TEST

START_TEST(its_gradient_by_the_matrix_does_elsewhere)
{
    ad_var A, y = third_of_charpoly(2.5, &A);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    for (size_t k = 0; k < 16; k++)
        ck_assert_double_eq_tol(ad_adjoint(A)[k], k % 5 ? 0 : -6, 1e-12);
}
END_TEST

START_TEST(at_an_eigenvalue_it_is_an_error)
{
    ad_var A, y = third_of_charpoly(2, &A);
    ck_assert_int_eq(ad_backward(y), AD_ERROR_SINGULAR);
}
END_TEST

/* p(x) = (x - 1)^2 (x - 2) at the double eigenvalue: p''' = 6 for every matrix. */
START_TEST(but_0_at_any_x_up_to_order_3)
{
    ad_var A = ad_input(tape, 3, 3, (double[]){1, 0, 0, 0, 1, 0, 0, 0, 2}), x = ad_scalar(tape, 1);
    ad_var y = ad_charpoly(A, x);
    for (int k = 0; k < 3; k++) y = ad_grad(y, x);
    ck_assert_double_eq(ad_value(y), 6);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    for (size_t k = 0; k < 9; k++) ck_assert_double_eq(ad_adjoint(A)[k], 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("composed determinants");
    TCase *det = tcase_create("det"), *charpoly = tcase_create("charpoly");
    tcase_add_checked_fixture(det, set_up, tear_down);
    tcase_add_test(det, a_regular_matrix_has_a_fourth_derivative);
    tcase_add_test(det, a_singular_matrix_has_derivatives_up_to_the_third);
    tcase_add_test(det, its_fourth_is_an_error);
    tcase_add_test(det, but_0_up_to_order_3);
    tcase_add_checked_fixture(charpoly, set_up, tear_down);
    tcase_add_test(charpoly, the_third_derivative_by_x_exists_at_an_eigenvalue);
    tcase_add_test(charpoly, its_gradient_by_the_matrix_does_elsewhere);
    tcase_add_test(charpoly, at_an_eigenvalue_it_is_an_error);
    tcase_add_test(charpoly, but_0_at_any_x_up_to_order_3);
    suite_add_tcase(s, det);
    suite_add_tcase(s, charpoly);
    return s;
}

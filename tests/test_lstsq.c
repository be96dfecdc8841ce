/* SPDX-License-Identifier: MIT */
/* Least squares, and the least solution of systems with fewer equations than unknowns. */
#include "ops/operations.h"

#include <math.h>

#include "tests/fixture.h"

/* ---- values ---- */

START_TEST(a_line_through_points)
{
    const ad_var A = INPUT(4, 2, 1, 0, 1, 1, 1, 2, 1, 3), b = INPUT(4, 1, 1, 3, 4, 8);
    check_matrix(ad_lstsq(A, b), 2, 1, (const double[]){0.7, 2.2}, 4e-16);
}
END_TEST

START_TEST(several_right_sides)
{
    const ad_var A = INPUT(3, 2, 1, 0, 0, 2, 0, 0), B = INPUT(3, 2, 3, 4, 8, 10, 7, 7);
    CHECK(ad_lstsq(A, B), 2, 2, 3, 4, 4, 5);
}
END_TEST

START_TEST(the_least_of_all_solutions)
{
    CHECK_CLOSELY(ad_lstsq(INPUT(1, 2, 3, 4), INPUT(1, 1, 50)), 2, 1, 6, 8);
    CHECK_CLOSELY(ad_lstsq(INPUT(2, 3, 1, 0, 0, 0, 0, 2), INPUT(2, 1, 5, 6)), 3, 1, 5, 0, 3);
}
END_TEST

START_TEST(square_systems_are_solved)
{
    uint64_t state = 7;
    const ad_var A = random_input(tape, 5, 5, &state), B = random_input(tape, 5, 2, &state);
    check_matrix(ad_lstsq(A, B), 5, 2, ad_values(ad_solve(A, B)), 1e-13);
}
END_TEST

/* Läuchli's matrix: A^T A is singular in double precision. Solved is (1, 1), to cond A = 1.4e8
 * times the rounding unit; the normal equations would give no digit. */
START_TEST(the_condition_of_the_matrix_counts_once)
{
    const double e = 0x1p-27;
    const ad_var A = INPUT(3, 2, 1, 1, e, 0, 0, e), b = INPUT(3, 1, 2, e, e);
    check_matrix(ad_lstsq(A, b), 2, 1, (const double[]){1, 1}, 3e-8);
    check_matrix(ad_lstsq(ad_transpose(A), INPUT(2, 1, 2 + e, 2)), 3, 1,
                 (const double[]){2, 0.5, -0.5}, 3e-8);
}
END_TEST

START_TEST(scales_do_not_matter)
{
    for (int k = -1000; k <= 1000; k += 500) {
        const double s = ldexp(1, k);
        const ad_var A = INPUT(3, 2, s, 2 * s, 3 * s, 4 * s, 5 * s, 7 * s);
        check_matrix(ad_lstsq(A, INPUT(3, 1, 5 * s, 11 * s, 19 * s)), 2, 1, (const double[]){1, 2},
                     1e-14);
    }
}
END_TEST

/* ---- derivatives ---- */

/* With the projection P on the columns of A, sum (b - A x)^2 = b^T (I - P) b. Of x + t y, the line
 * through points, the slope by b is known in closed form: (y - mean y)/sum (y - mean y)^2. */
START_TEST(the_slope_of_a_line_by_the_points)
{
    const ad_var A = INPUT(4, 2, 1, 0, 1, 1, 1, 2, 1, 3), b = INPUT(4, 1, 1, 3, 4, 8);
    const ad_var slope = ad_block(ad_lstsq(A, b), 1, 0, 1, 1);
    check_gradient(slope, b, (const double[]){-0.3, -0.1, 0.1, 0.3}, 1e-15);
    check_zeros(ad_hessian(slope, b));
}
END_TEST

/* x = a^T b / a^T a: gradient by a (b - 2 a x)/a^T a. */
START_TEST(one_unknown)
{
    const ad_var a = INPUT(3, 1, 1, 2, 2), b = INPUT(3, 1, 9, 0, 9), x = ad_lstsq(a, b);
    check_number(x, 3, 1e-15);
    check_gradient(x, a, (const double[]){3. / 9, -12. / 9, -3. / 9}, 1e-15);
}
END_TEST

/* x = a b / a^T a for a row a^T and a number b: at unit vectors the Jacobian is b (I - 2 a a^T). */
START_TEST(one_equation)
{
    const ad_var a = INPUT(1, 3, 0.6, 0, 0.8), b = ad_scalar(tape, 2);
    check_matrix(ad_jacobian(ad_lstsq(a, b), a), 3, 3,
                 (const double[]){2 - 4 * 0.36, 0, -4 * 0.48, 0, 2, 0, -4 * 0.48, 0, 2 - 4 * 0.64},
                 1e-15);
}
END_TEST

START_TEST(one_factorization_serves_value_and_gradient)
{
    uint64_t state = 3;
    const ad_var A = random_input(tape, 6, 3, &state), b = random_input(tape, 6, 1, &state);
    ck_assert_int_eq(ad_backward(ad_sumsq(ad_lstsq(A, b))), AD_OK);
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 1);
}
END_TEST

/* ---- misuse ---- */

START_TEST(rows_must_agree)
{
    check_error(tape, ad_lstsq(INPUT(3, 2, 1, 2, 3, 4, 5, 6), INPUT(2, 1, 1, 2)), AD_ERROR_SHAPE,
                "lstsq: 3x2 with right side 2x1: rows differ");
}
END_TEST

START_TEST(less_than_full_rank_is_an_error)
{
    check_error(tape, ad_lstsq(INPUT(3, 2, 1, 2, 2, 4, 3, 6), INPUT(3, 1, 1, 2, 3)),
                AD_ERROR_SINGULAR, "lstsq: the 3x2 matrix has rank 1 only");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("least squares");
    TCase *values = tcase_create("values");
    tcase_add_checked_fixture(values, make_tape, free_tape);
    tcase_add_test(values, a_line_through_points);
    tcase_add_test(values, several_right_sides);
    tcase_add_test(values, the_least_of_all_solutions);
    tcase_add_test(values, square_systems_are_solved);
    tcase_add_test(values, the_condition_of_the_matrix_counts_once);
    tcase_add_test(values, scales_do_not_matter);
    suite_add_tcase(s, values);
    TCase *derivatives = tcase_create("derivatives");
    tcase_add_checked_fixture(derivatives, make_tape, free_tape);
    tcase_add_test(derivatives, the_slope_of_a_line_by_the_points);
    tcase_add_test(derivatives, one_unknown);
    tcase_add_test(derivatives, one_equation);
    tcase_add_test(derivatives, one_factorization_serves_value_and_gradient);
    suite_add_tcase(s, derivatives);
    TCase *misuse = tcase_create("misuse");
    tcase_add_checked_fixture(misuse, make_tape, free_tape);
    tcase_add_test(misuse, rows_must_agree);
    tcase_add_test(misuse, less_than_full_rank_is_an_error);
    suite_add_tcase(s, misuse);
    return s;
}

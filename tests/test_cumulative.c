/* SPDX-License-Identifier: MIT */
/* Cumulative sums against sums in exact arithmetic (GMP); cumulative products and their derivatives
 * against what the definition says: sums over products that leave elements out, exact here because
 * elements are small integers. */
#include "ops/operations.h"
#include "tests/tape_checks.h"

#include <float.h>
#include <gmp.h>
#include <math.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"

enum { N = 6, LONG = 5000 };

static ad_tape *tape;

static void make_tape(void)
{
    tape = ad_tape_new();
}

static void free_tape(void)
{
    ad_tape_free(tape);
}

#define INPUT(rows, cols, ...) ad_input(tape, rows, cols, (const double[]){__VA_ARGS__})
#define CHECK(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 0)
#define CHECK_GRADIENT(y, x, ...) check_gradient(y, x, (const double[]){__VA_ARGS__}, 0)

/* ---- the three groupings ---- */

START_TEST(sums_along_all_rows_and_columns)
{
    ad_var x = INPUT(2, 3, 1, 2, 3, 4, 5, 6), u = INPUT(2, 3, 1, 10, 100, 1000, 1e4, 1e5);
    CHECK(ad_cumsum(x), 2, 3, 1, 3, 6, 10, 15, 21);
    CHECK(ad_cumsum_rows(x), 2, 3, 1, 3, 6, 4, 9, 15);
    CHECK(ad_cumsum_cols(x), 2, 3, 1, 2, 3, 5, 7, 9);
    CHECK(ad_vjp(ad_cumsum(x), x, u), 2, 3, 111111, 111110, 111100, 111000, 110000, 100000);
    CHECK(ad_vjp(ad_cumsum_rows(x), x, u), 2, 3, 111, 110, 100, 111000, 110000, 100000);
    CHECK(ad_vjp(ad_cumsum_cols(x), x, u), 2, 3, 1001, 10010, 100100, 1000, 10000, 100000);
}
END_TEST

START_TEST(products_along_all_rows_and_columns)
{
    ad_var x = INPUT(2, 3, 1, 2, 3, 4, 5, 6);
    CHECK(ad_cumprod(x), 2, 3, 1, 2, 6, 24, 120, 720);
    CHECK(ad_cumprod_rows(x), 2, 3, 1, 2, 6, 4, 20, 120);
    CHECK(ad_cumprod_cols(x), 2, 3, 1, 2, 3, 4, 10, 18);
    CHECK_GRADIENT(ad_sum(ad_cumprod_rows(x)), x, 1 + 2 + 6, 1 + 3, 2, 1 + 5 + 30, 4 + 24, 20);
    CHECK_GRADIENT(ad_sum(ad_cumprod_cols(x)), x, 5, 6, 7, 1, 2, 3);
}
END_TEST

/* ---- accuracy of sums ---- */

START_TEST(sums_are_accurate_to_two_units_of_the_sum_of_magnitudes)
{
    static double x[LONG], y[LONG];
    random_state state = 3;
    for (size_t i = 0; i < LONG; i++)
        x[i] = ldexp(random_uniform(&state), (int)random_below(&state, 40));
    ad_var sums = ad_cumsum(ad_input(tape, LONG, 1, x));
    for (size_t i = 0; i < LONG; i++) y[i] = ad_values(sums)[i];
    mpf_t sum, difference;
    mpf_init2(sum, 2048);
    mpf_init2(difference, 2048);
    double magnitudes = 0;
    for (size_t i = 0; i < LONG; i++) {
        mpf_set_d(difference, x[i]);
        mpf_add(sum, sum, difference);
        magnitudes += fabs(x[i]);
        mpf_set_d(difference, y[i]);
        mpf_sub(difference, difference, sum);
        ck_assert_msg(fabs(mpf_get_d(difference)) <= 1.01 * DBL_EPSILON * magnitudes,
                      "sum %zu is off by %g of %g", i, mpf_get_d(difference), magnitudes);
    }
    mpf_clear(sum);
    mpf_clear(difference);
}
END_TEST

/* ---- derivatives of products ---- */

/* The derivative of x_1 .. x_m by the elements at count positions; 0 where one repeats. */
static double product_without(const double *x, size_t m, const size_t *at, size_t count)
{
    double product = 1;
    for (size_t k = 0; k < count; k++) {
        if (at[k] > m) return 0;
        for (size_t l = 0; l < k; l++)
            if (at[l] == at[k]) return 0;
    }
    for (size_t i = 0; i <= m; i++) {
        bool left_out = false;
        for (size_t k = 0; k < count; k++) left_out = left_out || at[k] == i;
        if (!left_out) product *= x[i];
    }
    return product;
}

static void check_derivatives(const double *x, const double *u)
{
    ad_tape_reset(tape);
    double first[N] = {0}, second[N * N] = {0}, third[N * N * N] = {0};
    for (size_t m = 0; m < N; m++)
        for (size_t i = 0; i < N; i++) {
            first[i] += u[m] * product_without(x, m, (const size_t[]){i}, 1);
            for (size_t j = 0; j < N; j++) {
                second[i * N + j] += u[m] * product_without(x, m, (const size_t[]){i, j}, 2);
                for (size_t k = 0; k < N; k++)
                    third[(i * N + j) * N + k] +=
                        u[m] * product_without(x, m, (const size_t[]){i, j, k}, 3);
            }
        }
    ad_var X = ad_input(tape, N, 1, x);
    ad_var y = ad_dot(ad_constant(tape, N, 1, u), ad_cumprod(X));
    check_gradient(y, X, first, 0);
    ad_var hessian = ad_hessian(y, X);
    check_matrix(hessian, N, N, second, 0);
    check_matrix(ad_jacobian(hessian, X), N * N, N, third, 0);
}

START_TEST(derivatives_of_products_are_exact_with_any_number_of_zeros)
{
    const double u[N] = {1, -2, 3, 5, -7, 11};
    const double points[][N] = {{1, 2, 3, -1, 2, 5}, {0, 2, 3, 4, 5, 6}, {2, 3, 0, 4, 5, 6},
                                {2, 0, 3, 0, 5, 6},  {0, 0, 0, 0, 0, 0}, {1, 2, 3, 4, 5, 0}};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) check_derivatives(points[i], u);
}
END_TEST

START_TEST(products_leave_the_range_only_where_they_must)
{
    ad_var x = INPUT(1, 5, 1e300, 1e300, 1e-300, 1e-300, 1e-300);
    check_matrix(ad_cumprod(x), 1, 5, (const double[]){1e300, INFINITY, 1e300, 1, 1e-300}, 1e-15);
}
END_TEST

/* ---- supports: an element of the result says nothing of elements behind it ---- */

START_TEST(elements_behind_the_one_taken_pass_nothing)
{
    ad_var x = INPUT(1, 4, 2, 3, INFINITY, NAN);
    ad_var products = ad_cumprod(x), sums = ad_cumsum(x);
    CHECK_GRADIENT(ad_block(products, 0, 1, 1, 1), x, 3, 2, 0, 0);
    CHECK_GRADIENT(ad_block(sums, 0, 1, 1, 1), x, 1, 1, 0, 0);
    ad_var root = ad_sqrt(INPUT(1, 4, 1, 1, 0, 0)), leaf = tape_operand(root, 0);
    CHECK_GRADIENT(ad_block(ad_cumprod(root), 0, 1, 1, 1), leaf, 0.5, 0.5, 0, 0);
    CHECK_GRADIENT(ad_block(ad_cumsum_cols(root), 0, 1, 1, 1), leaf, 0, 0.5, 0, 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("cumulative");
    TCase *cases = tcase_create("cumulative");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, sums_along_all_rows_and_columns);
    tcase_add_test(cases, products_along_all_rows_and_columns);
    tcase_add_test(cases, sums_are_accurate_to_two_units_of_the_sum_of_magnitudes);
    tcase_add_test(cases, derivatives_of_products_are_exact_with_any_number_of_zeros);
    tcase_add_test(cases, products_leave_the_range_only_where_they_must);
    tcase_add_test(cases, elements_behind_the_one_taken_pass_nothing);
    suite_add_tcase(s, cases);
    return s;
}

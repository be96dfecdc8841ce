/* SPDX-License-Identifier: MIT */
/* LU, triangular matrices and Cholesky factors of the kernels, by their residuals in extended
 * precision: bounds are those of Higham (2002, theorems 8.5, 9.3, 10.3, 14.2) with a factor of
 * about two for other orders of summation. Triangular kernels and Cholesky run twice: as the
 * backend does it and by the portable code alone. */
#include "ops/kernels/portable.h"
#include "ops/numbers/vectors.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"

static random_state state;

static void setup(void)
{
    state = 2;
}

static const size_t orders[] = {1,  2,  3,  4,  5,  7,  8,  11,  12,  13,
                                16, 17, 24, 31, 33, 64, 65, 100, 130, 150};

enum { ORDERS = sizeof orders / sizeof *orders, LARGEST = 150, PADDING = 3 };

static double *copy_of(const double *x, size_t count)
{
    double *copy = random_array(&state, count);
    memcpy(copy, x, count * sizeof *x);
    return copy;
}

/* Whether error <= factor n eps size, false for NaN. */
static bool within(long double error, double factor, size_t n, long double size)
{
    return fabsl(error) <= (long double)factor * (long double)(n + 1) * DBL_EPSILON * size;
}

/* ---- LU ---------------------------------------------------------------------------------- */

/* rows[i]: the row of A that has become row i. */
static void rows_after(size_t n, const size_t *pivots, size_t *rows)
{
    for (size_t i = 0; i < n; i++) rows[i] = i;
    for (size_t i = 0; i < n; i++) {
        ck_assert(pivots[i] >= i && pivots[i] < n);
        const size_t row = rows[i];
        rows[i] = rows[pivots[i]];
        rows[pivots[i]] = row;
    }
}

/* |P A - L U| <= n eps |L||U| and |L| <= 1. */
static void check_lu(size_t n, const double *a, const double *lu, size_t ld, const size_t *pivots)
{
    size_t rows[LARGEST];
    rows_after(n, pivots, rows);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            long double sum = -(long double)a[rows[i] * ld + j], size = 0;
            for (size_t l = 0; l <= i && l <= j; l++) {
                const long double term =
                    (l == i ? 1 : (long double)lu[i * ld + l]) * lu[l * ld + j];
                sum += term;
                size += fabsl(term);
            }
            ck_assert_msg(within(sum, 1, n, size), "n = %zu, (%zu, %zu): %Lg of %Lg", n, i, j, sum,
                          size);
            if (j < i) ck_assert_double_le(fabs(lu[i * ld + j]), 1);
        }
}

START_TEST(lu_reproduces_the_matrix)
{
    const size_t n = orders[_i], ld = n + PADDING;
    size_t pivots[LARGEST];
    double *a = random_array(&state, n * ld), *lu = copy_of(a, n * ld);
    ck_assert_uint_eq(kernel_lu(n, lu, ld, pivots), n);
    check_lu(n, a, lu, ld, pivots);
    for (size_t i = 0; i < n; i++)
        ck_assert(memcmp(lu + i * ld + n, a + i * ld + n, PADDING * sizeof *a) == 0);
    free(a), free(lu);
}
END_TEST

START_TEST(lu_goes_on_past_zero_pivots)
{
    const size_t n = orders[_i];
    size_t pivots[LARGEST];
    for (size_t column = 0; column < n; column += 1 + n / 4) {
        double *a = random_array(&state, n * n);
        for (size_t i = 0; i < n; i++) a[i * n + column] = a[i * n + n - 1] = 0;
        double *lu = copy_of(a, n * n);
        ck_assert_uint_eq(kernel_lu(n, lu, n, pivots), column);
        check_lu(n, a, lu, n, pivots);
        free(a), free(lu);
    }
}
END_TEST

START_TEST(lu_of_zero_and_of_low_rank_finds_the_first_zero_pivot)
{
    double a[LARGEST * 3] = {0};
    size_t pivots[3];
    ck_assert_uint_eq(kernel_lu(0, a, 1, pivots), 0);
    ck_assert_uint_eq(kernel_lu(3, a, 3, pivots), 0);
    const double rank_one[] = {1, 2, 3, 2, 4, 6, -1, -2, -3};
    memcpy(a, rank_one, sizeof rank_one);
    ck_assert_uint_eq(kernel_lu(3, a, 3, pivots), 1);
    ck_assert_double_eq(a[0], 2);
    const double last[] = {0, 1, 0, 1, 0, 0, 0, 0, 0};
    memcpy(a, last, sizeof last);
    ck_assert_uint_eq(kernel_lu(3, a, 3, pivots), 2);
    ck_assert_uint_eq(pivots[0], 1);
}
END_TEST

START_TEST(lu_is_exact_where_elimination_is)
{
    double a[] = {2, 4, 8, 1, 3, 3, 1, 0, 2}; /* the second pivot is a tie */
    size_t pivots[3];
    ck_assert_uint_eq(kernel_lu(3, a, 3, pivots), 3);
    const double expected[] = {2, 4, 8, 0.5, -2, -2, 0.5, -0.5, -2};
    for (size_t i = 0; i < 9; i++) ck_assert_double_eq(a[i], expected[i]);
}
END_TEST

START_TEST(lu_with_nan_ends_and_shows_it_in_the_pivots)
{
    const size_t n = orders[_i];
    size_t pivots[LARGEST], rows[LARGEST];
    for (int round = 0; round < 6; round++) {
        double *a = random_array(&state, n * n), product = 1;
        if (round % 2) memset(a, 0, n * n * sizeof *a);
        a[random_below(&state, n * n)] = NAN;
        (void)kernel_lu(n, a, n, pivots);
        rows_after(n, pivots, rows);
        for (size_t i = 0; i < n; i++) product *= a[i * n + i];
        ck_assert(isnan(product));
        free(a);
    }
}
END_TEST

/* P^-1 |L||U|, rows as in A. */
static long double *sizes_of_products(size_t n, const double *lu, const size_t *pivots)
{
    size_t rows[LARGEST];
    long double *size = calloc(n * n, sizeof *size);
    ck_assert_ptr_nonnull(size);
    rows_after(n, pivots, rows);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t l = 0; l <= i && l <= j; l++)
                size[rows[i] * n + j] +=
                    fabsl((l == i ? 1 : (long double)lu[i * n + l]) * lu[l * n + j]);
    return size;
}

/* |op(A) X - B| <= n eps |op(P^-1 L U)||X| for several right-hand sides. */
static void check_lu_solve(size_t n, size_t k, bool transpose, const double *a, const double *lu,
                           const size_t *pivots, const long double *size)
{
    const size_t ldb = k + 1;
    double *b = random_array(&state, n * ldb), *x = copy_of(b, n * ldb);
    kernel_lu_solve(transpose, n, lu, n, pivots, k, x, ldb);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < k; c++) {
            long double sum = -(long double)b[i * ldb + c], bound = 0;
            for (size_t j = 0; j < n; j++) {
                const size_t at = transpose ? j * n + i : i * n + j;
                sum += (long double)a[at] * x[j * ldb + c];
                bound += size[at] * fabsl((long double)x[j * ldb + c]);
            }
            ck_assert_msg(within(sum, 3, n, bound), "n = %zu, k = %zu: %Lg of %Lg", n, k, sum,
                          bound);
        }
    for (size_t i = 0; i < n; i++) ck_assert_double_eq(x[i * ldb + k], b[i * ldb + k]);
    free(b), free(x);
}

START_TEST(lu_solve_leaves_small_residuals)
{
    static const size_t columns[] = {0, 1, 2, 5, 12, 40, 100};
    const size_t n = orders[_i];
    size_t pivots[LARGEST];
    double *a = random_array(&state, n * n), *lu = copy_of(a, n * n);
    (void)kernel_lu(n, lu, n, pivots);
    long double *size = sizes_of_products(n, lu, pivots);
    for (size_t c = 0; c < 2 * (sizeof columns / sizeof *columns); c++)
        check_lu_solve(n, columns[c / 2], c % 2, a, lu, pivots, size);
    free(a), free(lu), free(size);
}
END_TEST

START_TEST(factorizations_do_not_depend_on_alignment)
{
    const size_t n = orders[_i];
    size_t pivots[LARGEST], again[LARGEST];
    double *a = random_array(&state, n * n), *lu = copy_of(a, n * n),
           *b = random_array(&state, n * n);
    double *x = copy_of(b, n * n);
    (void)kernel_lu(n, lu, n, pivots);
    kernel_lu_solve(false, n, lu, n, pivots, n, x, n);
    for (size_t moved = 1; moved < 8; moved++) {
        double *lu2 = random_array(&state, n * n + moved), *x2 = random_array(&state, n * n + 8);
        memcpy(lu2 + moved, a, n * n * sizeof *a);
        memcpy(x2 + 8 - moved, b, n * n * sizeof *b);
        (void)kernel_lu(n, lu2 + moved, n, again);
        kernel_lu_solve(false, n, lu2 + moved, n, again, n, x2 + 8 - moved, n);
        ck_assert(memcmp(lu2 + moved, lu, n * n * sizeof *a) == 0);
        ck_assert(memcmp(again, pivots, n * sizeof *pivots) == 0);
        ck_assert(memcmp(x2 + 8 - moved, x, n * n * sizeof *b) == 0);
        free(lu2), free(x2);
    }
    free(a), free(lu), free(b), free(x);
}
END_TEST

/* ---- Cholesky ---------------------------------------------------------------------------- */

static bool cholesky(int way, size_t n, double *a, size_t lda)
{
    return way == 0 ? kernel_cholesky(n, a, lda) : portable_cholesky(n, a, lda);
}

/* R R^T + I with R random, NaN above the diagonal, which must not be read. */
static double *positive_definite(size_t n, size_t ld)
{
    double *r = random_array(&state, n * n), *a = random_array(&state, n * ld);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * ld + j] = j > i ? NAN : kernel_dot(n, r + i * n, r + j * n) + (i == j);
    free(r);
    return a;
}

START_TEST(cholesky_reproduces_the_matrix)
{
    for (int way = 0; way < 2; way++) {
        const size_t n = orders[_i], ld = n + PADDING;
        double *a = positive_definite(n, ld), *l = copy_of(a, n * ld);
        ck_assert(cholesky(way, n, l, ld));
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < ld; j++) {
                if (j > i) {
                    ck_assert_double_eq(l[i * ld + j], j < n ? 0 : a[i * ld + j]);
                    continue;
                }
                long double sum = -(long double)a[i * ld + j], size = 0;
                for (size_t p = 0; p <= j; p++) {
                    const long double term = (long double)l[i * ld + p] * l[j * ld + p];
                    sum += term;
                    size += fabsl(term);
                }
                ck_assert_msg(within(sum, 1, n, size), "n = %zu, (%zu, %zu)", n, i, j);
            }
        free(a), free(l);
    }
}
END_TEST

START_TEST(cholesky_refuses_what_is_not_positive_definite)
{
    static const double bad[] = {0, -1, NAN, -INFINITY};
    for (int way = 0; way < 2; way++)
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
            const size_t n = orders[_i], row = random_below(&state, n);
            double *a = positive_definite(n, n);
            a[row * n + row] = bad[b];
            ck_assert(!cholesky(way, n, a, n));
            free(a);
            if (n == 1) continue;
            a = positive_definite(n, n);
            a[(n - 1) * n + random_below(&state, n - 1)] = b % 2 ? 1e3 * (double)n : NAN;
            ck_assert(!cholesky(way, n, a, n));
            free(a);
        }
}
END_TEST

START_TEST(cholesky_of_nothing_succeeds)
{
    double a = 4;
    ck_assert(kernel_cholesky(0, &a, 1));
    ck_assert(kernel_cholesky(1, &a, 1));
    ck_assert_double_eq(a, 2);
}
END_TEST

static void add_for_all_orders(TCase *tests, const TTest *test)
{
    tcase_add_loop_test(tests, test, 0, ORDERS);
}

Suite *suite(void)
{
    Suite *s = suite_create("kernels: factorizations");
    TCase *tests = tcase_create("factorizations");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 60);
    add_for_all_orders(tests, lu_reproduces_the_matrix);
    add_for_all_orders(tests, lu_goes_on_past_zero_pivots);
    tcase_add_test(tests, lu_of_zero_and_of_low_rank_finds_the_first_zero_pivot);
    tcase_add_test(tests, lu_is_exact_where_elimination_is);
    add_for_all_orders(tests, lu_with_nan_ends_and_shows_it_in_the_pivots);
    add_for_all_orders(tests, lu_solve_leaves_small_residuals);
    add_for_all_orders(tests, factorizations_do_not_depend_on_alignment);
    add_for_all_orders(tests, cholesky_reproduces_the_matrix);
    add_for_all_orders(tests, cholesky_refuses_what_is_not_positive_definite);
    tcase_add_test(tests, cholesky_of_nothing_succeeds);
    suite_add_tcase(s, tests);
    return s;
}

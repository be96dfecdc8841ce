/* SPDX-License-Identifier: MIT */
/* Triangular systems, products and inverses of the kernels, by their residuals in extended
 * precision (Higham 2002, chapters 8 and 14). Every test runs for lower and upper triangles,
 * transposed or not, with unit diagonal or not (inverses: with unit diagonal), each as the backend
 * does it and by the portable code alone. What must not be read is NaN. */
#include "ops/kernels/portable.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"

static random_state state;

static void setup(void)
{
    state = 3;
}

/* One way to run a kernel; the index of a loop test has a bit for each part. */
typedef struct variant {
    bool lower, transpose, unit, portable;
} variant;

enum { VARIANTS = 16, PADDING = 2 };

static variant variant_of(int index)
{
    return (variant){index & 1, index & 2, index & 4, index & 8};
}

static void solve(variant v, size_t n, const double *t, size_t ldt, size_t k, double *b, size_t ldb)
{
    (v.portable ? portable_triangular : kernel_triangular)(true, v.lower, v.transpose, v.unit, n, t,
                                                           ldt, k, b, ldb);
}

static void multiply(variant v, size_t n, const double *t, size_t ldt, size_t k, double *b,
                     size_t ldb)
{
    (v.portable ? portable_triangular : kernel_triangular)(false, v.lower, v.transpose, v.unit, n,
                                                           t, ldt, k, b, ldb);
}

static void invert(variant v, size_t n, double *t, size_t ldt)
{
    (v.portable ? portable_invert_triangular : kernel_invert_triangular)(v.lower, n, t, ldt);
}

static const size_t orders[] = {1, 2, 3, 5, 8, 11, 12, 13, 17, 25, 33, 64, 90};
static const size_t columns[] = {0, 1, 2, 5, 12, 29};

enum { ORDERS = sizeof orders / sizeof *orders, COLUMNS = sizeof columns / sizeof *columns };

static bool inside(variant v, size_t i, size_t j)
{
    return i == j ? !v.unit : v.lower ? j < i : j > i;
}

/* A well-conditioned triangle, NaN wherever the variant must not look. */
static double *new_triangle(variant v, size_t n, size_t ldt)
{
    double *t = random_array(&state, n * ldt);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < ldt; j++) {
            if (j >= n || !inside(v, i, j)) t[i * ldt + j] = NAN;
            else if (i == j) t[i * ldt + j] = copysign(1 + fabs(t[i * ldt + j]), t[i * ldt + j]);
            else t[i * ldt + j] *= 2 / sqrt((double)n);
        }
    return t;
}

/* op(T)_ij with its zeros and ones. */
static long double entry(variant v, const double *t, size_t ldt, size_t i, size_t j)
{
    const size_t row = v.transpose ? j : i, column = v.transpose ? i : j;
    return inside(v, row, column) ? t[row * ldt + column] : row == column;
}

/* |op(T) X - B| <= n eps |op(T)||X|: X solves where B was given, and B is the product of X. */
static void check_equation(variant v, size_t n, const double *t, size_t ldt, size_t k,
                           const double *x, const double *b, size_t ldb)
{
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < k; c++) {
            long double sum = -(long double)b[i * ldb + c], size = 0;
            for (size_t j = 0; j < n; j++) {
                const long double term = entry(v, t, ldt, i, j) * x[j * ldb + c];
                sum += term;
                size += fabsl(term);
            }
            ck_assert_msg(fabsl(sum) <= (long double)(n + 1) * DBL_EPSILON * size,
                          "n = %zu, k = %zu, (%zu, %zu): %Lg of %Lg", n, k, i, c, sum, size);
        }
}

static void check_solve_and_multiply(variant v, size_t n, size_t k)
{
    const size_t ldt = n + PADDING, ldb = k + PADDING;
    double *t = new_triangle(v, n, ldt), *b = random_array(&state, n * ldb);
    double *x = random_array(&state, n * ldb);
    memcpy(x, b, n * ldb * sizeof *b);
    solve(v, n, t, ldt, k, x, ldb);
    check_equation(v, n, t, ldt, k, x, b, ldb);
    memcpy(x, b, n * ldb * sizeof *b);
    multiply(v, n, t, ldt, k, x, ldb);
    check_equation(v, n, t, ldt, k, b, x, ldb);
    for (size_t i = 0; i < n; i++)
        ck_assert(memcmp(x + i * ldb + k, b + i * ldb + k, PADDING * sizeof *b) == 0);
    free(t), free(b), free(x);
}

START_TEST(solutions_and_products_satisfy_their_equation)
{
    for (size_t n = 0; n < ORDERS; n++)
        for (size_t k = 0; k < COLUMNS; k++)
            check_solve_and_multiply(variant_of(_i), orders[n], columns[k]);
    check_solve_and_multiply(variant_of(_i), 100, 100);
}
END_TEST

/* |T X - I| <= n eps |T||X| or the same with X T; nothing else is written. */
static void check_inverse(variant v, size_t n)
{
    const size_t ldt = n + PADDING;
    double *t = new_triangle(v, n, ldt), *x = random_array(&state, n * ldt);
    memcpy(x, t, n * ldt * sizeof *t);
    invert(v, n, x, ldt);
    bool left = true, right = true;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < ldt; j++) {
            if (j >= n || !inside(v, i, j)) {
                ck_assert(memcmp(&x[i * ldt + j], &t[i * ldt + j], sizeof *x) == 0);
                continue;
            }
            long double tx = -(long double)(i == j), xt = tx, tx_size = 0, xt_size = 0;
            for (size_t l = 0; l < n; l++) {
                const long double a = entry(v, t, ldt, i, l) * entry(v, x, ldt, l, j),
                                  b = entry(v, x, ldt, i, l) * entry(v, t, ldt, l, j);
                tx += a, tx_size += fabsl(a);
                xt += b, xt_size += fabsl(b);
            }
            const long double unit = (long double)(n + 1) * DBL_EPSILON;
            left = left && fabsl(xt) <= unit * xt_size;
            right = right && fabsl(tx) <= unit * tx_size;
        }
    ck_assert_msg(left || right, "n = %zu", n);
    free(t), free(x);
}

/* y <- T x; size <- |T| size. */
static void apply(variant v, size_t n, const double *t, long double *x, long double *size)
{
    long double *y = calloc(2 * n, sizeof *y);
    ck_assert_ptr_nonnull(y);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const long double t_ij = entry(v, t, n, i, j);
            y[i] += t_ij * x[j];
            y[n + i] += fabsl(t_ij) * size[j];
        }
    memcpy(x, y, n * sizeof *y);
    memcpy(size, y + n, n * sizeof *y);
    free(y);
}

/* |F (G b) - b| <= n eps |F||G||b| */
static bool undoes(variant v, size_t n, const double *f, const double *g, const double *b)
{
    long double *x = calloc(2 * n, sizeof *x);
    ck_assert_ptr_nonnull(x);
    bool undone = true;
    for (size_t i = 0; i < n; i++) x[i] = b[i], x[n + i] = fabs(b[i]);
    apply(v, n, g, x, x + n);
    apply(v, n, f, x, x + n);
    for (size_t i = 0; i < n; i++)
        undone = undone && fabsl(x[i] - b[i]) <= (long double)n * DBL_EPSILON * x[n + i];
    free(x);
    return undone;
}

START_TEST(large_inverses_undo_their_triangle)
{
    const variant v = {_i & 1, false, true, _i & 2};
    const size_t n = 400;
    double *t = new_triangle(v, n, n), *x = random_array(&state, n * n);
    double *b = random_array(&state, n);
    memcpy(x, t, n * n * sizeof *t);
    invert(v, n, x, n);
    ck_assert(undoes(v, n, t, x, b) || undoes(v, n, x, t, b));
    free(t), free(x), free(b);
}
END_TEST

START_TEST(inverses_are_inverses)
{
    const variant v = {_i & 1, false, true, _i & 2};
    for (size_t n = 0; n < ORDERS; n++) check_inverse(v, orders[n]);
}
END_TEST

START_TEST(a_nan_in_b_reaches_its_column_only)
{
    const variant v = variant_of(_i);
    const bool lower = v.lower != v.transpose; /* op(T) */
    for (size_t s = 0; s < ORDERS; s++) {
        const size_t n = orders[s], k = 40, row = n / 2, column = 13;
        double *t = new_triangle(v, n, n);
        for (int which = 0; which < 4; which++) {
            double *b = random_array(&state, n * k);
            const bool product = which % 2;
            b[row * k + column] = which < 2 ? NAN : INFINITY;
            (product ? multiply : solve)(v, n, t, n, k, b, k);
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < k; j++) {
                    const bool reached = j == column && (lower ? i >= row : i <= row);
                    if (!reached || which < 2)
                        ck_assert_msg(isfinite(b[i * k + j]) == !reached, "n = %zu (%zu, %zu)", n,
                                      i, j);
                }
            free(b);
        }
        free(t);
    }
}
END_TEST

START_TEST(a_nan_in_the_triangle_is_not_multiplied_away)
{
    const variant v = variant_of(_i);
    for (size_t s = 1; s < ORDERS; s++) {
        const size_t n = orders[s], k = 20, row = v.lower ? n - 1 : 0, column = v.lower ? 0 : n - 1;
        double *t = new_triangle(v, n, n), *b = random_array(&state, n * k);
        memset(b, 0, n * k * sizeof *b);
        t[row * n + column] = NAN;
        const size_t reached = v.transpose ? column : row;
        multiply(v, n, t, n, k, b, k);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < k; j++) ck_assert((isnan(b[i * k + j]) != 0) == (i == reached));
        memset(b, 0, n * k * sizeof *b);
        solve(v, n, t, n, k, b, k);
        for (size_t j = 0; j < k; j++) ck_assert(isnan(b[reached * k + j]));
        free(t), free(b);
    }
}
END_TEST

START_TEST(diagonals_at_the_ends_of_the_range_divide)
{
    /* 2^-1073 has no reciprocal among the doubles, that of 2^1023 is subnormal. */
    const variant v = variant_of(_i & ~4);
    static const int exponents[] = {-1073, 1023};
    for (size_t s = 0; s < ORDERS; s++)
        for (int e = 0; e < 2; e++) {
            const size_t n = orders[s], k = 17;
            double *t = new_triangle(v, n, n), *b = random_array(&state, n * k);
            for (size_t i = 0; i < n * n; i++)
                if (inside(v, i / n, i % n)) t[i] = i % (n + 1) == 0 ? ldexp(1, exponents[e]) : 0;
            for (size_t i = 0; i < n * k; i++) b[i] = ldexp((double)(i % 2), exponents[e]);
            double *x = random_array(&state, n * k);
            memcpy(x, b, n * k * sizeof *b);
            solve(v, n, t, n, k, x, k);
            for (size_t i = 0; i < n * k; i++)
                ck_assert_double_eq(x[i], ldexp(b[i], -exponents[e]));
            free(t), free(b), free(x);
        }
}
END_TEST

START_TEST(results_do_not_depend_on_alignment)
{
    const variant v = variant_of(_i);
    for (size_t s = 0; s < ORDERS; s++) {
        const size_t n = orders[s], k = 19;
        double *t = new_triangle(v, n, n), *b = random_array(&state, n * k);
        double *x = random_array(&state, n * k), *y = random_array(&state, n * k);
        memcpy(x, b, n * k * sizeof *b);
        memcpy(y, b, n * k * sizeof *b);
        solve(v, n, t, n, k, x, k);
        multiply(v, n, t, n, k, y, k);
        for (size_t moved = 1; moved < 8; moved += 2) {
            double *t2 = random_array(&state, n * n + moved), *b2 = random_array(&state, n * k + 8);
            memcpy(t2 + moved, t, n * n * sizeof *t);
            memcpy(b2 + 8 - moved, b, n * k * sizeof *b);
            solve(v, n, t2 + moved, n, k, b2 + 8 - moved, k);
            ck_assert(memcmp(b2 + 8 - moved, x, n * k * sizeof *x) == 0);
            memcpy(b2 + 8 - moved, b, n * k * sizeof *b);
            multiply(v, n, t2 + moved, n, k, b2 + 8 - moved, k);
            ck_assert(memcmp(b2 + 8 - moved, y, n * k * sizeof *y) == 0);
            free(t2), free(b2);
        }
        free(t), free(b), free(x), free(y);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("kernels: triangles");
    TCase *tests = tcase_create("triangles");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, solutions_and_products_satisfy_their_equation, 0, VARIANTS);
    tcase_add_loop_test(tests, inverses_are_inverses, 0, 4);
    tcase_add_loop_test(tests, large_inverses_undo_their_triangle, 0, 4);
    tcase_add_loop_test(tests, a_nan_in_b_reaches_its_column_only, 0, VARIANTS);
    tcase_add_loop_test(tests, a_nan_in_the_triangle_is_not_multiplied_away, 0, VARIANTS);
    tcase_add_loop_test(tests, diagonals_at_the_ends_of_the_range_divide, 0, VARIANTS);
    tcase_add_loop_test(tests, results_do_not_depend_on_alignment, 0, VARIANTS);
    suite_add_tcase(s, tests);
    return s;
}

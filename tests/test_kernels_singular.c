/* SPDX-License-Identifier: MIT */
/* The largest singular value and its vectors, against one-sided Jacobi in long double. */
#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/random_numbers.h"
#include "tests/singular_values.h"
#include "tests/suite.h"

enum { LARGEST = 60 };

static random_state state;

static void setup(void)
{
    state = 4;
}

typedef struct triplet {
    double sigma, u[LARGEST], v[LARGEST];
} triplet;

static bool find(size_t m, size_t n, const double *a, triplet *t)
{
    double *work = random_array(&state, kernel_largest_singular_workspace(m, n));
    const bool found = kernel_largest_singular(m, n, a, &t->sigma, t->u, t->v, work);
    free(work);
    return found;
}

/* sigma_1 in extended precision: of A with rows or columns of zeros added. */
static long double reference(size_t m, size_t n, const double *a)
{
    static double square[LARGEST * LARGEST];
    long double sigma[LARGEST];
    const size_t order = m > n ? m : n;
    memset(square, 0, sizeof square);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) square[i * order + j] = a[i * n + j];
    singular_values(order, square, sigma);
    return sigma[0];
}

/* |sum over k of a_k x_k - sigma y| for one row or column of A. */
static long double residual(size_t n, const double *a, size_t stride, const double *x, double sigma,
                            double y)
{
    long double sum = -(long double)sigma * y;
    for (size_t k = 0; k < n; k++) sum += (long double)a[k * stride] * x[k];
    return fabsl(sum);
}

/* sigma to a few units in the last place, |A v - sigma u| and |A^T u - sigma v| <= 8 eps sigma,
 * |u| = |v| = 1. */
static void check(const char *name, size_t m, size_t n, const double *a)
{
    triplet t;
    ck_assert_msg(find(m, n, a, &t), "%s %zux%zu", name, m, n);
    const long double expected = reference(m, n, a), unit = DBL_EPSILON * expected;
    ck_assert_msg(fabsl(t.sigma - expected) <= 4 * unit, "%s %zux%zu: %.17g, not %.20Lg", name, m,
                  n, t.sigma, expected);
    long double right = 0, left = 0;
    for (size_t i = 0; i < m; i++)
        right = fmaxl(right, residual(n, a + i * n, 1, t.v, t.sigma, t.u[i]));
    for (size_t j = 0; j < n; j++) left = fmaxl(left, residual(m, a + j, n, t.u, t.sigma, t.v[j]));
    ck_assert_msg(right <= 8 * unit && left <= 8 * unit, "%s %zux%zu: %Lg, %Lg", name, m, n,
                  right / unit, left / unit);
    ck_assert_double_eq_tol(kernel_norm2(m, t.u), 1, 4 * DBL_EPSILON);
    ck_assert_double_eq_tol(kernel_norm2(n, t.v), 1, 4 * DBL_EPSILON);
}

START_TEST(random_matrices_of_all_shapes_are_right)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 8, 13, 30, 60};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    for (size_t i = 0; i < SIZES; i++)
        for (size_t j = 0; j < SIZES; j++) {
            double *a = random_array(&state, sizes[i] * sizes[j]);
            check("random", sizes[i], sizes[j], a);
            free(a);
        }
}
END_TEST

/* ---- families ---------------------------------------------------------------------------- */

static void identity(size_t n, double *a)
{
    for (size_t i = 0; i < n * n; i++) a[i] = i % (n + 1) == 0;
}

static void reflection(size_t n, double *a) /* I - 2 v v^T: all singular values 1 */
{
    double *v = random_array(&state, n);
    const double norm = kernel_norm2(n, v);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = (i == j) - 2 * (v[i] / norm) * (v[j] / norm);
    free(v);
}

static void rank_one(size_t n, double *a)
{
    double *u = random_array(&state, 2 * n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = u[i] * u[n + j];
    free(u);
}

static void single_entry(size_t n, double *a)
{
    memset(a, 0, n * n * sizeof *a);
    a[n * n - 1] = -3;
}

static void ones(size_t n, double *a)
{
    for (size_t i = 0; i < n * n; i++) a[i] = 1;
}

static void graded(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = random_uniform(&state) * pow(10, -(double)(i + j));
}

static void kahan(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = pow(0.8, (double)i) * (i == j ? 1 : j > i ? -0.6 : 0);
}

static void two_blocks(size_t n, double *a) /* equal ones: sigma_1 twice */
{
    const size_t half = n / 2;
    memset(a, 0, n * n * sizeof *a);
    for (size_t i = 0; i < half; i++)
        for (size_t j = 0; j < half; j++)
            a[i * n + j] = a[(i + half) * n + j + half] = random_uniform(&state);
}

static void nearly_double(size_t n, double *a) /* sigma_2 = (1 - 1e-13) sigma_1 */
{
    reflection(n, a);
    for (size_t j = 0; j < n; j++) a[j] *= 1 - 1e-13;
}

static void bidiagonal(size_t n, double *a) /* signs of all kinds, a zero in either diagonal */
{
    memset(a, 0, n * n * sizeof *a);
    for (size_t i = 0; i < n; i++) {
        a[i * n + i] = i == n / 2 ? 0 : random_uniform(&state);
        if (i + 1 < n) a[i * n + i + 1] = i == n / 3 ? 0 : random_uniform(&state);
    }
}

static void negative(size_t n, double *a)
{
    for (size_t i = 0; i < n * n; i++) a[i] = -1 - 0.5 * random_uniform(&state);
}

static void tiny_columns(size_t n, double *a) /* columns of subnormal numbers beside one of 1 */
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = j == 0 ? 1 : ldexp((double)(1 + (i * j) % 5), -1074);
}

static const struct family {
    const char *name;
    void (*fill)(size_t n, double *a);
} families[] = {{"identity", identity},
                {"reflection", reflection},
                {"rank one", rank_one},
                {"single entry", single_entry},
                {"ones", ones},
                {"graded", graded},
                {"Kahan", kahan},
                {"two blocks", two_blocks},
                {"nearly double", nearly_double},
                {"bidiagonal", bidiagonal},
                {"negative", negative},
                {"tiny columns", tiny_columns}};

enum { FAMILIES = sizeof families / sizeof *families };

START_TEST(difficult_matrices_are_right)
{
    static double a[LARGEST * LARGEST];
    for (size_t n = 2; n <= LARGEST; n += n < 10 ? 1 : 25) {
        families[_i].fill(n, a);
        check(families[_i].name, n, n, a);
    }
}
END_TEST

START_TEST(scaling_by_powers_of_two_changes_nothing_else)
{
    static const int exponents[] = {1015, 900, -900, -1000};
    enum { M = 7, N = 5 };
    double *a = random_array(&state, M * N), scaled[M * N];
    triplet t, other;
    ck_assert(find(M, N, a, &t));
    for (size_t e = 0; e < sizeof exponents / sizeof *exponents; e++) {
        for (size_t i = 0; i < M * N; i++) scaled[i] = ldexp(a[i], exponents[e]);
        ck_assert(find(M, N, scaled, &other));
        ck_assert_double_eq(other.sigma, ldexp(t.sigma, exponents[e]));
        ck_assert(memcmp(other.u, t.u, M * sizeof *t.u) == 0);
        ck_assert(memcmp(other.v, t.v, N * sizeof *t.v) == 0);
    }
    free(a);
}
END_TEST

START_TEST(subnormal_and_overflowing_values_are_right)
{
    triplet t;
    ck_assert(find(1, 2, (const double[]){0x3p-1074, 0x4p-1074}, &t));
    ck_assert_double_eq(t.sigma, 0x5p-1074);
    ck_assert_double_eq_tol(fabs(t.v[0]), 0.6, 1e-15);
    ck_assert(find(2, 2, (const double[]){DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX}, &t));
    ck_assert_double_eq(t.sigma, INFINITY);
    ck_assert_double_eq_tol(fabs(t.u[0]), sqrt(0.5), 1e-15);
    ck_assert_double_eq_tol(fabs(t.v[1]), sqrt(0.5), 1e-15);
}
END_TEST

START_TEST(diagonal_matrices_are_exact)
{
    triplet t;
    ck_assert(find(3, 3, (const double[]){1, 0, 0, 0, -3, 0, 0, 0, 2}, &t));
    ck_assert_double_eq(t.sigma, 3);
    ck_assert_double_eq(t.u[1] * t.v[1], -1);
    ck_assert_double_eq(t.v[0], 0);
}
END_TEST

START_TEST(zero_and_empty_matrices_have_zero_vectors)
{
    const double zeros[6] = {0, -0.0};
    for (size_t m = 0; m < 3; m++)
        for (size_t n = 0; n < 3; n++) {
            triplet t = {.u = {1, 1, 1}, .v = {1, 1, 1}};
            ck_assert(find(m, n, zeros, &t));
            ck_assert_double_eq(t.sigma, 0);
            for (size_t i = 0; i < m; i++) ck_assert_double_eq(t.u[i], 0);
            for (size_t j = 0; j < n; j++) ck_assert_double_eq(t.v[j], 0);
        }
}
END_TEST

START_TEST(nan_and_infinity_are_refused)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t b = 0; b < 3; b++)
        for (size_t place = 0; place < 6; place++) {
            double a[6] = {1, 2, 3, 4, 5, 6};
            triplet t;
            a[place] = bad[b];
            ck_assert(!find(2, 3, a, &t));
            ck_assert(isnan(t.sigma));
        }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("kernels: largest singular value");
    TCase *tests = tcase_create("singular");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, random_matrices_of_all_shapes_are_right);
    tcase_add_loop_test(tests, difficult_matrices_are_right, 0, FAMILIES);
    tcase_add_test(tests, scaling_by_powers_of_two_changes_nothing_else);
    tcase_add_test(tests, subnormal_and_overflowing_values_are_right);
    tcase_add_test(tests, diagonal_matrices_are_exact);
    tcase_add_test(tests, zero_and_empty_matrices_have_zero_vectors);
    tcase_add_test(tests, nan_and_infinity_are_refused);
    suite_add_tcase(s, tests);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* det(xI - A) and its derivatives against exact arithmetic: the coefficients of the polynomial of
 * a matrix of doubles are rational, and Faddeev and Leverrier's recurrence finds them.
 * (test_charpoly_hard.c has matrices for which the reduction does not suffice.)
 */
#include "tests/charpoly_error.h"

#include <math.h>

#include "tests/determinant_accuracy.h"
#include "tests/suite.h"

enum { LARGEST = CHARPOLY_ERROR_LARGEST, ORDER = CHARPOLY_ERROR_ORDER };

static const double LIMIT = 100;

static tape_memory memory;
static arena kept, scratch;

static void setup(void)
{
    plain_arena(&kept, &memory);
    plain_arena(&scratch, &memory);
}

static void teardown(void)
{
    arena_free(&kept);
    arena_free(&scratch);
}

static unsigned long long state;

/* Uniform in [-1, 1), from a 64-bit linear congruential generator (Knuth). */
static double uniform(void)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(state >> 11) * 0x1p-52 - 1;
}

/* ---- where to look ------------------------------------------------------------------------ */

static double value_at(const charpoly_reduction *r, double x)
{
    double p;
    ck_assert(charpoly_derivative(r, x, 0, &p, &scratch));
    return p;
}

/* A zero of p between low and high where its sign changes: an eigenvalue, to the last place. */
static double bisect(const charpoly_reduction *r, double low, double high)
{
    const bool negative = value_at(r, low) < 0;
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (!(middle > low && middle < high)) return low;
        if ((value_at(r, middle) < 0) == negative) low = middle;
        else high = middle;
    }
}

/* Where to look: some real eigenvalues between -bound and bound, and places anywhere. */
static size_t find_places(const charpoly_reduction *r, double bound, double *places, size_t limit)
{
    enum { STEPS = 61 };
    size_t count = 0;
    double before = -bound;
    for (int i = 1; i <= STEPS && count < limit; i++) {
        const double x = bound * (2.0 * i / (double)STEPS - 1);
        if ((value_at(r, before) < 0) != (value_at(r, x) < 0))
            places[count++] = bisect(r, before, x);
        before = x;
    }
    return count;
}

/* Checks p, p', p'' at, near and far from eigenvalues. */
static void check_matrix(const char *name, size_t n, const double *a)
{
    enum { EIGENVALUES = 2 };
    static const double offsets[] = {0, 1e-14, 1e-10, 1e-6, 1e-2, 0.37};
    exact_polynomial exact = exact_polynomial_of(n, a);
    charpoly_reduction *r = charpoly_reduce(n, a, &kept);
    ck_assert_ptr_nonnull(r);
    double bound = 0, places[EIGENVALUES + 1] = {0}, mean = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < n; j++) sum += fabs(a[i * n + j]);
        bound = fmax(bound, sum);
        mean += a[i * n + i] / (double)n;
    }
    size_t count = find_places(r, 1.1 * bound, places, n < LARGEST ? EIGENVALUES : 1);
    places[count++] = mean;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof offsets / sizeof *offsets; k++) {
            const double x = places[i] + offsets[k] * bound;
            double p[ORDER + 1];
            charpoly_compute(r, x, p, &scratch);
            const double error = charpoly_error(&exact, n, a, x, p);
            ck_assert_msg(error <= LIMIT, "%s, n = %zu, x = %.17g: error %g (p %g, p' %g, p'' %g)",
                          name, n, x, error, p[0], p[1], p[2]);
        }
    exact_polynomial_clear(&exact);
}

/* ---- families of matrices ---------------------------------------------------------------- */

static void dense(size_t n, double *a)
{
    for (size_t i = 0; i < n * n; i++) a[i] = uniform();
}

static void symmetric(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = uniform();
}

static void skew(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            a[i * n + j] = i == j ? 0 : uniform();
            a[j * n + i] = -a[i * n + j];
        }
}

/* 2I + 1e-8 R: digits that all eigenvalues share. */
static void shifted(size_t n, double *a)
{
    for (size_t i = 0; i < n * n; i++) a[i] = 1e-8 * uniform() + (i % (n + 1) == 0 ? 2 : 0);
}

/* D R D^-1 with D from 2^-20 to 2^20. */
static void unbalanced(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const int span = 40 * ((int)i - (int)j) / (int)n;
            a[i * n + j] = ldexp(uniform(), span);
        }
}

/* Hessenberg already, with subdiagonal entries from 1 down to 1e-200, some of them 0. */
static void hostile(size_t n, double *a)
{
    static const double small[] = {1, 1e-200, 1e-8, 1e-100, 0, 1e-16, 1e-30};
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = j + 1 > i ? uniform() : j + 1 == i ? small[i % 7] * uniform() : 0;
}

static void graded(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = uniform() * pow(10, -0.3 * (double)(i + j));
}

static void tridiagonal(size_t n, double *a) /* Wilkinson's W+: pairs of close eigenvalues */
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] =
                i == j ? fabs((double)(n - 1) / 2 - (double)i) : i + 1 == j || j + 1 == i;
}

static void companion(size_t n, double *a) /* of a random polynomial */
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = i == 0 ? uniform() : j + 1 == i;
}

static void triangular(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = j >= i ? uniform() : 0;
}

static void low_rank(size_t n, double *a) /* rank 1 plus a multiple of I */
{
    double u[LARGEST], v[LARGEST];
    for (size_t i = 0; i < n; i++) u[i] = uniform(), v[i] = uniform();
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] = u[i] * v[j] + (i == j ? 0.5 : 0);
}

/* A Hessenberg matrix with noise below, which balancing blows up (Watkins 2006). */
static void noisy_hessenberg(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = j + 1 >= i ? uniform() * pow(10, 0.5 * (double)(j + 1 - i)) / 100
                                      : 1e-17 * uniform();
}

static const struct family {
    const char *name;
    void (*fill)(size_t n, double *a);
} families[] = {{"dense", dense},
                {"symmetric", symmetric},
                {"skew", skew},
                {"shifted", shifted},
                {"unbalanced", unbalanced},
                {"hostile", hostile},
                {"graded", graded},
                {"tridiagonal", tridiagonal},
                {"companion", companion},
                {"triangular", triangular},
                {"low rank", low_rank},
                {"noisy Hessenberg", noisy_hessenberg}};

enum { FAMILIES = sizeof families / sizeof *families };

static void check_family(int index, size_t n)
{
    static double a[LARGEST * LARGEST];
    families[index].fill(n, a);
    check_matrix(families[index].name, n, a);
    arena_reset(&kept);
}

START_TEST(small_matrices_of_every_family_are_accurate)
{
    state = 20240601;
    for (size_t n = 1; n <= 9; n++) check_family(_i, n);
}
END_TEST

START_TEST(matrices_of_order_16_of_every_family_are_accurate)
{
    state = 16;
    check_family(_i, 16);
}
END_TEST

START_TEST(matrices_of_order_30_are_accurate)
{
    static const int chosen[] = {0, 1, 6}; /* dense, symmetric, graded */
    state = 30;
    check_family(chosen[_i], 30);
}
END_TEST

static void check_scaled(int index, size_t n, int exponent)
{
    static double a[LARGEST * LARGEST];
    families[index].fill(n, a);
    for (size_t i = 0; i < n * n; i++) a[i] = ldexp(a[i], exponent);
    check_matrix(families[index].name, n, a);
}

START_TEST(matrices_of_large_and_small_numbers_are_accurate)
{
    state = 7;
    for (size_t n = 2; n <= 5; n++) {
        check_scaled(_i, n, 150);
        check_scaled(_i, n, -150);
    }
}
END_TEST

/* D R D^-1 has the polynomial of R, and shall have it as accurately. */
START_TEST(similarities_by_powers_of_two_are_undone)
{
    enum { N = 10 };
    static double r[N * N], a[N * N];
    state = 10;
    dense(N, r);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            a[i * N + j] = ldexp(r[i * N + j], (int)((7 * i) % 10) * 8 - (int)((7 * j) % 10) * 8);
    exact_polynomial exact = exact_polynomial_of(N, r);
    charpoly_reduction *reduction = charpoly_reduce(N, a, &kept);
    for (int i = -8; i <= 8; i++) {
        double p[ORDER + 1];
        charpoly_compute(reduction, 0.3 * i, p, &scratch);
        ck_assert_double_le(charpoly_error(&exact, N, r, 0.3 * i, p), LIMIT);
    }
    exact_polynomial_clear(&exact);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("charpoly accuracy");
    TCase *accuracy = tcase_create("accuracy");
    tcase_add_checked_fixture(accuracy, setup, teardown);
    tcase_set_timeout(accuracy, 120);
    tcase_add_loop_test(accuracy, small_matrices_of_every_family_are_accurate, 0, FAMILIES);
    tcase_add_loop_test(accuracy, matrices_of_order_16_of_every_family_are_accurate, 0, FAMILIES);
    tcase_add_loop_test(accuracy, matrices_of_order_30_are_accurate, 0, 3);
    tcase_add_loop_test(accuracy, matrices_of_large_and_small_numbers_are_accurate, 0, FAMILIES);
    tcase_add_test(accuracy, similarities_by_powers_of_two_are_undone);
    suite_add_tcase(s, accuracy);
    return s;
}

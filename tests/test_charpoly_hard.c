/* SPDX-License-Identifier: MIT */
/* det(xI - A) where two or more singular values of xI - A are as small as rounding errors of A: the
 * errors that a reduction of A makes in each entry are then too large, their squares count. */
#include "tests/charpoly_error.h"

#include <math.h>
#include <string.h>

#include "tests/determinant_accuracy.h"
#include "tests/hard_determinants.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

enum { LARGEST = CHARPOLY_ERROR_LARGEST, ORDER = CHARPOLY_ERROR_ORDER };

static const double LIMIT = 100;

static tape_memory memory;
static arena kept, scratch;
static uint64_t state;

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

/* ---- matrices ---------------------------------------------------------------------------- */

#define EACH_ENTRY                                                                                 \
    for (size_t i = 0; i < n; i++)                                                                 \
        for (size_t j = 0; j < n; j++)

static void pascal(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = i == 0 || j == 0 ? 1 : a[(i - 1) * n + j] + a[i * n + j - 1];
}

static void graded(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = (2 * random_fraction(&state) - 1) * pow(10, (double)(i + j));
}

static void vandermonde(size_t n, double *a) /* of 1 .. 2 */
{
    EACH_ENTRY a[i * n + j] = pow(1 + (double)i / (double)n, (double)j);
}

static void integer_vandermonde(size_t n, double *a) /* of 1 .. n */
{
    EACH_ENTRY a[i * n + j] = pow(1 + (double)i, (double)j);
}

static void hilbert(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = 1 / (double)(i + j + 1);
}

static void scaled_hilbert(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = pow(10, (double)(7 * i % 5) * 4 - 8) / (double)(i + j + 1);
}

static void scaled_columns(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = random_normal(&state) * pow(10, (double)(5 * j % 7) * 4 - 12);
}

static void scaled_rows(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = random_normal(&state) * pow(10, (double)(5 * i % 7) * 20 - 60);
}

static void magic(size_t n, double *a) /* integers of rank 2 */
{
    EACH_ENTRY a[i * n + j] = (double)(i * n + j + 1);
}

/* Two Jordan blocks to one eigenvalue, 1/2. */
static void jordan(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = i == j ? 0.5 : i + 1 == j && j != n / 2;
}

/* a <- H a H with the reflection H that exchanges (1, 0, ..) and (1, .., 1) / sqrt(n). */
static void hide(size_t n, double *a)
{
    double v[LARGEST];
    const double root = sqrt((double)n);
    for (size_t i = 0; i < n; i++) v[i] = (i == 0) - 1 / root;
    const double factor = 1 / (1 - 1 / root);
    for (size_t i = 0; i < n; i++) {
        double row = 0;
        for (size_t j = 0; j < n; j++) row += a[i * n + j] * v[j];
        for (size_t j = 0; j < n; j++) a[i * n + j] -= factor * row * v[j];
    }
    for (size_t j = 0; j < n; j++) {
        double column = 0;
        for (size_t i = 0; i < n; i++) column += a[i * n + j] * v[i];
        for (size_t i = 0; i < n; i++) a[i * n + j] -= factor * column * v[i];
    }
}

static void hidden_jordan(size_t n, double *a)
{
    jordan(n, a);
    hide(n, a);
}

/* Nilpotent, three blocks all but separate: all traces vanish at 0, small singular values or
 * not. */
static void hidden_shift(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = i + 1 != j ? 0 : j == n / 3 || j == 2 * n / 3 ? 1e-20 : 1;
    hide(n, a);
}

static void hidden_multiples(size_t n, double *a) /* triple eigenvalues 0, 1, 2, .. */
{
    EACH_ENTRY a[i * n + j] = i == j ? (double)(i / 3) : 0;
    hide(n, a);
}

static void equal_diagonal(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = i == j ? 0.5 : j > i ? random_normal(&state) : 0;
}

static void frank(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = j + 1 >= i ? (double)(n - (i > j ? i : j)) : 0;
}

static void kahan(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = pow(sin(1.2), (double)i) * (i == j ? 1 : j > i ? -cos(1.2) : 0);
}

static void triw(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = i == j ? 1 : j > i ? -1 : 0;
}

static void companion(size_t n, double *a) /* of (x - 1)^n */
{
    double c = -1;
    memset(a, 0, n * n * sizeof *a);
    for (size_t j = 0; j < n; j++) {
        c *= -(double)(n - j) / (double)(j + 1);
        a[j] = round(c);
        if (j + 1 < n) a[(j + 1) * n + j] = 1;
    }
}

/* Integers, an eigenvalue 1 with Jordan blocks of order 3: the minors of xI - A of order n - 1,
 * n - 2 .. are next to nothing at an x near 1, where x - a_ii is not a double. */
static void derogatory(size_t n, double *a)
{
    EACH_ENTRY a[i * n + j] = i == j || (i + 1 == j && j % 3 != 0);
    for (size_t step = 0; step < 2 * n; step++) { /* a <- E a E^-1, E = I + f e_i e_j^T */
        const size_t i = (size_t)random_integer(&state, 0, (int)n - 1);
        const size_t j = (i + (size_t)random_integer(&state, 1, (int)n - 1)) % n;
        const double f = random_integer(&state, 0, 1) ? 1 : -1;
        for (size_t k = 0; k < n; k++) a[i * n + k] += f * a[j * n + k];
        for (size_t k = 0; k < n; k++) a[k * n + j] -= f * a[k * n + i];
    }
}

static const struct family {
    const char *name;
    void (*fill)(size_t n, double *a);
    double eigenvalue; /* or about one */
    size_t largest;
} families[] = {
    {"Pascal", pascal, 0, 30},
    {"graded", graded, 0, 14},
    {"Vandermonde", vandermonde, 0, 18},
    {"Vandermonde of integers", integer_vandermonde, 0, 15},
    {"Hilbert", hilbert, 0, 30},
    {"scaled Hilbert", scaled_hilbert, 0, 20},
    {"scaled columns", scaled_columns, 0, 16},
    {"scaled rows", scaled_rows, 0, 16},
    {"magic", magic, 0, 16},
    {"Jordan", jordan, 0.5, 16},
    {"hidden Jordan", hidden_jordan, 0.5, 16},
    {"hidden shift", hidden_shift, 0, 16},
    {"hidden multiples", hidden_multiples, 1, 16},
    {"equal diagonal", equal_diagonal, 0.5, 16},
    {"Frank", frank, 1, 16},
    {"Kahan", kahan, 1, 30},
    {"triw", triw, 1, 30},
    {"companion", companion, 1, 16},
};

enum { OWN_FAMILIES = sizeof families / sizeof *families };

/* ---- tests ------------------------------------------------------------------------------- */

static void check_at(const char *name, const exact_polynomial *exact, const charpoly_reduction *r,
                     const double *a, double x)
{
    const size_t n = exact->n;
    double p[ORDER + 1];
    charpoly_compute(r, x, p, &scratch);
    const double error = charpoly_error(exact, n, a, x, p);
    ck_assert_msg(error <= LIMIT, "%s, n = %zu, x = %.17g: error %g (p %g, p' %g, p'' %g)", name, n,
                  x, error, p[0], p[1], p[2]);
}

/* At 0 and, but for the largest, at, near and far from x. */
static void check(const char *name, size_t n, const double *a, double x)
{
    static const double offsets[] = {0, 0x1p-44, -0x1p-33, 0x1p-20, 0x1p-3};
    exact_polynomial exact = exact_polynomial_of(n, a);
    charpoly_reduction *r = charpoly_reduce(n, a, &kept);
    ck_assert_ptr_nonnull(r);
    double largest = 0;
    for (size_t k = 0; k < n * n; k++) largest = fmax(largest, fabs(a[k]));
    check_at(name, &exact, r, a, 0);
    check_at(name, &exact, r, a, x);
    for (size_t k = 0; n <= 20 && k < sizeof offsets / sizeof *offsets; k++)
        check_at(name, &exact, r, a, x + offsets[k] * largest);
    exact_polynomial_clear(&exact);
    arena_reset(&kept);
}

START_TEST(hard_matrices_are_accurate)
{
    static double a[LARGEST * LARGEST];
    const struct family *f = &families[_i];
    state = (uint64_t)_i + 1;
    for (size_t n = f->largest; n >= 3; n = n / 2 + 1 < n ? n / 2 + 1 : 0) {
        f->fill(n, a);
        check(f->name, n, a, f->eigenvalue);
    }
}
END_TEST

START_TEST(what_rounding_takes_from_the_diagonal_is_not_lost)
{
    enum { N = 12 };
    static const double near = 1.0000001;
    double a[N * N], p;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        state = seed * UINT64_C(0x9e3779b97f4a7c15);
        derogatory(N, a);
        charpoly_reduction *r = charpoly_reduce(N, a, &kept);
        ck_assert_ptr_nonnull(r);
        ck_assert(charpoly_derivative(r, near, 0, &p, &scratch));
        ck_assert_msg(fabs(p / pow(near - 1, N) - 1) <= 1e-6, "seed %llu: p %g, not %g",
                      (unsigned long long)seed, p, pow(near - 1, N));
    }
}
END_TEST

START_TEST(matrices_hard_to_invert_are_accurate)
{
    static double a[LARGEST * LARGEST];
    state = (uint64_t)_i + 1;
    for (size_t n = 1; n <= 9; n++) {
        matrix_family_make((matrix_family)_i, n, &state, a);
        check(matrix_family_names[_i], n, a, a[0]);
    }
}
END_TEST

START_TEST(hard_determinants_are_accurate)
{
    size_t count;
    hard_determinant *cases = hard_determinants_load("tests/data/hard-determinants.json", &count);
    ck_assert_ptr_nonnull(cases);
    for (size_t k = 0; k < count; k++)
        if (cases[k].n > 0 && cases[k].n <= 16) check(cases[k].id, cases[k].n, cases[k].a, 0);
    hard_determinants_free(cases, count);
}
END_TEST

START_TEST(rows_far_apart_are_accurate)
{
    const double a[16] = {1e-100, 2e-100, 3e-100, -1e-100, 4,     5,     6,     2,
                          7,      1,      2,      2,       7e100, 8e100, 1e101, 1e100};
    double p;
    check("rows far apart", 4, a, 0);
    ck_assert(charpoly_derivative(charpoly_reduce(4, a, &kept), 0, 0, &p, &scratch));
    ck_assert_double_eq_tol(p, 33, 1e-13);
}
END_TEST

/* Balancing would make the first row and column about 2^-22 each, and cofactors as large. */
START_TEST(balancing_does_not_enlarge_errors)
{
    const double a[9] = {0x1.eeap-58, -0x1.48p-45, -0x1.48p-45,  1, 0x1.481p-44,
                         -1,          -1,          -0x1.483p-45, 1};
    check("small row", 3, a, 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("charpoly hard");
    TCase *hard = tcase_create("accuracy");
    tcase_add_checked_fixture(hard, setup, teardown);
    tcase_set_timeout(hard, 120);
    tcase_add_loop_test(hard, hard_matrices_are_accurate, 0, OWN_FAMILIES);
    tcase_add_test(hard, what_rounding_takes_from_the_diagonal_is_not_lost);
    tcase_add_loop_test(hard, matrices_hard_to_invert_are_accurate, 0, FAMILIES);
    tcase_add_test(hard, hard_determinants_are_accurate);
    tcase_add_test(hard, rows_far_apart_are_accurate);
    tcase_add_test(hard, balancing_does_not_enlarge_errors);
    suite_add_tcase(s, hard);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Determinants of A = D X D' with X of integers and D, D' diagonal, of powers of two far apart.
 * With V = D V' D' all of it is known from X and V':
 *     cof(A)_ij = det(D) det(D') / (d_i d'_j) cof(X)_ij , and so D cof(A)[V] from D cof(X)[V']. */
#include <math.h>
#include <string.h>

#include "tests/determinant_accuracy.h"
#include "tests/determinant_fixture.h"
#include "tests/exact.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

enum { LARGEST = 24, SIZE = LARGEST * LARGEST };

static double x[SIZE], a[SIZE], v[SIZE], v_of_x[SIZE], w[SIZE], w_of_x[SIZE];
static double cofactor[SIZE], first_v[SIZE], first_w[SIZE], result[SIZE];
static int rows[LARGEST], columns[LARGEST];

/* Exponents about 0 in sum, so that results stay in range. */
static void random_exponents(size_t n, int largest, uint64_t *state, int *exponents)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) sum += exponents[i] = random_integer(state, -largest, largest);
    for (size_t i = 0; i < n; i++) exponents[i] -= sum / (int)n;
}

/* From -largest to largest, and the inverse. */
static void graded_similarity(size_t n, int largest)
{
    for (size_t i = 0; i < n; i++) {
        rows[i] = 2 * largest * (int)i / (int)(n - 1) - largest;
        columns[i] = -rows[i];
    }
}

static void random_similarity(size_t n, uint64_t *state)
{
    random_exponents(n, 150, state, rows);
    for (size_t i = 0; i < n; i++) columns[i] = -rows[i];
}

enum { ROWS, COLUMNS, BOTH, SIMILAR, GRADED_30, GRADED_100, SCALINGS };

static void choose_exponents(int scaling, size_t n, uint64_t *state)
{
    memset(rows, 0, sizeof rows), memset(columns, 0, sizeof columns);
    if (scaling == ROWS || scaling == BOTH) random_exponents(n, 300, state, rows);
    if (scaling == COLUMNS || scaling == BOTH) random_exponents(n, 300, state, columns);
    if (scaling == SIMILAR) random_similarity(n, state);
    if (scaling == GRADED_30 || scaling == GRADED_100)
        graded_similarity(n, scaling == GRADED_30 ? 100 : 332);
}

/* No assignment of rows to columns has entries that are not 0 where there is a row of zeros, or a
 * block of them too large.
 *
 * X: integers, with zeros, or with a block of rank 2 in the corner where D X D^-1 is largest, so
 * that elimination by size would divide by rounding errors. */
enum { DENSE, WITH_ZEROS, BLOCK_OF_RANK_2, KINDS, ROW_OF_ZEROS = KINDS, BLOCK_OF_ZEROS, ALL_KINDS };

static void make_integers(int kind, size_t n, uint64_t *state)
{
    double block[SIZE];
    const size_t half = n / 2;
    for (size_t k = 0; k < n * n; k++) {
        x[k] = random_integer(state, -9, 9);
        if (kind == WITH_ZEROS && k % (n + 1) && random_fraction(state) < 0.6) x[k] = 0;
    }
    for (size_t j = 0; kind == ROW_OF_ZEROS && j < n; j++) x[4 * n + j] = 0;
    for (size_t i = n - half; kind == BLOCK_OF_ZEROS && i < n; i++)
        for (size_t j = 0; j < n + 1 - half; j++) x[i * n + j] = 0;
    if (kind != BLOCK_OF_RANK_2) return;
    matrix_of_rank(half, 2, 9, state, block);
    for (size_t k = 0; k < half * half; k++) x[(n - half + k / half) * n + k % half] = block[k];
}

static int exponent_of(size_t n, size_t k)
{
    return rows[k / n] + columns[k % n];
}

/* A, a direction W scaled as A is, and one that is not: V. */
static int make_problem(size_t n, int kind, int scaling, uint64_t *state)
{
    int sum = 0;
    make_integers(kind, n, state);
    choose_exponents(scaling, n, state);
    for (size_t i = 0; i < n; i++) sum += rows[i] + columns[i];
    for (size_t k = 0; k < n * n; k++) {
        a[k] = ldexp(x[k], exponent_of(n, k));
        v[k] = random_normal(state);
        v_of_x[k] = ldexp(v[k], -exponent_of(n, k));
        w_of_x[k] = random_normal(state);
        w[k] = ldexp(w_of_x[k], exponent_of(n, k));
    }
    return sum;
}

/* What the scaling does to cofactors (1), and undone (-1). */
static void scale(size_t n, int sum, int direction, double *cofactors)
{
    for (size_t k = 0; k < n * n; k++)
        cofactors[k] = ldexp(cofactors[k], direction * (sum - exponent_of(n, k)));
}

/* Relative to the largest of its row, or of its column. */
static double error_by_lines(size_t n, const double *reference)
{
    return fmin(relative_error(n, result, reference, BY_ROWS, 0),
                relative_error(n, result, reference, BY_COLUMNS, 0));
}

static void check(size_t n, int kind, int scaling, uint64_t *state)
{
    const int sum = make_problem(n, kind, scaling, state);
    exact_derivatives exact = {.cofactor = cofactor, .first_v = first_v, .first_w = first_w};
    exact_differentiate(EXACT_FASTEST, n, x, v_of_x, w_of_x, &exact);
    arena_reset(&of_factor);
    determinant_factor *factor = determinant_factor_new(n, a, &of_factor);
    const double value = ldexp(determinant_value(factor), -sum);
    ck_assert_msg(fabs(value - exact.determinant) <= 1e-13 * fabs(exact.determinant),
                  "scaling %d, n = %zu: %g, not %g", scaling, n, value, exact.determinant);
    cofactor_of(factor, result);
    scale(n, sum, -1, result);
    const double limit = kind < KINDS ? 1e-13 : 1e-12;
    double error = relative_error(n, result, cofactor, NORMWISE, kind < KINDS ? 0 : 1);
    ck_assert_msg(error <= limit, "scaling %d, n = %zu: gradient %g", scaling, n, error);
    first_of(factor, w, result);
    scale(n, sum, -1, result);
    error = relative_error(n, result, first_w, NORMWISE, kind < KINDS ? 0 : 1);
    ck_assert_msg(error <= limit, "scaling %d, n = %zu: H w %g", scaling, n, error);
    if (kind >= KINDS) return;
    scale(n, sum, 1, first_v);
    first_of(factor, v, result);
    error = error_by_lines(n, first_v);
    ck_assert_msg(error <= 1e-11, "scaling %d, n = %zu: H v %g", scaling, n, error);
}

START_TEST(every_scaling_keeps_value_gradient_and_hessian_vector_product)
{
    static const size_t orders[] = {13, 16, 19, 22, LARGEST};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        for (int scaling = 0; scaling < SCALINGS; scaling++) {
            uint64_t state = 100 * orders[i] + (uint64_t)scaling + 1;
            check(orders[i], _i, scaling, &state);
        }
}
END_TEST

START_TEST(matrices_without_an_assignment_keep_value_gradient_and_scaled_hessian_vector_product)
{
    for (size_t n = 13; n <= 14; n++)
        for (int scaling = 0; scaling < SCALINGS; scaling++)
            for (uint64_t seed = 0; seed < 2; seed++) {
                uint64_t state = 1000 * n + 100 * seed + (uint64_t)scaling + 1;
                check(n, _i, scaling, &state);
            }
}
END_TEST

START_TEST(an_entry_beyond_the_others_does_not_hide_them)
{
    static const double entries[] = {1, 0, 0, 0, 1, 0, 1e200, 0, 1};
    determinant_factor *factor = determinant_factor_new(3, entries, &of_factor);
    ck_assert_double_eq(determinant_value(factor), 1);
    cofactor_of(factor, result);
    ck_assert_double_eq(result[2], -1e200);
    ck_assert_double_eq(result[8], 1);
}
END_TEST

/* A row of zeros, and entries that span 1300 bits: nothing can be assigned. */
START_TEST(a_row_of_zeros_leaves_its_cofactors)
{
    const size_t n = 13;
    uint64_t state = 9;
    for (size_t k = 0; k < n * n; k++) {
        x[k] = k / n == 4 ? 0 : random_integer(&state, -9, 9);
        a[k] = ldexp(x[k], 100 * (int)(k / n) - 600);
    }
    exact_derivatives exact = {.cofactor = cofactor};
    exact_differentiate(EXACT_FADDEEV_LEVERRIER, n, x, NULL, NULL, &exact);
    determinant_factor *factor = determinant_factor_new(n, a, &of_factor);
    ck_assert_double_eq(determinant_value(factor), 0);
    cofactor_of(factor, result);
    for (size_t k = 0; k < n * n; k++) cofactor[k] = ldexp(cofactor[k], 200);
    ck_assert_double_le(relative_error(n, result, cofactor, NORMWISE, 0), 1e-12);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("matched determinants");
    TCase *scaled = tcase_create("scaled");
    tcase_add_checked_fixture(scaled, determinant_set_up, determinant_tear_down);
    tcase_add_loop_test(scaled, every_scaling_keeps_value_gradient_and_hessian_vector_product, 0,
                        KINDS);
    tcase_add_loop_test(
        scaled,
        matrices_without_an_assignment_keep_value_gradient_and_scaled_hessian_vector_product, KINDS,
        ALL_KINDS);
    tcase_add_test(scaled, an_entry_beyond_the_others_does_not_hide_them);
    tcase_add_test(scaled, a_row_of_zeros_leaves_its_cofactors);
    suite_add_tcase(s, scaled);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Small matrices whose rows and columns are scaled by numbers of very different size: every entry
 * of the results has its digits, for the terms of a minor are all of one size, whatever lies
 * between them in an elimination.
 */
#include <math.h>
#include <string.h>

#include "tests/determinant_accuracy.h"
#include "tests/determinant_fixture.h"
#include "tests/exact.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

enum { LARGEST = 12, SIZE = LARGEST * LARGEST };

typedef enum scaling { ROWS, COLUMNS, BOTH, SIMILARITY, SCALINGS } scaling;

typedef struct problem {
    uint64_t seed;
    size_t n;
    double a[SIZE], v[SIZE], w[SIZE];
} problem;

/* From -bound to bound, and both of these among the first two. */
static int random_exponent(uint64_t *state, size_t i, int bound)
{
    const int exponent = random_integer(state, -bound, bound);
    return i == 0 ? -bound : i == 1 ? bound : exponent;
}

/* Integers x_ij 2^(r_i + c_j), exponents up to a bound; c = -r for a similarity. */
static problem random_problem(uint64_t seed, scaling how, int bound)
{
    uint64_t state = (4 * seed + (uint64_t)how) * UINT64_C(0x9e3779b97f4a7c15);
    problem p = {.seed = seed, .n = 3 + (size_t)seed % (LARGEST - 2)};
    int rows[LARGEST] = {0}, columns[LARGEST] = {0};
    for (size_t i = 0; i < p.n; i++) {
        if (how != COLUMNS) rows[i] = random_exponent(&state, i, bound);
        if (how == SIMILARITY) columns[i] = -rows[i];
        else if (how != ROWS) columns[i] = random_exponent(&state, i, bound);
    }
    for (size_t k = 0; k < p.n * p.n; k++) {
        const int exponent = rows[k / p.n] + columns[k % p.n];
        p.a[k] = ldexp(random_integer(&state, -9, 9), exponent);
        p.v[k] = ldexp(random_integer(&state, -9, 9), exponent);
        p.w[k] = ldexp(random_integer(&state, -9, 9), exponent);
    }
    return p;
}

/* Entry by entry; an exact 0 is 0. Products beyond the range of double are left out. */
static void compare(const problem *p, scaling how, const char *what, const double *actual,
                    const double *expected)
{
    for (size_t k = 0; k < p->n * p->n; k++) {
        const double size = fabs(expected[k]);
        const bool ordinary = size == 0 || (size > 0x1p-1000 && size < INFINITY);
        ck_assert_msg(!ordinary || fabs(actual[k] - expected[k]) <= 1e-13 * size,
                      "seed %llu, scaling %d, n = %zu: %s[%zu] is %.17g, not %.17g",
                      (unsigned long long)p->seed, how, p->n, what, k, actual[k], expected[k]);
    }
}

/* Integers of up to 9 cancel by less than the 50 bits that the expansion can afford. */
static void check(const problem *p, scaling how)
{
    double got[SIZE], cofactor[SIZE], first[SIZE], second[SIZE], log_gradient[SIZE];
    exact_derivatives exact = {
        .cofactor = cofactor, .first_v = first, .second = second, .log_gradient = log_gradient};
    ck_assert(exact_differentiate(EXACT_FADDEEV_LEVERRIER, p->n, p->a, p->v, p->w, &exact));
    arena_reset(&of_factor);
    determinant_factor *factor = determinant_factor_new(p->n, p->a, &of_factor);
    ck_assert_ptr_nonnull(factor);
    int sign;
    const double logarithm = determinant_log_abs(factor, &sign);
    ck_assert_int_eq(sign, (exact.mantissa > 0) - (exact.mantissa < 0));
    if (sign != 0)
        ck_assert_double_eq_tol(
            logarithm, log(fabs(exact.mantissa)) + (double)exact.exponent * 0.6931471805599453,
            1e-10);
    cofactor_of(factor, got);
    compare(p, how, "cof", got, cofactor);
    first_of(factor, p->v, got);
    compare(p, how, "D cof", got, first);
    second_of(factor, p->v, p->w, got);
    compare(p, how, "D^2 cof", got, second);
    ck_assert_int_eq(determinant_log_gradient(factor, got, &scratch),
                     sign ? DETERMINANT_OK : DETERMINANT_SINGULAR);
    if (sign != 0) compare(p, how, "A^-T", got, log_gradient);
}

START_TEST(every_entry_has_its_digits)
{
    static const int bounds[] = {40, 150, 450};
    for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++)
        for (uint64_t seed = 1; seed <= 10; seed++) {
            problem p = random_problem(seed, (scaling)_i, bounds[k]);
            check(&p, (scaling)_i);
        }
}
END_TEST

START_TEST(a_huge_entry_off_the_diagonal_changes_no_minor_without_it)
{
    for (double b = 1e100; b < 1e308; b *= 1e20) {
        const double a[9] = {1, 0, 0, 0, 1, 0, b, 0, 1};
        double got[9];
        arena_reset(&of_factor);
        determinant_factor *factor = determinant_factor_new(3, a, &of_factor);
        ck_assert_double_eq(determinant_value(factor), 1);
        cofactor_of(factor, got);
        ck_assert_double_eq(got[4], 1);
        ck_assert_double_eq(got[2], -b);
    }
}
END_TEST

/* Scaled for elimination, the entry at (0, 1) is 0. */
START_TEST(derivatives_see_entries_that_scaling_takes)
{
    static const double a[9] = {0x1p900, 0x1p-900, 0, 0, 0x1p900, 0, 0, 0, 0x1p900};
    static const double v[9] = {[3] = 1}, w[9] = {[8] = 1};
    double got[9];
    first_of(factor_of(3, a), v, got);
    ck_assert_double_eq(got[8], -0x1p-900);
    ck_assert_double_eq(got[1], -0x1p900);
    second_of(factor_of(3, a), v, w, got);
    ck_assert_double_eq(got[1], -1);
}
END_TEST

/* One of them is 2^31 - 1, a prime that zeros are told by; another is 1, of terms near 2^141. */
START_TEST(cofactors_that_all_but_cancel_are_exact)
{
    static const double entries[2][16] = {
        {510714648784000, -97601001059363, -540994173418588, 0, 977964218818451, -186895533512147,
         -1035946287133750, 0, 293389267194083, -56068660349534, -310783887780539, 0, 0, 0, 0,
         0x1p-400},
        {525937654278903, 3134525709671833, 1383011265378339, 0, -46490167040719, -277075852337265,
         -122251039117934, 0, 219363195078096, 1307378487040461, 576839797519426, 0, 0, 0, 0,
         0x1p-60}};
    static const double expected[] = {2147483647, 1};
    double cofactor[16];
    for (size_t k = 0; k < 2; k++) {
        cofactor_of(factor_of(4, entries[k]), cofactor);
        ck_assert_double_eq(cofactor[15], expected[k]);
    }
}
END_TEST

/* Hilbert's matrix, its rows scaled: the expansion would lose all to cancellation. */
/* One cofactor of it cancels; derivatives of the others do not. */
START_TEST(derivatives_of_what_has_cancelled_keep_their_digits)
{
    static const double entries[16] = {0x1p-69, 0x1p-40, 0,  0,      8, 0, -24, -0x1p-37,
                                       -0x1p41, 0x1p40,  -1, 0x1p41, 1, 0, -3,  -0x1p-40};
    static const double direction[16] = {-0x1p-69, 0x1p-40, 0, 0,        24, 0, -72, -0x1.8p-36,
                                         0x1p41,   0x1p40,  1, 0x1.8p42, -1, 0, 3,   0x1p-40};
    double got[16], first[16];
    exact_derivatives exact = {.first_v = first};
    ck_assert(exact_differentiate(EXACT_FASTEST, 4, entries, direction, NULL, &exact));
    first_of(factor_of(4, entries), direction, got);
    ck_assert_double_le(relative_error(4, got, first, NORMWISE, 0), 1e-12);
}
END_TEST

/* -A^-T V^T A^-T, the second derivative of log|det|, of entries from 2^-80 to 1. */
START_TEST(inverse_products_of_order_3_keep_small_entries)
{
    static const double entries[9] = {0, 1, 0x1p-60, -0x1p-60, 0, 0, 0, 0x1.8p-79, 0x1p-80};
    static const double direction[9] = {0, 0, 0, 0, 1};
    static const double expected[9] = {-0x1p+60, 0, 0, 0, 0, 0, 0x1p+80, 0, 0};
    double got[9];
    ck_assert_int_eq(determinant_inverse_product(factor_of(3, entries), direction, got, &scratch),
                     DETERMINANT_OK);
    for (size_t k = 0; k < 9; k++)
        ck_assert_double_le(fabs(got[k] - expected[k]), 1e-14 * fabs(expected[k]));
}
END_TEST

START_TEST(where_an_expansion_cancels_elimination_takes_over)
{
    enum { N = 11 };
    problem p = {.n = N};
    double got[SIZE], cofactor[SIZE];
    for (size_t k = 0; k < N * N; k++)
        p.a[k] = ldexp(1.0 / (double)(k / N + k % N + 1), (int)(k / N) * 20);
    exact_derivatives exact = {.cofactor = cofactor};
    ck_assert(exact_differentiate(EXACT_FASTEST, N, p.a, NULL, NULL, &exact));
    determinant_factor *factor = determinant_factor_new(N, p.a, &of_factor);
    ck_assert_double_eq_tol(determinant_value(factor) / exact.determinant, 1, 1e-12);
    cofactor_of(factor, got);
    ck_assert_double_le(relative_error(N, got, cofactor, BY_ROWS, 0), 1e-11);
}
END_TEST

/* 2 x 2: entries of any size. */
START_TEST(inverses_of_order_2_stay_in_range_where_they_are)
{
    const double a[][4] = {
        {1.7e308, 0, 0, 1.2e-3}, {1.7e308, 1.6e308, 1.5e308, 1.7e308}, {3e-151, 0, 0, 25e-324}};
    const double expected[][4] = {
        {1 / 1.7e308, 0, 0, 1 / 1.2e-3},
        {1.7e-308 / 0.49, -1.5e-308 / 0.49, -1.6e-308 / 0.49, 1.7e-308 / 0.49},
        {1 / 3e-151, 0, 0, INFINITY}};
    for (size_t k = 0; k < 3; k++) {
        double got[4];
        determinant_factor *factor = determinant_factor_new(2, a[k], &of_factor);
        ck_assert_int_eq(determinant_log_gradient(factor, got, &scratch), DETERMINANT_OK);
        for (size_t i = 0; i < 4; i++)
            ck_assert_msg(got[i] == expected[k][i] || fabs(got[i] / expected[k][i] - 1) <= 1e-13,
                          "matrix %zu, entry %zu: %g, not %g", k, i, got[i], expected[k][i]);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("scaled determinants");
    TCase *c = tcase_create("scaled");
    tcase_add_checked_fixture(c, determinant_set_up, determinant_tear_down);
    tcase_add_loop_test(c, every_entry_has_its_digits, 0, SCALINGS);
    tcase_add_test(c, a_huge_entry_off_the_diagonal_changes_no_minor_without_it);
    tcase_add_test(c, derivatives_see_entries_that_scaling_takes);
    tcase_add_test(c, cofactors_that_all_but_cancel_are_exact);
    tcase_add_test(c, derivatives_of_what_has_cancelled_keep_their_digits);
    tcase_add_test(c, inverse_products_of_order_3_keep_small_entries);
    tcase_add_test(c, where_an_expansion_cancels_elimination_takes_over);
    tcase_add_test(c, inverses_of_order_2_stay_in_range_where_they_are);
    suite_add_tcase(s, c);
    return s;
}

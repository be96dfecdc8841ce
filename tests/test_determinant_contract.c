/* SPDX-License-Identifier: MIT */
/* The determinant kernels: what is exact, and what happens at the edges. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "tests/determinant_accuracy.h"
#include "tests/determinant_fixture.h"
#include "tests/exact.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

enum { LARGEST = 40 };

static double a[LARGEST * LARGEST], v[LARGEST * LARGEST], w[LARGEST * LARGEST];
static double result[LARGEST * LARGEST], reference[LARGEST * LARGEST];

/* ---- small orders -------------------------------------------------------------------------- */

START_TEST(the_empty_matrix_has_determinant_1)
{
    determinant_factor *factor = factor_of(0, NULL);
    int sign;
    ck_assert_double_eq(determinant_value(factor), 1);
    ck_assert_double_eq(determinant_log_abs(factor, &sign), 0);
    ck_assert_int_eq(sign, 1);
    cofactor_of(factor, NULL);
    first_of(factor, v, NULL);
    second_of(factor, v, w, NULL);
    ck_assert_int_eq(determinant_log_gradient(factor, NULL, &scratch), DETERMINANT_OK);
}
END_TEST

START_TEST(order_1_is_exact)
{
    static const double values[] = {0, -3, 0.1, DBL_MAX, DBL_TRUE_MIN, -1e-310, INFINITY, NAN};
    v[0] = 5, w[0] = NAN;
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        determinant_factor *factor = factor_of(1, &values[k]);
        int sign;
        const double value = determinant_value(factor);
        const double log_abs = determinant_log_abs(factor, &sign);
        ck_assert(isfinite(values[k]) ? value == values[k] : isnan(value));
        ck_assert(log_abs == log(fabs(value)) || isnan(value) ||
                  fabs(log_abs / log(fabs(value)) - 1) < 4 * DBL_EPSILON);
        ck_assert_int_eq(sign, (value > 0) - (value < 0));
        cofactor_of(factor, result);
        ck_assert_double_eq(result[0], 1);
        first_of(factor, v, result);
        ck_assert_double_eq(result[0], 0);
        second_of(factor, v, w, result);
        ck_assert_double_eq(result[0], 0);
    }
}
END_TEST

START_TEST(cofactors_of_order_2_are_the_entries)
{
    uint64_t state = 77;
    for (int round = 0; round < 2000; round++) {
        for (size_t k = 0; k < 4; k++) {
            a[k] = ldexp(random_normal(&state), random_integer(&state, -round / 2, round / 2));
            v[k] = ldexp(random_normal(&state), random_integer(&state, -round / 2, round / 2));
        }
        determinant_factor *factor = factor_of(2, a);
        cofactor_of(factor, result);
        check_same(4, result, (double[]){a[3], -a[2], -a[1], a[0]}, "cof");
        first_of(factor, v, result);
        check_same(4, result, (double[]){v[3], -v[2], -v[1], v[0]}, "D cof");
    }
}
END_TEST

/* Minors with the indices (i+1, i+2) and (j+1, j+2) modulo 3, x above, y below. */
static double minor_sum(const double *x, const double *y, size_t i, size_t j)
{
    const size_t i1 = (i + 1) % 3 * 3, i2 = (i + 2) % 3 * 3, j1 = (j + 1) % 3, j2 = (j + 2) % 3;
    return x[i1 + j1] * y[i2 + j2] - x[i1 + j2] * y[i2 + j1] + y[i1 + j1] * x[i2 + j2] -
           y[i1 + j2] * x[i2 + j1];
}

static void check_order_3(void)
{
    determinant_factor *factor = factor_of(3, a);
    double determinant = 0;
    cofactor_of(factor, result);
    for (size_t k = 0; k < 9; k++) {
        ck_assert_double_eq(result[k], minor_sum(a, a, k / 3, k % 3) / 2);
        determinant += a[k] * minor_sum(a, a, k / 3, k % 3) / 6;
    }
    ck_assert_double_eq(determinant_value(factor), round(determinant));
    first_of(factor, v, result);
    for (size_t k = 0; k < 9; k++) ck_assert_double_eq(result[k], minor_sum(a, v, k / 3, k % 3));
    second_of(factor, v, w, result);
    for (size_t k = 0; k < 9; k++) ck_assert_double_eq(result[k], minor_sum(v, w, k / 3, k % 3));
}

START_TEST(small_integers_of_order_2_are_exact)
{
    for (int code = 0; code < 625; code++) {
        for (int k = 0, rest = code; k < 4; k++, rest /= 5) {
            a[k] = rest % 5 - 2;
            v[k] = k - 2, w[k] = 2 * k - 3;
        }
        determinant_factor *factor = factor_of(2, a);
        ck_assert_double_eq(determinant_value(factor), a[0] * a[3] - a[1] * a[2]);
        cofactor_of(factor, result);
        check_same(4, result, (double[]){a[3] + 0., 0 - a[2], 0 - a[1], a[0] + 0.}, "cof");
        first_of(factor, v, result);
        check_same(4, result, (double[]){v[3] + 0., 0 - v[2], 0 - v[1], v[0] + 0.}, "D cof");
        second_of(factor, v, w, result);
        check_same(4, result, (double[]){0, 0, 0, 0}, "D^2 cof");
    }
}
END_TEST

START_TEST(small_integers_of_order_3_are_exact)
{
    for (size_t k = 0; k < 9; k++) {
        v[k] = (double)(7 * k % 5) - 2;
        w[k] = (double)(4 * k % 7) - 3;
    }
    for (int code = 0; code < 19683; code++) {
        for (int k = 0, rest = code; k < 9; k++, rest /= 3) a[k] = rest % 3 - 1;
        check_order_3();
    }
}
END_TEST

START_TEST(integers_of_order_3_are_exact_up_to_a_hundred_thousand)
{
    uint64_t state = 5;
    for (int round = 0; round < 2000; round++) {
        const int size = round % 2 ? 9 : 100000;
        for (size_t k = 0; k < 9; k++) {
            a[k] = random_integer(&state, -size, size);
            v[k] = random_integer(&state, -size, size);
            w[k] = random_integer(&state, -size, size);
        }
        exact_derivatives exact = {.cofactor = reference};
        exact_differentiate(EXACT_FADDEEV_LEVERRIER, 3, a, v, w, &exact);
        determinant_factor *factor = factor_of(3, a);
        ck_assert_double_le(fabs(determinant_value(factor) - exact.determinant),
                            4 * DBL_EPSILON * fabs(exact.determinant));
        cofactor_of(factor, result);
        for (size_t k = 0; k < 9; k++) ck_assert_double_eq(result[k], reference[k]);
    }
}
END_TEST

/* ---- singular and nearly so ---------------------------------------------------------------- */

START_TEST(singular_matrices_have_determinant_0_and_no_gradient_of_the_logarithm)
{
    for (uint64_t seed = 1; seed <= 400; seed++) {
        const size_t n = seed <= 396 ? 2 + (size_t)seed % 11 : 40;
        uint64_t state = seed;
        matrix_of_rank(n, n - 1 - (size_t)seed % 2, seed % 3 ? 9 : 999, &state, a);
        determinant_factor *factor = factor_of(n, a);
        int sign = 7;
        ck_assert_msg(determinant_value(factor) == 0, "seed %llu", (unsigned long long)seed);
        ck_assert_double_eq(determinant_log_abs(factor, &sign), -INFINITY);
        ck_assert_int_eq(sign, 0);
        ck_assert_int_eq(determinant_log_gradient(factor, result, &scratch), DETERMINANT_SINGULAR);
    }
}
END_TEST

/* n pivots less as many as the rank are exactly 0, and so are products that need them. */
START_TEST(cofactors_vanish_exactly_below_rank_n_minus_1)
{
    memset(reference, 0, sizeof reference);
    for (uint64_t seed = 1; seed <= 200; seed++) {
        const size_t n = 4 + (size_t)seed % 7, count = n * n;
        uint64_t state = seed;
        matrix_of_rank(n, n - 2 - (size_t)seed % 2, 99, &state, a);
        for (size_t k = 0; k < count; k++) v[k] = random_normal(&state);
        determinant_factor *factor = factor_of(n, a);
        cofactor_of(factor, result);
        check_same(count, result, reference, "cof");
        first_of(factor, v, result);
        if (seed % 2) check_same(count, result, reference, "D cof");
    }
}
END_TEST

/* Entries of every size without an order: no more is lost than by changes in the last places. */
START_TEST(entries_of_every_size_keep_their_digits)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        const size_t n = 3 + (size_t)seed % 6;
        uint64_t state = seed;
        for (size_t k = 0; k < n * n; k++) {
            const int grade = -6 * (int)(k / n < k % n ? k / n : k % n);
            const int exponent = seed % 2 ? random_integer(&state, -80, 80) : grade;
            a[k] = ldexp(random_normal(&state), exponent);
        }
        exact_derivatives exact = {.cofactor = reference};
        exact_differentiate(EXACT_FASTEST, n, a, NULL, NULL, &exact);
        determinant_factor *factor = factor_of(n, a);
        const double error = determinant_value(factor) / exact.determinant - 1;
        ck_assert_msg(fabs(error) <= 1e-12, "seed %llu: %g", (unsigned long long)seed, error);
        cofactor_of(factor, result);
        ck_assert_double_le(relative_error(n, result, reference, NORMWISE, 0), 1e-12);
    }
}
END_TEST

/* The last row is a combination of the others but for the last place of one entry. */
START_TEST(a_nonsingular_matrix_never_has_determinant_0)
{
    int subtle = 0;
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        const size_t n = 3 + (size_t)seed % 6, last = (n - 1) * n;
        uint64_t state = seed;
        for (size_t k = 0; k < n * n; k++) a[k] = random_integer(&state, -99, 99) / 8.;
        for (size_t j = 0; j < n; j++) {
            a[last + j] = 0;
            for (size_t i = 0; i + 1 < n; i++) a[last + j] += a[i * n + j] * (i % 2 ? 3 : -1);
        }
        if (a[last + seed % n] == 0) continue;
        a[last + seed % n] = nextafter(a[last + seed % n], INFINITY);
        exact_derivatives exact = {0};
        exact_differentiate(EXACT_FRACTION_FREE, n, a, NULL, NULL, &exact);
        const double value = determinant_value(factor_of(n, a));
        ck_assert_msg(fabs(value - exact.determinant) <= 1e-12 * fabs(exact.determinant),
                      "seed %llu: %a, not %a", (unsigned long long)seed, value, exact.determinant);
        subtle += exact.determinant != 0;
    }
    ck_assert_int_gt(subtle, 900);
}
END_TEST

/* 1/3 - (1/3) 1 is 0 in elimination, but 3 fl(1/3) - 1 is not. */
START_TEST(a_large_nonsingular_matrix_whose_last_pivot_vanishes_has_its_determinant)
{
    enum { ORDER = 70, CORNER = ORDER - 2 };
    static double large[ORDER * ORDER];
    for (size_t i = 0; i < ORDER; i++) large[i * ORDER + i] = i < CORNER;
    large[CORNER * ORDER + CORNER] = 3;
    large[CORNER * ORDER + CORNER + 1] = large[(CORNER + 1) * ORDER + CORNER] = 1;
    large[(CORNER + 1) * ORDER + CORNER + 1] = 1. / 3;
    ck_assert_double_eq(determinant_value(factor_of(ORDER, large)), fma(3, 1. / 3, -1));
}
END_TEST

START_TEST(the_derivative_in_the_direction_0_is_0)
{
    for (size_t n = 3; n <= 6; n++) {
        memset(v, 0, sizeof v), memset(reference, 0, sizeof reference);
        for (size_t k = 0; k < n * n; k++) a[k] = w[k] = (double)(k * k % 7) - 2.5;
        determinant_factor *factor = factor_of(n, a);
        first_of(factor, v, result);
        check_same(n * n, result, reference, "D cof");
        second_of(factor, v, w, result);
        check_same(n * n, result, reference, "D^2 cof");
    }
}
END_TEST

START_TEST(a_matrix_of_zeros_is_exact)
{
    for (size_t n = 2; n <= 40; n += n < 5 ? 1 : 35) {
        memset(a, 0, sizeof a), memset(reference, 0, sizeof reference);
        for (size_t k = 0; k < n * n; k++) v[k] = w[k] = (double)k - 3;
        determinant_factor *factor = factor_of(n, a);
        ck_assert_double_eq(determinant_value(factor), 0);
        cofactor_of(factor, result);
        check_same(n * n, result, reference, "cof");
        if (n > 2) {
            first_of(factor, v, result);
            check_same(n * n, result, reference, "D cof");
        }
        if (n > 3) {
            second_of(factor, v, w, result);
            check_same(n * n, result, reference, "D^2 cof");
        }
    }
}
END_TEST

/* ---- range --------------------------------------------------------------------------------- */

START_TEST(results_beyond_the_range_of_double_are_rounded_once)
{
    static const int exponents[][4] = {{-300, -300, -300, -140}, {-1000, 500, -570, 0},
                                       {-1074, 0, 0, 0},         {-540, -530, -1, -2},
                                       {300, 300, 300, 200},     {1000, -1000, 1000, -1000}};
    uint64_t state = 3;
    for (size_t k = 0; k < 6; k++)
        for (size_t n = 2; n <= 4; n++) {
            memset(a, 0, sizeof a);
            for (size_t i = 0; i < n; i++)
                a[i * n + i] = ldexp(random_integer(&state, 1, 127), exponents[k][i]);
            exact_derivatives exact = {.cofactor = reference};
            exact_differentiate(EXACT_FADDEEV_LEVERRIER, n, a, NULL, NULL, &exact);
            determinant_factor *factor = factor_of(n, a);
            ck_assert_double_eq(determinant_value(factor), exact.determinant);
            cofactor_of(factor, result);
            for (size_t i = 0; i < n * n; i++) ck_assert_double_eq(result[i], reference[i]);
            const double log_abs = log(exact.mantissa) + (double)exact.exponent * log(2);
            ck_assert_double_eq_tol(determinant_log_abs(factor, NULL), log_abs, 1e-12);
        }
}
END_TEST

/* A direction whose entries lie up to 1400 bits apart. */
START_TEST(directions_of_every_size_at_once_are_accurate)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        const size_t n = 2 + (size_t)seed % 6;
        uint64_t state = seed;
        for (size_t k = 0; k < n * n; k++) {
            a[k] = random_normal(&state);
            v[k] = ldexp(random_normal(&state), random_integer(&state, -1000, 400));
            w[k] = random_normal(&state);
        }
        exact_derivatives exact = {.first_v = reference};
        exact_differentiate(EXACT_FASTEST, n, a, v, w, &exact);
        determinant_factor *factor = factor_of(n, a);
        first_of(factor, v, result);
        ck_assert_double_le(relative_error(n, result, reference, NORMWISE, 0), 1e-11);
        exact = (exact_derivatives){.second = reference};
        exact_differentiate(EXACT_FASTEST, n, a, v, w, &exact);
        second_of(factor, v, w, result);
        ck_assert_double_le(relative_error(n, result, reference, NORMWISE, 0), 1e-11);
    }
}
END_TEST

/* Rows of A and of V that differ by hundreds of powers of ten: each row of the result is right to
 * its own size, although a row of V 2^400 times as large must cancel in it. */
START_TEST(rows_of_every_size_keep_their_digits)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        const size_t n = 3 + (size_t)seed % 6;
        uint64_t state = seed;
        for (size_t i = 0; i < n; i++) {
            const int exponent = random_integer(&state, -480, 480);
            for (size_t j = 0; j < n; j++) {
                a[i * n + j] = ldexp(random_normal(&state), exponent);
                v[i * n + j] = random_normal(&state);
            }
        }
        exact_derivatives exact = {.first_v = reference};
        exact_differentiate(EXACT_FASTEST, n, a, v, NULL, &exact);
        first_of(factor_of(n, a), v, result);
        const double error = relative_error(n, result, reference, BY_ROWS, 0);
        ck_assert_msg(error <= 1e-10, "seed %llu: %g", (unsigned long long)seed, error);
    }
}
END_TEST

START_TEST(nan_among_the_entries_gives_nan_where_it_takes_part)
{
    for (size_t n = 2; n <= 40; n += n < 5 ? 1 : 35) {
        const size_t last = n * n - 1;
        for (size_t i = 0; i < n * n; i++) a[i] = v[i] = w[i] = i % (n + 1) ? 0.5 : 2;
        determinant_factor *factor = factor_of(n, a);
        w[n] = NAN;
        second_of(factor, v, w, result);
        ck_assert(!isnan(result[0]) && (n < 3 || isnan(result[last])));
        v[1] = NAN;
        first_of(factor, v, result);
        ck_assert(!isnan(result[0]) && isnan(result[n * n - n]));
        v[1] = a[last] = NAN;
        factor = factor_of(n, a);
        int sign = 7;
        ck_assert(isnan(determinant_value(factor)));
        ck_assert(isnan(determinant_log_abs(factor, &sign)));
        ck_assert_int_eq(sign, 0);
        cofactor_of(factor, result);
        ck_assert(isnan(result[0]) && !isnan(result[last]));
        ck_assert_int_eq(determinant_log_gradient(factor, result, &scratch), DETERMINANT_OK);
        ck_assert(isnan(result[0]) && isnan(result[last]));
    }
}
END_TEST

START_TEST(a_matrix_too_large_to_count_is_out_of_memory)
{
    ck_assert_ptr_null(determinant_factor_new((size_t)1 << 33, a, &of_factor));
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("determinant contract");
    TCase *edges = tcase_create("edges");
    tcase_add_checked_fixture(edges, determinant_set_up, determinant_tear_down);
    tcase_add_test(edges, the_empty_matrix_has_determinant_1);
    tcase_add_test(edges, order_1_is_exact);
    tcase_add_test(edges, cofactors_of_order_2_are_the_entries);
    tcase_add_test(edges, small_integers_of_order_2_are_exact);
    tcase_add_test(edges, small_integers_of_order_3_are_exact);
    tcase_add_test(edges, integers_of_order_3_are_exact_up_to_a_hundred_thousand);
    tcase_add_test(edges, singular_matrices_have_determinant_0_and_no_gradient_of_the_logarithm);
    tcase_add_test(edges, cofactors_vanish_exactly_below_rank_n_minus_1);
    tcase_add_test(edges, entries_of_every_size_keep_their_digits);
    tcase_add_test(edges, a_nonsingular_matrix_never_has_determinant_0);
    tcase_add_test(edges, a_large_nonsingular_matrix_whose_last_pivot_vanishes_has_its_determinant);
    tcase_add_test(edges, the_derivative_in_the_direction_0_is_0);
    tcase_add_test(edges, a_matrix_of_zeros_is_exact);
    tcase_add_test(edges, results_beyond_the_range_of_double_are_rounded_once);
    tcase_add_test(edges, directions_of_every_size_at_once_are_accurate);
    tcase_add_test(edges, rows_of_every_size_keep_their_digits);
    tcase_add_test(edges, nan_among_the_entries_gives_nan_where_it_takes_part);
    tcase_add_test(edges, a_matrix_too_large_to_count_is_out_of_memory);
    suite_add_tcase(s, edges);
    return s;
}

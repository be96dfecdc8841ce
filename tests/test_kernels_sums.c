/* SPDX-License-Identifier: MIT */
/* Sums, norms and bilinear forms of the kernels, against extended precision. */
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
    state = 1;
}

/* ---- sums -------------------------------------------------------------------------------- */

static const size_t lengths[] = {0, 1, 2, 3, 7, 8, 9, 31, 127, 128, 129, 255, 257, 1000, 100000};

START_TEST(sums_are_good_to_a_few_units_of_the_terms)
{
    for (size_t s = 0; s < sizeof lengths / sizeof *lengths; s++) {
        const size_t n = lengths[s];
        double *x = random_array(&state, n), *y = random_array(&state, n);
        long double sum = 0, sizes = 0, dot = 0, products = 0;
        for (size_t i = 0; i < n; i++) {
            x[i] *= i % 3 ? 1e8 : 1;
            sum += x[i];
            sizes += fabs(x[i]);
            dot += (long double)x[i] * y[i];
            products += fabsl((long double)x[i] * y[i]);
        }
        ck_assert(fabsl(kernel_sum(n, x) - sum) <= 4 * DBL_EPSILON * sizes);
        ck_assert(fabsl(kernel_dot(n, x, y) - dot) <= 4 * DBL_EPSILON * products);
        free(x), free(y);
    }
}
END_TEST

START_TEST(a_million_tenths_sum_without_drift)
{
    enum { COUNT = 1000000 };
    double *x = random_array(&state, COUNT);
    for (size_t i = 0; i < COUNT; i++) x[i] = 0.1;
    ck_assert_double_eq_tol(kernel_sum(COUNT, x), 100000, 3e-11); /* one by one: 1e-6 */
    free(x);
}
END_TEST

START_TEST(sums_do_not_depend_on_alignment)
{
    enum { COUNT = 1003 };
    double *x = random_array(&state, COUNT), *block = random_array(&state, COUNT + 8);
    const double sum = kernel_sum(COUNT, x), dot = kernel_dot(COUNT, x, x);
    const double norm = kernel_norm2(COUNT, x);
    for (size_t count = 1; count < 8; count++) {
        const double *y = memcpy(block + count, x, COUNT * sizeof *x);
        ck_assert_double_eq(kernel_sum(COUNT, y), sum);
        ck_assert_double_eq(kernel_dot(COUNT, x, y), dot);
        ck_assert_double_eq(kernel_norm2(COUNT, y), norm);
    }
    free(x), free(block);
}
END_TEST

START_TEST(sums_carry_nan_and_infinity)
{
    double x[20] = {0}, y[20] = {0};
    x[13] = INFINITY;
    ck_assert_double_eq(kernel_sum(20, x), INFINITY);
    ck_assert(isnan(kernel_dot(20, x, y)));
    x[19] = -INFINITY;
    ck_assert(isnan(kernel_sum(20, x)));
}
END_TEST

/* ---- the norm ---------------------------------------------------------------------------- */

START_TEST(norms_of_simple_vectors_are_exact)
{
    ck_assert_double_eq(kernel_norm2(0, NULL), 0);
    ck_assert_double_eq(kernel_norm2(2, (const double[]){3, -4}), 5);
    ck_assert_double_eq(kernel_norm2(3, (const double[]){0, 0, -0.0}), 0);
    ck_assert(!signbit(kernel_norm2(1, (const double[]){-0.0})));
    for (int e = -1074; e <= 1020; e++) {
        const double x[] = {ldexp(3, e), ldexp(4, e)};
        ck_assert_double_eq(kernel_norm2(2, x), ldexp(5, e));
        ck_assert_double_eq(kernel_norm2(1, x), x[0]);
    }
    ck_assert_double_eq_tol(kernel_norm2(2, (const double[]){3e200, 4e200}) / 5e200, 1, 3e-16);
    ck_assert_double_eq_tol(kernel_norm2(2, (const double[]){3e-200, 4e-200}) / 5e-200, 1, 3e-16);
    ck_assert_double_eq(kernel_norm2(1, (const double[]){DBL_MAX}), DBL_MAX);
    ck_assert_double_eq(kernel_norm2(2, (const double[]){DBL_MAX, DBL_MAX}), INFINITY);
}
END_TEST

START_TEST(norms_are_accurate_at_every_scale)
{
    enum { COUNT = 300 };
    double *x = random_array(&state, COUNT), y[COUNT];
    for (int e = -1060; e <= 1010; e += 23) {
        long double squares = 0;
        for (size_t i = 0; i < COUNT; i++) {
            y[i] = ldexp(x[i], e - (int)(i % 40));
            squares += (long double)ldexp(y[i], -e) * ldexp(y[i], -e);
        }
        const long double expected = sqrtl(squares);
        const double unit = fmax(4 * DBL_EPSILON, ldexp(1, -1074 - e)); /* of subnormal results */
        ck_assert(fabsl(ldexp(kernel_norm2(COUNT, y), -e) - expected) <= unit * expected);
    }
    free(x);
}
END_TEST

START_TEST(norms_are_nan_if_any_entry_is_and_else_infinite_if_any_is)
{
    ck_assert_double_eq(kernel_norm2(2, (const double[]){1, -INFINITY}), INFINITY);
    ck_assert(isnan(kernel_norm2(2, (const double[]){INFINITY, NAN})));
    ck_assert(isnan(kernel_norm2(2, (const double[]){NAN, INFINITY})));
    ck_assert(isnan(kernel_norm2(3, (const double[]){1e200, NAN, 1e200})));
    ck_assert(isnan(kernel_norm2(2, (const double[]){1e-300, NAN})));
}
END_TEST

START_TEST(bilinear_forms_are_rounded_once)
{
    const double one = 1, ones[6] = {1, 1, 1, 1, 1, 1};
    const double far[] = {1e200, 1e200, 1e200, 1e200, 1e200, 1e200};
    const double near[] = {1.1e200, 1.1e200, 1.1e200, -1.1e200, -1.1e200, -1.1e200};
    ck_assert_double_eq(kernel_bilinear(1, 6, &one, far, near), 0);
    const double apart[] = {DBL_MAX, 1, 0x1p-1074, -DBL_MAX, -1, 0};
    ck_assert_double_eq(kernel_bilinear(6, 1, apart, ones, &one), 0x1p-1074);
    ck_assert_double_eq(kernel_bilinear(2, 1, (const double[]){1, 0x1p-53}, ones, &one), 1);
    ck_assert_double_eq(kernel_bilinear(3, 1, (const double[]){1, 0x1p-53, 0x1p-1000}, ones, &one),
                        1 + DBL_EPSILON);
    ck_assert_double_eq(kernel_bilinear(2, 1, (const double[]){-1, -3}, ones, &one), -4);
    const double a[] = {1 + DBL_EPSILON, -1}, x[] = {1 + DBL_EPSILON, 1};
    const double y = 1 + DBL_EPSILON; /* (1 + d)^3 - (1 + d) = 2 d + 3 d^2 + d^3 */
    ck_assert_double_eq(kernel_bilinear(2, 1, x, a, &y), 2 * DBL_EPSILON * (1 + 1.5 * DBL_EPSILON));
}
END_TEST

START_TEST(bilinear_forms_reach_both_ends_of_the_range)
{
    const double most = DBL_MAX, least = 0x1p-1074, minus = -DBL_MAX, large[] = {DBL_MAX, DBL_MAX};
    const double ones[] = {1, 1};
    ck_assert_double_eq(kernel_bilinear(1, 1, &least, &least, &least), 0);
    ck_assert_double_eq(kernel_bilinear(1, 1, &most, &most, &most), (double)INFINITY);
    ck_assert_double_eq(kernel_bilinear(1, 1, &minus, &minus, &minus), -(double)INFINITY);
    ck_assert_double_eq(kernel_bilinear(1, 1, &most, &least, &least), DBL_MAX * least * least);
    ck_assert_double_eq(kernel_bilinear(1, 1, &(double){1}, &most, &least), DBL_MAX * least);
    ck_assert_double_eq(kernel_bilinear(2, 1, large, ones, ones), (double)INFINITY);
    ck_assert_double_eq(kernel_bilinear(2, 1, large, ones, &(double){0.5}), DBL_MAX);
    ck_assert_double_eq(kernel_bilinear(0, 1, NULL, NULL, &least), 0);
}
END_TEST

static long double extended_form(size_t n, const double *x, const double *a, const double *y)
{
    long double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) sum += (long double)x[i] * a[i * n + j] * y[j];
    return sum;
}

START_TEST(bilinear_forms_of_random_numbers_are_accurate)
{
    enum { N = 20 };
    for (int round = 0; round < 20; round++) {
        double *x = random_array(&state, N), *a = random_array(&state, N * N);
        double *y = random_array(&state, N);
        const long double expected = extended_form(N, x, a, y);
        const long double error = kernel_bilinear(N, N, x, a, y) - expected;
        /* An emulator's long double may be a double. */
        const volatile long double next = 1 + LDBL_EPSILON;
        const long double spacing = next == 1 ? DBL_EPSILON : LDBL_EPSILON;
        ck_assert(fabsl(error) <= DBL_EPSILON / 2 * fabsl(expected) + N * N * spacing);
        free(x), free(a), free(y);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("kernels sums");
    TCase *sums = tcase_create("sums");
    tcase_add_checked_fixture(sums, setup, NULL);
    tcase_add_test(sums, sums_are_good_to_a_few_units_of_the_terms);
    tcase_add_test(sums, a_million_tenths_sum_without_drift);
    tcase_add_test(sums, sums_do_not_depend_on_alignment);
    tcase_add_test(sums, sums_carry_nan_and_infinity);
    tcase_add_test(sums, norms_of_simple_vectors_are_exact);
    tcase_add_test(sums, norms_are_accurate_at_every_scale);
    tcase_add_test(sums, norms_are_nan_if_any_entry_is_and_else_infinite_if_any_is);
    tcase_add_test(sums, bilinear_forms_are_rounded_once);
    tcase_add_test(sums, bilinear_forms_reach_both_ends_of_the_range);
    tcase_add_test(sums, bilinear_forms_of_random_numbers_are_accurate);
    suite_add_tcase(s, sums);
    return s;
}

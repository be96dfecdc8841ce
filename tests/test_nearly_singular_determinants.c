/* SPDX-License-Identifier: MIT */
/* Determinants that elimination cannot tell from 0: their sign, whether they are 0, and that value
 * and gradient belong together. */
#include <math.h>
#include <string.h>

#include "ops/determinant/integers.h"
#include "tests/determinant_accuracy.h"
#include "tests/determinant_fixture.h"
#include "tests/exact.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

enum { LARGEST = 64 };

static double a[LARGEST * LARGEST], result[LARGEST * LARGEST];

/* The sign of the determinant of a, and its first two digits, though all of it but 1 in 2^200 may
 * cancel; its factor. */
static determinant_factor *check_value(size_t n, const char *what, uint64_t seed)
{
    arena_reset(&of_factor);
    exact_derivatives exact = {0};
    exact_differentiate(EXACT_FASTEST, n, a, NULL, NULL, &exact);
    determinant_factor *factor = determinant_factor_new(n, a, &of_factor);
    int sign;
    (void)determinant_log_abs(factor, &sign);
    const double value = determinant_value(factor);
    ck_assert_msg(fabs(value - exact.determinant) <= 1e-2 * fabs(exact.determinant) &&
                      sign == (exact.mantissa > 0) - (exact.mantissa < 0),
                  "%s, seed %llu, n = %zu: %a, not %a", what, (unsigned long long)seed, n, value,
                  exact.determinant);
    return factor;
}

static void load(size_t n, const double *entries)
{
    memcpy(a, entries, n * n * sizeof *a);
}

START_TEST(determinants_of_1_among_integers_of_15_digits_are_1)
{
    static const double three[] = {525937654278903, 3134525709671833, 1383011265378339,
                                   -46490167040719, -277075852337265, -122251039117934,
                                   219363195078096, 1307378487040461, 576839797519426};
    static const double four[] = {35229398486479, -32461446489023, 2416495143892, 74778099072272,
                                  14353692268854, -13222967473725, 980940489743,  30462075751565,
                                  37542902556526, -34611829666806, 2597989705572, 79721119362017,
                                  87502927305091, -80632990358791, 6008353685097, 185743029776756};
    load(3, three);
    ck_assert_double_eq(determinant_value(check_value(3, "three", 0)), 1);
    load(4, four);
    ck_assert_double_eq(determinant_value(check_value(4, "four", 0)), 1);
}
END_TEST

/* Multiples of rows and columns added to each other, as long as the integers stay below 2^50:
 * det(A) = +-factor. */
static void mix(size_t n, double factor, uint64_t *state)
{
    for (size_t k = 0; k < n * n; k++) a[k] = k % (n + 1) == 0;
    a[0] = factor;
    for (int step = 0; step < 40 * (int)n; step++) {
        const size_t i = (size_t)random_integer(state, 0, (int)n - 1);
        const size_t j = (i + (size_t)random_integer(state, 1, (int)n - 1)) % n;
        const size_t along = step % 2 ? 1 : n, across = step % 2 ? n : 1;
        const int times = random_integer(state, -3, 3);
        double *to = a + i * across, *from = a + j * across, largest = 0;
        for (size_t k = 0; k < n * along; k += along)
            largest = fmax(largest, fabs(to[k]) + fabs(times * from[k]));
        if (largest < 0x1p50)
            for (size_t k = 0; k < n * along; k += along) to[k] += times * from[k];
    }
    matrix_permute(n, state, a);
}

START_TEST(small_determinants_of_large_integers_have_their_sign)
{
    for (uint64_t seed = 1; seed <= 240; seed++) {
        const size_t n = 3 + (size_t)seed % 10;
        uint64_t state = seed;
        mix(n, (double)(seed % 5) - 2, &state);
        determinant_factor *factor = check_value(n, "mixed", seed);
        ck_assert_int_eq(determinant_log_gradient(factor, result, &scratch) == DETERMINANT_SINGULAR,
                         seed % 5 == 2);
    }
}
END_TEST

START_TEST(so_do_those_of_larger_orders)
{
    const size_t n = 20 + 11 * (size_t)_i;
    uint64_t state = 77 + (uint64_t)_i;
    mix(n, 3, &state);
    (void)check_value(n, "mixed", state);
}
END_TEST

/* The last row is -3 times the first but for its rounding. */
START_TEST(nearly_dependent_rows_of_larger_orders_have_their_sign)
{
    for (size_t n = 33; n <= 41; n += 4) {
        uint64_t state = n;
        for (size_t k = 0; k < n * n; k++) a[k] = random_normal(&state);
        for (size_t j = 0; j < n; j++) a[(n - 1) * n + j] = -3 * a[j];
        (void)check_value(n, "dependent", n);
    }
}
END_TEST

/* The primes that tell the rank divide this determinant. */
START_TEST(a_determinant_of_the_primes_asked_first_is_not_0)
{
    static const double entries[] = {2147483647, 0, 0, 0, 0, 2147483629, 0, 0,
                                     1,          2, 3, 4, 5, 6,          7, 9};
    load(4, entries);
    ck_assert_double_eq(determinant_value(check_value(4, "primes", 0)), -2147483647. * 2147483629);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const size_t n = 3 + (size_t)seed % 4;
        uint64_t state = seed;
        mix(n, 2147483647, &state);
        for (size_t j = 0; j < n; j++) a[j] *= 16383;
        (void)check_value(n, "a prime", seed);
    }
}
END_TEST

/* Rows and columns of B, singular, and of t C beside each other: elimination meets tiny pivots that
 * are exact before the one that should be 0, and errors of B reach it through them. */
static void hide_behind_small_pivots(size_t n, double t, uint64_t *state)
{
    const size_t m = (n + 1) / 2 + 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = i < m && j >= m ? 0 : random_integer(state, -300, 300) * (j < m ? 1 : t);
    for (size_t j = 0; j < m; j++) a[(m - 1) * n + j] = a[j] + 2 * a[n + j];
    matrix_permute(n, state, a);
}

START_TEST(a_zero_behind_small_pivots_is_found)
{
    static const double sizes[] = {1, 0x1p-4, 0x1p-10, 0x1p-20};
    for (size_t n = 4; n <= 40; n += n < 12 ? 1 : 7)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + n;
            hide_behind_small_pivots(n, sizes[seed % 4], &state);
            determinant_factor *factor = factor_of(n, a);
            ck_assert_msg(determinant_value(factor) == 0, "seed %llu, n = %zu: %g",
                          (unsigned long long)seed, n, determinant_value(factor));
            ck_assert_int_eq(determinant_log_gradient(factor, result, &scratch),
                             DETERMINANT_SINGULAR);
        }
}
END_TEST

/* A = L D U, |l_ij| about 0.9 and pivots about 1, as integers over 2^49; the last column is a
 * combination of the others, so small that errors in it grow to the size of a pivot. */
static void hide_behind_growing_errors(size_t n, uint64_t *state)
{
    static double l[LARGEST * LARGEST], u[LARGEST * LARGEST];
    uint64_t weight[LARGEST], sum = 2;
    for (size_t i = 0; i < n; i++) {
        const double pivot = (i % 2 ? -1 : 1) * (0.95 + 0.05 * random_fraction(state));
        for (size_t j = 0; j < n; j++) {
            l[i * n + j] = i == j ? 1 : j < i ? -0.89 - 0.02 * random_fraction(state) : 0;
            u[i * n + j] = i == j ? pivot : j > i ? -0.3 * pivot : 0;
        }
    }
    weight[n - 1] = weight[n - 2] = 1;
    for (size_t i = n - 2; i-- > 0; sum += weight[i])
        weight[i] = (uint64_t)round(0.3 * (double)sum);
    for (size_t i = 0; i < n; i++) {
        uint64_t last = 0; /* modulo 2^64 */
        for (size_t j = 0; j + 1 < n; j++) {
            double product = 0;
            for (size_t m = 0; m < n; m++) product += l[i * n + m] * u[m * n + j];
            const int64_t digits = llround(ldexp(product, 49));
            a[i * n + j] = ldexp((double)digits, -49);
            last -= (uint64_t)digits * weight[j];
        }
        a[i * n + n - 1] = ldexp((double)(int64_t)last, -49);
    }
}

START_TEST(a_zero_behind_errors_that_grow_is_found)
{
    for (size_t n = 33; n <= 36; n++) {
        uint64_t state = n * UINT64_C(0x9e3779b97f4a7c15);
        hide_behind_growing_errors(n, &state);
        ck_assert_double_eq(determinant_value(factor_of(n, a)), 0);
        a[n * n - 1] += 0x1p-49;
        (void)check_value(n, "one more in the corner", n);
    }
}
END_TEST

START_TEST(a_determinant_of_1_behind_a_small_pivot_has_its_sign)
{
    /* clang-format off */
    static const double entries[] = {140694835932181, 151112000028625, 144252865634069, 0,
                                     91581412563092, 98362177467699, 93897413669751, 0,
                                     -352261786137024, -378343545431016, -361170129752309, 0,
                                     1, 0, 1, 1};
    /* clang-format on */
    load(4, entries);
    (void)check_value(4, "one", 0);
}
END_TEST

/* Unit triangles of integers, multiplied and permuted: det(A) = +-1. */
START_TEST(products_of_unit_triangles_have_a_determinant_about_1)
{
    enum { ORDER = 60 };
    static double l[ORDER * ORDER], u[ORDER * ORDER];
    for (uint64_t seed = 1; seed <= 4; seed++) {
        uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15);
        for (size_t k = 0; k < ORDER * ORDER; k++) {
            const size_t i = k / ORDER, j = k % ORDER;
            const double x = random_integer(&state, -2, 2);
            l[k] = j < i ? x : j == i;
            u[k] = j > i ? x : j == i;
        }
        for (size_t k = 0; k < ORDER * ORDER; k++) {
            a[k] = 0;
            for (size_t m = 0; m < ORDER; m++)
                a[k] += l[k / ORDER * ORDER + m] * u[m * ORDER + k % ORDER];
        }
        matrix_permute(ORDER, &state, a);
        const double value = determinant_value(factor_of(ORDER, a));
        ck_assert_msg(fabs(fabs(value) - 1) <= 1e-6, "seed %llu: %.17g", (unsigned long long)seed,
                      value);
    }
}
END_TEST

START_TEST(the_gradient_belongs_to_the_value)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        const size_t n = 3 + (size_t)seed % 8;
        uint64_t state = seed;
        mix(n, 5, &state);
        const determinant_errors errors = determinant_measure(n, a, a, a, NORMWISE);
        ck_assert_msg(errors.gradient < 1e-12 && errors.log_gradient < 1e-12,
                      "seed %llu, n = %zu: %g, %g", (unsigned long long)seed, n, errors.gradient,
                      errors.log_gradient);
    }
}
END_TEST

static bool is_prime(uint64_t x)
{
    for (uint64_t d = 2; d * d <= x; d++)
        if (x % d == 0) return false;
    return true;
}

START_TEST(the_primes_are_the_largest_below_2_to_the_31)
{
    uint64_t candidate = (uint64_t)1 << 31;
    for (size_t k = 0; k < MODULAR_PRIMES; k++) {
        while (!is_prime(--candidate)) {
        }
        ck_assert_uint_eq(modular_prime(k), candidate);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("nearly singular determinants");
    TCase *values = tcase_create("values");
    tcase_add_checked_fixture(values, determinant_set_up, determinant_tear_down);
    tcase_add_test(values, determinants_of_1_among_integers_of_15_digits_are_1);
    tcase_add_test(values, small_determinants_of_large_integers_have_their_sign);
    tcase_add_loop_test(values, so_do_those_of_larger_orders, 0, 4);
    tcase_add_test(values, nearly_dependent_rows_of_larger_orders_have_their_sign);
    tcase_add_test(values, a_determinant_of_the_primes_asked_first_is_not_0);
    tcase_add_test(values, a_zero_behind_small_pivots_is_found);
    tcase_add_test(values, a_zero_behind_errors_that_grow_is_found);
    tcase_add_test(values, a_determinant_of_1_behind_a_small_pivot_has_its_sign);
    tcase_add_test(values, products_of_unit_triangles_have_a_determinant_about_1);
    tcase_add_test(values, the_gradient_belongs_to_the_value);
    tcase_add_test(values, the_primes_are_the_largest_below_2_to_the_31);
    suite_add_tcase(s, values);
    return s;
}

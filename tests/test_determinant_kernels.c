/* SPDX-License-Identifier: MIT */
/* The determinant kernels: accuracy against exact references. */
#include <math.h>
#include <string.h>

#include "tests/determinant_accuracy.h"
#include "tests/determinant_fixture.h"
#include "tests/exact.h"
#include "tests/hard_determinants.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

static hard_determinant *cases;
static size_t case_count;

static void load(void)
{
    cases = hard_determinants_load("tests/data/hard-determinants.json", &case_count);
    ck_assert_msg(cases && case_count >= 15, "%zu cases", case_count);
    determinant_set_up();
}

static void unload(void)
{
    hard_determinants_free(cases, case_count);
    determinant_tear_down();
}

static bool badly_scaled(const hard_determinant *c)
{
    return strcmp(c->class_name, "badly_scaled") == 0;
}

/* Badly scaled matrices row by row or column by column, all others as a whole and by how close to
 * sigma_1 the given singular value is. */
static void check_matrix(const hard_determinant *c, const char *what, const double *value,
                         const double *reference, double sigma)
{
    const double zero = pow(c->sigma_1, (double)c->n - 1);
    const double ratio = sigma > 0 && !badly_scaled(c) ? 1e-3 * c->sigma_1 / sigma : 1;
    const double bound = 1e-10 * (ratio > 1 ? ratio : 1);
    double error = relative_error(c->n, value, reference, NORMWISE, zero);
    if (badly_scaled(c)) {
        const double rows = relative_error(c->n, value, reference, BY_ROWS, 0);
        const double columns = relative_error(c->n, value, reference, BY_COLUMNS, 0);
        error = rows < columns ? rows : columns;
    }
    ck_assert_msg(error <= bound, "%s: %s: error %.2g, bound %.2g", c->id, what, error, bound);
}

START_TEST(stored_cases_have_their_determinants)
{
    for (size_t k = 0; k < case_count; k++) {
        const hard_determinant *c = &cases[k];
        const determinant_factor *factor = determinant_factor_new(c->n, c->a, &of_factor);
        const double value = determinant_value(factor);
        if (c->determinant_status == REFERENCE_ZERO) ck_assert_double_eq(value, 0);
        if (c->determinant_status == REFERENCE_UNDERFLOW)
            ck_assert_double_lt(fabs(value), 0x1p-1022);
        if (!c->gradient) continue;
        double largest = 0;
        for (size_t i = 0; i < c->n * c->n; i++) largest = fmax(largest, fabs(c->gradient[i]));
        const double error = fabs(value - c->determinant);
        ck_assert_msg(error <= 1e-12 * c->sigma_1 * largest, "%s: %a, not %a", c->id, value,
                      c->determinant);
    }
}
END_TEST

START_TEST(stored_cases_have_their_gradients)
{
    for (size_t k = 0; k < case_count; k++) {
        const hard_determinant *c = &cases[k];
        if (!c->gradient) continue;
        determinant_factor *factor = determinant_factor_new(c->n, c->a, &of_factor);
        double *cofactor = arena_take_array(&of_factor, c->n * c->n, sizeof *cofactor);
        cofactor_of(factor, cofactor);
        check_matrix(c, "gradient", cofactor, c->gradient, c->sigma_before_last);
    }
}
END_TEST

START_TEST(stored_cases_have_their_hessian_vector_products)
{
    for (size_t k = 0; k < case_count; k++) {
        const hard_determinant *c = &cases[k];
        if (!c->hvp) continue;
        determinant_factor *factor = determinant_factor_new(c->n, c->a, &of_factor);
        double *product = arena_take_array(&of_factor, c->n * c->n, sizeof *product);
        first_of(factor, c->direction, product);
        check_matrix(c, "Hessian-vector product", product, c->hvp, c->sigma_before_last);
    }
}
END_TEST

START_TEST(stored_cases_have_their_logarithms)
{
    for (size_t k = 0; k < case_count; k++) {
        const hard_determinant *c = &cases[k];
        const determinant_factor *factor = determinant_factor_new(c->n, c->a, &of_factor);
        const double ratio = badly_scaled(c) ? 1e3 : c->sigma_1 / c->sigma_n;
        const double bound = 1e-13 * (double)c->n + 1e-12 * fabs(c->log_abs) + 1e-14 * ratio;
        int sign;
        const double value = determinant_log_abs(factor, &sign);
        ck_assert_msg(sign == c->sign, "%s: sign %d, not %d", c->id, sign, c->sign);
        if (c->sign == 0) ck_assert_double_eq(value, -INFINITY);
        else
            ck_assert_msg(fabs(value - c->log_abs) <= bound, "%s: %a, not %a", c->id, value,
                          c->log_abs);
    }
}
END_TEST

static void check_samples(const hard_determinant *c, const double *gradient)
{
    for (size_t s = 0; s < c->samples; s++) {
        const size_t i = (size_t)c->sample[3 * s], j = (size_t)c->sample[3 * s + 1];
        const double error = fabs(gradient[i * c->n + j] - c->sample[3 * s + 2]);
        ck_assert_msg(error <= 1e-10 * c->log_gradient_largest, "%s: (%zu, %zu) wrong by %g", c->id,
                      i, j, error);
    }
}

START_TEST(stored_cases_have_their_gradients_of_the_logarithm)
{
    for (size_t k = 0; k < case_count; k++) {
        const hard_determinant *c = &cases[k];
        determinant_factor *factor = determinant_factor_new(c->n, c->a, &of_factor);
        double *gradient = arena_take_array(&of_factor, c->n * c->n, sizeof *gradient);
        const determinant_status status = determinant_log_gradient(factor, gradient, &scratch);
        ck_assert_msg((status == DETERMINANT_SINGULAR) ==
                          (c->log_gradient_status == REFERENCE_SINGULAR),
                      "%s", c->id);
        if (c->log_gradient) check_matrix(c, "A^-T", gradient, c->log_gradient, c->sigma_n);
        check_samples(c, gradient);
    }
}
END_TEST

/* ---- random matrices, whose seed is told on failure ---------------------------------------- */

static uint64_t seed;

#define CHECK_BOUND(errors, field, bound)                                                          \
    ck_assert_msg((errors).field <= (bound), "seed %llu, %s, n = %zu: " #field " error %.2g",      \
                  (unsigned long long)seed, what, n, (double)(errors).field)

static void check_errors(const char *what, size_t n, determinant_errors errors, double gradient,
                         double first, double second)
{
    CHECK_BOUND(errors, value, 1e-12);
    CHECK_BOUND(errors, log_abs, 1);
    CHECK_BOUND(errors, gradient, gradient);
    CHECK_BOUND(errors, log_gradient, 1e-12);
    CHECK_BOUND(errors, first, first);
    CHECK_BOUND(errors, second, second);
    CHECK_BOUND(errors, minus_zeros, 0);
    ck_assert_msg(!errors.wrong_sign, "seed %llu, %s, n = %zu", (unsigned long long)seed, what, n);
}

static comparison comparison_of(matrix_family family)
{
    return family == FAMILY_ROWS_SCALED      ? BY_ROWS
           : family == FAMILY_COLUMNS_SCALED ? BY_COLUMNS
                                             : NORMWISE;
}

static void check_family(matrix_family family, size_t n)
{
    double *a = arena_take_array(&of_factor, 3 * n * n, sizeof *a);
    uint64_t state = seed;
    matrix_family_make(family, n, &state, a);
    for (size_t k = n * n; k < 3 * n * n; k++) a[k] = random_normal(&state);
    const determinant_errors errors =
        determinant_measure(n, a, a + n * n, a + 2 * n * n, comparison_of(family));
    check_errors(matrix_family_names[family], n, errors, 1e-12, 1e-11, 1e-10);
    arena_reset(&of_factor);
}

START_TEST(every_family_of_matrices_is_accurate)
{
    for (seed = 1; seed <= 24; seed++)
        for (int family = 0; family < FAMILIES; family++)
            check_family((matrix_family)family, 1 + (size_t)seed % 12);
}
END_TEST

/* Beyond the orders that complete pivoting serves from the start. */
START_TEST(larger_matrices_of_every_family_are_accurate)
{
    static const matrix_family families[] = {
        FAMILY_NORMAL,      FAMILY_POSITIVE,    FAMILY_KAHAN,
        FAMILY_TRIW,        FAMILY_GRADED_ROWS, FAMILY_REPEATED_SINGULAR_VALUES,
        FAMILY_RANK_1_LESS, FAMILY_RANK_2_LESS, FAMILY_GEOMETRIC_SINGULAR_VALUES,
        FAMILY_WILKINSON,   FAMILY_COMPANION,   FAMILY_TRIANGULAR_PERMUTED};
    seed = 5;
    check_family(families[_i], 34);
}
END_TEST

/* Small pivots in disguise: neither pivoting reveals the rank, and a derivative through them loses
 * all digits. */
START_TEST(disguised_small_pivots_do_no_harm)
{
    static const matrix_family families[] = {FAMILY_TRIW, FAMILY_KAHAN, FAMILY_KAHAN_PERMUTED};
    for (size_t n = 14; n <= 30; n += 4)
        for (seed = 1; seed <= 2; seed++)
            for (size_t k = 0; k < 3; k++) check_family(families[k], n);
}
END_TEST

/* The same with a tiny row, or column: the row of V beside it is 2^60 times too large there. */
START_TEST(a_tiny_row_or_column_of_such_a_matrix_keeps_its_digits)
{
    for (seed = 1; seed <= 12; seed++) {
        const size_t n = 14, line = (size_t)seed * 3 % n;
        const bool row = seed % 2;
        double *a = arena_take_array(&of_factor, 3 * n * n, sizeof *a);
        uint64_t state = seed;
        matrix_family_make(seed % 3 ? FAMILY_TRIW : FAMILY_KAHAN, n, &state, a);
        for (size_t k = n * n; k < 3 * n * n; k++) a[k] = random_normal(&state);
        for (size_t k = 0; k < n; k++) a[row ? line * n + k : k * n + line] *= 0x1p-60;
        const determinant_errors errors =
            determinant_measure(n, a, a + n * n, a + 2 * n * n, row ? BY_ROWS : BY_COLUMNS);
        check_errors("tiny row or column", n, errors, 1e-12, 1e-11, 1e-10);
    }
}
END_TEST

START_TEST(integer_matrices_of_every_rank_are_accurate)
{
    static const int sizes[] = {1, 9, 700};
    seed = 0;
    for (size_t n = 1; n <= 10; n++)
        for (size_t rank = 0; rank <= n; rank++)
            for (int round = 0; round < 18; round++) {
                uint64_t state = ++seed;
                double a[300];
                matrix_of_rank(n, rank, sizes[round % 3], &state, a);
                for (size_t k = n * n; k < 3 * n * n; k++) a[k] = random_integer(&state, -9, 9);
                check_errors("integers of given rank", n,
                             determinant_measure(n, a, a + n * n, a + 2 * n * n, NORMWISE), 1e-12,
                             1e-11, 1e-10);
            }
    ck_assert_uint_ge(seed, 1000);
}
END_TEST

START_TEST(integer_matrices_of_large_entries_are_accurate)
{
    for (seed = 1; seed <= 100; seed++) {
        const size_t n = 1 + (size_t)seed % 10;
        uint64_t state = seed;
        double a[300];
        for (size_t k = 0; k < 3 * n * n; k++) a[k] = random_integer(&state, -1000000, 1000000);
        check_errors("integers to 10^6", n,
                     determinant_measure(n, a, a + n * n, a + 2 * n * n, NORMWISE), 1e-12, 1e-11,
                     1e-10);
    }
}
END_TEST

/* A = L U with L and U unit triangular but for u_kk = 0: elimination in the given order of rows
 * meets a zero pivot at step k. */
static void with_zero_pivot(size_t n, size_t zero, uint64_t *state, double *a)
{
    for (size_t k = 0; k < n * n; k++) a[k] = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = k; i < n; i++) {
            const double left = i == k ? 1 : random_integer(state, -1, 1);
            for (size_t j = k; j < n; j++)
                a[i * n + j] += left * (j > k ? random_integer(state, -3, 3) : k != zero);
        }
}

START_TEST(a_zero_pivot_in_any_place_does_no_harm)
{
    seed = 0;
    for (size_t n = 2; n <= 10; n++)
        for (size_t zero = 0; zero < n; zero++) {
            uint64_t state = ++seed;
            double a[300];
            with_zero_pivot(n, zero, &state, a);
            for (size_t k = n * n; k < 3 * n * n; k++) a[k] = random_normal(&state);
            check_errors("zero pivot", n,
                         determinant_measure(n, a, a + n * n, a + 2 * n * n, NORMWISE), 1e-12,
                         1e-11, 1e-10);
        }
}
END_TEST

/* Column k of A is 0, so that elimination by rows comes to a zero pivot at step k. With C = A but
 * for V's column k in its place, D cof(A)[V] is cof(C) outside of column k, D cof(C)[V] in it. */
START_TEST(a_column_of_zeros_beyond_the_small_orders_does_no_harm)
{
    enum { ORDER = 34, COUNT = ORDER * ORDER };
    static double a[COUNT], c[COUNT], v[COUNT], cofactor[COUNT], first[COUNT], got[COUNT];
    const size_t zero = (size_t)_i * (ORDER - 1) / 2;
    uint64_t state = 21;
    for (size_t k = 0; k < COUNT; k++) {
        v[k] = random_normal(&state);
        a[k] = k % ORDER == zero ? 0 : random_normal(&state);
        c[k] = k % ORDER == zero ? v[k] : a[k];
    }
    exact_derivatives exact = {.cofactor = cofactor, .first_v = first};
    exact_differentiate(EXACT_FRACTION_FREE, ORDER, c, v, NULL, &exact);
    determinant_factor *factor = determinant_factor_new(ORDER, a, &of_factor);
    ck_assert_double_eq(determinant_value(factor), 0);
    first_of(factor, v, got);
    for (size_t k = 0; k < COUNT; k++)
        if (k % ORDER != zero) first[k] = cofactor[k];
    ck_assert_double_le(relative_error(ORDER, got, first, NORMWISE, 0), 1e-11);
    for (size_t k = 0; k < COUNT; k++)
        if (k % ORDER != zero) cofactor[k] = 0;
    cofactor_of(factor, got);
    ck_assert_double_le(relative_error(ORDER, got, cofactor, NORMWISE, 0), 1e-12);
}
END_TEST

/* ---- large orders, where the derivatives are known ----------------------------------------- */

/* H = I - 2 u u^T with entries of u = +-n^(-1/2), exact for n = 4^k. det H = -1, cof H = -H, and
 * D cof(H)[V] = -(<H, V> H - H V^T H). */
START_TEST(a_reflection_of_order_256_has_its_derivatives)
{
    enum { ORDER = 256 };
    const size_t n = ORDER, count = n * n;
    double *h = arena_take_array(&of_factor, 5 * count, sizeof *h);
    double *v = h + count, *expected = v + count, *middle = expected + count, *got = middle + count;
    uint64_t state = 11;
    double u[ORDER], product = 0;
    for (size_t i = 0; i < n; i++) u[i] = random_fraction(&state) < 0.5 ? 1. / 16 : -1. / 16;
    for (size_t k = 0; k < count; k++) {
        h[k] = (k / n == k % n) - 2 * u[k / n] * u[k % n];
        v[k] = random_integer(&state, -8, 8);
        product += h[k] * v[k];
    }
    determinant_factor *factor = determinant_factor_new(n, h, &of_factor);
    ck_assert_double_eq_tol(determinant_value(factor), -1, 1e-13);
    cofactor_of(factor, got);
    for (size_t k = 0; k < count; k++) ck_assert_double_eq_tol(got[k], -h[k], 1e-13);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            middle[i * n + j] = 0;
            for (size_t k = 0; k < n; k++) middle[i * n + j] += v[k * n + i] * h[k * n + j];
        }
    first_of(factor, v, got);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++) sum += h[i * n + k] * middle[k * n + j];
            ck_assert_double_eq_tol(got[i * n + j], sum - product * h[i * n + j], 1e-10);
        }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("determinant kernels");
    TCase *stored = tcase_create("stored cases"), *random = tcase_create("random matrices");
    tcase_add_checked_fixture(stored, load, unload);
    tcase_add_test(stored, stored_cases_have_their_determinants);
    tcase_add_test(stored, stored_cases_have_their_gradients);
    tcase_add_test(stored, stored_cases_have_their_hessian_vector_products);
    tcase_add_test(stored, stored_cases_have_their_logarithms);
    tcase_add_test(stored, stored_cases_have_their_gradients_of_the_logarithm);
    tcase_add_checked_fixture(random, load, unload);
    tcase_add_test(random, every_family_of_matrices_is_accurate);
    tcase_add_loop_test(random, larger_matrices_of_every_family_are_accurate, 0, 12);
    tcase_add_test(random, disguised_small_pivots_do_no_harm);
    tcase_add_test(random, a_tiny_row_or_column_of_such_a_matrix_keeps_its_digits);
    tcase_add_test(random, integer_matrices_of_every_rank_are_accurate);
    tcase_add_test(random, integer_matrices_of_large_entries_are_accurate);
    tcase_add_test(random, a_zero_pivot_in_any_place_does_no_harm);
    tcase_add_loop_test(random, a_column_of_zeros_beyond_the_small_orders_does_no_harm, 0, 3);
    tcase_add_test(random, a_reflection_of_order_256_has_its_derivatives);
    suite_add_tcase(s, stored);
    suite_add_tcase(s, random);
    return s;
}

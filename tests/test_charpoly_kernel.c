/* SPDX-License-Identifier: MIT */
/* det(xI - A) and its derivatives: special values, range, memory. (test_charpoly_accuracy.c has the
 * error bounds.) */
#include "ops/charpoly/charpoly.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/exact_polynomial.h"
#include "tests/suite.h"

static void *take(size_t bytes, void *context)
{
    size_t *left = context;
    if (*left == 0) return NULL;
    --*left;
    return malloc(bytes);
}

static void release(void *block, void *context)
{
    (void)context;
    free(block);
}

static size_t allocations_left;
static tape_memory memory;
static arena kept, scratch;

static void setup(void)
{
    allocations_left = SIZE_MAX;
    memory = (tape_memory){.allocator = {take, release, &allocations_left}};
    arena_init(&kept, &memory);
    arena_init(&scratch, &memory);
}

static void teardown(void)
{
    arena_free(&kept);
    arena_free(&scratch);
    ck_assert_uint_eq(memory.bytes, 0);
}

static unsigned long long state;

/* Uniform in [-1, 1), from a 64-bit linear congruential generator (Knuth). */
static double uniform(void)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(state >> 11) * 0x1p-52 - 1;
}

static void dense(size_t n, double *a)
{
    for (size_t i = 0; i < n * n; i++) a[i] = uniform();
}

/* ---- values ------------------------------------------------------------------------------ */

static void derivatives(size_t n, const double *a, double x, size_t order, double *p)
{
    charpoly_reduction *r = charpoly_reduce(n, a, &kept);
    ck_assert_ptr_nonnull(r);
    for (size_t k = 0; k <= order; k++) ck_assert(charpoly_derivative(r, x, k, p + k, &scratch));
}

/* Relative errors: the matrices are well-conditioned and x far from their eigenvalues. */
static void check_higher_derivatives(size_t n, const double *a, double x)
{
    enum { HIGHER = 9 };
    double p[HIGHER + 1];
    exact_polynomial exact = exact_polynomial_of(n, a);
    derivatives(n, a, x, HIGHER, p);
    for (size_t k = 0; k <= HIGHER; k++) {
        if (k > n) ck_assert_double_eq(p[k], 0);
        else
            ck_assert_double_le(exact_polynomial_log_error(&exact, k, x, p[k]) - log2(fabs(p[k])),
                                -44);
    }
    exact_polynomial_clear(&exact);
}

START_TEST(derivatives_of_any_order_agree_with_the_polynomial)
{
    double a[7 * 7];
    state = 99;
    for (size_t n = 1; n <= 7; n++) {
        dense(n, a);
        check_higher_derivatives(n, a, 3);
        check_higher_derivatives(n, a, -2.5);
    }
}
END_TEST

START_TEST(no_matrix_has_the_polynomial_1)
{
    double p[3];
    derivatives(0, NULL, NAN, 2, p);
    ck_assert_double_eq(p[0], 1);
    ck_assert_double_eq(p[1], 0);
    ck_assert_double_eq(p[2], 0);
}
END_TEST

START_TEST(a_number_gives_the_difference)
{
    double p[3];
    derivatives(1, (const double[]){0.1}, 0.3, 2, p);
    ck_assert_double_eq(p[0], 0.3 - 0.1);
    ck_assert_double_eq(p[1], 1);
    ck_assert_double_eq(p[2], 0);
}
END_TEST

START_TEST(eigenvalues_of_small_integer_matrices_give_exact_zeros)
{
    double p[3];
    derivatives(2, (const double[]){2, 1, 1, 2}, 3, 2, p);
    ck_assert_double_eq(p[0], 0);
    ck_assert_double_eq(p[1], 2);
    ck_assert_double_eq(p[2], 2);
    derivatives(3, (const double[]){1, 0, 0, 0, 2, 0, 0, 0, 3}, 2, 2, p);
    ck_assert_double_eq(p[0], 0);
    ck_assert(!signbit(p[0]));
    ck_assert_double_eq(p[1], -1);
    ck_assert_double_eq(p[2], 0);
}
END_TEST

START_TEST(a_multiple_of_the_identity_keeps_its_digits)
{
    /* (x - 1)^3 at x = 1 + 2^-40 */
    const double a[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    double p[4];
    derivatives(3, a, 1 + 0x1p-40, 3, p);
    ck_assert_double_eq(p[0], 0x1p-120);
    ck_assert_double_eq(p[1], 3 * 0x1p-80);
    ck_assert_double_eq(p[2], 6 * 0x1p-40);
    ck_assert_double_eq(p[3], 6);
}
END_TEST

START_TEST(zeros_in_wide_range_neither_overflow_nor_underflow)
{
    /* (x - 2^-600)(x - 2^600) at 0 is 1; x (x - 2^-600) (x - 2^600)'s slope there as well */
    const double a[4] = {0x1p600, 0, 0, 0x1p-600}, zeros[9] = {0};
    double p[4];
    derivatives(2, a, 0x1p601, 2, p);
    ck_assert_double_eq(p[0], INFINITY);
    ck_assert_double_eq(p[1], 3 * 0x1p600);
    ck_assert_double_eq(p[2], 2);
    derivatives(3, zeros, 0x1p-300, 3, p);
    ck_assert_double_eq(p[0], 0x1p-900);
    ck_assert_double_eq(p[1], 3 * 0x1p-600);
    ck_assert_double_eq(p[2], 6 * 0x1p-300);
    ck_assert_double_eq(p[3], 6);
}
END_TEST

START_TEST(cofactors_beyond_the_range_of_double_may_add_up_within)
{
    /* p' = tr cof = -1e300 - 1e310 + 1e310 */
    const double a[9] = {1e160, 0, 0, 0, 1e150, 0, 0, 0, -1e150};
    double p[3];
    derivatives(3, a, 0, 1, p);
    ck_assert_double_eq_tol(p[1] / -1e300, 1, 1e-5);
    /* x - a_11 is out of range */
    const double large[9] = {-1.5e308, 0, 0, 0, 1.5e308, 0, 0, 0, 1.5e308};
    derivatives(3, large, 1.5e308, 2, p);
    ck_assert_double_eq(p[0], 0);
    ck_assert_double_eq(p[1], 0);
    ck_assert_double_eq(p[2], INFINITY);
}
END_TEST

START_TEST(values_far_out_stay_in_range)
{
    double a[25], p[6];
    state = 5;
    dense(5, a);
    derivatives(5, a, 1e200, 5, p);
    ck_assert_double_eq(p[0], INFINITY);
    ck_assert_double_eq(p[5], 120);
    derivatives(5, a, -1e200, 5, p);
    ck_assert_double_eq(p[0], -INFINITY);
    ck_assert_double_eq_tol(p[4] / -1.2e202, 1, 1e-15);
}
END_TEST

START_TEST(values_beyond_range_have_their_sign)
{
    const double far[4] = {1e300, 0, 0, 0}, mixed[4] = {1e300, 1e150, 1e150, 1e200};
    double p[2];
    derivatives(2, far, 1e200, 0, p);
    ck_assert_double_eq(p[0], -INFINITY);
    derivatives(2, mixed, 0, 0, p);
    ck_assert_double_eq(p[0], INFINITY);
    const double slope[9] = {0, 0, 1.03e200, -7.1e300, 0, 2.29e300, 4.33e300, 0, 2.89e50};
    derivatives(3, slope, 0, 1, p);
    ck_assert_double_eq(p[1], -INFINITY);
}
END_TEST

START_TEST(any_x_goes_with_any_matrix)
{
    const double tiny[1] = {5e-324};
    double p[4], nilpotent[4] = {0, 1e-300, 0, 0}, ones[9];
    derivatives(1, tiny, 1e300, 2, p);
    ck_assert_double_eq(p[0], 1e300);
    ck_assert_double_eq(p[1], 1);
    ck_assert_double_eq(p[2], 0);
    derivatives(2, nilpotent, 1e10, 2, p);
    ck_assert_double_eq(p[0], 1e20);
    ck_assert_double_eq(p[1], 2e10);
    ck_assert_double_eq(p[2], 2);
    for (size_t i = 0; i < 9; i++) ones[i] = 1e-200;
    derivatives(3, ones, 1e155, 3, p);
    ck_assert_double_eq(p[0], INFINITY);
    ck_assert_double_eq(p[1], INFINITY);
    ck_assert_double_eq(p[2], 6e155);
    ck_assert_double_eq(p[3], 6);
}
END_TEST

START_TEST(large_orders_reach_large_products)
{
    /* p of 2I - J/64 at x = 1.5: (-1/2)^(n-1) (-1/2 + n/64) */
    enum { N = 200 };
    static double a[N * N];
    for (size_t i = 0; i < N * N; i++) a[i] = (i % (N + 1) == 0 ? 2 : 0) - 0x1p-6;
    double p[1];
    derivatives(N, a, 1.5, 0, p);
    const double expected = -ldexp(-0.5 + (double)N / 64.0, -(N - 1));
    ck_assert_double_eq_tol(p[0] / expected, 1, 1e-11);
    derivatives(N, a, 34, 0, p); /* 32^199 (32 + n/64), beyond 2^995 */
    ck_assert_double_eq_tol(p[0] / ldexp(32 + (double)N / 64.0, 5 * (N - 1)), 1, 1e-11);
}
END_TEST

START_TEST(nan_gives_nan)
{
    double p[2];
    const double fine[4] = {1, 2, 3, 4}, bad = NAN;
    for (size_t place = 0; place < 4; place++) {
        double a[4];
        memcpy(a, fine, sizeof a);
        a[place] = bad;
        derivatives(2, a, 1, 1, p);
        ck_assert(isnan(p[0]) && isnan(p[1]));
    }
    derivatives(2, fine, bad, 1, p);
    ck_assert(isnan(p[0]) && isnan(p[1]));
}
END_TEST

START_TEST(the_matrix_may_change_afterwards)
{
    double a[4] = {2, 1, 1, 2}, p[1];
    charpoly_reduction *r = charpoly_reduce(2, a, &kept);
    memset(a, 0, sizeof a);
    ck_assert(charpoly_derivative(r, 0, 0, p, &scratch));
    ck_assert_double_eq(p[0], 3);
}
END_TEST

/* ---- memory ------------------------------------------------------------------------------ */

START_TEST(scratch_is_given_back)
{
    double a[9], p;
    state = 3;
    dense(3, a);
    charpoly_reduction *r = charpoly_reduce(3, a, &kept);
    const arena_position before = arena_mark(&scratch);
    ck_assert(charpoly_derivative(r, 0, 2, &p, &scratch));
    const arena_position after = arena_mark(&scratch);
    ck_assert_uint_eq(before.used, after.used);
    const size_t calls = memory.allocations;
    for (int i = 0; i < 100; i++) ck_assert(charpoly_derivative(r, i, 2, &p, &scratch));
    ck_assert_uint_eq(memory.allocations, calls);
}
END_TEST

static void run_out_of_memory(size_t n, const double *a, double x)
{
    int failures = 0;
    for (size_t allowed = 0;; allowed++, failures++) {
        double p;
        arena_free(&kept);
        arena_free(&scratch);
        allocations_left = allowed;
        charpoly_reduction *r = charpoly_reduce(n, a, &kept);
        if (r && charpoly_derivative(r, x, 0, &p, &scratch)) break;
    }
    ck_assert_int_ge(failures, 2);
    allocations_left = SIZE_MAX;
}

START_TEST(running_out_of_memory_is_reported_wherever_it_happens)
{
    enum { N = 100 };
    static double a[N * N];
    run_out_of_memory(N, a, 0); /* by determinants */
    state = 4;
    dense(N, a);
    run_out_of_memory(N, a, 0.5);
}
END_TEST

START_TEST(impossible_sizes_are_out_of_memory)
{
    const double a = 1;
    double p;
    ck_assert_ptr_null(charpoly_reduce(SIZE_MAX / 2, &a, &kept));
    charpoly_reduction *r = charpoly_reduce(1, &a, &kept);
    ck_assert(!charpoly_derivative(r, 1, SIZE_MAX, &p, &scratch));
}
END_TEST

static TCase *values_case(void)
{
    TCase *values = tcase_create("values");
    tcase_add_checked_fixture(values, setup, teardown);
    tcase_add_test(values, derivatives_of_any_order_agree_with_the_polynomial);
    tcase_add_test(values, no_matrix_has_the_polynomial_1);
    tcase_add_test(values, a_number_gives_the_difference);
    tcase_add_test(values, eigenvalues_of_small_integer_matrices_give_exact_zeros);
    tcase_add_test(values, a_multiple_of_the_identity_keeps_its_digits);
    tcase_add_test(values, zeros_in_wide_range_neither_overflow_nor_underflow);
    tcase_add_test(values, cofactors_beyond_the_range_of_double_may_add_up_within);
    tcase_add_test(values, values_far_out_stay_in_range);
    tcase_add_test(values, values_beyond_range_have_their_sign);
    tcase_add_test(values, any_x_goes_with_any_matrix);
    tcase_add_test(values, large_orders_reach_large_products);
    tcase_add_test(values, nan_gives_nan);
    tcase_add_test(values, the_matrix_may_change_afterwards);
    return values;
}

static TCase *memory_case(void)
{
    TCase *limits = tcase_create("memory");
    tcase_add_checked_fixture(limits, setup, teardown);
    tcase_add_test(limits, scratch_is_given_back);
    tcase_add_test(limits, running_out_of_memory_is_reported_wherever_it_happens);
    tcase_add_test(limits, impossible_sizes_are_out_of_memory);
    return limits;
}

Suite *suite(void)
{
    Suite *s = suite_create("charpoly kernel");
    suite_add_tcase(s, values_case());
    suite_add_tcase(s, memory_case());
    return s;
}

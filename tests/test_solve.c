/* SPDX-License-Identifier: MIT */
/* Linear systems, and the factorization they share with determinants. */
#include "ops/operations.h"
#include "tests/matrix_families.h"
#include "tests/singular_values.h"
#include "tests/suite.h"
#include "tests/tape_checks.h"

#include <autodiff/autodiff.h>
#include <float.h>
#include <math.h>

static ad_tape *tape;

static void set_up(void)
{
    tape = ad_tape_new();
    ck_assert_ptr_nonnull(tape);
}

static void tear_down(void)
{
    ad_tape_free(tape);
}

static size_t factorizations(void)
{
    return ad_tape_statistics(tape).factorizations;
}

START_TEST(one_factorization_serves_a_matrix_and_all_derivatives)
{
    const size_t n = (size_t)_i;
    double a[100 * 100], b[100];
    uint64_t state = 1 + n;
    matrix_family_make(FAMILY_NORMAL, n, &state, a);
    for (size_t i = 0; i < n; i++) b[i] = random_normal(&state);
    ad_var A = ad_input(tape, n, n, a), B = ad_input(tape, n, 1, b);
    ad_var sum = ad_add(ad_det(A), ad_add(ad_logabsdet(A), ad_detsign(A)));
    sum = ad_add(sum, ad_sum(ad_solve(A, B)));
    sum = ad_add(sum, ad_add(ad_sum(ad_inverse(A)), ad_sum(ad_cofactor(A))));
    ck_assert_int_eq(ad_backward(sum), AD_OK);
    ck_assert(ad_ok(ad_grad(sum, A)));
    ck_assert_uint_eq(factorizations(), 1);
}
END_TEST

START_TEST(a_solution_does_not_depend_on_what_was_asked_before)
{
    const size_t n = (size_t)_i;
    double a[100 * 100], b[100], first[100];
    uint64_t state = 71 + n;
    matrix_family_make(FAMILY_NORMAL, n, &state, a);
    for (size_t i = 0; i < n; i++) b[i] = random_normal(&state);
    ad_var X = ad_solve(ad_input(tape, n, n, a), ad_input(tape, n, 1, b));
    for (size_t i = 0; i < n; i++) first[i] = ad_values(X)[i];
    ad_var A = ad_input(tape, n, n, a);
    ck_assert(ad_ok(ad_cofactor(A)));
    X = ad_solve(A, ad_input(tape, n, 1, b));
    for (size_t i = 0; i < n; i++) ck_assert_double_eq(ad_values(X)[i], first[i]);
}
END_TEST

/* |A x - b| <= 8 n^2 eps max|a_ij| max|x_j|, row i by its own largest entry (Higham, Accuracy and
 * Stability of Numerical Algorithms, theorem 9.4); a steps along a row by `along`. */
static void check_residual(const char *name, size_t n, const double *a, size_t across, size_t along,
                           const double *x, const double *b)
{
    long double largest = 0;
    for (size_t j = 0; j < n; j++) largest = fmaxl(largest, fabsl((long double)x[j]));
    for (size_t i = 0; i < n; i++) {
        long double residual = -b[i], entry = 0;
        for (size_t j = 0; j < n; j++) {
            const long double a_ij = a[i * across + j * along];
            residual += a_ij * x[j];
            entry = fmaxl(entry, fabsl(a_ij));
        }
        const long double bound = 8.0L * (long double)(n * n) * DBL_EPSILON * entry * largest;
        ck_assert_msg(fabsl(residual) <= bound, "%s, n %zu, row %zu: residual %Lg, bound %Lg", name,
                      n, i, residual, bound);
    }
}

/* Whether the family's matrix has no pivot 0: then for x of A x = b, and for the adjoint of b,
 * which solves a system with the transpose. */
static bool check_family(matrix_family family, size_t n)
{
    double a[100 * 100], b[100], c[100];
    uint64_t state = 1000 * (uint64_t)family + n;
    matrix_family_make(family, n, &state, a);
    for (size_t i = 0; i < n; i++) {
        b[i] = random_normal(&state);
        c[i] = random_normal(&state);
    }
    ad_tape_reset(tape);
    ad_var B = ad_input(tape, n, 1, b), X = ad_solve(ad_input(tape, n, n, a), B);
    if (ad_tape_status(tape) == AD_ERROR_SINGULAR) return false;
    ck_assert_int_eq(ad_backward(ad_dot(X, ad_constant(tape, n, 1, c))), AD_OK);
    check_residual(matrix_family_names[family], n, a, n, 1, ad_values(X), b);
    check_residual(matrix_family_names[family], n, a, 1, n, ad_adjoint(B), c);
    return true;
}

/* Of all families but Wilkinson's matrix: there partial pivoting may lose all digits. */
START_TEST(solutions_are_backward_stable)
{
    int solved = 0;
    for (int family = 0; family < FAMILIES; family++)
        if (family != FAMILY_WILKINSON) solved += check_family((matrix_family)family, (size_t)_i);
    ck_assert_int_ge(solved, 19);
}
END_TEST

START_TEST(entries_of_every_size_are_solved)
{
    const double a[] = {1e300, 2e300, 3e-300, 1e-300}, b[] = {1, 1};
    const double *x = ad_values(ad_solve(ad_input(tape, 2, 2, a), ad_input(tape, 2, 1, b)));
    ck_assert_double_eq_tol(x[0], 4e299, 1e285);
    ck_assert_double_eq_tol(x[1], -2e299, 1e285);
}
END_TEST

/* The exact solution has the same digits at every size. */
START_TEST(subnormal_systems_are_solved_in_full)
{
    static const double a[] = {3, 1, 0, 1, 1, 5, 0, 0, 0, 0, 7, 1, 1, 0, 2, 9}, b[] = {1, 2, 3, 4};
    const double size[] = {1, 0x1p-1000, 0x1p-1040, 0x1p-1074};
    double first[4], tiny[16], right[4];
    for (size_t k = 0; k < 4; k++) {
        for (size_t i = 0; i < 16; i++) tiny[i] = size[k] * a[i];
        for (size_t i = 0; i < 4; i++) right[i] = size[k] * b[i];
        const double *x =
            ad_values(ad_solve(ad_input(tape, 4, 4, tiny), ad_input(tape, 4, 1, right)));
        ck_assert_ptr_nonnull(x);
        for (size_t i = 0; i < 4; i++) {
            if (k == 0) first[i] = x[i];
            ck_assert_double_eq(x[i], first[i]);
        }
    }
}
END_TEST

START_TEST(a_solution_in_range_meets_no_overflow)
{
    const double a[] = {2, 0, 0, 2}, b[] = {1.5e308, 1};
    const double *x = ad_values(ad_solve(ad_input(tape, 2, 2, a), ad_input(tape, 2, 1, b)));
    ck_assert_double_eq(x[0], 7.5e307);
    ck_assert_double_eq(x[1], 0.5);
}
END_TEST

static void check_solution(size_t n, const double *a, size_t k, const double *b, const double *x)
{
    check_matrix(ad_solve(ad_input(tape, n, n, a), ad_input(tape, n, k, b)), n, k, x,
                 4 * DBL_EPSILON);
}

#define CHECK_SOLUTION(n, k, a, b, x)                                                              \
    check_solution(n, (const double[])a, k, (const double[])b, (const double[])x)
/* clang-format off */
#define LIST(...) {__VA_ARGS__}
/* clang-format on */

START_TEST(an_unknown_that_overflows_leaves_those_beside_it_alone)
{
    CHECK_SOLUTION(2, 1, LIST(1e-200, 0, 0, 1), LIST(1e200, 1), LIST(INFINITY, 1));
    CHECK_SOLUTION(2, 1, LIST(1, 0, 0, 1e-200), LIST(1, 1e200), LIST(1, INFINITY));
    CHECK_SOLUTION(2, 1, LIST(1e-200, 0, 0, 1e-200), LIST(1e200, 1e-200), LIST(INFINITY, 1));
    CHECK_SOLUTION(2, 1, LIST(1, 1, 0, 1e-200), LIST(1, 1e200), LIST(-INFINITY, INFINITY));
    CHECK_SOLUTION(3, 1, LIST(1e-200, 0, 0, 0, 2, 1, 0, 1, 1), LIST(-1e200, 5, 3),
                   LIST(-INFINITY, 2, 1));
    const double inverse[] = {1, 0, 0, INFINITY};
    check_matrix(ad_inverse(ad_input(tape, 2, 2, (const double[]){1, 0, 0, 1e-309})), 2, 2, inverse,
                 0);
}
END_TEST

/* x1 = 1e400 on the way, which the other unknown takes back: x0 = (0 + 1e400)/1e300. */
START_TEST(numbers_on_the_way_may_overflow)
{
    CHECK_SOLUTION(2, 1, LIST(1e300, -1, 0, 1e-200), LIST(0, 1e200), LIST(1e100, INFINITY));
    CHECK_SOLUTION(2, 1, LIST(1, 0, -1, 4), LIST(1.5e308, 1.5e308), LIST(1.5e308, 7.5e307));
}
END_TEST

START_TEST(right_sides_are_solved_each_on_its_own)
{
    CHECK_SOLUTION(2, 3, LIST(1, 0, 0, 1e-200), LIST(1, 2, NAN, 1e200, 1e-200, 1),
                   LIST(1, 2, NAN, INFINITY, 1, NAN));
}
END_TEST

START_TEST(transposed_systems_overflow_likewise)
{
    ad_var A = ad_input(tape, 2, 2, (const double[]){1e300, 0, -1, 1e-200});
    ad_var B = ad_input(tape, 2, 1, (const double[]){0, 1e200});
    const double x[] = {1e100, INFINITY};
    check_matrix(operation_solve(A, B, true), 2, 1, x, 4 * DBL_EPSILON);
}
END_TEST

/* A random block, whose solution is ones, beside a tiny diagonal. */
START_TEST(large_systems_overflow_where_their_solutions_do)
{
    enum { N = 60, BLOCK = 30 };
    double a[N * N] = {0}, b[N], x[N];
    uint64_t state = 5;
    for (size_t i = 0; i < N; i++) {
        b[i] = 0;
        x[i] = i < BLOCK ? 1 : 0;
        a[i * N + i] = 1e-200;
        for (size_t j = 0; i < BLOCK && j < BLOCK; j++) {
            a[i * N + j] = (i == j ? 8 : 0) + random_normal(&state) / 8;
            b[i] += a[i * N + j];
        }
    }
    b[N - 1] = 1e200;
    x[N - 1] = INFINITY;
    check_matrix(ad_solve(ad_input(tape, N, N, a), ad_input(tape, N, 1, b)), N, 1, x, 1e-14);
}
END_TEST

static void check_share(bool transpose, const double *a, const double *b, const double *u,
                        const double *expected)
{
    ad_var A = ad_input(tape, 2, 2, a), B = ad_input(tape, 2, 1, b);
    ad_var X = operation_solve(A, B, transpose);
    check_gradient(ad_dot(ad_constant(tape, 2, 1, u), X), A, expected, 4 * DBL_EPSILON);
}

#define CHECK_SHARE(transpose, a, b, u, expected)                                                  \
    check_share(transpose, (const double[])a, (const double[])b, (const double[])u,                \
                (const double[])expected)

/* The share of A = diag(a) is -u_i/a_i b_j/a_j, that of the inverse for ones -1/a_i 1/a_j. */
START_TEST(the_derivative_by_the_matrix_may_be_in_range_where_solutions_are_not)
{
    CHECK_SHARE(false, LIST(1e-310, 0, 0, 1), LIST(0, 1), LIST(1, 1), LIST(0, -INFINITY, 0, -1));
    CHECK_SHARE(true, LIST(1e-310, 0, 0, 1), LIST(0, 1), LIST(1, 1), LIST(0, 0, -INFINITY, -1));
    CHECK_SHARE(false, LIST(1e-300, 0, 0, 1e300), LIST(0, 1e-100), LIST(1e100, 1),
                LIST(0, -1, 0, 0));
    CHECK_SHARE(true, LIST(1e-300, 0, 0, 1e300), LIST(0, 1e-100), LIST(1e100, 1),
                LIST(0, 0, -1, 0));
    ad_var a = ad_scalar(tape, 1e-309);
    check_gradient(ad_solve(a, ad_scalar(tape, 0)), a, (const double[]){0}, 0);
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 0, 0, 1e-309});
    const double expected[] = {-1, -INFINITY, -INFINITY, -INFINITY};
    check_gradient(ad_sum(ad_inverse(A)), A, expected, 0);
}
END_TEST

START_TEST(nan_in_an_adjoint_stays)
{
    CHECK_SHARE(false, LIST(2, 0, 0, 1), LIST(2, 1), LIST(NAN, 1), LIST(NAN, NAN, NAN, NAN));
}
END_TEST

START_TEST(an_empty_system_has_an_empty_solution)
{
    ad_var X = ad_solve(ad_input(tape, 0, 0, NULL), ad_input(tape, 0, 3, NULL));
    ck_assert(ad_ok(X));
    ck_assert_uint_eq(ad_rows(X), 0);
    ck_assert_uint_eq(ad_cols(X), 3);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("solve");
    TCase *cases = tcase_create("solve");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_loop_test(cases, one_factorization_serves_a_matrix_and_all_derivatives, 1, 6);
    tcase_add_loop_test(cases, one_factorization_serves_a_matrix_and_all_derivatives, 60, 61);
    tcase_add_loop_test(cases, a_solution_does_not_depend_on_what_was_asked_before, 1, 6);
    tcase_add_loop_test(cases, a_solution_does_not_depend_on_what_was_asked_before, 60, 61);
    tcase_add_loop_test(cases, solutions_are_backward_stable, 1, 12);
    tcase_add_loop_test(cases, solutions_are_backward_stable, 60, 61);
    tcase_add_test(cases, entries_of_every_size_are_solved);
    tcase_add_test(cases, subnormal_systems_are_solved_in_full);
    tcase_add_test(cases, a_solution_in_range_meets_no_overflow);
    tcase_add_test(cases, an_unknown_that_overflows_leaves_those_beside_it_alone);
    tcase_add_test(cases, numbers_on_the_way_may_overflow);
    tcase_add_test(cases, right_sides_are_solved_each_on_its_own);
    tcase_add_test(cases, transposed_systems_overflow_likewise);
    tcase_add_test(cases, large_systems_overflow_where_their_solutions_do);
    tcase_add_test(cases, the_derivative_by_the_matrix_may_be_in_range_where_solutions_are_not);
    tcase_add_test(cases, nan_in_an_adjoint_stays);
    tcase_add_test(cases, an_empty_system_has_an_empty_solution);
    suite_add_tcase(s, cases);
    return s;
}

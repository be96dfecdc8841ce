/* SPDX-License-Identifier: MIT */
/* The Cholesky factor: against closed forms, log det A and its derivatives, and derivatives along
 * a line found with 80 digits. */
#include "ops/operations.h"

#include <float.h>
#include <math.h>

#include "tests/fixture.h"

START_TEST(factor_is_lower_triangular)
{
    ad_var A = INPUT(3, 3, 4, 6, 8, 6, 25, 28, 8, 28, 56);
    CHECK(ad_cholesky(A), 3, 3, 2, 0, 0, 3, 4, 0, 4, 4, 2 * sqrt(6));
    CHECK(ad_cholesky(INPUT(1, 1, 9)), 1, 1, 3);
    check_matrix(ad_cholesky(ad_input(tape, 0, 0, NULL)), 0, 0, NULL, 0);
}
END_TEST

START_TEST(only_the_symmetric_part_counts)
{
    ad_var A = INPUT(3, 3, 4, 10, 0, 2, 25, 50, 16, 6, 56);
    CHECK(ad_cholesky(A), 3, 3, 2, 0, 0, 3, 4, 0, 4, 4, 2 * sqrt(6));
    ad_var L = ad_cholesky(A);
    ad_var u = ad_constant(tape, 3, 3, (const double[]){1, 9, 9, 2, 3, 9, 4, 5, 6});
    ad_var gradient = ad_grad(ad_dot(L, u), A);
    check_matrix(ad_transpose(gradient), 3, 3, ad_values(gradient), 0);
}
END_TEST

/* [a b; c d] with l11 = sqrt a, l21 = e / sqrt a, l22 = sqrt(d - e^2 / a), e = (b + c) / 2. */
START_TEST(gradient_of_2x2)
{
    ad_var A = INPUT(2, 2, 4, 7, 5, 10), L = ad_cholesky(A); /* e = 6, L = [2 0; 3 1] */
    ad_var l11 = ad_block(L, 0, 0, 1, 1), l12 = ad_block(L, 0, 1, 1, 1);
    ad_var l21 = ad_block(L, 1, 0, 1, 1), l22 = ad_block(L, 1, 1, 1, 1);
    const double first[] = {0.25, 0, 0, 0}, third[] = {-0.375, 0.25, 0.25, 0};
    const double fourth[] = {36. / 16 / 2, -0.75, -0.75, 0.5};
    check_gradient(l11, A, first, DBL_EPSILON);
    check_zeros(ad_grad(l12, A));
    check_gradient(l21, A, third, DBL_EPSILON);
    check_gradient(l22, A, fourth, DBL_EPSILON);
}
END_TEST

/* The adjoint of the zeros above the diagonal does not count. */
START_TEST(upper_triangle_passes_nothing)
{
    ad_var A = INPUT(2, 2, 4, 6, 6, 10), L = ad_cholesky(A);
    ad_var u = ad_constant(tape, 2, 2, (const double[]){1, 2, 3, 4});
    ad_var v = ad_constant(tape, 2, 2, (const double[]){1, NAN, 3, 4});
    check_gradient(ad_dot(L, v), A, ad_values(ad_grad(ad_dot(L, u), A)), 0);
}
END_TEST

/* C <- A B, 3x3 */
static void multiply(const double *A, const double *B, double *C)
{
    double product[9] = {0};
    for (size_t i = 0; i < 9; i++)
        for (size_t k = 0; k < 3; k++) product[i] += A[i / 3 * 3 + k] * B[k * 3 + i % 3];
    for (size_t i = 0; i < 9; i++) C[i] = product[i];
}

/* y = log det A = 2 sum log l_ii: the gradient is A^-1, the derivatives of <A^-1, E> in the
 * direction E are -tr (A^-1 E)^2, 2 tr (A^-1 E)^3 and -6 tr (A^-1 E)^4. det A is 4. */
START_TEST(log_determinant_to_the_fourth_order)
{
    const double inverse[] = {14, -5, 1, -5, 2, -0.5, 1, -0.5, 0.25};
    const double a[] = {1, 3, 2, 3, 10, 8, 2, 8, 12};
    const double e[] = {1, 2, 0, 2, -1, 1, 0, 1, 3};
    const double factors[] = {1, -1, 2, -6};
    double M[9], P[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    ad_var A = ad_input(tape, 3, 3, a), E = ad_constant(tape, 3, 3, e);
    ad_var y = ad_scale(ad_sum(ad_log(ad_diagonal(ad_cholesky(A)))), 2);
    check_number(y, log(4), 1e-14);
    check_gradient(y, A, inverse, 1e-14);
    multiply(inverse, e, M);
    for (size_t order = 1; order <= 4; order++) {
        multiply(P, M, P);
        y = ad_dot(ad_grad(y, A), E);
        check_number(y, factors[order - 1] * (P[0] + P[4] + P[8]), 1e-12);
    }
}
END_TEST

/* <C, L(A + t E)>, derivatives by t found from factors in 80 digits; A and E not symmetric. */
START_TEST(factor_along_a_line_to_the_fourth_order)
{
    const double a[] = {5, 1, 0, 2, 3, 7, -1, 0.5, 1, 2, 6, 1, 0, -1, 3, 9};
    const double e[] = {1, 2, -1, 0, 0, -1, 1, 2, -2, 1, 3, 1, 1, 0, -2, 0.5};
    const double c[] = {1, 5, 7, 9, 2, -1, 8, 6, -1, 3, 1, 4, 2, 1, -2, 3};
    const double expected[] = {11.696791730556824281, 6.0602023895666998314, -0.8623826110090421247,
                               3.0279140941789105266, -6.2867187412665780247};
    ad_var t = ad_scalar(tape, 0), C = ad_constant(tape, 4, 4, c);
    ad_var line = ad_add(ad_constant(tape, 4, 4, a), ad_mul(t, ad_constant(tape, 4, 4, e)));
    ad_var y = ad_dot(C, ad_cholesky(line));
    for (size_t order = 0; order <= 4; order++) {
        check_number(y, expected[order], 1e-14);
        ck_assert_int_eq(ad_backward(y), AD_OK);
        if (order < 4) check_array("adjoint", ad_adjoint(t), 1, &expected[order + 1], 1e-14);
        y = ad_grad(y, t);
    }
}
END_TEST

/* A = B B^T + I has a factor of any size: L L^T is A again, and so are its derivatives. */
START_TEST(product_of_the_factors_has_the_derivatives_of_the_matrix)
{
    enum { N = 17 };
    uint64_t seed = 3;
    ad_var B = random_input(tape, N, N, &seed), weights = random_input(tape, N, N, &seed);
    ad_var A =
        ad_add(ad_matmul(B, ad_transpose(B)), operation_scaled_identity(ad_scalar(tape, 1), N));
    ad_var L = ad_cholesky(A), product = ad_matmul(L, ad_transpose(L));
    check_matrix(product, N, N, ad_values(A), 1e-15);
    ad_var exact = ad_grad(ad_dot(weights, A), B), gradient = ad_grad(ad_dot(weights, product), B);
    check_matrix(gradient, N, N, ad_values(exact), 1e-13);
    ad_var second = ad_grad(ad_dot(weights, exact), B);
    check_matrix(ad_grad(ad_dot(weights, gradient), B), N, N, ad_values(second), 1e-12);
}
END_TEST

/* L = [a 0; c d], y = 8/a + 10 (20 - 8 c/a)/d and z = x1 + 10 x2, x2 = 20/d, x1 = (8 - c x2)/a. */
START_TEST(solutions_with_the_factor_have_exact_derivatives)
{
    ad_var L = INPUT(2, 2, 2, NAN, 3, 4), B = INPUT(2, 1, 8, 20);
    CHECK(ad_solve_lower(L, B, false), 2, 1, 4, 2);
    CHECK(ad_solve_lower(L, B, true), 2, 1, -3.5, 5);
    ad_var u = ad_constant(tape, 2, 1, (const double[]){1, 10});
    ad_var y = ad_dot(u, ad_solve_lower(L, B, false));
    check_gradient(y, B, (const double[]){-3.25, 2.5}, 0);
    check_gradient(y, L, (const double[]){13, 0, -10, -5}, 0);
    ad_var z = ad_dot(u, ad_solve_lower(L, B, true));
    check_gradient(z, B, (const double[]){0.5, 2.125}, 0);
    check_gradient(z, L, (const double[]){1.75, 0, -2.5, -10.625}, 0);
    ad_var hessian = ad_hessian(y, L);
    CHECK(hessian, 4, 4, -13, 0, 5, -3.75, 0, 0, 0, 0, 5, 0, 0, 2.5, -3.75, 0, 2.5, 2.5);
}
END_TEST

START_TEST(half_lower_is_its_own_adjoint)
{
    ad_var A = INPUT(2, 2, 2, 3, 5, 8), y = operation_half_lower(ad_square(A));
    CHECK(y, 2, 2, 2, 0, 25, 32);
    check_gradient(ad_sum(y), A, (const double[]){2, 0, 10, 8}, 0);
    CHECK(ad_hessian(ad_sum(y), A), 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1);
}
END_TEST

/* U = [2 1; 3], whose other triangle is NaN: U x = b, U^T z = b. */
START_TEST(solve_upper_reads_one_triangle)
{
    ad_var U = INPUT(2, 2, 2, 1, NAN, 4), B = INPUT(2, 1, 8, 8);
    CHECK(ad_solve_upper(U, B, false), 2, 1, 3, 2);
    CHECK(ad_solve_upper(U, B, true), 2, 1, 4, 1);
    ad_var y = ad_sum(ad_solve_upper(U, B, false)), z = ad_sum(ad_solve_upper(U, B, true));
    check_gradient(y, B, (const double[]){0.5, 0.125}, 0);
    check_gradient(y, U, (const double[]){-1.5, -1, 0, -0.25}, 0);
    check_gradient(z, B, (const double[]){0.375, 0.25}, 0);
    check_gradient(z, U, (const double[]){-1.5, -1, 0, -0.25}, 0);
}
END_TEST

START_TEST(triangular_systems_are_those_of_each_other_transposed)
{
    ad_var L = INPUT(3, 3, 2, NAN, NAN, 1, 4, NAN, -3, 5, 8), U = ad_transpose(L);
    ad_var B = INPUT(3, 2, 1, 2, 3, 4, 5, 6);
    ad_var x = ad_solve_lower(L, B, false), z = ad_solve_lower(L, B, true);
    check_matrix(ad_solve_upper(U, B, true), 3, 2, ad_values(x), 0);
    check_matrix(ad_solve_upper(U, B, false), 3, 2, ad_values(z), 0);
    check_matrix(ad_matmul(ad_tril(L), x), 3, 2, ad_values(B), DBL_EPSILON);
    check_matrix(ad_matmul(ad_transpose(ad_tril(L)), z), 3, 2, ad_values(B), DBL_EPSILON);
}
END_TEST

/* S = [4 6; 6 10]: S^-1 = [2.5 -1.5; -1.5 1], det S = 4. */
START_TEST(only_the_symmetric_part_is_solved_with)
{
    ad_var A = INPUT(2, 2, 4, 7, 5, 10), B = INPUT(2, 1, 2, 4);
    ad_var X = ad_solve_spd(A, B), l = ad_logdet_spd(A);
    CHECK(X, 2, 1, -1, 1);
    check_number(l, log(4), DBL_EPSILON);
    /* B' = S^-1 1 = (1, -1/2), A' = -sym(B' X^T) */
    check_gradient(ad_sum(X), B, (const double[]){1, -0.5}, 0);
    check_gradient(ad_sum(X), A, (const double[]){1, -0.75, -0.75, 0.5}, 0);
    check_gradient(l, A, (const double[]){2.5, -1.5, -1.5, 1}, 0);
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 1);
    /* of log det S, S^-1 (x) S^-1 with its sign, symmetrized in both places */
    CHECK(ad_hessian(l, A), 4, 4, -6.25, 3.75, 3.75, -2.25, 3.75, -2.375, -2.375, 1.5, 3.75, -2.375,
          -2.375, 1.5, -2.25, 1.5, 1.5, -1);
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 1);
}
END_TEST

START_TEST(log_det_does_not_overflow)
{
    enum { ORDER = 40 };
    double a[ORDER * ORDER] = {0};
    for (size_t i = 0; i < ORDER; i++) a[i * ORDER + i] = i % 3 ? 1e300 : 1e-200;
    const double expected = (26 * 300 - 14 * 200) * log(10);
    check_number(ad_logdet_spd(ad_input(tape, ORDER, ORDER, a)), expected, 4 * DBL_EPSILON);
    check_number(ad_logdet_spd(ad_input(tape, 0, 0, NULL)), 0, 0);
}
END_TEST

START_TEST(triangular_and_symmetric_systems_that_are_errors)
{
    ad_var B = INPUT(2, 1, 1, 2);
    check_error(tape, ad_solve_spd(INPUT(2, 2, 1, 2, 2, 1), B), AD_ERROR_SINGULAR,
                "solve_spd: the 2x2 matrix is not positive definite");
    check_error(tape, ad_logdet_spd(INPUT(1, 1, 0)), AD_ERROR_SINGULAR,
                "logdet_spd: the 1x1 matrix is not positive definite");
    check_error(tape, ad_logdet_spd(INPUT(1, 2, 1, 2)), AD_ERROR_SHAPE,
                "logdet_spd: 1x2 is not square");
    check_error(tape, ad_solve_spd(INPUT(1, 1, 1), B), AD_ERROR_SHAPE,
                "solve_spd: 1x1 with right side 2x1: rows differ");
    check_error(tape, ad_solve_lower(INPUT(1, 2, 1, 2), B, false), AD_ERROR_SHAPE,
                "solve_lower: 1x2 with right side 2x1: the matrix is not square");
    check_error(tape, ad_solve_upper(INPUT(1, 1, 1), B, true), AD_ERROR_SHAPE,
                "solve_upper: 1x1 with right side 2x1: rows differ");
    check_error(tape, ad_solve_upper(INPUT(2, 2, 1, 2, 3, 0), B, false), AD_ERROR_SINGULAR,
                "solve_upper: the 2x2 matrix is singular (element 2 of the diagonal is zero)");
    check_error(tape, ad_solve_lower(INPUT(2, 2, 0, 2, 3, 4), B, true), AD_ERROR_SINGULAR,
                "solve_lower: the 2x2 matrix is singular (element 1 of the diagonal is zero)");
}
END_TEST

START_TEST(what_has_no_factor_is_an_error)
{
    check_error(tape, ad_cholesky(INPUT(2, 3, 1, 2, 3, 4, 5, 6)), AD_ERROR_SHAPE,
                "cholesky: 2x3 is not square");
    check_error(tape, ad_cholesky(INPUT(2, 2, 1, 2, 2, 1)), AD_ERROR_SINGULAR,
                "cholesky: the 2x2 matrix is not positive definite");
    check_error(tape, ad_cholesky(INPUT(2, 2, 1, 1, 1, 1)), AD_ERROR_SINGULAR,
                "cholesky: the 2x2 matrix is not positive definite");
    check_error(tape, ad_cholesky(INPUT(1, 1, 0)), AD_ERROR_SINGULAR,
                "cholesky: the 1x1 matrix is not positive definite");
    check_error(tape, ad_cholesky(INPUT(1, 1, -INFINITY)), AD_ERROR_SINGULAR,
                "cholesky: the 1x1 matrix is not positive definite");
}
END_TEST

START_TEST(nan_in_the_matrix_makes_the_triangle_nan)
{
    /* clang-format off */
    const double places[][4] = {{NAN, 0, 0, 1}, {1, NAN, 0, 1}, {1, 0, NAN, 1}, {-1, 0, 0, NAN},
                                {1, INFINITY, -INFINITY, 1}};
    /* clang-format on */
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        ad_var A = ad_input(tape, 2, 2, places[k]), L = ad_cholesky(A);
        CHECK(L, 2, 2, NAN, 0, NAN, NAN);
        check_gradient(ad_sum(L), A, (const double[]){NAN, NAN, NAN, NAN}, 0);
    }
}
END_TEST

START_TEST(nan_in_a_large_matrix_makes_the_triangle_nan)
{
    enum { N = 40 };
    double a[N * N] = {0}, expected[N * N] = {0};
    for (size_t i = 0; i < N * N; i++) {
        a[i] = i / N == i % N;
        if (i % N <= i / N) expected[i] = NAN;
    }
    a[N - 1] = NAN;
    check_matrix(ad_cholesky(ad_input(tape, N, N, a)), N, N, expected, 0);
}
END_TEST

/* sqrt(2^-1074) = 2^-537, sqrt(3 2^-1074) = sqrt(3) 2^-537. */
START_TEST(subnormal_entries_have_their_digits)
{
    CHECK(ad_cholesky(INPUT(1, 1, 0x1p-1074)), 1, 1, 0x1p-537);
    check_number(ad_cholesky(INPUT(1, 1, 3 * 0x1p-1074)), sqrt(3) * 0x1p-537, DBL_EPSILON);
    CHECK(ad_cholesky(INPUT(2, 2, 0x1p-1074, 0, 0, 1)), 2, 2, 0x1p-537, 0, 0, 1);
    ad_var A = INPUT(2, 2, 0x1p-1074, 0x1p-1074, 0x1p-1074, 1);
    CHECK(ad_cholesky(A), 2, 2, 0x1p-537, 0, 0x1p-537, 1);
}
END_TEST

START_TEST(the_symmetric_part_of_huge_entries_does_not_overflow)
{
    ad_var A = INPUT(2, 2, 0x1p1023, 0x1p1023, 0x1p1023, 0x1.8p1023);
    check_matrix(ad_cholesky(A), 2, 2,
                 (const double[]){0x1p511 * sqrt(2), 0, 0x1p511 * sqrt(2), 0x1p511},
                 4 * DBL_EPSILON);
}
END_TEST

START_TEST(replay_finds_the_factor_anew)
{
    ad_var A = INPUT(2, 2, 4, 6, 6, 10), L = ad_cholesky(A);
    ad_var gradient = ad_grad(ad_sum(ad_diagonal(L)), A);
    ad_set(A, (const double[]){1, 2, 2, 8});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    CHECK(L, 2, 2, 1, 0, 2, 2);
    check_matrix(gradient, 2, 2, (const double[]){1.5, -0.5, -0.5, 0.25}, DBL_EPSILON);
    ad_set(A, (const double[]){1, 2, 2, 1});
    ck_assert_int_eq(ad_replay(tape), AD_ERROR_SINGULAR);
    ck_assert_str_eq(ad_tape_message(tape), "cholesky: the 2x2 matrix is not positive definite");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("cholesky");
    TCase *c = tcase_create("cholesky");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, factor_is_lower_triangular);
    tcase_add_test(c, only_the_symmetric_part_counts);
    tcase_add_test(c, gradient_of_2x2);
    tcase_add_test(c, upper_triangle_passes_nothing);
    tcase_add_test(c, log_determinant_to_the_fourth_order);
    tcase_add_test(c, factor_along_a_line_to_the_fourth_order);
    tcase_add_test(c, product_of_the_factors_has_the_derivatives_of_the_matrix);
    tcase_add_test(c, solutions_with_the_factor_have_exact_derivatives);
    tcase_add_test(c, half_lower_is_its_own_adjoint);
    tcase_add_test(c, solve_upper_reads_one_triangle);
    tcase_add_test(c, triangular_systems_are_those_of_each_other_transposed);
    tcase_add_test(c, only_the_symmetric_part_is_solved_with);
    tcase_add_test(c, log_det_does_not_overflow);
    tcase_add_test(c, triangular_and_symmetric_systems_that_are_errors);
    tcase_add_test(c, what_has_no_factor_is_an_error);
    tcase_add_test(c, nan_in_the_matrix_makes_the_triangle_nan);
    tcase_add_test(c, nan_in_a_large_matrix_makes_the_triangle_nan);
    tcase_add_test(c, subnormal_entries_have_their_digits);
    tcase_add_test(c, the_symmetric_part_of_huge_entries_does_not_overflow);
    tcase_add_test(c, replay_finds_the_factor_anew);
    suite_add_tcase(s, c);
    return s;
}

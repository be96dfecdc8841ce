/* SPDX-License-Identifier: MIT */
/* The largest singular value to the fourth order: against the closed form of 2x2 matrices, against
 * derivatives found with 80 digits, and where it is not simple. */
#include "ops/operations.h"
#include "tests/norm_derivatives.h"

#include <float.h>
#include <math.h>

#include "tests/fixture.h"

static ad_var input(size_t rows, size_t cols, const double *values)
{
    return ad_input(tape, rows, cols, values);
}

static void check_second_and_third_are_zero(ad_var y, ad_var x)
{
    ad_var hessian = ad_hessian(y, x);
    check_zeros(hessian);
    check_zeros(ad_jacobian(hessian, x));
}

/* The largest singular value of a 2x2 matrix [a b; c d] is half of the sum of the norms of
 * (a + d, b - c) and (a - d, b + c). */
static const double halves[2][2][4] = {{{1, 0, 0, 1}, {0, 1, -1, 0}},
                                       {{1, 0, 0, -1}, {0, 1, 1, 0}}};

static long double spectral_derivative(size_t n, const long double *x, size_t order,
                                       const size_t *at)
{
    long double sum = 0;
    (void)n;
    for (size_t half = 0; half < 2; half++) {
        long double p[2] = {0, 0};
        for (size_t i = 0; i < 2; i++)
            for (size_t k = 0; k < 4; k++) p[i] += halves[half][i][k] * x[k];
        for (size_t place = 0; place < power(2, order); place++) {
            size_t in[3];
            long double factor = 0.5L;
            digits(place, 2, order, in);
            for (size_t a = 0; a < order; a++) factor *= halves[half][in[a]][at[a]];
            sum += factor * norm_derivative(2, p, order, in);
        }
    }
    return sum;
}

START_TEST(spectral_norm_of_2x2_to_the_third_order)
{
    uint64_t seed = 77;
    for (int i = 0; i < 20; i++) {
        ad_var x = random_input(tape, 2, 2, &seed);
        check_orders(ad_norm2(x), x, spectral_derivative, 1e-13);
    }
    ad_var diagonal = INPUT(2, 2, -3, 0, 0, 1), rank_one = INPUT(2, 2, 1, 2, -2, -4);
    check_orders(ad_norm2(diagonal), diagonal, spectral_derivative, 1e-14);
    check_orders(ad_norm2(rank_one), rank_one, spectral_derivative, 1e-14);
}
END_TEST

/* The error grows with the inverse of the relative gap, not of its square. */
START_TEST(spectral_norm_near_a_repeated_singular_value)
{
    const double gaps[] = {1e-2, 1e-5, 1e-8};
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        double a = 0.6 * (1 + gaps[i]), b = 0.8 * (1 + gaps[i]), expected[16];
        ad_var x = INPUT(2, 2, a, -0.8, b, 0.6);
        fill_derivatives(x, spectral_derivative, 2, expected);
        check_matrix(ad_hessian(ad_norm2(x), x), 4, 4, expected, 4 * DBL_EPSILON / gaps[i]);
    }
}
END_TEST

/* Derivatives along A + t E, found from singular values in 80 digits. */
static void check_line(size_t rows, size_t cols, const double *a, const double *direction,
                       bool transpose, const double *expected)
{
    ad_var t = ad_scalar(tape, 0), A = ad_constant(tape, rows, cols, a);
    ad_var line = ad_add(A, ad_mul(t, ad_constant(tape, rows, cols, direction)));
    ad_var y = ad_norm2(transpose ? ad_transpose(line) : line);
    for (size_t order = 0; order <= 4; order++) {
        check_number(y, expected[order], 1e-14);
        y = ad_grad(y, t);
    }
}

START_TEST(spectral_norm_of_other_shapes_to_the_fourth_order)
{
    const double a[] = {3, -1, 2, 0.5, 1, 4, -2, 1, 0, 2.5, 1, -3};
    const double e[] = {1, 2, -1, 0, 0.5, -1, 1, 2, -2, 1, 0, 1};
    const double wide[] = {5.1773966007232699391, -1.6767564200911420339, 1.8693973005124614165,
                           3.5103056732557785547, 5.9395702917457051657};
    const double b[] = {4, 1, 0, 1, -2, 1, 0.5, 1, 3, 1, 1, 1, 2, 0, -1};
    const double f[] = {1, 0, 1, 0, 1, -1, 2, 0, 0, 1, -1, 0, 0, 0, 3};
    const double tall[] = {4.8306587466546114533, 1.8227616567512185574, 3.0421759945930700257,
                           -21.727020844870843, 206.09391849766607206};
    check_line(3, 4, a, e, false, wide);
    check_line(3, 4, a, e, true, wide);
    check_line(5, 3, b, f, false, tall);
    check_line(5, 3, b, f, true, tall);
}
END_TEST

START_TEST(spectral_norm_scales_exactly)
{
    const double a[] = {3, -1, 2, 1, 4, -2}, scales[] = {0x1p600, 0x1p-600};
    ad_var x = input(2, 3, a), hessian = ad_hessian(ad_norm2(x), x);
    for (size_t i = 0; i < 2; i++) {
        double scaled[6], expected[36];
        for (size_t k = 0; k < 6; k++) scaled[k] = a[k] * scales[i];
        for (size_t k = 0; k < 36; k++) expected[k] = ad_values(hessian)[k] / scales[i];
        ad_var z = input(2, 3, scaled), y = ad_norm2(z);
        check_number(y, ad_value(ad_norm2(x)) * scales[i], 0);
        check_gradient(y, z, ad_values(ad_grad(ad_norm2(x), x)), 0);
        check_matrix(ad_hessian(y, z), 6, 6, expected, 0);
    }
}
END_TEST

/* A subgradient G of a repeated largest singular value s: <G, A> = s, and of rank one with norm 1,
 * so that its Frobenius norm is 1 too. */
static void check_kink(ad_var x, double sigma)
{
    ad_var y = ad_norm2(x), gradient = ad_grad(y, x);
    check_number(y, sigma, 4 * DBL_EPSILON);
    check_number(ad_dot(gradient, x), sigma, 8 * DBL_EPSILON);
    check_number(ad_norm_fro(gradient), 1, 8 * DBL_EPSILON);
    check_number(ad_norm2(gradient), 1, 8 * DBL_EPSILON);
    check_second_and_third_are_zero(y, x);
}

START_TEST(repeated_singular_values_have_a_constant_subgradient)
{
    check_kink(INPUT(2, 2, 1, 0, 0, 1), 1);
    check_kink(INPUT(2, 3, 0, 0, -2, 2, 0, 0), 2);
    check_kink(INPUT(3, 3, 5, 0, 0, 0, 1, 0, 0, 0, -5), 5);
    /* 3 times a reflection with entries in thirds: orthogonal up to rounding */
    double reflection[] = {1, -2, -2, -2, 1, -2, -2, -2, 1};
    for (size_t i = 0; i < 9; i++) reflection[i] /= 3;
    check_kink(input(3, 3, reflection), 1);
}
END_TEST

/* Orthogonal up to rounding, which alone tells the singular values apart. */
START_TEST(rotations_have_no_curvature)
{
    uint64_t seed = 12;
    for (int i = 0; i < 50; i++) {
        double angle = 4 * next_random(&seed), c = cos(angle), s = sin(angle);
        check_kink(INPUT(2, 2, c, -s, s, c), 1);
        check_kink(INPUT(3, 2, c, -s, 0, 0, s, c), 1);
    }
}
END_TEST

START_TEST(replay_decides_anew_whether_a_singular_value_is_repeated)
{
    ad_var x = INPUT(2, 2, 1, 0, 0, 1), hessian = ad_hessian(ad_norm2(x), x);
    const double apart[] = {2, 0, 0, 1};
    check_zeros(hessian);
    ad_set(x, apart);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    ad_var y = input(2, 2, apart), fresh = ad_hessian(ad_norm2(y), y);
    check_matrix(hessian, 4, 4, ad_values(fresh), 0);
    check_number(ad_sum(ad_abs(fresh)), 2, 4 * DBL_EPSILON);
}
END_TEST

START_TEST(factors_of_one_matrix_are_found_once)
{
    uint64_t seed = 5;
    ad_var x = random_input(tape, 6, 5, &seed);
    ad_hessian(ad_norm2(x), x);
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 1);
}
END_TEST

START_TEST(spectral_norm_of_infinite_and_nan_elements)
{
    ad_var infinite = INPUT(2, 2, 1, INFINITY, 2, 3), nan = INPUT(2, 2, 1, INFINITY, NAN, 3);
    CHECK(ad_norm2(infinite), 1, 1, INFINITY);
    CHECK(ad_norm2(nan), 1, 1, NAN);
    CHECK(ad_grad(ad_norm2(nan), nan), 2, 2, NAN, NAN, NAN, NAN);
    ad_var hessian = ad_hessian(ad_norm2(nan), nan);
    for (size_t i = 0; i < 16; i++) ck_assert(isnan(ad_values(hessian)[i]));
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
}
END_TEST

START_TEST(singular_vectors_satisfy_their_equations)
{
    uint64_t seed = 11;
    for (size_t m = 2; m <= 4; m++)
        for (size_t n = 2; n <= 4; n++) {
            ad_var A = random_input(tape, m, n, &seed), w = operation_singular_vectors(A);
            ad_var u = ad_block(w, 0, 0, m, 1), v = ad_block(w, m, 0, n, 1), s = ad_norm2(A);
            double Av[4], Atu[4];
            for (size_t i = 0; i < m; i++) Av[i] = ad_value(s) * ad_values(u)[i];
            for (size_t i = 0; i < n; i++) Atu[i] = ad_value(s) * ad_values(v)[i];
            check_matrix(ad_matmul(A, v), m, 1, Av, 1e-14);
            check_matrix(ad_matmul(ad_transpose(A), u), n, 1, Atu, 1e-14);
            check_number(ad_norm2(u), 1, 1e-15);
            ck_assert(ad_value(ad_maximum(u)) == ad_value(ad_norm_inf(u)));
            ck_assert_double_lt(ad_gradcheck(ad_dot(u, ad_matmul(A, v)), A), 1e-7);
        }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("spectral norm");
    TCase *c = tcase_create("derivatives");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, spectral_norm_of_2x2_to_the_third_order);
    tcase_add_test(c, spectral_norm_near_a_repeated_singular_value);
    tcase_add_test(c, spectral_norm_of_other_shapes_to_the_fourth_order);
    tcase_add_test(c, spectral_norm_scales_exactly);
    tcase_add_test(c, repeated_singular_values_have_a_constant_subgradient);
    tcase_add_test(c, rotations_have_no_curvature);
    tcase_add_test(c, replay_decides_anew_whether_a_singular_value_is_repeated);
    tcase_add_test(c, factors_of_one_matrix_are_found_once);
    tcase_add_test(c, spectral_norm_of_infinite_and_nan_elements);
    tcase_add_test(c, singular_vectors_satisfy_their_equations);
    suite_add_tcase(s, c);
    return s;
}

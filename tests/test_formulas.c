/* SPDX-License-Identifier: MIT */
/* The formulas of matrix calculus that everybody looks up, against their closed forms: to 1e-13
 * times the condition number, where there is one. */
#include "tests/exact.h"
#include "tests/singular_values.h"

#include <math.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

enum { MOST = 8, TRIALS = 40 };

static const double tolerance = 1e-13;
static ad_tape *tape;
static uint64_t state;

static void setup(void)
{
    tape = ad_tape_new();
    state = 2025;
}

static void teardown(void)
{
    ad_tape_free(tape);
}

static double random_number(void)
{
    return next_random(&state);
}

static void fill_random(size_t size, double *x)
{
    for (size_t i = 0; i < size; i++) x[i] = random_number();
}

static ad_var vector(size_t n, const double *x)
{
    return ad_input(tape, n, 1, x);
}

static ad_var square(size_t n, const double *a)
{
    return ad_input(tape, n, n, a);
}

static long double length(size_t n, const double *x)
{
    long double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (long double)x[i] * x[i];
    return sqrtl(sum);
}

static double condition(size_t n, const double *a)
{
    long double sigma[MOST];
    singular_values(n, a, sigma);
    return fmax(1, (double)(sigma[0] / sigma[n - 1]));
}

/* ---- norms of vectors ---- */

START_TEST(gradient_of_the_euclidean_norm)
{
    const double scales[] = {1, 1e-200, 1e200};
    for (size_t trial = 0; trial < TRIALS; trial++) {
        double x[MOST], expected[MOST], scale = scales[trial % 3];
        size_t n = 1 + trial % MOST;
        fill_random(n, x);
        double norm = (double)length(n, x);
        for (size_t i = 0; i < n; i++) {
            expected[i] = x[i] / norm;
            x[i] *= scale;
        }
        ad_var v = vector(n, x), y = ad_norm2(v);
        check_number(y, norm * scale, tolerance);
        check_gradient(y, v, expected, tolerance);
    }
}
END_TEST

START_TEST(gradient_and_second_derivative_of_the_square_of_the_norm)
{
    for (size_t n = 1; n <= MOST; n++) {
        double x[MOST], gradient[MOST], hessian[MOST * MOST];
        fill_random(n, x);
        for (size_t i = 0; i < n * n; i++) hessian[i] = i / n == i % n ? 2 : 0;
        for (size_t i = 0; i < n; i++) gradient[i] = 2 * x[i];
        ad_var v = vector(n, x), y = ad_dot(v, v);
        check_gradient(y, v, gradient, tolerance);
        check_matrix(ad_hessian(y, v), n, n, hessian, tolerance);
        check_matrix(ad_hessian(ad_square(ad_norm2(v)), v), n, n, hessian, tolerance);
    }
}
END_TEST

START_TEST(gradient_of_the_norm_of_a_sum)
{
    for (size_t n = 1; n <= MOST; n++) {
        double x[MOST], a[MOST], sum[MOST], expected[MOST];
        fill_random(n, x);
        fill_random(n, a);
        for (size_t i = 0; i < n; i++) sum[i] = x[i] + a[i];
        for (size_t i = 0; i < n; i++) expected[i] = (double)(sum[i] / length(n, sum));
        ad_var v = vector(n, x);
        check_gradient(ad_norm2(ad_add(v, ad_constant(tape, n, 1, a))), v, expected, tolerance);
    }
}
END_TEST

START_TEST(gradient_of_the_sum_of_magnitudes)
{
    ad_var v = vector(4, (const double[]){3, -2, 0, 1e-300}), y = ad_norm1(v);
    check_number(y, 5, 0);
    check_gradient(y, v, (const double[]){1, -1, 0, 1}, 0);
}
END_TEST

/* (I - x x^T / ||x||^2) / ||x|| */
START_TEST(second_derivative_of_the_euclidean_norm)
{
    for (size_t n = 1; n <= MOST; n++) {
        double x[MOST], expected[MOST * MOST];
        fill_random(n, x);
        long double r = length(n, x);
        for (size_t i = 0; i < n * n; i++) {
            size_t j = i / n, k = i % n;
            expected[i] = (double)(((j == k) - (long double)x[j] * x[k] / (r * r)) / r);
        }
        if (n == 1) expected[0] = 0;
        ad_var v = vector(n, x), y = ad_norm2(v);
        ad_var hessian = ad_hessian(y, v);
        if (n == 1) ck_assert_double_le(fabs(ad_value(hessian)), 1e-13 / fabs(x[0]));
        else check_matrix(hessian, n, n, expected, tolerance);
    }
}
END_TEST

/* v(t) = (1, 2t): the speed of a drone. Its derivative is not 8t / sqrt(1 + 4t^2). */
START_TEST(derivative_of_the_length_of_a_curve_of_vectors)
{
    for (int i = -8; i <= 8; i++) {
        double value = i / 4.0, expected = 4 * value / sqrt(1 + 4 * value * value);
        ad_var t = ad_scalar(tape, value), one = ad_constant(tape, 1, 1, (const double[]){1});
        ad_var y = ad_norm2(ad_vcat(one, ad_scale(t, 2)));
        check_gradient(y, t, &expected, tolerance);
        ck_assert(i == 0 || fabs(2 * expected - ad_value(ad_grad(y, t))) > 0.1);
    }
}
END_TEST

/* ---- matrices ---- */

START_TEST(gradient_of_the_frobenius_norm_both_ways)
{
    for (size_t n = 1; n <= MOST; n++) {
        double x[MOST * 3], expected[MOST * 3];
        fill_random(3 * n, x);
        for (size_t i = 0; i < 3 * n; i++) expected[i] = (double)(x[i] / length(3 * n, x));
        ad_var X = ad_input(tape, 3, n, x);
        ad_var spelled = ad_sqrt(ad_trace(ad_matmul(ad_transpose(X), X)));
        check_gradient(ad_norm_fro(X), X, expected, tolerance);
        check_gradient(spelled, X, expected, tolerance);
        check_number(spelled, (double)length(3 * n, x), tolerance);
    }
}
END_TEST

/* x^T A y: x y^T by A, A y by x, A^T x by y. */
START_TEST(gradients_of_a_bilinear_form)
{
    double a[2 * 3] = {1, 2, 3, 4, 5, 6}, x[] = {2, -1}, y[] = {1, 0.5, -3};
    const double by_A[] = {2, 1, -6, -1, -0.5, 3}, by_x[] = {-7, -11.5}, by_y[] = {-2, -1, 0};
    ad_var A = ad_input(tape, 2, 3, a), u = vector(2, x), v = vector(3, y);
    const ad_var forms[] = {ad_quad(u, A, v), ad_matmul(ad_transpose(u), ad_matmul(A, v)),
                            ad_dot(u, ad_matmul(A, v)),
                            ad_trace(ad_matmul(A, ad_matmul(v, ad_transpose(u))))};
    for (size_t i = 0; i < 4; i++) {
        check_gradient(forms[i], A, by_A, tolerance);
        check_gradient(forms[i], u, by_x, tolerance);
        check_gradient(forms[i], v, by_y, tolerance);
        check_matrix(ad_jacobian(ad_grad(forms[i], u), v), 2, 3, a, tolerance);
    }
}
END_TEST

START_TEST(gradients_of_traces)
{
    const double x[] = {1, 2, 3, 4, 5, 6}, a[] = {1, -1, 2, 0.5, 3, 1};
    ad_var S = square(2, x), X = ad_input(tape, 2, 3, x);
    check_gradient(ad_trace(S), S, (const double[]){1, 0, 0, 1}, 0);
    check_gradient(ad_trace(ad_matmul(ad_transpose(X), X)), X, (const double[]){2, 4, 6, 8, 10, 12},
                   0);
    ad_var A = ad_constant(tape, 3, 2, a),
           B = ad_constant(tape, 3, 3, (const double[]){2, 1, 0, -1, 1, 4, 3, 0, 1});
    double expected[6];
    const double *m = ad_values(ad_matmul(B, A)); /* A^T B^T = (B A)^T */
    for (size_t i = 0; i < 6; i++) expected[i] = m[i % 3 * 2 + i / 3];
    check_gradient(ad_trace(ad_matmul(ad_matmul(A, X), B)), X, expected, tolerance);
}
END_TEST

/* ---- determinants ---- */

START_TEST(gradient_of_the_determinant_is_the_cofactor_matrix)
{
    for (size_t trial = 0; trial < TRIALS; trial++) {
        size_t n = 1 + trial % MOST;
        double a[MOST * MOST], cofactor[MOST * MOST];
        exact_derivatives exact = {.cofactor = cofactor};
        fill_random(n * n, a);
        ck_assert(exact_differentiate(EXACT_FASTEST, n, a, NULL, NULL, &exact));
        ad_var A = square(n, a), d = ad_det(A);
        double to = tolerance * condition(n, a);
        check_number(d, exact.determinant, to);
        check_gradient(d, A, cofactor, to);
        check_matrix(ad_mul(d, ad_transpose(ad_inverse(A))), n, n, cofactor, to);
    }
}
END_TEST

START_TEST(gradient_of_the_determinant_of_a_singular_matrix)
{
    ad_var A = square(3, (const double[]){1, 2, 3, 4, 5, 6, 7, 8, 9}), d = ad_det(A);
    check_number(d, 0, 0);
    check_gradient(d, A, (const double[]){-3, 6, -3, 6, -12, 6, -3, 6, -3}, tolerance);
    ad_var Z = square(3, (const double[9]){0});
    check_gradient(ad_det(Z), Z, (const double[9]){0}, 0);
}
END_TEST

START_TEST(gradient_of_the_logarithm_of_the_determinant_is_the_transposed_inverse)
{
    for (size_t trial = 0; trial < TRIALS; trial++) {
        size_t n = 1 + trial % MOST;
        double a[MOST * MOST], inverse[MOST * MOST];
        exact_derivatives exact = {.log_gradient = inverse};
        fill_random(n * n, a);
        ck_assert(exact_differentiate(EXACT_FASTEST, n, a, NULL, NULL, &exact));
        ad_var A = square(n, a), y = ad_logabsdet(A);
        double to = tolerance * condition(n, a);
        ck_assert_double_eq_tol(ad_value(y), log(fabs(exact.determinant)), to);
        check_gradient(y, A, inverse, to);
        check_number(ad_detsign(A), exact.determinant < 0 ? -1 : 1, 0);
    }
}
END_TEST

/* p'(x) = tr cof(xI - A) = p(x) tr (xI - A)^-1; entries in 64ths, so that xI - A is exact. */
START_TEST(derivative_of_the_characteristic_polynomial)
{
    for (size_t trial = 0; trial < TRIALS; trial++) {
        size_t n = 1 + trial % MOST;
        double a[MOST * MOST], m[MOST * MOST], cofactor[MOST * MOST], derivative = 0;
        exact_derivatives exact = {.cofactor = cofactor};
        double at = round(64 * random_number()) / 16;
        for (size_t i = 0; i < n * n; i++) {
            a[i] = round(64 * random_number()) / 64;
            m[i] = (i / n == i % n ? at : 0) - a[i];
        }
        ck_assert(exact_differentiate(EXACT_FASTEST, n, m, NULL, NULL, &exact));
        for (size_t i = 0; i < n; i++) derivative += cofactor[i * n + i];
        ad_var A = square(n, a), x = ad_scalar(tape, at), p = ad_charpoly(A, x);
        double to = tolerance * condition(n, m);
        check_number(p, exact.determinant, to);
        check_gradient(p, x, &derivative, to);
        ad_var unit = ad_diag(ad_broadcast(ad_constant(tape, 1, 1, (const double[]){1}), n, 1));
        ad_var M = ad_sub(ad_mul(x, unit), A);
        check_number(ad_mul(p, ad_trace(ad_inverse(M))), derivative, to);
        for (size_t i = 0; i < n * n; i++) cofactor[i] = -cofactor[i];
        check_gradient(p, A, cofactor, to);
    }
}
END_TEST

/* Of order 2, cof is linear: cof(V) = (v22, -v21; -v12, v11). */
START_TEST(second_derivative_of_the_determinant_of_order_2)
{
    double a[4], v[4];
    fill_random(4, a);
    fill_random(4, v);
    ad_var A = square(2, a), V = ad_constant(tape, 2, 2, v), d = ad_det(A);
    check_matrix(ad_hvp(d, A, V), 2, 2, (const double[]){v[3], -v[2], -v[1], v[0]}, tolerance);
    check_matrix(ad_hessian(d, A), 4, 4,
                 (const double[]){0, 0, 0, 1, 0, 0, -1, 0, 0, -1, 0, 0, 1, 0, 0, 0}, tolerance);
}
END_TEST

/* Of order 3, with rows a, b, c: det = <a, b x c>, and row 1 of D cof(A)[V] is vb x c + b x vc. */
START_TEST(second_derivative_of_the_determinant_of_order_3)
{
    for (size_t trial = 0; trial < TRIALS; trial++) {
        double a[9], v[9], expected[9];
        fill_random(9, a);
        fill_random(9, v);
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++) {
                size_t b = 3 * ((i + 1) % 3), c = 3 * ((i + 2) % 3);
                size_t k = (j + 1) % 3, l = (j + 2) % 3;
                expected[3 * i + j] = v[b + k] * a[c + l] - v[b + l] * a[c + k] +
                                      a[b + k] * v[c + l] - a[b + l] * v[c + k];
            }
        ad_var A = square(3, a);
        check_matrix(ad_hvp(ad_det(A), A, ad_constant(tape, 3, 3, v)), 3, 3, expected, tolerance);
    }
}
END_TEST

START_TEST(second_derivative_of_the_determinant_of_any_order)
{
    for (size_t trial = 0; trial < TRIALS; trial++) {
        size_t n = 1 + trial % MOST;
        double a[MOST * MOST], v[MOST * MOST], expected[MOST * MOST];
        exact_derivatives exact = {.first_v = expected};
        fill_random(n * n, a);
        fill_random(n * n, v);
        ck_assert(exact_differentiate(EXACT_FADDEEV_LEVERRIER, n, a, v, NULL, &exact));
        ad_var A = square(n, a), d = ad_det(A);
        check_matrix(ad_hvp(d, A, ad_constant(tape, n, n, v)), n, n, expected,
                     tolerance * condition(n, a));
    }
}
END_TEST

/* ---- third derivatives ---- */

/* (sin x^2)''' = -12 x sin x^2 - 8 x^3 cos x^2 */
START_TEST(third_derivative_of_the_sine_of_a_square)
{
    for (int i = -10; i <= 10; i++) {
        double at = i / 4.0, s = at * at;
        ad_var x = ad_scalar(tape, at), y = ad_sin(ad_square(x));
        ad_var third = ad_grad(ad_grad(ad_grad(y, x), x), x);
        double terms = 12 * fabs(at * sin(s)) + 8 * fabs(at * s * cos(s));
        ck_assert_double_eq_tol(ad_value(third), -12 * at * sin(s) - 8 * at * s * cos(s),
                                tolerance * fmax(1, terms));
    }
}
END_TEST

/* The third derivative of det(A + tV) at t = 0 is 6 det V of order 3, and 6 <cof V, A> of order 4:
 * the coefficient of t^3 in det(A + tV) is that of s in det(V + sA). */
START_TEST(third_derivative_of_the_determinant_along_a_direction)
{
    for (size_t trial = 0; trial < TRIALS; trial++) {
        size_t n = 2 + trial % 3;
        double a[16], v[16], cofactor[16], expected = 0;
        exact_derivatives exact = {.cofactor = cofactor};
        fill_random(n * n, a);
        fill_random(n * n, v);
        ck_assert(exact_differentiate(EXACT_FASTEST, n, v, NULL, NULL, &exact));
        for (size_t i = 0; n == 4 && i < 16; i++) expected += 6 * cofactor[i] * a[i];
        if (n == 3) expected = 6 * exact.determinant;
        ad_var t = ad_scalar(tape, 0);
        ad_var d = ad_det(ad_add(ad_constant(tape, n, n, a), ad_mul(t, square(n, v))));
        ad_var third = ad_grad(ad_grad(ad_grad(d, t), t), t);
        ck_assert_double_eq_tol(ad_value(third), expected,
                                tolerance * condition(n, a) * fmax(1, fabs(expected)));
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("formulas");
    TCase *cases = tcase_create("formulas");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, gradient_of_the_euclidean_norm);
    tcase_add_test(cases, gradient_and_second_derivative_of_the_square_of_the_norm);
    tcase_add_test(cases, gradient_of_the_norm_of_a_sum);
    tcase_add_test(cases, gradient_of_the_sum_of_magnitudes);
    tcase_add_test(cases, second_derivative_of_the_euclidean_norm);
    tcase_add_test(cases, derivative_of_the_length_of_a_curve_of_vectors);
    tcase_add_test(cases, gradient_of_the_frobenius_norm_both_ways);
    tcase_add_test(cases, gradients_of_a_bilinear_form);
    tcase_add_test(cases, gradients_of_traces);
    tcase_add_test(cases, gradient_of_the_determinant_is_the_cofactor_matrix);
    tcase_add_test(cases, gradient_of_the_determinant_of_a_singular_matrix);
    tcase_add_test(cases, gradient_of_the_logarithm_of_the_determinant_is_the_transposed_inverse);
    tcase_add_test(cases, derivative_of_the_characteristic_polynomial);
    tcase_add_test(cases, second_derivative_of_the_determinant_of_order_2);
    tcase_add_test(cases, second_derivative_of_the_determinant_of_order_3);
    tcase_add_test(cases, second_derivative_of_the_determinant_of_any_order);
    tcase_add_test(cases, third_derivative_of_the_sine_of_a_square);
    tcase_add_test(cases, third_derivative_of_the_determinant_along_a_direction);
    suite_add_tcase(s, cases);
    return s;
}

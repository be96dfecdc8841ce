/* SPDX-License-Identifier: MIT */
/* What docs/accuracy.md says beside its picture and its table, and of large and small numbers; its
 * other bounds are asserted by the suites it names.
 *
 * With ACCURACY_PICTURE=file the errors behind the picture are written there, with
 * ACCURACY_TABLE=file the engine's on the matrices of the table.
 */
#include "tests/exact_polynomial.h"
#include "tests/hard_determinants.h"
#include "tests/matrix_families.h"
#include "tests/singular_values.h"
#include "tests/suite.h"

#include <autodiff/autodiff.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

enum { ORDER = 10, DISTANCES = 17 };

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

static FILE *figures(const char *variable)
{
    const char *path = getenv(variable);
    return path ? fopen(path, "w") : NULL;
}

/* ---- p'(x) near an eigenvalue -------------------------------------------------------------- */

/* S = R + R^T, R of normal numbers rounded to 1/64: exactly symmetric. */
static void symmetric(size_t n, double *s)
{
    uint64_t state = 2024;
    double r[ORDER * ORDER];
    for (size_t i = 0; i < n * n; i++) r[i] = round(64 * random_normal(&state)) / 64;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) s[i * n + j] = r[i * n + j] + r[j * n + i];
}

/* p^(k)(x) by the engine, k = 0, 1. */
static double charpoly(const double *s, double x, int k)
{
    ad_tape_reset(tape);
    ad_var X = ad_scalar(tape, x), p = ad_charpoly(ad_constant(tape, ORDER, ORDER, s), X);
    return ad_value(k == 0 ? p : ad_grad(p, X));
}

static double charpoly_by_det(const double *s, double x, double *slope)
{
    ad_tape_reset(tape);
    ad_var X = ad_scalar(tape, x), one = ad_broadcast(ad_scalar(tape, 1), ORDER, 1);
    ad_var p = ad_det(ad_sub(ad_diag(ad_mul(X, one)), ad_constant(tape, ORDER, ORDER, s)));
    ad_backward(p);
    *slope = *ad_adjoint(X);
    return ad_value(p);
}

/* p(x) tr((xI - S)^-1), p and the inverse from a factorization each; NaN without an inverse. */
static double formula(const double *s, double x)
{
    ad_tape_reset(tape);
    ad_var X = ad_scalar(tape, x), one = ad_broadcast(ad_scalar(tape, 1), ORDER, 1);
    ad_var M = ad_sub(ad_diag(ad_mul(X, one)), ad_constant(tape, ORDER, ORDER, s));
    return ad_value(
        ad_mul(ad_charpoly(ad_constant(tape, ORDER, ORDER, s), X), ad_trace(ad_inverse(M))));
}

static double central_difference(const double *s, double x)
{
    double h = cbrt(DBL_EPSILON) * fmax(1, fabs(x)), above = x + h, below = x - h;
    return (charpoly(s, above, 0) - charpoly(s, below, 0)) / (above - below);
}

static double relative_error(const exact_polynomial *p, double x, double slope)
{
    if (isnan(slope)) return NAN;
    double error = exact_polynomial_log_error(p, 1, x, slope);
    return exp2(error - exact_polynomial_log_error(p, 1, x, 0));
}

static double eigenvalue(const double *s)
{
    double x = 20;
    for (int step = 0; step < 200; step++) x -= charpoly(s, x, 0) / charpoly(s, x, 1);
    return x;
}

START_TEST(slope_of_the_characteristic_polynomial_at_every_distance_from_an_eigenvalue)
{
    double s[ORDER * ORDER];
    symmetric(ORDER, s);
    exact_polynomial p = exact_polynomial_of(ORDER, s);
    double at = eigenvalue(s);
    FILE *file = figures("ACCURACY_PICTURE");
    if (file) fprintf(file, "# distance charpoly det formula differences\n");
    for (int k = 0; k < DISTANCES; k++) {
        double distance = pow(10, -k), x = at + distance, by_det;
        charpoly_by_det(s, x, &by_det);
        double engine = relative_error(&p, x, charpoly(s, x, 1));
        double det = relative_error(&p, x, by_det);
        double inverse = relative_error(&p, x, formula(s, x));
        double differences = relative_error(&p, x, central_difference(s, x));
        if (file)
            fprintf(file, "%.0e %.3e %.3e %.3e %.3e\n", distance, fmax(engine, 1e-17),
                    fmax(det, 1e-17), fmax(inverse, 1e-17), fmax(differences, 1e-17));
        ck_assert_msg(engine <= 2e-14, "distance 1e-%d: charpoly %.2g", k, engine);
        ck_assert_msg(det <= 2e-14, "distance 1e-%d: det %.2g", k, det);
        ck_assert_msg(differences >= 1e-9 && differences <= 3e-9,
                      "distance 1e-%d: central differences %.2g", k, differences);
        /* Beyond, the eigenvalue's own rounding counts in the distance. */
        const double ratio = inverse * distance / DBL_EPSILON;
        if (k <= 13)
            ck_assert_msg(ratio >= 0.01 && ratio <= 20, "distance 1e-%d: formula %.2g", k, inverse);
    }
    if (file) fclose(file);
    exact_polynomial_clear(&p);
}
END_TEST

/* ---- hard determinants ---------------------------------------------------------------------- */

static double largest(size_t count, const double *x)
{
    double found = 0;
    for (size_t i = 0; i < count; i++) found = fmax(found, fabs(x[i]));
    return found;
}

static double worst(const hard_determinant *c, const double *actual, const double *expected)
{
    double scale = largest(c->n * c->n, expected), error = 0;
    if (scale == 0) scale = pow(c->sigma_1, (double)c->n - 1);
    for (size_t i = 0; i < c->n * c->n; i++) error = fmax(error, fabs(actual[i] - expected[i]));
    return error == 0 ? 0 : error / scale;
}

START_TEST(hard_determinants_are_differentiated_to_1e_15_whatever_their_condition)
{
    size_t count;
    hard_determinant *cases = hard_determinants_load("tests/data/hard-determinants.json", &count);
    ck_assert_ptr_nonnull(cases);
    FILE *file = figures("ACCURACY_TABLE");
    for (const hard_determinant *c = cases; c < cases + count; c++) {
        if (!c->gradient || !c->hvp) continue;
        ad_tape_reset(tape);
        ad_var A = ad_input(tape, c->n, c->n, c->a);
        ad_var V = ad_constant(tape, c->n, c->n, c->direction), det = ad_det(A);
        ad_backward(det);
        double first = worst(c, ad_adjoint(A), c->gradient);
        double second = worst(c, ad_values(ad_hvp(det, A, V)), c->hvp);
        if (file) fprintf(file, "%-24s %9.1e %9.1e\n", c->id, first, second);
        ck_assert_msg(first <= 1e-15, "%s: gradient %.2g", c->id, first);
        ck_assert_msg(second <= 1e-15, "%s: Hessian-vector product %.2g", c->id, second);
    }
    if (file) fclose(file);
    hard_determinants_free(cases, count);
}
END_TEST

/* ---- beyond the range of double -------------------------------------------------------------- */

/* log|det| by elimination in long double. */
static long double log_determinant(size_t n, const double *a)
{
    long double *u = malloc(n * n * sizeof *u), sum = 0;
    ck_assert_ptr_nonnull(u);
    for (size_t i = 0; i < n * n; i++) u[i] = a[i];
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k; i < n; i++)
            if (fabsl(u[i * n + k]) > fabsl(u[pivot * n + k])) pivot = i;
        for (size_t j = k; j < n; j++) {
            const long double swapped = u[k * n + j];
            u[k * n + j] = u[pivot * n + j], u[pivot * n + j] = swapped;
        }
        sum += logl(fabsl(u[k * n + k]));
        for (size_t i = k + 1; i < n; i++) {
            const long double factor = u[i * n + k] / u[k * n + k];
            for (size_t j = k + 1; j < n; j++) u[i * n + j] -= factor * u[k * n + j];
        }
    }
    free(u);
    return sum;
}

/* det overflows; log|det| does not, and its gradient G has A G^T = I. */
START_TEST(log_determinant_of_order_400_where_the_determinant_overflows)
{
    enum { N = 400 };
    static double a[N * N];
    uint64_t state = 400;
    for (size_t i = 0; i < N * N; i++) a[i] = random_normal(&state);
    ad_var A = ad_input(tape, N, N, a), y = ad_logabsdet(A);
    ck_assert(isinf(ad_value(ad_det(A))));
    ck_assert_double_eq_tol(ad_value(y), (double)log_determinant(N, a), 1e-13 * (double)N);
    ad_backward(y);
    ad_var product = ad_matmul(A, ad_transpose(ad_constant(tape, N, N, ad_adjoint(A))));
    const double *unit = ad_values(product);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) ck_assert_double_eq_tol(unit[i * N + j], i == j, 1e-9);
}
END_TEST

/* Vectors times 2^-1000 .. 2^1000: about 1e-301 to 1e301. */
START_TEST(norms_and_their_gradients_from_one_end_of_the_range_to_the_other)
{
    uint64_t state = 7;
    for (int exponent = -1000; exponent <= 1000; exponent += 100)
        for (size_t n = 1; n <= 9; n++) {
            double unscaled[9], scaled[9];
            long double squares = 0;
            for (size_t i = 0; i < n; i++) {
                unscaled[i] = random_normal(&state);
                scaled[i] = ldexp(unscaled[i], exponent);
                squares += (long double)unscaled[i] * unscaled[i];
            }
            const double norm = (double)sqrtl(squares);
            ad_tape_reset(tape);
            ad_var x = ad_input(tape, n, 1, scaled), y = ad_norm2(x);
            ad_backward(y);
            ck_assert_double_eq_tol(ldexp(ad_value(y), -exponent) / norm, 1, 1e-15);
            for (size_t i = 0; i < n; i++)
                ck_assert_double_eq_tol(ad_adjoint(x)[i], unscaled[i] / norm, 1e-15);
        }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("accuracy");
    TCase *stated = tcase_create("stated in docs/accuracy.md");
    tcase_add_checked_fixture(stated, set_up, tear_down);
    tcase_add_test(stated,
                   slope_of_the_characteristic_polynomial_at_every_distance_from_an_eigenvalue);
    tcase_add_test(stated, hard_determinants_are_differentiated_to_1e_15_whatever_their_condition);
    tcase_add_test(stated, log_determinant_of_order_400_where_the_determinant_overflows);
    tcase_add_test(stated, norms_and_their_gradients_from_one_end_of_the_range_to_the_other);
    suite_add_tcase(s, stated);
    return s;
}

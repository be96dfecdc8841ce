/* SPDX-License-Identifier: MIT */
/* The square of a norm is a polynomial, s = sum of x_i^2, smooth also at 0 where the norm is not:
 *
 *     s            gradient 2 x            Hessian 2 I
 *     exp(-s/2)    -x e                    (x x^T - I) e,  e = exp(-s/2)
 *     sqrt(1 + s)  x / q                   I / q - x x^T / q^3,  q = sqrt(1 + s)
 *
 * whichever way it is squared, fresh or replayed, by sweeps and recorded.
 */
#include <math.h>

#include "tests/fixture.h"
#include "tests/support_examples.h"

enum { MOST = 4, SQUARES = 5, FUNCTIONS = 3 };

#define EXPECT(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 1e-14)

/* ---- norms, squared in every way ---- */

/* The distance of (x_1, x_2) from the origin. */
static ad_var plane(ad_var x)
{
    return ad_hypot(ad_block(x, 0, 0, 1, 1), ad_block(x, 1, 0, 1, 1));
}

/* (x_1, x_2) and (x_3, x_4), elementwise. */
static ad_var planes(ad_var x)
{
    return ad_hypot(ad_block(x, 0, 0, 1, 2), ad_block(x, 1, 0, 1, 2));
}

static const struct norm {
    const char *name;
    ad_var (*of)(ad_var);
    size_t rows, cols;
} norms[] = {{"abs", ad_abs, 1, 1},           {"abs", ad_abs, 3, 1},
             {"abs", ad_abs, 2, 2},           {"norm2", ad_norm2, 3, 1},
             {"norm2", ad_norm2, 1, 4},       {"norm2", ad_norm2, 1, 1},
             {"norm_fro", ad_norm_fro, 2, 2}, {"norm_fro", ad_norm_fro, 1, 3},
             {"hypot", plane, 2, 1},          {"hypot", planes, 2, 2}};

enum { NORMS = sizeof norms / sizeof *norms };

static ad_var squared(size_t way, ad_var norm)
{
    switch (way) {
    case 0: return ad_square(norm);
    case 1: return ad_powi(norm, 2);
    case 2: return ad_mul(norm, norm);
    case 3: return ad_pow(norm, number_beside(norm, 2));
    default: return ad_pow_to(norm, 2);
    }
}

static ad_var function(size_t which, ad_var s)
{
    switch (which) {
    case 0: return s;
    case 1: return ad_exp(ad_scale(s, -0.5));
    default: return ad_sqrt(ad_shift(s, 1));
    }
}

/* ---- the derivatives: of f(s) first f' and f'', then those by x and, of the sum of all elements
 * of the Hessian, the gradient ---- */

typedef struct expected {
    size_t size;
    double value, gradient[MOST], hessian[MOST * MOST], third[MOST];
} expected;

/* f, f', f'', f''' at s */
static void slopes(size_t which, double s, double *f)
{
    const double e = exp(-s / 2), q = sqrt(1 + s);
    const double all[FUNCTIONS][4] = {
        {s, 1, 0, 0},
        {e, -e / 2, e / 4, -e / 8},
        {q, 1 / (2 * q), -1 / (4 * q * q * q), 3 / (8 * q * q * q * q * q)}};
    for (size_t k = 0; k < 4; k++) f[k] = all[which][k];
}

static expected expect(size_t which, const double *x, size_t size)
{
    expected d = {.size = size};
    double s = 0, sum = 0, f[4];
    for (size_t i = 0; i < size; i++) s += x[i] * x[i], sum += x[i];
    slopes(which, s, f);
    d.value = f[0];
    for (size_t i = 0; i < size; i++) {
        d.gradient[i] = 2 * f[1] * x[i];
        for (size_t j = 0; j < size; j++)
            d.hessian[i * size + j] = 4 * f[2] * x[i] * x[j] + (i == j ? 2 * f[1] : 0);
        d.third[i] = 8 * f[3] * x[i] * sum * sum + 8 * f[2] * sum + 4 * f[2] * x[i] * (double)size;
    }
    return d;
}

typedef struct recorded {
    ad_var x, y, gradient, hessian, product, third;
} recorded;

static recorded record(const struct norm *n, size_t way, size_t which, const double *point)
{
    recorded r = {.x = ad_input(tape, n->rows, n->cols, point)};
    ad_var ones = ad_broadcast(number_beside(r.x, 1), n->rows, n->cols);
    r.y = function(which, ad_sum(squared(way, n->of(r.x))));
    r.gradient = ad_grad(r.y, r.x);
    r.hessian = ad_hessian(r.y, r.x);
    r.product = ad_hvp(r.y, r.x, ones);
    r.third = ad_grad(ad_sum(r.hessian), r.x);
    return r;
}

static void check(const char *what, const struct norm *n, size_t way, size_t which,
                  const double *values, const double *wanted, size_t size)
{
    ck_assert_msg(values != NULL, "%s: %s", n->name, ad_tape_message(tape));
    for (size_t i = 0; i < size; i++)
        ck_assert_msg(fabs(values[i] - wanted[i]) <= 1e-13 * fmax(1, fabs(wanted[i])),
                      "%s of %zux%zu, squared in way %zu, function %zu, %s: element %zu is %.17g, "
                      "not %.17g",
                      n->name, n->rows, n->cols, way, which, what, i, values[i], wanted[i]);
}

static void check_recorded(const recorded *r, const struct norm *n, size_t way, size_t which,
                           const double *point)
{
    const size_t size = n->rows * n->cols;
    const expected d = expect(which, point, size);
    double product[MOST] = {0};
    for (size_t i = 0; i < size * size; i++) product[i / size] += d.hessian[i];
    check("value", n, way, which, ad_values(r->y), &d.value, 1);
    check("gradient", n, way, which, ad_values(r->gradient), d.gradient, size);
    check("Hessian", n, way, which, ad_values(r->hessian), d.hessian, size * size);
    check("Hessian times ones", n, way, which, ad_values(r->product), product, size);
    check("third derivative", n, way, which, ad_values(r->third), d.third, size);
    ad_backward(r->y);
    check("adjoint", n, way, which, ad_adjoint(r->x), d.gradient, size);
    ad_backward(ad_sum(r->gradient));
    check("adjoint of the gradient", n, way, which, ad_adjoint(r->x), product, size);
    ad_backward(ad_sum(r->hessian));
    check("adjoint of the Hessian", n, way, which, ad_adjoint(r->x), d.third, size);
}

static const double zeros[MOST], mixed[MOST] = {3, 0, -4, 0}, general[MOST] = {-0.5, 1, 0.25, 2};
static const double *const points[] = {zeros, mixed, general};

START_TEST(squares_of_norms_are_polynomials)
{
    const struct norm *n = &norms[_i];
    for (size_t way = 0; way < SQUARES; way++)
        for (size_t which = 0; which < FUNCTIONS; which++)
            for (size_t p = 0; p < 3; p++) {
                ad_tape_reset(tape);
                recorded r = record(n, way, which, points[p]);
                check_recorded(&r, n, way, which, points[p]);
                for (size_t q = 0; q < 3; q++) {
                    ad_set(r.x, points[q]);
                    ck_assert_int_eq(ad_replay(tape), AD_OK);
                    check_recorded(&r, n, way, which, points[q]);
                }
            }
}
END_TEST

/* ---- exponents that a replay changes ---- */

/* Of h^p, h the norm: gradient p h^(p-2) x, Hessian p h^(p-2) I + p (p-2) h^(p-4) x x^T. */
static void check_power(ad_var y, ad_var x, ad_var gradient, ad_var hessian, double p)
{
    const size_t size = ad_rows(x) * ad_cols(x);
    const double *v = ad_values(x);
    double s = 0, g[MOST], H[MOST * MOST];
    for (size_t i = 0; i < size; i++) s += v[i] * v[i];
    const double h = sqrt(s), first = p * pow(h, p - 2);
    const double second = h > 0 ? p * (p - 2) * pow(h, p - 4) : 0;
    for (size_t i = 0; i < size; i++) {
        g[i] = first * v[i];
        for (size_t j = 0; j < size; j++)
            H[i * size + j] = second * v[i] * v[j] + (i == j ? first : 0);
    }
    check_gradient(y, x, g, 1e-14);
    check_matrix(gradient, ad_rows(x), ad_cols(x), g, 1e-14);
    check_matrix(hessian, size, size, H, 1e-14);
}

START_TEST(what_a_constant_exponent_is_now_decides)
{
    static const double exponents[] = {3, 2, 4, 2, 3};
    const struct norm *n = &norms[_i];
    if (n->of == planes || (n->of == ad_abs && n->rows > 1)) return;
    for (size_t p = 0; p < 3; p++)
        for (size_t first = 0; first < 2; first++) {
            ad_tape_reset(tape);
            ad_var x = ad_input(tape, n->rows, n->cols, points[p]);
            ad_var c = ad_constant(tape, 1, 1, &exponents[first]), y = ad_pow(n->of(x), c);
            ad_var gradient = ad_grad(y, x), hessian = ad_hessian(y, x);
            for (size_t k = first; k < 5; k++)
                for (size_t q = 0; q < 3; q++) {
                    ad_set(c, &exponents[k]);
                    ad_set(x, points[q]);
                    ck_assert_int_eq(ad_replay(tape), AD_OK);
                    check_power(y, x, gradient, hessian, exponents[k]);
                    check_power(y, x, ad_grad(y, x), ad_hessian(y, x), exponents[k]);
                }
        }
}
END_TEST

/* Elementwise, of a matrix: |x|^p has p |x|^(p-2) x and p (p-1) |x|^(p-2). */
START_TEST(exponents_of_magnitudes_change_for_all_elements)
{
    ad_var x = INPUT(2, 2, 1, 2, 3, 4), c = number_beside(x, 3), y = ad_sum(ad_pow(ad_abs(x), c));
    ad_var g = ad_grad(y, x), H = ad_hessian(y, x);
    ad_set(x, (const double[]){0, -2, 1, 0});
    ad_replay(tape);
    EXPECT(g, 2, 2, 0, -12, 3, 0);
    EXPECT(H, 4, 4, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0);
    ad_set(c, (const double[]){2});
    ad_replay(tape);
    EXPECT(g, 2, 2, 0, -4, 2, 0);
    EXPECT(H, 4, 4, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2);
    check_zeros(ad_grad(ad_sum(H), x));
}
END_TEST

/* ---- squares beside other functions ---- */

START_TEST(norms_of_functions_and_norms_beside_their_squares)
{
    ad_var x = INPUT(2, 1, 0, 0), a = INPUT(2, 1, 1, -2), n = ad_norm2(x);
    EXPECT(ad_hessian(ad_square(ad_norm2(ad_sin(x))), x), 2, 2, 2, 0, 0, 2);
    EXPECT(ad_hessian(ad_powi(ad_norm2(ad_sub(a, CONSTANT(a, 2, 1, 1, -2))), 2), a), 2, 2, 2, 0, 0,
           2);
    EXPECT(ad_hessian(ad_add(ad_mul(n, n), n), x), 2, 2, 2, 0, 0, 2);
    EXPECT(ad_grad(ad_add(ad_mul(n, n), n), x), 2, 1, 0, 0);
    ad_var c = INPUT(2, 1, 0, 0), r = INPUT(1, 3, 0, 0, 0), h = ad_sum(ad_square(ad_hypot(c, r)));
    EXPECT(ad_hessian(h, c), 2, 2, 6, 0, 0, 6);
    EXPECT(ad_hessian(h, r), 3, 3, 4, 0, 0, 0, 4, 0, 0, 0, 4);
    check_zeros(ad_jacobian(ad_grad(h, c), r));
}
END_TEST

/* The square of a largest singular value, and of a largest magnitude, is no sum of squares. */
START_TEST(other_norms_keep_their_own_squares)
{
    ad_var X = INPUT(2, 2, 3, 0, 0, 1), x = INPUT(2, 1, -3, 2);
    for (size_t way = 0; way < SQUARES; way++) {
        ad_var y = squared(way, ad_norm2(X)), z = squared(way, ad_norm_inf(x));
        check_number(y, 9, 1e-15);
        check_gradient(y, X, (const double[]){6, 0, 0, 0}, 1e-14);
        check_number(z, 9, 0);
        check_gradient(z, x, (const double[]){-6, 0}, 0);
        EXPECT(ad_hessian(z, x), 2, 2, 2, 0, 0, 0);
        check_number(squared(way, ad_norm1(x)), 25, 0);
    }
}
END_TEST

/* ---- ad_sumsq and ad_pow_to ---- */

START_TEST(sum_of_squares)
{
    ad_var X = INPUT(2, 3, 1, -2, 3, 0, 0.5, -1), s = ad_sumsq(X), H = ad_hessian(s, X);
    check_number(s, 15.25, 1e-15);
    check_gradient(s, X, (const double[]){2, -4, 6, 0, 1, -2}, 0);
    for (size_t i = 0; i < 36; i++) ck_assert_double_eq(ad_values(H)[i], i % 7 ? 0 : 2);
    check_zeros(ad_grad(ad_sum(H), X));
    ad_var t = ad_scalar(tape, -3);
    check_number(ad_sumsq(t), 9, 0);
    check_gradient(ad_sumsq(t), t, (const double[]){-6}, 0);
    check_number(ad_grad(ad_grad(ad_sumsq(t), t), t), 2, 0);
    check_number(ad_sumsq(ad_input(tape, 0, 3, NULL)), 0, 0);
    check_number(ad_sumsq(INPUT(1, 2, 1, NAN)), NAN, 0);
    check_number(ad_sumsq(INPUT(1, 2, 1, -INFINITY)), INFINITY, 0);
    ad_set(X, (const double[]){0, 0, 0, 0, 0, 2});
    ad_replay(tape);
    check_number(s, 4, 0);
    check_gradient(s, X, (const double[]){0, 0, 0, 0, 0, 4}, 0);
}
END_TEST

static const struct power {
    double x, exponent, derivatives[4];
} powers_of[] = {{0, 2, {0, 0, 2, 0}},
                 {-2, 2, {4, -4, 2, 0}},
                 {0, 3, {0, 0, 0, 6}},
                 {-2, 3, {-8, 12, -12, 6}},
                 {0, 1, {0, 1, 0, 0}},
                 {0, 0, {1, 0, 0, 0}},
                 {5, 0, {1, 0, 0, 0}},
                 {4, 0.5, {2, 0.25, -1. / 32, 3. / 256}},
                 {0, 0.5, {0, INFINITY, -INFINITY, INFINITY}},
                 {2, -1, {0.5, -0.25, 0.25, -0.375}},
                 {0, -1, {INFINITY, -INFINITY, INFINITY, -INFINITY}},
                 {4, 2.5, {32, 20, 7.5, 0.9375}}};

START_TEST(powers_with_a_number_as_exponent)
{
    for (size_t i = 0; i < sizeof powers_of / sizeof *powers_of; i++) {
        const struct power *p = &powers_of[i];
        ad_var x = ad_scalar(tape, p->x), v = INPUT(2, 1, p->x, 1);
        ad_var y = ad_pow_to(x, p->exponent), z = ad_sum(ad_pow_to(v, p->exponent));
        check_number(y, p->derivatives[0], 1e-15);
        for (size_t order = 1; order < 4; order++) {
            ad_var g = ad_grad(y, x), h = ad_grad(z, v);
            check_number(g, p->derivatives[order], 1e-15);
            check_array("element", ad_values(h), 1, &p->derivatives[order], 1e-15);
            ad_backward(y);
            check_array("adjoint", ad_adjoint(x), 1, &p->derivatives[order], 1e-15);
            y = g, z = ad_sum(h);
        }
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("squares of norms");
    TCase *squares = tcase_create("squares");
    tcase_add_checked_fixture(squares, make_tape, free_tape);
    tcase_add_loop_test(squares, squares_of_norms_are_polynomials, 0, NORMS);
    tcase_add_loop_test(squares, what_a_constant_exponent_is_now_decides, 0, NORMS);
    tcase_add_test(squares, exponents_of_magnitudes_change_for_all_elements);
    tcase_add_test(squares, norms_of_functions_and_norms_beside_their_squares);
    tcase_add_test(squares, other_norms_keep_their_own_squares);
    tcase_add_test(squares, sum_of_squares);
    tcase_add_test(squares, powers_with_a_number_as_exponent);
    suite_add_tcase(s, squares);
    return s;
}

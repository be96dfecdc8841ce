/* SPDX-License-Identifier: MIT */
/* The Euclidean norm and four relatives: value by value, the gradient that the engine finds beside
 * the one that a textbook gives. */
#include "demo.h"

static double norm(size_t n, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sqrt(sum);
}

static void norms_of(ad_tape *tape, struct report *report, size_t n, const double *at,
                     const double *shift)
{
    double expected[16] = {0}, moved[16] = {0};
    ad_var x = ad_input(tape, n, 1, at);
    ad_var a = ad_constant(tape, n, 1, shift);

    /* ad_backward leaves the gradient by every input; ad_adjoint reads it. */
    ad_backward(ad_norm2(x));
    for (size_t i = 0; i < n; i++) expected[i] = at[i] / norm(n, at);
    check(report, "grad ||x||_2 = x/||x||_2", n, ad_adjoint(x), expected, 1e-13);

    ad_backward(ad_dot(x, x));
    for (size_t i = 0; i < n; i++) expected[i] = 2 * at[i];
    check(report, "grad ||x||_2^2 = grad x.x = 2x", n, ad_adjoint(x), expected, 1e-13);

    ad_backward(ad_norm2(ad_add(x, a)));
    for (size_t i = 0; i < n; i++) moved[i] = at[i] + shift[i];
    for (size_t i = 0; i < n; i++) expected[i] = moved[i] / norm(n, moved);
    check(report, "grad ||x+a||_2 = (x+a)/||x+a||_2", n, ad_adjoint(x), expected, 1e-13);

    ad_backward(ad_norm1(x));
    for (size_t i = 0; i < n; i++) expected[i] = (at[i] > 0) - (at[i] < 0);
    check(report, "grad ||x||_1 = sign(x)", n, ad_adjoint(x), expected, 1e-13);

    /* Where there is no gradient the engine gives the subgradient 0, never NaN. */
    double zero[16] = {0};
    ad_set(x, zero);
    ad_replay(tape);
    ad_backward(ad_norm2(x));
    check(report, "grad ||x||_2 at x = 0: 0", n, ad_adjoint(x), zero, 1e-13);
}

/* A drone flies along (t, t^2), so its velocity is v = (1, 2t). How fast does its speed change? */
static void drone(ad_tape *tape, struct report *report, size_t n, const double *times)
{
    double found[16] = {0}, right[16] = {0}, printed[16] = {0};
    ad_var t = ad_scalar(tape, 0);
    ad_var speed = ad_norm2(ad_vcat(ad_scalar(tape, 1), ad_scale(t, 2)));
    ad_var rate = ad_grad(speed, t); /* the derivative as a value, for every replay to renew */
    for (size_t i = 0; i < n; i++) { /* recorded once, evaluated at every time */
        ad_set(t, &times[i]);
        ad_replay(tape);
        found[i] = ad_value(rate);
        right[i] = 4 * times[i] / sqrt(1 + 4 * times[i] * times[i]);
        printed[i] = 2 * right[i];
    }
    check(report, "||(1,2t)||_2' = 4t/sqrt(1+4t^2)", n, found, right, 1e-13);
    check_differs(report, "  widely printed: 8t/sqrt(1+4t^2)", n, found, printed);
}

int main(void)
{
    struct matrix data = read_csv("demos/data/vector.csv");
    struct matrix times = read_csv("demos/data/drone_times.csv");
    if (data.rows != 2 || data.cols > 16 || times.cols > 16) return 2;
    struct report report = begin("The Euclidean norm and its five problems");
    ad_tape *tape = ad_tape_new();
    norms_of(tape, &report, data.cols, data.values, data.values + data.cols);
    drone(tape, &report, times.cols, times.values);
    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(data.values);
    free(times.values);
    return status;
}

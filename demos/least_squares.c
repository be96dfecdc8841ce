/* SPDX-License-Identifier: MIT */
/* Gradient descent on a least-squares problem, recorded once and replayed at every step: how does
 * the pressure at which water boils grow with the temperature? log p = w_0 + w_1 u + w_2 u^2. */
#include "demo.h"

enum { TERMS = 3, MOST = 100 };

int main(void)
{
    struct matrix data = read_csv("demos/data/boiling_point.csv");
    size_t m = data.rows;
    if (m > MOST || data.cols != 2) return 2;
    double terms[MOST * TERMS], logs[MOST];
    for (size_t i = 0; i < m; i++) {
        double u = (data.values[2 * i] - 203) / 6; /* about -1 to 1: well conditioned */
        for (int j = 0; j < TERMS; j++) terms[TERMS * i + (size_t)j] = pow(u, j);
        logs[i] = log(data.values[2 * i + 1]);
    }

    ad_tape *tape = ad_tape_new();
    ad_var X = ad_constant(tape, m, TERMS, terms);
    ad_var y = ad_constant(tape, m, 1, logs);
    ad_var w = ad_input(tape, TERMS, 1, (double[TERMS]){0});
    ad_var residual = ad_sub(ad_matmul(X, w), y);
    ad_var loss = ad_scale(ad_dot(residual, residual), 0.5);

    /* The normal equations, X^T X w = X^T y, with the curvature as large as ||X^T X||. */
    ad_var square = ad_matmul(ad_transpose(X), X);
    ad_var exact = ad_solve(square, ad_matmul(ad_transpose(X), y));
    double curvature = ad_value(ad_norm2(square));
    double condition = curvature * ad_value(ad_norm2(ad_inverse(square)));

    struct report report = begin("Least squares by gradient descent, 17 readings of Forbes, 1857");
    double at[TERMS], gradient[TERMS] = {0};
    ad_backward(loss);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < TERMS; j++) gradient[j] -= terms[TERMS * i + j] * logs[i];
    check(&report, "grad loss = X^T(Xw - y), w = 0", TERMS, ad_adjoint(w), gradient, 1e-13);

    int steps = 0;
    for (double change = 1; change > 1e-16 && steps < 10000; steps++) {
        const double *g = ad_adjoint(w);
        if (!g) break;
        change = largest(TERMS, g) / curvature;
        for (size_t j = 0; j < TERMS; j++) at[j] = ad_values(w)[j] - g[j] / curvature;
        ad_set(w, at);
        ad_replay(tape);
        ad_backward(loss);
    }
    check(&report, "minimiser = (X^T X)^-1 X^T y", TERMS, ad_values(w), ad_values(exact),
          1e-13 * condition);
    printf("\n%d steps, loss %.3g, condition number of X^T X %.3g\n", steps, ad_value(loss),
           condition);
    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(data.values);
    return status;
}

/* SPDX-License-Identifier: MIT */
/* x^T A y and its three gradients. By the cyclic property of the trace x^T A y = tr(A y x^T), so
 * the gradient by A is (y x^T)^T = x y^T. */
#include "demo.h"

int main(void)
{
    enum { MOST = 64 };
    struct matrix data = read_csv("demos/data/matrix.csv");
    struct matrix vectors = read_csv("demos/data/vector.csv");
    size_t m = data.rows, n = data.cols;
    if (m * n > MOST || vectors.rows < 2 || vectors.cols < m || vectors.cols < n) return 2;
    const double *a = data.values, *u = vectors.values, *v = vectors.values + vectors.cols;
    struct report report = begin("The quadratic form x^T A y");

    double value = 0, by_A[MOST], by_x[MOST] = {0}, by_y[MOST] = {0};
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            value += u[i] * a[i * n + j] * v[j];
            by_A[i * n + j] = u[i] * v[j];
            by_x[i] += a[i * n + j] * v[j];
            by_y[j] += u[i] * a[i * n + j];
        }

    ad_tape *tape = ad_tape_new();
    ad_var A = ad_input(tape, m, n, a);
    ad_var x = ad_input(tape, m, 1, u);
    ad_var y = ad_input(tape, n, 1, v);
    ad_var form = ad_quad(x, A, y);
    ad_backward(form); /* one sweep gives all three */
    check(&report, "x^T A y", 1, ad_values(form), &value, 1e-13);
    check(&report, "by A: x y^T", m * n, ad_adjoint(A), by_A, 1e-13);
    check(&report, "by x: A y", m, ad_adjoint(x), by_x, 1e-13);
    check(&report, "by y: A^T x", n, ad_adjoint(y), by_y, 1e-13);

    form = ad_trace(ad_matmul(A, ad_outer(y, x)));
    ad_backward(form);
    check(&report, "tr(A y x^T), turned round", 1, ad_values(form), &value, 1e-13);
    check(&report, "by A: x y^T", m * n, ad_adjoint(A), by_A, 1e-13);
    check(&report, "by x: A y", m, ad_adjoint(x), by_x, 1e-13);
    check(&report, "by y: A^T x", n, ad_adjoint(y), by_y, 1e-13);

    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(data.values);
    free(vectors.values);
    return status;
}

/* SPDX-License-Identifier: MIT */
/* Three traces: tr X, tr X^T X and tr AXB, with gradients I, 2X and A^T B^T. */
#include "demo.h"

enum { MOST = 64 };

static void of_one_matrix(ad_tape *tape, struct report *report, struct matrix data)
{
    size_t n = data.rows;
    double identity[MOST] = {0}, twice[MOST], trace = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        identity[i * n + i] = 1;
        trace += data.values[i * n + i];
    }
    for (size_t i = 0; i < n * n; i++) {
        twice[i] = 2 * data.values[i];
        squares += data.values[i] * data.values[i];
    }

    ad_var X = ad_input(tape, n, n, data.values);
    ad_var y = ad_trace(X);
    ad_backward(y);
    check(report, "tr X", 1, ad_values(y), &trace, 1e-13);
    check(report, "grad tr X = I", n * n, ad_adjoint(X), identity, 1e-13);

    y = ad_trace(ad_matmul(ad_transpose(X), X));
    ad_backward(y);
    check(report, "tr X^T X = sum of squares", 1, ad_values(y), &squares, 1e-13);
    check(report, "grad tr X^T X = 2X", n * n, ad_adjoint(X), twice, 1e-13);
}

static void of_a_product(ad_tape *tape, struct report *report, struct matrix a, struct matrix x,
                         struct matrix b)
{
    size_t k = a.rows, m = x.rows, n = x.cols;
    double value = 0, expected[MOST] = {0}; /* (A^T B^T)_ij = sum over l of A_li B_jl */
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            for (size_t l = 0; l < k; l++)
                expected[i * n + j] += a.values[l * m + i] * b.values[j * k + l];
            value += x.values[i * n + j] * expected[i * n + j];
        }

    ad_var A = ad_constant(tape, k, m, a.values); /* constants: nothing is computed for them */
    ad_var X = ad_input(tape, m, n, x.values);
    ad_var B = ad_constant(tape, n, k, b.values);
    ad_var y = ad_trace(ad_matmul(ad_matmul(A, X), B));
    ad_backward(y);
    check(report, "tr AXB", 1, ad_values(y), &value, 1e-13);
    check(report, "grad tr AXB = A^T B^T", m * n, ad_adjoint(X), expected, 1e-13);
}

int main(void)
{
    struct matrix square = read_csv("demos/data/square.csv");
    struct matrix x = read_csv("demos/data/matrix.csv");
    struct matrix a = read_csv("demos/data/left.csv"), b = read_csv("demos/data/right.csv");
    if (square.rows != square.cols || square.rows * square.rows > MOST || x.rows * x.cols > MOST ||
        a.cols != x.rows || b.rows != x.cols || a.rows != b.cols)
        return 2;
    struct report report = begin("Traces");
    ad_tape *tape = ad_tape_new();
    of_one_matrix(tape, &report, square);
    of_a_product(tape, &report, a, x, b);
    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(square.values), free(x.values), free(a.values), free(b.values);
    return status;
}

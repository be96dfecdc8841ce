/* SPDX-License-Identifier: MIT */
/* The Frobenius norm both ways: as a norm, and spelled out as sqrt(tr(X^T X)). Same value, same
 * gradient X/||X||_F. */
#include "demo.h"

int main(void)
{
    enum { MOST = 64 };
    struct matrix data = read_csv("demos/data/matrix.csv");
    size_t size = data.rows * data.cols;
    if (size > MOST) return 2;
    struct report report = begin("The Frobenius norm both ways");

    double sum = 0, expected[MOST];
    for (size_t i = 0; i < size; i++) sum += data.values[i] * data.values[i];
    double value = sqrt(sum);
    for (size_t i = 0; i < size; i++) expected[i] = data.values[i] / value;

    ad_tape *tape = ad_tape_new();
    ad_var X = ad_input(tape, data.rows, data.cols, data.values);
    ad_var norm = ad_norm_fro(X);
    ad_var spelled = ad_sqrt(ad_trace(ad_matmul(ad_transpose(X), X)));

    check(&report, "||X||_F", 1, ad_values(norm), &value, 1e-13);
    ad_backward(norm);
    check(&report, "grad ||X||_F = X/||X||_F", size, ad_adjoint(X), expected, 1e-13);
    check(&report, "sqrt(tr(X^T X))", 1, ad_values(spelled), &value, 1e-13);
    ad_backward(spelled);
    check(&report, "grad sqrt(tr(X^T X)) = X/||X||_F", size, ad_adjoint(X), expected, 1e-13);

    /* The norm neither overflows nor underflows where the squares of the entries do. */
    double huge[2] = {3e200, 4e200}, length = 5e200, direction[2] = {0.6, 0.8};
    ad_var Y = ad_input(tape, 1, 2, huge);
    norm = ad_norm_fro(Y);
    ad_backward(norm);
    check(&report, "||(3e200, 4e200)||_F = 5e200", 1, ad_values(norm), &length, 1e-13);
    check(&report, "  its gradient: 0.6, 0.8", 2, ad_adjoint(Y), direction, 1e-13);

    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(data.values);
    return status;
}

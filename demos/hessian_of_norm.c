/* SPDX-License-Identifier: MIT */
/* The second derivative of ||x||_2, a matrix: the gradient is a value on the tape like any other
 * and is differentiated in its turn. */
#include "demo.h"

int main(void)
{
    enum { MOST = 16 };
    struct matrix data = read_csv("demos/data/vector.csv");
    size_t n = data.cols;
    if (n > MOST) return 2;
    struct report report = begin("The second derivative of the Euclidean norm");

    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, n, 1, data.values);
    ad_var norm = ad_norm2(x);
    ad_var gradient = ad_grad(norm, x);       /* x/||x||, n x 1 */
    ad_var second = ad_jacobian(gradient, x); /* n x n */

    double expected[MOST * MOST], zero[MOST] = {0};
    const double *at = data.values;
    double length2 = 0;
    for (size_t i = 0; i < n; i++) length2 += at[i] * at[i];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            expected[i * n + j] = ((i == j) - at[i] * at[j] / length2) / sqrt(length2);

    check(&report, "H = (I - xx^T/||x||^2)/||x||", n * n, ad_values(second), expected, 1e-13);
    check(&report, "  the same by ad_hessian", n * n, ad_values(ad_hessian(norm, x)), expected,
          1e-13);
    /* Along x itself the norm grows at a constant rate; 1/||x|| is the size of H's entries. */
    check_scaled(&report, "H x = 0", n, ad_values(ad_hvp(norm, x, x)), zero, 1 / sqrt(length2),
                 1e-13);
    double trace = (double)(n - 1) / sqrt(length2);
    check(&report, "tr H = (n-1)/||x||", 1, ad_values(ad_trace(second)), &trace, 1e-13);

    printf("\nH by autodiff:\n");
    for (size_t i = 0; ad_ok(second) && i < n * n; i++)
        printf("%10.6f%s", ad_values(second)[i], i % n == n - 1 ? "\n" : "");

    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(data.values);
    return status;
}

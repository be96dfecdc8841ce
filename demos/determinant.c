/* SPDX-License-Identifier: MIT */
/* The determinant: its gradient is the matrix of cofactors, here compared with expansion by minors.
 * Both are polynomials in the entries, so singular matrices are no exception. */
#include "demo.h"

enum { MOST = 5 };

/* A without row `row` and column `col`. */
static void cross_out(size_t n, const double *A, size_t row, size_t col, double *rest)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != row && j != col) *rest++ = A[i * n + j];
}

/* Laplace's expansion along the first row. */
static double determinant(size_t n, const double *A)
{
    double rest[MOST * MOST], sum = 0;
    if (n == 0) return 1;
    for (size_t j = 0; j < n; j++) {
        cross_out(n, A, 0, j, rest);
        sum += (j % 2 ? -A[j] : A[j]) * determinant(n - 1, rest);
    }
    return sum;
}

static void cofactors(size_t n, const double *A, double *C)
{
    double rest[MOST * MOST];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            cross_out(n, A, i, j, rest);
            C[i * n + j] = ((i + j) % 2 ? -1 : 1) * determinant(n - 1, rest);
        }
}

/* The derivative of every cofactor along V. A determinant is linear in each row: the sum of those
 * with one row at a time taken from V. */
static void cofactors_along(size_t n, const double *A, const double *V, double *D)
{
    double mixed[MOST * MOST], C[MOST * MOST];
    for (size_t k = 0; k < n * n; k++) D[k] = 0;
    for (size_t row = 0; row < n; row++) {
        for (size_t k = 0; k < n * n; k++) mixed[k] = k / n == row ? V[k] : A[k];
        cofactors(n, mixed, C);
        for (size_t k = 0; k < n * n; k++)
            if (k / n != row) D[k] += C[k]; /* row i takes no part in its own cofactors */
    }
}

/* The size of the terms that a cofactor is a sum of, by which rounding is judged: the cofactors of
 * a singular matrix, sums of the same terms, may all be 0. */
static double size_of_terms(size_t n, const double *A)
{
    double product = 1, least = INFINITY;
    for (size_t i = 0; i < n; i++) {
        double length = 0;
        for (size_t j = 0; j < n; j++) length = hypot(length, A[i * n + j]);
        product *= length;
        least = fmin(least, length);
    }
    return product / least;
}

int main(void)
{
    const char *files[3] = {"demos/data/square.csv", "demos/data/rank3.csv",
                            "demos/data/rank2.csv"};
    const char *titles[3] = {"regular:", "rank n-1:", "rank n-2:"};
    struct matrix regular = read_csv(files[0]);
    double expected[MOST * MOST];
    size_t n = regular.rows, size = n * n;
    if (n > MOST || regular.cols != n) return 2;
    struct report report = begin("The determinant by LU, its derivatives by minors");
    ad_tape *tape = ad_tape_new();
    for (int k = 0; k < 3; k++) {
        struct matrix a = read_csv(files[k]);
        if (a.rows != n || a.cols != n) return 2;
        double scale = size_of_terms(n, a.values), value = determinant(n, a.values);
        printf("%s\n", titles[k]);
        ad_var A = ad_input(tape, n, n, a.values);
        ad_var V = ad_constant(tape, n, n, regular.values);
        ad_var det = ad_det(A);
        check_scaled(&report, "  det A", 1, ad_values(det), &value, scale * largest(size, a.values),
                     1e-13);
        ad_backward(det);
        cofactors(n, a.values, expected);
        check_scaled(&report, "  grad det A = cof A", size, ad_adjoint(A), expected, scale, 1e-13);
        cofactors_along(n, a.values, regular.values, expected);
        check_scaled(&report, "  Hessian of det times V", size, ad_values(ad_hvp(det, A, V)),
                     expected, scale, 1e-13);
        if (value != 0) {
            double condition = ad_value(ad_mul(ad_norm2(A), ad_norm2(ad_inverse(A))));
            ad_backward(ad_logabsdet(A));
            cofactors(n, a.values, expected);
            for (size_t i = 0; i < size; i++) expected[i] /= value;
            check(&report, "  grad log|det A| = A^-T", size, ad_adjoint(A), expected,
                  1e-13 * condition);
        }
        free(a.values);
    }
    int status = finish(&report, tape);
    ad_tape_free(tape);
    free(regular.values);
    return status;
}

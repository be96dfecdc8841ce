/* SPDX-License-Identifier: MIT */
/* Cholesky factor A = L L^T, left-looking by block columns (Golub and Van Loan 2013, section
 * 4.2): A(J.., J) <- A(J.., J) - L(J.., <J) L(J, <J)^T is one product; what is left of the column
 * goes row by row, l_ij = (a_ij - sum_{p<j} l_ip l_jp) / l_jj.
 */
#include "ops/kernels/portable.h"

#include <math.h>

enum { WIDTH = 12 };

/* Rows of a block column of up to WIDTH columns, its first row its diagonal block's. */
static bool factor_column(size_t rows, size_t width, double *a, size_t lda)
{
    for (size_t i = 0; i < rows; i++) {
        double *row = a + i * lda;
        for (size_t j = 0; j < width && j <= i; j++) {
            const double *other = a + j * lda;
            double sum = row[j];
            for (size_t p = 0; p < j; p++) sum -= row[p] * other[p];
            if (j < i) row[j] = sum / other[j];
            else if (sum > 0) row[j] = sqrt(sum);
            else return false;
        }
    }
    return true;
}

bool portable_cholesky(size_t n, double *a, size_t lda)
{
    for (size_t j = 0; j < n; j += WIDTH) {
        const size_t width = n - j < WIDTH ? n - j : WIDTH;
        double *rows = a + j * lda;
        if (j > 0)
            kernel_multiply_add(-1, false, true, n - j, width, j, rows, lda, rows, lda, 1, rows + j,
                                lda);
        if (!factor_column(n - j, width, rows + j, lda)) return false;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) a[i * lda + j] = 0;
    return true;
}

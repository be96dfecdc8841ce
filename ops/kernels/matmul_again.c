/* SPDX-License-Identifier: MIT */
/* Products of matrices whose partial sums overflow although the whole sums do not:
 * [1e200 1e200] [1e200; -1e200] is 0, and no partial sum is. Such an entry is Inf or NaN in the
 * product, so that a look at the result finds it.
 */
#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

#include <math.h>

/* 0 x is NaN where x is not finite. */
bool kernel_all_finite(size_t m, size_t n, const double *a, size_t lda)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (size_t i = 0; i < m; i++, a += lda) {
        size_t j = 0;
        for (; j + 3 < n; j += 4)
            s0 += 0 * a[j], s1 += 0 * a[j + 1], s2 += 0 * a[j + 2], s3 += 0 * a[j + 3];
        for (; j < n; j++) s0 += 0 * a[j];
    }
    return (s0 + s1) + (s2 + s3) == 0;
}

/* |sum a_l b_l| <= ||A|| ||B||, for a part of the sum too (Cauchy and Schwarz). Below 2^500 no
 * number overflows by adding it. */
bool kernel_products_are_small(size_t a_count, const double *a, size_t b_count, const double *b)
{
    return kernel_dot(a_count, a, a) * kernel_dot(b_count, b, b) < 0x1p1000;
}

/* False at the first NaN. */
static bool gather(size_t n, const double *from, size_t step, double *to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i * step];
        if (isnan(to[i])) return false;
    }
    return true;
}

void kernel_matmul_again(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                         const double *a, size_t lda, const double *b, size_t ldb, double *c,
                         size_t ldc, double *workspace)
{
    double *row = workspace, *column = workspace + k;
    for (size_t i = 0; i < m; i++) {
        if (kernel_all_finite(1, n, c + i * ldc, ldc)) continue;
        if (!gather(k, a + i * (transpose_a ? 1 : lda), transpose_a ? lda : 1, row)) continue;
        for (size_t j = 0; j < n; j++) {
            double *entry = c + i * ldc + j;
            if (!isfinite(*entry) &&
                gather(k, b + j * (transpose_b ? ldb : 1), transpose_b ? 1 : ldb, column))
                *entry = kernel_dot(k, row, column);
        }
    }
}

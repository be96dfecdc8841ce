/* SPDX-License-Identifier: MIT */
/* B <- A^T in square blocks, so that the rows of both stay in cache meanwhile. */
#include "ops/kernels/kernels.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 16 };

void kernel_transpose(size_t m, size_t n, const double *a, double *b)
{
    for (size_t i = 0; i < m; i += BLOCK) {
        const size_t last_row = m - i < BLOCK ? m : i + BLOCK;
        for (size_t j = 0; j < n; j += BLOCK) {
            const size_t last_col = n - j < BLOCK ? n : j + BLOCK;
            for (size_t r = i; r < last_row; r++)
                for (size_t s = j; s < last_col; s++) b[s * m + r] = a[r * n + s];
        }
    }
}

void kernel_copy_scaled(bool transpose, size_t m, size_t n, const double *a, int exponent,
                        double *b)
{
    const double half = ldexp(1, -exponent / 2), rest = ldexp(1, -(exponent - exponent / 2));
    if (transpose) kernel_transpose(m, n, a, b);
    else memcpy(b, a, m * n * sizeof *b);
    for (size_t i = 0; i < m * n; i++) b[i] = b[i] * half * rest;
}

/* SPDX-License-Identifier: MIT */
/* What the two backends share, private to this folder: the portable code, complete at every size,
 * and the one product that the factorizations are built on. builtin.c maps the entry points of
 * kernels.h to it; blas.c does so below the sizes from which a library call pays. The portable
 * code works on blocks through the entry points, so that its large blocks reach the library too.
 */
#ifndef OPS_KERNELS_PORTABLE_H
#define OPS_KERNELS_PORTABLE_H

#include "ops/kernels/kernels.h"

/* C <- alpha op(A) op(B) + beta C, otherwise as kernel_matmul. */
void kernel_multiply_add(double alpha, bool transpose_a, bool transpose_b, size_t m, size_t n,
                         size_t k, const double *a, size_t lda, const double *b, size_t ldb,
                         double beta, double *c, size_t ldc);

/* kernel_solve_triangular, or kernel_multiply_triangular where solve is not set. */
void kernel_triangular(bool solve, bool lower, bool transpose, bool unit, size_t n, const double *t,
                       size_t ldt, size_t k, double *b, size_t ldb);

void portable_triangular(bool solve, bool lower, bool transpose, bool unit, size_t n,
                         const double *t, size_t ldt, size_t k, double *b, size_t ldb);
void portable_multiply_add(double alpha, bool transpose_a, bool transpose_b, size_t m, size_t n,
                           size_t k, const double *a, size_t lda, const double *b, size_t ldb,
                           double beta, double *c, size_t ldc);
void portable_invert_triangular(bool lower, size_t n, double *t, size_t ldt);
bool portable_cholesky(size_t n, double *a, size_t lda);

static inline void exchange_numbers(size_t n, double *restrict x, double *restrict y)
{
    for (size_t j = 0; j < n; j++) {
        const double moved = x[j];
        x[j] = y[j];
        y[j] = moved;
    }
}

/* y <- y + factor x; four at a time, which compilers turn into vector instructions. */
static inline void add_multiple(size_t n, double factor, const double *restrict x,
                                double *restrict y)
{
    size_t i = 0;
    for (; i + 3 < n; i += 4) {
        const double y0 = y[i] + factor * x[i], y1 = y[i + 1] + factor * x[i + 1],
                     y2 = y[i + 2] + factor * x[i + 2], y3 = y[i + 3] + factor * x[i + 3];
        y[i] = y0, y[i + 1] = y1, y[i + 2] = y2, y[i + 3] = y3;
    }
    for (; i < n; i++) y[i] += factor * x[i];
}

#endif

/* SPDX-License-Identifier: MIT */
/* What the two backends share, private to this folder: the portable code, complete at every
 * size. builtin.c maps the entry points of kernels.h to it; blas.c does so below the sizes from which
 * a library call pays. The portable code works on blocks through the entry points, so that its large
 * blocks reach the library too. */
#ifndef OPS_KERNELS_PORTABLE_H
#define OPS_KERNELS_PORTABLE_H

#include "ops/kernels/kernels.h"

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

#endif

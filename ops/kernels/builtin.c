/* SPDX-License-Identifier: MIT */
/* The backend without a library: every entry point is the portable code. */
#include "ops/kernels/portable.h"

const char *kernel_backend(void)
{
    return "builtin";
}

void kernel_multiply_add(double alpha, bool transpose_a, bool transpose_b, size_t m, size_t n,
                         size_t k, const double *a, size_t lda, const double *b, size_t ldb,
                         double beta, double *c, size_t ldc)
{
    portable_multiply_add(alpha, transpose_a, transpose_b, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

void kernel_triangular(bool solve, bool lower, bool transpose, bool unit, size_t n, const double *t,
                       size_t ldt, size_t k, double *b, size_t ldb)
{
    portable_triangular(solve, lower, transpose, unit, n, t, ldt, k, b, ldb);
}

void kernel_invert_triangular(bool lower, size_t n, double *t, size_t ldt)
{
    portable_invert_triangular(lower, n, t, ldt);
}

bool kernel_cholesky(size_t n, double *a, size_t lda)
{
    return portable_cholesky(n, a, lda);
}

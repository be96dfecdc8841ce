/* SPDX-License-Identifier: MIT */
/* Arithmetic under the operations: plain functions on row-major arrays of doubles, with no
 * knowledge of tapes. Two backends, builtin.c (portable C) and blas.c (CBLAS and LAPACK), one of
 * which is chosen when the library is built; below a measured size the portable code serves
 * both, because a library call costs more than the work.
 */
#ifndef OPS_KERNELS_KERNELS_H
#define OPS_KERNELS_KERNELS_H

#include "tape/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* "OpenBLAS 0.3.21" or "builtin". */
const char *kernel_backend(void);

/* C <- op(A) op(B) + beta C: op(A) m x k, op(B) k x n, C m x n; row strides (leading dimensions)
 * lda, ldb, ldc. op is the transpose where the flag is set. beta 0 overwrites C whatever it
 * holds (NaN included). NaN and Inf of A and B propagate: no product with a zero is skipped. */
void kernel_matmul(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                   const double *a, size_t lda, const double *b, size_t ldb, double beta, double *c,
                   size_t ldc);

/* C <- alpha op(A) op(B) + beta C, otherwise as kernel_matmul. */
void kernel_multiply_add(double alpha, bool transpose_a, bool transpose_b, size_t m, size_t n,
                         size_t k, const double *a, size_t lda, const double *b, size_t ldb,
                         double beta, double *c, size_t ldc);

/* Recomputes the entries of C = op(A) op(B) that are Inf or NaN only because a partial sum
 * overflowed. workspace: 2 k doubles. */
void kernel_matmul_again(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                         const double *a, size_t lda, const double *b, size_t ldb, double *c,
                         size_t ldc, double *workspace);

/* Whether any sum of products of an element of a and one of b, each taken once, is so small that
 * adding it to a number overflows nowhere. */
bool kernel_products_are_small(size_t a_count, const double *a, size_t b_count, const double *b);

/* Whether all entries of an m x n matrix are finite. */
bool kernel_all_finite(size_t m, size_t n, const double *a, size_t lda);

/* LU with partial pivoting in place, P A = L U, L unit lower, rows exchanged: row i was exchanged
 * with row pivots[i] at step i. A zero pivot leaves the elimination going on past it; returns
 * the number of the first zero pivot, or n when there is none. The first NaN of a column is its
 * pivot, so that the product of the pivots is NaN where an entry is. */
size_t kernel_lu(size_t n, double *a, size_t lda, size_t *pivots);

/* B <- X with op(A) X = B from kernel_lu's result, B n x k. */
void kernel_lu_solve(bool transpose, size_t n, const double *lu, size_t ldlu, const size_t *pivots,
                     size_t k, double *b, size_t ldb);

/* B <- X with op(T) X = B, T n x n triangular (lower or upper, unit diagonal or not), B n x k.
 * The other triangle of T is not read. */
void kernel_solve_triangular(bool lower, bool transpose, bool unit, size_t n, const double *t,
                             size_t ldt, size_t k, double *b, size_t ldb);

/* T <- T^-1 in place, unit triangular; the diagonal and the other triangle are neither read nor
 * written. */
void kernel_invert_triangular(bool lower, size_t n, double *t, size_t ldt);

/* B <- op(T) B, T n x n triangular, B n x k. */
void kernel_multiply_triangular(bool lower, bool transpose, bool unit, size_t n, const double *t,
                                size_t ldt, size_t k, double *b, size_t ldb);

/* Lower triangle of a symmetric matrix in place to its Cholesky factor; zeros above. False where
 * not positive definite. */
bool kernel_cholesky(size_t n, double *a, size_t lda);

/* B (n x m) <- transpose of A (m x n). */
void kernel_transpose(size_t m, size_t n, const double *a, double *b);

/* B <- 2^-exponent op(A), A m x n. */
void kernel_copy_scaled(bool transpose, size_t m, size_t n, const double *a, int exponent,
                        double *b);

/* Largest singular value of A (m x n) with its singular vectors u (m) and v (n), scaled against
 * overflow; 0 with zero vectors where A is 0. workspace: kernel_largest_singular_workspace(m, n)
 * doubles. False where it does not converge (NaN or Inf in A: sigma is then NaN). */
size_t kernel_largest_singular_workspace(size_t m, size_t n);
bool kernel_largest_singular(size_t m, size_t n, const double *a, double *sigma, double *u,
                             double *v, double *workspace);

#endif

/* SPDX-License-Identifier: MIT */
/* Eigenvalues and singular values, all of them: of LAPACK, or, where symmetric, of portable code.
 * Matrices are row-major and finite; n, m from 1 on. Every function has one that tells the size of
 * its workspace, in doubles, and returns false where the iteration does not converge. */
#ifndef OPS_KERNELS_DECOMPOSITIONS_H
#define OPS_KERNELS_DECOMPOSITIONS_H

#include <stdbool.h>
#include <stddef.h>

/* A symmetric: its eigenvalues, ascending, and with vectors the unit eigenvectors as the columns of
 * A, which is overwritten in any case. */
size_t kernel_symmetric_eigen_workspace(size_t n);
bool kernel_symmetric_eigen(bool vectors, size_t n, double *a, double *values, double *workspace);

/* A not symmetric: the eigenvalues and, if vectors is not NULL, the unit right eigenvectors as its
 * columns. What is complex is NaN. A is kept. False, too, where there is no LAPACK. */
size_t kernel_eigen_workspace(size_t n);
bool kernel_eigen(size_t n, const double *a, double *values, double *vectors, double *workspace);

/* A = U diag(s) V^T, s descending. U m x m, V n x n; both NULL for s alone. A is kept. */
size_t kernel_singular_values_workspace(bool vectors, size_t m, size_t n);
bool kernel_singular_values(size_t m, size_t n, const double *a, double *s, double *u, double *v,
                            double *workspace);

#endif

/* SPDX-License-Identifier: MIT */
/* Eigenvalues and singular values, all of them, and factors of matrices of any shape: of LAPACK, or, all
 * but the eigenvalues of what is not symmetric, of portable code. Matrices are row-major. Every function
 * has one that tells the size of its workspace, in doubles. */
#ifndef OPS_KERNELS_DECOMPOSITIONS_H
#define OPS_KERNELS_DECOMPOSITIONS_H

#include <stdbool.h>
#include <stddef.h>

/* ---- Iterations: A is finite, n, m from 1 on; false where they do not converge ---- */

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

/* ---- Factors ---- */

/* A = Q R by reflections: r is R with tau v below the diagonal, Q m x m, or NULL. */
size_t kernel_qr_workspace(bool q, size_t m, size_t n);
void kernel_qr(size_t m, size_t n, const double *a, double *r, double *q, double *workspace);

/* P A = L U: lu is L, whose diagonal of 1 is left out, and U in one; P m x m, or NULL. */
size_t kernel_rectangular_lu_workspace(bool p, size_t m, size_t n);
void kernel_rectangular_lu(size_t m, size_t n, const double *a, double *lu, double *p,
                           double *workspace);

#endif

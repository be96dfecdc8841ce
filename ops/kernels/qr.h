/* SPDX-License-Identifier: MIT */
/* Q R of a matrix of full rank, and its pseudo-inverse. */
#ifndef OPS_KERNELS_QR_H
#define OPS_KERNELS_QR_H

#include "tape/arena.h"

/* 2^-exponent T P = Q R, where T is A or, if A is wide, its transpose; m x n, m >= n. Column k
 * holds the entries of R down to the diagonal and, below, the vector of the k-th reflection,
 * which has a 1 there. */
typedef struct qr {
    size_t m, n;
    double *columns, *tau;
    size_t *order;
    int exponent;
    int det_q, det_p; /* 1 or -1 */
} qr;

/* O(m n^2). NULL when out of memory. */
qr *qr_new(size_t rows, size_t cols, const double *a, arena *memory);

/* The rank that the pivots tell: they count down to the first that is at most m eps times the
 * largest. */
size_t qr_rank(const qr *f);

/* Q^T, m x m. */
void qr_q_transposed(const qr *f, double *q_transposed);

/* X = T^+ B, B m x cols; or, wide, X = (T^T)^+ B, B n x cols. The workspace has 2 m numbers. */
void qr_solve(const qr *f, bool wide, size_t cols, const double *b, double *x, double *workspace);

#endif

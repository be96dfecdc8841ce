/* SPDX-License-Identifier: MIT */
/* The pseudo-inverse of K - s I, K = [0 A; A^T 0], at the largest singular value s of A. */
#ifndef OPS_KERNELS_RESOLVENT_H
#define OPS_KERNELS_RESOLVENT_H

#include "tape/arena.h"

typedef struct resolvent resolvent;

/* Makes it for A (rows x cols), its largest singular value s and vectors w = [u; v], in memory;
 * NULL when there is none. What is taken from scratch is not given back. */
resolvent *resolvent_new(size_t rows, size_t cols, const double *a, const double *w, double s,
                         arena *memory, arena *scratch);

/* y <- R y times 2^e, y of rows + cols elements; returns e. */
int resolvent_apply(const resolvent *f, size_t rows, size_t cols, double *y);

#endif

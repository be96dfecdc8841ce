/* SPDX-License-Identifier: MIT */
/* The characteristic polynomial p(x) = det(xI - A) and its derivatives in x: one reduction of A,
 * O(n^3), then mostly O(n^2) for each x.
 */
#ifndef OPS_CHARPOLY_CHARPOLY_H
#define OPS_CHARPOLY_CHARPOLY_H

#include "tape/arena.h"

typedef struct charpoly_reduction charpoly_reduction;

/* A (n x n, row-major) in the form the evaluation wants; it lives in memory and refers to a no
 * more. NULL when out of memory. */
charpoly_reduction *charpoly_reduce(size_t n, const double *a, arena *memory);

/* *result <- d^order p / dx^order at x. Values beyond the range of double become Inf or underflow;
 * NaN where x or an entry of A is NaN or Inf; p = 1 where n = 0, whatever x is. Scratch is given
 * back. False when out of memory.
 *
 * Error of p: a modest multiple of n eps sigma_1(xI - A) max|cof(xI - A)|, what random changes of A
 * in the last place cause; likewise for the derivatives with the derivatives of cof(xI - A). Where
 * H is not good enough for that (condition.c: close to multiple eigenvalues, or at many x where A
 * is badly scaled) the first three cost O(n^3), the fourth O(n^4). */
bool charpoly_derivative(const charpoly_reduction *reduction, double x, size_t order,
                         double *result, arena *scratch);

#endif

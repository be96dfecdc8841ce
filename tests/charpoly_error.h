/* SPDX-License-Identifier: MIT */
/* Errors of det(xI - A) and its derivatives, in units of what changing the entries of A by
 * n eps sigma_1(xI - A) can cause: cof(xI - A) for p, its derivatives in x for those of p. */
#ifndef TESTS_CHARPOLY_ERROR_H
#define TESTS_CHARPOLY_ERROR_H

#include "ops/charpoly/charpoly.h"
#include "tests/exact_polynomial.h"

enum { CHARPOLY_ERROR_LARGEST = 30, CHARPOLY_ERROR_ORDER = 2 };

/* The largest for the orders 0, 1, 2 of what is computed at x (n <= CHARPOLY_ERROR_LARGEST); a NaN
 * counts as infinite, Inf as right where the exact value is out of range. */
double charpoly_error(const exact_polynomial *p, size_t n, const double *a, double x,
                      const double computed[CHARPOLY_ERROR_ORDER + 1]);

/* p, p', p'' at x. */
void charpoly_compute(const charpoly_reduction *r, double x, double p[CHARPOLY_ERROR_ORDER + 1],
                      arena *scratch);

#endif

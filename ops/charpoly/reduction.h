/* SPDX-License-Identifier: MIT */
/* What the files of this folder share. What is taken from scratch is not given back. */
#ifndef OPS_CHARPOLY_REDUCTION_H
#define OPS_CHARPOLY_REDUCTION_H

#include <stdint.h>

#include "ops/charpoly/charpoly.h"

/* det(xI - A) = 2^(n e) det(tI - H), e = first_exponent + second_exponent,
 * t = (2^-first_exponent x - shift) 2^-second_exponent. */
struct charpoly_reduction {
    size_t n;
    bool finite; /* whether A is; else only a is set */
    bool zero;   /* whether H is */
    double *a;   /* A */
    double *h;   /* n x n upper Hessenberg, the subdiagonal powers of two or 0, zeros below */
    double shift;
    int first_exponent, second_exponent;
};

/* Whether p^(order) of tI - H, t in units of 2^unit, may be wrong by more than its first-order
 * error. False when out of memory. */
bool charpoly_is_doubtful(const charpoly_reduction *reduction, double t, int unit, size_t order,
                          bool *doubtful, arena *scratch);

/* Determinants give derivatives up to this one. */
enum { CHARPOLY_DIRECT = 3 };

/* charpoly_derivative by determinants, for order <= CHARPOLY_DIRECT and < n, A and x finite.
 * *result is left alone where numbers on the way are far beyond the range of double. */
bool charpoly_direct(const charpoly_reduction *reduction, double x, size_t order, double *result,
                     arena *scratch);

#endif

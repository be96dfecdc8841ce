/* What charpoly_reduce.c hands to charpoly.c. */
#ifndef OPS_KERNELS_CHARPOLY_PRIVATE_H
#define OPS_KERNELS_CHARPOLY_PRIVATE_H

#include "ops/kernels/charpoly.h"

/* det(xI - A) = 2^(n e) det(tI - H), e = first_exponent + second_exponent,
 * t = (2^-first_exponent x - shift) 2^-second_exponent. */
struct charpoly_reduction {
    size_t n;
    bool finite;   /* A is; else h is A, and the rest means nothing */
    bool nan;      /* A has NaN */
    bool zero;     /* H is */
    double *h;     /* n x n upper Hessenberg, the subdiagonal powers of two or 0, zeros below */
    double shift;
    int first_exponent, second_exponent;
};

/* charpoly_derivatives where x or A is not finite, n > 0. */
bool charpoly_at_infinity(const charpoly_reduction *reduction, double x, size_t order, double *p,
                          arena *scratch);

#endif

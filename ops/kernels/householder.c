/* SPDX-License-Identifier: MIT */
#include "ops/kernels/householder.h"

#include <math.h>
#include <string.h>

#include "ops/numbers/vectors.h"

/* Smaller ones would not be orthogonal: their v is made of subnormal numbers. */
#define NEGLIGIBLE 0x1p-900

double householder_reflection(size_t n, double *x, double *tau)
{
    const double tail = kernel_norm2(n - 1, x + 1), alpha = x[0];
    *tau = 0;
    x[0] = 1;
    if (tail < NEGLIGIBLE) {
        memset(x + 1, 0, (n - 1) * sizeof *x);
        return alpha;
    }
    /* The sign that makes alpha - beta a sum. */
    const double beta = -copysign(hypot(alpha, tail), alpha);
    *tau = (beta - alpha) / beta;
    for (size_t i = 1; i < n; i++) x[i] /= alpha - beta;
    return beta;
}

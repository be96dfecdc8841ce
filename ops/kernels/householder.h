/* SPDX-License-Identifier: MIT */
/* Householder reflections H = I - tau v v^T with v_0 = 1 (Golub and Van Loan 2013, section 5.1). */
#ifndef OPS_KERNELS_HOUSEHOLDER_H
#define OPS_KERNELS_HOUSEHOLDER_H

#include <stddef.h>

/* x (n >= 1 entries) <- v such that H x = (beta, 0, ..., 0); returns beta. For matrices scaled to
 * about 1: entries after the first whose norm is below 2^-900 count as zeros, and then H = I,
 * tau = 0, beta = x_0. */
double householder_reflection(size_t n, double *x, double *tau);

#endif

/* SPDX-License-Identifier: MIT */
/* Laplace's expansion, for small matrices whose entries lie far apart. */
#ifndef OPS_DETERMINANT_LAPLACE_H
#define OPS_DETERMINANT_LAPLACE_H

#include "ops/determinant/scaling.h"

enum { LAPLACE_ORDER = 12 };

/* Whether it is used for a matrix of such entries. */
bool laplace_applies(size_t n, exponent_range all);

/* det(A) and cof(A). What cancels is computed in integers: *sound is false where that would take too
 * long. False when out of memory. */
bool laplace_cofactor(size_t n, const double *a, scaled *value, scaled *cofactor, bool *sound,
                      arena *scratch);

/* D cof(A)[V] or D^2 cof(A)[V, W] (order 1, 2) of the finite operands A, V and W. Does not rewind
 * scratch. False when out of memory. */
bool laplace_derivative(size_t n, size_t order, const double *const *operands, double *t,
                        arena *scratch);

#endif

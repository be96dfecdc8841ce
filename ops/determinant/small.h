/* SPDX-License-Identifier: MIT */
/* n <= 3 by minors, for entries that do not lie too far apart. */
#ifndef OPS_DETERMINANT_SMALL_H
#define OPS_DETERMINANT_SMALL_H

#include "ops/determinant/scaling.h"

bool small_formulas_apply(const determinant_scaling *scaling);

/* Doubtful where it may be rounding errors alone. */
scaled small_determinant(size_t n, const double *a, bool *doubtful);

void small_cofactor(size_t n, const double *a, double *t);

/* d^2/ds dt of the cofactors of sX + tY (n = 3; for n = 2 the cofactors of Y): D cof(A)[V]
 * for (A, V) and, n = 3 only, D^2 cof(A)[V, W] for (V, W). */
void small_polar_cofactor(size_t n, const double *x, const double *y, double *t);

#endif

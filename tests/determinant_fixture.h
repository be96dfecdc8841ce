/* SPDX-License-Identifier: MIT */
/* What the suites of the determinant kernels share: two arenas, and the calls, which must
 * succeed. */
#ifndef TESTS_DETERMINANT_FIXTURE_H
#define TESTS_DETERMINANT_FIXTURE_H

#include "ops/determinant/determinant.h"

extern arena of_factor, scratch;

void determinant_set_up(void);
/* Nothing may be left of what they held. */
void determinant_tear_down(void);

/* The one factor that there is room for. */
determinant_factor *factor_of(size_t n, const double *a);

void cofactor_of(determinant_factor *factor, double *result);
void first_of(determinant_factor *factor, const double *v, double *result);
void second_of(determinant_factor *factor, const double *v, const double *w, double *result);

/* Equal bit for bit: 0 is not -0. */
void check_same(size_t count, const double *x, const double *y, const char *what);

#endif

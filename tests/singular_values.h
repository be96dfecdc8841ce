/* SPDX-License-Identifier: MIT */
/* Singular values for the condition numbers that accuracy is stated in. */
#ifndef TESTS_SINGULAR_VALUES_H
#define TESTS_SINGULAR_VALUES_H

#include <stddef.h>

/* All n of them, descending, to about 1e-18 of the largest (one-sided Jacobi in long double). */
void singular_values(size_t n, const double *a, long double *sigma);

#endif

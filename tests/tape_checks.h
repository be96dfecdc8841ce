/* SPDX-License-Identifier: MIT */
/* What the suites that record on a tape share. */
#ifndef TESTS_TAPE_CHECKS_H
#define TESTS_TAPE_CHECKS_H

#include <autodiff/autodiff.h>

/* Fails unless x is rows x cols and no element is further from the expected one than tolerance
 * times the largest finite expected magnitude. Inf and NaN must be where they are expected; a
 * tolerance of 0 asks for equality. */
void check_matrix(ad_var x, size_t rows, size_t cols, const double *expected, double tolerance);

/* The same for a 1x1. */
void check_number(ad_var x, double expected, double tolerance);

/* The same for a plain array, called what in messages. */
void check_array(const char *what, const double *values, size_t count, const double *expected,
                 double tolerance);

/* The gradient of y by a leaf x: recorded, and by a plain sweep. */
void check_gradient(ad_var y, ad_var x, const double *expected, double tolerance);

/* Fails unless all elements of x are 0. */
void check_zeros(ad_var x);

/* Fails unless y is invalid and the tape's error has this status and text; clears the error. */
void check_error(ad_tape *tape, ad_var y, ad_status status, const char *message);

/* Uniform between -1 and 1; *state is the seed first. */
double next_random(uint64_t *state);

/* An input of random values. */
ad_var random_input(ad_tape *tape, size_t rows, size_t cols, uint64_t *state);

#endif

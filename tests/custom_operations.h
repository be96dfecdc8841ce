/* SPDX-License-Identifier: MIT */
/* Operations of a user's own, in every variant; each counts in *context, unless that is NULL, how
 * often its callbacks ran. */
#ifndef TESTS_CUSTOM_OPERATIONS_H
#define TESTS_CUSTOM_OPERATIONS_H

#include <autodiff/autodiff.h>

typedef struct calls {
    size_t shape, value, gradient, vjp;
} calls;

/* x^3, elementwise: rule in tape operations; in plain numbers; none. */
extern const ad_custom_op cube, cube_in_numbers, cube_without_rule;

/* The same without counting, so that *context may be anything: values only, to give a rule to. */
extern const ad_custom_op uncounted_cube;

/* A x + b of A (m x n), x (n x 1), b (m x 1): rule in tape operations; in plain numbers. */
extern const ad_custom_op affine, affine_in_numbers;

/* The sum of x_k^(k+1) over any number of 1x1 inputs, in plain numbers. */
extern const ad_custom_op powers;

#endif

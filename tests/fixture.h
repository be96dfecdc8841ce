/* SPDX-License-Identifier: MIT */
/* What most suites begin with: a tape of its own for each test. Included by test_*.c only, in
 * place of tests/suite.h. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <autodiff/autodiff.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

static ad_tape *tape;

static inline void make_tape(void)
{
    tape = ad_tape_new();
}

static inline void free_tape(void)
{
    ad_tape_free(tape);
}

#define INPUT(rows, cols, ...) ad_input(tape, rows, cols, (const double[]){__VA_ARGS__})

/* The values of x are these, to the last bit or to rounding; so is the gradient of y by a leaf
 * x. */
#define CHECK(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 0)
#define CHECK_CLOSELY(x, rows, cols, ...)                                                          \
    check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 1e-15)
#define CHECK_GRADIENT(y, x, ...) check_gradient(y, x, (const double[]){__VA_ARGS__}, 0)

#endif

/* SPDX-License-Identifier: MIT */
/* Reproducible random numbers for tests, the same on every machine. */
#ifndef TESTS_RANDOM_NUMBERS_H
#define TESTS_RANDOM_NUMBERS_H

#include <stddef.h>

typedef unsigned long long random_state; /* any value is a seed */

/* Uniform in [-1, 1). */
double random_uniform(random_state *state);

/* 0, ..., limit - 1. */
size_t random_below(random_state *state, size_t limit);

/* count numbers as above, aligned to 64 bytes; to be freed. Aborts where there is no memory. */
double *random_array(random_state *state, size_t count);

#endif

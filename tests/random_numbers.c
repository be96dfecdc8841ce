/* SPDX-License-Identifier: MIT */
#include "tests/random_numbers.h"

#include <stdlib.h>

/* A linear congruential generator modulo 2^64 (Knuth), of which the upper bits serve. */
static unsigned long long next(random_state *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return *state >> 11;
}

double random_uniform(random_state *state)
{
    return (double)next(state) * 0x1p-52 - 1;
}

size_t random_below(random_state *state, size_t limit)
{
    return (size_t)((double)next(state) * 0x1p-53 * (double)limit);
}

double *random_array(random_state *state, size_t count)
{
    double *x = aligned_alloc(64, (count / 8 + 1) * 64);
    if (!x) abort();
    for (size_t i = 0; i < count; i++) x[i] = random_uniform(state);
    return x;
}

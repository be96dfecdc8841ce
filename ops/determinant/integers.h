/* SPDX-License-Identifier: MIT */
/* Ranks and determinants of matrices of doubles, in integers. */
#ifndef OPS_DETERMINANT_INTEGERS_H
#define OPS_DETERMINANT_INTEGERS_H

#include "ops/numbers/scaled.h"
#include "tape/arena.h"

#include <stdbool.h>

/* Both return false when out of memory, which is taken for the time of the call.
 *
 * The determinant, rounded once, 0 only where it is 0. Where that would take too long, *known is
 * false and *value left alone. */
bool exact_determinant(size_t n, const double *entries, bool *known, scaled *value, arena *memory);

/* The rank, or less where two primes divide all minors of that order. */
bool exact_rank_of(size_t n, const double *entries, size_t *rank, arena *memory);

/* Primes p with 2^30 < p < 2^31, the largest first. */
enum { MODULAR_PRIMES = 256 };
uint64_t modular_prime(size_t k);

#endif

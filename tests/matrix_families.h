/* SPDX-License-Identifier: MIT */
/* Random matrices of the kinds on which determinants and inverses go wrong. */
#ifndef TESTS_MATRIX_FAMILIES_H
#define TESTS_MATRIX_FAMILIES_H

#include <stddef.h>
#include <stdint.h>

/* A generator's state is any nonzero number (xorshift64, Marsaglia 2003). */
double random_fraction(uint64_t *state); /* in [0, 1) */
double random_normal(uint64_t *state);
int random_integer(uint64_t *state, int low, int high); /* both included */

typedef enum matrix_family {
    FAMILY_NORMAL,
    FAMILY_POSITIVE, /* uniform in [0, 1) */
    FAMILY_INTEGER,  /* -9..9 products of every rank from 0 to n */
    FAMILY_KAHAN,    /* Kahan 1966: upper triangular, small pivots in disguise */
    FAMILY_KAHAN_PERMUTED,
    FAMILY_TRIW, /* ones on the diagonal, -1 above */
    FAMILY_TRIW_PERMUTED,
    FAMILY_GRADED_ROWS,
    FAMILY_GRADED_COLUMNS,
    FAMILY_GRADED,
    FAMILY_TRIANGULAR_PERMUTED,
    FAMILY_RANK_1_LESS, /* up to rounding */
    FAMILY_RANK_2_LESS,
    FAMILY_RANK_3_LESS, /* exactly: integers */
    FAMILY_REPEATED_SINGULAR_VALUES,
    FAMILY_GEOMETRIC_SINGULAR_VALUES,
    FAMILY_TWO_TINY_SINGULAR_VALUES,
    FAMILY_ROWS_SCALED, /* by 2^-450 .. 2^450 */
    FAMILY_COLUMNS_SCALED,
    FAMILY_HILBERT,
    FAMILY_VANDERMONDE,
    FAMILY_NEARLY_SINGULAR,
    FAMILY_SPARSE,    /* integers, many zeros, often singular */
    FAMILY_WILKINSON, /* largest growth under partial pivoting */
    FAMILY_COMPANION,
    FAMILIES
} matrix_family;

extern const char *const matrix_family_names[FAMILIES];

/* a: n x n, n >= 1. */
void matrix_family_make(matrix_family family, size_t n, uint64_t *state, double *a);

/* a <- x y, x n x rank and y rank x n of integers from -size to size: nearly always of that
 * rank. */
void matrix_of_rank(size_t n, size_t rank, int size, uint64_t *state, double *a);

/* Exchanges rows and columns at random. */
void matrix_permute(size_t n, uint64_t *state, double *a);

#endif

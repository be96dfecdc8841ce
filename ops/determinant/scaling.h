/* SPDX-License-Identifier: MIT */
/* Scaling by powers of two: exact, and nothing overflows or underflows on the way. */
#ifndef OPS_DETERMINANT_SCALING_H
#define OPS_DETERMINANT_SCALING_H

#include <stdbool.h>

#include "ops/numbers/scaled.h"
#include "tape/arena.h"

typedef struct exponent_range {
    bool finite;           /* no NaN and no Inf */
    bool zero;             /* all numbers are 0 */
    int largest, smallest; /* exponents of the nonzero numbers; set where finite and not zero */
} exponent_range;

exponent_range exponent_range_of(size_t count, const double *x);

/* a_ij = hat a_ij 2^(rows_i + columns_j), exactly. hat A is called the scaled A. */
typedef struct determinant_scaling {
    size_t n;
    bool common;   /* one exponent for all: rows all equal, columns all 0 */
    bool assigned; /* by an assignment of rows to columns (assignment.c) */
    int span;      /* largest minus smallest exponent of the nonzero entries of A */
    int64_t *rows;
    int64_t *columns;
    int64_t total; /* sum of rows and columns: det(A) = det(hat A) 2^total */
} determinant_scaling;

/* Up to this span no product of three entries, or of entries and a direction's, underflows. */
enum { SMALL_SPAN = 300 };

/* Chooses the exponents for a finite matrix: the entries of hat A are at most 1. For n <= 2 hat A
 * is A, whose formulas need no scaling. False when out of memory. */
bool scaling_choose(determinant_scaling *scaling, size_t n, const double *a, exponent_range all,
                    arena *memory);

/* rows_i + columns_j, entry k in row i and column j. */
int64_t scaling_exponent(const determinant_scaling *scaling, size_t k);

/* b_ij = a_ij 2^(extra - rows_i - columns_j) + 0: with extra = 0 the scaled A, with the total back
 * from cofactors of it. b may be a. */
void scaling_apply(const determinant_scaling *scaling, const double *a, int64_t extra, double *b);

/* Brings the largest entry of every row and column of hat A, the entries, to [1/2, 1): returns the
 * scaling of A that now gives them, with the first; NULL when out of memory. */
const determinant_scaling *scaling_equilibrate(const determinant_scaling *first, double *entries,
                                               arena *memory);

/* assignment.c: r_i + c_j is at least the exponent of a_ij, and equal for an assignment of rows to
 * columns. *perfect is false, and r and c mean nothing, where zeros allow none. False when out of
 * memory, which is taken for the time of the call. */
bool assignment_exponents(size_t n, const double *a, int64_t *rows, int64_t *columns, bool *perfect,
                          arena *memory);

#endif

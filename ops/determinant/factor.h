/* SPDX-License-Identifier: MIT */
/* What a determinant factor holds. */
#ifndef OPS_DETERMINANT_FACTOR_H
#define OPS_DETERMINANT_FACTOR_H

#include "ops/determinant/decomposition.h"
#include "ops/determinant/determinant.h"

struct determinant_factor {
    size_t n;
    arena *memory;
    double *original; /* A where it has NaN or Inf, which all below has as 0; else NULL */
    scaled value;     /* det(A) */
    double *entries;  /* hat A */
    determinant_scaling scaling;
    double *diagonal;              /* NULL, or what is to be added to the diagonal of hat A */
    scaled *laplace;               /* cof(A) by Laplace's expansion, or NULL */
    double *given;                 /* A where that is: scaling may have taken small entries */
    decomposition *lu;             /* NULL where formulas give everything */
    decomposition *equilibrated;   /* for solutions where lu is NULL; made when needed */
    decomposition *complete;       /* complete pivoting where lu is partial; made when needed */
    decomposition *rank_revealing; /* made when needed */
};

/* Whether the formulas for small orders give everything. */
bool factor_is_small(const determinant_factor *factor);

/* Whether these, or Laplace's expansion, give the cofactors; then those of A, NULL when out of
 * memory. */
bool factor_is_closed(const determinant_factor *factor);
const scaled *factor_closed_cofactors(const determinant_factor *factor, arena *scratch);

/* The decomposition, inverted, for the derivative of cof of the given order; NULL when out of
 * memory. */
const decomposition *factor_decomposition(determinant_factor *factor, size_t order, arena *scratch);

/* x with 0 for NaN and Inf; NULL when out of memory. */
const double *factor_without_nan(size_t count, const double *x, arena *memory);

/* Makes NaN each entry of T, cofactors or a derivative of them, in which NaN or Inf in x takes
 * part. */
void factor_spread_nan(size_t n, const double *x, double *t);

/* hat A equilibrated, as entries in scratch, and its scaling, which is one of A; NULL when out
 * of memory. */
const determinant_scaling *factor_equilibrate(determinant_factor *factor, double **entries,
                                              arena *scratch);

/* solve.c: LU, not inverted, of the equilibrated matrix; NULL when out of memory. */
const decomposition *factor_equilibrated(determinant_factor *factor);

/* solve.c: B <- hat A^-1 B, or hat A^-T B. work: n x k. */
void solve_scaled(const decomposition *d, bool transpose, size_t k, double *b, double *work);

#endif

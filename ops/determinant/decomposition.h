/* SPDX-License-Identifier: MIT */
/* hat A = X diag(d) Y with det(X) det(Y) = sign, X and Y well conditioned. Either
 *     hat A[row, column] = L diag(d) U1      (lu.c)
 * or  hat A Z Pi = Q diag(d) U1              (rank_revealing.c).
 */
#ifndef OPS_DETERMINANT_DECOMPOSITION_H
#define OPS_DETERMINANT_DECOMPOSITION_H

#include <float.h>

#include "ops/determinant/scaling.h"

enum {
    SMALL_ORDER = 32,         /* complete pivoting is as fast as a library's partial pivoting */
    DOUBLE_DOUBLE_ORDER = 64, /* complete pivoting may go on to double-double arithmetic */
    DOUBLE_DOUBLE_SPAN = 12,  /* and does where pivots or entries span more bits than this */
    SETTLED_ORDER = 400 /* double-double arithmetic finds the sign of a determinant next to 0 */
};

/* Limits on mu = max|L^-1| max|U1| max|U1^-1|: a first derivative of cof loses about 0.1 mu, a
 * second about 0.02 mu^2 beyond what changes of the entries in the last place would cause. */
enum { FIRST_DERIVATIVE_LIMIT = 1000, SECOND_DERIVATIVE_LIMIT = 100 };

typedef struct decomposition {
    size_t n;
    enum { PARTIAL, COMPLETE, RANK_REVEALING } kind;
    const determinant_scaling *scaling;
    int sign;
    scaled *d;
    /* LU only */
    double *factors;  /* U1 above the diagonal (1), L below it (diagonal 1) */
    double *inverses; /* U1^-1 and L^-1 in the same places; NULL until they are asked for */
    size_t *column;   /* column j of L D U1 is column column_j of hat A */
    size_t *row;      /* row i of L D U1 is row row_i of hat A */
    scaled value;     /* det(hat A) */
    double max_upper, max_entry, min_pivot; /* max|U1|, max|D U1|, min|D| as they came out */
    double epsilon;                         /* of the arithmetic */
    double mu;                              /* once inverted */
    /* rank-revealing only */
    double *left;  /* X^-1 = Q^T */
    double *right; /* Y^-T = U1^-T (Z Pi)^T */
} decomposition;

/* A decomposition with room for LU; NULL when out of memory. */
decomposition *lu_new(const determinant_scaling *scaling, arena *memory);

/* LU, settled. Pivoting is complete, or partial where it may be and is not known at once to be unfit;
 * arithmetic is double-double where that is called for. With a diagonal, that of A + diag(diagonal),
 * parts below half a unit in the last place of A's: in double-double arithmetic, not settled. NULL
 * when out of memory. */
decomposition *lu_factor(const determinant_scaling *scaling, const double *entries,
                         const double *diagonal, bool may_be_partial, arena *memory);

/* Complete pivoting in double-double arithmetic. False when out of memory, which is taken for the
 * time of the call. */
bool lu_double_double(decomposition *d, const double *entries, const double *diagonal,
                      arena *memory);

/* The inverses and mu. False when out of memory. */
bool lu_invert(decomposition *d, arena *memory);

/* The product of the pivots and the sign. */
scaled lu_product(const decomposition *d);

/* doubt.c: sets the value. Where pivots may be rounding errors alone, the rank and the
 * determinant are computed in integers: as many pivots as the rank is below n, the smallest,
 * become 0; if none does, the smallest is set so that the product is the determinant.
 * Double-double arithmetic is tried first, where that may settle it or more pivots came out as
 * 0. False when out of memory. */
bool lu_settle(decomposition *d, const double *entries, arena *memory);

/* rank_revealing.c: NULL when out of memory. */
decomposition *rank_revealing_new(const determinant_scaling *scaling, const double *entries,
                                  arena *memory, arena *scratch);

/* cofactor.c: T 2^exponent = cof(hat A) (LU only), D cof(hat A)[V], D^2 cof(hat A)[V, W]; LU is
 * inverted. False when out of memory. */
bool decomposition_cofactor(const decomposition *d, double *t, int64_t *exponent, arena *scratch);
bool decomposition_derivative(const decomposition *d, const double *v, double *t, int64_t *exponent,
                              arena *scratch);
bool decomposition_second_derivative(const decomposition *d, const double *v, const double *w,
                                     double *t, int64_t *exponent, arena *scratch);

/* cofactor.c: the product of all d. */
scaled product_of_all(size_t n, const scaled *d);

#endif

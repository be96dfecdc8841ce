/* SPDX-License-Identifier: MIT */
/* The determinant of a square matrix and its derivatives of every order up to the third, for
 * every matrix, singular ones included.
 *
 *     d det(A)           = <cof(A), dA>            cof(A)_ij = (-1)^(i+j) det(A without i, j)
 *     d <cof(A), V>      = <D cof(A)[V], dA>       D cof(A)[V] = d/dt cof(A + tV) at t = 0
 *     d <D cof(A)[V], W> = <D cof(A)[W], dV> + <D^2 cof(A)[V,W], dA> + <D cof(A)[V], dW>
 *     d log|det(A)|      = <A^-T, dA>
 *
 * (Magnus & Neudecker, Matrix Differential Calculus, 8.3.) cof is a polynomial in the entries of
 * A, so nothing here divides by a pivot: with A = X D Y, D diagonal, X and Y well conditioned,
 *
 *     cof(A) = det(X) det(Y) X^-T diag(prod_{l != k} d_l) Y^-T
 *
 * and the higher derivatives have the same shape with products that leave out two or three of
 * the d. The products are held as mantissa and exponent, and A is scaled by exact powers of two:
 * nothing overflows or underflows on the way to a result that does not.
 *
 * The errors are those that changing each entry of A by a few units in its last place would
 * cause; a factorization that cannot keep to this is recognised and replaced by a better one (LU
 * with partial pivoting, with complete pivoting, the same with 106 bits, a randomized orthogonal
 * decomposition; for small matrices whose entries lie far apart, Laplace's expansion). Which one is
 * used depends on A, and on V and W, alone: the same call gives the same bits whatever was asked of
 * the factor before.
 */
#ifndef OPS_DETERMINANT_DETERMINANT_H
#define OPS_DETERMINANT_DETERMINANT_H

#include <stdbool.h>
#include <stddef.h>

#include "tape/arena.h"

/* Everything known about one matrix: made once, shared by its value and its derivatives. */
typedef struct determinant_factor determinant_factor;

typedef enum determinant_status {
    DETERMINANT_OK,
    DETERMINANT_MEMORY,  /* out of memory */
    DETERMINANT_SINGULAR /* the determinant is 0 (or rounds to it): there is no A^-T */
} determinant_status;

/* Factors the n x n row-major matrix a, which is copied; NULL when out of memory. The factor
 * lives in the arena, which must stay at or above its present position as long as the factor is
 * used: what the derivatives need is added there when first asked for. n may be 0.
 *
 * NaN or Inf among the entries makes the determinant, its logarithm and A^-T NaN. An entry of
 * cof(A) or of a derivative is NaN where NaN or Inf, in A or in a direction, takes part in it:
 * where one lies outside its row and its column. */
determinant_factor *determinant_factor_new(size_t n, const double *a, arena *memory);

/* The factor of A + diag(diagonal), the latter parts below half a unit in the last place of the
 * diagonal of A (of A alone where n < 3, n > 64 or A is not finite). Use it for the value, the
 * cofactors and their derivatives only. Its determinant is not settled in integers: it may be
 * 2^-100 |A|^n instead of 0. */
determinant_factor *determinant_factor_of_sum(size_t n, const double *a, const double *diagonal,
                                              arena *memory);

/* det(A), rounded once from mantissa and exponent; 1 for n = 0. It is 0 if A is singular,
 * whatever the rounding errors, and (unless det(A) is below the range of double) only then; its
 * sign is that of det(A). Where elimination cannot tell, this is settled in integers, as long as
 * that is cheap: B bits in the entries, from the highest to the lowest digit, take some n^4 (B +
 * log2 n) / 100 multiplications, and no more than 2^25 are made. Beyond that (n = 64 with 53
 * bits is within, n = 200 is not) two primes tell whether A is singular, and the sign is that of
 * elimination with 106 bits (n > 400: 53). */
double determinant_value(const determinant_factor *factor);

/* log|det(A)|, also where det(A) itself is beyond the range of double; -Inf where it is 0. sign,
 * unless NULL, receives that of det(A): -1, 0 or 1 (0 for NaN). */
double determinant_log_abs(const determinant_factor *factor, int *sign);

/* The functions below write n x n numbers, none of them -0, to a result that may not overlap
 * their operands. scratch is rewound before they return. It may be the factor's own arena only
 * if nothing the factor holds is to outlive the call: give another one. */

/* cof(A); D cof(A)[V] with a V, n x n, symmetric as a bilinear form, <D cof(A)[V], W> = <D cof(A)[W],
 * V>; D^2 cof(A)[V, W] with a W as well, symmetric in V, W and the third argument. */
determinant_status determinant_cofactor(determinant_factor *factor, const double *v,
                                        const double *w, double *result, arena *scratch);

/* The gradient of log|det(A)|, A^-T = cof(A) / det(A), before either is rounded to double. */
determinant_status determinant_log_gradient(determinant_factor *factor, double *gradient,
                                            arena *scratch);

/* A^-T W^T A^-T, W n x n: less it, the derivative of A^-T along W. */
determinant_status determinant_inverse_product(determinant_factor *factor, const double *w,
                                               double *product, arena *scratch);

/* B <- X with A X = B, or A^T X = B where transpose is set: B n x k, row stride k. A determinant
 * and a solution share one elimination. The backward
 * error is that of Gaussian elimination (Higham, Accuracy and Stability, theorem 9.4).
 * DETERMINANT_SINGULAR, the pivot's number (from 0) and B as it was, where a pivot is zero. */
determinant_status determinant_solve(determinant_factor *factor, bool transpose, size_t k,
                                     double *b, size_t *zero_pivot, arena *scratch);

/* Recomputes, in scaled arithmetic, the entries of -(A^-T P) (A^-1 Q)^T, P and Q n x k, that
 * came out Inf or NaN although A, P and Q are finite: a product of two solutions that overflow
 * or underflow may be in range. A is regular. False when out of memory. */
bool determinant_solve_product(determinant_factor *factor, size_t k, const double *p,
                               const double *q, double *product, arena *scratch);

#endif

/* SPDX-License-Identifier: MIT */
/* Determinants of matrices of doubles and their derivatives in exact arithmetic (GMP), rounded to
 * the nearest double at the very end. Two algorithms, neither of which is a factorization in
 * floating point in disguise: Faddeev and LeVerrier's recurrence on polynomials in s and t, which
 * needs no pivot and no rank, and fraction-free elimination for larger nonsingular matrices. */
#ifndef TESTS_EXACT_H
#define TESTS_EXACT_H

#include <stdbool.h>
#include <stddef.h>

/* What is wanted: n x n arrays of the caller, NULL for what is not. Entries beyond the range of
 * double are infinite or subnormal as rounding has it. */
typedef struct exact_derivatives {
    double *cofactor;     /* cof(A) */
    double *first_v;      /* D cof(A)[V] */
    double *first_w;      /* D cof(A)[W] */
    double *second;       /* D^2 cof(A)[V, W] */
    double *log_gradient; /* A^-T; left alone where A is singular */
    double determinant;   /* nearest double */
    double mantissa;      /* det = mantissa 2^exponent, 1/2 <= |mantissa| < 1, or 0 */
    long exponent;
} exact_derivatives;

enum exact_algorithm { EXACT_FASTEST, EXACT_FADDEEV_LEVERRIER, EXACT_FRACTION_FREE };

/* v and w may be NULL where nothing is wanted of them. Fraction-free elimination returns false
 * for a singular matrix; EXACT_FASTEST always succeeds, in O(n^4) where A is singular. */
bool exact_differentiate(enum exact_algorithm algorithm, size_t n, const double *a, const double *v,
                         const double *w, exact_derivatives *result);

/* The rank, exactly. */
size_t exact_rank(size_t n, const double *a);

#endif

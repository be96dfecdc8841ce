/* SPDX-License-Identifier: MIT */
/* The characteristic polynomial of a matrix of doubles, exactly (GMP). */
#ifndef TESTS_EXACT_POLYNOMIAL_H
#define TESTS_EXACT_POLYNOMIAL_H

#include <gmp.h>
#include <stddef.h>

/* p(x) 2^(n exponent) = sum coefficient_k (x 2^exponent)^k for A 2^exponent of integers. */
typedef struct exact_polynomial {
    size_t n;
    mpz_t *coefficient; /* n + 1 */
    long exponent;
} exact_polynomial;

/* det(xI - A), A n x n, by Faddeev and Leverrier's recurrence in O(n^4); to be cleared. */
exact_polynomial exact_polynomial_of(size_t n, const double *a);
void exact_polynomial_clear(exact_polynomial *p);

/* log2 |computed - exact| for the k-th derivative at x, -Inf where they are equal. */
double exact_polynomial_log_error(const exact_polynomial *p, size_t k, double x, double computed);

#endif

/* SPDX-License-Identifier: MIT */
/* The derivative of det(xI - S) by x in long double, for the demo to compare with. */
#ifndef PRINCIPAL_MINORS_H
#define PRINCIPAL_MINORS_H

#include <math.h>
#include <stddef.h>

enum { MOST = 20 }; /* rows of S */

static inline void swap(long double *x, long double *y)
{
    long double t = *x;
    *x = *y;
    *y = t;
}

/* By elimination with complete pivoting. */
static inline long double determinant(size_t m, long double B[MOST][MOST])
{
    long double det = 1;
    for (size_t step = 0; step < m; step++) {
        size_t row = step, col = step;
        for (size_t r = step; r < m; r++)
            for (size_t c = step; c < m; c++)
                if (fabsl(B[r][c]) > fabsl(B[row][col])) row = r, col = c;
        if (B[row][col] == 0) return 0;
        det *= (row == step) == (col == step) ? B[row][col] : -B[row][col];
        for (size_t c = step; c < m; c++) swap(&B[row][c], &B[step][c]);
        for (size_t r = step; r < m; r++) swap(&B[r][col], &B[r][step]);
        for (size_t r = step + 1; r < m; r++)
            for (size_t c = step + 1; c < m; c++)
                B[r][c] -= B[r][step] / B[step][step] * B[step][c];
    }
    return det;
}

/* det of M without row and column k, and without row i and column j; k, i, j = n: none. */
static inline long double minor_of(size_t n, const long double *M, size_t k, size_t i, size_t j)
{
    long double B[MOST][MOST];
    size_t rows = 0;
    for (size_t row = 0; row < n; row++) {
        if (row == k || row == i) continue;
        size_t cols = 0;
        for (size_t col = 0; col < n; col++)
            if (col != k && col != j) B[rows][cols++] = M[row * n + col];
        rows++;
    }
    return determinant(rows, B);
}

/* p'(x) as the sum of the principal minors of M = xI - S, and its condition number
 * ||M|| ||dp'/dM|| / |p'|, Frobenius norms. */
static inline long double sum_of_minors(size_t n, const double *S, double x, double *condition)
{
    long double M[MOST * MOST], sum = 0, size2 = 0, slope2 = 0;
    for (size_t i = 0; i < n * n; i++) {
        M[i] = (i / n == i % n ? (long double)x : 0) - S[i];
        size2 += M[i] * M[i];
    }
    for (size_t k = 0; k < n; k++) sum += minor_of(n, M, k, n, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            long double slope = 0; /* dp'/dM_ij: the cofactors of M without k, summed over k */
            for (size_t k = 0; k < n; k++)
                if (k != i && k != j)
                    slope += ((i - (i > k) + j - (j > k)) % 2 ? -1 : 1) * minor_of(n, M, k, i, j);
            slope2 += slope * slope;
        }
    *condition = (double)(sqrtl(size2 * slope2) / fabsl(sum));
    return sum;
}

#endif

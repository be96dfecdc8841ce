/* SPDX-License-Identifier: MIT */
/* Sums, products, norms and directions of vectors of doubles, without overflow or underflow on the
 * way to a result that is in range. */
#ifndef OPS_NUMBERS_VECTORS_H
#define OPS_NUMBERS_VECTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "tape/arena.h"

/* Sums, each accurate to a few units in the last place of sum |terms| (pairwise). Sums of finite
 * terms overflow only where the whole sum does; where a term is not finite, only such count. */
double kernel_sum(size_t n, const double *x);
/* The sum is the result times 2^*exponent, which need not be in range; mostly 0. */
double kernel_scaled_sum(size_t n, const double *x, int *exponent);
double kernel_dot(size_t n, const double *x, const double *y);

/* Largest |x_i|, 0 of none, NaN if any is NaN; its exponent e, 2^(e-1) <= largest < 2^e, or 0
 * where it is 0, Inf or NaN. */
double kernel_largest_magnitude(size_t n, const double *x);
int kernel_largest_exponent(size_t n, const double *x);

/* x <- 2^-e x with that e, which is returned. */
int kernel_scale_to_one(size_t n, double *x);

/* y_i <- x_1 + .. + x_i of count elements at first, first + step, ..., or from the last one on:
 * each to 2 u sum |terms| (compensated). Overflow and terms that are not finite as above. */
void kernel_cumsum(bool from_last, const double *x, size_t first, size_t step, size_t count,
                   double *y);

/* y_i <- x_1 .. x_i, or x_1 .. x_{i-1} without the element itself; in range where the result is. */
void kernel_cumprod(bool with_itself, const double *x, size_t first, size_t step, size_t count,
                    double *y);

/* s_i <- sum_{j<i} g_j a_{j+1} .. a_{i-1}, or from the last one on sum_{j>i} g_j a_{i+1} ..
 * a_{j-1}. given, of the size of g, tells which g there are (NULL: all); a sum of none is 0. */
void kernel_recurrence(bool from_last, const double *a, const double *g, const bool *given,
                       size_t first, size_t step, size_t count, double *s);

/* The product of count elements of x, from `first` on with a step; in range where the result is. */
double kernel_product(const double *x, size_t first, size_t step, size_t count);

/* For each such i the gradient by x_i of the k-th derivative of their product in k directions:
 * the sum over distinct j1..jk, none of them i, of v1_j1 .. vk_jk times all other x but x_i.
 * operands: v1..vk, x; y, of their size, gets it at the positions of the elements. False when
 * out of memory. */
bool kernel_exclusive_products(size_t k, const double *const *operands, size_t first, size_t step,
                               size_t count, double *y, arena *workspace);

/* x^T A y, A m x n, exact until it is rounded: slow. Where a term is not finite, only such
 * count. */
double kernel_bilinear(size_t m, size_t n, const double *x, const double *a, const double *y);

/* Euclidean norm without spurious overflow or underflow; NaN if any is NaN, else Inf if any is. */
double kernel_norm2(size_t n, const double *x);

/* u <- x / ||x||, 0 at 0; u may be x. Returns ||x||. The derivative of u in the direction g is y,
 * with u as workspace. */
double kernel_unit(size_t n, const double *x, double *u);
void kernel_unit_derivative(size_t n, const double *x, const double *g, double *y, double *u);

/* log sum exp x, NaN if any is, -Inf of none; its gradient s, to which elements at +Inf, or all
 * where all are -Inf, contribute equally; and the derivative of s in the direction g, z, with s
 * as workspace. */
double kernel_logsumexp(size_t n, const double *x);
void kernel_softmax(size_t n, const double *x, double *s);
void kernel_softmax_derivative(size_t n, const double *x, const double *g, double *z, double *s);

#endif

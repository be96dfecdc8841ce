/* SPDX-License-Identifier: MIT */
/* Derivatives of the Euclidean norm in closed form, and the comparison of derivatives of the
 * orders 0 to 3 with a closed form. */
#ifndef TESTS_NORM_DERIVATIVES_H
#define TESTS_NORM_DERIVATIVES_H

#include <autodiff/autodiff.h>

/* The derivative of ||x||, n elements, by the elements at[0], .., at[order - 1]; order <= 3. */
long double norm_derivative(size_t n, const long double *x, size_t order, const size_t *at);

/* n^order, and the digits of a place in a tensor of that many elements. */
size_t power(size_t n, size_t order);
void digits(size_t place, size_t n, size_t order, size_t *at);

typedef long double derivative_function(size_t n, const long double *x, size_t order,
                                        const size_t *at);

/* Fills expected with all n^order derivatives by the elements of x, whose values are taken from
 * the tape. */
void fill_derivatives(ad_var x, derivative_function *reference, size_t order, double *expected);

/* Value, gradient (recorded and by a plain sweep), Hessian and third derivative of y by x. */
void check_orders(ad_var y, ad_var x, derivative_function *reference, double tolerance);

#endif

/* SPDX-License-Identifier: MIT */
/* A recorded function y = f(x) that is evaluated at many points, as optimizers and solvers do;
 * included by autodiff.h. */
#ifndef AUTODIFF_FUNCTION_H
#define AUTODIFF_FUNCTION_H

/* Begin with {.x = x, .y = y}: x a leaf, y any value of the same tape. The rest is recorded by the
 * first call that needs it, again if its nodes were dropped; the calls after that take no memory. */
typedef struct ad_function {
    ad_var x, y;
    ad_var jacobian, hessian;
    ad_var direction, product; /* a leaf, and the Hessian times it */
} ad_function;

/* Each call sets x to the values in `at` and recomputes what its outputs depend on, nothing else:
 * other values of the tape are then as between ad_set and ad_replay. Any output may be NULL.
 * Matrices are written row by row, elements of x and y counted so too. On error outputs are NaN, as
 * many elements as the handles still tell (of a y that must be 1x1 always one). */

/* y at a point. */
AD_API ad_status ad_function_value(ad_function *f, const double *at, double *y);

/* y, which is 1x1, and its gradient, as many elements as x has. Records nothing. */
AD_API ad_status ad_function_gradient(ad_function *f, const double *at, double *y,
                                      double *gradient);

/* y and the Jacobian, (size of y) x (size of x). */
AD_API ad_status ad_function_jacobian(ad_function *f, const double *at, double *y,
                                      double *jacobian);

/* y, which is 1x1, its gradient and its Hessian, (size of x) x (size of x). */
AD_API ad_status ad_function_hessian(ad_function *f, const double *at, double *y, double *gradient,
                                     double *hessian);

/* The Hessian of y, which is 1x1, times v, of as many elements as x has, as hv. */
AD_API ad_status ad_function_hvp(ad_function *f, const double *at, const double *v, double *hv);

#endif

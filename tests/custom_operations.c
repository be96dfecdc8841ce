/* SPDX-License-Identifier: MIT */
#include "tests/custom_operations.h"

#include <math.h>

#define COUNT(callback) ((void)(context && ++((calls *)context)->callback))

static size_t size_of(ad_matrix m)
{
    return m.rows * m.cols;
}

/* ---- cube ---- */

static ad_status cube_shape(const ad_matrix *x, size_t count, size_t *rows, size_t *cols,
                            void *context)
{
    COUNT(shape);
    *rows = x[0].rows;
    *cols = x[0].cols;
    return count == 1 ? AD_OK : AD_ERROR_ARGUMENT;
}

static ad_status cube_value(const ad_matrix *x, size_t count, double *y, void *context)
{
    (void)count;
    COUNT(value);
    for (size_t i = 0; i < size_of(x[0]); i++)
        y[i] = x[0].values[i] * x[0].values[i] * x[0].values[i];
    return AD_OK;
}

static ad_status cube_gradient(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                               const bool *wanted, ad_var *gradients, void *context)
{
    (void)count, (void)y;
    COUNT(gradient);
    if (wanted[0]) gradients[0] = ad_mul(adjoint, ad_scale(ad_square(x[0]), 3));
    return AD_OK;
}

static ad_status cube_vjp(const ad_matrix *x, size_t count, ad_matrix y, ad_matrix adjoint,
                          double *const *gradients, void *context)
{
    (void)count, (void)y;
    COUNT(vjp);
    for (size_t i = 0; gradients[0] && i < size_of(x[0]); i++)
        gradients[0][i] = 3 * x[0].values[i] * x[0].values[i] * adjoint.values[i];
    return AD_OK;
}

static ad_status uncounted_shape(const ad_matrix *x, size_t count, size_t *rows, size_t *cols,
                                 void *context)
{
    (void)context;
    return cube_shape(x, count, rows, cols, NULL);
}

static ad_status uncounted_value(const ad_matrix *x, size_t count, double *y, void *context)
{
    (void)context;
    return cube_value(x, count, y, NULL);
}

const ad_custom_op uncounted_cube = {"cube", uncounted_shape, uncounted_value, NULL, NULL};
const ad_custom_op cube = {"cube", cube_shape, cube_value, cube_gradient, NULL};
const ad_custom_op cube_in_numbers = {"cube", cube_shape, cube_value, NULL, cube_vjp};
const ad_custom_op cube_without_rule = {"cube", cube_shape, cube_value, NULL, NULL};

/* ---- affine ---- */

static ad_status affine_shape(const ad_matrix *in, size_t count, size_t *rows, size_t *cols,
                              void *context)
{
    COUNT(shape);
    *rows = in[0].rows;
    *cols = 1;
    bool fits = count == 3 && in[1].rows == in[0].cols && in[1].cols == 1 &&
                in[2].rows == in[0].rows && in[2].cols == 1;
    return fits ? AD_OK : AD_ERROR_SHAPE;
}

static ad_status affine_value(const ad_matrix *in, size_t count, double *y, void *context)
{
    (void)count;
    COUNT(value);
    for (size_t i = 0; i < in[0].rows; i++) {
        y[i] = in[2].values[i];
        for (size_t j = 0; j < in[0].cols; j++)
            y[i] += in[0].values[i * in[0].cols + j] * in[1].values[j];
    }
    return AD_OK;
}

/* A' = y' x^T, x' = A^T y', b' = y' */
static ad_status affine_gradient(const ad_var *in, size_t count, ad_var y, ad_var adjoint,
                                 const bool *wanted, ad_var *gradients, void *context)
{
    (void)count, (void)y;
    COUNT(gradient);
    if (wanted[0]) gradients[0] = ad_outer(adjoint, in[1]);
    if (wanted[1]) gradients[1] = ad_matmul(ad_transpose(in[0]), adjoint);
    if (wanted[2]) gradients[2] = adjoint;
    return AD_OK;
}

static ad_status affine_vjp(const ad_matrix *in, size_t count, ad_matrix y, ad_matrix adjoint,
                            double *const *gradients, void *context)
{
    (void)count, (void)y;
    COUNT(vjp);
    for (size_t i = 0; i < in[0].rows; i++) {
        double g = adjoint.values[i];
        for (size_t j = 0; j < in[0].cols; j++) {
            if (gradients[0]) gradients[0][i * in[0].cols + j] = g * in[1].values[j];
            if (gradients[1]) gradients[1][j] += g * in[0].values[i * in[0].cols + j];
        }
        if (gradients[2]) gradients[2][i] = g;
    }
    return AD_OK;
}

const ad_custom_op affine = {"affine", affine_shape, affine_value, affine_gradient, NULL};
const ad_custom_op affine_in_numbers = {"affine", affine_shape, affine_value, NULL, affine_vjp};

/* ---- powers ---- */

static ad_status powers_shape(const ad_matrix *x, size_t count, size_t *rows, size_t *cols,
                              void *context)
{
    (void)x, (void)count;
    COUNT(shape);
    *rows = *cols = 1;
    return AD_OK;
}

static ad_status powers_value(const ad_matrix *x, size_t count, double *y, void *context)
{
    COUNT(value);
    *y = 0;
    for (size_t k = 0; k < count; k++) *y += pow(*x[k].values, (double)k + 1);
    return AD_OK;
}

static ad_status powers_vjp(const ad_matrix *x, size_t count, ad_matrix y, ad_matrix adjoint,
                            double *const *gradients, void *context)
{
    (void)y;
    COUNT(vjp);
    for (size_t k = 0; k < count; k++)
        if (gradients[k])
            *gradients[k] = *adjoint.values * ((double)k + 1) * pow(*x[k].values, (double)k);
    return AD_OK;
}

const ad_custom_op powers = {"powers", powers_shape, powers_value, NULL, powers_vjp};

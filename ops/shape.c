/* SPDX-License-Identifier: MIT */
/* Matrices reshaped and repeated.
 *
 *     Y = X^T               X' += Y'^T
 *     Y = X reshaped        X' += Y' reshaped
 *     Y = X repeated        X' += Y' summed along the repetition
 *     Y = triangle of X     X' += the same triangle of Y'
 *     Y = X as a constant   X' gets nothing
 *
 * Elements are copied, here, in join.c and in indexing.c, never multiplied by 0 or 1: an Inf stays
 * where it is.
 */
#include "ops/moving.h"
#include "ops/kernels/kernels.h"

/* ---- transpose ---- */

static bool transpose_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[0].cols;
    *cols = e->in[0].rows;
    return true;
}

/* In square blocks, so that the rows of both stay in cache meanwhile. */
static void add_transpose(const matrix *x, double *y)
{
    enum { BLOCK = 16 };
    for (size_t i = 0; i < x->rows; i += BLOCK)
        for (size_t j = 0; j < x->cols; j += BLOCK)
            for (size_t r = i; r < x->rows && r < i + BLOCK; r++)
                for (size_t s = j; s < x->cols && s < j + BLOCK; s++)
                    y[s * x->rows + r] += x->values[r * x->cols + s];
}

static bool transpose_values(const evaluation *e)
{
    const matrix *x = &e->in[0];
    if (shape_is_vector(x)) put(e, 0, x->values, matrix_size(x));
    else if (e->accumulate) add_transpose(x, e->output);
    else kernel_transpose(x->rows, x->cols, x->values, e->output);
    return true;
}

static bool transpose_gradient(const rule *r)
{
    return rule_add(r, 0, ad_transpose(r->adjoint));
}

/* The share where the operation is its own inverse. */
static bool move_back(const evaluation *e, const plain_adjoints *a)
{
    const matrix g = plain_adjoint(e, a);
    return plain_share(e, a, 0, e->op, &g, 1, NULL);
}

OPERATION(transpose, .zeros = ZERO_ALL, .move = true, .accumulates = true, .whole = true,
          .shape = transpose_shape, .values = transpose_values, .gradient = transpose_gradient,
          .sweep = move_back);

ad_var ad_transpose(ad_var x)
{
    ad_var g;
    if (tape_usable(x, "transpose") && tape_is_scaled_identity(x, &g)) return x;
    return TAPE_RECORD(&transpose_operation, x);
}

/* ---- reshape ---- */

static bool reshape_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *x = &e->in[0];
    shape_from_extent(e, rows, cols);
    if (*cols && *rows > SIZE_MAX / *cols)
        return tape_fail(e->tape, AD_ERROR_SHAPE, "reshape: %zux%zu to %zux%zu: %zu elements",
                         x->rows, x->cols, *rows, *cols, matrix_size(x));
    return matrix_size(x) == *rows * *cols ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "reshape: %zux%zu to %zux%zu: %zu elements, not %zu",
                     x->rows, x->cols, *rows, *cols, matrix_size(x), *rows * *cols);
}

bool values_of_first(const evaluation *e)
{
    put(e, 0, e->in[0].values, e->rows * e->cols);
    return true;
}

static bool reshape_gradient(const rule *r)
{
    return rule_add(r, 0, ad_reshape(r->adjoint, ad_rows(r->in[0]), ad_cols(r->in[0])));
}

OPERATION(reshape, .zeros = ZERO_ALL, .move = true, .accumulates = true, .whole = true,
          .shape = reshape_shape, .values = values_of_first, .gradient = reshape_gradient,
          .sweep = move_back);

ad_var ad_reshape(ad_var x, size_t rows, size_t cols)
{
    return record_extent(&reshape_operation, x, rows, cols);
}

/* ---- broadcast ---- */

static bool broadcast_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *x = &e->in[0];
    shape_from_extent(e, rows, cols);
    if ((x->rows == 1 || x->rows == *rows) && (x->cols == 1 || x->cols == *cols)) return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE,
                     "broadcast: %zux%zu to %zux%zu: only a dimension of 1 can be repeated",
                     x->rows, x->cols, *rows, *cols);
}

static void repeat(const evaluation *e, size_t to, double value, size_t count)
{
    double *output = e->output + to;
    for (size_t i = 0; i < count; i++) output[i] = e->accumulate ? output[i] + value : value;
}

static bool broadcast_values(const evaluation *e)
{
    const matrix *x = &e->in[0];
    for (size_t i = 0; i < e->rows; i++) {
        const double *row = x->values + (x->rows == 1 ? 0 : i * x->cols);
        if (x->cols == e->cols) put(e, i * e->cols, row, e->cols);
        else repeat(e, i * e->cols, *row, e->cols);
    }
    return true;
}

static bool broadcast_gradient(const rule *r)
{
    return rule_add(r, 0, operation_summed_like(r->adjoint, r->in[0]));
}

OPERATION(broadcast, .zeros = ZERO_ALL, .move = true, .accumulates = true, .whole = true,
          .shape = broadcast_shape, .values = broadcast_values, .gradient = broadcast_gradient,
          .sweep = operation_sum_back);

ad_var ad_broadcast(ad_var x, size_t rows, size_t cols)
{
    return record_extent(&broadcast_operation, x, rows, cols);
}

/* ---- triangles ---- */

static size_t least(size_t x, size_t y)
{
    return x < y ? x : y;
}

/* Attributes: the index of the name. */
enum { LOWER, UPPER };
static const char *const triangle_names[] = {"tril", "triu", NULL};

static size_t triangle_of(const void *attributes)
{
    return *(const size_t *)attributes;
}

static bool triangle_values(const evaluation *e)
{
    const bool lower = triangle_of(e->attributes) == LOWER;
    clear(e);
    for (size_t i = 0; i < e->rows; i++) {
        const size_t first = lower ? 0 : least(i, e->cols);
        const size_t end = lower ? least(i + 1, e->cols) : e->cols;
        put(e, i * e->cols + first, e->in[0].values + i * e->cols + first, end - first);
    }
    return true;
}

static ad_var triangle(ad_var A, size_t which);

/* Elements of the other triangle take no part: their zeros are structural. */
static bool triangle_gradient(const rule *r)
{
    const ad_var g = r->adjoint, ones = tape_filled(g.tape, ad_rows(g), ad_cols(g), 1);
    return rule_add(r, 0, operation_select(g, triangle(ones, triangle_of(r->attributes))));
}

OPERATION(triangle, .names = triangle_names, .zeros = ZERO_ALL, .move = true, .accumulates = true,
          .shape = shape_same, .values = triangle_values, .gradient = triangle_gradient);

static ad_var triangle(ad_var A, size_t which)
{
    return tape_record(&triangle_operation, &A, 1, &which, sizeof which);
}

ad_var ad_tril(ad_var A)
{
    return triangle(A, LOWER);
}

ad_var ad_triu(ad_var A)
{
    return triangle(A, UPPER);
}

/* ---- detach ---- */

OPERATION(detach, .step = true, .cut = true, .shape = shape_same, .values = values_of_first);

/* Defines ad_detach. */
ONE_OPERAND(ad_detach, detach)

OPERATION_FAMILY(shape, &transpose_operation, &reshape_operation, &broadcast_operation,
                 &triangle_operation, &detach_operation);

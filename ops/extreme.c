/* SPDX-License-Identifier: MIT */
/* The largest and the smallest element: of all, of each row, of each column.
 *
 *     y = max x              x' += y' / k at the k elements that equal y
 *     z = y / k at the k     y' += the mean of z' over these
 *     y = mean of x there    x' += y' / k at these
 *
 * and likewise for the others. A NaN among the elements is the result; no element is known to be
 * the extreme then, and all shares and means are NaN.
 * Which elements tie depends on values only and is decided again by every replay. It is a step:
 * derivatives beyond the first are those of the constant subgradient.
 */
#include "ops/grouping.h"

#include <math.h>
#include <string.h>

/* Element (i, j) belongs to result i row + j col. A result of one element takes all; one of m rows
 * or n columns has an element for each. */
typedef struct strides {
    size_t row, col;
} strides;

static strides strides_of(size_t rows, size_t cols)
{
    return (strides){rows == 1 ? 0 : cols, cols == 1 ? 0 : 1};
}

/* ---- shares of a result for the elements that equal it, and their means: operand 1 is the
 * matrix, operand 2 its extremes ---- */

static bool is_tie(const evaluation *e, size_t position, size_t k)
{
    return e->in[1].values[position] == e->in[2].values[k];
}

static strides strides_of_extremes(const evaluation *e)
{
    return strides_of(e->in[2].rows, e->in[2].cols);
}

/* The number of ties of each extreme; NULL when out of memory. */
static size_t *count_ties(const evaluation *e)
{
    const matrix *x = &e->in[1];
    const strides s = strides_of_extremes(e);
    size_t *counts = tape_scratch(e->tape, matrix_size(&e->in[2]), sizeof *counts);
    for (size_t k = 0; counts && k < matrix_size(&e->in[2]); k++) counts[k] = 0;
    for (size_t i = 0; counts && i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++) {
            size_t k = i * s.row + j * s.col;
            counts[k] += is_tie(e, i * x->cols + j, k);
        }
    return counts;
}

static bool tie_share_values(const evaluation *e)
{
    const strides s = strides_of_extremes(e);
    const size_t *counts = count_ties(e);
    if (!counts) return false;
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++) {
            size_t position = i * e->cols + j, k = i * s.row + j * s.col;
            const double share = e->in[0].values[k] / (double)counts[k];
            e->output[position] = is_tie(e, position, k)      ? share
                                  : isnan(e->in[2].values[k]) ? NAN
                                                              : 0;
        }
    return true;
}

static bool tie_mean_values(const evaluation *e)
{
    const matrix *x = &e->in[1];
    const strides s = strides_of_extremes(e);
    const size_t *counts = count_ties(e);
    if (!counts) return false;
    for (size_t k = 0; k < e->rows * e->cols; k++)
        e->output[k] = isnan(e->in[2].values[k]) ? NAN : 0;
    for (size_t i = 0; i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++) {
            size_t position = i * x->cols + j, k = i * s.row + j * s.col;
            if (is_tie(e, position, k))
                e->output[k] += e->in[0].values[position] / (double)counts[k];
        }
    return true;
}

/* An extreme that is NaN may be any element. */
static bool may_be_extreme(const evaluation *e, size_t position, size_t k)
{
    return is_tie(e, position, k) || isnan(e->in[2].values[k]);
}

static void tie_share_support(const evaluation *e, bool *support)
{
    const strides s = strides_of_extremes(e);
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++) {
            const size_t position = i * e->cols + j, k = i * s.row + j * s.col;
            support[position] =
                may_be_extreme(e, position, k) && (!e->in[0].support || e->in[0].support[k]);
        }
}

static void tie_mean_support(const evaluation *e, bool *support)
{
    const matrix *x = &e->in[1];
    const strides s = strides_of_extremes(e);
    memset(support, false, e->rows * e->cols);
    for (size_t i = 0; i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++) {
            const size_t position = i * x->cols + j, k = i * s.row + j * s.col;
            if (may_be_extreme(e, position, k) && (!e->in[0].support || e->in[0].support[position]))
                support[k] = true;
        }
}

static bool fits(size_t size, size_t extremes)
{
    return extremes == 1 || extremes == size;
}

/* Operand 0 has the shape of operand `from`, the result that of operand `to`. */
static bool ties_shape(const evaluation *e, size_t from, size_t to, size_t *rows, size_t *cols)
{
    const matrix *given = &e->in[0], *x = &e->in[1], *extremes = &e->in[2];
    *rows = e->in[to].rows;
    *cols = e->in[to].cols;
    return (given->rows == e->in[from].rows && given->cols == e->in[from].cols &&
            fits(x->rows, extremes->rows) && fits(x->cols, extremes->cols)) ||
           tape_fail(e->tape, AD_ERROR_SHAPE,
                     "%s: %zux%zu of %zux%zu and %zux%zu: shapes do not fit", e->op->name,
                     given->rows, given->cols, x->rows, x->cols, extremes->rows, extremes->cols);
}

static bool tie_share_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    return ties_shape(e, 2, 1, rows, cols);
}

static bool tie_mean_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    return ties_shape(e, 1, 2, rows, cols);
}

static bool tie_share_gradient(const rule *r)
{
    return !r->wanted[0] || rule_add(r, 0, operation_tie_mean(r->adjoint, r->in[1], r->in[2]));
}

static bool tie_mean_gradient(const rule *r)
{
    return !r->wanted[0] || rule_add(r, 0, operation_tie_share(r->adjoint, r->in[1], r->in[2]));
}

OPERATION(tie_share, .choice = true, .shape = tie_share_shape, .values = tie_share_values,
          .gradient = tie_share_gradient, .support = tie_share_support);

OPERATION(tie_mean, .shape = tie_mean_shape, .values = tie_mean_values,
          .gradient = tie_mean_gradient, .support = tie_mean_support);

THREE_OPERANDS(operation_tie_share, tie_share)

THREE_OPERANDS(operation_tie_mean, tie_mean)

/* ---- the extremes ---- */

static bool extreme_gradient(const rule *r)
{
    return rule_add(r, 0, operation_tie_share(r->adjoint, r->in[0], r->output));
}

/* A NaN stays: nothing is larger or smaller. */
static inline bool beats(double x, double best, bool largest)
{
    return (largest ? x > best : x < best) || isnan(x);
}

/* The smallest is the other kind. */
static const char *const extreme_names[] = {"maximum",  "max_rows", "max_cols", "minimum",
                                            "min_rows", "min_cols", NULL};

static inline void find(const evaluation *e, bool largest)
{
    const matrix *x = &e->in[0];
    const strides s = strides_of(e->rows, e->cols);
    for (size_t k = 0; k < e->rows * e->cols; k++) e->output[k] = largest ? -INFINITY : INFINITY;
    for (size_t i = 0; i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++) {
            double *best = &e->output[i * s.row + j * s.col];
            if (beats(x->values[i * x->cols + j], *best, largest))
                *best = x->values[i * x->cols + j];
        }
}

/* Each loop with its comparison. */
static bool extreme_values(const evaluation *e)
{
    if (is_other(e->attributes)) find(e, false);
    else find(e, true);
    return true;
}

static bool extreme_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    shape_of_groups(e, rows, cols);
    return group_of(e, 0).count > 0 || *rows == 0 || *cols == 0 ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "%s: of a %zux%zu matrix: no elements",
                     operation_name(e->op, e->attributes), e->in[0].rows, e->in[0].cols);
}

OPERATION(extreme, .names = extreme_names, .shape = extreme_shape, .values = extreme_values,
          .gradient = extreme_gradient);

/* Defines ad_maximum, ad_max_rows, ad_max_cols, ad_minimum, ad_min_rows, ad_min_cols. */
#define EXTREME(name_, by_, smallest)                                                              \
    ad_var ad_##name_(ad_var x)                                                                    \
    {                                                                                              \
        const grouped attributes = {(by_) + 3 * (smallest), by_, smallest};                        \
        return tape_record(&extreme_operation, &x, 1, &attributes, sizeof attributes);             \
    }

EXTREME(maximum, ALL, false)
EXTREME(max_rows, ROWS, false)
EXTREME(max_cols, COLUMNS, false)
EXTREME(minimum, ALL, true)
EXTREME(min_rows, ROWS, true)
EXTREME(min_cols, COLUMNS, true)

OPERATION_FAMILY(extreme, &extreme_operation, &tie_share_operation, &tie_mean_operation);

/* The largest and the smallest element: of all, of each row, of each column.
 *
 *     y = max x          x' += y' / k at the k elements that equal y, else 0
 *
 * and likewise for the others. A NaN among the elements is the result, and counts as equal to it.
 * Which elements tie depends on values only and is decided again by every replay; the weights 1/k
 * are a step, so derivatives beyond the first are those of the constant subgradient.
 */
#include "ops/operations.h"

#include <math.h>

/* Element (i, j) belongs to result i row + j col. A result of one element takes all; one of m rows
 * or n columns has an element for each. */
typedef struct strides {
    size_t row, col;
} strides;

static strides strides_of(size_t rows, size_t cols)
{
    return (strides){rows == 1 ? 0 : cols, cols == 1 ? 0 : 1};
}

/* ---- ties ---- */

static bool equal(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

static bool ties_values(const evaluation *e)
{
    const matrix *x = &e->in[0], *extremes = &e->in[1];
    const strides s = strides_of(extremes->rows, extremes->cols);
    size_t count = matrix_size(extremes);
    size_t *ties = tape_scratch(e->tape, count, sizeof *ties);
    if (!ties) return false;
    for (size_t k = 0; k < count; k++)
        ties[k] = 0;
    for (size_t i = 0; i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++) {
            size_t k = i * s.row + j * s.col;
            ties[k] += equal(x->values[i * x->cols + j], extremes->values[k]);
        }
    for (size_t i = 0; i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++) {
            size_t k = i * s.row + j * s.col;
            bool tie = equal(x->values[i * x->cols + j], extremes->values[k]);
            e->output[i * x->cols + j] = tie ? 1 / (double)ties[k] : 0;
        }
    return true;
}

static bool fits(size_t size, size_t extremes)
{
    return extremes == 1 || extremes == size;
}

static bool ties_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *x = &e->in[0], *y = &e->in[1];
    *rows = x->rows;
    *cols = x->cols;
    return (fits(x->rows, y->rows) && fits(x->cols, y->cols)) ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "ties: %zux%zu and %zux%zu: shapes do not fit",
                     x->rows, x->cols, y->rows, y->cols);
}

static const operation ties_operation = {
    .name = "ties", .step = true, .shape = ties_shape, .values = ties_values};

ad_var operation_ties(ad_var x, ad_var extremes)
{
    return TAPE_RECORD(&ties_operation, x, extremes);
}

/* ---- the extremes ---- */

/* Elements that do not tie get 0 itself, not 0 times the adjoint. */
static bool extreme_gradient(const rule *r)
{
    ad_var ties = operation_ties(r->in[0], r->output);
    return rule_add(r, 0, ad_where(ties, ad_mul(r->adjoint, ties), tape_number(r->tape, 0)));
}

/* A NaN stays: nothing is larger or smaller. */
static inline bool beats(double x, double best, bool largest)
{
    return (largest ? x > best : x < best) || isnan(x);
}

static inline void find(const evaluation *e, bool largest)
{
    const matrix *x = &e->in[0];
    const strides s = strides_of(e->rows, e->cols);
    for (size_t k = 0; k < e->rows * e->cols; k++)
        e->output[k] = largest ? -INFINITY : INFINITY;
    for (size_t i = 0; i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++) {
            double *best = &e->output[i * s.row + j * s.col];
            if (beats(x->values[i * x->cols + j], *best, largest))
                *best = x->values[i * x->cols + j];
        }
}

static bool find_largest(const evaluation *e)
{
    find(e, true);
    return true;
}

static bool find_smallest(const evaluation *e)
{
    find(e, false);
    return true;
}

/* rows x cols results, of count elements each. */
static bool some(const evaluation *e, size_t rows, size_t cols, size_t count)
{
    return count > 0 || rows == 0 || cols == 0 ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "%s: of a %zux%zu matrix: no elements", e->op->name,
                     e->in[0].rows, e->in[0].cols);
}

static bool shape_of_all(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = *cols = 1;
    return some(e, 1, 1, matrix_size(&e->in[0]));
}

static bool shape_of_rows(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[0].rows;
    *cols = 1;
    return some(e, *rows, 1, e->in[0].cols);
}

static bool shape_of_cols(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = 1;
    *cols = e->in[0].cols;
    return some(e, 1, *cols, e->in[0].rows);
}

#define EXTREME(name_, shape_, values_)                                                            \
    static const operation name_##_operation = {                                                   \
        .name = #name_, .shape = shape_, .values = values_, .gradient = extreme_gradient};         \
                                                                                                   \
    ad_var ad_##name_(ad_var x)                                                                    \
    {                                                                                              \
        return TAPE_RECORD(&name_##_operation, x);                                                 \
    }

EXTREME(maximum, shape_of_all, find_largest)
EXTREME(minimum, shape_of_all, find_smallest)
EXTREME(max_rows, shape_of_rows, find_largest)
EXTREME(min_rows, shape_of_rows, find_smallest)
EXTREME(max_cols, shape_of_cols, find_largest)
EXTREME(min_cols, shape_of_cols, find_smallest)

OPERATION_FAMILY(extreme, &maximum_operation, &minimum_operation, &max_rows_operation,
                 &min_rows_operation, &max_cols_operation, &min_cols_operation, &ties_operation);

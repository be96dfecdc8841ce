/* SPDX-License-Identifier: MIT */
/* Sums and their kin.
 *
 *     y = sum x          x' += y' 1                     y' is the adjoint of y, 1 all ones
 *     y = mean x         x' += y'/size 1
 *     y = X 1 (rows)     X' += y' 1^T
 *     y = 1^T X (cols)   X' += 1 y'
 *     y = tr A           A' += y' I
 *     y = tr(A B)        A' += y' B^T,  B' += y' A^T    (Magnus & Neudecker 2019, table 9.3)
 *     y = <X, Z>         X' += y' Z,    Z' += y' X
 */
#include "ops/grouping.h"
#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"
#include "tape/node.h"

#include <math.h>

bool shape_to_scalar(const evaluation *e, size_t *rows, size_t *cols)
{
    (void)e;
    *rows = *cols = 1;
    return true;
}

bool shape_same(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[0].rows;
    *cols = e->in[0].cols;
    return true;
}

bool shape_is_square(const evaluation *e, size_t *rows, size_t *cols)
{
    shape_same(e, rows, cols);
    return *rows == *cols || tape_fail(e->tape, AD_ERROR_SHAPE, "%s: %zux%zu is not square",
                                       e->op->name, *rows, *cols);
}

bool shape_is_square_to_scalar(const evaluation *e, size_t *rows, size_t *cols)
{
    bool ok = shape_is_square(e, rows, cols);
    *rows = *cols = 1;
    return ok;
}

bool shape_is_vector(const matrix *m)
{
    return m->rows == 1 || m->cols == 1;
}

static ad_var like(ad_var y, ad_var x)
{
    return ad_broadcast(y, ad_rows(x), ad_cols(x));
}

/* ---- sums ---- */

/* Row by row, in halves: the rounding error grows with the logarithm of the number of rows. */
static void sum_columns(const matrix *m, size_t first, size_t count, double *output)
{
    enum { FEW_ROWS = 16 };
    for (size_t i = first; i < first + count && count <= FEW_ROWS; i++)
        for (size_t j = 0; j < m->cols; j++) output[j] += m->values[i * m->cols + j];
    if (count <= FEW_ROWS) return;
    double *other = output + m->cols;
    sum_columns(m, first, count / 2, output); /* with other as its room */
    for (size_t j = 0; j < m->cols; j++) other[j] = 0;
    sum_columns(m, first + count / 2, count - count / 2, other);
    for (size_t j = 0; j < m->cols; j++) output[j] += other[j];
}

/* A partial sum may have overflowed where the whole one does not: kernel_sum sees to it. */
static bool check_columns(const evaluation *e)
{
    const matrix *m = &e->in[0];
    double *column = NULL;
    for (size_t j = 0; j < m->cols; j++) {
        if (isfinite(e->output[j])) continue;
        if (!column) column = tape_scratch(e->tape, m->rows, sizeof *column);
        if (!column) return false;
        for (size_t i = 0; i < m->rows; i++) column[i] = m->values[i * m->cols + j];
        e->output[j] = kernel_sum(m->rows, column);
    }
    return true;
}

static bool column_values(const evaluation *e)
{
    const matrix *m = &e->in[0];
    size_t levels = 1;
    for (size_t n = m->rows; n; n /= 2) levels++;
    double *sums = tape_scratch(e->tape, (levels + 1) * m->cols, sizeof *sums);
    if (!sums) return false;
    for (size_t j = 0; j < m->cols; j++) sums[j] = 0;
    sum_columns(m, 0, m->rows, sums);
    for (size_t j = 0; j < m->cols; j++) e->output[j] = sums[j];
    return check_columns(e);
}

static bool sum_values(const evaluation *e)
{
    const grouping by = grouping_of(e->attributes);
    if (by == COLUMNS) return column_values(e);
    const size_t length = by == ROWS ? e->in[0].cols : matrix_size(&e->in[0]);
    for (size_t i = 0; i < e->rows; i++)
        e->output[i] = kernel_sum(length, e->in[0].values + i * length);
    return true;
}

/* The share of an element of the result goes to all of its group. */
static bool sparse_sums(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    const size_t rows = ad_rows(r->in[0]), cols = ad_cols(r->in[0]), count = r->at->rows;
    const size_t length = group_at(by, rows, cols, 0).count;
    size_t *list = tape_scratch(r->tape, count * length, sizeof *list);
    for (size_t i = 0; list && i < count; i++) {
        const group g = group_at(by, rows, cols, r->at->list[i]);
        for (size_t k = 0; k < length; k++) list[i * length + k] = g.first + k * g.step;
    }
    const positions at = {.rows = count, .cols = length, .list = list};
    return list && rule_add_at(r, 0, ad_broadcast(r->adjoint, count, length), &at);
}

static bool sum_gradient(const rule *r)
{
    return r->at ? sparse_sums(r) : rule_add(r, 0, like(r->adjoint, r->in[0]));
}

static bool sum_sweep(const evaluation *e, const plain_adjoints *a)
{
    const size_t count = groups_of(e);
    double *share = a->of_operands[0];
    for (size_t i = 0; i < count; i++) {
        const group g = group_of(e, i);
        for (size_t k = 0; k < g.count; k++) {
            double *element = &share[g.first + k * g.step];
            *element = a->fresh[0] ? a->of_result[i] : *element + a->of_result[i];
        }
    }
    return true;
}

/* Defines ad_sum, ad_sum_rows, ad_sum_cols. */
GROUPED_OPERATION(sum, .zeros = ZERO_ALL, .sparse = true, .whole = true, .shape = shape_of_groups,
                  .values = sum_values, .gradient = sum_gradient, .sweep = sum_sweep)

bool operation_sum_back(const evaluation *e, const plain_adjoints *a)
{
    const matrix *x = &e->in[0], g = plain_adjoint(e, a);
    const bool down = x->rows != e->rows, along = x->cols != e->cols;
    const grouping by = down && along ? ALL : down ? COLUMNS : ROWS;
    const grouped attributes = {by, by, false};
    if (down || along) return plain_share(e, a, 0, &sum_operation, &g, 1, &attributes);
    plain_multiple(matrix_size(x), 1, g.values, a->fresh[0], a->of_operands[0]);
    return true;
}

/* ---- mean ---- */

static bool mean_values(const evaluation *e)
{
    size_t size = matrix_size(&e->in[0]);
    int exponent;
    double sum = kernel_scaled_sum(size, e->in[0].values, &exponent);
    *e->output = exponent ? ldexp(sum / (double)size, exponent) : sum / (double)size;
    return true;
}

static bool mean_gradient(const rule *r)
{
    double size = (double)ad_rows(r->in[0]) * (double)ad_cols(r->in[0]);
    return rule_add(r, 0, like(ad_scale(r->adjoint, 1 / size), r->in[0]));
}

OPERATION(mean, .zeros = ZERO_ALL, .shape = shape_to_scalar, .values = mean_values,
          .gradient = mean_gradient);

/* Defines ad_mean. */
ONE_OPERAND(ad_mean, mean)

ad_var operation_summed_like(ad_var share, ad_var x)
{
    if (are_plain_scalars(share, x)) return share;
    size_t rows = ad_rows(share), cols = ad_cols(share);
    if (ad_rows(x) == rows && ad_cols(x) == cols) return share;
    if (ad_rows(x) != rows && ad_cols(x) != cols) return ad_sum(share);
    if (ad_rows(x) != rows) return ad_sum_cols(share);
    return ad_cols(x) != cols ? ad_sum_rows(share) : share;
}

/* ---- the unit matrix times a number, which is what the adjoint of a trace is ---- */

static bool identity_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = *cols = *(const size_t *)e->attributes;
    return true;
}

static bool identity_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows * e->cols; i++) e->output[i] = 0;
    for (size_t i = 0; i < e->rows; i++) e->output[i * e->cols + i] = *e->in[0].values;
    return true;
}

static bool identity_gradient(const rule *r)
{
    return rule_add(r, 0, ad_trace(r->adjoint));
}

OPERATION(scaled_identity, .zeros = ZERO_ALL, .lazy = true, .identity = true,
          .shape = identity_shape, .values = identity_values, .gradient = identity_gradient);

ad_var operation_scaled_identity(ad_var g, size_t n)
{
    return tape_record(&scaled_identity_operation, &g, 1, &n, sizeof n);
}

/* ---- trace ---- */

static bool trace_values(const evaluation *e)
{
    const matrix *m = &e->in[0];
    double *diagonal = tape_scratch(e->tape, m->rows, sizeof *diagonal);
    if (!diagonal) return false;
    for (size_t i = 0; i < m->rows; i++) diagonal[i] = m->values[i * m->cols + i];
    *e->output = kernel_sum(m->rows, diagonal);
    return true;
}

static bool trace_gradient(const rule *r)
{
    return rule_add(r, 0, operation_scaled_identity(r->adjoint, ad_rows(r->in[0])));
}

OPERATION(trace, .zeros = ZERO_ALL, .shape = shape_is_square_to_scalar, .values = trace_values,
          .gradient = trace_gradient);

ad_var ad_trace(ad_var A)
{
    ad_var factors[2];
    if (tape_usable(A, "trace") && ad_rows(A) == ad_cols(A) && matmul_factors(A, factors))
        return operation_trace_product(factors[0], factors[1]);
    return TAPE_RECORD(&trace_operation, A);
}

/* ---- trace of a product, m x n times n x m ---- */

/* A partial sum may have overflowed where the whole one does not. */
static bool trace_product_again(const evaluation *e)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    double *transposed = tape_scratch(e->tape, matrix_size(b), sizeof *transposed);
    if (!transposed) return false;
    kernel_transpose(b->rows, b->cols, b->values, transposed);
    *e->output = kernel_dot(matrix_size(a), a->values, transposed);
    return true;
}

static bool trace_product_values(const evaluation *e)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    double sum = 0;
    for (size_t i = 0; i < a->rows; i++) {
        double row = 0;
        for (size_t k = 0; k < a->cols; k++)
            row += a->values[i * a->cols + k] * b->values[k * b->cols + i];
        sum += row;
    }
    *e->output = sum;
    return isfinite(sum) || trace_product_again(e);
}

static bool trace_product_gradient(const rule *r)
{
    for (size_t k = 0; k < 2; k++)
        if (r->wanted[k] && !rule_add(r, k, ad_mul(r->adjoint, ad_transpose(r->in[1 - k]))))
            return false;
    return true;
}

static bool trace_product_sweep(const evaluation *e, const plain_adjoints *a)
{
    for (size_t k = 0; k < 2; k++) {
        const matrix *x = &e->in[k], *other = &e->in[1 - k];
        double *share = a->of_operands[k];
        for (size_t i = 0; share && i < x->rows; i++)
            for (size_t j = 0; j < x->cols; j++, share++) {
                const double product = *a->of_result * other->values[j * other->cols + i];
                *share = a->fresh[k] ? product : *share + product;
            }
    }
    return true;
}

OPERATION(trace_product, .zeros = ZERO_ANY, .whole = true, .shape = shape_to_scalar,
          .values = trace_product_values, .gradient = trace_product_gradient,
          .sweep = trace_product_sweep);

TWO_OPERANDS(operation_trace_product, trace_product)

/* ---- dot ---- */

static bool dot_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *x = &e->in[0], *y = &e->in[1];
    *rows = *cols = 1;
    if (x->rows == y->rows && x->cols == y->cols) return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE, "dot: %zux%zu and %zux%zu: shapes differ", x->rows,
                     x->cols, y->rows, y->cols);
}

static bool dot_values(const evaluation *e)
{
    *e->output = kernel_dot(matrix_size(&e->in[0]), e->in[0].values, e->in[1].values);
    return true;
}

static bool dot_gradient(const rule *r)
{
    for (size_t k = 0; k < 2; k++)
        if (r->wanted[k] && !rule_add(r, k, ad_mul(r->adjoint, r->in[1 - k]))) return false;
    return true;
}

static bool dot_sweep(const evaluation *e, const plain_adjoints *a)
{
    for (size_t k = 0; k < 2; k++)
        if (a->of_operands[k])
            plain_multiple(matrix_size(&e->in[k]), *a->of_result, e->in[1 - k].values, a->fresh[k],
                           a->of_operands[k]);
    return true;
}

OPERATION(dot, .zeros = ZERO_ANY, .whole = true, .shape = dot_shape, .values = dot_values,
          .gradient = dot_gradient, .sweep = dot_sweep);

/* Structural zeros of one factor stay such beside an Inf of the other. */
ad_var ad_dot(ad_var x, ad_var y)
{
    if (ad_ok(x) && ad_ok(y) && x.tape == y.tape && ad_rows(x) == ad_rows(y) &&
        ad_cols(x) == ad_cols(y) && (tape_may_vanish(x) || tape_may_vanish(y)))
        return ad_sum(ad_mul(x, y));
    return TAPE_RECORD(&dot_operation, x, y);
}

OPERATION_FAMILY(reduction, &sum_operation, &mean_operation, &scaled_identity_operation,
                 &trace_operation, &trace_product_operation, &dot_operation);

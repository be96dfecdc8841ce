/* SPDX-License-Identifier: MIT */
/* Elements chosen from a matrix, and put into one.
 *
 *     Y = block of X        X' += Y' at the positions of the block
 *     y_k = x_p(k)          x_p(k)' += y_k'     (gather)
 *     y_p(k) += x_k         x_k' += y_p(k)'     (scatter)
 *     Y = diag v            v' += the diagonal of Y', and the other way round
 *
 * The shares of block, gather and diagonal go to the few elements they touch: reading all elements
 * of a vector one by one costs a sweep or a recorded gradient O(n), not O(n^2).
 */
#include "ops/moving.h"
#include "ops/sparse.h"
#include "tape/tape.h"

/* ---- block ---- */

/* A rows x cols result; (row, col) is where the block begins. */
typedef struct placement {
    size_t row, col, rows, cols;
} placement;

static bool block_fits(const evaluation *e, const char *what, size_t first, size_t count,
                       size_t size)
{
    const matrix *x = &e->in[0];
    if (first <= size && count <= size - first) return true;
    if (count == 0 || first > SIZE_MAX - count)
        return tape_fail(e->tape, AD_ERROR_ARGUMENT,
                         "block: %zu %s from %zu on of a %zux%zu matrix", count, what, first,
                         x->rows, x->cols);
    return tape_fail(e->tape, AD_ERROR_ARGUMENT, "block: %s %zu..%zu of a %zux%zu matrix", what,
                     first, first + count - 1, x->rows, x->cols);
}

static bool block_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const placement *p = e->attributes;
    *rows = p->rows;
    *cols = p->cols;
    return block_fits(e, "rows", p->row, p->rows, e->in[0].rows) &&
           block_fits(e, "columns", p->col, p->cols, e->in[0].cols);
}

static bool block_values(const evaluation *e)
{
    const matrix *x = &e->in[0];
    const placement *p = e->attributes;
    for (size_t i = 0; i < e->rows; i++)
        put(e, i * e->cols, x->values + (p->row + i) * x->cols + p->col, e->cols);
    return true;
}

/* Read from the block alone: a join takes one block of its adjoint for each operand. */
static void block_support(const evaluation *e, bool *support)
{
    const matrix *x = &e->in[0];
    const placement *p = e->attributes;
    for (size_t i = 0; i < e->rows && e->cols > 0; i++, support += e->cols)
        if (x->support) memcpy(support, x->support + (p->row + i) * x->cols + p->col, e->cols);
        else memset(support, true, e->cols);
}

static bool block_gradient(const rule *r)
{
    const placement *p = r->attributes;
    const size_t cols = ad_cols(r->in[0]);
    const positions at = {p->rows, p->cols, p->row * cols + p->col, cols, 1, NULL};
    return rule_add_at(r, 0, r->adjoint, &at);
}

static bool block_sweep(const evaluation *e, const plain_adjoints *a)
{
    const placement *p = e->attributes;
    bool *given = a->operands_given[0];
    for (size_t i = 0; i < e->rows; i++) {
        const size_t from = i * e->cols, to = (p->row + i) * e->in[0].cols + p->col;
        for (size_t j = 0; j < e->cols; j++) {
            if (a->given && !a->given[from + j]) continue;
            a->of_operands[0][to + j] += a->of_result[from + j];
            if (given) given[to + j] = true;
        }
    }
    return true;
}

OPERATION(block, .zeros = ZERO_ALL, .accumulates = true, .move = true, .selects = true,
          .shape = block_shape, .values = block_values, .support = block_support,
          .gradient = block_gradient, .sweep = block_sweep);

ad_var ad_block(ad_var x, size_t row, size_t col, size_t rows, size_t cols)
{
    const placement p = {row, col, rows, cols};
    return tape_record(&block_operation, &x, 1, &p, sizeof p);
}

/* ---- gather and scatter ---- */

static const ad_var invalid = {0};

/* positions: one for each of total elements. */
static ad_var record_positions(const operation *op, const ad_var *x, size_t count,
                               const size_t *indices, size_t total, extent to)
{
    ad_tape *tape = x->tape;
    arena *memory = tape_scratch_arena(tape);
    arena_position start = arena_mark(memory);
    if (total > (SIZE_MAX - sizeof(chosen)) / sizeof *indices) {
        tape_fail(tape, AD_ERROR_SIZE, "%s: a %zux%zu result is too large", op->name, to.rows,
                  to.cols);
        return invalid;
    }
    if (total && !indices) {
        tape_fail(tape, AD_ERROR_ARGUMENT, "%s: no indices (NULL) for %zu elements", op->name,
                  total);
        return invalid;
    }
    size_t size = sizeof(chosen) + total * sizeof *indices;
    chosen *p = tape_scratch(tape, 1, size);
    if (!p) return invalid;
    p->to = to;
    if (total) memcpy(p->indices, indices, total * sizeof *indices);
    ad_var y = tape_record(op, x, count, p, size);
    arena_rewind(memory, start);
    return y;
}

static bool indices_are_below(const evaluation *e, size_t count, extent of)
{
    const chosen *p = e->attributes;
    for (size_t i = 0; i < count; i++)
        if (p->indices[i] >= of.rows * of.cols)
            return tape_fail(e->tape, AD_ERROR_ARGUMENT, "%s: index %zu of a %zux%zu matrix",
                             e->op->name, p->indices[i], of.rows, of.cols);
    return true;
}

static bool gather_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    shape_from_extent(e, rows, cols);
    return indices_are_below(e, *rows * *cols, (extent){e->in[0].rows, e->in[0].cols});
}

static bool gather_values(const evaluation *e)
{
    const chosen *p = e->attributes;
    const double *x = e->in[0].values;
    for (size_t i = 0; i < e->rows * e->cols; i++)
        e->output[i] = e->accumulate ? e->output[i] + x[p->indices[i]] : x[p->indices[i]];
    return true;
}

/* Read from these elements alone, as that of a block. */
static void gather_support(const evaluation *e, bool *support)
{
    const chosen *p = e->attributes;
    for (size_t i = 0; i < e->rows * e->cols; i++)
        support[i] = !e->in[0].support || e->in[0].support[p->indices[i]];
}

static bool gather_gradient(const rule *r)
{
    const chosen *p = r->attributes;
    const positions at = {.rows = p->to.rows, .cols = p->to.cols, .list = p->indices};
    return rule_add_at(r, 0, r->adjoint, &at);
}

OPERATION(gather, .zeros = ZERO_ALL, .accumulates = true, .move = true, .shape = gather_shape,
          .values = gather_values, .support = gather_support, .gradient = gather_gradient);

ad_var ad_gather(ad_var x, const size_t *indices, size_t rows, size_t cols)
{
    if (!tape_usable(x, "gather")) return invalid;
    bool overflow = cols && rows > SIZE_MAX / cols;
    return record_positions(&gather_operation, &x, 1, indices, overflow ? SIZE_MAX : rows * cols,
                            (extent){rows, cols});
}

static size_t total_size(const evaluation *e)
{
    size_t size = 0;
    for (size_t k = 0; k < e->count; k++) size += matrix_size(&e->in[k]);
    return size;
}

/* The tape itself reports a result that is too large. */
static bool scatter_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    shape_from_extent(e, rows, cols);
    return (*cols && *rows > SIZE_MAX / *cols) ||
           indices_are_below(e, total_size(e), (extent){*rows, *cols});
}

/* Adds one operand after another. */
static bool scatter_values(const evaluation *e)
{
    const chosen *p = e->attributes;
    const size_t *index = p->indices;
    clear(e);
    for (size_t k = 0; k < e->count; k++)
        for (size_t i = 0; i < matrix_size(&e->in[k]); i++)
            e->output[*index++] += e->in[k].values[i];
    return true;
}

/* Every operation that adds elements finds its support by values; this one is met most often. */
static void scatter_support(const evaluation *e, bool *support)
{
    const size_t *index = ((const chosen *)e->attributes)->indices;
    memset(support, false, e->rows * e->cols);
    for (size_t k = 0; k < e->count; k++)
        for (size_t i = 0; i < matrix_size(&e->in[k]); i++, index++)
            if (!e->in[k].support || e->in[k].support[i]) support[*index] = true;
}

/* The elements of the operands that are put where r->adjoint has an element. */
static bool scatter_sparse(const rule *r, size_t total)
{
    const chosen *p = r->attributes;
    const size_t size = p->to.rows * p->to.cols;
    size_t *element = tape_scratch(r->tape, size, sizeof *element); /* counted from 1 */
    size_t *from = tape_scratch(r->tape, total, sizeof *from);
    size_t *to = tape_scratch(r->tape, total, sizeof *to), count = 0;
    if (!element || !from || !to) return false;
    memset(element, 0, size * sizeof *element);
    for (size_t i = 0; i < r->at->rows; i++) element[r->at->list[i]] = i + 1;
    for (size_t i = 0; i < total; i++) {
        if (element[p->indices[i]] == 0) continue;
        from[count] = element[p->indices[i]] - 1;
        to[count++] = i;
    }
    return rule_distribute(r, from, to, count);
}

static bool scatter_gradient(const rule *r)
{
    const chosen *p = r->attributes;
    size_t first = 0;
    for (size_t k = 0; k < r->count; k++) {
        const size_t rows = ad_rows(r->in[k]), cols = ad_cols(r->in[k]);
        if (!r->at && r->wanted[k] &&
            !rule_add(r, k, ad_gather(r->adjoint, p->indices + first, rows, cols)))
            return false;
        first += rows * cols;
    }
    return !r->at || scatter_sparse(r, first);
}

OPERATION(scatter, .zeros = ZERO_ALL, .accumulates = true, .sparse = true, .shape = scatter_shape,
          .values = scatter_values, .gradient = scatter_gradient);

/* Its zeros are structural. */
OPERATION(sparse_scatter, .zeros = ZERO_ALL, .choice = true, .sparse = true, .shape = scatter_shape,
          .values = scatter_values, .support = scatter_support, .gradient = scatter_gradient);

ad_var operation_put(const ad_var *x, size_t count, const size_t *at, size_t rows, size_t cols,
                     bool sparse)
{
    size_t total = 0;
    if (!tape_usable(x[0], "scatter")) return invalid;
    for (size_t k = 0; k < count; k++) total += ad_rows(x[k]) * ad_cols(x[k]);
    return record_positions(sparse ? &sparse_scatter_operation : &scatter_operation, x, count, at,
                            total, (extent){rows, cols});
}

ad_var ad_scatter(ad_var x, const size_t *indices, size_t rows, size_t cols)
{
    return operation_put(&x, 1, indices, rows, cols, false);
}

/* ---- diag, and the diagonal of a matrix of any shape ---- */

static bool diag_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    shape_from_extent(e, rows, cols);
    return shape_is_vector(&e->in[0]) ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "diag: %zux%zu is not a vector", e->in[0].rows,
                     e->in[0].cols);
}

static bool diag_values(const evaluation *e)
{
    clear(e);
    for (size_t i = 0; i < matrix_size(&e->in[0]); i++)
        e->output[i * e->cols + i] += e->in[0].values[i];
    return true;
}

static bool diag_gradient(const rule *r)
{
    ad_var share = ad_diagonal(r->adjoint);
    return rule_add(r, 0, ad_reshape(share, ad_rows(r->in[0]), ad_cols(r->in[0])));
}

OPERATION(diag, .zeros = ZERO_ALL, .accumulates = true, .move = true, .shape = diag_shape,
          .values = diag_values, .gradient = diag_gradient);

ad_var ad_diag(ad_var v)
{
    size_t n = ad_rows(v) * ad_cols(v);
    return record_extent(&diag_operation, v, n, n);
}

static bool diagonal_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0];
    *rows = a->rows < a->cols ? a->rows : a->cols;
    *cols = 1;
    return true;
}

static bool diagonal_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++) put(e, i, e->in[0].values + i * e->in[0].cols + i, 1);
    return true;
}

static bool diagonal_gradient(const rule *r)
{
    const positions at = {ad_rows(r->output), 1, 0, ad_cols(r->in[0]) + 1, 0, NULL};
    return rule_add_at(r, 0, r->adjoint, &at);
}

OPERATION(diagonal, .zeros = ZERO_ALL, .accumulates = true, .move = true, .shape = diagonal_shape,
          .values = diagonal_values, .gradient = diagonal_gradient);

/* Defines ad_diagonal. */
ONE_OPERAND(ad_diagonal, diagonal)

/* ---- a direction whose zeros pass no derivative ---- */

ad_var operation_direction_of(ad_var u)
{
    const operation *op = tape_operation(u);
    if (op == &scatter_operation && node_operand_count(u.tape, u.node) == 1) {
        const ad_var x = tape_operand(u, 0), ones = tape_filled(u.tape, ad_rows(x), ad_cols(x), 1);
        const chosen *p = tape_attributes(u);
        return operation_select(u, ad_scatter(ones, p->indices, p->to.rows, p->to.cols));
    }
    if (op != &diag_operation) return u;
    const ad_var ones = tape_filled(u.tape, ad_rows(u), 1, 1);
    return operation_select(u, ad_diag(ones));
}

OPERATION_FAMILY(indexing, &block_operation, &gather_operation, &scatter_operation,
                 &sparse_scatter_operation, &diag_operation, &diagonal_operation);

/* Elements chosen from a matrix, and put into one.
 *
 *     Y = block of X        X' += Y' embedded in zeros, and the other way round
 *     y_k = x_p(k)          x_p(k)' += y_k'     (gather)
 *     y_p(k) += x_k         x_k' += y_p(k)'     (scatter)
 *     Y = diag v            v' += the diagonal of Y', and the other way round
 *
 * The shares of block, gather and diagonal are added to the few elements they touch: reading all
 * elements of a vector one by one costs the sweep O(n), not O(n^2).
 */
#include "ops/placement.h"

/* ---- block, and its adjoint: a block embedded in zeros ---- */

/* A rows x cols result; (row, col) is where the block begins in the larger of the two. */
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

static bool embed_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const placement *p = e->attributes;
    *rows = p->rows;
    *cols = p->cols;
    return true;
}

static bool embed_values(const evaluation *e)
{
    const matrix *x = &e->in[0];
    const placement *p = e->attributes;
    clear(e);
    for (size_t i = 0; i < x->rows; i++)
        put(e, (p->row + i) * e->cols + p->col, x->values + i * x->cols, x->cols);
    return true;
}

static void embed_places(const evaluation *e, bool *given)
{
    const matrix *x = &e->in[0];
    const placement *p = e->attributes;
    for (size_t i = 0; i < x->rows; i++)
        memset(given + (p->row + i) * e->cols + p->col, true, x->cols);
}

static bool block_gradient(const rule *r);

static bool embed_gradient(const rule *r)
{
    const placement *p = r->attributes;
    return rule_add(r, 0, ad_block(r->adjoint, p->row, p->col, ad_rows(r->in[0]),
                                   ad_cols(r->in[0])));
}

static const operation block_operation = {.name = "block",
                                          .zeros = ZERO_ALL,
                                          .accumulates = true,
                                          .shape = block_shape,
                                          .values = block_values,
                                          .gradient = block_gradient};

static const operation embed_operation = {.name = "embed",
                                          .zeros = ZERO_ALL,
                                          .accumulates = true,
                                          .shape = embed_shape,
                                          .values = embed_values,
                                          .places = embed_places,
                                          .gradient = embed_gradient};

static bool block_gradient(const rule *r)
{
    placement p = *(const placement *)r->attributes;
    p.rows = ad_rows(r->in[0]);
    p.cols = ad_cols(r->in[0]);
    return rule_add(r, 0, placed_move(&embed_operation, r->adjoint, &p, sizeof p));
}

ad_var ad_block(ad_var x, size_t row, size_t col, size_t rows, size_t cols)
{
    const placement p = {row, col, rows, cols};
    return placed_move(&block_operation, x, &p, sizeof p);
}

/* ---- gather and scatter ---- */

static const ad_var invalid = {0};

static ad_var record_positions(const operation *op, ad_var x, const size_t *indices, size_t count,
                               extent to)
{
    arena *memory = tape_scratch_arena(x.tape);
    arena_position start = arena_mark(memory);
    if (count > (SIZE_MAX - sizeof(chosen)) / sizeof *indices) {
        tape_fail(x.tape, AD_ERROR_SIZE, "%s: a %zux%zu result is too large", op->name, to.rows,
                  to.cols);
        return invalid;
    }
    if (count && !indices) {
        tape_fail(x.tape, AD_ERROR_ARGUMENT, "%s: no indices (NULL) for %zu elements", op->name,
                  count);
        return invalid;
    }
    size_t size = sizeof(chosen) + count * sizeof *indices;
    chosen *p = tape_scratch(x.tape, 1, size);
    if (!p) return invalid;
    p->to = to;
    if (count) memcpy(p->indices, indices, count * sizeof *indices);
    ad_var y = op == &scatter_operation ? tape_record(op, &x, 1, p, size)
                                        : placed_move(op, x, p, size);
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

/* Of a placed adjoint y' its elements alone are scattered. */
static bool gather_gradient(const rule *r)
{
    const chosen *p = r->attributes;
    size_t rows = ad_rows(r->in[0]), cols = ad_cols(r->in[0]);
    placed adjoint;
    if (!placed_adjoint(r->adjoint, &adjoint))
        return rule_add(r, 0, ad_scatter(r->adjoint, p->indices, rows, cols));
    if (adjoint.count == 0) return true;
    size_t *to = tape_scratch(r->tape, adjoint.count, sizeof *to);
    for (size_t i = 0; to && i < adjoint.count; i++)
        to[i] = p->indices[adjoint.indices[i]];
    return to && rule_add(r, 0, ad_scatter(adjoint.elements, to, rows, cols));
}

static const operation gather_operation = {.name = "gather",
                                           .zeros = ZERO_ALL,
                                           .accumulates = true,
                                           .shape = gather_shape,
                                           .values = gather_values,
                                           .gradient = gather_gradient};

ad_var ad_gather(ad_var x, const size_t *indices, size_t rows, size_t cols)
{
    if (!tape_usable(x, "gather")) return invalid;
    bool overflow = cols && rows > SIZE_MAX / cols;
    return record_positions(&gather_operation, x, indices, overflow ? SIZE_MAX : rows * cols,
                            (extent){rows, cols});
}

/* Of a result that is too large the tape says so. */
static bool scatter_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    shape_from_extent(e, rows, cols);
    return (*cols && *rows > SIZE_MAX / *cols) ||
           indices_are_below(e, matrix_size(&e->in[0]), (extent){*rows, *cols});
}

static bool scatter_values(const evaluation *e)
{
    const chosen *p = e->attributes;
    const matrix *x = &e->in[0];
    clear(e);
    for (size_t i = 0; i < matrix_size(x); i++)
        e->output[p->indices[i]] += x->values[i];
    return true;
}

static void scatter_places(const evaluation *e, bool *given)
{
    const chosen *p = e->attributes;
    for (size_t i = 0; i < matrix_size(&e->in[0]); i++)
        given[p->indices[i]] = true;
}

static bool scatter_gradient(const rule *r)
{
    const chosen *p = r->attributes;
    return rule_add(r, 0, ad_gather(r->adjoint, p->indices, ad_rows(r->in[0]), ad_cols(r->in[0])));
}

const operation scatter_operation = {.name = "scatter",
                                     .zeros = ZERO_ALL,
                                     .accumulates = true,
                                     .shape = scatter_shape,
                                     .values = scatter_values,
                                     .places = scatter_places,
                                     .gradient = scatter_gradient};

ad_var ad_scatter(ad_var x, const size_t *indices, size_t rows, size_t cols)
{
    if (!tape_usable(x, "scatter")) return invalid;
    return record_positions(&scatter_operation, x, indices, ad_rows(x) * ad_cols(x),
                            (extent){rows, cols});
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

static void diag_places(const evaluation *e, bool *given)
{
    for (size_t i = 0; i < matrix_size(&e->in[0]); i++)
        given[i * e->cols + i] = true;
}

static bool diag_gradient(const rule *r)
{
    ad_var share = ad_diagonal(r->adjoint);
    return rule_add(r, 0, ad_reshape(share, ad_rows(r->in[0]), ad_cols(r->in[0])));
}

static const operation diag_operation = {.name = "diag",
                                         .zeros = ZERO_ALL,
                                         .accumulates = true,
                                         .shape = diag_shape,
                                         .values = diag_values,
                                         .places = diag_places,
                                         .gradient = diag_gradient};

ad_var ad_diag(ad_var v)
{
    size_t n = ad_rows(v) * ad_cols(v);
    const extent to = {n, n};
    return placed_move(&diag_operation, v, &to, sizeof to);
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
    for (size_t i = 0; i < e->rows; i++)
        put(e, i, e->in[0].values + i * e->in[0].cols + i, 1);
    return true;
}

static bool diagonal_gradient(const rule *r)
{
    size_t rows = ad_rows(r->in[0]), cols = ad_cols(r->in[0]);
    const extent to = {rows, cols};
    return rule_add(r, 0, placed_move(&diag_operation, r->adjoint, &to, sizeof to));
}

static const operation diagonal_operation = {.name = "diagonal",
                                             .zeros = ZERO_ALL,
                                             .accumulates = true,
                                             .shape = diagonal_shape,
                                             .values = diagonal_values,
                                             .gradient = diagonal_gradient};

ad_var ad_diagonal(ad_var A)
{
    return placed_move(&diagonal_operation, A, NULL, 0);
}

OPERATION_FAMILY(indexing, &block_operation, &embed_operation, &gather_operation,
                 &scatter_operation, &diag_operation, &diagonal_operation);

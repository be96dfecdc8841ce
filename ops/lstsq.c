/* SPDX-License-Identifier: MIT */
/* Least squares, by Q R: X = M^+ B, where M is A or its transpose and has full rank.
 *
 *     Y = (M^+)^T X'                                          (Golub & Pereyra 1973)
 *     B' += Y
 *     M' += (B - M X) (M^+ Y)^T - Y X^T + ((M^+)^T X) (X' - M^T Y)^T
 *
 * The first term is 0 where M has no more rows than columns, the last where it has no more columns
 * than rows. Every pseudo-inverse here is this operation again.
 */
#include "ops/kernels/qr.h"
#include "ops/operations.h"

static bool is_transposed(const void *attributes)
{
    return *(const bool *)attributes;
}

static bool lstsq_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    const bool transpose = is_transposed(e->attributes);
    *rows = transpose ? a->rows : a->cols;
    *cols = b->cols;
    return (transpose ? a->cols : a->rows) == b->rows ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "lstsq: %zux%zu with right side %zux%zu: rows differ",
                     a->rows, a->cols, b->rows, b->cols);
}

static const char factor_key[] = "qr";

static qr *factor_of(const evaluation *e)
{
    const matrix *a = &e->in[0];
    qr *f = tape_memo_find(e->tape, a->node, factor_key);
    if (f) return f;
    f = qr_new(a->rows, a->cols, a->values, tape_memo_arena(e->tape, a->node));
    if (!f) tape_out_of_memory(e->tape, "lstsq");
    else tape_count_factorization(e->tape);
    return f && tape_memo_store(e->tape, a->node, factor_key, f) ? f : NULL;
}

static bool lstsq_values(const evaluation *e)
{
    const matrix *a = &e->in[0];
    const qr *f = factor_of(e);
    double *workspace = f ? tape_scratch(e->tape, 2 * f->m, sizeof *workspace) : NULL;
    if (!workspace) return false;
    if (qr_rank(f) < f->n)
        return tape_fail(e->tape, AD_ERROR_SINGULAR, "lstsq: the %zux%zu matrix has rank %zu only",
                         a->rows, a->cols, qr_rank(f));
    const bool wide = (a->rows >= a->cols) == is_transposed(e->attributes);
    qr_solve(f, wide, e->cols, e->in[1].values, e->output, workspace);
    return true;
}

/* The share of A; products of A itself stand transposed where M does. */
static bool share_of_matrix(const rule *r, ad_var Y)
{
    const bool transpose = is_transposed(r->attributes);
    const ad_var A = r->in[0], B = r->in[1], X = r->output, g = r->adjoint;
    const size_t m = ad_rows(B), n = ad_rows(X);
    if (!rule_add(r, 0,
                  ad_neg(transpose ? operation_matmul(X, Y, false, true)
                                   : operation_matmul(Y, X, false, true))))
        return false;
    if (m == n) return true;
    const ad_var left = m > n ? ad_sub(B, operation_matmul(A, X, transpose, false))
                              : operation_lstsq(A, X, !transpose);
    const ad_var right = m > n ? operation_lstsq(A, Y, transpose)
                               : ad_sub(g, operation_matmul(A, Y, !transpose, false));
    return rule_add(r, 0,
                    transpose ? operation_matmul(right, left, false, true)
                              : operation_matmul(left, right, false, true));
}

static bool lstsq_gradient(const rule *r)
{
    const ad_var Y = operation_lstsq(r->in[0], r->adjoint, !is_transposed(r->attributes));
    if (r->wanted[1] && !rule_add(r, 1, Y)) return false;
    return !r->wanted[0] || share_of_matrix(r, Y);
}

OPERATION(lstsq, .zeros = ZERO_SECOND, .shape = lstsq_shape, .values = lstsq_values,
          .gradient = lstsq_gradient);

ad_var operation_lstsq(ad_var A, ad_var B, bool transpose)
{
    return tape_record(&lstsq_operation, (const ad_var[]){A, B}, 2, &transpose, sizeof transpose);
}

ad_var ad_lstsq(ad_var A, ad_var B)
{
    return operation_lstsq(A, B, false);
}

OPERATION_FAMILY(lstsq, &lstsq_operation);

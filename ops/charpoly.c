/* SPDX-License-Identifier: MIT */
/* The characteristic polynomial p(x) = det(xI - A) and its derivatives in x.
 *
 *     c = p^(k)(x)       x' += c' p^(k+1)(x),  A' -= c' C_k,  C_k = (d/dx)^k cof(xI - A)
 *
 * One reduction of A to Hessenberg form, kept in the memo, gives most x in O(n^2). C_0, C_1
 * and C_2 are exact for every x (ops/determinant/determinant.h). From k = 3 on C_k is composed
 * of solves with M = xI - A, which must then be regular: with Z = M^-1,
 *
 *     C_k = k! det(M) (S_k Z)^T,  S_0 = I,  S_j = e_j I - Z S_(j-1),  e_j = tr(Z S_(j-1)) / j
 *
 * (Faddeev and Leverrier's recursion; Horn & Johnson, Matrix Analysis, 2013).
 */
#include "ops/operations.h"
#include "ops/charpoly/charpoly.h"

static const char reduction_key[] = "charpoly";

static size_t order_of(const void *attributes)
{
    return *(const size_t *)attributes;
}

static bool charpoly_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0], *x = &e->in[1];
    *rows = *cols = 1;
    if (a->rows == a->cols && matrix_size(x) == 1) return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE,
                     "charpoly: %zux%zu and %zux%zu: need a square matrix and a 1x1", a->rows,
                     a->cols, x->rows, x->cols);
}

static charpoly_reduction *reduction_of(const evaluation *e)
{
    const matrix *a = &e->in[0];
    charpoly_reduction *reduction = tape_memo_find(e->tape, a->node, reduction_key);
    if (reduction) return reduction;
    reduction = charpoly_reduce(a->rows, a->values, tape_memo_arena(e->tape, a->node));
    if (!reduction) {
        tape_out_of_memory(e->tape, e->op->name);
        return NULL;
    }
    tape_count_factorization(e->tape);
    return tape_memo_store(e->tape, a->node, reduction_key, reduction) ? reduction : NULL;
}

static bool charpoly_values(const evaluation *e)
{
    const charpoly_reduction *reduction = reduction_of(e);
    if (!reduction) return false;
    return charpoly_derivative(reduction, *e->in[1].values, order_of(e->attributes), e->output,
                               tape_scratch_arena(e->tape)) ||
           tape_out_of_memory(e->tape, e->op->name);
}

static ad_var charpoly(ad_var A, ad_var x, size_t order);

/* det(M) times the transpose of k! S_k Z. No system is solved where the adjoint that this is
 * for is structurally zero. */
static ad_var composed(ad_var M, size_t k, ad_var adjoint)
{
    size_t n = ad_rows(M);
    ad_var unit = operation_scaled_identity(tape_number(M.tape, 1), n);
    ad_var Z = ad_solve(M, operation_unless_zero(adjoint, unit)), S = unit;
    double factorial = 1;
    for (size_t j = 1; j <= k; j++) {
        factorial *= (double)j;
        ad_var product = operation_matmul(Z, S, false, false);
        ad_var e = ad_scale(ad_trace(product), 1 / (double)j);
        S = ad_sub(operation_scaled_identity(e, n), product);
    }
    return ad_scale(ad_mul(ad_det(M), ad_transpose(operation_matmul(S, Z, false, false))),
                    factorial);
}

static ad_var derivative_of_cofactor(ad_var M, size_t k, ad_var adjoint)
{
    if (k == 0) return ad_cofactor(M);
    if (k >= ad_rows(M)) return tape_filled(M.tape, ad_rows(M), ad_rows(M), 0);
    ad_var unit = operation_scaled_identity(tape_number(M.tape, 1), ad_rows(M));
    if (k == 1) return operation_cofactor_derivative(M, unit);
    return k == 2 ? operation_cofactor_second_derivative(M, unit, unit) : composed(M, k, adjoint);
}

static bool charpoly_gradient(const rule *r)
{
    const ad_var A = r->in[0], x = r->in[1];
    size_t order = order_of(r->attributes);
    if (r->wanted[1] && !rule_add(r, 1, ad_mul(r->adjoint, charpoly(A, x, order + 1))))
        return false;
    if (!r->wanted[0]) return true;
    ad_var M = ad_sub(operation_scaled_identity(x, ad_rows(A)), A);
    return rule_add(r, 0, ad_mul(ad_neg(r->adjoint), derivative_of_cofactor(M, order, r->adjoint)));
}

OPERATION(charpoly, .shape = charpoly_shape, .values = charpoly_values,
          .gradient = charpoly_gradient);

static ad_var charpoly(ad_var A, ad_var x, size_t order)
{
    return tape_record(&charpoly_operation, (const ad_var[]){A, x}, 2, &order, sizeof order);
}

ad_var ad_charpoly(ad_var A, ad_var x)
{
    return charpoly(A, x, 0);
}

OPERATION_FAMILY(charpoly, &charpoly_operation);

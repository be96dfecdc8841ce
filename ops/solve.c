/* Linear systems, from one factorization of A.
 *
 *     X = A^-1 B         B' += A^-T X',  A' -= B' X^T     (Giles 2008, section 2.3.1)
 *     X = A^-T B         B' += A^-1 X',  A' -= X B'^T     B' here the share of B just above
 *     Y = A^-1           A' -= Y^T Y' Y^T                 (Giles 2008, section 2.2.3)
 */
#include "ops/operations.h"
#include "ops/kernels/determinant.h"

#include <string.h>

/* Both share the factorization with the determinant and its family. */
static bool solve_with(const evaluation *e, bool transpose)
{
    determinant_factor *factor = operation_factor(e);
    if (!factor) return false;
    size_t pivot;
    switch (determinant_solve(factor, transpose, e->cols, e->output, &pivot,
                              tape_scratch_arena(e->tape))) {
    case DETERMINANT_OK: return true;
    case DETERMINANT_MEMORY: return tape_out_of_memory(e->tape, e->op->name);
    case DETERMINANT_SINGULAR: break;
    }
    return tape_fail(e->tape, AD_ERROR_SINGULAR,
                     "%s: the %zux%zu matrix is singular (pivot %zu is zero)", e->op->name,
                     e->in[0].rows, e->in[0].cols, pivot + 1);
}

/* ---- solve ---- */

static bool solve_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    *rows = b->rows;
    *cols = b->cols;
    if (a->rows != a->cols)
        return tape_fail(e->tape, AD_ERROR_SHAPE, "solve: %zux%zu with right side %zux%zu: the "
                         "matrix is not square", a->rows, a->cols, b->rows, b->cols);
    return a->rows == b->rows ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "solve: %zux%zu with right side %zux%zu: rows differ",
                     a->rows, a->cols, b->rows, b->cols);
}

static bool is_transposed(const void *attributes)
{
    return *(const bool *)attributes;
}

static bool solve_values(const evaluation *e)
{
    size_t size = e->rows * e->cols;
    if (size) memcpy(e->output, e->in[1].values, size * sizeof *e->output);
    return solve_with(e, is_transposed(e->attributes));
}

static bool solve_gradient(const rule *r)
{
    bool transpose = is_transposed(r->attributes);
    ad_var share = operation_solve(r->in[0], r->adjoint, !transpose);
    if (r->wanted[1] && !rule_add(r, 1, share)) return false;
    if (!r->wanted[0]) return true;
    ad_var minus = ad_neg(share);
    return rule_add(r, 0, transpose ? operation_matmul(r->output, minus, false, true)
                                    : operation_matmul(minus, r->output, false, true));
}

static const operation solve_operation = {.name = "solve",
                                          .zeros = ZERO_SECOND,
                                          .shape = solve_shape,
                                          .values = solve_values,
                                          .gradient = solve_gradient};

ad_var operation_solve(ad_var A, ad_var B, bool transpose)
{
    return tape_record(&solve_operation, (const ad_var[]){A, B}, 2, &transpose, sizeof transpose);
}

ad_var ad_solve(ad_var A, ad_var B)
{
    return operation_solve(A, B, false);
}

/* ---- inverse ---- */

static bool inverse_values(const evaluation *e)
{
    size_t n = e->rows;
    for (size_t i = 0; i < n * n; i++)
        e->output[i] = i / n == i % n;
    return solve_with(e, false);
}

static bool inverse_gradient(const rule *r)
{
    ad_var left = operation_matmul(r->output, r->adjoint, true, false);
    return rule_add(r, 0, operation_matmul(ad_neg(left), r->output, false, true));
}

static const operation inverse_operation = {.name = "inverse",
                                            .shape = shape_is_square,
                                            .values = inverse_values,
                                            .gradient = inverse_gradient};

ad_var ad_inverse(ad_var A)
{
    return TAPE_RECORD(&inverse_operation, A);
}

OPERATION_FAMILY(solve, &solve_operation, &inverse_operation);

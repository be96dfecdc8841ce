/* Values of equal size as the rows of a matrix.
 *
 *     row k of Y = x_k   x_k' += row k of Y'
 */
#include "ops/operations.h"

#include <string.h>

static bool stack_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->count;
    *cols = *(const size_t *)e->attributes;
    for (size_t k = 0; k < e->count; k++)
        if (matrix_size(&e->in[k]) != *cols)
            return tape_fail(e->tape, AD_ERROR_SHAPE, "stack: row %zu is %zux%zu, not %zu elements",
                             k, e->in[k].rows, e->in[k].cols, *cols);
    return true;
}

static bool stack_values(const evaluation *e)
{
    for (size_t k = 0; k < e->count && e->cols; k++)
        memcpy(e->output + k * e->cols, e->in[k].values, e->cols * sizeof *e->output);
    return true;
}

static bool stack_gradient(const rule *r)
{
    for (size_t k = 0; k < r->count; k++) {
        if (!r->wanted[k]) continue;
        ad_var row = ad_block(r->adjoint, k, 0, 1, ad_cols(r->adjoint));
        if (!rule_add(r, k, ad_reshape(row, ad_rows(r->in[k]), ad_cols(r->in[k])))) return false;
    }
    return true;
}

static const operation stack_operation = {.name = "stack",
                                          .zeros = ZERO_ALL,
                                          .shape = stack_shape,
                                          .values = stack_values,
                                          .gradient = stack_gradient};

ad_var operation_stack(ad_tape *tape, const ad_var *rows, size_t count, size_t cols)
{
    return tape_record_on(tape, &stack_operation, rows, count, &cols, sizeof cols);
}

OPERATION_FAMILY(stack, &stack_operation);

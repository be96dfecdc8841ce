/* Products of all elements, of each row, of each column; no derivative divides.
 *
 *     y = prod x_i       x' += y' P,  P_i = the product of all x_j but x_i
 *     Y = T(V1..Vk, X)   X' += T(Y', V1..Vk, X),  Vj' += T(Y', the other V, X)
 *
 * T is the gradient of the k-th derivative of the product in the directions V1..Vk,
 *
 *     T_i = sum over distinct j1..jk, none of them i, of v1_j1 .. vk_jk times all other x but x_i,
 *
 * so P is T without directions. It is linear in each V and symmetric in all and in Y', which
 * gives the rule; the operations are thus closed, and T has a value at every x, zeros or not.
 */
#include "ops/operations.h"
#include "ops/numbers/vectors.h"

/* ---- groups: all elements, rows or columns ---- */

typedef enum grouping { ALL, ROWS, COLUMNS } grouping;

typedef struct group {
    size_t first, step, count;
} group;

static grouping grouping_of(const void *attributes)
{
    return *(const grouping *)attributes;
}

static size_t group_count(const evaluation *e)
{
    switch (grouping_of(e->attributes)) {
    case ROWS: return e->in[0].rows;
    case COLUMNS: return e->in[0].cols;
    default: return 1;
    }
}

static group group_of(const evaluation *e, size_t i)
{
    size_t rows = e->in[0].rows, cols = e->in[0].cols;
    switch (grouping_of(e->attributes)) {
    case ROWS: return (group){i * cols, 1, cols};
    case COLUMNS: return (group){i, cols, rows};
    default: return (group){0, 1, rows * cols};
    }
}

/* ---- T: the last operand is X, those before it the directions ---- */

static bool derivative_values(const evaluation *e)
{
    enum { MOST_DIRECTIONS = 40 };
    const size_t k = e->count - 1;
    if (k > MOST_DIRECTIONS || matrix_size(&e->in[k]) > SIZE_MAX >> k)
        return tape_fail(e->tape, AD_ERROR_SIZE, "%s: order %zu is too high", e->op->name, k + 1);
    const double **operands = tape_scratch(e->tape, e->count, sizeof *operands);
    for (size_t j = 0; operands && j <= k; j++) operands[j] = e->in[j].values;
    for (size_t i = 0; operands && i < group_count(e); i++) {
        const group g = group_of(e, i);
        if (!kernel_exclusive_products(k, operands, g.first, g.step, g.count, e->output,
                                       tape_scratch_arena(e->tape)))
            return tape_out_of_memory(e->tape, e->op->name);
    }
    return operands != NULL;
}

static ad_var product_derivative(ad_tape *tape, const ad_var *operands, size_t count, grouping by);

static bool derivative_gradient(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    ad_var *operands = tape_scratch(r->tape, r->count + 1, sizeof *operands);
    if (!operands) return false;
    operands[0] = r->adjoint;
    for (size_t k = 0; k < r->count; k++) {
        bool last = k + 1 == r->count;
        size_t count = 1;
        for (size_t j = 0; j < r->count; j++)
            if (last || j != k) operands[count++] = r->in[j];
        if (r->wanted[k] && !rule_add(r, k, product_derivative(r->tape, operands, count, by)))
            return false;
    }
    return true;
}

OPERATION(exclusive_products, .shape = shape_same, .values = derivative_values,
          .gradient = derivative_gradient);

/* T is linear in each direction within a group. */
static void derivative_support(const evaluation *e, bool *support)
{
    for (size_t i = 0; i < group_count(e); i++) {
        const group g = group_of(e, i);
        bool all = true;
        for (size_t k = 0; k + 1 < e->count; k++) {
            bool any = !e->in[k].support;
            for (size_t l = 0; l < g.count && !any; l++)
                any = e->in[k].support[g.first + l * g.step];
            all = all && any;
        }
        for (size_t l = 0; l < g.count; l++) support[g.first + l * g.step] = all;
    }
}

OPERATION(product_derivative, .support = derivative_support, .shape = shape_same,
          .values = derivative_values, .gradient = derivative_gradient);

static ad_var product_derivative(ad_tape *tape, const ad_var *operands, size_t count, grouping by)
{
    const operation *op =
        count == 1 ? &exclusive_products_operation : &product_derivative_operation;
    return tape_record_on(tape, op, operands, count, &by, sizeof by);
}

/* ---- the products ---- */

static bool product_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows * e->cols; i++) {
        const group g = group_of(e, i);
        e->output[i] = kernel_product(e->in[0].values, g.first, g.step, g.count);
    }
    return true;
}

static bool product_gradient(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    return rule_add(r, 0, ad_mul(r->adjoint, product_derivative(r->tape, r->in, 1, by)));
}

static bool product_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const grouping by = grouping_of(e->attributes);
    *rows = by == ROWS ? e->in[0].rows : 1;
    *cols = by == COLUMNS ? e->in[0].cols : 1;
    return true;
}

#define PRODUCT(name_, grouping_)                                                                  \
    OPERATION(name_, .shape = product_shape, .values = product_values,                             \
              .gradient = product_gradient);                                                       \
                                                                                                   \
    ad_var ad_##name_(ad_var x)                                                                    \
    {                                                                                              \
        const grouping by = grouping_;                                                             \
        return tape_record(&name_##_operation, &x, 1, &by, sizeof by);                             \
    }

PRODUCT(prod, ALL)
PRODUCT(prod_rows, ROWS)
PRODUCT(prod_cols, COLUMNS)

OPERATION_FAMILY(product, &prod_operation, &prod_rows_operation, &prod_cols_operation,
                 &exclusive_products_operation, &product_derivative_operation);

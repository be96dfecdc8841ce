/* SPDX-License-Identifier: MIT */
/* Linear systems with a triangular matrix, whose other triangle is not read.
 *
 *     X = T^-1 B    B' += T^-T X',  T' -= the triangle of B' X^T    B' here the share of B
 *     X = T^-T B    B' += T^-1 X',  T' -= the triangle of X B'^T
 *
 * (Giles 2008, section 2.3.1).
 */
#include "ops/operations.h"
#include "ops/kernels/kernels.h"

/* Attributes begin with the index of the name. */
enum { LOWER, UPPER };
static const char *const names[] = {"solve_lower", "solve_upper", NULL};

typedef struct system {
    size_t triangle;
    bool transpose;
} system;

static bool is_regular(const evaluation *e)
{
    const matrix *t = &e->in[0];
    for (size_t i = 0; i < t->rows; i++)
        if (t->values[i * t->cols + i] == 0)
            return tape_fail(e->tape, AD_ERROR_SINGULAR,
                             "%s: the %zux%zu matrix is singular (element %zu of the diagonal is "
                             "zero)",
                             operation_name(e->op, e->attributes), t->rows, t->cols, i + 1);
    return true;
}

static bool triangular_values(const evaluation *e)
{
    const system *s = e->attributes;
    if (!is_regular(e) || !values_of_second(e)) return false;
    kernel_solve_triangular(s->triangle == LOWER, s->transpose, false, e->rows, e->in[0].values,
                            e->rows, e->cols, e->output, e->cols);
    return true;
}

static bool triangular_gradient(const rule *r);

OPERATION(triangular, .names = names, .zeros = ZERO_SECOND, .shape = shape_of_system,
          .values = triangular_values, .gradient = triangular_gradient);

static ad_var solve(ad_var T, ad_var B, size_t triangle, bool transpose)
{
    const system s = {triangle, transpose};
    return tape_record(&triangular_operation, (const ad_var[]){T, B}, 2, &s, sizeof s);
}

static bool triangular_gradient(const rule *r)
{
    const system *s = r->attributes;
    const ad_var share = solve(r->in[0], r->adjoint, s->triangle, !s->transpose);
    if (r->wanted[1] && !rule_add(r, 1, share)) return false;
    if (!r->wanted[0]) return true;
    const ad_var minus = ad_neg(share), X = r->output;
    const ad_var product = s->transpose ? operation_matmul(X, minus, false, true)
                                        : operation_matmul(minus, X, false, true);
    return rule_add(r, 0, s->triangle == LOWER ? ad_tril(product) : ad_triu(product));
}

ad_var ad_solve_lower(ad_var L, ad_var B, bool transpose)
{
    return solve(L, B, LOWER, transpose);
}

ad_var ad_solve_upper(ad_var U, ad_var B, bool transpose)
{
    return solve(U, B, UPPER, transpose);
}

OPERATION_FAMILY(triangular, &triangular_operation);

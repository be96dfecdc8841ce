/* SPDX-License-Identifier: MIT */
/* Linear systems, from one factorization of A.
 *
 *     X = A^-1 B         B' += A^-T X',  A' -= B' X^T     (Giles 2008, section 2.3.1)
 *     X = A^-T B         B' += A^-1 X',  A' -= X B'^T     B' here the share of B just above
 *     Y = A^-1           A' -= Y^T Y' Y^T                 (Giles 2008, section 2.2.3)
 *     S = P Q^T          P' += S' Q, Q' += S'^T P
 *
 * where S are these shares of A, P = -+A^-T P0 and Q = +-A^-1 Q0. As long as P and Q are in range
 * they are all that counts; S knows what they are solutions of, since 0 times one that overflows
 * is 0.
 */
#include "ops/operations.h"
#include "ops/determinant/determinant.h"
#include "ops/kernels/kernels.h"

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

/* ---- the share of A ---- */

enum { MATRIX, LEFT, RIGHT, LEFT_OF, RIGHT_OF }; /* A, P, Q, P0, Q0 */

static bool solve_share_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = *cols = e->in[MATRIX].rows;
    return true;
}

/* The entries of S again that are not finite. */
static bool share_again(const evaluation *e)
{
    const size_t n = e->rows, k = e->in[LEFT].cols;
    double *workspace = tape_scratch(e->tape, 2 * k, sizeof *workspace);
    if (!workspace) return false;
    kernel_matmul_again(false, true, n, n, k, e->in[LEFT].values, k, e->in[RIGHT].values, k,
                        e->output, n, workspace);
    determinant_factor *factor = operation_factor(e);
    if (!factor) return false;
    return determinant_solve_product(factor, k, e->in[LEFT_OF].values, e->in[RIGHT_OF].values,
                                     e->output, tape_scratch_arena(e->tape)) ||
           tape_out_of_memory(e->tape, e->op->name);
}

static bool solve_share_values(const evaluation *e)
{
    const size_t n = e->rows, k = e->in[LEFT].cols;
    kernel_matmul(false, true, n, n, k, e->in[LEFT].values, k, e->in[RIGHT].values, k, 0, e->output,
                  n);
    return kernel_all_finite(n, n, e->output, n) || share_again(e);
}

static bool solve_share_gradient(const rule *r)
{
    const ad_var g = r->adjoint, P = r->in[LEFT], Q = r->in[RIGHT];
    if (r->wanted[LEFT] && !rule_add(r, LEFT, operation_matmul(g, Q, false, false))) return false;
    return !r->wanted[RIGHT] || rule_add(r, RIGHT, operation_matmul(g, P, true, false));
}

OPERATION(solve_share, .zeros = ZERO_ANY, .shape = solve_share_shape, .values = solve_share_values,
          .gradient = solve_share_gradient);

/* ---- solve ---- */

bool shape_of_system(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    *rows = b->rows;
    *cols = b->cols;
    const char *wrong = a->rows != a->cols   ? "the matrix is not square"
                        : a->rows != b->rows ? "rows differ"
                                             : NULL;
    return !wrong || tape_fail(e->tape, AD_ERROR_SHAPE, "%s: %zux%zu with right side %zux%zu: %s",
                               operation_name(e->op, e->attributes), a->rows, a->cols, b->rows,
                               b->cols, wrong);
}

static bool is_transposed(const void *attributes)
{
    return *(const bool *)attributes;
}

static bool solve_values(const evaluation *e)
{
    return values_of_second(e) && solve_with(e, is_transposed(e->attributes));
}

static bool solve_gradient(const rule *r)
{
    const bool transpose = is_transposed(r->attributes);
    const ad_var A = r->in[0], B = r->in[1], X = r->output, g = r->adjoint;
    const ad_var share = operation_solve(A, g, !transpose);
    const ad_var minus = r->wanted[0] ? ad_neg(share) : share;
    if (r->wanted[0] &&
        !rule_add(r, 0,
                  transpose ? TAPE_RECORD(&solve_share_operation, A, X, minus, B, g)
                            : TAPE_RECORD(&solve_share_operation, A, minus, X, g, B)))
        return false;
    return !r->wanted[1] || rule_add(r, 1, share);
}

static bool solve_sweep(const evaluation *e, const plain_adjoints *a);

OPERATION(solve, .zeros = ZERO_SECOND, .whole = true, .shape = shape_of_system,
          .values = solve_values, .gradient = solve_gradient, .sweep = solve_sweep);

static bool solve_sweep(const evaluation *e, const plain_adjoints *a)
{
    const bool transpose = is_transposed(e->attributes), back = !transpose;
    const size_t size = e->rows * e->cols;
    const matrix *A = &e->in[0], *B = &e->in[1], g = plain_adjoint(e, a);
    const matrix X = {.rows = e->rows, .cols = e->cols, .values = e->output};
    double *share = tape_scratch(e->tape, size, sizeof *share);
    const evaluation solution = {.tape = e->tape,
                                 .op = e->op,
                                 .in = (const matrix[]){*A, g},
                                 .count = 2,
                                 .attributes = &back,
                                 .rows = e->rows,
                                 .cols = e->cols,
                                 .output = share};
    if (!share || !solve_values(&solution)) return false;
    for (size_t i = 0; i < size; i++) share[i] = -share[i];
    const matrix minus = {.rows = e->rows, .cols = e->cols, .values = share};
    if (a->of_operands[0] && !plain_share(e, a, 0, &solve_share_operation,
                                          transpose ? (const matrix[]){*A, X, minus, *B, g}
                                                    : (const matrix[]){*A, minus, X, g, *B},
                                          5, NULL))
        return false;
    if (a->of_operands[1]) plain_multiple(size, -1, share, a->fresh[1], a->of_operands[1]);
    return true;
}

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
    for (size_t i = 0; i < n * n; i++) e->output[i] = i / n == i % n;
    return solve_with(e, false);
}

static bool inverse_gradient(const rule *r)
{
    const ad_var A = r->in[0], Y = r->output;
    ad_var left = ad_neg(operation_matmul(Y, r->adjoint, true, false));
    ad_var unit = operation_scaled_identity(tape_number(r->tape, 1), ad_rows(A));
    return rule_add(r, 0, TAPE_RECORD(&solve_share_operation, A, left, Y, r->adjoint, unit));
}

OPERATION(inverse, .shape = shape_is_square, .values = inverse_values,
          .gradient = inverse_gradient);

/* Defines ad_inverse. */
ONE_OPERAND(ad_inverse, inverse)

OPERATION_FAMILY(solve, &solve_operation, &inverse_operation, &solve_share_operation);

/* The Cholesky factor.
 *
 *     L L^T = (A + A^T)/2   A' += (S + S^T)/2,  S = L^-T h(L^T L') L^-1 = N^-T h(N^T L') L^-1
 *     X = L^-1 B            B' += L^-T X',  L' -= tril(B' X^T)    B' here the share of B
 *     X = L^-T B            B' += L^-1 X',  L' -= tril(X B'^T)
 *     Y = h(A)              A' += h(Y')
 *
 * where h takes the lower triangle with half the diagonal (Murray 2016, arXiv:1602.07527; for the
 * solutions Giles 2008, section 2.3.1). L' counts below and on the diagonal only. L = N D, N with
 * unit diagonal: h takes a factor D on the left as it is, and without it nothing overflows that
 * the share does not.
 */
#include "ops/operations.h"
#include "ops/kernels/kernels.h"

#include <math.h>
#include <string.h>

/* ---- h ---- */

static bool half_lower_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++) {
            double a = e->in[0].values[i * e->cols + j];
            e->output[i * e->cols + j] = j < i ? a : j == i ? a / 2 : 0;
        }
    return true;
}

static bool half_lower_gradient(const rule *r)
{
    return rule_add(r, 0, operation_half_lower(r->adjoint));
}

OPERATION(half_lower, .zeros = ZERO_ALL, .shape = shape_same, .values = half_lower_values,
          .gradient = half_lower_gradient);

ad_var operation_half_lower(ad_var A)
{
    return TAPE_RECORD(&half_lower_operation, A);
}

/* ---- systems with L ---- */

static bool is_transposed(const void *attributes)
{
    return *(const bool *)attributes;
}

static bool solve_lower_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *l = &e->in[0], *b = &e->in[1];
    *rows = b->rows;
    *cols = b->cols;
    return (l->rows == l->cols && l->rows == b->rows) ||
           tape_fail(e->tape, AD_ERROR_SHAPE, "solve_lower: %zux%zu with right side %zux%zu",
                     l->rows, l->cols, b->rows, b->cols);
}

static bool solve_lower_values(const evaluation *e)
{
    size_t size = e->rows * e->cols;
    if (size) memcpy(e->output, e->in[1].values, size * sizeof *e->output);
    kernel_solve_triangular(true, is_transposed(e->attributes), false, e->rows, e->in[0].values,
                            e->rows, e->cols, e->output, e->cols);
    return true;
}

static bool solve_lower_gradient(const rule *r)
{
    bool transpose = is_transposed(r->attributes);
    ad_var share = operation_solve_lower(r->in[0], r->adjoint, !transpose);
    if (r->wanted[1] && !rule_add(r, 1, share)) return false;
    if (!r->wanted[0]) return true;
    ad_var minus = ad_neg(share);
    return rule_add(r, 0,
                    ad_tril(transpose ? operation_matmul(r->output, minus, false, true)
                                      : operation_matmul(minus, r->output, false, true)));
}

OPERATION(solve_lower, .zeros = ZERO_SECOND, .shape = solve_lower_shape,
          .values = solve_lower_values, .gradient = solve_lower_gradient);

ad_var operation_solve_lower(ad_var L, ad_var B, bool transpose)
{
    return tape_record(&solve_lower_operation, (const ad_var[]){L, B}, 2, &transpose,
                       sizeof transpose);
}

/* ---- the factor ---- */

/* (a + b)/2, rounded once where the sum stays in range: halves of small numbers lose their last
 * digit. */
static double mean(double a, double b)
{
    const double sum = a + b;
    return isfinite(sum) ? sum / 2 : a / 2 + b / 2;
}

/* The lower triangle of (A + A^T)/2, zeros above; returns whether NaN is in it. */
static bool symmetric_part(size_t n, const double *a, double *part)
{
    bool is_nan = false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double *entry = &part[i * n + j];
            *entry = j > i ? 0 : j == i ? a[i * n + i] : mean(a[i * n + j], a[j * n + i]);
            is_nan = is_nan || isnan(*entry);
        }
    return is_nan;
}

/* NaN in A makes all of L NaN, as it does A^-1: no order of elimination is to tell. */
static bool cholesky_values(const evaluation *e)
{
    const size_t n = e->rows;
    const bool is_nan = symmetric_part(n, e->in[0].values, e->output);
    tape_count_factorization(e->tape);
    if (is_nan) {
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) e->output[i * n + j] = NAN;
        return true;
    }
    return kernel_cholesky(n, e->output, n) ||
           tape_fail(e->tape, AD_ERROR_SINGULAR,
                     "cholesky: the %zux%zu matrix is not positive definite", n, n);
}

static ad_var unit_diagonal(ad_var L)
{
    ad_var unit = operation_scaled_identity(tape_number(L.tape, 1), ad_rows(L));
    ad_var below = ad_where(unit, tape_number(L.tape, 0), L);
    return ad_add(unit, ad_div(below, ad_transpose(ad_diagonal(L))));
}

static bool cholesky_gradient(const rule *r)
{
    const ad_var L = r->output, N = unit_diagonal(L);
    ad_var middle = operation_half_lower(operation_matmul(N, ad_tril(r->adjoint), true, false));
    ad_var left = operation_solve_lower(N, middle, true);
    ad_var S = operation_solve_lower(L, ad_transpose(left), true); /* transposed */
    ad_var half = ad_scale(S, 0.5);
    return rule_add(r, 0, half) && rule_add(r, 0, ad_transpose(half));
}

OPERATION(cholesky, .shape = shape_is_square, .values = cholesky_values,
          .gradient = cholesky_gradient);

ad_var ad_cholesky(ad_var A)
{
    return TAPE_RECORD(&cholesky_operation, A);
}

OPERATION_FAMILY(cholesky, &cholesky_operation, &solve_lower_operation, &half_lower_operation);

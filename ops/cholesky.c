/* SPDX-License-Identifier: MIT */
/* The Cholesky factor, and what is found by it, all of S = (A + A^T)/2.
 *
 *     L L^T = S       A' += sym(L^-T h(L^T L') L^-1) = sym(N^-T h(N^T L') L^-1)
 *     Y = h(A)        A' += h(Y')
 *     X = S^-1 B      B' += S^-1 X',  A' -= sym(B' X^T)           B' here the share of B
 *     l = log det S   A' += l' S^-1
 *
 * where sym(P) = (P + P^T)/2 and h takes the lower triangle with half the diagonal (Murray 2016,
 * arXiv:1602.07527; Giles 2008, sections 2.2.4 and 2.3.1). L' counts below and on the diagonal
 * only. L = N D, N with unit diagonal: h takes a factor D on the left as it is, and without it
 * nothing overflows that the share does not.
 */
#include "ops/operations.h"
#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

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

ONE_OPERAND(operation_half_lower, half_lower)

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
static bool factorize(const evaluation *e, double *l)
{
    const size_t n = e->in[0].rows;
    const bool is_nan = symmetric_part(n, e->in[0].values, l);
    tape_count_factorization(e->tape);
    for (size_t i = 0; is_nan && i < n; i++)
        for (size_t j = 0; j <= i; j++) l[i * n + j] = NAN;
    return is_nan || kernel_cholesky(n, l, n) ||
           tape_fail(e->tape, AD_ERROR_SINGULAR, "%s: the %zux%zu matrix is not positive definite",
                     e->op->name, n, n);
}

/* That of input 0, made once per matrix and kept in the memo; NULL after an error. */
static const double *factor_of(const evaluation *e)
{
    static const char key[] = "cholesky";
    const matrix *a = &e->in[0];
    double *l = tape_memo_find(e->tape, a->node, key);
    if (l) return l;
    l = arena_take_array(tape_memo_arena(e->tape, a->node), matrix_size(a), sizeof *l);
    if (!l) tape_out_of_memory(e->tape, e->op->name);
    return l && factorize(e, l) && tape_memo_store(e->tape, a->node, key, l) ? l : NULL;
}

static bool cholesky_values(const evaluation *e)
{
    const double *l = factor_of(e);
    if (l && e->rows) memcpy(e->output, l, e->rows * e->cols * sizeof *l);
    return l != NULL;
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
    ad_var left = ad_solve_lower(N, middle, true);
    ad_var S = ad_solve_lower(L, ad_transpose(left), true); /* transposed */
    ad_var half = ad_scale(S, 0.5);
    return rule_add(r, 0, half) && rule_add(r, 0, ad_transpose(half));
}

OPERATION(cholesky, .shape = shape_is_square, .values = cholesky_values,
          .gradient = cholesky_gradient);

/* Defines ad_cholesky. */
ONE_OPERAND(ad_cholesky, cholesky)

/* ---- systems with (A + A^T)/2 ---- */

static bool solve_spd_values(const evaluation *e)
{
    const double *l = factor_of(e);
    if (!l || !values_of_second(e)) return false;
    const size_t n = e->rows, k = e->cols;
    kernel_solve_triangular(true, false, false, n, l, n, k, e->output, k);
    kernel_solve_triangular(true, true, false, n, l, n, k, e->output, k);
    return true;
}

static bool solve_spd_gradient(const rule *r)
{
    const ad_var share = ad_solve_spd(r->in[0], r->adjoint);
    if (r->wanted[1] && !rule_add(r, 1, share)) return false;
    if (!r->wanted[0]) return true;
    const ad_var half = operation_matmul(ad_scale(share, -0.5), r->output, false, true);
    return rule_add(r, 0, half) && rule_add(r, 0, ad_transpose(half));
}

OPERATION(solve_spd, .zeros = ZERO_SECOND, .shape = shape_of_system, .values = solve_spd_values,
          .gradient = solve_spd_gradient);

/* Defines ad_solve_spd. */
TWO_OPERANDS(ad_solve_spd, solve_spd)

/* ---- the determinant ---- */

static bool logdet_spd_values(const evaluation *e)
{
    const size_t n = e->in[0].rows;
    const double *l = factor_of(e);
    double *logarithms = tape_scratch(e->tape, n, sizeof *logarithms);
    if (!l || !logarithms) return false;
    for (size_t i = 0; i < n; i++) logarithms[i] = log(l[i * n + i]);
    *e->output = 2 * kernel_sum(n, logarithms);
    return true;
}

static bool logdet_spd_gradient(const rule *r)
{
    const ad_var unit = operation_scaled_identity(tape_number(r->tape, 1), ad_rows(r->in[0]));
    return rule_add(r, 0, ad_mul(r->adjoint, ad_solve_spd(r->in[0], unit)));
}

OPERATION(logdet_spd, .shape = shape_is_square_to_scalar, .values = logdet_spd_values,
          .gradient = logdet_spd_gradient);

/* Defines ad_logdet_spd. */
ONE_OPERAND(ad_logdet_spd, logdet_spd)

OPERATION_FAMILY(cholesky, &cholesky_operation, &half_lower_operation, &solve_spd_operation,
                 &logdet_spd_operation);

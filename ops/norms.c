/* SPDX-License-Identifier: MIT */
/* Norms; m x 1 and 1 x n are vectors alike.
 *
 *     y = sum |x_i|                  x' += y' sign(x)
 *     y = ||x||, Euclidean           x' += y' x / ||x||: unit.c; its square: squares.c
 *     largest |x_i|, largest sum of a row or of a column of |A|: by maximum, ties share
 *     largest singular value: spectral.c
 *
 * An x_i = 0 takes no part in the first, and none does in the others at x = 0. Nothing is squared
 * outside the range of a double: ||(3e200, 4e200)|| is 5e200, its gradient (0.6, 0.8).
 */
#include "ops/operations.h"
#include "ops/numbers/vectors.h"

#include <math.h>

/* ---- sum of magnitudes ---- */

/* In halves: the rounding error grows with the logarithm of n. */
static double sum_magnitudes(size_t n, const double *x)
{
    enum { BLOCK = 64 };
    if (n > BLOCK) return sum_magnitudes(n / 2, x) + sum_magnitudes(n - n / 2, x + n / 2);
    double sums[4] = {0, 0, 0, 0};
    for (size_t i = 0; i < n; i++) sums[i % 4] += fabs(x[i]);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static bool norm1_values(const evaluation *e)
{
    *e->output = sum_magnitudes(matrix_size(&e->in[0]), e->in[0].values);
    return true;
}

static bool norm1_gradient(const rule *r)
{
    const ad_var sign = ad_sign(r->in[0]);
    return rule_add(r, 0, ad_mul(operation_select(r->adjoint, sign), sign));
}

static bool norm1_sweep(const evaluation *e, const plain_adjoints *a)
{
    const double *x = e->in[0].values;
    for (size_t i = 0; i < matrix_size(&e->in[0]); i++) {
        if (x[i] == 0) continue;
        a->of_operands[0][i] += x[i] > 0 ? *a->of_result : x[i] < 0 ? -*a->of_result : NAN;
        if (a->operands_given[0]) a->operands_given[0][i] = true;
    }
    return true;
}

OPERATION(norm1, .selects = true, .sweep = norm1_sweep, .shape = shape_to_scalar,
          .values = norm1_values, .gradient = norm1_gradient);

/* ---- Euclidean norm of all elements ---- */

static bool euclidean_values(const evaluation *e)
{
    *e->output = kernel_norm2(matrix_size(&e->in[0]), e->in[0].values);
    return true;
}

ad_var operation_norm_adjoint(const rule *r)
{
    if (!r->sink && ad_value(r->output) != 0) return r->adjoint;
    return operation_select(r->adjoint, ad_sign(r->output));
}

static bool euclidean_gradient(const rule *r)
{
    return rule_add(r, 0, ad_mul(operation_norm_adjoint(r), operation_unit(r->in[0])));
}

static bool euclidean_sweep(const evaluation *e, const plain_adjoints *a)
{
    const size_t n = matrix_size(&e->in[0]);
    double *unit = tape_scratch(e->tape, n, sizeof *unit);
    if (!unit) return false;
    if (*e->output == 0) return true;
    kernel_unit(n, e->in[0].values, unit);
    for (size_t i = 0; i < n; i++) {
        a->of_operands[0][i] += *a->of_result * unit[i];
        if (a->operands_given[0]) a->operands_given[0][i] = true;
    }
    return true;
}

OPERATION(norm2, .length = true, .selects = true, .shape = shape_to_scalar,
          .values = euclidean_values, .gradient = euclidean_gradient, .sweep = euclidean_sweep);
OPERATION(norm_fro, .length = true, .selects = true, .shape = shape_to_scalar,
          .values = euclidean_values, .gradient = euclidean_gradient, .sweep = euclidean_sweep);

/* ---- the norms ---- */

static bool is_vector(ad_var x)
{
    return ad_rows(x) == 1 || ad_cols(x) == 1;
}

static bool is_empty(ad_var x)
{
    return ad_rows(x) == 0 || ad_cols(x) == 0;
}

ad_var ad_norm1(ad_var x)
{
    if (!tape_usable(x, "norm1")) return (ad_var){0};
    if (is_vector(x) || is_empty(x)) return TAPE_RECORD(&norm1_operation, x);
    return ad_maximum(ad_sum_cols(ad_abs(x)));
}

ad_var ad_norm2(ad_var x)
{
    if (!tape_usable(x, "norm2")) return (ad_var){0};
    if (is_vector(x) || is_empty(x)) return TAPE_RECORD(&norm2_operation, x);
    return operation_spectral_norm(x);
}

ad_var ad_norm_inf(ad_var x)
{
    if (!tape_usable(x, "norm_inf")) return (ad_var){0};
    if (is_empty(x)) return ad_sum(x);
    return ad_maximum(is_vector(x) ? ad_abs(x) : ad_sum_rows(ad_abs(x)));
}

/* Defines ad_norm_fro. */
ONE_OPERAND(ad_norm_fro, norm_fro)

OPERATION_FAMILY(norm, &norm1_operation, &norm2_operation, &norm_fro_operation);

/* SPDX-License-Identifier: MIT */
/* A^-T W^T A^-T, the derivative of A^-T (the gradient of log|det A|) along W, less its sign:
 *
 *     as cof(A) W^T cof(A) / det(A)^2, in numbers with an exponent, where A is expanded and
 *     for n <= 2, whose entries may have any size;
 *     else by solving hat A^T Y = hat W^T and hat A X^T = Y^T, where a_ij = hat a_ij 2^(r_i + c_j) and
 *     w_ij = hat w_ij 2^(r_i + c_j), in layers of W whose entries do not lie too far apart: what lies
 *     between leaves the range of a double only where the result x_ij 2^-(r_i + c_j) does.
 */
#include "ops/determinant/directions.h"
#include "ops/determinant/factor.h"
#include "ops/kernels/kernels.h"

static void multiply(size_t n, const scaled *x, const scaled *y, scaled *product)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            scaled sum = {0, 0};
            for (size_t l = 0; l < n; l++) {
                const scaled a = x[i * n + l], b = y[l * n + j];
                if (a.mantissa != 0 && b.mantissa != 0)
                    sum = scaled_add(sum, scaled_multiply(a, b));
            }
            product[i * n + j] = sum;
        }
}

static bool by_cofactors(determinant_factor *factor, const double *w, double *result,
                         arena *scratch)
{
    const size_t n = factor->n, count = n * n;
    const scaled d = factor->value;
    const scaled *cofactor = factor_closed_cofactors(factor, scratch);
    scaled *right = arena_take_array(scratch, count, 2 * sizeof *right);
    if (!cofactor || !right) return false;
    scaled *left = right + count;
    for (size_t k = 0; k < count; k++) right[k] = scaled_from(w[k % n * n + k / n]);
    multiply(n, cofactor, right, left);
    multiply(n, left, cofactor, right);
    for (size_t k = 0; k < count; k++)
        result[k] =
            scaled_value((scaled){right[k].mantissa / d.mantissa / d.mantissa, right[k].exponent},
                         -2 * d.exponent);
    return true;
}

/* sum += 2^exponent hat A^-T part^T hat A^-T; the part is used up. */
static void add_part(const decomposition *d, double *part, int64_t exponent, double *y,
                     double *work, scaled *sum)
{
    const size_t n = d->n;
    kernel_transpose(n, n, part, y);
    solve_scaled(d, true, n, y, work);
    kernel_transpose(n, n, y, part);
    solve_scaled(d, false, n, part, work);
    for (size_t k = 0; k < n * n; k++)
        sum[k] = scaled_add(sum[k], scaled_from_power(part[k % n * n + k / n], exponent));
}

static bool by_solving(determinant_factor *factor, const double *w, double *result, arena *scratch)
{
    enum { WIDTH = 300 };
    const size_t n = factor->n, count = n * n;
    const bool level = factor->lu && factor->scaling.common && factor->scaling.span <= WIDTH;
    const decomposition *d = level ? factor->lu : factor_equilibrated(factor);
    direction of_w = {0};
    if (!d || !direction_describe(&of_w, d->scaling, w, WIDTH, 0, scratch)) return false;
    double *work = arena_take_array(scratch, 3 * count, sizeof *work);
    scaled *sum = arena_take_array(scratch, count, sizeof *sum);
    if (!work || !sum) return false;
    memset(sum, 0, count * sizeof *sum);
    for (size_t index = 0; index < direction_parts(&of_w); index++) {
        int64_t exponent;
        if (direction_part(&of_w, index, work, &exponent))
            add_part(d, work, exponent, work + count, work + 2 * count, sum);
    }
    for (size_t k = 0; k < count; k++)
        result[k] = scaled_value(sum[k], -scaling_exponent(d->scaling, k));
    return true;
}

determinant_status determinant_inverse_product(determinant_factor *factor, const double *w,
                                               double *product, arena *scratch)
{
    const size_t count = factor->n * factor->n;
    if (factor->value.mantissa == 0) return DETERMINANT_SINGULAR;
    const arena_position position = arena_mark(scratch);
    const bool finite = !factor->original && exponent_range_of(count, w).finite;
    bool done = true;
    if (finite)
        done = (factor_is_closed(factor) ? by_cofactors : by_solving)(factor, w, product, scratch);
    for (size_t k = 0; !finite && k < count; k++) product[k] = NAN;
    arena_rewind(scratch, position);
    return done ? DETERMINANT_OK : DETERMINANT_MEMORY;
}

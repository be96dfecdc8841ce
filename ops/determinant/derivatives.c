/* SPDX-License-Identifier: MIT */
/* The cofactors and their derivatives: directions are split into parts (directions.c), each part or
 * pair of parts is differentiated by the formulas for small orders or by a decomposition, and
 * the results are added as mantissas and exponents. */
#include "ops/determinant/directions.h"
#include "ops/determinant/factor.h"
#include "ops/determinant/laplace.h"
#include "ops/determinant/small.h"

/* A layer of a direction spans so many bits: of one direction, and of each of two. */
enum { ONE_DIRECTION_WIDTH = 600, TWO_DIRECTIONS_WIDTH = 300 };

/* A derivative of cof(A) under way: in V, or in V and W. */
typedef struct differentiation {
    determinant_factor *factor;
    const decomposition *decomposition; /* NULL for the formulas of small orders */
    const determinant_scaling *scaling;
    size_t order;
    direction direction[2];
    double *part[2];
    scaled *sum; /* over the parts; NULL where there is one */
} differentiation;

static size_t parts_of(const differentiation *work, size_t which)
{
    return which < work->order ? direction_parts(&work->direction[which]) : 1;
}

static bool begin(differentiation *work, const double *const *directions, arena *scratch)
{
    determinant_factor *factor = work->factor;
    const size_t count = factor->n * factor->n;
    const int width = work->order == 1 ? ONE_DIRECTION_WIDTH : TWO_DIRECTIONS_WIDTH;
    work->scaling = &factor->scaling;
    if (!factor_is_small(factor)) {
        work->decomposition = factor_decomposition(factor, work->order, scratch);
        if (!work->decomposition) return false;
        work->scaling = work->decomposition->scaling;
    }
    const size_t dominant = work->scaling->common ? 0 : work->order;
    for (size_t i = 0; i < work->order; i++) {
        work->part[i] = arena_take_array(scratch, count, sizeof **work->part);
        if (!work->part[i] || !direction_describe(&work->direction[i], work->scaling, directions[i],
                                                  width, dominant, scratch))
            return false;
    }
    if (parts_of(work, 0) == 1 && parts_of(work, 1) == 1) return true;
    work->sum = arena_take_array(scratch, count, sizeof *work->sum);
    if (work->sum) memset(work->sum, 0, count * sizeof *work->sum);
    return work->sum;
}

/* T 2^exponent = the derivative in the directions of the parts at hand. */
static bool differentiate(const differentiation *work, double *t, int64_t *exponent, arena *scratch)
{
    const arena_position position = arena_mark(scratch);
    const decomposition *d = work->decomposition;
    const double *entries = work->factor->entries, *v = work->part[0], *w = work->part[1];
    bool done = true;
    *exponent = 0;
    if (d && work->order == 1) done = decomposition_derivative(d, v, t, exponent, scratch);
    else if (d) done = decomposition_second_derivative(d, v, w, t, exponent, scratch);
    else if (work->order == 1) small_polar_cofactor(work->factor->n, entries, v, t);
    else small_polar_cofactor(work->factor->n, v, w, t);
    arena_rewind(scratch, position);
    return done;
}

/* Brings the parts of the given numbers to hand, with the sum of their exponents; false where one
 * is empty or the derivative along them is 0. */
static bool take_parts(const differentiation *work, const size_t *number, int64_t *exponent)
{
    const direction *v = work->direction;
    *exponent = 0;
    if (work->order == 2 && direction_parts_exclude(&v[0], number[0], &v[1], number[1]))
        return false;
    for (size_t i = 0; i < work->order; i++) {
        int64_t own;
        if (!direction_part(&v[i], number[i], work->part[i], &own)) return false;
        *exponent += own;
    }
    return true;
}

static bool differentiate_parts(differentiation *work, const double *const *directions, double *t,
                                arena *scratch)
{
    const size_t count = work->factor->n * work->factor->n;
    if (!begin(work, directions, scratch)) return false;
    const int64_t total = work->scaling->total;
    const size_t parts = parts_of(work, 1);
    for (size_t index = 0; index < parts_of(work, 0) * parts; index++) {
        const size_t number[2] = {index / parts, index % parts};
        int64_t exponent, of_parts;
        if (!take_parts(work, number, &of_parts)) continue;
        if (!differentiate(work, t, &exponent, scratch)) return false;
        exponent += of_parts;
        if (!work->sum) {
            scaling_apply(work->scaling, t, exponent + total, t);
            return true;
        }
        for (size_t i = 0; i < work->order; i++) direction_clear(&work->direction[i], number[i], t);
        for (size_t k = 0; k < count; k++)
            work->sum[k] = scaled_add(work->sum[k], scaled_from_power(t[k], exponent));
    }
    for (size_t k = 0; k < count; k++)
        t[k] = scaled_value(work->sum[k], total - scaling_exponent(work->scaling, k));
    return true;
}

static bool evaluate_by_laplace(const determinant_factor *factor, size_t order,
                                const double *const *directions, double *t, arena *scratch)
{
    const size_t n = factor->n;
    for (size_t k = 0; k < n * n; k++) t[k] = scaled_value(factor->laplace[k], 0);
    const double *const operands[3] = {factor->given, directions[0], directions[1]};
    return order == 0 || laplace_derivative(n, order, operands, t, scratch);
}

static bool evaluate_cofactor(determinant_factor *factor, double *t, arena *scratch)
{
    const determinant_scaling *scaling = &factor->scaling;
    int64_t exponent = 0;
    if (factor_is_small(factor)) {
        small_cofactor(factor->n, factor->entries, t);
    } else {
        const decomposition *d = factor_decomposition(factor, 0, scratch);
        if (!d || !decomposition_cofactor(d, t, &exponent, scratch)) return false;
        scaling = d->scaling;
    }
    scaling_apply(scaling, t, exponent + scaling->total, t);
    return true;
}

static bool evaluate(determinant_factor *factor, size_t order, const double *const *directions,
                     double *t, arena *scratch)
{
    if (factor->laplace) return evaluate_by_laplace(factor, order, directions, t, scratch);
    if (order == 0) return evaluate_cofactor(factor, t, scratch);
    differentiation work = {.factor = factor, .order = order};
    return differentiate_parts(&work, directions, t, scratch);
}

determinant_status determinant_cofactor(determinant_factor *factor, const double *v,
                                        const double *w, double *result, arena *scratch)
{
    const size_t n = factor->n, count = n * n, order = !v ? 0 : !w ? 1 : 2;
    /* Cofactors of order n have degree n - 1 in the entries: beyond it their derivatives are 0. */
    if (n <= order) {
        for (size_t k = 0; k < count; k++) result[k] = 0;
        return DETERMINANT_OK;
    }
    const arena_position position = arena_mark(scratch);
    const double *const given[2] = {v, w};
    const double *finite[2] = {v, w};
    bool done = true;
    for (size_t i = 0; i < order && done; i++) {
        if (!exponent_range_of(count, given[i]).finite)
            finite[i] = factor_without_nan(count, given[i], scratch);
        done = finite[i];
    }
    if (done) done = evaluate(factor, order, finite, result, scratch);
    arena_rewind(scratch, position);
    if (!done) return DETERMINANT_MEMORY;
    for (size_t i = 0; i < order; i++)
        if (finite[i] != given[i]) factor_spread_nan(n, given[i], result);
    if (factor->original && order + 1 < n) factor_spread_nan(n, factor->original, result);
    return DETERMINANT_OK;
}

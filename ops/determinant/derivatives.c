/* Derivatives of the cofactors: directions are split into parts (directions.c), each part or
 * pair of parts is differentiated by the formulas for small orders or by a decomposition, and
 * the results are added as mantissas and exponents. */
#include "ops/determinant/directions.h"
#include "ops/determinant/factor.h"
#include "ops/determinant/laplace.h"
#include "ops/determinant/small.h"

/* A layer of a direction spans so many bits: of one direction, and of each of two. */
enum { ONE_DIRECTION_WIDTH = 600, TWO_DIRECTIONS_WIDTH = 300 };

/* A derivative of cof under way: in the direction V, or in V and W. */
typedef struct differentiation {
    determinant_factor *factor;
    const decomposition *decomposition; /* NULL for the formulas of small orders */
    const determinant_scaling *scaling;
    int order;
    direction v, w;
    double *part_v, *part_w;
    scaled *sum; /* over the parts; NULL where there is one */
} differentiation;

/* The decomposition, NULL where formulas are used, and its scaling. */
static bool choose_decomposition(differentiation *work, arena *scratch)
{
    work->scaling = &work->factor->scaling;
    if (factor_is_small(work->factor)) return true;
    work->decomposition = factor_decomposition(work->factor, work->order, scratch);
    if (work->decomposition) work->scaling = work->decomposition->scaling;
    return work->decomposition;
}

static bool split(const differentiation *work, const double *values, direction *v, double **part,
                  arena *scratch)
{
    const size_t count = work->factor->n * work->factor->n;
    const int width = work->order == 1 ? ONE_DIRECTION_WIDTH : TWO_DIRECTIONS_WIDTH;
    const size_t dominant = work->scaling->common ? 0 : (size_t)work->order;
    *part = arena_take_array(scratch, count, sizeof **part);
    return *part && direction_describe(v, work->scaling, values, width, dominant, scratch);
}

static bool begin(differentiation *work, const double *v, const double *w, arena *scratch)
{
    const size_t count = work->factor->n * work->factor->n;
    if (!choose_decomposition(work, scratch) || !split(work, v, &work->v, &work->part_v, scratch) ||
        (w && !split(work, w, &work->w, &work->part_w, scratch)))
        return false;
    if (direction_parts(&work->v) == 1 && (!w || direction_parts(&work->w) == 1)) return true;
    work->sum = arena_take_array(scratch, count, sizeof *work->sum);
    if (work->sum) memset(work->sum, 0, count * sizeof *work->sum);
    return work->sum;
}

/* T 2^exponent = the derivative in the directions of the parts at hand. */
static bool differentiate(const differentiation *work, double *t, int64_t *exponent, arena *scratch)
{
    const size_t n = work->factor->n;
    const arena_position position = arena_mark(scratch);
    bool done = true;
    *exponent = 0;
    if (work->decomposition && work->order == 1)
        done = decomposition_derivative(work->decomposition, work->part_v, t, exponent, scratch);
    else if (work->decomposition)
        done = decomposition_second_derivative(work->decomposition, work->part_v, work->part_w, t,
                                               exponent, scratch);
    else if (work->order == 1) small_polar_cofactor(n, work->factor->entries, work->part_v, t);
    else small_polar_cofactor(n, work->part_v, work->part_w, t);
    arena_rewind(scratch, position);
    return done;
}

/* One part of V with every part of W (order 1: alone), whose exponent in V is given. */
static bool add_part(differentiation *work, size_t index, int64_t exponent_v, double *t,
                     arena *scratch)
{
    const size_t count = work->factor->n * work->factor->n;
    const size_t parts = work->order == 1 ? 1 : direction_parts(&work->w);
    for (size_t other = 0; other < parts; other++) {
        int64_t exponent, exponent_w = 0;
        if (work->order == 2 && (direction_parts_exclude(&work->v, index, &work->w, other) ||
                                 !direction_part(&work->w, other, work->part_w, &exponent_w)))
            continue;
        if (!differentiate(work, t, &exponent, scratch)) return false;
        exponent += exponent_v + exponent_w;
        if (!work->sum) {
            scaling_apply(work->scaling, t, exponent + work->scaling->total, t);
            return true;
        }
        direction_clear(&work->v, index, t);
        if (work->order == 2) direction_clear(&work->w, other, t);
        for (size_t k = 0; k < count; k++)
            work->sum[k] = scaled_add(work->sum[k], scaled_from_power(t[k], exponent));
    }
    return true;
}

static bool evaluate(differentiation *work, const double *v, const double *w, double *t,
                     arena *scratch)
{
    const size_t n = work->factor->n;
    if (!begin(work, v, w, scratch)) return false;
    for (size_t index = 0; index < direction_parts(&work->v); index++) {
        int64_t exponent;
        if (direction_part(&work->v, index, work->part_v, &exponent) &&
            !add_part(work, index, exponent, t, scratch))
            return false;
    }
    for (size_t k = 0; work->sum && k < n * n; k++)
        t[k] =
            scaled_value(work->sum[k], work->scaling->total - scaling_exponent(work->scaling, k));
    return true;
}

static bool evaluate_by_laplace(differentiation *work, const double *v, const double *w, double *t,
                                arena *scratch)
{
    const determinant_factor *factor = work->factor;
    const determinant_scaling *scaling = &factor->scaling;
    const size_t n = factor->n, count = n * n;
    double *operands = arena_take_array(scratch, 3 * count, sizeof *operands);
    scaled *sums = arena_take_array(scratch, count, sizeof *sums);
    bool *lost = arena_take_array(scratch, count, sizeof *lost);
    if (!operands || !sums || !lost) return false;
    for (size_t k = 0; k < count; k++)
        operands[k] = scale_by_power(factor->entries[k], scaling_exponent(scaling, k));
    memcpy(operands + count, v, count * sizeof *v);
    if (w) memcpy(operands + 2 * count, w, count * sizeof *w);
    if (!laplace_derivative(n, (size_t)work->order, operands, sums, lost, scratch)) return false;
    if (factor->cancelled && !evaluate(work, v, w, t, scratch)) return false;
    for (size_t k = 0; k < count; k++)
        if (!factor->cancelled || !lost[k]) t[k] = scaled_value(sums[k], 0);
    return true;
}

static determinant_status derivative(determinant_factor *factor, const double *v, const double *w,
                                     double *result, arena *scratch)
{
    const size_t n = factor->n, count = n * n, order = w ? 2 : 1;
    /* Cofactors of order n have degree n - 1 in the entries: beyond it their derivatives are 0. */
    if (n <= order) {
        for (size_t k = 0; k < count; k++) result[k] = 0;
        return DETERMINANT_OK;
    }
    const arena_position position = arena_mark(scratch);
    const bool v_finite = exponent_range_of(count, v).finite,
               w_finite = !w || exponent_range_of(count, w).finite;
    const double *finite_v = v_finite ? v : factor_without_nan(count, v, scratch);
    const double *finite_w = w_finite ? w : factor_without_nan(count, w, scratch);
    differentiation work = {.factor = factor, .order = (int)order};
    const bool done = finite_v && (finite_w || !w) &&
                      (factor->laplace ? evaluate_by_laplace : evaluate)(&work, finite_v, finite_w,
                                                                         result, scratch);
    arena_rewind(scratch, position);
    if (!done) return DETERMINANT_MEMORY;
    if (!v_finite) factor_spread_nan(n, v, result);
    if (!w_finite) factor_spread_nan(n, w, result);
    if (factor->original && order + 1 < n) factor_spread_nan(n, factor->original, result);
    return DETERMINANT_OK;
}

determinant_status determinant_cofactor_derivative(determinant_factor *factor, const double *v,
                                                   double *result, arena *scratch)
{
    return derivative(factor, v, NULL, result, scratch);
}

determinant_status determinant_cofactor_second_derivative(determinant_factor *factor,
                                                          const double *v, const double *w,
                                                          double *result, arena *scratch)
{
    return derivative(factor, v, w, result, scratch);
}

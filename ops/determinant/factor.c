/* SPDX-License-Identifier: MIT */
/* A determinant factor, its value and its gradient: chooses formulas or a decomposition, and
 * goes back from scaled matrices to doubles. README.md draws the ways. */
#include "ops/determinant/factor.h"
#include "ops/determinant/integers.h"
#include "ops/determinant/laplace.h"
#include "ops/determinant/small.h"

static bool value_of_small(determinant_factor *factor, scaled *value)
{
    bool doubtful, known;
    *value = small_determinant(factor->n, factor->entries, &doubtful);
    return !doubtful ||
           exact_determinant(factor->n, factor->entries, &known, value, factor->memory);
}

static bool factor_by_laplace(determinant_factor *factor, const double *a)
{
    const size_t n = factor->n;
    bool sound;
    scaled *cofactor = arena_take_array(factor->memory, n * n, sizeof *cofactor);
    factor->given = arena_take_array(factor->memory, n * n, sizeof *factor->given);
    if (!cofactor || !factor->given ||
        !laplace_cofactor(n, a, &factor->value, cofactor, &sound, factor->memory))
        return false;
    memcpy(factor->given, a, n * n * sizeof *a);
    if (sound) factor->laplace = cofactor;
    return true;
}

bool factor_is_small(const determinant_factor *factor)
{
    return !factor->diagonal && small_formulas_apply(&factor->scaling);
}

bool factor_is_closed(const determinant_factor *factor)
{
    return factor->laplace || factor_is_small(factor);
}

static bool factor_finite(determinant_factor *factor, const double *a, exponent_range all)
{
    const size_t n = factor->n;
    const determinant_scaling *scaling = &factor->scaling;
    double *diagonal = factor->diagonal;
    if (!scaling_choose(&factor->scaling, n, a, all, factor->memory)) return false;
    scaling_apply(scaling, a, 0, factor->entries);
    for (size_t i = 0; diagonal && i < n; i++)
        diagonal[i] = scale_by_power(diagonal[i], -scaling_exponent(scaling, i * n + i));
    if (!diagonal && laplace_applies(n, all) && !factor_by_laplace(factor, a)) return false;
    if (factor->laplace) return true;
    if (factor_is_small(factor)) {
        if (!value_of_small(factor, &factor->value)) return false;
    } else {
        factor->lu = lu_factor(scaling, factor->entries, diagonal, true, factor->memory);
        if (!factor->lu) return false;
        factor->value = factor->lu->value;
    }
    factor->value.exponent += scaling->total;
    return true;
}

static size_t count_not_finite(size_t n, const double *x, size_t stride)
{
    size_t count = 0;
    for (size_t k = 0; k < n; k++) count += isfinite(x[k * stride]) ? 0 : 1;
    return count;
}

const double *factor_without_nan(size_t count, const double *x, arena *memory)
{
    double *finite = arena_take_array(memory, count, sizeof *finite);
    for (size_t k = 0; finite && k < count; k++) finite[k] = isfinite(x[k]) ? x[k] : 0;
    return finite;
}

/* For the cofactors in which NaN and Inf do not take part. */
static bool factor_not_finite(determinant_factor *factor, const double *a)
{
    const size_t count = factor->n * factor->n;
    const double *finite = factor_without_nan(count, a, factor->memory);
    factor->original = arena_take_array(factor->memory, count, sizeof *finite);
    if (!finite || !factor->original) return false;
    memcpy(factor->original, a, count * sizeof *a);
    if (!factor_finite(factor, finite, exponent_range_of(count, finite))) return false;
    factor->value = (scaled){NAN, 0};
    return true;
}

static determinant_factor *factor_begin(size_t n, arena *memory)
{
    determinant_factor *factor = arena_take(memory, sizeof *factor);
    double *entries = arena_take_array(memory, n * n, sizeof *entries);
    if (!factor || !entries) return NULL;
    *factor = (determinant_factor){.n = n, .memory = memory, .entries = entries};
    return factor;
}

determinant_factor *determinant_factor_of_sum(size_t n, const double *a, const double *diagonal,
                                              arena *memory)
{
    const exponent_range all = exponent_range_of(n * n, a);
    if (exponent_range_of(n, diagonal).zero || !all.finite || n < 3 || n > DOUBLE_DOUBLE_ORDER)
        return determinant_factor_new(n, a, memory);
    determinant_factor *factor = factor_begin(n, memory);
    if (!factor) return NULL;
    factor->diagonal = arena_take_array(memory, n, sizeof *diagonal);
    if (!factor->diagonal) return NULL;
    memcpy(factor->diagonal, diagonal, n * sizeof *diagonal);
    return factor_finite(factor, a, all) ? factor : NULL;
}

determinant_factor *determinant_factor_new(size_t n, const double *a, arena *memory)
{
    if (n > 0 && n > SIZE_MAX / sizeof(double) / n) return NULL;
    const exponent_range all = exponent_range_of(n * n, a);
    determinant_factor *factor = factor_begin(n, memory);
    if (!factor) return NULL;
    const bool done = all.finite ? factor_finite(factor, a, all) : factor_not_finite(factor, a);
    return done ? factor : NULL;
}

void factor_spread_nan(size_t n, const double *x, double *t)
{
    const size_t all = count_not_finite(n * n, x, 1);
    for (size_t i = 0; all > 0 && i < n; i++) {
        const size_t in_row = count_not_finite(n, x + i * n, 1);
        for (size_t j = 0; j < n; j++)
            if (in_row + count_not_finite(n, x + j, n) - count_not_finite(1, x + i * n + j, 1) <
                all)
                t[i * n + j] = NAN;
    }
}

double determinant_value(const determinant_factor *factor)
{
    return scaled_value(factor->value, 0);
}

double determinant_log_abs(const determinant_factor *factor, int *sign)
{
    static const double ln2 = 0.693147180559945309417232121458;
    double mantissa = fabs(factor->value.mantissa);
    int64_t exponent = factor->value.exponent;
    if (sign) *sign = (factor->value.mantissa > 0) - (factor->value.mantissa < 0);
    if (mantissa == 0) return -INFINITY;
    /* Between sqrt(1/2) and sqrt(2), so that the two terms below do not cancel. */
    if (mantissa < 0.70710678118654752440) {
        mantissa *= 2;
        exponent--;
    }
    return log(mantissa) + (double)exponent * ln2;
}

static const decomposition *inverted_complete(determinant_factor *factor)
{
    if (factor->complete) return factor->complete;
    decomposition *d = lu_factor(&factor->scaling, factor->entries, NULL, false, factor->memory);
    return d && lu_invert(d, factor->memory) ? factor->complete = d : NULL;
}

/* L^-1 and U1^-1, of complete pivoting where partial pivoting turns out unfit. */
static const decomposition *inverted_lu(determinant_factor *factor)
{
    decomposition *d = factor->lu;
    if (!lu_invert(d, factor->memory)) return NULL;
    const bool unfit = d->kind == PARTIAL && !(d->mu <= (double)FIRST_DERIVATIVE_LIMIT);
    return unfit ? inverted_complete(factor) : d;
}

const determinant_scaling *factor_equilibrate(determinant_factor *factor, double **entries,
                                              arena *scratch)
{
    const size_t count = factor->n * factor->n;
    *entries = arena_take_array(scratch, count, sizeof **entries);
    if (!*entries) return NULL;
    memcpy(*entries, factor->entries, count * sizeof **entries);
    return scaling_equilibrate(&factor->scaling, *entries, factor->memory);
}

static const decomposition *rank_revealing(determinant_factor *factor, arena *scratch)
{
    double *entries;
    if (factor->rank_revealing) return factor->rank_revealing;
    const determinant_scaling *scaling = factor_equilibrate(factor, &entries, scratch);
    if (!scaling) return NULL;
    return factor->rank_revealing = rank_revealing_new(scaling, entries, factor->memory, scratch);
}

const decomposition *factor_decomposition(determinant_factor *factor, size_t order, arena *scratch)
{
    const double limit = order == 0   ? INFINITY
                         : order == 1 ? FIRST_DERIVATIVE_LIMIT
                                      : SECOND_DERIVATIVE_LIMIT;
    const decomposition *d = inverted_lu(factor);
    if (d && !(d->mu <= limit) && d->kind == PARTIAL) d = inverted_complete(factor);
    if (d && !(d->mu <= limit) && !factor->diagonal) d = rank_revealing(factor, scratch);
    return d;
}

const scaled *factor_closed_cofactors(const determinant_factor *factor, arena *scratch)
{
    const size_t count = factor->n * factor->n;
    if (factor->laplace) return factor->laplace;
    double *t = arena_take_array(scratch, count, sizeof *t);
    scaled *cofactor = arena_take_array(scratch, count, sizeof *cofactor);
    if (!t || !cofactor) return NULL;
    small_cofactor(factor->n, factor->entries, t);
    for (size_t k = 0; k < count; k++)
        cofactor[k] =
            scaled_from_power(t[k], factor->scaling.total - scaling_exponent(&factor->scaling, k));
    return cofactor;
}

static bool log_gradient_by_formulas(determinant_factor *factor, double *gradient, arena *scratch)
{
    const scaled *cofactor = factor_closed_cofactors(factor, scratch), d = factor->value;
    for (size_t k = 0; cofactor && k < factor->n * factor->n; k++)
        gradient[k] = scaled_value(
            (scaled){cofactor[k].mantissa / d.mantissa, cofactor[k].exponent}, -d.exponent);
    return cofactor;
}

static bool log_gradient_by_lu(determinant_factor *factor, double *gradient, arena *scratch)
{
    const decomposition *d = inverted_lu(factor);
    const scaled value = factor->value;
    int64_t exponent;
    if (!d || !decomposition_cofactor(d, gradient, &exponent, scratch)) return false;
    for (size_t k = 0; k < factor->n * factor->n; k++) gradient[k] /= value.mantissa;
    scaling_apply(&factor->scaling, gradient, exponent + factor->scaling.total - value.exponent,
                  gradient);
    return true;
}

determinant_status determinant_log_gradient(determinant_factor *factor, double *gradient,
                                            arena *scratch)
{
    if (factor->value.mantissa == 0) return DETERMINANT_SINGULAR;
    const arena_position position = arena_mark(scratch);
    bool done = true;
    if (factor->original)
        for (size_t k = 0; k < factor->n * factor->n; k++) gradient[k] = NAN;
    else
        done = (factor_is_closed(factor) ? log_gradient_by_formulas
                                         : log_gradient_by_lu)(factor, gradient, scratch);
    arena_rewind(scratch, position);
    return done ? DETERMINANT_OK : DETERMINANT_MEMORY;
}

/* SPDX-License-Identifier: MIT */
/* Polynomials, and the integral of a broken line. */
#include "autodiff/script/library/functions.h"

/* Horner's rule. */
bool call_polyval(function_call *call)
{
    const ad_var p = call->arguments[0].var, x = call->arguments[1].var;
    const size_t count = ad_rows(p) * ad_cols(p);
    if (!is_vector(p) && count > 0)
        return fail(call->in, "polyval: %zux%zu: the coefficients are a vector", ad_rows(p),
                    ad_cols(p));
    const ad_var coefficients = ad_reshape(p, count, 1);
    ad_var y = ad_broadcast(ad_number(x.tape, 0), ad_rows(x), ad_cols(x));
    for (size_t k = 0; k < count; k++) {
        const ad_var next = ad_block(coefficients, k, 0, 1, 1);
        y = k ? ad_add(ad_mul(y, x), next) : ad_broadcast(next, ad_rows(x), ad_cols(x));
    }
    return give_tape(call, y);
}

/* Least squares with the powers of x as columns, the highest first. */
bool call_polyfit(function_call *call)
{
    const ad_var x = call->arguments[0].var, y = call->arguments[1].var;
    const double degree = call->arguments[2].u.number;
    const size_t points = ad_rows(x) * ad_cols(x);
    if (points != ad_rows(y) * ad_cols(y))
        return fail(call->in, "polyfit: %zux%zu and %zux%zu: as many points are needed", ad_rows(x),
                    ad_cols(x), ad_rows(y), ad_cols(y));
    if (!(degree < (double)points))
        return fail(call->in, "polyfit: degree %g needs %g points, there are %zu", degree,
                    degree + 1, points);
    const size_t count = (size_t)degree + 1;
    const ad_var column = ad_reshape(x, points, 1);
    ad_var *powers = reallocate(NULL, count, sizeof *powers);
    for (size_t k = 0; k < count; k++) powers[k] = ad_powi(column, (int)(count - 1 - k));
    const ad_var vandermonde = ad_hcat_all(powers, count);
    release(powers);
    return give_tape(call, ad_transpose(ad_lstsq(vandermonde, ad_reshape(y, points, 1))));
}

/* ---- trapz ---- */

/* All lines along a dimension but the first, or but the last. */
static ad_var but_one(ad_var x, bool across, bool first)
{
    const size_t m = ad_rows(x), n = ad_cols(x);
    return across ? ad_block(x, 0, first && n, m, n - (n > 0))
                  : ad_block(x, first && m, 0, m - (m > 0), n);
}

/* The widths of the intervals: one for all, one for each, or those of each line. */
static bool intervals(function_call *call, ad_var x, ad_var y, bool across, ad_var *widths)
{
    const size_t size = ad_rows(x) * ad_cols(x), count = across ? ad_cols(y) : ad_rows(y);
    const bool vector = is_vector(x);
    *widths = x;
    if (size == 1) return true;
    if (vector ? size != count : ad_rows(x) != ad_rows(y) || ad_cols(x) != ad_cols(y))
        return fail(call->in, "trapz: %zux%zu and %zux%zu: the shapes do not fit", ad_rows(x),
                    ad_cols(x), ad_rows(y), ad_cols(y));
    if (vector) x = across ? ad_reshape(x, 1, size) : ad_reshape(x, size, 1);
    *widths = ad_sub(but_one(x, across, true), but_one(x, across, false));
    return true;
}

/* trapz(y), trapz(y, dim), trapz(x, y), trapz(x, y, dim) */
bool call_trapz(function_call *call)
{
    const bool by_dimension =
        call->count == 2 && is_scalar(call->arguments[1]) && !is_scalar(call->arguments[0]);
    const bool spaced = call->count > 1 && !by_dimension;
    const ad_var x = call->arguments[0].var, y = call->arguments[spaced].var;
    if (by_dimension && !convert_argument(call, 1, 'd')) return false;
    const bool chosen = call->count == 3 || by_dimension;
    const bool across =
        chosen ? call->arguments[call->count - 1].u.number == 2 : ad_rows(y) == 1 && ad_cols(y) > 1;
    ad_var heights = ad_add(but_one(y, across, true), but_one(y, across, false)), widths;
    if (spaced && !intervals(call, x, y, across, &widths)) return false;
    if (spaced) heights = ad_mul(widths, heights);
    return give_tape(call, ad_scale((across ? ad_sum_rows : ad_sum_cols)(heights), 0.5));
}

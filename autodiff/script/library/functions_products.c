/* SPDX-License-Identifier: MIT */
/* Products of vectors, covariances and norms. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

static bool same_shape(function_call *call, ad_var x, ad_var y)
{
    return (ad_rows(x) == ad_rows(y) && ad_cols(x) == ad_cols(y)) ||
           fail(call->in, "%s: %zux%zu and %zux%zu: the shapes differ", call->function->name,
                ad_rows(x), ad_cols(x), ad_rows(y), ad_cols(y));
}

bool call_dot(function_call *call)
{
    const ad_var x = call->arguments[0].var, y = call->arguments[1].var;
    const size_t size = ad_rows(x) * ad_cols(x);
    if (call->count == 2 && is_vector(x) && is_vector(y) && size == ad_rows(y) * ad_cols(y))
        return give_tape(call, ad_dot(ad_reshape(x, size, 1), ad_reshape(y, size, 1)));
    if (!same_shape(call, x, y)) return false;
    const bool across = call->count == 3 && call->arguments[2].u.number == 2;
    return give_tape(call, (across ? ad_sum_rows : ad_sum_cols)(ad_mul(x, y)));
}

/* ---- cross ---- */

static ad_var line(ad_var x, bool across, size_t k)
{
    return across ? ad_block(x, 0, k, ad_rows(x), 1) : ad_block(x, k, 0, 1, ad_cols(x));
}

/* A line of the product, from the two that follow. */
static ad_var cross_line(ad_var x, ad_var y, bool across, size_t k)
{
    const size_t second = (k + 1) % 3, third = (k + 2) % 3;
    return ad_sub(ad_mul(line(x, across, second), line(y, across, third)),
                  ad_mul(line(x, across, third), line(y, across, second)));
}

/* Along the first dimension that has 3 elements, or along that asked for. */
bool call_cross(function_call *call)
{
    const ad_var x = call->arguments[0].var, y = call->arguments[1].var;
    const bool chosen = call->count == 3;
    const bool across = chosen ? call->arguments[2].u.number == 2 : ad_rows(x) != 3;
    if (!same_shape(call, x, y)) return false;
    if ((across ? ad_cols(x) : ad_rows(x)) != 3)
        return fail(call->in, "cross: a dimension with 3 elements is needed, %zux%zu has none%s",
                    ad_rows(x), ad_cols(x), chosen ? " there" : "");
    ad_var lines[3];
    for (size_t k = 0; k < 3; k++) lines[k] = cross_line(x, y, across, k);
    return give_tape(call, (across ? ad_hcat_all : ad_vcat_all)(lines, 3));
}

/* ---- cov ---- */

/* What is left after the means of the columns; a row counts as a column. */
static ad_var centered(ad_var x)
{
    if (ad_rows(x) == 1) x = ad_transpose(x);
    return ad_sub(x, mean_cols(x));
}

/* cov(x, y, opt); cov(x, opt), as the second argument is a scalar. */
bool call_cov(function_call *call)
{
    const ad_var x = call->arguments[0].var, y = call->arguments[call->count > 1].var;
    const bool alone = call->count == 1 || is_scalar(call->arguments[1]);
    double option = call->count == 3 ? call->arguments[2].u.number : 0;
    if (call->count == 2 && alone) option = ad_value(y);
    if (option != 0 && option != 1)
        return fail(call->in, "cov: the last argument is 0 or 1, not %g", option);
    if (is_scalar(call->arguments[0])) return give(call, value_number(0));
    const ad_var rest = centered(x), other = alone ? rest : centered(y);
    if (ad_rows(rest) != ad_rows(other))
        return fail(call->in, "cov: %zux%zu and %zux%zu: as many observations are needed",
                    ad_rows(x), ad_cols(x), ad_rows(y), ad_cols(y));
    return give_tape(
        call, divided(ad_matmul(ad_transpose(rest), other), (double)ad_rows(rest) - 1 + option));
}

/* ---- norm ---- */

/* (sum |x|^p)^(1/p) of a vector, p not negative, scaled by a constant against overflow. */
static ad_var power_norm(ad_var x, double p)
{
    const ad_var magnitudes = ad_abs(x);
    if (p == -INFINITY) return ad_minimum(magnitudes);
    if (p == 0) return ad_sum(ad_abs(ad_sign(x)));
    const double scale = ad_value(ad_maximum(magnitudes));
    if (scale == 0 || isinf(scale)) return ad_norm2(x);
    const ad_var powers = ad_sum(ad_pow_to(divided(magnitudes, scale), p));
    return ad_scale(ad_pow_to(powers, 1 / p), scale);
}

bool norm_named(function_call *call, ad_var x, ad_var *norm)
{
    const script_value *kind = &call->arguments[1];
    const char *name = kind->kind == VALUE_STRING ? kind->u.string->bytes : NULL;
    if (!name && !convert_argument(call, 1, 'n')) return false;
    const double p = name ? NAN : kind->u.number;
    if (name && strcmp(name, "fro") == 0) *norm = ad_norm_fro(x);
    else if (p == INFINITY || (name && (strcmp(name, "inf") == 0 || strcmp(name, "Inf") == 0)))
        *norm = ad_norm_inf(x);
    else if (name)
        return fail(call->in, "norm: there is no norm \"%s\"; there are 1, 2, Inf and \"fro\"",
                    name);
    else if (p == 1 || p == 2) *norm = (p == 1 ? ad_norm1 : ad_norm2)(x);
    else if (!is_vector(x) || !(p >= 0 || p == -INFINITY))
        return fail(call->in, "norm: there is no norm %g; there are 1, 2, Inf and \"fro\"", p);
    else *norm = power_norm(x, p);
    return true;
}

bool call_norm(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    if (call->count == 1) return give_tape(call, ad_norm2(x));
    ad_var norm;
    return norm_named(call, x, &norm) && give_tape(call, norm);
}

/* SPDX-License-Identifier: MIT */
/* The product of two vectors, and norms. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

static ad_var divided(ad_var x, double number)
{
    return ad_div(x, ad_number(x.tape, number));
}

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

bool call_norm(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const script_value *kind = &call->arguments[1];
    if (call->count == 1) return give_tape(call, ad_norm2(x));
    const char *name = kind->kind == VALUE_STRING ? kind->u.string->bytes : NULL;
    if (!name && !convert_argument(call, 1, 'n')) return false;
    const double p = name ? NAN : kind->u.number;
    if (name && strcmp(name, "fro") == 0) return give_tape(call, ad_norm_fro(x));
    if (p == INFINITY || (name && (strcmp(name, "inf") == 0 || strcmp(name, "Inf") == 0)))
        return give_tape(call, ad_norm_inf(x));
    if (name)
        return fail(call->in, "norm: there is no norm \"%s\"; there are 1, 2, Inf and \"fro\"",
                    name);
    if (p == 1 || p == 2) return give_tape(call, (p == 1 ? ad_norm1 : ad_norm2)(x));
    if (!is_vector(x) || !(p >= 0 || p == -INFINITY))
        return fail(call->in, "norm: there is no norm %g; there are 1, 2, Inf and \"fro\"", p);
    return give_tape(call, power_norm(x, p));
}

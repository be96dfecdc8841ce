/* SPDX-License-Identifier: MIT */
/* Linear algebra. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

/* R with R'R = A, of the upper triangle: the tape has L L' = (S + S')/2, and R = L'. */
bool call_chol(function_call *call)
{
    const ad_var A = call->arguments[0].var, diagonal = ad_diag(ad_diagonal(A));
    return give_tape(call, ad_transpose(ad_cholesky(ad_sub(ad_scale(ad_triu(A), 2), diagonal))));
}

/* Octave sums the diagonal of any matrix. That of a square product needs no product: ad_trace. */
bool call_trace(function_call *call)
{
    const ad_var A = call->arguments[0].var;
    return give_tape(call, ad_rows(A) == ad_cols(A) ? ad_trace(A) : ad_sum(ad_diagonal(A)));
}

bool call_slogdet(function_call *call)
{
    ad_var matrix = call->arguments[0].var;
    return give_tape(call, as_variable(ad_detsign(matrix))) &&
           (call->wanted < 2 || give_tape(call, ad_logabsdet(matrix)));
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
    const ad_var powers = ad_sum(ad_pow_to(ad_div(magnitudes, ad_number(x.tape, scale)), p));
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
    if (name) octave_says(call->in, "", "norm: unrecognized option: %s", name);
    if (name)
        return fail(call->in, "norm: there is no norm \"%s\"; there are 1, 2, Inf and \"fro\"",
                    name);
    if (p == 1 || p == 2) return give_tape(call, (p == 1 ? ad_norm1 : ad_norm2)(x));
    if (!is_vector(x) || !(p >= 0 || p == -INFINITY))
        return fail(call->in, "norm: there is no norm %g; there are 1, 2, Inf and \"fro\"", p);
    return give_tape(call, power_norm(x, p));
}

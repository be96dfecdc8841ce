/* SPDX-License-Identifier: MIT */
/* Linear algebra. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

/* R with R'R = A, of the upper triangle. The tape's L L' = S with S that triangle mirrored; R = L'. */
bool call_chol(function_call *call)
{
    const ad_var matrix = call->arguments[0].var;
    const size_t n = ad_rows(matrix);
    size_t *mirror = new_indices(call->in, n, n);
    if (!mirror) return false;
    for (size_t at = 0; at < n * n; at++) {
        const size_t i = at / n, j = at % n;
        mirror[at] = i < j ? at : j * n + i;
    }
    const ad_var symmetric = ad_gather(matrix, mirror, n, n);
    release(mirror);
    return give_tape(call, ad_transpose(ad_cholesky(symmetric)));
}

bool call_slogdet(function_call *call)
{
    ad_var matrix = call->arguments[0].var;
    return give_tape(call, as_variable(ad_detsign(matrix))) &&
           (call->wanted < 2 || give_tape(call, ad_logabsdet(matrix)));
}

bool call_charpoly(function_call *call)
{
    ad_var matrix = call->arguments[0].var, x = call->arguments[1].var;
    if (ad_rows(x) != 1 || ad_cols(x) != 1)
        return fail(call->in, "charpoly: %zux%zu and %zux%zu: the second argument is one number",
                    ad_rows(matrix), ad_cols(matrix), ad_rows(x), ad_cols(x));
    return give_tape(call, ad_charpoly(matrix, x));
}

/* x y' of two vectors */
bool call_outer(function_call *call)
{
    ad_var x = call->arguments[0].var, y = call->arguments[1].var;
    if (!is_vector(x) || !is_vector(y))
        return fail(call->in, "outer: %zux%zu and %zux%zu: both must be vectors", ad_rows(x),
                    ad_cols(x), ad_rows(y), ad_cols(y));
    return give_tape(call, ad_outer(x, y));
}

/* Every element of the first times the second, and so on. */
bool call_kron(function_call *call)
{
    ad_var product = call->arguments[0].var;
    for (size_t k = 1; k < call->count; k++) product = ad_kron(product, call->arguments[k].var);
    return give_tape(call, product);
}

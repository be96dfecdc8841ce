/* SPDX-License-Identifier: MIT */
/* Linear algebra. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

/* How many of the leading blocks of S are positive definite, S the mirrored triangle. The elements
 * are those of Cholesky's factor, row by row (Golub & Van Loan 2013, section 4.2.5). */
static size_t definite_order(size_t n, const double *values, const size_t *mirror, double *factor)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double rest = values[mirror[i * n + j]];
            for (size_t k = 0; k < j; k++) rest -= factor[i * n + k] * factor[j * n + k];
            if (i == j && !(rest > 0)) return i;
            factor[i * n + j] = i == j ? sqrt(rest) : rest / factor[j * n + j];
        }
    }
    return n;
}

/* The triangle that counts, mirrored: the positions of S in A. */
static void fill_mirror(size_t n, bool lower, size_t *mirror)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) mirror[i * n + j] = (i < j) != lower ? i * n + j : j * n + i;
}

/* [R, p]: R of the largest leading block that has one. */
static bool give_chol(function_call *call, ad_var matrix, bool lower, size_t order)
{
    const ad_var factor = ad_cholesky(ad_block(matrix, 0, 0, order, order));
    return give_tape(call, lower ? factor : ad_transpose(factor)) &&
           (call->wanted < 2 ||
            give(call, value_number(order == ad_rows(matrix) ? 0 : (double)(order + 1))));
}

/* R with R'R = A. The tape's L L' = (S + S')/2 with S a triangle of A, mirrored; R = L'. */
bool call_chol(function_call *call)
{
    const ad_var matrix = call->arguments[0].var;
    const size_t n = ad_rows(matrix);
    const char *which = call->count > 1 ? call->arguments[1].u.string->bytes : "upper";
    const bool lower = strcmp(which, "lower") == 0;
    if (!lower && strcmp(which, "upper") != 0)
        return fail(call->in, "chol: the triangle is \"lower\" or \"upper\", not \"%s\"", which);
    size_t *mirror = new_indices(call->in, n, n);
    double *factor = mirror && call->wanted > 1 ? new_numbers(call->in, n, n) : NULL;
    bool ok = mirror && (factor || call->wanted < 2);
    if (ok) {
        fill_mirror(n, lower, mirror);
        const size_t order = factor ? definite_order(n, ad_values(matrix), mirror, factor) : n;
        ok = give_chol(call, ad_gather(matrix, mirror, n, n), lower, order);
    }
    release(factor);
    release(mirror);
    return ok;
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

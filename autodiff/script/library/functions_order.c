/* SPDX-License-Identifier: MIT */
/* Where elements are, and whether they are equal: find, isequal, accumarray. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- find ---- */

/* The places of the elements that are not 0, counted down the columns. */
bool call_find(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const size_t m = ad_rows(x), n = ad_cols(x), size = m * n;
    size_t count = 0;
    double *found = new_numbers(call->in, m, n);
    for (size_t k = 0; found && k < size; k++)
        if (ad_values(x)[row_major(k, m, n)] != 0) found[count++] = (double)(k + 1);
    /* Octave's shapes: a row of a row, [](0x0) of a 0, else a column */
    const bool none = (size == 1 && count == 0) || (m == 0 && n == 0), row = m == 1 && !none;
    return found && give_numbers(call, row ? 1 : count, row ? count : !none, found);
}

/* ---- isequal ---- */

bool call_isequal(function_call *call)
{
    bool same = true;
    for (size_t k = 0; k < call->count; k++)
        if (call->arguments[k].kind == VALUE_STRING && !convert_argument(call, k, 'r'))
            return false;
    for (size_t k = 1; same && k < call->count; k++)
        same = equal_values(&call->arguments[0], &call->arguments[k]);
    return give(call, value_logical(same));
}

/* ---- accumarray ---- */

/* Adds x at the places of a column, counted down the columns of a matrix of the shape asked for. */
bool call_accumarray(function_call *call)
{
    const double *at = value_numbers(&call->arguments[0]);
    const double *shape = value_numbers(&call->arguments[2]);
    const size_t count = call->arguments[0].rows;
    const size_t rows = (size_t)shape[0], cols = (size_t)shape[1];
    ad_var x = call->arguments[1].var;
    size_t *positions = new_indices(call->in, count, 1);
    if (!positions) return false;
    for (size_t k = 0; k < count; k++) positions[k] = row_major((size_t)at[k] - 1, rows, cols);
    if (ad_rows(x) * ad_cols(x) != count) x = ad_broadcast(ad_reshape(x, 1, 1), count, 1);
    const bool ok = give_tape(call, ad_scatter(x, positions, rows, cols));
    release(positions);
    return ok;
}

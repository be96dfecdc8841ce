/* SPDX-License-Identifier: MIT */
/* Elements as a set, compared with others, or gathered by number. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

/* ---- isequal ---- */

static bool same_values(const script_value *x, const script_value *y)
{
    matrix_view a, b;
    if (!value_view(x, &a) || !value_view(y, &b) || a.rows != b.rows || a.cols != b.cols)
        return false;
    for (size_t k = 0; k < a.rows * a.cols; k++)
        if (a.values[k] != b.values[k]) return false;
    return true;
}

bool call_isequal(function_call *call)
{
    bool same = true;
    for (size_t k = 0; k < call->count; k++)
        if (call->arguments[k].kind == VALUE_STRING && !convert_argument(call, k, 'r'))
            return false;
    for (size_t k = 1; same && k < call->count; k++)
        same = same_values(&call->arguments[0], &call->arguments[k]);
    return give(call, value_logical(same));
}

/* ---- accumarray ---- */

/* Adds x at the places of a column, counted down the columns of a matrix of the shape asked for. */
bool call_accumarray(function_call *call)
{
    matrix_view at, shape;
    value_view(&call->arguments[0], &at);
    value_view(&call->arguments[2], &shape);
    const size_t rows = (size_t)shape.values[0], cols = (size_t)shape.values[1];
    ad_var x = call->arguments[1].var;
    size_t *positions = new_indices(call->in, at.rows, 1);
    if (!positions) return false;
    for (size_t k = 0; k < at.rows; k++)
        positions[k] = row_major((size_t)at.values[k] - 1, rows, cols);
    if (ad_rows(x) * ad_cols(x) != at.rows) x = ad_broadcast(ad_reshape(x, 1, 1), at.rows, 1);
    const bool ok = give_tape(call, ad_scatter(x, positions, rows, cols));
    release(positions);
    return ok;
}

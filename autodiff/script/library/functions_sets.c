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

/* The shape: as asked for, or as large as the places need. */
static bool accumulated_shape(function_call *call, const matrix_view *at, size_t shape[2])
{
    matrix_view asked = {0};
    if (call->count > 2) value_view(&call->arguments[2], &asked);
    double needed[2] = {0, at->cols == 1};
    for (size_t k = 0; k < at->rows * at->cols; k++) {
        const double place = at->values[k];
        if (!(place >= 1 && floor(place) == place && place < 0x1p53))
            return fail(call->in, "accumarray: a place is an integer from 1 on, not %g", place);
        needed[k % at->cols] = fmax(needed[k % at->cols], place);
    }
    if (call->count > 2 && asked.rows * asked.cols != 2)
        return fail(call->in, "accumarray: a size has two numbers, m and n");
    for (size_t k = 0; k < 2; k++) {
        const double size = call->count > 2 ? asked.values[k] : needed[k];
        if (!(size >= 0 && floor(size) == size && size < 0x1p53))
            return fail(call->in, "accumarray: a size must be an integer, and is %g", size);
        shape[k] = (size_t)size;
    }
    return (at->cols == 1 ? needed[0] <= (double)shape[0] * (double)shape[1]
                          : needed[0] <= (double)shape[0] && needed[1] <= (double)shape[1]) ||
           fail(call->in, "accumarray: a place is outside %zux%zu", shape[0], shape[1]);
}

/* A column of places counts down the columns; two columns are rows and columns. */
bool call_accumarray(function_call *call)
{
    matrix_view at;
    value_view(&call->arguments[0], &at);
    ad_var x = call->arguments[1].var;
    const size_t count = at.rows, size = ad_rows(x) * ad_cols(x);
    size_t shape[2];
    if (at.cols != 1 && at.cols != 2)
        return fail(call->in, "accumarray: the places are a column, or rows of two, not %zux%zu",
                    at.rows, at.cols);
    if (size != 1 && (!is_vector(x) || size != count))
        return fail(call->in, "accumarray: %zux%zu for %zu places", ad_rows(x), ad_cols(x), count);
    if (!accumulated_shape(call, &at, shape)) return false;
    size_t *positions = new_indices(call->in, count, 1);
    if (!positions) return false;
    for (size_t k = 0; k < count; k++) {
        const double *place = at.values + k * at.cols;
        positions[k] = at.cols == 1 ? row_major((size_t)*place - 1, shape[0], shape[1])
                                    : ((size_t)place[0] - 1) * shape[1] + (size_t)place[1] - 1;
    }
    if (size != count) x = ad_broadcast(ad_reshape(x, 1, 1), count, 1);
    const bool ok = give_tape(call, ad_scatter(x, positions, shape[0], shape[1]));
    release(positions);
    return ok;
}

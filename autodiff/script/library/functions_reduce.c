/* SPDX-License-Identifier: MIT */
/* Reductions: of a vector whole, of a matrix column by column, or along the dimension asked for. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

axis axis_of(const function_call *call, size_t k)
{
    size_t rows = call->arguments[0].rows, cols = call->arguments[0].cols;
    bool chosen = call->count > k && call->arguments[k].kind == VALUE_NUMBER;
    bool whole = !chosen && (rows == 1 || cols == 1 || rows + cols == 0);
    bool across = chosen ? call->arguments[k].u.number == 2 : rows == 1;
    if (whole) return (axis){true, across, 1, rows * cols, 1, 1};
    if (across) return (axis){false, true, rows, cols, rows, 1};
    return (axis){false, false, cols, rows, 1, cols};
}

size_t axis_place(const axis *along, size_t line, size_t k)
{
    return along->across ? line * along->length + k : k * along->count + line;
}

/* The operation on all elements, on each row, or on each column. */
static ad_var reduced(const builtin *function, ad_var x, const axis *along)
{
    return function->along[along->whole ? 0 : along->across ? 2 : 1](x);
}

/* sum, prod, cumsum, cumprod */
bool call_reduce(function_call *call)
{
    axis along = axis_of(call, 1);
    return give_tape(call, reduced(call->function, call->arguments[0].var, &along));
}

/* ---- max and min ---- */

/* The number of the extreme among the elements of a line; the first NaN wins. */
static size_t extreme_position(const double *values, const axis *along, size_t line, bool largest)
{
    size_t best = 0;
    for (size_t k = 0; k < along->length; k++) {
        double x = values[axis_place(along, line, k)], y = values[axis_place(along, line, best)];
        if (isnan(x)) return k;
        best = (largest ? x > y : x < y) ? k : best;
    }
    return best;
}

/* No elements have no extremes: max of [](0x0) is [](0x0), of [](3x0) it is [](1x0). */
static bool extreme_of_none(function_call *call, const axis *along)
{
    const size_t m = call->arguments[0].rows, n = call->arguments[0].cols;
    const size_t rows = !along->whole && !along->across && m ? 1 : m;
    const size_t cols = !along->whole && along->across && n ? 1 : n;
    script_value none;
    for (size_t k = 0; k < (call->wanted > 1 ? call->wanted : 1); k++)
        if (!record(call->in, rows, cols, NULL, &none) || !give(call, none)) return false;
    return true;
}

/* max(x), max(x, y), max(x, [], dimension), [m, i] = max(x) with the places i, counted from 1 */
bool call_extreme(function_call *call)
{
    const bool largest = call->function->along[0] == ad_maximum;
    const ad_var x = call->arguments[0].var;
    const axis along = axis_of(call, 2);
    if (call->count == 2 && call->wanted > 1)
        return fail(call->in, "%s: of two arguments returns one value", call->function->name);
    if (call->count == 2) return give_fitting(call, largest ? ad_max : ad_min);
    if (call->count == 3 && !is_empty(call->arguments[1]))
        return fail(call->in, "%s: with a dimension the second argument is []",
                    call->function->name);
    if (is_empty(call->arguments[0])) return extreme_of_none(call, &along);
    if (!give_tape(call, reduced(call->function, x, &along)) || call->wanted < 2)
        return call->returned > 0;
    double *places = new_numbers(call->in, along.rows, along.cols);
    for (size_t k = 0; places && k < along.count; k++)
        places[k] = (double)(extreme_position(ad_values(x), &along, k, largest) + 1);
    return places && give_numbers(call, along.rows, along.cols, places);
}

/* ---- any, all ---- */

bool call_any(function_call *call)
{
    bool is_any = call->function->parameter != 0;
    matrix_view view;
    axis along = axis_of(call, 1);
    value_view(&call->arguments[0], &view);
    double *truths = new_numbers(call->in, along.rows, along.cols);
    if (!truths) return false;
    for (size_t line = 0; line < along.count; line++) {
        bool found = false;
        for (size_t k = 0; k < along.length && !found; k++)
            found = (view.values[axis_place(&along, line, k)] != 0) == is_any;
        truths[line] = found == is_any;
    }
    return give_logical(call, along.rows, along.cols, truths);
}

/* ---- Shapes ---- */

/* rows, columns, numel, length, ndims */
bool call_extent(function_call *call)
{
    const double m = (double)call->arguments[0].rows, n = (double)call->arguments[0].cols;
    double extent = 2;
    switch ((char)call->function->parameter) {
    case 'r': extent = m; break;
    case 'c': extent = n; break;
    case 'n': extent = m * n; break;
    case 'l': extent = m * n == 0 ? 0 : fmax(m, n); break;
    }
    return give(call, value_number(extent));
}

bool call_isempty(function_call *call)
{
    return give(call, value_logical(is_empty(call->arguments[0])));
}

bool call_size(function_call *call)
{
    double extents[2] = {(double)call->arguments[0].rows, (double)call->arguments[0].cols};
    if (call->count == 2) {
        double dimension = call->arguments[1].u.number;
        if (!(dimension >= 1 && floor(dimension) == dimension))
            return fail(call->in, "size: the dimension must be an integer from 1 on");
        return give(call, value_number(dimension > 2 ? 1 : extents[(size_t)dimension - 1]));
    }
    if (call->wanted > 1)
        return give(call, value_number(extents[0])) && give(call, value_number(extents[1]));
    script_value both;
    return record(call->in, 1, 2, extents, &both) && give(call, both);
}

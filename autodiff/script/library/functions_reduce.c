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
    if (whole) return (axis){true, across, 1, rows * cols};
    return (axis){false, across, across ? rows : cols, across ? cols : rows};
}

size_t axis_place(const axis *along, size_t line, size_t k)
{
    return along->across ? line * along->length + k : k * along->count + line;
}

size_t axis_rows(const axis *along)
{
    return along->across ? along->count : 1;
}

size_t axis_cols(const axis *along)
{
    return along->across ? 1 : along->count;
}

typedef ad_var operation_of_one(ad_var);

/* One operation each for all, the columns, the rows. */
static ad_var reduced(ad_var x, const axis *along, operation_of_one *all, operation_of_one *columns,
                      operation_of_one *rows)
{
    return along->whole ? all(x) : along->across ? rows(x) : columns(x);
}

static ad_var reduced_as(const builtin *function, ad_var x, const axis *along)
{
    return reduced(x, along, function->along[0], function->along[1], function->along[2]);
}

/* sum, sumsq, prod, cumsum, cumprod */
bool call_reduce(function_call *call)
{
    axis along = axis_of(call, 1);
    return give_tape(call, reduced_as(call->function, call->arguments[0].var, &along));
}

ad_var divided(ad_var sum, double number)
{
    return ad_div(sum, ad_constant(sum.tape, 1, 1, &number));
}

ad_var sumsq_cols(ad_var x)
{
    return ad_sum_cols(ad_square(x));
}

ad_var sumsq_rows(ad_var x)
{
    return ad_sum_rows(ad_square(x));
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

/* Where the extremes are, counted from 1: what [m, i] = max(x) calls i. */
static bool give_positions(function_call *call, ad_var x, const axis *along, bool largest)
{
    size_t rows = axis_rows(along), cols = axis_cols(along);
    double *positions = new_numbers(call->in, rows, cols);
    if (!positions) return false;
    for (size_t k = 0; k < along->count; k++)
        positions[k] = (double)(extreme_position(ad_values(x), along, k, largest) + 1);
    return give_numbers(call, rows, cols, positions);
}

/* No elements have no extremes: max of [](0x0) is [](0x0), of [](3x0) it is [](1x0). */
static bool extreme_of_none(function_call *call, ad_var x, const axis *along)
{
    size_t m = ad_rows(x), n = ad_cols(x);
    size_t rows = !along->whole && !along->across && m ? 1 : m;
    size_t cols = !along->whole && along->across && n ? 1 : n;
    script_value none;
    for (size_t k = 0; k < (call->wanted > 1 ? call->wanted : 1); k++)
        if (!record(call->in, rows, cols, NULL, &none) || !give(call, none)) return false;
    return true;
}

/* max(x), max(x, [], dimension), [m, i] = max(x) */
static bool extreme_of_one(function_call *call, bool largest)
{
    if (!convert_argument(call, 0, 'm')) return false;
    ad_var x = call->arguments[0].var;
    axis along = axis_of(call, 2);
    if (ad_rows(x) * ad_cols(x) == 0) return extreme_of_none(call, x, &along);
    return give_tape(call, reduced_as(call->function, x, &along)) &&
           (call->wanted < 2 || give_positions(call, x, &along, largest));
}

bool call_extreme(function_call *call)
{
    bool largest = call->function->along[0] == ad_maximum;
    if (call->count == 1) return extreme_of_one(call, largest);
    if (call->count == 3) {
        if (!is_empty(call->arguments[1]))
            return fail(call->in, "%s: with a dimension the second argument is []",
                        call->function->name);
        return extreme_of_one(call, largest);
    }
    if (call->wanted > 1)
        return fail(call->in, "%s: of two arguments returns one value", call->function->name);
    return convert_argument(call, 0, 'm') && convert_argument(call, 1, 'm') &&
           give_fitting(call, largest ? ad_max : ad_min);
}

/* ---- any, all ---- */

bool call_any(function_call *call)
{
    bool is_any = call->function->parameter != 0;
    matrix_view view;
    axis along = axis_of(call, 1);
    value_view(&call->arguments[0], &view);
    size_t rows = axis_rows(&along), cols = axis_cols(&along);
    double *truths = new_numbers(call->in, rows, cols);
    if (!truths) return false;
    for (size_t line = 0; line < along.count; line++) {
        bool found = false;
        for (size_t k = 0; k < along.length && !found; k++)
            found = (view.values[axis_place(&along, line, k)] != 0) == is_any;
        truths[line] = found == is_any;
    }
    return give_logical(call, rows, cols, truths);
}

/* ---- Shapes ---- */

/* rows, columns, numel, length, ndims */
bool call_extent(function_call *call)
{
    size_t m = call->arguments[0].rows, n = call->arguments[0].cols;
    size_t longest = m * n == 0 ? 0 : m > n ? m : n;
    size_t extents[] = {
        [EXTENT_ROWS] = m,         [EXTENT_COLUMNS] = n,    [EXTENT_SIZE] = m * n,
        [EXTENT_LENGTH] = longest, [EXTENT_DIMENSIONS] = 2,
    };
    return give(call, value_number((double)extents[(size_t)call->function->parameter]));
}

bool call_isempty(function_call *call)
{
    return give(call, value_logical(is_empty(call->arguments[0])));
}

bool call_size(function_call *call)
{
    double extents[2] = {(double)call->arguments[0].rows,
                         (double)call->arguments[0].cols};
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

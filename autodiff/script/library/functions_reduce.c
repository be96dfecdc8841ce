/* SPDX-License-Identifier: MIT */
/* Reductions and sorting: of a vector whole, of a matrix column by column, or along the dimension asked
 * for; and shapes. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Along what a function of a matrix runs: count lines of length elements each. A vector, and
 * [](0x0), is a single line. */
typedef struct axis {
    bool whole;  /* the one line has all elements */
    bool across; /* the lines are rows, else columns */
    size_t count;
    size_t length;
    size_t rows; /* the shape of what has one element a line */
    size_t cols;
} axis;

/* The axis that argument k gives as a dimension, else Octave's choice. */
static axis axis_of(const function_call *call, size_t k)
{
    size_t rows = call->arguments[0].rows, cols = call->arguments[0].cols;
    bool chosen = call->count > k && call->arguments[k].kind == VALUE_NUMBER;
    bool whole = !chosen && (rows == 1 || cols == 1 || rows + cols == 0);
    bool across = chosen ? call->arguments[k].u.number == 2 : rows == 1;
    if (whole) return (axis){true, across, 1, rows * cols, 1, 1};
    if (across) return (axis){false, true, rows, cols, rows, 1};
    return (axis){false, false, cols, rows, 1, cols};
}

/* The row-major position of element k of a line. */
static size_t axis_place(const axis *along, size_t line, size_t k)
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
    /* no elements have no extremes: max of [](0x0) is [](0x0), of [](3x0) it is [](1x0) */
    const size_t rows = ad_rows(x) ? along.rows : 0, cols = ad_cols(x) ? along.cols : 0;
    if (!give_tape(call, is_empty(call->arguments[0]) ? ad_input(x.tape, rows, cols, NULL)
                                                      : reduced(call->function, x, &along)))
        return false;
    if (call->wanted < 2) return true;
    double *places = new_numbers(call->in, rows, cols);
    for (size_t k = 0; places && k < rows * cols; k++)
        places[k] = (double)(extreme_position(ad_values(x), &along, k, largest) + 1);
    return places && give_numbers(call, rows, cols, places);
}

/* ---- sort ---- */

/* What elements are sorted by, one after another: whether they are NaN, which counts as the largest,
 * their values, and their places in the line, so that what is equal keeps its order. */
enum { NAN_FIRST_OR_LAST, VALUE, PLACE, KEYS };

static int compare_keys(const void *a, const void *b)
{
    const double *x = a, *y = b;
    for (int k = 0; k < KEYS; k++)
        if (x[k] != y[k]) return x[k] < y[k] ? -1 : 1;
    return 0;
}

/* sort(x, dim, mode), each of the last two if it is given. */
static bool sort_arguments(function_call *call, bool *descending)
{
    size_t last = call->count - 1;
    *descending = false;
    if (last && call->arguments[last].kind == VALUE_STRING) {
        const char *mode = call->arguments[last--].u.string->bytes;
        *descending = strcmp(mode, "descend") == 0;
        if (!*descending && strcmp(mode, "ascend") != 0)
            return fail(call->in, "sort: the mode is \"ascend\" or \"descend\", not \"%s\"", mode);
    }
    return last == 0 || convert_argument(call, 1, 'd');
}

/* [s, i]: the elements, and where they come from, counted from 1. */
bool call_sort(function_call *call)
{
    bool descending;
    if (!sort_arguments(call, &descending)) return false;
    axis along = axis_of(call, 1);
    if (is_empty(call->arguments[0])) along.count = along.length = 0; /* 1e15 empty lines too */
    const ad_var x = call->arguments[0].var;
    const int sign = descending ? -1 : 1;
    size_t *positions = new_indices(call->in, ad_rows(x), ad_cols(x));
    double *places = new_numbers(call->in, ad_rows(x), ad_cols(x));
    double *keys = new_numbers(call->in, KEYS, along.length);
    bool ok = positions && places && keys;
    for (size_t line = 0; ok && line < along.count; line++) {
        for (size_t k = 0; k < along.length; k++) {
            const double value = ad_values(x)[axis_place(&along, line, k)];
            const bool is_nan = isnan(value);
            double *key = keys + KEYS * k;
            key[NAN_FIRST_OR_LAST] = sign * is_nan;
            key[VALUE] = is_nan ? 0 : sign * value;
            key[PLACE] = (double)k;
        }
        qsort(keys, along.length, KEYS * sizeof *keys, compare_keys);
        for (size_t k = 0; k < along.length; k++) {
            const size_t at = axis_place(&along, line, k), place = (size_t)keys[KEYS * k + PLACE];
            positions[at] = axis_place(&along, line, place);
            places[at] = (double)(place + 1);
        }
    }
    ok = ok && give_tape(call, ad_gather(x, positions, ad_rows(x), ad_cols(x)));
    if (ok && call->arguments[0].form == FORM_LOGICAL) call->results[0].form = FORM_LOGICAL;
    release(keys);
    release(positions);
    if (ok && call->wanted > 1) return give_numbers(call, ad_rows(x), ad_cols(x), places);
    release(places);
    return ok;
}

/* ---- any, all ---- */

bool call_any(function_call *call)
{
    bool is_any = call->function->parameter != 0;
    const double *numbers = value_numbers(&call->arguments[0]);
    axis along = axis_of(call, 1);
    double *truths = new_numbers(call->in, along.rows, along.cols);
    if (!truths) return false;
    for (size_t line = 0; line < along.count; line++) {
        bool found = false;
        for (size_t k = 0; k < along.length && !found; k++) {
            const double x = numbers[axis_place(&along, line, k)];
            found = is_any ? x < 0 || x > 0 : x == 0; /* NaN makes neither any nor not all */
        }
        truths[line] = found == is_any;
    }
    if (!give_numbers(call, along.rows, along.cols, truths)) return false;
    call->results[0].form = FORM_LOGICAL;
    return true;
}

/* ---- Shapes ---- */

/* rows, columns, numel, length */
bool call_extent(function_call *call)
{
    const double m = (double)call->arguments[0].rows, n = (double)call->arguments[0].cols;
    const int kind = (int)call->function->parameter;
    const double length = m * n == 0 ? 0 : fmax(m, n);
    return give(call, value_number(kind == 'r'   ? m
                                   : kind == 'c' ? n
                                   : kind == 'n' ? m * n
                                                 : length));
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

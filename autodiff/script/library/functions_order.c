/* SPDX-License-Identifier: MIT */
/* Where elements are, and whether they are equal: sort, find, isequal, accumarray. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- sort ---- */

/* An element of a line, and its place in it. */
typedef struct item {
    double value, place;
} item;

/* NaN counts as the largest; what is equal keeps its order in both directions. */
static int compare(const item *x, const item *y, int direction)
{
    int by_nan = (isnan(x->value) != 0) - (isnan(y->value) != 0);
    int by_value = (x->value > y->value) - (x->value < y->value);
    int order = direction * (by_nan ? by_nan : by_value);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int compare_ascending(const void *x, const void *y)
{
    return compare(x, y, 1);
}

static int compare_descending(const void *x, const void *y)
{
    return compare(x, y, -1);
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
static bool give_sorted(function_call *call, const size_t *positions, const double *places)
{
    const ad_var x = call->arguments[0].var;
    script_value second;
    if (!give_tape(call, ad_gather(x, positions, ad_rows(x), ad_cols(x)))) return false;
    if (call->arguments[0].form == FORM_LOGICAL) call->results[0].form = FORM_LOGICAL;
    if (call->wanted < 2) return true;
    return record(call->in, ad_rows(x), ad_cols(x), places, &second) && give(call, second);
}

bool call_sort(function_call *call)
{
    bool descending;
    if (!sort_arguments(call, &descending)) return false;
    axis along = axis_of(call, 1);
    if (is_empty(call->arguments[0])) along.count = along.length = 0; /* 1e15 empty lines too */
    const ad_var x = call->arguments[0].var;
    size_t *positions = new_indices(call->in, ad_rows(x), ad_cols(x));
    double *places = new_numbers(call->in, ad_rows(x), ad_cols(x));
    item *items = (item *)new_numbers(call->in, 2, along.length);
    bool ok = positions && places && items;
    for (size_t line = 0; ok && line < along.count; line++) {
        for (size_t k = 0; k < along.length; k++)
            items[k] = (item){ad_values(x)[axis_place(&along, line, k)], (double)k};
        qsort(items, along.length, sizeof *items,
              descending ? compare_descending : compare_ascending);
        for (size_t k = 0; k < along.length; k++) {
            const size_t at = axis_place(&along, line, k);
            positions[at] = axis_place(&along, line, (size_t)items[k].place);
            places[at] = items[k].place + 1;
        }
    }
    ok = ok && give_sorted(call, positions, places);
    release(items);
    release(positions);
    release(places);
    return ok;
}

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

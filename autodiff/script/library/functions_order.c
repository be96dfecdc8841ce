/* SPDX-License-Identifier: MIT */
/* sort and find: they pass derivatives to the elements that they pick. */
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

size_t *sorted_numbers(function_call *call, ad_var x, const axis *along, bool descending)
{
    const double *values = ad_values(x);
    size_t *numbers = new_indices(call->in, along->count, along->length);
    double *room = new_numbers(call->in, 2, along->length);
    item *items = (item *)room;
    for (size_t line = 0; numbers && items && line < along->count; line++) {
        for (size_t k = 0; k < along->length; k++)
            items[k] = (item){values[axis_place(along, line, k)], (double)k};
        qsort(items, along->length, sizeof *items,
              descending ? compare_descending : compare_ascending);
        for (size_t k = 0; k < along->length; k++)
            numbers[axis_place(along, line, k)] = (size_t)items[k].place;
    }
    release(room);
    if (room) return numbers;
    release(numbers);
    return NULL;
}

/* [s, i]: the elements, and where they come from, counted from 1. */
static bool give_sorted(function_call *call, const axis *along, size_t *numbers, double *places)
{
    ad_var x = call->arguments[0].var;
    for (size_t line = 0; line < along->count; line++) {
        for (size_t k = 0; k < along->length; k++) {
            size_t at = axis_place(along, line, k);
            places[at] = (double)(numbers[at] + 1);
            numbers[at] = axis_place(along, line, numbers[at]);
        }
    }
    script_value second;
    if (!give_tape(call, ad_gather(x, numbers, ad_rows(x), ad_cols(x)))) return false;
    if (call->arguments[0].form == FORM_LOGICAL) call->results[0].form = FORM_LOGICAL;
    if (call->wanted < 2) return true;
    return record(call->in, ad_rows(x), ad_cols(x), places, &second) && give(call, second);
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

bool call_sort(function_call *call)
{
    bool descending;
    if (!sort_arguments(call, &descending)) return false;
    axis along = axis_of(call, 1);
    if (is_empty(call->arguments[0])) along.count = along.length = 0; /* 1e15 empty lines too */
    ad_var x = call->arguments[0].var;
    size_t *numbers = sorted_numbers(call, x, &along, descending);
    double *places = new_numbers(call->in, ad_rows(x), ad_cols(x));
    bool ok = numbers && places && give_sorted(call, &along, numbers, places);
    release(numbers);
    release(places);
    return ok;
}

/* ---- find ---- */

/* How many to find, at most, and whether from the end. */
static bool find_limit(function_call *call, size_t *most, bool *from_end)
{
    *from_end = false;
    if (call->count < 2) return true;
    if (!convert_argument(call, 1, 'n')) return false;
    double limit = call->arguments[1].u.number;
    if (!(limit >= 1 && floor(limit) == limit))
        return fail(call->in, "find: the number to find is an integer from 1 on, not %g", limit);
    *most = limit < (double)*most ? (size_t)limit : *most;
    if (call->count < 3) return true;
    const char *where = call->arguments[2].u.string->bytes;
    *from_end = strcmp(where, "last") == 0;
    return *from_end || strcmp(where, "first") == 0 ||
           fail(call->in, "find: the third argument is \"first\" or \"last\", not \"%s\"", where);
}

/* The positions found, counted down the columns, as what (0: i, 1: j, 2: v of [i, j, v]). */
static bool give_found(function_call *call, const size_t *found, size_t rows, size_t cols, int what)
{
    ad_var x = call->arguments[0].var;
    size_t m = ad_rows(x), n = ad_cols(x), count = rows * cols;
    double *numbers = new_numbers(call->in, rows, cols);
    size_t *positions = new_indices(call->in, rows, cols);
    bool ok = numbers && positions;
    for (size_t k = 0; ok && k < count; k++) {
        size_t row = found[k] % m, column = found[k] / m;
        positions[k] = row_major(found[k], m, n);
        numbers[k] = (double)(what == 1 ? column : call->wanted > 1 ? row : found[k]) + 1;
    }
    script_value value;
    if (ok && what == 2) ok = give_tape(call, ad_gather(x, positions, rows, cols));
    else if (ok) ok = record(call->in, rows, cols, numbers, &value) && give(call, value);
    release(numbers);
    release(positions);
    return ok;
}

bool call_find(function_call *call)
{
    ad_var x = call->arguments[0].var;
    size_t m = ad_rows(x), n = ad_cols(x), size = m * n, most = size, count = 0;
    bool from_end;
    if (!find_limit(call, &most, &from_end)) return false;
    size_t *found = new_indices(call->in, m, n);
    if (!found) return false;
    for (size_t k = 0; k < size && count < most; k++) {
        size_t at = from_end ? size - 1 - k : k;
        if (ad_values(x)[row_major(at, m, n)] != 0) found[from_end ? most - ++count : count++] = at;
    }
    const size_t *first = from_end ? found + (most - count) : found;
    /* Octave's shapes: a row of a row, [](0x0) of a 0, else a column */
    bool none = (size == 1 && count == 0) || (m == 0 && n == 0), row = m == 1 && !none;
    bool ok = true;
    for (int what = 0; ok && what < (call->wanted > 1 ? (int)call->wanted : 1); what++)
        ok = give_found(call, first, row ? 1 : count, row ? count : !none, what);
    release(found);
    return ok;
}

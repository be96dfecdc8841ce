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

/* ---- unique, ismember ---- */

/* The elements counted down the columns, as a column. */
static ad_var stacked(ad_var x)
{
    return ad_reshape(is_vector(x) ? x : ad_transpose(x), ad_rows(x) * ad_cols(x), 1);
}

/* The places of the elements of a column, in the order of their values. */
static size_t *order_of(function_call *call, ad_var column)
{
    const axis all = {true, false, 1, ad_rows(column)};
    return sorted_numbers(call, column, &all, false);
}

/* What unique finds: for each of count values a place that has it, and for each place its value. */
typedef struct grouping {
    size_t count, size;
    size_t *places;
    double *numbers; /* from 1 */
} grouping;

/* Equal values are neighbours in the order; a NaN equals nothing. */
static void find_groups(grouping *groups, const double *values, const size_t *order, bool last)
{
    for (size_t k = 0; k < groups->size; k++) {
        const bool new = k == 0 || values[order[k]] != values[order[k - 1]];
        groups->count += new;
        if (new || last) groups->places[groups->count - 1] = order[k];
        groups->numbers[order[k]] = (double)groups->count;
    }
}

/* The values as they come first: a place counts if it is its value's. */
static void order_by_place(grouping *groups)
{
    size_t count = 0;
    size_t *const places = groups->places;
    for (size_t k = 0; k < groups->size; k++) groups->numbers[k] = 0;
    for (size_t k = 0; k < groups->count; k++) groups->numbers[places[k]] = 1;
    for (size_t k = 0; k < groups->size; k++)
        if (groups->numbers[k] != 0) places[count++] = k;
}

static bool give_column(function_call *call, size_t size, const double *numbers)
{
    script_value column;
    return record(call->in, size, size > 0, numbers, &column) && give(call, column);
}

static bool give_groups(function_call *call, const grouping *groups, ad_var column, size_t rows,
                        size_t cols)
{
    const size_t count = groups->count;
    if (!give_tape(call, ad_gather(column, groups->places, rows, cols))) return false;
    if (call->arguments[0].form == FORM_LOGICAL) call->results[0].form = FORM_LOGICAL;
    if (call->wanted < 2) return true;
    double *firsts = new_numbers(call->in, count, 1);
    for (size_t k = 0; firsts && k < count; k++) firsts[k] = (double)(groups->places[k] + 1);
    const bool ok = firsts && give_column(call, count, firsts) &&
                    (call->wanted < 3 || give_column(call, groups->size, groups->numbers));
    release(firsts);
    return ok;
}

/* unique(x, which) */
bool call_unique(function_call *call)
{
    const ad_var x = call->arguments[0].var, column = stacked(x);
    const char *which = call->count > 1 ? call->arguments[1].u.string->bytes : "first";
    const bool last = strcmp(which, "last") == 0, stable = strcmp(which, "stable") == 0;
    if (!last && !stable && strcmp(which, "first") != 0 && strcmp(which, "sorted") != 0)
        return fail(call->in,
                    "unique: there is no \"%s\"; there are \"first\", \"last\", \"sorted\" "
                    "and \"stable\"",
                    which);
    if (stable && call->wanted > 2) return fail(call->in, "unique: \"stable\" has two results");
    grouping groups = {.size = ad_rows(x) * ad_cols(x)};
    size_t *order = order_of(call, column);
    groups.places = new_indices(call->in, groups.size, 1);
    groups.numbers = new_numbers(call->in, groups.size, 1);
    bool ok = order && groups.places && groups.numbers;
    if (ok) {
        find_groups(&groups, ad_values(column), order, last);
        if (stable) order_by_place(&groups);
        const bool row = ad_rows(x) == 1 && groups.size > 0, none = ad_rows(x) + ad_cols(x) == 0;
        ok = give_groups(call, &groups, column, row ? 1 : groups.count, row ? groups.count : !none);
    }
    release(order);
    release(groups.places);
    release(groups.numbers);
    return ok;
}

/* How many of the values, in order, are not above x; NaN is above all. */
static size_t count_below(const double *values, const size_t *order, size_t size, double x)
{
    size_t low = 0, high = size;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (values[order[middle]] <= x) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Where several elements of s are equal, the last counts, as in Octave. */
bool call_ismember(function_call *call)
{
    const ad_var x = call->arguments[0].var, s = stacked(call->arguments[1].var);
    const size_t m = ad_rows(x), n = ad_cols(x);
    size_t *order = order_of(call, s);
    double *truths = new_numbers(call->in, m, n), *places = new_numbers(call->in, m, n);
    bool ok = order && truths && places;
    for (size_t k = 0; ok && k < m * n; k++) {
        const double value = ad_values(x)[k];
        const size_t below = count_below(ad_values(s), order, ad_rows(s), value);
        truths[k] = below > 0 && ad_values(s)[order[below - 1]] == value;
        places[k] = truths[k] != 0 ? (double)(order[below - 1] + 1) : 0;
    }
    release(order);
    if (!ok) {
        release(truths);
        release(places);
        return false;
    }
    ok = give_logical(call, m, n, truths);
    if (ok && call->wanted > 1) return give_numbers(call, m, n, places);
    release(places);
    return ok;
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

/* SPDX-License-Identifier: MIT */
#include "autodiff/script/run/elements.h"

#include <math.h>
#include <stdlib.h>

size_t position_at(const subscript *index, size_t k)
{
    return index->colon ? k : index->positions[k];
}

size_t selected(const selection *s, size_t k, size_t rows, size_t cols)
{
    const subscript *row = &s->along[0], *col = &s->along[1];
    if (s->count == 1) return row_major(position_at(row, k), rows, cols);
    return position_at(row, k % row->count) * cols + position_at(col, k / row->count);
}

size_t selection_size(const selection *s)
{
    return s->along[0].count * (s->count == 1 ? 1 : s->along[1].count);
}

static void subscript_free(subscript *index)
{
    if (index->positions != &index->one) release(index->positions);
}

void selection_free(selection *s)
{
    for (size_t k = 0; k < s->count; k++) subscript_free(&s->along[k]);
}

static void fill_colon(subscript *index, size_t extent)
{
    index->colon = true;
    index->count = index->rows = extent;
    index->cols = 1;
    index->largest = extent;
}

/* What Octave calls the value that is being indexed. */
static const char *index_name(const interpreter *in)
{
    return in->indexed ? in->indexed : "index ";
}

static bool fail_subscript(interpreter *in, double x)
{
    octave_says(in, "Octave:invalid-index",
                "%s(%s%.10g%s): subscripts must be either integers 1 to (2^63)-1 or logicals",
                index_name(in), in->index->position ? "_," : "", x,
                in->index->position + 1 < in->index->count ? ",_" : "");
    return fail(in, "an index must be an integer from 1 on, and is %.10g", x);
}

/* The positions that numbers name, or where a mask is true; of a mask a row stays a row. */
static bool fill_positions(interpreter *in, const script_value *value, subscript *index)
{
    const size_t size = value->rows * value->cols;
    const bool mask = value->form == FORM_LOGICAL, row = value->rows == 1 && value->cols != 1;
    const double *numbers = value_numbers(value);
    index->positions = size == 1 && !mask ? &index->one : new_indices(in, value->rows, value->cols);
    if (!index->positions) return false;
    for (size_t k = 0; k < size; k++) {
        double x = numbers[row_major(k, value->rows, value->cols)];
        if (mask && x == 0) continue;
        if (mask) x = (double)(k + 1);
        if (!(x >= 1 && x <= 0x1p53 && floor(x) == x)) return fail_subscript(in, x);
        index->positions[index->count++] = (size_t)x - 1;
        index->largest = (size_t)x > index->largest ? (size_t)x : index->largest;
    }
    index->rows = !mask ? value->rows : row ? 1 : index->count;
    index->cols = !mask ? value->cols : row ? index->count : size != 1 || index->count;
    return true;
}

static bool evaluate_subscript(interpreter *in, const syntax_node *node, size_t extent,
                               subscript *index)
{
    script_value numbers;
    if (node->kind == NODE_COLON) {
        fill_colon(index, extent);
        return true;
    }
    in->pending++;
    const bool ok = evaluate_numeric(in, node, "an index", &numbers);
    in->pending--;
    if (!ok) return false;
    index->range = numbers.form == FORM_RANGE;
    return fill_positions(in, &numbers, index);
}

bool select_elements(interpreter *in, const syntax_node *arguments, const script_value *value,
                     size_t rows, size_t cols, selection *s)
{
    const index_context *outer = in->index;
    index_context context = {.value = value, .count = list_length(arguments)};
    bool ok = true;
    *s = (selection){0};
    for (; ok && arguments; arguments = arguments->next, context.position++) {
        const size_t extents[] = {context.count == 1 ? value->rows * value->cols : rows, cols, 1};
        const size_t place = context.position < 2 ? context.position : 2;
        subscript *index = &s->along[place];
        *index = (subscript){0};
        in->index = &context;
        ok = evaluate_subscript(in, arguments, extents[place], index);
        s->count += place < 2;
        if (place == 2) {
            ok = ok && ((index->count == 1 && index->largest == 1) ||
                        fail(in, "a matrix has two dimensions: a third index is 1"));
            subscript_free(index);
        }
    }
    in->index = outer;
    if (!ok) selection_free(s);
    return ok;
}

/* ---- Reading ---- */

static bool in_bounds(interpreter *in, const selection *s, const script_value *value)
{
    const size_t m = value->rows, n = value->cols;
    for (size_t k = 0; k < s->count; k++) {
        const size_t extent = s->count == 1 ? m * n : k == 0 ? m : n;
        const size_t largest = s->along[k].largest;
        const char *before = k == 0 ? "(" : "(_,", *after = k + 1 == s->count ? ")" : ",_)";
        if (largest <= extent) continue;
        octave_says(in, "Octave:index-out-of-bounds",
                    "%s%s%zu%s: out of bound %zu (dimensions are %zux%zu)", index_name(in), before,
                    largest, after, extent, m, n);
        return fail(in, "index %s%zu%s: out of bounds %zu (the value is %zux%zu)", before, largest,
                    after, extent, m, n);
    }
    return true;
}

bool is_run(const subscript *index)
{
    for (size_t k = 1; !index->colon && k < index->count; k++)
        if (index->positions[k] != index->positions[k - 1] + 1) return false;
    return true;
}

/* True of 1, 1:n and the colon: rows or columns from the first on, as Octave's diagonal matrices see
 * them. */
static bool is_leading(const subscript *index)
{
    return index->colon || ((index->range || index->positions == &index->one) && is_run(index) &&
                            index->count > 0 && index->positions[0] == 0);
}

static bool keeps_form(value_form form, const selection *s, script_value result)
{
    const subscript *row = &s->along[0], *col = &s->along[1];
    if (form == FORM_LOGICAL) return true;
    if (s->count == 1 || is_scalar(result)) return false;
    return (form == FORM_DIAGONAL && is_leading(row) && is_leading(col)) ||
           (form == FORM_PERMUTATION && row->colon && col->colon);
}

/* All of a matrix or a block, without a list of positions; false where it is neither. */
static bool read_block(script_value x, const selection *s, ad_var *var)
{
    const size_t m = x.rows, n = x.cols, size = selection_size(s);
    const subscript *row = &s->along[0], *col = &s->along[1];
    if (row->colon && s->count == 1)
        *var = ad_reshape(m == 1 || n == 1 ? x.var : ad_transpose(x.var), m * n, 1);
    else if (row->colon && col->colon) *var = x.var;
    else if (size != 1 && (s->count == 1 || !is_run(row) || !is_run(col))) return false;
    else {
        const size_t first = size ? selected(s, 0, m, n) : 0;
        *var = ad_block(x.var, size ? first / n : 0, size ? first % n : 0,
                        size == 1 ? 1 : row->count, size == 1 ? 1 : col->count);
    }
    return true;
}

static bool read_text(interpreter *in, const string_value *text, const selection *s, size_t rows,
                      size_t cols, script_value *result)
{
    if (rows != 1 && rows * cols != 0) return fail(in, "index: text is one row of characters");
    *result = value_string(NULL, rows * cols);
    result->u.string->resolved = text->resolved;
    for (size_t k = 0; k < rows * cols; k++)
        result->u.string->bytes[k] = text->bytes[selected(s, k, 1, text->length)];
    return true;
}

static bool read_selected(interpreter *in, script_value x, const selection *s, script_value *result)
{
    const size_t m = x.rows, n = x.cols;
    size_t rows = s->count == 1 ? s->along[0].rows : s->along[0].count;
    size_t cols = s->count == 1 ? s->along[0].cols : s->along[1].count;
    /* a vector indexed by a vector keeps its own direction */
    if (s->count == 1 && !s->along[0].colon && (m == 1) != (n == 1) && (rows == 1 || cols == 1)) {
        rows = m == 1 ? 1 : s->along[0].count;
        cols = m == 1 ? s->along[0].count : 1;
    }
    if (x.kind == VALUE_STRING) return read_text(in, x.u.string, s, rows, cols, result);
    if (x.kind != VALUE_ELEMENTS) {
        ad_var var;
        if (!to_tape(in, "index", x, &x.var)) return false;
        if (read_block(x, s, &var)) return from_tape(in, "index", var, result);
    }
    size_t *positions = new_indices(in, rows, cols);
    if (!positions) return false;
    for (size_t k = 0; k < rows * cols; k++)
        positions[row_major(k, rows, cols)] = selected(s, k, m, n);
    bool ok = x.kind == VALUE_ELEMENTS
                  ? elements_read(in, x.u.elements, positions, rows, cols, result)
                  : from_tape(in, "index", ad_gather(x.var, positions, rows, cols), result);
    release(positions);
    return ok;
}

bool index_value(interpreter *in, script_value value, const syntax_node *arguments,
                 script_value *result)
{
    selection s;
    if (!has_numbers(value)) return fail(in, "%s cannot be indexed", value_kind_name(value));
    if (!arguments) {
        *result = value_share(value);
        return true;
    }
    if (!select_elements(in, arguments, &value, value.rows, value.cols, &s)) return false;
    bool ok = in_bounds(in, &s, &value) && read_selected(in, value, &s, result);
    if (ok && keeps_form(value.form, &s, *result)) result->form = value.form;
    selection_free(&s);
    return ok;
}

bool column_of(interpreter *in, script_value value, size_t k, script_value *result)
{
    selection s = {.count = 2};
    fill_colon(&s.along[0], value.rows);
    s.along[1] = (subscript){.count = 1, .positions = &s.along[1].one, .one = k};
    if (!read_selected(in, value, &s, result)) return false;
    if (keeps_form(value.form, &s, *result)) result->form = value.form;
    return true;
}

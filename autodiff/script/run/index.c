/* SPDX-License-Identifier: MIT */
#include "autodiff/script/run/index.h"

#include "autodiff/script/run/elements.h"

#include <math.h>
#include <stdlib.h>

void index_free(subscript *index)
{
    if (index->positions != &index->one) release(index->positions);
    index->positions = NULL;
}

size_t position_at(const subscript *index, size_t k)
{
    return index->colon ? k : index->positions[k];
}

static void fill_colon(subscript *index, size_t extent)
{
    index->colon = true;
    index->count = index->rows = extent;
    index->cols = 1;
    index->largest = extent;
}

/* Where a mask is true; a row stays a row. */
static bool fill_mask(interpreter *in, const matrix_view *mask, subscript *index)
{
    size_t size = mask->rows * mask->cols;
    index->positions = new_indices(in, size, 1);
    if (!index->positions) return false;
    for (size_t k = 0; k < size; k++) {
        if (view_at(mask, k) != 0) {
            index->positions[index->count++] = k;
            index->largest = k + 1;
        }
    }
    bool row = mask->rows == 1 && mask->cols != 1, none = size == 1 && index->count == 0;
    index->rows = row ? 1 : index->count;
    index->cols = row ? index->count : !none;
    return true;
}

/* What Octave calls the value that is being indexed. */
static const char *index_name(const interpreter *in)
{
    return in->indexed ? in->indexed : "index ";
}

static bool fill_numbers(interpreter *in, const matrix_view *view, size_t position, size_t total,
                         subscript *index)
{
    size_t size = view->rows * view->cols;
    index->positions = size == 1 ? &index->one : new_indices(in, view->rows, view->cols);
    if (!index->positions) return false;
    index->count = size;
    index->rows = view->rows;
    index->cols = view->cols;
    for (size_t k = 0; k < size; k++) {
        double x = view_at(view, k);
        if (!(x >= 1 && x <= 0x1p53 && floor(x) == x)) {
            index_free(index);
            octave_says(in, "Octave:invalid-index",
                        "%s(%s%.10g%s): subscripts must be either integers 1 to (2^63)-1 or "
                        "logicals",
                        index_name(in), position ? "_," : "", x, position + 1 < total ? ",_" : "");
            return fail(in, "an index must be an integer from 1 on, and is %.10g", x);
        }
        index->positions[k] = (size_t)x - 1;
        index->largest = (size_t)x > index->largest ? (size_t)x : index->largest;
    }
    return true;
}

bool index_evaluate(interpreter *in, const syntax_node *node, const script_value *value,
                    size_t position, size_t total, size_t extent, subscript *index)
{
    *index = (subscript){0};
    if (node->kind == NODE_COLON) {
        fill_colon(index, extent);
        return true;
    }
    index_context context = {value, position, total};
    const index_context *outer = in->index;
    script_value numbers;
    in->index = &context;
    in->pending++;
    bool ok = evaluate_numeric(in, node, "an index", &numbers);
    in->pending--;
    in->index = outer;
    if (!ok) return false;
    matrix_view view;
    value_view(&numbers, &view);
    index->range = numbers.form == FORM_RANGE;
    if (numbers.form == FORM_LOGICAL) return fill_mask(in, &view, index);
    return fill_numbers(in, &view, position, total, index);
}

/* ---- Reading ---- */

/* before and after are what stands around the index in x(i), x(i,_) and x(_,i). */
static bool in_bounds(interpreter *in, const subscript *index, size_t extent, const char *before,
                      const char *after, const script_value *value)
{
    if (index->largest <= extent) return true;
    octave_says(in, "Octave:index-out-of-bounds",
                "%s%s%zu%s: out of bound %zu (dimensions are %zux%zu)", index_name(in), before,
                index->largest, after, extent, value_rows(*value), value_cols(*value));
    return fail(in, "index %s%zu%s: out of bounds %zu (the value is %zux%zu)", before,
                index->largest, after, extent, value_rows(*value), value_cols(*value));
}

static bool gather(interpreter *in, script_value x, const size_t *positions, size_t rows,
                   size_t cols, script_value *result)
{
    return x.kind == VALUE_ELEMENTS
               ? elements_read(in, x.u.elements, positions, rows, cols, result)
               : from_tape(in, "index", ad_gather(x.var, positions, rows, cols), result);
}

/* x(i): elements counted down the columns. */
static bool gather_linear(interpreter *in, script_value x, const subscript *index, size_t rows,
                          size_t cols, script_value *result)
{
    size_t m = value_rows(x), n = value_cols(x);
    if (index->count == 1 && rows == 1 && cols == 1 && x.kind == VALUE_MATRIX) {
        size_t k = index->positions[0];
        return from_tape(in, "index", ad_block(x.var, k % m, k / m, 1, 1), result);
    }
    size_t *positions = new_indices(in, rows, cols);
    if (!positions) return false;
    for (size_t k = 0; k < index->count; k++)
        positions[row_major(k, rows, cols)] = row_major(position_at(index, k), m, n);
    bool ok = gather(in, x, positions, rows, cols, result);
    release(positions);
    return ok;
}

/* x(:) */
static bool stack_columns(interpreter *in, script_value x, script_value *result)
{
    size_t m = value_rows(x), n = value_cols(x);
    ad_var var = m == 1 || n == 1 ? x.var : ad_transpose(x.var);
    return from_tape(in, "index", ad_reshape(var, m * n, 1), result);
}

static bool index_linear(interpreter *in, script_value x, const syntax_node *argument,
                         script_value *result)
{
    subscript index;
    size_t m = value_rows(x), n = value_cols(x);
    if (!index_evaluate(in, argument, &x, 0, 1, m * n, &index)) return false;
    if (index.colon && x.kind == VALUE_MATRIX) return stack_columns(in, x, result);
    /* a vector indexed by a vector keeps its own direction */
    size_t rows = index.rows, cols = index.cols;
    bool vector = !index.colon && (m == 1) != (n == 1) && (rows == 1 || cols == 1);
    if (vector) {
        rows = m == 1 ? 1 : index.count;
        cols = m == 1 ? index.count : 1;
    }
    bool ok = in_bounds(in, &index, m * n, "(", ")", &x) &&
              gather_linear(in, x, &index, rows, cols, result);
    index_free(&index);
    return ok;
}

/* True when the positions follow one another. */
static bool is_run(const subscript *index)
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

static bool gather_two(interpreter *in, script_value x, const subscript *row, const subscript *col,
                       script_value *result)
{
    size_t n = value_cols(x);
    if (row->colon && col->colon && x.kind == VALUE_MATRIX) {
        *result = value_matrix(x.var);
        return true;
    }
    if (is_run(row) && is_run(col) && x.kind == VALUE_MATRIX) {
        size_t top = row->count ? position_at(row, 0) : 0;
        size_t left = col->count ? position_at(col, 0) : 0;
        return from_tape(in, "index", ad_block(x.var, top, left, row->count, col->count), result);
    }
    size_t *positions = new_indices(in, row->count, col->count);
    if (!positions) return false;
    for (size_t i = 0; i < row->count && col->count; i++)
        for (size_t j = 0; j < col->count; j++)
            positions[i * col->count + j] = position_at(row, i) * n + position_at(col, j);
    bool ok = gather(in, x, positions, row->count, col->count, result);
    release(positions);
    return ok;
}

static bool index_two(interpreter *in, script_value x, const syntax_node *arguments,
                      script_value *result)
{
    subscript row, col;
    if (!index_evaluate(in, arguments, &x, 0, 2, value_rows(x), &row)) return false;
    if (!index_evaluate(in, arguments->next, &x, 1, 2, value_cols(x), &col)) {
        index_free(&row);
        return false;
    }
    bool ok = in_bounds(in, &row, value_rows(x), "(", ",_)", &x) &&
              in_bounds(in, &col, value_cols(x), "(_,", ")", &x) &&
              gather_two(in, x, &row, &col, result);
    const bool diagonal = x.form == FORM_DIAGONAL && is_leading(&row) && is_leading(&col);
    const bool whole = x.form == FORM_PERMUTATION && row.colon && col.colon;
    if (ok && (diagonal || whole) && !is_scalar(*result)) result->form = x.form;
    index_free(&row);
    index_free(&col);
    return ok;
}

/* Characters of a string. */
static bool index_text(interpreter *in, script_value value, const syntax_node *arguments,
                       script_value *result)
{
    script_value numbers, part;
    return to_numbers(in, value, &numbers) && index_value(in, numbers, arguments, &part) &&
           to_text(in, part, result);
}

bool index_value(interpreter *in, script_value value, const syntax_node *arguments,
                 script_value *result)
{
    if (value.kind == VALUE_STRING && arguments) return index_text(in, value, arguments, result);
    if (!is_numeric(value) && value.kind != VALUE_STRING)
        return fail(in, "%s cannot be indexed", value_kind_name(value));
    ad_var var;
    const value_form form = value.form;
    if (!arguments) {
        *result = value_share(value);
        return true;
    }
    if (value.kind != VALUE_ELEMENTS) {
        if (!to_tape(in, "index", value, &var)) return false;
        value = value_matrix(var);
        value.form = form;
    }
    if (arguments->next && arguments->next->next) return fail(in, "an index has one or two places");
    bool ok = arguments->next ? index_two(in, value, arguments, result)
                              : index_linear(in, value, arguments, result);
    if (ok && form == FORM_LOGICAL) result->form = form;
    return ok;
}

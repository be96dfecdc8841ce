/* SPDX-License-Identifier: MIT */
/* Matrices from their parts: [a, b; c, d], horzcat and vertcat. */
#include "autodiff/script/run/interpreter.h"

#include <stdlib.h>

static bool all_plain(const script_value *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (values[k].kind != VALUE_NUMBER) return false;
    return count > 0;
}

static bool all_logical(const script_value *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (values[k].form != FORM_LOGICAL) return false;
    return count > 0;
}

/* A matrix of numbers, given row by row. */
static bool join_numbers(interpreter *in, size_t rows, size_t cols, const script_value *values,
                         script_value *result)
{
    double *numbers = new_numbers(in, rows, cols);
    if (!numbers) return false;
    for (size_t k = 0; k < rows * cols; k++) numbers[k] = values[k].u.number;
    if (!record_numbers(in, rows, cols, numbers, result)) return false;
    if (all_logical(values, rows * cols)) result->form = FORM_LOGICAL;
    return true;
}

static ad_var join(const ad_var *parts, size_t count, bool vertical)
{
    if (count == 1) return parts[0];
    return vertical ? ad_vcat_all(parts, count) : ad_hcat_all(parts, count);
}

/* extent: of x and what stands before it. */
static bool fail_join(interpreter *in, const char *name, bool vertical, size_t extent,
                      script_value x, script_value y)
{
    if (*name == '[')
        octave_says(in, "", "%s dimensions mismatch (%zux%zu vs %zux%zu)",
                    vertical ? "vertical" : "horizontal", vertical ? extent : x.rows,
                    vertical ? x.cols : extent, y.rows, y.cols);
    return fail(in, "%s: %zux%zu %s %zux%zu: the numbers of %s differ", name, x.rows, x.cols,
                vertical ? "above" : "beside", y.rows, y.cols, vertical ? "columns" : "rows");
}

static bool fits(script_value x, script_value y, bool vertical)
{
    return vertical ? x.cols == y.cols : x.rows == y.rows;
}

/* Octave passes over [](0x0), and over [](1x0) and [](0x1) where they do not fit. */
static bool is_passed_over(script_value value, const script_value *first, bool vertical)
{
    size_t extent = value.rows + value.cols;
    return extent == 0 || (extent == 1 && first && !fits(*first, value, vertical));
}

/* Collects the parts that count as handles on the tape; false after an error. */
static bool collect_parts(interpreter *in, const char *name, bool vertical,
                          const script_value *values, size_t count, ad_var *parts, size_t *used)
{
    const script_value *first = NULL;
    size_t extent = 0;
    for (size_t k = 0; k < count; k++) {
        if (!to_tape(in, name, values[k], &parts[*used])) return false;
        if (is_passed_over(values[k], first, vertical)) continue;
        if (first && !fits(*first, values[k], vertical)) {
            if (first->rows + first->cols != 1)
                return fail_join(in, name, vertical, extent, *first, values[k]);
            parts[0] = parts[*used];
            *used = 0;
        }
        first = &values[k];
        extent += vertical ? values[k].rows : values[k].cols;
        ++*used;
    }
    return true;
}

static bool has_text(const script_value *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (values[k].kind == VALUE_STRING) return true;
    return false;
}

/* ['a' s 65]: the characters side by side; above one another only where one row has any. */
static bool join_text(interpreter *in, const char *name, bool vertical, const script_value *values,
                      size_t count, script_value *result)
{
    text_buffer text = {0};
    bool ok = true, raw = true;
    text_append(&text, "", 0);
    for (size_t k = 0; ok && k < count; k++) {
        script_value part = value_share(values[k]);
        const bool string = part.kind == VALUE_STRING;
        ok = string || is_numeric(part) ||
             fail(in, "%s: %s is not text", name, value_kind_name(part));
        if (!ok) value_release(&part);
        ok = ok && (string || to_text(in, part, &part));
        if (ok && vertical && text.length && part.u.string->length)
            ok = fail(in, "%s: text is one row of characters", name);
        if (!ok && !string) break;
        raw = raw && (!string || part.u.string->raw);
        text_append(&text, part.u.string->bytes, part.u.string->length);
        value_release(&part);
    }
    if (ok) *result = value_string(text.data, text.length);
    if (ok) result->u.string->raw = raw;
    text_free(&text);
    return ok;
}

bool join_values(interpreter *in, const char *name, bool vertical, const script_value *values,
                 size_t count, script_value *result)
{
    if (has_text(values, count)) return join_text(in, name, vertical, values, count, result);
    if (count == 1 && values[0].kind == VALUE_NUMBER) {
        *result = values[0];
        return true;
    }
    if (all_plain(values, count))
        return join_numbers(in, vertical ? count : 1, vertical ? 1 : count, values, result);
    ad_var *parts = reallocate(NULL, count, sizeof *parts);
    size_t used = 0;
    bool ok = collect_parts(in, name, vertical, values, count, parts, &used);
    if (ok && used) ok = from_tape(in, name, join(parts, used, vertical), result);
    else if (ok) ok = record(in, 0, 0, NULL, result);
    release(parts);
    if (ok && all_logical(values, count)) result->form = FORM_LOGICAL;
    return ok;
}

/* ---- [a, b; c, d] ---- */

typedef struct value_list {
    script_value *items;
    size_t count;
} value_list;

static void push(value_list *values, script_value value)
{
    values->items = array_extend(values->items, values->count, sizeof *values->items);
    values->items[values->count++] = value;
}

static void release_all(value_list *values)
{
    for (size_t k = 0; k < values->count; k++) value_release(&values->items[k]);
    release(values->items);
}

/* Evaluates all elements, row by row; *rows and *even say how many rows and whether they are of one
 * length. */
static bool evaluate_elements(interpreter *in, const syntax_node *matrix, value_list *values,
                              size_t *rows, bool *even)
{
    for (const syntax_node *row = matrix->right; row; row = row->next) {
        ++*rows;
        *even = *even && list_length(row->right) == list_length(matrix->right->right);
        for (const syntax_node *node = row->right; node; node = node->next) {
            script_value value;
            in->pending++;
            const bool ok = evaluate(in, node, &value);
            in->pending--;
            if (!ok) return false;
            push(values, value);
        }
    }
    return true;
}

static bool join_rows(interpreter *in, const syntax_node *matrix, const script_value *values,
                      script_value *result)
{
    value_list rows = {0};
    bool ok = true;
    for (const syntax_node *row = matrix->right; row && ok; row = row->next) {
        script_value value;
        size_t length = list_length(row->right);
        ok = join_values(in, "[,]", false, values, length, &value);
        if (ok) push(&rows, value);
        values += length;
    }
    ok = ok && join_values(in, "[;]", true, rows.items, rows.count, result);
    release_all(&rows);
    return ok;
}

bool evaluate_matrix(interpreter *in, const syntax_node *node, script_value *result)
{
    value_list values = {0};
    size_t rows = 0;
    bool even = true;
    bool ok = evaluate_elements(in, node, &values, &rows, &even);
    if (ok && values.count == 1 && values.items[0].kind == VALUE_STRING) {
        *result = value_share(values.items[0]);
    } else if (ok && values.count == 1) {
        ok = is_numeric(values.items[0]) ||
             fail(in, "[]: %s is not a number", value_kind_name(values.items[0]));
        *result = values.items[0];
        if (result->form != FORM_LOGICAL) result->form = FORM_PLAIN;
    } else if (ok && rows && even && all_plain(values.items, values.count)) {
        ok = join_numbers(in, rows, values.count / rows, values.items, result);
    } else if (ok) {
        ok = join_rows(in, node, values.items, result);
    }
    release_all(&values);
    return ok;
}

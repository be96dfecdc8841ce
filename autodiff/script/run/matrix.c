/* SPDX-License-Identifier: MIT */
/* Matrices from their parts: [a, b; c, d], horzcat and vertcat. */
#include "autodiff/script/run/interpreter.h"

#include <stdlib.h>

static size_t count_kind(const script_value *values, size_t count, value_kind kind)
{
    size_t found = 0;
    for (size_t k = 0; k < count; k++) found += values[k].kind == kind;
    return found;
}

static bool all_plain(const script_value *values, size_t count)
{
    return count > 0 && count_kind(values, count, VALUE_NUMBER) == count;
}

static value_form common_form(const script_value *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (values[k].form != FORM_LOGICAL) return FORM_PLAIN;
    return count ? FORM_LOGICAL : FORM_PLAIN;
}

/* A matrix of numbers, given row by row. */
static bool join_numbers(interpreter *in, size_t rows, size_t cols, const script_value *values,
                         script_value *result)
{
    double *numbers = new_numbers(in, rows, cols);
    if (!numbers) return false;
    for (size_t k = 0; k < rows * cols; k++) numbers[k] = values[k].u.number;
    if (!record_numbers(in, rows, cols, numbers, result)) return false;
    result->form = common_form(values, rows * cols);
    return true;
}

/* extent: of x and what stands before it. */
static bool fail_join(interpreter *in, const char *name, bool vertical, size_t extent,
                      script_value x, script_value y)
{
    if (*name != '[') octave_says(in, "", "cat: dimension mismatch");
    else
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

/* Collects the parts that count as handles on the tape; false after an error. Octave passes over
 * [](0x0), and over [](1x0) and [](0x1) where they do not fit. */
static bool collect_parts(interpreter *in, const char *name, bool vertical,
                          const script_value *values, size_t count, ad_var *parts, size_t *used)
{
    const script_value *first = NULL;
    size_t extent = 0;
    for (size_t k = 0; k < count; k++) {
        if (!to_tape(in, name, values[k], &parts[*used])) return false;
        const bool fitting = !first || fits(*first, values[k], vertical);
        const size_t sum = values[k].rows + values[k].cols;
        if (sum == 0 || (sum == 1 && !fitting)) continue;
        if (!fitting) {
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

/* ['a' s 65]: the characters side by side; above one another only where one row has any. */
static bool join_text(interpreter *in, const char *name, bool vertical, const script_value *values,
                      size_t count, script_value *result)
{
    text_buffer text = {0};
    bool ok = true, resolved = true; /* where all parts are */
    for (size_t k = 0; ok && k < count; k++) {
        script_value part;
        ok = to_text(in, name, values[k], &part);
        if (!ok) break;
        resolved = resolved && values[k].kind == VALUE_STRING && part.u.string->resolved;
        if (vertical && text.length && part.cols)
            ok = fail(in, "%s: text is one row of characters", name);
        text_append(&text, part.u.string->bytes, part.cols);
        value_release(&part);
    }
    if (ok) *result = value_string(text.data, text.length);
    if (ok) result->u.string->resolved = resolved;
    text_free(&text);
    return ok;
}

bool join_values(interpreter *in, const char *name, bool vertical, const script_value *values,
                 size_t count, script_value *result)
{
    if (count_kind(values, count, VALUE_STRING) > 0)
        return join_text(in, name, vertical, values, count, result);
    if (count == 1 && values[0].kind == VALUE_NUMBER) {
        *result = values[0];
        return true;
    }
    if (all_plain(values, count))
        return join_numbers(in, vertical ? count : 1, vertical ? 1 : count, values, result);
    ad_var *parts = reallocate(NULL, count, sizeof *parts);
    size_t used = 0;
    bool ok = collect_parts(in, name, vertical, values, count, parts, &used);
    ad_var (*const join)(const ad_var *, size_t) = vertical ? ad_vcat_all : ad_hcat_all;
    if (ok && used) ok = from_tape(in, name, used == 1 ? *parts : join(parts, used), result);
    else if (ok) ok = record(in, 0, 0, NULL, result);
    release(parts);
    if (ok) result->form = common_form(values, count);
    return ok;
}

/* ---- [a, b; c, d] ---- */

static bool join_rows(interpreter *in, const syntax_node *matrix, const script_value *values,
                      script_value *result)
{
    script_value *rows = allocate(list_length(matrix->right) * sizeof *rows);
    size_t count = 0;
    bool ok = true;
    for (const syntax_node *row = matrix->right; row && ok; row = row->next) {
        const size_t length = list_length(row->right);
        ok = join_values(in, "[,]", false, values, length, &rows[count]);
        count += ok;
        values += length;
    }
    ok = ok && join_values(in, "[;]", true, rows, count, result);
    values_release(rows, count);
    release(rows);
    return ok;
}

bool evaluate_matrix(interpreter *in, const syntax_node *node, script_value *result)
{
    size_t rows = 0, total = 0, count = 0;
    bool even = true, ok = true;
    for (const syntax_node *row = node->right; row; row = row->next) {
        rows++;
        total += list_length(row->right);
        even = even && list_length(row->right) == list_length(node->right->right);
    }
    script_value *values = allocate(total * sizeof *values);
    in->pending++;
    for (const syntax_node *row = node->right; ok && row; row = row->next)
        for (const syntax_node *item = row->right; ok && item; item = item->next) {
            ok = evaluate(in, item, &values[count]);
            count += ok;
        }
    in->pending--;
    if (ok && even && all_plain(values, count))
        ok = join_numbers(in, rows, count / rows, values, result);
    else ok = ok && join_rows(in, node, values, result);
    values_release(values, count);
    release(values);
    return ok;
}

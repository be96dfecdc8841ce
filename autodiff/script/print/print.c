/* SPDX-License-Identifier: MIT */
#include "autodiff/script/print/print.h"

#include "autodiff/script/print/number_format.h"

#include <string.h>

enum { TERMINAL_COLUMNS = 80 };

static void append_heading(text_buffer *text, size_t first, size_t last)
{
    if (first) text_print(text, "\n");
    if (last - first == 1) text_print(text, " Column %zu:\n\n", last);
    else if (last - first == 2) text_print(text, " Columns %zu and %zu:\n\n", first + 1, last);
    else text_print(text, " Columns %zu through %zu:\n\n", first + 1, last);
}

/* Octave finds no width for false everywhere, and does not cut such a matrix. */
static bool all_zero(const matrix_view *view)
{
    for (size_t k = 0; k < view->rows * view->cols; k++)
        if (view->values[k] != 0) return false;
    return true;
}

/* The rows of a matrix, whole or cut into blocks of columns where they do not fit the line. */
static void append_matrix(text_buffer *text, const matrix_view *view, number_layout layout,
                          bool whole)
{
    size_t column = (size_t)layout.width + 2;
    size_t fit = TERMINAL_COLUMNS / column ? TERMINAL_COLUMNS / column : 1;
    bool split = !whole && view->cols * column > TERMINAL_COLUMNS;
    if (!split) fit = view->cols;
    for (size_t first = 0; first < view->cols; first += fit) {
        size_t last = first + fit < view->cols ? first + fit : view->cols;
        if (split) append_heading(text, first, last);
        for (size_t row = 0; row < view->rows; row++) {
            for (size_t col = first; col < last; col++) {
                text_append(text, "  ", 2);
                append_number(text, layout, view->values[row * view->cols + col]);
            }
            text_append(text, "\n", 1);
        }
    }
}

static void append_numeric(interpreter *in, text_buffer *text, const script_value *value,
                           const matrix_view *view)
{
    if (view->rows == 0 || view->cols == 0) {
        text_print(text, "[](%zux%zu)\n", view->rows, view->cols);
        return;
    }
    const number_layout layout = layout_of(value, view, in->format == FORMAT_LONG ? 16 : 5);
    if (view->rows == 1 && view->cols == 1) {
        append_number(text, layout, view->values[0]);
        text_print(text, "\n");
    } else {
        if (value->form == FORM_DIAGONAL) text_print(text, "Diagonal Matrix\n\n");
        if (value->form == FORM_PERMUTATION) text_print(text, "Permutation Matrix\n\n");
        append_matrix(text, view, layout, value->form == FORM_LOGICAL && all_zero(view));
    }
}

void value_text(interpreter *in, const script_value *value, text_buffer *text)
{
    matrix_view view;
    if (value_view(value, &view)) {
        append_numeric(in, text, value, &view);
        return;
    }
    const function_value *function = value->u.function;
    if (value->kind == VALUE_STRING || value->kind == VALUE_ERROR)
        text_append(text, value->u.string->bytes, value->u.string->length);
    else expression_text(function->node, &in->symbols, function->script->source, text);
    text_print(text, "\n");
}

static void write_text(interpreter *in, text_buffer *text)
{
    fwrite(text->data, 1, text->length, in->output);
    text_free(text);
}

/* ---- JSON ---- */

void json_string(text_buffer *text, const char *bytes, size_t length)
{
    text_append(text, "\"", 1);
    for (size_t k = 0; k < length; k++) {
        unsigned char byte = (unsigned char)bytes[k];
        if (byte == '"' || byte == '\\') text_print(text, "\\%c", byte);
        else if (byte == '\n') text_print(text, "\\n");
        else if (byte < 0x20 || byte == 0x7f) text_print(text, "\\u%04x", byte);
        else text_append(text, bytes + k, 1);
    }
    text_append(text, "\"", 1);
}

void json_number(text_buffer *text, double x)
{
    const char *name = number_name(x);
    if (name) text_print(text, "\"%s\"", name);
    else text_print(text, "%.17g", x);
}

static void append_json(interpreter *in, text_buffer *text, const char *name,
                        const script_value *value)
{
    matrix_view view;
    text_print(text, "{\"name\":");
    json_string(text, name, strlen(name));
    if (value_view(value, &view)) {
        text_print(text, ",\"rows\":%zu,\"cols\":%zu,\"data\":[", view.rows, view.cols);
        for (size_t k = 0; k < view.rows * view.cols; k++) {
            text_print(text, k ? "," : "");
            json_number(text, view_at(&view, k));
        }
        text_print(text, "]}\n");
        return;
    }
    text_buffer body = {0};
    value_text(in, value, &body);
    text_print(text, ",\"text\":");
    json_string(text, body.data, body.length ? body.length - 1 : 0);
    text_print(text, "}\n");
    text_free(&body);
}

/* ---- Octave's form ---- */

void print_value(interpreter *in, const char *name, const script_value *value)
{
    text_buffer text = {0};
    const bool block = value->kind == VALUE_FUNCTION
                           ? value->u.function->node->kind == NODE_FUNCTION
                           : is_numeric(*value) && !is_scalar(*value) && !is_empty(*value);
    if (in->json) {
        append_json(in, &text, name, value);
    } else {
        text_print(&text, block ? "%s =\n\n" : "%s = ", name);
        value_text(in, value, &text);
        if (block) text_print(&text, "\n");
    }
    write_text(in, &text);
}

void print_text(interpreter *in, const char *bytes, size_t length)
{
    if (!in->json) {
        fwrite(bytes, 1, length, in->output);
        return;
    }
    text_buffer text = {0};
    text_print(&text, "{\"text\":");
    json_string(&text, bytes, length);
    text_print(&text, "}\n");
    write_text(in, &text);
}

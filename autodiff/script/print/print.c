/* SPDX-License-Identifier: MIT */
#include "autodiff/script/print/print.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- The layout of numbers: one for all elements of a matrix ---- */

typedef struct number_layout {
    char conversion; /* of printf: f, e or g */
    int width;       /* 0 for as wide as the number is */
    int precision;
} number_layout;

/* The digits before the point, for x below 1 minus the zeros after it. */
static int digits_of(double x)
{
    return x == 0 ? 0 : 1 + (int)floor(log10(x));
}

/* Digits before and after the point that show `digits` significant ones of a number. */
typedef struct split_number {
    int before;
    int after;
} split_number;

static split_number split_of(int size, int digits)
{
    const int shown = size != 0 ? size : 1;
    return (split_number){size > 0 ? size : 1, digits > shown ? digits - shown : digits};
}

/* Octave turns to exponents where a number takes more places than a double has digits, than fit
 * its widest field, or than half as many again as are asked for. */
static bool too_wide(split_number split, int width, int digits)
{
    int places = split.before + split.after;
    return places > 16 || width > 21 || places > 1.5 * digits;
}

static number_layout scalar_layout(double x, int digits)
{
    if (!isfinite(x)) return (number_layout){'g', 0, digits};
    const int size = digits_of(fabs(x));
    const bool whole = floor(x + 0.5) == x;
    const split_number split = whole ? (split_number){size, 0} : split_of(size, digits);
    const int width = whole ? size : split.before + 1 + split.after;
    if (too_wide(split, width, digits)) return (number_layout){'e', 0, digits - 1};
    return (number_layout){'f', 0, split.after};
}

/* Octave looks for integers in single precision here: [1e-200 1] are integers to it. */
static bool looks_whole(double x)
{
    float single = fabs(x) > (double)FLT_MAX ? (float)INFINITY : (float)x;
    return !isfinite(single) || floorf(single + 0.5f) == single;
}

typedef struct digit_span {
    bool whole;  /* all elements look like integers */
    bool finite; /* all are */
    int largest; /* digits of the largest and the smallest finite element, by magnitude */
    int smallest;
} digit_span;

/* Finds the range of every step-th of the first count elements. */
static digit_span span_of(const double *values, size_t count, size_t step)
{
    digit_span span = {.whole = true, .finite = true};
    double largest = 0, smallest = INFINITY;
    for (size_t k = 0; k < count; k += step) {
        const double x = values[k];
        span.whole = span.whole && looks_whole(x);
        span.finite = span.finite && isfinite(x);
        if (!isfinite(x)) continue;
        largest = fmax(largest, fabs(x));
        smallest = fmin(smallest, fabs(x));
    }
    span.largest = digits_of(largest);
    span.smallest = digits_of(fmin(smallest, largest));
    return span;
}

/* extra: columns beyond the digits and the point. */
static number_layout span_layout(digit_span span, int digits, int extra)
{
    const int size = span.largest > span.smallest ? span.largest : span.smallest;
    const split_number a = split_of(span.largest, digits), b = split_of(span.smallest, digits);
    split_number split = {a.before > b.before ? a.before : b.before,
                          a.after > b.after ? a.after : b.after};
    int width = extra + split.before + 1 + split.after;
    if (span.whole) width = size <= 0 ? 2 : size + 1;
    if (!span.finite && width < 4) width = 4;
    if (span.whole) split = (split_number){0, width};
    if (too_wide(split, width, digits)) {
        /* the size of a number below 1 counts its zeros, one more than its exponent says */
        int high = span.largest > 0 ? span.largest + 1 : 1 - span.largest;
        int low = span.smallest > 0 ? span.smallest + 1 : 1 - span.smallest;
        if (span.whole) high = span.largest, low = span.smallest;
        const int exponent = high > 100 || low > 100 ? 5 : 4;
        return (number_layout){'e', 1 + extra + digits + exponent, digits - 1};
    }
    return (number_layout){span.whole ? 'g' : 'f', width, split.after};
}

/* By its ends, the limit as it was written. */
static number_layout range_layout(const matrix_view *range, double limit, int digits)
{
    const double base = range->values[0], step = range->cols > 1 ? range->values[1] - base : 0;
    const bool whole = floor(base) == base && floor(step) == step;
    const digit_span span = {whole, true, digits_of(fabs(fmax(base, limit))),
                             digits_of(fabs(fmin(base, limit)))};
    return span_layout(span, digits, 2);
}

/* digits is Octave's output_precision: 5 in format short, 16 in format long. */
static number_layout layout_of(const script_value *value, const matrix_view *view, int digits)
{
    size_t count = view->rows * view->cols, step = 1;
    if (count == 1) return scalar_layout(view->values[0], digits);
    if (value->form == FORM_RANGE) return range_layout(view, value->u.limit, digits);
    if (value->form == FORM_DIAGONAL) { /* by the diagonal alone */
        const size_t order = view->rows < view->cols ? view->rows : view->cols;
        step = view->cols + 1;
        count = (order - 1) * step + 1;
    }
    number_layout layout = span_layout(span_of(view->values, count, step), digits, 1);
    if (value->form == FORM_LOGICAL) layout.width = 1;
    return layout;
}

const char *number_name(double x)
{
    if (isfinite(x)) return NULL;
    return isnan(x) ? "NaN" : x > 0 ? "Inf" : "-Inf";
}

/* One number, right-aligned in layout.width columns. */
static void append_number(text_buffer *text, number_layout layout, double x)
{
    const char *name = x == 0 ? "0" : number_name(x);
    const char format[] = {'%', '*', '.', '*', layout.conversion, '\0'};
    if (name) text_print(text, "%*s", layout.width, name);
    else text_print(text, format, layout.width, layout.precision, x);
}

/* ---- Values ---- */

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

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
    bool uncut; /* a matrix is printed whole where it does not fit the line */
} number_layout;

/* The digits before the point, for x below 1 minus the zeros after it. */
static int digits_of(double x)
{
    return x == 0 ? 0 : 1 + (int)floor(log10(x));
}

/* Digits after the point that show `digits` significant ones of a number. */
static int digits_after(int size, int digits)
{
    const int shown = size != 0 ? size : 1;
    return digits > shown ? digits - shown : digits;
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

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* extra: columns beyond the digits and the point; 0 for a number by itself, which has no width. */
static number_layout span_layout(digit_span span, number_format format, int extra)
{
    const int digits = format % 2 ? 16 : 5;
    const bool exponents = format == FORMAT_SHORT_E || format == FORMAT_LONG_E;
    int before = larger(1, larger(span.largest, span.smallest));
    int after = larger(digits_after(span.largest, digits), digits_after(span.smallest, digits));
    int width = extra + before + 1 + after;
    if (span.whole) before = width = before + (extra > 0), after = 0;
    if (!span.finite) width = larger(width, 4);
    number_layout layout = {span.whole ? 'g' : 'f', width, span.whole ? width : after, false};
    /* Octave turns to exponents where a number takes more places than a double has digits, than fit
     * its widest field, or than half as many again as are asked for */
    const int places = before + after;
    if (exponents || places > 16 || width > 21 || places > 1.5 * digits) {
        /* the size of a number below 1 counts its zeros, one more than its exponent says */
        int high = span.largest > 0 ? span.largest + 1 : 1 - span.largest;
        int low = span.smallest > 0 ? span.smallest + 1 : 1 - span.smallest;
        if (span.whole) high = span.largest, low = span.smallest;
        const int exponent = high > 100 || low > 100 ? 5 : 4;
        layout = (number_layout){'e', 1 + extra + digits + exponent, digits - 1, false};
    }
    if (format >= FORMAT_SHORT_G)
        layout = (number_layout){'g', digits + (extra ? 6 : 0), digits, false};
    else if (extra == 0 && !(exponents && span.finite)) layout.width = 0;
    return layout;
}

static number_layout layout_of(const script_value *value, number_format format)
{
    const double *numbers = value_numbers(value), first = *numbers;
    const size_t all = value->rows * value->cols;
    const bool range = value->form == FORM_RANGE && all > 1;
    size_t count = all, step = 1;
    if (value->form == FORM_DIAGONAL && all > 1) { /* by the diagonal alone */
        step = value->cols + 1;
        count = ((value->rows < value->cols ? value->rows : value->cols) - 1) * step + 1;
    }
    digit_span span = span_of(numbers, count, step);
    if (all == 1) span.whole = floor(first + 0.5) == first;
    if (range) { /* by its ends, the limit as it was written */
        const double limit = value->u.limit, difference = numbers[1] - first;
        span.whole = floor(first) == first && floor(difference) == difference;
        span.largest = digits_of(fabs(fmax(first, limit)));
        span.smallest = digits_of(fabs(fmin(first, limit)));
    }
    if (value->form == FORM_LOGICAL) format = FORMAT_SHORT;
    number_layout layout = span_layout(span, format, all == 1 ? 0 : range ? 2 : 1);
    if (value->form == FORM_LOGICAL) {
        layout.width = 1;
        layout.uncut = span.largest == 0; /* Octave finds no width for false everywhere */
    }
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

/* The rows of a matrix, cut into blocks of columns where they do not fit the line. */
static void append_matrix(text_buffer *text, const script_value *value, number_layout layout)
{
    const double *numbers = value_numbers(value);
    size_t column = (size_t)layout.width + 2;
    size_t fit = TERMINAL_COLUMNS / column ? TERMINAL_COLUMNS / column : 1;
    bool split = !layout.uncut && value->cols * column > TERMINAL_COLUMNS;
    if (!split) fit = value->cols;
    for (size_t first = 0; first < value->cols; first += fit) {
        size_t last = first + fit < value->cols ? first + fit : value->cols;
        if (split) append_heading(text, first, last);
        for (size_t row = 0; row < value->rows; row++) {
            for (size_t col = first; col < last; col++) {
                text_append(text, "  ", 2);
                append_number(text, layout, numbers[row * value->cols + col]);
            }
            text_append(text, "\n", 1);
        }
    }
}

static void append_numeric(interpreter *in, text_buffer *text, const script_value *value)
{
    if (is_empty(*value)) {
        text_print(text, "[](%zux%zu)\n", value->rows, value->cols);
        return;
    }
    const number_layout layout = layout_of(value, in->format);
    if (is_scalar(*value)) {
        append_number(text, layout, *value_numbers(value));
        text_print(text, "\n");
    } else {
        if (value->form == FORM_DIAGONAL) text_print(text, "Diagonal Matrix\n\n");
        if (value->form == FORM_PERMUTATION) text_print(text, "Permutation Matrix\n\n");
        append_matrix(text, value, layout);
    }
}

void value_text(interpreter *in, const script_value *value, text_buffer *text)
{
    if (is_numeric(*value)) {
        append_numeric(in, text, value);
        return;
    }
    const function_value *function = value->u.function;
    if (value->kind == VALUE_STRING || value->kind == VALUE_ERROR)
        text_append(text, value->u.string->bytes, value->u.string->length);
    else expression_text(function->node, &in->symbols, function->script->source, text);
    text_print(text, "\n");
}

/* ---- JSON ---- */

void json_string(FILE *file, const char *bytes, size_t length)
{
    putc('"', file);
    for (size_t k = 0; k < length; k++) {
        const unsigned char byte = (unsigned char)bytes[k];
        if (byte == '"' || byte == '\\') fprintf(file, "\\%c", byte);
        else if (byte == '\n') fputs("\\n", file);
        else if (byte < 0x20 || byte == 0x7f) fprintf(file, "\\u%04x", byte);
        else putc(byte, file);
    }
    putc('"', file);
}

void json_number(FILE *file, double x)
{
    const char *name = number_name(x);
    if (name) fprintf(file, "\"%s\"", name);
    else fprintf(file, "%.17g", x);
}

static void print_json(interpreter *in, const char *name, const script_value *value)
{
    FILE *file = in->output;
    fputs("{\"name\":", file);
    json_string(file, name, strlen(name));
    if (is_numeric(*value)) {
        fprintf(file, ",\"rows\":%zu,\"cols\":%zu,\"data\":[", value->rows, value->cols);
        for (size_t k = 0; k < value->rows * value->cols; k++) {
            if (k) putc(',', file);
            json_number(file, value_at(value, k));
        }
        fputs("]}\n", file);
        return;
    }
    text_buffer text = {0};
    value_text(in, value, &text);
    fputs(",\"text\":", file);
    json_string(file, text.data, text.length - 1); /* without the end of its line */
    fputs("}\n", file);
    text_free(&text);
}

/* ---- Octave's form ---- */

void print_value(interpreter *in, const char *name, const script_value *value)
{
    text_buffer text = {0};
    const bool block = value->kind == VALUE_FUNCTION
                           ? value->u.function->node->kind == NODE_FUNCTION
                           : is_numeric(*value) && !is_scalar(*value) && !is_empty(*value);
    if (in->json) {
        print_json(in, name, value);
        return;
    }
    text_print(&text, block ? "%s =\n\n" : "%s = ", name);
    value_text(in, value, &text);
    text_append(&text, "\n", block);
    text_write(&text, in->output);
}

void print_text(interpreter *in, const char *bytes, size_t length)
{
    if (in->json) fputs("{\"text\":", in->output);
    if (in->json) json_string(in->output, bytes, length);
    else fwrite(bytes, 1, length, in->output);
    if (in->json) fputs("}\n", in->output);
}

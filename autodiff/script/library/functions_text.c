/* SPDX-License-Identifier: MIT */
/* Text: numbers as text, and what is done with strings. */
#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool give_text(function_call *call, text_buffer *text)
{
    give(call, value_string(text->data, text->length));
    text_free(text);
    return true;
}

/* ---- Numbers as text ---- */

bool call_sprintf(function_call *call)
{
    text_buffer text = {0};
    if (format_template(call->in, call->function->name, call->arguments[0].u.string,
                        call->arguments + 1, call->count - 1, &text))
        return give_text(call, &text);
    text_free(&text);
    return false;
}

/* How num2str writes each number: as Octave does, with four digits after those before the point of
 * the largest, at most 16, and whole numbers whole. */
static void number_template(const matrix_view *view, char *template, size_t size)
{
    double largest = 0;
    bool whole = true, finite = true;
    for (size_t k = 0; k < view->rows * view->cols; k++) {
        const double x = view->values[k];
        finite = finite && isfinite(x);
        whole = whole && (!isfinite(x) || floor(x) == x);
        if (isfinite(x)) largest = fmax(largest, fabs(x));
    }
    int digits = largest > 0 ? (int)floor(log10(largest)) + 1 : 1;
    if (whole && digits <= 15) {
        digits = !finite && digits < 3 ? 3 : digits;
        snprintf(template, size, "%%%d.16g", digits + 2); /* which shows the sign of -0 */
        return;
    }
    digits = digits > 1 ? digits + 4 : 5;
    if (digits > 16 || whole) digits = 16;
    snprintf(template, size, "%%%d.%dg", digits + 7, digits);
}

/* Cuts blanks off both ends. */
static void trim(text_buffer *text)
{
    size_t start = 0, end = text->length;
    while (start < end && isspace((unsigned char)text->data[start])) start++;
    while (end > start && isspace((unsigned char)text->data[end - 1])) end--;
    if (end > start) memmove(text->data, text->data + start, end - start);
    text->length = end - start;
}

/* A row of numbers by one template each. */
static bool append_row(function_call *call, const char *each, text_buffer *text)
{
    text_buffer all = {0};
    const size_t cols = call->arguments[0].cols;
    const bool several = strchr(strchr(each, '%') ? strchr(each, '%') + 1 : "", '%') != NULL;
    for (size_t k = 0; k < (several ? 1 : cols); k++) text_append(&all, each, strlen(each));
    script_value template = value_string(all.data, all.length);
    template.u.string->raw = true;
    bool ok = format_template(call->in, "num2str", template.u.string, call->arguments, 1, text);
    value_release(&template);
    text_free(&all);
    return ok;
}

/* num2str(x), num2str(x, digits), num2str(x, template); int2str(x) */
bool call_num2str(function_call *call)
{
    matrix_view view;
    char template[40];
    const char *each = template;
    const bool given = call->count == 2;
    if (call->arguments[0].kind == VALUE_STRING) return give(call, value_share(call->arguments[0]));
    if (!convert_argument(call, 0, 'm') || !value_view(&call->arguments[0], &view)) return false;
    if (call->function->parameter > 0) {
        if (!from_tape(call->in, "int2str", ad_round(call->arguments[0].var), call->arguments) ||
            !value_view(&call->arguments[0], &view))
            return false;
    }
    if (view.rows > 1)
        return fail(call->in, "%s: %zux%zu: text is one row of characters", call->function->name,
                    view.rows, view.cols);
    if (given && call->arguments[1].kind == VALUE_STRING) {
        each = call->arguments[1].u.string->bytes;
    } else if (given) {
        if (!convert_argument(call, 1, 'c')) return false;
        const int digits = (int)fmin(call->arguments[1].u.number, 100);
        snprintf(template, sizeof template, "%%%d.%dg", digits + 7, digits);
    } else {
        number_template(&view, template, sizeof template);
    }
    text_buffer text = {0};
    if (view.cols && !append_row(call, each, &text)) {
        text_free(&text);
        return false;
    }
    if (text.length) trim(&text);
    return give_text(call, &text);
}

/* mat2str(A, digits): what would be typed to get A. */
bool call_mat2str(function_call *call)
{
    matrix_view view;
    if (!convert_argument(call, 0, 'r') || !value_view(&call->arguments[0], &view)) return false;
    const bool logical = call->arguments[0].form == FORM_LOGICAL;
    const bool brackets = view.rows * view.cols != 1;
    const int digits = call->count > 1 ? (int)fmin(call->arguments[1].u.number, 100) : 15;
    text_buffer text = {0};
    if (view.rows * view.cols == 0) {
        text_print(&text, "[]");
        return give_text(call, &text);
    }
    text_print(&text, brackets ? "[" : "");
    for (size_t i = 0; i < view.rows; i++) {
        for (size_t j = 0; j < view.cols; j++) {
            const double x = view.values[i * view.cols + j];
            text_print(&text, "%s", j ? " " : i ? ";" : "");
            if (logical) text_print(&text, "%s", x != 0 ? "true" : "false");
            else if (number_name(x)) text_print(&text, "%s", number_name(x));
            else text_print(&text, "%.*g", digits, x);
        }
    }
    text_print(&text, brackets ? "]" : "");
    return give_text(call, &text);
}

/* The number that text is, NaN if it is none. */
bool call_str2double(function_call *call)
{
    double number = NAN;
    if (call->arguments[0].kind == VALUE_STRING) {
        const char *bytes = call->arguments[0].u.string->bytes;
        char *end;
        number = strtod(bytes, &end);
        if (end == bytes || bytes[strspn(bytes, "+-0123456789.eEinfInfNaNa \t")] != '\0')
            number = NAN;
        if (end[strspn(end, " \t")] != '\0') number = NAN;
    }
    return give(call, value_number(number));
}

/* double(s), char(codes) */
bool call_double(function_call *call)
{
    if (call->arguments[0].form == FORM_LOGICAL) call->arguments[0].form = FORM_PLAIN;
    return give(call, call->arguments[0]);
}

bool call_char(function_call *call)
{
    script_value text;
    if (call->arguments[0].kind == VALUE_STRING) return give(call, value_share(call->arguments[0]));
    return convert_argument(call, 0, 'r') &&
           to_text(call->in, call->function->name, call->arguments[0], &text) && give(call, text);
}

/* ---- Strings ---- */

/* strcmp, strcmpi, strncmp, strncmpi: what is not text equals nothing. */
bool call_strcmp(function_call *call)
{
    const bool folded = (int)call->function->parameter & COMPARE_FOLDED;
    const script_value *x = &call->arguments[0], *y = &call->arguments[1];
    bool equal = x->kind == VALUE_STRING && y->kind == VALUE_STRING;
    if (equal) {
        const string_value *a = x->u.string, *b = y->u.string;
        size_t length = a->length;
        if (b->length > length) length = b->length;
        if (call->count == 3 && call->arguments[2].u.number < 1)
            return fail(call->in, "%s: n must be greater than 0", call->function->name);
        if (call->count == 3 && call->arguments[2].u.number < (double)length)
            length = (size_t)call->arguments[2].u.number;
        equal = a->length >= length && b->length >= length;
        for (size_t k = 0; equal && k < length; k++) {
            const int c = (unsigned char)a->bytes[k], d = (unsigned char)b->bytes[k];
            equal = folded ? tolower(c) == tolower(d) : c == d;
        }
    }
    return give(call, value_logical(equal));
}

/* upper, lower */
bool call_case(function_call *call)
{
    const string_value *from = call->arguments[0].u.string;
    script_value text = value_string(from->bytes, from->length);
    for (size_t k = 0; k < from->length; k++) {
        const int c = (unsigned char)from->bytes[k];
        text.u.string->bytes[k] = (char)(call->function->parameter > 0 ? toupper(c) : tolower(c));
    }
    return give(call, text);
}

bool call_strtrim(function_call *call)
{
    const string_value *from = call->arguments[0].u.string;
    text_buffer text = {0};
    text_append(&text, from->bytes, from->length);
    trim(&text);
    return give_text(call, &text);
}

/* Joins text, without the blanks at the end of each part. */
bool call_strcat(function_call *call)
{
    text_buffer text = {0};
    text_append(&text, "", 0);
    for (size_t k = 0; k < call->count; k++) {
        const string_value *part = call->arguments[k].u.string;
        size_t length = part->length;
        while (length && isspace((unsigned char)part->bytes[length - 1])) length--;
        text_append(&text, part->bytes, length);
    }
    return give_text(call, &text);
}

bool call_strrep(function_call *call)
{
    const string_value *in = call->arguments[0].u.string, *from = call->arguments[1].u.string;
    const string_value *to = call->arguments[2].u.string;
    text_buffer text = {0};
    text_append(&text, "", 0);
    for (size_t k = 0; k < in->length;) {
        const bool here = from->length && in->length - k >= from->length &&
                          memcmp(in->bytes + k, from->bytes, from->length) == 0;
        text_append(&text, here ? to->bytes : in->bytes + k, here ? to->length : 1);
        k += here ? from->length : 1;
    }
    return give_text(call, &text);
}

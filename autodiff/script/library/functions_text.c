/* SPDX-License-Identifier: MIT */
/* Text: numbers as text, and what is done with strings. */
#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool give_text(function_call *call, text_buffer *text)
{
    give(call, value_string(text->data, text->length));
    text_free(text);
    return true;
}

bool format_arguments(function_call *call, size_t k, text_buffer *text)
{
    return format_template(call->in, call->function->name, call->arguments[k].u.string,
                           call->arguments + k + 1, call->count - k - 1, text);
}

/* ---- Numbers as text ---- */

bool call_sprintf(function_call *call)
{
    text_buffer text = {0};
    if (format_arguments(call, 0, &text)) {
        give_text(call, &text);
        call->results[0].u.string->resolved = call->arguments[0].u.string->resolved;
        return true;
    }
    text_free(&text);
    return false;
}

/* The number that text is without its commas, NaN if it is none. */
bool call_str2double(function_call *call)
{
    double number = NAN;
    if (call->arguments[0].kind == VALUE_STRING) {
        const string_value *in = call->arguments[0].u.string;
        text_buffer text = {0};
        text_append(&text, "", 0);
        for (size_t k = 0; k < in->length; k++)
            if (in->bytes[k] != ',') text_append(&text, in->bytes + k, 1);
        const char *bytes = text.data;
        char *end;
        number = strtod(bytes, &end);
        if (end == bytes || bytes[strspn(bytes, "+-0123456789.eEinfInfNaNa \t")] != '\0')
            number = NAN;
        if (end[strspn(end, " \t")] != '\0') number = NAN;
        text_free(&text);
    }
    return give(call, value_number(number));
}

bool call_char(function_call *call)
{
    script_value text;
    if (call->arguments[0].kind == VALUE_STRING) return give(call, value_share(call->arguments[0]));
    return convert_argument(call, 0, 'r') &&
           to_text(call->in, call->function->name, call->arguments[0], &text) && give(call, text);
}

/* ---- Strings ---- */

/* What is not text equals nothing. */
bool call_strcmp(function_call *call)
{
    const script_value *x = &call->arguments[0], *y = &call->arguments[1];
    const string_value *a = x->u.string, *b = y->u.string;
    return give(call, value_logical(x->kind == VALUE_STRING && y->kind == VALUE_STRING &&
                                    a->length == b->length &&
                                    memcmp(a->bytes, b->bytes, a->length) == 0));
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

/* A match may begin in the one before, as in Octave: "b" twice for the "aa" of "aaa". */
bool call_strrep(function_call *call)
{
    const string_value *in = call->arguments[0].u.string, *from = call->arguments[1].u.string;
    const string_value *to = call->arguments[2].u.string;
    text_buffer text = {0};
    text_append(&text, "", 0);
    for (size_t k = 0, end = 0; k < in->length; k++) {
        const bool here = from->length && in->length - k >= from->length &&
                          memcmp(in->bytes + k, from->bytes, from->length) == 0;
        if (here) text_append(&text, to->bytes, to->length);
        else if (k >= end) text_append(&text, in->bytes + k, 1);
        if (here) end = k + from->length;
    }
    return give_text(call, &text);
}

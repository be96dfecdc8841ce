/* SPDX-License-Identifier: MIT */
#include "autodiff/script/print/print.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Walks over the arguments: a number each, but a string whole where %s takes it. */
typedef struct argument_cursor {
    const script_value *values;
    size_t count;
    size_t value;   /* the argument that is next */
    size_t element; /* and which of its elements */
    bool moved;
    text_buffer codes; /* the characters of an item that is numbers */
} argument_cursor;

typedef struct template_item {
    enum { ITEM_NONE, ITEM_NUMBER, ITEM_TEXT, ITEM_UNSHOWN } kind;
    double number;
    const char *text;
    size_t length; /* of text; elements that the item takes */
} template_item;

/* For %s: the numbers up to the next that is no character's code. Octave shows nothing of that. */
static template_item codes_item(argument_cursor *cursor, const script_value *value)
{
    cursor->codes.length = 0;
    for (size_t k = cursor->element; k < value->rows * value->cols; k++) {
        const double x = value_at(value, k);
        if (!(x >= 0 && x < 256 && floor(x) == x)) break;
        const char byte = (char)(unsigned char)x;
        text_append(&cursor->codes, &byte, 1);
    }
    const size_t length = cursor->codes.length;
    if (length == 0) return (template_item){.kind = ITEM_UNSHOWN, .length = 1};
    return (template_item){.kind = ITEM_TEXT, .text = cursor->codes.data, .length = length};
}

/* The next item; text for an argument without elements. */
static template_item next_item(argument_cursor *cursor, bool whole)
{
    if (cursor->value == cursor->count) return (template_item){.kind = ITEM_NONE};
    const script_value *value = &cursor->values[cursor->value];
    const string_value *string = value->kind == VALUE_STRING ? value->u.string : NULL;
    const size_t size = value->rows * value->cols, element = cursor->element;
    template_item item = {.kind = ITEM_NUMBER, .length = 1};
    if (size == 0 || (string && whole)) {
        item.kind = ITEM_TEXT;
        item.text = size ? string->bytes + element : "";
        item.length = size - element;
    } else if (string) {
        item.number = (unsigned char)string->bytes[element];
    } else {
        item.number = value_at(value, element);
        if (whole && isfinite(item.number)) item = codes_item(cursor, value);
    }
    cursor->moved = true;
    cursor->element += item.length;
    if (cursor->element == size) {
        cursor->value++;
        cursor->element = 0;
    }
    return item;
}

/* One conversion of the template: %[flags][width][.precision]letter */
typedef struct conversion_spec {
    char flags[8];
    int width;
    int precision; /* negative: none */
    char letter;
} conversion_spec;

enum { WIDEST = 100000 };

/* A number, or * for one from the arguments; 0 when there is none. */
static int read_number(const char **at, argument_cursor *cursor)
{
    if (**at == '*') {
        ++*at;
        template_item item = next_item(cursor, false);
        double x = item.kind == ITEM_NUMBER ? item.number : 0;
        return x > 0 && x <= (double)WIDEST ? (int)x : 0;
    }
    int number = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        number = number * 10 + (**at - '0');
        number = number > WIDEST ? WIDEST : number;
    }
    return number;
}

/* Reads the conversion after a %; false for a malformed one. */
static bool read_conversion(const char **at, argument_cursor *cursor, conversion_spec *conversion)
{
    const size_t flags = strspn(*at, "-+ #0"), most = sizeof conversion->flags - 1;
    *conversion = (conversion_spec){.precision = -1};
    memcpy(conversion->flags, *at, flags < most ? flags : most);
    *at += flags;
    conversion->width = read_number(at, cursor);
    if (**at == '.') {
        ++*at;
        conversion->precision = read_number(at, cursor);
    }
    while (**at == 'l' || **at == 'h') ++*at;
    conversion->letter = **at;
    if (!**at || !strchr("diouxXcseEfFgG%", **at)) return false;
    ++*at;
    return true;
}

static void append_text(text_buffer *text, const conversion_spec *conversion, const char *bytes,
                        size_t length)
{
    const size_t precision = (size_t)conversion->precision, width = (size_t)conversion->width;
    const size_t shown = conversion->precision >= 0 && precision < length ? precision : length;
    const int blanks = width > shown ? (int)(width - shown) : 0;
    const bool left = strchr(conversion->flags, '-') != NULL;
    text_print(text, "%*s", left ? 0 : blanks, "");
    text_append(text, bytes, shown);
    text_print(text, "%*s", left ? blanks : 0, "");
}

/* An item by any conversion; a number that does not fit the conversion is shown by %g, as Octave
 * does. */
static void append_item(text_buffer *text, conversion_spec conversion, template_item item)
{
    const double x = item.number;
    const bool whole = floor(x) == x;
    char letter = conversion.letter, byte, name[8];
    if (item.kind == ITEM_UNSHOWN) return;
    if (item.kind == ITEM_NUMBER && !isfinite(x)) {
        conversion.precision = -1;
        const bool plus = strchr(conversion.flags, '+') && !(x < 0);
        const int length = snprintf(name, sizeof name, "%s%s", plus ? "+" : "", number_name(x));
        item = (template_item){.kind = ITEM_TEXT, .text = name, .length = (size_t)length};
    } else if (item.kind == ITEM_NUMBER && letter == 'c' && whole && x >= 0 && x < 256) {
        byte = (char)(unsigned char)x;
        item = (template_item){.kind = ITEM_TEXT, .text = &byte, .length = 1};
    }
    if (item.kind == ITEM_TEXT) {
        append_text(text, &conversion, item.text, item.length);
        return;
    }
    const bool is_signed = letter == 'd' || letter == 'i';
    const bool integer =
        whole && (is_signed ? x <= 0x1p63 : x >= 0 && x <= 0x1p64) && strchr("diouxX", letter);
    char format[32];
    if (!integer && !strchr("eEfFgG", letter)) letter = 'g';
    snprintf(format, sizeof format, "%%%s*.*%s%c", conversion.flags, integer ? "ll" : "", letter);
    if (integer && is_signed)
        text_print(text, format, conversion.width, conversion.precision,
                   x >= 0x1p63   ? LLONG_MAX
                   : x < -0x1p63 ? LLONG_MIN
                                 : (long long)x);
    else if (integer)
        text_print(text, format, conversion.width, conversion.precision,
                   x >= 0x1p64 ? ULLONG_MAX : (unsigned long long)x);
    else text_print(text, format, conversion.width, conversion.precision, x);
}

/* Once through the template, up to a conversion that finds no argument. False for a malformed
 * conversion. */
static bool run_template(const char *at, const char *end, argument_cursor *cursor,
                         text_buffer *text)
{
    while (at < end) {
        const char *percent = memchr(at, '%', (size_t)(end - at));
        text_append(text, at, (size_t)((percent ? percent : end) - at));
        if (!percent) return true;
        at = percent + 1;
        conversion_spec conversion;
        if (!read_conversion(&at, cursor, &conversion)) return false;
        if (conversion.letter == '%') {
            text_append(text, "%", 1);
            continue;
        }
        const template_item item = next_item(cursor, conversion.letter == 's');
        if (item.kind == ITEM_NONE) return true;
        append_item(text, conversion, item);
    }
    return true;
}

bool format_template(interpreter *in, const char *name, const string_value *template,
                     const script_value *values, size_t count, text_buffer *text)
{
    argument_cursor cursor = {.values = values, .count = count};
    for (size_t k = 0; k < count; k++)
        if (values[k].kind == VALUE_FUNCTION)
            return fail(in, "%s: argument %zu is a function", name, k + 2);
    text_buffer resolved = {0};
    text_append(&resolved, template->bytes, template->length);
    if (!template->resolved) text_unescape(&resolved);
    bool ok;
    do {
        cursor.moved = false;
        ok = run_template(resolved.data, resolved.data + resolved.length, &cursor, text) ||
             fail(in, "%s: a %% in the template begins no conversion", name);
    } while (ok && cursor.moved && cursor.value < cursor.count);
    text_free(&resolved);
    text_free(&cursor.codes);
    return ok;
}

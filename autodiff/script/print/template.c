#include "autodiff/script/print/template.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Walks over the arguments: a number each, but a string whole where %s takes it. */
typedef struct argument_cursor {
    const script_value *values;
    size_t count;
    size_t value;   /* the argument that is next */
    size_t element; /* and which of its elements */
} argument_cursor;

typedef struct template_item {
    enum { ITEM_NONE, ITEM_EMPTY, ITEM_NUMBER, ITEM_TEXT } kind;
    double number;
    const char *text;
    size_t length;
} template_item;

static size_t element_count(const script_value *value)
{
    return value_rows(*value) * value_cols(*value);
}

static template_item next_item(argument_cursor *cursor, bool whole)
{
    if (cursor->value == cursor->count) return (template_item){.kind = ITEM_NONE};
    const script_value *value = &cursor->values[cursor->value];
    size_t size = element_count(value), element = cursor->element;
    if (size == 0) {
        cursor->value++;
        return (template_item){.kind = ITEM_EMPTY};
    }
    template_item item = {.kind = ITEM_NUMBER};
    if (value->kind == VALUE_STRING) {
        const string_value *string = value->u.string;
        item.number = (unsigned char)string->bytes[element];
        item.text = string->bytes + element;
        item.length = whole && element == 0 ? size : 1;
        item.kind = whole ? ITEM_TEXT : ITEM_NUMBER;
    } else {
        matrix_view view;
        value_view(value, &view);
        item.number = view_at(&view, element);
    }
    cursor->element += item.kind == ITEM_TEXT ? item.length : 1;
    if (cursor->element == size) {
        cursor->value++;
        cursor->element = 0;
    }
    return item;
}

/* One conversion of the template: %[flags][width][.precision]letter */
typedef struct conversion_spec {
    char flags[8];
    int width;     /* -1: none */
    int precision; /* -1: none */
    char letter;
} conversion_spec;

enum { WIDEST = 100000 };

/* A number, or * for one from the arguments; -1 when there is none. */
static int read_number(const char **at, argument_cursor *cursor)
{
    if (**at == '*') {
        ++*at;
        template_item item = next_item(cursor, false);
        double x = item.kind == ITEM_NUMBER ? item.number : 0;
        return x > 0 && x <= WIDEST ? (int)x : 0;
    }
    int number = -1;
    while (**at >= '0' && **at <= '9') {
        number = (number < 0 ? 0 : number) * 10 + (**at - '0');
        number = number > WIDEST ? WIDEST : number;
        ++*at;
    }
    return number;
}

/* Reads the conversion after a %; false for a malformed one. */
static bool read_conversion(const char **at, argument_cursor *cursor, conversion_spec *conversion)
{
    size_t flags = 0;
    *conversion = (conversion_spec){.width = -1, .precision = -1};
    while (**at && strchr("-+ #0", **at)) {
        if (!strchr(conversion->flags, **at) && flags + 1 < sizeof conversion->flags)
            conversion->flags[flags++] = **at;
        ++*at;
    }
    conversion->width = read_number(at, cursor);
    if (**at == '.') {
        ++*at;
        conversion->precision = read_number(at, cursor);
        conversion->precision = conversion->precision < 0 ? 0 : conversion->precision;
    }
    while (**at == 'l' || **at == 'h') ++*at;
    conversion->letter = **at;
    if (!**at || !strchr("diouxXcseEfFgGaA", **at)) return false;
    ++*at;
    return true;
}

/* The conversion as C writes it, with another letter. */
static void c_format(const conversion_spec *conversion, const char *letter, bool zeros,
                     char format[64])
{
    char flags[8];
    size_t kept = 0;
    for (const char *flag = conversion->flags; *flag; flag++)
        if (zeros || *flag != '0') flags[kept++] = *flag;
    flags[kept] = '\0';
    char width[16] = "", precision[16] = "";
    if (conversion->width >= 0) snprintf(width, sizeof width, "%d", conversion->width);
    if (conversion->precision >= 0)
        snprintf(precision, sizeof precision, ".%d", conversion->precision);
    snprintf(format, 64, "%%%s%s%s%s", flags, width, precision, letter);
}

static void append_text(text_buffer *text, conversion_spec conversion, const char *bytes,
                        size_t length)
{
    size_t shown = length;
    if (conversion.precision >= 0 && (size_t)conversion.precision < length)
        shown = (size_t)conversion.precision;
    size_t width = conversion.width > 0 ? (size_t)conversion.width : 0;
    size_t blanks = width > shown ? width - shown : 0;
    bool left = strchr(conversion.flags, '-') != NULL;
    text_print(text, "%*s", left ? 0 : (int)blanks, "");
    text_append(text, bytes, shown);
    text_print(text, "%*s", left ? (int)blanks : 0, "");
}

static void append_double(text_buffer *text, const conversion_spec *conversion, const char *letter,
                          double x)
{
    char format[64];
    c_format(conversion, letter, true, format);
    text_print(text, format, x);
}

/* A number by any conversion; one that does not fit the conversion is shown by %g, as Octave
 * does. */
static void append_number(text_buffer *text, conversion_spec conversion, double x)
{
    char letter[2] = {conversion.letter, '\0'}, format[64];
    bool whole = floor(x) == x && fabs(x) < 0x1p63;
    if (!isfinite(x)) {
        conversion_spec plain = conversion;
        plain.precision = -1;
        const char *name = isnan(x) ? "NaN" : x > 0 ? "Inf" : "-Inf";
        append_text(text, plain, name, strlen(name));
    } else if (strchr("di", *letter) && whole) {
        c_format(&conversion, "lld", true, format);
        text_print(text, format, (long long)x);
    } else if (strchr("ouxX", *letter) && whole && x >= 0) {
        char wide[4] = {'l', 'l', *letter, '\0'};
        c_format(&conversion, wide, true, format);
        text_print(text, format, (unsigned long long)x);
    } else if (strchr("cs", *letter) && whole && x >= 0 && x < 256) {
        char byte = (char)(unsigned char)x;
        append_text(text, conversion, &byte, 1);
    } else {
        append_double(text, &conversion, strchr("eEfFgGaA", *letter) ? letter : "g", x);
    }
}

static void append_item(text_buffer *text, conversion_spec conversion, template_item item)
{
    if (item.kind == ITEM_EMPTY) {
        conversion.precision = -1;
        append_text(text, conversion, "", 0);
    } else if (item.kind == ITEM_TEXT) {
        append_text(text, conversion, item.text, item.length);
    } else {
        append_number(text, conversion, item.number);
    }
}

/* Once through the template. *stop: the arguments ran out at a conversion; *converted: there was
 * one. False for a malformed conversion. */
static bool run_template(const char *at, const char *end, argument_cursor *cursor,
                         text_buffer *text, bool *stop, bool *converted)
{
    *stop = false;
    *converted = false;
    while (at < end) {
        const char *percent = memchr(at, '%', (size_t)(end - at));
        if (!percent) {
            text_append(text, at, (size_t)(end - at));
            return true;
        }
        text_append(text, at, (size_t)(percent - at));
        at = percent + 1;
        if (*at == '%') {
            text_append(text, at++, 1);
            continue;
        }
        conversion_spec conversion;
        if (!read_conversion(&at, cursor, &conversion)) return false;
        bool whole = conversion.letter == 's' || conversion.letter == 'c';
        template_item item = next_item(cursor, whole && conversion.letter == 's');
        if (item.kind == ITEM_NONE) {
            *stop = true;
            return true;
        }
        *converted = true;
        append_item(text, conversion, item);
    }
    return true;
}

bool format_template(interpreter *in, const char *name, const string_value *template,
                     const script_value *values, size_t count, text_buffer *text)
{
    argument_cursor cursor = {values, count, 0, 0};
    bool stop, converted;
    for (size_t k = 0; k < count; k++)
        if (values[k].kind == VALUE_FUNCTION)
            return fail(in, "%s: argument %zu is a function", name, k + 2);
    text_buffer resolved = {0};
    text_append(&resolved, template->bytes, template->length);
    if (template->raw) text_unescape(&resolved);
    bool ok = true;
    do {
        ok = run_template(resolved.data, resolved.data + resolved.length, &cursor, text, &stop,
                          &converted) ||
             fail(in, "%s: a %% in the template begins no conversion", name);
    } while (ok && !stop && converted && cursor.value < cursor.count);
    text_free(&resolved);
    return ok;
}

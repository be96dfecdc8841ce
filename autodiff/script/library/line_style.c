/* SPDX-License-Identifier: MIT */
#include "autodiff/script/library/line_style.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

const line_style style_by_turn = {.dash = -1, .width = 1, .size = 1};

/* ---- Words to styles ---- */

/* The colour of a letter of a format, or of a name that begins with it. */
static bool read_colour(const char *name, line_style *style)
{
    static const char *const colours[] = {"r#d62728", "g#209020", "b#1f5fd0", "k#000000",
                                          "m#c000c0", "c#00a0b8", "y#d0b000", "w#ffffff"};
    const char letter = (char)(strcmp(name, "black") == 0 ? 'k' : *name);
    for (size_t k = 0; k < sizeof colours / sizeof *colours; k++)
        if (letter == colours[k][0]) return strcpy(style->colour, colours[k] + 1);
    return false;
}

/* A format of Octave's plot, "--rx;label;": false, and no change, if text is none. */
static bool read_format(const string_value *text, line_style *style)
{
    static const struct {
        const char *text;
        int dash, marker; /* gnuplot's numbers */
    } marks[] = {{"--", 2, 0}, {"-.", 4, 0}, {"-", 1, 0},  {":", 3, 0},  {"+", 0, 1}, {"x", 0, 2},
                 {"*", 0, 3},  {"s", 0, 4},  {"o", 0, 6},  {".", 0, 7},  {"^", 0, 8}, {">", 0, 8},
                 {"v", 0, 10}, {"<", 0, 10}, {"d", 0, 12}, {"p", 0, 14}, {"h", 0, 14}};
    enum { MARKS = sizeof marks / sizeof *marks };
    line_style read = *style;
    int dash = 0, marker = 0;
    for (const char *at = text->bytes; *at; at++) {
        size_t k = 0;
        const char *end = *at == ';' ? strchr(at + 1, ';') : NULL;
        while (k < MARKS && strncmp(at, marks[k].text, strlen(marks[k].text)) != 0) k++;
        if (end) {
            read.label = at + 1;
            read.label_length = (size_t)(end - at) - 1;
            at = end;
        } else if (k < MARKS) {
            dash = marks[k].dash ? marks[k].dash : dash;
            marker = marks[k].marker ? marks[k].marker : marker;
            if (*at == '.') read.size = style->size / 2;
            at += strlen(marks[k].text) - 1;
        } else if (!read_colour(at, &read)) {
            return false;
        }
    }
    if (dash || marker) read.dash = dash;
    if (marker) read.marker = marker;
    *style = read;
    return true;
}

static bool is_named(const script_value *value, const char *name)
{
    const char *text = value->u.string->bytes;
    while (*name && tolower((unsigned char)*text) == *name) text++, name++;
    return *name == *text;
}

/* Takes the property that argument k names; those without a meaning here are passed over. */
static bool read_property(function_call *call, size_t k, line_style *style)
{
    const script_value *name = &call->arguments[k], *value = name + 1;
    const bool text = value->kind == VALUE_STRING;
    matrix_view view;
    if (is_named(name, "linewidth")) {
        if (!convert_argument(call, k + 1, 'n')) return false;
        style->width = fmin(fmax(value->u.number, 0), 100);
    } else if (text && is_named(name, "displayname")) {
        style->label = value->u.string->bytes;
        style->label_length = value->u.string->length;
    } else if (text && is_named(name, "color")) {
        read_colour(value->u.string->bytes, style);
    } else if (text && is_named(name, "linestyle")) {
        if (!read_format(value->u.string, style)) style->dash = 0; /* "none" */
    } else if (text && is_named(name, "marker")) {
        const int dash = style->dash;
        read_format(value->u.string, style);
        style->dash = dash;
    } else if (is_named(name, "color") && value_view(value, &view) && view.rows * view.cols == 3) {
        unsigned parts[3];
        for (size_t i = 0; i < 3; i++)
            parts[i] = (unsigned)(255 * fmin(fmax(view.values[i], 0), 1)) & 255;
        snprintf(style->colour, sizeof style->colour, "#%02x%02x%02x", parts[0], parts[1],
                 parts[2]);
    }
    return true;
}

bool style_read(function_call *call, size_t *k, line_style *style)
{
    for (; *k < call->count && call->arguments[*k].kind == VALUE_STRING; ++*k) {
        const bool more = *k + 1 < call->count;
        const string_value *text = call->arguments[*k].u.string;
        if (is_named(&call->arguments[*k], "filled")) style->marker = 7;
        else if (read_format(text, style)) continue;
        else if (!more)
            return fail(call->in, "%s: \"%s\" is neither a line format nor a property with a value",
                        call->function->name, text->bytes);
        else if (!read_property(call, (*k)++, style)) return false;
    }
    return true;
}

bool style_last(function_call *call, size_t k, line_style *style)
{
    if (!style_read(call, &k, style)) return false;
    return k == call->count ||
           fail(call->in, "%s: use: %s", call->function->name, call->function->usage);
}

/* ---- Styles to gnuplot's words ---- */

/* By turn they are those of Okabe and Ito, which the colour-blind tell apart, too. */
const char *style_colour(const line_style *style, size_t turn)
{
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                          "#56b4e9", "#e69f00", "#000000"};
    return style->colour[0] ? style->colour : colours[turn % (sizeof colours / sizeof *colours)];
}

/* The colour and dashes of series number turn, so that they differ in grey, too. */
void style_line(text_buffer *text, const line_style *style, size_t turn)
{
    static const char *const ways[2][2] = {{"dots", "points"}, {"lines", "linespoints"}};
    const int dash = style->dash < 0 ? (int)(turn % 5) + 1 : style->dash;
    text_print(text, "with %s lw %g lc rgb '%s'", ways[dash != 0][style->marker != 0], style->width,
               style_colour(style, turn));
    if (dash) text_print(text, " dt %d", dash);
    if (style->marker) text_print(text, " pt %d ps %g", style->marker, style->size);
}

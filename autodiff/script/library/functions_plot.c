/* SPDX-License-Identifier: MIT */
/* Plots: lines, bars and grids, added to the axes of a figure (print/plot.h) in the words of gnuplot. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* ---- Styles ---- */

typedef struct line_style {
    int dash;       /* gnuplot's number; 0: no line, -1: by turn */
    int marker;     /* gnuplot's number; 0: none */
    char colour[8]; /* #rrggbb; empty: by turn */
    double width;
    double size; /* of the markers */
    const char *label;
    size_t label_length;
} line_style;

static const line_style style_by_turn = {.dash = -1, .width = 1, .size = 1};

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
static bool read_format(const char *text, line_style *style)
{
    /* gnuplot counts dashes and markers in this order; two it has besides have no letter */
    static const char *const marks[] = {"-", "--", ":", "-.", "+", "x", "*",  "s", "\1", "o",
                                        ".", "^",  ">", "v",  "<", "d", "\1", "p", "h"};
    enum { DASHES = 4, MARKS = sizeof marks / sizeof *marks };
    line_style read = *style;
    size_t dash = 0, marker = 0;
    for (const char *at = text; *at; at++) {
        size_t k = MARKS; /* the longest comes last */
        const char *end = *at == ';' ? strchr(at + 1, ';') : NULL;
        while (k > 0 && strncmp(at, marks[k - 1], strlen(marks[k - 1])) != 0) k--;
        if (end) {
            read.label = at + 1;
            read.label_length = (size_t)(end - at) - 1;
            at = end;
        } else if (k > DASHES) {
            marker = k - DASHES;
            if (*at == '.') read.size = style->size / 2;
        } else if (k > 0) {
            dash = k;
            at += strlen(marks[k - 1]) - 1;
        } else if (!read_colour(at, &read)) {
            return false;
        }
    }
    if (dash || marker) read.dash = (int)dash;
    if (marker) read.marker = (int)marker;
    *style = read;
    return true;
}

/* The property that argument k names; those without a meaning here are passed over. */
static bool read_property(function_call *call, size_t k, line_style *style)
{
    const char *name = call->arguments[k++].u.string->bytes;
    const script_value *value = &call->arguments[k];
    const string_value *text = value->kind == VALUE_STRING ? value->u.string : NULL;
    const bool colour = strcasecmp(name, "color") == 0 || strcasecmp(name, "facecolor") == 0;
    const bool marker = strcasecmp(name, "marker") == 0;
    const int dash = style->dash;
    matrix_view view;
    if (strcasecmp(name, "linewidth") == 0) {
        if (!convert_argument(call, k, 'n')) return false;
        style->width = fmin(fmax(value->u.number, 0), 100);
    } else if (text && colour) {
        read_colour(text->bytes, style);
    } else if (colour && value_view(value, &view) && view.rows * view.cols == 3) {
        unsigned rgb = 0;
        for (size_t i = 0; i < 3; i++)
            rgb = 256 * rgb + (unsigned)(255 * fmin(fmax(view.values[i], 0), 1));
        snprintf(style->colour, sizeof style->colour, "#%06x", rgb & 0xffffff);
    } else if (text && strcasecmp(name, "displayname") == 0) {
        style->label = text->bytes, style->label_length = text->length;
    } else if (text && (marker || strcasecmp(name, "linestyle") == 0)) {
        const bool known = read_format(text->bytes, style); /* else "none" */
        if (marker || !known) style->dash = marker ? dash : 0;
    }
    return true;
}

/* Reads formats and properties from argument *k on. */
static bool read_style(function_call *call, size_t *k, line_style *style)
{
    for (; *k < call->count && call->arguments[*k].kind == VALUE_STRING; ++*k) {
        const char *text = call->arguments[*k].u.string->bytes;
        if (strcmp(text, "filled") == 0) style->marker = 7;
        else if (read_format(text, style)) continue;
        else if (*k + 1 == call->count)
            return fail(call->in, "%s: \"%s\" is neither a line format nor a property with a value",
                        call->function->name, text);
        else if (!read_property(call, (*k)++, style)) return false;
    }
    return true;
}

/* How series number turn is drawn. By turn, dashes differ in grey, too, and the colours are those of
 * Okabe and Ito, which the colour-blind tell apart. */
static void print_style(text_buffer *text, int kind, const line_style *style, size_t turn)
{
    static const char *const lines[2][2] = {{"dots", "points"}, {"lines", "linespoints"}};
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                          "#56b4e9", "#e69f00", "#000000"};
    static const struct {
        int kind;
        const char *way;
    } ways[] = {{PLOT_STEPS, "steps"},
                {PLOT_STEMS, "impulses"},
                {PLOT_AREA, "filledcurves"},
                {PLOT_FILL, "filledcurves closed"},
                {PLOT_BARS, "boxes"},
                {PLOT_ERRORS, "yerrorlines"},
                {PLOT_CONTOUR | PLOT_MESH, "lines"},
                {PLOT_SURFACE, "pm3d"}};
    const int dash = style->dash < 0 ? (int)(turn % 5) + 1 : style->dash;
    const char *colour = style->colour[0] ? style->colour : colours[turn % 7];
    const char *way = lines[dash != 0][style->marker != 0];
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
        if (kind & ways[k].kind) way = ways[k].way;
    if (kind & PLOT_ERRORS && !dash) way = "yerrorbars";
    text_print(text, "with %s", way);
    if (kind & PLOT_SURFACE) return;
    if (kind & PLOT_FILLED) text_print(text, " fs solid %g border -1", 0.8 / ((double)turn + 1));
    else text_print(text, " lw %g", style->width);
    if (kind & PLOT_GRID && !style->colour[0]) text_print(text, " lc palette");
    else text_print(text, " lc rgb '%s'", colour);
    if (dash && !(kind & (PLOT_FILLED | PLOT_GRID))) text_print(text, " dt %d", dash);
    if (kind & PLOT_STEMS)
        text_print(text, " notitle, '' using 1:2 with points lc rgb '%s'", colour);
    if (style->marker) text_print(text, " pt %d ps %g", style->marker, style->size);
}

/* ---- Points ---- */

static bool is_line(const matrix_view *view)
{
    return view->rows <= 1 || view->cols <= 1;
}

/* Points, which stand in lines. A coordinate that is not given counts from 1; one number serves all; a
 * vector is shared by the lines, or, y of a grid, has a number for each of them. */
typedef struct point_set {
    matrix_view given[3]; /* x, y, z */
    size_t lines, length;
    bool across; /* the lines are rows of matrices */
    bool grid;
} point_set;

static double number_at(const point_set *p, size_t of, size_t line, size_t k)
{
    const matrix_view *view = &p->given[of];
    const size_t shared = p->grid && of == 1 ? line : k;
    if (!view->values) return (double)shared + 1;
    if (is_line(view)) return view->values[view->rows * view->cols == 1 ? 0 : shared];
    return view->values[p->across ? line * view->cols + k : k * view->cols + line];
}

static bool is_number_next(const function_call *call, size_t k)
{
    return k < call->count && is_numeric(call->arguments[k]);
}

/* Reads x, y and z, or y or the z of a grid alone, from argument *k on. Columns are lines, or rows where
 * x is a vector of as many elements as y has columns. */
static bool read_points(function_call *call, int kind, size_t *k, bool alone, point_set *p)
{
    const bool grid = p->grid = kind & PLOT_GRID;
    const size_t last = kind & PLOT_THIRD ? 2 : 1, main = grid ? 2 : 1;
    const matrix_view *x = &p->given[0], *whole = &p->given[main], *y = &p->given[1];
    const size_t first = alone || !is_number_next(call, *k + last) ? main : 0;
    for (size_t i = first; i <= last; i++, ++*k)
        if (*k >= call->count || !value_view(&call->arguments[*k], &p->given[i]))
            return fail(call->in, "%s: %s is not a number", call->function->name,
                        *k < call->count ? value_kind_name(call->arguments[*k]) : "nothing");
    if (first == 0 && !grid && y->rows * y->cols == 1) whole = x;
    const size_t rows = whole->rows, cols = whole->cols;
    if (grid && (rows < 2 || cols < 2))
        return fail(call->in, "%s: z is %zux%zu, 2x2 are needed at least", call->function->name,
                    rows, cols);
    const bool one = is_line(whole);
    p->across = grid || (!one && first == 0 && is_line(x) && x->rows * x->cols != rows);
    p->lines = one ? rows * cols > 0 : p->across ? rows : cols;
    p->length = one ? rows * cols : p->across ? cols : rows;
    for (size_t i = first; i <= last; i++) {
        const matrix_view *view = &p->given[i];
        const size_t size = view->rows * view->cols, count = grid && i == 1 ? p->lines : p->length;
        const bool one_number = size == 1 && !grid;
        if (is_line(view) ? size != count && !one_number : view->rows != rows || view->cols != cols)
            return fail(call->in, "%s: %c is %zux%zu and %c is %zux%zu", call->function->name,
                        "xyz"[i], view -> rows, view -> cols, "xyz"[main], rows, cols);
    }
    return true;
}

/* ---- Series ---- */

/* The levels of contours: how many, or the levels themselves. */
static void print_levels(text_buffer *text, const matrix_view *levels)
{
    const size_t count = levels->rows * levels->cols;
    if (count == 1) text_print(text, "auto %.0f", fmin(fmax(levels->values[0], 1), 1000));
    for (size_t k = 0; count > 1 && k < count; k++)
        if (isfinite(levels->values[k]))
            text_print(text, "%s%.12g", text->length ? "," : "discrete ", levels->values[k]);
}

/* The width of bars: each group takes a part of the least distance between neighbours. */
static double bar_width(const point_set *p, double part)
{
    double gap = INFINITY;
    for (size_t k = 1; k < p->length; k++) {
        const double step = fabs(number_at(p, 0, 0, k) - number_at(p, 0, 0, k - 1));
        if (step > 0) gap = fmin(gap, step);
    }
    return part * (isfinite(gap) ? gap : 1) / (double)p->lines;
}

/* Adds a series for each line, or one for a grid. Lines are bars without a width; areas stand on those
 * before; a polygon ends where it begins. */
static void add_points(plot_axes *axes, int kind, const point_set *p, const line_style *style,
                       const matrix_view *number)
{
    const double width = kind & PLOT_BARS ? bar_width(p, *number->values) : 0;
    plot_series *series = NULL;
    for (size_t line = 0; line < p->lines; line++) {
        const double shift = width * ((double)line - ((double)p->lines - 1) / 2);
        if (series && kind & PLOT_GRID) {
            text_print(&series->points, "\n");
        } else {
            axes->series = array_extend(axes->series, axes->count, sizeof *axes->series);
            series = &axes->series[axes->count++];
            *series = (plot_series){.kind = kind};
            text_append(&series->label, style->label, style->label_length);
            print_style(&series->style, kind, style, axes->count - 1);
            if (kind & PLOT_CONTOUR) print_levels(&series->levels, number);
        }
        for (size_t i = 0; i < p->length + (kind & PLOT_FILL ? 1 : 0); i++) {
            const size_t k = i % p->length;
            double third = kind & PLOT_THIRD ? number_at(p, 2, line, k) : width, below = 0;
            for (size_t l = 0; kind & PLOT_AREA && l < line; l++) below += number_at(p, 1, l, k);
            plot_point(axes, series, number_at(p, 0, line, k) + shift,
                       number_at(p, 1, line, k) + below, third + below);
        }
    }
}

/* plot(y), plot(x, y), plot(x, y, format, ...), bar(x, y, width, format), contour(x, y, Z, levels) ... */
bool call_plot(function_call *call)
{
    const int kind = (int)call->function->parameter;
    const bool bars = kind & PLOT_BARS;
    const bool sized = bars && is_number_next(call, 1) && is_scalar(call->arguments[1]) &&
                       !is_scalar(call->arguments[0]); /* bar(y, width) */
    plot_axes *axes = NULL;
    for (size_t k = 0; k < call->count;) {
        const double usual = bars ? 0.8 : 10; /* part of the room, contours */
        matrix_view number = {1, 1, &usual, 0};
        point_set points = {0};
        line_style style = style_by_turn;
        if (kind & (PLOT_POINTS | PLOT_STEMS)) style.marker = 6;
        if (kind & PLOT_POINTS) style.dash = 0;
        if (!read_points(call, kind, &k, sized, &points)) return false;
        if (bars && is_number_next(call, k) && !convert_argument(call, k, 'n')) return false;
        while (kind & PLOT_NUMBERED && is_number_next(call, k))
            value_view(&call->arguments[k++], &number);
        if (!read_style(call, &k, &style)) return false;
        if (kind & PLOT_NUMBERED && k < call->count)
            return fail(call->in, "%s: use: %s", call->function->name, call->function->usage);
        if (!axes) axes = current_axes(call, !(kind & PLOT_ADDED));
        axes->logarithmic |= kind & (PLOT_LOG_X | PLOT_LOG_Y);
        add_points(axes, kind, &points, &style, &number);
        if (kind & PLOT_GROUND) add_points(axes, PLOT_CONTOUR, &points, &style_by_turn, &number);
    }
    return give_handle(call, 1);
}

/* SPDX-License-Identifier: MIT */
/* Plots: series of points, bars and grids, added to the axes of a figure (print/plot.h). */
#include "autodiff/script/library/functions.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Styles ---- */

/* How a series is drawn. */
typedef struct line_style {
    int dash;       /* gnuplot's number; 0: no line, -1: by turn */
    int marker;     /* gnuplot's number; 0: none */
    char colour[8]; /* #rrggbb; empty: by turn */
    double width;
    double size; /* of the markers */
    const char *label;
    size_t label_length;
} line_style;

enum { COLOURS = 7 };

/* Okabe and Ito's colours, which the colour-blind tell apart, too. */
static const char *const colours_by_turn[COLOURS] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                     "#56b4e9", "#e69f00", "#000000"};

static const line_style by_turn = {.dash = -1, .width = 1, .size = 1};

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
    static const char dashes[][3] = {"--", "-.", "-", ":"}, markers[] = "+x*os^vd.<>ph";
    static const int dash_numbers[] = {2, 4, 1, 3};
    static const int marker_numbers[] = {1, 2, 3, 6, 4, 8, 10, 12, 7, 8, 10, 14, 14};
    line_style read = *style;
    bool line = false, marked = false;
    for (const char *at = text->bytes; *at; at++) {
        size_t k = 0;
        const char *end = *at == ';' ? strchr(at + 1, ';') : NULL, *marker = strchr(markers, *at);
        while (k < 4 && strncmp(at, dashes[k], strlen(dashes[k])) != 0) k++;
        if (end) {
            read.label = at + 1;
            read.label_length = (size_t)(end - at) - 1;
            at = end;
        } else if (k < 4) {
            line = true;
            read.dash = dash_numbers[k];
            at += k < 2;
        } else if (marker) {
            marked = true;
            read.marker = marker_numbers[marker - markers];
            if (*at == '.') read.size = style->size / 2;
        } else if (!read_colour((char[]){*at, '\0'}, &read)) {
            return false;
        }
    }
    if (marked && !line) read.dash = 0;
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
    const bool width = is_named(name, "linewidth"), text = value->kind == VALUE_STRING;
    matrix_view view;
    if (width || is_named(name, "markersize")) {
        if (!convert_argument(call, k + 1, 'n')) return false;
        const double number = value->u.number;
        if (!(number > 0 && number < 1000))
            return fail(call->in, "%s: %s is %g", call->function->name, name->u.string->bytes,
                        number);
        *(width ? &style->width : &style->size) = width ? number : number / 6;
    } else if (text && is_named(name, "displayname")) {
        style->label = value->u.string->bytes;
        style->label_length = value->u.string->length;
    } else if (text && is_named(name, "color")) {
        return read_colour(value->u.string->bytes, style) ||
               fail(call->in, "%s: %s is not a colour", call->function->name,
                    value->u.string->bytes);
    } else if (text && (is_named(name, "linestyle") || is_named(name, "marker"))) {
        const line_style before = *style;
        read_format(value->u.string, style);
        if (is_named(name, "marker")) style->dash = before.dash;
    } else if (is_named(name, "color") && value_view(value, &view) && view.rows * view.cols == 3) {
        unsigned parts[3];
        for (size_t i = 0; i < 3; i++)
            parts[i] = (unsigned)(255 * fmin(fmax(view.values[i], 0), 1)) & 255;
        snprintf(style->colour, sizeof style->colour, "#%02x%02x%02x", parts[0], parts[1],
                 parts[2]);
    }
    return true;
}

/* Reads formats and properties from argument *k on. */
static bool read_style(function_call *call, size_t *k, line_style *style)
{
    for (; *k < call->count && call->arguments[*k].kind == VALUE_STRING; ++*k) {
        const string_value *text = call->arguments[*k].u.string;
        if (read_format(text, style)) continue;
        if (is_named(&call->arguments[*k], "filled")) style->marker = 7;
        else if (*k + 1 == call->count)
            return fail(call->in, "%s: \"%s\" is neither a line format nor a property with a value",
                        call->function->name, text->bytes);
        else if (!read_property(call, (*k)++, style)) return false;
    }
    return true;
}

/* ---- Series ---- */

/* A new series, of which the numbers are to be filled in; NULL after an error. */
static plot_series *add_series(function_call *call, plot_axes *axes, plot_series series,
                               const line_style *style)
{
    series.numbers = new_numbers(call->in, series.count, series.width);
    if (!series.numbers) return NULL;
    text_append(&series.label, style->label, style->label_length);
    axes->series = array_extend(axes->series, axes->count, sizeof series);
    axes->series[axes->count] = series;
    return &axes->series[axes->count++];
}

/* The colour and dashes of series number turn, so that they differ in grey, too. */
static void append_line(text_buffer *text, const line_style *style, size_t turn)
{
    const int dash = style->dash < 0 ? (int)(turn % 5) + 1 : style->dash;
    text_print(text, "with %s lw %g lc rgb '%s'",
               dash && style->marker ? "linespoints"
               : style->marker       ? "points"
               : dash                ? "lines"
                                     : "dots",
               style->width, style->colour[0] ? style->colour : colours_by_turn[turn % COLOURS]);
    if (dash) text_print(text, " dt %d", dash);
    if (style->marker) text_print(text, " pt %d ps %g", style->marker, style->size);
}

/* The x and y of lines: matrices hold several, which may share their x. */
typedef struct point_lines {
    matrix_view x, y;
    size_t lines, length;
    bool numbered; /* there is no x */
    bool across;   /* the lines are rows of y */
} point_lines;

static size_t size_of(const matrix_view *view)
{
    return view->rows * view->cols;
}

static bool is_line(const matrix_view *view)
{
    return view->rows <= 1 || view->cols <= 1;
}

static double point_x(const point_lines *p, size_t line, size_t k)
{
    if (p->numbered) return (double)k + 1;
    return p->x.values[is_line(&p->x) ? k : k * p->x.cols + line];
}

static double point_y(const point_lines *p, size_t line, size_t k)
{
    return p->y.values[is_line(&p->y) ? k
                       : p->across    ? line * p->y.cols + k
                                      : k * p->y.cols + line];
}

static bool read_view(function_call *call, size_t k, matrix_view *view)
{
    return value_view(&call->arguments[k], view) ||
           fail(call->in, "%s: %s is not a number", call->function->name,
                value_kind_name(call->arguments[k]));
}

static bool is_number_next(const function_call *call, size_t k)
{
    return k < call->count && is_numeric(call->arguments[k]);
}

/* Reads y, or x and y for a pair, from argument *k on. */
static bool read_lines(function_call *call, size_t *k, bool pair, point_lines *p)
{
    p->numbered = !pair;
    if (pair && !read_view(call, (*k)++, &p->x)) return false;
    if (!read_view(call, (*k)++, &p->y)) return false;
    const size_t rows = p->y.rows, cols = p->y.cols, count = pair ? size_of(&p->x) : rows;
    const bool one = is_line(&p->y), shared = !pair || is_line(&p->x);
    p->across = !one && shared && count != rows;
    p->lines = one ? rows * cols > 0 : p->across ? rows : cols;
    p->length = one ? rows * cols : p->across ? cols : rows;
    const bool fits = shared ? !pair || count == p->length : p->x.rows == rows && p->x.cols == cols;
    return fits || fail(call->in, "%s: x is %zux%zu and y is %zux%zu", call->function->name,
                        p->x.rows, p->x.cols, rows, cols);
}

/* plot(y), plot(x, y), plot(x, y, format, ...); semilogx, semilogy, loglog, scatter */
bool call_plot(function_call *call)
{
    const int kind = (int)call->function->parameter;
    plot_axes *axes = next_axes(call);
    axes->log_x = axes->log_x || kind & PLOT_LOG_X;
    axes->log_y = axes->log_y || kind & PLOT_LOG_Y;
    for (size_t k = 0; k < call->count;) {
        point_lines p;
        line_style style = by_turn;
        if (kind & PLOT_POINTS) style.dash = 0, style.marker = 6;
        if (!read_lines(call, &k, is_number_next(call, k + 1), &p)) return false;
        while (kind & PLOT_POINTS && is_number_next(call, k)) k++; /* sizes and colours */
        if (!read_style(call, &k, &style)) return false;
        for (size_t line = 0; line < p.lines; line++) {
            const plot_series drawn = {.kind = SERIES_LINE, .count = p.length, .width = 2};
            plot_series *series = add_series(call, axes, drawn, &style);
            if (!series) return false;
            append_line(&series->style, &style, axes->count - 1);
            for (size_t i = 0; i < p.length; i++) {
                series->numbers[2 * i] = point_x(&p, line, i);
                series->numbers[2 * i + 1] = point_y(&p, line, i);
            }
        }
    }
    return give_handle(call, 1);
}

/* ---- Bars ---- */

/* Bars of which each takes a part of the least distance between neighbours. */
static bool add_bars(function_call *call, const point_lines *p, double part,
                     const line_style *style)
{
    plot_axes *axes = next_axes(call);
    double gap = INFINITY;
    for (size_t i = 1; i < p->length; i++) {
        const double step = fabs(point_x(p, 0, i) - point_x(p, 0, i - 1));
        if (step > 0) gap = fmin(gap, step);
    }
    const double width = part * (isfinite(gap) ? gap : 1) / (double)(p->lines ? p->lines : 1);
    for (size_t line = 0; line < p->lines; line++) {
        const plot_series drawn = {.kind = SERIES_BARS, .count = p->length, .width = 3};
        plot_series *series = add_series(call, axes, drawn, style);
        if (!series) return false;
        text_print(&series->style, "with boxes fs solid %g border -1 lc rgb '%s'",
                   0.8 / (double)(line + 1),
                   style->colour[0] ? style->colour : colours_by_turn[line % COLOURS]);
        for (size_t i = 0; i < p->length; i++) {
            double *bar = series->numbers + 3 * i;
            bar[0] = point_x(p, line, i) + width * ((double)line - (double)(p->lines - 1) / 2);
            bar[1] = point_y(p, line, i);
            bar[2] = width;
        }
    }
    return give_handle(call, 1);
}

/* bar(y), bar(x, y), bar(x, y, width, colour) */
bool call_bar(function_call *call)
{
    point_lines p;
    line_style style = by_turn;
    size_t k = 0;
    double part = 0.8;
    const bool pair = is_number_next(call, 1) &&
                      (!is_scalar(call->arguments[1]) || is_scalar(call->arguments[0]));
    if (!read_lines(call, &k, pair, &p)) return false;
    if (is_number_next(call, k)) {
        if (!convert_argument(call, k, 'n')) return false;
        part = call->arguments[k++].u.number;
    }
    return read_style(call, &k, &style) && add_bars(call, &p, part, &style);
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Octave's middles of count bins: equal parts from the least number to the largest. */
static void middles_of_bins(const matrix_view *y, double *middles, size_t count)
{
    double least = INFINITY, largest = -INFINITY;
    const double n = (double)count;
    for (size_t k = 0; k < size_of(y); k++) {
        if (!isfinite(y->values[k])) continue;
        least = fmin(least, y->values[k]);
        largest = fmax(largest, y->values[k]);
    }
    for (size_t k = 0; k < count; k++)
        middles[k] = least < largest
                         ? ((largest - least) * (2 * (double)k + 1) + 2 * n * least) / (2 * n)
                         : (double)k - floor((n - 1) / 2) + least;
}

/* How many numbers lie in each bin, which ends halfway to the next middle; NaN lie in none. */
static void count_in_bins(const matrix_view *y, const double *middles, double *counts, size_t bins)
{
    for (size_t k = 0; k < bins; k++) counts[k] = 0;
    for (size_t k = 0; k < size_of(y); k++) {
        size_t low = 0, high = bins - 1;
        while (low < high) {
            const size_t bin = (low + high) / 2;
            if (y->values[k] <= (middles[bin] + middles[bin + 1]) / 2) high = bin;
            else low = bin + 1;
        }
        if (!isnan(y->values[k])) counts[low]++;
    }
}

/* hist(y), hist(y, bins), hist(y, middles), [counts, middles] = hist(...) */
bool call_hist(function_call *call)
{
    matrix_view y, given = {0};
    line_style style = by_turn;
    size_t k = 1, bins = 10;
    if (!read_view(call, 0, &y)) return false;
    if (!is_line(&y) || !size_of(&y))
        return fail(call->in, "hist: %zux%zu is not a vector", y.rows, y.cols);
    if (is_number_next(call, 1)) {
        if (!read_view(call, k++, &given)) return false;
        bins =
            size_of(&given) == 1 ? (size_t)fmax(fmin(given.values[0], 0x1p40), 0) : size_of(&given);
        if (!bins || !is_line(&given)) return fail(call->in, "hist: there are no bins");
    }
    if (!read_style(call, &k, &style)) return false;
    double *middles = new_numbers(call->in, 1, bins), *counts = new_numbers(call->in, 1, bins);
    bool ok = middles && counts;
    if (ok && size_of(&given) > 1) {
        memcpy(middles, given.values, bins * sizeof *middles);
        qsort(middles, bins, sizeof *middles, compare_numbers);
    } else if (ok) {
        middles_of_bins(&y, middles, bins);
    }
    if (ok) count_in_bins(&y, middles, counts, bins);
    if (ok && call->wanted > 0)
        return give_numbers(call, 1, bins, counts) && give_numbers(call, 1, bins, middles);
    const point_lines p = {
        .x = {1, bins, middles, 0}, .y = {1, bins, counts, 0}, .lines = 1, .length = bins};
    ok = ok && add_bars(call, &p, 1, &style);
    release(middles);
    release(counts);
    return ok;
}

/* ---- Grids ---- */

/* The levels of contours: a number of them, or the levels themselves. */
static bool append_levels(function_call *call, size_t k, text_buffer *levels)
{
    matrix_view view;
    if (is_scalar(call->arguments[k])) {
        if (!convert_argument(call, k, 'c')) return false;
        text_print(levels, "%.0f", fmax(call->arguments[k].u.number, 1));
        return true;
    }
    if (!read_view(call, k, &view)) return false;
    for (size_t i = 0; i < size_of(&view); i++)
        if (isfinite(view.values[i]))
            text_print(levels, "%s%.12g", levels->length ? "," : "discrete ", view.values[i]);
    return true;
}

/* Fills in the points of a grid of which p holds x and y, if they are given. */
static bool add_grid(function_call *call, series_kind kind, const point_lines *p,
                     const matrix_view *z, const line_style *style, plot_series **added)
{
    const plot_series drawn = {.kind = kind, .count = size_of(z), .width = 3, .scan = z->cols};
    plot_series *series = *added = add_series(call, next_axes(call), drawn, style);
    for (size_t k = 0; series && k < size_of(z); k++) {
        const size_t i = k / z->cols, j = k % z->cols;
        double *point = series->numbers + 3 * k;
        point[0] = p->numbered ? (double)j + 1 : p->x.values[is_line(&p->x) ? j : k];
        point[1] = p->numbered ? (double)i + 1 : p->y.values[is_line(&p->y) ? i : k];
        point[2] = z->values[k];
    }
    return series != NULL;
}

static bool fits_grid(const matrix_view *x, const matrix_view *z, size_t count)
{
    return is_line(x) ? size_of(x) == count : x->rows == z->rows && x->cols == z->cols;
}

/* contour(Z), contour(X, Y, Z), contour(X, Y, Z, levels), mesh, surf, meshc, surfc */
bool call_grid_plot(function_call *call)
{
    const series_kind kind = (series_kind)call->function->parameter;
    const bool pair = is_number_next(call, 2), contour = kind == SERIES_CONTOUR;
    point_lines p = {.numbered = !pair};
    matrix_view z;
    size_t k = pair ? 3 : 1;
    line_style style = by_turn;
    text_buffer levels = {0};
    plot_series *series;
    if (pair && (!read_view(call, 0, &p.x) || !read_view(call, 1, &p.y))) return false;
    if (!read_view(call, pair ? 2 : 0, &z)) return false;
    if (pair && !(fits_grid(&p.x, &z, z.cols) && fits_grid(&p.y, &z, z.rows)))
        return fail(call->in, "%s: x is %zux%zu, y is %zux%zu and z is %zux%zu",
                    call->function->name, p.x.rows, p.x.cols, p.y.rows, p.y.cols, z.rows, z.cols);
    if (z.rows < 2 || z.cols < 2)
        return fail(call->in, "%s: z is %zux%zu, 2x2 are needed at least", call->function->name,
                    z.rows, z.cols);
    if (is_number_next(call, k) && contour && !append_levels(call, k, &levels)) return false;
    k += is_number_next(call, k);
    bool ok = read_style(call, &k, &style) && add_grid(call, kind, &p, &z, &style, &series);
    if (ok) {
        series->levels = levels;
        if (kind == SERIES_SURFACE) text_print(&series->style, "with pm3d");
        else if (style.colour[0])
            text_print(&series->style, "with lines lw %g lc rgb '%s'", style.width, style.colour);
        else text_print(&series->style, "with lines lw %g lc palette", style.width);
    } else {
        text_free(&levels);
    }
    return ok && give_handle(call, 1);
}

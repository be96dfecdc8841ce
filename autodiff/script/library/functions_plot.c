/* SPDX-License-Identifier: MIT */
/* Plots: series of points, bars and grids, added to the axes of a figure (print/plot.h). */
#include "autodiff/script/library/line_style.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Arguments ---- */

static size_t size_of(const matrix_view *view)
{
    return view->rows * view->cols;
}

static bool is_line(const matrix_view *view)
{
    return view->rows <= 1 || view->cols <= 1;
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

/* ---- Lines ---- */

/* The x and y of lines: matrices hold several, which may share their x. */
typedef struct point_lines {
    matrix_view x, y;
    size_t lines, length;
    bool numbered; /* there is no x */
    bool across;   /* the lines are rows of y */
} point_lines;

/* Point k of a line: a vector is one line, which all share. */
static double point_of(const matrix_view *view, bool across, size_t line, size_t k)
{
    return view->values[is_line(view) ? k : across ? line * view->cols + k : k * view->cols + line];
}

static double point_x(const point_lines *p, size_t line, size_t k)
{
    return p->numbered ? (double)k + 1 : point_of(&p->x, false, line, k);
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

static plot_series *add_series(plot_axes *axes, series_kind kind, const line_style *style)
{
    plot_series *series = plot_add(axes, kind);
    text_append(&series->label, style->label, style->label_length);
    return series;
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
        line_style style = style_by_turn;
        if (kind & PLOT_POINTS) style.dash = 0, style.marker = 6;
        if (!read_lines(call, &k, is_number_next(call, k + 1), &p)) return false;
        while (kind & PLOT_POINTS && is_number_next(call, k)) k++; /* sizes and colours */
        if (!style_read(call, &k, &style)) return false;
        for (size_t line = 0; line < p.lines; line++) {
            plot_series *series = add_series(axes, SERIES_LINE, &style);
            style_line(&series->style, &style, axes->count - 1);
            for (size_t i = 0; i < p.length; i++)
                plot_point(axes, series, point_x(&p, line, i), point_of(&p.y, p.across, line, i),
                           0);
        }
    }
    return give_handle(call, 1);
}

/* ---- Bars ---- */

/* Bars of which each group takes a part of the least distance between neighbours. */
static bool add_bars(function_call *call, const point_lines *p, double part,
                     const line_style *style)
{
    plot_axes *axes = next_axes(call);
    double gap = INFINITY;
    for (size_t i = 1; i < p->length; i++) {
        const double step = fabs(point_x(p, 0, i) - point_x(p, 0, i - 1));
        if (step > 0) gap = fmin(gap, step);
    }
    const double lines = (double)p->lines, width = part * (isfinite(gap) ? gap : 1) / lines;
    for (size_t line = 0; line < p->lines; line++) {
        const double shift = width * ((double)line - (lines - 1) / 2);
        plot_series *series = add_series(axes, SERIES_BARS, style);
        text_print(&series->style, "with boxes fs solid %g border -1 lc rgb '%s'",
                   0.8 / (double)(line + 1), style_colour(style, line));
        for (size_t i = 0; i < p->length; i++)
            plot_point(axes, series, point_x(p, line, i) + shift,
                       point_of(&p->y, p->across, line, i), width);
    }
    return give_handle(call, 1);
}

/* bar(y), bar(x, y), bar(x, y, width, colour) */
bool call_bar(function_call *call)
{
    point_lines p;
    line_style style = style_by_turn;
    size_t k = 0;
    double part = 0.8;
    const bool pair = is_number_next(call, 1) &&
                      (!is_scalar(call->arguments[1]) || is_scalar(call->arguments[0]));
    if (!read_lines(call, &k, pair, &p)) return false;
    if (is_number_next(call, k)) {
        if (!convert_argument(call, k, 'n')) return false;
        part = call->arguments[k++].u.number;
    }
    return style_last(call, k, &style) && add_bars(call, &p, part, &style);
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The middles of the bins: as given, or of equal parts from the least number to the largest. */
static void fill_middles(const matrix_view *y, const matrix_view *given, double *middles,
                         size_t bins)
{
    double least = INFINITY, largest = -INFINITY;
    const double n = (double)bins;
    for (size_t k = 0; k < size_of(y); k++) {
        if (!isfinite(y->values[k])) continue;
        least = fmin(least, y->values[k]);
        largest = fmax(largest, y->values[k]);
    }
    for (size_t k = 0; k < bins; k++)
        middles[k] = size_of(given) > 1 ? given->values[k]
                     : least < largest
                         ? ((largest - least) * (2 * (double)k + 1) + 2 * n * least) / (2 * n)
                         : (double)k - floor((n - 1) / 2) + least;
    qsort(middles, bins, sizeof *middles, compare_numbers);
}

/* The bin of a number, of count; each ends halfway to the next middle. Octave divides where there are
 * eleven equal ones or more, which matters to rounded numbers at the ends. */
static size_t bin_of(double number, const double *middles, size_t count, bool equal)
{
    if (equal && count >= 11) {
        const double width = (middles[count - 1] - middles[0]) / (double)(count - 1);
        const double bin = ceil((number - (middles[0] + middles[1]) / 2) / width);
        return (size_t)fmax(0, fmin((double)(count - 1), bin));
    }
    size_t bin = 0;
    while (bin + 1 < count && number > (middles[bin] + middles[bin + 1]) / 2) bin++;
    return bin;
}

/* How many numbers lie in each bin, and in all; NaN lie in none. */
static void count_numbers(const matrix_view *y, const double *middles, size_t bins, bool equal,
                          double *counts)
{
    memset(counts, 0, (bins + 1) * sizeof *counts);
    for (size_t k = 0; k < size_of(y); k++) {
        if (isnan(y->values[k])) continue;
        counts[bin_of(y->values[k], middles, bins, equal)]++;
        counts[bins]++;
    }
}

/* hist(y), hist(y, bins), hist(y, middles, sum), [counts, middles] = hist(...) */
bool call_hist(function_call *call)
{
    matrix_view y, given = {0};
    line_style style = style_by_turn;
    const bool scaled = is_number_next(call, 2);
    const bool equal = !is_number_next(call, 1) || is_scalar(call->arguments[1]) ||
                       call->arguments[1].form == FORM_RANGE;
    size_t bins = 10, k = scaled ? 3 : is_number_next(call, 1) ? 2 : 1;
    if (!read_view(call, 0, &y) || (k > 1 && !read_view(call, 1, &given)) ||
        (scaled && !convert_argument(call, 2, 'n')) || !style_last(call, k, &style))
        return false;
    if (k > 1) bins = size_of(&given);
    if (bins == 1) bins = (size_t)fmax(fmin(given.values[0], 0x1p40), 0);
    if (!is_line(&y) || !size_of(&y) || !bins || !is_line(&given))
        return fail(call->in, "hist: vectors are needed, and one bin at least");
    double *middles = new_numbers(call->in, 1, bins), *counts = new_numbers(call->in, 1, bins + 1);
    bool ok = middles && counts;
    if (ok) {
        fill_middles(&y, &given, middles, bins);
        count_numbers(&y, middles, bins, equal, counts);
        for (size_t b = 0; scaled && b < bins; b++)
            counts[b] *= call->arguments[2].u.number / counts[bins];
    }
    if (ok && call->wanted > 0) {
        ok = give_numbers(call, 1, bins, counts);
        if (ok && call->wanted > 1) return give_numbers(call, 1, bins, middles);
        release(middles);
        return ok;
    }
    const point_lines p = {
        .x = {1, bins, middles, 0}, .y = {1, bins, counts, 0}, .lines = 1, .length = bins};
    ok = ok && add_bars(call, &p, 1, &style);
    release(middles);
    release(counts);
    return ok;
}

/* ---- Grids ---- */

/* The levels of contours: how many, or the levels themselves. */
static bool append_levels(function_call *call, size_t k, text_buffer *levels)
{
    matrix_view view;
    if (!read_view(call, k, &view)) return false;
    if (size_of(&view) == 1) text_print(levels, "auto %.0f", fmin(fmax(view.values[0], 1), 1000));
    for (size_t i = 0; size_of(&view) > 1 && i < size_of(&view); i++)
        if (isfinite(view.values[i]))
            text_print(levels, "%s%.12g", levels->length ? "," : "discrete ", view.values[i]);
    return true;
}

/* x or y of a grid: one for each point, or for each column or row, of which there are count. */
static bool read_side(function_call *call, size_t k, const matrix_view *z, size_t count,
                      matrix_view *side)
{
    if (!read_view(call, k, side)) return false;
    return (is_line(side) && size_of(side) == count) ||
           (side->rows == z->rows && side->cols == z->cols) ||
           fail(call->in, "%s: %c is %zux%zu and z is %zux%zu", call->function->name,
                k == 0 ? 'x' : 'y', side->rows, side->cols, z->rows, z->cols);
}

/* Adds a grid, which has its x and y unless they are empty. */
static plot_series *add_grid(plot_axes *axes, series_kind kind, const line_style *style,
                             const matrix_view *x, const matrix_view *y, const matrix_view *z)
{
    plot_series *series = add_series(axes, kind, style);
    if (kind == SERIES_SURFACE) text_print(&series->style, "with pm3d");
    else text_print(&series->style, "with lines lw %g lc ", style->width);
    if (kind != SERIES_SURFACE && !style->colour[0]) text_print(&series->style, "palette");
    else if (kind != SERIES_SURFACE) text_print(&series->style, "rgb '%s'", style->colour);
    for (size_t i = 0; i < z->rows; i++) {
        if (i) text_print(&series->points, "\n");
        for (size_t j = 0; j < z->cols; j++) {
            const size_t at = i * z->cols + j;
            plot_point(axes, series, size_of(x) ? x->values[is_line(x) ? j : at] : (double)j + 1,
                       size_of(y) ? y->values[is_line(y) ? i : at] : (double)i + 1, z->values[at]);
        }
    }
    return series;
}

/* contour(Z), contour(X, Y, Z), contour(X, Y, Z, levels), mesh, surf, meshc, surfc */
bool call_surface(function_call *call)
{
    const int kind = (int)call->function->parameter;
    const bool sides = is_number_next(call, 2);
    matrix_view x = {0}, y = {0}, z;
    size_t k = sides ? 3 : 1;
    line_style style = style_by_turn;
    text_buffer levels = {0};
    if (!read_view(call, k - 1, &z)) return false;
    if (z.rows < 2 || z.cols < 2)
        return fail(call->in, "%s: z is %zux%zu, 2x2 are needed at least", call->function->name,
                    z.rows, z.cols);
    if (sides && !(read_side(call, 0, &z, z.cols, &x) && read_side(call, 1, &z, z.rows, &y)))
        return false;
    bool ok = !is_number_next(call, k) || append_levels(call, k++, &levels);
    ok = ok && style_last(call, k, &style);
    if (ok) {
        plot_axes *axes = next_axes(call);
        add_grid(axes, (series_kind)(kind & ~PLOT_CONTOURS), &style, &x, &y, &z)->levels = levels;
        if (kind & PLOT_CONTOURS) add_grid(axes, SERIES_CONTOUR, &style_by_turn, &x, &y, &z);
        return give_handle(call, 1);
    }
    text_free(&levels);
    return false;
}

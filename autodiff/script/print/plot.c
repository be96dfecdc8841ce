/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/print/plot.h"

#include "autodiff/script/print/picture.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Figures ---- */

plot_series *plot_add(plot_axes *axes, series_kind kind)
{
    axes->series = array_extend(axes->series, axes->count, sizeof *axes->series);
    axes->series[axes->count] = (plot_series){.kind = kind};
    return &axes->series[axes->count++];
}

void plot_point(const plot_axes *axes, plot_series *series, double x, double y, double third)
{
    const bool finite = isfinite(x) && isfinite(y) && isfinite(third);
    const bool fits = finite && (x > 0 || !axes->log_x) && (y > 0 || !axes->log_y);
    if (fits) text_print(&series->points, "%.12g %.12g %.12g\n", x, y, third);
    else text_print(&series->points, "NaN NaN NaN\n");
    series->visible = series->visible || fits;
}

void axes_clear(plot_axes *axes)
{
    for (size_t k = 0; k < axes->count; k++) {
        text_free(&axes->series[k].points);
        text_free(&axes->series[k].style);
        text_free(&axes->series[k].label);
        text_free(&axes->series[k].levels);
    }
    release(axes->series);
    text_free(&axes->settings);
    axes->series = NULL;
    axes->count = 0;
    axes->gridded = axes->log_x = axes->log_y = false;
}

void figure_clear(plot_figure *figure)
{
    for (size_t k = 0; k < figure->count; k++) axes_clear(&figure->axes[k]);
    release(figure->axes);
    *figure = (plot_figure){.number = figure->number};
}

static bool is_blank(const plot_figure *figure)
{
    size_t count = 0;
    for (size_t k = 0; k < figure->count; k++)
        count += figure->axes[k].count + figure->axes[k].settings.length;
    return count == 0;
}

/* ---- Figures as gnuplot scripts ---- */

/* Backquotes, backslashes and variables mean nothing to gnuplot between single quotes, which are
 * doubled inside; a newline would end the command. */
void plot_quote(text_buffer *text, const char *bytes, size_t length)
{
    text_print(text, "'");
    for (size_t k = 0; k < length; k++)
        if (bytes[k] == '\'') text_print(text, "''");
        else if (bytes[k] == '\n') text_print(text, "'.\"\\n\".'");
        else text_append(text, bytes[k] ? &bytes[k] : " ", 1);
    text_print(text, "'");
}

static const char *levels_of(const plot_series *series)
{
    return series->levels.length ? series->levels.data : "auto 10";
}

/* The points as the block of data k. Contours in the plane are lines, too, which gnuplot finds: so it
 * can draw them together with other series. */
static void append_data(text_buffer *text, const plot_series *series, size_t k, bool spatial)
{
    text_print(text, "$data%zu << END\n%sEND\n", k, series->points.data);
    if (series->kind == SERIES_CONTOUR && !spatial)
        text_print(text,
                   "set contour base\nunset surface\nset cntrparam levels %s\n"
                   "set table $lines%zu\nsplot $data%zu\nunset table\nreset\n",
                   levels_of(series), k, k);
}

/* What plot or splot draws of a series. Contours in the plane come with invisible dots, so that the
 * axes reach to the ends of the grid. */
static void append_series(text_buffer *text, const plot_series *series, size_t k, bool spatial)
{
    const bool contour = series->kind == SERIES_CONTOUR;
    const bool plane = series->kind == SERIES_LINE && !spatial;
    if (contour && !spatial) text_print(text, "$data%zu using 1:2 with dots lc bgnd notitle, ", k);
    text_print(text, "$%s%zu using 1:2%s %s%s %s", contour && !spatial ? "lines" : "data", k,
               plane ? "" : ":3", series->style.data,
               !spatial  ? ""
               : contour ? " nosurface"
                         : " nocontour",
               series->label.length ? "title " : "notitle");
    if (series->label.length) plot_quote(text, series->label.data, series->label.length);
}

/* What axes in space need besides: contours lie on the ground. */
static void append_space(text_buffer *text, const plot_axes *axes)
{
    text_print(text, "set xyplane relative 0\nset hidden3d\n"
                     "set pm3d explicit depthorder border lw 0.4 lc rgb 'black'\n");
    for (size_t k = 0; k < axes->count; k++)
        if (axes->series[k].kind == SERIES_CONTOUR)
            text_print(text, "set contour base\nunset clabel\nset cntrparam levels %s\n",
                       levels_of(&axes->series[k]));
}

/* Axes, whose series have the numbers from first on. */
static void append_axes(text_buffer *text, const plot_axes *axes, size_t first)
{
    text_buffer items = {0};
    bool spatial = false, bars = false;
    for (size_t k = 0; k < axes->count; k++) {
        spatial = spatial || axes->series[k].kind >= SERIES_MESH;
        bars = bars || axes->series[k].kind == SERIES_BARS;
    }
    for (size_t k = 0; k < axes->count; k++) {
        if (!axes->series[k].visible) continue;
        append_data(text, &axes->series[k], first + k, spatial);
        text_print(&items, items.length ? ", " : " ");
        append_series(&items, &axes->series[k], first + k, spatial);
    }
    text_print(text, "reset\nset format '%%g'\nset origin %g,%g\nset size %g,%g\n%s%s%s%s%s",
               axes->left, axes->bottom, axes->width, axes->height,
               items.length ? "" : "set xrange [1:10]\nset yrange [1:10]\n",
               bars && !axes->log_y ? "set yrange [*<0:0<*]\n" : "",
               axes->log_x ? "set logscale x\n" : "", axes->log_y ? "set logscale y\n" : "",
               axes->gridded ? "set grid\n" : "");
    if (spatial) append_space(text, axes);
    text_append(text, axes->settings.data, axes->settings.length);
    text_print(text, "%s%s\n", spatial ? "splot" : "plot",
               items.length ? items.data : " NaN notitle");
    text_free(&items);
}

static const char *terminal_of(const char *path)
{
    static const char *const terminals[][2] = {
        {"svg", "set terminal svg size 800,600 noenhanced background rgb 'white'"},
        {"png", "if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n"
                "set terminal pngcairo size 1200,900 fontscale 1.2 linewidth 1.5 noenhanced\n"
                "} else {\nset terminal png size 800,600 noenhanced\n}"},
        {"pdf", "set terminal pdfcairo size 16cm,12cm noenhanced"},
        {"eps", "set terminal postscript eps color noenhanced"}};
    for (size_t k = 0; k < sizeof terminals / sizeof *terminals; k++)
        if (strcmp(terminals[k][0], name_ending(path)) == 0) return terminals[k][1];
    return NULL;
}

bool figure_draw(const plot_figure *figure, const char *path, text_buffer *why)
{
    static const char *const command[] = {"gnuplot", "-d", "-", NULL}; /* no file of settings */
    const char *terminal = terminal_of(path);
    if (!terminal) {
        text_print(why, "the name must end in .svg, .png, .pdf or .eps");
        return false;
    }
    text_buffer text = {0};
    size_t first = 1;
    text_print(&text, "set encoding utf8\n%s\nset multiplot\n", terminal);
    for (size_t k = 0; k < figure->count; first += figure->axes[k++].count)
        append_axes(&text, &figure->axes[k], first);
    text_print(&text, "unset multiplot\n");
    FILE *script = tmpfile();
    bool ok =
        script && fwrite(text.data, 1, text.length, script) == text.length && fflush(script) == 0;
    if (!ok) text_print(why, "%s", strerror(errno));
    ok = ok && picture_draw(command, "gnuplot-nox", script, path, why);
    if (script) fclose(script);
    text_free(&text);
    return ok;
}

/* ---- The figures of a script ---- */

/* FOLDER/NAME-NUMBER.svg, NAME being the script's without folder and ending. */
static bool draw_in_folder(plot_pages *pages, const plot_figure *figure, const char *script,
                           text_buffer *why)
{
    const char *slash = strrchr(script, '/'), *name = slash ? slash + 1 : script;
    const char *dot = strrchr(name, '.');
    text_buffer path = {0}, reason = {0};
    if (*script == '<') name = "plot", dot = NULL; /* it has no file */
    const size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    text_print(&path, "%s/%.*s-%zu.svg", pages->folder, (int)length, name, ++pages->written);
    bool ok = mkdir(pages->folder, 0777) == 0 || errno == EEXIST;
    if (!ok) text_print(why, "%s: %s", pages->folder, strerror(errno));
    else if (ok = figure_draw(figure, path.data, &reason), !ok)
        text_print(why, "%s: %s", path.data, reason.data);
    text_free(&path);
    text_free(&reason);
    return ok;
}

bool figure_close(plot_pages *pages, size_t k, const char *script, text_buffer *why)
{
    plot_figure *figure = &pages->figures[k];
    bool ok = true;
    if (pages->folder && !is_blank(figure)) ok = draw_in_folder(pages, figure, script, why);
    else pages->skipped += !figure->printed && !is_blank(figure);
    figure_clear(figure);
    pages->count--;
    memmove(figure, figure + 1, (pages->count - k) * sizeof *figure);
    pages->current = pages->count ? pages->count - 1 : 0;
    return ok;
}

bool plots_finish(plot_pages *pages, const char *script)
{
    text_buffer why = {0};
    bool ok = true;
    while (ok && pages->count) ok = figure_close(pages, 0, script, &why);
    if (!ok) fprintf(stderr, "autodiff: %s\n", why.data);
    if (pages->skipped)
        fprintf(stderr, "autodiff: %zu plot%s skipped; --plots FOLDER draws %s with gnuplot\n",
                pages->skipped, pages->skipped == 1 ? " was" : "s were",
                pages->skipped == 1 ? "it" : "them");
    text_free(&why);
    return ok;
}

void plots_free(plot_pages *pages)
{
    for (size_t k = 0; k < pages->count; k++) figure_clear(&pages->figures[k]);
    release(pages->figures);
    release(pages);
}

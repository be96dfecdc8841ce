/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/print/plot.h"

#include "autodiff/script/print/picture.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Figures ---- */

void plot_point(const plot_axes *axes, plot_series *series, double x, double y, double third)
{
    const bool finite = isfinite(x) && isfinite(y) && isfinite(third);
    const bool fits = finite && (x > 0 || !(axes->logarithmic & PLOT_LOG_X)) &&
                      (y > 0 || !(axes->logarithmic & PLOT_LOG_Y));
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
    axes->gridded = false;
    axes->logarithmic = 0;
}

void figure_clear(plot_figure *figure)
{
    for (size_t k = 0; k < figure->count; k++) axes_clear(&figure->axes[k]);
    release(figure->axes);
    *figure = (plot_figure){.number = figure->number};
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

/* Appends the points of a series to the script as the block of data k, and to items what plot or
 * splot draws of them. Contours in the plane are lines, too, which gnuplot finds: so it can draw them
 * together with other series. With them come invisible dots, which take the axes to the ends of the
 * grid. */
static void append_series(FILE *script, text_buffer *items, const plot_series *series, size_t k,
                          bool spatial)
{
    const bool contour = series->kind & PLOT_CONTOUR, plane = contour && !spatial;
    const char *separator = items->length ? ", " : " ", *data = plane ? "lines" : "data";
    const char *columns = spatial || series->kind & PLOT_THREE ? "1:2:3" : "1:2";
    const char *style = spatial && series->kind & PLOT_PLANE ? "with lines" : series->style.data;
    const char *surface = !spatial ? "" : contour ? " nosurface" : " nocontour";
    fprintf(script, "$data%zu << END\n%sEND\n", k, series->points.data);
    if (plane) {
        fprintf(script,
                "set contour base\nunset surface\nset cntrparam levels %s\nset table $lines%zu\n"
                "splot $data%zu\nunset table\nreset\n",
                series->levels.data, k, k);
        text_print(items, "%s$data%zu using 1:2 with dots lc bgnd notitle", separator, k);
        separator = ", ";
    }
    text_print(items, "%s$%s%zu using %s %s%s %s", separator, data, k, columns, style, surface,
               series->label.length ? "title " : "notitle");
    if (series->label.length) plot_quote(items, series->label.data, series->label.length);
}

/* Axes, whose series have the numbers from first on. */
static void append_axes(FILE *script, const plot_axes *axes, size_t first)
{
    text_buffer items = {0};
    int kinds = 0;
    for (size_t k = 0; k < axes->count; k++) kinds |= axes->series[k].kind;
    const bool spatial = kinds & PLOT_SPATIAL, log_y = axes->logarithmic & PLOT_LOG_Y;
    for (size_t k = 0; k < axes->count; k++)
        if (axes->series[k].visible)
            append_series(script, &items, &axes->series[k], first + k, spatial);
    fprintf(script, "reset\nset format '%%g'\nset origin %g,%g\nset size %g,%g\n%s%s%s%s%s",
            axes->low[0], axes->low[1], axes->high[0] - axes->low[0], axes->high[1] - axes->low[1],
            items.length ? "" : "set xrange [1:10]\nset yrange [1:10]\n",
            kinds & PLOT_BARS && !log_y ? "set yrange [*<0:0<*]\n" : "",
            axes->logarithmic & PLOT_LOG_X ? "set logscale x\n" : "",
            log_y ? "set logscale y\n" : "", axes->gridded ? "set grid\n" : "");
    if (spatial)
        fputs("set xyplane relative 0\nset hidden3d\n"
              "set pm3d explicit depthorder border lw 0.4 lc rgb 'black'\n",
              script);
    for (size_t k = 0; k < axes->count; k++)
        if (spatial && axes->series[k].kind & PLOT_CONTOUR) /* on the ground */
            fprintf(script, "set contour base\nunset clabel\nset cntrparam levels %s\n",
                    axes->series[k].levels.data);
    fprintf(script, "%s%s%s\n", axes->settings.length ? axes->settings.data : "",
            spatial ? "splot" : "plot", items.length ? items.data : " NaN notitle");
    text_free(&items);
}

bool figure_draw(const plot_figure *figure, const char *path, text_buffer *why)
{
    static const char *const command[] = {"gnuplot", "-d", "-", NULL}; /* no file of settings */
    static const char *const terminals[][2] = {
        {"svg", "set terminal svg size 800,600 noenhanced background rgb 'white'"},
        {"png", "if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n"
                "set terminal pngcairo size 1200,900 fontscale 1.2 linewidth 1.5 noenhanced\n"
                "} else {\nset terminal png size 800,600 noenhanced\n}"},
        {"pdf", "set terminal pdfcairo size 16cm,12cm noenhanced"},
        {"eps", "set terminal postscript eps color noenhanced"},
        {NULL, NULL}};
    size_t kind = 0, first = 1;
    text_print(why, "%s: ", path);
    while (terminals[kind][0] && strcmp(terminals[kind][0], name_ending(path)) != 0) kind++;
    FILE *script = terminals[kind][0] ? tmpfile() : NULL;
    bool ok = script != NULL;
    if (ok) fprintf(script, "set encoding utf8\n%s\nset multiplot\n", terminals[kind][1]);
    for (size_t k = 0; ok && k < figure->count; first += figure->axes[k++].count)
        append_axes(script, &figure->axes[k], first);
    ok = ok && fputs("unset multiplot\n", script) >= 0 && fflush(script) == 0 && !ferror(script);
    if (!terminals[kind][0]) text_print(why, "the name must end in .svg, .png, .pdf or .eps");
    else if (!ok) text_print(why, "%s", strerror(errno));
    else ok = picture_draw(command, "gnuplot-nox", script, path, why);
    if (script) fclose(script);
    return ok;
}

/* ---- The figures of a script ---- */

/* FOLDER/NAME-NUMBER.svg, NAME being the script's without folder and ending. */
static bool draw_in_folder(plot_pages *pages, const plot_figure *figure, const char *script,
                           text_buffer *why)
{
    const char *slash = strrchr(script, '/'), *name = slash ? slash + 1 : script;
    const char *dot = strrchr(name, '.');
    text_buffer path = {0};
    if (*script == '<') name = "plot", dot = NULL; /* it has no file */
    const size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    text_print(&path, "%s/%.*s-%zu.svg", pages->folder, (int)length, name, ++pages->written);
    const bool made = mkdir(pages->folder, 0777) == 0 || errno == EEXIST;
    if (!made) text_print(why, "%s: %s", pages->folder, strerror(errno));
    const bool ok = made && figure_draw(figure, path.data, why);
    if (ok) why->length = 0;
    text_free(&path);
    return ok;
}

static bool figure_close(plot_pages *pages, size_t k, const char *script, text_buffer *why)
{
    plot_figure *figure = &pages->figures[k];
    size_t shown = 0;
    bool ok = true;
    for (size_t i = 0; i < figure->count; i++)
        shown += figure->axes[i].count + figure->axes[i].settings.length;
    if (pages->folder && shown) ok = draw_in_folder(pages, figure, script, why);
    else pages->skipped += shown && !figure->printed;
    figure_clear(figure);
    pages->count--;
    memmove(figure, figure + 1, (pages->count - k) * sizeof *figure);
    pages->current = pages->count ? pages->count - 1 : 0;
    return ok;
}

bool figures_close(plot_pages *pages, double number, const char *script, text_buffer *why)
{
    bool ok = true;
    for (size_t k = 0; ok && k < pages->count;)
        if (number == 0 || pages->figures[k].number == number)
            ok = figure_close(pages, k, script, why);
        else k++;
    return ok;
}

bool plots_finish(plot_pages *pages, const char *script)
{
    text_buffer why = {0};
    const bool ok = figures_close(pages, 0, script, &why);
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

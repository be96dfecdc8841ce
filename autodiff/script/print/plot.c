/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/print/plot.h"

#include "autodiff/script/print/file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Figures ---- */

void axes_clear(plot_axes *axes)
{
    for (size_t k = 0; k < axes->count; k++) {
        release(axes->series[k].numbers);
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
    for (size_t k = 0; k < length; k++) {
        if (bytes[k] == '\'') text_print(text, "''");
        else if (bytes[k] == '\n') text_print(text, "'.\"\\n\".'");
        else text_append(text, bytes[k] ? &bytes[k] : " ", 1);
    }
    text_print(text, "'");
}

/* A number; NaN, which leaves a gap, for one that has no place on its axis. */
static bool append_number(text_buffer *text, double number, bool logarithmic)
{
    const bool fits = isfinite(number) && !(logarithmic && number <= 0);
    if (fits) text_print(text, " %.12g", number);
    else text_print(text, " NaN");
    return fits;
}

/* The points of a series as a block of data with the number k; false if none can be drawn. */
static bool append_data(text_buffer *text, const plot_axes *axes, const plot_series *series,
                        size_t k)
{
    const size_t before = text->length;
    bool any = false;
    text_print(text, "$data%zu << END\n", k);
    for (size_t i = 0; i < series->count; i++) {
        const double *point = series->numbers + i * series->width;
        bool fits = true;
        if (series->scan && i && i % series->scan == 0) text_print(text, "\n");
        for (size_t j = 0; j < series->width; j++)
            fits = append_number(text, point[j], j < 2 && (j == 0 ? axes->log_x : axes->log_y)) &&
                   fits;
        any = any || fits;
        text_print(text, "\n");
    }
    text_print(text, "END\n");
    if (!any) text->length = before;
    return any;
}

/* The lines of a contour as a block of data; gnuplot finds them. */
static void append_contours(text_buffer *text, const plot_series *series, size_t k)
{
    text_print(text,
               "set contour base\nunset surface\nset cntrparam levels %s\nset table $lines%zu\n"
               "splot $data%zu\nunset table\nreset\n",
               series->levels.length ? series->levels.data : "10", k, k);
}

/* What plot or splot draws of a series. */
static void append_series(text_buffer *text, const plot_series *series, size_t k, bool spatial)
{
    const char *columns = spatial && series->width == 2 ? "1:2:(0)"
                          : series->width == 3          ? "1:2:3"
                                                        : "1:2";
    if (series->kind == SERIES_CONTOUR) /* the axes reach to the ends of the grid */
        text_print(text, "$data%zu using %s with dots lc bgnd notitle, $lines%zu", k, columns, k);
    else text_print(text, "$data%zu", k);
    text_print(text, " using %s %s ", columns, series->style.data);
    if (series->label.length) {
        text_print(text, "title ");
        plot_quote(text, series->label.data, series->label.length);
    } else {
        text_print(text, "notitle");
    }
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
        const plot_series *series = &axes->series[k];
        if (!append_data(text, axes, series, first + k)) continue;
        if (series->kind == SERIES_CONTOUR) append_contours(text, series, first + k);
        if (items.length) text_print(&items, ", ");
        append_series(&items, series, first + k, spatial);
    }
    text_print(text, "reset\nset format '%%g'\nset origin %g,%g\nset size %g,%g\n", axes->left,
               axes->bottom, axes->width, axes->height);
    if (bars && !axes->log_y) text_print(text, "set yrange [*<0:0<*]\n");
    text_print(text, "%s%s%s%s", axes->log_x ? "set logscale x\n" : "",
               axes->log_y ? "set logscale y\n" : "", axes->gridded ? "set grid\n" : "",
               items.length ? "" : "set xrange [1:10]\nset yrange [1:10]\n");
    text_print(text, "%s%s %s\n", axes->settings.length ? axes->settings.data : "",
               spatial ? "splot" : "plot", items.length ? items.data : "NaN notitle");
    text_free(&items);
}

static const struct plot_format {
    const char *ending;
    const char *terminal;
} formats[] = {
    {"svg", "set terminal svg size 800,600 noenhanced background rgb 'white'"},
    {"png", "if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n"
            "set terminal pngcairo size 1200,900 fontscale 1.2 linewidth 1.5 noenhanced\n"
            "} else {\n"
            "set terminal png size 800,600 noenhanced\n"
            "}"},
    {"pdf", "set terminal pdfcairo size 16cm,12cm noenhanced"},
    {"eps", "set terminal postscript eps color noenhanced"},
};

static const struct plot_format *format_of(const char *ending)
{
    for (size_t k = 0; k < sizeof formats / sizeof *formats; k++)
        if (strcmp(formats[k].ending, ending) == 0) return &formats[k];
    return NULL;
}

bool plot_format_known(const char *format)
{
    return format_of(format) != NULL;
}

static void figure_text(const plot_figure *figure, const char *format, text_buffer *text)
{
    size_t first = 1;
    text_print(text, "set encoding utf8\n%s\nset multiplot\n", format_of(format)->terminal);
    for (size_t k = 0; k < figure->count; k++) {
        append_axes(text, &figure->axes[k], first);
        first += figure->axes[k].count;
    }
    text_print(text, "unset multiplot\n");
}

/* ---- gnuplot ---- */

/* The last line of what gnuplot complained of, which has the reason. */
static void append_complaint(FILE *errors, text_buffer *why)
{
    text_buffer text = {0};
    rewind(errors);
    if (file_read(errors, &text, why)) {
        while (text.length && strchr("\n ", text.data[text.length - 1]))
            text.data[--text.length] = '\0';
        const char *line = strrchr(text.data, '\n');
        line = line ? line + 1 : text.data;
        line += strspn(line, " ");
        text_print(why, "gnuplot failed%s%.200s", *line ? ": " : "", line);
    }
    text_free(&text);
}

/* In the child: the files become its streams. No file of settings is read. */
static void become_gnuplot(FILE *const streams[3])
{
    bool ok = true;
    for (int k = 0; k < 3; k++) ok = dup2(fileno(streams[k]), k) >= 0 && ok;
    if (ok) execlp("gnuplot", "gnuplot", "-d", "-", (char *)NULL);
    _exit(127);
}

/* Runs gnuplot with the files as input, output and errors. */
static bool run_gnuplot(FILE *const streams[3], text_buffer *why)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) become_gnuplot(streams);
    bool ok = child > 0;
    while (ok && waitpid(child, &status, 0) < 0) ok = errno == EINTR;
    if (!ok) text_print(why, "%s", strerror(errno));
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        text_print(why, "gnuplot could not be run; it is part of the package gnuplot-nox");
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) append_complaint(streams[2], why);
    return ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Copies what was drawn to path, which is thus left alone by a gnuplot that fails. */
static bool keep_picture(FILE *picture, const char *path, text_buffer *why)
{
    text_buffer bytes = {0};
    rewind(picture);
    bool ok = file_read(picture, &bytes, why);
    FILE *file = ok ? fopen(path, "wb") : NULL;
    if (ok && !file) text_print(why, "%s", strerror(errno));
    if (file) {
        ok = fwrite(bytes.data, 1, bytes.length, file) == bytes.length;
        ok = fclose(file) == 0 && ok;
        if (!ok) text_print(why, "could not be written");
    }
    text_free(&bytes);
    return ok && file;
}

bool figure_draw(const plot_figure *figure, const char *path, const char *format, text_buffer *why)
{
    FILE *const streams[3] = {tmpfile(), tmpfile(), tmpfile()};
    text_buffer text = {0};
    bool ok = streams[0] && streams[1] && streams[2];
    if (ok) {
        figure_text(figure, format, &text);
        ok =
            fwrite(text.data, 1, text.length, streams[0]) == text.length && fflush(streams[0]) == 0;
        rewind(streams[0]);
    }
    if (!ok) text_print(why, "%s", strerror(errno));
    ok = ok && run_gnuplot(streams, why) && keep_picture(streams[1], path, why);
    for (int k = 0; k < 3; k++)
        if (streams[k]) fclose(streams[k]);
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
    else if (ok = figure_draw(figure, path.data, "svg", &reason), !ok)
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
    bool ok = true;
    while (pages->count) {
        text_buffer why = {0};
        if (!figure_close(pages, 0, script, &why) && ok) {
            fprintf(stderr, "autodiff: %s\n", why.data);
            ok = false;
        }
        text_free(&why);
    }
    if (pages->skipped)
        fprintf(stderr, "autodiff: %zu figure%s not drawn; --plots FOLDER draws %s with gnuplot\n",
                pages->skipped, pages->skipped == 1 ? " was" : "s were",
                pages->skipped == 1 ? "it" : "them");
    return ok;
}

void plots_free(plot_pages *pages)
{
    for (size_t k = 0; k < pages->count; k++) figure_clear(&pages->figures[k]);
    release(pages->figures);
    release(pages);
}

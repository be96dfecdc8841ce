/* SPDX-License-Identifier: MIT */
/* Figures and axes (print/plot.h): commands that make them, write on them, and draw them. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

/* ---- Figures and axes ---- */

/* The figure of a number, made if there is none; 0 is the current one, NAN a new one. */
static plot_figure *figure_of(plot_pages *pages, double number)
{
    double largest = 0;
    for (size_t k = 0; k < pages->count; k++) {
        if (pages->figures[k].number == number) pages->current = k;
        largest = fmax(largest, pages->figures[k].number);
    }
    if (pages->count && (number == 0 || pages->figures[pages->current].number == number))
        return &pages->figures[pages->current];
    pages->figures = array_extend(pages->figures, pages->count, sizeof *pages->figures);
    pages->current = pages->count++;
    plot_figure *figure = &pages->figures[pages->current];
    *figure = (plot_figure){.number = number > 0 ? number : largest + 1};
    return figure;
}

static bool overlap(const plot_axes *a, const plot_axes *b)
{
    bool apart = false;
    for (size_t k = 0; k < 2; k++)
        apart = apart || a->low[k] > b->high[k] - 1e-9 || b->low[k] > a->high[k] - 1e-9;
    return !apart;
}

/* Makes the axes of this place the last, which is the current one. Others that they cover are removed, as in Octave. */
static void place_axes(plot_figure *figure, plot_axes place)
{
    size_t kept = 0;
    for (size_t k = 0; k < figure->count; k++) {
        plot_axes *axes = &figure->axes[k];
        if (memcmp(axes->low, place.low, 2 * sizeof place.low) == 0) place = *axes;
        else if (overlap(axes, &place)) axes_clear(axes);
        else figure->axes[kept++] = *axes;
    }
    figure->axes = array_extend(figure->axes, kept, sizeof place);
    figure->axes[kept] = place;
    figure->count = kept + 1;
}

plot_axes *current_axes(function_call *call, bool replaces)
{
    plot_figure *figure = figure_of(call->in->plots, 0);
    figure->printed = false;
    if (!figure->count) place_axes(figure, (plot_axes){.high = {1, 1}});
    plot_axes *axes = &figure->axes[figure->count - 1];
    if (replaces && !axes->held) axes_clear(axes);
    return axes;
}

/* What stands for the thing that was made, if it is asked for. */
bool give_handle(function_call *call, double number)
{
    return call->wanted == 0 || give(call, value_number(number));
}

/* figure, figure(n), clf, close, close all */
bool call_figure(function_call *call)
{
    const bool numbered = call->count && is_numeric(call->arguments[0]);
    if (numbered && !convert_argument(call, 0, 'n')) return false;
    const double number = numbered ? call->arguments[0].u.number : NAN;
    if (numbered && !(number >= 1 && number < 0x1p31 && floor(number) == number))
        return fail(call->in, "figure: %g is not the number of a figure", number);
    return give_handle(call, figure_of(call->in->plots, number)->number);
}

bool call_clf(function_call *call)
{
    figure_clear(figure_of(call->in->plots, 0));
    return true;
}

/* close, close(n), close all: what there is to draw is drawn. */
bool call_close(function_call *call)
{
    plot_pages *pages = call->in->plots;
    const bool numbered = call->count && is_numeric(call->arguments[0]);
    if ((numbered && !convert_argument(call, 0, 'n')) || !pages->count)
        return !call->in->failure.failed;
    const double number = numbered      ? call->arguments[0].u.number
                          : call->count ? 0
                                        : pages->figures[pages->current].number;
    text_buffer why = {0};
    const bool ok = figures_close(pages, number, call->in->script->source->name, &why) ||
                    fail(call->in, "close: %s", why.data);
    text_free(&why);
    return ok;
}

/* subplot(m, n, k), subplot(mnk): axes that cover these places of a figure of m x n. */
bool call_subplot(function_call *call)
{
    const double number = call->arguments[0].u.number;
    const bool one = call->count < 3;
    if (!one && !(convert_argument(call, 1, 'n') && convert_argument(call, 2, 'r'))) return false;
    const double rows = one ? floor(number / 100) : number;
    const double cols = one ? floor(fmod(number, 100) / 10) : call->arguments[1].u.number;
    const script_value last = one ? value_number(fmod(number, 10)) : call->arguments[2];
    plot_axes axes = {.low = {1, 1}};
    matrix_view places;
    value_view(&last, &places);
    for (size_t k = 0; k < places.rows * places.cols; k++) {
        const double place = places.values[k];
        const bool whole = floor(place) == place && floor(rows) == rows && floor(cols) == cols;
        if (!(whole && rows >= 1 && cols >= 1 && place >= 1 && place <= rows * cols))
            return fail(call->in, "subplot: there is no place %g of %gx%g", place, rows, cols);
        const double row = floor((place - 1) / cols), col = fmod(place - 1, cols);
        axes.low[0] = fmin(axes.low[0], col / cols);
        axes.low[1] = fmin(axes.low[1], 1 - (row + 1) / rows);
        axes.high[0] = fmax(axes.high[0], (col + 1) / cols);
        axes.high[1] = fmax(axes.high[1], 1 - row / rows);
    }
    if (places.rows * places.cols == 0) return fail(call->in, "subplot: no place is given");
    place_axes(figure_of(call->in->plots, 0), axes);
    return give_handle(call, 1);
}

/* ---- Words on axes ---- */

/* xlabel, ylabel, zlabel, title: gnuplot has the same words. */
bool call_label(function_call *call)
{
    text_buffer *settings = &current_axes(call, false)->settings;
    const string_value *label = call->arguments[0].u.string;
    text_print(settings, "set %s ", call->function->name);
    plot_quote(settings, label->bytes, label->length);
    text_print(settings, "\n");
    return give_handle(call, 1);
}

/* text(x, y, words) */
bool call_text(function_call *call)
{
    const double x = call->arguments[0].u.number, y = call->arguments[1].u.number;
    const string_value *label = call->arguments[2].u.string;
    text_buffer *settings = &current_axes(call, false)->settings;
    if (!isfinite(x) || !isfinite(y)) return give_handle(call, 1);
    text_print(settings, "set label ");
    plot_quote(settings, label->bytes, label->length);
    text_print(settings, " at %.12g,%.12g\n", x, y);
    return give_handle(call, 1);
}

/* Where the legend is: "northwest", "southoutside", "best". */
static void place_legend(text_buffer *settings, const char *place)
{
    if (strcmp(place, "best") == 0) place = "northeast";
    const char *row = strstr(place, "north") ? "top" : strstr(place, "south") ? "bottom" : "center";
    const char *col = strstr(place, "east") ? "right" : strstr(place, "west") ? "left" : "center";
    text_print(settings, "set key %s %s %s\n", strstr(place, "outside") ? "outside" : "inside", row,
               col);
}

/* What changes nothing here. */
static bool is_word_of_legend(const char *word)
{
    static const char *const words[] = {"show", "boxon", "boxoff", "left", "right"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strcmp(words[k], word) == 0) return true;
    return false;
}

/* legend(text, ...), legend("location", place), legend off */
bool call_legend(function_call *call)
{
    plot_axes *axes = current_axes(call, false);
    size_t labelled = 0;
    for (size_t k = 0; k < call->count; k++) {
        const script_value *word = &call->arguments[k];
        const char *bytes = word->kind == VALUE_STRING ? word->u.string->bytes : "show";
        const bool more = k + 1 < call->count;
        if (strcmp(bytes, "off") == 0 || strcmp(bytes, "hide") == 0) {
            text_print(&axes->settings, "unset key\n");
        } else if (more && strcmp(bytes, "location") == 0 && convert_argument(call, k + 1, 't')) {
            place_legend(&axes->settings, call->arguments[++k].u.string->bytes);
        } else if (more && strcmp(bytes, "orientation") == 0) {
            k++;
        } else if (!is_word_of_legend(bytes) && labelled < axes->count) {
            text_buffer *label = &axes->series[labelled++].label;
            label->length = 0;
            text_append(label, bytes, word->u.string->length);
        }
    }
    return !call->in->failure.failed && give_handle(call, 1);
}

/* ---- Limits, grids ---- */

/* A limit that is infinite follows the data. */
static void append_limit(text_buffer *settings, double limit)
{
    if (isfinite(limit)) text_print(settings, "%.12g", limit);
    else text_print(settings, "*");
}

/* Sets the ranges of the axes x, y, z to pairs of limits. */
static bool set_limits(function_call *call, const char *axes)
{
    matrix_view view;
    text_buffer *settings = &current_axes(call, false)->settings;
    if (!value_view(&call->arguments[0], &view)) return true;
    const size_t count = view.rows * view.cols;
    if (count % 2 || count < 2 || count > 2 * strlen(axes))
        return fail(call->in, "%s: %zux%zu, pairs of limits are needed", call->function->name,
                    view.rows, view.cols);
    for (size_t k = 0; k < count; k += 2) {
        const double low = view.values[k], high = view.values[k + 1];
        if (!(low < high))
            return fail(call->in, "%s: the limit %g is not below %g", call->function->name, low,
                        high);
        text_print(settings, "set %crange [", axes[k / 2]);
        append_limit(settings, low);
        text_print(settings, ":");
        append_limit(settings, high);
        text_print(settings, "]\n");
    }
    return true;
}

/* xlim, ylim, zlim */
bool call_limits(function_call *call)
{
    return set_limits(call, (char[]){call->function->name[0], '\0'});
}

/* axis([left right bottom top]), axis equal, axis off, ... */
bool call_axis(function_call *call)
{
    static const char *const words[][2] = {
        {"equal", "set size ratio -1\n"},      {"image", "set size ratio -1\nset autoscale fix\n"},
        {"square", "set size square\n"},       {"tight", "set autoscale fix\n"},
        {"auto", "set autoscale\n"},           {"normal", "set size noratio\n"},
        {"ij", "set yrange [] reverse\n"},     {"xy", "set yrange [] noreverse\n"},
        {"off", "unset border\nunset tics\n"}, {"on", "set border\nset tics\n"}};
    text_buffer *settings = &current_axes(call, false)->settings;
    if (call->count && !set_limits(call, "xyz")) return false;
    for (size_t k = 0; k < call->count; k++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (call->arguments[k].kind == VALUE_STRING &&
                strcmp(call->arguments[k].u.string->bytes, words[i][0]) == 0)
                text_print(settings, "%s", words[i][1]);
    return true;
}

/* What hold and grid make of a switch: on, off, or the other way round. */
static bool switched(const function_call *call, bool now)
{
    const char *word = call->count ? call->arguments[0].u.string->bytes : now ? "off" : "on";
    return strcmp(word, "off") != 0;
}

bool call_hold(function_call *call)
{
    plot_axes *axes = current_axes(call, false);
    axes->held = switched(call, axes->held);
    return true;
}

bool call_grid(function_call *call)
{
    plot_axes *axes = current_axes(call, false);
    axes->gridded = switched(call, axes->gridded);
    return true;
}

/* print("name.png"), print -dpng name.png: draws the current figure. Options are passed over. */
bool call_print(function_call *call)
{
    const string_value *name = NULL;
    text_buffer why = {0};
    for (size_t k = 0; k < call->count; k++) {
        const script_value *word = &call->arguments[k];
        if (word->kind == VALUE_STRING && word->u.string->bytes[0] != '-') name = word->u.string;
    }
    if (!name) return fail(call->in, "print: the name of a file is needed");
    char *path = path_argument(call, name);
    if (!path) return false;
    plot_figure *figure = figure_of(call->in->plots, 0);
    const bool ok =
        figure_draw(figure, path, &why) || fail(call->in, "print: %s: %s", path, why.data);
    figure->printed = figure->printed || ok;
    text_free(&why);
    release(path);
    return ok;
}

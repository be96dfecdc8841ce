/* SPDX-License-Identifier: MIT */
/* Figures and axes (print/plot.h): commands that make them, write on them, and draw them. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

/* ---- Figures and axes ---- */

/* The figure of a number, made if there is none; 0 is the current one, NAN a new one. */
static plot_figure *figure_of(plot_pages *pages, double number)
{
    bool found = number == 0 && pages->count;
    double largest = 0;
    for (size_t k = 0; k < pages->count; k++) {
        const bool same = pages->figures[k].number == number;
        if (same) pages->current = k;
        found = found || same;
        largest = fmax(largest, pages->figures[k].number);
    }
    if (!found) {
        pages->figures = array_extend(pages->figures, pages->count, sizeof *pages->figures);
        pages->current = pages->count++;
        pages->figures[pages->current] = (plot_figure){.number = number > 0 ? number : largest + 1};
    }
    return &pages->figures[pages->current];
}

/* Makes the axes of this place the last, which is the current one. Others that they cover are removed,
 * as in Octave. */
static void place_axes(plot_figure *figure, plot_axes place)
{
    const double *low = place.low, *high = place.high, rounding = 1e-9;
    size_t kept = 0;
    for (size_t k = 0; k < figure->count; k++) {
        plot_axes *axes = &figure->axes[k];
        bool same = true, apart = false;
        for (size_t i = 0; i < 2; i++) {
            same = same && axes->low[i] == low[i] && axes->high[i] == high[i];
            apart = apart || axes->low[i] > high[i] - rounding || low[i] > axes->high[i] - rounding;
        }
        if (same) place = *axes;
        else if (apart) figure->axes[kept++] = *axes;
        else axes_clear(axes);
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

/* figure, figure(n), gcf, gca */
bool call_figure(function_call *call)
{
    const bool numbered = call->count && is_numeric(call->arguments[0]);
    if (numbered && !convert_argument(call, 0, 'n')) return false;
    const double number = numbered ? call->arguments[0].u.number : call->function->parameter;
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
    const bool named = call->count && !is_numeric(call->arguments[0]);
    double number = pages->count && !named ? pages->figures[pages->current].number : 0; /* 0: all */
    if (call->count && !named) {
        if (!convert_argument(call, 0, 'n')) return false;
        number = call->arguments[0].u.number;
    }
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

/* xlabel, ylabel, zlabel, title, which are gnuplot's words, too, and text(x, y, words) */
bool call_label(function_call *call)
{
    const bool placed = call->function->parameter > 0;
    text_buffer *settings = &current_axes(call, false)->settings;
    const string_value *label = call->arguments[placed ? 2 : 0].u.string;
    const double x = call->arguments[0].u.number, y = placed ? call->arguments[1].u.number : 0;
    if (placed && !(isfinite(x) && isfinite(y))) return give_handle(call, 1);
    text_print(settings, "set %s ", placed ? "label" : call->function->name);
    plot_quote(settings, label->bytes, label->length);
    if (placed) text_print(settings, " at %.12g,%.12g", x, y);
    text_print(settings, "\n");
    return give_handle(call, 1);
}

/* What a word means for a command, in gnuplot's words. */
static const char *setting_of(const char *name, const char *word)
{
    static const char *const settings[][3] = {
        {"axis", "equal", "set size ratio -1\n"},
        {"axis", "image", "set size ratio -1\nset autoscale fix\n"},
        {"axis", "square", "set size square\n"},
        {"axis", "tight", "set autoscale fix\n"},
        {"axis", "auto", "set autoscale\n"},
        {"axis", "normal", "set size noratio\n"},
        {"axis", "ij", "set yrange [] reverse\n"},
        {"axis", "xy", "set yrange [] noreverse\n"},
        {"axis", "off", "unset border\nunset tics\n"},
        {"axis", "on", "set border\nset tics\n"},
        {"legend", "off", "unset key\n"},
        {"legend", "hide", "unset key\n"},
        {"legend", "show", "set key\n"},
        {"legend", "boxon", "set key box\n"},
        {"legend", "boxoff", "set key nobox\n"},
    };
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
        if (strcasecmp(settings[k][0], name) == 0 && strcasecmp(settings[k][1], word) == 0)
            return settings[k][2];
    return NULL;
}

/* Where the legend is: "northwest", "southoutside", "best". */
static void place_legend(text_buffer *settings, const char *text)
{
    char place[32] = "";
    for (size_t k = 0; k + 1 < sizeof place && text[k]; k++)
        place[k] = (char)tolower((unsigned char)text[k]);
    if (strcmp(place, "best") == 0) strcpy(place, "northeast");
    text_print(settings, "set key %s %s %s\n", strstr(place, "outside") ? "outside" : "inside",
               strstr(place, "north")   ? "top"
               : strstr(place, "south") ? "bottom"
                                        : "center",
               strstr(place, "east")   ? "right"
               : strstr(place, "west") ? "left"
                                       : "center");
}

/* legend(text, ...), legend("location", place), legend off */
bool call_legend(function_call *call)
{
    plot_axes *axes = current_axes(call, false);
    size_t labelled = 0;
    for (size_t k = 0; k < call->count; k++) {
        if (call->arguments[k].kind != VALUE_STRING) continue;
        const string_value *word = call->arguments[k].u.string;
        const char *setting = setting_of("legend", word->bytes);
        const bool more = k + 1 < call->count;
        if (setting) {
            text_print(&axes->settings, "%s", setting);
        } else if (more && strcasecmp(word->bytes, "location") == 0) {
            if (!convert_argument(call, ++k, 't')) return false;
            place_legend(&axes->settings, call->arguments[k].u.string->bytes);
        } else if (more && (strcasecmp(word->bytes, "orientation") == 0 ||
                            strcasecmp(word->bytes, "interpreter") == 0 ||
                            strcasecmp(word->bytes, "fontsize") == 0)) {
            k++; /* passed over */
        } else if (labelled < axes->count) {
            text_buffer *label = &axes->series[labelled++].label;
            label->length = 0;
            text_append(label, word->bytes, word->length);
        }
    }
    return give_handle(call, 1);
}

/* ---- Limits, words, switches ---- */

/* Sets the ranges of axes to pairs of limits. One that is infinite follows the data. */
static bool set_limits(function_call *call, text_buffer *settings, const char *axes, size_t most)
{
    matrix_view view;
    value_view(&call->arguments[0], &view);
    const size_t count = view.rows * view.cols;
    if (count % 2 || count < 2 || count > most)
        return fail(call->in, "%s: %zux%zu, pairs of limits are needed", call->function->name,
                    view.rows, view.cols);
    for (size_t k = 0; k < count; k++) {
        const double limit = view.values[k], next = view.values[k + 1 - k % 2];
        if (k % 2 == 0 && !(limit < next))
            return fail(call->in, "%s: the limit %g is not below %g", call->function->name, limit,
                        next);
        if (k % 2 == 0) text_print(settings, "set %crange [", axes[k / 2]);
        if (isfinite(limit)) text_print(settings, "%.12g", limit);
        else text_print(settings, "*");
        text_print(settings, k % 2 == 0 ? ":" : "]\n");
    }
    return true;
}

/* axis([left right bottom top]), axis equal, ...; xlim, ylim, zlim */
bool call_axis(function_call *call)
{
    text_buffer *settings = &current_axes(call, false)->settings;
    const char *name = call->function->name, *axes = strcmp(name, "axis") == 0 ? "xyz" : name;
    for (size_t k = 0; k < call->count; k++) {
        const script_value *word = &call->arguments[k];
        const bool text = word->kind == VALUE_STRING;
        const char *setting = text ? setting_of(name, word->u.string->bytes) : NULL;
        if (setting) text_print(settings, "%s", setting);
        if (k == 0 && is_numeric(*word) && !set_limits(call, settings, axes, axes == name ? 2 : 6))
            return false;
    }
    return true;
}

/* hold and grid: on, off, or the other way round. */
bool call_switch(function_call *call)
{
    plot_axes *axes = current_axes(call, false);
    bool *state = strcmp(call->function->name, "hold") == 0 ? &axes->held : &axes->gridded;
    *state = call->count ? strcmp(call->arguments[0].u.string->bytes, "off") != 0 : !*state;
    return true;
}

/* print("name.png"), print -dpng name.png, saveas(gcf, "name.png"): draws the current figure. Options
 * are passed over. */
bool call_print(function_call *call)
{
    const string_value *name = NULL;
    text_buffer why = {0};
    for (size_t k = 0; k < call->count; k++) {
        const script_value *word = &call->arguments[k];
        const bool text = word->kind == VALUE_STRING && word->u.string->bytes[0] != '-';
        if (text && !name) name = word->u.string;
    }
    if (!name) return fail(call->in, "%s: the name of a file is needed", call->function->name);
    char *path = path_argument(call, name);
    if (!path) return false;
    plot_figure *figure = figure_of(call->in->plots, 0);
    const bool ok =
        figure_draw(figure, path, &why) || fail(call->in, "%s: %s", call->function->name, why.data);
    figure->printed = figure->printed || ok;
    text_free(&why);
    release(path);
    return ok;
}

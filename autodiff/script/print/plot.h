/* SPDX-License-Identifier: MIT */
/* Figures: what the plot commands of a script collect, and what gnuplot makes of it. */
#ifndef SCRIPT_PLOT_H
#define SCRIPT_PLOT_H

#include "autodiff/script/syntax/memory.h"

typedef enum series_kind {
    SERIES_LINE,
    SERIES_BARS,
    SERIES_CONTOUR,
    SERIES_MESH, /* this and those below are in space */
    SERIES_SURFACE
} series_kind;

/* Points that are drawn in one way. */
typedef struct plot_series {
    series_kind kind;
    bool visible;       /* one point at least has a place */
    text_buffer points; /* one a line: x, y, and the width of a bar, or z */
    text_buffer style;  /* gnuplot's words for line, point and colour */
    text_buffer label;  /* in the legend; empty: none */
    text_buffer levels; /* of contours, in gnuplot's words */
} plot_series;

typedef struct plot_axes {
    double left, bottom, width, height; /* parts of the figure */
    bool held;                          /* what is drawn next is added */
    bool gridded;
    bool log_x, log_y;
    text_buffer settings; /* gnuplot's commands, one a line */
    plot_series *series;
    size_t count;
} plot_axes;

typedef struct plot_figure {
    double number;
    bool printed;    /* into a file that the script named */
    plot_axes *axes; /* the last is the current one */
    size_t count;
} plot_figure;

/* The figures of a script. */
typedef struct plot_pages {
    const char *folder; /* where they are drawn; NULL: nowhere */
    plot_figure *figures;
    size_t count;
    size_t current;
    size_t written; /* files in the folder */
    size_t skipped;
} plot_pages;

/* Appends text as a string of gnuplot that is never read as a command, a variable or markup. */
void plot_quote(text_buffer *text, const char *bytes, size_t length);

/* Adds a series to the axes, and a point to a series of theirs: a gap, unless it has a place. */
plot_series *plot_add(plot_axes *axes, series_kind kind);
void plot_point(const plot_axes *axes, plot_series *series, double x, double y, double third);

/* Removes what the axes show, or the axes of a figure. */
void axes_clear(plot_axes *axes);
void figure_clear(plot_figure *figure);

/* Draws the figure into the file path, whose ending is svg, png, pdf or eps. False with the reason
 * appended to *why. */
bool figure_draw(const plot_figure *figure, const char *path, text_buffer *why);

/* Takes figure k away. With a folder it is drawn there, into a file that has the script's name and a
 * number; false with the reason appended to *why. */
bool figure_close(plot_pages *pages, size_t k, const char *script, text_buffer *why);

/* Closes all figures. False after a message on standard error, which also tells how many were
 * skipped. */
bool plots_finish(plot_pages *pages, const char *script);

void plots_free(plot_pages *pages);

#endif

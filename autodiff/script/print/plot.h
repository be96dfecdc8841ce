/* SPDX-License-Identifier: MIT */
/* Figures: what the plot commands of a script collect, and what gnuplot makes of it. */
#ifndef SCRIPT_PLOT_H
#define SCRIPT_PLOT_H

#include "autodiff/script/syntax/memory.h"

typedef enum series_kind {
    SERIES_LINE,
    SERIES_BARS,
    SERIES_CONTOUR, /* this and those below are of grids */
    SERIES_MESH,
    SERIES_SURFACE
} series_kind;

/* Points that are drawn in one way. */
typedef struct plot_series {
    series_kind kind;
    double *numbers; /* count points of width numbers: x, y, and z or the width of a bar */
    size_t count;
    size_t width;
    size_t scan;        /* points in a line of the grid; 0 for none */
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
    bool printed; /* into a file that the script named */
    plot_axes *axes;
    size_t count;
    size_t current;
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

/* Removes what the axes show, or the axes of a figure. */
void axes_clear(plot_axes *axes);
void figure_clear(plot_figure *figure);

/* True for the ending of a picture that can be drawn: svg, png, pdf or eps. */
bool plot_format_known(const char *format);

/* Draws the figure into the file path; false with the reason appended to *why. */
bool figure_draw(const plot_figure *figure, const char *path, const char *format, text_buffer *why);

/* Takes figure k away. With a folder it is drawn there, into a file that has the script's name and a
 * number; false with the reason appended to *why. */
bool figure_close(plot_pages *pages, size_t k, const char *script, text_buffer *why);

/* Closes all figures. False after a message on standard error, which also tells how many were
 * skipped. */
bool plots_finish(plot_pages *pages, const char *script);

void plots_free(plot_pages *pages);

#endif

/* SPDX-License-Identifier: MIT */
/* Figures: what the plot commands of a script collect, and what gnuplot makes of it. */
#ifndef SCRIPT_PLOT_H
#define SCRIPT_PLOT_H

#include "autodiff/script/syntax/memory.h"

/* What a plot command draws, and how. */
enum {
    PLOT_LINES = 0,
    PLOT_LOG_X = 1,
    PLOT_LOG_Y = 2,
    PLOT_POINTS = 4, /* without lines */
    PLOT_ADDED = 8,  /* to what the axes show */
    PLOT_STEPS = 16,
    PLOT_AREA = 32,
    PLOT_FILL = 64,
    PLOT_BARS = 128,
    PLOT_ERRORS = 256,
    PLOT_SPACE = 512,
    PLOT_CONTOUR = 1024,
    PLOT_MESH = 2048,
    PLOT_SURFACE = 4096,
    PLOT_STEMS = 8192,
    PLOT_GROUND = 16384, /* contours below what is drawn */
    PLOT_FILLED = PLOT_AREA | PLOT_FILL | PLOT_BARS,
    PLOT_PLANE = PLOT_FILLED | PLOT_STEPS | PLOT_STEMS | PLOT_ERRORS, /* in space they are lines */
    PLOT_SPATIAL = PLOT_MESH | PLOT_SURFACE | PLOT_SPACE,
    PLOT_GRID = PLOT_CONTOUR | PLOT_MESH | PLOT_SURFACE,
    PLOT_THIRD = PLOT_GRID | PLOT_ERRORS | PLOT_SPACE,    /* z is given, or an error for each y */
    PLOT_THREE = PLOT_THIRD | PLOT_AREA | PLOT_BARS,      /* gnuplot looks at three numbers */
    PLOT_NUMBERED = PLOT_GRID | PLOT_FILLED | PLOT_POINTS /* a number may follow */
};

/* Points that are drawn in one way. */
typedef struct plot_series {
    int kind;
    bool visible;       /* one point at least has a place */
    text_buffer points; /* one a line: x, y, and the width of a bar, the error, or z */
    text_buffer style;  /* gnuplot's words for line, point and colour */
    text_buffer label;  /* in the legend; empty: none */
    text_buffer levels; /* of contours, in gnuplot's words */
} plot_series;

typedef struct plot_axes {
    double low[2], high[2]; /* x and y of their corners; the figure's are 0 and 1 */
    bool held;              /* what is drawn next is added */
    bool gridded;
    int logarithmic;      /* PLOT_LOG_X, PLOT_LOG_Y */
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

/* Adds a point to a series of the axes: a gap, unless it has a place. */
void plot_point(const plot_axes *axes, plot_series *series, double x, double y, double third);

/* Removes what the axes show, or the axes of a figure. */
void axes_clear(plot_axes *axes);
void figure_clear(plot_figure *figure);

/* Draws the figure into the file path, whose ending is svg, png, pdf or eps. False with path and
 * reason appended to *why. */
bool figure_draw(const plot_figure *figure, const char *path, text_buffer *why);

/* Takes the figure of a number away, or all for 0. With a folder they are drawn there, into files
 * that have the script's name and a number; false with the reason appended to *why. */
bool figures_close(plot_pages *pages, double number, const char *script, text_buffer *why);

/* Closes all figures. False after a message on standard error, which also tells how many were
 * skipped. */
bool plots_finish(plot_pages *pages, const char *script);

void plots_free(plot_pages *pages);

#endif

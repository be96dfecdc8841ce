/* SPDX-License-Identifier: MIT */
/* How plots look: the formats and properties of Octave, in gnuplot's words. */
#ifndef SCRIPT_LINE_STYLE_H
#define SCRIPT_LINE_STYLE_H

#include "autodiff/script/library/functions.h"

typedef struct line_style {
    int dash;       /* gnuplot's number; 0: no line, -1: by turn */
    int marker;     /* gnuplot's number; 0: none */
    char colour[8]; /* #rrggbb; empty: by turn */
    double width;
    double size; /* of the markers */
    const char *label;
    size_t label_length;
} line_style;

extern const line_style style_by_turn;

/* Reads formats and properties from argument *k on; style_last those that end the arguments. */
bool style_read(function_call *call, size_t *k, line_style *style);
bool style_last(function_call *call, size_t k, line_style *style);

/* The colour of series number turn, and how its line is drawn. */
const char *style_colour(const line_style *style, size_t turn);
void style_line(text_buffer *text, const line_style *style, size_t turn);

#endif

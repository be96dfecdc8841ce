/* SPDX-License-Identifier: MIT */
/* The layout of numbers as Octave prints them: format short shows 5 significant digits, format
 * long 16, and a matrix has one layout for all its elements. */
#ifndef SCRIPT_NUMBER_FORMAT_H
#define SCRIPT_NUMBER_FORMAT_H

#include "autodiff/script/run/value.h"

typedef struct number_layout {
    char conversion; /* of printf: f, e or g */
    int width;       /* 0 for as wide as the number is */
    int precision;
} number_layout;

/* digits is Octave's output_precision: 5 or 16. */
number_layout layout_of(const script_value *value, const matrix_view *view, int digits);

/* One number, right-aligned in layout.width columns. */
void append_number(text_buffer *text, number_layout layout, double x);

/* "NaN", "Inf" or "-Inf"; NULL for a finite number. */
const char *number_name(double x);

#endif

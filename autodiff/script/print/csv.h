/* SPDX-License-Identifier: MIT */
/* Matrices in files: numbers separated by commas or blanks, one row a line. */
#ifndef SCRIPT_CSV_H
#define SCRIPT_CSV_H

#include "autodiff/script/syntax/memory.h"

#include <stdio.h>

typedef struct csv_table {
    size_t rows;
    size_t cols;
    double *values; /* row-major; release() them */
} csv_table;

/* Reads a matrix. A first line is a header, and passed over, if no field of it is a number and
 * one has a letter. A byte order mark is passed over; LF, CR and CRLF end a line. False with the
 * reason, which names line and field, appended to *why. */
bool csv_read(FILE *file, csv_table *csv, text_buffer *why);

/* Writes rows x cols numbers with 17 significant digits; false if the file cannot take them. */
bool csv_write(FILE *file, size_t rows, size_t cols, const double *values);

#endif

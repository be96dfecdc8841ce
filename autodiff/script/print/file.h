/* SPDX-License-Identifier: MIT */
/* Files that are read whole, up to a limit, for a device or an endless pipe would fill the memory; and
 * matrices in files: numbers separated by commas or blanks, one row a line. */
#ifndef SCRIPT_FILE_H
#define SCRIPT_FILE_H

#include "autodiff/script/syntax/memory.h"

#include <stdio.h>

/* The most bytes of a file that are read: 1 GB unless set. */
size_t file_limit(void);
void set_file_limit(size_t bytes);

/* Opens a file to read. NULL, with the reason appended to *why, for a device, a folder, a file
 * beyond the limit, or one that cannot be opened. */
FILE *file_open(const char *path, text_buffer *why);

/* Appends the whole of a file to *text; false with the reason. */
bool file_read(FILE *file, text_buffer *text, text_buffer *why);

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

/* SPDX-License-Identifier: MIT */
/* A value as people read it: the rows of a matrix, aligned. */
#include "tape/tape.h"

#include <math.h>

enum { NUMBER_LENGTH = 32 };

static int write_number(char *text, double x)
{
    return isnan(x) ? snprintf(text, NUMBER_LENGTH, "nan")
                    : snprintf(text, NUMBER_LENGTH, "%.6g", x);
}

static int widest(const double *values, size_t size)
{
    char text[NUMBER_LENGTH];
    int width = 0;
    for (size_t i = 0; i < size; i++) {
        const int length = write_number(text, values[i]);
        if (length > width) width = length;
    }
    return width;
}

static void write_rows(FILE *file, const double *values, size_t rows, size_t cols)
{
    char text[NUMBER_LENGTH];
    const int width = widest(values, rows * cols);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) {
            write_number(text, values[i * cols + j]);
            fprintf(file, "%*s%s", width, text, j + 1 < cols ? "  " : "\n");
        }
}

static bool print(FILE *file, ad_tape *tape, ad_var x)
{
    const size_t rows = ad_rows(x), cols = ad_cols(x);
    if (!file) return tape_fail(tape, AD_ERROR_ARGUMENT, "print: no file (NULL)");
    if (rows * cols == 0) {
        fprintf(file, "empty %zux%zu\n", rows, cols);
    } else {
        const double *values = ad_values(x);
        if (!values)
            return tape_fail(tape, AD_ERROR_STATE,
                             "print: the value is not known, since the last replay failed");
        write_rows(file, values, rows, cols);
    }
    return !ferror(file) || tape_fail(tape, AD_ERROR_ARGUMENT, "print: the file cannot be written");
}

ad_status ad_print(FILE *file, ad_var x)
{
    ad_tape *tape = tape_common(&x, 1, "print");
    if (!tape) return x.tape ? ad_tape_status(x.tape) : AD_ERROR_ARGUMENT;
    return print(file, tape, x) ? AD_OK : tape->status;
}

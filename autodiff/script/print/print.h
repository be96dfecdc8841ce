/* SPDX-License-Identifier: MIT */
/* Printing of values: as Octave does, by a template, as JSON, or into files. */
#ifndef SCRIPT_PRINT_H
#define SCRIPT_PRINT_H

#include "autodiff/script/run/interpreter.h"

/* name = value */
void print_value(interpreter *in, const char *name, const script_value *value);

/* Appends the value as disp shows it. */
void value_text(interpreter *in, const script_value *value, text_buffer *text);

/* Appends the values as the template of printf says, recycled over all their elements as Octave does.
 * False, with an error that names the function, for a malformed template or a function among the
 * values. */
bool format_template(interpreter *in, const char *name, const string_value *template,
                     const script_value *values, size_t count, text_buffer *text);

/* Text that a script printed: as it is, or as {"text":"..."}. */
void print_text(interpreter *in, const char *bytes, size_t length);

/* "NaN", "Inf" or "-Inf"; NULL for a finite number. */
const char *number_name(double x);

/* Print JSON's form of a string, with its quotes, and of a number: 17 significant digits, "NaN", "Inf"
 * or "-Inf" where it has none. */
void json_string(FILE *file, const char *bytes, size_t length);
void json_number(FILE *file, double x);

/* ---- Matrices in files ---- */

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

/* ---- Pictures that another program draws ---- */

/* What follows the last dot of a name; "" if there is none. */
const char *name_ending(const char *name);

/* Runs a command, a list of words up to NULL, which reads the script from its start and writes the
 * picture into the file path. Names of files and the script never go through a shell. False with the
 * reason appended to *why; package is what to install where there is no such command. */
bool picture_draw(const char *const *command, const char *package, FILE *script, const char *path,
                  text_buffer *why);

#endif

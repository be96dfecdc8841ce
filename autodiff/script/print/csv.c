/* SPDX-License-Identifier: MIT */
/* Matrices in files: numbers separated by commas or blanks, one row a line. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/print/print.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct csv_reader {
    FILE *file;
    csv_table *csv;
    text_buffer *why;
    size_t capacity;   /* of csv->values */
    size_t line;       /* number of the line being read */
    size_t first_line; /* of the header or of the first numbers; 0 before it */
    text_buffer text;  /* the line, without its end */
    size_t bytes;      /* read from the file */
} csv_reader;

static const char blanks[] = " \t", separators[] = " \t,";

/* Reads a line that ends in LF, CR or CRLF, or with the file; false when there is none, or the file
 * is beyond the limit. A control character, which is in no number, becomes one that can be shown. */
static bool next_line(csv_reader *reader)
{
    text_buffer *text = &reader->text;
    int c;
    reader->line++;
    text->length = 0;
    text_append(text, "", 0);
    while ((c = getc_unlocked(reader->file)) != EOF) {
        const char byte = iscntrl(c) && !isspace(c) ? '?' : (char)c;
        if (++reader->bytes > file_limit) return false;
        if (c == '\n' || c == '\r') break;
        text_append(text, &byte, 1);
    }
    if (c == '\r' && (c = getc_unlocked(reader->file)) != '\n') ungetc(c, reader->file);
    return c != EOF || text->length > 0;
}

/* What is left of a line, and its field from field to stop. */
typedef struct csv_line {
    const char *at;
    bool comma; /* before at: there is a field, though it be empty */
    size_t fields;
    const char *field;
    const char *stop;
} csv_line;

/* Passes a field and what separates it from the next; false at the end of the line. */
static bool next_field(csv_line *line)
{
    line->field = line->at + strspn(line->at, blanks);
    line->stop = line->field + strcspn(line->field, separators);
    if (*line->field == '\0' && !line->comma) return false;
    line->at = line->stop + strspn(line->stop, blanks);
    line->comma = *line->at == ',';
    line->at += line->comma;
    line->fields++;
    return true;
}

/* The number that a field is, which a blank, a comma or the line's terminator ends; false when it
 * is none, or spelt as 0x1 or nan(1). */
static bool parse_field(const csv_line *line, double *number)
{
    char *after;
    const size_t length = (size_t)(line->stop - line->field);
    if (length == 0 || strcspn(line->field, "xX(, \t") < length) return false;
    *number = strtod(line->field, &after);
    return after == line->stop;
}

static bool refuse_field(csv_reader *reader, const csv_line *line)
{
    const int length = (int)(line->stop - line->field < 40 ? line->stop - line->field : 40);
    if (length == 0)
        return refuse(reader->why, "line %zu, field %zu is empty", reader->line, line->fields);
    return refuse(reader->why, "line %zu, field %zu: \"%.*s\" is not a number", reader->line,
                  line->fields, length, line->field);
}

/* Reads the line's numbers after those read before. */
static bool read_fields(csv_reader *reader, csv_line *line)
{
    csv_table *csv = reader->csv;
    while (next_field(line)) {
        const size_t count = csv->rows * csv->cols + line->fields;
        double number;
        if (!parse_field(line, &number)) return refuse_field(reader, line);
        double *values = array_reserve(csv->values, &reader->capacity, count, sizeof *values);
        if (!values)
            return refuse(reader->why, "out of memory at line %zu%s", reader->line, memory_note());
        csv->values = values;
        values[count - 1] = number;
    }
    return true;
}

/* A header names columns: no field of it is a number, and one has a letter. A row with a gap or a
 * slip is no header. */
static bool is_header(csv_line line)
{
    bool letter = false;
    while (next_field(&line)) {
        double number;
        if (parse_field(&line, &number)) return false;
        for (const char *at = line.field; at < line.stop; at++) /* of any alphabet, in UTF-8 */
            letter = letter || isalpha((unsigned char)*at) || (unsigned char)*at >= 0x80;
    }
    return letter;
}

static bool read_line(csv_reader *reader)
{
    csv_table *csv = reader->csv;
    csv_line line = {.at = reader->text.data};
    if (reader->line == 1 && strncmp(line.at, "\xEF\xBB\xBF", 3) == 0)
        line.at += 3; /* the byte order mark that some programs write */
    if (line.at[strspn(line.at, blanks)] == '\0') return true;
    const bool first = reader->first_line == 0;
    if (csv->rows == 0) reader->first_line = reader->line;
    if (first && is_header(line)) return true;
    if (!read_fields(reader, &line)) return false;
    if (csv->rows++ == 0) csv->cols = line.fields;
    return line.fields == csv->cols ||
           refuse(reader->why, "line %zu has %zu fields, line %zu has %zu", reader->line,
                  line.fields, reader->first_line, csv->cols);
}

bool csv_read(FILE *file, csv_table *csv, text_buffer *why)
{
    csv_reader reader = {.file = file, .csv = csv, .why = why};
    bool ok = true;
    *csv = (csv_table){0};
    errno = 0;
    while (ok && next_line(&reader)) ok = read_line(&reader);
    if (ok && ferror(file)) ok = refuse(why, "%s", strerror(errno));
    else if (ok && reader.bytes > file_limit) ok = file_too_large(why);
    else if (ok && csv->rows == 0) ok = refuse(why, "no numbers in it");
    if (!ok) release(csv->values);
    text_free(&reader.text);
    return ok;
}

bool csv_write(FILE *file, size_t rows, size_t cols, const double *values)
{
    for (size_t i = 0; i < rows && cols; i++) { /* rows without elements are no lines */
        for (size_t j = 0; j < cols; j++)
            fprintf(file, "%s%.17g", j ? "," : "", values[i * cols + j]);
        putc('\n', file);
    }
    return !ferror(file);
}

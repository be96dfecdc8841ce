#include "autodiff/script/print/csv.h"

#include "autodiff/script/print/file.h"

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
    size_t at;         /* in the buffer */
    size_t filled;
    bool after_return; /* a line feed that follows belongs to the line end before */
    char buffer[1 << 16];
} csv_reader;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at)) at++;
    return at;
}

static const char *field_end(const char *at, const char *end)
{
    while (at < end && !is_blank(*at) && *at != ',') at++;
    return at;
}

/* ---- Lines ---- */

static bool fill_buffer(csv_reader *reader)
{
    reader->at = 0;
    reader->filled = fread(reader->buffer, 1, sizeof reader->buffer, reader->file);
    reader->bytes += reader->filled;
    return reader->filled > 0 && reader->bytes <= file_limit();
}

/* Reads a line that ends in LF, CR or CRLF, or with the file; false when there is none. */
static bool next_line(csv_reader *reader)
{
    reader->line++;
    reader->text.length = 0;
    text_append(&reader->text, "", 0);
    for (;;) {
        if (reader->at == reader->filled && !fill_buffer(reader))
            return reader->text.length > 0 && reader->bytes <= file_limit();
        const char *start = reader->buffer + reader->at, *stop = start;
        const char *end = reader->buffer + reader->filled;
        if (reader->after_return && *start == '\n') stop = ++start;
        reader->after_return = false;
        while (stop < end && !is_line_end(*stop)) stop++;
        text_append(&reader->text, start, (size_t)(stop - start));
        reader->at = (size_t)(stop - reader->buffer);
        if (stop < end) {
            reader->after_return = *stop == '\r';
            reader->at++;
            return true;
        }
    }
}

/* ---- Numbers ---- */

static bool add_number(csv_reader *reader, double number, size_t at)
{
    csv_table *csv = reader->csv;
    double *values = array_reserve(csv->values, &reader->capacity, at + 1, sizeof *values);
    if (!values) {
        text_print(reader->why, "out of memory at line %zu%s", reader->line, memory_note());
        return false;
    }
    csv->values = values;
    values[at] = number;
    return true;
}

/* The number that a field is, which a blank, a comma or the line's terminator ends; false when it
 * is none. */
static bool parse_field(const char *field, const char *end, double *number)
{
    char *after;
    if (field == end || strcspn(field, "xX(") < (size_t)(end - field))
        return false; /* 0x1, nan(1) */
    *number = strtod(field, &after);
    return after == end;
}

static bool fail_field(csv_reader *reader, size_t field, const char *start, const char *end)
{
    if (start == end) {
        text_print(reader->why, "line %zu, field %zu is empty", reader->line, field);
        return false;
    }
    text_print(reader->why, "line %zu, field %zu: \"", reader->line, field);
    for (const char *at = start; at < end && at < start + 40; at++) {
        bool shown = (unsigned char)*at >= 0x20 && *at != 0x7f;
        text_append(reader->why, shown ? at : "?", 1);
    }
    text_print(reader->why, "\" is not a number");
    return false;
}

/* Passes the field at *at, and what separates it from the next, into *start and *stop; false at the
 * end of the line. After a comma there is a field, though it be empty. */
static bool next_field(const char **at, const char *end, bool *comma, const char **start,
                       const char **stop)
{
    *start = skip_blanks(*at);
    if (*start == end && !*comma) return false;
    *stop = field_end(*start, end);
    *at = skip_blanks(*stop);
    *comma = *at < end && **at == ',';
    *at += *comma;
    return true;
}

/* Reads the line's numbers after those read before; *fields is how many. */
static bool read_fields(csv_reader *reader, const char *at, const char *end, size_t *fields)
{
    const char *start, *stop;
    size_t place = reader->csv->rows * reader->csv->cols;
    bool comma = false;
    for (*fields = 0; next_field(&at, end, &comma, &start, &stop); ++*fields) {
        double number;
        if (!parse_field(start, stop, &number)) return fail_field(reader, *fields + 1, start, stop);
        if (!add_number(reader, number, place + *fields)) return false;
    }
    return true;
}

/* A header names columns: no field of it is a number, and one has a letter. A row with a gap or a
 * slip is no header. */
static bool is_header(const char *at, const char *end)
{
    const char *start, *stop;
    bool comma = false, letter = false;
    while (next_field(&at, end, &comma, &start, &stop)) {
        double number;
        if (parse_field(start, stop, &number)) return false;
        for (const char *c = start; c < stop; c++) {
            bool other = (unsigned char)*c >= 0x80; /* a letter of another alphabet, in UTF-8 */
            letter = letter || other || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        }
    }
    return letter;
}

static bool read_line(csv_reader *reader)
{
    csv_table *csv = reader->csv;
    const char *line = reader->text.data, *end = line + reader->text.length;
    size_t fields;
    if (reader->line == 1 && strncmp(line, "\xEF\xBB\xBF", 3) == 0)
        line += 3; /* the byte order mark that some programs write */
    bool first = reader->first_line == 0;
    if (skip_blanks(line) == end) return true;
    reader->first_line = csv->rows ? reader->first_line : reader->line;
    if (first && is_header(line, end)) return true;
    if (!read_fields(reader, line, end, &fields)) return false;
    if (csv->rows == 0) {
        csv->cols = fields;
    } else if (fields != csv->cols) {
        text_print(reader->why, "line %zu has %zu fields, line %zu has %zu", reader->line, fields,
                   reader->first_line, csv->cols);
        return false;
    }
    csv->rows++;
    return true;
}

bool csv_read(FILE *file, csv_table *csv, text_buffer *why)
{
    csv_reader *reader = allocate(sizeof *reader);
    bool ok = true;
    reader->file = file;
    reader->csv = csv;
    reader->why = why;
    *csv = (csv_table){0};
    errno = 0;
    while (ok && next_line(reader)) ok = read_line(reader);
    if (ok && ferror(file)) {
        text_print(why, "%s", strerror(errno));
        ok = false;
    } else if (ok && reader->bytes > file_limit()) {
        file_too_large(why);
        ok = false;
    } else if (ok && csv->rows == 0) {
        text_print(why, "no numbers in it");
        ok = false;
    }
    if (!ok) release(csv->values);
    text_free(&reader->text);
    release(reader);
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

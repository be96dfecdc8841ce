#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct reader {
    struct csv *csv;
    struct text *why;
    size_t capacity;
    size_t line;       /* number of the line being read */
    size_t first_line; /* of the numbers */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at)) {
        at++;
    }
    return at;
}

static const char *field_end(const char *at, const char *end)
{
    while (at < end && !is_blank(*at) && *at != ',') {
        at++;
    }
    return at;
}

static bool add_number(struct reader *reader, double number, size_t at)
{
    struct csv *csv = reader->csv;
    if (at == reader->capacity) {
        size_t capacity = reader->capacity ? 2 * reader->capacity : 256;
        double *grown = array_new(capacity, sizeof *grown);
        if (!grown) {
            text_print(reader->why, "out of memory at line %zu", reader->line);
            return false;
        }
        if (at) {
            memcpy(grown, csv->values, at * sizeof *grown);
        }
        free(csv->values);
        csv->values = grown;
        reader->capacity = capacity;
    }
    csv->values[at] = number;
    return true;
}

/* The number that a field is; false when it is none. */
static bool parse_field(const char *field, const char *end, double *number)
{
    char *after;
    char digits[64];
    size_t length = (size_t)(end - field);
    if (length == 0 || length >= sizeof digits) {
        return false;
    }
    memcpy(digits, field, length);
    digits[length] = '\0';
    *number = strtod(digits, &after);
    return after == digits + length;
}

/* Reads a line's numbers after those read before; *fields is how many. A field that is no number
 * gives false, with its number in *fields and its text in *field. */
static bool read_fields(struct reader *reader, const char *at, const char *end, size_t *fields,
                        const char **field, size_t *length)
{
    size_t start = reader->csv->rows * reader->csv->cols;
    *fields = 0;
    at = skip_blanks(at, end);
    while (at < end) {
        const char *stop = field_end(at, end);
        double number;
        ++*fields;
        *field = at;
        *length = (size_t)(stop - at);
        if (!parse_field(at, stop, &number)) {
            return false;
        }
        if (!add_number(reader, number, start + *fields - 1)) {
            *field = NULL;
            return false;
        }
        at = skip_blanks(stop, end);
        if (at < end && *at == ',') {
            at = skip_blanks(at + 1, end);
            if (at == end) { /* a comma with nothing after it */
                ++*fields;
                *field = at;
                *length = 0;
                return false;
            }
        }
    }
    return true;
}

static bool read_line(struct reader *reader, const char *line, size_t size)
{
    struct csv *csv = reader->csv;
    const char *field = "";
    size_t fields, length = 0;
    if (skip_blanks(line, line + size) == line + size) {
        return true;
    }
    if (!read_fields(reader, line, line + size, &fields, &field, &length)) {
        if (!field) {
            return false;
        }
        if (csv->rows == 0 && reader->first_line == 0) {
            reader->first_line = reader->line; /* the header */
            return true;
        }
        if (length == 0) {
            text_print(reader->why, "line %zu, field %zu is empty", reader->line, fields);
        } else {
            text_print(reader->why, "line %zu, field %zu: \"%.*s\" is not a number", reader->line,
                       fields, (int)(length > 40 ? 40 : length), field);
        }
        return false;
    }
    if (csv->rows == 0) {
        csv->cols = fields;
        reader->first_line = reader->line;
    } else if (fields != csv->cols) {
        text_print(reader->why, "line %zu has %zu fields, line %zu has %zu", reader->line, fields,
                   reader->first_line, csv->cols);
        return false;
    }
    csv->rows++;
    return true;
}

bool csv_read(FILE *file, struct csv *csv, struct text *why)
{
    struct reader reader = {.csv = csv, .why = why};
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool good = true;
    *csv = (struct csv){0};
    errno = 0;
    while (good && (length = getline(&line, &capacity, file)) >= 0) {
        reader.line++;
        good = read_line(&reader, line, (size_t)length);
    }
    free(line);
    if (good && ferror(file)) {
        text_print(why, "%s", strerror(errno));
        good = false;
    } else if (good && csv->rows == 0) {
        text_print(why, "no numbers in it");
        good = false;
    }
    if (!good) {
        free(csv->values);
    }
    return good;
}

bool csv_write(FILE *file, size_t rows, size_t cols, const double *values)
{
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            fprintf(file, "%s%.17g", j ? "," : "", values[i * cols + j]);
        }
        putc('\n', file);
    }
    return !ferror(file);
}

/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/syntax/syntax.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

bool file_too_large(text_buffer *why)
{
    return refuse(why, "is larger than %zu bytes, the limit", file_limit);
}

FILE *file_open(const char *path, text_buffer *why)
{
    struct stat status;
    FILE *file = NULL; /* looked at before it is opened: to open a device may do something */
    const bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) text_print(why, "is a directory");
    else if (exists && !S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        text_print(why, "is a device");
    else if (exists && status.st_size > 0 && (uintmax_t)status.st_size > file_limit)
        file_too_large(why);
    else if (file = exists ? fopen(path, "rb") : NULL, !file)
        text_print(why, "%s", strerror(errno));
    return file;
}

bool file_read(FILE *file, text_buffer *text, text_buffer *why)
{
    char buffer[65536];
    size_t got;
    errno = 0;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        if (got > file_limit || text->length > file_limit - got) return file_too_large(why);
        text_append(text, buffer, got);
    }
    text_append(text, "", 0);
    return !ferror(file) || refuse(why, "%s", strerror(errno));
}

source_text *source_new(const char *name, const char *text, size_t length)
{
    source_text *source = allocate(sizeof *source);
    source->name = copy_text(name, strlen(name));
    source->text = copy_text(text, length);
    source->length = length;
    return source;
}

source_text *source_read(const char *path, text_buffer *why)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : file_open(path, why);
    text_buffer text = {0};
    source_text *source = NULL;
    bool ok = file && file_read(file, &text, why);
    if (file && !standard) fclose(file);
    if (ok && text.length > UINT32_MAX) /* places in it are numbers of 32 bits */
        ok = refuse(why, "is larger than 4 GB");
    const size_t mark = ok && strncmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* of editors */
    if (ok) source = source_new(standard ? "<stdin>" : path, text.data + mark, text.length - mark);
    text_free(&text);
    return source;
}

void source_free(source_text *source)
{
    release(source->name);
    release(source->text);
    release(source);
}

line_place source_place(const source_text *source, size_t offset)
{
    line_place place = {1, 1};
    if (offset > source->length) offset = source->length;
    for (size_t k = 0; k < offset; k++) {
        const bool newline = source->text[k] == '\n';
        place.line += newline;
        place.column = newline ? 1 : place.column + 1;
    }
    return place;
}

/* Bytes of a line printed on either side of the column an error is at. */
enum { SHOWN = 100 };

/* The line from start on, and a caret under offset. */
static void print_line(FILE *file, const source_text *source, size_t start, size_t offset)
{
    const bool cut = offset - start > SHOWN;
    char below[SHOWN + 1]; /* the blanks before the caret, one for a character of several bytes */
    int columns = 0;
    if (cut) start = offset - SHOWN / 2;
    if (cut) fputs("...", file);
    for (size_t k = start; k < source->length && k < offset + SHOWN; k++) {
        const unsigned char byte = (unsigned char)source->text[k];
        if (byte == '\n') break;
        putc(byte == '\t' || (byte >= 0x20 && byte != 0x7f) ? byte : '?', file);
        if (k < offset && (byte & 0xC0) != 0x80) below[columns++] = byte == '\t' ? '\t' : ' ';
    }
    fprintf(file, "%s%.*s^\n", cut ? "\n   " : "\n", columns, below);
}

void source_report(FILE *file, const source_text *source, size_t offset, const char *kind,
                   const char *message)
{
    if (offset > source->length) offset = source->length;
    const line_place place = source_place(source, offset);
    fprintf(file, "%s:%zu:%zu: %s: %s\n", source->name, place.line, place.column, kind, message);
    print_line(file, source, offset + 1 - place.column, offset);
}

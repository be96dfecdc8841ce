#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct source *source_new(const char *name, const char *text, size_t length)
{
    struct source *source = allocate(sizeof *source);
    source->name = copy_text(name, strlen(name));
    source->directory = copy_text("", 0);
    source->text = copy_text(text, length);
    source->length = length;
    source->first_line = 1;
    return source;
}

static bool read_all(FILE *file, struct text *text)
{
    char buffer[65536];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        if (got > UINT32_MAX - text->length) {
            errno = EFBIG;
            return false;
        }
        text_append(text, buffer, got);
    }
    text_append(text, "", 0);
    return !ferror(file);
}

/* The part of path before its last slash, and the slash. */
static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return copy_text(path, slash ? (size_t)(slash - path) + 1 : 0);
}

static bool is_directory(FILE *file)
{
    struct stat status;
    return fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode);
}

struct source *source_read(const char *path, const char **reason)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file) {
        *reason = strerror(errno);
        return NULL;
    }
    struct text text = {0};
    errno = 0;
    bool good = !is_directory(file) && read_all(file, &text);
    if (!good) {
        *reason = is_directory(file) ? "is a directory" : strerror(errno);
    }
    if (!standard) {
        fclose(file);
    }
    struct source *source = NULL;
    if (good) {
        source = source_new(standard ? "<stdin>" : path, text.data, text.length);
        if (!standard) {
            free(source->directory);
            source->directory = directory_of(path);
        }
    }
    text_free(&text);
    return source;
}

void source_free(struct source *source)
{
    if (source) {
        free(source->name);
        free(source->directory);
        free(source->text);
        free(source);
    }
}

static size_t line_start(const struct source *source, size_t offset)
{
    while (offset > 0 && source->text[offset - 1] != '\n') {
        offset--;
    }
    return offset;
}

struct place source_place(const struct source *source, size_t offset)
{
    struct place place = {source->first_line, 1};
    if (offset > source->length) {
        offset = source->length;
    }
    for (size_t k = 0; k < offset; k++) {
        place.line += source->text[k] == '\n';
    }
    place.column = offset - line_start(source, offset) + 1;
    return place;
}

/* Bytes of a line printed on either side of the column an error is at. */
enum { SHOWN = 100 };

static void print_line(FILE *file, const struct source *source, size_t offset)
{
    size_t start = line_start(source, offset);
    size_t end = offset;
    while (end < source->length && source->text[end] != '\n' && end - offset < SHOWN) {
        end++;
    }
    const char *lead = "";
    if (offset - start > SHOWN) {
        start = offset - SHOWN / 2;
        lead = "...";
    }
    fputs(lead, file);
    for (size_t k = start; k < end; k++) {
        unsigned char byte = (unsigned char)source->text[k];
        putc(byte == '\t' || (byte >= 0x20 && byte != 0x7f) ? byte : '?', file);
    }
    putc('\n', file);
    fprintf(file, "%*s", (int)strlen(lead), "");
    for (size_t k = start; k < offset; k++) {
        unsigned char byte = (unsigned char)source->text[k];
        if ((byte & 0xC0) != 0x80) { /* one column for a character of several bytes */
            putc(byte == '\t' ? '\t' : ' ', file);
        }
    }
    fputs("^\n", file);
}

void source_report(FILE *file, const struct source *source, size_t offset, const char *kind,
                   const char *message)
{
    if (offset > source->length) {
        offset = source->length;
    }
    struct place place = source_place(source, offset);
    fprintf(file, "%s:%zu:%zu: %s: %s\n", source->name, place.line, place.column, kind, message);
    print_line(file, source, offset);
}

/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/print/file.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

static size_t limit = (size_t)1 << 30;

size_t file_limit(void)
{
    return limit;
}

void set_file_limit(size_t bytes)
{
    limit = bytes;
}

bool file_too_large(text_buffer *why)
{
    text_print(why, "is larger than %zu bytes, the limit", limit);
    return false;
}

FILE *file_open(const char *path, text_buffer *why)
{
    struct stat status;
    FILE *file = NULL; /* looked at before it is opened: to open a device may do something */
    const bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) text_print(why, "is a directory");
    else if (exists && !S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        text_print(why, "is a device");
    else if (exists && status.st_size > 0 && (uintmax_t)status.st_size > limit) file_too_large(why);
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
        if (got > limit || text->length > limit - got) return file_too_large(why);
        text_append(text, buffer, got);
    }
    text_append(text, "", 0);
    if (ferror(file)) text_print(why, "%s", strerror(errno));
    return !ferror(file);
}

/* SPDX-License-Identifier: MIT */
/* A script's text and places in it. */
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

#include "autodiff/script/syntax/memory.h"

#include <stdint.h>
#include <stdio.h>

typedef struct source_text {
    char *name; /* as messages show it: a path, or <stdin>, <command line>, <prompt> */
    char *text; /* terminated; may hold NUL bytes, which the lexer rejects */
    size_t length;
} source_text;

/* A place: line and column count from 1, the column in bytes. */
typedef struct line_place {
    size_t line;
    size_t column;
} line_place;

/* A source of length bytes of text (copied). Free it with source_free. */
source_text *source_new(const char *name, const char *text, size_t length);

/* Reads a file; "-" is standard input. NULL, with the reason appended to *why, when it cannot be
 * read. */
source_text *source_read(const char *path, text_buffer *why);

void source_free(source_text *source);

line_place source_place(const source_text *source, size_t offset);

/* Prints FILE:LINE:COLUMN: KIND: MESSAGE, the source line and a caret under the column. A long
 * line is shown in part. */
void source_report(FILE *file, const source_text *source, size_t offset, const char *kind,
                   const char *message);

#endif

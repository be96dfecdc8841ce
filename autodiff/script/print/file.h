/* SPDX-License-Identifier: MIT */
/* Files that are read whole, up to a limit: a device or an endless pipe would fill the memory. */
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

/* Appends that the file is beyond the limit, and returns false. */
bool file_too_large(text_buffer *why);

#endif

/* SPDX-License-Identifier: MIT */
/* Pictures that another program draws. */
#ifndef SCRIPT_PICTURE_H
#define SCRIPT_PICTURE_H

#include "autodiff/script/syntax/memory.h"

#include <stdio.h>

/* What follows the last dot of a name; "" if there is none. */
const char *name_ending(const char *name);

/* Runs a command, a list of words up to NULL, which reads the script from its start and writes the
 * picture into the file path. Names of files and the script never go through a shell. False with the
 * reason appended to *why; package is what to install where there is no such command. */
bool picture_draw(const char *const *command, const char *package, FILE *script, const char *path,
                  text_buffer *why);

#endif

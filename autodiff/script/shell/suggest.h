/* SPDX-License-Identifier: MIT */
/* The known names nearest to a misspelt one: those that fewest edits turn it into, an edit for
 * every three letters at most. A slip of the fingers is one edit; names that differ in half of
 * their letters are different names, and to offer them misleads. */
#ifndef SCRIPT_SUGGEST_H
#define SCRIPT_SUGGEST_H

#include "autodiff/script/syntax/memory.h"

enum { NEAREST_NAMES = 64 };

typedef struct nearest_name {
    const char *wanted;
    size_t count;
    size_t distance; /* of those found so far */
    const char *names[NEAREST_NAMES];
} nearest_name;

/* Edits that turn a into b: insertions, deletions, substitutions and swaps of neighbours. */
size_t edit_distance(const char *a, const char *b);

/* Offers a known name to {.wanted = name}. */
void nearest_offer(nearest_name *nearest, const char *name);

/* Appends "; did you mean a, b or c?", sorted, or nothing when no name is near. */
void nearest_text(nearest_name *nearest, text_buffer *text);

#endif

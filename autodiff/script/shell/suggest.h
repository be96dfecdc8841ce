/* SPDX-License-Identifier: MIT */
/* The known names nearest to a misspelt one: those that fewest edits turn it into, an edit for
 * every three letters at most. A slip of the fingers is one edit; names that differ in half of
 * their letters are different names, and to offer them misleads. */
#ifndef SCRIPT_SUGGEST_H
#define SCRIPT_SUGGEST_H

#include "autodiff/script/syntax/memory.h"

/* Edits that turn a into b: insertions, deletions, substitutions and swaps of neighbours. */
size_t edit_distance(const char *a, const char *b);

/* Appends "; did you mean a, b or c?", sorted, or nothing when none of the names is near. They change
 * their places. */
void suggest(text_buffer *text, const char *wanted, const char **names, size_t count);

#endif

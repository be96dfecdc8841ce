/* SPDX-License-Identifier: MIT */
#include "autodiff/script/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 63 }; /* longer names are compared by their beginnings */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau's distance (1964) by the table of Wagner and Fischer. */
size_t edit_distance(const char *a, const char *b)
{
    size_t edits[LONGEST + 1][LONGEST + 1]; /* between the first i letters and the first j */
    const size_t m = least(strlen(a), LONGEST), n = least(strlen(b), LONGEST);
    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            size_t fewest = i + j;
            if (i && j) {
                fewest = least(edits[i][j - 1], edits[i - 1][j]) + 1;
                fewest = least(fewest, edits[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                fewest = least(fewest, edits[i - 2][j - 2] + 1);
            edits[i][j] = fewest;
        }
    return edits[m][n];
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void suggest(text_buffer *text, const char *wanted, const char **names, size_t count)
{
    size_t fewest = strlen(wanted) / 3, near = 0;
    for (size_t k = 0; k < count; k++) {
        const size_t edits = edit_distance(wanted, names[k]);
        if (edits < fewest) near = 0;
        if (edits <= fewest) names[near++] = names[k], fewest = edits;
    }
    qsort(names, near, sizeof *names, compare_names);
    for (size_t k = 0; k < near; k++)
        text_print(text, "%s%s",
                   k == 0         ? "; did you mean "
                   : k + 1 < near ? ", "
                                  : " or ",
                   names[k]);
    if (near) text_print(text, "?");
}

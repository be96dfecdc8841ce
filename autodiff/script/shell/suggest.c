/* SPDX-License-Identifier: MIT */
#include "autodiff/script/shell/suggest.h"

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

void nearest_offer(nearest_name *nearest, const char *name)
{
    const size_t distance = edit_distance(nearest->wanted, name);
    const size_t most = nearest->count ? nearest->distance : strlen(nearest->wanted) / 3;
    if (distance > most) return;
    if (distance < most) nearest->count = 0;
    nearest->distance = distance;
    if (nearest->count < NEAREST_NAMES) nearest->names[nearest->count++] = name;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void nearest_text(nearest_name *nearest, text_buffer *text)
{
    qsort(nearest->names, nearest->count, sizeof *nearest->names, compare_names);
    for (size_t k = 0; k < nearest->count; k++) {
        const char *lead = k == 0 ? "; did you mean " : k + 1 < nearest->count ? ", " : " or ";
        text_print(text, "%s%s", lead, nearest->names[k]);
    }
    if (nearest->count) text_print(text, "?");
}

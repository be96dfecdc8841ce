#include "autodiff/script/shell/suggest.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 63 }; /* longer names are compared by their beginnings */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau's distance (1964) by the table of Wagner and Fischer, three rows of it. */
size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 2];
    size_t m = least(strlen(a), LONGEST), n = least(strlen(b), LONGEST);
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= n; j++) last[j] = j;
    for (size_t i = 1; i <= m; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t substituted = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(least(row[j - 1], last[j]) + 1, substituted);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[n];
}

void nearest_start(nearest_name *nearest, const char *wanted)
{
    nearest->wanted = wanted;
    nearest->count = 0;
    nearest->distance = strlen(wanted) / 3; /* with more edits it is another word */
}

void nearest_offer(nearest_name *nearest, const char *name)
{
    size_t distance = edit_distance(nearest->wanted, name);
    if (distance > nearest->distance) return;
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->count = 0;
    }
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

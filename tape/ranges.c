/* SPDX-License-Identifier: MIT */
/* Which nodes derivatives recorded: ranges in ascending order, for the drawing. */
#include "tape/tape.h"

/* Ranges that touch are one, so that a gradient within another adds none. */
bool tape_mark_derivative(ad_tape *tape, uint32_t first)
{
    if (first >= tape->count) return true;
    size_t n = tape->derivative_count;
    while (n && tape->derivatives[n - 1].first >= first) n--;
    if (n == 0 || tape->derivatives[n - 1].end < first) {
        if (!tape_reserve(tape, &tape->derivatives, &tape->derivative_capacity, n + 1,
                          sizeof *tape->derivatives))
            return tape_out_of_memory(tape, "gradient");
        tape->derivatives[n++].first = first;
    }
    tape->derivatives[n - 1].end = tape->count;
    tape->derivative_count = n;
    return true;
}

void tape_ranges_truncate(ad_tape *tape, uint32_t count)
{
    size_t n = tape->derivative_count;
    while (n && tape->derivatives[n - 1].first >= count) n--;
    if (n && tape->derivatives[n - 1].end > count) tape->derivatives[n - 1].end = count;
    tape->derivative_count = n;
}

void tape_ranges_renumber(ad_tape *tape, const uint32_t *renumbered)
{
    size_t kept = 0;
    for (size_t i = 0; i < tape->derivative_count; i++) {
        const tape_range old = tape->derivatives[i];
        tape_range range = {NO_NODE, 0};
        for (uint32_t node = old.first; node < old.end; node++) {
            if (renumbered[node] == NO_NODE) continue;
            if (range.first == NO_NODE) range.first = renumbered[node];
            range.end = renumbered[node] + 1;
        }
        if (range.first != NO_NODE) tape->derivatives[kept++] = range;
    }
    tape->derivative_count = kept;
}

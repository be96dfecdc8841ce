/* SPDX-License-Identifier: MIT */
/* The user's names for values: a table in the order of the nodes.
 *
 * The entries behind the last one keep the memory of their texts for names to come, so that naming
 * again and again after a rewind takes no new memory.
 */
#include "tape/tape.h"

#include <string.h>

/* Where the name of a node stands, or would stand. */
static size_t place_of(const ad_tape *tape, uint32_t node)
{
    size_t low = 0, high = tape->name_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (tape->names[middle].node < node) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool is_named(const ad_tape *tape, size_t place, uint32_t node)
{
    return place < tape->name_count && tape->names[place].node == node;
}

/* Moves an entry to the unused ones. */
static void remove_name(ad_tape *tape, size_t place)
{
    tape_name *names = tape->names;
    const tape_name unused = names[place];
    memmove(&names[place], &names[place + 1], (--tape->name_count - place) * sizeof *names);
    names[tape->name_count] = unused;
}

/* A text that does not fit gets twice its length: a name that grows does not take new memory each
 * time. Where memory runs out the entry stays as it was. */
static bool set_text(ad_tape *tape, tape_name *entry, const char *text)
{
    const size_t length = strlen(text);
    if (entry->capacity <= length) {
        const size_t capacity = arena_whole(2 * length + 1);
        char *room = arena_take(&tape->permanent, capacity);
        if (!room) return false;
        *entry = (tape_name){entry->node, capacity, room};
    }
    memcpy(entry->text, text, length + 1);
    return true;
}

static bool insert_name(ad_tape *tape, size_t place, uint32_t node, const char *text)
{
    const size_t count = tape->name_count;
    if (!tape_reserve(tape, &tape->names, &tape->name_capacity, count + 1, sizeof *tape->names))
        return false;
    tape_name entry = tape->names[count];
    if (!set_text(tape, &entry, text)) return false;
    entry.node = node;
    memmove(&tape->names[place + 1], &tape->names[place], (count - place) * sizeof entry);
    tape->names[place] = entry;
    tape->name_count++;
    return true;
}

ad_var ad_name(ad_var x, const char *name)
{
    ad_tape *tape = tape_common(&x, 1, "name");
    if (!tape || tape->status != AD_OK) return x;
    if (x.node >= tape->trial_start) return x; /* of a trial: soon gone, its number used again */
    const size_t place = place_of(tape, x.node);
    const bool named = is_named(tape, place, x.node);
    if (!name && named) remove_name(tape, place);
    if (name && !(named ? set_text(tape, &tape->names[place], name)
                        : insert_name(tape, place, x.node, name)))
        tape_out_of_memory(tape, "name");
    return x;
}

const char *tape_name_of(const ad_tape *tape, uint32_t node)
{
    const size_t place = place_of(tape, node);
    return is_named(tape, place, node) ? tape->names[place].text : NULL;
}

void tape_names_truncate(ad_tape *tape, uint32_t count)
{
    tape->name_count = place_of(tape, count);
}

void tape_names_renumber(ad_tape *tape, const uint32_t *renumbered)
{
    size_t kept = 0;
    for (size_t i = 0; i < tape->name_count; i++) {
        tape_name entry = tape->names[i];
        entry.node = renumbered[entry.node];
        if (entry.node == NO_NODE) continue;
        tape->names[i] = tape->names[kept];
        tape->names[kept++] = entry;
    }
    tape->name_count = kept;
}

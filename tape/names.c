/* The user's names for values: a hash from node to text. */
#include "tape/tape.h"

#include <string.h>

#define table_take(bytes) arena_take(memory, bytes)
#define table_return(block) ((void)(block))
#include "tape/table.h"

/* Dropped entries wait in a free list, and with the last one the arena is emptied, so that naming
 * again and again after a rewind takes no new memory. */
struct tape_name {
    uint32_t node;
    size_t capacity;
    tape_name *next_free;
    UT_hash_handle hh;
    char text[];
};

enum { SHORT_NAME = 32 };

static tape_name *new_entry(ad_tape *tape, size_t length)
{
    for (tape_name **slot = &tape->free_names; *slot; slot = &(*slot)->next_free)
        if ((*slot)->capacity > length) {
            tape_name *reused = *slot;
            *slot = reused->next_free;
            return reused;
        }
    size_t capacity = length < SHORT_NAME ? SHORT_NAME : length + 1;
    if (capacity > SIZE_MAX - sizeof(tape_name)) return NULL;
    tape_name *entry = arena_take(&tape->names_memory, sizeof *entry + capacity);
    if (entry) entry->capacity = capacity;
    return entry;
}

static void forget(ad_tape *tape, tape_name *entry)
{
    HASH_DEL(tape->names, entry);
    entry->next_free = tape->free_names;
    tape->free_names = entry;
}

static void empty_when_unused(ad_tape *tape)
{
    if (tape->names) return;
    tape->free_names = NULL;
    arena_reset(&tape->names_memory);
}

static tape_name *find(const ad_tape *tape, uint32_t node)
{
    tape_name *found = NULL;
    HASH_FIND(hh, tape->names, &node, sizeof node, found);
    return found;
}

ad_var ad_name(ad_var x, const char *name)
{
    ad_tape *tape = tape_common(&x, 1, "name");
    if (!tape || tape->status != AD_OK) return x;
    if (x.node >= tape->kept) return x; /* of a trial: soon gone, its number used again */
    tape_name *entry = find(tape, x.node);
    if (entry) forget(tape, entry);
    empty_when_unused(tape);
    if (!name) return x;
    arena *memory = &tape->names_memory;
    size_t length = strlen(name);
    entry = new_entry(tape, length);
    if (!entry) {
        tape_out_of_memory(tape, "name");
        return x;
    }
    memcpy(entry->text, name, length + 1);
    entry->node = x.node;
    entry->hh.tbl = NULL;
    HASH_ADD(hh, tape->names, node, sizeof entry->node, entry);
    if (!entry->hh.tbl) {
        entry->next_free = tape->free_names;
        tape->free_names = entry;
        tape_out_of_memory(tape, "name");
    }
    return x;
}

const char *tape_name_of(const ad_tape *tape, uint32_t node)
{
    const tape_name *entry = find(tape, node);
    return entry ? entry->text : NULL;
}

void tape_names_truncate(ad_tape *tape, uint32_t count)
{
    tape_name *entry, *next;
    HASH_ITER(hh, tape->names, entry, next)
    {
        if (entry->node >= count) forget(tape, entry);
    }
    empty_when_unused(tape);
}

/* For a keep: the names again in the other arena, each with its node's new number; those of dropped
 * nodes are left out. What is there stays until tape_names_exchange. */
bool tape_names_renumber(ad_tape *tape, const uint32_t *renumbered, tape_name **moved)
{
    arena *memory = &tape->names_spare;
    arena_reset(memory);
    *moved = NULL;
    for (const tape_name *entry = tape->names; entry; entry = entry->hh.next) {
        if (renumbered[entry->node] == NO_NODE) continue;
        tape_name *copy = arena_take(memory, sizeof *copy + entry->capacity);
        if (!copy) return tape_out_of_memory(tape, "keep");
        copy->node = renumbered[entry->node];
        copy->capacity = entry->capacity;
        memcpy(copy->text, entry->text, entry->capacity);
        copy->hh.tbl = NULL;
        HASH_ADD(hh, *moved, node, sizeof copy->node, copy);
        if (!copy->hh.tbl) return tape_out_of_memory(tape, "keep");
    }
    return true;
}

void tape_names_exchange(ad_tape *tape, tape_name *moved)
{
    const arena old = tape->names_memory;
    tape->names_memory = tape->names_spare;
    tape->names_spare = old;
    tape->names = moved;
    tape->free_names = NULL;
}

/* SPDX-License-Identifier: MIT */
/* Defines every function of tape/arena.c: where a suite refers to this file, the linker takes it
 * instead of the library's. */
#include "tests/strict_arena.h"

#include <string.h>

#include "tape/arena.h"

enum { GUARD = 64, GUARD_BYTE = 0xA5 };

static size_t overruns;

size_t strict_arena_overruns(void)
{
    return overruns;
}

void *tape_memory_take(tape_memory *memory, size_t bytes)
{
    void *block = memory->allocator.allocate(bytes, memory->allocator.context);
    memory->allocations++;
    if (block) memory->bytes += bytes;
    return block;
}

void tape_memory_release(tape_memory *memory, void *block, size_t bytes)
{
    if (!block) return;
    memory->allocator.release(block, memory->allocator.context);
    memory->bytes -= bytes;
}

void arena_init(arena *a, tape_memory *memory)
{
    *a = (arena){.memory = memory};
}

static size_t whole(size_t bytes)
{
    return sizeof(arena_chunk) + ARENA_ALIGNMENT + bytes + GUARD;
}

/* No chunk has room for a second block: the inline arena_take comes here for each. */
void *arena_take_further(arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX - whole(0)) return NULL;
    arena_chunk *chunk = tape_memory_take(a->memory, whole(bytes));
    if (!chunk) return NULL;
    chunk->next = NULL;
    chunk->capacity = bytes;
    chunk->data = arena_chunk_data(chunk);
    memset(chunk->data + bytes, GUARD_BYTE, GUARD);
    if (a->current) a->current->next = chunk;
    else a->first = chunk;
    a->current = chunk;
    a->used = bytes;
    return chunk->data;
}

arena_position arena_mark(const arena *a)
{
    return (arena_position){a->current, a->used};
}

static void release(arena *a, arena_chunk *chunk)
{
    bool overrun = false;
    for (size_t i = 0; i < GUARD; i++)
        overrun = overrun || chunk->data[chunk->capacity + i] != GUARD_BYTE;
    overruns += overrun;
    tape_memory_release(a->memory, chunk, whole(chunk->capacity));
}

void arena_rewind(arena *a, arena_position position)
{
    arena_chunk *chunk = position.chunk ? position.chunk->next : a->first, *next;
    for (; chunk; chunk = next) {
        next = chunk->next;
        release(a, chunk);
    }
    if (position.chunk) position.chunk->next = NULL;
    else a->first = NULL;
    a->current = position.chunk;
    a->used = position.used;
}

void arena_reset(arena *a)
{
    arena_rewind(a, (arena_position){NULL, 0});
}

void arena_free(arena *a)
{
    arena_reset(a);
}

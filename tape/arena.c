/* SPDX-License-Identifier: MIT */
#include "tape/arena.h"

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

static size_t chunk_bytes(size_t capacity)
{
    return sizeof(arena_chunk) + ARENA_ALIGNMENT + capacity;
}

/* Each new chunk is larger than the last, so that a tape that has once seen its largest round of
 * work finds room for every later one. With 13/8 at most as much again as 5/8 of what is used
 * lies idle, and 6 MB still take 12 chunks (doubling: as much again, 9 chunks). */
static arena_chunk *chunk_new(arena *a, const arena_chunk *last, size_t bytes)
{
    size_t capacity = last ? last->capacity : ARENA_FIRST_CHUNK / 13 * 8;
    if (capacity <= SIZE_MAX / 4) capacity += arena_whole(capacity / 8 * 5);
    if (capacity < bytes) capacity = bytes;
    if (capacity > SIZE_MAX - chunk_bytes(0)) return NULL;
    arena_chunk *chunk = tape_memory_take(a->memory, chunk_bytes(capacity));
    if (!chunk && capacity > bytes) {
        capacity = bytes;
        chunk = tape_memory_take(a->memory, chunk_bytes(capacity));
    }
    if (!chunk) return NULL;
    chunk->next = NULL;
    chunk->capacity = capacity;
    chunk->data = arena_chunk_data(chunk);
    return chunk;
}

/* Goes on to the next kept chunk with enough room; a new one at the end if none has. */
static bool next_chunk(arena *a, size_t bytes)
{
    arena_chunk *last = a->current;
    arena_chunk *chunk = last ? last->next : a->first;
    while (chunk && chunk->capacity < bytes) {
        last = chunk;
        chunk = chunk->next;
    }
    if (!chunk) {
        chunk = chunk_new(a, last, bytes);
        if (!chunk) return false;
        if (last) last->next = chunk;
        else a->first = chunk;
    }
    a->current = chunk;
    a->used = 0;
    return true;
}

void *arena_take_further(arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX - ARENA_ALIGNMENT || !next_chunk(a, arena_whole(bytes))) return NULL;
    a->used = arena_whole(bytes);
    return a->current->data;
}

arena_position arena_mark(const arena *a)
{
    return (arena_position){a->current, a->used};
}

void arena_rewind(arena *a, arena_position position)
{
    a->current = position.chunk;
    a->used = position.used;
}

void arena_reset(arena *a)
{
    arena_rewind(a, (arena_position){a->first, 0});
}

void arena_free(arena *a)
{
    for (arena_chunk *chunk = a->first, *next; chunk; chunk = next) {
        next = chunk->next;
        tape_memory_release(a->memory, chunk, chunk_bytes(chunk->capacity));
    }
    arena_init(a, a->memory);
}

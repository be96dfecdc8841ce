/* SPDX-License-Identifier: MIT */
/* Memory in chunks that never move: taken bump by bump, given back all at once or to a mark. */
#ifndef TAPE_ARENA_H
#define TAPE_ARENA_H

#include <autodiff/autodiff.h>

enum { ARENA_ALIGNMENT = 64, ARENA_FIRST_CHUNK = 1 << 14 };

/* The allocator of a tape with its books: the only road to malloc. */
typedef struct tape_memory {
    ad_allocator allocator;
    size_t bytes;       /* held now */
    size_t allocations; /* calls so far */
} tape_memory;

void *tape_memory_take(tape_memory *memory, size_t bytes); /* NULL when out of memory */
void tape_memory_release(tape_memory *memory, void *block, size_t bytes);

typedef struct arena_chunk arena_chunk;

struct arena_chunk {
    arena_chunk *next;
    size_t capacity; /* of the bytes behind this header */
    unsigned char *data;
};

/* The first aligned byte behind the header. */
static inline unsigned char *arena_chunk_data(arena_chunk *chunk)
{
    const uintptr_t past = (uintptr_t)(chunk + 1) % ARENA_ALIGNMENT;
    return (unsigned char *)(chunk + 1) + (ARENA_ALIGNMENT - past) % ARENA_ALIGNMENT;
}

typedef struct arena {
    tape_memory *memory;
    arena_chunk *first;
    arena_chunk *current;
    size_t used; /* of the current chunk */
} arena;

/* A position to give back to. */
typedef struct arena_position {
    arena_chunk *chunk;
    size_t used;
} arena_position;

void arena_init(arena *a, tape_memory *memory);

static inline size_t arena_whole(size_t bytes)
{
    return (bytes + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
}

/* From the next chunk with room, or a new one. */
void *arena_take_further(arena *a, size_t bytes);

/* bytes aligned to 64, uninitialised; NULL when out of memory. arena_take(a, 0) is not NULL. */
static inline void *arena_take(arena *a, size_t bytes)
{
    const size_t room = a->current ? a->current->capacity - a->used : 0;
    if (room == 0 || bytes > room || arena_whole(bytes) > room) return arena_take_further(a, bytes);
    void *block = a->current->data + a->used;
    a->used += arena_whole(bytes);
    return block;
}

/* count elements of size bytes; NULL on overflow too. */
static inline void *arena_take_array(arena *a, size_t count, size_t size)
{
    return size && count > SIZE_MAX / size ? NULL : arena_take(a, count * size);
}

arena_position arena_mark(const arena *a);
void arena_rewind(arena *a, arena_position position); /* keeps the chunks */
void arena_reset(arena *a);                           /* to empty; keeps the chunks */
void arena_free(arena *a);                            /* the chunks too */

#endif

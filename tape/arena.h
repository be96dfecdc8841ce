/* Memory in chunks that never move: taken bump by bump, given back all at once or to a mark. */
#ifndef TAPE_ARENA_H
#define TAPE_ARENA_H

#include <autodiff/autodiff.h>

/* The allocator of a tape with its books: the only road to malloc. */
typedef struct tape_memory {
    ad_allocator allocator;
    size_t bytes;       /* held now */
    size_t allocations; /* calls so far */
} tape_memory;

void *tape_memory_take(tape_memory *memory, size_t bytes); /* NULL when out of memory */
void tape_memory_release(tape_memory *memory, void *block, size_t bytes);

typedef struct arena_chunk arena_chunk;

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

/* bytes aligned to 64, uninitialised; NULL when out of memory. arena_take(a, 0) is not NULL. */
void *arena_take(arena *a, size_t bytes);

/* count elements of size bytes; NULL on overflow too. */
void *arena_take_array(arena *a, size_t count, size_t size);

arena_position arena_mark(const arena *a);
void arena_rewind(arena *a, arena_position position); /* keeps the chunks */
void arena_reset(arena *a);                           /* to empty; keeps the chunks */
void arena_free(arena *a);                            /* the chunks too */

#endif

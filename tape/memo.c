/* SPDX-License-Identifier: MIT */
/* What was computed from a node's value, kept until values change: a hash from node and key. */
#include "tape/tape.h"

#include <string.h>

/* A table takes its memory from the memo arena, which is emptied as a whole. */
#define table_take(bytes) arena_take(memory, bytes)
#define table_return(block) ((void)(block))
#include "tape/table.h"

typedef struct memo_key {
    const void *kind;
    uintptr_t node; /* as wide as a pointer: the key has no padding */
} memo_key;

struct tape_memo {
    memo_key key;
    void *data;
    UT_hash_handle hh;
};

void tape_memo_clear(ad_tape *tape)
{
    tape->memo = NULL;
    arena_reset(&tape->memos);
}

void *tape_memo_find(ad_tape *tape, uint32_t node, const void *kind)
{
    const memo_key key = {kind, node};
    tape_memo *found = NULL;
    HASH_FIND(hh, tape->memo, &key, sizeof key, found);
    return found ? found->data : NULL;
}

bool tape_memo_store(ad_tape *tape, uint32_t node, const void *kind, void *data)
{
    if (node >= tape->trial_start) return true;
    arena *memory = &tape->memos;
    tape_memo *entry = arena_take(memory, sizeof *entry);
    if (!entry) return tape_out_of_memory(tape, "memo");
    entry->key = (memo_key){kind, node};
    entry->data = data;
    HASH_ADD(hh, tape->memo, key, sizeof entry->key, entry);
    return entry->hh.tbl != NULL || tape_out_of_memory(tape, "memo");
}

/* Nodes of a trial are soon gone and their numbers used again: nothing is kept for them. */
arena *tape_memo_arena(ad_tape *tape, uint32_t node)
{
    return node >= tape->trial_start ? &tape->scratch : &tape->memos;
}

void tape_count_factorization(ad_tape *tape)
{
    tape->factorizations++;
}

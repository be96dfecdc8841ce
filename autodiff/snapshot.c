/* SPDX-License-Identifier: MIT */
/* Recomputing a node from the same operands mostly gives the same bits, but not the sign of every
 * NaN, and not what waited to be computed. So what a trial overwrites is noted before and put back.
 */
#include "autodiff/snapshot.h"

#include <string.h>

/* Notes bytes, puts them back, or counts them while there is no memory. */
typedef struct cursor {
    unsigned char *bytes;
    size_t used;
    bool restore;
} cursor;

static void pass(cursor *c, void *state, size_t size)
{
    if (c->bytes && size > 0) {
        unsigned char *const noted = c->bytes + c->used;
        memcpy(c->restore ? state : noted, c->restore ? noted : state, size);
    }
    c->used += size;
}

static void pass_node(cursor *c, ad_tape *tape, uint32_t node)
{
    tape_chunk *const chunk = chunk_of(tape, node);
    const uint32_t i = node & CHUNK_MASK;
    pass(c, &chunk->tag[i], sizeof chunk->tag[i]);
    pass(c, &chunk->value[i], sizeof chunk->value[i]);
    if (node_code(tape, node) != CODE_GENERAL) return;
    tape_node *n = general_of(tape, node);
    pass(c, &n->computed, sizeof n->computed);
    pass(c, &n->partial, sizeof n->partial);
    if (!(node_flags(tape, node) & NODE_MATRIX)) return;
    pass(c, n->values, n->rows * n->cols * sizeof *n->values);
    if (n->support) pass(c, n->support, n->rows * n->cols);
}

static size_t pass_all(const snapshot *s, bool restore)
{
    cursor c = {s->bytes, 0, restore};
    for (uint32_t node = s->from; node < s->end; node++) pass_node(&c, s->tape, node);
    return c.used;
}

bool snapshot_take(snapshot *s, ad_tape *tape, uint32_t from, uint32_t end)
{
    *s = (snapshot){tape, from, end, NULL, tape->has_lazy};
    s->bytes = tape_scratch(tape, pass_all(s, false), 1);
    return s->bytes && pass_all(s, false);
}

void snapshot_restore(const snapshot *s)
{
    pass_all(s, true);
    s->tape->has_lazy = s->tape->has_lazy || s->has_lazy;
    tape_memo_clear(s->tape);
}

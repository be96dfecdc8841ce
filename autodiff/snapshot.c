/* Recomputing a node from the same operands mostly gives the same bits, but not the sign of every
 * NaN, and not what waited to be computed. So what a trial overwrites is noted before and put back.
 */
#include "autodiff/snapshot.h"

#include <string.h>

/* Takes turns as source and destination. */
typedef struct cursor {
    double *values;
    uint8_t *states;
    bool restore;
} cursor;

static void pass_bytes(cursor *c, void *state, size_t bytes)
{
    if (bytes) memcpy(c->restore ? state : c->states, c->restore ? c->states : state, bytes);
    c->states += bytes;
}

static void pass_values(cursor *c, double *values, size_t count)
{
    if (count)
        memcpy(c->restore ? values : c->values, c->restore ? c->values : values,
               count * sizeof *values);
    c->values += count;
}

static void pass_node(cursor *c, ad_tape *tape, uint32_t node)
{
    tape_chunk *const chunk = chunk_of(tape, node);
    const uint32_t i = node & CHUNK_MASK;
    pass_bytes(c, &chunk->tag[i], sizeof chunk->tag[i]);
    pass_values(c, &chunk->value[i], 1);
    if (node_code(tape, node) != CODE_GENERAL) return;
    tape_node *n = general_of(tape, node);
    pass_bytes(c, &n->computed, sizeof n->computed);
    pass_bytes(c, &n->partial, sizeof n->partial);
    if (!(node_flags(tape, node) & NODE_MATRIX)) return;
    pass_values(c, n->values, n->rows * n->cols);
    if (n->support) pass_bytes(c, n->support, n->rows * n->cols);
}

static void pass_all(const snapshot *s, bool restore)
{
    cursor c = {s->values, s->states, restore};
    for (uint32_t node = s->from; node < s->end; node++) pass_node(&c, s->tape, node);
}

bool snapshot_take(snapshot *s, ad_tape *tape, uint32_t from, uint32_t end)
{
    size_t values = 0, states = 0;
    for (uint32_t node = from; node < end; node++) {
        const bool general = node_code(tape, node) == CODE_GENERAL;
        size_t rows, cols;
        node_shape(tape, node, &rows, &cols);
        values += rows * cols + 1;
        states += 4 + (general && general_of(tape, node)->support ? rows * cols : 0);
    }
    *s = (snapshot){.tape = tape, .from = from, .end = end, .has_lazy = tape->has_lazy};
    s->values = tape_scratch(tape, values, sizeof *s->values);
    s->states = tape_scratch(tape, states, sizeof *s->states);
    if (!s->values || !s->states) return false;
    pass_all(s, false);
    return true;
}

void snapshot_restore(const snapshot *s)
{
    pass_all(s, true);
    s->tape->has_lazy = s->tape->has_lazy || s->has_lazy;
    tape_memo_clear(s->tape);
}

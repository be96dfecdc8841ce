/* Values: computed when recorded, when first needed, or again by a replay. */
#include "tape/tape.h"

#include <string.h>

enum { FEW_INPUTS = 8 };

static matrix *room_for_inputs(ad_tape *tape, const tape_node *n, matrix *few)
{
    return n->count <= FEW_INPUTS ? few : tape_scratch(tape, n->count, sizeof *few);
}

/* The evaluation of n with its inputs' values; in must have room for n->count. */
static bool gather_inputs(ad_tape *tape, const tape_node *n, matrix *in)
{
    for (size_t k = 0; k < n->count; k++)
        if (!node_matrix(tape, n->inputs[k], &in[k])) return false;
    return true;
}

bool node_evaluate(ad_tape *tape, const tape_node *n, double *output, bool accumulate)
{
    arena_position position = arena_mark(&tape->scratch);
    matrix few[FEW_INPUTS];
    matrix *in = room_for_inputs(tape, n, few);
    bool ok = in && gather_inputs(tape, n, in);
    if (ok && (node_flags(tape, n->node) & NODE_ZERO)) {
        if (!accumulate) memset(output, 0, n->rows * n->cols * sizeof *output);
    } else if (ok) {
        evaluation e = {tape,    n->op,   in,     n->count,  n->attributes,
                        n->rows, n->cols, output, accumulate};
        ok = n->op->values(&e);
    }
    arena_rewind(&tape->scratch, position);
    return ok;
}

bool node_compute(ad_tape *tape, tape_node *n)
{
    if (n->computed) return true;
    n->computed = node_evaluate(tape, n, n->values, false);
    return n->computed;
}

bool node_matrix(ad_tape *tape, uint32_t node, matrix *m)
{
    if (!(node_flags(tape, node) & NODE_MATRIX)) {
        *m = (matrix){1, 1, node_value(tape, node), node};
        return true;
    }
    tape_node *n = general_of(tape, node);
    *m = (matrix){n->rows, n->cols, n->values, node};
    return n->computed || node_compute(tape, n);
}

bool tape_is_zero(const ad_tape *tape, uint32_t node)
{
    return node_flags(tape, node) & NODE_ZERO;
}

static size_t count_flagged(const ad_tape *tape, const tape_node *n, uint8_t flag)
{
    size_t flagged = 0;
    for (size_t k = 0; k < n->count; k++)
        flagged += (node_flags(tape, n->inputs[k]) & flag) != 0;
    return flagged;
}

/* The rule of structural zeros, applied to those inputs that have the flag. */
static bool inputs_vanish(const ad_tape *tape, const tape_node *n, uint8_t flag)
{
    switch (n->op->zeros) {
    case ZERO_NEVER: return false;
    case ZERO_ALL: return n->count > 0 && count_flagged(tape, n, flag) == n->count;
    case ZERO_FIRST: return node_flags(tape, n->inputs[0]) & flag;
    case ZERO_SECOND: return node_flags(tape, n->inputs[1]) & flag;
    case ZERO_ANY: return count_flagged(tape, n, flag) > 0;
    }
    return false;
}

bool node_may_vanish(const ad_tape *tape, const tape_node *n)
{
    return n->op->choice || inputs_vanish(tape, n, NODE_CHOICE) ||
           (n->op->vanishes && count_flagged(tape, n, NODE_CHOICE) > 0);
}

static bool vanishes(ad_tape *tape, const tape_node *n)
{
    arena_position position = arena_mark(&tape->scratch);
    matrix few[FEW_INPUTS];
    matrix *in = room_for_inputs(tape, n, few);
    evaluation e = {.tape = tape, .op = n->op, .in = in, .count = n->count,
                    .attributes = n->attributes, .rows = n->rows, .cols = n->cols};
    bool zero = in && gather_inputs(tape, n, in) && n->op->vanishes(&e);
    arena_rewind(&tape->scratch, position);
    return zero;
}

bool node_settle_zero(ad_tape *tape, tape_node *n)
{
    bool zero = tape->has_zeros && inputs_vanish(tape, n, NODE_ZERO);
    if (!zero && n->op->vanishes) {
        zero = vanishes(tape, n);
        tape->has_zeros = tape->has_zeros || zero;
    }
    uint8_t *flags = &chunk_of(tape, n->node)->flags[n->node & CHUNK_MASK];
    *flags = (uint8_t)(zero ? *flags | NODE_ZERO : *flags & ~NODE_ZERO);
    return zero;
}

bool tape_compute_all(ad_tape *tape)
{
    if (!tape->has_lazy) return true;
    for (size_t i = 0; i < tape->general_count; i++)
        if (!node_compute(tape, tape->general[i])) return false;
    tape->has_lazy = false;
    return true;
}

static bool recompute_general(ad_tape *tape, tape_node *n)
{
    if (n->op->values == tape_constant_operation.values) return true;
    n->computed = false;
    for (size_t k = 0; k < n->count; k++) {
        matrix m;
        if (!node_matrix(tape, n->inputs[k], &m)) return false;
    }
    node_settle_zero(tape, n);
    if (n->op->lazy && (node_flags(tape, n->node) & NODE_MATRIX)) {
        tape->has_lazy = true;
        return true;
    }
    return node_compute(tape, n);
}

bool tape_recompute(ad_tape *tape, uint32_t from, uint32_t end)
{
    while (from < end) {
        from = tape->tools->replay(tape, from, end);
        if (from < end && !recompute_general(tape, general_of(tape, from++))) return false;
    }
    return true;
}

ad_status ad_replay(ad_tape *tape)
{
    if (!tape) return AD_ERROR_ARGUMENT;
    if (tape->status != AD_OK || !tape_settled(tape, "replay")) return tape->status;
    tape_memo_clear(tape);
    tape_forget_adjoints(tape);
    arena_reset(&tape->scratch);
    tape->pending = false;
    tape_recompute(tape, 0, tape->count);
    tape_refresh(tape);
    return tape->status;
}

void *tape_scratch(ad_tape *tape, size_t count, size_t size)
{
    void *room = arena_take_array(&tape->scratch, count, size);
    if (!room) tape_out_of_memory(tape, "scratch");
    return room;
}

arena *tape_scratch_arena(ad_tape *tape)
{
    return &tape->scratch;
}

/* SPDX-License-Identifier: MIT */
/* Values: computed when recorded, when first needed, or again by a replay. */
#include "tape/tape.h"

#include <string.h>

matrix *node_operands(ad_tape *tape, const tape_node *n, matrix *few)
{
    matrix *in = n->count <= FEW_INPUTS ? few : tape_scratch(tape, n->count, sizeof *in);
    for (size_t k = 0; in && k < n->count; k++)
        if (!node_matrix(tape, n->inputs[k], &in[k])) return NULL;
    return in;
}

static bool evaluate(ad_tape *tape, const tape_node *n, const matrix *in, double *output,
                     bool accumulate)
{
    if (n->rows == 0 || n->cols == 0) return true; /* however many rows or columns there are */
    bool ok = true;
    if (UNLIKELY(node_flags(tape, n->node) & NODE_ZERO)) {
        if (!accumulate) memset(output, 0, n->rows * n->cols * sizeof *output);
    } else {
        evaluation e = node_application(tape, n, in);
        e.output = output;
        e.accumulate = accumulate;
        ok = n->op->values(&e);
    }
    for (size_t i = 0; ok && n->partial && n->support && i < n->rows * n->cols; i++)
        output[i] = n->support[i] ? output[i] : 0;
    return ok;
}

bool node_evaluate(ad_tape *tape, const tape_node *n, double *output, bool accumulate)
{
    const arena_position position = arena_mark(&tape->scratch);
    matrix few[FEW_INPUTS];
    const matrix *in = node_operands(tape, n, few);
    const bool ok = in && evaluate(tape, n, in, output, accumulate);
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
    static const bool nothing = false;
    const uint8_t flags = node_flags(tape, node);
    if (!(flags & NODE_MATRIX)) {
        *m = (matrix){1, 1, node_value(tape, node), flags & NODE_ZERO ? &nothing : NULL, node};
        return true;
    }
    tape_node *n = general_of(tape, node);
    *m = (matrix){n->rows, n->cols, n->values, n->partial ? n->support : NULL, node};
    return n->computed || node_compute(tape, n);
}

bool tape_compute_all(ad_tape *tape)
{
    if (!tape->has_lazy) return true;
    for (size_t i = 0; i < tape->general_count; i++)
        if (!node_compute(tape, tape->general[i])) return false;
    tape->has_lazy = false;
    return true;
}

/* Operands do not wait: there are no chains to be followed later. */
bool node_settle(ad_tape *tape, tape_node *n, const matrix *in)
{
    const uint8_t flags = node_flags(tape, n->node);
    n->computed = false;
    if (UNLIKELY(flags & NODE_CHOICE) && !node_settle_support(tape, n, in)) return false;
    if ((n->op->lazy || !tape->record_flags) && flags & NODE_MATRIX) {
        tape->has_lazy = tape->has_lazy || tape->record_flags;
        return true;
    }
    n->computed = evaluate(tape, n, in, n->values, false);
    return n->computed;
}

static bool recompute(ad_tape *tape, tape_node *n)
{
    if (n->op->values == tape_constant_operation.values) return true;
    const arena_position position = arena_mark(&tape->scratch);
    matrix few[FEW_INPUTS];
    const matrix *in = node_operands(tape, n, few);
    const bool ok = in && node_settle(tape, n, in);
    arena_rewind(&tape->scratch, position);
    return ok;
}

uint32_t tape_recompute(ad_tape *tape, uint32_t from, uint32_t end)
{
    for (; from < end; from++) {
        from = tape->hooks->replay(tape, from, end);
        if (from == end) break;
        if (!recompute(tape, general_of(tape, from))) return from;
    }
    return end;
}

ad_status ad_replay(ad_tape *tape)
{
    if (!tape) return AD_ERROR_ARGUMENT;
    if (tape->status != AD_OK || !tape_settled(tape, "replay")) return tape->status;
    tape_memo_clear(tape);
    tape->adjoints_valid = false;
    arena_reset(&tape->scratch);
    tape->set_pending = false;
    tape->failed = tape_recompute(tape, 0, tape->count);
    if (tape->failed == tape->count) tape->failed = NO_NODE;
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

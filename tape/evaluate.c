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

bool node_evaluate(ad_tape *tape, const tape_node *n, double *output, bool accumulate)
{
    arena_position position = arena_mark(&tape->scratch);
    matrix few[FEW_INPUTS];
    matrix *in = node_operands(tape, n, few);
    bool ok = in != NULL;
    if (n->rows == 0 || n->cols == 0) {
        /* nothing to compute, however many rows or columns there are */
    } else if (ok && (node_flags(tape, n->node) & NODE_ZERO)) {
        if (!accumulate) memset(output, 0, n->rows * n->cols * sizeof *output);
    } else if (ok) {
        evaluation e = node_application(tape, n, in);
        e.output = output;
        e.accumulate = accumulate;
        ok = n->op->values(&e);
    }
    for (size_t i = 0; ok && n->partial && n->support && i < n->rows * n->cols; i++)
        output[i] = n->support[i] ? output[i] : 0;
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

bool node_settle(ad_tape *tape, tape_node *n)
{
    n->computed = false;
    if (!node_settle_support(tape, n)) return false;
    const bool waits =
        (n->op->lazy || !tape->record_flags) && (node_flags(tape, n->node) & NODE_MATRIX);
    if (!waits) return node_compute(tape, n);
    tape->has_lazy = tape->has_lazy || tape->record_flags;
    bool ok = true; /* operands do not wait: there are no chains to be followed later */
    for (size_t k = 0; ok && k < n->count; k++) ok = node_matrix(tape, n->inputs[k], &(matrix){0});
    return ok;
}

uint32_t tape_recompute(ad_tape *tape, uint32_t from, uint32_t end)
{
    for (; from < end; from++) {
        from = tape->hooks->replay(tape, from, end);
        if (from == end) break;
        tape_node *n = general_of(tape, from);
        if (n->op->values != tape_constant_operation.values && !node_settle(tape, n)) return from;
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

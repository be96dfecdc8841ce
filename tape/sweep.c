/* SPDX-License-Identifier: MIT */
/* The plain backward sweep: adjoints as numbers.
 *
 * Nodes are visited from y down, once each, so that every consumer of a node has added its share
 * before the node's own rule runs. A node is reached when a share arrives: what y does not depend
 * on is passed over by a look at one byte. Runs of scalar nodes go to the loop expanded from the
 * table of operations; a general node's rule runs in tape operations that are recorded behind the
 * end of the tape, inactive, and dropped again. Their last result is computed straight into the
 * adjoint it belongs to.
 */
#include "tape/adjoint.h"

#include <string.h>

enum { LAST_SWEEP = UINT8_MAX };

static bool shapes_agree(const ad_tape *tape, uint32_t x, uint32_t y)
{
    size_t x_rows, x_cols, y_rows, y_cols;
    node_shape(tape, x, &x_rows, &x_cols);
    node_shape(tape, y, &y_rows, &y_cols);
    return x_rows == y_rows && x_cols == y_cols;
}

/* Whether a share is a value of the rule's tape; the tape holds an error otherwise. */
static bool is_usable(const rule *r, size_t k, ad_var share)
{
    if (share.tape == r->tape && tape_holds(r->tape, share)) return r->tape->status == AD_OK;
    if (share.tape)
        tape_common((const ad_var[]){r->in[k], share}, 2,
                    r->op ? operation_name(r->op, r->attributes) : "rule");
    return false;
}

/* A recorded gradient collects handles; without a sink it is the plain sweep. */
bool rule_add(const rule *r, size_t k, ad_var share)
{
    if (!r->wanted[k]) return r->tape->status == AD_OK;
    if (!is_usable(r, k, share)) return false;
    const uint32_t node = r->in[k].node;
    if (!are_plain_scalars(r->in[k], share) && !shapes_agree(r->tape, node, share.node))
        return tape_fail(r->tape, AD_ERROR_SHAPE,
                         "%s: the gradient by input %zu is %zux%zu, the input is %zux%zu",
                         r->op ? operation_name(r->op, r->attributes) : "rule", k, ad_rows(share),
                         ad_cols(share), ad_rows(r->in[k]), ad_cols(r->in[k]));
    return r->sink ? tape_collect(r, node, share, NULL) : adjoint_add(r->tape, node, share);
}

bool rule_add_at(const rule *r, size_t k, ad_var elements, const positions *at)
{
    if (!r->wanted[k]) return r->tape->status == AD_OK;
    if (!is_usable(r, k, elements)) return false;
    const uint32_t node = r->in[k].node;
    return r->sink ? tape_collect(r, node, elements, at)
                   : adjoint_add_at(r->tape, node, elements, at);
}

/* What rules record is a trial, which the first of them begins. */
static bool sweep_with_rule(ad_tape *tape, tape_node *n, const bool *wanted, tape_trial *trial)
{
    if (tape->record_flags && !tape_begin_trial(tape, trial)) return false;
    tape->record_flags = 0;
    const uint32_t count = tape->count;
    ad_var few[FEW_INPUTS];
    ad_var *in = n->count <= FEW_INPUTS ? few : tape_scratch(tape, n->count, sizeof *in);
    if (!in) return false;
    for (size_t k = 0; k < n->count; k++) in[k] = tape_handle(tape, n->inputs[k]);
    rule r = {.tape = tape,
              .op = n->op,
              .in = in,
              .wanted = wanted,
              .count = n->count,
              .output = tape_handle(tape, n->node),
              .adjoint = adjoint_view(tape, n),
              .attributes = node_attributes(n)};
    const bool ok =
        r.adjoint.tape && tape->hooks->gradient(&r, CODE_GENERAL) && tape->status == AD_OK;
    tape_truncate(tape, count);
    return tape_renew_trial(tape) && ok;
}

bool plain_share(const evaluation *e, const plain_adjoints *a, size_t k, const operation *op,
                 const matrix *in, size_t count, const void *attributes)
{
    const size_t size = matrix_size(&e->in[k]);
    const bool apart = !a->fresh[k] && !op->accumulates;
    if (size == 0) return true;
    double *output = apart ? tape_scratch(e->tape, size, sizeof *output) : a->of_operands[k];
    const evaluation share = {.tape = e->tape,
                              .op = op,
                              .in = in,
                              .count = count,
                              .attributes = attributes,
                              .rows = e->in[k].rows,
                              .cols = e->in[k].cols,
                              .output = output,
                              .accumulate = !apart && !a->fresh[k]};
    if (!output || !op->values(&share)) return false;
    for (size_t i = 0; apart && i < size; i++) a->of_operands[k][i] += output[i];
    return true;
}

/* The adjoint of an operand that a kernel adds to, or writes where it is fresh. */
static double *whole_adjoint(ad_tape *tape, uint32_t node, bool *fresh)
{
    if (node_flags(tape, node) & NODE_MATRIX)
        return tape_adjoint_room(tape, general_of(tape, node), fresh);
    *fresh = !is_reached(tape, node);
    set_reached(tape, node);
    return node_adjoint(tape, node);
}

/* The adjoint of operand k as an array that a kernel adds to; *given, where `sparse`, notes what
 * gets a share. */
static double *operand_adjoint(ad_tape *tape, uint32_t node, bool sparse, bool **given)
{
    if (node_flags(tape, node) & NODE_MATRIX) {
        tape_node *x = general_of(tape, node);
        if (!sparse) return tape_adjoint_array(tape, x);
        if (!adjoint_array(tape, x)) return NULL;
        *given = x->given;
        return x->adjoint;
    }
    if (!is_reached(tape, node)) *node_adjoint(tape, node) = 0;
    if (!sparse) set_reached(tape, node);
    else **given = false;
    return node_adjoint(tape, node);
}

/* With the plain kernel, in arrays. */
static bool sweep_with_kernel(ad_tape *tape, tape_node *n, const bool *wanted)
{
    const bool is_matrix = node_flags(tape, n->node) & NODE_MATRIX;
    const bool sparse = n->op->selects || (is_matrix && n->given);
    matrix in[FEW_INPUTS], own;
    double *adjoints[FEW_INPUTS] = {NULL};
    bool taken[FEW_INPUTS] = {false}, *given[FEW_INPUTS] = {NULL}, fresh[FEW_INPUTS];
    for (size_t k = 0; k < n->count; k++) {
        if (!node_matrix(tape, n->inputs[k], &in[k])) return false;
        if (!wanted[k]) continue;
        given[k] = sparse ? &taken[k] : NULL;
        adjoints[k] = n->op->whole ? whole_adjoint(tape, n->inputs[k], &fresh[k])
                                   : operand_adjoint(tape, n->inputs[k], sparse, &given[k]);
        if (!adjoints[k]) return false;
    }
    if (!node_matrix(tape, n->node, &own)) return false;
    evaluation e = node_application(tape, n, in);
    e.output = n->values;
    const plain_adjoints a = {is_matrix ? n->adjoint : node_adjoint(tape, n->node),
                              is_matrix ? n->given : NULL, adjoints, given, fresh};
    if (!n->op->sweep(&e, &a)) return false;
    for (size_t k = 0; k < n->count; k++)
        if (taken[k]) set_reached(tape, n->inputs[k]);
    return true;
}

/* Whether the kernel serves: for an adjoint in numbers, of a result without structural zeros. */
static bool has_kernel(const ad_tape *tape, tape_node *n)
{
    if (!n->op->sweep || n->count > FEW_INPUTS || n->partial) return false;
    for (size_t k = 0; n->op->whole && k < n->count; k++)
        if (node_flags(tape, n->inputs[k]) & NODE_CHOICE) return false;
    if (!(node_flags(tape, n->node) & NODE_MATRIX)) return true;
    return n->adjoint && !(n->op->whole && n->given);
}

/* Whether a share was given to any element; where all are given, nobody need ask which. */
static bool has_share(const ad_tape *tape, tape_node *n)
{
    if (!(node_flags(tape, n->node) & NODE_MATRIX)) return true;
    if (n->rows == 0 || n->cols == 0 || !n->given) return n->rows && n->cols;
    if (!memchr(n->given, false, n->rows * n->cols)) n->given = NULL;
    return !n->given || memchr(n->given, true, n->rows * n->cols);
}

static bool sweep_general(ad_tape *tape, tape_node *n, tape_trial *trial)
{
    if (n->count == 0 || (node_flags(tape, n->node) & NODE_ZERO) || !has_share(tape, n))
        return true;
    if (!n->op->gradient)
        return tape_fail(tape, AD_ERROR_DERIVATIVE, "%s: has no gradient rule", node_name(n));
    arena_position position = arena_mark(&tape->scratch);
    bool few[FEW_INPUTS];
    bool *wanted = n->count <= FEW_INPUTS ? few : tape_scratch(tape, n->count, sizeof *wanted);
    for (size_t k = 0; wanted && k < n->count; k++) wanted[k] = node_is_active(tape, n->inputs[k]);
    const bool ok = wanted && (has_kernel(tape, n) ? sweep_with_kernel(tape, n, wanted)
                                                   : sweep_with_rule(tape, n, wanted, trial));
    arena_rewind(&tape->scratch, position);
    return ok;
}

/* A number for the new sweep. When they run out, all nodes forget theirs; chunks that are not in use
 * are cleared when they come into use again. */
static void number_sweep(ad_tape *tape)
{
    if (tape->sweep < LAST_SWEEP) {
        tape->sweep++;
        return;
    }
    tape->clean_chunks = ((size_t)tape->count + CHUNK_MASK) >> CHUNK_BITS;
    for (size_t i = 0; i < tape->clean_chunks; i++)
        memset(tape->chunks[i]->reached, 0, sizeof tape->chunks[i]->reached);
    tape->sweep = 1;
}

/* Goes on from the first general node. */
static bool sweep_from_general(ad_tape *tape, uint32_t node)
{
    tape_trial trial;
    bool ok = true;
    while (ok && node != NO_NODE) {
        ok = sweep_general(tape, general_of(tape, node), &trial);
        node = ok && node > 0 ? tape->hooks->sweep(tape, node - 1) : NO_NODE;
    }
    if (!tape->record_flags) tape_end_trial(tape, &trial);
    tape->record_flags = NODE_ACTIVE;
    return ok;
}

ad_status ad_backward(ad_var y)
{
    ad_tape *const tape = y.tape;
    if (!tape_usable(y, "backward") || !tape_settled(tape, "backward")) return ad_tape_status(tape);
    if (node_flags(tape, y.node) & NODE_MATRIX) {
        tape_fail(tape, AD_ERROR_SHAPE, "backward: y is %zux%zu, not 1x1", ad_rows(y), ad_cols(y));
        return tape->status;
    }
    arena_reset(&tape->adjoints);
    number_sweep(tape);
    tape->adjoints_valid = tape->ever_swept = true;
    if (!node_is_active(tape, y.node)) return tape->status;
    *node_adjoint(tape, y.node) = 1;
    set_reached(tape, y.node);
    const uint32_t node = tape->hooks->sweep(tape, y.node);
    if (node != NO_NODE) tape->adjoints_valid = sweep_from_general(tape, node);
    return tape->status;
}

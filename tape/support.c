/* SPDX-License-Identifier: MIT */
/* Structural zeros: elements that took no part in what a derivative passes through.
 *
 * The share of an operand that a choice did not take, the rest of a vector around one element whose
 * share is known: these are no numbers but the absence of a derivative. Such an element has the
 * value 0, is never multiplied by a slope, which may be infinite, and passes nothing on. The other
 * elements are the support of a value. Values that a program records have full support; adjoints,
 * and what is computed from them, may not.
 *
 * Whether a support can be less than full (NODE_CHOICE) is known when a node is recorded. Which
 * elements it holds may depend on values and is decided together with them, on replay too.
 */
#include "tape/tape.h"

#include <math.h>
#include <string.h>

bool tape_may_vanish(ad_var x)
{
    return x.tape && (node_flags(x.tape, x.node) & NODE_CHOICE);
}

bool matrix_vanishes(const matrix *m)
{
    return m->support && !memchr(m->support, true, matrix_size(m));
}

bool node_may_vanish(const ad_tape *tape, const tape_node *n)
{
    const operation *op = n->op;
    if (op->choice) return true;
    bool any = false, all = n->count > 0;
    for (size_t k = 0; k < n->count; k++) {
        const bool may = node_flags(tape, n->inputs[k]) & NODE_CHOICE;
        any = any || may;
        all = all && may;
    }
    if (!any || op->support) return any;
    if (op->zeros == ZERO_ALL && !op->code) return true;
    return zero_follows(op->zeros, node_flags(tape, n->inputs[0]) & NODE_CHOICE,
                        n->count > 1 && (node_flags(tape, n->inputs[1]) & NODE_CHOICE), any, all);
}

/* ---- the rules ---- */

/* One row; steps are 0 where an operand is broadcast. */
static void each_of_row(const evaluation *e, size_t i, bool *support)
{
    const matrix *x = &e->in[0], *y = &e->in[e->count - 1];
    const size_t x_first = matrix_position(x, i, 0), y_first = matrix_position(y, i, 0);
    const size_t x_step = x->cols != 1, y_step = y->cols != 1;
    for (size_t j = 0; j < e->cols; j++) {
        const size_t x_at = x_first + j * x_step, y_at = y_first + j * y_step;
        const bool first = x->support && !x->support[x_at],
                   second = y->support && !y->support[y_at];
        support[j] = !zero_follows(e->op->zeros, first, second, first || second, first && second) &&
                     (!e->op->choice || y->values[y_at] != 0);
    }
}

static void whole(const evaluation *e, bool *support)
{
    bool any = false, all = e->count > 0;
    for (size_t k = 0; k < e->count; k++) {
        const bool zero = matrix_vanishes(&e->in[k]);
        any = any || zero;
        all = all && zero;
    }
    const bool zero = zero_follows(e->op->zeros, e->count > 0 && matrix_vanishes(&e->in[0]),
                                   e->count > 1 && matrix_vanishes(&e->in[1]), any, all);
    memset(support, !zero, e->rows * e->cols);
}

/* An operation that is linear in all operands together is applied to NaN for each element that is
 * supported: what NaN goes into is NaN, and two of them never cancel. */
static bool moved(const evaluation *e, bool *support)
{
    evaluation moving = *e;
    matrix *marks = tape_scratch(e->tape, e->count, sizeof *marks);
    moving.in = marks;
    moving.output = tape_scratch(e->tape, e->rows * e->cols, sizeof *moving.output);
    if (!marks || !moving.output) return false;
    for (size_t k = 0; k < e->count; k++) {
        const size_t size = matrix_size(&e->in[k]);
        double *values = tape_scratch(e->tape, size, sizeof *values);
        if (!values) return false;
        for (size_t i = 0; i < size; i++)
            values[i] = !e->in[k].support || e->in[k].support[i] ? NAN : 0;
        marks[k] = e->in[k];
        marks[k].values = values;
    }
    if (!e->op->values(&moving)) return false;
    for (size_t i = 0; i < e->rows * e->cols; i++) support[i] = isnan(moving.output[i]);
    return true;
}

static bool find_support(const evaluation *e, bool *support)
{
    if (e->rows == 0 || e->cols == 0) return true; /* however many rows or columns there are */
    if (e->op->support) e->op->support(e, support);
    else if (e->op->code)
        for (size_t i = 0; i < e->rows; i++) each_of_row(e, i, support + i * e->cols);
    else if (e->op->zeros == ZERO_ALL) return moved(e, support);
    else whole(e, support);
    return true;
}

bool node_settle_support(ad_tape *tape, tape_node *n, const matrix *in)
{
    const size_t size = n->rows * n->cols;
    bool single, *support = node_flags(tape, n->node) & NODE_MATRIX ? n->support : &single;
    bool full = !n->op->choice;
    for (size_t k = 0; full && k < n->count; k++) full = !in[k].support;
    const evaluation e = node_application(tape, n, in);
    if (!full && size > 0 && !find_support(&e, support)) return false;
    n->partial =
        !full && (size == 0 || memchr(support, false, size)); /* nothing is in an empty one */
    const bool zero = n->partial && !memchr(support, true, size);
    node_set_flag(tape, n->node, NODE_ZERO, zero);
    return true;
}

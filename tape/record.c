/* SPDX-License-Identifier: MIT */
/* Recording general nodes. */
#include "tape/tape.h"

#include <math.h>
#include <string.h>

size_t node_operand_count(const ad_tape *tape, uint32_t node)
{
    uint8_t code = node_code(tape, node);
    if (code == CODE_GENERAL) return general_of(tape, node)->count;
    return code < CODE_FIRST_SCALAR ? 0 : tape->hooks->arity(code);
}

uint32_t node_operand(const ad_tape *tape, uint32_t node, size_t k)
{
    const tape_chunk *chunk = chunk_of(tape, node);
    uint32_t i = node & CHUNK_MASK;
    if (node_code(tape, node) == CODE_GENERAL) return general_of(tape, node)->inputs[k];
    return k == 0 ? chunk->left[i] : chunk->right[i];
}

void node_shape(const ad_tape *tape, uint32_t node, size_t *rows, size_t *cols)
{
    *rows = *cols = 1;
    if (!(node_flags(tape, node) & NODE_MATRIX)) return;
    const tape_node *n = general_of(tape, node);
    *rows = n->rows;
    *cols = n->cols;
}

bool node_is_cut(const ad_tape *tape, uint32_t node)
{
    return node_code(tape, node) == CODE_GENERAL && general_of(tape, node)->op->cut;
}

const char *node_operation_name(const ad_tape *tape, uint32_t node)
{
    switch (node_code(tape, node)) {
    case CODE_GENERAL: return node_name(general_of(tape, node));
    case CODE_CONSTANT:
    case CODE_NUMBER: return "constant";
    case CODE_INPUT: return "input";
    default: return tape->hooks->name(node_code(tape, node));
    }
}

/* The result's shape and room for it. A 1x1 lives in the slot of its node, known only later. */
static bool shape_result(ad_tape *tape, tape_node *n, const matrix *in)
{
    const evaluation e = node_application(tape, n, in);
    if (!n->op->shape(&e, &n->rows, &n->cols)) return false;
    if (n->rows == 1 && n->cols == 1) return true;
    if (n->cols && n->rows > SIZE_MAX / sizeof(double) / n->cols)
        return tape_fail(tape, AD_ERROR_SIZE, "%s: a %zux%zu result is too large", node_name(n),
                         n->rows, n->cols);
    n->values = arena_take_array(&tape->values, n->rows * n->cols, sizeof(double));
    return n->values || tape_out_of_memory(tape, node_name(n));
}

/* Appends n as a node: number, flags and, for a 1x1, the slot its value goes to. */
static ad_var append(ad_tape *tape, tape_node *n)
{
    if (!tape_reserve(tape, &tape->general, &tape->general_capacity, tape->general_count + 1,
                      sizeof *tape->general)) {
        tape_out_of_memory(tape, node_name(n));
        return (ad_var){0};
    }
    uint8_t flags = 0;
    for (size_t k = 0; k < n->count; k++) flags |= node_flags(tape, n->inputs[k]);
    const bool may_vanish = n->op->choice || (flags & NODE_CHOICE && node_may_vanish(tape, n));
    flags &= n->op->step ? 0 : (uint8_t)tape->record_flags;
    if (n->values) flags |= NODE_MATRIX;
    if (may_vanish) flags |= NODE_CHOICE;
    if (n->op->length) flags |= NODE_LENGTH;
    ad_var x = tape_push(tape, TAG(CODE_GENERAL, 0, flags), (uint32_t)tape->general_count, 0, NAN);
    if (!x.tape) return x;
    n->node = x.node;
    if (!n->values) n->values = node_value(tape, x.node);
    tape->general[tape->general_count++] = n;
    return x;
}

static bool settle(ad_tape *tape, tape_node *n, const matrix *in)
{
    const uint8_t both = NODE_CHOICE | NODE_MATRIX;
    if ((node_flags(tape, n->node) & both) == both) {
        n->support = arena_take(&tape->values, n->rows * n->cols);
        if (!n->support) return tape_out_of_memory(tape, node_name(n));
    }
    return node_settle(tape, n, in);
}

static tape_node *new_node(ad_tape *tape, const operation *op, const ad_var *inputs, size_t count,
                           const void *attributes, size_t size)
{
    arena_position start = arena_mark(&tape->values);
    tape_node *n = NULL;
    if (count < SIZE_MAX / 2 / sizeof *n->inputs && size < SIZE_MAX - node_bytes(count))
        n = arena_take(&tape->values, node_bytes(count) + size);
    if (!n) {
        tape_out_of_memory(tape, operation_name(op, attributes));
        return NULL;
    }
    node_begin(n, op, start);
    n->count = (uint32_t)count;
    for (size_t k = 0; k < count; k++) n->inputs[k] = inputs[k].node;
    n->attribute_size = size;
    if (size) memcpy(node_attributes(n), attributes, size);
    return n;
}

/* The operands are looked at once, for the shape and for the values. */
static ad_var record(ad_tape *tape, tape_node *n)
{
    matrix few[FEW_INPUTS];
    const arena_position start = n->start;
    const matrix *in = node_operands(tape, n, few);
    ad_var x = in && shape_result(tape, n, in) ? append(tape, n) : (ad_var){0};
    if (x.tape && settle(tape, n, in)) return x;
    if (x.tape) tape_truncate(tape, x.node);
    arena_rewind(&tape->values, start);
    return (ad_var){0};
}

ad_var tape_record_on(ad_tape *tape, const operation *op, const ad_var *inputs, size_t count,
                      const void *attributes, size_t size)
{
    if (!tape) return (ad_var){0};
    if (tape->fast_epoch == NO_EPOCH && !tape_ready(tape, operation_name(op, attributes)))
        return (ad_var){0};
    if (count > UINT32_MAX / 2) {
        tape_fail(tape, AD_ERROR_SIZE, "%s: too many operands", operation_name(op, attributes));
        return (ad_var){0};
    }
    tape_node *n = new_node(tape, op, inputs, count, attributes, size);
    if (!n) return (ad_var){0};
    const arena_position position = arena_mark(&tape->scratch);
    const ad_var x = record(tape, n);
    arena_rewind(&tape->scratch, position);
    return x;
}

/* Whether all are of one tape and the present epoch: of most calls, and then good. */
static bool are_current(const ad_var *inputs, size_t count)
{
    const ad_tape *tape = count > 0 ? inputs->tape : NULL;
    bool ok = tape != NULL;
    for (size_t k = 0; ok && k < count; k++)
        ok = inputs[k].tape == tape && (inputs[k].epoch ^ tape->fast_epoch) < EPOCH_STEP;
    return ok;
}

ad_var tape_record(const operation *op, const ad_var *inputs, size_t count, const void *attributes,
                   size_t size)
{
    ad_tape *tape = are_current(inputs, count)
                        ? inputs->tape
                        : tape_common(inputs, count, operation_name(op, attributes));
    return tape_record_on(tape, op, inputs, count, attributes, size);
}

const operation *tape_operation(ad_var x)
{
    return node_code(x.tape, x.node) == CODE_GENERAL ? general_of(x.tape, x.node)->op : NULL;
}

ad_var tape_operand(ad_var x, size_t k)
{
    return tape_handle(x.tape, node_operand(x.tape, x.node, k));
}

const void *tape_attributes(ad_var x)
{
    return node_attributes(general_of(x.tape, x.node));
}

bool tape_is_scaled_identity(ad_var x, ad_var *g)
{
    const operation *op = tape_operation(x);
    if (!op || !op->identity) return false;
    *g = tape_operand(x, 0);
    return true;
}

/* SPDX-License-Identifier: MIT */
/* ad_tape_keep: what lies on paths between the kept values stays, compacted; the rest goes.
 *
 * Nodes keep their order, so operands still come before what is computed from them. Values move
 * to the spare arena, which then takes its turn; afterwards the old one is empty but keeps its
 * memory for the next time.
 */
#include "tape/tape.h"

#include <string.h>

enum {
    BELOW = 1,    /* computed from a kept value, or one itself */
    ON_PATH = 2,  /* and needed for one */
    NEEDED = 4,   /* an operand of a node on a path */
    KEPT = 8,     /* in vars */
    COMPUTED = 16 /* on a path with its history: stays what it is, else becomes a leaf */
};

typedef struct keeper {
    ad_tape *tape;
    uint8_t *marks;
    uint32_t *numbers; /* new number of each old node */
} keeper;

static bool has_operand_marked(const keeper *k, uint32_t node, uint8_t mark)
{
    size_t count = node_operand_count(k->tape, node);
    for (size_t i = 0; i < count; i++)
        if (k->marks[node_operand(k->tape, node, i)] & mark) return true;
    return false;
}

static void mark_operands(const keeper *k, uint32_t node, uint8_t mark, uint8_t only)
{
    size_t count = node_operand_count(k->tape, node);
    for (size_t i = 0; i < count; i++) {
        uint8_t *operand = &k->marks[node_operand(k->tape, node, i)];
        if (!only || (*operand & only)) *operand |= mark;
    }
}

/* A detach is on no path; it is computed as long as its operand is there. */
static void mark(const keeper *k, const ad_var *vars, size_t count)
{
    const ad_tape *tape = k->tape;
    memset(k->marks, 0, tape->count);
    for (size_t i = 0; i < count; i++) k->marks[vars[i].node] = KEPT | BELOW;
    for (uint32_t node = 0; node < tape->count; node++)
        if (!node_is_cut(tape, node) && has_operand_marked(k, node, BELOW)) k->marks[node] |= BELOW;
    for (uint32_t node = tape->count; node-- > 0;) {
        if (k->marks[node] & KEPT) k->marks[node] |= ON_PATH;
        if ((k->marks[node] & ON_PATH) && !node_is_cut(tape, node))
            mark_operands(k, node, ON_PATH, BELOW);
    }
    for (uint32_t node = 0; node < tape->count; node++)
        if ((k->marks[node] & ON_PATH) && has_operand_marked(k, node, ON_PATH)) {
            k->marks[node] |= COMPUTED;
            mark_operands(k, node, NEEDED, 0);
        }
}

/* Copies a general node to the spare arena. As a leaf it loses inputs and attributes. */
static tape_node *copy_node(const keeper *k, const tape_node *n, bool computed)
{
    arena *room = &k->tape->spare;
    arena_position start = arena_mark(room);
    const uint32_t count = computed ? n->count : 0;
    const size_t size = n->rows * n->cols, attribute_size = computed ? n->attribute_size : 0;
    tape_node *copy = arena_take(room, node_bytes(count) + attribute_size);
    if (!copy) return NULL;
    *copy = *n;
    copy->start = start;
    copy->count = count;
    copy->attribute_size = attribute_size;
    copy->support = NULL;
    for (uint32_t i = 0; i < count; i++) copy->inputs[i] = k->numbers[n->inputs[i]];
    if (attribute_size) memcpy(node_attributes(copy), node_attributes(n), attribute_size);
    if (!(node_flags(k->tape, n->node) & NODE_MATRIX)) return copy;
    copy->values = arena_take_array(room, size, sizeof *copy->values);
    if (!copy->values) return NULL;
    if (size) memcpy(copy->values, n->values, size * sizeof *copy->values);
    if (!n->support) return copy;
    copy->support = arena_take(room, size);
    if (copy->support) memcpy(copy->support, n->support, size);
    return copy->support ? copy : NULL;
}

/* All copies are made before anything is overwritten, so that running out of memory loses
 * nothing: copies[] in the order of the new numbers. */
static bool copy_nodes(keeper *k, tape_node **copies, size_t *copied)
{
    ad_tape *tape = k->tape;
    uint32_t next = 0;
    *copied = 0;
    for (uint32_t node = 0; node < tape->count; node++) {
        k->numbers[node] = NO_NODE;
        if (!(k->marks[node] & (KEPT | ON_PATH | NEEDED))) continue;
        k->numbers[node] = next++;
        bool computed = k->marks[node] & COMPUTED;
        bool record = node_code(tape, node) == CODE_GENERAL &&
                      (computed || (node_flags(tape, node) & NODE_MATRIX));
        if (!record) continue;
        tape_node *copy = copy_node(k, general_of(tape, node), computed);
        if (!copy) return false;
        copy->node = k->numbers[node];
        copies[(*copied)++] = copy;
    }
    return true;
}

/* A leaf that was active stays an input; what only served as an operand becomes a constant. Its
 * structural zeros stay such until it is set. */
static uint16_t leaf_tag(const keeper *k, uint32_t old, tape_node *n)
{
    const uint32_t flags = node_flags(k->tape, old), code = node_code(k->tape, old);
    const bool input = (flags & NODE_ACTIVE) && (k->marks[old] & ON_PATH);
    const uint32_t kept = flags & (NODE_MATRIX | NODE_CHOICE | NODE_ZERO);
    if (n && n->op != &tape_number_operation)
        n->op = input ? &tape_input_operation : &tape_constant_operation;
    const bool number = !n && code != CODE_NUMBER;
    return (uint16_t)TAG(number ? (input ? CODE_INPUT : CODE_CONSTANT) : code, 0,
                         kept | (input ? NODE_ACTIVE : 0));
}

/* Moves one node down to its new number; new numbers never pass old ones. */
static void move_node(const keeper *k, uint32_t old, tape_node *const *copies, size_t *next_copy)
{
    ad_tape *tape = k->tape;
    bool computed = k->marks[old] & COMPUTED;
    uint32_t number = k->numbers[old], i = number & CHUNK_MASK, from = old & CHUNK_MASK;
    const tape_chunk *source = chunk_of(tape, old);
    tape_chunk *chunk = chunk_of(tape, number);
    const uint8_t code = node_code(tape, old), flags = node_flags(tape, old);
    uint8_t wants = 0;
    bool general = code == CODE_GENERAL;
    chunk->value[i] = source->value[from];
    chunk->reached[i] = 0;
    tape_node *n = NULL;
    if (general && (computed || (flags & NODE_MATRIX))) {
        n = copies[*next_copy];
        chunk->left[i] = (uint32_t)(*next_copy)++;
        if (!(flags & NODE_MATRIX)) n->values = &chunk->value[i];
    } else if (computed) {
        bool two = tape->hooks->arity(code) == 2;
        chunk->left[i] = k->numbers[source->left[from]];
        if (two) chunk->right[i] = k->numbers[source->right[from]];
        if (!(flags & NODE_ZERO)) wants = node_wants(tape, chunk->left[i], chunk->right[i], two);
    }
    chunk->tag[i] = computed ? (uint16_t)TAG(code, wants, flags) : leaf_tag(k, old, n);
}

static void compact(const keeper *k, tape_node **copies, size_t copied)
{
    ad_tape *tape = k->tape;
    uint32_t count = 0;
    size_t next_copy = 0;
    for (uint32_t node = 0; node < tape->count; node++)
        if (k->numbers[node] != NO_NODE) {
            move_node(k, node, copies, &next_copy);
            count++;
        }
    if (copied) memcpy(tape->general, copies, copied * sizeof *copies);
    tape->general_count = copied;
    tape_set_count(tape, count);
    arena old = tape->values;
    tape->values = tape->spare;
    tape->spare = old;
    arena_reset(&tape->spare);
}

static bool keep(ad_tape *tape, ad_var *vars, size_t count)
{
    keeper k = {.tape = tape};
    k.marks = tape_scratch(tape, tape->count, sizeof *k.marks);
    k.numbers = tape_scratch(tape, tape->count, sizeof *k.numbers);
    tape_node **copies = tape_scratch(tape, tape->general_count, sizeof *copies);
    size_t copied;
    if (!k.marks || !k.numbers || !copies) return false;
    mark(&k, vars, count);
    arena_reset(&tape->spare);
    if (!copy_nodes(&k, copies, &copied)) return tape_out_of_memory(tape, "keep");
    compact(&k, copies, copied);
    tape_names_renumber(tape, k.numbers);
    tape_ranges_renumber(tape, k.numbers);
    for (size_t i = 0; i < count; i++) vars[i].node = k.numbers[vars[i].node];
    return true;
}

static bool is_on(ad_tape *tape, ad_var x, size_t i)
{
    if (x.tape == tape && x.epoch) return tape_common(&x, 1, "keep") != NULL;
    if (!x.tape || x.tape == tape)
        return tape_fail(tape, AD_ERROR_ARGUMENT, "keep: invalid handle (argument %zu)", i + 1);
    tape_fail(x.tape, AD_ERROR_TAPE, "keep: a value of another tape");
    return tape_fail(tape, AD_ERROR_TAPE, "keep: a value of another tape");
}

ad_status ad_tape_keep(ad_tape *tape, ad_var *vars, size_t count)
{
    if (!tape) return AD_ERROR_ARGUMENT;
    if (count && !vars) {
        tape_fail(tape, AD_ERROR_ARGUMENT, "keep: no handles (NULL)");
        return tape->status;
    }
    for (size_t i = 0; i < count; i++)
        if (!is_on(tape, vars[i], i)) return tape->status;
    if (!tape_ready(tape, "keep") || !tape_settled(tape, "keep") || !tape_compute_all(tape))
        return tape->status;
    arena_position position = arena_mark(&tape->scratch);
    bool ok = keep(tape, vars, count);
    arena_rewind(&tape->scratch, position);
    if (!ok) return tape->status;
    tape_memo_clear(tape);
    tape_plans_truncate(tape, 0);
    tape->adjoints_valid = false;
    tape->segment_count = 0;
    tape_new_segment(tape); /* the table has held one before: fails only without a new epoch */
    tape->segments[0].start = 0;
    tape->base_epoch = tape->epoch;
    for (size_t i = 0; i < count; i++) vars[i] = tape_handle(tape, vars[i].node);
    return tape->status;
}

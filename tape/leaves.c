/* SPDX-License-Identifier: MIT */
/* Leaves and constants, reading values, and setting leaves anew. */
#include "tape/adjoint.h"

#include <math.h>
#include <string.h>

static bool no_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    (void)e, (void)rows, (void)cols;
    return false;
}

/* Leaves have values of their own: nothing computes them. */
static bool keep_values(const evaluation *e)
{
    (void)e;
    return true;
}

const operation tape_constant_operation = {
    .name = "constant", .shape = no_shape, .values = keep_values};
const operation tape_number_operation = {
    .name = "constant", .shape = no_shape, .values = keep_values};
const operation tape_input_operation = {.name = "input", .shape = no_shape, .values = keep_values};

/* A matrix leaf: a record without inputs; `shared` values stay where they are. */
static ad_var matrix_leaf(ad_tape *tape, const operation *op, size_t rows, size_t cols,
                          const double *values, double *shared)
{
    arena_position start = arena_mark(&tape->values);
    size_t size = rows * cols;
    tape_node *n = arena_take(&tape->values, sizeof *n);
    double *room = shared;
    if (n && !room) room = arena_take_array(&tape->values, size, sizeof *room);
    const bool ok = n && room &&
                    tape_reserve(tape, &tape->general, &tape->general_capacity,
                                 tape->general_count + 1, sizeof *tape->general);
    if (!ok) {
        arena_rewind(&tape->values, start);
        tape_out_of_memory(tape, op->name);
        return (ad_var){0};
    }
    if (!shared && values && size > 0) memcpy(room, values, size * sizeof *room);
    node_begin(n, op, start);
    n->rows = rows;
    n->cols = cols;
    n->values = room;
    n->node = tape->count;
    n->computed = true;
    uint8_t flags = NODE_MATRIX;
    if (op == &tape_input_operation) flags |= (uint8_t)tape->record_flags;
    ad_var x = tape_push(tape, TAG(CODE_GENERAL, 0, flags), (uint32_t)tape->general_count, 0, NAN);
    if (x.tape) tape->general[tape->general_count++] = n;
    else arena_rewind(&tape->values, start);
    return x;
}

ad_var tape_view(ad_tape *tape, size_t rows, size_t cols, double *values, bool *support)
{
    if (rows == 1 && cols == 1) return tape_push(tape, TAG(CODE_NUMBER, 0, 0), 0, 0, values[0]);
    ad_var x = matrix_leaf(tape, &tape_constant_operation, rows, cols, NULL, values);
    if (!x.tape || !support) return x;
    tape_node *n = general_of(tape, x.node);
    n->support = support;
    n->partial = true;
    node_set_flag(tape, x.node, NODE_CHOICE, true);
    return x;
}

ad_var tape_leaf(ad_tape *tape, const char *name, bool input, size_t rows, size_t cols,
                 const double *values)
{
    if (!tape || !tape_ready(tape, name)) return (ad_var){0};
    bool ok = true;
    if (cols && rows > SIZE_MAX / sizeof(double) / cols)
        ok = tape_fail(tape, AD_ERROR_SIZE, "%s: %zux%zu elements are too many", name, rows, cols);
    else if (!values && rows * cols > 0)
        ok = tape_fail(tape, AD_ERROR_ARGUMENT, "%s: no values (NULL) for a %zux%zu matrix", name,
                       rows, cols);
    if (!ok) return (ad_var){0};
    if (rows == 1 && cols == 1)
        return tape_push(tape,
                         input ? TAG(CODE_INPUT, 0, tape->record_flags) : TAG(CODE_CONSTANT, 0, 0),
                         0, 0, values[0]);
    return matrix_leaf(tape, input ? &tape_input_operation : &tape_constant_operation, rows, cols,
                       values, NULL);
}

ad_var ad_input(ad_tape *tape, size_t rows, size_t cols, const double *values)
{
    return tape_leaf(tape, "input", true, rows, cols, values);
}

ad_var ad_constant(ad_tape *tape, size_t rows, size_t cols, const double *values)
{
    return tape_leaf(tape, "constant", false, rows, cols, values);
}

static __attribute__((noinline)) ad_var scalar_leaf(ad_tape *tape, double value)
{
    return tape_leaf(tape, "scalar", true, 1, 1, &value);
}

ad_var ad_scalar(ad_tape *tape, double value)
{
    if (UNLIKELY(!tape || !tape->record_flags)) return scalar_leaf(tape, value);
    if (UNLIKELY(tape->fast_epoch == NO_EPOCH)) return scalar_leaf(tape, value);
    const uint64_t next = tape->next;
    if (UNLIKELY(!(next & CHUNK_MASK))) return scalar_leaf(tape, value);
    tape_append(tape, next, TAG(CODE_INPUT, 0, NODE_ACTIVE), value);
    return handle_of(tape, next);
}

/* A loop that scales by 100 a million times needs the constant 100 once: the last ones are
 * remembered by their bits. A slot is believed only if the node still says so itself. */
ad_var tape_number(ad_tape *tape, double value)
{
    if (!tape || (tape->fast_epoch == NO_EPOCH && !tape_ready(tape, "constant")))
        return (ad_var){0};
    uint64_t bits;
    tape_shared *const slot = tape_number_slot(tape, value, &bits);
    ad_var x = {0};
    if (slot->node < tape->count && node_code(tape, slot->node) == CODE_NUMBER &&
        memcmp(node_value(tape, slot->node), &value, sizeof value) == 0)
        x = tape_handle(tape, slot->node);
    else x = tape_push(tape, TAG(CODE_NUMBER, 0, 0), 0, 0, value);
    /* The epoch of trials comes again, with other nodes. */
    const bool lasting = x.tape && tape->trial_start == NO_NODE;
    if (x.tape) *slot = (tape_shared){bits, x.node, lasting ? tape->fast_epoch : 0};
    return x;
}

ad_var ad_number(ad_tape *tape, double value)
{
    return tape && tape_ready(tape, "number") ? tape_number(tape, value) : (ad_var){0};
}

ad_var tape_filled(ad_tape *tape, size_t rows, size_t cols, double value)
{
    if (rows == 1 && cols == 1) return tape_number(tape, value);
    if (!tape || !tape_ready(tape, "constant")) return (ad_var){0};
    ad_var x = matrix_leaf(tape, &tape_number_operation, rows, cols, NULL, NULL);
    if (!x.tape) return x;
    double *values = general_of(tape, x.node)->values;
    for (size_t i = 0; i < rows * cols; i++) values[i] = value;
    return x;
}

bool ad_ok(ad_var x)
{
    return x.tape && x.epoch && tape_holds(x.tape, x);
}

size_t ad_rows(ad_var x)
{
    size_t rows = 0, cols;
    if (ad_ok(x)) node_shape(x.tape, x.node, &rows, &cols);
    return rows;
}

size_t ad_cols(ad_var x)
{
    size_t rows, cols = 0;
    if (ad_ok(x)) node_shape(x.tape, x.node, &rows, &cols);
    return cols;
}

static bool is_leaf(const ad_tape *tape, uint32_t node)
{
    uint8_t code = node_code(tape, node);
    if (code != CODE_GENERAL) return code == CODE_CONSTANT || code == CODE_INPUT;
    const operation *op = general_of(tape, node)->op;
    return op == &tape_input_operation || op == &tape_constant_operation;
}

/* A replay that failed leaves the values of leaves alone known. */
bool node_is_known(const ad_tape *tape, uint32_t node)
{
    if (tape->failed == NO_NODE || node_code(tape, node) == CODE_NUMBER) return true;
    const bool general = node_code(tape, node) == CODE_GENERAL;
    return is_leaf(tape, node) || (general && general_of(tape, node)->op == &tape_number_operation);
}

double ad_value(ad_var x)
{
    if (!tape_common(&x, 1, "value")) return NAN;
    if (node_flags(x.tape, x.node) & NODE_MATRIX) {
        tape_fail(x.tape, AD_ERROR_SHAPE, "value: a %zux%zu matrix, not a 1x1: use ad_values",
                  ad_rows(x), ad_cols(x));
        return NAN;
    }
    return node_is_known(x.tape, x.node) ? *node_value(x.tape, x.node) : NAN;
}

const double *ad_values(ad_var x)
{
    matrix m;
    if (!tape_common(&x, 1, "values") || !node_is_known(x.tape, x.node)) return NULL;
    return node_matrix(x.tape, x.node, &m) ? m.values : NULL;
}

/* ---- Several leaves at once ---- */

/* Whether it is a scalar leaf, as in most programs all are, and not structurally zero. */
static inline bool is_scalar_leaf(const ad_tape *tape, const ad_var *x)
{
    if (x->tape != tape || !tape_holds(tape, *x)) return false;
    const uint16_t tag = chunk_of(tape, x->node)->tag[x->node & CHUNK_MASK];
    const uint32_t kind = tag & TAG(UINT8_MAX, 0, NODE_ZERO);
    return kind == TAG(CODE_INPUT, 0, 0) || kind == TAG(CODE_CONSTANT, 0, 0);
}

static APART bool are_scalar_leaves(const ad_tape *tape, const ad_var *leaves, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_scalar_leaf(tape, &leaves[i])) return false;
    return true;
}

static bool are_values_of(ad_tape *tape, const ad_var *leaves, size_t count, const char *name)
{
    if (!leaves && count > 0)
        return tape_fail(tape, AD_ERROR_ARGUMENT, "%s: no array of leaves (NULL)", name);
    return tape_common_on(tape, leaves, count, name);
}

/* ---- Setting leaves ---- */

static bool can_be_set(ad_tape *tape, uint32_t node, const double *values, const char *name)
{
    size_t rows, cols;
    node_shape(tape, node, &rows, &cols);
    if (!is_leaf(tape, node))
        return tape_fail(tape, AD_ERROR_ARGUMENT,
                         "%s: the value of %s is computed: only a leaf can be set", name,
                         node_operation_name(tape, node));
    return values || rows * cols == 0 ||
           tape_fail(tape, AD_ERROR_ARGUMENT, "%s: no values (NULL) for a %zux%zu leaf", name, rows,
                     cols);
}

static bool can_all_be_set(ad_tape *tape, const ad_var *leaves, size_t count, const double *values,
                           const char *name)
{
    bool ok = are_values_of(tape, leaves, count, name) && tape->status == AD_OK;
    for (size_t i = 0; ok && i < count; i++) ok = can_be_set(tape, leaves[i].node, values, name);
    return ok;
}

/* Returns how many values the leaf took. They may be its own. */
static size_t give_values(const ad_tape *tape, uint32_t node, const double *values)
{
    node_set_flag(tape, node, NODE_ZERO, false);
    if (node_code(tape, node) != CODE_GENERAL) {
        *node_value(tape, node) = *values;
        return 1;
    }
    tape_node *const n = general_of(tape, node);
    const size_t size = n->rows * n->cols;
    if (size > 0) memmove(n->values, values, size * sizeof *values);
    n->partial = false;
    return size;
}

/* Checks all leaves before it sets the first: on error none has changed. */
ad_status tape_set_leaves(ad_tape *tape, const ad_var *leaves, size_t count, const double *values,
                          const char *name)
{
    if (!tape) return AD_ERROR_ARGUMENT;
    const bool scalars = leaves && values && are_scalar_leaves(tape, leaves, count);
    if (!scalars && !can_all_be_set(tape, leaves, count, values, name)) return tape->status;
    if (tape->status != AD_OK || !tape_settled(tape, name) || count == 0) return tape->status;
    if (tape->failed == NO_NODE && !tape_compute_all(tape)) return tape->status;
    if (scalars)
        for (size_t i = 0; i < count; i++) *node_value(tape, leaves[i].node) = values[i];
    else
        for (size_t i = 0, at = 0; i < count; i++)
            at += give_values(tape, leaves[i].node, values ? values + at : NULL);
    tape->set_pending = true;
    tape_memo_clear(tape);
    tape_refresh(tape);
    return tape->status;
}

ad_status ad_set(ad_var leaf, const double *values)
{
    return tape_set_leaves(leaf.tape, &leaf, 1, values, "set");
}

ad_status ad_set_all(ad_tape *tape, const ad_var *leaves, size_t count, const double *values)
{
    return tape_set_leaves(tape, leaves, count, values, "set_all");
}

/* ---- Reading adjoints ---- */

static bool has_adjoints(ad_tape *tape, const char *name)
{
    return tape->adjoints_valid ||
           tape_fail(tape, AD_ERROR_STATE, "%s: no ad_backward %s", name,
                     tape->ever_swept ? "since the last change of the tape" : "yet");
}

/* That of a scalar leaf. */
static double scalar_adjoint(const ad_tape *tape, uint32_t node)
{
    const tape_chunk *const chunk = chunk_of(tape, node);
    const size_t i = node & CHUNK_MASK;
    const bool given = chunk->reached[i] == tape->sweep && (chunk->tag[i] & NODE_ACTIVE);
    return given ? chunk->adjoint[i] : 0;
}

/* NULL, and an error, for what is no leaf or when out of memory. */
static const double *adjoint_of_leaf(ad_tape *tape, uint32_t node, const char *name)
{
    if (!is_leaf(tape, node)) {
        tape_fail(tape, AD_ERROR_ARGUMENT,
                  "%s: the value of %s is computed: adjoints are kept for leaves, use ad_grad",
                  name, node_operation_name(tape, node));
        return NULL;
    }
    if (node_code(tape, node) == CODE_GENERAL)
        return tape_adjoint_array(tape, general_of(tape, node));
    double *const adjoint = node_adjoint(tape, node);
    *adjoint = scalar_adjoint(tape, node);
    return adjoint;
}

const double *ad_adjoint(ad_var x)
{
    ad_tape *tape = tape_common(&x, 1, "adjoint");
    return tape && has_adjoints(tape, "adjoint") ? adjoint_of_leaf(tape, x.node, "adjoint") : NULL;
}

/* False where a leaf is not a scalar, or anything is wrong. */
static APART bool copy_scalar_adjoints(const ad_tape *tape, const ad_var *leaves, size_t count,
                                       double *out)
{
    if (!leaves || !out || !tape->adjoints_valid) return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_scalar_leaf(tape, &leaves[i])) return false;
        out[i] = scalar_adjoint(tape, leaves[i].node);
    }
    return true;
}

static bool copy_adjoints(ad_tape *tape, const ad_var *leaves, size_t count, double *out)
{
    if (copy_scalar_adjoints(tape, leaves, count, out)) return true;
    if (!are_values_of(tape, leaves, count, "adjoints")) return false;
    if (!has_adjoints(tape, "adjoints")) return false;
    if (!out && count > 0)
        return tape_fail(tape, AD_ERROR_ARGUMENT, "adjoints: no room for them (NULL)");
    for (size_t i = 0; i < count; i++) {
        const double *const adjoint = adjoint_of_leaf(tape, leaves[i].node, "adjoints");
        if (!adjoint) return false;
        const size_t size = ad_rows(leaves[i]) * ad_cols(leaves[i]);
        if (size > 0) memcpy(out, adjoint, size * sizeof *out);
        out += size;
    }
    return true;
}

ad_status ad_adjoints(ad_tape *tape, const ad_var *leaves, size_t count, double *out)
{
    if (tape && tape->status == AD_OK && copy_adjoints(tape, leaves, count, out)) return AD_OK;
    for (size_t i = 0; out && leaves && i < count; i++)
        for (size_t left = ad_rows(leaves[i]) * ad_cols(leaves[i]); left > 0; left--) *out++ = NAN;
    return ad_tape_status(tape);
}

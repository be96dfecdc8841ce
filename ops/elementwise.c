/* SPDX-License-Identifier: MIT */
/* Elementwise operations: recording them. elementwise.def holds their formulas. */
#include "ops/elementwise.h"
#include "ops/operations.h"

/* ---- descriptors ---- */

/* Equal sizes, or one of them 1. */
static bool broadcast(size_t x, size_t y, size_t *size)
{
    *size = x == 1 ? y : x;
    return x == y || x == 1 || y == 1;
}

static bool shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[0].rows;
    *cols = e->in[0].cols;
    if (e->count == 1) return true;
    const matrix *x = &e->in[0], *y = &e->in[1];
    if (broadcast(x->rows, y->rows, rows) && broadcast(x->cols, y->cols, cols)) return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE, "%s: %zux%zu and %zux%zu: shapes do not broadcast",
                     e->op->name, x->rows, x->cols, y->rows, y->cols);
}

#define DESCRIPTOR(name_, zero_rule_, ...)                                                         \
    {.name = #name_,                                                                               \
     .zeros = zero_rule_,                                                                          \
     .sparse = true,                                                                               \
     .code = CODE_##name_,                                                                         \
     .choice = CODE_##name_ == CODE_select,                                                        \
     .length = CODE_##name_ == CODE_abs || CODE_##name_ == CODE_hypot,                             \
     .shape = shape,                                                                               \
     .values = elementwise_values,                                                                 \
     .gradient = elementwise_gradient,                                                             \
     .sweep = elementwise_sweep,                                                                   \
     __VA_ARGS__},

const operation elementwise_operations[] = {
#define UNARY(name, zeros, value, share) DESCRIPTOR(name, zeros, .selects = false)
#define BINARY(name, zeros, value, x_share, y_share) DESCRIPTOR(name, zeros, .selects = false)
#define UNARY_CHOICE(name, value, taken, share) DESCRIPTOR(name, ZERO_NEVER, .selects = true)
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)                             \
    DESCRIPTOR(name, ZERO_NEVER, .selects = true)
#define UNARY_STEP(name, value) DESCRIPTOR(name, ZERO_NEVER, .step = true)
#define BINARY_STEP(name, value) DESCRIPTOR(name, ZERO_NEVER, .step = true)
#include "ops/elementwise.def"
};

static const uint8_t arities[] = {
#define UNARY(name, zeros, value, share) 1,
#define BINARY(name, zeros, value, x_share, y_share) 2,
#define UNARY_STEP(name, value) 1,
#define BINARY_STEP(name, value) 2,
#include "ops/elementwise.def"
};

size_t elementwise_arity(uint8_t code)
{
    return arities[code - CODE_FIRST_SCALAR];
}

/* ---- recording ---- */

static uint8_t flags_of(ad_var x)
{
    return node_flags(x.tape, x.node);
}

bool elementwise_vanishes(uint8_t code, bool x_zero, bool y_zero, double y)
{
    const operation *op = &elementwise_operations[code - CODE_FIRST_SCALAR];
    if (op->choice && y == 0) return true;
    if (elementwise_arity(code) == 1) y_zero = x_zero;
    return zero_follows(op->zeros, x_zero, y_zero, x_zero || y_zero, x_zero && y_zero);
}

ad_var elementwise_record(uint8_t code, ad_var x, ad_var y)
{
    const operation *op = &elementwise_operations[code - CODE_FIRST_SCALAR];
    const ad_var in[] = {x, y};
    size_t count = elementwise_arity(code);
    ad_tape *tape = tape_common(in, count, op->name);
    if (!tape || !tape_ready(tape, op->name)) return (ad_var){0};
    bool two = count == 2;
    uint8_t x_flags = flags_of(x), y_flags = two ? flags_of(y) : 0;
    if ((x_flags | y_flags) & NODE_MATRIX) return tape_record_on(tape, op, in, count, NULL, 0);
    double x_value = *node_value(tape, x.node), y_value = two ? *node_value(tape, y.node) : 0;
    bool zero = elementwise_vanishes(code, x_flags & NODE_ZERO, y_flags & NODE_ZERO, y_value);
    uint8_t flags = (uint8_t)((x_flags | y_flags) & tape->record_flags);
    if (op->step) flags = 0;
    if (op->length) flags |= NODE_LENGTH;
    if (op->choice || elementwise_vanishes(code, x_flags & NODE_CHOICE, y_flags & NODE_CHOICE, 1))
        flags |= NODE_CHOICE;
    if (zero) flags |= NODE_ZERO;
    uint8_t wants = op->step || zero ? 0 : node_wants(tape, x.node, y.node, two);
    return tape_push(tape, TAG(code, wants, flags), x.node, two ? y.node : 0,
                     zero ? 0 : elementwise_value(code, x_value, y_value));
}

/* The long way: handles of any epoch, matrices, structural zeros, errors, squares of lengths. */
static ad_var record(ad_var x, ad_var y, uint8_t code)
{
    const bool same = x.tape == y.tape && x.node == y.node && x.epoch == y.epoch;
    if ((code == CODE_square || (code == CODE_mul && same)) && operation_is_length(x))
        return operation_square_of(x);
    return elementwise_record(code, x, y);
}

/* The short way is open to scalars of the present epoch with no flag but NODE_ACTIVE: their handles differ
 * from that of the next node in no bit of the epoch, or in HANDLE_ACTIVE alone. If they do not differ, all
 * but the value of the result is known beforehand; operands that are not active have a function beside
 * (with_passive). The short way calls nothing of the library's own and needs no stack. The first node of
 * a chunk, for which there may be no room yet, goes the long way. */
#include "ops/elementwise_double.h"

#define LENGTH_FLAG(name) (CODE_##name == CODE_abs || CODE_##name == CODE_hypot ? NODE_LENGTH : 0)

/* Bits of the epoch in which a handle, by its word, differs from `next`. */
#define DIFFERENCE(word) (((word) ^ next) >> 32)

/* Records a node with operand v; load and set are for another one. wants are the operands that have a
 * derivative, passive those that get no share all the same; none_active is HANDLE_ACTIVE if no operand is
 * active, else 0. */
#define RECORD(name, result, wants, passive, none_active, load, set, long_way)                     \
    const double x = *node_value(v.tape, v.node);                                                  \
    load;                                                                                          \
    if (UNLIKELY(!(next & CHUNK_MASK))) return long_way;                                           \
    tape_set_left(v.tape, next, v.node);                                                           \
    set;                                                                                           \
    const uint32_t inactive = (wants) ? (none_active) : HANDLE_ACTIVE;                             \
    const uint64_t change = inactive | (LENGTH_FLAG(name) ? HANDLE_SPECIAL : 0);                   \
    const uint32_t flags = (NODE_ACTIVE ^ inactive) | LENGTH_FLAG(name);                           \
    tape_append(v.tape, next, TAG(CODE_##name, (wants) & ~(uint32_t)(passive), flags), result);    \
    return handle_of(v.tape, next ^ change << 32)

#define RECORD_UNARY(function, name, result, differentiable)                                       \
    static APART ad_var function##_with_passive(ad_var v)                                          \
    {                                                                                              \
        const uint64_t next = v.tape->next;                                                        \
        if (DIFFERENCE(handle_word(v.node, v.epoch)) > HANDLE_ACTIVE)                              \
            return record(v, v, CODE_##name);                                                      \
        RECORD(name, result, 0, 0, 0, , , record(v, v, CODE_##name));                              \
    }                                                                                              \
                                                                                                   \
    ad_var function(ad_var v)                                                                      \
    {                                                                                              \
        if (UNLIKELY(!v.tape)) return record(v, v, CODE_##name);                                   \
        const uint64_t next = v.tape->next;                                                        \
        if (UNLIKELY(DIFFERENCE(handle_word(v.node, v.epoch)))) return function##_with_passive(v); \
        RECORD(name, result, (differentiable) ? WANTS_LEFT : 0, 0, 0, , ,                          \
               record(v, v, CODE_##name));                                                         \
    }

#define RECORD_BINARY(function, name, result, differentiable)                                      \
    static APART ad_var function##_with_passive(ad_var v, ad_var w)                                \
    {                                                                                              \
        const uint64_t next = v.tape->next;                                                        \
        const uint32_t left = (uint32_t)DIFFERENCE(handle_word(v.node, v.epoch)),                  \
                       right = (uint32_t)DIFFERENCE(handle_word(w.node, w.epoch));                 \
        if ((left | right) > HANDLE_ACTIVE) return record(v, w, CODE_##name);                      \
        RECORD(name, result, (differentiable) ? WANTS_LEFT | WANTS_RIGHT : 0,                      \
               left + WANTS_RIGHT * right, left & right,                                           \
               const double y = *node_value(v.tape, w.node), tape_set_right(v.tape, next, w.node), \
               record(v, w, CODE_##name));                                                         \
    }                                                                                              \
                                                                                                   \
    ad_var function(ad_var v, ad_var w)                                                            \
    {                                                                                              \
        if (UNLIKELY(v.tape != w.tape)) return record(v, w, CODE_##name);                          \
        if (UNLIKELY(!v.tape || CODE_##name == CODE_select)) return record(v, w, CODE_##name);     \
        const uint64_t next = v.tape->next;                                                        \
        if (UNLIKELY(DIFFERENCE(handle_word(v.node, v.epoch)) |                                    \
                     DIFFERENCE(handle_word(w.node, w.epoch))))                                    \
            return function##_with_passive(v, w);                                                  \
        RECORD(name, result, (differentiable) ? WANTS_LEFT | WANTS_RIGHT : 0, 0, 0,                \
               const double y = *node_value(v.tape, w.node), tape_set_right(v.tape, next, w.node), \
               record(v, w, CODE_##name));                                                         \
    }

/* ad_name of every public line of the table: elementwise.def lists them where it defines them. */
#define UNARY(name, zeros, value, share) RECORD_UNARY(ad_##name, name, value, 1)
#define BINARY(name, zeros, value, x_share, y_share) RECORD_BINARY(ad_##name, name, value, 1)
#define PRIVATE_UNARY(name, zeros, value, share) RECORD_UNARY(operation_##name, name, value, 1)
#define PRIVATE_BINARY(name, zeros, value, x_share, y_share)                                       \
    RECORD_BINARY(operation_##name, name, value, 1)
#define UNARY_STEP(name, value) RECORD_UNARY(ad_##name, name, value, 0)
#define BINARY_STEP(name, value) RECORD_BINARY(ad_##name, name, value, 0)
#include "ops/elementwise.def"

/* With a number: the shared constant, which the short way finds where the tape noted it. */
static APART ad_var record_with_number(ad_var x, double c, uint8_t code)
{
    const bool ok = tape_usable(x, code == CODE_mul ? "scale" : "shift");
    const ad_var number = ok ? tape_number(x.tape, c) : (ad_var){0};
    return code == CODE_mul ? ad_mul(x, number) : ad_add(x, number);
}

#define RECORD_WITH_NUMBER(function, name, result)                                                 \
    ad_var function(ad_var v, double y)                                                            \
    {                                                                                              \
        if (UNLIKELY(!v.tape)) return record_with_number(v, y, CODE_##name);                       \
        uint64_t bits;                                                                             \
        const tape_shared *const number = tape_number_slot(v.tape, y, &bits);                      \
        if (UNLIKELY(number->bits != bits)) return record_with_number(v, y, CODE_##name);          \
        const uint64_t next = v.tape->next;                                                        \
        const uint64_t noted = handle_word(number->node, number->epoch);                           \
        if (UNLIKELY(DIFFERENCE(handle_word(v.node, v.epoch)) | DIFFERENCE(noted)))                \
            return record_with_number(v, y, CODE_##name);                                          \
        RECORD(name, result, WANTS_LEFT, 0, 0, , tape_set_right(v.tape, next, (uint32_t)noted),    \
               record_with_number(v, y, CODE_##name));                                             \
    }

/* Defines ad_scale, ad_shift. */
RECORD_WITH_NUMBER(ad_scale, mul, x *y)
RECORD_WITH_NUMBER(ad_shift, add, x + y)

ad_var ad_polygamma(ad_var x, int n)
{
    if (!tape_usable(x, "polygamma")) return (ad_var){0};
    if (n >= 0) return operation_polygamma(x, tape_number(x.tape, n));
    tape_fail(x.tape, AD_ERROR_ARGUMENT, "polygamma: order %d is negative", n);
    return (ad_var){0};
}

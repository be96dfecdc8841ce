/* SPDX-License-Identifier: MIT */
/* The replay of scalar nodes, expanded from elementwise.def.
 *
 * Each operation ends with a jump of its own to the next: processors foresee it from those before.
 * One jump for all is mispredicted where operations alternate, 15 ns a node in place of 2. The value
 * of the node before stays in a register, so that a chain of nodes waits for no load.
 */
#include "ops/elementwise.h"
#include "ops/elementwise_double.h"

/* ---- values ---- */

/* Sums and products are computed within the loop. The others cost so much that a call more does not
 * count, and what the loop needs stays in registers. */
#define VALUE(place, name, result)                                                                 \
    static place double name##_value(double x, double y)                                           \
    {                                                                                              \
        (void)x, (void)y;                                                                          \
        return result;                                                                             \
    }

#define UNARY(name, zeros, value, share) VALUE(inline, name, value)
#define BINARY(name, zeros, value, x_share, y_share) VALUE(inline, name, value)
#define SUMS_AND_PRODUCTS_ONLY
#include "ops/elementwise.def"
#undef SUMS_AND_PRODUCTS_ONLY
#define UNARY(name, zeros, value, share) VALUE(APART, name, value)
#define BINARY(name, zeros, value, x_share, y_share) VALUE(APART, name, value)
#define UNARY_STEP(name, value) VALUE(APART, name, value)
#define BINARY_STEP(name, value) VALUE(APART, name, value)
#define OTHERS_ONLY
#include "ops/elementwise.def"
#undef OTHERS_ONLY

double elementwise_value(uint8_t code, double x, double y)
{
    static double (*const values[])(double, double) = {
#define UNARY(name, zeros, value, share) name##_value,
#define BINARY(name, zeros, value, x_share, y_share) name##_value,
#define UNARY_STEP(name, value) name##_value,
#define BINARY_STEP(name, value) name##_value,
#include "ops/elementwise.def"
    };
    return values[code - CODE_FIRST_SCALAR](x, y);
}

/* ---- the loop ---- */

/* A node that may be structurally zero: this is decided again together with its value. */
static APART void replay_choice(ad_tape *tape, uint32_t node)
{
    tape_chunk *chunk = chunk_of(tape, node);
    uint32_t i = node & CHUNK_MASK;
    uint8_t code = node_code(tape, node);
    bool two = elementwise_arity(code) == 2;
    uint32_t left = chunk->left[i], right = two ? chunk->right[i] : left;
    double y = *node_value(tape, right);
    bool zero = elementwise_vanishes(code, node_flags(tape, left) & NODE_ZERO,
                                     node_flags(tape, right) & NODE_ZERO, y);
    chunk->value[i] = zero ? 0 : elementwise_value(code, *node_value(tape, left), y);
    const uint32_t flags = node_flags(tape, node) & ~(uint32_t)NODE_ZERO;
    chunk->tag[i] = (uint16_t)TAG(code, zero ? 0 : node_wants(tape, left, right, two),
                                  zero ? flags | NODE_ZERO : flags);
}

/* The value of an operand; `last` is that of the node before this one. */
#define VALUE_OF(operand)                                                                          \
    ((operand) == (uint32_t)(before + i)                                                           \
         ? last                                                                                    \
         : chunks[(operand) >> CHUNK_BITS]->value[(operand)&CHUNK_MASK])

#define REPLAY(name, x, y)                                                                         \
    last = name##_value(x, y);                                                                     \
    chunk->value[i] = last;                                                                        \
    NEXT(CODE_##name)

#define REPLAY_UNARY(name)                                                                         \
    name : {                                                                                       \
        const double x = VALUE_OF(chunk->left[i]);                                                 \
        REPLAY(name, x, 0);                                                                        \
    }

#define REPLAY_BINARY(name)                                                                        \
    name : {                                                                                       \
        const double x = VALUE_OF(chunk->left[i]);                                                 \
        const double y = VALUE_OF(chunk->right[i]);                                                \
        REPLAY(name, x, y);                                                                        \
    }

#define NEXT(code)                                                                                 \
    i++;                                                                                           \
    JUMP(code, operations, chunk->tag[i], CHOICE_SHIFT)

/* Where the replay goes for a code, without and with NODE_CHOICE. */
#define LABELS(code, plain, with_choice) [(code) << 1] = &&plain, [(code) << 1 | 1] = &&with_choice,

/* Labels as values are an extension of gcc and clang. */
#pragma GCC diagnostic ignored "-Wpedantic"

uint32_t elementwise_scalar_replay(ad_tape *tape, uint32_t from, uint32_t end)
{
    /* clang-format off */
    static const void *const operations[] = {
        LABELS(CODE_GENERAL, general, general) LABELS(CODE_CONSTANT, leaf, leaf)
        LABELS(CODE_INPUT, leaf, leaf) LABELS(CODE_NUMBER, leaf, leaf)
#define UNARY(name, zeros, value, share) LABELS(CODE_##name, name, choice)
#define BINARY(name, zeros, value, x_share, y_share) LABELS(CODE_##name, name, choice)
#define UNARY_STEP(name, value) LABELS(CODE_##name, name, choice)
#define BINARY_STEP(name, value) LABELS(CODE_##name, name, choice)
#include "ops/elementwise.def"
    };
    /* clang-format on */
    tape_chunk *const *const chunks = tape->chunks;
    double last = from ? *node_value(tape, from - 1) : 0;
    while (from < end) {
        tape_chunk *const chunk = chunks[from >> CHUNK_BITS];
        const uint32_t base = from & ~(uint32_t)CHUNK_MASK;
        const uint32_t before = base - 1;
        const size_t stop = end - base < CHUNK_NODES ? end - base : CHUNK_NODES;
        const uint16_t held = chunk->tag[stop];
        chunk->tag[stop] = TAG(CODE_GENERAL, 0, 0); /* instead of a comparison a node */
        size_t i = from & CHUNK_MASK;
        goto *operations[chunk->tag[i] >> CHOICE_SHIFT];
    general:
        chunk->tag[stop] = held;
        from = base + (uint32_t)i;
        if (i == stop) continue;
        return from;
    choice:
        replay_choice(tape, base + (uint32_t)i);
    leaf:
        last = chunk->value[i];
        NEXT(CODE_NUMBER);
#define UNARY(name, zeros, value, share) REPLAY_UNARY(name)
#define BINARY(name, zeros, value, x_share, y_share) REPLAY_BINARY(name)
#define UNARY_STEP(name, value) REPLAY_UNARY(name)
#define BINARY_STEP(name, value) REPLAY_BINARY(name)
#include "ops/elementwise.def"
    }
    return end;
}

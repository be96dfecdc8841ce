/* SPDX-License-Identifier: MIT */
/* The plain sweep of scalar nodes, expanded from elementwise.def. */
#include "ops/elementwise.h"
#include "ops/elementwise_double.h"

/* The first share of an adjoint in a sweep overwrites what an earlier sweep left. */
static inline void give(tape_chunk *chunk, uint32_t i, uint8_t sweep, double share)
{
    if (LIKELY(chunk->reached[i] != sweep)) chunk->adjoint[i] = share;
    else chunk->adjoint[i] += share;
    chunk->reached[i] = sweep;
}

#define LEFT_OPERAND                                                                               \
    const uint32_t left = chunk->left[i], a = left & CHUNK_MASK;                                   \
    tape_chunk *const x_chunk = chunks[left >> CHUNK_BITS];                                        \
    const double x = x_chunk->value[a], f = chunk->value[i];                                       \
    (void)x, (void)f

#define BOTH_OPERANDS                                                                              \
    LEFT_OPERAND;                                                                                  \
    const uint32_t right = chunk->right[i], b = right & CHUNK_MASK;                                \
    tape_chunk *const y_chunk = chunks[right >> CHUNK_BITS];                                       \
    const double y = y_chunk->value[b];                                                            \
    (void)y

#define SWEEP_UNARY(name, share)                                                                   \
    case KIND(CODE_##name, WANTS_LEFT): {                                                          \
        LEFT_OPERAND;                                                                              \
        give(x_chunk, a, sweep, share);                                                            \
        break;                                                                                     \
    }

#define SWEEP_BINARY(name, x_share, y_share)                                                       \
    case KIND(CODE_##name, WANTS_LEFT): {                                                          \
        BOTH_OPERANDS;                                                                             \
        give(x_chunk, a, sweep, x_share);                                                          \
        break;                                                                                     \
    }                                                                                              \
    case KIND(CODE_##name, WANTS_RIGHT): {                                                         \
        BOTH_OPERANDS;                                                                             \
        give(y_chunk, b, sweep, y_share);                                                          \
        break;                                                                                     \
    }                                                                                              \
    case KIND(CODE_##name, WANTS_LEFT | WANTS_RIGHT): {                                            \
        BOTH_OPERANDS;                                                                             \
        const double x_given = x_share, y_given = y_share;                                         \
        give(x_chunk, a, sweep, x_given);                                                          \
        give(y_chunk, b, sweep, y_given);                                                          \
        break;                                                                                     \
    }

#define GIVE_TAKEN(chunk, i, taken_, share)                                                        \
    do {                                                                                           \
        const double taken = taken_;                                                               \
        if (taken != 0) give(chunk, i, sweep, share);                                              \
    } while (0)

#define SWEEP_UNARY_CHOICE(name, x_taken, x_share)                                                 \
    case KIND(CODE_##name, WANTS_LEFT): {                                                          \
        LEFT_OPERAND;                                                                              \
        GIVE_TAKEN(x_chunk, a, x_taken, x_share);                                                  \
        break;                                                                                     \
    }

#define SWEEP_BINARY_CHOICE(name, x_taken, x_share, y_taken, y_share)                              \
    case KIND(CODE_##name, WANTS_LEFT):                                                            \
    case KIND(CODE_##name, WANTS_RIGHT):                                                           \
    case KIND(CODE_##name, WANTS_LEFT | WANTS_RIGHT): {                                            \
        BOTH_OPERANDS;                                                                             \
        if (tag_kind(chunk->tag[i]) & WANTS_LEFT) GIVE_TAKEN(x_chunk, a, x_taken, x_share);        \
        if (tag_kind(chunk->tag[i]) & WANTS_RIGHT) GIVE_TAKEN(y_chunk, b, y_taken, y_share);       \
        break;                                                                                     \
    }

/* Any operation. Functions of libm cost so much that a call more does not count. */
static void sweep_node(tape_chunk *const *chunks, tape_chunk *chunk, uint32_t i, uint8_t sweep)
{
    const double g = chunk->adjoint[i];
    switch (tag_kind(chunk->tag[i])) {
#define UNARY(name, zeros, value, share) SWEEP_UNARY(name, share)
#define BINARY(name, zeros, value, x_share, y_share) SWEEP_BINARY(name, x_share, y_share)
#define UNARY_CHOICE(name, value, taken, share) SWEEP_UNARY_CHOICE(name, taken, share)
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)                             \
    SWEEP_BINARY_CHOICE(name, x_taken, x_share, y_taken, y_share)
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"
    default: break;
    }
}

/* Sums and products are swept within the loop: without the calls of the others everything it
 * needs stays in registers. */
uint32_t elementwise_scalar_sweep(ad_tape *tape, uint32_t from)
{
    tape_chunk *const *const chunks = tape->chunks;
    const uint8_t sweep = tape->sweep;
    for (uint32_t number = from >> CHUNK_BITS, i = from & CHUNK_MASK;; number--, i = CHUNK_MASK) {
        tape_chunk *const chunk = chunks[number];
        for (;; i--) {
            if (chunk->reached[i] == sweep) {
                const double g = chunk->adjoint[i];
                switch (tag_kind(chunk->tag[i])) {
                case KIND(CODE_GENERAL, 0): return number << CHUNK_BITS | i;
                case KIND(CODE_INPUT, 0): break;
#define UNARY(name, zeros, value, share) SWEEP_UNARY(name, share)
#define BINARY(name, zeros, value, x_share, y_share) SWEEP_BINARY(name, x_share, y_share)
#define SUMS_AND_PRODUCTS_ONLY
#include "ops/elementwise.def"
#undef SUMS_AND_PRODUCTS_ONLY
                default: sweep_node(chunks, chunk, i, sweep); break;
                }
            }
            if (i == 0) break;
        }
        if (number == 0) return NO_NODE;
    }
}

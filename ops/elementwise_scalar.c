/* The loops over scalar nodes: sweep and replay, expanded from elementwise.def. */
#include "ops/elementwise.h"
#include "ops/elementwise_double.h"

double elementwise_value(uint8_t code, double x, double y)
{
    (void)y;
    switch (code) {
#define UNARY(name, zeros, value, share) case CODE_##name: return value;
#define BINARY(name, zeros, value, x_share, y_share) case CODE_##name: return value;
#define UNARY_STEP(name, value) case CODE_##name: return value;
#define BINARY_STEP(name, value) case CODE_##name: return value;
#include "ops/elementwise.def"
    default: return NAN;
    }
}

/* The first share of an adjoint in a sweep overwrites what an earlier sweep left. */
#define GIVE(chunk, i, share)                                                                      \
    do {                                                                                           \
        if (((chunk)->link[i].flags & (NODE_ACTIVE | NODE_ZERO)) == NODE_ACTIVE) {                      \
            const double given = (share);                                                          \
            const double before = (chunk)->link[i].reached == sweep ? (chunk)->adjoint[i] : 0;          \
            (chunk)->adjoint[i] = before + given;                                                  \
            (chunk)->link[i].reached = sweep;                                                           \
        }                                                                                          \
    } while (0)

#define SWEEP_UNARY(name, share)                                                                   \
    case CODE_##name: {                                                                            \
        const uint32_t left = chunk->link[i].left, a = left & CHUNK_MASK;                               \
        tape_chunk *const x_chunk = chunks[left >> CHUNK_BITS];                                    \
        const double x = x_chunk->value[a], f = chunk->value[i];                                   \
        (void)x, (void)f;                                                                          \
        GIVE(x_chunk, a, share);                                                                   \
        break;                                                                                     \
    }

#define SWEEP_BINARY(name, x_share, y_share)                                                       \
    case CODE_##name: {                                                                            \
        const uint32_t left = chunk->link[i].left, a = left & CHUNK_MASK;                               \
        const uint32_t right = chunk->link[i].right, b = right & CHUNK_MASK;                            \
        tape_chunk *const x_chunk = chunks[left >> CHUNK_BITS];                                    \
        tape_chunk *const y_chunk = chunks[right >> CHUNK_BITS];                                   \
        const double x = x_chunk->value[a], y = y_chunk->value[b], f = chunk->value[i];            \
        (void)x, (void)y, (void)f;                                                                 \
        GIVE(x_chunk, a, x_share);                                                                 \
        GIVE(y_chunk, b, y_share);                                                                 \
        break;                                                                                     \
    }

static inline void sweep_node(tape_chunk *const *chunks, tape_chunk *chunk, uint32_t i,
                              uint8_t sweep)
{
    const double g = chunk->adjoint[i];
    switch (chunk->link[i].code) {
#define UNARY(name, zeros, value, share) SWEEP_UNARY(name, share)
#define BINARY(name, zeros, value, x_share, y_share) SWEEP_BINARY(name, x_share, y_share)
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"
    default: break;
    }
}

uint32_t elementwise_scalar_sweep(ad_tape *tape, uint32_t from)
{
    tape_chunk *const *const chunks = tape->chunks;
    const uint8_t sweep = tape->sweep;
    for (uint32_t number = from >> CHUNK_BITS, i = from & CHUNK_MASK;; number--, i = CHUNK_MASK) {
        tape_chunk *const chunk = chunks[number];
        for (;; i--) {
            if (chunk->link[i].reached == sweep) {
                if (chunk->link[i].code == CODE_GENERAL) return number << CHUNK_BITS | i;
                sweep_node(chunks, chunk, i, sweep);
            }
            if (i == 0) break;
        }
        if (number == 0) return NO_NODE;
    }
}

/* With structural zeros about, the flags are decided again together with the values. */
static void replay_with_zeros(ad_tape *tape, uint32_t node)
{
    tape_chunk *chunk = chunk_of(tape, node);
    uint32_t i = node & CHUNK_MASK;
    uint8_t code = chunk->link[i].code;
    size_t count = elementwise_arity(code);
    double x = *node_value(tape, chunk->link[i].left);
    double y = count == 2 ? *node_value(tape, chunk->link[i].right) : 0;
    bool x_zero = node_flags(tape, chunk->link[i].left) & NODE_ZERO;
    bool y_zero = count == 2 && (node_flags(tape, chunk->link[i].right) & NODE_ZERO);
    bool zero = elementwise_vanishes(code, x_zero, y_zero);
    chunk->value[i] = zero ? 0 : elementwise_value(code, x, y);
    chunk->link[i].flags = (uint8_t)(zero ? chunk->link[i].flags | NODE_ZERO : chunk->link[i].flags & ~NODE_ZERO);
}

#define REPLAY_UNARY(name, result)                                                                 \
    case CODE_##name: {                                                                            \
        const double x = *node_value(tape, chunk->link[i].left);                                        \
        chunk->value[i] = (result);                                                                \
        break;                                                                                     \
    }

#define REPLAY_BINARY(name, result)                                                                \
    case CODE_##name: {                                                                            \
        const double x = *node_value(tape, chunk->link[i].left);                                        \
        const double y = *node_value(tape, chunk->link[i].right);                                       \
        chunk->value[i] = (result);                                                                \
        break;                                                                                     \
    }

static inline void replay_node(const ad_tape *tape, tape_chunk *chunk, uint32_t i)
{
    switch (chunk->link[i].code) {
#define UNARY(name, zeros, value, share) REPLAY_UNARY(name, value)
#define BINARY(name, zeros, value, x_share, y_share) REPLAY_BINARY(name, value)
#define UNARY_STEP(name, value) REPLAY_UNARY(name, value)
#define BINARY_STEP(name, value) REPLAY_BINARY(name, value)
#include "ops/elementwise.def"
    default: break;
    }
}

uint32_t elementwise_scalar_replay(ad_tape *tape, uint32_t from, uint32_t end)
{
    for (uint32_t node = from; node < end; node++) {
        tape_chunk *chunk = chunk_of(tape, node);
        uint32_t i = node & CHUNK_MASK;
        if (chunk->link[i].code == CODE_GENERAL) return node;
        if (chunk->link[i].code < CODE_FIRST_SCALAR) continue;
        if (tape->has_zeros) replay_with_zeros(tape, node);
        else replay_node(tape, chunk, i);
    }
    return end;
}

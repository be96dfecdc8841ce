/* SPDX-License-Identifier: MIT */
/* The plain sweep of scalar nodes, expanded from elementwise.def.
 *
 * Each operation passes shares of its adjoint G to the operands that want one, and ends with a jump
 * of its own to the next node below that was reached. Where an operand is the node just below, its
 * share stays in a register: a chain of nodes waits for no load.
 */
#include "ops/elementwise.h"
#include "ops/elementwise_double.h"

/* ---- shares ---- */

/* Those of sums and products are computed within the loop, the others apart (elementwise.h). */
#define SHARE(place, name, share)                                                                  \
    static place double name(double x, double y, double f, double g)                               \
    {                                                                                              \
        (void)x, (void)y, (void)f, (void)g;                                                        \
        return share;                                                                              \
    }

#define UNARY(name, zeros, value, share) SHARE(inline, name##_to_x, share)
#define BINARY(name, zeros, value, x_share, y_share)                                               \
    SHARE(inline, name##_to_x, x_share) SHARE(inline, name##_to_y, y_share)
#define SUMS_AND_PRODUCTS_ONLY
#include "ops/elementwise.def"
#undef SUMS_AND_PRODUCTS_ONLY
#define UNARY(name, zeros, value, share) SHARE(APART, name##_to_x, share)
#define BINARY(name, zeros, value, x_share, y_share)                                               \
    SHARE(APART, name##_to_x, x_share) SHARE(APART, name##_to_y, y_share)
#define UNARY_CHOICE(name, value, taken, share)
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#define OTHERS_ONLY
#include "ops/elementwise.def"
#undef OTHERS_ONLY

#define VALUE_OF(operand) (chunks[(operand) >> CHUNK_BITS]->value[(operand)&CHUNK_MASK])

/* The first share of an adjoint in a sweep overwrites what an earlier sweep left. */
#define GIVE(operand, share_)                                                                      \
    do {                                                                                           \
        tape_chunk *const to = chunks[(operand) >> CHUNK_BITS];                                    \
        const size_t at = (operand)&CHUNK_MASK;                                                    \
        const double given = share_;                                                               \
        if (to->reached[at] == sweep) {                                                            \
            to->adjoint[at] += given;                                                              \
        } else {                                                                                   \
            to->adjoint[at] = given;                                                               \
            to->reached[at] = sweep;                                                               \
        }                                                                                          \
    } while (0)

/* Operands of choices get a share only where they are taken. */
#define GIVE_TAKEN(operand, taken_, share)                                                         \
    do {                                                                                           \
        const double taken = taken_;                                                               \
        if (taken != 0) GIVE(operand, share);                                                      \
    } while (0)

static APART void sweep_choice(tape_chunk *const *chunks, const tape_chunk *chunk, size_t i,
                               uint8_t sweep)
{
    const uint32_t wants = (uint32_t)chunk->tag[i] >> WANTS_SHIFT;
    const uint32_t left = chunk->left[i], right = chunk->right[i];
    const double g = chunk->adjoint[i], f = chunk->value[i], x = VALUE_OF(left);
    switch (tag_code(chunk->tag[i])) {
#define UNARY(name, zeros, value, share)
#define BINARY(name, zeros, value, x_share, y_share)
#define UNARY_CHOICE(name, value, x_taken, share)                                                  \
    case CODE_##name:                                                                              \
        GIVE_TAKEN(left, x_taken, share);                                                          \
        break;
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)                             \
    case CODE_##name: {                                                                            \
        const double y = VALUE_OF(right);                                                          \
        if (wants & WANTS_LEFT) GIVE_TAKEN(left, x_taken, x_share);                                \
        if (wants & WANTS_RIGHT) GIVE_TAKEN(right, y_taken, y_share);                              \
        break;                                                                                     \
    }
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"
    default: break;
    }
}

/* ---- the loop ---- */

/* Each operation counts i down before it gives shares: then it is the number of the node just below
 * in this chunk, or SIZE_MAX at the end. */
#define IS_BELOW(operand) ((size_t)(uint32_t)((operand)-base) == i)

/* On to the next node below that was reached. */
#define NEXT(code)                                                                                 \
    do {                                                                                           \
        if (i == SIZE_MAX) goto chunk_done;                                                        \
        if (UNLIKELY(chunk->reached[i] != sweep)) goto pass_over;                                  \
        g = chunk->adjoint[i];                                                                     \
        JUMP(code, operations, chunk->tag[i], WANTS_SHIFT);                                        \
    } while (0)

/* On to the node just below, which gets this share. */
#define GIVE_BELOW(code, share)                                                                    \
    do {                                                                                           \
        g = share;                                                                                 \
        if (chunk->reached[i] == sweep) g += chunk->adjoint[i];                                    \
        chunk->adjoint[i] = g;                                                                     \
        chunk->reached[i] = sweep;                                                                 \
        JUMP(code, operations, chunk->tag[i], WANTS_SHIFT);                                        \
    } while (0)

/* clang-format off */
#define SWEEP_UNARY(name)                                                                          \
    name##_x: {                                                                                    \
        const uint32_t left = chunk->left[i];                                                      \
        const double f = chunk->value[i--];                                                        \
        if (IS_BELOW(left))                                                                        \
            GIVE_BELOW(CODE_##name, name##_to_x(chunk->value[i], 0, f, g));                        \
        GIVE(left, name##_to_x(VALUE_OF(left), 0, f, g));                                          \
        NEXT(CODE_##name);                                                                         \
    }

#define SWEEP_BINARY(name)                                                                         \
    name##_x: {                                                                                    \
        const uint32_t left = chunk->left[i], right = chunk->right[i];                             \
        const double f = chunk->value[i--], y = VALUE_OF(right);                                   \
        if (IS_BELOW(left))                                                                        \
            GIVE_BELOW(CODE_##name, name##_to_x(chunk->value[i], y, f, g));                        \
        GIVE(left, name##_to_x(VALUE_OF(left), y, f, g));                                          \
        NEXT(CODE_##name);                                                                         \
    }                                                                                              \
    name##_y: {                                                                                    \
        const uint32_t left = chunk->left[i], right = chunk->right[i];                             \
        const double f = chunk->value[i--], x = VALUE_OF(left);                                    \
        if (IS_BELOW(right))                                                                       \
            GIVE_BELOW(CODE_##name, name##_to_y(x, chunk->value[i], f, g));                        \
        GIVE(right, name##_to_y(x, VALUE_OF(right), f, g));                                        \
        NEXT(CODE_##name);                                                                         \
    }                                                                                              \
    name##_xy: {                                                                                   \
        const uint32_t left = chunk->left[i], right = chunk->right[i];                             \
        const double f = chunk->value[i--];                                                        \
        if (IS_BELOW(right)) {                                                                     \
            const double x = VALUE_OF(left), y = chunk->value[i];                                  \
            const double to_y = name##_to_y(x, y, f, g);                                           \
            GIVE(left, name##_to_x(x, y, f, g));                                                   \
            GIVE_BELOW(CODE_##name, to_y);                                                         \
        }                                                                                          \
        const double y = VALUE_OF(right);                                                          \
        if (IS_BELOW(left)) {                                                                      \
            const double x = chunk->value[i], to_x = name##_to_x(x, y, f, g);                      \
            GIVE(right, name##_to_y(x, y, f, g));                                                  \
            GIVE_BELOW(CODE_##name, to_x);                                                         \
        }                                                                                          \
        const double x = VALUE_OF(left), to_y = name##_to_y(x, y, f, g);                           \
        GIVE(left, name##_to_x(x, y, f, g));                                                       \
        GIVE(right, to_y);                                                                         \
        NEXT(CODE_##name);                                                                         \
    }

/* Where the sweep goes for a code and each choice of operands that want a share. */
#define TAG_LABELS(tag, none, x, y, both)                                                          \
    [(tag) >> WANTS_SHIFT] = &&none, [(tag) >> WANTS_SHIFT | WANTS_LEFT] = &&x,                    \
    [(tag) >> WANTS_SHIFT | WANTS_RIGHT] = &&y, [(tag) >> WANTS_SHIFT | WANTS_LEFT | WANTS_RIGHT] = &&both
#define LABELS(code, ...)                                                                          \
    TAG_LABELS(TAG(code, 0, 0), __VA_ARGS__), TAG_LABELS(TAG(code, 0, NODE_CHOICE), __VA_ARGS__)

#pragma GCC diagnostic ignored "-Wpedantic" /* labels as values (JUMP) */

uint32_t elementwise_scalar_sweep(ad_tape *tape, uint32_t from)
{
    static const void *const operations[] = {
        LABELS(CODE_GENERAL, general, nothing, nothing, nothing), LABELS(CODE_CONSTANT, nothing, nothing, nothing, nothing),
        LABELS(CODE_INPUT, nothing, nothing, nothing, nothing), LABELS(CODE_NUMBER, nothing, nothing, nothing, nothing),
#define UNARY(name, zeros, value, share) LABELS(CODE_##name, nothing, name##_x, nothing, nothing),
#define BINARY(name, zeros, value, x_share, y_share) LABELS(CODE_##name, nothing, name##_x, name##_y, name##_xy),
#define UNARY_CHOICE(name, value, taken, share) LABELS(CODE_##name, nothing, choice, choice, choice),
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share) LABELS(CODE_##name, nothing, choice, choice, choice),
#define UNARY_STEP(name, value) LABELS(CODE_##name, nothing, nothing, nothing, nothing),
#define BINARY_STEP(name, value) LABELS(CODE_##name, nothing, nothing, nothing, nothing),
#include "ops/elementwise.def"
    };
    tape_chunk *const *const chunks = tape->chunks;
    const uint8_t sweep = tape->sweep;
    uint32_t base = from & ~(uint32_t)CHUNK_MASK;
    tape_chunk *chunk = chunks[base >> CHUNK_BITS];
    size_t i = from & CHUNK_MASK;
    double g;
pass_over:
    while (chunk->reached[i] != sweep)
        if (i-- == 0) goto chunk_done;
    g = chunk->adjoint[i];
    goto *operations[chunk->tag[i] >> WANTS_SHIFT];
chunk_done:
    if (base == 0) return NO_NODE;
    base -= CHUNK_NODES;
    chunk = chunks[base >> CHUNK_BITS];
    i = CHUNK_NODES - 1;
    goto pass_over;
general:
    return base + (uint32_t)i;
choice:
    sweep_choice(chunks, chunk, i, sweep);
nothing:
    i--;
    NEXT(CODE_NUMBER);
#define UNARY(name, zeros, value, share) SWEEP_UNARY(name)
#define BINARY(name, zeros, value, x_share, y_share) SWEEP_BINARY(name)
#define UNARY_CHOICE(name, value, taken, share)
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"
}
/* clang-format on */

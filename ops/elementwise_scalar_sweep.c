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
#define GIVE(operand, share)                                                                       \
    do {                                                                                           \
        tape_chunk *const to = chunks[(operand) >> CHUNK_BITS];                                    \
        const size_t at = (operand)&CHUNK_MASK;                                                    \
        double sum = share;                                                                        \
        if (to->reached[at] == sweep) sum += to->adjoint[at];                                      \
        else to->reached[at] = sweep;                                                              \
        to->adjoint[at] = sum;                                                                     \
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
    const uint32_t kind = tag_kind(chunk->tag[i]), left = chunk->left[i], right = chunk->right[i];
    const double g = chunk->adjoint[i], f = chunk->value[i], x = VALUE_OF(left);
    switch (kind >> WANTS_BITS) {
#define UNARY(name, zeros, value, share)
#define BINARY(name, zeros, value, x_share, y_share)
#define UNARY_CHOICE(name, value, x_taken, share)                                                  \
    case CODE_##name:                                                                              \
        GIVE_TAKEN(left, x_taken, share);                                                          \
        break;
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)                             \
    case CODE_##name: {                                                                            \
        const double y = VALUE_OF(right);                                                          \
        if (kind & WANTS_LEFT) GIVE_TAKEN(left, x_taken, x_share);                                 \
        if (kind & WANTS_RIGHT) GIVE_TAKEN(right, y_taken, y_share);                               \
        break;                                                                                     \
    }
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"
    default: break;
    }
}

/* ---- the loop ---- */

/* Whether an operand is the node just below, in the same chunk. */
#define IS_BELOW(operand) ((size_t)(uint32_t)((operand)-base) == i - 1)

/* On to the next node below that was reached. */
#define NEXT(code)                                                                                 \
    do {                                                                                           \
        if (i-- == 0) goto chunk_done;                                                             \
        if (UNLIKELY(chunk->reached[i] != sweep)) goto pass_over;                                  \
        g = chunk->adjoint[i];                                                                     \
        JUMP(code, operations[tag_kind(chunk->tag[i])]);                                           \
    } while (0)

/* On to the node just below, which gets this share. */
#define GIVE_BELOW(code, share)                                                                    \
    do {                                                                                           \
        g = share;                                                                                 \
        i--;                                                                                       \
        if (chunk->reached[i] == sweep) g += chunk->adjoint[i];                                    \
        chunk->adjoint[i] = g;                                                                     \
        chunk->reached[i] = sweep;                                                                 \
        JUMP(code, operations[tag_kind(chunk->tag[i])]);                                           \
    } while (0)

/* clang-format off */
#define SWEEP_UNARY(name)                                                                          \
    name##_x: {                                                                                    \
        const uint32_t left = chunk->left[i];                                                      \
        const double f = chunk->value[i];                                                          \
        if (IS_BELOW(left))                                                                        \
            GIVE_BELOW(CODE_##name, name##_to_x(chunk->value[i - 1], 0, f, g));                    \
        GIVE(left, name##_to_x(VALUE_OF(left), 0, f, g));                                          \
        NEXT(CODE_##name);                                                                         \
    }

#define SWEEP_BINARY(name)                                                                         \
    name##_x: {                                                                                    \
        const uint32_t left = chunk->left[i];                                                      \
        const double f = chunk->value[i], y = VALUE_OF(chunk->right[i]);                           \
        if (IS_BELOW(left))                                                                        \
            GIVE_BELOW(CODE_##name, name##_to_x(chunk->value[i - 1], y, f, g));                    \
        GIVE(left, name##_to_x(VALUE_OF(left), y, f, g));                                          \
        NEXT(CODE_##name);                                                                         \
    }                                                                                              \
    name##_y: {                                                                                    \
        const uint32_t right = chunk->right[i];                                                    \
        const double f = chunk->value[i], x = VALUE_OF(chunk->left[i]);                            \
        if (IS_BELOW(right))                                                                       \
            GIVE_BELOW(CODE_##name, name##_to_y(x, chunk->value[i - 1], f, g));                    \
        GIVE(right, name##_to_y(x, VALUE_OF(right), f, g));                                        \
        NEXT(CODE_##name);                                                                         \
    }                                                                                              \
    name##_xy: {                                                                                   \
        const uint32_t left = chunk->left[i], right = chunk->right[i];                             \
        const double f = chunk->value[i];                                                          \
        if (IS_BELOW(right)) {                                                                     \
            const double x = VALUE_OF(left), y = chunk->value[i - 1];                              \
            const double to_y = name##_to_y(x, y, f, g);                                           \
            GIVE(left, name##_to_x(x, y, f, g));                                                   \
            GIVE_BELOW(CODE_##name, to_y);                                                         \
        }                                                                                          \
        const double y = VALUE_OF(right);                                                          \
        if (IS_BELOW(left)) {                                                                      \
            const double x = chunk->value[i - 1], to_x = name##_to_x(x, y, f, g);                  \
            GIVE(right, name##_to_y(x, y, f, g));                                                  \
            GIVE_BELOW(CODE_##name, to_x);                                                         \
        }                                                                                          \
        const double x = VALUE_OF(left), to_y = name##_to_y(x, y, f, g);                           \
        GIVE(left, name##_to_x(x, y, f, g));                                                       \
        GIVE(right, to_y);                                                                         \
        NEXT(CODE_##name);                                                                         \
    }

/* Where the sweep goes for a code and each choice of operands that want a share. */
#define LABELS(code, none, x, y, both)                                                             \
    [KIND(code, 0)] = &&none, [KIND(code, WANTS_LEFT)] = &&x, [KIND(code, WANTS_RIGHT)] = &&y,  \
    [KIND(code, WANTS_LEFT | WANTS_RIGHT)] = &&both

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
    size_t i = (from & CHUNK_MASK) + 1;
    double g;
pass_over:
    do
        if (i-- == 0) goto chunk_done;
    while (chunk->reached[i] != sweep);
    g = chunk->adjoint[i];
    goto *operations[tag_kind(chunk->tag[i])];
chunk_done:
    if (base == 0) return NO_NODE;
    base -= CHUNK_NODES;
    chunk = chunks[base >> CHUNK_BITS];
    i = CHUNK_NODES;
    goto pass_over;
general:
    return base + (uint32_t)i;
choice:
    sweep_choice(chunks, chunk, i, sweep);
nothing:
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

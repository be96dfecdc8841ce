/* SPDX-License-Identifier: MIT */
/* Recording inline: include this after autodiff.h, or in its place, and the arithmetic of scalars is
 * recorded where it stands, without a call. Handles, checks, results and errors are those of the
 * functions of the same names, which are still called for all that is not the common case: matrices,
 * handles from before a rewind, the first node of a chunk, errors.
 *
 *     #include <autodiff/inline.h>
 *     ad_var y = ad_add(ad_square(x), ad_scale(x, 3));
 *
 * The layout of a tape that stands here is that of one version of the library. A tape is asked for
 * its own when it is made: ad_tape_new and ad_tape_new_with return NULL if it is another one, as that
 * of a shared library that was replaced. A tape made by a file that does not include this header must
 * come from the same library.
 */
#ifndef AUTODIFF_INLINE_H
#define AUTODIFF_INLINE_H

#include <autodiff/autodiff.h>
#include <math.h>
#include <string.h>

/* ---- The layout ------------------------------------------------------------------------- */

/* One more whenever anything in this section changes. */
#define AD_INLINE_LAYOUT 3

enum {
    AD_INLINE_NODES = 1 << 12, /* of a chunk */
    AD_INLINE_NUMBERS = 64,
    AD_INLINE_ACTIVE = 1, /* in the epoch of a handle, and in a tag */
    AD_INLINE_WANTS_SHIFT = 5,
    AD_INLINE_CODE_SHIFT = 8
};

/* The codes of operations in tags. */
#define AD_INLINE_CODES(X)                                                                         \
    X(add, 4)                                                                                      \
    X(sub, 5)                                                                                      \
    X(mul, 6)                                                                                      \
    X(div, 7) X(neg, 8) X(square, 9) X(sqrt, 18) X(exp, 19) X(log, 21) X(sin, 28) X(cos, 29)

#define AD_INLINE_CODE(name, code) AD_INLINE_##name = code,
enum { AD_INLINE_INPUT = 2, AD_INLINE_CODES(AD_INLINE_CODE) AD_INLINE_CODES_END };
#undef AD_INLINE_CODE

typedef struct ad_inline_chunk {
    double adjoint[AD_INLINE_NODES];
    double value[AD_INLINE_NODES];
    uint32_t left[AD_INLINE_NODES];
    uint32_t right[AD_INLINE_NODES];
    uint16_t tag[AD_INLINE_NODES];
} ad_inline_chunk;

typedef struct ad_inline_number {
    uint64_t bits;
    uint32_t node;
    uint32_t epoch;
} ad_inline_number;

/* How a tape begins. */
typedef struct ad_inline_tape {
    uint32_t layout;
    uint32_t record_flags;
    uint64_t next; /* ad_inline_word of the next node, if it is active */
    ad_inline_chunk *const *chunks;
    ad_inline_chunk *filling;
    ad_inline_number numbers[AD_INLINE_NUMBERS];
} ad_inline_tape;

/* ---- Recording -------------------------------------------------------------------------- */

#define AD_INLINE_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

static inline ad_inline_tape *ad_inline_of(ad_tape *tape)
{
    return (ad_inline_tape *)(void *)tape;
}

static inline double ad_inline_value(const ad_inline_tape *tape, uint32_t node)
{
    return tape->chunks[node / AD_INLINE_NODES]->value[node % AD_INLINE_NODES];
}

/* Epoch and node in a word, to be compared together. */
static inline uint64_t ad_inline_word(uint32_t node, uint32_t epoch)
{
    return (uint64_t)epoch << 32 | node;
}

/* The next node: its operands, then the rest. */
static inline void ad_inline_left(const ad_inline_tape *tape, uint64_t next, uint32_t node)
{
    tape->filling->left[next % AD_INLINE_NODES] = node;
}

static inline void ad_inline_right(const ad_inline_tape *tape, uint64_t next, uint32_t node)
{
    tape->filling->right[next % AD_INLINE_NODES] = node;
}

static inline ad_var ad_inline_append(ad_tape *tape, uint64_t next, uint32_t tag, double value)
{
    ad_inline_tape *const t = ad_inline_of(tape);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    ad_var x = {tape, 0, 0}; /* a whole word, which compilers then keep as one: a tenth less */
    memcpy((char *)&x + offsetof(ad_var, node), &next, sizeof next);
#else
    const ad_var x = {tape, (uint32_t)next, (uint32_t)(next >> 32)};
#endif
    t->filling->value[next % AD_INLINE_NODES] = value;
    t->filling->tag[next % AD_INLINE_NODES] = (uint16_t)tag;
    t->next = next + 1;
    return x;
}

/* Bits of the epoch in which a handle, or a number, differs from that of the next node, if active. */
#define AD_INLINE_DIFFERENCE(x) ((ad_inline_word((x).node, (x).epoch) ^ next) >> 32)

/* Active operands only: the others are recorded by a call. `wants` are those that get a share. */
#define AD_INLINE_TAG(name, wants)                                                                 \
    (AD_INLINE_##name << AD_INLINE_CODE_SHIFT | (wants) << AD_INLINE_WANTS_SHIFT | AD_INLINE_ACTIVE)

#define AD_INLINE_UNARY(name, result)                                                              \
    static inline ad_var ad_inline_##name(ad_var v)                                                \
    {                                                                                              \
        ad_inline_tape *const t = ad_inline_of(v.tape);                                            \
        if (AD_INLINE_UNLIKELY(!t)) return (ad_##name)(v);                                         \
        const uint64_t next = t->next;                                                             \
        if (AD_INLINE_UNLIKELY(AD_INLINE_DIFFERENCE(v) || next % AD_INLINE_NODES == 0))            \
            return (ad_##name)(v);                                                                 \
        const double x = ad_inline_value(t, v.node);                                               \
        ad_inline_left(t, next, v.node);                                                           \
        return ad_inline_append(v.tape, next, AD_INLINE_TAG(name, 1), result);                     \
    }

#define AD_INLINE_BINARY(name, result)                                                             \
    static inline ad_var ad_inline_##name(ad_var v, ad_var w)                                      \
    {                                                                                              \
        ad_inline_tape *const t = ad_inline_of(v.tape);                                            \
        if (AD_INLINE_UNLIKELY(v.tape != w.tape || !t)) return (ad_##name)(v, w);                  \
        const uint64_t next = t->next;                                                             \
        if (AD_INLINE_UNLIKELY((AD_INLINE_DIFFERENCE(v) | AD_INLINE_DIFFERENCE(w)) ||              \
                               next % AD_INLINE_NODES == 0))                                       \
            return (ad_##name)(v, w);                                                              \
        const double x = ad_inline_value(t, v.node), y = ad_inline_value(t, w.node);               \
        ad_inline_left(t, next, v.node);                                                           \
        ad_inline_right(t, next, w.node);                                                          \
        return ad_inline_append(v.tape, next, AD_INLINE_TAG(name, 3), result);                     \
    }

/* With a number that the tape has noted. */
#define AD_INLINE_NUMBER(function, name, result)                                                   \
    static inline ad_var ad_inline_##function(ad_var v, double y)                                  \
    {                                                                                              \
        ad_inline_tape *const t = ad_inline_of(v.tape);                                            \
        if (AD_INLINE_UNLIKELY(!t)) return (ad_##function)(v, y);                                  \
        uint64_t bits;                                                                             \
        memcpy(&bits, &y, sizeof bits);                                                            \
        const ad_inline_number *const number =                                                     \
            &t->numbers[(bits * UINT64_C(0x9E3779B97F4A7C15)) >> 58];                              \
        if (AD_INLINE_UNLIKELY(number->bits != bits)) return (ad_##function)(v, y);                \
        const uint64_t next = t->next;                                                             \
        if (AD_INLINE_UNLIKELY((AD_INLINE_DIFFERENCE(v) | AD_INLINE_DIFFERENCE(*number)) ||        \
                               next % AD_INLINE_NODES == 0))                                       \
            return (ad_##function)(v, y);                                                          \
        const double x = ad_inline_value(t, v.node);                                               \
        ad_inline_left(t, next, v.node);                                                           \
        ad_inline_right(t, next, number->node);                                                    \
        return ad_inline_append(v.tape, next, AD_INLINE_TAG(name, 1), result);                     \
    }

AD_INLINE_BINARY(add, x + y)
AD_INLINE_BINARY(sub, x - y)
AD_INLINE_BINARY(mul, x *y)
AD_INLINE_BINARY(div, x / y)
AD_INLINE_UNARY(neg, -x)
AD_INLINE_UNARY(square, x *x)
AD_INLINE_UNARY(sqrt, sqrt(x) + 0.0)
AD_INLINE_UNARY(exp, exp(x))
AD_INLINE_UNARY(log, log(x))
AD_INLINE_UNARY(sin, sin(x))
AD_INLINE_UNARY(cos, cos(x))
AD_INLINE_NUMBER(scale, mul, x *y)
AD_INLINE_NUMBER(shift, add, x + y)

static inline ad_var ad_inline_scalar(ad_tape *tape, double value)
{
    const ad_inline_tape *const t = ad_inline_of(tape);
    if (AD_INLINE_UNLIKELY(!t || !t->record_flags || t->next >> 32 == UINT32_MAX))
        return (ad_scalar)(tape, value);
    const uint64_t next = t->next;
    if (AD_INLINE_UNLIKELY(next % AD_INLINE_NODES == 0)) return (ad_scalar)(tape, value);
    return ad_inline_append(tape, next, AD_INLINE_INPUT << AD_INLINE_CODE_SHIFT | AD_INLINE_ACTIVE,
                            value);
}

/* The tape, if it has the layout that stands here. */
static inline ad_tape *ad_inline_checked(ad_tape *tape)
{
    if (!tape || ad_inline_of(tape)->layout == AD_INLINE_LAYOUT) return tape;
    ad_tape_free(tape);
    return NULL;
}

/* ---- The names -------------------------------------------------------------------------- */

#ifndef AD_INLINE_LAYOUT_ONLY
#define ad_tape_new() ad_inline_checked((ad_tape_new)())
#define ad_tape_new_with(allocator) ad_inline_checked((ad_tape_new_with)(allocator))
#define ad_scalar(tape, value) ad_inline_scalar(tape, value)
#define ad_add(x, y) ad_inline_add(x, y)
#define ad_sub(x, y) ad_inline_sub(x, y)
#define ad_mul(x, y) ad_inline_mul(x, y)
#define ad_div(x, y) ad_inline_div(x, y)
#define ad_neg(x) ad_inline_neg(x)
#define ad_square(x) ad_inline_square(x)
#define ad_sqrt(x) ad_inline_sqrt(x)
#define ad_exp(x) ad_inline_exp(x)
#define ad_log(x) ad_inline_log(x)
#define ad_sin(x) ad_inline_sin(x)
#define ad_cos(x) ad_inline_cos(x)
#define ad_scale(x, c) ad_inline_scale(x, c)
#define ad_shift(x, c) ad_inline_shift(x, c)
#endif

#endif

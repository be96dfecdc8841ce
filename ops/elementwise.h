/* SPDX-License-Identifier: MIT */
/* What the parts of the elementwise operations share: codes, descriptors, loops. */
#ifndef OPS_ELEMENTWISE_H
#define OPS_ELEMENTWISE_H

#include "tape/tape.h"

enum elementwise_code {
    ELEMENTWISE_BEFORE_FIRST = CODE_FIRST_SCALAR - 1,
#define UNARY(name, zeros, value, share) CODE_##name,
#define BINARY(name, zeros, value, x_share, y_share) CODE_##name,
#define UNARY_STEP(name, value) CODE_##name,
#define BINARY_STEP(name, value) CODE_##name,
#include "ops/elementwise.def"
    ELEMENTWISE_END,
    ELEMENTWISE_COUNT = ELEMENTWISE_END - CODE_FIRST_SCALAR
};

_Static_assert(ELEMENTWISE_END - 1 <= UINT16_MAX >> CODE_SHIFT,
               "the codes of elementwise operations are used up: at most 252 fit the 8 bits of a "
               "node's tag. For more, widen tape_chunk.tag (tape.h, TAG) to 32 bits");

/* A jump of its own behind every operation: the code, of which no instruction is made, keeps the
 * compiler from leading all to one. Labels as values are an extension of gcc and clang. */
#define JUMP(code, labels, tag, shift)                                                             \
    do {                                                                                           \
        size_t index = tag;                                                                        \
        __asm__ volatile("" : "+r"(index) : "i"(code));                                            \
        goto *(labels)[index >> (shift)];                                                          \
    } while (0)

/* Operands and result as rows of equal length: an operand that is broadcast has step 0 there. */
typedef struct elementwise_span {
    size_t rows, cols;
    const double *x, *y;
    size_t x_row, x_col, y_row, y_col; /* steps */
    double *output;
} elementwise_span;

extern const operation elementwise_operations[ELEMENTWISE_COUNT];
size_t elementwise_arity(uint8_t code);
/* Whether the result of a scalar operation is structurally zero when x or y are; y is a value. */
bool elementwise_vanishes(uint8_t code, bool x_zero, bool y_zero, double y);
ad_var elementwise_record(uint8_t code, ad_var x, ad_var y);

double elementwise_value(uint8_t code, double x, double y);
uint32_t elementwise_scalar_sweep(ad_tape *tape, uint32_t from);
uint32_t elementwise_scalar_replay(ad_tape *tape, uint32_t from, uint32_t end);

bool elementwise_values(const evaluation *e);
bool elementwise_sweep(const evaluation *e, const plain_adjoints *a);

bool elementwise_gradient(const rule *r);
bool elementwise_scalar_gradient(const rule *r, uint8_t code);

#endif

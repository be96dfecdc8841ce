/* SPDX-License-Identifier: MIT */
/* A node. All live in chunks that never move, as parallel arrays: a scalar node is its value,
 * adjoint, two operands and three bytes, 27 in all. Any other node, matrix or custom, has a record
 * besides (shape, values, inputs, attributes) in the arena.
 */
#ifndef TAPE_NODE_H
#define TAPE_NODE_H

#include "tape/operation.h"

/* Branch hints. */
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
/* Marks a function that must not become part of what calls it: that has more to keep in registers. */
#define APART __attribute__((noinline))

enum { CHUNK_BITS = 12, CHUNK_NODES = 1 << CHUNK_BITS, CHUNK_MASK = CHUNK_NODES - 1 };

#define NO_NODE UINT32_MAX
#define NO_EPOCH UINT32_MAX /* of no handle, as 0 */

/* An epoch is a multiple of EPOCH_STEP. That of a handle has in the bits below what recording must
 * know of the node, so that it need not load it: whether it is active, and whether any other of its
 * flags is set. */
enum { HANDLE_ACTIVE = 1, HANDLE_SPECIAL = 2, EPOCH_STEP = 4 };

/* Whether both are scalars with no flag but NODE_ACTIVE. */
static inline bool are_plain_scalars(ad_var x, ad_var y)
{
    return !((x.epoch | y.epoch) & HANDLE_SPECIAL);
}

/* Codes of nodes; elementwise operations of scalars count on from CODE_FIRST_SCALAR. A number is a
 * constant made by tape_number, no leaf of the user's. */
enum { CODE_GENERAL, CODE_CONSTANT, CODE_INPUT, CODE_NUMBER, CODE_FIRST_SCALAR };

/* A node's tag is its code, 8 bits, NODE_CHOICE, two bits for which operands of a scalar operation get
 * a share of its adjoint, and the other flags. A sweep jumps by the code and these two bits, known when
 * the node is recorded, so that it need not ask the operands; a replay by the code and NODE_CHOICE. */
enum { WANTS_LEFT = 1, WANTS_RIGHT = 2, WANTS_SHIFT = 5, CHOICE_SHIFT = 7, CODE_SHIFT = 8 };

#define TAG(code, wants, flags)                                                                    \
    ((uint32_t)(code) << CODE_SHIFT | (uint32_t)(wants) << WANTS_SHIFT | (flags))

enum {
    NODE_ACTIVE = 1, /* depends on an input */
    NODE_MATRIX = 2, /* values in the record, not in the value slot */
    NODE_ZERO = 4,   /* structurally zero at the present values: passes no derivative */
    NODE_LENGTH = 8, /* its operation has `length` */
    NODE_CHOICE = 1 << CHOICE_SHIFT, /* elements may be so: decided again with each value */
    NODE_FLAGS = NODE_ACTIVE | NODE_MATRIX | NODE_ZERO | NODE_LENGTH | NODE_CHOICE
};

typedef struct tape_chunk {
    double adjoint[CHUNK_NODES]; /* first: a sweep adds to it at an address without offset */
    double value[CHUNK_NODES];
    uint32_t left[CHUNK_NODES];  /* first operand; of a general node its number among the records */
    uint32_t right[CHUNK_NODES]; /* second operand, of an operation of two */
    uint16_t tag[CHUNK_NODES + 1]; /* one more, for a replay to end at */
    uint8_t reached[CHUNK_NODES];  /* number of the sweep that last gave it an adjoint */
} tape_chunk;

/* A general node. */
typedef struct tape_node {
    const operation *op;
    size_t rows;
    size_t cols;
    double *values; /* of a 1x1: its slot in the chunk */
    /* When reached; NULL while it is the number in its slot times the unit matrix. */
    double *adjoint;
    size_t attribute_size; /* they follow the inputs */
    arena_position start;  /* of the values' arena, to rewind to */
    uint32_t node;
    uint32_t count;
    bool *support; /* of a matrix with NODE_CHOICE: which elements are not structurally zero */
    bool *given;   /* which elements of the adjoint were given a share; NULL: all */
    bool computed;
    bool partial; /* some elements are structurally zero now */
    uint32_t inputs[];
} tape_node;

/* Where the attributes begin, behind count inputs, in bytes. */
static inline size_t node_bytes(size_t count)
{
    const size_t bytes = offsetof(tape_node, inputs) + count * sizeof(uint32_t);
    return (bytes + sizeof(double) - 1) / sizeof(double) * sizeof(double);
}

static inline void *node_attributes(const tape_node *n)
{
    return n->attribute_size ? (unsigned char *)n + node_bytes(n->count) : NULL;
}

static inline const char *node_name(const tape_node *n)
{
    return operation_name(n->op, node_attributes(n));
}

/* An empty record, field by field: this costs half of a compiler's clearing of the whole. */
static inline void node_begin(tape_node *n, const operation *op, arena_position start)
{
    n->op = op;
    n->rows = n->cols = 0;
    n->values = n->adjoint = NULL;
    n->support = n->given = NULL;
    n->attribute_size = 0;
    n->start = start;
    n->node = n->count = 0;
    n->computed = n->partial = false;
}

/* One application of its operation; in is NULL where only its shape counts. */
static inline evaluation node_application(ad_tape *tape, const tape_node *n, const matrix *in)
{
    return (evaluation){.tape = tape,
                        .op = n->op,
                        .in = in,
                        .count = n->count,
                        .attributes = node_attributes(n),
                        .rows = n->rows,
                        .cols = n->cols};
}

#endif

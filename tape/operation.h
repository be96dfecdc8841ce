/* SPDX-License-Identifier: MIT */
/* What a tape knows of an operation: its name, shape rule, values and gradient rule.
 *
 * Everything the operations need of the tape is declared here; tape.h holds the tape's insides.
 */
#ifndef TAPE_OPERATION_H
#define TAPE_OPERATION_H

#include "tape/arena.h"

/* A matrix as the operations see it: row-major, with the node it is the value of. Elements that are
 * structurally zero (tape/support.c) have the value 0. */
typedef struct matrix {
    size_t rows;
    size_t cols;
    const double *values;
    const bool *support; /* false where an element is structurally zero; NULL: none is */
    uint32_t node;
} matrix;

static inline size_t matrix_size(const matrix *m)
{
    return m->rows * m->cols;
}

/* The position of element (i, j) of what m is broadcast to. */
static inline size_t matrix_position(const matrix *m, size_t i, size_t j)
{
    return (m->rows == 1 ? 0 : i) * m->cols + (m->cols == 1 ? 0 : j);
}

/* Row-major positions of elements in another matrix: of a rows x cols grid, or from a list. */
typedef struct positions {
    size_t rows, cols; /* of the elements, which are counted row by row */
    size_t first, row_step, col_step;
    const size_t *list; /* NULL for a grid */
} positions;

static inline size_t position_of(const positions *p, size_t i)
{
    if (p->list) return p->list[i];
    return p->first + i / p->cols * p->row_step + i % p->cols * p->col_step;
}

typedef struct operation operation;

/* One application of an operation: in the shape rule values and output are NULL. */
typedef struct evaluation {
    ad_tape *tape;
    const operation *op;
    const matrix *in;
    size_t count;
    const void *attributes;
    size_t rows; /* of the result */
    size_t cols;
    double *output;
    bool accumulate; /* add to output instead of overwriting it; only where the operation can */
} evaluation;

/* One application of a gradient rule: adds to the adjoints of the inputs. */
typedef struct rule {
    ad_tape *tape;
    const operation *op;
    const ad_var *in;
    const bool *wanted; /* which adjoints are asked for; nothing else need be computed */
    size_t count;
    ad_var output;
    ad_var adjoint;      /* of output; the rule is linear in it */
    const positions *at; /* where adjoint, a column, stands in zeros that are structural; NULL: it
                            has the shape of output. Set only for operations with `sparse` */
    const void *attributes;
    void *sink; /* the sweep's own */
} rule;

/* Adjoints in a plain sweep: elements of that of the result, which given has (NULL: all), are
 * passed on to those of the operands, where they are not NULL. What gets a share is noted where
 * given[k] of an operand is not NULL. Where fresh[k], nothing has been added to that of an operand
 * yet: it is written over. Operands have their turn in their order: two may be one value. */
typedef struct plain_adjoints {
    const double *of_result;
    const bool *given;
    double *const *of_operands;
    bool *const *operands_given;
    const bool *fresh;
} plain_adjoints;

/* Which results are structurally zero, given which operands are. Elementwise operations apply it
 * to each element; one that moves, adds or subtracts elements (ZERO_ALL) to each with the elements
 * that went into it; others to the whole, and read single zeros as the number 0. */
typedef enum zero_rule {
    ZERO_NEVER,  /* none is */
    ZERO_ALL,    /* where all operands are: linear in all together */
    ZERO_FIRST,  /* where operand 0 is: linear in it */
    ZERO_SECOND, /* where operand 1 is */
    ZERO_ANY     /* where any operand is: linear in each */
} zero_rule;

struct operation {
    const char *name;
    const char *const
        *names; /* of an operation under several, up to NULL: its attributes begin with
                                 the index of the name, a size_t. Else NULL */
    zero_rule zeros;
    bool lazy;        /* values are computed when first needed */
    bool accumulates; /* values honours evaluation.accumulate */
    bool step;        /* derivative 0 everywhere: the result takes no part in differentiation */
    bool cut;         /* the result has no history: no derivative passes, nor need one be kept */
    bool identity;    /* the result is input 0, a 1x1, times the unit matrix */
    bool choice;      /* results may be structurally zero whatever the operands are; elementwise:
                         where operand 1, which is a step, is 0 */
    bool length;      /* the result is the root of the sum of its operands' squares (squares.c) */
    bool move;        /* each element of the result is one of an operand's, or 0 */
    bool sparse;      /* the gradient rule heeds rule.at */
    bool selects;     /* a share may go to some elements of an operand only */
    bool whole;   /* the sweep heeds `fresh`, and no structural zeros: it runs where none can be */
    uint8_t code; /* of an elementwise operation, else 0 */

    /* Result shape from the inputs' shapes; false after tape_fail. */
    bool (*shape)(const evaluation *e, size_t *rows, size_t *cols);
    /* Fills e->output; false after tape_fail. */
    bool (*values)(const evaluation *e);
    /* The gradient rule, in tape operations: one rule_add for each wanted input that has a
     * derivative. Serves the plain sweep and derivatives of every order. False after tape_fail. */
    bool (*gradient)(const rule *r);
    /* Adds to the adjoints in plain numbers, for the plain sweep. NULL unless it is faster and
     * comes from one source with gradient. */
    bool (*sweep)(const evaluation *e, const plain_adjoints *a);
    /* Fills in which elements of the result are not structurally zero, where `zeros` does not tell
     * it: an operand has such zeros, or, with `choice`, the values decide. NULL for none. */
    void (*support)(const evaluation *e, bool *support);
};

/* Whether a result is structurally zero when its operands are: the first, the second, any, all. */
static inline bool zero_follows(zero_rule zeros, bool first, bool second, bool any, bool all)
{
    switch (zeros) {
    case ZERO_NEVER: return false;
    case ZERO_ALL: return all;
    case ZERO_FIRST: return first;
    case ZERO_SECOND: return second;
    case ZERO_ANY: return any;
    }
    return false;
}

/* The name of one application, for messages. */
static inline const char *operation_name(const operation *op, const void *attributes)
{
    return op->names ? op->names[*(const size_t *)attributes] : op->name;
}

/* Records op on inputs, all on one tape; attributes (size bytes) are copied. */
ad_var tape_record(const operation *op, const ad_var *inputs, size_t count, const void *attributes,
                   size_t size);
/* Records op on a given tape: for operations that may have no inputs. */
ad_var tape_record_on(ad_tape *tape, const operation *op, const ad_var *inputs, size_t count,
                      const void *attributes, size_t size);

#define TAPE_RECORD(op, ...)                                                                       \
    tape_record(op, (const ad_var[]){__VA_ARGS__},                                                 \
                sizeof((const ad_var[]){__VA_ARGS__}) / sizeof(ad_var), NULL, 0)

/* The adjoint of the result as an operand, and the share of operand k that an operation gives: added,
 * or computed where nothing is yet. False on error. */
static inline matrix plain_adjoint(const evaluation *e, const plain_adjoints *a)
{
    return (matrix){.rows = e->rows, .cols = e->cols, .values = a->of_result};
}

bool plain_share(const evaluation *e, const plain_adjoints *a, size_t k, const operation *op,
                 const matrix *in, size_t count, const void *attributes);

/* The share g x, likewise. */
static inline void plain_multiple(size_t n, double g, const double *x, bool fresh, double *share)
{
    for (size_t i = 0; i < n; i++) share[i] = fresh ? g * x[i] : share[i] + g * x[i];
}

/* Adds a share to the adjoint of input k. False on error. */
bool rule_add(const rule *r, size_t k, ad_var share);
/* Adds elements to it at positions, which may repeat; the other elements get no share. */
bool rule_add_at(const rule *r, size_t k, ad_var elements, const positions *at);

/* Puts the first error on the tape; returns false. A NULL tape is ignored. */
bool tape_fail(ad_tape *tape, ad_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool tape_out_of_memory(ad_tape *tape, const char *operation_name);

/* True when x is a valid handle on a tape without error; else puts an error there. */
bool tape_usable(ad_var x, const char *operation_name);

/* A 1x1 constant shared by all that need this number; no leaf of the user's. */
ad_var tape_number(ad_tape *tape, double value);
/* rows x cols copies of a number as a constant. */
ad_var tape_filled(ad_tape *tape, size_t rows, size_t cols, double value);
/* True, and g, when x is a multiple g of the unit matrix that was recorded as such. */
bool tape_is_scaled_identity(ad_var x, ad_var *g);

/* The operation, inputs and attributes behind a value; NULL operation for a scalar one. */
const operation *tape_operation(ad_var x);
ad_var tape_operand(ad_var x, size_t k);
const void *tape_attributes(ad_var x);

/* Whether elements of x may be structurally zero, at the present values or others. */
bool tape_may_vanish(ad_var x);
/* Whether all elements of an operand are, now. */
bool matrix_vanishes(const matrix *m);

/* Scratch memory for the evaluation or rule at hand, given back when it ends. NULL, and an error,
 * when out of memory. */
void *tape_scratch(ad_tape *tape, size_t count, size_t size);
/* The arena behind it, for kernels that take one. */
arena *tape_scratch_arena(ad_tape *tape);

/* The memo: what was computed from the value of a node, shared by the operations on it until
 * the values change. key tells apart what several families keep of one node. */
void *tape_memo_find(ad_tape *tape, uint32_t node, const void *key);
bool tape_memo_store(ad_tape *tape, uint32_t node, const void *key, void *data);
/* Where to put what the memo shall keep for this node. */
arena *tape_memo_arena(ad_tape *tape, uint32_t node);
void tape_count_factorization(ad_tape *tape);

#endif

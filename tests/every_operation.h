/* SPDX-License-Identifier: MIT */
/* Every operation of the public header, to be called with any handles; from tests/operations.def
 * and ops/elementwise.def. */
#ifndef TESTS_EVERY_OPERATION_H
#define TESTS_EVERY_OPERATION_H

#include <autodiff/autodiff.h>

/* What an operand must be for the call to work, given the first one. */
typedef enum operand_kind {
    ANY,
    SOME,           /* not empty */
    DISTINCT,       /* not empty, without ties */
    SQUARE,         /* regular, best */
    LARGE_DIAGONAL, /* square, its symmetric part positive definite, best */
    ONE,            /* 1x1 */
    VECTOR,
    SAME,
    BROADCAST,
    INNER, /* as many rows as the first has columns */
    ROWS,  /* as many rows */
    COLS   /* as many columns */
} operand_kind;

enum { MOST_KINDS = 3 };

typedef struct public_operation {
    const char *name; /* in messages; ad_<name> in the header */
    size_t operands;
    operand_kind kinds[MOST_KINDS];
    ad_var (*apply)(const ad_var *x); /* with other arguments for which 1x1 operands will do */
} public_operation;

/* Up to one without a name. */
extern const public_operation every_operation[];
size_t every_operation_count(void);
const public_operation *public_operation_named(const char *name); /* NULL: there is none */

/* Records the operation of that name, public or not, which tests/operations.def or the table of
 * elementwise operations must have. */
ad_var operation_record(const char *name, const ad_var *x);

/* A file's text; the caller frees it. Fails the test when it cannot be read. */
char *text_of_file(const char *path);

#endif

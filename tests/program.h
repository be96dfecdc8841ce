/* SPDX-License-Identifier: MIT */
/* A program with every operation on one tape, and derivatives of first and second order. */
#ifndef TESTS_PROGRAM_H
#define TESTS_PROGRAM_H

#include "tests/specimens.h"

enum { MOST_IN_PROGRAM = 640, SPECIMENS_OF_EACH = 3 };

/* What the operands hold. */
typedef enum content { REGULAR, SMALL_INTEGERS, ZEROS, INFINITIES, NANS, CONTENTS } content;

extern const char *const content_names[CONTENTS];

typedef struct program {
    ad_tape *tape;
    bool regular_only;
    size_t count;
    specimen specimens[MOST_IN_PROGRAM];
    ad_var operands[MOST_IN_PROGRAM][MOST_OPERANDS];
    ad_var total; /* depends on all operands */
} program;

/* Records the program behind what is on the tape; with regular_only also the operations that fail
 * at singular matrices. The shapes are always the same. */
void program_record(program *p, ad_tape *tape, bool regular_only, content what, uint64_t seed);

/* Sets all operands; the tape is then to be replayed. */
void program_set(program *p, content what, uint64_t seed);

/* Sums y and its gradients by count operands, and records the Hessian times ones: a sweep from the
 * sum takes second derivatives. */
ad_var program_derivatives(ad_var y, const ad_var *x, size_t count);

#endif

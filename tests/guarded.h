/* SPDX-License-Identifier: MIT */
/* Random functions that guard against infinite slopes: a steep function, of inputs some of which
 * lie where its slope is infinite or its value is no number, and a selection that leaves these out;
 * then further functions of what was selected. */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include "tests/paired.h"
#include "tests/random_numbers.h"

enum { GUARDED_INPUTS = 9, GUARDS_AT_ONCE = 2, STAGES_AT_MOST = 3 };

/* How large a steep function is at its point: what may be left out there by its size. */
typedef enum extent { EITHER, LOW, HIGH } extent;

typedef struct steep {
    const char *name;
    unary *of;
    double point;
    extent extent; /* at the point, compared with all between bounds[0] and bounds[1] */
    bool zero;     /* 0 at the point */
    double bounds[2];
} steep;

typedef struct guard guard;

/* A selection: what f must be for it, which elements may be left out, and how it is recorded. */
typedef struct selection {
    const char *name;
    extent extent;
    bool zero;
    bool (*leaves_out)(const guard *g, size_t row, size_t col);
    paired (*of)(const guard *g, const paired *x, const paired *y); /* y = f(x) */
} selection;

struct guard {
    const selection *selection;
    const steep *steep;
    size_t move, between, alternative; /* of x; of f(x); in place of what is left out */
    size_t rows, cols;                 /* of f(x) */
    size_t row, col, taken_rows, taken_cols, indices[GUARDED_INPUTS];
    double bounds[2 * GUARDED_INPUTS], weights[2 * GUARDED_INPUTS];
    bool bounds_first;
    size_t bound_rows, bound_cols;
    size_t stage_count, stages[STAGES_AT_MOST], ending;
};

typedef struct guarded {
    size_t rows, cols, guard_count;
    guard guards[GUARDS_AT_ONCE];
    bool may_be_left_out[GUARDED_INPUTS];
} guarded;

size_t selection_count(void);
const selection *selection_at(size_t i);

/* Steep functions that a selection can guard against, NULL past the last. */
const steep *selection_steep(const selection *s, size_t k);

/* A function with this selection of a steep function, and perhaps a second one. */
guarded guarded_random(const selection *chosen, const steep *of, bool two, random_state *state);

/* A point of it, at which some elements have infinite slopes and are left out; how many. */
size_t guarded_point(const guarded *f, random_state *state, double *point);

/* Its value, 1x1. */
paired guarded_apply(const guarded *f, const paired *x);

/* For messages; valid until the next call. */
const char *guarded_text(const guarded *f);

#endif

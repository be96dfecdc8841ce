/* SPDX-License-Identifier: MIT */
/* The state of a run: two tapes, every value recorded so far, and how to record it again. */
#ifndef TESTS_FUZZ_PROGRAM_H
#define TESTS_FUZZ_PROGRAM_H

#include "tests/every_operation.h"

enum {
    TAPES = 2,
    MOST_OPERANDS = 4,
    MOST_ELEMENTS = 25, /* of leaves and index lists */
    MOST_SLOTS = 160,
    MOST_MARKS = 8,
    LARGEST_OPERAND = 100,
    LARGEST_RESULT = 1024,
    MOST_NODES = 1000, /* on a tape on which derivatives are still recorded */
    FITTING = 200,
    FORGED = 244,
    SPECIAL_NUMBERS = 16
};

typedef struct program program;
typedef struct slot slot;

/* ---- calls ---- */

typedef enum signature {
    UNARY,
    BINARY,
    TERNARY,
    WITH_NUMBER,
    WITH_INTEGER,
    WITH_SHAPE,
    SOLVE,
    BLOCK,
    WITH_INDICES,
    JOIN,
    NUMBER,
    LEAF,
    GRADS,
    CUSTOM,
    DEED /* records nothing, or is checked by itself */
} signature;

typedef enum traits {
    PRODUCT = 1, /* the result has as many elements as the product of the operands' */
    DERIVATIVE = 2,
    CUT = 4,   /* the result has no history */
    SHARED = 8 /* equal numbers may be one node, which is no leaf */
} traits;

/* Each signature has the member of its name. */
typedef union function {
    ad_var (*UNARY)(ad_var);
    ad_var (*BINARY)(ad_var, ad_var);
    ad_var (*TERNARY)(ad_var, ad_var, ad_var);
    ad_var (*WITH_NUMBER)(ad_var, double);
    ad_var (*WITH_INTEGER)(ad_var, int);
    ad_var (*WITH_SHAPE)(ad_var, size_t, size_t);
    ad_var (*SOLVE)(ad_var, ad_var, bool);
    ad_var (*BLOCK)(ad_var, size_t, size_t, size_t, size_t);
    ad_var (*WITH_INDICES)(ad_var, const size_t *, size_t, size_t);
    ad_var (*JOIN)(const ad_var *, size_t);
    ad_var (*NUMBER)(ad_tape *, double);
    ad_var (*LEAF)(ad_tape *, size_t, size_t, const double *);
    void (*DEED)(program *);
} function;

typedef struct call {
    const char *name;
    signature signature;
    unsigned traits;
    operand_kind operands[MOST_KINDS];
    function function;
} call;

const call *call_at(size_t i); /* NULL past the last */

/* ---- what a value was recorded by ---- */

/* What the callbacks of a custom operation do. */
typedef struct plan {
    program *program;
    int tape; /* that it is recorded on */
    uint8_t variant, shape, value, gradient;
} plan;

typedef struct action {
    const call *call;
    size_t count; /* operands: slots */
    int operands[MOST_OPERANDS];
    double number;
    int integer;
    size_t sizes[4], indices[MOST_ELEMENTS];
    double *values; /* of a leaf, now */
    bool null;      /* in place of an array */
    plan plan;
} action;

/* Makes the call on a tape with these operands; results as many as it has. */
void action_perform(const action *a, ad_tape *tape, const ad_var *operands, ad_var *results);
size_t action_results(const action *a);
void action_free(action *a);

struct slot {
    ad_var handle;
    int tape;
    bool live;
    bool recipe; /* recorded, and not rewound since: how says by what */
    bool leaf;
    bool opaque;  /* no recipe that can be compared with */
    bool wild;    /* a custom operation that misbehaves is behind it */
    bool fragile; /* its recipe may depend on what ad_tape_keep drops */
    int same;     /* the slot that has the same value, or itself */
    size_t rows, cols;
    action *how;
    size_t which; /* of the results */
    double *seen; /* its values when they were read first */
};

/* ---- tapes ---- */

typedef struct account {
    size_t bytes, blocks, calls, fail_at;
    bool fail_after, suspended;
} account;

ad_allocator account_allocator(account *a);

typedef struct tape_state {
    ad_tape *tape;
    account account;
    bool pending, failed, unsure, kept;
} tape_state;

typedef struct marked {
    ad_mark mark;
    int tape, slots;
    size_t nodes;
    bool holds;
} marked;

struct program {
    const uint8_t *data;
    size_t size, at;
    FILE *listing;
    bool mild;
    tape_state tapes[TAPES];
    int current;
    slot slots[MOST_SLOTS];
    int slot_count;
    marked marks[MOST_MARKS];
    size_t mark_count;
    ad_var stash; /* what a callback kept for later */
    int depth;    /* of callbacks that call */
    bool wild;    /* custom operations that misbehave were recorded */
    char broken[512];
};

/* ---- bytes ---- */

uint8_t next_byte(program *p);
size_t next_below(program *p, size_t limit);
double next_number(program *p);
void next_shape(program *p, size_t *rows, size_t *cols);
int next_operand(program *p, operand_kind kind, const slot *first); /* a slot */
void decode(program *p, const call *c, action *a);

/* ---- slots ---- */

slot *slot_add(program *p, int tape, ad_var handle); /* NULL when there is no more room */
int slot_of(const program *p, ad_var handle);        /* the live one with this handle; -1 */
size_t slot_size(const slot *s);
tape_state *current_tape(program *p);
int tape_index(const program *p, const ad_tape *tape); /* -1 for no tape of the program */

/* ---- saying what happens ---- */

/* Notes the first promise that is broken; returns whether it was kept. */
bool promise(program *p, bool kept, const char *format, ...) __attribute__((format(printf, 3, 4)));
void say(const program *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_action(const program *p, const action *a, int result);
void say_numbers(const program *p, const double *values, size_t count);

/* ---- running ---- */

typedef struct statuses {
    ad_status status[TAPES];
    char message[TAPES][512];
} statuses;

statuses statuses_now(const program *p);
/* Statuses and texts agree; tapes that a call did not concern are as before. */
void check_errors(program *p, const statuses *before, const bool *concerned, const char *name);
/* What a call that returns a status left. */
void check_status(program *p, const statuses *before, ad_status status, const char *name);
void check_result(program *p, const statuses *before, const action *a, ad_var result);

void record(program *p, const call *c);
void retire(program *p, int tape, int from,
            size_t nodes); /* slots from there on, above so many nodes */

void suspend_failures(program *p, bool suspended);
void check_handles(program *p);
void check_books(program *p);
void check_values(program *p, int tape);
void check_recording(program *p, int tape, ad_status replayed);
void check_gradient(program *p, int y);

const ad_custom_op *plan_operation(const plan *p);
bool plan_is_wild(const plan *p);

#define DEED(name) void name##_deed(program *p);
#include "tests/fuzz/interface/deeds.def"
#undef DEED

#endif

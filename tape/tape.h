/* SPDX-License-Identifier: MIT */
/* Inside a tape: its nodes (node.h), and what it keeps about them. */
#ifndef TAPE_TAPE_H
#define TAPE_TAPE_H

#include "tape/node.h"

#include <string.h>

enum {
    NUMBER_SLOTS = 64, /* shared constants remembered */
    FEW_INPUTS = 8,    /* operands for which the stack has room */
    MESSAGE_SIZE = 512
};

/* Nodes from start on were recorded in this epoch. */
typedef struct tape_segment {
    uint32_t start;
    uint32_t epoch;
} tape_segment;

/* What the tape itself needs of the operations, handed to it when it is made: the loops over
 * scalar nodes, expanded from the table of elementwise operations, and how to add adjoints. */
typedef struct tape_hooks {
    /* Sweeps scalar nodes from `from` down; returns the first reached general node met, or
     * NO_NODE after node 0. */
    uint32_t (*sweep)(ad_tape *tape, uint32_t from);
    /* Recomputes scalar nodes from `from` up to `end`; returns the first general node or end. */
    uint32_t (*replay)(ad_tape *tape, uint32_t from, uint32_t end);
    /* Runs the gradient rule of a node, of a scalar one by its code; the adjoint may be sparse. */
    bool (*gradient)(rule *r, uint8_t code);
    const char *(*name)(uint8_t code);
    size_t (*arity)(uint8_t code);
    ad_var (*add)(ad_var x, ad_var y);
    /* g times the n x n unit matrix, g 1x1: kept as such until somebody needs the elements. */
    ad_var (*scaled_identity)(ad_var g, size_t n);
    /* Zeros with the elements of count values added at positions, `at` for all one after another;
     * with `sparse` the other zeros are structural. */
    ad_var (*put)(const ad_var *elements, size_t count, const size_t *at, size_t rows, size_t cols,
                  bool sparse);
} tape_hooks;

/* The name of a node; capacity is that of its text. */
typedef struct tape_name {
    uint32_t node;
    size_t capacity;
    char *text;
} tape_name;

/* Nodes from first up to, without, end. */
typedef struct tape_range {
    uint32_t first, end;
} tape_range;

/* What one or two values depend on: count of the tape's plan_ranges, from first on. */
typedef struct tape_plan {
    uint32_t values[2]; /* or NO_NODE */
    size_t first, count;
} tape_plan;

typedef struct tape_memo tape_memo;

/* A shared constant, by the bits of its value. */
typedef struct tape_shared {
    uint64_t bits;
    uint32_t node;
    uint32_t epoch; /* fast_epoch while this is known to hold; 0 where it must be looked at again */
} tape_shared;

struct ad_tape {
    /* Up to `numbers` a tape stands in autodiff/inline.h too. */
    uint32_t layout;       /* AD_INLINE_LAYOUT */
    uint32_t record_flags; /* of new nodes: NODE_ACTIVE, or 0 while a plain sweep runs rules */
    /* handle_word of the next node, if it is active. The number of that is the count of nodes; the
     * epoch is NO_EPOCH while recording needs checks. */
    union {
        uint64_t next;
        struct {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
            uint32_t fast_epoch, count;
#else
            uint32_t count, fast_epoch;
#endif
        };
    };
    tape_chunk **chunks;
    tape_chunk *filling; /* of node `count`, unless that is the first of its chunk */
    tape_shared numbers[NUMBER_SLOTS];
    uint32_t limit;      /* nodes that the chunks hold */
    uint32_t epoch;      /* of the last segment */
    uint8_t sweep;       /* number of the last sweep */
    bool adjoints_valid; /* since the last sweep */
    bool ever_swept;     /* since the last reset */
    bool set_pending;    /* ad_set without ad_replay */
    bool in_callback;    /* a shape rule or value function of the user's runs */
    bool shown;          /* handles of a trial were given to a callback, which may have kept them */
    bool has_lazy;       /* values may be waiting */
    ad_status status;
    uint32_t epochs;      /* given out so far */
    uint32_t base_epoch;  /* since the last reset or keep */
    uint32_t trial_start; /* first node of a trial; NO_NODE outside */
    uint32_t gradients;   /* being recorded, one within another */
    uint32_t failed;      /* the first node that the last replay could not compute; NO_NODE */
    uint32_t trial_epoch;

    size_t chunk_count, chunk_capacity;
    size_t clean_chunks; /* the numbers of sweeps in those behind them may be of an earlier round */
    tape_node **general;
    size_t general_count, general_capacity;
    tape_segment *segments;
    size_t segment_count, segment_capacity;
    uint32_t *slots; /* of each 64 nodes the place of their page in a gradient that visits them */
    size_t slot_capacity;

    const tape_hooks *hooks;
    tape_memory memory;
    arena values;   /* records and matrix values, in recording order */
    arena spare;    /* takes turns with values in ad_tape_keep */
    arena adjoints; /* of matrices, of the last sweep */
    arena scratch;
    arena memos;
    arena permanent;          /* until the tape is freed */
    void *custom_descriptors; /* descriptors of the user's operations, kept there */
    tape_memo *memo;
    tape_name *names; /* by node */
    size_t name_count, name_capacity;
    tape_range *derivatives; /* recorded by them, in ascending order */
    size_t derivative_count, derivative_capacity;
    tape_plan *plans;
    size_t plan_count, plan_capacity;
    tape_range *plan_ranges;
    size_t plan_range_capacity;
    uint32_t plan_end; /* plans know nodes below it */
    size_t factorizations;
    char message[MESSAGE_SIZE];
};

/* ---- nodes ---- */

static inline tape_chunk *chunk_of(const ad_tape *tape, uint32_t node)
{
    return tape->chunks[node >> CHUNK_BITS];
}

static inline uint8_t tag_code(uint16_t tag)
{
    return (uint8_t)(tag >> CODE_SHIFT);
}

static inline uint8_t tag_flags(uint16_t tag)
{
    return (uint8_t)(tag & NODE_FLAGS);
}

static inline uint8_t node_flags(const ad_tape *tape, uint32_t node)
{
    return tag_flags(chunk_of(tape, node)->tag[node & CHUNK_MASK]);
}

static inline uint8_t node_code(const ad_tape *tape, uint32_t node)
{
    return tag_code(chunk_of(tape, node)->tag[node & CHUNK_MASK]);
}

static inline double *node_value(const ad_tape *tape, uint32_t node)
{
    return &chunk_of(tape, node)->value[node & CHUNK_MASK];
}

static inline tape_node *general_of(const ad_tape *tape, uint32_t node)
{
    return tape->general[chunk_of(tape, node)->left[node & CHUNK_MASK]];
}

static inline void node_set_flag(const ad_tape *tape, uint32_t node, uint16_t flag, bool set)
{
    uint16_t *const tag = &chunk_of(tape, node)->tag[node & CHUNK_MASK];
    *tag = (uint16_t)(set ? *tag | flag : *tag & ~flag);
}

static inline bool node_is_active(const ad_tape *tape, uint32_t node)
{
    return node_flags(tape, node) & NODE_ACTIVE;
}

bool tape_begin_chunk(ad_tape *tape); /* room for one more node, the first of its chunk */

/* The tape ends here from now on. */
static inline void tape_set_count(ad_tape *tape, uint32_t count)
{
    tape->count = count;
    if (count < tape->limit) tape->filling = chunk_of(tape, count);
}

static inline uint32_t handle_state(uint32_t flags)
{
    return (flags & NODE_ACTIVE) | (flags & ~(uint32_t)NODE_ACTIVE ? HANDLE_SPECIAL : 0);
}

/* Without what is known of the node. */
static inline uint32_t handle_epoch(ad_var x)
{
    return x.epoch & ~(uint32_t)(EPOCH_STEP - 1);
}

/* Epoch and node in a word, to be compared together. */
static inline uint64_t handle_word(uint32_t node, uint32_t epoch)
{
    return (uint64_t)epoch << 32 | node;
}

/* The next node is put into the chunk that is being filled, which has room: its operands, then the rest. The
 * word is stored as it is loaded, as a whole: processors do not forward a part, and the next recording
 * would wait 6 ns. */
static inline void tape_set_left(const ad_tape *tape, uint64_t next, uint32_t left)
{
    tape->filling->left[next & CHUNK_MASK] = left;
}

static inline void tape_set_right(const ad_tape *tape, uint64_t next, uint32_t right)
{
    tape->filling->right[next & CHUNK_MASK] = right;
}

static inline void tape_append(ad_tape *tape, uint64_t next, uint32_t tag, double value)
{
    tape->filling->value[next & CHUNK_MASK] = value;
    tape->filling->tag[next & CHUNK_MASK] = (uint16_t)tag;
    tape->next = next + 1;
}

/* The handle of a word. */
static inline ad_var handle_of(ad_tape *tape, uint64_t word)
{
    return (ad_var){tape, (uint32_t)word, (uint32_t)(word >> 32)};
}

static inline ad_var tape_push(ad_tape *tape, uint32_t tag, uint32_t left, uint32_t right,
                               double value)
{
    if (!(tape->count & CHUNK_MASK) && !tape_begin_chunk(tape)) return (ad_var){0};
    const uint64_t next = tape->next;
    tape_set_left(tape, next, left);
    tape_set_right(tape, next, right);
    tape_append(tape, next, tag, value);
    return (ad_var){tape, (uint32_t)next, tape->epoch | handle_state(tag & NODE_FLAGS)};
}

/* Which operands of a scalar operation get a share of its adjoint, when it is not a structural
 * zero: that gives none. */
static inline uint8_t node_wants(const ad_tape *tape, uint32_t left, uint32_t right, bool two)
{
    return (uint8_t)((node_is_active(tape, left) ? WANTS_LEFT : 0) |
                     (two && node_is_active(tape, right) ? WANTS_RIGHT : 0));
}

/* Operands of any node: how many, and which. */
size_t node_operand_count(const ad_tape *tape, uint32_t node);
uint32_t node_operand(const ad_tape *tape, uint32_t node, size_t k);

/* The value of a node as a matrix, computed if it was waiting. False on error. */
bool node_matrix(ad_tape *tape, uint32_t node, matrix *m);
/* Those of all operands, in few or scratch memory; NULL on error. */
matrix *node_operands(ad_tape *tape, const tape_node *n, matrix *few);
bool node_compute(ad_tape *tape, tape_node *n);
/* Whether its history is cut: by a detach. */
bool node_is_cut(const ad_tape *tape, uint32_t node);
/* Whether it has a value: after a replay that failed, of leaves alone. */
bool node_is_known(const ad_tape *tape, uint32_t node);
/* Its shape alone. */
void node_shape(const ad_tape *tape, uint32_t node, size_t *rows, size_t *cols);
const char *node_operation_name(const ad_tape *tape, uint32_t node);

/* Evaluates a general node into output (its own values, or an adjoint). */
bool node_evaluate(ad_tape *tape, const tape_node *n, double *output, bool accumulate);
/* The support and the values of a node that is new or replayed, from its operands. These wait until they are needed in
 * lazy operations, and in the rules of a plain sweep, where the result can then go straight into an
 * adjoint. */
bool node_settle(ad_tape *tape, tape_node *n, const matrix *in);
/* Decides which elements of a node with NODE_CHOICE are structurally zero now. False on error. */
bool node_settle_support(ad_tape *tape, tape_node *n, const matrix *in);
/* Whether any may ever be: known from how it was recorded. */
bool node_may_vanish(const ad_tape *tape, const tape_node *n);
/* Computes all values that are waiting. */
bool tape_compute_all(ad_tape *tape);
/* Recomputes the nodes from `from` up to, without, `end`; returns the first that fails, or end. */
uint32_t tape_recompute(ad_tape *tape, uint32_t from, uint32_t end);
/* Recomputes what two nodes depend on, or one where the other is NO_NODE, and nothing else. False on
 * error: a replay that failed. */
bool tape_replay_for(ad_tape *tape, uint32_t x, uint32_t y);
void tape_plans_truncate(ad_tape *tape, uint32_t count);

/* A constant that shows values owned by somebody else (an adjoint), and their support, as a
 * node. */
ad_var tape_view(ad_tape *tape, size_t rows, size_t cols, double *values, bool *support);
ad_var tape_leaf(ad_tape *tape, const char *name, bool input, size_t rows, size_t cols,
                 const double *values);

/* Where a constant of this value is noted. */
static inline tape_shared *tape_number_slot(ad_tape *tape, double value, uint64_t *bits)
{
    memcpy(bits, &value, sizeof *bits);
    return &tape->numbers[(*bits * UINT64_C(0x9E3779B97F4A7C15)) >> 58];
}

/* Sets leaves of the tape, or none of them on error. */
ad_status tape_set_leaves(ad_tape *tape, const ad_var *leaves, size_t count, const double *values,
                          const char *name);

/* ---- handles ---- */

const tape_segment *tape_segment_before(const ad_tape *tape, uint32_t node);

/* The segment that holds a node, mostly the last. */
static inline const tape_segment *segment_of(const ad_tape *tape, uint32_t node)
{
    const tape_segment *const last = &tape->segments[tape->segment_count - 1];
    return last->start <= node ? last : tape_segment_before(tape, node);
}

static inline ad_var tape_handle(ad_tape *tape, uint32_t node)
{
    const uint32_t state = handle_state(node_flags(tape, node));
    return (ad_var){tape, node, segment_of(tape, node)->epoch | state};
}

static inline bool tape_holds(const ad_tape *tape, ad_var x)
{
    if (x.node >= tape->count) return false;
    return handle_epoch(x) == tape->epoch || segment_of(tape, x.node)->epoch == handle_epoch(x);
}

/* Starts a new segment at the present end. */
bool tape_new_segment(ad_tape *tape);
/* The last segment, empty, begins again: handles that a callback kept of it are stale. */
bool tape_renew_trial(ad_tape *tape);
/* Drops the nodes from count on, with their records, names and values. */
void tape_truncate(ad_tape *tape, uint32_t count);
void tape_refresh(ad_tape *tape); /* fast_epoch, after status, set_pending or epoch changed */
/* The tape of count handles, all valid, at least one; NULL after an error was put on every tape
 * concerned. The second also asks for values of the tape that is given, and takes no handles
 * too. */
ad_tape *tape_common(const ad_var *vars, size_t count, const char *operation_name);
ad_tape *tape_common_on(ad_tape *tape, const ad_var *vars, size_t count,
                        const char *operation_name);
/* Whether the tape can record and sweep; puts AD_ERROR_STATE on it between set and replay. */
bool tape_ready(ad_tape *tape, const char *operation_name);

/* Whether it may be changed as a whole: not from within a sweep, by the callback of an
 * operation. */
bool tape_settled(ad_tape *tape, const char *operation_name);

/* ---- table growth, memo, names, ranges ---- */

/* Room for count elements of size bytes in *table, a pointer; new ones begin as zeros. False when
 * out of memory. */
bool tape_reserve(ad_tape *tape, void *table, size_t *capacity, size_t count, size_t size);
void tape_memo_clear(ad_tape *tape);
const char *tape_name_of(const ad_tape *tape, uint32_t node);
void tape_names_truncate(ad_tape *tape, uint32_t count);
/* For a keep: each node's new number, or NO_NODE for one that is dropped. */
void tape_names_renumber(ad_tape *tape, const uint32_t *renumbered);
/* The nodes from first on are of a derivative. False when out of memory. */
bool tape_mark_derivative(ad_tape *tape, uint32_t first);
void tape_ranges_truncate(ad_tape *tape, uint32_t count);
void tape_ranges_renumber(ad_tape *tape, const uint32_t *renumbered);

/* ---- sweeps ---- */

/* A trial records behind the end of the tape and leaves no trace: handles, nodes, values and
 * flags are as before when it ends, and adjoints stay valid. */
typedef struct tape_trial {
    uint32_t count, epoch, trial_start;
    size_t segment_count;
    bool has_lazy;
} tape_trial;

bool tape_begin_trial(ad_tape *tape, tape_trial *trial);
void tape_end_trial(ad_tape *tape, const tape_trial *trial);

/* Where rule_add puts a share of a recorded gradient; at is NULL for a whole one. */
bool tape_collect(const rule *r, uint32_t node, ad_var share, const positions *at);

/* Gradients of dot(seed, y) by count values, recorded; seed of the shape of y, or with at, not
 * NULL, one element at this position among structural zeros. False on error. */
bool tape_gradients(ad_var y, ad_var seed, const size_t *at, const ad_var *xs, size_t count,
                    ad_var *out, const char *name);

ad_tape *tape_create(const ad_allocator *allocator, const tape_hooks *hooks);

/* Leaves; constants of the user's, and those made by tape_filled. */
extern const operation tape_input_operation, tape_constant_operation, tape_number_operation;

#endif

/* SPDX-License-Identifier: MIT */
/* How to apply every operation of the table to random operands.
 *
 * A maker knows one operation by its name: shapes and values its operands may have, and the call
 * that records it. A specimen is one application of it, number 0, 1, 2, ... : the first few go
 * through 1x1, rows, columns, square, tall, wide and empty matrices, each with every way to
 * broadcast, the others are random. All that is random follows from the seed.
 */
#ifndef TESTS_SPECIMENS_H
#define TESTS_SPECIMENS_H

#include <check.h>

#include "ops/operations.h"

/* ck_assert_msg for what is done a hundred thousand times: that one writes to a pipe even when the
 * condition holds. */
#define REQUIRE(condition, ...)                                                                    \
    do {                                                                                           \
        if (!(condition)) ck_abort_msg(__VA_ARGS__);                                               \
    } while (0)

enum { MOST_OPERANDS = 4, MOST_ELEMENTS = 64, MOST_PARAMETERS = 4, SPECIMENS = 32 };

typedef struct maker maker;

typedef struct extent_of {
    size_t rows, cols;
} extent_of;

typedef struct specimen {
    const maker *made_by;
    size_t number;
    extent_of shape[MOST_OPERANDS];
    double values[MOST_OPERANDS][MOST_ELEMENTS];
    size_t parameter[MOST_PARAMETERS];
    size_t indices[MOST_ELEMENTS];
} specimen;

struct maker {
    const char *name; /* of the operation */
    size_t operands;
    void (*shapes)(specimen *s, uint64_t *state); /* and parameters */
    void (*fill)(specimen *s, size_t k,
                 uint64_t *state); /* values[k]; NULL: between low and high */
    double low, high;
    ad_var (*record)(const specimen *s, const ad_var *x); /* NULL: operations.def says */
    bool fixed[MOST_OPERANDS];                            /* operands that have no derivative */
};

/* An operation of the table; NULL when there is none. */
const operation *operation_named(const char *name);
/* The maker of an operation; NULL when there is none. */
const maker *maker_of(const char *name);
const maker *maker_at(size_t i); /* NULL past the end */
const maker *written_maker_of(const char *name);

/* The makers of a family, up to one without a name. */
extern const maker elementwise_makers[], moving_makers[], reduction_makers[], algebra_makers[];
/* Those that follow from the kinds of operands. */
const maker *makers_of_kinds(void);

/* Shapes from one seed, values from another: the same shapes can hold other values. */
void specimen_shape(specimen *s, const maker *m, size_t number, uint64_t seed);
void specimen_fill(specimen *s, uint64_t seed);

/* Operands as inputs (fixed ones as constants), and the result. */
void specimen_operands(const specimen *s, ad_tape *tape, ad_var *x);
ad_var specimen_record(const specimen *s, const ad_var *x);

size_t specimen_size(const specimen *s, size_t k); /* elements of operand k */
/* "add, specimen 3 (2x3, 1x3), seed 17", valid until the next call. */
const char *specimen_text(const specimen *s, uint64_t seed);

/* ---- what makers are written with ---- */

/* Defines record_<name>, which returns the expression of the operands x. */
#define RECORD(name, ...)                                                                          \
    static ad_var record_##name(const specimen *s, const ad_var *x)                                \
    {                                                                                              \
        (void)s;                                                                                   \
        return __VA_ARGS__;                                                                        \
    }

/* Rows of a table of makers: tests/operations.def says how to record, or record_<name> does. */
#define MAKER(name_, operands_, shapes_, fill_)                                                    \
    {.name = #name_, .operands = operands_, .shapes = shapes_, .fill = fill_},
#define OWN_MAKER(name_, operands_, shapes_, fill_)                                                \
    {.name = #name_,                                                                               \
     .operands = operands_,                                                                        \
     .shapes = shapes_,                                                                            \
     .fill = fill_,                                                                                \
     .record = record_##name_},

size_t random_index(uint64_t *state, size_t below);
double random_between(uint64_t *state, double low, double high);

/* Any shape: the first numbers go through the kinds of shapes in order. */
extent_of any_shape(size_t number, uint64_t *state);
extent_of full_shape(size_t number, uint64_t *state); /* not empty */
extent_of vector_shape(size_t number, uint64_t *state);
size_t order_of_square(size_t number, uint64_t *state);
void set_shape(specimen *s, size_t k, size_t rows, size_t cols);

void one_of_any_shape(specimen *s, uint64_t *state);
void one_not_empty(specimen *s, uint64_t *state);
void one_square(specimen *s, uint64_t *state);
void all_square(specimen *s, uint64_t *state); /* all operands alike */
void two_alike(specimen *s, uint64_t *state);
void two_that_broadcast(specimen *s, uint64_t *state);

void fill_off_zero(specimen *s, size_t k, uint64_t *state); /* magnitudes from 0.4 to 1.5 */
void fill_distinct(specimen *s, size_t k,
                   uint64_t *state); /* no two operands, no two elements near */
void fill_regular(specimen *s, size_t k,
                  uint64_t *state); /* operand 0: well-conditioned, pivots needed */
/* Operand 0: entries below 1/3, and 1 to 2 on the diagonal. */
void fill_with_large_diagonal(specimen *s, size_t k, uint64_t *state);

#endif

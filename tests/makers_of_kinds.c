/* SPDX-License-Identifier: MIT */
/* Makers of the operations of tests/operations.def for which the kinds of their operands say
 * enough; the others are written by hand in the other makers_*.c. */
#include "tests/specimens.h"

#include "tests/every_operation.h"

#include <pthread.h>

static extent_of shape_of_kind(operand_kind kind, const specimen *s, size_t k, uint64_t *state)
{
    const extent_of first = s->shape[0];
    const size_t n = s->number == 0 ? 1 : random_index(state, 4);
    switch (kind) {
    case ANY: return any_shape(s->number, state);
    case SOME:
    case DISTINCT: return full_shape(s->number, state);
    case SQUARE:
    case LARGE_DIAGONAL: {
        const size_t order = order_of_square(s->number, state);
        return (extent_of){order, order};
    }
    case ONE: return (extent_of){1, 1};
    case VECTOR: return vector_shape(s->number + k * n, state);
    case SAME:
    case BROADCAST: return first;
    case INNER: return (extent_of){first.cols, n};
    case ROWS: return (extent_of){first.rows, n};
    case COLS: return (extent_of){n, first.cols};
    }
    return first;
}

static void shapes_of_kinds(specimen *s, uint64_t *state)
{
    const public_operation *op = public_operation_named(s->made_by->name);
    for (size_t k = 0; k < op->operands; k++)
        s->shape[k] = shape_of_kind(op->kinds[k], s, k, state);
}

static maker maker_of_kinds(const public_operation *op)
{
    maker m = {.name = op->name, .operands = op->operands, .shapes = shapes_of_kinds};
    switch (op->kinds[0]) {
    case DISTINCT: m.fill = fill_distinct; break;
    case SQUARE: m.fill = fill_regular; break;
    case LARGE_DIAGONAL: m.fill = fill_with_large_diagonal; break;
    default: m.fill = fill_off_zero;
    }
    return m;
}

/* An elementwise operation needs an interval, and so a maker by hand. One that is not in the table
 * is made of others, which have theirs. */
static bool is_needed(const char *name)
{
    const operation *op = operation_named(name);
    return op && !op->code && !written_maker_of(name);
}

enum { MOST = 256 };
static maker makers[MOST];

static void make_all(void)
{
    size_t count = 0;
    for (const public_operation *op = every_operation; op->name; op++) {
        if (!is_needed(op->name)) continue;
        REQUIRE(count + 1 < MOST, "more than %d makers", MOST - 1);
        makers[count++] = maker_of_kinds(op);
    }
}

/* Threads may ask at once. */
const maker *makers_of_kinds(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_all);
    return makers;
}

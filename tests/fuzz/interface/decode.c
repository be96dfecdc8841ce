/* SPDX-License-Identifier: MIT */
/* Bytes to calls and their arguments. */
#include "tests/fuzz/interface/program.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

uint8_t next_byte(program *p)
{
    return p->at < p->size ? p->data[p->at++] : 0;
}

size_t next_below(program *p, size_t limit)
{
    return next_byte(p) % limit;
}

double next_number(program *p)
{
    static const double special[SPECIAL_NUMBERS] = {
        0.0,      -0.0,    1.0,       -1.0,  NAN,     INFINITY, -INFINITY, DBL_MAX,
        -DBL_MAX, DBL_MIN, 0x1p-1074, 1e200, -1e-200, 1e-9,     2.0,       3.0};
    const uint8_t byte = next_byte(p);
    if (byte >= SPECIAL_NUMBERS) return ((int)byte - 136) / 16.0;
    return p->mild ? byte % 4 - 1 : special[byte];
}

void next_shape(program *p, size_t *rows, size_t *cols)
{
    static const size_t shapes[][2] = {{1, 1},        {1, 1},
                                       {2, 2},        {3, 3},
                                       {3, 1},        {1, 3},
                                       {2, 3},        {2, 1},
                                       {4, 4},        {3, 2},
                                       {5, 1},        {1, 2},
                                       {0, 0},        {0, 3},
                                       {2, 0},        {5, 5},
                                       {0, 1},        {1, 0},
                                       {SIZE_MAX, 1}, {SIZE_MAX / 8, 16},
                                       {0, SIZE_MAX}, {(size_t)1 << 32, (size_t)1 << 32}};
    const size_t *shape = shapes[next_below(p, sizeof shapes / sizeof *shapes)];
    *rows = shape[0];
    *cols = shape[1];
}

/* ---- operands ---- */

static bool is_vector(const slot *s)
{
    return s->rows == 1 || s->cols == 1;
}

static bool broadcasts(size_t x, size_t y)
{
    return x == y || x == 1 || y == 1;
}

static bool fits(const slot *s, operand_kind kind, const slot *first)
{
    switch (kind) {
    case ANY:
    case SOME:
    case DISTINCT: return true; /* what is said of none is of interest too */
    case SQUARE:
    case LARGE_DIAGONAL: return s->rows == s->cols;
    case ONE: return s->rows == 1 && s->cols == 1;
    case VECTOR: return is_vector(s);
    case SAME: return s->rows == first->rows && s->cols == first->cols;
    case BROADCAST: return broadcasts(s->rows, first->rows) && broadcasts(s->cols, first->cols);
    case INNER: return s->rows == first->cols;
    case ROWS: return s->rows == (is_vector(first) ? slot_size(first) : first->rows);
    case COLS: return s->cols == first->cols;
    }
    return false;
}

/* Slot 0 holds the invalid handle {0}. */
int next_operand(program *p, operand_kind kind, const slot *first)
{
    const uint8_t byte = next_byte(p);
    int candidates[MOST_SLOTS];
    size_t count = 0;
    if (byte >= FORGED) return (int)next_below(p, (size_t)p->slot_count);
    for (int i = p->slot_count - 1; i > 0; i--)
        if (p->slots[i].live && p->slots[i].tape == p->current &&
            slot_size(&p->slots[i]) <= LARGEST_OPERAND)
            candidates[count++] = i;
    if (count == 0) return 0;
    for (size_t i = 0; byte < FITTING && i < count; i++) {
        const int candidate = candidates[(byte + i) % count];
        if (fits(&p->slots[candidate], kind, first)) return candidate;
    }
    return candidates[byte % count];
}

static void decode_operands(program *p, const call *c, action *a, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        const operand_kind w = c->operands[k < MOST_KINDS ? k : MOST_KINDS - 1];
        const slot *first = k > 0 ? &p->slots[a->operands[0]] : NULL;
        a->operands[k] = next_operand(p, w, first ? first : &p->slots[0]);
    }
    a->count = count;
}

/* ---- other arguments ---- */

static bool overflows(size_t rows, size_t cols)
{
    return cols && rows > SIZE_MAX / sizeof(double) / cols;
}

/* As many values as the shape has, or NULL: also where no more than a few can be meant. */
static void decode_leaf(program *p, action *a)
{
    next_shape(p, &a->sizes[0], &a->sizes[1]);
    const size_t size = overflows(a->sizes[0], a->sizes[1]) ? 1 : a->sizes[0] * a->sizes[1];
    a->null = size > MOST_ELEMENTS || (size == 0 && next_below(p, 2)) || next_below(p, 32) == 31;
    a->values = calloc(size > MOST_ELEMENTS ? 1 : size + 1, sizeof *a->values);
    for (size_t i = 0; a->values && !a->null && i < size; i++) a->values[i] = next_number(p);
}

static double *number_alone(double number)
{
    double *values = malloc(sizeof *values);
    if (values) *values = number;
    return values;
}

static void decode_indices(program *p, action *a)
{
    const slot *x = &p->slots[a->operands[0]];
    next_shape(p, &a->sizes[0], &a->sizes[1]);
    const bool scatter = strcmp(a->call->name, "ad_scatter") == 0;
    const bool huge = overflows(a->sizes[0], a->sizes[1]);
    const size_t size = huge ? SIZE_MAX : a->sizes[0] * a->sizes[1];
    const size_t count = scatter ? slot_size(x) : size, below = scatter ? size : slot_size(x);
    a->null = count > MOST_ELEMENTS || next_below(p, 32) == 31;
    for (size_t i = 0; i < count && i < MOST_ELEMENTS; i++)
        a->indices[i] =
            next_below(p, below < 255 ? below + (below == 0) + (p->at % 61 == 60) : 255);
}

/* A block that fits, mostly. */
static void decode_block(program *p, action *a)
{
    const slot *x = &p->slots[a->operands[0]];
    const uint8_t misfit = next_byte(p);
    a->sizes[0] = next_below(p, x->rows < 200 ? x->rows + 1 : 1);
    a->sizes[1] = next_below(p, x->cols < 200 ? x->cols + 1 : 1);
    a->sizes[2] = next_below(p, x->rows < 200 ? x->rows - a->sizes[0] + 1 : 1);
    a->sizes[3] = next_below(p, x->cols < 200 ? x->cols - a->sizes[1] + 1 : 1);
    if (misfit >= 248) a->sizes[misfit % 4] = misfit % 2 ? SIZE_MAX : a->sizes[misfit % 4] + 1;
}

static void decode_shape(program *p, action *a)
{
    const slot *x = &p->slots[a->operands[0]];
    switch (next_below(p, 4)) {
    case 0: /* whatever it is */ next_shape(p, &a->sizes[0], &a->sizes[1]); break;
    case 1:
        a->sizes[0] = slot_size(x);
        a->sizes[1] = 1;
        break;
    case 2:
        a->sizes[0] = x->cols;
        a->sizes[1] = x->rows;
        break;
    default:
        a->sizes[0] = x->rows == 1 ? next_below(p, 4) : x->rows;
        a->sizes[1] = x->cols == 1 ? next_below(p, 4) : x->cols;
    }
}

void decode(program *p, const call *c, action *a)
{
    static const size_t counts[] = {
        [UNARY] = 1,        [BINARY] = 2,     [SOLVE] = 2, [TERNARY] = 3,      [WITH_NUMBER] = 1,
        [WITH_INTEGER] = 1, [WITH_SHAPE] = 1, [BLOCK] = 1, [WITH_INDICES] = 1, [DEED] = 0};
    *a = (action){.call = c};
    const bool any_number = c->signature == JOIN || c->signature == CUSTOM;
    size_t count = any_number ? next_below(p, MOST_OPERANDS + 1) : counts[c->signature];
    if (c->signature == GRADS) count = 1 + next_below(p, MOST_OPERANDS);
    decode_operands(p, c, a, count);
    if (c->signature == WITH_NUMBER) a->number = next_number(p);
    if (c->signature == NUMBER) a->sizes[0] = a->sizes[1] = 1;
    if (c->signature == NUMBER) a->values = number_alone(next_number(p));
    if (c->signature == WITH_INTEGER) a->integer = (int)next_below(p, 9) - 3;
    if (c->signature == SOLVE) a->integer = next_below(p, 2) > 0;
    if (c->signature == LEAF) decode_leaf(p, a);
    if (c->signature == WITH_SHAPE) decode_shape(p, a);
    if (c->signature == BLOCK) decode_block(p, a);
    if (c->signature == WITH_INDICES) decode_indices(p, a);
    if (c->signature == JOIN || c->signature == GRADS) a->null = next_below(p, 64) == 63;
    if (c->signature == CUSTOM)
        a->plan = (plan){p, p->current, next_byte(p), next_byte(p), next_byte(p), next_byte(p)};
}

/* SPDX-License-Identifier: MIT */
#include "tests/specimens.h"

#include <stdio.h>

#include "tests/every_operation.h"
#include "tests/tape_checks.h"

const operation *operation_named(const char *name)
{
    for (size_t i = 0; operation_at(i); i++)
        if (strcmp(operation_name_at(i), name) == 0) return operation_at(i);
    return NULL;
}

static const maker *const written[] = {elementwise_makers, moving_makers, reduction_makers,
                                       algebra_makers};

const maker *written_maker_of(const char *name)
{
    for (size_t k = 0; k < sizeof written / sizeof *written; k++)
        for (const maker *m = written[k]; m->name; m++)
            if (strcmp(m->name, name) == 0) return m;
    return NULL;
}

const maker *maker_at(size_t i)
{
    for (size_t k = 0; k < sizeof written / sizeof *written; k++)
        for (const maker *m = written[k]; m->name; m++)
            if (i-- == 0) return m;
    for (const maker *m = makers_of_kinds(); m->name; m++)
        if (i-- == 0) return m;
    return NULL;
}

const maker *maker_of(const char *name)
{
    for (size_t i = 0; maker_at(i); i++)
        if (strcmp(maker_at(i)->name, name) == 0) return maker_at(i);
    return NULL;
}

void specimen_shape(specimen *s, const maker *m, size_t number, uint64_t seed)
{
    uint64_t state = seed + 1000 * number;
    *s = (specimen){.made_by = m, .number = number};
    next_random(&state);
    m->shapes(s, &state);
    for (size_t k = 0; k < m->operands; k++)
        REQUIRE(specimen_size(s, k) <= MOST_ELEMENTS, "%s: too large", m->name);
}

void specimen_fill(specimen *s, uint64_t seed)
{
    const maker *m = s->made_by;
    uint64_t state = seed + 1000 * s->number;
    next_random(&state);
    for (size_t k = 0; k < m->operands; k++) {
        if (m->fill) m->fill(s, k, &state);
        for (size_t i = 0; !m->fill && i < specimen_size(s, k); i++)
            s->values[k][i] = random_between(&state, m->low, m->high);
    }
}

void specimen_operands(const specimen *s, ad_tape *tape, ad_var *x)
{
    for (size_t k = 0; k < s->made_by->operands; k++)
        x[k] = (s->made_by->fixed[k] ? ad_constant : ad_input)(tape, s->shape[k].rows,
                                                               s->shape[k].cols, s->values[k]);
}

ad_var specimen_record(const specimen *s, const ad_var *x)
{
    const maker *m = s->made_by;
    return m->record ? m->record(s, x) : operation_record(m->name, x);
}

size_t specimen_size(const specimen *s, size_t k)
{
    return s->shape[k].rows * s->shape[k].cols;
}

const char *specimen_text(const specimen *s, uint64_t seed)
{
    static char text[200];
    int length = snprintf(text, sizeof text, "%s, specimen %zu (", s->made_by->name, s->number);
    for (size_t k = 0; k < s->made_by->operands; k++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%s%zux%zu", k ? ", " : "",
                           s->shape[k].rows, s->shape[k].cols);
    snprintf(text + length, sizeof text - (size_t)length, "), seed %llu", (unsigned long long)seed);
    return text;
}

/* ---- random choices ---- */

size_t random_index(uint64_t *state, size_t below)
{
    return (size_t)((next_random(state) + 1) / 2 * (double)below);
}

double random_between(uint64_t *state, double low, double high)
{
    return low + (next_random(state) + 1) / 2 * (high - low);
}

extent_of any_shape(size_t number, uint64_t *state)
{
    size_t m = 2 + random_index(state, 3), n = 2 + random_index(state, 3);
    switch (number) {
    case 0: return (extent_of){1, 1};
    case 1: return (extent_of){1, n};
    case 2: return (extent_of){m, 1};
    case 3: return (extent_of){n, n};
    case 4: return (extent_of){m + 1, m};
    case 5: return (extent_of){m, m + 1};
    case 6: return (extent_of){0, n};
    case 7: return (extent_of){m, 0};
    case 8: return (extent_of){0, 0};
    default: return (extent_of){random_index(state, 6), random_index(state, 6)};
    }
}

extent_of full_shape(size_t number, uint64_t *state)
{
    extent_of shape = any_shape(number < 6 ? number : 9, state);
    return (extent_of){shape.rows ? shape.rows : 1, shape.cols ? shape.cols : 2};
}

extent_of vector_shape(size_t number, uint64_t *state)
{
    size_t n = number < 12 ? number / 2 : random_index(state, 7);
    return number % 2 ? (extent_of){1, n} : (extent_of){n, 1};
}

size_t order_of_square(size_t number, uint64_t *state)
{
    return number < 6 ? number : 1 + random_index(state, 5);
}

void set_shape(specimen *s, size_t k, size_t rows, size_t cols)
{
    s->shape[k] = (extent_of){rows, cols};
}

/* ---- shapes ---- */

void one_of_any_shape(specimen *s, uint64_t *state)
{
    s->shape[0] = any_shape(s->number, state);
}

void one_not_empty(specimen *s, uint64_t *state)
{
    s->shape[0] = full_shape(s->number, state);
}

void one_square(specimen *s, uint64_t *state)
{
    size_t n = order_of_square(s->number, state);
    set_shape(s, 0, n, n);
}

void all_square(specimen *s, uint64_t *state)
{
    one_square(s, state);
    for (size_t k = 1; k < s->made_by->operands; k++) s->shape[k] = s->shape[0];
}

void two_alike(specimen *s, uint64_t *state)
{
    s->shape[0] = s->shape[1] = any_shape(s->number, state);
}

/* Bits 0 to 3 of the way: rows of x, columns of x, rows of y, columns of y become 1. */
void two_that_broadcast(specimen *s, uint64_t *state)
{
    const unsigned ways[] = {0, 4, 8, 12, 1, 2, 3, 6, 9};
    size_t count = sizeof ways / sizeof *ways;
    unsigned way = ways[(s->number / count + s->number) % count];
    two_alike(s, state);
    for (size_t k = 0; k < 2; k++) {
        if (way >> (2 * k) & 1) s->shape[k].rows = 1;
        if (way >> (2 * k + 1) & 1) s->shape[k].cols = 1;
    }
}

/* ---- values ---- */

void fill_off_zero(specimen *s, size_t k, uint64_t *state)
{
    for (size_t i = 0; i < specimen_size(s, k); i++) {
        double magnitude = random_between(state, 0.4, 1.5);
        s->values[k][i] = next_random(state) < 0 ? -magnitude : magnitude;
    }
}

/* Multiples of 1/8 in random order, those of operand k moved by k/16. */
void fill_distinct(specimen *s, size_t k, uint64_t *state)
{
    size_t n = specimen_size(s, k);
    double *values = s->values[k];
    for (size_t i = 0; i < n; i++) {
        size_t j = random_index(state, i + 1);
        values[i] = values[j];
        values[j] =
            ((double)i - (double)(n / 2)) / 8 + (double)k / 16 + random_between(state, -0.01, 0.01);
    }
}

/* Random entries below 1/3, and 2 in each row at a place of its own. */
void fill_regular(specimen *s, size_t k, uint64_t *state)
{
    size_t n = s->shape[0].rows, place[MOST_ELEMENTS];
    for (size_t i = 0; i < specimen_size(s, k); i++)
        s->values[k][i] = random_between(state, -1, 1) / (k == 0 ? 3 : 1);
    for (size_t i = 0; k == 0 && i < n; i++) {
        size_t j = random_index(state, i + 1);
        place[i] = place[j];
        place[j] = i;
    }
    for (size_t i = 0; k == 0 && i < n; i++)
        s->values[0][i * n + place[i]] += next_random(state) < 0 ? -2 : 2;
}

void fill_with_large_diagonal(specimen *s, size_t k, uint64_t *state)
{
    size_t n = s->shape[0].rows;
    for (size_t i = 0; i < specimen_size(s, k); i++) s->values[k][i] = next_random(state) / 3;
    for (size_t i = 0; k == 0 && i < n; i++) s->values[0][i * n + i] = random_between(state, 1, 2);
}

/* SPDX-License-Identifier: MIT */
/* What the operations that move elements share. */
#ifndef OPS_MOVING_H
#define OPS_MOVING_H

#include "ops/operations.h"

#include <string.h>

/* The shape of a result, as an attribute or the beginning of one. */
typedef struct extent {
    size_t rows, cols;
} extent;

/* Row-major positions of gathered or scattered elements. */
typedef struct chosen {
    extent to;
    size_t indices[];
} chosen;

static inline bool shape_from_extent(const evaluation *e, size_t *rows, size_t *cols)
{
    const extent *to = e->attributes;
    *rows = to->rows;
    *cols = to->cols;
    return true;
}

static inline ad_var record_extent(const operation *op, ad_var x, size_t rows, size_t cols)
{
    const extent to = {rows, cols};
    return tape_record(op, &x, 1, &to, sizeof to);
}

/* Zeros, unless the result is to be added to something. */
static inline void clear(const evaluation *e)
{
    size_t size = e->rows * e->cols;
    if (!e->accumulate && size) memset(e->output, 0, size * sizeof *e->output);
}

/* Writes count values from position `to` on of the result, or adds them. */
static inline void put(const evaluation *e, size_t to, const double *from, size_t count)
{
    double *output = e->output + to;
    for (size_t i = 0; e->accumulate && i < count; i++) output[i] += from[i];
    if (!e->accumulate && count) memcpy(output, from, count * sizeof *output);
}

#endif

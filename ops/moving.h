/* What the operations that move elements share. */
#ifndef OPS_MOVING_H
#define OPS_MOVING_H

#include "ops/operations.h"

#include <string.h>

/* The shape of a result, as an attribute or the beginning of one. */
typedef struct extent {
    size_t rows, cols;
} extent;

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
    for (size_t i = 0; !e->accumulate && i < e->rows * e->cols; i++)
        e->output[i] = 0;
}

/* Writes count values from position `to` on of the result, or adds them. */
static inline void put(const evaluation *e, size_t to, const double *from, size_t count)
{
    double *output = e->output + to;
    for (size_t i = 0; e->accumulate && i < count; i++)
        output[i] += from[i];
    if (!e->accumulate && count) memcpy(output, from, count * sizeof *output);
}

#endif

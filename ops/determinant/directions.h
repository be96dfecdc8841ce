/* SPDX-License-Identifier: MIT */
/* A direction V in parts whose exponents do not lie too far apart. */
#ifndef OPS_DETERMINANT_DIRECTIONS_H
#define OPS_DETERMINANT_DIRECTIONS_H

#include "ops/determinant/scaling.h"

/* Rows (or columns) that outweigh all others. */
enum { MOST_DOMINANT = 2 };
typedef struct dominant_lines {
    size_t count;
    size_t line[MOST_DOMINANT];
} dominant_lines;

typedef struct direction {
    const determinant_scaling *scaling;
    const double *values;
    int64_t top;                  /* largest exponent of the scaled nonzero values */
    int width;                    /* of a layer, in bits */
    size_t layers;                /* 0 where all values are 0 */
    dominant_lines rows, columns; /* each is a part of its own */
} direction;

/* Up to so many dominant rows and columns become parts of their own: as many as there are
 * directions, none where A has one exponent. False when out of memory. */
bool direction_describe(direction *v, const determinant_scaling *scaling, const double *values,
                        int width, size_t dominant, arena *scratch);
size_t direction_parts(const direction *v);

/* part 2^exponent is the given part, scaled; false where it is empty. */
bool direction_part(const direction *v, size_t index, double *part, int64_t *exponent);

/* Sets to 0 the row and column of a derivative in which the part, a dominant line, has no share. */
void direction_clear(const direction *v, size_t index, double *t);

/* Whether D^2 cof(A) of the two parts is 0: both are the same dominant row, or the same column. */
bool direction_parts_exclude(const direction *v, size_t v_index, const direction *w,
                             size_t w_index);

#endif

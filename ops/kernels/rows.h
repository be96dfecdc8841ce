/* SPDX-License-Identifier: MIT */
/* Short loops over rows, compiled into those who use them. */
#ifndef OPS_KERNELS_ROWS_H
#define OPS_KERNELS_ROWS_H

#include "ops/kernels/kernels.h"

static inline void exchange_numbers(size_t n, double *restrict x, double *restrict y)
{
    for (size_t j = 0; j < n; j++) {
        const double moved = x[j];
        x[j] = y[j];
        y[j] = moved;
    }
}

/* y <- y + factor x; four at a time, which compilers turn into vector instructions. */
static inline void add_multiple(size_t n, double factor, const double *restrict x,
                                double *restrict y)
{
    size_t i = 0;
    for (; i + 3 < n; i += 4) {
        const double y0 = y[i] + factor * x[i], y1 = y[i + 1] + factor * x[i + 1],
                     y2 = y[i + 2] + factor * x[i + 2], y3 = y[i + 3] + factor * x[i + 3];
        y[i] = y0, y[i + 1] = y1, y[i + 2] = y2, y[i + 3] = y3;
    }
    for (; i < n; i++) y[i] += factor * x[i];
}

#endif

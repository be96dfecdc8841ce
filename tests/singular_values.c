/* SPDX-License-Identifier: MIT */
#include "tests/singular_values.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static long double dot(size_t n, const long double *x, const long double *y)
{
    long double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
    return sum;
}

/* Rotates two rows so that they become orthogonal; false where they already were. */
static bool rotate(size_t n, long double *x, long double *y)
{
    const long double xx = dot(n, x, x), yy = dot(n, y, y), xy = dot(n, x, y);
    if (fabsl(xy) <= 1e-18L * sqrtl(xx * yy)) return false;
    const long double zeta = (yy - xx) / (2 * xy);
    const long double t = (zeta < 0 ? -1 : 1) / (fabsl(zeta) + hypotl(1, zeta));
    const long double c = 1 / hypotl(1, t), s = c * t;
    for (size_t i = 0; i < n; i++) {
        const long double old = x[i];
        x[i] = c * old - s * y[i];
        y[i] = s * old + c * y[i];
    }
    return true;
}

static int descending(const void *x, const void *y)
{
    const long double a = *(const long double *)x, b = *(const long double *)y;
    return (a < b) - (a > b);
}

void singular_values(size_t n, const double *a, long double *sigma)
{
    long double *x = malloc((n * n + 1) * sizeof *x);
    if (!x) abort();
    for (size_t k = 0; k < n * n; k++) x[k] = a[k];
    bool turned = true;
    for (int sweep = 0; turned && sweep < 60; sweep++) {
        turned = false;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++) turned |= rotate(n, x + i * n, x + j * n);
    }
    for (size_t i = 0; i < n; i++) sigma[i] = sqrtl(dot(n, x + i * n, x + i * n));
    qsort(sigma, n, sizeof *sigma, descending);
    free(x);
}

/* SPDX-License-Identifier: MIT */
/* Q R with column pivoting by Householder reflections (Businger & Golub 1965; Golub & Van Loan
 * 2013, algorithm 5.4.1). */
#include "ops/kernels/qr.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "ops/kernels/householder.h"
#include "ops/kernels/rows.h"
#include "ops/numbers/vectors.h"

static double *column(const qr *f, size_t k)
{
    return f->columns + k * f->m;
}

/* y <- H y of the k-th reflection. */
static void reflect(const qr *f, size_t k, double *y)
{
    const double *v = column(f, k);
    const size_t after = k + 1, rest = f->m - after;
    if (f->tau[k] == 0) return; /* H = I */
    const double factor = f->tau[k] * (y[k] + kernel_dot(rest, v + after, y + after));
    y[k] -= factor;
    add_multiple(rest, -factor, v + after, y + after);
}

static void bring_longest(qr *f, size_t k)
{
    size_t longest = k;
    double length = -1;
    for (size_t j = k; j < f->n; j++) {
        const double norm = kernel_norm2(f->m - k, column(f, j) + k);
        if (norm > length) {
            longest = j;
            length = norm;
        }
    }
    if (longest != k) {
        exchange_numbers(f->m, column(f, k), column(f, longest));
        f->det_p = -f->det_p;
    }
    const size_t place = f->order[k];
    f->order[k] = f->order[longest];
    f->order[longest] = place;
}

qr *qr_new(size_t rows, size_t cols, const double *a, arena *memory)
{
    const bool tall = rows >= cols;
    qr *f = arena_take(memory, sizeof *f);
    if (!f) return NULL;
    *f = (qr){.m = tall ? rows : cols, .n = tall ? cols : rows, .det_q = 1, .det_p = 1};
    f->columns = arena_take_array(memory, rows * cols, sizeof *f->columns);
    f->tau = arena_take_array(memory, f->n, sizeof *f->tau);
    f->order = arena_take_array(memory, f->n, sizeof *f->order);
    if (!f->columns || !f->tau || !f->order) return NULL;
    f->exponent = kernel_largest_exponent(rows * cols, a); /* no square leaves the range */
    kernel_copy_scaled(tall, rows, cols, a, f->exponent, f->columns);
    for (size_t k = 0; k < f->n; k++) f->order[k] = k;
    for (size_t k = 0; k < f->n; k++) {
        bring_longest(f, k);
        double *pivot = column(f, k) + k;
        *pivot = householder_reflection(f->m - k, pivot, &f->tau[k]);
        if (f->tau[k] != 0) f->det_q = -f->det_q;
        for (size_t j = k + 1; j < f->n; j++) reflect(f, k, column(f, j));
    }
    return f;
}

void qr_q_transposed(const qr *f, double *q_transposed)
{
    for (size_t j = 0; j < f->m; j++) {
        double *row = q_transposed + j * f->m;
        for (size_t i = 0; i < f->m; i++) row[i] = i == j;
        for (size_t k = f->n; k-- > 0;) reflect(f, k, row);
    }
}

/* Pivots decrease, up to rounding: those from the first negligible one on are rounding errors. */
size_t qr_rank(const qr *f)
{
    size_t rank = 0;
    const double negligible = f->n ? (double)f->m * DBL_EPSILON * fabs(*f->columns) : 0;
    if (!isfinite(negligible)) return f->n; /* NaN and Inf show in the results */
    while (rank < f->n && fabs(column(f, rank)[rank]) > negligible) rank++;
    return rank;
}

/* T^+ b = P R^-1 Q^T b */
static void apply_tall(const qr *f, double *y, double *x)
{
    for (size_t k = 0; k < f->n; k++) reflect(f, k, y);
    kernel_solve_triangular(true, true, false, f->n, f->columns, f->m, 1, y, 1);
    for (size_t k = 0; k < f->n; k++) x[f->order[k]] = y[k];
}

/* (T^+)^T b = Q R^-T P^T b */
static void apply_wide(const qr *f, const double *b, double *y)
{
    for (size_t k = 0; k < f->n; k++) y[k] = b[f->order[k]];
    kernel_solve_triangular(true, false, false, f->n, f->columns, f->m, 1, y, 1);
    for (size_t i = f->n; i < f->m; i++) y[i] = 0;
    for (size_t k = f->n; k-- > 0;) reflect(f, k, y);
}

void qr_solve(const qr *f, bool wide, size_t cols, const double *b, double *x, double *workspace)
{
    const size_t from = wide ? f->n : f->m, to = wide ? f->m : f->n;
    double *in = workspace, *out = workspace + f->m;
    for (size_t j = 0; j < cols; j++) {
        for (size_t i = 0; i < from; i++) in[i] = b[i * cols + j];
        if (wide) apply_wide(f, in, out);
        else apply_tall(f, in, out);
        for (size_t i = 0; i < to; i++) x[i * cols + j] = ldexp(out[i], -f->exponent);
    }
}

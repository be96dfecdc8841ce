/* Q R with column pivoting by Householder reflections (Businger & Golub 1965; Golub & Van Loan
 * 2013, algorithm 5.4.1). */
#include "ops/kernels/qr.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "ops/kernels/householder.h"
#include "ops/numbers/vectors.h"

static double *column(const qr *f, size_t k)
{
    return f->columns + k * f->m;
}

/* y <- H y of the k-th reflection. */
static void reflect(const qr *f, size_t k, double *y)
{
    const double *v = column(f, k);
    if (f->tau[k] == 0) return; /* H = I */
    const double factor = f->tau[k] * kernel_dot(f->m - k, v + k, y + k);
    for (size_t i = k; i < f->m; i++) y[i] -= factor * v[i];
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
    for (size_t i = 0; i < f->m && longest != k; i++) {
        const double x = column(f, k)[i];
        column(f, k)[i] = column(f, longest)[i];
        column(f, longest)[i] = x;
    }
    if (longest != k) f->det_p = -f->det_p;
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
    f->diagonal = arena_take_array(memory, 2 * f->n, sizeof *f->diagonal);
    f->order = arena_take_array(memory, f->n, sizeof *f->order);
    if (!f->columns || !f->diagonal || !f->order) return NULL;
    f->tau = f->diagonal + f->n;
    f->exponent = kernel_largest_exponent(rows * cols, a); /* no square leaves the range */
    for (size_t i = 0; i < f->m; i++)
        for (size_t j = 0; j < f->n; j++)
            column(f, j)[i] = ldexp(tall ? a[i * cols + j] : a[j * cols + i], -f->exponent);
    for (size_t k = 0; k < f->n; k++) f->order[k] = k;
    for (size_t k = 0; k < f->n; k++) {
        bring_longest(f, k);
        f->diagonal[k] = householder_reflection(f->m - k, column(f, k) + k, &f->tau[k]);
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
    const double negligible = f->n ? (double)f->m * DBL_EPSILON * fabs(f->diagonal[0]) : 0;
    if (!isfinite(negligible)) return f->n; /* NaN and Inf show in the results */
    while (rank < f->n && fabs(f->diagonal[rank]) > negligible) rank++;
    return rank;
}

/* x <- R^-1 x, x <- R^-T x */
static void solve_r(const qr *f, double *x)
{
    for (size_t k = f->n; k-- > 0;) {
        x[k] /= f->diagonal[k];
        for (size_t i = 0; i < k; i++) x[i] -= column(f, k)[i] * x[k];
    }
}

static void solve_r_transposed(const qr *f, double *x)
{
    for (size_t k = 0; k < f->n; k++)
        x[k] = (x[k] - kernel_dot(k, column(f, k), x)) / f->diagonal[k];
}

/* T^+ b = P R^-1 Q^T b */
static void apply_tall(const qr *f, double *y, double *x)
{
    for (size_t k = 0; k < f->n; k++) reflect(f, k, y);
    solve_r(f, y);
    for (size_t k = 0; k < f->n; k++) x[f->order[k]] = y[k];
}

/* (T^+)^T b = Q R^-T P^T b */
static void apply_wide(const qr *f, const double *b, double *y)
{
    for (size_t k = 0; k < f->n; k++) y[k] = b[f->order[k]];
    solve_r_transposed(f, y);
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

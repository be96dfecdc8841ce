/* SPDX-License-Identifier: MIT */
/* Triangular systems, products and inverses in portable C, by halving (Elmroth et al. 2004):
 *
 *     [T11  0 ] [X1]   [B1]      X1 = T11^-1 B1,  X2 = T22^-1 (B2 - T21 X1)
 *     [T21 T22] [X2] = [B2]
 *
 * and likewise for the rest, so that all but small diagonal blocks is matrix product. Backward
 * errors are those of substitution (Higham 2002, theorems 8.5 and 14.2).
 */
#include "ops/kernels/portable.h"
#include "ops/kernels/rows.h"

/* Diagonal blocks up to here go by plain loops; single columns up to LEAF_VECTOR. */
enum { LEAF = 12, LEAF_VECTOR = 32 };

/* op(T): entry (i, j) at data[i * row + j * col]; lower tells whether op(T) itself is. */
typedef struct triangle {
    const double *data;
    size_t stride, row, col;
    bool lower, transpose, unit;
} triangle;

static const double *entry(triangle t, size_t i, size_t j)
{
    return t.data + i * t.row + j * t.col;
}

/* B <- op(T)^-1 B by substitution, column by column of T: as soon as row j of X is known it leaves
 * the others. B <- op(T) B takes these steps back, the last one first. */
static inline void apply_leaf(bool solve, triangle t, size_t n, size_t k, double *b, size_t ldb)
{
    for (size_t step = 0; step < n; step++) {
        const size_t j = t.lower == solve ? step : n - 1 - step;
        const size_t first = t.lower ? j + 1 : 0, end = t.lower ? n : j;
        const double diagonal = *entry(t, j, j);
        double *row = b + j * ldb;
        for (size_t c = 0; solve && !t.unit && c < k; c++) row[c] /= diagonal;
        for (size_t i = first; i < end; i++)
            add_multiple(k, solve ? -*entry(t, i, j) : *entry(t, i, j), row, b + i * ldb);
        for (size_t c = 0; !solve && !t.unit && c < k; c++) row[c] *= diagonal;
    }
}

/* Substitution for one right side. */
static void solve_vector(triangle t, size_t n, double *b, size_t ldb)
{
    for (size_t step = 0; step < n; step++) {
        const size_t j = t.lower ? step : n - 1 - step;
        const size_t first = t.lower ? j + 1 : 0, end = t.lower ? n : j;
        const double *column = t.data + j * t.col;
        if (!t.unit) b[j * ldb] /= column[j * t.row];
        const double x = b[j * ldb];
        for (size_t i = first; i < end; i++) b[i * ldb] -= column[i * t.row] * x;
    }
}

typedef struct span {
    size_t start, size;
} span;

/* A diagonal block of op(T), which may be large enough for the library. */
static void apply_block(bool solve, triangle t, span rows, size_t k, double *b, size_t ldb)
{
    kernel_triangular(solve, t.lower != t.transpose, t.transpose, t.unit, rows.size,
                      entry(t, rows.start, rows.start), t.stride, k, b + rows.start * ldb, ldb);
}

/* The product is the solution's steps back again. */
void portable_triangular(bool solve, bool lower, bool transpose, bool unit, size_t n,
                         const double *t, size_t ldt, size_t k, double *b, size_t ldb)
{
    if (n == 0 || k == 0) return;
    const triangle whole = {
        t, ldt, transpose ? 1 : ldt, transpose ? ldt : 1, lower != transpose, transpose, unit};
    if (solve && k == 1 && n <= LEAF_VECTOR) {
        solve_vector(whole, n, b, ldb);
        return;
    }
    if (n <= LEAF) {
        if (solve) apply_leaf(true, whole, n, k, b, ldb);
        else apply_leaf(false, whole, n, k, b, ldb);
        return;
    }
    const span top = {0, (n + 1) / 2}, rest = {top.size, n - top.size};
    const span from = whole.lower ? top : rest, to = whole.lower ? rest : top;
    apply_block(solve, whole, solve ? from : to, k, b, ldb);
    kernel_multiply_add(solve ? -1 : 1, transpose, false, to.size, k, from.size,
                        entry(whole, to.start, from.start), ldt, b + from.start * ldb, ldb, 1,
                        b + to.start * ldb, ldb);
    apply_block(solve, whole, solve ? to : from, k, b, ldb);
}

void kernel_solve_triangular(bool lower, bool transpose, bool unit, size_t n, const double *t,
                             size_t ldt, size_t k, double *b, size_t ldb)
{
    kernel_triangular(true, lower, transpose, unit, n, t, ldt, k, b, ldb);
}

void kernel_multiply_triangular(bool lower, bool transpose, bool unit, size_t n, const double *t,
                                size_t ldt, size_t k, double *b, size_t ldb)
{
    kernel_triangular(false, lower, transpose, unit, n, t, ldt, k, b, ldb);
}

/* ---- the inverse of a unit triangle ---- */

/* Row by row: x_ij = -(t_ij + sum_l t_il x_lj), l between i and j. Row i of X takes the place of
 * row i of T: t_il is used up by then. Rows are short: plain loops take half the time of those of
 * add_multiple at n = 4, and of one loop for both triangles. */
static void invert_lower(size_t n, double *t, size_t ldt)
{
    for (size_t i = 1; i < n; i++) {
        double *row = t + i * ldt;
        for (size_t l = 1; l < i; l++)
            for (size_t j = 0; j < l; j++) row[j] += row[l] * t[l * ldt + j];
        for (size_t j = 0; j < i; j++) row[j] = -row[j];
    }
}

static void invert_upper(size_t n, double *t, size_t ldt)
{
    for (size_t i = n; i-- > 0;) {
        double *row = t + i * ldt;
        for (size_t l = n; l-- > i + 1;)
            for (size_t j = l + 1; j < n; j++) row[j] += row[l] * t[l * ldt + j];
        for (size_t j = i + 1; j < n; j++) row[j] = -row[j];
    }
}

/* B <- -B T, B m x n, T of the same row stride and small. */
static void multiply_right_leaf(bool lower, size_t m, size_t n, const double *t, size_t stride,
                                double *b)
{
    for (size_t i = 0; i < m; i++, b += stride)
        for (size_t step = 0; step < n; step++) {
            const size_t j = lower ? step : n - 1 - step;
            const size_t first = lower ? j + 1 : 0, end = lower ? n : j;
            double sum = b[j];
            for (size_t l = first; l < end; l++) sum += b[l] * t[l * stride + j];
            b[j] = -sum;
        }
}

/* [T11 0; T21 T22]^-1 = [X1 0; -T22^-1 T21 X1, X2], Xi = Tii^-1, with a small T11; then T22. For an
 * upper triangle from the last columns on. */
void portable_invert_triangular(bool lower, size_t n, double *t, size_t ldt)
{
    for (size_t done = 0; done < n; done += LEAF) {
        const size_t width = n - done < LEAF ? n - done : LEAF, rest = n - done - width;
        double *corner = lower ? t + done * (ldt + 1) : t + rest * (ldt + 1);
        double *block = lower ? corner + width * ldt : t + rest;
        if (rest > 0)
            kernel_solve_triangular(lower, false, true, rest, lower ? block + width : t, ldt, width,
                                    block, ldt);
        (lower ? invert_lower : invert_upper)(width, corner, ldt);
        if (rest > 0) multiply_right_leaf(lower, rest, width, corner, ldt, block);
    }
}

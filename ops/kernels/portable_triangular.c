/* Triangular systems, products and inverses in portable C, by halving (Elmroth et al. 2004):
 *
 *     [T11  0 ] [X1]   [B1]      X1 = T11^-1 B1,  X2 = T22^-1 (B2 - T21 X1)
 *     [T21 T22] [X2] = [B2]
 *
 * and likewise for the rest, so that all but small diagonal blocks is matrix product. Backward
 * errors are those of substitution (Higham 2002, theorems 8.5 and 14.2).
 */
#include "ops/kernels/portable.h"

/* Diagonal blocks up to here go by plain loops; single columns up to LEAF_VECTOR. */
enum { LEAF = 12, LEAF_VECTOR = 32 };

/* op(T): entry (i, j) at data[i * row + j * col], and what the blocks need to know. */
typedef struct triangle {
    const double *data;
    size_t stride;
    bool lower; /* op(T) itself is lower triangular */
    bool transpose, unit;
} triangle;

static double entry(triangle t, size_t i, size_t j)
{
    return t.transpose ? t.data[j * t.stride + i] : t.data[i * t.stride + j];
}

static const double *corner(triangle t, size_t i, size_t j)
{
    return t.transpose ? t.data + j * t.stride + i : t.data + i * t.stride + j;
}

static triangle trailing(triangle t, size_t i)
{
    t.data += i * t.stride + i;
    return t;
}

/* C <- C + alpha op(T)[rows i.., m][columns j.., n] B: the block off the diagonal. */
static void add_block(double alpha, triangle t, size_t i, size_t j, size_t m, size_t n, size_t k,
                      const double *b, size_t ldb, double *c)
{
    kernel_multiply_add(alpha, t.transpose, false, m, k, n, corner(t, i, j), t.stride, b, ldb, 1, c,
                        ldb);
}

/* Substitution, column by column of T: as soon as row j of X is known it leaves the others. */
static void solve_leaf(triangle t, size_t n, size_t k, double *b, size_t ldb)
{
    for (size_t step = 0; step < n; step++) {
        const size_t j = t.lower ? step : n - 1 - step;
        double *row = b + j * ldb;
        if (!t.unit) {
            const double pivot = entry(t, j, j);
            for (size_t c = 0; c < k; c++) row[c] /= pivot;
        }
        const size_t first = t.lower ? j + 1 : 0, end = t.lower ? n : j;
        for (size_t i = first; i < end; i++) add_multiple(k, -entry(t, i, j), row, b + i * ldb);
    }
}

/* Substitution for one right side. */
static void solve_vector_leaf(triangle t, size_t n, double *b, size_t ldb)
{
    const size_t row = t.transpose ? 1 : t.stride, col = t.transpose ? t.stride : 1;
    for (size_t step = 0; step < n; step++) {
        const size_t j = t.lower ? step : n - 1 - step;
        const double *column = t.data + j * col;
        if (!t.unit) b[j * ldb] /= column[j * row];
        const double x = b[j * ldb];
        const size_t first = t.lower ? j + 1 : 0, end = t.lower ? n : j;
        for (size_t i = first; i < end; i++) b[i * ldb] -= column[i * row] * x;
    }
}

/* A diagonal block of op(T), which may be large enough for the library. */
static void solve_block(triangle t, size_t n, size_t k, double *b, size_t ldb)
{
    kernel_solve_triangular(t.lower != t.transpose, t.transpose, t.unit, n, t.data, t.stride, k, b,
                            ldb);
}

void portable_solve_triangular(bool lower, bool transpose, bool unit, size_t n, const double *t,
                               size_t ldt, size_t k, double *b, size_t ldb)
{
    if (n == 0 || k == 0) return;
    const triangle whole = {t, ldt, lower != transpose, transpose, unit};
    if (k == 1 && n <= LEAF_VECTOR) {
        solve_vector_leaf(whole, n, b, ldb);
        return;
    }
    if (n <= LEAF) {
        solve_leaf(whole, n, k, b, ldb);
        return;
    }
    const size_t top = (n + 1) / 2, rest = n - top;
    double *below = b + top * ldb;
    if (whole.lower) {
        solve_block(whole, top, k, b, ldb);
        add_block(-1, whole, top, 0, rest, top, k, b, ldb, below);
        solve_block(trailing(whole, top), rest, k, below, ldb);
    } else {
        solve_block(trailing(whole, top), rest, k, below, ldb);
        add_block(-1, whole, 0, top, top, rest, k, below, ldb, b);
        solve_block(whole, top, k, b, ldb);
    }
}

/* Rows in the order in which they are no longer needed: from the bottom for lower T. */
static void multiply_leaf(triangle t, size_t n, size_t k, double *b, size_t ldb)
{
    for (size_t step = 0; step < n; step++) {
        const size_t i = t.lower ? n - 1 - step : step;
        double *row = b + i * ldb;
        if (!t.unit) {
            const double diagonal = entry(t, i, i);
            for (size_t c = 0; c < k; c++) row[c] *= diagonal;
        }
        const size_t first = t.lower ? 0 : i + 1, end = t.lower ? i : n;
        for (size_t j = first; j < end; j++) add_multiple(k, entry(t, i, j), b + j * ldb, row);
    }
}

static void multiply_block(triangle t, size_t n, size_t k, double *b, size_t ldb)
{
    kernel_multiply_triangular(t.lower != t.transpose, t.transpose, t.unit, n, t.data, t.stride, k,
                               b, ldb);
}

void portable_multiply_triangular(bool lower, bool transpose, bool unit, size_t n, const double *t,
                                  size_t ldt, size_t k, double *b, size_t ldb)
{
    if (n == 0 || k == 0) return;
    const triangle whole = {t, ldt, lower != transpose, transpose, unit};
    if (n <= LEAF) {
        multiply_leaf(whole, n, k, b, ldb);
        return;
    }
    const size_t top = (n + 1) / 2, rest = n - top;
    double *below = b + top * ldb;
    if (whole.lower) {
        multiply_block(trailing(whole, top), rest, k, below, ldb);
        add_block(1, whole, top, 0, rest, top, k, b, ldb, below);
        multiply_block(whole, top, k, b, ldb);
    } else {
        multiply_block(whole, top, k, b, ldb);
        add_block(1, whole, 0, top, top, rest, k, below, ldb, b);
        multiply_block(trailing(whole, top), rest, k, below, ldb);
    }
}

/* B <- -B T with row stride t.stride, m x n, T unit triangular and n small. */
static void multiply_right_leaf(triangle t, size_t m, size_t n, double *b)
{
    for (size_t i = 0; i < m; i++, b += t.stride)
        for (size_t step = 0; step < n; step++) {
            const size_t j = t.lower ? step : n - 1 - step;
            const size_t first = t.lower ? j + 1 : 0, end = t.lower ? n : j;
            double sum = b[j];
            for (size_t l = first; l < end; l++) sum += b[l] * entry(t, l, j);
            b[j] = -sum;
        }
}

/* [B1 B2] <- -[B1 B2] T. */
static void multiply_right(triangle t, size_t m, size_t n, double *b)
{
    if (n <= LEAF) {
        multiply_right_leaf(t, m, n, b);
        return;
    }
    const size_t left = (n + 1) / 2, right = n - left, ld = t.stride;
    if (t.lower) {
        multiply_right(t, m, left, b);
        kernel_multiply_add(-1, false, false, m, left, right, b + left, ld, corner(t, left, 0), ld,
                            1, b, ld);
        multiply_right(trailing(t, left), m, right, b + left);
    } else {
        multiply_right(trailing(t, left), m, right, b + left);
        kernel_multiply_add(-1, false, false, m, right, left, b, ld, corner(t, 0, left), ld, 1,
                            b + left, ld);
        multiply_right(t, m, left, b);
    }
}

/* The inverse of a small lower triangle, row by row: x_ij = -(t_ij + sum_{j < l < i} t_il x_lj).
 * Row i of X takes the place of row i of T from the diagonal on: t_il is used up by then. */
static void invert_lower(size_t n, double *t, size_t ldt)
{
    for (size_t i = 1; i < n; i++) {
        double *row = t + i * ldt;
        for (size_t l = 1; l < i; l++)
            for (size_t j = 0; j < l; j++) row[j] += row[l] * t[l * ldt + j];
        for (size_t j = 0; j < i; j++) row[j] = -row[j];
    }
}

/* The mirror image. */
static void invert_upper(size_t n, double *t, size_t ldt)
{
    for (size_t i = n; i-- > 0;) {
        double *row = t + i * ldt;
        for (size_t l = n; l-- > i + 1;)
            for (size_t j = l + 1; j < n; j++) row[j] += row[l] * t[l * ldt + j];
        for (size_t j = i + 1; j < n; j++) row[j] = -row[j];
    }
}

/* [T11 0; T21 T22]^-1 = [X1 0; -T22^-1 T21 X1, X2], Xi = Tii^-1; upper likewise. */
void portable_invert_triangular(bool lower, size_t n, double *t, size_t ldt)
{
    if (n <= LEAF) {
        (lower ? invert_lower : invert_upper)(n, t, ldt);
        return;
    }
    const size_t top = (n + 1) / 2, rest = n - top;
    double *corner11 = t, *corner22 = t + top * ldt + top;
    if (lower) {
        double *block = t + top * ldt;
        kernel_solve_triangular(true, false, true, rest, corner22, ldt, top, block, ldt);
        kernel_invert_triangular(true, top, corner11, ldt);
        multiply_right((triangle){corner11, ldt, true, false, true}, rest, top, block);
        kernel_invert_triangular(true, rest, corner22, ldt);
    } else {
        double *block = t + top;
        kernel_solve_triangular(false, false, true, top, corner11, ldt, rest, block, ldt);
        kernel_invert_triangular(false, rest, corner22, ldt);
        multiply_right((triangle){corner22, ldt, false, false, true}, top, rest, block);
        kernel_invert_triangular(false, top, corner11, ldt);
    }
}

/* A Z Pi = Q D U1: Z a random orthogonal matrix, then QR with column pivoting.
 *
 * Mixing the columns at random first makes the pivoted QR reveal every rank with a well
 * conditioned U1 (Demmel, Dumitriu & Holtz 2007, randomized URV), also for matrices on which both
 * pivoted eliminations and QR without Z fail, such as Kahan's. It costs about ten times as much
 * and is used only for second and third derivatives of the determinant.
 *
 * QR is by Householder reflections with column pivoting (Businger & Golub 1965; Golub & Van Loan,
 * Matrix Computations, 5.4), on a matrix stored by columns, so that every loop runs along memory.
 * The norms of the remaining columns are computed anew at every step: updating them saves a third
 * of the work and loses their last digits.
 */
#include "ops/determinant/decomposition.h"
#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

/* ---- QR ---- */

static void exchange_columns(size_t n, double *columns, size_t i, size_t j)
{
    for (size_t k = 0; k < n; k++) {
        const double moved = columns[i * n + k];
        columns[i * n + k] = columns[j * n + k];
        columns[j * n + k] = moved;
    }
}

/* Brings the column with the largest part from row k on to place k; true where it moved. */
static bool pivot_column(size_t n, size_t k, double *columns, size_t *permutation)
{
    size_t pivot = k;
    double largest = -1;
    for (size_t j = k; j < n; j++) {
        const double norm = kernel_norm2(n - k, columns + j * n + k);
        if (norm > largest) {
            largest = norm;
            pivot = j;
        }
    }
    if (pivot == k) return false;
    exchange_columns(n, columns, k, pivot);
    const size_t moved = permutation[k];
    permutation[k] = permutation[pivot];
    permutation[pivot] = moved;
    return true;
}

/* v with (I - v v^T) x = -sign(x_0) |x| e_0 and v^T v = 2, in place of x; returns that multiple of
 * e_0. x scaled first, so that its squares stay in range. 0, and v = 0, for a column of zeros. */
static double reflector_of(size_t m, double *x)
{
    const double norm = kernel_norm2(m, x);
    if (norm == 0) return 0;
    const double sign = x[0] < 0 ? -1 : 1;
    /* |x + sign |x| e_0|^2 = 2 |x| (|x| + |x_0|) */
    const double head = fabs(x[0]) / norm, scale = 1 / sqrt(1 + head);
    for (size_t i = 0; i < m; i++) x[i] = x[i] / norm * scale;
    x[0] = sign * (1 + head) * scale;
    return -sign * norm;
}

static void reflect(size_t m, const double *v, double *x)
{
    const double product = kernel_dot(m, v, x);
    for (size_t i = 0; i < m; i++) x[i] -= product * v[i];
}

/* (C Pi)^T given row-wise in columns (row j is column j of C) becomes R: R_kj is columns[j n +
 * k] for k <= j; q_transposed receives Q^T where C Pi = Q R. permutation NULL: no pivoting.
 * Returns det(Q) det(Pi). reflector: n. */
static int factor_qr(size_t n, double *columns, size_t *permutation, double *q_transposed,
                     double *reflector)
{
    int sign = 1;
    for (size_t k = 0; k < n; k++) {
        if (permutation && pivot_column(n, k, columns, permutation)) sign = -sign;
        double *v = columns + k * n + k;
        reflector[k] = reflector_of(n - k, v);
        if (reflector[k] != 0) sign = -sign;
        for (size_t j = k + 1; j < n; j++) reflect(n - k, v, columns + j * n + k);
    }
    /* Column j of Q = H_0 ... H_{n-1} is row j of its transpose. */
    for (size_t j = 0; j < n; j++) {
        double *row = q_transposed + j * n;
        for (size_t i = 0; i < n; i++) row[i] = i == j;
        for (size_t k = n; k > 0; k--) reflect(n - k + 1, columns + (k - 1) * (n + 1), row + k - 1);
    }
    for (size_t k = 0; k < n; k++) columns[k * (n + 1)] = reflector[k];
    return sign;
}

/* ---- Q D U1 ---- */

/* A fixed stream of nearly normal numbers: the sum of twelve uniform ones, less 6 (the minimal
 * standard generator of Park & Miller 1988 with the multiplier 48271). */
static double next_normal(uint64_t *state)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *state = *state * 48271 % 2147483647;
        sum += (double)*state / 2147483647;
    }
    return sum - 6;
}

static int random_orthogonal(size_t n, double *transposed, double *columns, double *reflector)
{
    uint64_t state = 20240229;
    for (size_t k = 0; k < n * n; k++) columns[k] = next_normal(&state);
    return factor_qr(n, columns, NULL, transposed, reflector);
}

/* D and U1 from R, stored by columns. */
static void take_out_diagonal(decomposition *d, const double *columns)
{
    const size_t n = d->n;
    for (size_t k = 0; k < n; k++) {
        const double pivot = columns[k * n + k];
        d->d[k] = scaled_from(pivot);
        for (size_t j = 0; j < n; j++)
            d->triangles[k * n + j] = j > k && pivot != 0 ? columns[j * n + k] / pivot : j == k;
    }
}

decomposition *rank_revealing_new(const determinant_scaling *scaling, const double *entries,
                                  arena *memory, arena *scratch)
{
    const size_t n = scaling->n;
    decomposition *d = lu_new(scaling, memory);
    double *orthogonal = arena_take_array(memory, n * n, 2 * sizeof *orthogonal);
    double *columns = arena_take_array(scratch, n * n, sizeof *columns);
    double *reflector = arena_take_array(scratch, n, sizeof *reflector);
    if (!d || !orthogonal || !columns || !reflector) return NULL;
    d->kind = RANK_REVEALING;
    d->left_transposed = orthogonal;
    d->right_transposed = orthogonal + n * n;
    d->sign = random_orthogonal(n, d->right_transposed, columns, reflector);
    kernel_matmul(false, true, n, n, n, d->right_transposed, n, entries, n, 0, columns, n);
    for (size_t j = 0; j < n; j++) d->column[j] = j;
    d->sign *= factor_qr(n, columns, d->column, d->left_transposed, reflector);
    take_out_diagonal(d, columns);
    kernel_invert_triangular(false, n, d->triangles, n);
    d->inverted = true;
    return d;
}

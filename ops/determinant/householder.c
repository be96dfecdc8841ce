/* C Pi = Q R by Householder reflections with column pivoting (Businger & Golub 1965; Golub & Van
 * Loan, Matrix Computations, 5.4). The norms of the remaining columns are computed anew at every
 * step: updating them saves a third of the work and loses their last digits.
 *
 * The matrix is stored by columns, so that every loop runs along memory.
 */
#include "ops/determinant/private.h"
#include "ops/numbers/vectors.h"

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

int determinant_householder(size_t n, double *columns, size_t *permutation, double *q_transposed,
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

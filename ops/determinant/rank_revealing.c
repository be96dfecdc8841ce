/* A Z Pi = Q D U1: Z a random orthogonal matrix, then QR with column pivoting.
 *
 * Mixing the columns at random first makes the pivoted QR reveal every rank with a well
 * conditioned U1 (Demmel, Dumitriu & Holtz 2007, randomized URV), also for matrices on which both
 * pivoted eliminations and QR without Z fail, such as Kahan's. It costs about ten times as much
 * and serves only second and third derivatives of the determinant.
 */
#include "ops/determinant/private.h"
#include "ops/kernels/kernels.h"

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
    return determinant_householder(n, columns, NULL, transposed, reflector);
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

decomposition *orthogonal_new(const determinant_range *range, const double *entries, arena *memory,
                              arena *scratch)
{
    const size_t n = range->n;
    decomposition *d = pivoted_new(range, memory);
    double *orthogonal = arena_take_array(memory, n * n, 2 * sizeof *orthogonal);
    double *columns = arena_take_array(scratch, n * n, sizeof *columns);
    double *reflector = arena_take_array(scratch, n, sizeof *reflector);
    if (!d || !orthogonal || !columns || !reflector) return NULL;
    d->kind = ORTHOGONAL;
    d->left_transposed = orthogonal;
    d->right_transposed = orthogonal + n * n;
    d->sign = random_orthogonal(n, d->right_transposed, columns, reflector);
    kernel_matmul(false, true, n, n, n, d->right_transposed, n, entries, n, 0, columns, n);
    for (size_t j = 0; j < n; j++) d->column[j] = j;
    d->sign *= determinant_householder(n, columns, d->column, d->left_transposed, reflector);
    take_out_diagonal(d, columns);
    kernel_invert_triangular(false, n, d->triangles, n);
    d->inverted = true;
    return d;
}

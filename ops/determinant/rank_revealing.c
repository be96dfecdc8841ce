/* SPDX-License-Identifier: MIT */
/* A Z Pi = Q D U1: Z a random orthogonal matrix, then QR with column pivoting.
 *
 * Mixing the columns at random first makes the pivoted QR reveal every rank with a well
 * conditioned U1 (Demmel, Dumitriu & Holtz 2007, randomized URV), also for matrices on which both
 * pivoted eliminations and QR without Z fail, such as Kahan's. It costs about ten times as much
 * and is used only for second and third derivatives of the determinant.
 */
#include "ops/determinant/decomposition.h"
#include "ops/kernels/kernels.h"
#include "ops/kernels/qr.h"

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

/* Z^T, orthogonal; returns det(Z), or 0 when out of memory. */
static int random_orthogonal(size_t n, double *transposed, arena *scratch)
{
    uint64_t state = 20240229;
    for (size_t k = 0; k < n * n; k++) transposed[k] = next_normal(&state);
    const qr *z = qr_new(n, n, transposed, scratch);
    if (!z) return 0;
    qr_q_transposed(z, transposed);
    return z->det_q;
}

decomposition *rank_revealing_new(const determinant_scaling *scaling, const double *entries,
                                  arena *memory, arena *scratch)
{
    const size_t n = scaling->n;
    decomposition *d = lu_new(scaling, memory);
    double *left = arena_take_array(memory, n * n, sizeof *left);
    double *mixed = arena_take_array(scratch, n * n, 2 * sizeof *mixed);
    if (!d || !left || !mixed) return NULL;
    double *z_transposed = mixed + n * n, *upper = mixed, *right = d->factors;
    const int det_z = random_orthogonal(n, z_transposed, scratch);
    kernel_matmul(false, true, n, n, n, entries, n, z_transposed, n, 0, mixed, n);
    const qr *f = det_z ? qr_new(n, n, mixed, scratch) : NULL;
    if (!f) return NULL;
    qr_q_transposed(f, left);
    for (size_t k = 0; k < n; k++) {
        const double pivot = f->columns[k * n + k];
        d->d[k] = scaled_from_power(pivot, f->exponent);
        for (size_t j = k + 1; j < n; j++)
            upper[k * n + j] = pivot != 0 ? f->columns[j * n + k] / pivot : 0;
        memcpy(right + k * n, z_transposed + f->order[k] * n, n * sizeof *right);
    }
    kernel_solve_triangular(false, true, true, n, upper, n, n, right, n);
    d->kind = RANK_REVEALING;
    d->sign = det_z * f->det_q * f->det_p;
    d->left = left;
    d->right = right;
    return d;
}

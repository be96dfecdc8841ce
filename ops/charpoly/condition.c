/* SPDX-License-Identifier: MIT */
/* Whether Hyman's method can be relied on for p^(k) at an x.
 *
 * What it computes is p^(k) of A + dA, |dA| about n eps |T|, T = tI - H. To first order in dA the
 * error is what is to be expected. With singular values sigma_1 >= .. >= sigma_n of T,
 *
 *     first order:   at least about  n eps |T| prod_{l<n} sigma_l / |T|^k
 *     second order:  at most  (n eps |T|)^2 prod_{l<n-k-1} sigma_l
 *
 * (k + 2 of the sigma are left out of a (k+2)-nd derivative of det), so that the second order does
 * not matter where
 *
 *     (sigma_{n-1} / |T|)^(k+1) >= n eps.
 *
 * This asks for the smallest but one alone: x may be a simple eigenvalue. The traces of the
 * derivatives would not tell: they vanish at multiple eigenvalues however large their matrices are.
 *
 * sigma_{n-1} comes from an LU factorization of T, O(n^2) for a Hessenberg matrix, and inverse
 * iteration with T^T T on two vectors.
 */
#include "ops/charpoly/reduction.h"

#include <float.h>
#include <math.h>

#include "ops/numbers/scaled.h"
#include "ops/kernels/rows.h"
#include "ops/numbers/vectors.h"

/* SAFETY is a factor on n eps: it covers neglected constants and the error of sigma_{n-1}. Up to
 * order CLOSED determinants are used always. */
enum { SAFETY = 100, CLOSED = 3 };

/* T = P_0 L_0 P_1 L_1 .. U, P_j an exchange of rows j and j + 1 or I, L_j = I + multiplier_j
 * e_{j+1} e_j^T; two vectors. */
typedef struct factored {
    size_t n;
    double *u, *multiplier, *exchanged, *vector[2];
    double norm; /* |T|_F */
} factored;

static void fill(factored *f, const charpoly_reduction *r, double t, int unit)
{
    const size_t n = f->n;
    const double factor = scale_by_power(-1, -unit); /* where it is 0, so is H beside t */
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double *h = r->h + i * n;
        double *row = f->u + i * n;
        const size_t first = i > 0 ? i - 1 : 0;
        for (size_t j = first; j < n; j++) row[j] = factor * h[j];
        row[i] += t;
        sum += kernel_dot(n - first, row + first, row + first);
    }
    f->norm = sqrt(sum);
}

/* Pivots are at least eps |T|: as good as T is known. */
static void eliminate(factored *f)
{
    const size_t n = f->n;
    const double smallest = DBL_EPSILON * f->norm;
    for (size_t j = 0; j < n; j++) {
        double *row = f->u + j * n, *next = row + n;
        f->exchanged[j] = j + 1 < n && fabs(next[j]) > fabs(row[j]);
        if (f->exchanged[j] != 0) exchange_numbers(n - j, row + j, next + j);
        if (fabs(row[j]) < smallest) row[j] = smallest;
        if (j + 1 == n) return;
        f->multiplier[j] = next[j] / row[j];
        add_multiple(n - j - 1, -f->multiplier[j], row + j + 1, next + j + 1);
    }
}

/* b <- T^-1 b, or T^-T b. */
static void solve(const factored *f, bool transpose, double *b)
{
    const size_t n = f->n;
    for (size_t j = 0; !transpose && j + 1 < n; j++) {
        if (f->exchanged[j] != 0) exchange_numbers(1, b + j, b + j + 1);
        b[j + 1] -= f->multiplier[j] * b[j];
    }
    kernel_solve_triangular(false, transpose, false, n, f->u, n, 1, b, 1);
    for (size_t j = n - 1; transpose && j-- > 0;) {
        b[j] -= f->multiplier[j] * b[j + 1];
        if (f->exchanged[j] != 0) exchange_numbers(1, b + j, b + j + 1);
    }
}

/* Solves for the two vectors and makes them orthonormal, beginning with the larger. norms: about
 * the singular values of the matrix that they form. */
static void iterate(factored *f, bool transpose, double norms[2])
{
    const size_t n = f->n;
    for (int k = 0; k < 2; k++) solve(f, transpose, f->vector[k]);
    const bool second = kernel_norm2(n, f->vector[1]) > kernel_norm2(n, f->vector[0]);
    double *x = f->vector[second], *y = f->vector[!second];
    norms[0] = kernel_unit(n, x, x);
    for (int twice = 0; twice < 2; twice++) add_multiple(n, -kernel_dot(n, x, y), x, y);
    norms[1] = kernel_unit(n, y, y);
}

/* Uniform in [-1, 1), always the same (Knuth's 64-bit linear congruential generator). */
static void start(factored *f)
{
    uint64_t state = 1;
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < f->n; i++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            f->vector[k][i] = (double)(state >> 11) * 0x1p-52 - 1;
        }
        (void)kernel_unit(f->n, f->vector[k], f->vector[k]);
    }
}

/* sigma_{n-1} < limit; true as well where numbers leave their range. A vector drawn at random has a
 * share of about 1 / sqrt(n) in each singular vector: where T^-T makes it much shorter than
 * 1 / limit, sigma_n itself is beyond the limit. */
static bool is_smaller(factored *f, double limit)
{
    enum { MARGIN = 10 };
    double norms[2];
    start(f);
    iterate(f, true, norms);
    if (norms[0] * limit * (double)MARGIN * sqrt((double)f->n) <= 1) return false;
    iterate(f, false, norms);
    iterate(f, true, norms);
    return !(norms[1] * limit <= 1);
}

bool charpoly_is_doubtful(const charpoly_reduction *reduction, double t, int unit, size_t order,
                          bool *doubtful, arena *scratch)
{
    const size_t n = reduction->n;
    *doubtful = n <= CLOSED; /* determinants by closed formulas cost no more */
    if (n <= CLOSED) return true;
    double *work = arena_take_array(scratch, n + 4, n * sizeof *work);
    if (!work) return false;
    factored f = {.n = n,
                  .u = work,
                  .multiplier = work + n * n,
                  .exchanged = work + n * (n + 1),
                  .vector = {work + n * (n + 2), work + n * (n + 3)}};
    fill(&f, reduction, t, unit);
    eliminate(&f);
    const double limit = pow((double)SAFETY * DBL_EPSILON * (double)n, 1 / (double)(order + 1));
    *doubtful = is_smaller(&f, limit * f.norm);
    return true;
}

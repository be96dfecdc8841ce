/* SPDX-License-Identifier: MIT */
/* qr and lu of any shape: values without derivatives (functions_decompose.c). */
#include "autodiff/script/library/functions.h"
#include "ops/kernels/householder.h"
#include "ops/kernels/kernels.h"
#include "ops/kernels/rows.h"
#include "ops/numbers/vectors.h"

#include <math.h>
#include <string.h>

/* ---- qr ---- */

/* y <- (I - tau v v^T) y */
static void reflect(size_t n, double tau, const double *v, double *y)
{
    if (tau != 0) add_multiple(n, -tau * kernel_dot(n, v, y), v, y);
}

/* By reflections (Golub & Van Loan 2013, section 5.2.2), each column one after another. R as its
 * columns stand, with the vectors of the reflections, which begin with 1, below its diagonal. */
static void triangularize(size_t m, size_t n, double *columns, double *diagonal, double *tau)
{
    for (size_t k = 0; k < smaller(m, n); k++) {
        double *v = columns + k * m + k;
        diagonal[k] = householder_reflection(m - k, v, &tau[k]);
        for (size_t j = k + 1; j < n; j++) reflect(m - k, tau[k], v, columns + j * m + k);
    }
}

/* Q as its columns. */
static void collect_q(size_t m, size_t n, const double *columns, const double *tau, double *q)
{
    for (size_t at = 0; at < m * m; at++) q[at] = at % (m + 1) == 0;
    for (size_t k = smaller(m, n); k-- > 0;)
        for (size_t j = k; j < m; j++) reflect(m - k, tau[k], columns + k * m + k, q + j * m + k);
}

/* R, below its diagonal zeros, or the vectors times tau as Octave has them; and Q unless it is NULL. */
static ad_status factor_qr(const ad_matrix *a, bool vectors, double *r, double *q)
{
    const size_t m = a->rows, n = a->cols, order = smaller(m, n);
    double *columns = room_for(m * n + 2 * order + (q ? m * m : 0));
    if (!columns) return AD_ERROR_MEMORY;
    double *diagonal = columns + m * n, *tau = diagonal + order;
    kernel_transpose(m, n, a->values, columns);
    triangularize(m, n, columns, diagonal, tau);
    if (q) collect_q(m, n, columns, tau, tau + order);
    if (q) kernel_transpose(m, m, tau + order, q);
    kernel_transpose(n, m, columns, r);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < smaller(i, n); j++) r[i * n + j] *= vectors ? tau[j] : 0;
        if (i < order) r[i * (n + 1)] = diagonal[i];
    }
    release(columns);
    return AD_OK;
}

static ad_status qr_values(const ad_matrix *in, double *output)
{
    return factor_qr(in, true, output, NULL);
}

/* Q and R */
static ad_status qr_both_values(const ad_matrix *in, double *output)
{
    return factor_qr(in, false, output + in->rows * in->rows, output);
}

DECOMPOSITION(qr, "qr", false, qr_values);
DECOMPOSITION(qr_both, "qr", true, qr_both_values);

/* qr(A) alone is R with the reflections below, as in Octave. */
bool call_qr(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const size_t m = ad_rows(x), n = ad_cols(x), order = smaller(m, n);
    bool economy;
    if (!asks_economy(call, &economy)) return false;
    size_t at = 0;
    if (call->wanted < 2) return give_part(call, decompose(&qr, x, 0), &at, m, n);
    const ad_var both = decompose(&qr_both, x, 0);
    return give_part(call, both, &at, m, m) && give_part(call, both, &at, m, n) &&
           (!economy || (cut_result(call, 0, m, order) && cut_result(call, 1, order, n)));
}

/* ---- lu ---- */

/* L and U in place of A, whose rows are exchanged, those of order with them. */
static void eliminate(size_t m, size_t n, double *a, size_t *order)
{
    for (size_t i = 0; i < m; i++) order[i] = i;
    for (size_t k = 0; k < smaller(m, n); k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < m; i++)
            if (fabs(a[i * n + k]) > fabs(a[pivot * n + k])) pivot = i;
        const size_t moved = order[k];
        order[k] = order[pivot];
        order[pivot] = moved;
        if (pivot != k) exchange_numbers(n, a + k * n, a + pivot * n);
        for (size_t i = k + 1; i < m && a[k * n + k] != 0; i++) {
            a[i * n + k] /= a[k * n + k];
            add_multiple(n - k - 1, -a[i * n + k], a + k * n + k + 1, a + i * n + k + 1);
        }
    }
}

static ad_status lu_values(const ad_matrix *in, double *output)
{
    const size_t m = in->rows, n = in->cols;
    size_t *order = array_resize(NULL, m + 1, sizeof *order);
    if (!order) return AD_ERROR_MEMORY;
    if (m * n > 0) memcpy(output, in->values, m * n * sizeof *output);
    eliminate(m, n, output, order);
    release(order);
    return AD_OK;
}

/* L, U and P */
static ad_status lu_all_values(const ad_matrix *in, double *output)
{
    const size_t m = in->rows, n = in->cols, k = smaller(m, n);
    double *upper = output + m * k, *exchanges = upper + k * n, *both = room_for(m * n);
    size_t *order = array_resize(NULL, m + 1, sizeof *order);
    const bool ok = both && order;
    if (ok && m * n > 0) memcpy(both, in->values, m * n * sizeof *both);
    if (ok) eliminate(m, n, both, order);
    for (size_t i = 0; ok && i < m; i++) {
        for (size_t j = 0; j < k; j++) output[i * k + j] = i > j ? both[i * n + j] : i == j;
        for (size_t j = 0; j < n && i < k; j++) upper[i * n + j] = i > j ? 0 : both[i * n + j];
        for (size_t j = 0; j < m; j++) exchanges[i * m + j] = j == order[i];
    }
    release(order);
    release(both);
    return ok ? AD_OK : AD_ERROR_MEMORY;
}

DECOMPOSITION(lu, "lu", false, lu_values);
DECOMPOSITION(lu_all, "lu", true, lu_all_values);

/* lu(A) alone is L and U in one, [L, U] has P' L in place of L. */
bool call_lu(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const size_t m = ad_rows(x), n = ad_cols(x), k = smaller(m, n);
    size_t at = 0;
    if (call->wanted < 2) return give_part(call, decompose(&lu, x, 0), &at, m, n);
    const ad_var all = decompose(&lu_all, x, 0);
    if (!give_part(call, all, &at, m, k) || !give_part(call, all, &at, k, n) ||
        !give_part(call, all, &at, m, m))
        return false;
    script_value *lower = &call->results[0], *exchanges = &call->results[2];
    if (call->wanted > 2) {
        if (!is_scalar(*exchanges)) exchanges->form = FORM_PERMUTATION;
        return true;
    }
    const ad_var rows = ad_matmul(ad_transpose(exchanges->var), lower->var);
    call->returned = 2;
    return from_tape(call->in, "lu", rows, lower);
}

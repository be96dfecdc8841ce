/* SPDX-License-Identifier: MIT */
/* cof and its derivatives at hat A = X diag(d) Y, divided by nothing. With
 *
 *     cof(diag d) = diag(P_k) ,  P_k = prod_{l != k} d_l
 *
 * the cofactors of hat A are det(X) det(Y) X^-T diag(P_k) Y^-T. With B = X^-1 V Y^-1 and
 * C = X^-1 W Y^-1 the derivatives of cof at diag(d) in the directions B and C are
 *
 *     D cof(diag d)[B]:         M_ii = sum_{j != i} B_jj P_ij ,  M_ij = -B_ji P_ij
 *     D^2 cof(diag d)[B, C]:
 *         M_ii = sum_{j < k} (B_jj C_kk + B_kk C_jj - B_jk C_kj - B_kj C_jk) P_ijk
 *         M_ij = -sum_k (B_ji C_kk + C_ji B_kk - B_jk C_ki - C_jk B_ki) P_ijk
 *
 * where P leaves out the d of its indices (and is 0 where two of them agree), and
 * T = det(X) det(Y) X^-T M Y^-T is the derivative at hat A. All is done on transposes of B and C,
 * whose rows are what the formulas need.
 *
 * Products of all d but some are made without a division, which would lose them where a d is 0 or
 * nearly so:
 *     before_i = prod_{l < i} d_l ;  after_j = prod_{l >= j} d_l ;
 *     prod_{l != i} d_l = before_i after_{i+1} ;
 *     prod_{l != i,j} d_l = before_i (prod_{i < l < j} d_l) after_{j+1} .
 */
#include "ops/determinant/decomposition.h"
#include "ops/kernels/kernels.h"

/* ---- products of the d ---- */

scaled product_of_all(size_t n, const scaled *d)
{
    scaled product = scaled_one();
    for (size_t i = 0; i < n; i++) product = scaled_multiply(product, d[i]);
    return product;
}

static bool smaller(scaled x, scaled y)
{
    if (x.mantissa == 0 || y.mantissa == 0) return x.mantissa == 0 && y.mantissa != 0;
    if (x.exponent != y.exponent) return x.exponent < y.exponent;
    return fabs(x.mantissa) < fabs(y.mantissa);
}

/* The exponent of the largest product that leaves out count (at most n) of the d: the smallest.
 * others: n. */
static int64_t largest_product_exponent(size_t n, const scaled *d, size_t count, scaled *others)
{
    memcpy(others, d, n * sizeof *d);
    for (size_t k = 0; k < count; k++)
        for (size_t i = k + 1; i < n; i++)
            if (smaller(others[i], others[k])) {
                const scaled moved = others[k];
                others[k] = others[i];
                others[i] = moved;
            }
    const scaled product = product_of_all(n - count, others + count);
    return product.mantissa == 0 ? 0 : product.exponent;
}

static void products_from(size_t n, const scaled *d, scaled *after)
{
    after[n] = scaled_one();
    for (size_t i = n; i > 0; i--) after[i - 1] = scaled_multiply(d[i - 1], after[i]);
}

/* products_i = prod_{l != i} d_l 2^-exponent, which is returned: the largest is about 1. work: n + 1. */
static int64_t products_without_one(size_t n, const scaled *d, double *products, scaled *work)
{
    scaled before = scaled_one();
    int64_t exponent = INT64_MIN;
    products_from(n, d, work);
    for (size_t i = 0; i < n; i++) {
        work[i] = scaled_multiply(before, work[i + 1]);
        if (work[i].mantissa != 0 && work[i].exponent > exponent) exponent = work[i].exponent;
        before = scaled_multiply(before, d[i]);
    }
    if (exponent == INT64_MIN) exponent = 0;
    for (size_t i = 0; i < n; i++)
        products[i] = scale_by_power(work[i].mantissa, work[i].exponent - exponent);
    return exponent;
}

/* products_ij = prod_{l != i,j} d_l 2^-exponent, symmetric, 0 on the diagonal. work: n + 1. */
static void products_without_two(size_t n, const scaled *d, int64_t exponent, double *products,
                                 scaled *work)
{
    scaled before = scaled_one();
    products_from(n, d, work);
    for (size_t i = 0; i < n; i++) {
        scaled but_i = before;
        products[i * n + i] = 0;
        for (size_t j = i + 1; j < n; j++) {
            const scaled product = scaled_multiply(but_i, work[j + 1]);
            products[i * n + j] = products[j * n + i] =
                scale_by_power(product.mantissa, product.exponent - exponent);
            but_i = scaled_multiply(but_i, d[j]);
        }
        before = scaled_multiply(before, d[i]);
    }
}

/* ---- the way to diag(d) and back ---- */

/* Bt = (X^-1 V Y^-1)^T; in LU U1^-T (L^-1 V[p, q])^T. */
static void forward(const decomposition *d, const double *v, double *bt, double *work)
{
    const size_t n = d->n;
    if (d->kind == RANK_REVEALING) {
        kernel_matmul(false, true, n, n, n, d->right, n, v, n, 0, work, n);
        kernel_matmul(false, true, n, n, n, work, n, d->left, n, 0, bt, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) work[i * n + j] = v[d->row[i] * n + d->column[j]];
    kernel_multiply_triangular(true, false, true, n, d->inverses, n, n, work, n);
    kernel_transpose(n, n, work, bt);
    kernel_multiply_triangular(false, true, true, n, d->inverses, n, n, bt, n);
}

/* T = det(X) det(Y) X^-T M Y^-T; in LU T[p, q]^T = U1^-1 (L^-T M)^T. M is used up. */
static void back(const decomposition *d, double *m, double *t, double *work)
{
    const size_t n = d->n;
    for (size_t k = 0; k < n * n; k++) m[k] *= d->sign;
    if (d->kind == RANK_REVEALING) {
        kernel_matmul(true, false, n, n, n, d->left, n, m, n, 0, work, n);
        kernel_matmul(false, false, n, n, n, work, n, d->right, n, 0, t, n);
        return;
    }
    kernel_multiply_triangular(true, true, true, n, d->inverses, n, n, m, n);
    kernel_transpose(n, n, m, work);
    kernel_multiply_triangular(false, false, true, n, d->inverses, n, n, work, n);
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++) t[d->row[i] * n + d->column[j]] = work[j * n + i];
}

/* ---- cofactors and their derivatives ---- */

bool decomposition_cofactor(const decomposition *d, double *t, int64_t *exponent, arena *scratch)
{
    const size_t n = d->n;
    double *x = arena_take_array(scratch, n * n, sizeof *x);
    double *products = arena_take_array(scratch, n, sizeof *products);
    scaled *work = arena_take_array(scratch, n + 1, sizeof *work);
    if (!x || !products || !work) return false;
    *exponent = products_without_one(n, d->d, products, work);
    kernel_transpose(n, n, d->inverses, x);
    for (size_t k = 0; k < n; k++) {
        double *row = x + k * n;
        for (size_t j = 0; j < k; j++) row[j] *= products[k];
        row[k] = products[k];
        for (size_t j = k + 1; j < n; j++) row[j] = 0;
    }
    kernel_multiply_triangular(true, true, true, n, d->inverses, n, n, x, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) t[d->row[i] * n + d->column[j]] = d->sign * x[i * n + j];
    return true;
}

bool decomposition_derivative(const decomposition *d, const double *v, double *t, int64_t *exponent,
                              arena *scratch)
{
    const size_t n = d->n;
    double *m = arena_take_array(scratch, n * n, sizeof *m);
    double *products = arena_take_array(scratch, n * n, sizeof *products);
    double *diagonal = arena_take_array(scratch, n, sizeof *diagonal);
    scaled *work = arena_take_array(scratch, n + 1, sizeof *work);
    if (!m || !products || !diagonal || !work) return false;
    *exponent = largest_product_exponent(n, d->d, 2, work);
    forward(d, v, m, products);
    products_without_two(n, d->d, *exponent, products, work);
    for (size_t i = 0; i < n; i++) diagonal[i] = m[i * n + i];
    for (size_t i = 0; i < n; i++) {
        const double *row = products + i * n;
        double trace = 0;
        for (size_t j = 0; j < n; j++) {
            trace += diagonal[j] * row[j];
            m[i * n + j] *= -row[j];
        }
        m[i * n + i] = trace;
    }
    back(d, m, t, products);
    return true;
}

/* The terms of M with k = z, P^z_xy = P_xyz given:
 *     M_xy -= (Bt_xy C_zz + Ct_xy B_zz - Bt_zy Ct_xz - Ct_zy Bt_xz) P^z_xy           for y != x
 *     M_xx += (B_yy C_zz + B_zz C_yy - B_yz C_zy - B_zy C_yz) P^z_xy                 for y > z */
static void add_terms(size_t n, size_t z, const double *bt, const double *ct,
                      const double *products, double *m, double *pairs)
{
    const double *bz = bt + z * n, *cz = ct + z * n;
    for (size_t y = z + 1; y < n; y++)
        pairs[y] = bt[y * n + y] * cz[z] + bz[z] * ct[y * n + y] - bz[y] * ct[y * n + z] -
                   bt[y * n + z] * cz[y];
    for (size_t x = 0; x < n; x++) {
        if (x == z) continue;
        const double *p = products + x * n, *bx = bt + x * n, *cx = ct + x * n;
        double *mx = m + x * n, trace = 0;
        for (size_t y = 0; y < n; y++)
            mx[y] -= (bx[y] * cz[z] + cx[y] * bz[z] - bz[y] * cx[z] - cz[y] * bx[z]) * p[y];
        for (size_t y = z + 1; y < n; y++) trace += pairs[y] * p[y];
        mx[x] += trace;
    }
}

bool decomposition_second_derivative(const decomposition *d, const double *v, const double *w,
                                     double *t, int64_t *exponent, arena *scratch)
{
    const size_t n = d->n;
    double *bt = arena_take_array(scratch, n * n, 4 * sizeof *bt);
    double *pairs = arena_take_array(scratch, n, sizeof *pairs);
    scaled *work = arena_take_array(scratch, 2 * n + 1, sizeof *work);
    if (!bt || !pairs || !work) return false;
    double *ct = bt + n * n, *m = ct + n * n, *products = m + n * n;
    scaled *others = work + n + 1;
    *exponent = largest_product_exponent(n, d->d, 3, work);
    forward(d, v, bt, products);
    forward(d, w, ct, products);
    memcpy(others, d->d, n * sizeof *others);
    for (size_t k = 0; k < n * n; k++) m[k] = 0;
    for (size_t z = 0; z < n; z++) {
        others[z] = scaled_one();
        products_without_two(n, others, *exponent, products, work);
        others[z] = d->d[z];
        add_terms(n, z, bt, ct, products, m, pairs);
    }
    back(d, m, t, products);
    return true;
}

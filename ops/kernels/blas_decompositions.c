/* SPDX-License-Identifier: MIT */
/* Eigenvalues, singular values and factors by LAPACK, which knows columns only. The routines and their
 * workspaces are those that Octave takes, so that the signs of vectors agree. */
#include "ops/kernels/decompositions.h"
#include "ops/kernels/kernels.h"
#include "ops/kernels/rows.h"

#include <limits.h>
#include <math.h>
#include <string.h>

void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
            double *work, const int *lwork, int *info, size_t jobz_length, size_t uplo_length);
void dgeevx_(const char *balanc, const char *jobvl, const char *jobvr, const char *sense,
             const int *n, double *a, const int *lda, double *wr, double *wi, double *vl,
             const int *ldvl, double *vr, const int *ldvr, int *ilo, int *ihi, double *scale,
             double *abnrm, double *rconde, double *rcondv, double *work, const int *lwork,
             int *iwork, int *info, size_t, size_t, size_t, size_t);
void dgesvd_(const char *jobu, const char *jobvt, const int *m, const int *n, double *a,
             const int *lda, double *s, double *u, const int *ldu, double *vt, const int *ldvt,
             double *work, const int *lwork, int *info, size_t jobu_length, size_t jobvt_length);
void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
             const int *lwork, int *info);
void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau,
             double *work, const int *lwork, int *info);
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *ipiv, int *info);

/* ---- Symmetric ---- */

/* The workspace that LAPACK asks for, or, with count other than -1, the work. */
static int symmetric(bool vectors, int n, double *a, double *values, double *work, int count)
{
    int info = 0;
    dsyev_(vectors ? "V" : "N", "U", &n, a, &n, values, work, &count, &info, 1, 1);
    return info;
}

static int symmetric_count(bool vectors, size_t n)
{
    double count = 0;
    (void)symmetric(vectors, (int)n, NULL, NULL, &count, -1);
    return (int)count;
}

size_t kernel_symmetric_eigen_workspace(size_t n)
{
    return n > INT_MAX ? 0 : n * n + (size_t)symmetric_count(true, n);
}

bool kernel_symmetric_eigen(bool vectors, size_t n, double *a, double *values, double *workspace)
{
    if (n > INT_MAX) return false;
    const int info =
        symmetric(vectors, (int)n, a, values, workspace + n * n, symmetric_count(vectors, n));
    if (info != 0 || !vectors) return info == 0;
    memcpy(workspace, a, n * n * sizeof *a);
    kernel_transpose(n, n, workspace, a);
    return true;
}

/* ---- Not symmetric ---- */

/* Workspace: A by columns, imaginary parts, scales, LAPACK's own. */
static int general(int n, double *a, double *values, double *imaginary, double *vectors,
                   double *scale, double *work, int count)
{
    int low, high, info = 0;
    double norm;
    dgeevx_("B", "N", vectors ? "V" : "N", "N", &n, a, &n, values, imaginary, NULL, &n, vectors, &n,
            &low, &high, scale, &norm, NULL, NULL, work, &count, NULL, &info, 1, 1, 1, 1);
    return info;
}

static int general_count(bool vectors, size_t n)
{
    double count = 0;
    (void)general((int)n, NULL, NULL, NULL, vectors ? &count : NULL, NULL, &count, -1);
    return (int)count;
}

size_t kernel_eigen_workspace(size_t n)
{
    return n > INT_MAX ? 0 : n * n + 2 * n + (size_t)general_count(true, n);
}

bool kernel_eigen(size_t n, const double *a, double *values, double *vectors, double *workspace)
{
    if (n > INT_MAX) return false;
    double *imaginary = workspace + n * n, *scale = imaginary + n;
    kernel_transpose(n, n, a, workspace);
    if (general((int)n, workspace, values, imaginary, vectors, scale, scale + n,
                general_count(vectors, n)) != 0)
        return false;
    for (size_t k = 0; k < n; k++) {
        if (imaginary[k] == 0) continue;
        values[k] = NAN;
        for (size_t i = 0; vectors && i < n; i++) vectors[k * n + i] = NAN;
    }
    if (!vectors) return true;
    memcpy(workspace, vectors, n * n * sizeof *vectors);
    kernel_transpose(n, n, workspace, vectors);
    return true;
}

/* ---- Singular values ---- */

static int singular(size_t rows, size_t cols, double *a, double *s, double *u, double *vt,
                    double *work, int count)
{
    const int m = (int)rows, n = (int)cols;
    const char *job = vt ? "A" : "N";
    int info = 0;
    dgesvd_(job, job, &m, &n, a, &m, s, u, &m, vt, &n, work, &count, &info, 1, 1);
    return info;
}

static int singular_count(bool vectors, size_t m, size_t n)
{
    double count = 0;
    (void)singular(m, n, NULL, NULL, NULL, vectors ? &count : NULL, &count, -1);
    return (int)count;
}

size_t kernel_singular_values_workspace(bool vectors, size_t m, size_t n)
{
    if (m > INT_MAX || n > INT_MAX || m * n == 0) return 0;
    return m * n + (vectors ? m * m : 0) + (size_t)singular_count(vectors, m, n);
}

/* V comes as the columns of V^T: our V. */
bool kernel_singular_values(size_t m, size_t n, const double *a, double *s, double *u, double *v,
                            double *workspace)
{
    if (m > INT_MAX || n > INT_MAX) return false;
    double *columns = workspace + m * n, *work = columns + (v ? m * m : 0);
    kernel_transpose(m, n, a, workspace);
    if (singular(m, n, workspace, s, columns, v, work, singular_count(v, m, n)) != 0) return false;
    if (v) kernel_transpose(m, m, columns, u);
    return true;
}

/* ---- Factors ---- */

static size_t smaller(size_t m, size_t n)
{
    return m < n ? m : n;
}

enum { BLOCK = 64 }; /* columns that LAPACK takes at a time, at most */

size_t kernel_qr_workspace(bool q, size_t m, size_t n)
{
    const size_t more = m > n ? m : n;
    return smaller(m, n) + m * (q ? more : n) + BLOCK * more;
}

/* LAPACK works in columns, of which Q may have more than R. */
void kernel_qr(size_t m, size_t n, const double *a, double *r, double *q, double *workspace)
{
    const int rows = (int)m, cols = (int)n, order = (int)smaller(m, n);
    const size_t more = m > n ? m : n;
    const int stride = rows ? rows : 1, count = BLOCK * (int)(more ? more : 1);
    double *tau = workspace, *columns = tau + order, *work = columns + m * (q ? more : n);
    int info;
    kernel_transpose(m, n, a, columns);
    dgeqrf_(&rows, &cols, columns, &stride, tau, work, &count, &info);
    kernel_transpose(n, m, columns, r);
    for (size_t i = 1; i < m; i++)
        for (size_t j = 0; j < smaller(i, n); j++) r[i * n + j] *= tau[j];
    if (!q) return;
    dorgqr_(&rows, &rows, &order, columns, &stride, tau, work, &count, &info);
    kernel_transpose(m, m, columns, q);
}

size_t kernel_rectangular_lu_workspace(bool p, size_t m, size_t n)
{
    (void)p;
    return m * n + m;
}

void kernel_rectangular_lu(size_t m, size_t n, const double *a, double *lu, double *p,
                           double *workspace)
{
    const int rows = (int)m, cols = (int)n, stride = rows ? rows : 1;
    void *const behind = workspace + m * n;
    int *const pivots = behind;
    int info;
    kernel_transpose(m, n, a, workspace);
    dgetrf_(&rows, &cols, workspace, &stride, pivots, &info);
    kernel_transpose(n, m, workspace, lu);
    if (!p) return;
    for (size_t at = 0; at < m * m; at++) p[at] = at % (m + 1) == 0;
    for (size_t k = 0; k < smaller(m, n); k++) {
        const size_t pivot = (size_t)pivots[k] - 1;
        if (pivot != k) exchange_numbers(m, p + k * m, p + pivot * m);
    }
}

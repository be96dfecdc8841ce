/* SPDX-License-Identifier: MIT */
/* Eigenvalues and singular values by LAPACK, which knows columns only. The routines and their
 * workspaces are those that Octave takes, so that the signs of vectors agree. */
#include "ops/kernels/decompositions.h"
#include "ops/kernels/kernels.h"

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
    if (m > INT_MAX || n > INT_MAX) return 0;
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

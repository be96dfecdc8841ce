/* SPDX-License-Identifier: MIT */
/* The backend on CBLAS and LAPACK. Below the measured sizes, and beyond those an int can count,
 * the portable code does the work. LAPACK knows columns only: what it takes for upper triangular
 * is our lower.
 */
#include "ops/kernels/portable.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <string.h>

void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t length);
void dtrtri_(const char *uplo, const char *diag, const int *n, double *a, const int *lda, int *info,
             size_t uplo_length, size_t diag_length);

/* Sizes from which the library is faster, measured with OpenBLAS on x86-64 with AVX2. Between
 * SERIAL_TRIANGLE and THREADED_TRIANGLE it would start threads for less work than they cost, so
 * that halving in portable code is better; the same for its matrix times vector from
 * SERIAL_VECTOR on, which memory limits anyway, so that it goes by parts. */
enum {
    MATMUL_FROM = 640,        /* m n k */
    VECTOR_FROM = 256,        /* entries of the matrix */
    SERIAL_VECTOR = 9000,     /* likewise */
    TRIANGLE_FROM = 12,       /* n and k */
    SERIAL_TRIANGLE = 1023,   /* n k, up to here */
    THREADED_TRIANGLE = 9216, /* n k, from here */
    CHOLESKY_FROM = 24,
    INVERT_FROM = 384
};

const char *kernel_backend(void)
{
#ifdef OPENBLAS_VERSION
    /* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..." up to the second blank. */
    static _Thread_local char name[32];
    const char *config = openblas_get_config();
    size_t length = strcspn(config, " ");
    if (config[length]) length += 1 + strcspn(config + length + 1, " ");
    if (length >= sizeof name) length = sizeof name - 1;
    memcpy(name, config, length);
    name[length] = '\0';
    return name;
#else
    return "CBLAS";
#endif
}

static bool fits(size_t a, size_t b, size_t c)
{
    return a <= INT_MAX && b <= INT_MAX && c <= INT_MAX;
}

static CBLAS_TRANSPOSE transposed(bool flag)
{
    return flag ? CblasTrans : CblasNoTrans;
}

/* y <- alpha A x + beta y, A m x n with rows contiguous or, transposed, columns. */
static void multiply_vector(double alpha, bool transpose, size_t m, size_t n, const double *a,
                            size_t lda, const double *x, size_t incx, double beta, double *y,
                            size_t incy)
{
    const size_t rows = transpose ? n : m, cols = transpose ? m : n;
    const size_t part = cols < SERIAL_VECTOR ? SERIAL_VECTOR / cols : 1;
    if (beta == 0) /* not left to the library, versions of which keep NaN */
        for (size_t i = 0; i < m; i++) y[i * incy] = 0;
    for (size_t i = 0; i < rows; i += part) {
        const size_t count = rows - i < part ? rows - i : part;
        cblas_dgemv(CblasRowMajor, transposed(transpose), (int)count, (int)cols, alpha, a + i * lda,
                    (int)lda, transpose ? x + i * incx : x, (int)incx,
                    transpose && i > 0 ? 1 : beta, transpose ? y : y + i * incy, (int)incy);
    }
}

/* Whether m n k reaches limit; no overflow. */
static bool work_reaches(size_t limit, size_t m, size_t n, size_t k)
{
    return m > 0 && n > 0 && k > 0 &&
           (m >= limit || n >= limit || k >= limit || m * n >= limit || m * n * k >= limit);
}

void kernel_multiply_add(double alpha, bool transpose_a, bool transpose_b, size_t m, size_t n,
                         size_t k, const double *a, size_t lda, const double *b, size_t ldb,
                         double beta, double *c, size_t ldc)
{
    const bool vector = m == 1 || n == 1, outer = k == 1 && !vector;
    if (outer || !work_reaches(vector ? VECTOR_FROM : MATMUL_FROM, m, n, k) || !fits(m, n, k) ||
        !fits(lda, ldb, ldc))
        portable_multiply_add(alpha, transpose_a, transpose_b, m, n, k, a, lda, b, ldb, beta, c,
                              ldc);
    else if (n == 1)
        multiply_vector(alpha, transpose_a, m, k, a, lda, b, transpose_b ? 1 : ldb, beta, c, ldc);
    else if (m == 1)
        multiply_vector(alpha, !transpose_b, n, k, b, ldb, a, transpose_a ? lda : 1, beta, c, 1);
    else
        cblas_dgemm(CblasRowMajor, transposed(transpose_a), transposed(transpose_b), (int)m, (int)n,
                    (int)k, alpha, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
}

/* The library multiplies by reciprocals of the diagonal: they must neither overflow nor lose
 * digits. */
static bool reciprocals_exist(size_t n, const double *t, size_t ldt)
{
    for (size_t i = 0; i < n; i++) {
        const double d = fabs(t[i * ldt + i]);
        if ((d < 0x1p-1022 && d != 0) || d > 0x1p1022) return false;
    }
    return true;
}

static bool triangular_pays(size_t n, size_t k, size_t ldt, size_t ldb)
{
    if (n < TRIANGLE_FROM || k < TRIANGLE_FROM) return false;
    if (!fits(n, k, 0) || !fits(ldt, ldb, 0)) return false;
    return n * k <= SERIAL_TRIANGLE || n * k >= THREADED_TRIANGLE;
}

void kernel_triangular(bool solve, bool lower, bool transpose, bool unit, size_t n, const double *t,
                       size_t ldt, size_t k, double *b, size_t ldb)
{
    /* For products the library multiplies zeros of its own with B. */
    if (!triangular_pays(n, k, ldt, ldb) ||
        !(solve ? unit || reciprocals_exist(n, t, ldt) : kernel_all_finite(n, k, b, ldb)))
        portable_triangular(solve, lower, transpose, unit, n, t, ldt, k, b, ldb);
    else
        (solve ? cblas_dtrsm : cblas_dtrmm)(
            CblasRowMajor, CblasLeft, lower ? CblasLower : CblasUpper, transposed(transpose),
            unit ? CblasUnit : CblasNonUnit, (int)n, (int)k, 1, t, (int)ldt, b, (int)ldb);
}

void kernel_invert_triangular(bool lower, size_t n, double *t, size_t ldt)
{
    int info = 0;
    if (n < INVERT_FROM || !fits(n, ldt, 0)) portable_invert_triangular(lower, n, t, ldt);
    else dtrtri_(lower ? "U" : "L", "U", &(int){(int)n}, t, &(int){(int)ldt}, &info, 1, 1);
}

/* Our rows are LAPACK's columns: A = U^T U with U = L^T. */
bool kernel_cholesky(size_t n, double *a, size_t lda)
{
    if (n < CHOLESKY_FROM || !fits(n, lda, 0)) return portable_cholesky(n, a, lda);
    int info = 0;
    dpotrf_("U", &(int){(int)n}, a, &(int){(int)lda}, &info, 1);
    for (size_t i = 0; i < n; i++) {
        if (info != 0 || !(a[i * lda + i] > 0)) return false;
        for (size_t j = i + 1; j < n; j++) a[i * lda + j] = 0;
    }
    return true;
}

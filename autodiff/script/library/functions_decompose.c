/* SPDX-License-Identifier: MIT */
/* Decompositions: values without derivatives. Each is one operation of the tape's, whose results
 * stand in one column, one after another, and are cut out of it; as it has no gradient rule, a
 * derivative through it is an error, and differences replay it. The prelude makes of them what a
 * script asks for. */
#include "autodiff/script/library/functions.h"
#include "ops/kernels/decompositions.h"
#include "ops/kernels/kernels.h"

#include <string.h>

typedef struct decomposition {
    ad_custom_op operation;
    const char *shapes; /* rows and columns of each result, a letter each: see extent */
    ad_status (*values)(const ad_matrix *in, double *output);
} decomposition;

#define DECOMPOSITION(kind, word, letters, function)                                               \
    static const decomposition kind = {                                                            \
        {.name = word, .shape = result_shape, .value = result_values}, letters, function}

static size_t smaller(size_t m, size_t n)
{
    return m < n ? m : n;
}

/* What a letter stands for, the matrix being m x n: m, n, k the smaller of them, 1, or u, 1 if there are
 * columns. */
static size_t extent(char letter, size_t m, size_t n)
{
    switch (letter) {
    case 'm': return m;
    case 'n': return n;
    case 'k': return smaller(m, n);
    case 'u': return n > 0;
    default: return 1;
    }
}

static ad_status result_shape(const ad_matrix *in, size_t count, size_t *rows, size_t *cols,
                              void *kind)
{
    (void)count;
    const size_t m = in->rows, n = in->cols;
    if (m > INT32_MAX || n > INT32_MAX) return AD_ERROR_SIZE;
    *rows = 0;
    for (const char *at = ((const decomposition *)kind)->shapes; *at; at += 2)
        *rows += extent(at[0], m, n) * extent(at[1], m, n);
    *cols = 1;
    return AD_OK;
}

static ad_status result_values(const ad_matrix *in, size_t count, double *output, void *kind)
{
    size_t rows = 0, cols;
    (void)result_shape(in, count, &rows, &cols, kind);
    for (size_t k = 0; k < rows; k++) output[k] = 0;
    return ((const decomposition *)kind)->values(in, output);
}

/* Returns the results of a matrix, the first argument. */
static bool give_results(function_call *call, const decomposition *kind)
{
    const ad_var x = call->arguments[0].var;
    const ad_var results = ad_custom(x.tape, &kind->operation, &x, 1, (void *)kind);
    size_t first = 0;
    for (const char *at = kind->shapes; *at; at += 2) {
        const size_t rows = extent(at[0], ad_rows(x), ad_cols(x));
        const size_t cols = extent(at[1], ad_rows(x), ad_cols(x));
        const ad_var part = ad_block(results, first, 0, rows * cols, 1);
        if (!give_tape(call, ad_reshape(part, rows, cols))) return false;
        first += rows * cols;
    }
    return true;
}

static double *room_for(size_t count)
{
    return array_resize(NULL, count + 1, sizeof(double));
}

static ad_status status_of(bool ok, const double *room)
{
    return ok ? AD_OK : room ? AD_ERROR_ARGUMENT : AD_ERROR_MEMORY;
}

static bool is_finite(function_call *call, ad_var x)
{
    return kernel_all_finite(ad_rows(x), ad_cols(x), ad_values(x), ad_cols(x)) ||
           fail(call->in, "%s: the matrix has elements that are Inf or NaN", call->function->name);
}

/* ---- eig ---- */

static bool is_symmetric(const ad_matrix *a)
{
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < i; j++)
            if (a->values[i * a->cols + j] != a->values[j * a->cols + i]) return false;
    return true;
}

static ad_status eigenvalues(const ad_matrix *a, double *values, double *vectors)
{
    const size_t n = a->rows;
    const bool symmetric = is_symmetric(a);
    double *copy = room_for(
        n * n + (symmetric ? kernel_symmetric_eigen_workspace(n) : kernel_eigen_workspace(n)));
    bool ok = copy && n == 0;
    if (copy && n > 0) {
        memcpy(copy, a->values, n * n * sizeof *copy);
        ok = symmetric ? kernel_symmetric_eigen(vectors, n, copy, values, copy + n * n)
                       : kernel_eigen(n, a->values, values, vectors, copy + n * n);
        if (symmetric && vectors) memcpy(vectors, copy, n * n * sizeof *copy);
    }
    const ad_status status = status_of(ok, copy);
    release(copy);
    return status;
}

static ad_status eig_values(const ad_matrix *in, double *output)
{
    return eigenvalues(in, output, NULL);
}

/* V and the eigenvalues */
static ad_status eig_both_values(const ad_matrix *in, double *output)
{
    return eigenvalues(in, output + in->rows * in->rows, output);
}

DECOMPOSITION(eig, "eig", "nu", eig_values);
DECOMPOSITION(eig_both, "eig", "nnnu", eig_both_values);

bool call_eig(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const ad_matrix matrix = {ad_rows(x), ad_cols(x), ad_values(x)};
    if (!is_finite(call, x)) return false;
    if (strcmp(kernel_backend(), "builtin") == 0 && !is_symmetric(&matrix))
        return fail(call->in,
                    "eig: a matrix that is not symmetric needs LAPACK, which this program "
                    "was built without");
    return give_results(call, call->wanted < 2 ? &eig : &eig_both);
}

/* ---- svd, cond, pinv ---- */

/* s, and U and V unless they are NULL. */
static ad_status singular_values(const ad_matrix *a, double *s, double *u, double *v)
{
    const size_t m = a->rows, n = a->cols;
    if (m == 0 || n == 0) {
        for (size_t k = 0; u && k < m * m; k++) u[k] = k % (m + 1) == 0;
        for (size_t k = 0; v && k < n * n; k++) v[k] = k % (n + 1) == 0;
        return AD_OK;
    }
    double *room = room_for(kernel_singular_values_workspace(v, m, n));
    const bool ok = room && kernel_singular_values(m, n, a->values, s, u, v, room);
    const ad_status status = status_of(ok, room);
    release(room);
    return status;
}

static ad_status svd_values(const ad_matrix *in, double *output)
{
    return singular_values(in, output, NULL, NULL);
}

/* U, s and V */
static ad_status svd_all_values(const ad_matrix *in, double *output)
{
    double *s = output + in->rows * in->rows;
    return singular_values(in, s, output, s + smaller(in->rows, in->cols));
}

DECOMPOSITION(svd, "svd", "k1", svd_values);
DECOMPOSITION(svd_all, "svd", "mmk1nn", svd_all_values);

bool call_svd(function_call *call)
{
    return is_finite(call, call->arguments[0].var) &&
           give_results(call, call->wanted < 2 ? &svd : &svd_all);
}

/* What is computed of values without a derivative has none either; its operation says whose it is. */
static ad_status same_values(const ad_matrix *in, double *output)
{
    const size_t size = in->rows * in->cols;
    if (size > 0) memcpy(output, in->values, size * sizeof *output);
    return AD_OK;
}

DECOMPOSITION(cond, "cond", "mn", same_values);
DECOMPOSITION(pinv, "pinv", "mn", same_values);

bool call_cond(function_call *call)
{
    return give_results(call, &cond);
}

bool call_pinv(function_call *call)
{
    return give_results(call, &pinv);
}

/* ---- qr, lu ---- */

/* R with tau times the vectors of the reflections below its diagonal, as Octave has it, and Q. */
static ad_status factor_qr(const ad_matrix *a, double *r, double *q)
{
    double *room = room_for(kernel_qr_workspace(q, a->rows, a->cols));
    if (!room) return AD_ERROR_MEMORY;
    kernel_qr(a->rows, a->cols, a->values, r, q, room);
    release(room);
    return AD_OK;
}

static ad_status r_values(const ad_matrix *in, double *output)
{
    return factor_qr(in, output, NULL);
}

static ad_status qr_values(const ad_matrix *in, double *output)
{
    return factor_qr(in, output, output + in->rows * in->cols);
}

DECOMPOSITION(qr_alone, "qr", "mn", r_values);
DECOMPOSITION(qr, "qr", "mnmm", qr_values);

bool call_qr(function_call *call)
{
    return give_results(call, call->wanted < 2 ? &qr_alone : &qr);
}

/* L and U in one, and P. */
static ad_status lu_values(const ad_matrix *in, double *output)
{
    const size_t m = in->rows, n = in->cols;
    double *room = room_for(kernel_rectangular_lu_workspace(m, n)), *p = output + m * n;
    if (!room) return AD_ERROR_MEMORY;
    if (m * n > 0) memcpy(output, in->values, m * n * sizeof *output);
    for (size_t i = 0; i < m; i++) p[i * (m + 1)] = 1;
    kernel_rectangular_lu(m, n, output, p, room);
    release(room);
    return AD_OK;
}

DECOMPOSITION(lu, "lu", "mnmm", lu_values);

bool call_lu(function_call *call)
{
    if (!give_results(call, &lu)) return false;
    if (!is_scalar(call->results[1])) call->results[1].form = FORM_PERMUTATION;
    return true;
}

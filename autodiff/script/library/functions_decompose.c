/* SPDX-License-Identifier: MIT */
/* Decompositions: values without derivatives. Each is one operation of the tape's, whose results
 * stand in one column, one after another, and are cut out of it; as it has no gradient rule, a
 * derivative through it is an error, and differences replay it. The prelude makes of them what a
 * script asks for. */
#include "autodiff/script/library/functions.h"
#include "ops/kernels/decompositions.h"
#include "ops/kernels/kernels.h"

#include <string.h>

/* Decomposes A, m x n. room tells the size of the workspace; NULL: none is needed. */
typedef struct decomposition {
    ad_custom_op operation;
    bool iterates;      /* without end where A is not finite */
    bool all;           /* it serves a call that asks for more than the first result */
    const char *shapes; /* rows and columns of each result, a letter each: see extent */
    size_t (*room)(bool all, size_t m, size_t n);
    bool (*values)(bool all, size_t m, size_t n, const double *a, double *output, double *room);
} decomposition;

/* What a letter stands for: m, n, k the smaller of them, 1, or u, 1 if there are columns. */
static size_t extent(char letter, size_t m, size_t n)
{
    switch (letter) {
    case 'm': return m;
    case 'n': return n;
    case 'k': return m < n ? m : n;
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

static ad_status result_values(const ad_matrix *in, size_t count, double *output, void *context)
{
    const decomposition *kind = context;
    const size_t m = in->rows, n = in->cols, size = kind->room ? kind->room(kind->all, m, n) : 0;
    double *room = array_resize(NULL, size + 1, sizeof *room);
    (void)count;
    if (!room) return AD_ERROR_MEMORY;
    const bool ok = kind->values(kind->all, m, n, in->values, output, room);
    release(room);
    return ok ? AD_OK : AD_ERROR_ARGUMENT;
}

/* ---- Values ---- */

static bool is_symmetric(size_t n, const double *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (a[i * n + j] != a[j * n + i]) return false;
    return true;
}

static size_t eigen_room(bool all, size_t m, size_t n)
{
    (void)all;
    return m == 0 ? 0 : m * n + kernel_symmetric_eigen_workspace(n) + kernel_eigen_workspace(n);
}

/* The eigenvalues, after V if all is asked for. */
static bool eigen_values(bool all, size_t m, size_t n, const double *a, double *output,
                         double *room)
{
    double *vectors = all ? output : NULL, *values = output + (all ? m * n : 0);
    if (m == 0) return true;
    if (!is_symmetric(n, a)) return kernel_eigen(n, a, values, vectors, room);
    memcpy(room, a, m * n * sizeof *room);
    if (!kernel_symmetric_eigen(all, n, room, values, room + m * n)) return false;
    if (all) memcpy(vectors, room, m * n * sizeof *room);
    return true;
}

/* s, or U, s and V; nothing is written where A has no elements. */
static bool svd_values(bool all, size_t m, size_t n, const double *a, double *output, double *room)
{
    double *s = output + (all ? m * m : 0), *v = all ? s + extent('k', m, n) : NULL;
    if (m * n > 0) return kernel_singular_values(m, n, a, s, all ? output : NULL, v, room);
    if (all) memset(output, 0, (m * m + n * n) * sizeof *output);
    return true;
}

/* R with tau times the vectors of the reflections below its diagonal, as Octave has it, and Q. */
static bool qr_values(bool all, size_t m, size_t n, const double *a, double *output, double *room)
{
    kernel_qr(m, n, a, output, all ? output + m * n : NULL, room);
    return true;
}

/* L and U in one, and P. */
static bool lu_values(bool all, size_t m, size_t n, const double *a, double *output, double *room)
{
    kernel_rectangular_lu(m, n, a, output, all ? output + m * n : NULL, room);
    return true;
}

/* What is computed of values without a derivative has none either; its operation says whose it is. */
static bool same_values(bool all, size_t m, size_t n, const double *a, double *output, double *room)
{
    (void)all, (void)room;
    for (size_t k = 0; k < m * n; k++) output[k] = a[k];
    return true;
}

/* ---- The table ---- */

#define OPERATION(word)                                                                            \
    {                                                                                              \
        .name = word, .shape = result_shape, .value = result_values                                \
    }
static const decomposition decompositions[] = {
    {OPERATION("eig"), true, false, "nu", eigen_room, eigen_values},
    {OPERATION("eig"), true, true, "nnnu", eigen_room, eigen_values},
    {OPERATION("svd"), true, false, "k1", kernel_singular_values_workspace, svd_values},
    {OPERATION("svd"), true, true, "mmk1nn", kernel_singular_values_workspace, svd_values},
    {OPERATION("qr"), false, false, "mn", kernel_qr_workspace, qr_values},
    {OPERATION("qr"), false, true, "mnmm", kernel_qr_workspace, qr_values},
    {OPERATION("lu"), false, false, "mn", kernel_rectangular_lu_workspace, lu_values},
    {OPERATION("lu"), false, true, "mnmm", kernel_rectangular_lu_workspace, lu_values},
    {OPERATION("cond"), false, false, "mn", NULL, same_values},
    {OPERATION("pinv"), false, false, "mn", NULL, same_values},
};

/* The results of a matrix, the first argument. */
bool call_decompose(function_call *call)
{
    const decomposition *kind = decompositions;
    while (strcmp(kind->operation.name, call->function->name) != 0 ||
           kind->all != (call->wanted > 1))
        kind++;
    const ad_var x = call->arguments[0].var;
    if (kind->iterates && !kernel_all_finite(ad_rows(x), ad_cols(x), ad_values(x), ad_cols(x)))
        return fail(call->in, "%s: the matrix has elements that are Inf or NaN",
                    kind->operation.name);
    if (kind->values == eigen_values && strcmp(kernel_backend(), "builtin") == 0 &&
        !is_symmetric(ad_rows(x), ad_values(x)))
        return fail(call->in,
                    "eig: a matrix that is not symmetric needs LAPACK, which this program "
                    "was built without");
    const ad_var results = ad_custom(x.tape, &kind->operation, &x, 1, (void *)kind);
    size_t first = 0;
    for (const char *at = kind->shapes; *at; at += 2) {
        const size_t rows = extent(at[0], ad_rows(x), ad_cols(x));
        const size_t cols = extent(at[1], ad_rows(x), ad_cols(x));
        const ad_var part = ad_block(results, first, 0, rows * cols, 1);
        if (!give_tape(call, ad_reshape(part, rows, cols))) return false;
        first += rows * cols;
    }
    if (kind->values == lu_values && call->returned > 1 && !is_scalar(call->results[1]))
        call->results[1].form = FORM_PERMUTATION;
    return true;
}

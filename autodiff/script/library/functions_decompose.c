/* SPDX-License-Identifier: MIT */
/* Decompositions: values without derivatives. Each is one operation of the tape's, whose results
 * stand in one column, one after another, and are cut out of it; as it has no gradient rule, a
 * derivative through it is an error, and differences replay it. */
#include "autodiff/script/library/functions.h"
#include "ops/kernels/decompositions.h"
#include "ops/kernels/kernels.h"

#include <float.h>
#include <math.h>
#include <string.h>

size_t smaller(size_t m, size_t n)
{
    return m < n ? m : n;
}

double *room_for(size_t count)
{
    return array_resize(NULL, count + 1, sizeof(double));
}

static ad_status status_of(bool ok, const double *room)
{
    return ok ? AD_OK : room ? AD_ERROR_ARGUMENT : AD_ERROR_MEMORY;
}

bool give_part(function_call *call, ad_var results, size_t *at, size_t rows, size_t cols)
{
    const ad_var part = ad_block(results, *at, 0, rows * cols, 1);
    *at += rows * cols;
    return give_tape(call, ad_reshape(part, rows, cols));
}

static bool give_diagonal_part(function_call *call, ad_var results, size_t *at, size_t rows,
                               size_t cols)
{
    if (!give_part(call, results, at, rows, cols)) return false;
    script_value *value = &call->results[call->returned - 1];
    if (!is_scalar(*value) && !is_empty(*value)) value->form = FORM_DIAGONAL;
    return true;
}

static bool is_finite(function_call *call, ad_var x)
{
    return kernel_all_finite(ad_rows(x), ad_cols(x), ad_values(x), ad_cols(x)) ||
           fail(call->in, "%s: the matrix has elements that are Inf or NaN", call->function->name);
}

ad_status result_shape(const ad_matrix *in, size_t count, size_t *rows, size_t *cols, void *kind)
{
    (void)count;
    const size_t m = in->rows, n = in->cols;
    if (m > INT32_MAX || n > INT32_MAX) return AD_ERROR_SIZE;
    *rows = ((const decomposition *)kind)->large ? m * m + m * n + n * n : m * n;
    *cols = 1;
    return AD_OK;
}

ad_status result_values(const ad_matrix *in, size_t count, double *output, void *kind)
{
    size_t rows = 0, cols;
    (void)result_shape(in, count, &rows, &cols, kind);
    for (size_t k = 0; k < rows; k++) output[k] = 0;
    return ((const decomposition *)kind)->values(in, output);
}

ad_var decompose(const decomposition *kind, ad_var x, double parameter)
{
    const ad_var inputs[] = {x, ad_number(x.tape, parameter)};
    return ad_custom(x.tape, &kind->operation, inputs, 2, (void *)kind);
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

/* V and D */
static ad_status eig_both_values(const ad_matrix *in, double *output)
{
    const size_t n = in->rows;
    double *diagonal = output + n * n;
    const ad_status status = eigenvalues(in, diagonal, output);
    for (size_t at = n * n; status == AD_OK && at-- > 1;) {
        const bool on = at % (n + 1) == 0;
        const double value = on ? diagonal[at / (n + 1)] : 0;
        diagonal[at] = value;
    }
    return status;
}

DECOMPOSITION(eig, "eig", false, eig_values);
DECOMPOSITION(eig_both, "eig", true, eig_both_values);

bool call_eig(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const size_t n = ad_rows(x);
    const ad_matrix matrix = {n, n, ad_values(x)};
    if (!is_finite(call, x)) return false;
    if (strcmp(kernel_backend(), "builtin") == 0 && !is_symmetric(&matrix))
        return fail(call->in,
                    "eig: a matrix that is not symmetric needs LAPACK, which this program "
                    "was built without");
    size_t at = 0;
    if (call->wanted < 2) return give_part(call, decompose(&eig, x, 0), &at, n, n > 0);
    const ad_var both = decompose(&eig_both, x, 0);
    return give_part(call, both, &at, n, n) && give_diagonal_part(call, both, &at, n, n);
}

/* ---- svd, rank, cond, pinv ---- */

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

/* U, S and V */
static ad_status svd_all_values(const ad_matrix *in, double *output)
{
    const size_t m = in->rows, n = in->cols, order = smaller(m, n);
    double *s = output + m * m;
    const ad_status status = singular_values(in, s, output, s + m * n);
    if (order == 0) return status;
    for (size_t k = order; status == AD_OK && k-- > 1;) {
        const double value = s[k];
        s[k] = 0;
        s[k * (n + 1)] = value;
    }
    return status;
}

DECOMPOSITION(svd, "svd", false, svd_values);
DECOMPOSITION(svd_all, "svd", true, svd_all_values);

bool cut_result(function_call *call, size_t which, size_t rows, size_t cols)
{
    script_value *value = &call->results[which];
    const value_form form = value->form;
    if (!from_tape(call->in, call->function->name, ad_block(value->var, 0, 0, rows, cols), value))
        return false;
    if (!is_scalar(*value)) value->form = form;
    return true;
}

bool asks_economy(function_call *call, bool *economy)
{
    *economy = call->count > 1;
    if (!*economy) return true;
    const script_value *kind = &call->arguments[1];
    if (kind->kind == VALUE_STRING) *economy = strcmp(kind->u.string->bytes, "econ") == 0;
    else *economy = convert_argument(call, 1, 'n') && kind->u.number == 0;
    return *economy ||
           fail(call->in, "%s: the second argument is 0 or \"econ\"", call->function->name);
}

bool call_svd(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const size_t m = ad_rows(x), n = ad_cols(x), order = smaller(m, n);
    bool economy;
    if (!asks_economy(call, &economy) || !is_finite(call, x)) return false;
    size_t at = 0;
    if (call->wanted < 2) return give_part(call, decompose(&svd, x, 0), &at, order, 1);
    if (m < n && call->count > 1 && call->arguments[1].kind == VALUE_NUMBER)
        economy = false; /* Octave's svd(A, 0) leaves out columns of U alone */
    const ad_var all = decompose(&svd_all, x, 0);
    return give_part(call, all, &at, m, m) && give_diagonal_part(call, all, &at, m, n) &&
           give_part(call, all, &at, n, n) &&
           (!economy || (cut_result(call, 0, m, order) && cut_result(call, 1, order, order) &&
                         cut_result(call, 2, n, order)));
}

static ad_status cond_values(const ad_matrix *in, double *output)
{
    const size_t order = smaller(in->rows, in->cols);
    double *s = room_for(order);
    if (!s) return AD_ERROR_MEMORY;
    const ad_status status = singular_values(in, s, NULL, NULL);
    *output = s[order - 1] == 0 ? INFINITY : s[0] / s[order - 1];
    release(s);
    return status;
}

DECOMPOSITION(cond, "cond", false, cond_values);

/* The ratio of the singular values of what is not empty. */
bool call_cond(function_call *call)
{
    size_t at = 0;
    const ad_var x = call->arguments[0].var;
    return is_finite(call, x) && give_part(call, decompose(&cond, x, 0), &at, 1, 1);
}

/* V diag(1/s) U^T of the singular values above the tolerance, the second input. */
static ad_status pinv_values(const ad_matrix *in, double *output)
{
    const size_t m = in->rows, n = in->cols, order = smaller(m, n);
    double *s = room_for(order + m * m + n * n);
    if (!s) return AD_ERROR_MEMORY;
    double *u = s + order, *v = u + m * m;
    const ad_status status = singular_values(in, s, u, v);
    for (size_t k = 0; status == AD_OK && k < order && s[k] > *in[1].values; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < m; j++) output[i * m + j] += v[i * n + k] / s[k] * u[j * m + k];
    release(s);
    return status;
}

DECOMPOSITION(pinv, "pinv", false, pinv_values);

bool call_pinv(function_call *call)
{
    size_t at = 0;
    const ad_var x = call->arguments[0].var;
    return give_part(call, decompose(&pinv, x, call->arguments[1].u.number), &at, ad_cols(x),
                     ad_rows(x));
}

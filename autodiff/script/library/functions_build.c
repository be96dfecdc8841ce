/* SPDX-License-Identifier: MIT */
/* Functions that make matrices, or lay out the elements of one anew. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool count_argument(function_call *call, size_t k, size_t *count)
{
    if (!convert_argument(call, k, 'c')) return false;
    *count = (size_t)call->arguments[k].u.number;
    return true;
}

/* The shape that f(), f(n), f(m, n) and f([m, n]) ask for, from argument k on. */
static bool shape_arguments(function_call *call, size_t k, size_t *rows, size_t *cols)
{
    *rows = *cols = 1;
    if (call->count == k) return true;
    matrix_view view;
    value_view(&call->arguments[k], &view);
    if (call->count == k + 1 && view.rows * view.cols == 2) {
        double m = view.values[0], n = view.values[1];
        if (!(floor(m) == m && floor(n) == n && m < 0x1p53 && n < 0x1p53))
            return fail(call->in, "%s: a size must be an integer", call->function->name);
        *rows = m > 0 ? (size_t)m : 0;
        *cols = n > 0 ? (size_t)n : 0;
        return true;
    }
    if (!count_argument(call, k, rows)) return false;
    *cols = *rows;
    return call->count == k + 1 || count_argument(call, k + 1, cols);
}

typedef double number_at(function_call *call, size_t row, size_t col);

/* A matrix of numbers, made down the columns as the elements count; argument first begins the shape. */
static bool generate(function_call *call, size_t first, number_at *number)
{
    size_t rows, cols;
    if (!shape_arguments(call, first, &rows, &cols)) return false;
    if (call->count == first) return give(call, value_number(number(call, 0, 0)));
    double *values = new_numbers(call->in, rows, cols);
    if (!values) return false;
    for (size_t k = 0; k < rows * cols; k++) {
        size_t i = k % rows, j = k / rows;
        values[i * cols + j] = number(call, i, j);
    }
    return give_numbers(call, rows, cols, values);
}

static double number_identity(function_call *call, size_t row, size_t col)
{
    (void)call;
    return row == col;
}

static double number_hilbert(function_call *call, size_t row, size_t col)
{
    (void)call;
    return 1 / (double)(row + col + 1);
}

/* From the first to the second bound of randi, or from 1. */
static double number_integer(function_call *call, size_t row, size_t col)
{
    (void)row, (void)col;
    matrix_view bounds;
    value_view(&call->arguments[0], &bounds);
    const bool single = bounds.rows * bounds.cols == 1;
    const double least = single ? 1 : bounds.values[0], most = bounds.values[!single];
    return least + floor(generator_uniform(&call->in->generator) * (most - least + 1));
}

static double number_random(function_call *call, size_t row, size_t col)
{
    (void)row, (void)col;
    random_generator *generator = &call->in->generator;
    return call->function->parameter != 0 ? generator_normal(generator)
                                          : generator_uniform(generator);
}

static double number_constant(function_call *call, size_t row, size_t col)
{
    (void)row, (void)col;
    return call->function->parameter;
}

static bool start_generator(function_call *call, double seed)
{
    uint64_t bits;
    memcpy(&bits, &seed, sizeof bits);
    generator_seed(&call->in->generator, bits);
    return true;
}

bool call_seed(function_call *call)
{
    return start_generator(call, call->arguments[0].u.number);
}

/* rand, randn; rand("state", k) starts both anew. */
bool call_rand(function_call *call)
{
    if (call->count && call->arguments[0].kind == VALUE_STRING) {
        const char *word = call->arguments[0].u.string->bytes;
        if (strcmp(word, "state") != 0 && strcmp(word, "seed") != 0 && strcmp(word, "twister") != 0)
            return fail(call->in, "%s: \"%s\" is neither state nor seed", call->function->name,
                        word);
        if (call->count < 2) return fail(call->in, "%s: a seed is missing", call->function->name);
        return convert_argument(call, 1, 'n') && start_generator(call, call->arguments[1].u.number);
    }
    for (size_t k = 0; k < call->count; k++)
        if (!convert_argument(call, k, 'r')) return false;
    return generate(call, 0, number_random);
}

bool call_hilb(function_call *call)
{
    return generate(call, 0, number_hilbert);
}

bool call_randi(function_call *call)
{
    matrix_view bounds;
    value_view(&call->arguments[0], &bounds);
    const size_t count = bounds.rows * bounds.cols;
    const double least = count == 2 ? bounds.values[0] : 1,
                 most = count ? bounds.values[count - 1] : 0;
    if (count > 2 || !(floor(least) == least && floor(most) == most && least <= most &&
                       fabs(least) < 0x1p53 && fabs(most) < 0x1p53))
        return fail(call->in, "randi: the bounds are k from 1 on, or [a, b], integers with a <= b");
    return generate(call, 1, number_integer);
}

bool call_eye(function_call *call)
{
    if (!generate(call, 0, number_identity)) return false;
    if (!is_scalar(call->results[0])) call->results[0].form = FORM_DIAGONAL;
    return true;
}

/* pi, e, eps, Inf, NaN, zeros, ones: also as matrices, NaN(2, 3). */
bool call_constant(function_call *call)
{
    return generate(call, 0, number_constant);
}

bool call_truth(function_call *call)
{
    if (!call_constant(call)) return false;
    call->results[0].form = FORM_LOGICAL;
    return true;
}

/* ---- The elements of one matrix in other places ---- */

/* rows x cols elements of x at row-major positions, which are freed; SIZE_MAX stands for a zero. */
static bool give_gathered(function_call *call, ad_var x, size_t *positions, size_t rows,
                          size_t cols)
{
    static const double zero = 0;
    size_t size = ad_rows(x) * ad_cols(x);
    bool padded = false;
    for (size_t k = 0; k < rows * cols; k++) {
        if (positions[k] == SIZE_MAX) {
            positions[k] = size;
            padded = true;
        }
    }
    if (padded) x = ad_vcat(ad_reshape(x, size, 1), ad_constant(x.tape, 1, 1, &zero));
    bool ok = give_tape(call, ad_gather(x, positions, rows, cols));
    if (ok && call->arguments[0].form == FORM_LOGICAL) call->results[0].form = FORM_LOGICAL;
    release(positions);
    return ok;
}

/* The diagonal that the optional last argument names: 0 the main one, k > 0 above it. */
static double diagonal_argument(const function_call *call)
{
    return call->count < 2 ? 0 : call->arguments[1].u.number;
}

/* tril, triu */
bool call_triangle(function_call *call)
{
    bool lower = call->function->parameter < 0;
    ad_var x = call->arguments[0].var;
    double k = diagonal_argument(call);
    if (k == 0) return give_tape(call, lower ? ad_tril(x) : ad_triu(x));
    size_t m = ad_rows(x), n = ad_cols(x);
    size_t *positions = new_indices(call->in, m, n);
    if (!positions) return false;
    for (size_t at = 0; at < m * n; at++) {
        double offset = (double)(at % n) - (double)(at / n);
        bool kept = lower ? offset <= k : offset >= k;
        positions[at] = kept ? at : SIZE_MAX;
    }
    return give_gathered(call, x, positions, m, n);
}

/* fliplr, flipud */
bool call_flip(function_call *call)
{
    bool columns = call->function->parameter != 0;
    ad_var x = call->arguments[0].var;
    size_t m = ad_rows(x), n = ad_cols(x);
    size_t *positions = new_indices(call->in, m, n);
    if (!positions) return false;
    for (size_t at = 0; at < m * n; at++) {
        size_t i = at / n, j = at % n;
        positions[at] = columns ? i * n + (n - 1 - j) : (m - 1 - i) * n + j;
    }
    return give_gathered(call, x, positions, m, n);
}

/* A vector onto the k-th diagonal. */
static bool diagonal_matrix(function_call *call, ad_var x, double k)
{
    size_t size = ad_rows(x) * ad_cols(x), shift = (size_t)fabs(k), n = size + shift;
    size_t *positions = new_indices(call->in, n, n);
    if (!positions) return false;
    for (size_t at = 0; at < n * n; at++) positions[at] = SIZE_MAX;
    for (size_t i = 0; i < size; i++) {
        size_t row = k < 0 ? i + shift : i, col = k < 0 ? i : i + shift;
        positions[row * n + col] = i;
    }
    return give_gathered(call, x, positions, n, n);
}

/* The k-th diagonal of a matrix. */
static bool diagonal_of(function_call *call, ad_var x, double k)
{
    size_t m = ad_rows(x), n = ad_cols(x);
    double first_row = k < 0 ? -k : 0, first_col = k > 0 ? k : 0;
    double down = (double)m - first_row, across = (double)n - first_col;
    double length = fmin(down, across);
    size_t count = length > 0 ? (size_t)length : 0;
    size_t *positions = new_indices(call->in, count, 1);
    if (!positions) return false;
    for (size_t i = 0; i < count; i++)
        positions[i] = ((size_t)first_row + i) * n + (size_t)first_col + i;
    return give_gathered(call, x, positions, count, 1);
}

bool call_diag(function_call *call)
{
    ad_var x = call->arguments[0].var;
    double k = diagonal_argument(call);
    bool vector = is_vector(x);
    if (vector && fabs(k) > 1e9) return fail(call->in, "diag: the diagonal %g is too far out", k);
    if (ad_rows(x) + ad_cols(x) < 2) { /* [](0x0), [](1x0), [](0x1) */
        vector = true;
        x = ad_reshape(x, 0, 1);
    }
    if (k != 0) return vector ? diagonal_matrix(call, x, k) : diagonal_of(call, x, k);
    if (!give_tape(call, vector ? ad_diag(x) : ad_diagonal(x))) return false;
    if (vector && !is_scalar(call->results[0]) && !is_empty(call->results[0]))
        call->results[0].form = FORM_DIAGONAL;
    return true;
}

/* The shape of reshape(A, m, n), reshape(A, [m, n]), reshape(A, [], n) and reshape(A, m, []). */
static bool reshape_shape(function_call *call, size_t size, size_t *rows, size_t *cols)
{
    bool open_rows = call->count == 3 && is_empty(call->arguments[1]);
    bool open_cols = call->count == 3 && is_empty(call->arguments[2]);
    if (call->count == 2) {
        if (call->arguments[1].rows * call->arguments[1].cols != 2)
            return fail(call->in, "reshape: a shape has two numbers, m and n");
        return shape_arguments(call, 1, rows, cols);
    }
    if (open_rows && open_cols)
        return fail(call->in, "reshape: one of the two sizes must be given");
    if ((!open_rows && !count_argument(call, 1, rows)) ||
        (!open_cols && !count_argument(call, 2, cols)))
        return false;
    if (open_rows) *rows = *cols ? size / *cols : 0;
    if (open_cols) *cols = *rows ? size / *rows : 0;
    return true;
}

bool call_reshape(function_call *call)
{
    ad_var x = call->arguments[0].var;
    size_t rows = 0, cols = 0;
    if (!reshape_shape(call, ad_rows(x) * ad_cols(x), &rows, &cols)) return false;
    size_t m = ad_rows(x), n = ad_cols(x);
    if ((cols && rows > SIZE_MAX / cols) || rows * cols != m * n)
        return fail(call->in, "reshape: %zux%zu has %zu elements, %zux%zu takes another number", m,
                    n, m * n, rows, cols);
    /* the tape reads along the rows: turn, lay out, turn back */
    ad_var along = is_vector(x) ? x : ad_transpose(x);
    bool vector = rows == 1 || cols == 1;
    return give_tape(call, vector ? ad_reshape(along, rows, cols)
                                  : ad_transpose(ad_reshape(along, cols, rows)));
}

bool call_vec(function_call *call)
{
    ad_var x = call->arguments[0].var;
    ad_var along = is_vector(x) ? x : ad_transpose(x);
    return give_tape(call, ad_reshape(along, ad_rows(x) * ad_cols(x), 1));
}

bool call_repmat(function_call *call)
{
    ad_var x = call->arguments[0].var;
    size_t down, across;
    if (!shape_arguments(call, 1, &down, &across)) return false;
    size_t m = ad_rows(x), n = ad_cols(x);
    if ((m && down > SIZE_MAX / m) || (n && across > SIZE_MAX / n))
        return fail(call->in, "repmat: the result is too large");
    size_t rows = m * down, cols = n * across;
    size_t *positions = new_indices(call->in, rows, cols);
    if (!positions) return false;
    for (size_t at = 0; at < rows * cols; at++) positions[at] = at / cols % m * n + at % cols % n;
    return give_gathered(call, x, positions, rows, cols);
}

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
    const script_value *size = &call->arguments[k];
    if (call->count == k + 1 && size->rows * size->cols == 2) {
        double m = value_numbers(size)[0], n = value_numbers(size)[1];
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

/* A matrix of numbers, made down the columns as the elements count. */
static bool generate(function_call *call, number_at *number)
{
    size_t rows, cols;
    if (!shape_arguments(call, 0, &rows, &cols)) return false;
    if (call->count == 0) return give(call, value_number(number(call, 0, 0)));
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
        if (!word_place("state seed twister", word, call->arguments[0].u.string->length))
            return fail(call->in, "%s: \"%s\" is neither state nor seed", call->function->name,
                        word);
        if (call->count < 2) return fail(call->in, "%s: a seed is missing", call->function->name);
        return convert_argument(call, 1, 'n') && start_generator(call, call->arguments[1].u.number);
    }
    for (size_t k = 0; k < call->count; k++)
        if (!convert_argument(call, k, 'r')) return false;
    return generate(call, number_random);
}

bool call_eye(function_call *call)
{
    if (!generate(call, number_identity)) return false;
    if (!is_scalar(call->results[0])) call->results[0].form = FORM_DIAGONAL;
    return true;
}

/* pi, e, eps, Inf, NaN, zeros, ones: also as matrices, NaN(2, 3). */
bool call_constant(function_call *call)
{
    return generate(call, number_constant);
}

bool call_truth(function_call *call)
{
    if (!call_constant(call)) return false;
    call->results[0].form = FORM_LOGICAL;
    return true;
}

/* ---- The elements of one matrix in other places ---- */

/* A vector as a diagonal, and the diagonal of a matrix. */
bool call_diag(function_call *call)
{
    ad_var x = call->arguments[0].var;
    if (ad_rows(x) + ad_cols(x) < 2) x = ad_reshape(x, 0, 1); /* [](0x0), [](1x0), [](0x1) */
    const bool vector = is_vector(x);
    if (!give_tape(call, vector ? ad_diag(x) : ad_diagonal(x))) return false;
    if (vector && !is_scalar(call->results[0]) && !is_empty(call->results[0]))
        call->results[0].form = FORM_DIAGONAL;
    return true;
}

/* The shape of reshape(A, m, n), reshape(A, [m, n]), reshape(A, [], n) and reshape(A, m, []). */
static bool reshape_shape(function_call *call, size_t size, size_t *rows, size_t *cols)
{
    const script_value *sizes = call->arguments + 1;
    const size_t open = call->count == 2 ? 0 : is_empty(sizes[0]) ? 1 : is_empty(sizes[1]) ? 2 : 0;
    size_t given;
    if (call->count == 2 && sizes[0].rows * sizes[0].cols != 2)
        return fail(call->in, "reshape: a shape has two numbers, m and n");
    if (!open) return shape_arguments(call, 1, rows, cols);
    if (is_empty(sizes[2 - open]))
        return fail(call->in, "reshape: one of the two sizes must be given");
    if (!count_argument(call, 3 - open, &given)) return false;
    if (given && size % given)
        octave_says(call->in, "",
                    "reshape: SIZE is not divisible by the product of known dimensions (= %zu)",
                    given);
    *rows = open == 2 ? given : given ? size / given : 0;
    *cols = open == 1 ? given : given ? size / given : 0;
    return true;
}

/* The tape reads along the rows: turn, lay out, turn back. */
ad_var reshaped(ad_var x, size_t rows, size_t cols)
{
    const ad_var along = is_vector(x) ? x : ad_transpose(x);
    const bool vector = rows == 1 || cols == 1;
    return vector ? ad_reshape(along, rows, cols) : ad_transpose(ad_reshape(along, cols, rows));
}

bool call_reshape(function_call *call)
{
    const ad_var x = call->arguments[0].var;
    const size_t m = ad_rows(x), n = ad_cols(x);
    size_t rows = 0, cols = 0;
    if (!reshape_shape(call, m * n, &rows, &cols)) return false;
    if ((!cols || rows <= SIZE_MAX / cols) && rows * cols == m * n)
        return give_tape(call, reshaped(x, rows, cols));
    if (call->in->failure.octave.length == 0)
        octave_says(call->in, "", "reshape: can't reshape %zux%zu array to %zux%zu array", m, n,
                    rows, cols);
    return fail(call->in, "reshape: %zux%zu has %zu elements, %zux%zu takes another number", m, n,
                m * n, rows, cols);
}

/* ---- Concatenation ---- */

/* horzcat, vertcat, and cat, whose first argument is the dimension */
bool call_concatenate(function_call *call)
{
    const bool given = call->function->parameter == 0;
    const double dimension = given ? call->arguments[0].u.number : call->function->parameter;
    script_value value;
    return join_values(call->in, call->function->name, dimension == 1, call->arguments + given,
                       call->count - given, &value) &&
           give(call, value);
}

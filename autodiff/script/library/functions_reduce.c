/* Reductions: of a vector whole, of a matrix column by column, or along the dimension asked for. */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Along what a reduction runs. */
typedef enum axis { ALONG_ALL, ALONG_COLUMNS, ALONG_ROWS } axis;

/* The dimension that argument k gives, else Octave's choice: the first that is not 1. */
static axis choose_axis(const function_call *call, size_t k)
{
    if (call->count > k) return call->arguments[k].u.number == 1 ? ALONG_COLUMNS : ALONG_ROWS;
    size_t rows = value_rows(call->arguments[0]), cols = value_cols(call->arguments[0]);
    return rows == 1 || cols == 1 || rows + cols == 0 ? ALONG_ALL : ALONG_COLUMNS;
}

typedef ad_var operation_of_one(ad_var);

/* sum, mean, prod */
bool call_reduce(function_call *call)
{
    return give_tape(call, call->function->along[choose_axis(call, 1)](call->arguments[0].var));
}

static ad_var divided(ad_var sum, size_t count)
{
    double number = (double)count;
    return ad_div(sum, ad_constant(sum.tape, 1, 1, &number));
}

ad_var mean_cols(ad_var x)
{
    return divided(ad_sum_cols(x), ad_rows(x));
}

ad_var mean_rows(ad_var x)
{
    return divided(ad_sum_rows(x), ad_cols(x));
}

/* ---- max and min ---- */

/* The position of the extreme of count numbers a step apart; the first NaN wins. */
static size_t extreme_position(const double *values, size_t count, size_t step, bool largest)
{
    size_t best = 0;
    for (size_t k = 0; k < count; k++) {
        double x = values[k * step], y = values[best * step];
        if (isnan(x)) return k;
        best = (largest ? x > y : x < y) ? k : best;
    }
    return best;
}

/* Where the extremes are, counted from 1: what [m, i] = max(x) calls i. */
static bool give_positions(function_call *call, ad_var x, axis along, bool largest)
{
    size_t m = ad_rows(x), n = ad_cols(x);
    const double *values = ad_values(x);
    size_t rows = along == ALONG_ROWS ? m : 1, cols = along == ALONG_COLUMNS ? n : 1;
    double *positions = new_numbers(call->in, rows, cols);
    if (!positions) return false;
    for (size_t k = 0; k < rows * cols; k++) {
        size_t position;
        if (along == ALONG_ALL) position = extreme_position(values, m * n, 1, largest);
        else if (along == ALONG_COLUMNS) position = extreme_position(values + k, m, n, largest);
        else position = extreme_position(values + k * n, n, 1, largest);
        positions[k] = (double)(position + 1);
    }
    return give_numbers(call, rows, cols, positions);
}

/* Of no elements the extremes are none: [](0x0) of [](0x0), [](1x0) of [](3x0). */
static bool extreme_of_none(function_call *call, ad_var x, axis along)
{
    size_t m = ad_rows(x), n = ad_cols(x);
    size_t rows = along == ALONG_COLUMNS && m ? 1 : m, cols = along == ALONG_ROWS && n ? 1 : n;
    script_value none;
    for (size_t k = 0; k < (call->wanted > 1 ? call->wanted : 1); k++)
        if (!record(call->in, rows, cols, NULL, &none) || !give(call, none)) return false;
    return true;
}

/* max(x), max(x, [], dimension), [m, i] = max(x) */
static bool extreme_of_one(function_call *call, bool largest)
{
    if (!convert_argument(call, 0, 'm')) return false;
    ad_var x = call->arguments[0].var;
    axis along = choose_axis(call, 2);
    if (ad_rows(x) * ad_cols(x) == 0) return extreme_of_none(call, x, along);
    return give_tape(call, call->function->along[along](x)) &&
           (call->wanted < 2 || give_positions(call, x, along, largest));
}

bool call_extreme(function_call *call)
{
    bool largest = call->function->along[0] == ad_maximum;
    if (call->count == 1) return extreme_of_one(call, largest);
    if (call->count == 3) {
        if (!is_empty(call->arguments[1]))
            return fail(call->in, "%s: with a dimension the second argument is []",
                        call->function->name);
        return extreme_of_one(call, largest);
    }
    if (call->wanted > 1)
        return fail(call->in, "%s: of two arguments returns one value", call->function->name);
    return convert_argument(call, 0, 'm') && convert_argument(call, 1, 'm') &&
           give_fitting(call, largest ? ad_max : ad_min);
}

/* ---- any and all ---- */

bool call_any(function_call *call)
{
    bool is_any = call->function->parameter != 0;
    matrix_view view;
    axis along = choose_axis(call, 1);
    value_view(&call->arguments[0], &view);
    size_t rows = along == ALONG_ROWS ? view.rows : 1;
    size_t cols = along == ALONG_COLUMNS ? view.cols : 1;
    double *truths = new_numbers(call->in, rows, cols);
    if (!truths) return false;
    for (size_t k = 0; k < rows * cols; k++) truths[k] = !is_any;
    for (size_t k = 0; k < view.rows * view.cols; k++) {
        bool truth = view.values[k] != 0;
        size_t slot = along == ALONG_ALL       ? 0
                      : along == ALONG_COLUMNS ? k % view.cols
                                               : k / view.cols;
        if (truth == is_any) truths[slot] = is_any;
    }
    return give_logical(call, rows, cols, truths);
}

/* ---- cumsum ---- */

/* y_k = x_1 + ... + x_k along a line; the adjoint sums from the other end:
 * x'_k = y'_k + ... + y'_n. */
typedef struct reduction_axis {
    bool along_rows;
    bool backward;
} reduction_axis;

static const ad_custom_op cumsum_operation;

static const reduction_axis directions[2][2] = {{{false, false}, {false, true}},
                                                {{true, false}, {true, true}}};

static ad_status cumsum_shape(const ad_matrix *inputs, size_t count, size_t *rows, size_t *cols,
                              void *context)
{
    (void)count;
    (void)context;
    *rows = inputs[0].rows;
    *cols = inputs[0].cols;
    return AD_OK;
}

static ad_status cumsum_value(const ad_matrix *inputs, size_t count, double *output, void *context)
{
    const reduction_axis *direction = context;
    const ad_matrix *x = &inputs[0];
    (void)count;
    size_t lines = direction->along_rows ? x->rows : x->cols;
    size_t length = direction->along_rows ? x->cols : x->rows;
    size_t step = direction->along_rows ? 1 : x->cols, next = direction->along_rows ? x->cols : 1;
    for (size_t line = 0; line < lines && length; line++) {
        double sum = 0;
        for (size_t k = 0; k < length; k++) {
            size_t place = line * next + (direction->backward ? length - 1 - k : k) * step;
            sum += x->values[place];
            output[place] = sum;
        }
    }
    return AD_OK;
}

static ad_var cumulate(ad_var x, const reduction_axis *direction)
{
    union {
        const reduction_axis *constant;
        void *context;
    } pointer = {direction}; /* the callbacks only read it */
    return ad_custom(x.tape, &cumsum_operation, &x, 1, pointer.context);
}

static ad_status cumsum_gradient(const ad_var *inputs, size_t count, ad_var output, ad_var adjoint,
                                 const bool *wanted, ad_var *gradients, void *context)
{
    const reduction_axis *direction = context;
    (void)inputs;
    (void)count;
    (void)output;
    if (wanted[0])
        gradients[0] = cumulate(adjoint, &directions[direction->along_rows][!direction->backward]);
    return AD_OK;
}

static const ad_custom_op cumsum_operation = {
    .name = "cumsum", .shape = cumsum_shape, .value = cumsum_value, .gradient = cumsum_gradient};

bool call_cumsum(function_call *call)
{
    ad_var x = call->arguments[0].var;
    axis along = choose_axis(call, 1);
    bool along_rows = along == ALONG_ROWS || (along == ALONG_ALL && ad_rows(x) == 1);
    return give_tape(call, cumulate(x, &directions[along_rows][0]));
}

/* ---- dot, norm ---- */

bool call_dot(function_call *call)
{
    ad_var x = call->arguments[0].var, y = call->arguments[1].var;
    size_t size = ad_rows(x) * ad_cols(x);
    if (is_vector(x) && is_vector(y) && size == ad_rows(y) * ad_cols(y))
        return give_tape(call, ad_dot(ad_reshape(x, size, 1), ad_reshape(y, size, 1)));
    if (ad_rows(x) != ad_rows(y) || ad_cols(x) != ad_cols(y))
        return fail(call->in, "dot: %zux%zu and %zux%zu: the shapes differ", ad_rows(x), ad_cols(x),
                    ad_rows(y), ad_cols(y));
    return give_tape(call, ad_sum_cols(ad_mul(x, y)));
}

/* The norm that the second argument names, or NULL with an error. */
static operation_of_one *norm_named(function_call *call)
{
    const script_value *kind = &call->arguments[1];
    if (kind->kind == VALUE_STRING) {
        const char *name = kind->u.string->bytes;
        if (strcmp(name, "fro") == 0) return ad_norm_fro;
        if (strcmp(name, "inf") == 0 || strcmp(name, "Inf") == 0) return ad_norm_inf;
        fail(call->in, "norm: there is no norm \"%s\"; there are 1, 2, Inf and \"fro\"", name);
        return NULL;
    }
    if (!convert_argument(call, 1, 'n')) return NULL;
    double p = kind->u.number;
    if (p != 1 && p != 2 && p != INFINITY) {
        fail(call->in, "norm: there is no norm %g; there are 1, 2, Inf and \"fro\"", p);
        return NULL;
    }
    return p == 1 ? ad_norm1 : p == 2 ? ad_norm2 : ad_norm_inf;
}

bool call_norm(function_call *call)
{
    operation_of_one *operation = call->count > 1 ? norm_named(call) : ad_norm2;
    return operation && give_tape(call, operation(call->arguments[0].var));
}

/* ---- Shapes ---- */

bool call_numel(function_call *call)
{
    script_value x = call->arguments[0];
    return give(call, value_number((double)(value_rows(x) * value_cols(x))));
}

bool call_rows(function_call *call)
{
    return give(call, value_number((double)value_rows(call->arguments[0])));
}

bool call_columns(function_call *call)
{
    return give(call, value_number((double)value_cols(call->arguments[0])));
}

bool call_length(function_call *call)
{
    size_t rows = value_rows(call->arguments[0]), cols = value_cols(call->arguments[0]);
    size_t longest = rows > cols ? rows : cols;
    return give(call, value_number((double)(rows && cols ? longest : 0)));
}

bool call_isempty(function_call *call)
{
    return give(call, value_logical(is_empty(call->arguments[0])));
}

bool call_size(function_call *call)
{
    double extents[2] = {(double)value_rows(call->arguments[0]),
                         (double)value_cols(call->arguments[0])};
    if (call->count == 2) {
        double dimension = call->arguments[1].u.number;
        if (!(dimension >= 1 && floor(dimension) == dimension))
            return fail(call->in, "size: the dimension must be an integer from 1 on");
        return give(call, value_number(dimension > 2 ? 1 : extents[(size_t)dimension - 1]));
    }
    if (call->wanted > 1)
        return give(call, value_number(extents[0])) && give(call, value_number(extents[1]));
    script_value both;
    return record(call->in, 1, 2, extents, &both) && give(call, both);
}

/* Elementwise functions. Those that are one operation of the tape need no code of their own: the
 * table names the operation. */
#include "autodiff/script/library/functions.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

bool give(function_call *call, script_value value)
{
    call->results[call->returned++] = value;
    return true;
}

bool give_tape(function_call *call, ad_var var)
{
    script_value value;
    return from_tape(call->in, call->function->name, var, &value) && give(call, value);
}

bool give_numbers(function_call *call, size_t rows, size_t cols, double *numbers)
{
    script_value value;
    return record_numbers(call->in, rows, cols, numbers, &value) && give(call, value);
}

bool give_logical(function_call *call, size_t rows, size_t cols, double *numbers)
{
    if (rows == 1 && cols == 1) {
        bool truth = numbers[0] != 0;
        release(numbers);
        return give(call, value_logical(truth));
    }
    if (!give_numbers(call, rows, cols, numbers)) return false;
    call->results[call->returned - 1].form = FORM_LOGICAL;
    return true;
}

bool is_vector(ad_var x)
{
    return ad_rows(x) == 1 || ad_cols(x) == 1;
}

/* Adding -0 changes no number, not even the sign of 0. */
ad_var as_variable(function_call *call, ad_var x)
{
    ad_var zero = ad_scalar(x.tape, -0.0);
    return ad_add(x, call->in->name_values ? ad_name(zero, "new value") : zero);
}

bool call_one(function_call *call)
{
    ad_var x = call->arguments[0].var;
    ad_var (*operation)(ad_var) = call->function->one;
    bool constant = operation == ad_sign || operation == ad_floor || operation == ad_ceil ||
                    operation == ad_round;
    if (!give_tape(call, constant ? as_variable(call, operation(x)) : operation(x))) return false;
    if (call->arguments[0].form == FORM_DIAGONAL && (operation == ad_abs || operation == ad_sqrt))
        call->results[0].form = FORM_DIAGONAL; /* Octave keeps these apart */
    return true;
}

/* The two operands broadcast to one shape. */
static bool operands_fit(function_call *call)
{
    const script_value *x = &call->arguments[0], *y = &call->arguments[1];
    return shapes_fit(*x, *y) || fail(call->in, "%s: %zux%zu and %zux%zu: the shapes do not fit",
                                      call->function->name, x->rows, x->cols, y->rows, y->cols);
}

bool give_fitting(function_call *call, ad_var (*operation)(ad_var, ad_var))
{
    return operands_fit(call) &&
           give_tape(call, operation(call->arguments[0].var, call->arguments[1].var));
}

bool call_two(function_call *call)
{
    return give_fitting(call, call->function->two);
}

bool call_power(function_call *call)
{
    script_value power;
    return binary_operation(call->in, OPERATION_ELEMENT_POWER, call->arguments[0],
                            call->arguments[1], &power) &&
           give(call, power);
}

/* log|Gamma(x)|, where Gamma is negative the real logarithm does not exist: NaN. */
bool call_lgamma(function_call *call)
{
    ad_var x = call->arguments[0].var;
    const double *values = ad_values(x);
    size_t size = ad_rows(x) * ad_cols(x);
    bool negative = false;
    for (size_t k = 0; k < size; k++) {
        double v = values[k];
        negative = negative || (v < 0 && floor(v) != v && fmod(floor(v), 2) != 0);
    }
    if (!negative) return give_tape(call, ad_lgamma(x));
    /* the sign of Gamma between -n and 1 - n alternates: where floor(x) is odd it is negative */
    static const double zero = 0, nan = NAN;
    ad_var none = ad_constant(call->in->tape, 1, 1, &zero);
    ad_var half = ad_scale(ad_floor(x), 0.5);
    ad_var odd = ad_less(ad_floor(half), half);
    ad_var bad = ad_mul(odd, ad_less(x, none));
    return give_tape(call, ad_where(bad, ad_constant(call->in->tape, 1, 1, &nan), ad_lgamma(x)));
}

bool call_isnan(function_call *call)
{
    matrix_view view;
    value_view(&call->arguments[0], &view);
    double *values = new_numbers(call->in, view.rows, view.cols);
    if (!values) return false;
    for (size_t k = 0; k < view.rows * view.cols; k++) values[k] = isnan(view.values[k]);
    return give_logical(call, view.rows, view.cols, values);
}

/* ---- mod ---- */

/* x - y floor(x/y), of the sign of y; x for y = 0. A quotient that is an integer but for rounding
 * leaves 0 where y is not an integer, as in Octave. */
static double modulo(double x, double y)
{
    if (y == 0) return x;
    double quotient = x / y, nearest = floor(quotient + 0.5);
    if (floor(y) != y && fabs((quotient - nearest) / nearest) < DBL_EPSILON) return copysign(0, y);
    double rest = x - y * floor(quotient);
    return x == y ? 0 : copysign(rest, y);
}

static ad_status mod_shape(const ad_matrix *inputs, size_t count, size_t *rows, size_t *cols,
                           void *context)
{
    (void)count;
    (void)context;
    *rows = inputs[0].rows;
    *cols = inputs[0].cols;
    return AD_OK;
}

static ad_status mod_value(const ad_matrix *inputs, size_t count, double *output, void *context)
{
    (void)count;
    (void)context;
    for (size_t k = 0; k < inputs[0].rows * inputs[0].cols; k++)
        output[k] = modulo(inputs[0].values[k], inputs[1].values[k]);
    return AD_OK;
}

/* x' += r', y' -= floor(x/y) r', with floor(x/y) = (x - r)/y */
static ad_status mod_gradient(const ad_var *inputs, size_t count, ad_var output, ad_var adjoint,
                              const bool *wanted, ad_var *gradients, void *context)
{
    (void)count;
    (void)context;
    if (wanted[0]) gradients[0] = adjoint;
    if (wanted[1]) {
        ad_var quotient = ad_round(ad_div(ad_sub(inputs[0], output), inputs[1]));
        gradients[1] = ad_neg(ad_mul(quotient, adjoint));
    }
    return AD_OK;
}

static const ad_custom_op mod_operation = {
    .name = "mod", .shape = mod_shape, .value = mod_value, .gradient = mod_gradient};

static size_t larger_extent(size_t a, size_t b)
{
    return a == 1 ? b : a;
}

static ad_var widened(ad_var x, size_t rows, size_t cols)
{
    return ad_rows(x) == rows && ad_cols(x) == cols ? x : ad_broadcast(x, rows, cols);
}

bool call_mod(function_call *call)
{
    ad_var x = call->arguments[0].var, y = call->arguments[1].var;
    if (!operands_fit(call)) return false;
    size_t rows = larger_extent(ad_rows(x), ad_rows(y)),
           cols = larger_extent(ad_cols(x), ad_cols(y));
    ad_var inputs[2] = {widened(x, rows, cols), widened(y, rows, cols)};
    return give_tape(call, ad_custom(call->in->tape, &mod_operation, inputs, 2, NULL));
}

/* SPDX-License-Identifier: MIT */
/* Elementwise functions. Those that are one operation of the tape need no code of their own: the
 * table names the operation. */
#include "autodiff/script/library/functions.h"

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

bool is_vector(ad_var x)
{
    return ad_rows(x) == 1 || ad_cols(x) == 1;
}

/* Adding -0 changes no number, not even the sign of 0. */
ad_var as_variable(ad_var x)
{
    return ad_ok(x) ? ad_add(x, ad_scalar(x.tape, -0.0)) : x;
}

/* Octave prints these of a diagonal matrix as diagonal. */
static bool is_diagonal_kept(ad_var (*operation)(ad_var))
{
    return operation == ad_abs || operation == ad_sqrt || operation == ad_inverse;
}

bool call_one(function_call *call)
{
    ad_var x = call->arguments[0].var;
    ad_var (*operation)(ad_var) = call->function->one;
    if (!give_tape(call, operation(x))) return false;
    if (call->arguments[0].form == FORM_DIAGONAL && is_diagonal_kept(operation))
        call->results[0].form = FORM_DIAGONAL;
    return true;
}

/* sign, floor, ceil, round */
bool call_step(function_call *call)
{
    return give_tape(call, as_variable(call->function->one(call->arguments[0].var)));
}

/* The two operands broadcast to one shape. */
static bool operands_fit(function_call *call)
{
    const script_value *x = &call->arguments[0], *y = &call->arguments[1];
    if (shapes_fit(*x, *y)) return true;
    octave_says(call->in, "Octave:nonconformant-args",
                "%s: nonconformant arguments (op1 is %zux%zu, op2 is %zux%zu)",
                call->function->name, x->rows, x->cols, y->rows, y->cols);
    return fail(call->in, "%s: %zux%zu and %zux%zu: the shapes do not fit", call->function->name,
                x->rows, x->cols, y->rows, y->cols);
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

/* kron, outer, charpoly: of the first argument and the second, of that and the third, ... */
bool call_product(function_call *call)
{
    ad_var product = call->arguments[0].var;
    for (size_t k = 1; k < call->count; k++)
        product = call->function->two(product, call->arguments[k].var);
    return give_tape(call, product);
}

/* psi(x), or psi(k, x), its k-th derivative. */
bool call_psi(function_call *call)
{
    if (!convert_argument(call, call->count - 1, 'm')) return false;
    ad_var x = call->arguments[call->count - 1].var;
    if (call->count == 1) return give_tape(call, ad_digamma(x));
    if (!convert_argument(call, 0, 'n')) return false;
    double order = call->arguments[0].u.number;
    if (!(order >= 0 && floor(order) == order && order < 0x1p31))
        return fail(call->in, "psi: the order is an integer from 0 on, not %g", order);
    return give_tape(call, ad_polygamma(x, (int)order));
}

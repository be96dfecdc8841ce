/* SPDX-License-Identifier: MIT */
/* Operators on values. A number that has not been recorded takes part as a constant where the
 * other operand is on the tape; two of them are computed at once. */
#include "autodiff/script/run/interpreter.h"

#include <math.h>
#include <stdlib.h>

/* ---- Shapes ---- */

/* How Octave names an operation when it cannot be carried out. */
static const char *const octave_names[OPERATION_COUNT] = {
    [OPERATION_TIMES] = "product",          [OPERATION_OVER] = "quotient",
    [OPERATION_LESS] = "mx_el_lt",          [OPERATION_LESS_EQUAL] = "mx_el_le",
    [OPERATION_EQUAL] = "mx_el_eq",         [OPERATION_UNEQUAL] = "mx_el_ne",
    [OPERATION_GREATER_EQUAL] = "mx_el_ge", [OPERATION_GREATER] = "mx_el_gt",
    [OPERATION_AND] = "mx_el_and",          [OPERATION_OR] = "mx_el_or",
};

/* "OP: 3x4 and 5x6 do not fit" */
static bool fail_shapes(interpreter *in, operator_kind operation, script_value x, script_value y)
{
    const char *name = octave_names[operation];
    const bool product = operation == OPERATION_MULTIPLY, power = operation == OPERATION_POWER;
    const bool over = operation == OPERATION_DIVIDE, under = operation == OPERATION_LEFT_DIVIDE;
    if (power)
        octave_says(in, "",
                    "for x^y, only square matrix arguments are permitted and one argument "
                    "must be scalar.  Use .^ for elementwise power.");
    else
        octave_says(in, "Octave:nonconformant-args",
                    "%s%s: nonconformant arguments (op1 is %zux%zu, op2 is %zux%zu)",
                    name ? name : "operator ", name ? "" : operation_text(operation), x.rows,
                    x.cols, y.rows, y.cols);
    return fail(in, "%s: %zux%zu %s %zux%zu: %s", operation_text(operation), x.rows, x.cols,
                product ? "times"
                : over  ? "over"
                        : "and",
                y.rows, y.cols,
                product ? "the inner dimensions differ"
                : over  ? "the columns differ"
                : under ? "the rows differ"
                : power ? "a square matrix takes an integer power, elements take .^"
                        : "the shapes do not fit");
}

/* The operation on plain numbers. */
static double of_numbers(operator_kind operation, double x, double y)
{
    switch (operation) {
    case OPERATION_ADD: return x + y;
    case OPERATION_SUBTRACT: return x - y;
    case OPERATION_TIMES: return x * y;
    case OPERATION_OVER: return x / y;
    case OPERATION_LESS: return x < y;
    case OPERATION_LESS_EQUAL: return x <= y;
    case OPERATION_NOT: /* y is 0 */
    case OPERATION_EQUAL: return x == y;
    case OPERATION_UNEQUAL: return x != y;
    case OPERATION_GREATER_EQUAL: return x >= y;
    case OPERATION_GREATER: return x > y;
    case OPERATION_AND: return x != 0 && y != 0;
    case OPERATION_OR: return x != 0 || y != 0;
    default: return pow(x, y);
    }
}

/* ---- Comparisons and logic ---- */

bool has_nan(const script_value *x)
{
    const double *numbers = value_numbers(x);
    for (size_t k = 0; k < x->rows * x->cols; k++)
        if (isnan(numbers[k])) return true;
    return false;
}

bool fail_nan(interpreter *in, const char *name)
{
    octave_says(in, "", "invalid conversion from NaN to logical");
    return fail(in, "%s%sNaN has no truth value", name, *name ? ": " : "");
}

static bool logical_operation(interpreter *in, operator_kind operation, script_value x,
                              script_value y, script_value *result)
{
    const double *a = value_numbers(&x), *b = value_numbers(&y);
    const bool of_truths =
        operation == OPERATION_AND || operation == OPERATION_OR || operation == OPERATION_NOT;
    if (of_truths && (has_nan(&x) || has_nan(&y))) return fail_nan(in, operation_text(operation));
    if (is_scalar(x) && is_scalar(y)) {
        *result = value_logical(of_numbers(operation, *a, *b) != 0);
        return true;
    }
    if (!shapes_fit(x, y)) return fail_shapes(in, operation, x, y);
    const size_t rows = x.rows == 1 ? y.rows : x.rows, cols = x.cols == 1 ? y.cols : x.cols;
    double *values = new_numbers(in, rows, cols);
    const size_t a_row = x.rows == 1 ? 0 : x.cols, a_col = x.cols != 1;
    const size_t b_row = y.rows == 1 ? 0 : y.cols, b_col = y.cols != 1;
    for (size_t i = 0; values && cols && i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            values[i * cols + j] =
                of_numbers(operation, a[i * a_row + j * a_col], b[i * b_row + j * b_col]);
    if (!values || !record_numbers(in, rows, cols, values, result)) return false;
    result->form = FORM_LOGICAL;
    return true;
}

/* ---- Of one operand ---- */

bool unary_operation(interpreter *in, operator_kind operation, script_value x, script_value *result)
{
    const char *name = operation_text(operation);
    if (x.kind == VALUE_STRING && operation >= OPERATION_TRANSPOSE)
        return fail(in, "%s: text is one row of characters", name);
    if (!to_numbers(in, name, x, &x)) return false;
    if (operation == OPERATION_NOT)
        return logical_operation(in, operation, x, value_number(0), result);
    if (x.kind == VALUE_NUMBER) {
        *result = value_number(operation == OPERATION_SUBTRACT ? -x.u.number : x.u.number);
        return true;
    }
    const bool kept =
        x.form == FORM_DIAGONAL || (x.form == FORM_PERMUTATION && operation >= OPERATION_TRANSPOSE);
    value_form form = kept ? x.form : FORM_PLAIN;
    if (operation == OPERATION_ADD) {
        *result = x;
        result->form = form;
        return true;
    }
    ad_var var = operation == OPERATION_SUBTRACT ? ad_neg(x.var) : ad_transpose(x.var);
    if (!from_tape(in, name, var, result)) return false;
    result->form = operation != OPERATION_SUBTRACT && x.form == FORM_LOGICAL ? FORM_LOGICAL : form;
    return true;
}

/* ---- Arithmetic ---- */

/* An operand; a plain number is a constant. An error of it is that of the operation. */
static ad_var operand(interpreter *in, const script_value *x)
{
    return x->kind == VALUE_NUMBER ? ad_constant(in->tape, 1, 1, &x->u.number) : x->var;
}

/* Operand and plain number: the tape's scale and shift, which need no constant. */
static bool with_number(operator_kind operation, script_value x, script_value y, ad_var *var)
{
    double c = x.kind == VALUE_NUMBER ? x.u.number : y.u.number;
    ad_var operand = x.kind == VALUE_NUMBER ? y.var : x.var;
    if (x.kind == y.kind) return false;
    if (operation == OPERATION_ADD) *var = ad_shift(operand, c);
    else if (operation == OPERATION_TIMES) *var = ad_scale(operand, c);
    else if (operation == OPERATION_SUBTRACT && y.kind == VALUE_NUMBER)
        *var = ad_shift(operand, -c);
    else return false;
    return true;
}

/* Elementwise operations, and the product of matrices. */
static bool by_elements(interpreter *in, operator_kind shown, operator_kind operation,
                        script_value x, script_value y, script_value *result)
{
    static ad_var (*const operations[OPERATION_COUNT])(ad_var, ad_var) = {
        [OPERATION_ADD] = ad_add,           [OPERATION_SUBTRACT] = ad_sub,
        [OPERATION_TIMES] = ad_mul,         [OPERATION_OVER] = ad_div,
        [OPERATION_ELEMENT_POWER] = ad_pow, [OPERATION_MULTIPLY] = ad_matmul,
    };
    ad_var var;
    const bool product = operation == OPERATION_MULTIPLY;
    /* a diagonal matrix, to Octave, is added to one of its shape, and spreads no vector */
    const bool diagonal =
        (operation == OPERATION_ADD || operation == OPERATION_SUBTRACT) &&
        ((x.form == FORM_DIAGONAL && !is_scalar(y)) || (y.form == FORM_DIAGONAL && !is_scalar(x)));
    if (product    ? x.cols != y.rows
        : diagonal ? x.rows != y.rows || x.cols != y.cols
                   : !shapes_fit(x, y))
        return fail_shapes(in, shown, x, y);
    if (operation == OPERATION_UNDER) {
        const script_value left = x;
        x = y;
        y = left;
        operation = OPERATION_OVER;
    }
    if (x.kind == VALUE_NUMBER && y.kind == VALUE_NUMBER) {
        *result = value_number(of_numbers(operation, x.u.number, y.u.number));
        return true;
    }
    if (operation == OPERATION_ELEMENT_POWER && y.kind == VALUE_NUMBER)
        var = ad_pow_to(x.var, y.u.number);
    else if (!with_number(operation, x, y, &var))
        var = operations[operation](operand(in, &x), operand(in, &y));
    return from_tape(in, operation_text(shown), var, result);
}

/* A^n of a square matrix by repeated squaring; A^-n is that of the inverse. */
static bool matrix_power(interpreter *in, script_value x, script_value y, script_value *result)
{
    if (x.rows != x.cols || !is_scalar(y)) return fail_shapes(in, OPERATION_POWER, x, y);
    double n = *value_numbers(&y);
    if (floor(n) != n || fabs(n) > 0x1p31)
        return fail(in, "^: the power of a matrix must be an integer, and is %g", n);
    ad_var base = n < 0 ? ad_inverse(x.var) : x.var, power = {0};
    for (double rest = fabs(n); rest > 0; rest = floor(rest / 2)) {
        if (fmod(rest, 2) == 1) power = power.tape ? ad_matmul(power, base) : base;
        if (rest > 1) base = ad_matmul(base, base);
    }
    if (n == 0) power = ad_diag(ad_broadcast(ad_scalar(in->tape, 1), x.rows, 1));
    if (!from_tape(in, "^", power, result)) return false;
    if (n == 0) result->form = FORM_DIAGONAL;
    return true;
}

/* A \ B, the least squares of a matrix that is not square; A / B is (B' \ A')'. */
static bool divide(interpreter *in, operator_kind operation, script_value x, script_value y,
                   script_value *result)
{
    const bool left = operation == OPERATION_LEFT_DIVIDE;
    const script_value *matrix = left ? &x : &y, *right = left ? &y : &x;
    ad_var (*solve)(ad_var, ad_var) = matrix->rows == matrix->cols ? ad_solve : ad_lstsq;
    if (left ? matrix->rows != right->rows : matrix->cols != right->cols)
        return fail_shapes(in, operation, x, y);
    const ad_var a = operand(in, matrix), b = operand(in, right);
    const ad_var var = left ? solve(a, b) : ad_transpose(solve(ad_transpose(a), ad_transpose(b)));
    return from_tape(in, operation_text(operation), var, result);
}

/* The elementwise operation that a matrix operator is, for these operands; or itself. */
static operator_kind reduce(operator_kind operation, script_value x, script_value y)
{
    bool either = is_scalar(x) || is_scalar(y);
    switch (operation) {
    case OPERATION_MULTIPLY: return either ? OPERATION_TIMES : operation;
    case OPERATION_DIVIDE: return is_scalar(y) ? OPERATION_OVER : operation;
    case OPERATION_LEFT_DIVIDE: return is_scalar(x) ? OPERATION_UNDER : operation;
    case OPERATION_POWER: return is_scalar(x) && is_scalar(y) ? OPERATION_ELEMENT_POWER : operation;
    default: return operation;
    }
}

/* Octave keeps diagonal matrices apart, and shows them so: products and quotients of two, or of one
 * and a number, D + D, D - D, D^n; and permutations: P*P, P^n. */
static value_form form_of(operator_kind operation, script_value x, script_value y)
{
    const bool left = x.form == FORM_DIAGONAL, right = y.form == FORM_DIAGONAL;
    const bool scaled = left && (right || is_scalar(y)), scaling = right && (left || is_scalar(x));
    const bool both = x.form == FORM_PERMUTATION && y.form == FORM_PERMUTATION;
    switch (operation) {
    case OPERATION_MULTIPLY:
        return scaled || scaling ? FORM_DIAGONAL : both ? FORM_PERMUTATION : FORM_PLAIN;
    case OPERATION_DIVIDE: return scaled ? FORM_DIAGONAL : FORM_PLAIN;
    case OPERATION_LEFT_DIVIDE: return scaling ? FORM_DIAGONAL : FORM_PLAIN;
    case OPERATION_ADD:
    case OPERATION_SUBTRACT: return left && right ? FORM_DIAGONAL : FORM_PLAIN;
    case OPERATION_POWER: return left || x.form == FORM_PERMUTATION ? x.form : FORM_PLAIN;
    default: return FORM_PLAIN;
    }
}

bool binary_operation(interpreter *in, operator_kind operation, script_value x, script_value y,
                      script_value *result)
{
    const char *name = operation_text(operation);
    if (!to_numbers(in, name, x, &x) || !to_numbers(in, name, y, &y)) return false;
    if (operation >= OPERATION_LESS && operation <= OPERATION_OR)
        return logical_operation(in, operation, x, y, result);
    const operator_kind reduced = reduce(operation, x, y);
    bool ok;
    if (reduced == OPERATION_DIVIDE || reduced == OPERATION_LEFT_DIVIDE)
        ok = divide(in, reduced, x, y, result);
    else if (reduced == OPERATION_POWER) ok = matrix_power(in, x, y, result);
    else ok = by_elements(in, operation, reduced, x, y, result);
    if (ok && result->form == FORM_PLAIN) result->form = form_of(operation, x, y);
    return ok;
}

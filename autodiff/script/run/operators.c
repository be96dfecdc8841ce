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
static bool fail_shapes(interpreter *in, operator_kind operation, script_value x, script_value y,
                        const char *why)
{
    const char *name = octave_names[operation];
    if (operation == OPERATION_POWER)
        octave_says(in, "",
                    "for x^y, only square matrix arguments are permitted and one argument "
                    "must be scalar.  Use .^ for elementwise power.");
    else
        octave_says(in, "Octave:nonconformant-args",
                    "%s%s: nonconformant arguments (op1 is %zux%zu, op2 is %zux%zu)",
                    name ? name : "operator ", name ? "" : operation_text(operation), x.rows,
                    x.cols, y.rows, y.cols);
    return fail(in, "%s: %zux%zu %s %zux%zu: %s", operation_text(operation), x.rows, x.cols,
                operation == OPERATION_MULTIPLY ? "times"
                : operation == OPERATION_DIVIDE ? "over"
                                                : "and",
                y.rows, y.cols, why);
}

static bool check_broadcast(interpreter *in, operator_kind operation, script_value x,
                            script_value y)
{
    return shapes_fit(x, y) || fail_shapes(in, operation, x, y, "the shapes do not fit");
}

/* The operation on plain numbers. */
static double of_numbers(operator_kind operation, double x, double y)
{
    switch (operation) {
    case OPERATION_ADD: return x + y;
    case OPERATION_SUBTRACT: return x - y;
    case OPERATION_MULTIPLY:
    case OPERATION_TIMES: return x * y;
    case OPERATION_DIVIDE:
    case OPERATION_OVER: return x / y;
    case OPERATION_LEFT_DIVIDE:
    case OPERATION_UNDER: return y / x;
    case OPERATION_LESS: return x < y;
    case OPERATION_LESS_EQUAL: return x <= y;
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

static bool has_nan(const matrix_view *view)
{
    for (size_t k = 0; k < view->rows * view->cols; k++)
        if (isnan(view->values[k])) return true;
    return false;
}

bool fail_nan(interpreter *in, const char *name, const char *colon)
{
    octave_says(in, "", "invalid conversion from NaN to logical");
    return fail(in, "%s%sNaN has no truth value", name, colon);
}

static bool logical_operation(interpreter *in, operator_kind operation, script_value x,
                              script_value y, script_value *result)
{
    matrix_view a, b;
    value_view(&x, &a);
    value_view(&y, &b);
    if ((operation == OPERATION_AND || operation == OPERATION_OR) && (has_nan(&a) || has_nan(&b)))
        return fail_nan(in, operation_text(operation), ": ");
    if (is_scalar(x) && is_scalar(y)) {
        *result = value_logical(of_numbers(operation, a.values[0], b.values[0]) != 0);
        return true;
    }
    if (!check_broadcast(in, operation, x, y)) return false;
    const size_t rows = a.rows == 1 ? b.rows : a.rows, cols = a.cols == 1 ? b.cols : a.cols;
    double *values = new_numbers(in, rows, cols);
    const size_t a_row = a.rows == 1 ? 0 : a.cols, a_col = a.cols != 1;
    const size_t b_row = b.rows == 1 ? 0 : b.cols, b_col = b.cols != 1;
    for (size_t i = 0; values && cols && i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            values[i * cols + j] = of_numbers(operation, a.values[i * a_row + j * a_col],
                                              b.values[i * b_row + j * b_col]);
    if (!values || !record_numbers(in, rows, cols, values, result)) return false;
    result->form = FORM_LOGICAL;
    return true;
}

static bool negation(interpreter *in, script_value x, script_value *result)
{
    matrix_view view;
    value_view(&x, &view);
    if (has_nan(&view)) return fail_nan(in, "!", ": ");
    return logical_operation(in, OPERATION_EQUAL, x, value_number(0), result);
}

/* ---- Of one operand ---- */

bool unary_operation(interpreter *in, operator_kind operation, script_value x, script_value *result)
{
    const char *name = operation_text(operation);
    if (x.kind == VALUE_STRING && operation >= OPERATION_TRANSPOSE)
        return fail(in, "%s: text is one row of characters", name);
    if (!to_numbers(in, name, x, &x)) return false;
    if (operation == OPERATION_NOT) return negation(in, x, result);
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

static bool to_constant(interpreter *in, const char *name, script_value x, ad_var *var)
{
    if (x.kind == VALUE_NUMBER) {
        *var = ad_constant(in->tape, 1, 1, &x.u.number);
        return ad_ok(*var) || fail_tape(in, name);
    }
    return to_tape(in, name, x, var);
}

static bool both_on_tape(interpreter *in, operator_kind operation, script_value x, script_value y,
                         ad_var vars[2])
{
    const char *name = operation_text(operation);
    return to_constant(in, name, x, &vars[0]) && to_constant(in, name, y, &vars[1]);
}

static ad_var element_power(ad_var x, script_value exponent)
{
    return exponent.kind == VALUE_NUMBER ? ad_pow_to(x, exponent.u.number)
                                         : ad_pow(x, exponent.var);
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

static bool elementwise(interpreter *in, operator_kind shown, operator_kind operation,
                        script_value x, script_value y, script_value *result)
{
    ad_var vars[2], var;
    if (!check_broadcast(in, shown, x, y)) return false;
    if (operation == OPERATION_ELEMENT_POWER && x.kind == VALUE_MATRIX)
        return from_tape(in, operation_text(shown), element_power(x.var, y), result);
    if (with_number(operation, x, y, &var))
        return from_tape(in, operation_text(shown), var, result);
    if (!both_on_tape(in, shown, x, y, vars)) return false;
    switch (operation) {
    case OPERATION_ADD: var = ad_add(vars[0], vars[1]); break;
    case OPERATION_SUBTRACT: var = ad_sub(vars[0], vars[1]); break;
    case OPERATION_TIMES: var = ad_mul(vars[0], vars[1]); break;
    case OPERATION_OVER: var = ad_div(vars[0], vars[1]); break;
    case OPERATION_UNDER: var = ad_div(vars[1], vars[0]); break;
    default: var = ad_pow(vars[0], vars[1]);
    }
    return from_tape(in, operation_text(shown), var, result);
}

static bool is_square(script_value x)
{
    return x.rows == x.cols;
}

/* A^n of a square matrix by repeated squaring; A^-n is that of the inverse. */
static bool matrix_power(interpreter *in, script_value x, script_value y, script_value *result)
{
    matrix_view exponent;
    if (!is_square(x) || !is_scalar(y))
        return fail_shapes(in, OPERATION_POWER, x, y,
                           "a square matrix takes an integer power, elements take .^");
    value_view(&y, &exponent);
    double n = exponent.values[0];
    if (floor(n) != n || fabs(n) > 0x1p31)
        return fail(in, "^: the power of a matrix must be an integer, and is %g", n);
    ad_var base = n < 0 ? ad_inverse(x.var) : x.var, power = {0};
    for (double rest = fabs(n); rest > 0; rest = floor(rest / 2)) {
        if (fmod(rest, 2) == 1) power = power.tape ? ad_matmul(power, base) : base;
        if (rest > 1) base = ad_matmul(base, base);
    }
    if (n == 0) {
        size_t order = x.rows;
        double *values = new_numbers(in, order, order);
        if (!values) return false;
        for (size_t k = 0; k < order * order; k++) values[k] = k % (order + 1) == 0;
        if (!record_numbers(in, order, order, values, result)) return false;
        result->form = FORM_DIAGONAL;
        return true;
    }
    return from_tape(in, "^", power, result);
}

/* A \ B, the least squares of a matrix that is not square; A / B is (B' \ A')'. */
static bool divide(interpreter *in, operator_kind operation, script_value x, script_value y,
                   script_value *result)
{
    bool left = operation == OPERATION_LEFT_DIVIDE;
    script_value matrix = left ? x : y, right = left ? y : x;
    ad_var vars[2];
    ad_var (*solve)(ad_var, ad_var) = is_square(matrix) ? ad_solve : ad_lstsq;
    if (left ? matrix.rows != right.rows : matrix.cols != right.cols)
        return fail_shapes(in, operation, x, y, left ? "the rows differ" : "the columns differ");
    if (!both_on_tape(in, operation, matrix, right, vars)) return false;
    ad_var var = left ? solve(vars[0], vars[1])
                      : ad_transpose(solve(ad_transpose(vars[0]), ad_transpose(vars[1])));
    return from_tape(in, operation_text(operation), var, result);
}

static bool multiply(interpreter *in, script_value x, script_value y, script_value *result)
{
    ad_var vars[2];
    if (x.cols != y.rows)
        return fail_shapes(in, OPERATION_MULTIPLY, x, y, "the inner dimensions differ");
    return both_on_tape(in, OPERATION_MULTIPLY, x, y, vars) &&
           from_tape(in, "*", ad_matmul(vars[0], vars[1]), result);
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

/* Octave keeps diagonal matrices apart, and shows them so: D*c, D/c, D*D, D^n, D + D, D - D; and
 * permutations: P*P, P^n. */
static value_form form_of(operator_kind operation, script_value x, script_value y)
{
    bool both = x.form == FORM_DIAGONAL && y.form == FORM_DIAGONAL;
    bool scaled = (x.form == FORM_DIAGONAL && is_scalar(y)) ||
                  (y.form == FORM_DIAGONAL && is_scalar(x) && operation == OPERATION_MULTIPLY);
    bool diagonal = (operation == OPERATION_MULTIPLY && (both || scaled)) ||
                    (operation == OPERATION_DIVIDE && scaled) ||
                    (operation == OPERATION_POWER && x.form == FORM_DIAGONAL) ||
                    ((operation == OPERATION_ADD || operation == OPERATION_SUBTRACT) && both);
    const bool permutation = x.form == FORM_PERMUTATION &&
                             (operation == OPERATION_POWER ||
                              (operation == OPERATION_MULTIPLY && y.form == FORM_PERMUTATION));
    return diagonal ? FORM_DIAGONAL : permutation ? FORM_PERMUTATION : FORM_PLAIN;
}

bool binary_operation(interpreter *in, operator_kind operation, script_value x, script_value y,
                      script_value *result)
{
    const char *name = operation_text(operation);
    if (!to_numbers(in, name, x, &x) || !to_numbers(in, name, y, &y)) return false;
    if (operation >= OPERATION_LESS && operation <= OPERATION_OR)
        return logical_operation(in, operation, x, y, result);
    if (x.kind == VALUE_NUMBER && y.kind == VALUE_NUMBER) {
        *result = value_number(of_numbers(operation, x.u.number, y.u.number));
        return true;
    }
    operator_kind reduced = reduce(operation, x, y);
    bool ok;
    if (reduced == OPERATION_MULTIPLY) ok = multiply(in, x, y, result);
    else if (reduced == OPERATION_DIVIDE || reduced == OPERATION_LEFT_DIVIDE)
        ok = divide(in, reduced, x, y, result);
    else if (reduced == OPERATION_POWER) ok = matrix_power(in, x, y, result);
    else ok = elementwise(in, operation, reduced, x, y, result);
    if (ok && result->form == FORM_PLAIN) result->form = form_of(operation, x, y);
    return ok;
}

/* SPDX-License-Identifier: MIT */
/* The arguments of a call, checked and converted as the table says (functions.h). */
#include "autodiff/script/library/functions.h"

#include <math.h>
#include <string.h>

static bool to_matrix(function_call *call, size_t k)
{
    script_value *value = &call->arguments[k];
    if (value->kind == VALUE_MATRIX) return true;
    ad_var var;
    if (!to_tape(call->in, call->function->name, *value, &var)) return false;
    const value_form form = value->form;
    *value = value_matrix(var);
    value->form = form;
    return true;
}

static bool to_square(function_call *call, size_t k)
{
    if (!to_matrix(call, k)) return false;
    const script_value *matrix = &call->arguments[k];
    const char *name = call->function->name;
    if (matrix->rows == matrix->cols) return true;
    if (strcmp(name, "chol") == 0) octave_says(call->in, "", "chol: requires square matrix");
    else if (!call->function->beyond_octave)
        octave_says(call->in, "", "%s: A must be a square matrix", *name == 'i' ? "inverse" : name);
    return fail(call->in, "%s: %zux%zu is not square", name, matrix->rows, matrix->cols);
}

static bool are_numbers(function_call *call, size_t k)
{
    return is_numeric(call->arguments[k]) ||
           fail(call->in, "%s: %s is not a number", call->function->name,
                value_kind_name(call->arguments[k]));
}

/* A number, or what of them the kinds c, d and k stand for; a negative count is none, as in Octave, and
 * in the prelude [] no dimension. */
static bool to_number(function_call *call, size_t k, char kind)
{
    if (kind == 'd' && in_prelude(call->in) && is_empty(call->arguments[k])) return true;
    const char *name = call->function->name;
    const script_value *x = &call->arguments[k];
    if (!are_numbers(call, k)) return false;
    if (!is_scalar(*x))
        return fail(call->in, "%s: argument %zu is %zux%zu, one number is needed", name, k + 1,
                    x->rows, x->cols);
    const double number = *value_numbers(x);
    const bool whole = floor(number) == number;
    if (kind == 'c' && !(whole && number < 0x1p53))
        return fail(call->in, "%s: a size must be an integer, and is %.10g", name, number);
    if (kind == 'd' && number != 1 && number != 2)
        return fail(call->in, "%s: the dimension is 1 or 2, not %g", name, number);
    if (kind == 'k' && !whole) return fail(call->in, "%s: the diagonal must be an integer", name);
    call->arguments[k] = value_number(kind == 'c' && number < 0 ? 0 : number);
    return true;
}

bool convert_argument(function_call *call, size_t k, char kind)
{
    script_value *value = &call->arguments[k];
    const char *name = call->function->name;
    const bool text = value->kind == VALUE_STRING;
    if (text && strchr("msrnocdk", kind)) { /* the codes of its characters */
        script_value numbers;
        if (!to_numbers(call->in, name, *value, &numbers)) return false;
        value_release(value);
        *value = numbers;
    }
    switch (kind) {
    case 'm': return to_matrix(call, k);
    case 'w': return text || to_matrix(call, k);
    case 's': return to_square(call, k);
    case 'r': return are_numbers(call, k);
    case 'o': return is_empty(*value) || to_number(call, k, kind);
    case 'n':
    case 'c':
    case 'd':
    case 'k': return to_number(call, k, kind);
    case 't':
        return text || fail(call->in, "%s: argument %zu is %s, text is needed", name, k + 1,
                            value_kind_name(*value));
    default: return true;
    }
}

bool convert_arguments(function_call *call)
{
    const char *kind = call->function->takes;
    for (size_t k = 0; k < call->count; k++) {
        kind += *kind == '?';
        if (!convert_argument(call, k, *kind)) return false;
        kind += kind[1] != '*';
    }
    return true;
}

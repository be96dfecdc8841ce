/* SPDX-License-Identifier: MIT */
#include "autodiff/script/run/elements.h"

#include <stdlib.h>
#include <string.h>

script_value value_number(double number)
{
    return (script_value){.kind = VALUE_NUMBER, .rows = 1, .cols = 1, .u.number = number};
}

script_value value_logical(bool truth)
{
    script_value value = value_number(truth);
    value.form = FORM_LOGICAL;
    return value;
}

script_value value_matrix(ad_var var)
{
    return (script_value){
        .kind = VALUE_MATRIX, .var = var, .rows = ad_rows(var), .cols = ad_cols(var)};
}

script_value value_string(const char *bytes, size_t length)
{
    string_value *string = allocate(sizeof *string + length + 1);
    string->references = 1;
    string->length = length;
    if (length && bytes) memcpy(string->bytes, bytes, length);
    return (script_value){
        .kind = VALUE_STRING, .rows = length > 0, .cols = length, .u.string = string};
}

script_value value_share(script_value value)
{
    if (value.kind == VALUE_STRING || value.kind == VALUE_ERROR) value.u.string->references++;
    else if (value.kind == VALUE_FUNCTION) value.u.function->references++;
    else if (value.kind == VALUE_ELEMENTS) value.u.elements->references++;
    return value;
}

/* Functions capture functions: those that lose their last reference wait in a list, so that a long
 * chain of them costs no stack. */
static void release_function(function_value *waiting)
{
    waiting->link = NULL;
    while (waiting) {
        function_value *current = waiting;
        waiting = current->link;
        for (size_t k = 0; k < current->count; k++) {
            script_value *captured = &current->captures[k].value;
            if (captured->kind != VALUE_FUNCTION) {
                value_release(captured);
            } else if (--captured->u.function->references == 0) {
                captured->u.function->link = waiting;
                waiting = captured->u.function;
            }
        }
        release(current->captures);
        release(current);
    }
}

void value_release(script_value *value)
{
    const bool text = value->kind == VALUE_STRING || value->kind == VALUE_ERROR;
    if (text && --value->u.string->references == 0) release(value->u.string);
    else if (value->kind == VALUE_FUNCTION && --value->u.function->references == 0)
        release_function(value->u.function);
    else if (value->kind == VALUE_ELEMENTS && --value->u.elements->references == 0)
        elements_free(value->u.elements);
    *value = (script_value){0};
}

void values_release(script_value *values, size_t count)
{
    for (size_t k = 0; k < count; k++) value_release(&values[k]);
}

bool is_numeric(script_value value)
{
    return value.kind == VALUE_NUMBER || value.kind == VALUE_MATRIX || value.kind == VALUE_ELEMENTS;
}

bool has_numbers(script_value value)
{
    return is_numeric(value) || value.kind == VALUE_STRING;
}

bool is_scalar(script_value value)
{
    return is_numeric(value) && value.rows == 1 && value.cols == 1;
}

bool is_empty(script_value value)
{
    return value.rows == 0 || value.cols == 0;
}

static bool extents_fit(size_t a, size_t b)
{
    return a == b || a == 1 || b == 1;
}

bool shapes_fit(script_value x, script_value y)
{
    return extents_fit(x.rows, y.rows) && extents_fit(x.cols, y.cols);
}

const double *value_numbers(const script_value *value)
{
    if (value->kind == VALUE_NUMBER) return &value->u.number;
    return value->kind == VALUE_MATRIX ? ad_values(value->var) : NULL;
}

bool equal_values(const script_value *x, const script_value *y)
{
    const double *a = value_numbers(x), *b = value_numbers(y);
    if (!a || !b || x->rows != y->rows || x->cols != y->cols) return false;
    for (size_t k = 0; k < x->rows * x->cols; k++)
        if (a[k] != b[k]) return false;
    return true;
}

size_t row_major(size_t k, size_t rows, size_t cols)
{
    return rows == 1 || cols == 1 ? k : k % rows * cols + k / rows;
}

double value_at(const script_value *value, size_t k)
{
    return value_numbers(value)[row_major(k, value->rows, value->cols)];
}

const char *value_kind_name(script_value value)
{
    static const char *const names[] = {
        [VALUE_NOTHING] = "nothing", [VALUE_NUMBER] = "a number",     [VALUE_MATRIX] = "a matrix",
        [VALUE_STRING] = "a string", [VALUE_FUNCTION] = "a function", [VALUE_ELEMENTS] = "a matrix",
        [VALUE_ERROR] = "an error",
    };
    return names[value.kind];
}

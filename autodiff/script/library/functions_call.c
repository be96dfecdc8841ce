/* SPDX-License-Identifier: MIT */
/* Functions of functions, what a function knows of its call, and errors that a script raises. */
#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"

#include <stdlib.h>
#include <string.h>

/* ---- Calls ---- */

/* The function that the first argument is, or names. */
static bool find_callee(function_call *call, callee *f)
{
    interpreter *in = call->in;
    uint32_t symbol;
    const script_value *value = &call->arguments[0];
    if (value->kind == VALUE_FUNCTION) {
        if (!callee_of(in, *value, f)) return false;
    } else if (value->kind != VALUE_STRING) {
        return fail(in, "%s: the first argument is %s, and should be a function or its name",
                    call->function->name, value_kind_name(*value));
    } else if (!symbol_find(&in->symbols, value->u.string->bytes, value->u.string->length,
                            &symbol) ||
               !callee_named(in, in->scripts, symbol, f)) {
        octave_says(in, "Octave:undefined-function", "feval: function '%s' not found",
                    value->u.string->bytes);
        return fail(in, "%s: there is no function %.60s", call->function->name,
                    value->u.string->bytes);
    }
    return !f->builtin || f->builtin->takes[0] != 'x' ||
           fail(in, "%s: %s needs the name of its variable: write @(x) %s(..., x)",
                call->function->name, f->builtin->name, f->builtin->name);
}

/* Calls f with the arguments, each as a value of its own. */
static bool call_values(function_call *call, const callee *f)
{
    for (size_t k = 0; k < call->count && !f->builtin; k++)
        if (!own_value(call->in, SIZE_MAX, &call->arguments[k])) return false;
    return call_function(call, f);
}

/* feval(f, ...) */
bool call_feval(function_call *call)
{
    callee f;
    function_call inner = *call;
    inner.arguments++;
    inner.count--;
    const bool ok = find_callee(call, &f) && call_values(&inner, &f);
    call->returned = inner.returned;
    return ok;
}

/* The arrays of arrayfun have one shape; text among them is an option, of which there is one. */
static bool check_arrays(function_call *call)
{
    script_value *first = &call->arguments[1], *last = &call->arguments[call->count - 2];
    if (call->count > 3 && last->kind == VALUE_STRING) {
        if (strcmp(last->u.string->bytes, "UniformOutput") != 0 || !is_scalar(last[1]) ||
            *value_numbers(last + 1) == 0)
            return fail(call->in, "arrayfun: \"UniformOutput\", true is the only option");
        call->count -= 2;
    }
    for (size_t k = 1; k < call->count; k++) {
        const script_value *x = &call->arguments[k];
        if (!convert_argument(call, k, 'm')) return false;
        if (x->rows != first->rows || x->cols != first->cols)
            return fail(call->in, "arrayfun: %zux%zu and %zux%zu: the shapes differ", first->rows,
                        first->cols, x->rows, x->cols);
    }
    return true;
}

/* Calls f with element k of each array, counted down the columns. */
static bool call_element(function_call *call, const callee *f, size_t k, script_value *results,
                         size_t *returned)
{
    interpreter *in = call->in;
    const size_t rows = call->arguments[1].rows;
    script_value *elements = allocate(call->count * sizeof *elements);
    function_call inner = *call;
    bool ok = true;
    inner.arguments = elements;
    inner.count--;
    inner.results = results;
    for (size_t j = 1; ok && j < call->count; j++)
        ok = from_tape(in, "arrayfun", ad_block(call->arguments[j].var, k % rows, k / rows, 1, 1),
                       &elements[j - 1]);
    ok = ok && call_values(&inner, f);
    *returned = inner.returned;
    if (ok && *returned < call->wanted) ok = fail(in, "arrayfun: the function has no value");
    for (size_t j = 0; ok && j < *returned; j++)
        ok = is_scalar(results[j]) ||
             fail(in, "arrayfun: the value of the function is %s, and should be one number",
                  is_numeric(results[j]) ? "not 1x1" : value_kind_name(results[j]));
    release(elements);
    return ok;
}

/* Values, counted down the columns, as a matrix of the shape of the arrays. */
static bool give_array(function_call *call, const script_value *values)
{
    const size_t rows = call->arguments[1].rows, cols = call->arguments[1].cols;
    script_value joined;
    if (!join_values(call->in, "arrayfun", true, values, rows * cols, &joined)) return false;
    if (joined.kind != VALUE_MATRIX) return give(call, joined);
    if (!give_tape(call, reshaped(joined.var, rows, cols))) return false;
    call->results[call->returned - 1].form = joined.form;
    return true;
}

bool call_arrayfun(function_call *call)
{
    callee f;
    script_value results[MOST_RESULTS] = {{0}};
    if (!find_callee(call, &f) || !check_arrays(call)) return false;
    const size_t count = call->arguments[1].rows * call->arguments[1].cols;
    size_t wanted = call->wanted > 1 ? call->wanted : 1, returned;
    script_value *values = allocate(count * wanted * sizeof *values); /* of each result */
    bool ok = true;
    for (size_t k = 0; ok && k < count; k++) {
        ok = call_element(call, &f, k, results, &returned);
        if (returned < wanted) wanted = returned; /* a function called for what it does */
        for (size_t j = 0; j < returned; j++) {
            if (ok && j < wanted) values[j * count + k] = results[j];
            else value_release(&results[j]);
        }
    }
    for (size_t j = 0; ok && j < wanted; j++) ok = give_array(call, values + j * count);
    release(values);
    return ok;
}

/* plus(x, y) is x + y, and so on. */
bool call_operator(function_call *call)
{
    const operator_kind operation = (operator_kind)call->function->parameter;
    script_value result;
    return (call->count == 1 ? unary_operation(call->in, operation, call->arguments[0], &result)
                             : binary_operation(call->in, operation, call->arguments[0],
                                                call->arguments[1], &result)) &&
           give(call, result);
}

/* ---- What is known ---- */

bool call_nargin(function_call *call)
{
    const variable_scope *scope = call->in->scope;
    const double count = (double)(call->function->parameter > 0 ? scope->wanted : scope->given);
    return give(call, value_number(count));
}

/* The functions that Octave reads from files. */
static const char file_functions[] =
    "accumarray blanks close cond cov cross deal display factorial fliplr flipud graphics_toolkit "
    "help "
    "hilb int2str isequal ismember logspace magic mat2str mean median num2str pkg polyfit polyval "
    "print_usage randi rank repmat std strcat strtrim trace trapz unique var xor";

/* 1 for a variable, 103 for a function of the script, 2 or 5 for one of the table. */
bool call_exist(function_call *call)
{
    interpreter *in = call->in;
    const string_value *name = call->arguments[0].u.string;
    const bool all = call->count == 1;
    const char *kind = all ? "" : call->arguments[1].u.string->bytes;
    uint32_t symbol;
    double answer = 0;
    if (symbol_find(&in->symbols, name->bytes, name->length, &symbol)) {
        if ((all || strcmp(kind, "var") == 0) && lookup(in, symbol)) answer = 1;
        else if (all && defined_of(in, symbol)) answer = 103;
        else if (function_of(symbol))
            answer = word_place(file_functions, name->bytes, name->length) ? 2 : 5;
        if (!all && answer != (strcmp(kind, "var") == 0 ? 1 : strcmp(kind, "file") == 0 ? 2 : 5))
            answer = 0;
    }
    return give(call, value_number(answer));
}

bool call_class_name(function_call *call)
{
    const script_value *value = &call->arguments[0];
    const char *name = value->kind == VALUE_STRING     ? "char"
                       : value->kind == VALUE_FUNCTION ? "function_handle"
                       : value->kind == VALUE_ERROR    ? "struct"
                       : value->form == FORM_LOGICAL   ? "logical"
                                                       : "double";
    return give(call, value_string(name, strlen(name)));
}

bool call_deal(function_call *call)
{
    const size_t wanted = call->wanted > 1 ? call->wanted : 1;
    if (call->count != 1 && call->count != wanted)
        return fail(call->in, "deal: %zu arguments and %zu results", call->count, wanted);
    for (size_t k = 0; k < wanted; k++)
        give(call, value_share(call->arguments[call->count == 1 ? 0 : k]));
    return true;
}

bool call_func2str(function_call *call)
{
    const script_value *value = &call->arguments[0];
    if (value->kind != VALUE_FUNCTION)
        return fail(call->in, "func2str: %s is not a function", value_kind_name(*value));
    const function_value *function = value->u.function;
    text_buffer text = {0};
    expression_text(function->node, &call->in->symbols, function->script->source, &text);
    const size_t skipped = function->node->kind == NODE_HANDLE; /* the @ */
    memmove(text.data, text.data + skipped, text.length -= skipped);
    return give_text(call, &text);
}

/* ---- Errors ---- */

static const char octave[] = "Octave: ";

/* "id:of:error", which may stand before a template; in the prelude "Octave: " and what Octave says. */
static bool is_identifier(function_call *call, size_t k)
{
    const string_value *text = call->arguments[k].u.string;
    if (in_prelude(call->in)) return strncmp(text->bytes, octave, sizeof octave - 1) == 0;
    return strchr(text->bytes, ':') && !strpbrk(text->bytes, " \t\n%") &&
           text->bytes[text->length - 1] != ':';
}

/* The text that a template and its arguments make, from argument k. */
static bool message_of(function_call *call, size_t k, text_buffer *text, const char **identifier)
{
    if (!convert_argument(call, k, 't')) return false;
    *identifier = "";
    if (call->count > k + 1 && is_identifier(call, k)) {
        *identifier = call->arguments[k].u.string->bytes;
        if (!convert_argument(call, ++k, 't')) return false;
    }
    return format_arguments(call, k, text);
}

/* error(template, ...), error(err), rethrow(err) */
bool call_error(function_call *call)
{
    const script_value *value = &call->arguments[0];
    if (value->kind == VALUE_ERROR) return fail_again(call->in, value->u.string);
    if (is_empty(*value)) return true;
    text_buffer text = {0};
    const char *identifier = "";
    bool ok = true;
    if (call->count > 1) ok = message_of(call, 0, &text, &identifier);
    else if ((ok = convert_argument(call, 0, 't')))
        text_append(&text, value->u.string->bytes, value->u.string->length);
    if (ok && call->count == 1 && is_identifier(call, 0))
        ok = fail(call->in, "error: an identifier alone, \"%s\"", text.data);
    if (ok) {
        if (text.length && text.data[text.length - 1] == '\n') text.data[text.length - 1] = '\0';
        const char *message = text.length ? text.data : "unspecified error";
        if (!in_prelude(call->in)) octave_says(call->in, identifier, "%s", message);
        else if (*identifier) octave_says(call->in, "", ": %s", identifier + sizeof octave - 1);
        fail(call->in, "%s%s", in_prelude(call->in) ? ": " : "", message);
    }
    text_free(&text);
    return false;
}

bool call_lasterr(function_call *call)
{
    const script_value *error = &call->in->caught;
    const char *bytes = error->kind == VALUE_ERROR ? error->u.string->bytes : NULL;
    const char *message = bytes ? bytes + strlen(bytes) + 1 : "";
    return give(call, value_string(message, strlen(message)));
}

/* warning(template, ...); warning("off", ...) and its like mean nothing here. */
bool call_warning(function_call *call)
{
    if (!convert_argument(call, 0, 't')) return false;
    const string_value *first = call->arguments[0].u.string;
    if (word_place("on off error query", first->bytes, first->length)) return true;
    text_buffer text = {0};
    const char *identifier;
    bool ok = message_of(call, 0, &text, &identifier);
    if (ok) {
        fflush(call->in->output);
        fprintf(stderr, "warning: %s\n", text.length ? text.data : "");
    }
    text_free(&text);
    return ok;
}

bool call_print_usage(function_call *call)
{
    const syntax_node *function = call->in->scope->function;
    const bool named = function && function->kind == NODE_DEFINITION;
    if (in_prelude(call->in)) return fail(call->in, ": use: %s", call->in->served->function->usage);
    return fail(call->in, "Invalid call%s%s", named ? " to " : "",
                named ? call->in->symbols.names[function->symbol] : "");
}

/* SPDX-License-Identifier: MIT */
#include "autodiff/script/run/elements.h"

#include "autodiff/script/library/functions.h"
#include "autodiff/script/shell/limits.h"

#include <stdlib.h>
#include <string.h>

static void *take(size_t bytes, void *context)
{
    (void)context;
    return memory_resize(NULL, bytes);
}

static void give_back(void *memory, void *context)
{
    (void)context;
    release(memory);
}

static const ad_allocator counted = {take, give_back, NULL};

interpreter *interpreter_new(FILE *output, const ad_allocator *allocator)
{
    interpreter *in = allocate(sizeof *in);
    in->tape = ad_tape_new_with(allocator ? allocator : &counted);
    if (!in->tape) {
        release(in);
        return NULL;
    }
    in->output = output;
    in->collect = true;
    functions_intern(&in->symbols);
    in->answer = symbol_of(&in->symbols, "ans", 3);
    generator_seed(&in->generator, 42);
    return in;
}

void interpreter_free(interpreter *in)
{
    if (!in) return;
    for (uint32_t k = 0; k < in->variable_count; k++) value_release(&in->variables[k].value);
    release(in->variables);
    release(in->told);
    while (in->scripts) {
        parsed_script *older = in->scripts->older;
        tree_free(&in->scripts->tree);
        source_free(in->scripts->source);
        release(in->scripts);
        in->scripts = older;
    }
    symbols_free(&in->symbols);
    text_free(&in->failure.message);
    ad_tape_free(in->tape);
    release(in);
}

/* ---- Errors ---- */

bool fail(interpreter *in, const char *format, ...)
{
    if (!in->failure.failed) {
        va_list arguments;
        va_start(arguments, format);
        in->failure.failed = true;
        in->failure.message.length = 0;
        text_vprint(&in->failure.message, format, arguments);
        va_end(arguments);
    }
    return false;
}

/* The tape names its own operation before a colon; the script's name takes its place. */
bool fail_tape(interpreter *in, const char *name)
{
    const char *message = ad_tape_message(in->tape);
    const char *colon = strstr(message, ": ");
    if (*message == '\0') message = "an operand that is not on the tape";
    bool memory = ad_tape_status(in->tape) == AD_ERROR_MEMORY;
    fail(in, "%s: %s%s", name, colon ? colon + 2 : message, memory ? memory_note() : "");
    ad_tape_clear_error(in->tape);
    return false;
}

static void clear_failure(interpreter *in)
{
    text_buffer message = in->failure.message;
    message.length = 0;
    in->failure = (script_failure){.message = message};
}

void report_failure(interpreter *in, FILE *file)
{
    const script_failure *failure = &in->failure;
    fflush(in->output);
    if (failure->interrupted) {
        fprintf(file, "interrupted\n");
        return;
    }
    const char *message = failure->message.data;
    if (failure->called && failure->in_function) {
        source_report(file, in->script->source, failure->call, "error", message);
        source_report(file, failure->where->source, failure->place, "note",
                      "in the body of the function, here");
    } else {
        size_t place = in->statement ? in->statement->start : failure->place;
        source_report(file, in->script->source, place, "error", message);
    }
}

/* ---- Values and the tape ---- */

size_t tape_nodes(const interpreter *in)
{
    return ad_tape_statistics(in->tape).nodes;
}

bool from_tape(interpreter *in, const char *name, ad_var var, script_value *result)
{
    if (!ad_ok(var)) return fail_tape(in, name);
    *result = value_matrix(var);
    in->bytes_recorded += result->rows * result->cols * sizeof(double);
    return true;
}

bool to_tape(interpreter *in, const char *name, script_value value, ad_var *var)
{
    if (value.kind == VALUE_MATRIX) {
        *var = value.var;
        return true;
    }
    if (value.kind != VALUE_NUMBER)
        return fail(in, "%s: %s is not a number", name, value_kind_name(value));
    *var = ad_scalar(in->tape, value.u.number);
    return ad_ok(*var) || fail_tape(in, name);
}

bool record(interpreter *in, size_t rows, size_t cols, const double *values, script_value *result)
{
    return from_tape(in, "recording", ad_input(in->tape, rows, cols, values), result);
}

bool record_numbers(interpreter *in, size_t rows, size_t cols, double *numbers,
                    script_value *result)
{
    bool ok = record(in, rows, cols, numbers, result);
    release(numbers);
    return ok;
}

static void *new_items(interpreter *in, size_t rows, size_t cols, size_t item)
{
    void *memory = cols && rows > SIZE_MAX / cols ? NULL : array_resize(NULL, rows * cols, item);
    if (!memory)
        fail(in, "out of memory: a %zux%zu matrix is too large%s", rows, cols, memory_note());
    return memory;
}

double *new_numbers(interpreter *in, size_t rows, size_t cols)
{
    return new_items(in, rows, cols, sizeof(double));
}

size_t *new_indices(interpreter *in, size_t rows, size_t cols)
{
    return new_items(in, rows, cols, sizeof(size_t));
}

bool own_value(interpreter *in, size_t nodes, script_value *value)
{
    ad_var var;
    if (value->kind == VALUE_NUMBER) var = ad_scalar(in->tape, value->u.number);
    else if (value->kind == VALUE_MATRIX &&
             (value->var.node < nodes || value->var.node < in->joined))
        var = ad_scale(value->var, 1.0); /* exact, of -0 and NaN too */
    else return true;
    if (!ad_ok(var)) return fail_tape(in, "=");
    if (value->kind == VALUE_NUMBER) {
        *value = (script_value){
            .kind = VALUE_MATRIX, .form = value->form, .var = var, .rows = 1, .cols = 1};
    }
    value->var = var;
    in->bytes_recorded += value->rows * value->cols * sizeof(double);
    return true;
}

/* ---- Variables ---- */

static const script_value *lookup_in_frame(const call_frame *frame, uint32_t symbol)
{
    size_t k = 0;
    for (const syntax_node *name = frame->function->node->right; name; name = name->next, k++)
        if (name->symbol == symbol) return &frame->arguments[k];
    for (k = 0; k < frame->function->count; k++)
        if (frame->function->captures[k].symbol == symbol)
            return &frame->function->captures[k].value;
    return NULL;
}

const script_value *lookup(interpreter *in, uint32_t symbol)
{
    if (in->frame) return lookup_in_frame(in->frame, symbol);
    return symbol < in->variable_count && in->variables[symbol].set ? &in->variables[symbol].value
                                                                    : NULL;
}

static void name_value(interpreter *in, uint32_t symbol, script_value value)
{
    if (in->name_values && value.kind == VALUE_MATRIX)
        ad_name(value.var, in->symbols.names[symbol]);
}

bool lookup_whole(interpreter *in, uint32_t symbol, const script_value **value)
{
    *value = lookup(in, symbol);
    if (!*value || (*value)->kind != VALUE_ELEMENTS) return true;
    lazy_elements *elements = (*value)->u.elements;
    bool joined = elements->joined;
    if (!elements_join(in, elements)) return false;
    elements->whole = value_matrix(elements->parts[0].var);
    elements->whole.form = (*value)->form;
    if (!joined) name_value(in, symbol, elements->whole);
    *value = &elements->whole;
    return true;
}

bool lookup_indexed(interpreter *in, uint32_t symbol, const script_value **value)
{
    *value = lookup(in, symbol);
    bool parts = *value && (*value)->kind == VALUE_ELEMENTS && !(*value)->u.elements->joined;
    return (parts && reads_parts(in, symbol)) || lookup_whole(in, symbol, value);
}

void set_variable(interpreter *in, uint32_t symbol, script_value value)
{
    if (symbol >= in->variable_count) {
        uint32_t count = in->symbols.count;
        in->variables = reallocate(in->variables, count, sizeof *in->variables);
        memset(in->variables + in->variable_count, 0,
               (count - in->variable_count) * sizeof *in->variables);
        in->variable_count = count;
    }
    value_release(&in->variables[symbol].value);
    in->variables[symbol].set = true;
    in->variables[symbol].value = value;
    name_value(in, symbol, value);
}

/* ---- Running ---- */

bool run_source(interpreter *in, source_text *source, bool *incomplete)
{
    parsed_script *script = allocate(sizeof *script);
    parse_error error;
    script->source = source;
    script->older = in->scripts;
    in->scripts = script;
    in->script = script;
    in->statement = NULL;
    in->more_to_come = incomplete != NULL;
    clear_failure(in);
    in->deadline = in->seconds_allowed > 0 ? seconds_now() + in->seconds_allowed : 0;
    bool ok = parse_script(script, &in->symbols, &error);
    if (incomplete) *incomplete = !ok && error.incomplete;
    if (!ok) {
        fail(in, "%s", error.message.data);
        in->failure.where = script;
        in->failure.place = error.at;
    }
    text_free(&error.message);
    ok = ok && run_statements(in, script->body);
    in->script = script;
    in->frame = NULL;
    in->index = NULL;
    in->loops = NULL;
    in->calls = 0;
    in->depth = 0;
    return ok;
}

/* SPDX-License-Identifier: MIT */
#include "autodiff/script/run/elements.h"

#include "autodiff/script/library/functions.h"

#include <math.h>
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
    in->scope = &in->top;
    in->collect = true;
    functions_intern(&in->symbols);
    in->answer = symbol_of(&in->symbols, "ans", 3);
    generator_seed(&in->generator, 42);
    return in;
}

static void script_free(parsed_script *script)
{
    tree_free(&script->tree);
    source_free(script->source);
    release(script);
}

void interpreter_free(interpreter *in)
{
    if (!in) return;
    scopes_free(in);
    release(in->told);
    while (in->scripts) {
        parsed_script *older = in->scripts->older;
        script_free(in->scripts);
        in->scripts = older;
    }
    if (in->prelude) script_free(in->prelude);
    symbols_free(&in->symbols);
    text_free(&in->failure.message);
    text_free(&in->failure.octave);
    value_release(&in->caught);
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

void octave_says(interpreter *in, const char *identifier, const char *format, ...)
{
    text_buffer *octave = &in->failure.octave;
    va_list arguments;
    if (in->failure.failed) return;
    octave->length = 0;
    text_append(octave, identifier, strlen(identifier) + 1);
    va_start(arguments, format);
    text_vprint(octave, format, arguments);
    va_end(arguments);
}

/* Its bytes are the identifier, a NUL and the message. */
script_value error_value(interpreter *in)
{
    script_value error = value_string(in->failure.octave.data, in->failure.octave.length);
    error.kind = VALUE_ERROR;
    error.rows = error.cols = 1;
    return error;
}

bool fail_again(interpreter *in, const string_value *error)
{
    const char *message = error->bytes + strlen(error->bytes) + 1;
    octave_says(in, error->bytes, "%s", message);
    return fail(in, "%s", message);
}

/* The tape names its own operation before a colon; the script's name takes its place. */
bool fail_tape(interpreter *in, const char *name)
{
    const char *message = ad_tape_message(in->tape);
    const char *colon = strstr(message, ": ");
    if (*message == '\0') message = "an operand that is not on the tape";
    bool memory = ad_tape_status(in->tape) == AD_ERROR_MEMORY;
    if (ad_tape_status(in->tape) == AD_ERROR_DERIVATIVE) colon = NULL; /* of another operation */
    if (strstr(message, "not positive definite"))
        octave_says(in, "", "chol: input matrix must be positive definite");
    fail(in, "%s: %s%s", name, colon ? colon + 2 : message, memory ? memory_note() : "");
    ad_tape_clear_error(in->tape);
    return false;
}

void clear_failure(interpreter *in)
{
    text_buffer message = in->failure.message, octave = in->failure.octave;
    message.length = octave.length = 0;
    in->failure = (script_failure){.message = message, .octave = octave};
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
    if (failure->called && failure->function) {
        source_report(file, in->script->source, failure->call, "error", message);
        text_buffer note = {0};
        if (failure->function->kind == NODE_DEFINITION)
            text_print(&note, "in the function %s, here",
                       in->symbols.names[failure->function->symbol]);
        else text_print(&note, "in the body of the function, here");
        source_report(file, failure->where->source, failure->place, "note", note.data);
        text_free(&note);
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
    if (!to_numbers(in, name, value, &value)) return false;
    *var = value.kind == VALUE_MATRIX ? value.var : ad_scalar(in->tape, value.u.number);
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

bool fail_size(interpreter *in, size_t rows, size_t cols)
{
    return fail(in, "out of memory: a %zux%zu matrix is too large%s", rows, cols, memory_note());
}

static void *new_items(interpreter *in, size_t rows, size_t cols, size_t item)
{
    void *memory = cols && rows > SIZE_MAX / cols ? NULL : array_resize(NULL, rows * cols, item);
    if (!memory) fail_size(in, rows, cols);
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

bool to_numbers(interpreter *in, const char *name, script_value value, script_value *numbers)
{
    *numbers = value;
    if (value.kind != VALUE_STRING)
        return has_numbers(value) ||
               fail(in, "%s: %s is not a number", name, value_kind_name(value));
    const string_value *string = value.u.string;
    if (string->length == 1) {
        *numbers = value_number((unsigned char)string->bytes[0]);
        return true;
    }
    double *codes = new_numbers(in, value.rows, string->length);
    if (!codes) return false;
    for (size_t k = 0; k < string->length; k++) codes[k] = (unsigned char)string->bytes[k];
    return record_numbers(in, value.rows, string->length, codes, numbers);
}

bool to_text(interpreter *in, const char *name, script_value numbers, script_value *text)
{
    if (!has_numbers(numbers))
        return fail(in, "%s: %s is not text", name, value_kind_name(numbers));
    if (numbers.kind == VALUE_STRING) {
        *text = value_share(numbers);
        return true;
    }
    const double *codes = value_numbers(&numbers);
    if (numbers.rows != 1 && !is_empty(numbers))
        return fail(in, "%s: text is one row of characters", name);
    *text = value_string(NULL, numbers.rows * numbers.cols);
    for (size_t k = 0; k < text->u.string->length; k++) {
        const double code = codes[k];
        if (!(code >= 0 && code <= 255)) {
            value_release(text);
            return fail(in, "%s: %g is not the code of a character", name, code);
        }
        text->u.string->bytes[k] = (char)(unsigned char)floor(fmin(code + 0.5, 255));
    }
    return true;
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
    value->kind = VALUE_MATRIX;
    value->var = var;
    in->bytes_recorded += value->rows * value->cols * sizeof(double);
    return true;
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
    if (ok && in->symbols.count) /* no table grows while values in it are looked at */
        scope_slot(in, &in->top, in->symbols.count - 1);
    ok = ok && run_statements(in, script->body);
    if (in->quit) clear_failure(in); /* it ends what is being evaluated, too */
    ok = ok || in->quit;
    in->flow = FLOW_NEXT;
    return ok;
}

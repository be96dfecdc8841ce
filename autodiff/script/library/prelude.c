/* SPDX-License-Identifier: MIT */
/* The functions that are written in the language itself: in prelude/, or as a formula in their row. */
#include "autodiff/script/library/functions.h"

#include <ctype.h>
#include <string.h>

/* The lines of prelude/, without comments, and NULL: the Makefile makes them. */
extern const char *const prelude_lines[];

/* Parses the prelude, when the first function of it is called. */
static void read_prelude(interpreter *in)
{
    text_buffer text = {0};
    parse_error error;
    for (const char *const *line = prelude_lines; *line; line++) text_print(&text, "%s\n", *line);
    for (uint32_t k = 0; k < function_count(); k++) {
        const builtin *function = function_of(k);
        if (function->formula)
            text_print(&text, "function value = %s\nvalue = %s;\nend\n", function->usage,
                       function->formula);
        if (function->command)
            text_print(&text, "function %s%s()\nmade = 1;\n%s;\n%send\n",
                       function->results ? "handle = " : "", function->name, function->command,
                       function->results ? "if nargout, handle = made; end\n" : "");
    }
    in->prelude = allocate(sizeof *in->prelude);
    in->prelude->source = source_new("prelude.ad", text.data, text.length);
    const bool ok = parse_script(in->prelude, &in->symbols, &error);
    for (const syntax_node *node = ok ? in->prelude->body : NULL; node; node = node->next)
        name_of(in, node->symbol)->written = (callee){.script = in->prelude, .node = node};
    text_free(&error.message);
    text_free(&text);
}

bool in_prelude(const interpreter *in)
{
    return in->prelude && in->script == in->prelude;
}

/* Puts the name of a function in place of length bytes of a message. */
static void rename_message(text_buffer *message, size_t start, size_t length, const char *name)
{
    text_buffer renamed = {0};
    text_append(&renamed, message->data, start);
    text_append(&renamed, name, strlen(name));
    text_append(&renamed, message->data + start + length, message->length - start - length);
    text_free(message);
    *message = renamed;
}

/* Makes an error in the prelude one of the call: the place is the call's, and the name of the function
 * takes that of an operator before the colon, or of nothing, as `error` leaves it here. */
static void claim_failure(interpreter *in, const char *name)
{
    script_failure *failure = &in->failure;
    failure->where = NULL;
    failure->function = NULL;
    failure->called = false;
    const char *message = failure->message.data;
    const size_t length = strcspn(message, ": ");
    if (message[length] == ':' && !isalpha((unsigned char)*message))
        rename_message(&failure->message, 0, length, name);
    if (failure->octave.length == 0) return;
    const size_t start = strlen(failure->octave.data) + 1;
    const char *octave = failure->octave.data + start;
    const char *colon = *octave == ':' ? octave : strstr(octave, ": nonconformant");
    if (colon) rename_message(&failure->octave, start, (size_t)(colon - octave), name);
}

/* Takes what a command has recorded off the tape; its result, if there is one, is a number. */
static void leave_nothing(function_call *call, ad_mark mark)
{
    interpreter *in = call->in;
    if (call->returned) *call->results = value_number(*value_numbers(call->results));
    ad_tape_rewind(in->tape, mark);
    if (in->joined > tape_nodes(in)) in->joined = tape_nodes(in);
}

bool call_written(function_call *call)
{
    interpreter *in = call->in;
    const builtin *function = call->function;
    if (in_prelude(in) && function->code != call_written) return function->code(call);
    if (!in->prelude) read_prelude(in);
    const callee f = *written_of(in, (uint32_t)(function - function_of(0)));
    function_call *outer = in->served, inner = *call;
    const ad_mark mark = ad_tape_mark(in->tape);
    if (function->command) inner.count = 0;
    in->served = call;
    const bool ok = call_function(&inner, &f);
    in->served = outer;
    call->returned = inner.returned;
    if (function->command) leave_nothing(call, mark);
    if (ok) return true;
    if (!in_prelude(in) && in->failure.where == in->prelude) claim_failure(in, function->name);
    return false;
}

/* argument() is how many arguments the function of the table has that the prelude serves, argument(k)
 * one of them, argument(k, "n") converted as a row would have it. */
bool call_argument(function_call *call)
{
    function_call *served = call->in->served;
    if (call->count == 0) return give(call, value_number((double)served->count));
    const size_t k = (size_t)call->arguments[0].u.number - 1;
    const char kind = call->count > 1 ? call->arguments[1].u.string->bytes[0] : 'v';
    const script_value value = k < served->count ? served->arguments[k] : (script_value){0};
    if (k >= served->count || (kind == 'r' && !is_numeric(value)))
        return fail(call->in, ": %s is not a number", value_kind_name(value));
    return convert_argument(served, k, kind) && give(call, value_share(served->arguments[k]));
}

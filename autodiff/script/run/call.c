/* SPDX-License-Identifier: MIT */
/* Calls: of the functions of the table, of those that the script defines, and of anonymous ones. */
#include "autodiff/script/run/interpreter.h"

#include "autodiff/script/library/functions.h"

#include <stdlib.h>
#include <string.h>

/* Functions of Octave that scripts miss most. There a call of one is no error, and so try must not catch
 * it here. */
static const char missing[] =
    "bin2dec bitand cbrt cell cell2mat cellfun circshift conv cosd cummax cummin "
    "cumtrapz datestr deconv dec2bin erfinv expm fft fieldnames filter flip fminbnd "
    "fminsearch fminunc fsolve fzero gcd gradient histc ifft imag inline int32 integral "
    "interp2 intersect isa isfield isprime isspace kurtosis lcm lsode mode nchoosek "
    "nthroot null num2cell ode45 optimset orth polyder polyint primes quad quadgk real regexp "
    "regexprep residue roots rot90 setdiff sind single sparse spline sqp sqrtm str2func "
    "str2num strfind strjoin strsplit struct tand toeplitz uint8 union vander whos";

bool fail_unknown(interpreter *in, uint32_t symbol)
{
    const char *name = in->symbols.names[symbol];
    const char **known = reallocate(NULL, in->symbols.count, sizeof *known);
    size_t count = 0;
    for (uint32_t k = 0; k < in->symbols.count; k++)
        if (lookup(in, k) || defined_of(in, k) || function_of(k))
            known[count++] = in->symbols.names[k];
    text_buffer near = {0};
    const syntax_node *later = in->script->body;
    while (later && !(later->kind == NODE_DEFINITION && later->symbol == symbol))
        later = later->next;
    if (later)
        text_print(&near, " yet: it is defined in line %zu",
                   source_place(in->script->source, later->start).line);
    else suggest(&near, name, known, count);
    release(known);
    if (in->failure.octave.length == 0 && !word_place(missing, name, strlen(name))) {
        octave_says(in, "Octave:undefined-function", "'%s' undefined", name);
        in->failure.unplaced = true;
    }
    fail(in, "%.60s%s is not known%s", name, strlen(name) > 60 ? "..." : "",
         near.length ? near.data : "");
    text_free(&near);
    return false;
}

/* ---- What is called ---- */

bool callee_named(const interpreter *in, const parsed_script *script, uint32_t symbol, callee *f)
{
    const bool by_prelude = in->prelude && script == in->prelude;
    const callee *defined = by_prelude ? NULL : defined_of(in, symbol);
    *f = (callee){.builtin = defined      ? NULL
                             : by_prelude ? primitive_of(symbol)
                                          : function_of(symbol)};
    if (!f->builtin && by_prelude) defined = written_of(in, symbol);
    if (defined) *f = *defined;
    return f->node || f->builtin;
}

bool callee_of(interpreter *in, script_value function, callee *f)
{
    const function_value *value = function.u.function;
    if (value->node->kind == NODE_HANDLE)
        return callee_named(in, value->script, value->node->symbol, f) ||
               fail_unknown(in, value->node->symbol);
    *f = (callee){.script = value->script, .node = value->node, .captured = value};
    return true;
}

/* ---- Anonymous functions, and the variables that they capture ---- */

static bool is_parameter(const syntax_node *function, uint32_t symbol)
{
    for (const syntax_node *name = function->right; name; name = name->next)
        if (name->kind == NODE_NAME && name->symbol == symbol) return true;
    return false;
}

static void add_capture(function_value *function, uint32_t symbol, const script_value *variable)
{
    for (size_t k = 0; k < function->count; k++)
        if (function->captures[k].symbol == symbol) return;
    function->captures =
        array_extend(function->captures, function->count, sizeof *function->captures);
    function->captures[function->count++] = (capture){symbol, value_share(*variable)};
}

/* Captures the variables that a body names, once each. A function inside the body captures in its
 * turn from this one, so its names count, but for its parameters. */
static bool capture_names(interpreter *in, function_value *function, const syntax_node *node)
{
    for (; node; node = node->next) {
        const script_value *variable = NULL;
        if (node->kind == NODE_NAME && !lookup_whole(in, node->symbol, &variable)) return false;
        if (variable && !is_parameter(function->node, node->symbol))
            add_capture(function, node->symbol, variable);
        if (!capture_names(in, function, node->left) || !capture_names(in, function, node->right) ||
            !capture_names(in, function, node->third))
            return false;
    }
    return true;
}

bool make_function(interpreter *in, const syntax_node *node, script_value *result)
{
    function_value *function = allocate(sizeof *function);
    *function = (function_value){.references = 1, .script = in->script, .node = node};
    *result = (script_value){.kind = VALUE_FUNCTION, .rows = 1, .cols = 1, .u.function = function};
    if (node->kind == NODE_HANDLE || capture_names(in, function, node->left)) return true;
    value_release(result);
    return false;
}

/* ---- Arguments ---- */

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Checks how many arguments and results a call has; a function of the script may be given fewer. */
static bool check_counts(const function_call *call, const callee *f)
{
    interpreter *in = call->in;
    const size_t given = call->count, wanted = call->wanted;
    size_t least = 0, most, returned;
    const char *name = f->builtin    ? f->builtin->name
                       : f->captured ? "@<anonymous>"
                                     : in->symbols.names[f->node->symbol];
    if (f->builtin) {
        function_arity(f->builtin, &least, &most);
        returned = f->builtin->results ? (size_t)f->builtin->results : 1;
    } else {
        most = list_length(f->node->right);
        returned = f->captured ? MOST_RESULTS : list_length(f->node->left);
    }
    const bool fits = given >= least && given <= most;
    if (fits && wanted <= returned) return true;
    if (f->builtin && (given < least || (!fits && f->builtin->one))) /* more are right of others */
        octave_says(in, "Octave:invalid-fun-call", "Invalid call to %s", name);
    else if (!f->builtin)
        octave_says(in, "Octave:invalid-fun-call", "%s: function called with too many %s", name,
                    given > most ? "inputs" : "outputs");
    if (fits)
        return fail(in, "%s: %zu value%s asked for, it returns %zu", name, wanted,
                    wanted == 1 ? " is" : "s are", returned);
    if (f->builtin)
        return fail(in, "%s: called with %zu argument%s; use: %s", name, given, plural(given),
                    f->builtin->usage);
    return fail(in, "%s: called with %zu argument%s, it has %zu parameter%s", name, given,
                plural(given), most, plural(most));
}

/* The first argument of a function that looks at its shape alone: elements stay as they are. */
static bool takes_shape(interpreter *in, const builtin *function, const syntax_node *node,
                        script_value *shape)
{
    const script_value *variable = node->kind == NODE_NAME ? lookup(in, node->symbol) : NULL;
    if (function->takes[0] != 'h' || !variable || variable->kind != VALUE_ELEMENTS) return false;
    *shape = (script_value){.kind = VALUE_MATRIX, .rows = variable->rows, .cols = variable->cols};
    return true;
}

/* Evaluates the arguments in the caller's scope; those of functions that are not of the table each as
 * a value of its own. */
static bool evaluate_arguments(function_call *call, const builtin *function)
{
    interpreter *in = call->in;
    call->count = 0;
    for (const syntax_node *node = call->nodes; node; node = node->next) {
        const size_t before = tape_nodes(in);
        script_value *value = &call->arguments[call->count];
        if (node->kind == NODE_COLON)
            return fail(in, "a : that stands alone is an index of a matrix, not an argument");
        if (call->count > 0 || !function || !takes_shape(in, function, node, value)) {
            const unsigned pending = in->pending;
            in->pending += call->count > 0;
            const bool ok = evaluate(in, node, value);
            in->pending = pending;
            if (!ok) return false;
        }
        if (value->kind == VALUE_NOTHING) return fail(in, "an argument has no value");
        call->count++;
        if (!function && !own_value(in, before, value)) return false;
    }
    return true;
}

/* ---- Bodies ---- */

/* The values of the results' names; one at least, where it has one. */
static bool find_results(interpreter *in, const syntax_node *function, size_t wanted,
                         script_value *results, size_t *count)
{
    const syntax_node *name = function->left;
    in->statement = function;
    for (*count = 0; name && *count < (wanted > 1 ? wanted : 1); name = name->next) {
        const script_value *value;
        if (!lookup_whole(in, name->symbol, &value)) return false;
        if (!value && *count >= wanted) return true;
        if (!value) {
            in->statement = name;
            octave_says(in, "Octave:undefined-function", "'%s' undefined",
                        in->symbols.names[name->symbol]);
            in->failure.unplaced = true;
            return fail(in, "%s: the result %s has no value", in->symbols.names[function->symbol],
                        in->symbols.names[name->symbol]);
        }
        results[(*count)++] = value_share(*value);
    }
    return true;
}

/* Gives the parameters that come after the given arguments their values, where they have any. */
static bool set_defaults(interpreter *in, const syntax_node *function, size_t given)
{
    const syntax_node *name = function->right;
    script_value value;
    for (size_t k = 0; name; k++, name = name->next) {
        if (k < given || !name->left) continue;
        const size_t nodes = tape_nodes(in);
        if (!evaluate(in, name->left, &value) || !own_value(in, nodes, &value)) return false;
        set_variable(in, name->symbol, value);
    }
    return true;
}

static bool run_body(function_call *call, const callee *f)
{
    interpreter *in = call->in;
    bool ok;
    if (interrupted(in)) return false;
    if (in->calls == CALL_LIMIT)
        return fail(in, "functions call one another more than %d deep", CALL_LIMIT);
    scope_enter(call, f);
    if (!f->captured) in->statement = f->node;
    if (!set_defaults(in, f->node, call->count)) {
        ok = false;
    } else if (f->captured) {
        /* may return nothing, as check(a, b), or several values */
        ok = call_node(in, f->node->left, call->wanted, call->results, &call->returned);
    } else {
        ok = run_statements(in, f->node->third);
        in->flow = FLOW_NEXT;
        ok = ok && find_results(in, f->node, call->wanted, call->results, &call->returned);
    }
    if (!ok) place_failure(in, f->captured ? f->node->left : in->statement);
    scope_leave(in);
    if (!ok && in->scope == &in->top) { /* the outermost call, where an error in it is shown */
        in->failure.called = true;
        in->failure.call = call->node->start;
    }
    return ok;
}

/* ---- Calls ---- */

static bool run_builtin(function_call *call, const builtin *function)
{
    interpreter *in = call->in;
    const bool text = function->keeps_text && call->count && call->arguments->kind == VALUE_STRING;
    in->pending++;
    bool ok = convert_arguments(call) &&
              (function->written ? call_written : function->code)(call) &&
              (!text || to_text(in, function->name, *call->results, call->results));
    in->pending--;
    if (!ok && function->beyond_octave && in->failure.octave.length == 0) {
        text_append(&in->failure.octave, "", 1);
        text_append(&in->failure.octave, in->failure.message.data, in->failure.message.length);
    }
    return ok;
}

bool call_function(function_call *call, const callee *f)
{
    const bool expressions = f->builtin && f->builtin->takes[0] == 'x';
    script_value few[4] = {{0}}, *arguments = call->arguments;
    bool ok = true;
    if (!arguments) call->count = list_length(call->nodes);
    if (!check_counts(call, f)) return false;
    if (!arguments) {
        call->arguments = call->count <= 4 ? few : allocate(call->count * sizeof *few);
        call->count = 0;
        ok = expressions || evaluate_arguments(call, f->builtin);
    }
    const size_t count = call->count, most = call->wanted > 1 ? call->wanted : 1;
    call->function = f->builtin;
    call->returned = 0;
    ok = ok && (f->builtin ? run_builtin(call, f->builtin) : run_body(call, f));
    while (call->returned > (ok ? most : 0)) /* what nobody asked for */
        value_release(&call->results[--call->returned]);
    if (arguments) return ok;
    values_release(call->arguments, count);
    if (call->arguments != few) release(call->arguments);
    return ok;
}

static bool call_with_nodes(interpreter *in, const callee *f, const syntax_node *node,
                            size_t wanted, script_value *results, size_t *count)
{
    function_call call = {.in = in,
                          .node = node,
                          .nodes = node->kind == NODE_INDEX ? node->right : NULL,
                          .wanted = wanted,
                          .results = results};
    const bool ok = call_function(&call, f);
    *count = call.returned;
    return ok;
}

bool call_node(interpreter *in, const syntax_node *node, size_t wanted, script_value *results,
               size_t *count)
{
    const bool indexed = node->kind == NODE_INDEX;
    const syntax_node *left = indexed ? node->left : node;
    const bool named = left->kind == NODE_NAME;
    const script_value *variable = named ? lookup(in, left->symbol) : NULL;
    const char *outer = in->indexed;
    script_value value;
    callee f;
    *count = 0;
    if (named && !variable)
        return callee_named(in, in->script, left->symbol, &f)
                   ? call_with_nodes(in, &f, node, wanted, results, count)
                   : fail_unknown(in, left->symbol);
    const bool parts = named && indexed && node->right && reads_parts(in, left->symbol);
    bool ok =
        !named ? evaluate(in, left, &value) : parts || lookup_whole(in, left->symbol, &variable);
    if (!ok) return false;
    if (named) value = value_share(*variable); /* the call or the index may change the variable */
    *count = 1;
    if (!indexed) {
        *results = value;
        return true;
    }
    in->pending += !named;
    in->indexed = named ? in->symbols.names[left->symbol] : NULL;
    if (value.kind != VALUE_FUNCTION) ok = index_value(in, value, node->right, results);
    else ok = callee_of(in, value, &f) && call_with_nodes(in, &f, node, wanted, results, count);
    in->indexed = outer;
    in->pending -= !named;
    value_release(&value);
    return ok;
}

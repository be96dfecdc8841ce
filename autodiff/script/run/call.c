/* SPDX-License-Identifier: MIT */
/* Calls: of the functions of the table and of anonymous ones. */
#include "autodiff/script/run/interpreter.h"

#include "autodiff/script/library/functions.h"
#include "autodiff/script/shell/suggest.h"

#include <stdlib.h>
#include <string.h>

bool fail_unknown(interpreter *in, uint32_t symbol)
{
    const char *name = in->symbols.names[symbol];
    nearest_name nearest = {.wanted = name};
    for (uint32_t k = 0; k < in->symbols.count; k++) {
        const builtin *function = function_of(k);
        if (lookup(in, k) || (function && function->code))
            nearest_offer(&nearest, in->symbols.names[k]);
    }
    text_buffer near = {0};
    nearest_text(&nearest, &near);
    fail(in, "%.60s%s is not known%s", name, strlen(name) > 60 ? "..." : "",
         near.length ? near.data : "");
    text_free(&near);
    return false;
}

/* ---- Anonymous functions ---- */

static bool is_parameter(const syntax_node *function, uint32_t symbol)
{
    for (const syntax_node *name = function->right; name; name = name->next)
        if (name->symbol == symbol) return true;
    return false;
}

typedef struct capture_list {
    capture *items;
    size_t count;
} capture_list;

static bool is_captured(const capture_list *captures, uint32_t symbol)
{
    for (size_t k = 0; k < captures->count; k++)
        if (captures->items[k].symbol == symbol) return true;
    return false;
}

/* Captures the variables that a body names, once each. A function inside the body captures in its
 * turn from this one, so its names count, but for its parameters. */
static bool capture_names(interpreter *in, const syntax_node *function, const syntax_node *node,
                          capture_list *captures)
{
    for (; node; node = node->next) {
        const script_value *variable = NULL;
        if (node->kind == NODE_NAME && !lookup_whole(in, node->symbol, &variable)) return false;
        if (variable && !is_parameter(function, node->symbol) &&
            !is_captured(captures, node->symbol)) {
            captures->items =
                array_extend(captures->items, captures->count, sizeof *captures->items);
            captures->items[captures->count++] = (capture){node->symbol, value_share(*variable)};
        }
        if (node->kind == NODE_NUMBER || node->kind == NODE_STRING || node->kind == NODE_NAME)
            continue;
        if (!capture_names(in, function, node->left, captures) ||
            !capture_names(in, function, node->right, captures) ||
            (node->kind == NODE_RANGE && !capture_names(in, function, node->u.third, captures)))
            return false;
    }
    return true;
}

bool make_function(interpreter *in, const syntax_node *node, script_value *result)
{
    capture_list captures = {0};
    bool ok = capture_names(in, node, node->left, &captures);
    function_value *function = allocate(sizeof *function + captures.count * sizeof *captures.items);
    function->references = 1;
    function->script = in->script;
    function->node = node;
    function->count = captures.count;
    if (captures.count)
        memcpy(function->captures, captures.items, captures.count * sizeof *captures.items);
    release(captures.items);
    *result = (script_value){.kind = VALUE_FUNCTION, .u.function = function};
    if (!ok) value_release(result);
    return ok;
}

static void release_values(script_value *values, size_t count)
{
    for (size_t k = 0; k < count; k++) value_release(&values[k]);
}

/* The first argument of a function that looks at its shape alone: elements stay as they are. */
static bool takes_shape(interpreter *in, const builtin *function, const syntax_node *node,
                        script_value *shape)
{
    const script_value *variable = node->kind == NODE_NAME ? lookup(in, node->symbol) : NULL;
    if (function->takes[0] != 'h' || !variable || variable->kind != VALUE_ELEMENTS) return false;
    *shape = (script_value){
        .kind = VALUE_MATRIX, .rows = value_rows(*variable), .cols = value_cols(*variable)};
    return true;
}

/* Evaluates arguments in the caller's frame, of a function of the table or, each as a value of its
 * own, of an anonymous one; *count says how many are to be released. */
static bool evaluate_arguments(interpreter *in, const syntax_node *nodes, const builtin *function,
                               script_value *values, size_t *count)
{
    for (*count = 0; nodes; nodes = nodes->next) {
        size_t before = tape_nodes(in);
        if (nodes->kind == NODE_COLON)
            return fail(in, "a : that stands alone is an index of a matrix, not an argument");
        bool shape = function && *count == 0 && takes_shape(in, function, nodes, values);
        if (!shape && !evaluate(in, nodes, &values[*count])) return false;
        if (values[*count].kind == VALUE_NOTHING) return fail(in, "an argument has no value");
        ++*count;
        if (!function && !own_value(in, before, &values[*count - 1])) return false;
    }
    return true;
}

static bool evaluate_body(interpreter *in, const function_value *function,
                          const script_value *arguments, size_t wanted, script_value *results,
                          size_t *count)
{
    call_frame frame = {function, arguments, in->frame};
    const parsed_script *script = in->script;
    const index_context *index = in->index;
    const syntax_node *body = function->node->left;
    in->frame = &frame;
    in->script = function->script;
    in->index = NULL;
    in->calls++;
    /* may return nothing, as check(a, b), or several values */
    bool ok = call_node(in, body, wanted, results, count);
    if (!ok) place_failure(in, body);
    in->calls--;
    in->index = index;
    in->script = script;
    in->frame = frame.caller;
    return ok;
}

/* Calls a function value with the arguments of a NODE_INDEX. */
static bool call_function_value(interpreter *in, script_value value, const syntax_node *node,
                                size_t wanted, script_value *results, size_t *count)
{
    function_value *function = value.u.function;
    const syntax_node *nodes = node->kind == NODE_INDEX ? node->right : NULL;
    size_t parameters = list_length(function->node->right), given = list_length(nodes);
    if (given != parameters)
        return fail(in, "the function has %zu parameter%s and is called with %zu", parameters,
                    parameters == 1 ? "" : "s", given);
    if (interrupted(in)) return false;
    if (in->calls == CALL_LIMIT)
        return fail(in, "anonymous functions call one another more than %d deep", CALL_LIMIT);
    script_value kept = value_share(value); /* the call may outlive the variable */
    script_value *arguments = allocate((given + 1) * sizeof *arguments);
    size_t evaluated = 0;
    bool ok = evaluate_arguments(in, nodes, NULL, arguments, &evaluated) &&
              evaluate_body(in, function, arguments, wanted, results, count);
    release_values(arguments, evaluated);
    release(arguments);
    value_release(&kept);
    if (!ok && !in->frame) {
        in->failure.called = true;
        in->failure.call = node->start;
    }
    return ok;
}

bool call_value(interpreter *in, script_value value, const syntax_node *node, script_value *result)
{
    size_t count = 0;
    *result = (script_value){0};
    return call_function_value(in, value, node, 1, result, &count);
}

/* ---- Functions of the table ---- */

static bool check_count(interpreter *in, const builtin *function, size_t given)
{
    size_t least, most;
    function_arity(function, &least, &most);
    if (given < least || given > most)
        return fail(in, "%s: called with %zu argument%s; use: %s", function->name, given,
                    given == 1 ? "" : "s", function->usage);
    return true;
}

static bool call_table(interpreter *in, const builtin *function, const syntax_node *node,
                       size_t wanted, script_value *results, size_t *count)
{
    const syntax_node *nodes = node->kind == NODE_INDEX ? node->right : NULL;
    size_t given = list_length(nodes);
    if (!check_count(in, function, given)) return false;
    if (wanted > (size_t)function->results && wanted > 1)
        return fail(in, "%s: %zu values are asked for, it returns %d", function->name, wanted,
                    function->results);
    script_value few[4] = {{0}};
    script_value *arguments = given <= 4 ? few : allocate(given * sizeof *arguments);
    function_call call = {.in = in,
                          .function = function,
                          .node = node,
                          .nodes = nodes,
                          .arguments = arguments,
                          .wanted = wanted,
                          .results = results};
    bool ok = takes_expressions(function) ||
              (evaluate_arguments(in, nodes, function, arguments, &call.count) &&
               convert_arguments(&call));
    ok = ok && function->code(&call);
    *count = call.returned;
    release_values(arguments, call.count);
    if (arguments != few) release(arguments);
    return ok;
}

bool call_node(interpreter *in, const syntax_node *node, size_t wanted, script_value *results,
               size_t *count)
{
    const syntax_node *callee = node->kind == NODE_INDEX ? node->left : node;
    bool named = callee->kind == NODE_NAME;
    const script_value *variable = named ? lookup(in, callee->symbol) : NULL;
    *count = 0;
    if (variable && variable->kind == VALUE_FUNCTION && node->kind == NODE_INDEX)
        return call_function_value(in, *variable, node, wanted, results, count);
    if (!named || variable) {
        bool ok = evaluate(in, node, results);
        *count = ok;
        return ok;
    }
    const builtin *function = function_of(callee->symbol);
    if (!function) return fail_unknown(in, callee->symbol);
    return call_table(in, function, node, wanted, results, count);
}

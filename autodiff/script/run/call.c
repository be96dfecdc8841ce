/* Calls: of the functions of the table and of anonymous ones. */
#include "autodiff/script/run/interpreter.h"

#include "autodiff/script/library/functions.h"
#include "autodiff/script/shell/suggest.h"

#include <stdlib.h>
#include <string.h>

bool fail_unknown(struct interpreter *in, uint32_t symbol)
{
    const char *name = in->symbols.names[symbol];
    struct nearest nearest;
    nearest_start(&nearest, name);
    for (uint32_t k = 0; k < in->symbols.count; k++) {
        const struct function *function = function_of(k);
        if (lookup(in, k) || (function && function->code))
            nearest_offer(&nearest, in->symbols.names[k]);
    }
    struct text near = {0};
    nearest_text(&nearest, &near);
    fail(in, "%.60s%s is not known%s", name, strlen(name) > 60 ? "..." : "",
         near.length ? near.data : "");
    text_free(&near);
    return false;
}

/* ---- Anonymous functions ------------------------------------------------------------------- */

static bool is_parameter(const struct node *function, uint32_t symbol)
{
    for (const struct node *name = function->right; name; name = name->next)
        if (name->symbol == symbol) return true;
    return false;
}

struct captures {
    struct capture *items;
    size_t count;
    size_t capacity;
};

static bool is_captured(const struct captures *captures, uint32_t symbol)
{
    for (size_t k = 0; k < captures->count; k++)
        if (captures->items[k].symbol == symbol) return true;
    return false;
}

/* Captures the variables that a body names, once each. A function inside the body captures in its
 * turn from this one, so its names count, but for its parameters. */
static bool capture_names(struct interpreter *in, const struct node *function,
                          const struct node *node, struct captures *captures)
{
    for (; node; node = node->next) {
        const struct value *variable = NULL;
        if (node->kind == NODE_NAME && !lookup_whole(in, node->symbol, &variable)) return false;
        if (variable && !is_parameter(function, node->symbol) &&
            !is_captured(captures, node->symbol)) {
            if (captures->count == captures->capacity) {
                captures->capacity = captures->capacity ? 2 * captures->capacity : 8;
                captures->items =
                    reallocate(captures->items, captures->capacity, sizeof *captures->items);
            }
            captures->items[captures->count++] =
                (struct capture){node->symbol, value_share(*variable)};
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

bool make_function(struct interpreter *in, const struct node *node, struct value *result)
{
    struct captures captures = {0};
    bool good = capture_names(in, node, node->left, &captures);
    struct function_value *function =
        allocate(sizeof *function + captures.count * sizeof *captures.items);
    function->references = 1;
    function->script = in->script;
    function->node = node;
    function->count = captures.count;
    if (captures.count)
        memcpy(function->captures, captures.items, captures.count * sizeof *captures.items);
    release(captures.items);
    *result = (struct value){.kind = VALUE_FUNCTION, .u.function = function};
    if (!good) value_release(result);
    return good;
}

static size_t list_length(const struct node *list)
{
    size_t length = 0;
    for (; list; list = list->next) length++;
    return length;
}

static void release_values(struct value *values, size_t count)
{
    for (size_t k = 0; k < count; k++) value_release(&values[k]);
}

/* The first argument of a function that looks at its shape alone: elements stay as they are. */
static bool takes_shape(struct interpreter *in, const struct function *function,
                        const struct node *node, struct value *shape)
{
    static function_code *const codes[] = {call_numel,   call_length, call_rows,
                                           call_columns, call_size,   call_isempty};
    const struct value *variable = node->kind == NODE_NAME ? lookup(in, node->symbol) : NULL;
    bool takes = false;
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
        takes = takes || function->code == codes[k];
    if (!takes || !variable || variable->kind != VALUE_ELEMENTS) return false;
    *shape = (struct value){
        .kind = VALUE_MATRIX, .rows = value_rows(*variable), .cols = value_cols(*variable)};
    return true;
}

/* Evaluates arguments in the caller's frame, of a function of the table or, each as a value of its
 * own, of an anonymous one; *count says how many are to be released. */
static bool evaluate_arguments(struct interpreter *in, const struct node *nodes,
                               const struct function *function, struct value *values, size_t *count)
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

static bool evaluate_body(struct interpreter *in, const struct function_value *function,
                          const struct value *arguments, size_t wanted, struct value *results,
                          size_t *count)
{
    struct frame frame = {function, arguments, in->frame};
    const struct script *script = in->script;
    const struct index_context *index = in->index;
    const struct node *body = function->node->left;
    in->frame = &frame;
    in->script = function->script;
    in->index = NULL;
    in->calls++;
    bool called = body->kind == NODE_INDEX || body->kind == NODE_NAME;
    const struct value *variable = body->kind == NODE_NAME ? lookup(in, body->symbol) : NULL;
    bool good;
    if (called && !variable) { /* may return nothing, as check(a, b), or several values */
        good = call_node(in, body, wanted, results, count);
        if (!good && !in->failure.where) {
            in->failure.where = in->script;
            in->failure.place = body->start;
            in->failure.in_function = true;
        }
    } else {
        good = evaluate(in, body, results);
        *count = good;
    }
    in->calls--;
    in->index = index;
    in->script = script;
    in->frame = frame.caller;
    return good;
}

/* Calls a function value with the arguments of a NODE_INDEX. */
static bool call_function_value(struct interpreter *in, struct value value, const struct node *node,
                                size_t wanted, struct value *results, size_t *count)
{
    struct function_value *function = value.u.function;
    const struct node *nodes = node->kind == NODE_INDEX ? node->right : NULL;
    size_t parameters = list_length(function->node->right), given = list_length(nodes);
    if (given != parameters) {
        return fail(in, "the function has %zu parameter%s and is called with %zu", parameters,
                    parameters == 1 ? "" : "s", given);
    }
    if (interrupted(in)) return false;
    if (in->calls == CALL_LIMIT)
        return fail(in, "anonymous functions call one another more than %d deep", CALL_LIMIT);
    struct value kept = value_share(value); /* the call may outlive the variable */
    struct value *arguments = allocate((given + 1) * sizeof *arguments);
    size_t evaluated = 0;
    bool good = evaluate_arguments(in, nodes, NULL, arguments, &evaluated) &&
                evaluate_body(in, function, arguments, wanted, results, count);
    release_values(arguments, evaluated);
    release(arguments);
    value_release(&kept);
    if (!good && !in->frame) {
        in->failure.called = true;
        in->failure.call = node->start;
    }
    return good;
}

bool call_value(struct interpreter *in, struct value value, const struct node *node,
                struct value *result)
{
    size_t count = 0;
    *result = (struct value){0};
    return call_function_value(in, value, node, 1, result, &count);
}

/* ---- Functions of the table ---------------------------------------------------------------- */

static bool check_count(struct interpreter *in, const struct function *function, size_t given)
{
    bool few = given < (size_t)function->least;
    bool many = function->most >= 0 && given > (size_t)function->most;
    if (few || many) {
        return fail(in, "%s: called with %zu argument%s; use: %s", function->name, given,
                    given == 1 ? "" : "s", function->usage);
    }
    return true;
}

static bool call_table(struct interpreter *in, const struct function *function,
                       const struct node *node, size_t wanted, struct value *results, size_t *count)
{
    const struct node *nodes = node->kind == NODE_INDEX ? node->right : NULL;
    size_t given = list_length(nodes);
    if (!check_count(in, function, given)) return false;
    if (wanted > (size_t)function->results && wanted > 1) {
        return fail(in, "%s: %zu values are asked for, it returns %d", function->name, wanted,
                    function->results);
    }
    struct value few[4] = {{0}};
    struct value *arguments = given <= 4 ? few : allocate(given * sizeof *arguments);
    struct call call = {.in = in,
                        .function = function,
                        .node = node,
                        .nodes = nodes,
                        .arguments = arguments,
                        .wanted = wanted,
                        .results = results};
    bool good =
        function->by_name || evaluate_arguments(in, nodes, function, arguments, &call.count);
    good = good && function->code(&call);
    *count = call.returned;
    release_values(arguments, call.count);
    if (arguments != few) release(arguments);
    return good;
}

bool call_node(struct interpreter *in, const struct node *node, size_t wanted,
               struct value *results, size_t *count)
{
    const struct node *callee = node->kind == NODE_INDEX ? node->left : node;
    *count = 0;
    if (callee->kind != NODE_NAME) {
        *count = 1;
        return evaluate(in, node, results);
    }
    const struct value *variable = lookup(in, callee->symbol);
    if (variable && variable->kind == VALUE_FUNCTION && node->kind == NODE_INDEX)
        return call_function_value(in, *variable, node, wanted, results, count);
    if (variable) {
        *count = 1;
        return evaluate(in, node, results);
    }
    const struct function *function = function_of(callee->symbol);
    if (!function) return fail_unknown(in, callee->symbol);
    return call_table(in, function, node, wanted, results, count);
}

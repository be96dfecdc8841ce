/* SPDX-License-Identifier: MIT */
/* Anonymous functions, and the variables that they capture. */
#include "autodiff/script/run/interpreter.h"

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
        if (node->kind == NODE_NUMBER || node->kind == NODE_STRING || node->kind == NODE_NAME)
            continue;
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

/* SPDX-License-Identifier: MIT */
/* Anonymous functions, and the variables that they capture. */
#include "autodiff/script/run/interpreter.h"

#include <string.h>

static bool is_parameter(const syntax_node *function, uint32_t symbol)
{
    for (const syntax_node *name = function->right; name; name = name->next)
        if (name->kind == NODE_NAME && name->symbol == symbol) return true;
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
            !capture_names(in, function, third_of(node), captures))
            return false;
    }
    return true;
}

bool make_function(interpreter *in, const syntax_node *node, script_value *result)
{
    capture_list captures = {0};
    bool ok = node->kind == NODE_HANDLE || capture_names(in, node, node->left, &captures);
    function_value *function = allocate(sizeof *function + captures.count * sizeof *captures.items);
    function->references = 1;
    function->script = in->script;
    function->node = node;
    function->count = captures.count;
    if (captures.count)
        memcpy(function->captures, captures.items, captures.count * sizeof *captures.items);
    release(captures.items);
    *result = (script_value){.kind = VALUE_FUNCTION, .rows = 1, .cols = 1, .u.function = function};
    if (!ok) value_release(result);
    return ok;
}

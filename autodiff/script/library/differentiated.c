/* SPDX-License-Identifier: MIT */
/* Whether elements of a variable may be read from its parts (elements.h).
 *
 * A derivative by a variable is one by its value as a whole: what reads an element of it must be
 * computed from the whole. Parts will do where nothing differentiates by the variable, and in an
 * assignment to its elements, after which it has another value. */
#include "autodiff/script/library/functions.h"

static bool names(const syntax_node *arguments, uint32_t symbol)
{
    for (; arguments; arguments = arguments->next) {
        const syntax_node *name = arguments->kind == NODE_INDEX ? arguments->left : arguments;
        if (name->kind == NODE_NAME && name->symbol == symbol) return true;
    }
    return false;
}

/* Whether a list of expressions or statements takes a derivative by the variable. */
static bool differentiates(const syntax_node *node, uint32_t symbol)
{
    for (; node; node = node->next) {
        const bool call = node->kind == NODE_INDEX && node->left->kind == NODE_NAME && node->right;
        const builtin *function = call ? function_of(node->left->symbol) : NULL;
        if ((function && function->takes[0] == 'x' && names(node->right->next, symbol)) ||
            differentiates(node->left, symbol) || differentiates(node->right, symbol) ||
            differentiates(node->third, symbol))
            return true;
    }
    return false;
}

static bool assigns_elements(const syntax_node *statement, uint32_t symbol)
{
    return statement && statement->kind == NODE_ASSIGN && statement->left->kind == NODE_INDEX &&
           statement->left->left->symbol == symbol && !differentiates(statement->left, symbol) &&
           !differentiates(statement->right, symbol);
}

bool reads_parts(interpreter *in, uint32_t symbol)
{
    if (in_prelude(in)) return true;
    known_name *name = name_of(in, symbol);
    if (!name->examined) {
        name->examined = true;
        name->differentiated = in->more_to_come || differentiates(in->scripts->body, symbol);
    }
    return !name->differentiated || assigns_elements(in->statement, symbol);
}

/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/syntax.h"

static const struct {
    const char *text;
    operator_level level;
} operators[] = {
#define OPERATOR(kind, text, level) {text, level},
#include "autodiff/script/syntax/operators.def"
};

const char *operation_text(operator_kind operation)
{
    return operators[operation].text;
}

operator_level operation_level(operator_kind operation)
{
    return operators[operation].level;
}

syntax_node *tree_node(syntax_tree *tree, node_kind kind, size_t start, size_t end)
{
    syntax_node *node = allocate(sizeof *node);
    node->kind = kind;
    node->start = (uint32_t)start;
    node->end = (uint32_t)end;
    node->height = 1;
    node->older = tree->newest;
    tree->newest = node;
    return node;
}

void tree_text(syntax_node *node, const char *text, size_t length)
{
    node->u.text = copy_text(text, length);
    node->length = (uint32_t)length;
}

void tree_free(syntax_tree *tree)
{
    while (tree->newest) {
        syntax_node *older = tree->newest->older;
        if (tree->newest->kind == NODE_STRING) release(tree->newest->u.text);
        release(tree->newest);
        tree->newest = older;
    }
}

size_t list_length(const syntax_node *list)
{
    size_t length = 0;
    for (; list; list = list->next) length++;
    return length;
}

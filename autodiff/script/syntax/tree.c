/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/tree.h"

#include <string.h>

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

/* A node with bytes more behind it. */
static syntax_node *new_node(syntax_tree *tree, node_kind kind, size_t start, size_t end,
                             size_t bytes)
{
    syntax_node *node = allocate(sizeof *node + bytes);
    node->kind = (unsigned char)kind;
    node->start = (uint32_t)start;
    node->end = (uint32_t)end;
    node->height = 1;
    node->older = tree->newest;
    tree->newest = node;
    return node;
}

syntax_node *tree_node(syntax_tree *tree, node_kind kind, size_t start, size_t end)
{
    return new_node(tree, kind, start, end, 0);
}

syntax_node *tree_string(syntax_tree *tree, size_t start, size_t end, const char *text,
                         size_t length)
{
    syntax_node *node = new_node(tree, NODE_STRING, start, end, length + 1);
    node->u.text = memcpy(node + 1, text, length);
    node->length = (uint32_t)length;
    return node;
}

void tree_free(syntax_tree *tree)
{
    while (tree->newest) {
        syntax_node *older = tree->newest->older;
        release(tree->newest);
        tree->newest = older;
    }
}

const syntax_node *third_of(const syntax_node *node)
{
    switch (node->kind) {
    case NODE_RANGE:
    case NODE_FOR:
    case NODE_WHILE:
    case NODE_CLAUSE:
    case NODE_DO:
    case NODE_TRY:
    case NODE_DEFINITION: return node->u.third;
    default: return NULL;
    }
}

size_t list_length(const syntax_node *list)
{
    size_t length = 0;
    for (; list; list = list->next) length++;
    return length;
}

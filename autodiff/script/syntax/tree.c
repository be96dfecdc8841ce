/* SPDX-License-Identifier: MIT */
/* What a tree consists of: names, operators, nodes. */
#include "autodiff/script/syntax/syntax.h"

#include <string.h>

#define table_take(bytes) allocate(bytes)
#define table_return(block) release(block)
#include "tape/table.h"

struct known_name {
    uint32_t number;
    UT_hash_handle hh;
    char name[];
};

bool symbol_find(const symbol_table *symbols, const char *name, size_t length, uint32_t *number)
{
    known_name *entry = NULL;
    HASH_FIND(hh, symbols->table, name, length, entry);
    if (entry) *number = entry->number;
    return entry != NULL;
}

uint32_t symbol_of(symbol_table *symbols, const char *name, size_t length)
{
    uint32_t number;
    if (symbol_find(symbols, name, length, &number)) return number;
    known_name *entry = allocate(sizeof *entry + length + 1);
    memcpy(entry->name, name, length);
    entry->number = symbols->count;
    symbols->names = array_extend(symbols->names, symbols->count, sizeof *symbols->names);
    symbols->names[symbols->count] = entry->name;
    HASH_ADD_KEYPTR(hh, symbols->table, entry->name, length, entry);
    return symbols->count++;
}

void symbols_free(symbol_table *symbols)
{
    known_name *entry, *next;
    HASH_ITER(hh, symbols->table, entry, next)
    {
        HASH_DEL(symbols->table, entry);
        release(entry);
    }
    release(symbols->names);
    *symbols = (symbol_table){0};
}

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

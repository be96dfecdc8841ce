#include "autodiff/script/syntax/tree.h"

#include <stdlib.h>
#include <string.h>

static const char *const operators[] = {
    [OPERATION_NONE] = "",         [OPERATION_ADD] = "+",
    [OPERATION_SUBTRACT] = "-",    [OPERATION_MULTIPLY] = "*",
    [OPERATION_DIVIDE] = "/",      [OPERATION_LEFT_DIVIDE] = "\\",
    [OPERATION_TIMES] = ".*",      [OPERATION_OVER] = "./",
    [OPERATION_UNDER] = ".\\",     [OPERATION_ELEMENT_POWER] = ".^",
    [OPERATION_POWER] = "^",       [OPERATION_LESS] = "<",
    [OPERATION_LESS_EQUAL] = "<=", [OPERATION_EQUAL] = "==",
    [OPERATION_UNEQUAL] = "!=",    [OPERATION_GREATER_EQUAL] = ">=",
    [OPERATION_GREATER] = ">",     [OPERATION_AND] = "&",
    [OPERATION_OR] = "|",          [OPERATION_AND_ALSO] = "&&",
    [OPERATION_OR_ELSE] = "||",    [OPERATION_NOT] = "!",
    [OPERATION_NEGATE] = "-",      [OPERATION_PLUS] = "+",
    [OPERATION_TRANSPOSE] = "'",   [OPERATION_ARRAY_TRANSPOSE] = ".'",
};
_Static_assert(sizeof operators / sizeof *operators == OPERATION_COUNT, "an operator each");

const char *operation_text(operator_kind operation)
{
    return operators[operation];
}

enum { CHUNK_BYTES = 16384 };

struct tree_chunk {
    struct tree_chunk *older;
    size_t used;
    size_t size;
    _Alignas(16) unsigned char bytes[];
};

static void *tree_bytes(syntax_tree *tree, size_t bytes)
{
    bytes = (bytes + 15) & ~(size_t)15;
    tree_chunk *chunk = tree->chunks;
    if (!chunk || chunk->size - chunk->used < bytes) {
        size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        chunk = allocate(sizeof *chunk + size);
        chunk->size = size;
        chunk->older = tree->chunks;
        tree->chunks = chunk;
    }
    void *memory = chunk->bytes + chunk->used;
    chunk->used += bytes;
    return memory;
}

syntax_node *tree_node(syntax_tree *tree, node_kind kind, size_t start, size_t end)
{
    syntax_node *node = tree_bytes(tree, sizeof *node);
    node->kind = (unsigned char)kind;
    node->start = (uint32_t)start;
    node->end = (uint32_t)end;
    node->height = 1;
    return node;
}

char *tree_text(syntax_tree *tree, const char *text, size_t length)
{
    char *copy = tree_bytes(tree, length + 1);
    if (length) memcpy(copy, text, length);
    return copy;
}

void tree_free(syntax_tree *tree)
{
    while (tree->chunks) {
        tree_chunk *older = tree->chunks->older;
        release(tree->chunks);
        tree->chunks = older;
    }
}

size_t list_length(const syntax_node *list)
{
    size_t length = 0;
    for (; list; list = list->next) length++;
    return length;
}

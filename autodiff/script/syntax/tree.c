#include "autodiff/script/syntax/tree.h"

#include <stdlib.h>
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

syntax_node *tree_string(syntax_tree *tree, size_t start, size_t end, const char *text,
                         size_t length)
{
    syntax_node *node = tree_node(tree, NODE_STRING, start, end);
    char *copy = tree_bytes(tree, length + 1);
    if (length) memcpy(copy, text, length);
    node->u.text = copy;
    node->length = (uint32_t)length;
    return node;
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

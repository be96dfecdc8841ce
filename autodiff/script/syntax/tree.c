/* SPDX-License-Identifier: MIT */
/* What a tree consists of: names, operators, nodes; and how an expression is written. */
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

/* ---- Expressions written as Octave writes them: one blank around binary operators and after commas,
 * f (x) for calls, f(x) for those that are elements of a matrix, numbers as in the script ---- */

typedef struct expression_writer {
    const symbol_table *symbols;
    const source_text *source;
    text_buffer *text;
    bool in_matrix; /* and in no arguments there */
} expression_writer;

/* l, r and t stand for the node's parts (tree.h), s for its symbol, o for its operator, a comma or
 * semicolon for the list on its right, _ for a blank outside of matrices; what else there is stands
 * for itself. */
static const char *const patterns[] = {
    [NODE_NAME] = "s",    [NODE_COLON] = ":",        [NODE_END] = "end",
    [NODE_UNARY] = "ol",  [NODE_POSTFIX] = "lo",     [NODE_BINARY] = "l o r",
    [NODE_RANGE] = "l:r", [NODE_INDEX] = "l_(,)",    [NODE_MATRIX] = "[;]",
    [NODE_ROW] = ",",     [NODE_FUNCTION] = "@(,)l", [NODE_IGNORED] = "~",
    [NODE_HANDLE] = "@s", [NODE_FIELD] = "l.s",      [NODE_CELL] = "{,}"};

static void write_node(expression_writer *writer, const syntax_node *node);

static void write_pattern(expression_writer *writer, const syntax_node *node, const char *pattern)
{
    for (; *pattern; pattern++) switch (*pattern) {
        case 'l': write_node(writer, node->left); break;
        case 'r': write_node(writer, node->right); break;
        case 't': write_node(writer, node->third); break;
        case 's': text_print(writer->text, "%s", writer->symbols->names[node->symbol]); break;
        case 'o': text_print(writer->text, "%s", operation_text(node->operation)); break;
        case '_': text_print(writer->text, writer->in_matrix ? "" : " "); break;
        case ',':
        case ';':
            writer->in_matrix = writer->in_matrix && node->kind != NODE_INDEX;
            for (const syntax_node *item = node->right; item; item = item->next) {
                write_node(writer, item);
                if (item->next) text_print(writer->text, "%c ", *pattern);
            }
            break;
        default: text_append(writer->text, pattern, 1);
        }
}

/* Numbers and strings stand as they were written, in parentheses if they were. A call in parentheses
 * of its own is no element. */
static void write_node(expression_writer *writer, const syntax_node *node)
{
    const char *pattern = node->kind <= NODE_CELL ? patterns[node->kind] : NULL;
    if (node->kind == NODE_RANGE && node->third) pattern = "l:t:r";
    if (node->kind == NODE_NAME && node->left) pattern = "s = l";
    const unsigned pairs = pattern ? node->parenthesized : 0;
    const bool in_matrix = writer->in_matrix;
    if (node->kind == NODE_MATRIX) writer->in_matrix = true;
    if (node->kind == NODE_INDEX && pairs) writer->in_matrix = false;
    for (unsigned k = 0; k < pairs; k++) text_append(writer->text, "(", 1);
    if (pattern) write_pattern(writer, node, pattern);
    else text_append(writer->text, writer->source->text + node->start, node->end - node->start);
    for (unsigned k = 0; k < pairs; k++) text_append(writer->text, ")", 1);
    writer->in_matrix = in_matrix;
}

/* Octave sets a blank after the parameters only where a function is printed whole. */
void expression_text(const syntax_node *node, const symbol_table *symbols,
                     const source_text *source, text_buffer *text)
{
    expression_writer writer = {symbols, source, text, false};
    if (node->kind == NODE_FUNCTION) write_pattern(&writer, node, "@(,) l");
    else write_node(&writer, node);
}

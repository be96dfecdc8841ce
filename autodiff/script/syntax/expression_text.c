/* SPDX-License-Identifier: MIT */
/* Expressions written as Octave writes them: one blank around binary operators and after commas,
 * f (x) for calls, f(x) for those that are elements of a matrix, numbers as in the script. */
#include "autodiff/script/syntax/syntax.h"

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

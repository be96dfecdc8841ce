/* Expressions written as Octave writes them: one blank around binary operators and after commas,
 * f (x) for calls, numbers as in the script. */
#include "autodiff/script/syntax/tree.h"

typedef struct expression_writer {
    const symbol_table *symbols;
    const source_text *source;
    text_buffer *text;
} expression_writer;

static void write_node(const expression_writer *writer, const syntax_node *node);

static void write_list(const expression_writer *writer, const syntax_node *list,
                       const char *between)
{
    for (const syntax_node *node = list; node; node = node->next) {
        write_node(writer, node);
        if (node->next) text_print(writer->text, "%s", between);
    }
}

static void write_operator(const expression_writer *writer, const syntax_node *node)
{
    const char *sign = operation_text((operator_kind)node->operation);
    if (node->kind == NODE_UNARY) {
        text_print(writer->text, "%s", sign);
        write_node(writer, node->left);
    } else if (node->kind == NODE_POSTFIX) {
        write_node(writer, node->left);
        text_print(writer->text, "%s", sign);
    } else {
        write_node(writer, node->left);
        text_print(writer->text, " %s ", sign);
        write_node(writer, node->right);
    }
}

static void write_range(const expression_writer *writer, const syntax_node *node)
{
    write_node(writer, node->left);
    if (node->u.third) {
        text_print(writer->text, ":");
        write_node(writer, node->u.third);
    }
    text_print(writer->text, ":");
    write_node(writer, node->right);
}

/* Octave sets a blank after the parameters only where a function is printed whole. */
static void write_function(const expression_writer *writer, const syntax_node *node)
{
    text_print(writer->text, "@(");
    write_list(writer, node->right, ", ");
    text_print(writer->text, ")");
    write_node(writer, node->left);
}

static void write_bare(const expression_writer *writer, const syntax_node *node)
{
    switch (node->kind) {
    case NODE_NAME: text_print(writer->text, "%s", writer->symbols->names[node->symbol]); break;
    case NODE_COLON: text_print(writer->text, ":"); break;
    case NODE_END: text_print(writer->text, "end"); break;
    case NODE_UNARY:
    case NODE_POSTFIX:
    case NODE_BINARY: write_operator(writer, node); break;
    case NODE_RANGE: write_range(writer, node); break;
    case NODE_INDEX:
        write_node(writer, node->left);
        text_print(writer->text, " (");
        write_list(writer, node->right, ", ");
        text_print(writer->text, ")");
        break;
    case NODE_MATRIX:
        text_print(writer->text, "[");
        write_list(writer, node->right, "; ");
        text_print(writer->text, "]");
        break;
    case NODE_ROW: write_list(writer, node->right, ", "); break;
    case NODE_FUNCTION: write_function(writer, node); break;
    default: /* numbers and strings stand as they were written */
        text_append(writer->text, writer->source->text + node->start, node->end - node->start);
    }
}

/* node->start and end of a parenthesized number or string include the parentheses. */
static void write_node(const expression_writer *writer, const syntax_node *node)
{
    bool whole = node->kind == NODE_NUMBER || node->kind == NODE_STRING;
    if (node->parenthesized && !whole) text_print(writer->text, "(");
    write_bare(writer, node);
    if (node->parenthesized && !whole) text_print(writer->text, ")");
}

void expression_text(const syntax_node *node, const symbol_table *symbols,
                     const source_text *source, text_buffer *text)
{
    expression_writer writer = {symbols, source, text};
    if (node->kind == NODE_FUNCTION) {
        text_print(text, "@(");
        write_list(&writer, node->right, ", ");
        text_print(text, ") ");
        write_node(&writer, node->left);
    } else {
        write_node(&writer, node);
    }
}

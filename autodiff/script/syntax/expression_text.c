/* Expressions written as Octave writes them: one blank around binary operators and after commas,
 * f (x) for calls, numbers as in the script. */
#include "autodiff/script/syntax/tree.h"

struct writer {
    const struct symbols *symbols;
    const struct source *source;
    struct text *text;
};

static void write_node(const struct writer *writer, const struct node *node);

static void write_list(const struct writer *writer, const struct node *list, const char *between)
{
    for (const struct node *node = list; node; node = node->next) {
        write_node(writer, node);
        if (node->next) text_print(writer->text, "%s", between);
    }
}

static void write_operator(const struct writer *writer, const struct node *node)
{
    const char *sign = operation_text((enum operation)node->operation);
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

static void write_range(const struct writer *writer, const struct node *node)
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
static void write_function(const struct writer *writer, const struct node *node)
{
    text_print(writer->text, "@(");
    write_list(writer, node->right, ", ");
    text_print(writer->text, ")");
    write_node(writer, node->left);
}

static void write_bare(const struct writer *writer, const struct node *node)
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
static void write_node(const struct writer *writer, const struct node *node)
{
    bool whole = node->kind == NODE_NUMBER || node->kind == NODE_STRING;
    if (node->parenthesized && !whole) text_print(writer->text, "(");
    write_bare(writer, node);
    if (node->parenthesized && !whole) text_print(writer->text, ")");
}

void expression_text(const struct node *node, const struct symbols *symbols,
                     const struct source *source, struct text *text)
{
    struct writer writer = {symbols, source, text};
    if (node->kind == NODE_FUNCTION) {
        text_print(text, "@(");
        write_list(&writer, node->right, ", ");
        text_print(text, ") ");
        write_node(&writer, node->left);
    } else {
        write_node(&writer, node);
    }
}

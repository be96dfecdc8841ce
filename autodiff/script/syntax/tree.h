/* SPDX-License-Identifier: MIT */
/* The syntax tree of a script. */
#ifndef SCRIPT_TREE_H
#define SCRIPT_TREE_H

#include "autodiff/script/syntax/source.h"
#include "autodiff/script/syntax/symbols.h"

typedef enum node_kind {
    /* expressions */
    NODE_NUMBER,   /* number */
    NODE_STRING,   /* text */
    NODE_NAME,     /* symbol; a parameter, also symbol = left */
    NODE_COLON,    /* a bare : as an index */
    NODE_END,      /* end as an index */
    NODE_IGNORED,  /* ~ among the targets of [~, i] = ... */
    NODE_UNARY,    /* operation left */
    NODE_POSTFIX,  /* left operation */
    NODE_BINARY,   /* left operation right */
    NODE_RANGE,    /* left : right, or left : third : right */
    NODE_INDEX,    /* left(right, ...): an index or a call */
    NODE_MATRIX,   /* [right; ...], each a NODE_ROW */
    NODE_ROW,      /* right, ... */
    NODE_FUNCTION, /* @(right, ...) left */
    NODE_HANDLE,   /* @symbol */
    NODE_FIELD,    /* left.symbol, of an error */
    NODE_CELL,     /* {right, ...} after case */
    /* statements */
    NODE_EXPRESSION, /* left */
    NODE_ASSIGN,     /* left operation= right; operation is OPERATION_NONE for a plain = */
    NODE_MULTIPLE,   /* [left, ...] = right */
    NODE_STEP,       /* x++ or ++x: left is x += 1 */
    NODE_CLAUSE,     /* if, elseif or case left, third ...; else and otherwise have no left */
    /* in the order of their words in lexer.h */
    NODE_DO,         /* do third ... until left */
    NODE_FOR,        /* for left = right, third ... end */
    NODE_WHILE,      /* while left, third ... end */
    NODE_IF,         /* right: a list of NODE_CLAUSE */
    NODE_SWITCH,     /* switch left, right: a list of NODE_CLAUSE */
    NODE_TRY,        /* try right ... catch left, third ...; left is a name or missing */
    NODE_DEFINITION, /* function [left, ...] = symbol(right, ...), third ... */
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_RETURN
} node_kind;

typedef enum operator_kind {
#define OPERATOR(kind, text, level) kind,
#include "autodiff/script/syntax/operators.def"
    OPERATION_COUNT
} operator_kind;

/* How tightly an operator binds, tightest last; signs and ! stand between products and powers. */
typedef enum operator_level {
    LEVEL_NONE,
    LEVEL_OR_ELSE,
    LEVEL_AND_ALSO,
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_COMPARISON,
    LEVEL_COLON, /* of ranges, which are no operator */
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_POWER,
    LEVEL_POSTFIX
} operator_level;

/* How an operator is written, as "+" or ".*"; "" for OPERATION_NONE. */
const char *operation_text(operator_kind operation);

operator_level operation_level(operator_kind operation);

typedef struct syntax_node {
    node_kind kind;
    operator_kind operation;
    bool parenthesized;
    bool printed; /* a statement whose value is printed */
    bool raw;     /* a string in single quotes; ++x, which has the new value */
    unsigned height;
    uint32_t start; /* the text of the node: from start up to end */
    uint32_t end;
    uint32_t symbol;
    uint32_t length;           /* of text */
    struct syntax_node *older; /* in the tree, by age */
    struct syntax_node *next;  /* in a list */
    struct syntax_node *left;
    struct syntax_node *right;
    struct syntax_node *third;
    union {
        double number;
        char *text; /* the node's own */
    } u;
} syntax_node;

/* Nodes, freed together. */
typedef struct syntax_tree {
    syntax_node *newest;
} syntax_tree;

syntax_node *tree_node(syntax_tree *tree, node_kind kind, size_t start, size_t end);
/* Gives a NODE_STRING its text. */
void tree_text(syntax_node *node, const char *text, size_t length);
void tree_free(syntax_tree *tree);

size_t list_length(const syntax_node *list);

/* A parsed script: what anonymous functions and messages point into. Kept until the end. */
typedef struct parsed_script {
    source_text *source;
    syntax_tree tree;
    syntax_node *body; /* a list of statements */
    struct parsed_script *older;
} parsed_script;

/* The text of an expression as Octave writes it when it prints a function. */
void expression_text(const syntax_node *node, const symbol_table *symbols,
                     const source_text *source, text_buffer *text);

#endif

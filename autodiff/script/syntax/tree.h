/* The syntax tree of a script. */
#ifndef SCRIPT_TREE_H
#define SCRIPT_TREE_H

#include "autodiff/script/syntax/source.h"
#include "autodiff/script/syntax/symbols.h"

enum node_kind {
    /* expressions */
    NODE_NUMBER,      /* number */
    NODE_STRING,      /* text */
    NODE_NAME,        /* symbol */
    NODE_COLON,       /* a bare : as an index */
    NODE_END,         /* end as an index */
    NODE_PLACEHOLDER, /* ~ among the targets of [~, i] = ... */
    NODE_UNARY,       /* operation left */
    NODE_POSTFIX,     /* left operation */
    NODE_BINARY,      /* left operation right */
    NODE_RANGE,       /* left : right, or left : third : right */
    NODE_INDEX,       /* left(right, ...): an index or a call */
    NODE_MATRIX,      /* [right; ...], each a NODE_ROW */
    NODE_ROW,         /* right, ... */
    NODE_FUNCTION,    /* @(right, ...) left */
    /* statements */
    NODE_EXPRESSION, /* left */
    NODE_ASSIGN,     /* left operation= right; operation is OPERATION_NONE for a plain = */
    NODE_MULTIPLE,   /* [left, ...] = right */
    NODE_FOR,        /* for left = right, third ... end */
    NODE_WHILE,      /* while left, third ... end */
    NODE_IF,         /* right: a list of NODE_CLAUSE */
    NODE_CLAUSE,     /* if or elseif left, third ...; else has no left */
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_FORMAT, /* format text */
    NODE_HELP    /* help text */
};

/* Numbered as the operator table of tree.c. */
enum operation {
    OPERATION_NONE,
    OPERATION_ADD,
    OPERATION_SUBTRACT,
    OPERATION_MULTIPLY,
    OPERATION_DIVIDE,
    OPERATION_LEFT_DIVIDE,
    OPERATION_TIMES, /* elementwise from here */
    OPERATION_OVER,
    OPERATION_UNDER,
    OPERATION_ELEMENT_POWER,
    OPERATION_POWER, /* of matrices */
    OPERATION_LESS,
    OPERATION_LESS_EQUAL,
    OPERATION_EQUAL,
    OPERATION_UNEQUAL,
    OPERATION_GREATER_EQUAL,
    OPERATION_GREATER,
    OPERATION_AND,
    OPERATION_OR,
    OPERATION_AND_ALSO,
    OPERATION_OR_ELSE,
    OPERATION_NOT,
    OPERATION_NEGATE,
    OPERATION_PLUS,
    OPERATION_TRANSPOSE,
    OPERATION_ARRAY_TRANSPOSE,
    OPERATION_COUNT
};

/* How an operator is written, as "+" or ".*"; "" for OPERATION_NONE. */
const char *operation_text(enum operation operation);

struct node {
    unsigned char kind;      /* enum node_kind */
    unsigned char operation; /* enum operation */
    bool parenthesized;
    bool printed; /* a statement whose value is printed */
    bool raw;     /* a string in single quotes */
    unsigned height;
    uint32_t start; /* the text of the node: from start up to end */
    uint32_t end;
    uint32_t symbol;
    uint32_t length;   /* of text */
    struct node *next; /* in a list */
    struct node *left;
    struct node *right;
    union {
        struct node *third;
        double number;
        const char *text;
    } u;
};

/* Nodes and their texts, freed together. */
struct tree {
    struct tree_chunk *chunks;
};

struct node *tree_node(struct tree *tree, enum node_kind kind, size_t start, size_t end);
char *tree_text(struct tree *tree, const char *text, size_t length);
void tree_free(struct tree *tree);

/* A parsed script: what anonymous functions and messages point into. Kept until the end. */
struct script {
    struct source *source;
    struct tree tree;
    struct node *body; /* a list of statements */
    struct script *older;
};

/* The text of an expression as Octave writes it when it prints a function. */
void expression_text(const struct node *node, const struct symbols *symbols,
                     const struct source *source, struct text *text);

#endif

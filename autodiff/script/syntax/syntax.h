/* SPDX-License-Identifier: MIT */
/* From the text of a script to its syntax tree. */
#ifndef SCRIPT_SYNTAX_H
#define SCRIPT_SYNTAX_H

#include "autodiff/script/syntax/memory.h"

#include <stdint.h>

/* ---- Files, up to file_limit, for a device or an endless pipe would fill the memory ---- */

/* Opens a file to read. NULL, with the reason appended to *why, for a device, a folder, a file
 * beyond the limit, or one that cannot be opened. */
FILE *file_open(const char *path, text_buffer *why);

/* Tells that a file is beyond the limit; false. */
bool file_too_large(text_buffer *why);

/* Appends the whole of a file to *text; false with the reason. */
bool file_read(FILE *file, text_buffer *text, text_buffer *why);

/* ---- A script's text and places in it ---- */

typedef struct source_text {
    char *name; /* as messages show it: a path, or <stdin>, <command line>, <prompt> */
    char *text; /* terminated; may hold NUL bytes, which the lexer rejects */
    size_t length;
} source_text;

/* A place: line and column count from 1, the column in bytes. */
typedef struct line_place {
    size_t line;
    size_t column;
} line_place;

/* A source of length bytes of text (copied). Free it with source_free. */
source_text *source_new(const char *name, const char *text, size_t length);

/* Reads a file; "-" is standard input. NULL, with the reason appended to *why, when it cannot be
 * read. */
source_text *source_read(const char *path, text_buffer *why);

void source_free(source_text *source);

line_place source_place(const source_text *source, size_t offset);

/* Prints FILE:LINE:COLUMN: KIND: MESSAGE, the source line and a caret under the column. A long
 * line is shown in part. */
void source_report(FILE *file, const source_text *source, size_t offset, const char *kind,
                   const char *message);

/* ---- Names, each stored once and known by a number from then on ---- */

typedef struct known_name known_name;

typedef struct symbol_table {
    const char **names; /* by number */
    uint32_t count;
    known_name *table; /* the numbers, by name */
} symbol_table;

/* The number of a name of length bytes; a new one if it was not seen before. */
uint32_t symbol_of(symbol_table *symbols, const char *name, size_t length);

/* The number of a name that has one; false if it was not seen before. */
bool symbol_find(const symbol_table *symbols, const char *name, size_t length, uint32_t *number);

void symbols_free(symbol_table *symbols);

/* ---- The tree ---- */

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
    /* in the order of their words in parser.h */
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
    unsigned parenthesized; /* by how many pairs */
    bool printed;           /* a statement whose value is printed */
    bool raw;               /* a string in single quotes; ++x, which has the new value */
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

typedef struct parse_error {
    size_t at;
    bool incomplete; /* more text could make it right: the prompt asks for it */
    text_buffer message;
} parse_error;

/* Parses script->source into script->tree and body. False, with *error filled, for a syntax error;
 * free error->message in either case. */
bool parse_script(parsed_script *script, symbol_table *symbols, parse_error *error);

#endif

/* SPDX-License-Identifier: MIT */
/* The parser: from a script's text to its syntax tree.
 *
 *     statement   expression | target assignment expression | for, while, if ... | function ...
 *     expression  by Octave's precedence, loosest first: || && | & comparison : + * unary power
 *
 * A recursive descent whose depth is limited, so that no input exhausts the stack. */
#ifndef SCRIPT_PARSER_H
#define SCRIPT_PARSER_H

#include "autodiff/script/syntax/lexer.h"

typedef struct parse_error {
    size_t at;
    bool incomplete; /* more text could make it right: the prompt asks for it */
    text_buffer message;
} parse_error;

/* Parses script->source into script->tree and body. False, with *error filled, for a syntax error;
 * free error->message in either case. */
bool parse_script(parsed_script *script, symbol_table *symbols, parse_error *error);

/* ---- Between the parser's files ---- */

enum {
    DEPTH_LIMIT = 400,  /* of recursion: brackets, signs, blocks */
    HEIGHT_LIMIT = 2000 /* of an expression's tree: a chain of binary operators */
};

typedef struct parser_state {
    lexer_state lexer;
    syntax_token token; /* the next one; a TOKEN_ERROR for good after an error */
    syntax_tree *tree;
    symbol_table *symbols;
    parse_error *error;
    unsigned depth;
    unsigned blocks;   /* open blocks of any kind */
    unsigned loops;    /* open for, while and do blocks */
    unsigned inside;   /* indices, arguments, bodies of @(x): no place for an assignment */
    unsigned ignored;  /* ~ that stand for no target yet */
    size_t ignored_at; /* where the last of them is */
    size_t last_end;   /* of the token consumed last */
} parser_state;

/* After an error every token is a TOKEN_ERROR, which ends all lists, and what is parsed is thrown
 * away: so each of these functions gives a node, and nobody looks whether the one before failed. */

/* Notes the error, unless there was one before. */
syntax_node *parser_fail(parser_state *p, size_t at, const char *format, ...) PRINTF_LIKE(3, 4);

/* "expected WHAT, found TOKEN" at the next token. */
syntax_node *parser_expected(parser_state *p, const char *what);

void parser_advance(parser_state *p);

/* Whether the next token is of this kind; parser_pass goes past it then, and where parser_need does
 * not find it, what was expected is told. */
bool parser_at(const parser_state *p, token_kind kind);
bool parser_pass(parser_state *p, token_kind kind);
void parser_need(parser_state *p, token_kind kind, const char *what);

/* Where the next token stands among the words, as word_place tells it. */
size_t parser_word(const parser_state *p, const char *words);

/* A node that is the next token, which is passed; and one that must be a name. */
syntax_node *parser_token(parser_state *p, node_kind kind);
syntax_node *parser_name(parser_state *p, const char *what);

/* A node over left and a list on its right, each NULL for none, up to the token passed last. */
syntax_node *parser_node(parser_state *p, node_kind kind, size_t start, syntax_node *left,
                         syntax_node *right);

/* What parse makes one level deeper, where the depth allows it. */
syntax_node *parser_nested(parser_state *p, syntax_node *(*parse)(parser_state *));

syntax_node *parse_expression(parser_state *p);

/* The assignment to left at the next token, = or +=. */
syntax_node *parse_assignment(parser_state *p, syntax_node *left);

/* item, item, ... as long as a comma follows; the comma at the end of a row, or of the script, is
 * passed too. */
syntax_node *parse_list(parser_state *p, syntax_node *(*parse_item)(parser_state *));

/* The names between parentheses, each once; ~ stands for one that is not used. */
syntax_node *parse_parameters(parser_state *p);

/* {value, ...} */
syntax_node *parse_cell(parser_state *p);

#endif

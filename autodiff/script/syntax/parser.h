/* The parser: from a script's text to its syntax tree.
 *
 *     statement   expression | target assignment expression | for, while, if ...
 *     expression  by Octave's precedence, loosest first: || && | & comparison : + * unary power
 *
 * A recursive descent whose depth is limited, so that no input exhausts the stack. */
#ifndef SCRIPT_PARSER_H
#define SCRIPT_PARSER_H

#include "autodiff/script/syntax/lexer.h"

struct parse_error {
    size_t at;
    bool incomplete; /* more text could make it right: the prompt asks for it */
    struct text message;
};

/* Parses script->source into script->tree and body. False, with *error filled, for a syntax error;
 * free error->message in either case. */
bool parse_script(struct script *script, struct symbols *symbols, struct parse_error *error);

/* ---- Between the parser's two files ------------------------------------------------------ */

enum {
    DEPTH_LIMIT = 400,  /* of recursion: brackets, signs, blocks */
    HEIGHT_LIMIT = 2000 /* of an expression's tree: a chain of binary operators */
};

struct parser {
    struct lexer lexer;
    struct token token; /* the next one */
    struct tree *tree;
    struct symbols *symbols;
    struct parse_error *error;
    bool failed;
    unsigned depth;
    unsigned loops;        /* open for and while blocks */
    unsigned placeholders; /* ~ that stand for no target yet */
    size_t placeholder;    /* where the last of them is */
    size_t last_end;       /* of the token consumed last */
};

/* NULL, after noting the error unless there was one before. */
struct node *parser_fail(struct parser *parser, size_t at, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* "expected WHAT, found TOKEN" at the next token. */
struct node *parser_expected(struct parser *parser, const char *what);

void parser_advance(struct parser *parser);
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);

/* NULL after an error. */
struct node *parse_expression(struct parser *parser);

#endif

/* SPDX-License-Identifier: MIT */
/* The lexer and the parser: a recursive descent whose depth is limited, so that no input exhausts the
 * stack.
 *
 *     statement   expression | target assignment expression | for, while, if ... | function ...
 *     expression  by Octave's precedence, loosest first: || && | & comparison : + * unary power */
#ifndef SCRIPT_PARSER_H
#define SCRIPT_PARSER_H

#include "autodiff/script/syntax/syntax.h"

/* ---- Tokens. The lexer knows where blanks and line ends mean something: inside brackets it inserts
 * the comma that a blank stands for, inside parentheses it passes over line ends. ---- */

typedef enum token_kind {
    TOKEN_FINISH, /* the end of the text */
    /* the marks of lexer.c, in its order */
    TOKEN_NEWLINE,
    TOKEN_SEMICOLON,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_AT,
    TOKEN_ASSIGN, /* = or, with an operation, += and its like */
    TOKEN_OPEN,
    TOKEN_OPEN_BRACKET,
    TOKEN_OPEN_BRACE,
    TOKEN_CLOSE, /* an operand ends with one of those from here to TOKEN_NUMBER */
    TOKEN_CLOSE_BRACKET,
    TOKEN_CLOSE_BRACE,
    TOKEN_POSTFIX, /* operation says which */
    TOKEN_NAME,
    TOKEN_LAST_INDEX, /* end inside parentheses or brackets */
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_OPERATOR, /* operation says which; signs are OPERATION_ADD and OPERATION_SUBTRACT */
    TOKEN_STEP,     /* ++ or -- beside a name; operation is OPERATION_ADD or OPERATION_SUBTRACT */
    TOKEN_DOT,      /* of err.message */
    /* the keywords of lexer.c, in its order */
    TOKEN_BREAK,
    TOKEN_CONTINUE,
    TOKEN_RETURN,
    TOKEN_DO, /* each block has its own end, which stands as far from TOKEN_UNTIL */
    TOKEN_FOR,
    TOKEN_WHILE,
    TOKEN_IF,
    TOKEN_SWITCH,
    TOKEN_TRY,
    TOKEN_FUNCTION,
    TOKEN_UNTIL, /* a list of statements ends before those from here to TOKEN_ELSE */
    TOKEN_ENDFOR,
    TOKEN_ENDWHILE,
    TOKEN_ENDIF,
    TOKEN_ENDSWITCH,
    TOKEN_END_TRY,
    TOKEN_ENDFUNCTION,
    TOKEN_END,  /* ends any block but that of do */
    TOKEN_CASE, /* what begins a further clause, and the last one */
    TOKEN_OTHERWISE,
    TOKEN_CATCH,
    TOKEN_ELSEIF,
    TOKEN_ELSE,
    TOKEN_RESERVED, /* a keyword of Octave that is not part of the language */
    TOKEN_ERROR
} token_kind;

typedef struct syntax_token {
    token_kind kind;
    operator_kind operation;
    size_t start;
    size_t end;
    double number;
} syntax_token;

enum { NESTING_LIMIT = 500 };

typedef struct lexer_state {
    const source_text *source;
    size_t position;
    token_kind previous; /* decides what a quote and a blank mean */
    size_t depth;
    unsigned char nesting[NESTING_LIMIT]; /* the open brackets: their token_kind */
    text_buffer text;  /* the characters of the last string; text_free() it at the end */
    const char *error; /* of a TOKEN_ERROR */
    bool unfinished;   /* the text ended in the middle of something */
} lexer_state;

syntax_token lexer_next(lexer_state *lexer);

/* Passes blanks and the word after them, of a command such as `format long` or, with options, also
 * `clear -all`; false where none follows. */
bool lexer_word(lexer_state *lexer, bool options, syntax_token *word);

/* ---- The parser ---- */

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

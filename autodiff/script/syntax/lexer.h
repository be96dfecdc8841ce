/* SPDX-License-Identifier: MIT */
/* Tokens of a script. The lexer knows where blanks and line ends mean something: inside brackets
 * it inserts the comma that a blank stands for, inside parentheses it passes over line ends. */
#ifndef SCRIPT_LEXER_H
#define SCRIPT_LEXER_H

#include "autodiff/script/syntax/tree.h"

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
    text_buffer text; /* of a string; owned by the lexer, valid until the next token */
} syntax_token;

enum { NESTING_LIMIT = 500 };

typedef struct lexer_state {
    const source_text *source;
    size_t position;
    token_kind previous; /* decides what a quote and a blank mean */
    size_t depth;
    unsigned char nesting[NESTING_LIMIT]; /* the open brackets: their token_kind */
    text_buffer text;                     /* a string's characters; text_free() it at the end */
    const char *error;                    /* of a TOKEN_ERROR */
    bool unfinished;                      /* the text ended in the middle of something */
} lexer_state;

void lexer_start(lexer_state *lexer, const source_text *source);
syntax_token lexer_next(lexer_state *lexer);

/* Passes blanks and the word after them, of a command such as `format long` or, with options, also
 * `clear -all`; false where none follows. */
bool lexer_word(lexer_state *lexer, bool options, syntax_token *word);

#endif

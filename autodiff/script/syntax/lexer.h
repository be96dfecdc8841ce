/* Tokens of a script. The lexer knows where blanks and line ends mean something: inside brackets
 * it inserts the comma that a blank stands for, inside parentheses it passes over line ends. */
#ifndef SCRIPT_LEXER_H
#define SCRIPT_LEXER_H

#include "autodiff/script/syntax/tree.h"

typedef enum token_kind {
    TOKEN_FINISH, /* the end of the text */
    TOKEN_NEWLINE,
    TOKEN_SEMICOLON,
    TOKEN_COMMA,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_NAME,
    TOKEN_OPERATOR, /* operation says which; signs are OPERATION_ADD and OPERATION_SUBTRACT */
    TOKEN_ASSIGN,   /* = or, with an operation, += and its like */
    TOKEN_COLON,
    TOKEN_AT,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_BRACKET,
    TOKEN_CLOSE_BRACKET,
    TOKEN_LAST_INDEX, /* end inside parentheses or brackets */
    /* keywords */
    TOKEN_FOR,
    TOKEN_WHILE,
    TOKEN_IF,
    TOKEN_ELSEIF,
    TOKEN_ELSE,
    TOKEN_BREAK,
    TOKEN_CONTINUE,
    TOKEN_END, /* ends any block */
    TOKEN_ENDFOR,
    TOKEN_ENDWHILE,
    TOKEN_ENDIF,
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
    token_kind previous;
    operator_kind operation; /* of the previous token */
    size_t depth;
    char nesting[NESTING_LIMIT];    /* the open brackets: ( or [, or @ for the ( of parameters */
    bool after_parameters;          /* the ) just read closes those of an anonymous function */
    uint32_t opened[NESTING_LIMIT]; /* and where they are */
    text_buffer text;               /* a string's characters, escapes resolved */
    const char *error;              /* of a TOKEN_ERROR */
    size_t error_at;
    bool unfinished; /* the text ended in the middle of something */
} lexer_state;

void lexer_start(lexer_state *lexer, const source_text *source);
syntax_token lexer_next(lexer_state *lexer);
void lexer_end(lexer_state *lexer);

/* The word at the lexer's position for a command such as `format long` or `clear x*`: skips
 * blanks on the line; an empty one at its end. */
syntax_token lexer_word(lexer_state *lexer);

#endif

/* Tokens of a script. The lexer knows where blanks and line ends mean something: inside brackets
 * it inserts the comma that a blank stands for, inside parentheses it passes over line ends. */
#ifndef SCRIPT_LEXER_H
#define SCRIPT_LEXER_H

#include "autodiff/script/syntax/tree.h"

enum token_kind {
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
};

struct token {
    enum token_kind kind;
    enum operation operation;
    size_t start;
    size_t end;
    double number;
    struct text text; /* of a string; owned by the lexer, valid until the next token */
};

enum { NESTING_LIMIT = 500 };

struct lexer {
    const struct source *source;
    size_t position;
    enum token_kind previous;
    enum operation operation; /* of the previous token */
    size_t depth;
    char nesting[NESTING_LIMIT];    /* the open brackets: ( or [, or @ for the ( of parameters */
    bool after_parameters;          /* the ) just read closes those of an anonymous function */
    uint32_t opened[NESTING_LIMIT]; /* and where they are */
    struct text text;               /* a string's characters, escapes resolved */
    const char *error;              /* of a TOKEN_ERROR */
    size_t error_at;
    bool unfinished; /* the text ended in the middle of something */
};

void lexer_start(struct lexer *lexer, const struct source *source);
struct token lexer_next(struct lexer *lexer);
void lexer_end(struct lexer *lexer);

/* The word at the lexer's position for a command such as `format long` or `clear x*`: skips blanks on
 * the line; an empty one at its end. */
struct token lexer_word(struct lexer *lexer);

#endif

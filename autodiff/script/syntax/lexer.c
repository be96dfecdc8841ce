/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/parser.h"

#include <stdlib.h>
#include <string.h>

/* The byte offset places after the lexer's position; NUL past the end. */
static char peek(const lexer_state *lexer, size_t offset)
{
    size_t place = lexer->position + offset;
    return place < lexer->source->length ? lexer->source->text[place] : '\0';
}

static bool at_end(const lexer_state *lexer)
{
    return lexer->position >= lexer->source->length;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Inside brackets or braces, where a blank may separate elements. */
static bool in_matrix(const lexer_state *lexer)
{
    return lexer->depth && lexer->nesting[lexer->depth - 1] != TOKEN_OPEN;
}

static syntax_token token_error(lexer_state *lexer, size_t at, const char *message)
{
    lexer->error = message;
    return (syntax_token){.kind = TOKEN_ERROR, .start = at, .end = at};
}

static syntax_token token_of(lexer_state *lexer, token_kind kind, size_t length)
{
    syntax_token token = {.kind = kind, .start = lexer->position};
    lexer->position += length;
    token.end = lexer->position;
    return token;
}

/* ---- Blanks, comments, continuation lines ---- */

static void skip_line(lexer_state *lexer)
{
    const char *rest = lexer->source->text + lexer->position;
    const char *newline = memchr(rest, '\n', lexer->source->length - lexer->position);
    lexer->position = newline ? (size_t)(newline - lexer->source->text) : lexer->source->length;
}

/* True when the line around the lexer's position holds nothing but %x or #x, blanks aside. */
static bool block_mark(const lexer_state *lexer, char mark)
{
    const char *text = lexer->source->text, *at = text + lexer->position, *before = at;
    while (before > text && is_blank(before[-1])) before--;
    while (is_blank(*at)) at++;
    const bool first = before == text || before[-1] == '\n';
    if (!first || (*at != '%' && *at != '#') || at[1] != mark) return false;
    at += 2;
    while (is_blank(*at)) at++;
    return *at == '\0' || *at == '\n';
}

/* Passes a comment; %{ ... %} on lines of their own enclose one of several lines, and nest. */
static void skip_comment(lexer_state *lexer)
{
    size_t depth = block_mark(lexer, '{');
    skip_line(lexer);
    while (depth && !at_end(lexer)) {
        lexer->position++;
        depth += block_mark(lexer, '{');
        depth -= block_mark(lexer, '}');
        skip_line(lexer);
    }
    lexer->unfinished = depth > 0;
}

/* Passes what means nothing here; true if there was any. */
static bool skip_blanks(lexer_state *lexer)
{
    size_t start = lexer->position;
    bool parenthesis = lexer->depth && !in_matrix(lexer);
    while (!at_end(lexer)) {
        char c = peek(lexer, 0);
        if (c == '.' && peek(lexer, 1) == '.' && peek(lexer, 2) == '.') {
            skip_line(lexer);
            if (at_end(lexer)) continue;
            lexer->position++;
            lexer->unfinished = at_end(lexer);
        } else if (c == '%' || c == '#') {
            skip_comment(lexer);
        } else if (is_blank(c) || (c == '\n' && parenthesis)) {
            lexer->position++;
        } else {
            break;
        }
    }
    return lexer->position > start;
}

/* ---- Numbers and strings ---- */

/* In 1./x, 2.*x, 3.^x, 4.' and 5... the point is not the number's. */
static bool point_of_number(const char *at)
{
    return at[0] == '.' && (at[1] == '\0' || !strchr("*/\\^'.", at[1]));
}

static syntax_token lex_number(lexer_state *lexer)
{
    static const char digits[] = "0123456789";
    const char *at = lexer->source->text + lexer->position;
    size_t length = strspn(at, digits);
    if (length == 0 || point_of_number(at + length)) length += 1 + strspn(at + length + 1, digits);
    if (at[length] && strchr("eEdD", at[length])) {
        length += at[length + 1] == '+' || at[length + 1] == '-' ? 2 : 1;
        if (!is_digit(at[length]))
            return token_error(lexer, lexer->position, "a number without digits in its exponent");
        length += strspn(at + length, digits);
    }
    if ((at[length] == 'i' || at[length] == 'j') && !is_letter(at[length + 1]))
        return token_error(lexer, lexer->position, "complex numbers are not part of the language");
    if (is_letter(at[length]))
        return token_error(lexer, lexer->position, "a number runs into a name");
    char *text = copy_text(at, length), *exponent = strpbrk(text, "dD");
    if (exponent) *exponent = 'e';
    syntax_token token = token_of(lexer, TOKEN_NUMBER, length);
    token.number = strtod(text, NULL);
    release(text);
    return token;
}

static syntax_token lex_string(lexer_state *lexer, char quote)
{
    const size_t start = lexer->position++;
    lexer->text.length = 0;
    text_append(&lexer->text, "", 0);
    for (;;) {
        char c = peek(lexer, 0), after = peek(lexer, 1);
        const bool escape = quote == '"' && c == '\\' && after; /* resolved by text_unescape */
        const bool pair = escape || (c == quote && after == quote);
        if (c == quote && !pair) break;
        if (escape) text_append(&lexer->text, "\\", 1);
        if (pair) c = after;
        if (at_end(lexer) || c == '\n')
            return token_error(lexer, start, "a string is not closed on its line");
        if (c == '\0') return token_error(lexer, lexer->position, "a NUL byte");
        text_append(&lexer->text, &c, 1);
        lexer->position += 1 + pair;
    }
    lexer->position++;
    if (quote == '"') text_unescape(&lexer->text);
    return (syntax_token){.kind = TOKEN_STRING, .start = start, .end = lexer->position};
}

/* ---- Names ---- */

static const char keywords[] = /* in the order of their token_kind */
    "break continue return do for while if switch try function until endfor endwhile endif "
    "endswitch end_try_catch endfunction end case otherwise catch elseif else";

static syntax_token lex_name(lexer_state *lexer)
{
    static const char reserved[] = "global persistent parfor unwind_protect";
    size_t length = 0;
    while (is_letter(peek(lexer, length)) || is_digit(peek(lexer, length))) length++;
    const char *name = lexer->source->text + lexer->position;
    const size_t place = word_place(keywords, name, length);
    token_kind kind = place                                ? TOKEN_BREAK + (token_kind)(place - 1)
                      : word_place(reserved, name, length) ? TOKEN_RESERVED
                                                           : TOKEN_NAME;
    if (kind == TOKEN_END && lexer->depth) kind = TOKEN_LAST_INDEX;
    return token_of(lexer, kind, length);
}

/* ---- Operators and brackets ---- */

/* The longest operator that starts here, and its length; some are spelt in two ways. */
static operator_kind operator_here(const lexer_state *lexer, size_t *length)
{
    static const char *const spellings[][2] = {{"**", "^"}, {".**", ".^"}, {".+", "+"},
                                               {".-", "-"}, {"~=", "!="},  {"~", "!"}};
    const char *const at = lexer->source->text + lexer->position, *text = at;
    size_t longer = 0, size;
    for (size_t k = 0; text == at && k < sizeof spellings / sizeof *spellings; k++) {
        size = strlen(spellings[k][0]);
        if (strncmp(at, spellings[k][0], size) != 0) continue;
        text = spellings[k][1];
        longer = size - strlen(text);
    }
    operator_kind found = OPERATION_NONE;
    *length = 0;
    for (int k = OPERATION_NONE + 1; k < OPERATION_COUNT; k++) {
        const char *known = operation_text((operator_kind)k);
        size = strlen(known);
        if (size <= *length || strncmp(known, text, size) != 0) continue;
        found = (operator_kind)k;
        *length = size;
    }
    *length += longer;
    return found;
}

static const char *why_not(char c)
{
    return c == '\0'              ? "a NUL byte"
           : c == '.'             ? "structures are not part of the language"
           : c == '+' || c == '-' ? "++ and -- stand before or after a name that is alone; between "
                                    "two signs write a blank"
                                  : "a character that means nothing here";
}

/* x++ and --x are statements: a name is on one side, and nothing on the other. */
static bool is_step(const lexer_state *lexer)
{
    const token_kind before = lexer->previous;
    if (lexer->depth) return false;
    if (before <= TOKEN_COMMA) return is_letter(peek(lexer, 2));
    size_t after = 2;
    while (is_blank(peek(lexer, after))) after++;
    const char next = peek(lexer, after);
    return (before == TOKEN_NAME || before == TOKEN_CLOSE) &&
           (next == '\0' || strchr("\n;,%#", next));
}

static syntax_token lex_symbol(lexer_state *lexer)
{
    static const char marks[] = "\n;,:@=([{)]}"; /* in the order of their token_kind */
    const char c = peek(lexer, 0), after = peek(lexer, 1);
    size_t length;
    const operator_kind operation = operator_here(lexer, &length);
    const bool doubled = after == c && (c == '+' || c == '-'), step = doubled && is_step(lexer);
    const char *mark = c ? strchr(marks, c) : NULL;
    if (c == '.' && is_letter(after)) return token_of(lexer, TOKEN_DOT, 1);
    if ((doubled && !step) || (!mark && operation == OPERATION_NONE))
        return token_error(lexer, lexer->position, why_not(c));
    if (operation == OPERATION_NONE)
        return token_of(lexer, (token_kind)(TOKEN_NEWLINE + (mark - marks)), 1);
    const bool changes =
        operation <= OPERATION_POWER || operation == OPERATION_AND || operation == OPERATION_OR;
    const bool assigns = changes && peek(lexer, length) == '=';
    const bool postfix = operation_level(operation) == LEVEL_POSTFIX;
    syntax_token token = token_of(lexer,
                                  step      ? TOKEN_STEP
                                  : assigns ? TOKEN_ASSIGN
                                  : postfix ? TOKEN_POSTFIX
                                            : TOKEN_OPERATOR,
                                  length + (assigns || step));
    token.operation = operation;
    return token;
}

/* Notes an open bracket, and that a closing one closes the last of its kind. */
static syntax_token nest(lexer_state *lexer, syntax_token token)
{
    const int opener = TOKEN_OPEN - TOKEN_CLOSE + (int)token.kind; /* of a closing bracket */
    if (token.kind >= TOKEN_OPEN && token.kind <= TOKEN_OPEN_BRACE) {
        if (lexer->depth == NESTING_LIMIT)
            return token_error(lexer, token.start, "brackets nested more than 500 deep");
        lexer->nesting[lexer->depth++] = (unsigned char)token.kind;
    } else if (token.kind >= TOKEN_CLOSE && token.kind <= TOKEN_CLOSE_BRACE) {
        static const char *const why[] = {") closes nothing", "] closes nothing",
                                          "} closes nothing"};
        if (lexer->depth == 0 || lexer->nesting[lexer->depth - 1] != opener)
            return token_error(lexer, token.start, why[token.kind - TOKEN_CLOSE]);
        lexer->depth--;
    }
    return token;
}

/* ---- The next token ---- */

/* In brackets, after an operand and a blank: does an element start here? [1 -2] yes, [1 - 2] no. */
static bool starts_element(const lexer_state *lexer)
{
    char c = peek(lexer, 0), after = peek(lexer, 1);
    if (is_letter(c) || is_digit(c) || (c != '\0' && strchr("'\"([{@", c))) return true;
    if (c == '.') return is_digit(after);
    if (c == '!' || c == '~') return after != '=';
    bool sign = c == '+' || c == '-';
    return sign && !is_blank(after) && after != '\n' && after != '=' && after != c;
}

static syntax_token lex(lexer_state *lexer, bool operand, bool blank)
{
    char c = peek(lexer, 0);
    if (at_end(lexer)) return token_of(lexer, TOKEN_FINISH, 0);
    if (blank && operand && in_matrix(lexer) && starts_element(lexer))
        return token_of(lexer, TOKEN_COMMA, 0);
    if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1)))) return lex_number(lexer);
    if (is_letter(c)) return lex_name(lexer);
    if (c == '"' || (c == '\'' && (!operand || (blank && in_matrix(lexer)))))
        return lex_string(lexer, c);
    return nest(lexer, lex_symbol(lexer));
}

syntax_token lexer_next(lexer_state *lexer)
{
    const bool blank = skip_blanks(lexer);
    const bool operand = lexer->previous >= TOKEN_CLOSE && lexer->previous <= TOKEN_NUMBER;
    const syntax_token token = lex(lexer, operand, blank);
    lexer->previous = token.kind;
    return token;
}

/* hold - 1 is an expression, clear -all is not; nor is disp hello, as no operand follows another. */
bool lexer_word(lexer_state *lexer, bool options, syntax_token *word)
{
    const char *text = lexer->source->text + lexer->position, *at = text;
    while (is_blank(*at)) at++;
    const bool quoted = *at == '\'' || *at == '"';
    const size_t length =
        quoted ? 2 + strcspn(at + 1, "'\"\n") : strcspn(at, " \t\r\n,;!\"#$%&'()+<=>@[\\]^`{|}~");
    const bool sign = length == 1 && strchr("-?.:/", *at) && is_blank(at[1]);
    const bool plain = is_letter(at[quoted]) || is_digit(at[quoted]);
    if (at == text || length == 0 || sign || !(plain || options) ||
        (quoted ? at[length - 1] != *at : word_place(keywords, at, length) > 0))
        return false;
    lexer->position += (size_t)(at - text);
    *word = token_of(lexer, TOKEN_NAME, length);
    word->start += quoted;
    word->end -= quoted;
    return true;
}

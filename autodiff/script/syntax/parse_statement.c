#include "autodiff/script/syntax/parser.h"

#include <string.h>

syntax_node *parser_fail(parser_state *p, size_t at, const char *format, ...)
{
    if (!p->failed) {
        va_list arguments;
        va_start(arguments, format);
        p->failed = true;
        p->error->at = at;
        p->error->message.length = 0;
        text_vprint(&p->error->message, format, arguments);
        va_end(arguments);
    }
    return NULL;
}

syntax_node *parser_expected(parser_state *p, const char *what)
{
    syntax_token token = p->token;
    int length = (int)(token.end - token.start < 40 ? token.end - token.start : 40);
    switch (token.kind) {
    case TOKEN_FINISH:
        parser_fail(p, token.start, "expected %s, found the end of the script", what);
        p->error->incomplete = true;
        return NULL;
    case TOKEN_NEWLINE:
        return parser_fail(p, token.start, "expected %s, found the end of the line", what);
    case TOKEN_COMMA: /* may be the one that a blank stands for */
        return parser_fail(p, token.start, "expected %s, found ,", what);
    case TOKEN_RESERVED:
        return parser_fail(p, token.start, "%.*s is not part of the language", length,
                           p->lexer.source->text + token.start);
    default:
        return parser_fail(p, token.start, "expected %s, found %.*s", what, length,
                           p->lexer.source->text + token.start);
    }
}

void parser_advance(parser_state *p)
{
    p->last_end = p->token.end;
    if (p->failed) return;
    p->token = lexer_next(&p->lexer);
    if (p->token.kind == TOKEN_ERROR) parser_fail(p, p->lexer.error_at, "%s", p->lexer.error);
}

bool parser_enter(parser_state *p)
{
    if (++p->depth > DEPTH_LIMIT)
        parser_fail(p, p->token.start, "nested more than %d deep", DEPTH_LIMIT);
    return !p->failed;
}

void parser_leave(parser_state *p)
{
    p->depth--;
}

bool parser_at(const parser_state *p, token_kind kind)
{
    return !p->failed && p->token.kind == kind;
}

bool parser_pass(parser_state *p, token_kind kind)
{
    bool at = parser_at(p, kind);
    if (at) parser_advance(p);
    return at;
}

syntax_node *parser_token(parser_state *p, node_kind kind)
{
    syntax_node *node = tree_node(p->tree, kind, p->token.start, p->token.end);
    parser_advance(p);
    return node;
}

syntax_node *parser_name(parser_state *p)
{
    size_t start = p->token.start, length = p->token.end - start;
    syntax_node *node = parser_token(p, NODE_NAME);
    node->symbol = symbol_of(p->symbols, p->lexer.source->text + start, length);
    return node;
}

static bool is_separator(token_kind kind)
{
    return kind == TOKEN_NEWLINE || kind == TOKEN_SEMICOLON || kind == TOKEN_COMMA;
}

/* No separator is needed before these. */
static bool ends_block(token_kind kind)
{
    return kind == TOKEN_END || kind == TOKEN_ENDFOR || kind == TOKEN_ENDWHILE ||
           kind == TOKEN_ENDIF || kind == TOKEN_ELSE || kind == TOKEN_ELSEIF ||
           kind == TOKEN_FINISH;
}

/* The end of a statement; only ; keeps it from printing. */
static void parse_separator(parser_state *p, syntax_node *statement)
{
    statement->printed = p->token.kind != TOKEN_SEMICOLON;
    if (is_separator(p->token.kind)) parser_advance(p);
    else if (!ends_block(p->token.kind)) parser_expected(p, "the end of the statement");
}

/* ---- Assignments ---- */

static bool is_target(const syntax_node *node)
{
    if (node->parenthesized) return false;
    return node->kind == NODE_NAME ||
           (node->kind == NODE_INDEX && is_target(node->left) && node->left->kind == NODE_NAME);
}

static bool are_targets(parser_state *p, const syntax_node *list)
{
    for (; list; list = list->next)
        if (list->kind == NODE_PLACEHOLDER) p->placeholders--;
        else if (!is_target(list)) return false;
    return true;
}

/* What stands before =: a name, name(index), or [a, b]. */
static syntax_node *parse_assignment(parser_state *p, syntax_node *left)
{
    syntax_token token = p->token;
    bool several = left->kind == NODE_MATRIX && left->right && !left->right->next &&
                   left->right->right && !left->parenthesized;
    if (several ? !are_targets(p, left->right->right) : !is_target(left))
        return parser_fail(p, left->start,
                           "only a name, name(index) or [name, ...] can be assigned to");
    if (several && token.operation != OPERATION_NONE)
        return parser_fail(p, token.start, "%s= with several targets",
                           operation_text(token.operation));
    parser_advance(p);
    syntax_node *right = parse_expression(p);
    if (!right) return NULL;
    if (parser_at(p, TOKEN_ASSIGN))
        return parser_fail(p, p->token.start, "a statement assigns once");
    syntax_node *statement =
        tree_node(p->tree, several ? NODE_MULTIPLE : NODE_ASSIGN, left->start, p->last_end);
    statement->left = several ? left->right->right : left;
    statement->right = right;
    statement->operation = (unsigned char)token.operation;
    return statement;
}

static syntax_node *parse_simple(parser_state *p)
{
    syntax_node *node = parse_expression(p);
    if (node && parser_at(p, TOKEN_ASSIGN)) {
        node = parse_assignment(p, node);
    } else if (node) {
        syntax_node *statement = tree_node(p->tree, NODE_EXPRESSION, node->start, p->last_end);
        statement->left = node;
        node = statement;
    }
    if (node && p->placeholders)
        return parser_fail(p, p->placeholder, "expected an expression after ~");
    if (node) parse_separator(p, node);
    return p->failed ? NULL : node;
}

/* `help NAME` */
static syntax_node *parse_help(parser_state *p)
{
    syntax_node *statement = tree_node(p->tree, NODE_HELP, p->token.start, p->token.end);
    syntax_token word = lexer_word(&p->lexer);
    statement->length = (uint32_t)(word.end - word.start);
    statement->u.text =
        tree_text(p->tree, p->lexer.source->text + word.start, word.end - word.start);
    statement->end = (uint32_t)word.end;
    parser_advance(p);
    parse_separator(p, statement);
    return p->failed ? NULL : statement;
}

/* `clear x y`: the call clear("x", "y"); `format long`: format("long"). */
static syntax_node *parse_call_of_words(parser_state *p)
{
    syntax_token token = p->token, word;
    syntax_tree *tree = p->tree;
    const char *text = p->lexer.source->text;
    syntax_node *call = tree_node(tree, NODE_INDEX, token.start, token.end);
    syntax_node **last = &call->right;
    call->left = tree_node(tree, NODE_NAME, token.start, token.end);
    call->left->symbol = symbol_of(p->symbols, text + token.start, token.end - token.start);
    while (word = lexer_word(&p->lexer), word.end > word.start) {
        syntax_node *argument = tree_node(tree, NODE_STRING, word.start, word.end);
        argument->length = (uint32_t)(word.end - word.start);
        argument->u.text = tree_text(tree, text + word.start, argument->length);
        call->end = argument->end;
        *last = argument;
        last = &argument->next;
    }
    syntax_node *statement = tree_node(tree, NODE_EXPRESSION, call->start, call->end);
    statement->left = call;
    parser_advance(p);
    parse_separator(p, statement);
    return p->failed ? NULL : statement;
}

/* The kind of a command that starts here, or 0. */
static node_kind command_kind(const parser_state *p)
{
    const char *text = p->lexer.source->text + p->token.start;
    size_t length = p->token.end - p->token.start;
    size_t after = p->token.end;
    while (p->lexer.source->text[after] == ' ' || p->lexer.source->text[after] == '\t') after++;
    char next = p->lexer.source->text[after];
    if (next == '=' || next == '(' || p->token.kind != TOKEN_NAME) return NODE_NUMBER;
    if (length == 6 && memcmp(text, "format", 6) == 0) return NODE_EXPRESSION;
    bool word = after > p->token.end && next != '\0' && strchr("-*?_", next);
    word = word || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (length == 5 && memcmp(text, "clear", 5) == 0 && word) return NODE_EXPRESSION;
    return length == 4 && memcmp(text, "help", 4) == 0 ? NODE_HELP : NODE_NUMBER;
}

/* ---- Blocks ---- */

static syntax_node *parse_statement(parser_state *p);

static syntax_node *parse_block(parser_state *p)
{
    syntax_node *first = NULL, **last = &first;
    while (!p->failed && !ends_block(p->token.kind)) {
        if (is_separator(p->token.kind)) {
            parser_advance(p);
            continue;
        }
        *last = parse_statement(p);
        if (!*last) return NULL;
        last = &(*last)->next;
    }
    return first;
}

/* Passes end, or the word that ends this kind of block alone, and a separator. */
static void close_block(parser_state *p, token_kind word, const char *what, size_t start)
{
    if (parser_at(p, TOKEN_FINISH)) {
        parser_fail(p, start, "%s is never ended", what);
        p->error->incomplete = true;
        return;
    }
    if (!parser_at(p, TOKEN_END) && !parser_at(p, word)) {
        text_buffer expected = {0};
        text_print(&expected, "end of the %s", what);
        parser_expected(p, expected.data);
        text_free(&expected);
        return;
    }
    parser_advance(p);
    if (is_separator(p->token.kind)) parser_advance(p);
}

static syntax_node *parse_loop_body(parser_state *p)
{
    p->loops++;
    syntax_node *body = parse_block(p);
    p->loops--;
    return body;
}

static syntax_node *parse_for(parser_state *p)
{
    syntax_node *loop = parser_token(p, NODE_FOR);
    bool parenthesis = parser_pass(p, TOKEN_OPEN);
    if (!parser_at(p, TOKEN_NAME)) return parser_expected(p, "the name of the loop's variable");
    loop->left = parser_name(p);
    if (!parser_at(p, TOKEN_ASSIGN) || p->token.operation != OPERATION_NONE)
        return parser_expected(p, "=");
    parser_advance(p);
    loop->right = parse_expression(p);
    if (loop->right && parenthesis && !parser_pass(p, TOKEN_CLOSE)) return parser_expected(p, ")");
    if (loop->right) {
        loop->end = (uint32_t)p->last_end;
        loop->u.third = parse_loop_body(p);
        close_block(p, TOKEN_ENDFOR, "for", loop->start);
    }
    return p->failed ? NULL : loop;
}

static syntax_node *parse_while(parser_state *p)
{
    syntax_node *loop = parser_token(p, NODE_WHILE);
    loop->left = parse_expression(p);
    if (loop->left) {
        loop->u.third = parse_loop_body(p);
        close_block(p, TOKEN_ENDWHILE, "while", loop->start);
    }
    return p->failed ? NULL : loop;
}

static syntax_node *parse_clause(parser_state *p)
{
    bool has_condition = !parser_at(p, TOKEN_ELSE);
    syntax_node *clause = parser_token(p, NODE_CLAUSE);
    if (has_condition) clause->left = parse_expression(p);
    clause->u.third = parse_block(p);
    return p->failed ? NULL : clause;
}

static syntax_node *parse_if(parser_state *p)
{
    syntax_token token = p->token;
    syntax_node *statement = tree_node(p->tree, NODE_IF, token.start, token.end);
    syntax_node **last = &statement->right;
    token_kind kind;
    do {
        kind = p->token.kind;
        *last = parse_clause(p);
        if (!*last) return NULL;
        last = &(*last)->next;
    } while (kind != TOKEN_ELSE && (parser_at(p, TOKEN_ELSEIF) || parser_at(p, TOKEN_ELSE)));
    close_block(p, TOKEN_ENDIF, "if", token.start);
    return p->failed ? NULL : statement;
}

static syntax_node *parse_word(parser_state *p, node_kind kind)
{
    if (p->loops == 0)
        return parser_fail(p, p->token.start, "%s outside a loop",
                           kind == NODE_BREAK ? "break" : "continue");
    syntax_node *statement = parser_token(p, kind);
    parse_separator(p, statement);
    return p->failed ? NULL : statement;
}

static syntax_node *parse_kind(parser_state *p)
{
    switch (p->token.kind) {
    case TOKEN_FOR: return parse_for(p);
    case TOKEN_WHILE: return parse_while(p);
    case TOKEN_IF: return parse_if(p);
    case TOKEN_BREAK: return parse_word(p, NODE_BREAK);
    case TOKEN_CONTINUE: return parse_word(p, NODE_CONTINUE);
    default:;
    }
    node_kind command = command_kind(p);
    return command == NODE_NUMBER       ? parse_simple(p)
           : command == NODE_EXPRESSION ? parse_call_of_words(p)
                                        : parse_help(p);
}

static syntax_node *parse_statement(parser_state *p)
{
    syntax_node *statement = parser_enter(p) ? parse_kind(p) : NULL;
    parser_leave(p);
    return statement;
}

bool parse_script(parsed_script *script, symbol_table *symbols, parse_error *error)
{
    parser_state p = {.tree = &script->tree, .symbols = symbols, .error = error};
    *error = (parse_error){0};
    lexer_start(&p.lexer, script->source);
    parser_advance(&p);
    script->body = parse_block(&p);
    if (!p.failed && p.token.kind != TOKEN_FINISH) parser_expected(&p, "a statement");
    if (p.lexer.unfinished) {
        error->incomplete = true;
        parser_fail(&p, script->source->length, "a comment or line is not finished");
    }
    lexer_end(&p.lexer);
    return !p.failed;
}

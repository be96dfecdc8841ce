#include "autodiff/script/syntax/parser.h"

#include <string.h>

syntax_node *parser_fail(parser_state *parser, size_t at, const char *format, ...)
{
    if (!parser->failed) {
        va_list arguments;
        va_start(arguments, format);
        parser->failed = true;
        parser->error->at = at;
        parser->error->message.length = 0;
        text_vprint(&parser->error->message, format, arguments);
        va_end(arguments);
    }
    return NULL;
}

syntax_node *parser_expected(parser_state *parser, const char *what)
{
    syntax_token token = parser->token;
    int length = (int)(token.end - token.start < 40 ? token.end - token.start : 40);
    switch (token.kind) {
    case TOKEN_FINISH:
        parser_fail(parser, token.start, "expected %s, found the end of the script", what);
        parser->error->incomplete = true;
        return NULL;
    case TOKEN_NEWLINE:
        return parser_fail(parser, token.start, "expected %s, found the end of the line", what);
    case TOKEN_COMMA: /* may be the one that a blank stands for */
        return parser_fail(parser, token.start, "expected %s, found ,", what);
    case TOKEN_RESERVED:
        return parser_fail(parser, token.start, "%.*s is not part of the language", length,
                           parser->lexer.source->text + token.start);
    default:
        return parser_fail(parser, token.start, "expected %s, found %.*s", what, length,
                           parser->lexer.source->text + token.start);
    }
}

void parser_advance(parser_state *parser)
{
    parser->last_end = parser->token.end;
    if (parser->failed) return;
    parser->token = lexer_next(&parser->lexer);
    if (parser->token.kind == TOKEN_ERROR)
        parser_fail(parser, parser->lexer.error_at, "%s", parser->lexer.error);
}

bool parser_enter(parser_state *parser)
{
    if (++parser->depth > DEPTH_LIMIT)
        parser_fail(parser, parser->token.start, "nested more than %d deep", DEPTH_LIMIT);
    return !parser->failed;
}

void parser_leave(parser_state *parser)
{
    parser->depth--;
}

static bool next_is(const parser_state *parser, token_kind kind)
{
    return !parser->failed && parser->token.kind == kind;
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
static void parse_separator(parser_state *parser, syntax_node *statement)
{
    statement->printed = parser->token.kind != TOKEN_SEMICOLON;
    if (is_separator(parser->token.kind)) parser_advance(parser);
    else if (!ends_block(parser->token.kind)) parser_expected(parser, "the end of the statement");
}

/* ---- Assignments ---- */

static bool is_target(const syntax_node *node)
{
    if (node->parenthesized) return false;
    return node->kind == NODE_NAME ||
           (node->kind == NODE_INDEX && is_target(node->left) && node->left->kind == NODE_NAME);
}

static bool are_targets(parser_state *parser, const syntax_node *list)
{
    for (; list; list = list->next)
        if (list->kind == NODE_PLACEHOLDER) parser->placeholders--;
        else if (!is_target(list)) return false;
    return true;
}

/* What stands before =: a name, name(index), or [a, b]. */
static syntax_node *parse_assignment(parser_state *parser, syntax_node *left)
{
    syntax_token token = parser->token;
    bool several = left->kind == NODE_MATRIX && left->right && !left->right->next &&
                   left->right->right && !left->parenthesized;
    if (several ? !are_targets(parser, left->right->right) : !is_target(left))
        return parser_fail(parser, left->start,
                           "only a name, name(index) or [name, ...] can be assigned to");
    if (several && token.operation != OPERATION_NONE)
        return parser_fail(parser, token.start, "%s= with several targets",
                           operation_text(token.operation));
    parser_advance(parser);
    syntax_node *right = parse_expression(parser);
    if (!right) return NULL;
    if (next_is(parser, TOKEN_ASSIGN))
        return parser_fail(parser, parser->token.start, "a statement assigns once");
    syntax_node *statement = tree_node(parser->tree, several ? NODE_MULTIPLE : NODE_ASSIGN,
                                       left->start, parser->last_end);
    statement->left = several ? left->right->right : left;
    statement->right = right;
    statement->operation = (unsigned char)token.operation;
    return statement;
}

static syntax_node *parse_simple(parser_state *parser)
{
    syntax_node *node = parse_expression(parser);
    if (node && next_is(parser, TOKEN_ASSIGN)) {
        node = parse_assignment(parser, node);
    } else if (node) {
        syntax_node *statement =
            tree_node(parser->tree, NODE_EXPRESSION, node->start, parser->last_end);
        statement->left = node;
        node = statement;
    }
    if (node && parser->placeholders)
        return parser_fail(parser, parser->placeholder, "expected an expression after ~");
    if (node) parse_separator(parser, node);
    return parser->failed ? NULL : node;
}

/* `format long` and `help NAME`, which need no parentheses. */
static syntax_node *parse_command(parser_state *parser, node_kind kind)
{
    syntax_node *statement = tree_node(parser->tree, kind, parser->token.start, parser->token.end);
    syntax_token word = lexer_word(&parser->lexer);
    statement->length = (uint32_t)(word.end - word.start);
    statement->u.text =
        tree_text(parser->tree, parser->lexer.source->text + word.start, word.end - word.start);
    statement->end = (uint32_t)word.end;
    parser_advance(parser);
    parse_separator(parser, statement);
    return parser->failed ? NULL : statement;
}

/* `clear x y`: the call clear("x", "y"). */
static syntax_node *parse_call_of_words(parser_state *parser)
{
    syntax_token token = parser->token, word;
    syntax_tree *tree = parser->tree;
    const char *text = parser->lexer.source->text;
    syntax_node *call = tree_node(tree, NODE_INDEX, token.start, token.end);
    syntax_node **last = &call->right;
    call->left = tree_node(tree, NODE_NAME, token.start, token.end);
    call->left->symbol = symbol_of(parser->symbols, text + token.start, token.end - token.start);
    while (word = lexer_word(&parser->lexer), word.end > word.start) {
        syntax_node *argument = tree_node(tree, NODE_STRING, word.start, word.end);
        argument->length = (uint32_t)(word.end - word.start);
        argument->u.text = tree_text(tree, text + word.start, argument->length);
        call->end = argument->end;
        *last = argument;
        last = &argument->next;
    }
    syntax_node *statement = tree_node(tree, NODE_EXPRESSION, call->start, call->end);
    statement->left = call;
    parser_advance(parser);
    parse_separator(parser, statement);
    return parser->failed ? NULL : statement;
}

/* The kind of a command that starts here, or 0. */
static node_kind command_kind(const parser_state *parser)
{
    const char *text = parser->lexer.source->text + parser->token.start;
    size_t length = parser->token.end - parser->token.start;
    size_t after = parser->token.end;
    while (parser->lexer.source->text[after] == ' ' || parser->lexer.source->text[after] == '\t')
        after++;
    char next = parser->lexer.source->text[after];
    if (next == '=' || next == '(' || parser->token.kind != TOKEN_NAME) return NODE_NUMBER;
    if (length == 6 && memcmp(text, "format", 6) == 0) return NODE_FORMAT;
    bool word = after > parser->token.end && next != '\0' && strchr("-*?_", next);
    word = word || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (length == 5 && memcmp(text, "clear", 5) == 0 && word) return NODE_EXPRESSION;
    return length == 4 && memcmp(text, "help", 4) == 0 ? NODE_HELP : NODE_NUMBER;
}

/* ---- Blocks ---- */

static syntax_node *parse_statement(parser_state *parser);

static syntax_node *parse_block(parser_state *parser)
{
    syntax_node *first = NULL, **last = &first;
    while (!parser->failed && !ends_block(parser->token.kind)) {
        if (is_separator(parser->token.kind)) {
            parser_advance(parser);
            continue;
        }
        *last = parse_statement(parser);
        if (!*last) return NULL;
        last = &(*last)->next;
    }
    return first;
}

/* Passes end, or the word that ends this kind of block alone, and a separator. */
static void close_block(parser_state *parser, token_kind word, const char *what, size_t start)
{
    if (next_is(parser, TOKEN_FINISH)) {
        parser_fail(parser, start, "%s is never ended", what);
        parser->error->incomplete = true;
        return;
    }
    if (!next_is(parser, TOKEN_END) && !next_is(parser, word)) {
        text_buffer expected = {0};
        text_print(&expected, "end of the %s", what);
        parser_expected(parser, expected.data);
        text_free(&expected);
        return;
    }
    parser_advance(parser);
    if (is_separator(parser->token.kind)) parser_advance(parser);
}

static syntax_node *parse_loop_body(parser_state *parser)
{
    parser->loops++;
    syntax_node *body = parse_block(parser);
    parser->loops--;
    return body;
}

static syntax_node *parse_for(parser_state *parser)
{
    syntax_token token = parser->token;
    syntax_node *loop = tree_node(parser->tree, NODE_FOR, token.start, token.end);
    parser_advance(parser);
    bool parenthesis = next_is(parser, TOKEN_OPEN);
    if (parenthesis) parser_advance(parser);
    if (!next_is(parser, TOKEN_NAME))
        return parser_expected(parser, "the name of the loop's variable");
    loop->left = tree_node(parser->tree, NODE_NAME, parser->token.start, parser->token.end);
    loop->left->symbol =
        symbol_of(parser->symbols, parser->lexer.source->text + parser->token.start,
                  parser->token.end - parser->token.start);
    parser_advance(parser);
    if (!next_is(parser, TOKEN_ASSIGN) || parser->token.operation != OPERATION_NONE)
        return parser_expected(parser, "=");
    parser_advance(parser);
    loop->right = parse_expression(parser);
    if (loop->right && parenthesis) {
        if (!next_is(parser, TOKEN_CLOSE)) return parser_expected(parser, ")");
        parser_advance(parser);
    }
    if (loop->right) {
        loop->end = (uint32_t)parser->last_end;
        loop->u.third = parse_loop_body(parser);
        close_block(parser, TOKEN_ENDFOR, "for", token.start);
    }
    return parser->failed ? NULL : loop;
}

static syntax_node *parse_while(parser_state *parser)
{
    syntax_token token = parser->token;
    syntax_node *loop = tree_node(parser->tree, NODE_WHILE, token.start, token.end);
    parser_advance(parser);
    loop->left = parse_expression(parser);
    if (loop->left) {
        loop->u.third = parse_loop_body(parser);
        close_block(parser, TOKEN_ENDWHILE, "while", token.start);
    }
    return parser->failed ? NULL : loop;
}

static syntax_node *parse_clause(parser_state *parser)
{
    syntax_token token = parser->token;
    syntax_node *clause = tree_node(parser->tree, NODE_CLAUSE, token.start, token.end);
    parser_advance(parser);
    if (token.kind != TOKEN_ELSE) clause->left = parse_expression(parser);
    clause->u.third = parse_block(parser);
    return parser->failed ? NULL : clause;
}

static syntax_node *parse_if(parser_state *parser)
{
    syntax_token token = parser->token;
    syntax_node *statement = tree_node(parser->tree, NODE_IF, token.start, token.end);
    syntax_node **last = &statement->right;
    token_kind kind;
    do {
        kind = parser->token.kind;
        *last = parse_clause(parser);
        if (!*last) return NULL;
        last = &(*last)->next;
    } while (kind != TOKEN_ELSE && (next_is(parser, TOKEN_ELSEIF) || next_is(parser, TOKEN_ELSE)));
    close_block(parser, TOKEN_ENDIF, "if", token.start);
    return parser->failed ? NULL : statement;
}

static syntax_node *parse_word(parser_state *parser, node_kind kind)
{
    if (parser->loops == 0)
        return parser_fail(parser, parser->token.start, "%s outside a loop",
                           kind == NODE_BREAK ? "break" : "continue");
    syntax_node *statement = tree_node(parser->tree, kind, parser->token.start, parser->token.end);
    parser_advance(parser);
    parse_separator(parser, statement);
    return parser->failed ? NULL : statement;
}

static syntax_node *parse_kind(parser_state *parser)
{
    switch (parser->token.kind) {
    case TOKEN_FOR: return parse_for(parser);
    case TOKEN_WHILE: return parse_while(parser);
    case TOKEN_IF: return parse_if(parser);
    case TOKEN_BREAK: return parse_word(parser, NODE_BREAK);
    case TOKEN_CONTINUE: return parse_word(parser, NODE_CONTINUE);
    default:;
    }
    node_kind command = command_kind(parser);
    return command == NODE_NUMBER       ? parse_simple(parser)
           : command == NODE_EXPRESSION ? parse_call_of_words(parser)
                                        : parse_command(parser, command);
}

static syntax_node *parse_statement(parser_state *parser)
{
    syntax_node *statement = parser_enter(parser) ? parse_kind(parser) : NULL;
    parser_leave(parser);
    return statement;
}

bool parse_script(parsed_script *script, symbol_table *symbols, parse_error *error)
{
    parser_state parser = {.tree = &script->tree, .symbols = symbols, .error = error};
    *error = (parse_error){0};
    lexer_start(&parser.lexer, script->source);
    parser_advance(&parser);
    script->body = parse_block(&parser);
    if (!parser.failed && parser.token.kind != TOKEN_FINISH)
        parser_expected(&parser, "a statement");
    if (parser.lexer.unfinished) {
        error->incomplete = true;
        parser_fail(&parser, script->source->length, "a comment or line is not finished");
    }
    lexer_end(&parser.lexer);
    return !parser.failed;
}

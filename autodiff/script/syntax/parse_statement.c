/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/parser.h"

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
    const syntax_token token = p->token;
    const char *text = p->lexer.source->text + token.start;
    const int length = (int)(token.end - token.start < 40 ? token.end - token.start : 40);
    if (token.kind == TOKEN_RESERVED)
        return parser_fail(p, token.start, "%.*s is not part of the language", length, text);
    if (parser_at(p, TOKEN_FINISH)) p->error->incomplete = true;
    const char *found = token.kind == TOKEN_FINISH    ? "the end of the script"
                        : token.kind == TOKEN_NEWLINE ? "the end of the line"
                        : token.kind == TOKEN_COMMA   ? "," /* a blank may stand for it */
                                                      : NULL;
    return parser_fail(p, token.start, "expected %s, found %.*s", what, found ? 40 : length,
                       found ? found : text);
}

void parser_advance(parser_state *p)
{
    p->last_end = p->token.end;
    if (p->failed) return;
    p->token = lexer_next(&p->lexer);
    if (p->token.kind == TOKEN_ERROR) parser_fail(p, p->token.start, "%s", p->lexer.error);
}

syntax_node *parser_nested(parser_state *p, syntax_node *(*parse)(parser_state *))
{
    if (++p->depth > DEPTH_LIMIT)
        parser_fail(p, p->token.start, "nested more than %d deep", DEPTH_LIMIT);
    syntax_node *node = p->failed ? NULL : parse(p);
    p->depth--;
    return p->failed ? NULL : node;
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
    if (kind == NODE_NUMBER) node->u.number = p->token.number;
    parser_advance(p);
    return node;
}

syntax_node *parser_name(parser_state *p)
{
    const size_t start = p->token.start, length = p->token.end - start;
    syntax_node *node = parser_token(p, NODE_NAME);
    node->symbol = symbol_of(p->symbols, p->lexer.source->text + start, length);
    return node;
}

syntax_node *parser_node(parser_state *p, node_kind kind, size_t start, syntax_node *left,
                         syntax_node *right)
{
    if (p->failed) return NULL;
    syntax_node *node = tree_node(p->tree, kind, start, p->last_end);
    node->left = left;
    node->right = right;
    node->height = left ? left->height + 1 : 1;
    for (const syntax_node *item = right; item; item = item->next)
        node->height = item->height >= node->height ? item->height + 1 : node->height;
    if (node->height > HEIGHT_LIMIT)
        return parser_fail(p, start, "an expression of more than %d levels", HEIGHT_LIMIT);
    return node;
}

static bool is_separator(token_kind kind)
{
    return kind >= TOKEN_NEWLINE && kind <= TOKEN_COMMA;
}

/* No separator is needed before these. */
static bool ends_block(token_kind kind)
{
    return kind == TOKEN_FINISH || (kind >= TOKEN_ENDFOR && kind <= TOKEN_ELSE);
}

/* The end of a statement; only ; keeps it from printing. */
static syntax_node *end_statement(parser_state *p, syntax_node *statement)
{
    if (p->failed) return NULL;
    statement->printed = p->token.kind != TOKEN_SEMICOLON;
    if (is_separator(p->token.kind)) parser_advance(p);
    else if (!ends_block(p->token.kind)) parser_expected(p, "the end of the statement");
    return p->failed ? NULL : statement;
}

/* ---- Assignments ---- */

static bool is_target(const syntax_node *node)
{
    const bool indexed = node->kind == NODE_INDEX && !node->parenthesized;
    const syntax_node *name = indexed ? node->left : node;
    return name->kind == NODE_NAME && !name->parenthesized;
}

/* An assignment to left: a name, name(index), or [a, ~, b]. */
static syntax_node *parse_assignment(parser_state *p, syntax_node *left)
{
    const syntax_token token = p->token;
    const bool several = left->kind == NODE_MATRIX && left->right && !left->right->next &&
                         left->right->right && !left->parenthesized;
    syntax_node *targets = several ? left->right->right : left;
    for (const syntax_node *target = targets; target; target = target->next)
        if (several && target->kind == NODE_PLACEHOLDER) p->placeholders--;
        else if (!is_target(target))
            return parser_fail(p, left->start,
                               "only a name, name(index) or [name, ...] can be assigned to");
    if (several && token.operation != OPERATION_NONE)
        return parser_fail(p, token.start, "%s= with several targets",
                           operation_text(token.operation));
    parser_advance(p);
    syntax_node *right = parse_expression(p);
    if (parser_at(p, TOKEN_ASSIGN))
        return parser_fail(p, p->token.start, "a statement assigns once");
    const node_kind kind = several ? NODE_MULTIPLE : NODE_ASSIGN;
    syntax_node *statement = parser_node(p, kind, left->start, targets, right);
    if (statement) statement->operation = (unsigned char)token.operation;
    return statement;
}

static syntax_node *parse_simple(parser_state *p)
{
    syntax_node *left = parse_expression(p);
    if (!left) return NULL;
    syntax_node *statement = parser_at(p, TOKEN_ASSIGN)
                                 ? parse_assignment(p, left)
                                 : parser_node(p, NODE_EXPRESSION, left->start, left, NULL);
    if (p->placeholders) parser_fail(p, p->placeholder, "expected an expression after ~");
    return end_statement(p, statement);
}

/* A statement that begins with a name: where words follow, as in `clear x y`, the call
 * clear("x", "y"). */
static syntax_node *parse_command(parser_state *p)
{
    static const char *const names[] = {"clear", "format", "help"};
    const char *text = p->lexer.source->text;
    const syntax_token name = p->token;
    syntax_node *words = NULL, **last = &words;
    syntax_token word;
    bool known = false;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        known = known || is_word(names[k], text + name.start, name.end - name.start);
    while (known && lexer_word(&p->lexer, &word)) {
        *last =
            tree_string(p->tree, word.start, word.end, text + word.start, word.end - word.start);
        last = &(*last)->next;
    }
    if (!words) return parse_simple(p);
    syntax_node *call = parser_node(p, NODE_INDEX, name.start, parser_name(p), words);
    return end_statement(p, parser_node(p, NODE_EXPRESSION, name.start, call, NULL));
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
        *last = parser_nested(p, parse_statement);
        if (!*last) return NULL;
        last = &(*last)->next;
    }
    return first;
}

/* Passes the end of the block that the word at `opened` began, and a separator. */
static void end_block(parser_state *p, syntax_token opened)
{
    const int length = (int)(opened.end - opened.start);
    const char *word = p->lexer.source->text + opened.start;
    if (parser_at(p, TOKEN_FINISH)) {
        p->error->incomplete = true;
        parser_fail(p, opened.start, "%.*s is never ended", length, word);
    } else if (!parser_pass(p, TOKEN_END) &&
               !parser_pass(p, TOKEN_ENDFOR + (opened.kind - TOKEN_FOR))) {
        char expected[40];
        snprintf(expected, sizeof expected, "end of the %.*s", length, word);
        parser_expected(p, expected);
    } else if (is_separator(p->token.kind)) {
        parser_advance(p);
    }
}

/* variable = expression, maybe in parentheses */
static void parse_for_head(parser_state *p, syntax_node *loop)
{
    const bool parenthesis = parser_pass(p, TOKEN_OPEN);
    if (parser_at(p, TOKEN_NAME)) loop->left = parser_name(p);
    else parser_expected(p, "the name of the loop's variable");
    if (p->token.operation != OPERATION_NONE || !parser_pass(p, TOKEN_ASSIGN))
        parser_expected(p, "=");
    loop->right = parse_expression(p);
    if (parenthesis && !parser_pass(p, TOKEN_CLOSE)) parser_expected(p, ")");
    loop->end = (uint32_t)p->last_end;
}

static syntax_node *parse_loop(parser_state *p, node_kind kind)
{
    const syntax_token opened = p->token;
    syntax_node *loop = parser_token(p, kind);
    if (kind == NODE_FOR) parse_for_head(p, loop);
    else loop->left = parse_expression(p);
    p->loops++;
    loop->u.third = parse_block(p);
    p->loops--;
    end_block(p, opened);
    return loop;
}

static syntax_node *parse_if(parser_state *p)
{
    const syntax_token opened = p->token;
    syntax_node *statement = tree_node(p->tree, NODE_IF, opened.start, opened.end);
    syntax_node **last = &statement->right;
    bool otherwise = false;
    do {
        otherwise = parser_at(p, TOKEN_ELSE);
        syntax_node *clause = parser_token(p, NODE_CLAUSE);
        if (!otherwise) clause->left = parse_expression(p);
        clause->u.third = parse_block(p);
        *last = clause;
        last = &clause->next;
    } while (!otherwise && (parser_at(p, TOKEN_ELSEIF) || parser_at(p, TOKEN_ELSE)));
    end_block(p, opened);
    return statement;
}

static syntax_node *parse_jump(parser_state *p, node_kind kind)
{
    if (p->loops == 0)
        return parser_fail(p, p->token.start, "%s outside a loop",
                           kind == NODE_BREAK ? "break" : "continue");
    return end_statement(p, parser_token(p, kind));
}

static syntax_node *parse_statement(parser_state *p)
{
    switch (p->token.kind) {
    case TOKEN_FOR: return parse_loop(p, NODE_FOR);
    case TOKEN_WHILE: return parse_loop(p, NODE_WHILE);
    case TOKEN_IF: return parse_if(p);
    case TOKEN_BREAK: return parse_jump(p, NODE_BREAK);
    case TOKEN_CONTINUE: return parse_jump(p, NODE_CONTINUE);
    case TOKEN_NAME: return parse_command(p);
    default: return parse_simple(p);
    }
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
    text_free(&p.lexer.text);
    return !p.failed;
}

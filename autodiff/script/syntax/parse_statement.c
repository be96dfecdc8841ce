/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/parser.h"

syntax_node *parser_fail(parser_state *p, size_t at, const char *format, ...)
{
    if (p->token.kind != TOKEN_ERROR) {
        va_list arguments;
        va_start(arguments, format);
        p->error->at = at;
        text_vprint(&p->error->message, format, arguments);
        va_end(arguments);
        p->token = (syntax_token){.kind = TOKEN_ERROR};
    }
    return tree_node(p->tree, NODE_PLACEHOLDER, at, at);
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
    if (p->token.kind == TOKEN_ERROR) return;
    p->last_end = p->token.end;
    const syntax_token token = lexer_next(&p->lexer);
    if (token.kind == TOKEN_ERROR) parser_fail(p, token.start, "%s", p->lexer.error);
    else p->token = token;
}

syntax_node *parser_nested(parser_state *p, syntax_node *(*parse)(parser_state *))
{
    const bool within = ++p->depth <= DEPTH_LIMIT;
    syntax_node *node =
        within ? parse(p) : parser_fail(p, p->token.start, "nested more than %d deep", DEPTH_LIMIT);
    p->depth--;
    return node;
}

bool parser_at(const parser_state *p, token_kind kind)
{
    return p->token.kind == kind;
}

bool parser_pass(parser_state *p, token_kind kind)
{
    const bool at = parser_at(p, kind);
    if (at) parser_advance(p);
    return at;
}

void parser_need(parser_state *p, token_kind kind, const char *what)
{
    if (!parser_pass(p, kind)) parser_expected(p, what);
}

size_t parser_word(const parser_state *p, const char *words)
{
    const size_t start = p->token.start;
    return word_place(words, p->lexer.source->text + start, p->token.end - start);
}

syntax_node *parser_token(parser_state *p, node_kind kind)
{
    syntax_node *node = tree_node(p->tree, kind, p->token.start, p->token.end);
    if (kind == NODE_NUMBER) node->u.number = p->token.number;
    parser_advance(p);
    return node;
}

syntax_node *parser_name(parser_state *p, const char *what)
{
    if (!parser_at(p, TOKEN_NAME)) return parser_expected(p, what);
    syntax_node *node = parser_token(p, NODE_NAME);
    node->symbol =
        symbol_of(p->symbols, p->lexer.source->text + node->start, node->end - node->start);
    return node;
}

syntax_node *parser_node(parser_state *p, node_kind kind, size_t start, syntax_node *left,
                         syntax_node *right)
{
    syntax_node *node = tree_node(p->tree, kind, start, p->last_end);
    node->left = left;
    node->right = right;
    node->height = left ? left->height + 1 : 1;
    for (const syntax_node *item = right; item; item = item->next)
        node->height = item->height >= node->height ? item->height + 1 : node->height;
    if (node->height > HEIGHT_LIMIT)
        parser_fail(p, start, "an expression of more than %d levels", HEIGHT_LIMIT);
    return node;
}

syntax_node *parser_operation(parser_state *p, node_kind kind, size_t start, syntax_token token,
                              syntax_node *left, syntax_node *right)
{
    syntax_node *node = parser_node(p, kind, start, left, right);
    node->operation = (unsigned char)token.operation;
    return node;
}

bool parser_separates(token_kind kind)
{
    return kind >= TOKEN_NEWLINE && kind <= TOKEN_COMMA;
}

bool parser_pass_separator(parser_state *p)
{
    return parser_separates(p->token.kind) && parser_pass(p, p->token.kind);
}

bool parser_ends_block(token_kind kind)
{
    return kind == TOKEN_FINISH || kind == TOKEN_ERROR ||
           (kind >= TOKEN_UNTIL && kind <= TOKEN_ELSE);
}

syntax_node *parser_end(parser_state *p, syntax_node *statement)
{
    statement->printed = p->token.kind != TOKEN_SEMICOLON;
    if (!parser_pass_separator(p) && !parser_ends_block(p->token.kind))
        parser_expected(p, "the end of the statement");
    return statement;
}

/* ---- Assignments ---- */

static bool is_target(const syntax_node *node)
{
    const bool indexed = node->kind == NODE_INDEX && !node->parenthesized;
    const syntax_node *name = indexed ? node->left : node;
    return name->kind == NODE_NAME && !name->parenthesized;
}

/* What follows =; in a = b = 3 that is an assignment itself. */
static syntax_node *parse_right(parser_state *p)
{
    syntax_node *right = parse_expression(p);
    return parser_at(p, TOKEN_ASSIGN) ? parse_assignment(p, right) : right;
}

/* Left is a name, name(index), or [a, ~, b]. */
syntax_node *parse_assignment(parser_state *p, syntax_node *left)
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
    syntax_node *right = parser_nested(p, parse_right);
    return parser_operation(p, several ? NODE_MULTIPLE : NODE_ASSIGN, left->start, token, targets,
                            right);
}

/* x++ has the value that x had, ++x the new one; name is NULL for ++x. */
static syntax_node *parse_step(parser_state *p, syntax_node *name)
{
    const syntax_token step = p->token;
    const bool before = !name;
    const size_t start = before ? step.start : name->start;
    parser_advance(p);
    if (before) name = parse_expression(p);
    if (!is_target(name)) return parser_fail(p, step.start, "++ and -- change a variable");
    syntax_node *one = tree_node(p->tree, NODE_NUMBER, step.start, step.end);
    one->u.number = 1;
    syntax_node *assignment = parser_operation(p, NODE_ASSIGN, start, step, name, one);
    syntax_node *statement = parser_node(p, NODE_STEP, start, assignment, NULL);
    statement->raw = before;
    return parser_end(p, statement);
}

syntax_node *parse_simple(parser_state *p)
{
    if (parser_at(p, TOKEN_STEP)) return parse_step(p, NULL);
    syntax_node *left = parse_expression(p);
    if (is_target(left) && parser_at(p, TOKEN_STEP)) return parse_step(p, left);
    syntax_node *statement = parser_at(p, TOKEN_ASSIGN)
                                 ? parse_assignment(p, left)
                                 : parser_node(p, NODE_EXPRESSION, left->start, left, NULL);
    if (p->placeholders) parser_fail(p, p->placeholder, "expected an expression after ~");
    return parser_end(p, statement);
}

syntax_node *parse_command(parser_state *p)
{
    static const char names[] =
        "axis clc clear close colorbar colormap figure format graphics_toolkit grid help hold "
        "legend more pkg print shading title warning xlabel ylabel zlabel";
    const char *text = p->lexer.source->text;
    const size_t start = p->token.start;
    syntax_node *words = NULL, **last = &words;
    syntax_token word;
    const bool known = parser_word(p, names) > 0;
    while (known && lexer_word(&p->lexer, &word)) {
        *last =
            tree_string(p->tree, word.start, word.end, text + word.start, word.end - word.start);
        last = &(*last)->next;
    }
    if (!words) return parse_simple(p);
    syntax_node *call = parser_node(p, NODE_INDEX, start, parser_name(p, "a command"), words);
    return parser_end(p, parser_node(p, NODE_EXPRESSION, start, call, NULL));
}

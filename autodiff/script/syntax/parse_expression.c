/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/parser.h"

/* Passes the bracket that closes the one at `opened`. */
static void close_bracket(parser_state *p, syntax_token opened)
{
    static const char *const wanted[] = {", or )", ", or ; or ]", ", or }"};
    const char bracket = p->lexer.source->text[opened.start];
    if (parser_at(p, TOKEN_FINISH)) parser_fail(p, opened.start, "%c is never closed", bracket);
    else if (parser_at(p, TOKEN_ASSIGN))
        parser_fail(p, p->token.start, "= inside %c: == compares", bracket);
    else parser_need(p, opened.kind + (TOKEN_CLOSE - TOKEN_OPEN), wanted[opened.kind - TOKEN_OPEN]);
}

/* ---- Primaries ---- */

static bool at_row_end(const parser_state *p)
{
    return p->token.kind <= TOKEN_SEMICOLON || p->token.kind == TOKEN_CLOSE_BRACKET;
}

syntax_node *parse_list(parser_state *p, syntax_node *(*parse_item)(parser_state *))
{
    syntax_node *first = NULL, **last = &first;
    do {
        *last = parse_item(p);
        last = &(*last)->next;
    } while (parser_pass(p, TOKEN_COMMA) &&
             !(parse_item == parse_expression ? at_row_end(p) : parser_at(p, TOKEN_FINISH)));
    return first;
}

static syntax_node *parse_matrix(parser_state *p)
{
    const syntax_token opened = p->token;
    syntax_node *rows = NULL, **last = &rows;
    parser_advance(p);
    do {
        while (parser_pass(p, TOKEN_SEMICOLON) || parser_pass(p, TOKEN_NEWLINE)) continue;
        if (at_row_end(p)) break;
        const size_t start = p->token.start;
        *last = parser_node(p, NODE_ROW, start, NULL, parse_list(p, parse_expression));
        last = &(*last)->next;
    } while (at_row_end(p));
    close_bracket(p, opened);
    return parser_node(p, NODE_MATRIX, opened.start, NULL, rows);
}

static syntax_node *parse_parenthesis(parser_state *p)
{
    const syntax_token opened = p->token;
    parser_advance(p);
    syntax_node *node = parse_expression(p);
    if (parser_at(p, TOKEN_ASSIGN) && node->kind == NODE_NAME && p->inside == 0)
        node = parse_assignment(p, node); /* while ((x = f(x)) > 1) */
    close_bracket(p, opened);
    node->parenthesized++;
    node->start = (uint32_t)opened.start;
    node->end = (uint32_t)p->last_end;
    return node;
}

/* An expression, or : alone. */
static syntax_node *parse_argument(parser_state *p)
{
    if (parser_at(p, TOKEN_COLON)) return parser_token(p, NODE_COLON);
    return parser_at(p, TOKEN_CLOSE) ? parser_expected(p, "an argument") : parse_expression(p);
}

/* ~, name, or name = what it is if not given */
static syntax_node *parse_parameter(parser_state *p)
{
    if (p->token.operation == OPERATION_NOT && parser_at(p, TOKEN_OPERATOR))
        return parser_token(p, NODE_IGNORED);
    if (parser_word(p, "varargin"))
        return parser_fail(p, p->token.start, "varargin is not part of the language");
    syntax_node *name = parser_name(p, "the name of a parameter");
    if (p->token.operation != OPERATION_NONE || !parser_pass(p, TOKEN_ASSIGN)) return name;
    name->left = parse_expression(p);
    name->height = name->left->height + 1;
    return name;
}

/* The items between brackets, none of them too. */
static syntax_node *parse_items(parser_state *p, syntax_node *(*parse_item)(parser_state *))
{
    const syntax_token opened = p->token;
    parser_advance(p);
    p->inside++;
    const bool none = parser_at(p, opened.kind + (TOKEN_CLOSE - TOKEN_OPEN));
    syntax_node *list = none ? NULL : parse_list(p, parse_item);
    p->inside--;
    /* what follows the parameters of @(x) is an expression, which may begin with a quote */
    if (parse_item == parse_parameter) p->lexer.previous = TOKEN_AT;
    close_bracket(p, opened);
    return list;
}

syntax_node *parse_parameters(parser_state *p)
{
    syntax_node *list = parse_items(p, parse_parameter);
    for (const syntax_node *name = list; name; name = name->next)
        for (const syntax_node *other = name->next; other; other = other->next)
            if (name->kind == NODE_NAME && other->kind == NODE_NAME &&
                name->symbol == other->symbol)
                parser_fail(p, other->start, "a parameter named twice");
    return list;
}

static syntax_node *parse_function(parser_state *p)
{
    const size_t start = p->token.start;
    parser_advance(p);
    if (!parser_at(p, TOKEN_OPEN)) {
        syntax_node *handle = parser_name(p, "( or a name after @, as in @(x) sin(x)");
        handle->kind = NODE_HANDLE;
        handle->start = (uint32_t)start;
        return handle;
    }
    syntax_node *parameters = parse_parameters(p);
    p->inside++;
    syntax_node *body = parse_expression(p);
    p->inside--;
    return parser_node(p, NODE_FUNCTION, start, body, parameters);
}

syntax_node *parse_cell(parser_state *p)
{
    const size_t start = p->token.start;
    return parser_node(p, NODE_CELL, start, NULL, parse_items(p, parse_expression));
}

static syntax_node *parse_primary(parser_state *p)
{
    switch (p->token.kind) {
    case TOKEN_NUMBER: return parser_token(p, NODE_NUMBER);
    case TOKEN_STRING: return parser_token(p, NODE_STRING);
    case TOKEN_LAST_INDEX: return parser_token(p, NODE_END);
    case TOKEN_OPEN: return parse_parenthesis(p);
    case TOKEN_OPEN_BRACKET: return parse_matrix(p);
    case TOKEN_AT: return parse_function(p);
    case TOKEN_DOT:
        return parser_fail(p, p->token.start, "structures are not part of the language");
    case TOKEN_OPEN_BRACE:
        return parser_fail(p, p->token.start, "cell arrays are not part of the language");
    default: return parser_name(p, "an expression");
    }
}

/* ---- Operators ---- */

/* .message after an error's name. */
static syntax_node *parse_field(parser_state *p, syntax_node *node)
{
    const size_t dot = p->token.start;
    parser_advance(p);
    if (node->kind != NODE_NAME || !parser_word(p, "message identifier"))
        return parser_fail(p, dot, "structures are not part of the language");
    const uint32_t symbol = parser_name(p, "a field")->symbol;
    syntax_node *field = parser_node(p, NODE_FIELD, node->start, node, NULL);
    field->symbol = symbol;
    return field;
}

/* (arguments) and .message after node, any number of times. */
static syntax_node *parse_indices(parser_state *p, syntax_node *node)
{
    while (parser_at(p, TOKEN_OPEN) || parser_at(p, TOKEN_DOT))
        if (parser_at(p, TOKEN_DOT)) {
            node = parse_field(p, node);
        } else {
            syntax_node *arguments = parse_items(p, parse_argument);
            node = parser_node(p, NODE_INDEX, node->start, node, arguments);
        }
    if (parser_at(p, TOKEN_OPEN_BRACE))
        parser_fail(p, p->token.start, "cell arrays are not part of the language");
    return node;
}

static bool at_sign(const parser_state *p)
{
    const operator_kind operation = p->token.operation;
    return parser_at(p, TOKEN_OPERATOR) &&
           (operation == OPERATION_ADD || operation == OPERATION_SUBTRACT ||
            operation == OPERATION_NOT);
}

/* A sign and the operand that parse_operand reads. */
static syntax_node *parse_signed(parser_state *p, syntax_node *(*parse_operand)(parser_state *))
{
    const syntax_token sign = p->token;
    parser_advance(p);
    const bool target = parser_at(p, TOKEN_COMMA) || parser_at(p, TOKEN_CLOSE_BRACKET);
    if (sign.operation == OPERATION_NOT && target) {
        p->ignored++;
        p->ignored_at = sign.start;
        return tree_node(p->tree, NODE_IGNORED, sign.start, sign.end);
    }
    syntax_node *operand = parser_nested(p, parse_operand);
    syntax_node *node = parser_node(p, NODE_UNARY, sign.start, operand, NULL);
    node->operation = sign.operation;
    return node;
}

/* What follows ^: signs and a primary with its indices, no transpose. */
static syntax_node *parse_exponent(parser_state *p)
{
    return at_sign(p) ? parse_signed(p, parse_exponent) : parse_indices(p, parse_primary(p));
}

static syntax_node *parse_level(parser_state *p, operator_level level);

/* base:limit or base:step:limit */
static syntax_node *parse_range(parser_state *p)
{
    syntax_node *base = parse_level(p, LEVEL_SUM), *step = NULL;
    if (!parser_pass(p, TOKEN_COLON)) return base;
    syntax_node *limit = parse_level(p, LEVEL_SUM);
    if (parser_pass(p, TOKEN_COLON)) {
        step = limit;
        limit = parse_level(p, LEVEL_SUM);
    }
    syntax_node *range = parser_node(p, NODE_RANGE, base->start, base, limit);
    range->third = step;
    range->height += step ? step->height : 0;
    return range;
}

static syntax_node *parse_unary(parser_state *p)
{
    return parse_level(p, LEVEL_POWER);
}

/* Operands of the next level, and the operators of this one from left to right. The last level is
 * that of ' .' ^ .^ and indices, before which signs may stand. */
static syntax_node *parse_level(parser_state *p, operator_level level)
{
    const bool last = level == LEVEL_POWER;
    const operator_level next = (operator_level)(level + 1);
    if (level == LEVEL_COLON) return parse_range(p);
    if (last && at_sign(p)) return parse_signed(p, parse_unary);
    syntax_node *node = last ? parse_indices(p, parse_primary(p)) : parse_level(p, next);
    while ((parser_at(p, TOKEN_OPERATOR) || parser_at(p, TOKEN_POSTFIX)) &&
           operation_level(p->token.operation) >= level) {
        const syntax_token token = p->token;
        const bool postfix = token.kind == TOKEN_POSTFIX;
        parser_advance(p);
        syntax_node *right = postfix ? NULL : last ? parse_exponent(p) : parse_level(p, next);
        node = parser_node(p, postfix ? NODE_POSTFIX : NODE_BINARY, node->start, node, right);
        node->operation = token.operation;
        if (last) node = parse_indices(p, node);
    }
    return node;
}

static syntax_node *parse_loosest(parser_state *p)
{
    return parse_level(p, LEVEL_OR_ELSE);
}

syntax_node *parse_expression(parser_state *p)
{
    return parser_nested(p, parse_loosest);
}

#include "autodiff/script/syntax/parser.h"

#include <string.h>

static syntax_node *parse_unary(parser_state *p);

static bool next_is_operator(const parser_state *p, operator_kind operation)
{
    return parser_at(p, TOKEN_OPERATOR) && p->token.operation == operation;
}

/* A node over left and right (NULL for one operand), refused when its tree grows too high. */
static syntax_node *join(parser_state *p, node_kind kind, syntax_node *left, syntax_node *right)
{
    if (!left || p->failed) return NULL;
    syntax_node *node = tree_node(p->tree, kind, left->start, p->last_end);
    node->left = left;
    node->right = right;
    node->height = left->height + 1;
    for (const syntax_node *item = right; item; item = item->next)
        node->height = item->height >= node->height ? item->height + 1 : node->height;
    if (node->height > HEIGHT_LIMIT)
        return parser_fail(p, node->start, "an expression of more than %d levels", HEIGHT_LIMIT);
    return node;
}

/* expression, ... up to the closing parenthesis or bracket; : stands alone as an index. */
static syntax_node *parse_arguments(parser_state *p)
{
    syntax_node *first = NULL, **last = &first;
    while (!p->failed && !parser_at(p, TOKEN_CLOSE)) {
        syntax_node *item =
            parser_at(p, TOKEN_COLON) ? parser_token(p, NODE_COLON) : parse_expression(p);
        if (!item) return NULL;
        *last = item;
        last = &item->next;
        if (!parser_pass(p, TOKEN_COMMA)) break;
        if (parser_at(p, TOKEN_CLOSE)) return parser_expected(p, "an argument");
    }
    return first;
}

/* Passes the bracket that closes the one opened at `opened`. */
static bool close_bracket(parser_state *p, token_kind kind, size_t opened)
{
    if (parser_pass(p, kind)) return !p->failed;
    token_kind found = p->token.kind;
    const char *bracket = kind == TOKEN_CLOSE ? "(" : "[";
    if (found == TOKEN_FINISH) {
        parser_fail(p, opened, "%s is never closed", bracket);
        p->error->incomplete = true;
    } else if (found == TOKEN_ASSIGN) {
        parser_fail(p, p->token.start, "= inside %s: == compares", bracket);
    } else {
        parser_expected(p, kind == TOKEN_CLOSE ? ", or )" : ", or ; or ]");
    }
    return false;
}

/* ---- Primaries ---- */

static syntax_node *parse_row(parser_state *p)
{
    syntax_node *row = tree_node(p->tree, NODE_ROW, p->token.start, p->token.start);
    syntax_node **last = &row->right;
    while (!p->failed && !parser_at(p, TOKEN_CLOSE_BRACKET) && !parser_at(p, TOKEN_SEMICOLON) &&
           !parser_at(p, TOKEN_NEWLINE) && !parser_at(p, TOKEN_FINISH)) {
        syntax_node *item = parse_expression(p);
        if (!item) return NULL;
        row->height = item->height >= row->height ? item->height + 1 : row->height;
        *last = item;
        last = &item->next;
        if (!parser_pass(p, TOKEN_COMMA)) break;
    }
    row->end = (uint32_t)p->last_end;
    return row;
}

static syntax_node *parse_matrix(parser_state *p)
{
    size_t opened = p->token.start;
    syntax_node *matrix = tree_node(p->tree, NODE_MATRIX, opened, opened);
    syntax_node **last = &matrix->right;
    parser_advance(p);
    while (!p->failed && !parser_at(p, TOKEN_CLOSE_BRACKET)) {
        if (parser_pass(p, TOKEN_SEMICOLON) || parser_pass(p, TOKEN_NEWLINE)) continue;
        syntax_node *row = parser_at(p, TOKEN_FINISH) ? NULL : parse_row(p);
        if (!row) break;
        matrix->height = row->height >= matrix->height ? row->height + 1 : matrix->height;
        *last = row;
        last = &row->next;
        if (!parser_at(p, TOKEN_SEMICOLON) && !parser_at(p, TOKEN_NEWLINE)) break;
    }
    if (p->failed || !close_bracket(p, TOKEN_CLOSE_BRACKET, opened)) return NULL;
    matrix->end = (uint32_t)p->last_end;
    return matrix;
}

static syntax_node *parse_parenthesis(parser_state *p)
{
    size_t opened = p->token.start;
    parser_advance(p);
    syntax_node *node = parse_expression(p);
    if (!node || !close_bracket(p, TOKEN_CLOSE, opened)) return NULL;
    node->parenthesized = true;
    node->start = (uint32_t)opened;
    node->end = (uint32_t)p->last_end;
    return node;
}

static bool has_parameter(const syntax_node *list, uint32_t symbol)
{
    for (; list; list = list->next)
        if (list->symbol == symbol) return true;
    return false;
}

/* The names between the parentheses of @(x, y). */
static bool parse_parameters(parser_state *p, syntax_node *function)
{
    size_t opened = p->token.start;
    syntax_node **last = &function->right;
    parser_advance(p);
    while (parser_at(p, TOKEN_NAME)) {
        syntax_node *parameter = parser_name(p);
        if (has_parameter(function->right, parameter->symbol)) {
            parser_fail(p, parameter->start, "a parameter named twice");
            return false;
        }
        *last = parameter;
        last = &parameter->next;
        if (!parser_pass(p, TOKEN_COMMA)) break;
        if (!parser_at(p, TOKEN_NAME)) {
            parser_expected(p, "the name of a parameter");
            return false;
        }
    }
    return !p->failed && close_bracket(p, TOKEN_CLOSE, opened);
}

static syntax_node *parse_function(parser_state *p)
{
    syntax_node *function = parser_token(p, NODE_FUNCTION);
    if (!parser_at(p, TOKEN_OPEN)) return parser_expected(p, "( after @, as in @(x) sin(x)");
    if (!parse_parameters(p, function)) return NULL;
    function->left = parse_expression(p);
    if (!function->left) return NULL;
    function->height = function->left->height + 1;
    function->end = (uint32_t)p->last_end;
    return function;
}

static syntax_node *parse_literal(parser_state *p)
{
    syntax_token token = p->token;
    bool string = token.kind == TOKEN_STRING;
    syntax_node *node =
        tree_node(p->tree, string ? NODE_STRING : NODE_NUMBER, token.start, token.end);
    if (string) {
        node->raw = p->lexer.source->text[token.start] == '\'';
        node->length = (uint32_t)token.text.length;
        node->u.text = tree_text(p->tree, token.text.data, token.text.length);
    } else {
        node->u.number = token.number;
    }
    parser_advance(p);
    return node;
}

static syntax_node *parse_primary(parser_state *p)
{
    switch (p->token.kind) {
    case TOKEN_NUMBER:
    case TOKEN_STRING: return parse_literal(p);
    case TOKEN_NAME: return parser_name(p);
    case TOKEN_LAST_INDEX: return parser_token(p, NODE_END);
    case TOKEN_OPEN: return parse_parenthesis(p);
    case TOKEN_OPEN_BRACKET: return parse_matrix(p);
    case TOKEN_AT: return parse_function(p);
    default: return parser_expected(p, "an expression");
    }
}

/* ---- Operators ---- */

/* (arguments) after node, any number of times. */
static syntax_node *parse_indices(parser_state *p, syntax_node *node)
{
    while (node && parser_at(p, TOKEN_OPEN)) {
        size_t opened = p->token.start;
        parser_advance(p);
        syntax_node *arguments = parse_arguments(p);
        if (p->failed || !close_bracket(p, TOKEN_CLOSE, opened)) return NULL;
        node = join(p, NODE_INDEX, node, arguments);
    }
    return node;
}

static bool next_is_sign(const parser_state *p)
{
    return next_is_operator(p, OPERATION_ADD) || next_is_operator(p, OPERATION_SUBTRACT) ||
           next_is_operator(p, OPERATION_NOT);
}

static operator_kind unary_of(operator_kind operation)
{
    return operation == OPERATION_ADD        ? OPERATION_PLUS
           : operation == OPERATION_SUBTRACT ? OPERATION_NEGATE
                                             : OPERATION_NOT;
}

/* A sign and the operand that parse_operand reads. */
static syntax_node *parse_signed(parser_state *p, syntax_node *(*parse_operand)(parser_state *))
{
    syntax_token token = p->token;
    parser_advance(p);
    bool target = parser_at(p, TOKEN_COMMA) || parser_at(p, TOKEN_CLOSE_BRACKET);
    if (token.operation == OPERATION_NOT && target) {
        p->placeholders++;
        p->placeholder = token.start;
        return tree_node(p->tree, NODE_PLACEHOLDER, token.start, token.end);
    }
    syntax_node *operand = parser_enter(p) ? parse_operand(p) : NULL;
    parser_leave(p);
    syntax_node *node = join(p, NODE_UNARY, operand, NULL);
    if (node) {
        node->operation = (unsigned char)unary_of(token.operation);
        node->start = (uint32_t)token.start;
    }
    return node;
}

/* What follows ^: signs and a primary with its indices, no transpose. */
static syntax_node *parse_exponent(parser_state *p)
{
    if (next_is_sign(p)) return parse_signed(p, parse_exponent);
    return parse_indices(p, parse_primary(p));
}

/* ' .' ^ .^ and indices: one level, left to right. */
static syntax_node *parse_power(parser_state *p)
{
    syntax_node *node = parse_indices(p, parse_primary(p));
    while (node && parser_at(p, TOKEN_OPERATOR)) {
        operator_kind operation = p->token.operation;
        bool transpose = operation == OPERATION_TRANSPOSE || operation == OPERATION_ARRAY_TRANSPOSE;
        bool power = operation == OPERATION_POWER || operation == OPERATION_ELEMENT_POWER;
        if (!transpose && !power) break;
        parser_advance(p);
        syntax_node *right = power ? parse_exponent(p) : NULL;
        if (p->failed) return NULL;
        node = join(p, power ? NODE_BINARY : NODE_POSTFIX, node, right);
        if (node) node->operation = (unsigned char)operation;
        node = parse_indices(p, node);
    }
    return node;
}

static syntax_node *parse_unary(parser_state *p)
{
    return next_is_sign(p) ? parse_signed(p, parse_unary) : parse_power(p);
}

/* The binary levels above, tightest last; the colon stands between two of them. */
enum { UNARY, OR_ELSE, AND_ALSO, OR, AND, COMPARISON, COLON, SUM, PRODUCT, LEVELS };

static const unsigned char levels[OPERATION_COUNT] = {[OPERATION_OR_ELSE] = OR_ELSE,
                                                      [OPERATION_AND_ALSO] = AND_ALSO,
                                                      [OPERATION_OR] = OR,
                                                      [OPERATION_AND] = AND,
                                                      [OPERATION_LESS] = COMPARISON,
                                                      [OPERATION_LESS_EQUAL] = COMPARISON,
                                                      [OPERATION_EQUAL] = COMPARISON,
                                                      [OPERATION_UNEQUAL] = COMPARISON,
                                                      [OPERATION_GREATER_EQUAL] = COMPARISON,
                                                      [OPERATION_GREATER] = COMPARISON,
                                                      [OPERATION_ADD] = SUM,
                                                      [OPERATION_SUBTRACT] = SUM,
                                                      [OPERATION_MULTIPLY] = PRODUCT,
                                                      [OPERATION_DIVIDE] = PRODUCT,
                                                      [OPERATION_LEFT_DIVIDE] = PRODUCT,
                                                      [OPERATION_TIMES] = PRODUCT,
                                                      [OPERATION_OVER] = PRODUCT,
                                                      [OPERATION_UNDER] = PRODUCT};

static syntax_node *parse_level(parser_state *p, unsigned char level);

/* base:limit or base:step:limit */
static syntax_node *parse_range(parser_state *p)
{
    syntax_node *base = parse_level(p, SUM);
    if (!base || !parser_pass(p, TOKEN_COLON)) return base;
    syntax_node *limit = parse_level(p, SUM), *step = NULL;
    if (limit && parser_pass(p, TOKEN_COLON)) {
        step = limit;
        limit = parse_level(p, SUM);
    }
    syntax_node *range = limit ? join(p, NODE_RANGE, base, limit) : NULL;
    if (range) {
        range->u.third = step;
        range->height += step ? step->height : 0;
    }
    return range;
}

static syntax_node *parse_level(parser_state *p, unsigned char level)
{
    if (level == LEVELS) return parse_unary(p);
    if (level == COLON) return parse_range(p);
    syntax_node *node = parse_level(p, (unsigned char)(level + 1));
    while (node && parser_at(p, TOKEN_OPERATOR) && levels[p->token.operation] == level) {
        operator_kind operation = p->token.operation;
        parser_advance(p);
        syntax_node *right = parse_level(p, (unsigned char)(level + 1));
        node = right ? join(p, NODE_BINARY, node, right) : NULL;
        if (node) node->operation = (unsigned char)operation;
    }
    return node;
}

syntax_node *parse_expression(parser_state *p)
{
    syntax_node *node = parser_enter(p) ? parse_level(p, OR_ELSE) : NULL;
    parser_leave(p);
    return p->failed ? NULL : node;
}

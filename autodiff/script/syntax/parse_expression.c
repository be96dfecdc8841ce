#include "autodiff/script/syntax/parser.h"

#include <string.h>

static syntax_node *parse_unary(parser_state *parser);

static bool next_is(const parser_state *parser, token_kind kind)
{
    return !parser->failed && parser->token.kind == kind;
}

static bool next_is_operator(const parser_state *parser, operator_kind operation)
{
    return next_is(parser, TOKEN_OPERATOR) && parser->token.operation == operation;
}

/* A node over left and right (NULL for one operand), refused when its tree grows too high. */
static syntax_node *join(parser_state *parser, node_kind kind, syntax_node *left,
                         syntax_node *right)
{
    if (!left || parser->failed) return NULL;
    syntax_node *node = tree_node(parser->tree, kind, left->start, parser->last_end);
    node->left = left;
    node->right = right;
    node->height = left->height + 1;
    for (const syntax_node *item = right; item; item = item->next)
        node->height = item->height >= node->height ? item->height + 1 : node->height;
    if (node->height > HEIGHT_LIMIT)
        return parser_fail(parser, node->start, "an expression of more than %d levels",
                           HEIGHT_LIMIT);
    return node;
}

/* expression, ... up to the closing parenthesis or bracket; : stands alone as an index. */
static syntax_node *parse_arguments(parser_state *parser)
{
    syntax_node *first = NULL, **last = &first;
    while (!parser->failed && !next_is(parser, TOKEN_CLOSE)) {
        syntax_token token = parser->token;
        syntax_node *item;
        if (token.kind == TOKEN_COLON) {
            parser_advance(parser);
            item = tree_node(parser->tree, NODE_COLON, token.start, token.end);
        } else {
            item = parse_expression(parser);
        }
        if (!item) return NULL;
        *last = item;
        last = &item->next;
        if (!next_is(parser, TOKEN_COMMA)) break;
        parser_advance(parser);
        if (next_is(parser, TOKEN_CLOSE)) return parser_expected(parser, "an argument");
    }
    return first;
}

/* Passes the bracket that closes the one opened at `opened`. */
static bool close_bracket(parser_state *parser, token_kind kind, size_t opened)
{
    if (next_is(parser, kind)) {
        parser_advance(parser);
        return !parser->failed;
    }
    token_kind found = parser->token.kind;
    const char *bracket = kind == TOKEN_CLOSE ? "(" : "[";
    if (found == TOKEN_FINISH) {
        parser_fail(parser, opened, "%s is never closed", bracket);
        parser->error->incomplete = true;
    } else if (found == TOKEN_ASSIGN) {
        parser_fail(parser, parser->token.start, "= inside %s: == compares", bracket);
    } else {
        parser_expected(parser, kind == TOKEN_CLOSE ? ", or )" : ", or ; or ]");
    }
    return false;
}

/* ---- Primaries ---- */

static syntax_node *parse_row(parser_state *parser)
{
    syntax_node *row = tree_node(parser->tree, NODE_ROW, parser->token.start, parser->token.start);
    syntax_node **last = &row->right;
    while (!parser->failed && !next_is(parser, TOKEN_CLOSE_BRACKET) &&
           !next_is(parser, TOKEN_SEMICOLON) && !next_is(parser, TOKEN_NEWLINE) &&
           !next_is(parser, TOKEN_FINISH)) {
        syntax_node *item = parse_expression(parser);
        if (!item) return NULL;
        row->height = item->height >= row->height ? item->height + 1 : row->height;
        *last = item;
        last = &item->next;
        if (!next_is(parser, TOKEN_COMMA)) break;
        parser_advance(parser);
    }
    row->end = (uint32_t)parser->last_end;
    return row;
}

static syntax_node *parse_matrix(parser_state *parser)
{
    size_t opened = parser->token.start;
    syntax_node *matrix = tree_node(parser->tree, NODE_MATRIX, opened, opened);
    syntax_node **last = &matrix->right;
    parser_advance(parser);
    while (!parser->failed && !next_is(parser, TOKEN_CLOSE_BRACKET)) {
        if (next_is(parser, TOKEN_SEMICOLON) || next_is(parser, TOKEN_NEWLINE)) {
            parser_advance(parser);
            continue;
        }
        syntax_node *row = next_is(parser, TOKEN_FINISH) ? NULL : parse_row(parser);
        if (!row) break;
        matrix->height = row->height >= matrix->height ? row->height + 1 : matrix->height;
        *last = row;
        last = &row->next;
        if (!next_is(parser, TOKEN_SEMICOLON) && !next_is(parser, TOKEN_NEWLINE)) break;
    }
    if (parser->failed || !close_bracket(parser, TOKEN_CLOSE_BRACKET, opened)) return NULL;
    matrix->end = (uint32_t)parser->last_end;
    return matrix;
}

static syntax_node *parse_parenthesis(parser_state *parser)
{
    size_t opened = parser->token.start;
    parser_advance(parser);
    syntax_node *node = parse_expression(parser);
    if (!node || !close_bracket(parser, TOKEN_CLOSE, opened)) return NULL;
    node->parenthesized = true;
    node->start = (uint32_t)opened;
    node->end = (uint32_t)parser->last_end;
    return node;
}

static syntax_node *parse_name(parser_state *parser)
{
    syntax_token token = parser->token;
    syntax_node *node = tree_node(parser->tree, NODE_NAME, token.start, token.end);
    node->symbol = symbol_of(parser->symbols, parser->lexer.source->text + token.start,
                             token.end - token.start);
    parser_advance(parser);
    return node;
}

static bool has_parameter(const syntax_node *list, uint32_t symbol)
{
    for (; list; list = list->next)
        if (list->symbol == symbol) return true;
    return false;
}

/* The names between the parentheses of @(x, y). */
static bool parse_parameters(parser_state *parser, syntax_node *function)
{
    size_t opened = parser->token.start;
    syntax_node **last = &function->right;
    parser_advance(parser);
    while (next_is(parser, TOKEN_NAME)) {
        syntax_node *parameter = parse_name(parser);
        if (has_parameter(function->right, parameter->symbol)) {
            parser_fail(parser, parameter->start, "a parameter named twice");
            return false;
        }
        *last = parameter;
        last = &parameter->next;
        if (!next_is(parser, TOKEN_COMMA)) break;
        parser_advance(parser);
        if (!next_is(parser, TOKEN_NAME)) {
            parser_expected(parser, "the name of a parameter");
            return false;
        }
    }
    return !parser->failed && close_bracket(parser, TOKEN_CLOSE, opened);
}

static syntax_node *parse_function(parser_state *parser)
{
    syntax_node *function =
        tree_node(parser->tree, NODE_FUNCTION, parser->token.start, parser->token.end);
    parser_advance(parser);
    if (!next_is(parser, TOKEN_OPEN))
        return parser_expected(parser, "( after @, as in @(x) sin(x)");
    if (!parse_parameters(parser, function)) return NULL;
    function->left = parse_expression(parser);
    if (!function->left) return NULL;
    function->height = function->left->height + 1;
    function->end = (uint32_t)parser->last_end;
    return function;
}

static syntax_node *parse_literal(parser_state *parser)
{
    syntax_token token = parser->token;
    bool string = token.kind == TOKEN_STRING;
    syntax_node *node =
        tree_node(parser->tree, string ? NODE_STRING : NODE_NUMBER, token.start, token.end);
    if (string) {
        node->raw = parser->lexer.source->text[token.start] == '\'';
        node->length = (uint32_t)token.text.length;
        node->u.text = tree_text(parser->tree, token.text.data, token.text.length);
    } else {
        node->u.number = token.number;
    }
    parser_advance(parser);
    return node;
}

static syntax_node *parse_primary(parser_state *parser)
{
    syntax_token token = parser->token;
    switch (token.kind) {
    case TOKEN_NUMBER:
    case TOKEN_STRING: return parse_literal(parser);
    case TOKEN_NAME: return parse_name(parser);
    case TOKEN_LAST_INDEX:
        parser_advance(parser);
        return tree_node(parser->tree, NODE_END, token.start, token.end);
    case TOKEN_OPEN: return parse_parenthesis(parser);
    case TOKEN_OPEN_BRACKET: return parse_matrix(parser);
    case TOKEN_AT: return parse_function(parser);
    default: return parser_expected(parser, "an expression");
    }
}

/* ---- Operators ---- */

/* (arguments) after node, any number of times. */
static syntax_node *parse_indices(parser_state *parser, syntax_node *node)
{
    while (node && next_is(parser, TOKEN_OPEN)) {
        size_t opened = parser->token.start;
        parser_advance(parser);
        syntax_node *arguments = parse_arguments(parser);
        if (parser->failed || !close_bracket(parser, TOKEN_CLOSE, opened)) return NULL;
        node = join(parser, NODE_INDEX, node, arguments);
    }
    return node;
}

static bool next_is_sign(const parser_state *parser)
{
    return next_is_operator(parser, OPERATION_ADD) ||
           next_is_operator(parser, OPERATION_SUBTRACT) || next_is_operator(parser, OPERATION_NOT);
}

static operator_kind unary_of(operator_kind operation)
{
    return operation == OPERATION_ADD        ? OPERATION_PLUS
           : operation == OPERATION_SUBTRACT ? OPERATION_NEGATE
                                             : OPERATION_NOT;
}

/* A sign and the operand that parse_operand reads. */
static syntax_node *parse_signed(parser_state *parser,
                                 syntax_node *(*parse_operand)(parser_state *))
{
    syntax_token token = parser->token;
    parser_advance(parser);
    bool target = next_is(parser, TOKEN_COMMA) || next_is(parser, TOKEN_CLOSE_BRACKET);
    if (token.operation == OPERATION_NOT && target) {
        parser->placeholders++;
        parser->placeholder = token.start;
        return tree_node(parser->tree, NODE_PLACEHOLDER, token.start, token.end);
    }
    syntax_node *operand = parser_enter(parser) ? parse_operand(parser) : NULL;
    parser_leave(parser);
    syntax_node *node = join(parser, NODE_UNARY, operand, NULL);
    if (node) {
        node->operation = (unsigned char)unary_of(token.operation);
        node->start = (uint32_t)token.start;
    }
    return node;
}

/* What follows ^: signs and a primary with its indices, no transpose. */
static syntax_node *parse_exponent(parser_state *parser)
{
    if (next_is_sign(parser)) return parse_signed(parser, parse_exponent);
    return parse_indices(parser, parse_primary(parser));
}

/* ' .' ^ .^ and indices: one level, left to right. */
static syntax_node *parse_power(parser_state *parser)
{
    syntax_node *node = parse_indices(parser, parse_primary(parser));
    while (node && next_is(parser, TOKEN_OPERATOR)) {
        operator_kind operation = parser->token.operation;
        bool transpose = operation == OPERATION_TRANSPOSE || operation == OPERATION_ARRAY_TRANSPOSE;
        bool power = operation == OPERATION_POWER || operation == OPERATION_ELEMENT_POWER;
        if (!transpose && !power) break;
        parser_advance(parser);
        syntax_node *right = power ? parse_exponent(parser) : NULL;
        if (parser->failed) return NULL;
        node = join(parser, power ? NODE_BINARY : NODE_POSTFIX, node, right);
        if (node) node->operation = (unsigned char)operation;
        node = parse_indices(parser, node);
    }
    return node;
}

static syntax_node *parse_unary(parser_state *parser)
{
    return next_is_sign(parser) ? parse_signed(parser, parse_unary) : parse_power(parser);
}

/* The binary levels above, tightest last; the colon stands between two of them. */
typedef enum precedence {
    OR_ELSE,
    AND_ALSO,
    OR,
    AND,
    COMPARISON,
    COLON,
    SUM,
    PRODUCT,
    LEVELS
} precedence;

static precedence level_of(operator_kind operation)
{
    switch (operation) {
    case OPERATION_OR_ELSE: return OR_ELSE;
    case OPERATION_AND_ALSO: return AND_ALSO;
    case OPERATION_OR: return OR;
    case OPERATION_AND: return AND;
    case OPERATION_LESS:
    case OPERATION_LESS_EQUAL:
    case OPERATION_EQUAL:
    case OPERATION_UNEQUAL:
    case OPERATION_GREATER_EQUAL:
    case OPERATION_GREATER: return COMPARISON;
    case OPERATION_ADD:
    case OPERATION_SUBTRACT: return SUM;
    case OPERATION_MULTIPLY:
    case OPERATION_DIVIDE:
    case OPERATION_LEFT_DIVIDE:
    case OPERATION_TIMES:
    case OPERATION_OVER:
    case OPERATION_UNDER: return PRODUCT;
    default: return LEVELS;
    }
}

static syntax_node *parse_level(parser_state *parser, precedence level);

/* base:limit or base:step:limit */
static syntax_node *parse_range(parser_state *parser)
{
    syntax_node *base = parse_level(parser, SUM);
    if (!base || !next_is(parser, TOKEN_COLON)) return base;
    parser_advance(parser);
    syntax_node *limit = parse_level(parser, SUM), *step = NULL;
    if (limit && next_is(parser, TOKEN_COLON)) {
        parser_advance(parser);
        step = limit;
        limit = parse_level(parser, SUM);
    }
    syntax_node *range = limit ? join(parser, NODE_RANGE, base, limit) : NULL;
    if (range) {
        range->u.third = step;
        range->height += step ? step->height : 0;
    }
    return range;
}

static syntax_node *parse_level(parser_state *parser, precedence level)
{
    if (level == LEVELS) return parse_unary(parser);
    if (level == COLON) return parse_range(parser);
    syntax_node *node = parse_level(parser, level + 1);
    while (node && next_is(parser, TOKEN_OPERATOR) && level_of(parser->token.operation) == level) {
        operator_kind operation = parser->token.operation;
        parser_advance(parser);
        syntax_node *right = parse_level(parser, level + 1);
        node = right ? join(parser, NODE_BINARY, node, right) : NULL;
        if (node) node->operation = (unsigned char)operation;
    }
    return node;
}

syntax_node *parse_expression(parser_state *parser)
{
    syntax_node *node = parser_enter(parser) ? parse_level(parser, OR_ELSE) : NULL;
    parser_leave(parser);
    return parser->failed ? NULL : node;
}

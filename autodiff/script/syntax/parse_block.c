/* SPDX-License-Identifier: MIT */
/* Blocks: loops, choices, functions, and the whole script. */
#include "autodiff/script/syntax/parser.h"

static syntax_node *parse_statement(parser_state *p);

static syntax_node *parse_block(parser_state *p)
{
    syntax_node *first = NULL, **last = &first;
    p->blocks++;
    while (!p->failed && !parser_ends_block(p->token.kind)) {
        if (parser_separates(p->token.kind)) {
            parser_advance(p);
            continue;
        }
        *last = parser_nested(p, parse_statement);
        if (!*last) return NULL;
        last = &(*last)->next;
    }
    p->blocks--;
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
               !parser_pass(p, TOKEN_UNTIL + (opened.kind - TOKEN_DO))) {
        char expected[40];
        snprintf(expected, sizeof expected, "end of the %.*s", length, word);
        parser_expected(p, expected);
    } else if (parser_separates(p->token.kind)) {
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

/* do ... until condition */
static syntax_node *parse_do(parser_state *p)
{
    const syntax_token opened = p->token;
    syntax_node *loop = parser_token(p, NODE_DO);
    p->loops++;
    loop->u.third = parse_block(p);
    p->loops--;
    if (parser_at(p, TOKEN_FINISH)) {
        p->error->incomplete = true;
        return parser_fail(p, opened.start, "do is never ended");
    }
    if (!parser_pass(p, TOKEN_UNTIL)) return parser_expected(p, "until, which ends do");
    loop->left = parse_expression(p);
    return parser_end(p, loop);
}

/* The clauses of if and switch: each a word, an expression but for the last word, and a block. */
static void parse_clauses(parser_state *p, syntax_node *statement, token_kind word, token_kind last,
                          syntax_node *(*parse_condition)(parser_state *))
{
    syntax_node **end = &statement->right;
    bool otherwise = false;
    do {
        otherwise = parser_at(p, last);
        syntax_node *clause = parser_token(p, NODE_CLAUSE);
        if (!otherwise) clause->left = parse_condition(p);
        clause->u.third = parse_block(p);
        *end = clause;
        end = &clause->next;
    } while (!otherwise && (parser_at(p, word) || parser_at(p, last)));
}

static syntax_node *parse_if(parser_state *p)
{
    const syntax_token opened = p->token;
    syntax_node *statement = tree_node(p->tree, NODE_IF, opened.start, opened.end);
    parse_clauses(p, statement, TOKEN_ELSEIF, TOKEN_ELSE, parse_expression);
    end_block(p, opened);
    return statement;
}

static syntax_node *parse_case(parser_state *p)
{
    return parser_at(p, TOKEN_OPEN_BRACE) ? parse_cell(p) : parse_expression(p);
}

static syntax_node *parse_switch(parser_state *p)
{
    const syntax_token opened = p->token;
    syntax_node *statement = parser_token(p, NODE_SWITCH);
    statement->left = parse_expression(p);
    while (!p->failed && parser_separates(p->token.kind)) parser_advance(p);
    if (parser_at(p, TOKEN_CASE) || parser_at(p, TOKEN_OTHERWISE))
        parse_clauses(p, statement, TOKEN_CASE, TOKEN_OTHERWISE, parse_case);
    end_block(p, opened);
    return statement;
}

/* A name that stands alone after catch, on its line, holds the error. */
static syntax_node *parse_try(parser_state *p)
{
    const syntax_token opened = p->token;
    syntax_node *statement = parser_token(p, NODE_TRY);
    statement->right = parse_block(p);
    if (parser_pass(p, TOKEN_CATCH)) {
        const bool apart = parser_separates(p->token.kind);
        syntax_node *first = statement->u.third = parse_block(p);
        if (first && !apart && first->kind == NODE_EXPRESSION && first->left->kind == NODE_NAME) {
            statement->left = first->left;
            statement->u.third = first->next;
        }
    }
    end_block(p, opened);
    return statement;
}

/* ---- Functions ---- */

static syntax_node *parse_result(parser_state *p)
{
    return parser_at(p, TOKEN_NAME) ? parser_name(p) : parser_expected(p, "the name of a result");
}

/* name, result = name, [result, ...] = name */
static void parse_signature(parser_state *p, syntax_node *definition)
{
    if (parser_pass(p, TOKEN_OPEN_BRACKET)) {
        if (!parser_at(p, TOKEN_CLOSE_BRACKET)) definition->left = parse_list(p, parse_result);
        if (!parser_pass(p, TOKEN_CLOSE_BRACKET)) parser_expected(p, ", or ]");
        if (!parser_at(p, TOKEN_ASSIGN)) parser_expected(p, "= after the results");
    } else {
        definition->left = parse_result(p);
    }
    syntax_node *name = definition->left;
    if (parser_pass(p, TOKEN_ASSIGN)) {
        name = parser_at(p, TOKEN_NAME) ? parser_name(p)
                                        : parser_expected(p, "the name of the function");
    } else {
        definition->left = NULL;
    }
    if (name) definition->symbol = name->symbol;
    if (parser_at(p, TOKEN_OPEN)) parse_parameters(p, &definition->right);
    definition->end = (uint32_t)p->last_end;
}

static syntax_node *parse_definition(parser_state *p)
{
    const syntax_token opened = p->token;
    if (p->blocks > 1)
        return parser_fail(p, opened.start, "a function is defined at the top level of a script");
    syntax_node *definition = parser_token(p, NODE_DEFINITION);
    parse_signature(p, definition);
    definition->u.third = parse_block(p);
    end_block(p, opened);
    return definition;
}

static syntax_node *parse_jump(parser_state *p, node_kind kind)
{
    if (p->loops == 0 && kind != NODE_RETURN)
        return parser_fail(p, p->token.start, "%s outside a loop",
                           kind == NODE_BREAK ? "break" : "continue");
    return parser_end(p, parser_token(p, kind));
}

static syntax_node *parse_statement(parser_state *p)
{
    switch (p->token.kind) {
    case TOKEN_FOR: return parse_loop(p, NODE_FOR);
    case TOKEN_WHILE: return parse_loop(p, NODE_WHILE);
    case TOKEN_DO: return parse_do(p);
    case TOKEN_IF: return parse_if(p);
    case TOKEN_SWITCH: return parse_switch(p);
    case TOKEN_TRY: return parse_try(p);
    case TOKEN_FUNCTION: return parse_definition(p);
    case TOKEN_BREAK: return parse_jump(p, NODE_BREAK);
    case TOKEN_CONTINUE: return parse_jump(p, NODE_CONTINUE);
    case TOKEN_RETURN: return parse_jump(p, NODE_RETURN);
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

/* SPDX-License-Identifier: MIT */
/* Blocks: loops, choices, functions, and the whole script. */
#include "autodiff/script/syntax/parser.h"

static syntax_node *parse_statement(parser_state *p);

static syntax_node *parse_block(parser_state *p)
{
    syntax_node *first = NULL, **last = &first;
    p->blocks++;
    while (!parser_ends_block(p->token.kind)) {
        if (parser_pass_separator(p)) continue;
        *last = parser_nested(p, parse_statement);
        last = &(*last)->next;
    }
    p->blocks--;
    return first;
}

/* Passes what ends the block that the word at `opened` began. */
static void end_block(parser_state *p, syntax_token opened)
{
    const int length = (int)(opened.end - opened.start);
    const char *word = p->lexer.source->text + opened.start;
    const bool until = opened.kind == TOKEN_DO;
    char expected[40];
    snprintf(expected, sizeof expected, "end of the %.*s", length, word);
    if (parser_at(p, TOKEN_FINISH)) {
        p->error->incomplete = true;
        parser_fail(p, opened.start, "%.*s is never ended", length, word);
    } else if (until || !parser_pass(p, TOKEN_END)) {
        parser_need(p, TOKEN_UNTIL + (opened.kind - TOKEN_DO),
                    until ? "until, which ends do" : expected);
    }
}

/* ---- What stands between the first word and the end ---- */

static void parse_loop(parser_state *p, syntax_node *loop)
{
    p->loops++;
    loop->third = parse_block(p);
    p->loops--;
}

/* variable = expression, maybe in parentheses */
static void parse_for(parser_state *p, syntax_node *loop)
{
    const bool parenthesis = parser_pass(p, TOKEN_OPEN);
    loop->left = parser_name(p, "the name of the loop's variable");
    if (p->token.operation == OPERATION_NONE) parser_need(p, TOKEN_ASSIGN, "=");
    else parser_expected(p, "=");
    loop->right = parse_expression(p);
    if (parenthesis) parser_need(p, TOKEN_CLOSE, ")");
    loop->end = (uint32_t)p->last_end;
    parse_loop(p, loop);
}

static void parse_while(parser_state *p, syntax_node *loop)
{
    loop->left = parse_expression(p);
    parse_loop(p, loop);
}

/* Clauses that begin with this word; the last may begin with the next kind, it has no condition. */
static void parse_clauses(parser_state *p, syntax_node **last, token_kind word)
{
    bool more = true;
    while (more && (parser_at(p, word) || parser_at(p, word + 1))) {
        more = parser_at(p, word);
        syntax_node *clause = *last = parser_token(p, NODE_CLAUSE);
        const bool cell = word == TOKEN_CASE && parser_at(p, TOKEN_OPEN_BRACE);
        if (more) clause->left = cell ? parse_cell(p) : parse_expression(p);
        clause->third = parse_block(p);
        last = &clause->next;
    }
}

static void parse_if(parser_state *p, syntax_node *statement)
{
    syntax_node *clause = tree_node(p->tree, NODE_CLAUSE, statement->start, statement->end);
    statement->right = clause;
    clause->left = parse_expression(p);
    clause->third = parse_block(p);
    parse_clauses(p, &clause->next, TOKEN_ELSEIF);
}

static void parse_switch(parser_state *p, syntax_node *statement)
{
    statement->left = parse_expression(p);
    while (parser_pass_separator(p)) continue;
    parse_clauses(p, &statement->right, TOKEN_CASE);
}

/* A name that stands alone after catch, on its line, holds the error. */
static void parse_try(parser_state *p, syntax_node *statement)
{
    statement->right = parse_block(p);
    if (!parser_pass(p, TOKEN_CATCH)) return;
    const bool apart = parser_separates(p->token.kind);
    syntax_node *first = statement->third = parse_block(p);
    if (first && !apart && first->kind == NODE_EXPRESSION && first->left->kind == NODE_NAME) {
        statement->left = first->left;
        statement->third = first->next;
    }
}

static syntax_node *parse_result(parser_state *p)
{
    return parser_name(p, "the name of a result");
}

/* name, result = name, [result, ...] = name; then the parameters */
static void parse_definition(parser_state *p, syntax_node *definition)
{
    if (p->blocks > 1)
        parser_fail(p, definition->start, "a function is defined at the top level of a script");
    const bool several = parser_pass(p, TOKEN_OPEN_BRACKET);
    syntax_node *name = NULL; /* or what stands before = */
    if (!several) name = parse_result(p);
    else if (!parser_at(p, TOKEN_CLOSE_BRACKET)) name = parse_list(p, parse_result);
    if (several) parser_need(p, TOKEN_CLOSE_BRACKET, ", or ]");
    if (several || parser_at(p, TOKEN_ASSIGN)) {
        definition->left = name;
        parser_need(p, TOKEN_ASSIGN, "= after the results");
        name = parser_name(p, "the name of the function");
    }
    definition->symbol = name->symbol;
    if (parser_at(p, TOKEN_OPEN)) definition->right = parse_parameters(p);
    definition->end = (uint32_t)p->last_end;
    definition->third = parse_block(p);
}

/* ---- Statements ---- */

/* From a word that opens a block to what ends it. */
static syntax_node *parse_compound(parser_state *p)
{
    static void (*const parts[])(parser_state *, syntax_node *) = {
        /* by kind, from TOKEN_DO */
        parse_loop, parse_for, parse_while, parse_if, parse_switch, parse_try, parse_definition};
    const syntax_token opened = p->token;
    const unsigned kind = opened.kind - TOKEN_DO;
    syntax_node *statement = parser_token(p, (node_kind)(NODE_DO + kind));
    parts[kind](p, statement);
    end_block(p, opened);
    if (opened.kind == TOKEN_DO) {
        statement->left = parse_expression(p);
        return parser_end(p, statement);
    }
    parser_pass_separator(p);
    return statement;
}

static syntax_node *parse_statement(parser_state *p)
{
    const token_kind kind = p->token.kind;
    if (kind >= TOKEN_DO && kind <= TOKEN_FUNCTION) return parse_compound(p);
    if (kind == TOKEN_NAME) return parse_command(p);
    if (kind < TOKEN_BREAK || kind > TOKEN_RETURN) return parse_simple(p);
    if (p->loops == 0 && kind != TOKEN_RETURN)
        parser_fail(p, p->token.start, "%s outside a loop",
                    kind == TOKEN_BREAK ? "break" : "continue");
    return parser_end(p, parser_token(p, (node_kind)(NODE_BREAK + (kind - TOKEN_BREAK))));
}

bool parse_script(parsed_script *script, symbol_table *symbols, parse_error *error)
{
    parser_state p = {.tree = &script->tree, .symbols = symbols, .error = error};
    *error = (parse_error){0};
    lexer_start(&p.lexer, script->source);
    parser_advance(&p);
    script->body = parse_block(&p);
    parser_need(&p, TOKEN_FINISH, "a statement");
    if (p.lexer.unfinished) {
        error->incomplete = true;
        parser_fail(&p, script->source->length, "a comment or line is not finished");
    }
    text_free(&p.lexer.text);
    return p.token.kind == TOKEN_FINISH;
}

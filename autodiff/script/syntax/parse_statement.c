/* SPDX-License-Identifier: MIT */
/* Statements: assignments, commands, blocks, and the whole script. */
#include "autodiff/script/syntax/parser.h"

static syntax_node *parse_statement(parser_state *p);

static bool separates(token_kind kind)
{
    return kind >= TOKEN_NEWLINE && kind <= TOKEN_COMMA;
}

static bool pass_separator(parser_state *p)
{
    return separates(p->token.kind) && parser_pass(p, p->token.kind);
}

static bool ends_block(token_kind kind)
{
    return kind == TOKEN_FINISH || kind == TOKEN_ERROR ||
           (kind >= TOKEN_UNTIL && kind <= TOKEN_ELSE);
}

static syntax_node *end_statement(parser_state *p, syntax_node *statement)
{
    statement->printed = p->token.kind != TOKEN_SEMICOLON;
    if (!pass_separator(p) && !ends_block(p->token.kind))
        parser_expected(p, "the end of the statement");
    return statement;
}

/* ---- Statements without a block ---- */

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
        if (several && target->kind == NODE_IGNORED) p->ignored--;
        else if (!is_target(target))
            return parser_fail(p, left->start,
                               "only a name, name(index) or [name, ...] can be assigned to");
    if (several && token.operation != OPERATION_NONE)
        return parser_fail(p, token.start, "%s= with several targets",
                           operation_text(token.operation));
    parser_advance(p);
    syntax_node *right = parser_nested(p, parse_right);
    const node_kind kind = several ? NODE_MULTIPLE : NODE_ASSIGN;
    syntax_node *statement = parser_node(p, kind, left->start, targets, right);
    statement->operation = token.operation;
    return statement;
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
    syntax_node *assignment = parser_node(p, NODE_ASSIGN, start, name, one);
    assignment->operation = step.operation;
    syntax_node *statement = parser_node(p, NODE_STEP, start, assignment, NULL);
    statement->raw = before;
    return end_statement(p, statement);
}

/* A statement without a block. */
static syntax_node *parse_simple(parser_state *p)
{
    if (parser_at(p, TOKEN_STEP)) return parse_step(p, NULL);
    syntax_node *left = parse_expression(p);
    if (is_target(left) && parser_at(p, TOKEN_STEP)) return parse_step(p, left);
    syntax_node *statement = parser_at(p, TOKEN_ASSIGN)
                                 ? parse_assignment(p, left)
                                 : parser_node(p, NODE_EXPRESSION, left->start, left, NULL);
    if (p->ignored) parser_fail(p, p->ignored_at, "expected an expression after ~");
    return end_statement(p, statement);
}

/* One that begins with a name may be a command: `clear x y` is the call clear("x", "y"). */
static syntax_node *parse_command(parser_state *p)
{
    static const char names[] = /* of those that take more than plain words */
        "axis clc clear close colorbar colormap figure format graphics_toolkit grid help hold "
        "legend more pkg print shading title warning xlabel ylabel zlabel";
    const char *text = p->lexer.source->text;
    const size_t start = p->token.start;
    syntax_node *words = NULL, **last = &words;
    syntax_token word;
    const bool known = parser_word(p, names) > 0;
    while (lexer_word(&p->lexer, known || words, &word)) {
        *last = tree_node(p->tree, NODE_STRING, word.start, word.end);
        tree_text(*last, text + word.start, word.end - word.start);
        last = &(*last)->next;
    }
    if (!words) return parse_simple(p);
    syntax_node *call = parser_node(p, NODE_INDEX, start, parser_name(p, "a command"), words);
    return end_statement(p, parser_node(p, NODE_EXPRESSION, start, call, NULL));
}

/* ---- Blocks ---- */

static syntax_node *parse_block(parser_state *p)
{
    syntax_node *first = NULL, **last = &first;
    p->blocks++;
    while (!ends_block(p->token.kind)) {
        if (pass_separator(p)) continue;
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
    if (parser_at(p, TOKEN_FINISH))
        parser_fail(p, opened.start, "%.*s is never ended", length, word);
    else if (until || !parser_pass(p, TOKEN_END))
        parser_need(p, TOKEN_UNTIL + (opened.kind - TOKEN_DO),
                    until ? "until, which ends do" : expected);
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
    while (pass_separator(p)) continue;
    parse_clauses(p, &statement->right, TOKEN_CASE);
}

/* A name that stands alone after catch, on its line, holds the error. */
static void parse_try(parser_state *p, syntax_node *statement)
{
    statement->right = parse_block(p);
    if (!parser_pass(p, TOKEN_CATCH)) return;
    const bool apart = separates(p->token.kind);
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
        return end_statement(p, statement);
    }
    pass_separator(p);
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
    return end_statement(p, parser_token(p, (node_kind)(NODE_BREAK + (kind - TOKEN_BREAK))));
}

bool parse_script(parsed_script *script, symbol_table *symbols, parse_error *error)
{
    parser_state p = {.lexer = {.source = script->source},
                      .tree = &script->tree,
                      .symbols = symbols,
                      .error = error};
    *error = (parse_error){0};
    parser_advance(&p);
    script->body = parse_block(&p);
    parser_need(&p, TOKEN_FINISH, "a statement");
    if (p.lexer.unfinished)
        parser_fail(&p, script->source->length, "a comment or line is not finished");
    text_free(&p.lexer.text);
    return p.token.kind == TOKEN_FINISH;
}

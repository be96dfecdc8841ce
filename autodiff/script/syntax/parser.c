/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/parser.h"

syntax_node *parser_fail(parser_state *p, size_t at, const char *format, ...)
{
    if (p->token.kind != TOKEN_ERROR) {
        va_list arguments;
        va_start(arguments, format);
        p->error->at = at;
        p->error->incomplete = parser_at(p, TOKEN_FINISH);
        text_vprint(&p->error->message, format, arguments);
        va_end(arguments);
        p->token = (syntax_token){.kind = TOKEN_ERROR};
    }
    return tree_node(p->tree, NODE_IGNORED, at, at);
}

syntax_node *parser_expected(parser_state *p, const char *what)
{
    const syntax_token token = p->token;
    const char *text = p->lexer.source->text + token.start;
    const int length = (int)(token.end - token.start < 40 ? token.end - token.start : 40);
    if (token.kind == TOKEN_RESERVED)
        return parser_fail(p, token.start, "%.*s is not part of the language", length, text);
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
    const syntax_token token = p->token;
    syntax_node *node = tree_node(p->tree, kind, token.start, token.end);
    if (kind == NODE_NUMBER) node->u.number = token.number;
    if (kind == NODE_STRING) {
        tree_text(node, p->lexer.text.data, p->lexer.text.length);
        node->raw = p->lexer.source->text[token.start] == '\'';
    }
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

/* SPDX-License-Identifier: MIT */
/* Names: the variables of the script and of its functions, and the functions that it defines. */
#include "autodiff/script/run/elements.h"

#include "autodiff/script/library/functions.h"

#include <string.h>

/* ---- Scopes ---- */

/* A table by symbol with room for all that there are. */
static void *table_grown(const interpreter *in, void *table, uint32_t *count, size_t item)
{
    char *grown = reallocate(table, in->symbols.count, item);
    memset(grown + *count * item, 0, (in->symbols.count - *count) * item);
    *count = in->symbols.count;
    return grown;
}

script_value *scope_slot(interpreter *in, variable_scope *scope, uint32_t symbol)
{
    if (symbol >= scope->count)
        scope->variables =
            table_grown(in, scope->variables, &scope->count, sizeof *scope->variables);
    return &scope->variables[symbol];
}

known_name *name_of(interpreter *in, uint32_t symbol)
{
    if (symbol >= in->name_count)
        in->names = table_grown(in, in->names, &in->name_count, sizeof *in->names);
    return &in->names[symbol];
}

static void scope_clear(variable_scope *scope)
{
    for (uint32_t k = scope->low; k < scope->high; k++) value_release(&scope->variables[k]);
    scope->low = scope->high = 0;
}

void scope_enter(const function_call *call, const callee *f)
{
    interpreter *in = call->in;
    const function_value *captured = f->captured;
    const syntax_node *name = f->node->right;
    variable_scope *scope = in->spare;
    if (scope) in->spare = scope->caller;
    else scope = allocate(sizeof *scope);
    scope->function = f->node;
    scope->given = call->count;
    scope->wanted = call->wanted;
    scope->caller = in->scope;
    scope->script = in->script;
    scope->statement = in->statement;
    scope->index = in->index;
    in->scope = scope;
    in->script = f->script;
    in->index = NULL;
    in->calls++;
    for (size_t k = 0; k < call->count; k++, name = name->next)
        if (name->kind == NODE_NAME)
            set_variable(in, name->symbol, value_share(call->arguments[k]));
    for (size_t k = 0; captured && k < captured->count; k++)
        set_variable(in, captured->captures[k].symbol, value_share(captured->captures[k].value));
}

void scope_leave(interpreter *in)
{
    variable_scope *scope = in->scope;
    scope_clear(scope);
    in->scope = scope->caller;
    in->script = scope->script;
    in->statement = scope->statement;
    in->index = scope->index;
    in->calls--;
    scope->caller = in->spare;
    in->spare = scope;
}

void scopes_free(interpreter *in)
{
    scope_clear(&in->top);
    release(in->top.variables);
    scope_clear(&in->kept);
    release(in->kept.variables);
    for (variable_scope *scope = in->spare, *next; scope; scope = next) {
        next = scope->caller;
        release(scope->variables);
        release(scope);
    }
    release(in->names);
}

/* ---- Variables ---- */

const script_value *lookup(interpreter *in, uint32_t symbol)
{
    const variable_scope *scope = in->scope;
    const bool set = symbol < scope->count && scope->variables[symbol].kind != VALUE_NOTHING;
    return set ? &scope->variables[symbol] : NULL;
}

static void name_value(interpreter *in, uint32_t symbol, script_value value)
{
    if (in->name_values && !in_prelude(in) && value.kind == VALUE_MATRIX)
        ad_name(value.var, in->symbols.names[symbol]);
}

bool join_variable(interpreter *in, uint32_t symbol, script_value *value)
{
    script_value whole;
    if (value->kind != VALUE_ELEMENTS) return true;
    if (!elements_join(in, value->u.elements, &whole)) return false;
    whole.form = value->form;
    value_release(value);
    *value = whole;
    name_value(in, symbol, whole);
    return true;
}

bool lookup_whole(interpreter *in, uint32_t symbol, const script_value **value)
{
    *value = lookup(in, symbol);
    return !*value || join_variable(in, symbol, &in->scope->variables[symbol]);
}

void set_variable(interpreter *in, uint32_t symbol, script_value value)
{
    variable_scope *scope = in->scope;
    script_value *variable = scope_slot(in, scope, symbol);
    value_release(variable);
    *variable = value;
    if (scope->low == scope->high) scope->low = symbol;
    scope->low = symbol < scope->low ? symbol : scope->low;
    scope->high = symbol >= scope->high ? symbol + 1 : scope->high;
    name_value(in, symbol, value);
}

const callee *defined_of(const interpreter *in, uint32_t symbol)
{
    const callee *defined = symbol < in->name_count ? &in->names[symbol].defined : NULL;
    return defined && defined->node ? defined : NULL;
}

const callee *written_of(const interpreter *in, uint32_t symbol)
{
    const callee *written = symbol < in->name_count ? &in->names[symbol].written : NULL;
    return written && written->node ? written : NULL;
}

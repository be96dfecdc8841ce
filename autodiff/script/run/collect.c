/* SPDX-License-Identifier: MIT */
/* Memory: what the tape may forget.
 *
 * Between statements the live values are the variables of all scopes, ans, what functions captured
 * and the matrices of for loops that are running; where an expression that calls a function holds
 * others, nothing is dropped (pending). ad_tape_keep drops what lies on no path between two of
 * them. It visits the whole tape, so it runs when the tape has doubled since the last time; a round
 * of fewer than LEAST_NODES gains no time, and of four times as many costs some 20 MB. */
#include "autodiff/script/run/elements.h"

#include <stdlib.h>

enum { LEAST_NODES = 12000, LEAST_BYTES = 1 << 20 };

/* Pointers to every live handle. */
typedef struct live_handles {
    ad_var **handles;
    size_t count;
    function_value *waiting; /* functions whose captures have not been visited */
    unsigned visit;
} live_handles;

static void add_value(live_handles *live, script_value *value)
{
    if (value->kind == VALUE_FUNCTION && value->u.function->visit != live->visit) {
        value->u.function->visit = live->visit;
        value->u.function->link = live->waiting;
        live->waiting = value->u.function;
    }
    if (value->kind != VALUE_MATRIX) return;
    live->handles = array_extend(live->handles, live->count, sizeof *live->handles);
    live->handles[live->count++] = &value->var;
}

/* Joins the elements of variables, so that as much stays as of variables held whole. Counts them:
 * it costs as much as so many nodes. */
static bool add_variables(interpreter *in, variable_scope *scope, live_handles *live,
                          size_t *joined)
{
    for (uint32_t k = scope->low; k < scope->high; k++) {
        script_value *value = &scope->variables[k];
        if (value->kind == VALUE_ELEMENTS) *joined += value->rows * value->cols;
        if (!join_variable(in, k, value)) return false;
        add_value(live, value);
    }
    return true;
}

static bool find_live(interpreter *in, live_handles *live, size_t *joined)
{
    live->visit = ++in->visit;
    for (variable_scope *scope = in->scope; scope; scope = scope->caller)
        if (!add_variables(in, scope, live, joined)) return false;
    for (for_loop *loop = in->loops; loop; loop = loop->outer) add_value(live, &loop->columns);
    while (live->waiting) {
        function_value *function = live->waiting;
        live->waiting = function->link;
        for (size_t k = 0; k < function->count; k++) add_value(live, &function->captures[k].value);
    }
    return true;
}

static bool keep(interpreter *in, size_t *joined)
{
    live_handles live = {0};
    if (!find_live(in, &live, joined)) {
        release(live.handles);
        return false;
    }
    ad_var *vars = reallocate(NULL, live.count, sizeof *vars);
    for (size_t k = 0; k < live.count; k++) vars[k] = *live.handles[k];
    bool ok = ad_tape_keep(in->tape, vars, live.count) == AD_OK;
    for (size_t k = 0; ok && k < live.count; k++) *live.handles[k] = vars[k];
    release(vars);
    release(live.handles);
    if (ad_tape_status(in->tape) == AD_ERROR_MEMORY) { /* no room for the copies: go on as it is */
        ad_tape_clear_error(in->tape);
        return true;
    }
    return ok || fail_tape(in, "memory");
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

bool collect(interpreter *in)
{
    size_t nodes = tape_nodes(in), joined = 0;
    bool full = nodes > in->collect_nodes || in->bytes_recorded > in->collect_bytes;
    if (!full || in->pending) return true;
    if (in->collect_nodes && in->collect) {
        if (!keep(in, &joined)) return false;
        in->joined = 0;
        size_t kept = tape_nodes(in);
        /* the values kept are in proportion to the nodes kept */
        in->bytes_recorded = (size_t)((double)in->bytes_recorded * (double)kept / (double)nodes);
        nodes = kept;
    }
    in->collect_nodes = larger(2 * nodes, nodes + larger(LEAST_NODES, joined));
    in->collect_bytes = larger(2 * in->bytes_recorded, in->bytes_recorded + LEAST_BYTES);
    return true;
}

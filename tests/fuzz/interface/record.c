/* SPDX-License-Identifier: MIT */
/* Recording a call, and the slots of what was recorded. */
#include "tests/fuzz/interface/program.h"

#include <stdlib.h>
#include <string.h>

/* ---- one call, made on any tape ---- */

size_t action_results(const action *a)
{
    return a->call->signature == GRADS ? a->count - 1 : 1;
}

void action_free(action *a)
{
    if (a) free(a->values);
    free(a);
}

/* Differentiates the first operand by the others. All results of a failed call must be invalid. */
static void perform_grads(const action *a, const ad_var *x, ad_var *results)
{
    for (size_t k = 0; k + 1 < a->count; k++) results[k] = x[0];
    ad_grads(x[0], a->null ? NULL : x + 1, a->count - 1, results);
}

void action_perform(const action *a, ad_tape *tape, const ad_var *x, ad_var *results)
{
    const function f = a->call->function;
    const size_t *s = a->sizes;
    switch (a->call->signature) {
    case UNARY: *results = f.UNARY(x[0]); break;
    case BINARY: *results = f.BINARY(x[0], x[1]); break;
    case TERNARY: *results = f.TERNARY(x[0], x[1], x[2]); break;
    case WITH_NUMBER: *results = f.WITH_NUMBER(x[0], a->number); break;
    case WITH_INTEGER: *results = f.WITH_INTEGER(x[0], a->integer); break;
    case SOLVE: *results = f.SOLVE(x[0], x[1], a->integer); break;
    case WITH_SHAPE: *results = f.WITH_SHAPE(x[0], s[0], s[1]); break;
    case BLOCK: *results = f.BLOCK(x[0], s[0], s[1], s[2], s[3]); break;
    case WITH_INDICES:
        *results = f.WITH_INDICES(x[0], a->null ? NULL : a->indices, s[0], s[1]);
        break;
    case JOIN: *results = f.JOIN(a->null ? NULL : x, a->count); break;
    case NUMBER: *results = f.NUMBER(tape, *a->values); break;
    case LEAF: *results = f.LEAF(tape, s[0], s[1], a->null ? NULL : a->values); break;
    case GRADS: perform_grads(a, x, results); break;
    case CUSTOM:
        *results = ad_custom(tape, plan_operation(&a->plan), x, a->count, (void *)&a->plan);
        break;
    case DEED: break;
    }
}

/* ---- slots ---- */

size_t slot_size(const slot *s)
{
    return s->rows * s->cols;
}

int slot_of(const program *p, ad_var x)
{
    for (int i = 1; x.tape && i < p->slot_count; i++) {
        const ad_var y = p->slots[i].handle;
        if (p->slots[i].live && y.tape == x.tape && y.node == x.node && y.epoch == x.epoch)
            return i;
    }
    return -1;
}

slot *slot_add(program *p, int tape, ad_var handle)
{
    if (p->slot_count == MOST_SLOTS) return NULL;
    const int same = slot_of(p, handle);
    slot *s = &p->slots[p->slot_count];
    *s = (slot){
        .handle = handle, .tape = tape, .same = same < 0 ? p->slot_count : p->slots[same].same};
    s->live = ad_ok(handle);
    s->rows = ad_rows(handle);
    s->cols = ad_cols(handle);
    p->slot_count++;
    return s;
}

/* A later call may have returned a value from before: that of a number, or one of its operands'. */
void retire(program *p, int tape, int from, size_t nodes)
{
    for (int i = from; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (s->tape != tape) continue;
        s->live = s->live && s->handle.node < nodes;
        s->recipe = false;
        s->opaque = true;
    }
}

/* ---- limits ---- */

static bool is_too_large(const program *p, const action *a)
{
    size_t product = 1, nodes = 0;
    for (size_t k = 0; k < a->count; k++) {
        const slot *x = &p->slots[a->operands[k]];
        const bool twice = a->call->operands[0] == VECTOR && a->count == 1;
        product *= twice ? slot_size(x) * slot_size(x) : slot_size(x) + 1;
        if (x->handle.tape && ad_tape_statistics(x->handle.tape).nodes > nodes)
            nodes = ad_tape_statistics(x->handle.tape).nodes;
    }
    if (a->call->function.BINARY == ad_hessian) product *= slot_size(&p->slots[a->operands[1]]);
    return ((a->call->traits & PRODUCT) && product > LARGEST_RESULT) ||
           ((a->call->traits & DERIVATIVE) && nodes > MOST_NODES) ||
           p->slot_count + (int)action_results(a) > MOST_SLOTS;
}

/* ---- what a new value inherits ---- */

static bool is_among(const call *c, const char *const *names)
{
    while (*names && strcmp(c->name, *names) != 0) names++;
    return *names;
}

/* What ad_tape_keep may cut apart: derivatives, what was detached, squares that are no more of a
 * length. */
static bool is_fragile(const program *p, const action *a)
{
    static const char *const lengths[] = {"ad_abs", "ad_hypot", "ad_norm2", "ad_norm_fro", NULL};
    static const char *const squares[] = {"ad_mul",    "ad_square", "ad_pow",
                                          "ad_pow_to", "ad_powi",   NULL};
    bool fragile = a->call->traits & (DERIVATIVE | CUT);
    for (size_t k = 0; k < a->count; k++) {
        const slot *x = &p->slots[a->operands[k]];
        const slot *base = &p->slots[x->same];
        fragile = fragile || x->fragile || base->fragile;
        if (base->how && is_among(base->how->call, lengths))
            fragile = fragile || is_among(a->call, squares);
    }
    return fragile;
}

static void inherit(program *p, slot *s, const action *a)
{
    s->wild = a->call->signature == CUSTOM && plan_is_wild(&a->plan);
    s->opaque = s->wild || (p->tapes[s->tape].kept && (a->call->traits & DERIVATIVE));
    s->leaf =
        a->call->signature == LEAF || (a->call->signature == NUMBER && !(a->call->traits & SHARED));
    s->fragile = is_fragile(p, a);
    for (size_t k = 0; k < a->count; k++) {
        s->wild = s->wild || p->slots[a->operands[k]].wild;
        s->opaque = s->opaque || p->slots[a->operands[k]].opaque;
    }
}

/* Slots of the results of a call; the first one owns how they were made. */
static void add_results(program *p, action *a, const ad_var *results)
{
    for (size_t k = 0; k < action_results(a); k++) {
        const int tape = tape_index(p, results[k].tape);
        slot *s = slot_add(p, tape < 0 ? p->current : tape, results[k]);
        s->how = a;
        s->which = k;
        s->recipe = s->live;
        if (!s->live) continue;
        inherit(p, s, a);
        const slot *base = &p->slots[s->same];
        if (base == s) continue;
        s->leaf = base->leaf;
        s->opaque = base->opaque;
        s->wild = base->wild;
    }
}

static void add_stash(program *p)
{
    const ad_var x = p->stash;
    p->stash = (ad_var){0};
    if (!x.tape || slot_of(p, x) >= 0) return;
    slot *s = slot_add(p, tape_index(p, x.tape), x);
    if (s) s->opaque = s->wild = s->fragile = true;
}

void record(program *p, const call *c)
{
    action *a = malloc(sizeof *a);
    if (!a) return;
    decode(p, c, a);
    if (is_too_large(p, a)) {
        action_free(a);
        return;
    }
    const statuses before = statuses_now(p);
    ad_var operands[MOST_OPERANDS], results[MOST_OPERANDS] = {{0}};
    for (size_t k = 0; k < a->count; k++) operands[k] = p->slots[a->operands[k]].handle;
    p->wild = p->wild || (c->signature == CUSTOM && plan_is_wild(&a->plan));
    say_action(p, a, p->slot_count);
    action_perform(a, current_tape(p)->tape, operands, results);
    for (size_t k = 0; k < action_results(a); k++) check_result(p, &before, a, results[k]);
    if (action_results(a)) add_results(p, a, results);
    else action_free(a);
    add_stash(p);
}

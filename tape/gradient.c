/* Gradients recorded on the tape, so that they can be differentiated again.
 *
 * Only nodes on a path from the x's to y are visited: first those that y depends on, then of
 * these the ones that depend on an x, then the rules of these from y down. A share of an adjoint is
 * a handle; shares are added with the tape's own addition. Marks and handles live in scratch
 * memory of this call, so a custom rule may itself ask for a gradient. Shares that are elements put
 * into structural zeros wait until the adjoint is asked for: putting n single elements together at
 * once takes O(n) values, one by one O(n^2).
 *
 * What is recorded must not depend on values, which a replay changes: a node that is structurally
 * zero is treated as any other, but its adjoint is recorded as one that vanishes whenever it does.
 */
#include "tape/tape.h"

#include <string.h>

enum { REACHED = 1, DEPENDS = 2, ON_PATH = REACHED | DEPENDS };

/* Shares to be added, the last one first. */
typedef struct waiting {
    ad_var share;
    struct waiting *before;
} waiting;

typedef struct gradient {
    ad_tape *tape;
    uint32_t low, high; /* nodes low..high are marked */
    uint8_t *marks;
    ad_var *adjoints;
    waiting **waiting;
} gradient;

static bool is_active(const ad_tape *tape, uint32_t node)
{
    return node_flags(tape, node) & NODE_ACTIVE;
}

static uint8_t *mark_of(const gradient *g, uint32_t node)
{
    return &g->marks[node - g->low];
}

static void mark_reached(const gradient *g)
{
    *mark_of(g, g->high) = REACHED;
    for (uint32_t node = g->high; node > g->low; node--) {
        if (!*mark_of(g, node)) continue;
        size_t count = node_operand_count(g->tape, node);
        for (size_t k = 0; k < count; k++) {
            uint32_t operand = node_operand(g->tape, node, k);
            if (operand >= g->low && is_active(g->tape, operand))
                *mark_of(g, operand) = REACHED;
        }
    }
}

static void mark_dependent(const gradient *g, const ad_var *xs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (xs[i].node <= g->high && *mark_of(g, xs[i].node)) *mark_of(g, xs[i].node) = ON_PATH;
    for (uint32_t node = g->low; node <= g->high; node++) {
        if (*mark_of(g, node) != REACHED) continue;
        size_t operands = node_operand_count(g->tape, node);
        for (size_t k = 0; k < operands; k++) {
            uint32_t operand = node_operand(g->tape, node, k);
            if (operand >= g->low && *mark_of(g, operand) == ON_PATH &&
                is_active(g->tape, operand))
                *mark_of(g, node) = ON_PATH;
        }
        if (node == NO_NODE) break;
    }
}

/* Multiples of the unit matrix stay such. */
static ad_var add(ad_var x, ad_var y)
{
    const tape_toolbox *tools = x.tape->tools;
    ad_var x_scale, y_scale;
    if (tape_is_scaled_identity(x, &x_scale) && tape_is_scaled_identity(y, &y_scale))
        return tools->scaled_identity(tools->add(x_scale, y_scale), ad_rows(x));
    return tools->add(x, y);
}

static bool let_wait(const gradient *g, uint32_t node, ad_var share)
{
    waiting *w = arena_take(&g->tape->adjoints, sizeof *w);
    if (!w) return tape_out_of_memory(g->tape, "gradient");
    *w = (waiting){share, g->waiting[node - g->low]};
    g->waiting[node - g->low] = w;
    return true;
}

bool tape_collect(const rule *r, uint32_t node, ad_var share)
{
    const gradient *g = r->sink;
    ad_var *adjoint = &g->adjoints[node - g->low];
    ad_var scale;
    const operation *op = tape_operation(share);
    if (op && op->places && !tape_is_scaled_identity(share, &scale))
        return let_wait(g, node, share);
    *adjoint = adjoint->tape ? add(*adjoint, share) : share;
    return adjoint->tape != NULL;
}

/* Adds the shares of a node that wait, and to them a multiple of the unit matrix. */
static bool settle(const gradient *g, uint32_t node)
{
    ad_tape *tape = g->tape;
    waiting *last = g->waiting[node - g->low];
    ad_var *adjoint = &g->adjoints[node - g->low];
    if (!last) return true;
    ad_var scale;
    const bool identity = adjoint->tape && tape_is_scaled_identity(*adjoint, &scale);
    size_t count = identity;
    for (waiting *w = last; w; w = w->before)
        count++;
    arena_position position = arena_mark(&tape->scratch);
    ad_var *shares = tape_scratch(tape, count, sizeof *shares);
    ad_var sum = {0};
    for (size_t i = count; shares && last; last = last->before)
        shares[--i] = last->share;
    if (shares && identity) shares[0] = *adjoint;
    if (shares) sum = tape->tools->sum_placed(shares, count);
    if (sum.tape) *adjoint = adjoint->tape && !identity ? add(*adjoint, sum) : sum;
    g->waiting[node - g->low] = NULL;
    arena_rewind(&tape->scratch, position);
    return sum.tape && adjoint->tape;
}

/* Operands, handles and what is wanted of them; false when nothing is. */
static bool prepare(const gradient *g, uint32_t node, size_t count, ad_var *in, bool *wanted)
{
    bool any = false;
    for (size_t k = 0; k < count; k++) {
        uint32_t operand = node_operand(g->tape, node, k);
        in[k] = tape_handle(g->tape, operand);
        wanted[k] = operand >= g->low && *mark_of(g, operand) == ON_PATH &&
                    is_active(g->tape, operand);
        any = any || wanted[k];
    }
    return any;
}

static ad_var adjoint_of(const gradient *g, uint32_t node)
{
    ad_var adjoint = g->adjoints[node - g->low];
    if (!(node_flags(g->tape, node) & NODE_CHOICE)) return adjoint;
    return g->tape->tools->unless_zero(tape_handle(g->tape, node), adjoint);
}

static bool apply_rule(gradient *g, uint32_t node, size_t count, const ad_var *in,
                       const bool *wanted)
{
    ad_tape *tape = g->tape;
    rule r = {.tape = tape, .in = in, .wanted = wanted, .count = count,
              .output = tape_handle(tape, node), .adjoint = adjoint_of(g, node), .sink = g};
    if (!r.adjoint.tape) return false;
    uint8_t code = node_code(tape, node);
    if (code != CODE_GENERAL) return tape->tools->gradient(&r, code);
    const tape_node *n = general_of(tape, node);
    r.op = n->op;
    r.attributes = n->attributes;
    return n->op->gradient ? n->op->gradient(&r)
                           : tape_fail(tape, AD_ERROR_DERIVATIVE, "%s: has no gradient rule",
                                       n->op->name);
}

static bool run_rule(gradient *g, uint32_t node)
{
    ad_tape *tape = g->tape;
    arena_position position = arena_mark(&tape->scratch);
    size_t count = node_operand_count(tape, node);
    ad_var *in = tape_scratch(tape, count, sizeof *in);
    bool *wanted = tape_scratch(tape, count, sizeof *wanted);
    bool ok = in && wanted &&
              (!prepare(g, node, count, in, wanted) || apply_rule(g, node, count, in, wanted));
    arena_rewind(&tape->scratch, position);
    return ok && tape->status == AD_OK;
}

static bool record(gradient *g, ad_var seed, const ad_var *xs, size_t count)
{
    size_t range = (size_t)g->high - g->low + 1;
    g->marks = tape_scratch(g->tape, range, sizeof *g->marks);
    g->adjoints = tape_scratch(g->tape, range, sizeof *g->adjoints);
    g->waiting = tape_scratch(g->tape, range, sizeof(waiting *));
    if (!g->marks || !g->adjoints || !g->waiting) return false;
    memset(g->marks, 0, range);
    mark_reached(g);
    mark_dependent(g, xs, count);
    for (size_t i = 0; i < range; i++)
        if (g->marks[i] == ON_PATH) {
            g->adjoints[i] = (ad_var){0};
            g->waiting[i] = NULL;
        }
    if (*mark_of(g, g->high) != ON_PATH) return true;
    g->adjoints[range - 1] = seed;
    for (uint32_t node = g->high;; node--) {
        if (*mark_of(g, node) == ON_PATH && !settle(g, node)) return false;
        if (*mark_of(g, node) == ON_PATH && g->adjoints[node - g->low].tape && !run_rule(g, node))
            return false;
        if (node == g->low) return true;
    }
}

/* The shares of x, or zeros where y does not depend on it. */
static ad_var result(const gradient *g, ad_var x)
{
    if (g->marks && x.node >= g->low && x.node <= g->high && *mark_of(g, x.node) == ON_PATH &&
        g->adjoints[x.node - g->low].tape)
        return g->adjoints[x.node - g->low];
    return tape_filled(g->tape, ad_rows(x), ad_cols(x), 0);
}

static bool gradients(ad_var y, ad_var seed, const ad_var *xs, size_t count, ad_var *out)
{
    ad_tape *tape = y.tape;
    arena_position position = arena_mark(&tape->scratch), shares = arena_mark(&tape->adjoints);
    gradient g = {.tape = tape, .low = y.node, .high = y.node};
    for (size_t i = 0; i < count; i++)
        if (xs[i].node < g.low) g.low = xs[i].node;
    bool ok = !is_active(tape, y.node) || record(&g, seed, xs, count);
    for (size_t i = 0; ok && i < count; i++) {
        out[i] = result(&g, xs[i]);
        ok = out[i].tape != NULL;
    }
    arena_rewind(&tape->adjoints, shares);
    arena_rewind(&tape->scratch, position);
    return ok;
}

bool tape_gradients(ad_var y, ad_var seed, const ad_var *xs, size_t count, ad_var *out,
                    const char *name)
{
    ad_tape *tape = tape_common((const ad_var[]){y, seed}, 2, name);
    for (size_t i = 0; tape && i < count; i++)
        tape = tape_common((const ad_var[]){y, xs[i]}, 2, name);
    bool ok = tape && tape_ready(tape, name);
    if (ok) {
        tape->gradients++;
        ok = gradients(y, seed, xs, count, out);
        tape->gradients--;
    }
    for (size_t i = 0; !ok && i < count; i++)
        out[i] = (ad_var){0};
    return ok;
}

/* SPDX-License-Identifier: MIT */
/* Gradients recorded on the tape, so that they can be differentiated again.
 *
 * The nodes on paths from the x's to y (visits.c) are gone through from y down, and their rules
 * run. A share of an adjoint is a handle: whole ones are added with the tape's own addition; those
 * that stand at positions wait until the adjoint is asked for and are then put together in one
 * operation, n single elements in O(n).
 *
 * What is recorded must not depend on values, which a replay changes. Positions are known when a
 * rule runs; supports that depend on values belong to the values (support.c).
 */
#include "tape/visits.h"

#include <string.h>

/* A rule that asks for its own gradient would go on until the stack is full. */
enum { MOST_NESTED = 32 };

typedef struct gradient {
    ad_tape *tape;
    visits visited;
} gradient;

/* ---- shares ---- */

static size_t size_of(ad_var x)
{
    return ad_rows(x) * ad_cols(x);
}

static ad_var sum_of(ad_tape *tape, const visit_page *page, uint32_t node)
{
    const uint32_t sum = page->sum[node & PAGE_MASK];
    return sum == NO_NODE ? (ad_var){0} : tape_handle(tape, sum);
}

static const sparse_share *shares_of(const visit_page *page, uint32_t node)
{
    return page->shares ? page->shares[node & PAGE_MASK] : NULL;
}

static bool defer_share(ad_tape *tape, visit_page *page, uint32_t node, ad_var elements,
                        const positions *at)
{
    const size_t count = size_of(elements);
    if (!page->shares) {
        page->shares = arena_take(&tape->adjoints, PAGE_NODES * sizeof *page->shares);
        for (size_t i = 0; page->shares && i < PAGE_NODES; i++) page->shares[i] = NULL;
    }
    sparse_share *s = arena_take(&tape->adjoints, sizeof *s);
    size_t *list = at->list ? arena_take_array(&tape->adjoints, count, sizeof *list) : NULL;
    if (!page->shares || !s || (at->list && !list)) return tape_out_of_memory(tape, "gradient");
    *s = (sparse_share){*at, page->shares[node & PAGE_MASK], elements.node};
    if (list && count) memcpy(list, at->list, count * sizeof *list);
    s->at.list = list;
    page->shares[node & PAGE_MASK] = s;
    return true;
}

/* g times the unit matrix waits as one element that repeats on the diagonal. */
bool tape_collect(const rule *r, uint32_t node, ad_var share, const positions *at)
{
    const gradient *gradient_of = r->sink;
    visit_page *page = visits_node(&gradient_of->visited, node);
    ad_var g;
    const size_t order = share.epoch & HANDLE_SPECIAL ? ad_rows(share) : 1;
    if (!at && order > 1 && tape_is_scaled_identity(share, &g)) {
        const positions diagonal = {order, 1, 0, order + 1, 0, NULL};
        return defer_share(r->tape, page, node, g, &diagonal);
    }
    if (at) return size_of(share) == 0 || defer_share(r->tape, page, node, share, at);
    ad_var sum = sum_of(r->tape, page, node);
    sum = sum.tape ? r->tape->hooks->add(sum, share) : share;
    if (sum.tape) page->sum[node & PAGE_MASK] = sum.node;
    return sum.tape != NULL;
}

/* ---- sparse adjoints ---- */

/* count values whose elements stand at the positions of list, one value after another. */
typedef struct collection {
    ad_var *values;
    size_t count, *list, length;
} collection;

static bool repeats(const sparse_share *s, ad_tape *tape)
{
    return s->at.rows > 1 && !(node_flags(tape, s->elements) & NODE_MATRIX);
}

/* The shares that wait, in the order of their arrival. */
static bool collect(ad_tape *tape, const sparse_share *last, collection *c)
{
    *c = (collection){.count = 0};
    for (const sparse_share *s = last; s; s = s->before) {
        c->count += repeats(s, tape) ? s->at.rows : 1;
        c->length += s->at.rows * s->at.cols;
    }
    c->values = tape_scratch(tape, c->count, sizeof *c->values);
    c->list = tape_scratch(tape, c->length, sizeof *c->list);
    if (!c->values || !c->list) return false;
    size_t value = c->count, end = c->length;
    for (const sparse_share *s = last; s; s = s->before) {
        end -= s->at.rows * s->at.cols;
        for (size_t i = repeats(s, tape) ? s->at.rows : 1; i-- > 0;)
            c->values[--value] = tape_handle(tape, s->elements);
        for (size_t i = 0; i < s->at.rows * s->at.cols; i++)
            c->list[end + i] = position_of(&s->at, i);
    }
    return true;
}

/* The sum g of multiples of the unit matrix; invalid where other shares wait too, or on error. */
static ad_var sum_of_diagonals(ad_tape *tape, const sparse_share *last)
{
    ad_var g = {0};
    for (const sparse_share *s = last; s; s = s->before) {
        const ad_var share = tape_handle(tape, s->elements);
        if (!repeats(s, tape)) return (ad_var){0};
        g = g.tape ? tape->hooks->add(share, g) : share;
        if (!g.tape) break;
    }
    return g;
}

static bool ascends(const collection *c)
{
    for (size_t i = 1; i < c->length; i++)
        if (c->list[i] <= c->list[i - 1]) return false;
    return true;
}

/* Numbers the positions in a matrix of size elements that the list has, in ascending order: the
 * list gets the numbers instead. NULL when out of memory. */
static size_t *number_positions(ad_tape *tape, collection *c, size_t size, size_t *distinct)
{
    size_t *number = tape_scratch(tape, size, sizeof *number);
    size_t *at = tape_scratch(tape, c->length, sizeof *at);
    if (!number || !at) return NULL;
    memset(number, 0, size * sizeof *number);
    for (size_t i = 0; i < c->length; i++) number[c->list[i]] = 1;
    *distinct = 0;
    for (size_t i = 0; i < size; i++) {
        if (!number[i]) continue;
        at[*distinct] = i;
        number[i] = (*distinct)++;
    }
    for (size_t i = 0; i < c->length; i++) c->list[i] = number[c->list[i]];
    return at;
}

/* A collection put together: a column of elements at ascending positions, *at; a rows x cols matrix
 * where it is to be whole, or all elements are there. */
static ad_var put_together(ad_tape *tape, collection *c, size_t rows, size_t cols, bool whole,
                           positions *at)
{
    size_t distinct;
    if (rows * cols == 1 && c->length == 1) return c->values[0];
    if (!whole && c->count == 1 && ad_cols(c->values[0]) == 1 && c->length < rows * cols &&
        ascends(c)) {
        *at = (positions){.rows = c->length, .cols = 1, .list = c->list};
        return c->values[0];
    }
    if (whole && ascends(c))
        return tape->hooks->put(c->values, c->count, c->list, rows, cols, c->length < rows * cols);
    size_t *list = number_positions(tape, c, rows * cols, &distinct);
    if (!list) return (ad_var){0};
    const bool all = distinct == rows * cols;
    if (!whole && !all) {
        *at = (positions){.rows = distinct, .cols = 1, .list = list};
        return tape->hooks->put(c->values, c->count, c->list, distinct, 1, false);
    }
    for (size_t i = 0; i < c->length; i++) c->list[i] = list[c->list[i]];
    return tape->hooks->put(c->values, c->count, c->list, rows, cols, !all);
}

/* The adjoint of a node, at positions where it is sparse and need not be whole; invalid where there
 * is none, and after an error. */
static ad_var adjoint_of(ad_tape *tape, const visit_page *page, uint32_t node, bool whole,
                         positions *at)
{
    const sparse_share *shares = shares_of(page, node);
    const ad_var sum = sum_of(tape, page, node);
    collection c;
    size_t rows, cols;
    if (!shares) return sum;
    node_shape(tape, node, &rows, &cols);
    const ad_var g = sum.tape ? sum : sum_of_diagonals(tape, shares);
    if (!sum.tape && g.tape) return tape->hooks->scaled_identity(g, rows);
    if (tape->status != AD_OK || !collect(tape, shares, &c)) return (ad_var){0};
    ad_var sparse = put_together(tape, &c, rows, cols, whole || sum.tape, at);
    return sparse.tape && sum.tape ? tape->hooks->add(sum, sparse) : sparse;
}

/* ---- rules ---- */

static bool is_empty(const ad_tape *tape, uint32_t node)
{
    size_t rows, cols;
    node_shape(tape, node, &rows, &cols);
    return rows == 0 || cols == 0;
}

/* Operands, handles and what is wanted of them; false when nothing is. A value without elements
 * has no share for an operand that has some. */
static bool prepare(const gradient *g, uint32_t node, size_t count, ad_var *in, bool *wanted)
{
    bool any = false;
    const bool empty = node_flags(g->tape, node) & NODE_MATRIX && is_empty(g->tape, node);
    for (size_t k = 0; k < count; k++) {
        const uint32_t operand = node_operand(g->tape, node, k);
        in[k] = tape_handle(g->tape, operand);
        wanted[k] = visits_node(&g->visited, operand) && (!empty || is_empty(g->tape, operand));
        any = any || wanted[k];
    }
    return any;
}

static bool apply_rule(gradient *g, uint32_t node, rule *r)
{
    ad_tape *tape = g->tape;
    const uint8_t code = node_code(tape, node);
    r->output = tape_handle(tape, node);
    if (code != CODE_GENERAL) return tape->hooks->gradient(r, code);
    const tape_node *n = general_of(tape, node);
    r->op = n->op;
    r->attributes = node_attributes(n);
    return n->op->gradient
               ? tape->hooks->gradient(r, code)
               : tape_fail(tape, AD_ERROR_DERIVATIVE, "%s: has no gradient rule", node_name(n));
}

static bool visit_node(gradient *g, visit_page *page, uint32_t node)
{
    ad_tape *tape = g->tape;
    const bool is_x = page->is_x >> (node & PAGE_MASK) & 1;
    if (page->sum[node & PAGE_MASK] == NO_NODE && !shares_of(page, node)) return true;
    const size_t count = node_operand_count(tape, node);
    ad_var few[FEW_INPUTS], *in = few;
    bool few_wanted[FEW_INPUTS], *wanted = few_wanted;
    if (count > FEW_INPUTS) {
        in = tape_scratch(tape, count, sizeof *in);
        wanted = tape_scratch(tape, count, sizeof *wanted);
        if (!in || !wanted) return false;
    }
    const bool any = prepare(g, node, count, in, wanted);
    positions at = {.list = NULL};
    rule r = {.tape = tape,
              .in = in,
              .wanted = wanted,
              .count = count,
              .adjoint = adjoint_of(tape, page, node, is_x, &at),
              .sink = g};
    if (!r.adjoint.tape) return false;
    r.at = at.list ? &at : NULL;
    if (is_x) page->sum[node & PAGE_MASK] = r.adjoint.node;
    return !any || apply_rule(g, node, &r);
}

static bool visit_page_of(gradient *g, visit_page *page)
{
    for (uint64_t left = page->on_path; left;) {
        const uint32_t i = highest_bit(left);
        left ^= UINT64_C(1) << i;
        arena_position position = arena_mark(&g->tape->scratch);
        const bool ok = visit_node(g, page, page->number << PAGE_BITS | i);
        arena_rewind(&g->tape->scratch, position);
        if (!ok || g->tape->status != AD_OK) return false;
    }
    return true;
}

static bool visit_all(gradient *g, uint32_t y, ad_var seed, const size_t *seed_at)
{
    visit_page *top = visits_node(&g->visited, y);
    const positions at = {.rows = 1, .cols = 1, .list = seed_at};
    if (!top) return true;
    if (!seed_at) top->sum[y & PAGE_MASK] = seed.node;
    else if (!defer_share(g->tape, top, y, seed, &at)) return false;
    for (visit_page *page = g->visited.highest; page; page = page->below)
        if (!visit_page_of(g, page)) return false;
    return true;
}

/* The adjoint of x, or zeros where y does not depend on it. */
static ad_var result(const gradient *g, ad_var x)
{
    const visit_page *page = g->visited.count ? visits_node(&g->visited, x.node) : NULL;
    const ad_var sum = page ? sum_of(g->tape, page, x.node) : (ad_var){0};
    return sum.tape ? sum : tape_filled(g->tape, ad_rows(x), ad_cols(x), 0);
}

static bool gradients(ad_var y, ad_var seed, const size_t *at, const ad_var *xs, size_t count,
                      ad_var *out)
{
    ad_tape *tape = y.tape;
    arena_position position = arena_mark(&tape->scratch), shares = arena_mark(&tape->adjoints);
    gradient g = {.tape = tape, .visited = {.tape = tape}};
    bool ok = !node_is_active(tape, y.node) ||
              (visits_find(&g.visited, y.node, xs, count) && visit_all(&g, y.node, seed, at));
    for (size_t i = 0; ok && i < count; i++) {
        out[i] = result(&g, xs[i]);
        ok = out[i].tape != NULL;
    }
    visits_end(&g.visited);
    arena_rewind(&tape->adjoints, shares);
    arena_rewind(&tape->scratch, position);
    return ok;
}

bool tape_gradients(ad_var y, ad_var seed, const size_t *at, const ad_var *xs, size_t count,
                    ad_var *out, const char *name)
{
    ad_tape *tape = tape_common((const ad_var[]){y, seed}, 2, name);
    bool ok = tape && tape_ready(tape, name);
    if (ok && tape->gradients >= MOST_NESTED)
        ok = tape_fail(tape, AD_ERROR_STATE,
                       "%s: gradient rules that ask for gradients, %d within one another", name,
                       MOST_NESTED);
    if (ok) {
        const uint32_t first = tape->count;
        tape->gradients++;
        ok = gradients(y, seed, at, xs, count, out) && tape_mark_derivative(tape, first);
        tape->gradients--;
    }
    for (size_t i = 0; !ok && i < count; i++) out[i] = (ad_var){0};
    return ok;
}

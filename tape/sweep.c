/* The plain backward sweep: adjoints as numbers.
 *
 * Nodes are visited from y down, once each, so that every consumer of a node has added its share
 * before the node's own rule runs. A node is reached when a share arrives: what y does not depend
 * on is passed over by a look at one byte. Runs of scalar nodes go to the loop expanded from the
 * table of operations; a general node's rule runs in tape operations that are recorded behind the
 * end of the tape, inactive, and dropped again. Their last result is computed straight into the
 * adjoint it belongs to.
 *
 * Where all shares of an adjoint are elements put into structural zeros, it is partial: bytes
 * behind it tell which elements were given a share, and the rule gets these alone.
 */
#include "tape/tape.h"

#include <string.h>

enum { FEW_INPUTS = 8, LAST_SWEEP = UINT8_MAX };

static bool is_reached(const ad_tape *tape, uint32_t node)
{
    return chunk_of(tape, node)->reached[node & CHUNK_MASK] == tape->sweep;
}

static void set_reached(ad_tape *tape, uint32_t node)
{
    chunk_of(tape, node)->reached[node & CHUNK_MASK] = tape->sweep;
}

static double *adjoint_room(ad_tape *tape, tape_node *n)
{
    n->partial = false;
    n->adjoint = arena_take_array(&tape->adjoints, n->rows * n->cols, sizeof(double));
    if (!n->adjoint) tape_out_of_memory(tape, "backward");
    return n->adjoint;
}

/* A new adjoint starts as zeros; one kept as a multiple of the unit matrix is written out. */
double *tape_adjoint_array(ad_tape *tape, tape_node *n)
{
    bool fresh = !is_reached(tape, n->node);
    if (!fresh && n->adjoint) return n->adjoint;
    double *array = adjoint_room(tape, n);
    if (!array) return NULL;
    set_reached(tape, n->node);
    memset(array, 0, n->rows * n->cols * sizeof *array);
    for (size_t i = 0; !fresh && i < n->rows; i++)
        array[i * n->cols + i] = n->identity;
    return array;
}

static void add_scalar(ad_tape *tape, uint32_t node, double share)
{
    double *adjoint = &chunk_of(tape, node)->adjoint[node & CHUNK_MASK];
    *adjoint = is_reached(tape, node) ? *adjoint + share : share;
    set_reached(tape, node);
}

_Static_assert(sizeof(bool) == 1, "what was given is set, copied and searched as bytes");

/* For each element whether a share was given to it. */
static bool *given_of(const tape_node *n)
{
    return (bool *)(n->adjoint + n->rows * n->cols);
}

/* Zeros, and nothing given yet. */
static bool begin_partial(ad_tape *tape, tape_node *n)
{
    n->adjoint = arena_take_array(&tape->adjoints, n->rows * n->cols,
                                  sizeof(double) + sizeof(bool));
    if (!n->adjoint) return tape_out_of_memory(tape, "backward");
    memset(n->adjoint, 0, n->rows * n->cols * (sizeof(double) + sizeof(bool)));
    n->partial = true;
    set_reached(tape, n->node);
    return true;
}

/* On the diagonal of an adjoint that exists as an array. */
static void add_diagonal(tape_node *n, double share)
{
    for (size_t i = 0; i < n->rows; i++) {
        n->adjoint[i * n->cols + i] += share;
        if (n->partial) given_of(n)[i * n->cols + i] = true;
    }
}

static bool add_identity(ad_tape *tape, tape_node *n, double share)
{
    if (!is_reached(tape, n->node)) {
        n->adjoint = NULL;
        n->partial = false;
        n->identity = share;
        set_reached(tape, n->node);
    } else if (!n->adjoint) {
        n->identity += share;
    } else {
        add_diagonal(n, share);
    }
    return true;
}

static bool add_values(ad_tape *tape, tape_node *n, uint32_t share)
{
    matrix m;
    if (!node_matrix(tape, share, &m)) return false;
    if (!is_reached(tape, n->node)) {
        if (!adjoint_room(tape, n)) return false;
        set_reached(tape, n->node);
        if (n->rows * n->cols > 0)
            memcpy(n->adjoint, m.values, n->rows * n->cols * sizeof(double));
        return true;
    }
    double *adjoint = tape_adjoint_array(tape, n);
    if (!adjoint) return false;
    for (size_t i = 0; i < n->rows * n->cols; i++)
        adjoint[i] += m.values[i];
    n->partial = false;
    return true;
}

/* To an adjoint with structural zeros: a new one, a partial one, a multiple of the unit matrix. */
static bool add_placed(ad_tape *tape, tape_node *n, const tape_node *share)
{
    const bool fresh = !is_reached(tape, n->node), identity = !fresh && !n->adjoint;
    if ((fresh || identity) && !begin_partial(tape, n)) return false;
    if (identity) add_diagonal(n, n->identity);
    matrix elements = {.node = share->inputs[0]};
    node_shape(tape, share->inputs[0], &elements.rows, &elements.cols);
    const evaluation e = {.tape = tape, .op = share->op, .in = &elements, .count = 1,
                          .attributes = share->attributes, .rows = n->rows, .cols = n->cols};
    share->op->places(&e, given_of(n));
    return node_evaluate(tape, share, n->adjoint, !fresh);
}

/* Whether the rule works on these elements alone: that of an elementwise operation, of one that
 * moves elements, and of a choice. Others read the zeros as well. */
static bool takes_elements(const operation *op)
{
    return op->code || op->zeros == ZERO_ALL || op->vanishes;
}

/* The elements given a share, put into zeros. */
static ad_var partial_value(ad_tape *tape, const tape_node *n)
{
    const bool *given = given_of(n);
    size_t size = n->rows * n->cols, count = 0, k = 0;
    for (size_t i = 0; i < size; i++)
        count += given[i];
    double *elements = tape_scratch(tape, count, sizeof *elements);
    size_t *indices = tape_scratch(tape, count, sizeof *indices);
    if (!elements || !indices) return (ad_var){0};
    for (size_t i = 0; i < size; i++) {
        if (!given[i]) continue;
        indices[k] = i;
        elements[k++] = n->adjoint[i];
    }
    ad_var view = tape_view(tape, count, 1, elements);
    return view.tape ? tape->tools->scatter(view, indices, n->rows, n->cols) : view;
}

static bool add_matrix(ad_tape *tape, tape_node *n, ad_var share)
{
    if (node_flags(tape, share.node) & NODE_ZERO) return true;
    tape_node *s = general_of(tape, share.node);
    ad_var g;
    if (!s->computed && tape_is_scaled_identity(share, &g))
        return add_identity(tape, n, *node_value(tape, g.node));
    bool fresh = !is_reached(tape, n->node);
    bool zeros = fresh || n->partial || !n->adjoint;
    if (zeros && n->count > 0 && s->op->places && s->op->accumulates) return add_placed(tape, n, s);
    if (s->computed || (!fresh && !s->op->accumulates)) return add_values(tape, n, share.node);
    double *adjoint = fresh ? adjoint_room(tape, n) : tape_adjoint_array(tape, n);
    if (!adjoint) return false;
    n->partial = false;
    set_reached(tape, n->node);
    return node_evaluate(tape, s, adjoint, !fresh);
}

/* The rule's results land here in a plain sweep. */
static bool add_share(ad_tape *tape, uint32_t node, ad_var share)
{
    if (node_flags(tape, node) & NODE_MATRIX) return add_matrix(tape, general_of(tape, node), share);
    if (!(node_flags(tape, share.node) & NODE_ZERO))
        add_scalar(tape, node, *node_value(tape, share.node));
    return true;
}

static bool shapes_agree(const ad_tape *tape, uint32_t x, uint32_t y)
{
    size_t x_rows, x_cols, y_rows, y_cols;
    node_shape(tape, x, &x_rows, &x_cols);
    node_shape(tape, y, &y_rows, &y_cols);
    return x_rows == y_rows && x_cols == y_cols;
}

/* A share whose elements all turned out to be structural zeros, recorded as none of them placed. */
static bool is_nothing(const ad_tape *tape, uint32_t share)
{
    if (node_code(tape, share) != CODE_GENERAL) return false;
    const tape_node *s = general_of(tape, share);
    if (!s->op->places) return false;
    const uint32_t elements = s->inputs[0];
    if (!(node_flags(tape, elements) & NODE_MATRIX)) return false;
    const tape_node *e = general_of(tape, elements);
    return e->op == &tape_number_operation && e->rows == 0;
}

/* Where a recorded gradient collects the adjoints' handles; NULL sink means the plain sweep. */
bool rule_add(const rule *r, size_t k, ad_var share)
{
    if (!r->wanted[k]) return r->tape->status == AD_OK;
    if (!share.tape || !tape_common(&share, 1, r->op ? r->op->name : "rule") ||
        r->tape->status != AD_OK)
        return false;
    uint32_t node = r->in[k].node;
    if (share.tape != r->tape) {
        tape_common((const ad_var[]){r->in[k], share}, 2, r->op ? r->op->name : "rule");
        return false;
    }
    if (!shapes_agree(r->tape, node, share.node))
        return tape_fail(r->tape, AD_ERROR_SHAPE,
                         "%s: the gradient by input %zu is %zux%zu, the input is %zux%zu",
                         r->op ? r->op->name : "rule", k, ad_rows(share), ad_cols(share),
                         ad_rows(r->in[k]), ad_cols(r->in[k]));
    if (is_nothing(r->tape, share.node)) return true;
    return r->sink ? tape_collect(r, node, share) : add_share(r->tape, node, share);
}

/* The adjoint of a node as a value that its rule can work with. */
static ad_var adjoint_value(ad_tape *tape, tape_node *n)
{
    if (!(node_flags(tape, n->node) & NODE_MATRIX))
        return tape_view(tape, 1, 1,
                         &chunk_of(tape, n->node)->adjoint[n->node & CHUNK_MASK]);
    if (n->partial && takes_elements(n->op)) return partial_value(tape, n);
    if (n->adjoint) return tape_view(tape, n->rows, n->cols, n->adjoint);
    ad_var g = tape_view(tape, 1, 1, &n->identity);
    return g.tape ? tape->tools->scaled_identity(g, n->rows) : g;
}

static bool sweep_with_rule(ad_tape *tape, tape_node *n, const bool *wanted, ad_var *in)
{
    for (size_t k = 0; k < n->count; k++)
        in[k] = tape_handle(tape, n->inputs[k]);
    rule r = {.tape = tape, .op = n->op, .in = in, .wanted = wanted, .count = n->count,
              .output = tape_handle(tape, n->node), .adjoint = adjoint_value(tape, n),
              .attributes = n->attributes};
    return r.adjoint.tape && n->op->gradient(&r) && tape->status == AD_OK;
}

/* Whether the kernel of an elementwise operation may work on a partial adjoint: where the adjoints
 * of all operands are new and of its shape, what it adds outside of the elements can be cleared. */
static bool can_clear(const ad_tape *tape, const tape_node *n, const bool *wanted)
{
    for (size_t k = 0; k < n->count; k++) {
        if (!wanted[k]) continue;
        size_t rows, cols;
        node_shape(tape, n->inputs[k], &rows, &cols);
        if (rows != n->rows || cols != n->cols || is_reached(tape, n->inputs[k])) return false;
    }
    return true;
}

/* With the plain kernel: the adjoint and those of the wanted inputs as arrays. */
static bool sweep_with_kernel(ad_tape *tape, tape_node *n, const bool *wanted)
{
    matrix in[FEW_INPUTS];
    double *adjoints[FEW_INPUTS];
    for (size_t k = 0; k < n->count; k++) {
        uint32_t node = n->inputs[k];
        if (!node_matrix(tape, node, &in[k])) return false;
        adjoints[k] = NULL;
        if (!wanted[k]) continue;
        if (node_flags(tape, node) & NODE_MATRIX) {
            adjoints[k] = tape_adjoint_array(tape, general_of(tape, node));
            if (!adjoints[k]) return false;
            general_of(tape, node)->partial = false;
        } else {
            adjoints[k] = &chunk_of(tape, node)->adjoint[node & CHUNK_MASK];
            if (!is_reached(tape, node)) *adjoints[k] = 0;
            set_reached(tape, node);
        }
    }
    const double *adjoint = &chunk_of(tape, n->node)->adjoint[n->node & CHUNK_MASK];
    if (node_flags(tape, n->node) & NODE_MATRIX) adjoint = tape_adjoint_array(tape, n);
    matrix own;
    if (!adjoint || !node_matrix(tape, n->node, &own)) return false;
    evaluation e = {.tape = tape, .op = n->op, .in = in, .count = n->count,
                    .attributes = n->attributes, .rows = n->rows, .cols = n->cols,
                    .output = n->values};
    return n->op->sweep(&e, adjoint, adjoints);
}

static bool begin_all(ad_tape *tape, const tape_node *n, const bool *wanted)
{
    for (size_t k = 0; k < n->count; k++) {
        if (!wanted[k] || is_reached(tape, n->inputs[k])) continue;
        tape_node *x = general_of(tape, n->inputs[k]);
        if (!begin_partial(tape, x)) return false;
    }
    return true;
}

static void clear_all(const ad_tape *tape, const tape_node *n, const bool *wanted)
{
    const size_t size = n->rows * n->cols;
    for (size_t k = 0; k < n->count; k++) {
        if (!wanted[k]) continue;
        tape_node *x = general_of(tape, n->inputs[k]);
        x->partial = true;
        memcpy(given_of(x), given_of(n), size);
        for (size_t i = 0; i < size; i++)
            if (!given_of(n)[i]) x->adjoint[i] = 0;
    }
}

static bool sweep_by_kind(ad_tape *tape, tape_node *n, const bool *wanted, ad_var *in)
{
    bool whole = n->adjoint || !(node_flags(tape, n->node) & NODE_MATRIX);
    if (!n->op->sweep || n->count > FEW_INPUTS || !whole)
        return sweep_with_rule(tape, n, wanted, in);
    bool clear = n->partial && n->op->code;
    if (clear && !can_clear(tape, n, wanted)) return sweep_with_rule(tape, n, wanted, in);
    if (clear && !begin_all(tape, n, wanted)) return false;
    if (!sweep_with_kernel(tape, n, wanted)) return false;
    if (clear) clear_all(tape, n, wanted);
    return true;
}

static bool sweep_general(ad_tape *tape, tape_node *n)
{
    if (n->count == 0) return true;
    if (!n->op->gradient)
        return tape_fail(tape, AD_ERROR_DERIVATIVE, "%s: has no gradient rule", n->op->name);
    arena_position position = arena_mark(&tape->scratch);
    bool few[FEW_INPUTS];
    ad_var few_handles[FEW_INPUTS];
    bool *wanted = few;
    ad_var *in = few_handles;
    if (n->count > FEW_INPUTS) {
        wanted = tape_scratch(tape, n->count, sizeof *wanted);
        in = tape_scratch(tape, n->count, sizeof *in);
    }
    if (n->partial && !memchr(given_of(n), false, n->rows * n->cols)) n->partial = false;
    uint32_t count = tape->count;
    bool ok = wanted && in;
    for (size_t k = 0; ok && k < n->count; k++)
        wanted[k] = node_carries(tape, n->inputs[k]);
    if (ok) ok = sweep_by_kind(tape, n, wanted, in);
    tape_truncate(tape, count);
    tape_renew_epoch(tape);
    arena_rewind(&tape->scratch, position);
    return ok;
}

/* A number for the new sweep. When they run out, all nodes forget theirs, and those to come find
 * no old ones in their places. */
static void number_sweep(ad_tape *tape)
{
    if (tape->sweep < LAST_SWEEP) {
        tape->sweep++;
        return;
    }
    for (size_t i = 0; i < tape->chunk_count; i++)
        memset(tape->chunks[i]->reached, 0, sizeof tape->chunks[i]->reached);
    tape->sweep = 1;
}

static bool run_sweep(ad_tape *tape, uint32_t node)
{
    while (node != NO_NODE) {
        node = tape->tools->sweep(tape, node);
        if (node == NO_NODE) return true;
        if (!sweep_general(tape, general_of(tape, node))) return false;
        node = node ? node - 1 : NO_NODE;
    }
    return true;
}

ad_status ad_backward(ad_var y)
{
    ad_tape *tape = tape_common(&y, 1, "backward");
    if (!tape) return y.tape ? ad_tape_status(y.tape) : AD_ERROR_ARGUMENT;
    if (!tape_ready(tape, "backward") || !tape_settled(tape, "backward")) return tape->status;
    if (node_flags(tape, y.node) & NODE_MATRIX) {
        tape_fail(tape, AD_ERROR_SHAPE, "backward: y is %zux%zu, not 1x1", ad_rows(y), ad_cols(y));
        return tape->status;
    }
    tape_trial trial;
    if (!tape_begin_trial(tape, &trial)) return tape->status;
    arena_reset(&tape->adjoints);
    number_sweep(tape);
    tape->swept = true;
    tape->activity = 0;
    bool ok = true;
    if (node_carries(tape, y.node)) {
        add_scalar(tape, y.node, 1);
        ok = run_sweep(tape, y.node);
    }
    tape->activity = NODE_ACTIVE;
    tape_end_trial(tape, &trial);
    if (!ok) tape_forget_adjoints(tape);
    return tape->status;
}

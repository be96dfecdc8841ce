/* SPDX-License-Identifier: MIT */
/* The adjoints of a plain sweep: numbers, added up share by share.
 *
 * That of a matrix is an array, or a multiple of the unit matrix as long as only such shares came.
 * Where all shares left elements out, `given` tells which ones got any: its support.
 */
#include "tape/adjoint.h"

#include <string.h>

static size_t size_of(const tape_node *n)
{
    return n->rows * n->cols;
}

/* Room for a new adjoint, and for which of its elements are given where that counts. */
static bool begin(ad_tape *tape, tape_node *n, bool sparse)
{
    n->adjoint = arena_take_array(&tape->adjoints, size_of(n), sizeof *n->adjoint);
    n->given = sparse ? arena_take(&tape->adjoints, size_of(n)) : NULL;
    if (!n->adjoint || (sparse && !n->given)) return tape_out_of_memory(tape, "backward");
    set_reached(tape, n->node);
    return true;
}

/* Zeros, none of them given. Nothing is computed from the adjoint of a leaf: its support is no
 * use. */
static bool begin_zeros(ad_tape *tape, tape_node *n)
{
    if (!begin(tape, n, n->count > 0)) return false;
    memset(n->adjoint, 0, size_of(n) * sizeof *n->adjoint);
    if (n->given) memset(n->given, false, size_of(n));
    return true;
}

static void add_element(tape_node *n, size_t i, double share)
{
    if (n->given && !n->given[i]) n->adjoint[i] = share;
    else n->adjoint[i] += share;
    if (n->given) n->given[i] = true;
}

static void add_diagonal(tape_node *n, double share)
{
    for (size_t i = 0; i < n->rows; i++) add_element(n, i * n->cols + i, share);
}

/* The adjoint as an array: zeros when it is new; a multiple of the unit matrix is written out. */
bool adjoint_array(ad_tape *tape, tape_node *n)
{
    const bool fresh = !is_reached(tape, n->node);
    if (!fresh && n->adjoint) return true;
    if (!begin_zeros(tape, n)) return false;
    if (!fresh) add_diagonal(n, *node_adjoint(tape, n->node));
    return true;
}

double *tape_adjoint_array(ad_tape *tape, tape_node *n)
{
    if (!adjoint_array(tape, n)) return NULL;
    n->given = NULL;
    return n->adjoint;
}

double *tape_adjoint_room(ad_tape *tape, tape_node *n, bool *fresh)
{
    *fresh = !is_reached(tape, n->node);
    if (!*fresh) return tape_adjoint_array(tape, n);
    return begin(tape, n, false) ? n->adjoint : NULL;
}

static void add_scalar(ad_tape *tape, uint32_t node, double share)
{
    double *adjoint = node_adjoint(tape, node);
    *adjoint = is_reached(tape, node) ? *adjoint + share : share;
    set_reached(tape, node);
}

static bool add_identity(ad_tape *tape, tape_node *n, double share)
{
    const bool fresh = !is_reached(tape, n->node);
    if (!fresh && n->adjoint) {
        add_diagonal(n, share);
        return true;
    }
    n->adjoint = NULL;
    n->given = NULL;
    add_scalar(tape, n->node, share);
    return true;
}

/* A value that is known, or must not be computed straight into the adjoint. */
static bool add_values(ad_tape *tape, tape_node *n, uint32_t share)
{
    matrix m;
    if (!node_matrix(tape, share, &m)) return false;
    const bool sparse = m.support && n->count > 0;
    if (!is_reached(tape, n->node)) {
        if (!begin(tape, n, sparse)) return false;
        if (size_of(n)) memcpy(n->adjoint, m.values, size_of(n) * sizeof *m.values);
        if (sparse) memcpy(n->given, m.support, size_of(n));
        return true;
    }
    if (!adjoint_array(tape, n)) return false;
    if (!m.support && !n->given) {
        for (size_t i = 0; i < size_of(n); i++) n->adjoint[i] += m.values[i];
        return true;
    }
    for (size_t i = 0; i < size_of(n); i++)
        if (!m.support || m.support[i]) add_element(n, i, m.values[i]);
    return true;
}

static bool add_matrix(ad_tape *tape, tape_node *n, ad_var share)
{
    const tape_node *s = general_of(tape, share.node);
    const bool fresh = !is_reached(tape, n->node);
    ad_var g;
    if (!s->computed && tape_is_scaled_identity(share, &g))
        return add_identity(tape, n, *node_value(tape, g.node));
    if (s->computed || s->partial || (!fresh && (!s->op->accumulates || n->given)))
        return add_values(tape, n, share.node);
    if (fresh ? !begin(tape, n, false) : !tape_adjoint_array(tape, n)) return false;
    return node_evaluate(tape, s, n->adjoint, !fresh);
}

bool adjoint_add(ad_tape *tape, uint32_t node, ad_var share)
{
    if (node_flags(tape, share.node) & NODE_ZERO) return true;
    if (node_flags(tape, node) & NODE_MATRIX)
        return add_matrix(tape, general_of(tape, node), share);
    add_scalar(tape, node, *node_value(tape, share.node));
    return true;
}

bool adjoint_add_at(ad_tape *tape, uint32_t node, ad_var elements, const positions *at)
{
    matrix m;
    if (!node_matrix(tape, elements.node, &m)) return false;
    const size_t size = matrix_size(&m);
    tape_node *n = node_flags(tape, node) & NODE_MATRIX ? general_of(tape, node) : NULL;
    if (n && size > 0 && !adjoint_array(tape, n)) return false;
    for (size_t i = 0; i < size; i++) {
        if (m.support && !m.support[i]) continue;
        if (n) add_element(n, position_of(at, i), m.values[i]);
        else add_scalar(tape, node, m.values[i]);
    }
    return true;
}

ad_var adjoint_view(ad_tape *tape, tape_node *n)
{
    const bool is_matrix = node_flags(tape, n->node) & NODE_MATRIX;
    if (is_matrix && n->adjoint) return tape_view(tape, n->rows, n->cols, n->adjoint, n->given);
    const ad_var g = tape_view(tape, 1, 1, node_adjoint(tape, n->node), NULL);
    return is_matrix && g.tape ? tape->hooks->scaled_identity(g, n->rows) : g;
}

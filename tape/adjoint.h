/* SPDX-License-Identifier: MIT */
/* Adjoints of the plain sweep: numbers, multiples of the unit matrix, or arrays. */
#ifndef TAPE_ADJOINT_H
#define TAPE_ADJOINT_H

#include "tape/tape.h"

static inline double *node_adjoint(const ad_tape *tape, uint32_t node)
{
    return &chunk_of(tape, node)->adjoint[node & CHUNK_MASK];
}

static inline bool is_reached(const ad_tape *tape, uint32_t node)
{
    return chunk_of(tape, node)->reached[node & CHUNK_MASK] == tape->sweep;
}

static inline void set_reached(ad_tape *tape, uint32_t node)
{
    chunk_of(tape, node)->reached[node & CHUNK_MASK] = tape->sweep;
}

/* Adds a share: its value, or its elements at positions. False on error. */
bool adjoint_add(ad_tape *tape, uint32_t node, ad_var share);
bool adjoint_add_at(ad_tape *tape, uint32_t node, ad_var elements, const positions *at);
/* The adjoint of a node as a value that its rule can work with. */
ad_var adjoint_view(ad_tape *tape, tape_node *n);
/* Makes the adjoint of a matrix an array, n->adjoint; it begins as zeros. */
bool adjoint_array(ad_tape *tape, tape_node *n);
/* Makes it an array of which all elements count as given. NULL when out of memory. */
double *tape_adjoint_array(ad_tape *tape, tape_node *n);
/* Finds such an array, or takes room for one where no share has come yet: *fresh. */
double *tape_adjoint_room(ad_tape *tape, tape_node *n, bool *fresh);

#endif

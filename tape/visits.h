/* SPDX-License-Identifier: MIT */
/* The nodes that a gradient visits, and the shares that wait for them. */
#ifndef TAPE_VISITS_H
#define TAPE_VISITS_H

#include "tape/tape.h"

enum { PAGE_BITS = 6, PAGE_NODES = 1 << PAGE_BITS, PAGE_MASK = PAGE_NODES - 1 };

/* A share of an adjoint that stands at positions; the ones before it wait behind it. */
typedef struct sparse_share {
    positions at;
    struct sparse_share *before;
    uint32_t elements; /* the node */
} sparse_share;

/* What a gradient notes of 64 nodes: a bit, or an element, for each. */
typedef struct visit_page {
    uint32_t number;      /* the first node's, divided by 64 */
    uint32_t slot_before; /* what tape->slots held, for a gradient that this one interrupts */
    uint64_t reached;     /* from y */
    uint64_t on_path;     /* from an x to y */
    uint64_t is_x;
    struct visit_page *above, *below;
    sparse_share **shares;    /* the last first; NULL where no node has any */
    uint32_t sum[PAGE_NODES]; /* of the shares that are whole; NO_NODE where there are none */
} visit_page;

typedef struct visits {
    ad_tape *tape;
    visit_page **pages, **heap; /* in the order found; those still to be searched */
    size_t count, waiting, capacity;
    visit_page *highest, *lowest;
} visits;

static inline uint32_t highest_bit(uint64_t bits) /* not 0 */
{
    return PAGE_MASK - (uint32_t)__builtin_clzll(bits);
}

/* Finds the nodes that y depends on, down to the lowest x. */
bool visits_find(visits *v, uint32_t y, const ad_var *xs, size_t count);
/* The page of a node, and of one that is on a path; NULL for any other. */
static inline visit_page *visits_page(const visits *v, uint32_t node)
{
    const uint32_t number = node >> PAGE_BITS, slot = v->tape->slots[number];
    return slot < v->count && v->pages[slot]->number == number ? v->pages[slot] : NULL;
}

static inline visit_page *visits_node(const visits *v, uint32_t node)
{
    visit_page *const page = visits_page(v, node);
    return page && page->on_path >> (node & PAGE_MASK) & 1 ? page : NULL;
}

void visits_end(const visits *v);

#endif

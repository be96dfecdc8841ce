/* SPDX-License-Identifier: MIT */
/* Which nodes a gradient visits: those that y depends on, down to the lowest x, and of these the
 * ones that depend on an x. Other nodes are not looked at, so that a gradient of three nodes costs
 * the same on a tape of a million.
 *
 * Nodes are noted on pages of 64. A heap of the pages gives them from y down; the operands of a
 * node are on its own page or a lower one. Where the page of a node is: a slot says its place in a
 * list, and there it stands (Briggs & Torczon 1993), so that no slot need be cleared.
 */
#include "tape/visits.h"

#include <string.h>

static bool reserve_slots(ad_tape *tape)
{
    const size_t count = (tape->count >> PAGE_BITS) + 1;
    return tape_reserve(tape, &tape->slots, &tape->slot_capacity, count, sizeof *tape->slots) ||
           tape_out_of_memory(tape, "gradient");
}

/* ---- a heap, the highest page first ---- */

static void push(visits *v, visit_page *page)
{
    size_t i = v->waiting++;
    for (; i > 0 && v->heap[(i - 1) / 2]->number < page->number; i = (i - 1) / 2)
        v->heap[i] = v->heap[(i - 1) / 2];
    v->heap[i] = page;
}

static visit_page *pop(visits *v)
{
    visit_page *const highest = v->heap[0];
    visit_page *const last = v->heap[--v->waiting];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < v->waiting; i = child) {
        if (child + 1 < v->waiting && v->heap[child + 1]->number > v->heap[child]->number) child++;
        if (last->number >= v->heap[child]->number) break;
        v->heap[i] = v->heap[child];
    }
    v->heap[i] = last;
    return highest;
}

/* Room for one page more in the list and in the heap. */
static bool reserve_pages(visits *v)
{
    if (v->count < v->capacity) return true;
    const size_t capacity = v->capacity ? 2 * v->capacity : 8;
    visit_page **pages = tape_scratch(v->tape, capacity, sizeof *pages);
    visit_page **heap = tape_scratch(v->tape, capacity, sizeof *heap);
    if (!pages || !heap) return false;
    if (v->count) memcpy(pages, v->pages, v->count * sizeof *pages);
    if (v->waiting) memcpy(heap, v->heap, v->waiting * sizeof *heap);
    v->pages = pages;
    v->heap = heap;
    v->capacity = capacity;
    return true;
}

static visit_page *new_page(visits *v, uint32_t number)
{
    visit_page *page = reserve_pages(v) ? tape_scratch(v->tape, 1, sizeof *page) : NULL;
    if (!page) return NULL;
    page->number = number;
    page->slot_before = v->tape->slots[number];
    page->reached = page->on_path = page->is_x = 0;
    page->shares = NULL;
    v->tape->slots[number] = (uint32_t)v->count;
    v->pages[v->count++] = page;
    push(v, page);
    return page;
}

/* ---- the search ---- */

static uint64_t bit_of(uint32_t node)
{
    return UINT64_C(1) << (node & PAGE_MASK);
}

static bool reach(visits *v, uint32_t node)
{
    visit_page *page = visits_page(v, node);
    if (!page) page = new_page(v, node >> PAGE_BITS);
    if (page) page->reached |= bit_of(node);
    return page != NULL;
}

static bool reach_operands(visits *v, uint32_t node, uint32_t low)
{
    const size_t count = node_operand_count(v->tape, node);
    for (size_t k = 0; k < count; k++) {
        const uint32_t operand = node_operand(v->tape, node, k);
        if (operand >= low && node_is_active(v->tape, operand) && !reach(v, operand)) return false;
    }
    return true;
}

/* Links the pages from y down, and back. */
static bool search(visits *v, uint32_t y, uint32_t low)
{
    if (!reach(v, y)) return false;
    for (visit_page *last = NULL; v->waiting > 0;) {
        visit_page *page = pop(v);
        page->above = last;
        page->below = NULL;
        *(last ? &last->below : &v->highest) = page;
        last = v->lowest = page;
        for (uint64_t left = page->reached; left;) {
            const uint32_t i = highest_bit(left);
            if (!reach_operands(v, page->number << PAGE_BITS | i, low)) return false;
            left = page->reached & (bit_of(i) - 1); /* more on this page now, perhaps */
        }
    }
    return true;
}

static bool depends(const visits *v, uint32_t node)
{
    const size_t count = node_operand_count(v->tape, node);
    for (size_t k = 0; k < count; k++)
        if (visits_node(v, node_operand(v->tape, node, k))) return true;
    return false;
}

/* Operands come before what is computed from them. */
static void mark_paths(const visits *v)
{
    for (visit_page *page = v->lowest; page; page = page->above) {
        page->on_path = page->is_x & page->reached;
        for (uint64_t left = page->reached; left; left &= left - 1) {
            const uint32_t i = highest_bit(left & -left);
            if (depends(v, page->number << PAGE_BITS | i)) page->on_path |= bit_of(i);
            page->sum[i] = NO_NODE;
        }
    }
}

bool visits_find(visits *v, uint32_t y, const ad_var *xs, size_t count)
{
    uint32_t low = y;
    for (size_t i = 0; i < count; i++)
        if (xs[i].node < low) low = xs[i].node;
    if (!reserve_slots(v->tape) || !search(v, y, low)) return false;
    for (size_t i = 0; i < count; i++) {
        visit_page *page = xs[i].node <= y ? visits_page(v, xs[i].node) : NULL;
        if (page) page->is_x |= bit_of(xs[i].node);
    }
    mark_paths(v);
    return true;
}

void visits_end(const visits *v)
{
    for (size_t i = 0; i < v->count; i++)
        v->tape->slots[v->pages[i]->number] = v->pages[i]->slot_before;
}

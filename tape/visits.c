/* Which nodes a gradient visits: those that y depends on, down to the lowest x, and of these the
 * ones that depend on an x. Other nodes are not looked at, so that a gradient of three nodes costs
 * the same on a tape of a million.
 *
 * The list is the queue of a search from y. Whether a node is on it: its slot says where, and there
 * it stands (Briggs & Torczon 1993), so that no slot need be cleared.
 */
#include "tape/tape.h"

#include <string.h>

typedef struct found {
    uint32_t node, slot_before;
} found;

typedef struct search {
    ad_tape *tape;
    found *list;
    uint32_t count, capacity, low;
} search;

static bool reserve_slots(ad_tape *tape)
{
    const size_t old = tape->slot_capacity;
    void *table = tape->slots;
    const bool ok = tape_reserve(tape, &table, &tape->slot_capacity, tape->count, sizeof *tape->slots);
    tape->slots = table;
    if (!ok) return tape_out_of_memory(tape, "gradient");
    if (tape->slot_capacity > old)
        memset(tape->slots + old, 0, (tape->slot_capacity - old) * sizeof *tape->slots);
    return true;
}

static bool add_node(search *s, uint32_t node)
{
    uint32_t *slot = &s->tape->slots[node];
    if (*slot < s->count && s->list[*slot].node == node) return true;
    if (s->count == s->capacity) {
        found *grown = tape_scratch(s->tape, 2 * (size_t)s->capacity, sizeof *grown);
        if (!grown) return false;
        memcpy(grown, s->list, s->count * sizeof *grown);
        s->list = grown;
        s->capacity *= 2;
    }
    s->list[s->count] = (found){node, *slot};
    *slot = s->count++;
    return true;
}

static bool search_from(search *s, uint32_t y)
{
    if (!add_node(s, y)) return false;
    for (uint32_t i = 0; i < s->count; i++) {
        const uint32_t node = s->list[i].node;
        const size_t operands = node_operand_count(s->tape, node);
        for (size_t k = 0; k < operands; k++) {
            const uint32_t operand = node_operand(s->tape, node, k);
            if (operand >= s->low && node_is_active(s->tape, operand) && !add_node(s, operand))
                return false;
        }
    }
    return true;
}

/* ---- from y down ---- */

static void sift(found *heap, size_t i, size_t count)
{
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && heap[child + 1].node < heap[child].node) child++;
        if (heap[i].node <= heap[child].node) return;
        const found moved = heap[i];
        heap[i] = heap[child];
        heap[child] = moved;
    }
}

static void sort_by_heap(found *list, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(list, i, count);
    while (count-- > 1) {
        const found lowest = list[0];
        list[0] = list[count];
        list[count] = lowest;
        sift(list, 0, count);
    }
}

/* Where most nodes of the range are on the list, in the order of the range. */
static bool sort_by_range(const search *s, uint32_t high)
{
    found *sorted = tape_scratch(s->tape, s->count, sizeof *sorted);
    if (!sorted) return false;
    uint32_t count = 0;
    for (uint32_t node = high; count < s->count; node--) {
        const uint32_t slot = s->tape->slots[node];
        if (slot < s->count && s->list[slot].node == node) sorted[count++] = s->list[slot];
    }
    memcpy(s->list, sorted, count * sizeof *sorted);
    return true;
}

static bool sort(const search *s, uint32_t high)
{
    enum { DENSE = 8 };
    if ((high - s->low) / DENSE <= s->count) return sort_by_range(s, high);
    sort_by_heap(s->list, s->count);
    return true;
}

static bool take_over(visits *v, const search *s)
{
    v->list = tape_scratch(v->tape, s->count, sizeof *v->list);
    if (!v->list) return false;
    v->count = s->count;
    for (uint32_t i = 0; i < s->count; i++) {
        v->list[i] = (visit){.node = s->list[i].node, .slot_before = s->list[i].slot_before};
        v->tape->slots[s->list[i].node] = i;
    }
    return true;
}

/* Operands come before what is computed from them: from the end of the list up. */
static void mark_paths(const visits *v, const ad_var *xs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        visit *x = visits_at(v, xs[i].node);
        if (x) x->on_path = x->is_x = true;
    }
    for (uint32_t i = v->count; i-- > 0;) {
        visit *n = &v->list[i];
        const size_t operands = node_operand_count(v->tape, n->node);
        for (size_t k = 0; k < operands && !n->on_path; k++) {
            const visit *operand = visits_at(v, node_operand(v->tape, n->node, k));
            n->on_path = operand && operand->on_path;
        }
    }
}

bool visits_find(visits *v, uint32_t y, const ad_var *xs, size_t count)
{
    enum { FEW = 16 };
    search s = {.tape = v->tape, .capacity = FEW, .low = y};
    for (size_t i = 0; i < count; i++)
        if (xs[i].node < s.low) s.low = xs[i].node;
    s.list = tape_scratch(v->tape, FEW, sizeof *s.list);
    if (!s.list || !reserve_slots(v->tape) || !search_from(&s, y) || !sort(&s, y) ||
        !take_over(v, &s))
        return false;
    mark_paths(v, xs, count);
    return true;
}

visit *visits_at(const visits *v, uint32_t node)
{
    if (node >= v->tape->slot_capacity) return NULL;
    const uint32_t slot = v->tape->slots[node];
    return slot < v->count && v->list[slot].node == node ? &v->list[slot] : NULL;
}

void visits_end(const visits *v)
{
    for (uint32_t i = 0; i < v->count; i++)
        v->tape->slots[v->list[i].node] = v->list[i].slot_before;
}

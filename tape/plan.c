/* SPDX-License-Identifier: MIT */
/* Replays for a few values alone. What these depend on is found once, as ranges of nodes, and kept
 * until some of it is dropped. */
#include "tape/tape.h"

#include <string.h>

static bool is_computed(const ad_tape *tape, uint32_t node)
{
    const uint8_t code = node_code(tape, node);
    if (code != CODE_GENERAL) return code >= CODE_FIRST_SCALAR;
    return general_of(tape, node)->op->values != tape_constant_operation.values;
}

/* Goes down from the last: whatever needs a node comes after it. */
static void mark_operands(const ad_tape *tape, bool *needed, uint32_t end)
{
    for (uint32_t node = end; node-- > 0;) {
        const size_t count = needed[node] ? node_operand_count(tape, node) : 0;
        for (size_t k = 0; k < count; k++) needed[node_operand(tape, node, k)] = true;
    }
}

/* Ranges go over leaves and numbers, which a replay leaves as they are. */
static bool add_ranges(ad_tape *tape, tape_plan *plan, const bool *needed, uint32_t end)
{
    bool open = false;
    for (uint32_t node = 0; node < end; node++) {
        if (!is_computed(tape, node)) continue;
        if (needed[node] && !open) {
            const size_t place = plan->first + plan->count;
            if (!tape_reserve(tape, &tape->plan_ranges, &tape->plan_range_capacity, place + 1,
                              sizeof *tape->plan_ranges))
                return false;
            tape->plan_ranges[place].first = node;
            plan->count++;
        }
        if (needed[node]) tape->plan_ranges[plan->first + plan->count - 1].end = node + 1;
        open = needed[node];
    }
    return true;
}

static bool find_ranges(ad_tape *tape, tape_plan *plan)
{
    uint32_t end = 0;
    for (size_t k = 0; k < 2; k++)
        if (plan->values[k] != NO_NODE && plan->values[k] >= end) end = plan->values[k] + 1;
    bool *const needed = tape_scratch(tape, end, sizeof *needed);
    if (!needed) return false;
    memset(needed, false, end * sizeof *needed);
    for (size_t k = 0; k < 2; k++)
        if (plan->values[k] != NO_NODE) needed[plan->values[k]] = true;
    mark_operands(tape, needed, end);
    if (tape->plan_end < end) tape->plan_end = end;
    return add_ranges(tape, plan, needed, end);
}

static const tape_plan *plan_for(ad_tape *tape, uint32_t x, uint32_t y)
{
    for (size_t i = 0; i < tape->plan_count; i++)
        if (tape->plans[i].values[0] == x && tape->plans[i].values[1] == y) return &tape->plans[i];
    const tape_plan *last = tape->plan_count ? &tape->plans[tape->plan_count - 1] : NULL;
    tape_plan plan = {{x, y}, last ? last->first + last->count : 0, 0};
    const arena_position position = arena_mark(&tape->scratch);
    const bool ok = tape_reserve(tape, &tape->plans, &tape->plan_capacity, tape->plan_count + 1,
                                 sizeof *tape->plans) &&
                    find_ranges(tape, &plan);
    arena_rewind(&tape->scratch, position);
    if (!ok) {
        tape_out_of_memory(tape, "replay");
        return NULL;
    }
    tape->plans[tape->plan_count] = plan;
    return &tape->plans[tape->plan_count++];
}

bool tape_replay_for(ad_tape *tape, uint32_t x, uint32_t y)
{
    const tape_plan *const plan = plan_for(tape, x, y);
    if (!plan) return false;
    tape_memo_clear(tape);
    tape->adjoints_valid = false;
    arena_reset(&tape->scratch);
    for (size_t i = 0; i < plan->count; i++) {
        const tape_range range = tape->plan_ranges[plan->first + i];
        const uint32_t node = tape_recompute(tape, range.first, range.end);
        if (node == range.end) continue;
        tape->failed = node;
        tape_refresh(tape);
        return false;
    }
    return true;
}

void tape_plans_truncate(ad_tape *tape, uint32_t count)
{
    if (tape->plan_end > count) tape->plan_count = tape->plan_end = 0;
}

/* SPDX-License-Identifier: MIT */
/* ad_set, ad_set_all, ad_replay and ad_tape_keep, which change what the slots hold. */
#include "tests/fuzz/interface/program.h"

#include <stdlib.h>
#include <string.h>

static void forget_seen(program *p, int tape)
{
    for (int i = 0; i < p->slot_count; i++)
        if (p->slots[i].tape == tape) {
            free(p->slots[i].seen);
            p->slots[i].seen = NULL;
        }
}

/* Nothing but leaves can be compared with from now on. */
static void forget_recipes(program *p, int tape, bool fragile_alone)
{
    for (int i = 1; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        if (s->tape == tape && !s->leaf && (s->fragile || !fragile_alone)) s->opaque = true;
    }
    for (int i = 1; i < p->slot_count; i++) {
        slot *s = &p->slots[i];
        for (size_t k = 0; s->how && s->tape == tape && k < s->how->count; k++)
            s->opaque = s->opaque || p->slots[s->how->operands[k]].opaque;
        s->opaque = s->opaque || p->slots[s->same].opaque;
    }
}

/* ---- set ---- */

static void was_set(program *p, int i, const double *values)
{
    const slot *s = &p->slots[i];
    slot *base = &p->slots[s->same];
    p->tapes[s->tape].pending = true;
    if (s->opaque) forget_recipes(p, s->tape, false);
    else if (promise(p, base->leaf, "ad_set: v[%d], which is no leaf, was set", i) && slot_size(s))
        memcpy(base->how->values, values, slot_size(s) * sizeof *values);
    free(base->seen);
    base->seen = NULL;
}

void ad_set_deed(program *p)
{
    const int i = next_operand(p, ANY, &p->slots[0]);
    const slot *s = &p->slots[i];
    const int t = tape_index(p, s->handle.tape);
    double values[LARGEST_OPERAND];
    const size_t size = slot_size(s);
    if (size > LARGEST_OPERAND) return;
    for (size_t k = 0; k < size; k++) values[k] = next_number(p);
    const bool null = next_below(p, 32) == 31;
    const statuses before = statuses_now(p);
    bool concerned[TAPES] = {false};
    if (t >= 0) concerned[t] = true;
    say(p, null ? "ad_set(v[%d], NULL);" : "ad_set(v[%d], ", i);
    if (!null) say_numbers(p, values, size);
    const ad_status status = ad_set(s->handle, null ? NULL : values);
    if (t == p->current) check_status(p, &before, status, "ad_set");
    promise(p, status != AD_OK || !null || size == 0, "ad_set: takes NULL");
    check_errors(p, &before, concerned, "ad_set");
    if (status == AD_OK) was_set(p, i, values);
    else if (t >= 0 && s->live && !s->opaque && s->leaf && !null && before.status[t] == AD_OK)
        promise(p, status == AD_ERROR_MEMORY || p->wild, "ad_set: v[%d] is a leaf, but %s", i,
                ad_tape_message(s->handle.tape));
}

/* One to three values, also such as are no leaves, or of two tapes. */
void ad_set_all_deed(program *p)
{
    enum { MOST = 3 };
    const size_t count = 1 + next_below(p, MOST);
    int slots[MOST] = {0};
    ad_var leaves[MOST];
    double values[MOST * LARGEST_OPERAND];
    bool concerned[TAPES] = {false};
    concerned[p->current] = true;
    size_t size = 0;
    for (size_t k = 0; k < count; k++) {
        slots[k] = next_operand(p, ANY, &p->slots[0]);
        leaves[k] = p->slots[slots[k]].handle;
        if (slot_size(&p->slots[slots[k]]) > LARGEST_OPERAND) return;
        size += slot_size(&p->slots[slots[k]]);
        const int t = tape_index(p, leaves[k].tape);
        if (t >= 0) concerned[t] = true;
    }
    for (size_t k = 0; k < size; k++) values[k] = next_number(p);
    const statuses before = statuses_now(p);
    say(p, "ad_set_all(t[%d], (ad_var[]){v[%d], ...}, %zu, ", p->current, slots[0], count);
    say_numbers(p, values, size);
    const ad_status status = ad_set_all(current_tape(p)->tape, leaves, count, values);
    check_status(p, &before, status, "ad_set_all");
    check_errors(p, &before, concerned, "ad_set_all");
    for (size_t k = 0, at = 0; k < count && status == AD_OK; k++) {
        was_set(p, slots[k], values + at);
        at += slot_size(&p->slots[slots[k]]);
    }
}

/* ---- replay ---- */

void ad_replay_deed(program *p)
{
    tape_state *t = current_tape(p);
    const statuses before = statuses_now(p);
    bool concerned[TAPES] = {false};
    concerned[p->current] = true;
    say(p, "ad_replay(t[%d]);", p->current);
    const ad_status status = ad_replay(t->tape);
    check_status(p, &before, status, "ad_replay");
    check_errors(p, &before, concerned, "ad_replay");
    if (before.status[p->current] != AD_OK) return;
    const bool known = status == AD_OK && ad_tape_status(t->tape) == AD_OK;
    if (t->pending) forget_seen(p, p->current); /* else nothing may change */
    t->pending = t->unsure = false;
    t->failed = status != AD_OK;
    if (status == AD_OK && !known) t->unsure = true;
    if (!p->wild || status == AD_OK) check_recording(p, p->current, status);
    if (t->failed) forget_seen(p, p->current);
    check_values(p, p->current);
}

/* ---- keep ---- */

/* Which kept values are leaves now: setting them to what they are tells. A replay of that
 * changes nothing. */
static void find_leaves(program *p, const int *kept, size_t count)
{
    const int tape = p->current;
    tape_state *t = &p->tapes[tape];
    for (size_t k = 0; k < count; k++) {
        slot *base = &p->slots[p->slots[kept[k]].same];
        if (p->slots[kept[k]].fragile || base->fragile) continue; /* its zeros may be structural */
        const ad_var x = p->slots[kept[k]].handle;
        const double *values = ad_values(x);
        const ad_status status = ad_set(x, values);
        if (status != AD_OK) ad_tape_clear_error(t->tape);
        promise(p, status == AD_OK || (status == AD_ERROR_ARGUMENT && !base->leaf),
                "v[%d] was kept: ad_set fails with %d", kept[k], (int)status);
        if (status != AD_OK || base->leaf || base->opaque) continue;
        action *leaf = calloc(1, sizeof *leaf);
        *leaf = (action){.call = call_at(1), .sizes = {base->rows, base->cols}};
        leaf->values = calloc(slot_size(base) + 1, sizeof(double));
        if (slot_size(base)) memcpy(leaf->values, values, slot_size(base) * sizeof *values);
        if (base->which == 0 && action_results(base->how) == 1) {
            action_free(base->how);
            base->how = leaf;
            base->leaf = p->slots[kept[k]].leaf = true;
        } else {
            action_free(leaf);
            base->opaque = p->slots[kept[k]].opaque = true;
        }
    }
    const ad_status status = ad_replay(t->tape);
    promise(p, status == AD_OK || p->wild, "replay of what was kept: %s", ad_tape_message(t->tape));
    t->failed = status != AD_OK;
    ad_tape_clear_error(t->tape);
}

/* Slots from which values were dropped stay as recipes of what was kept. */
static void was_kept(program *p, const int *kept, const ad_var *handles, size_t count)
{
    const int tape = p->current;
    p->tapes[tape].kept = true;
    for (int i = 1; i < p->slot_count; i++)
        if (p->slots[i].tape == tape) p->slots[i].live = false;
    for (size_t k = 0; k < count; k++) {
        p->slots[kept[k]].handle = handles[k];
        p->slots[kept[k]].live = true;
    }
    for (size_t k = 0; k < p->mark_count; k++)
        if (p->marks[k].tape == tape) p->marks[k].holds = false;
    const bool look = next_below(p, 4);
    suspend_failures(p, true);
    forget_recipes(p, tape, look);
    if (look) find_leaves(p, kept, count);
    suspend_failures(p, false);
    check_values(p, tape);
}

void ad_tape_keep_deed(program *p)
{
    int kept[MOST_OPERANDS];
    ad_var handles[MOST_OPERANDS] = {{0}};
    tape_state *t = current_tape(p);
    const size_t count = next_below(p, MOST_OPERANDS + 1);
    for (size_t k = 0; k < count; k++) {
        kept[k] = next_operand(p, ANY, &p->slots[0]);
        handles[k] = p->slots[kept[k]].handle;
        say(p, "kept[%zu] = v[%d];", k, kept[k]);
    }
    check_values(p, p->current); /* seen, to be compared with */
    const statuses before = statuses_now(p);
    bool concerned[TAPES] = {false};
    concerned[p->current] = true;
    for (size_t k = 0; k < count; k++)
        if (tape_index(p, handles[k].tape) >= 0) concerned[tape_index(p, handles[k].tape)] = true;
    say(p, "ad_tape_keep(t[%d], kept, %zu);", p->current, count);
    const ad_status status = ad_tape_keep(t->tape, handles, count);
    check_status(p, &before, status, "ad_tape_keep");
    check_errors(p, &before, concerned, "ad_tape_keep");
    promise(p, status != AD_OK || !(t->pending || t->failed),
            "ad_tape_keep: works before a replay");
    if (status != AD_OK) return;
    for (size_t k = 0; k < count; k++) say(p, "v[%d] = kept[%zu];", kept[k], k);
    was_kept(p, kept, handles, count);
}

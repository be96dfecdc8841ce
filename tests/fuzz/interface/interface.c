/* SPDX-License-Identifier: MIT */
/* A run: the leaves to begin with, calls as long as there are bytes, and the last checks. */
#include "tests/fuzz/interface/interface.h"
#include "tests/fuzz/interface/program.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CALLS = 64, LAST_GRADIENTS = 3 };

static bool begin(program *p, const uint8_t *data, size_t size, FILE *listing)
{
    memset(p, 0, sizeof *p);
    p->data = data;
    p->size = size;
    p->listing = listing;
    p->mild = next_byte(p) & 1;
    for (int t = 0; t < TAPES; t++) {
        p->tapes[t].account = (account){.fail_at = SIZE_MAX};
        const ad_allocator allocator = account_allocator(&p->tapes[t].account);
        p->tapes[t].tape = ad_tape_new_with(&allocator);
        if (!p->tapes[t].tape) return false;
    }
    slot_add(p, 0, (ad_var){0});
    for (int t = 0; t < TAPES; t++) /* handles of a tape on nothing */
        slot_add(p, t, (ad_var){p->tapes[t].tape, 0, 0});
    return true;
}

/* ---- the first leaves ---- */

static void first_leaf(program *p, size_t rows, size_t cols, bool constant)
{
    action *a = calloc(1, sizeof *a);
    double *values = calloc(rows * cols, sizeof *values);
    *a = (action){.call = call_at(constant ? 2 : 1), .sizes = {rows, cols}, .values = values};
    for (size_t i = 0; i < rows * cols; i++) values[i] = next_number(p);
    ad_var x = {0};
    say_action(p, a, p->slot_count);
    action_perform(a, current_tape(p)->tape, NULL, &x);
    slot *s = slot_add(p, p->current, x);
    s->how = a;
    s->recipe = s->leaf = true;
}

static void first_leaves(program *p)
{
    for (p->current = TAPES - 1; p->current >= 0; p->current--) {
        first_leaf(p, 2, 1, false);
        if (p->current) continue;
        first_leaf(p, 1, 1, false);
        first_leaf(p, 2, 3, true);
        first_leaf(p, 3, 1, false);
        first_leaf(p, 2, 2, false);
        first_leaf(p, 3, 3, false);
    }
    p->current = 0;
}

/* ---- calls ---- */

/* Some calls are worth more than others. */
static const call *next_call(program *p)
{
    static const char *const often[] = {
        "ad_input",   "ad_mul",    "ad_sum",    "compare_gradients", "compare_gradients",
        "ad_set",     "ad_replay", "ad_grad",   "ad_tape_mark",      "ad_tape_clear_error",
        "ad_custom",  "ad_set",    "ad_replay", "ad_values",         "ad_tape_keep",
        "change_tape"};
    enum { OFTEN = sizeof often / sizeof *often };
    static size_t count;
    while (call_at(count)) count++;
    const uint8_t byte = next_byte(p);
    if (byte >= OFTEN) return call_at((byte - (size_t)OFTEN) % count);
    for (size_t i = 0;; i++)
        if (strcmp(call_at(i)->name, often[byte]) == 0) return call_at(i);
}

/* An error stays now and then. */
static void clear_errors(program *p)
{
    for (int t = 0; t < TAPES; t++)
        if (ad_tape_status(p->tapes[t].tape) != AD_OK && next_below(p, 8)) {
            say(p, "ad_tape_clear_error(t[%d]);", t);
            ad_tape_clear_error(p->tapes[t].tape);
        }
}

static void one_call(program *p)
{
    const call *c = next_call(p);
    if (c->signature == DEED) c->function.DEED(p);
    else record(p, c);
    check_handles(p);
    check_books(p);
    clear_errors(p);
}

/* ---- the end ---- */

static void last_checks(program *p)
{
    suspend_failures(p, true);
    for (p->current = 0; p->current < TAPES; p->current++) {
        ad_tape_clear_error(current_tape(p)->tape);
        ad_replay_deed(p);
        ad_tape_clear_error(current_tape(p)->tape);
        size_t count = 0;
        for (int i = p->slot_count - 1; i > 0 && count < LAST_GRADIENTS && !p->broken[0]; i--) {
            const slot *s = &p->slots[i];
            if (!s->live || s->tape != p->current || slot_size(s) != 1 || s->leaf) continue;
            say(p, "compare(v[%d]);", i);
            check_gradient(p, i);
            count++;
        }
        if (!current_tape(p)->failed) check_recording(p, p->current, AD_OK);
        check_values(p, p->current);
    }
}

static void finish(program *p)
{
    for (int i = 0; i < p->slot_count; i++) {
        if (p->slots[i].how && p->slots[i].which == 0) action_free(p->slots[i].how);
        free(p->slots[i].seen);
    }
    for (int t = 0; t < TAPES; t++) {
        ad_tape_free(p->tapes[t].tape);
        promise(p, p->tapes[t].account.blocks == 0, "ad_tape_free: %zu blocks of tape %d are left",
                p->tapes[t].account.blocks, t);
    }
}

const char *interface_run(const uint8_t *data, size_t size, FILE *listing)
{
    static program p;
    if (begin(&p, data, size, listing)) {
        first_leaves(&p);
        for (int i = 0; i < MOST_CALLS && p.at < p.size && !p.broken[0]; i++) one_call(&p);
        if (!p.broken[0]) last_checks(&p);
    }
    finish(&p);
    return p.broken[0] ? p.broken : NULL;
}

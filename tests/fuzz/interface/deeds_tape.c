/* SPDX-License-Identifier: MIT */
/* Calls on a whole tape. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/fuzz/interface/program.h"

#include <stdlib.h>
#include <string.h>

tape_state *current_tape(program *p)
{
    return &p->tapes[p->current];
}

int tape_index(const program *p, const ad_tape *tape)
{
    for (int t = 0; tape && t < TAPES; t++)
        if (p->tapes[t].tape == tape) return t;
    return -1;
}

void change_tape_deed(program *p)
{
    p->current = 1 - p->current;
}

void fail_allocation_deed(program *p)
{
    account *a = &current_tape(p)->account;
    const uint8_t byte = next_byte(p);
    a->fail_at = a->calls + byte % 16;
    a->fail_after = byte >= 128;
    say(p, "fail(%d, %d, %d);", p->current, byte % 16, a->fail_after);
}

/* ---- new tapes ---- */

void ad_tape_new_deed(program *p)
{
    say(p, "ad_tape_free(ad_tape_new());");
    ad_tape *tape = ad_tape_new();
    promise(p, tape && ad_tape_status(tape) == AD_OK, "ad_tape_new: no tape");
    ad_tape_free(tape);
}

/* One whose allocator fails soon. */
void ad_tape_new_with_deed(program *p)
{
    account books = {.fail_at = next_below(p, 8), .fail_after = next_below(p, 2)};
    const ad_allocator allocator = account_allocator(&books), none = {0};
    promise(p, !ad_tape_new_with(&none), "ad_tape_new_with: a tape without an allocator");
    ad_tape *tape = ad_tape_new_with(&allocator);
    ad_var x = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4});
    const ad_status status = ad_backward(ad_det(ad_square(x)));
    promise(p, (status == AD_OK) == (ad_tape_status(tape) == AD_OK),
            "ad_tape_new_with: backward returns %d, '%s'", (int)status, ad_tape_message(tape));
    promise(p, ad_tape_statistics(tape).bytes == books.bytes, "ad_tape_new_with: %zu bytes",
            books.bytes);
    ad_tape_free(tape);
    promise(p, books.blocks == 0, "ad_tape_free: %zu blocks are left", books.blocks);
}

void ad_tape_free_deed(program *p)
{
    ad_tape *tape = ad_tape_new_with(NULL);
    ad_tape_free(NULL);
    promise(p, tape != NULL, "ad_tape_new_with: no tape on malloc");
    ad_tape_free(tape);
}

/* ---- emptying, going back ---- */

void ad_tape_reset_deed(program *p)
{
    tape_state *t = current_tape(p);
    if (next_below(p, 4)) return; /* less often */
    say(p, "ad_tape_reset(t[%d]);", p->current);
    ad_tape_reset(t->tape);
    promise(p, ad_tape_status(t->tape) == AD_OK, "ad_tape_reset: '%s'", ad_tape_message(t->tape));
    promise(p, ad_tape_statistics(t->tape).nodes == 0, "ad_tape_reset: nodes are left");
    retire(p, p->current, 0, 0);
    t->pending = t->failed = t->unsure = t->kept = false;
    for (size_t k = 0; k < p->mark_count; k++)
        if (p->marks[k].tape == p->current) p->marks[k].holds = false;
}

void ad_tape_mark_deed(program *p)
{
    if (p->mark_count == MOST_MARKS) return;
    say(p, "m[%zu] = ad_tape_mark(t[%d]);", p->mark_count, p->current);
    p->marks[p->mark_count++] =
        (marked){ad_tape_mark(current_tape(p)->tape), p->current, p->slot_count,
                 ad_tape_statistics(current_tape(p)->tape).nodes, true};
}

static void rewound(program *p, const marked *m)
{
    tape_state *t = &p->tapes[m->tape];
    retire(p, m->tape, m->slots, m->nodes);
    t->unsure = t->unsure || t->failed;
    t->failed = false;
    for (size_t k = 0; k < p->mark_count; k++)
        if (p->marks[k].tape == m->tape && p->marks[k].nodes > m->nodes) p->marks[k].holds = false;
}

void ad_tape_rewind_deed(program *p)
{
    const statuses before = statuses_now(p);
    bool concerned[TAPES] = {false};
    if (p->mark_count == 0) return;
    const size_t k = next_below(p, p->mark_count);
    const marked m = p->marks[k];
    say(p, "ad_tape_rewind(t[%d], m[%zu]);", p->current, k);
    const ad_status status = ad_tape_rewind(current_tape(p)->tape, m.mark);
    const ad_status expected = m.tape != p->current ? AD_ERROR_TAPE
                               : m.holds            ? AD_OK
                                                    : AD_ERROR_STALE;
    promise(p, status == expected || status == AD_ERROR_MEMORY, "ad_tape_rewind: %d, not %d",
            (int)status, (int)expected);
    concerned[p->current] = true;
    check_errors(p, &before, concerned, "ad_tape_rewind");
    if (status == AD_OK) rewound(p, &m);
    else promise(p, ad_tape_status(current_tape(p)->tape) != AD_OK, "ad_tape_rewind: no error");
}

/* ---- looking ---- */

void ad_tape_status_deed(program *p)
{
    promise(p, ad_tape_status(NULL) == AD_ERROR_ARGUMENT, "ad_tape_status of NULL");
    promise(p,
            ad_tape_status(current_tape(p)->tape) == AD_OK ||
                *ad_tape_message(current_tape(p)->tape),
            "ad_tape_status: an error without a text");
}

void ad_tape_message_deed(program *p)
{
    promise(p, ad_tape_message(NULL) && ad_tape_message(current_tape(p)->tape),
            "ad_tape_message: NULL");
}

void ad_status_string_deed(program *p)
{
    const char *text = ad_status_string((ad_status)next_byte(p));
    promise(p, text && *text, "ad_status_string: no text");
}

void ad_tape_clear_error_deed(program *p)
{
    ad_tape *tape = current_tape(p)->tape;
    say(p, "ad_tape_clear_error(t[%d]);", p->current);
    ad_tape_clear_error(tape);
    ad_tape_clear_error(NULL);
    promise(p, ad_tape_status(tape) == AD_OK && !*ad_tape_message(tape),
            "ad_tape_clear_error: fails");
}

void ad_tape_statistics_deed(program *p)
{
    promise(p, ad_tape_statistics(NULL).nodes == 0, "ad_tape_statistics of NULL");
    check_books(p);
}

void ad_version_deed(program *p)
{
    promise(p, *ad_version() != '\0', "ad_version: no text");
}

void ad_tape_write_dot_deed(program *p)
{
    char *text = NULL;
    size_t size = 0;
    const statuses before = statuses_now(p);
    FILE *file = open_memstream(&text, &size);
    if (!file) return;
    say(p, "ad_tape_write_dot(t[%d], stdout);", p->current);
    promise(p, ad_tape_write_dot(current_tape(p)->tape, file) == AD_OK,
            "ad_tape_write_dot: no drawing");
    promise(p, ad_tape_write_dot(NULL, file) == AD_ERROR_ARGUMENT, "ad_tape_write_dot of NULL");
    fclose(file);
    promise(p, size > 2 && strcmp(text + size - 2, "}\n") == 0, "ad_tape_write_dot: no end");
    check_errors(p, &before, (const bool[TAPES]){false}, "ad_tape_write_dot");
    free(text);
}

void ad_tape_find_nonfinite_deed(program *p)
{
    char text[64] = "unchanged";
    const statuses before = statuses_now(p);
    const ad_which which = next_below(p, 2) ? AD_ADJOINTS : AD_VALUES;
    const size_t size = next_below(p, sizeof text + 1);
    bool concerned[TAPES] = {false};
    concerned[p->current] = current_tape(p)->account.fail_at != SIZE_MAX;
    say(p, "ad_tape_find_nonfinite(t[%d], %s, text, %zu);", p->current,
        which == AD_VALUES ? "AD_VALUES" : "AD_ADJOINTS", size);
    const bool found = ad_tape_find_nonfinite(current_tape(p)->tape, which, text, size);
    if (size)
        promise(p, memchr(text, 0, size) != NULL, "ad_tape_find_nonfinite: no end of the text");
    if (size > 1)
        promise(p, found == (*text != '\0'), "ad_tape_find_nonfinite: %d and '%s'", found, text);
    check_errors(p, &before, concerned, "ad_tape_find_nonfinite");
}

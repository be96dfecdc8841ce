/* SPDX-License-Identifier: MIT */
/* Promises about errors, handles and memory. */
#include "tests/fuzz/interface/program.h"

#include <stdarg.h>
#include <string.h>

bool promise(program *p, bool kept, const char *format, ...)
{
    if (kept || p->broken[0]) return kept;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(p->broken, sizeof p->broken, format, arguments);
    va_end(arguments);
    return false;
}

statuses statuses_now(const program *p)
{
    statuses now;
    for (int t = 0; t < TAPES; t++) {
        now.status[t] = ad_tape_status(p->tapes[t].tape);
        snprintf(now.message[t], sizeof now.message[t], "%s", ad_tape_message(p->tapes[t].tape));
    }
    return now;
}

void check_errors(program *p, const statuses *before, const bool *concerned, const char *name)
{
    const statuses now = statuses_now(p);
    for (int t = 0; t < TAPES; t++) {
        promise(p, (now.status[t] == AD_OK) == (now.message[t][0] == '\0'),
                "%s: tape %d has status %d and message '%s'", name, t, (int)now.status[t],
                now.message[t]);
        const bool same =
            now.status[t] == before->status[t] && strcmp(now.message[t], before->message[t]) == 0;
        if (p->wild) continue;
        promise(p, same || before->status[t] == AD_OK,
                "%s: the first error of tape %d, '%s', became '%s'", name, t, before->message[t],
                now.message[t]);
        promise(p, same || concerned[t], "%s: tape %d has no part in it, but now '%s'", name, t,
                now.message[t]);
    }
}

void check_status(program *p, const statuses *before, ad_status status, const char *name)
{
    const int t = p->current;
    const ad_status now = ad_tape_status(current_tape(p)->tape);
    if (p->wild) return;
    promise(p, status == now, "%s: returns %d, the status of the tape is %d", name, (int)status,
            (int)now);
    promise(p, before->status[t] == AD_OK || status != AD_OK, "%s: works in spite of '%s'", name,
            before->message[t]);
}

/* ---- recording ---- */

/* NULL may stand in place of the array of them, or of those after the first one of ad_grads. */
static size_t operands_passed(const action *a)
{
    const bool listed = a->call->signature == JOIN || a->call->signature == GRADS;
    return !(a->null && listed) ? a->count : a->call->signature == GRADS;
}

/* The tapes of the operands; of a call without any the current one. False: one operand has none. */
static bool find_concerned(const program *p, const action *a, bool *concerned)
{
    const bool on_tape =
        a->call->signature == LEAF || a->call->signature == NUMBER || a->call->signature == CUSTOM;
    bool all = true;
    if (on_tape) concerned[p->current] = true;
    for (size_t k = 0; k < operands_passed(a); k++) {
        const int t = tape_index(p, p->slots[a->operands[k]].handle.tape);
        if (t >= 0) concerned[t] = true;
        all = all && t >= 0;
    }
    return all;
}

static bool is_ready(const program *p, const statuses *before, int t)
{
    return before->status[t] == AD_OK && !p->tapes[t].pending && !p->tapes[t].failed;
}

void check_result(program *p, const statuses *before, const action *a, ad_var result)
{
    bool concerned[TAPES] = {false}, failed = false, ready = true;
    const char *name = a->call->name;
    const bool all = find_concerned(p, a, concerned), ok = ad_ok(result);
    for (int t = 0; t < TAPES; t++) {
        const bool error = ad_tape_status(p->tapes[t].tape) != AD_OK;
        failed = failed || (concerned[t] && error);
        if (concerned[t]) ready = ready && is_ready(p, before, t);
        if (concerned[0] && concerned[1] && !p->wild)
            promise(p, error, "%s: operands of two tapes, but no error on tape %d", name, t);
    }
    const bool silent = !concerned[0] && !concerned[1]; /* no tape to tell */
    const bool none = a->call->signature == JOIN && (a->null || a->count == 0);
    if (!p->wild) {
        promise(p, !ok || !failed, "%s: a result in spite of an error", name);
        promise(p, ok || failed || silent || none, "%s: neither a result nor an error", name);
    }
    promise(p, !ok || ready, "%s: a result though the tape held an error, or waited for a replay",
            name);
    promise(p, !ok || all, "%s: a result of an invalid handle", name);
    promise(p, ok || !result.tape, "%s: returns a handle that is not valid", name);
    check_errors(p, before, concerned, name);
}

/* ---- handles and memory ---- */

void check_handles(program *p)
{
    for (int i = 0; i < p->slot_count; i++) {
        const slot *s = &p->slots[i];
        if (!promise(p, ad_ok(s->handle) == s->live, "v[%d] is %s", i,
                     s->live ? "no longer valid" : "valid though its value is gone"))
            return;
        if (!s->live) continue;
        promise(p, ad_rows(s->handle) == s->rows && ad_cols(s->handle) == s->cols,
                "v[%d] was %zux%zu and is %zux%zu", i, s->rows, s->cols, ad_rows(s->handle),
                ad_cols(s->handle));
    }
}

void check_books(program *p)
{
    for (int t = 0; t < TAPES; t++) {
        const size_t bytes = ad_tape_statistics(p->tapes[t].tape).bytes;
        promise(p, bytes == p->tapes[t].account.bytes,
                "tape %d says it holds %zu bytes, it has %zu", t, bytes, p->tapes[t].account.bytes);
        promise(p, ad_tape_statistics(p->tapes[t].tape).allocations == p->tapes[t].account.calls,
                "tape %d says it allocated %zu times, it did %zu times", t,
                ad_tape_statistics(p->tapes[t].tape).allocations, p->tapes[t].account.calls);
    }
}

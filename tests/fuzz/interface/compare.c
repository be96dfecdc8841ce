/* SPDX-License-Identifier: MIT */
/* Promises about values: they stay, replays are fresh recordings, sweeps are recorded gradients. */
#include "tests/fuzz/interface/program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same_number(double x, double y)
{
    return (isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0;
}

/* The first element that differs; size where none does. */
static size_t first_difference(const double *x, const double *y, size_t size)
{
    size_t i = 0;
    while (i < size && same_number(x[i], y[i])) i++;
    return i;
}

static void check_same(program *p, int i, const double *values, const double *expected,
                       const char *what)
{
    const size_t size = slot_size(&p->slots[i]), at = first_difference(values, expected, size);
    if (at < size)
        promise(p, false, "v[%d] (%s): element %zu is %.17g, %s %.17g", i,
                p->slots[i].how ? p->slots[i].how->call->name : "", at, values[at], what,
                expected[at]);
}

static double *copy_of(const double *values, size_t size)
{
    double *copy = malloc((size + 1) * sizeof *copy);
    if (copy && size) memcpy(copy, values, size * sizeof *copy);
    return copy;
}

/* ---- values stay ---- */

static void check_value(program *p, int i)
{
    slot *s = &p->slots[i];
    const slot *base = &p->slots[s->same];
    const double *values = ad_values(s->handle);
    const char *name = s->how ? s->how->call->name : "";
    if (!promise(p, values || slot_size(s) == 0, "v[%d] (%s) has no values", i, name)) return;
    if (slot_size(s) == 1)
        promise(p, same_number(ad_value(s->handle), *values),
                "v[%d]: ad_value and ad_values differ", i);
    if (base->leaf && base->how && !base->opaque)
        check_same(p, i, values, base->how->values, "but was set to");
    else if (s->seen) check_same(p, i, values, s->seen, "it was");
    else s->seen = copy_of(values, slot_size(s));
}

/* Those of leaves alone after a replay that failed. */
void check_values(program *p, int tape)
{
    const tape_state *t = &p->tapes[tape];
    suspend_failures(p, true);
    const statuses before = statuses_now(p);
    for (int i = 1; i < p->slot_count; i++) {
        const slot *s = &p->slots[i];
        if (!s->live || s->tape != tape || (t->unsure && !s->leaf)) continue;
        if (!t->failed || s->leaf) check_value(p, i);
        else if (s->how && !s->opaque && !(s->how->call->traits & (DERIVATIVE | SHARED)))
            promise(p, !ad_values(s->handle), "v[%d] has values after a replay that failed", i);
    }
    check_errors(p, &before, (const bool[TAPES]){false}, "ad_values");
    suspend_failures(p, false);
}

/* ---- recorded again ---- */

/* Live values, and what they were computed from: the slots of the first results of these calls. */
static void find_calls(const program *p, int tape, bool *calls)
{
    bool needed[MOST_SLOTS] = {false};
    for (int i = p->slot_count - 1; i > 0; i--) {
        const slot *s = &p->slots[i];
        if (s->tape != tape || !s->recipe || s->opaque || !(needed[i] || s->live)) continue;
        needed[s->same] = true;
        if (s->same != i) continue;
        calls[i - (int)s->which] = true;
        for (size_t k = 0; k < s->how->count; k++) needed[s->how->operands[k]] = true;
    }
}

/* Handles on the fresh tape; returns the slot that could not be recorded, or -1. */
static int record_again(const program *p, int tape, ad_tape *fresh, ad_var *again)
{
    bool calls[MOST_SLOTS] = {false};
    find_calls(p, tape, calls);
    for (int i = 1; i < p->slot_count; i++) {
        const slot *s = &p->slots[i];
        ad_var operands[MOST_OPERANDS], results[MOST_OPERANDS];
        if (s->same != i) again[i] = again[s->same];
        if (!calls[i]) continue;
        for (size_t k = 0; k < s->how->count; k++) operands[k] = again[s->how->operands[k]];
        action_perform(s->how, fresh, operands, results);
        if (ad_tape_status(fresh) != AD_OK) return i;
        for (size_t k = 0; k < action_results(s->how); k++)
            if (p->slots[i + (int)k].same == i + (int)k) again[i + (int)k] = results[k];
    }
    return -1;
}

static void compare_again(program *p, int tape, const ad_var *again)
{
    for (int i = 1; i < p->slot_count; i++) {
        const slot *s = &p->slots[i];
        if (s->tape != tape || !s->live || s->opaque || !again[i].tape) continue;
        const double *values = ad_values(s->handle), *fresh = ad_values(again[i]);
        const bool both = (values && fresh) || slot_size(s) == 0;
        if (!promise(p, both, "v[%d] has no values", i)) return;
        check_same(p, i, values, fresh, "recorded again it is");
    }
}

static bool any_opaque(const program *p, int tape)
{
    bool opaque = p->tapes[tape].kept;
    for (int i = 1; i < p->slot_count; i++)
        opaque = opaque || (p->slots[i].tape == tape && p->slots[i].opaque);
    return opaque;
}

/* replayed: the status of the replay that gave the values; AD_OK where they are from recording. */
void check_recording(program *p, int tape, ad_status replayed)
{
    if (p->tapes[tape].pending || p->tapes[tape].unsure) return;
    suspend_failures(p, true);
    ad_tape *fresh = ad_tape_new();
    static ad_var again[MOST_SLOTS];
    memset(again, 0, sizeof again);
    const int failed = record_again(p, tape, fresh, again);
    if (failed >= 0)
        promise(p, replayed != AD_OK, "v[%d] (%s) cannot be recorded again: %s", failed,
                p->slots[failed].how->call->name, ad_tape_message(fresh));
    else if (replayed == AD_OK) compare_again(p, tape, again);
    else if (!any_opaque(p, tape))
        promise(p, replayed == AD_ERROR_MEMORY, "replay: '%s', but all can be recorded again",
                ad_tape_message(p->tapes[tape].tape));
    ad_tape_free(fresh);
    suspend_failures(p, false);
}

/* ---- sweep and recorded gradient ---- */

static const double rounding = 1e-9;

static size_t find_leaves(const program *p, int tape, ad_var *leaves)
{
    size_t count = 0;
    for (int i = p->slot_count - 1; i > 0; i--) {
        const slot *s = &p->slots[i];
        if (s->live && s->leaf && s->tape == tape && !s->opaque) leaves[count++] = s->handle;
    }
    return count;
}

/* Sums in another order differ by rounding, and where squares overflow they may do so in one
 * order alone. */
static bool agree(double x, double y, double largest)
{
    if (isinf(largest)) return true;
    if (same_number(x, y) || x == y) return true;
    return isfinite(x) && isfinite(y) && fabs(x - y) <= rounding * largest;
}

/* The largest finite one in magnitude. */
static double largest_of(const double *values, size_t size)
{
    double largest = 0;
    for (size_t i = 0; values && i < size; i++)
        if (isfinite(values[i])) largest = fmax(largest, fabs(values[i]));
    return largest;
}

/* What shares may be as large as before they cancel. */
static double largest_square(const program *p, int tape)
{
    double largest = 1;
    for (int i = 1; i < p->slot_count; i++)
        if (p->slots[i].live && p->slots[i].tape == tape)
            largest =
                fmax(largest, largest_of(ad_values(p->slots[i].handle), slot_size(&p->slots[i])));
    return largest * largest;
}

static void compare_gradient(program *p, int y, ad_var x, const double *adjoint,
                             const double *gradient, double largest)
{
    const size_t size = ad_rows(x) * ad_cols(x);
    for (size_t i = 0; i < size; i++)
        if (!agree(adjoint[i], gradient[i], largest)) {
            promise(p, false,
                    "v[%d] by v[%d]: element %zu of the adjoint is %.17g, of the gradient %.17g", y,
                    slot_of(p, x), i, adjoint[i], gradient[i]);
            return;
        }
}

static void compare_gradients(program *p, int y, const ad_var *leaves, size_t count,
                              double *const *adjoints)
{
    const slot *s = &p->slots[y];
    ad_tape *tape = s->handle.tape;
    ad_var gradients[MOST_SLOTS];
    double largest = largest_square(p, s->tape);
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, largest_of(adjoints[k], ad_rows(leaves[k]) * ad_cols(leaves[k])));
    ad_tape_clear_error(tape);
    if (ad_grads(s->handle, leaves, count, gradients) != AD_OK) return;
    for (size_t k = 0; k < count && !s->wild; k++) {
        const double *gradient = ad_values(gradients[k]);
        if (!gradient && ad_tape_status(tape) != AD_OK)
            return; /* a value that waited cannot be computed */
        if (adjoints[k]) compare_gradient(p, y, leaves[k], adjoints[k], gradient, largest);
    }
    const bool all = !s->wild && !p->tapes[s->tape].kept; /* leaves are known */
    promise(p, !all || adjoints[0] || count == 0, "v[%d]: a gradient, but no adjoints", y);
}

/* Leaves the tape as it was, but for its adjoints. */
void check_gradient(program *p, int y)
{
    ad_var leaves[MOST_SLOTS];
    double *adjoints[MOST_SLOTS] = {NULL};
    const slot *s = &p->slots[y];
    ad_tape *tape = s->handle.tape;
    const tape_state *t = &p->tapes[s->tape];
    const bool ready = ad_tape_status(tape) == AD_OK && !t->pending && !t->failed && !t->unsure;
    if (!ready || ad_tape_statistics(tape).nodes > MOST_NODES) return;
    suspend_failures(p, true);
    const ad_mark mark = ad_tape_mark(tape);
    const size_t count = find_leaves(p, s->tape, leaves);
    const ad_status status = ad_backward(s->handle);
    for (size_t k = 0; k < count && status == AD_OK; k++) {
        const double *adjoint = ad_adjoint(leaves[k]);
        const size_t size = ad_rows(leaves[k]) * ad_cols(leaves[k]);
        if (promise(p, adjoint || !size, "v[%d]: no adjoint of v[%d]", y, slot_of(p, leaves[k])))
            adjoints[k] = copy_of(adjoint, size);
    }
    compare_gradients(p, y, leaves, count, adjoints);
    for (size_t k = 0; k < count; k++) free(adjoints[k]);
    ad_tape_clear_error(tape);
    promise(p, ad_tape_rewind(tape, mark) == AD_OK, "v[%d]: no way back from its gradient", y);
    suspend_failures(p, false);
}

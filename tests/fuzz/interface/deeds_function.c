/* SPDX-License-Identifier: MIT */
/* Calls of ad_function on s x^2, s the sum of a value of the program and x a leaf of its own, at powers
 * of 2: results are exact. The program does not see them: all is taken back. */
#include "tests/fuzz/interface/program.h"

#include <math.h>

typedef struct trial {
    program *p;
    ad_tape *tape;
    ad_mark mark;
    ad_function f;
    double s, at, y, out;
} trial;

/* False where there is nothing to try. Leaves failures suspended when true. */
static bool begin(program *p, trial *t)
{
    const int i = next_operand(p, ANY, &p->slots[0]);
    const slot *s = &p->slots[i];
    *t = (trial){.p = p, .tape = s->handle.tape, .at = (double)(1U << next_below(p, 4))};
    if (p->wild || !s->live || s->opaque) return false;
    const tape_state *state = &p->tapes[s->tape];
    if (ad_tape_status(t->tape) != AD_OK || state->pending || state->failed || state->unsure ||
        ad_tape_statistics(t->tape).nodes > MOST_NODES)
        return false;
    suspend_failures(p, true);
    t->mark = ad_tape_mark(t->tape);
    t->f.x = ad_scalar(t->tape, 1);
    const ad_var sum = ad_sum(s->handle);
    t->f.y = ad_mul(sum, ad_mul(t->f.x, t->f.x));
    t->s = ad_value(sum);
    say(p, "ad_function of v[%d] at %g;", i, t->at);
    return true;
}

static void end(trial *t, ad_status status, double expected)
{
    program *const p = t->p;
    promise(p, status == ad_tape_status(t->tape), "ad_function: returns %d", (int)status);
    promise(p, status == AD_OK ? t->out == expected || !isfinite(expected) : isnan(t->out),
            "ad_function: %g, not %g, at %g", t->out, expected, t->at);
    promise(p, status != AD_OK || t->y == t->s * t->at * t->at || !isfinite(t->y),
            "ad_function: value %g at %g", t->y, t->at);
    ad_tape_clear_error(t->tape);
    promise(p, ad_tape_rewind(t->tape, t->mark) == AD_OK, "ad_function: no way back");
    promise(p, ad_replay(t->tape) == AD_OK || status != AD_OK, "ad_function: no replay after it");
    suspend_failures(p, false);
}

void ad_function_value_deed(program *p)
{
    trial t;
    if (!begin(p, &t)) return;
    const ad_status status = ad_function_value(&t.f, &t.at, &t.y);
    t.out = t.y;
    end(&t, status, t.s * t.at * t.at);
}

void ad_function_gradient_deed(program *p)
{
    trial t;
    if (!begin(p, &t)) return;
    const ad_status status = ad_function_gradient(&t.f, &t.at, &t.y, &t.out);
    end(&t, status, 2 * t.s * t.at);
}

void ad_function_jacobian_deed(program *p)
{
    trial t;
    if (!begin(p, &t)) return;
    const ad_status status = ad_function_jacobian(&t.f, &t.at, &t.y, &t.out);
    end(&t, status, 2 * t.s * t.at);
}

void ad_function_hessian_deed(program *p)
{
    trial t;
    double slope;
    if (!begin(p, &t)) return;
    const ad_status status = ad_function_hessian(&t.f, &t.at, &t.y, &slope, &t.out);
    end(&t, status, 2 * t.s);
}

void ad_function_hvp_deed(program *p)
{
    trial t;
    if (!begin(p, &t)) return;
    const ad_status first = ad_function_hvp(&t.f, &t.at, &t.at, &t.out);
    const ad_status status = ad_function_value(&t.f, &t.at, &t.y);
    promise(p, first == status, "ad_function_hvp: returns %d", (int)first);
    end(&t, status, 2 * t.s * t.at);
}

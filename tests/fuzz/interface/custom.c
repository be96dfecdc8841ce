/* SPDX-License-Identifier: MIT */
/* Custom operations: y = x_0^2/2 (1 + the sum of all elements of the other inputs), and ways to
 * get it wrong. Those that fail where an element is negative can be compared with; the others
 * are wild. */
#include "tests/fuzz/interface/program.h"

#include <math.h>

enum { BEHAVES = 176, FAILS_BELOW_ZERO = 208 }; /* bytes of the plan below these; else it is wild */
enum { DEEPEST = 2 };

bool plan_is_wild(const plan *mine)
{
    const uint8_t variant = mine->variant % 8;
    const bool rule = variant < 6;
    return mine->shape >= BEHAVES || mine->value >= FAILS_BELOW_ZERO || variant == 7 ||
           (rule && mine->gradient >= BEHAVES);
}

static size_t size_of(ad_matrix m)
{
    return m.rows * m.cols;
}

/* ---- meddling with the tape from within ---- */

enum { ANY_TAPE = -1 };

static ad_var newest(const program *p, int tape, size_t back)
{
    for (int i = p->slot_count - 1; i > 0; i--) {
        const slot *s = &p->slots[i];
        if (s->live && (tape == ANY_TAPE || s->tape == tape) && back-- == 0) return s->handle;
    }
    return (ad_var){0};
}

static void change_tape(ad_var x, unsigned which)
{
    static const double values[MOST_ELEMENTS] = {1.5};
    switch (which % 5) {
    case 0: ad_tape_reset(x.tape); break;
    case 1: ad_tape_keep(x.tape, &x, 1); break;
    case 2: ad_replay(x.tape); break;
    case 3:
        if (ad_rows(x) * ad_cols(x) <= MOST_ELEMENTS) ad_set(x, values);
        break;
    default: ad_tape_rewind(x.tape, ad_tape_mark(x.tape));
    }
}

static void look_at(ad_var x, unsigned which)
{
    char text[64];
    switch (which % 5) {
    case 0: ad_value(x); break;
    case 1: ad_values(x); break;
    case 2: ad_adjoint(x); break;
    case 3:
        ad_tape_find_nonfinite(x.tape, which & 8 ? AD_VALUES : AD_ADJOINTS, text, sizeof text);
        break;
    default: ad_tape_mark(x.tape);
    }
}

static void meddle(const plan *mine, unsigned which)
{
    program *p = mine->program;
    const ad_var x = newest(p, mine->tape, which / 16 % 8);
    const ad_var y = newest(p, which % 16 < 2 ? ANY_TAPE : mine->tape, which / 32 % 3);
    if (!x.tape || p->depth > DEEPEST) return;
    p->depth++;
    switch (which % 8) {
    case 0: ad_add(x, y); break;
    case 1: ad_backward(y); break;
    case 2:
        if (ad_tape_statistics(x.tape).nodes < MOST_NODES) ad_grad(y, x);
        break;
    case 3:
        if (ad_tape_statistics(x.tape).nodes < MOST_NODES / 10) ad_gradcheck(y, x);
        break;
    case 4: ad_name(x, "meddled"); break;
    case 5: ad_tape_clear_error(x.tape); break;
    case 6: look_at(x, which / 8); break;
    default: change_tape(x, which / 8);
    }
    p->depth--;
}

/* ---- callbacks ---- */

static ad_status any_status(unsigned which)
{
    return (ad_status)(which % 16);
}

static ad_status shape_of_first(const ad_matrix *in, size_t count, size_t *rows, size_t *cols,
                                void *context)
{
    const plan *mine = context;
    const unsigned wrong = mine->shape < BEHAVES ? 0 : mine->shape;
    *rows = count ? in[0].rows : 1;
    *cols = count ? in[0].cols : 1;
    if (!wrong) return AD_OK;
    switch (wrong % 5) {
    case 0: return any_status(wrong / 5);
    case 1: *rows = SIZE_MAX / 2; break;
    case 2: *rows = count ? in[0].cols : 0, *cols = count ? in[0].rows : 3; break;
    case 3: *rows = *cols = 0; break;
    default: meddle(mine, wrong + mine->value);
    }
    return AD_OK;
}

static double factor_of(const ad_matrix *in, size_t count)
{
    double factor = 1;
    for (size_t k = 1; k < count; k++)
        for (size_t i = 0; i < size_of(in[k]); i++) factor += in[k].values[i];
    return factor;
}

static bool any_below_zero(const ad_matrix *in, size_t count)
{
    for (size_t i = 0; count && i < size_of(in[0]); i++)
        if (in[0].values[i] < 0) return true;
    return false;
}

static ad_status half_square(const ad_matrix *in, size_t count, double *y, void *context)
{
    const plan *mine = context;
    const bool wild = mine->value >= FAILS_BELOW_ZERO;
    if (!count) *y = 1.5;
    for (size_t i = 0; count && i < size_of(in[0]); i++)
        y[i] = in[0].values[i] * in[0].values[i] / 2 * factor_of(in, count);
    if (mine->value < BEHAVES) return AD_OK;
    if (!wild) return any_below_zero(in, count) ? AD_ERROR_ARGUMENT : AD_OK;
    if (mine->value % 4 == 0) return any_status(mine->value / 4);
    meddle(mine, mine->value + mine->gradient);
    return AD_OK;
}

/* x_0' = y' x_0 s, x_k' = sum(y' x_0^2 / 2) */
static void right_gradients(const ad_var *in, size_t count, ad_var adjoint, const bool *wanted,
                            ad_var *gradients)
{
    ad_var factor = ad_constant(in[0].tape, 1, 1, (const double[]){1});
    for (size_t k = 1; k < count; k++) factor = ad_add(factor, ad_sum(in[k]));
    if (wanted[0]) gradients[0] = ad_mul(ad_mul(adjoint, in[0]), factor);
    ad_var others = ad_sum(ad_mul(adjoint, ad_scale(ad_square(in[0]), 0.5)));
    for (size_t k = 1; k < count; k++)
        if (wanted[k]) gradients[k] = ad_broadcast(others, ad_rows(in[k]), ad_cols(in[k]));
}

static ad_status gradient_rule(const ad_var *in, size_t count, ad_var output, ad_var adjoint,
                               const bool *wanted, ad_var *gradients, void *context)
{
    const plan *mine = context;
    program *p = mine->program;
    const unsigned wrong = mine->gradient < BEHAVES ? 0 : mine->gradient;
    if (count) right_gradients(in, count, adjoint, wanted, gradients);
    if (!wrong || !count) return AD_OK;
    switch (wrong % 10) {
    case 0: return any_status(wrong / 10);
    case 1: gradients[0] = ad_hcat(in[0], in[0]); break;
    case 2: gradients[0] = newest(p, ANY_TAPE, wrong / 10); break;
    case 3: gradients[0] = p->slots[(int)wrong % p->slot_count].handle; break;
    case 4: gradients[count - 1] = (ad_var){0}; break;
    case 5: gradients[count - 1] = p->stash; break;
    case 6: p->stash = wrong / 10 % 2 ? adjoint : output; break;
    case 7: p->stash = gradients[0]; break;
    case 8:
        if (p->depth++ < DEEPEST) gradients[0] = ad_grad(ad_sum(ad_sin(in[0])), in[0]);
        p->depth--;
        break;
    default: meddle(mine, wrong + mine->shape);
    }
    return AD_OK;
}

static ad_status rule_in_numbers(const ad_matrix *in, size_t count, ad_matrix y, ad_matrix adjoint,
                                 double *const *gradients, void *context)
{
    const plan *mine = context;
    const size_t size = count ? size_of(in[0]) : 0;
    const double factor = factor_of(in, count);
    if (size_of(adjoint) != size) return AD_OK;
    double others = 0;
    for (size_t i = 0; i < size; i++) {
        if (gradients[0]) gradients[0][i] = adjoint.values[i] * in[0].values[i] * factor;
        others += adjoint.values[i] * (in[0].values[i] * in[0].values[i] / 2);
    }
    for (size_t k = 1; k < count; k++)
        for (size_t i = 0; gradients[k] && i < size_of(in[k]); i++) gradients[k][i] = others;
    if (mine->gradient < BEHAVES) return AD_OK;
    if (mine->gradient % 4 == 0) return any_status(mine->gradient / 4);
    meddle(mine, mine->gradient + mine->shape + (unsigned)size_of(y));
    return AD_OK;
}

const ad_custom_op *plan_operation(const plan *mine)
{
    static const ad_custom_op with_rule = {"half_square", shape_of_first, half_square,
                                           gradient_rule, NULL},
                              in_numbers = {"half_square_numbers", shape_of_first, half_square,
                                            NULL, rule_in_numbers},
                              without = {"half_square_alone", shape_of_first, half_square, NULL,
                                         NULL},
                              empty = {"nothing", NULL, NULL, NULL, NULL};
    const uint8_t variant = mine->variant % 8;
    return variant < 4 ? &with_rule : variant < 6 ? &in_numbers : variant == 6 ? &without : &empty;
}

/* SPDX-License-Identifier: MIT */
/* Elements that take no part have derivative 0, of every order, in random functions.
 *
 * Each function guards steep functions by selections of every kind. Its derivatives to the third
 * order, by sweeps and recorded, fresh and replayed from where other elements took part, are those
 * of the same function of numbers among which C code selects beforehand.
 */
#include "tests/guarded.h"

#include <math.h>

#include "tests/suite.h"

enum { ORDERS = 3, TRIALS = 96, SEED = 20 };

static const double rounding = 1e-9;

/* The value and its derivatives: each order the gradient of a linear function of the one before. */
typedef struct derived {
    ad_tape *tape;
    paired x, y;
    ad_var value[ORDERS], gradient[ORDERS], reference[ORDERS][GUARDED_INPUTS];
} derived;

typedef struct trial {
    const guarded *f;
    unsigned long long seed;
    double weights[ORDERS][GUARDED_INPUTS];
} trial;

/* ---- recording ---- */

static ad_var linear_function(ad_tape *tape, const ad_var *x, const double *weights, size_t count)
{
    ad_var sum = ad_scale(x[0], weights[0]);
    for (size_t i = 1; i < count; i++)
        sum = ad_add(sum, ad_mul(ad_constant(tape, 1, 1, &weights[i]), x[i]));
    return sum;
}

static derived derive(const trial *t, const double *point)
{
    const size_t rows = t->f->rows, cols = t->f->cols, size = rows * cols;
    derived d = {.tape = ad_tape_new()};
    d.x = paired_input(d.tape, rows, cols, point);
    d.y = guarded_apply(t->f, &d.x);
    ad_var elements[GUARDED_INPUTS], reference = d.y.at[0].value;
    for (size_t i = 0; i < size; i++) elements[i] = d.x.at[i].value;
    d.value[0] = d.y.whole;
    for (size_t order = 0; order < ORDERS; order++) {
        const double *weights = t->weights[order];
        d.gradient[order] = ad_grad(d.value[order], d.x.whole);
        ad_grads(reference, elements, size, d.reference[order]);
        if (order + 1 == ORDERS) break;
        d.value[order + 1] =
            ad_sum(ad_mul(ad_constant(d.tape, rows, cols, weights), d.gradient[order]));
        reference = linear_function(d.tape, d.reference[order], weights, size);
    }
    ck_assert_msg(ad_tape_status(d.tape) == AD_OK, "%s, seed %llu: %s", guarded_text(t->f), t->seed,
                  ad_tape_message(d.tape));
    return d;
}

/* ---- comparing ---- */

static bool takes_part(const derived *d, size_t i)
{
    return d->y.at[0].from >> i & 1;
}

/* Derivatives of one order that are to be those of `there`, 0 where an element takes no part. */
static void check_order(const trial *t, const derived *there, const char *what, size_t order,
                        const double *values)
{
    const size_t size = t->f->rows * t->f->cols;
    double largest = 1;
    ck_assert_msg(values != NULL, "%s, seed %llu: no %s", guarded_text(t->f), t->seed, what);
    for (size_t i = 0; i < size; i++)
        largest = fmax(largest, fabs(ad_value(there->reference[order][i])));
    ck_assert(isfinite(largest));
    for (size_t i = 0; i < size; i++) {
        const double expected = ad_value(there->reference[order][i]);
        const double tolerance = takes_part(there, i) ? rounding * largest : 0;
        if (fabs(values[i] - expected) <= tolerance) continue;
        ck_abort_msg("%s, seed %llu, %s, derivative %zu: element %zu is %.17g, not %.17g",
                     guarded_text(t->f), t->seed, what, order + 1, i, values[i], expected);
    }
}

static void check_all(const trial *t, const derived *d, const derived *there, bool replayed)
{
    const double value = ad_value(d->y.whole), expected = ad_value(there->y.at[0].value);
    ck_assert_msg(isfinite(expected) &&
                      fabs(value - expected) <= rounding * fmax(1, fabs(expected)),
                  "%s, seed %llu: the value is %.17g, not %.17g", guarded_text(t->f), t->seed,
                  value, expected);
    for (size_t order = 0; order < ORDERS; order++) {
        check_order(t, there, replayed ? "replayed gradient" : "gradient", order,
                    ad_values(d->gradient[order]));
        ad_backward(d->value[order]);
        check_order(t, there, replayed ? "replayed sweep" : "sweep", order, ad_adjoint(d->x.whole));
    }
}

static void check_same(const trial *t, const derived *replayed, const derived *fresh)
{
    for (size_t order = 0; order < ORDERS; order++)
        for (size_t i = 0; i < t->f->rows * t->f->cols; i++) {
            double value = ad_values(replayed->gradient[order])[i];
            double expected = ad_values(fresh->gradient[order])[i];
            ck_assert_msg(value == expected,
                          "%s, seed %llu, derivative %zu: element %zu is %.17g replayed, %.17g "
                          "recorded again",
                          guarded_text(t->f), t->seed, order + 1, i, value, expected);
        }
}

static void check_at_both(const trial *t, const double *here, const double *elsewhere)
{
    derived fresh = derive(t, here), moved = derive(t, elsewhere);
    check_all(t, &fresh, &fresh, false);
    ad_set(moved.x.whole, here);
    ck_assert_int_eq(ad_replay(moved.tape), AD_OK);
    check_all(t, &moved, &fresh, true);
    check_same(t, &moved, &fresh);
    ad_tape_free(fresh.tape);
    ad_tape_free(moved.tape);
}

/* ---- trials ---- */

/* How many elements took no part. */
static size_t run_trial(const selection *s, const steep *of, bool two, unsigned long long seed)
{
    random_state state = seed;
    guarded f = guarded_random(s, of, two, &state);
    trial t = {.f = &f, .seed = seed};
    double here[GUARDED_INPUTS], elsewhere[GUARDED_INPUTS];
    for (size_t i = 0; i < ORDERS * GUARDED_INPUTS; i++)
        t.weights[i / GUARDED_INPUTS][i % GUARDED_INPUTS] = random_uniform(&state);
    size_t count = guarded_point(&f, &state, here) + guarded_point(&f, &state, elsewhere);
    check_at_both(&t, here, elsewhere);
    check_at_both(&t, elsewhere, here);
    return count;
}

START_TEST(derivatives_are_those_of_what_was_selected)
{
    const selection *s = selection_at((size_t)_i);
    size_t functions = 0, left_out[16] = {0};
    while (selection_steep(s, functions)) functions++;
    ck_assert(functions > 0 && functions <= 16);
    for (size_t k = 0; k < TRIALS; k++) {
        size_t which = k % functions;
        unsigned long long seed = ((unsigned long long)SEED << 16) + (size_t)_i * TRIALS + k;
        left_out[which] += run_trial(s, selection_steep(s, which), k / functions % 2, seed);
    }
    for (size_t k = 0; k < functions; k++)
        ck_assert_msg(left_out[k] >= 3, "%s of %s: only %zu elements were left out", s->name,
                      selection_steep(s, k)->name, left_out[k]);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("supports of random functions");
    TCase *cases = tcase_create("each selection");
    tcase_add_loop_test(cases, derivatives_are_those_of_what_was_selected, 0,
                        (int)selection_count());
    suite_add_tcase(s, cases);
    return s;
}

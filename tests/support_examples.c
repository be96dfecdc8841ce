/* SPDX-License-Identifier: MIT */
#include "tests/support_examples.h"

#include <check.h>
#include <math.h>

enum { MOST_VALUES = 256 };

static const ad_var none = {0};
static const double rounding = 1e-13;

/* All derivatives of one example on one tape. */
typedef struct recorded {
    const example *of;
    const char *way;
    ad_tape *tape;
    ad_var x[EXAMPLE_INPUTS], y, total; /* total: the sum of all elements of the gradient */
    ad_var gradient[EXAMPLE_INPUTS], vjp[EXAMPLE_INPUTS], jvp[EXAMPLE_INPUTS];
    ad_var jacobian[EXAMPLE_INPUTS], curvature[EXAMPLE_INPUTS], third[EXAMPLE_INPUTS];
    ad_var hvp, hessian; /* of one input */
} recorded;

ad_var number_beside(ad_var x, double value)
{
    return constant_beside(x, 1, 1, &value);
}

ad_var constant_beside(ad_var x, size_t rows, size_t cols, const double *values)
{
    return ad_constant(x.tape, rows, cols, values);
}

static size_t size_of(const example *e)
{
    return e->rows * e->cols;
}

/* ---- recording ---- */

static ad_var ones_like(ad_var x)
{
    return ad_broadcast(number_beside(x, 1), ad_rows(x), ad_cols(x));
}

static ad_var sum_of(const ad_var *x, size_t count)
{
    ad_var sum = ad_sum(x[0]);
    for (size_t k = 1; k < count; k++) sum = ad_add(sum, ad_sum(x[k]));
    return sum;
}

static void record_derivatives(recorded *r)
{
    const size_t count = r->of->inputs;
    ad_grads(r->y, r->x, count, r->gradient);
    r->total = sum_of(r->gradient, count);
    ad_grads(r->total, r->x, count, r->curvature);
    ad_grads(sum_of(r->curvature, count), r->x, count, r->third);
    for (size_t k = 0; k < count; k++) {
        r->vjp[k] = ad_vjp(r->y, r->x[k], number_beside(r->y, 1));
        r->jvp[k] = ad_jvp(r->y, r->x[k], ones_like(r->x[k]));
        r->jacobian[k] = ad_jacobian(r->y, r->x[k]);
    }
    if (count > 1) return;
    r->hvp = ad_hvp(r->y, r->x[0], ones_like(r->x[0]));
    r->hessian = ad_hessian(r->y, r->x[0]);
}

static recorded record(const example *e, const char *way, const double *point)
{
    recorded r = {.of = e, .way = way, .tape = ad_tape_new()};
    for (size_t k = 0; k < e->inputs; k++)
        r.x[k] = ad_input(r.tape, e->rows, e->cols, point + k * size_of(e));
    r.y = e->of(r.x[0], e->inputs > 1 ? r.x[1] : none);
    record_derivatives(&r);
    ck_assert_msg(ad_tape_status(r.tape) == AD_OK, "%s: %s", e->name, ad_tape_message(r.tape));
    return r;
}

static void replay(const recorded *r, const double *point)
{
    for (size_t k = 0; k < r->of->inputs; k++) ad_set(r->x[k], point + k * size_of(r->of));
    ck_assert_msg(ad_replay(r->tape) == AD_OK, "%s: %s", r->of->name, ad_tape_message(r->tape));
}

/* ---- comparing ---- */

static bool takes_part(const example *e, size_t i)
{
    return e->gradient[i] != 0 || e->curvature[i] != 0;
}

/* Values of input k that are to be these, 0 exactly where the element takes no part. */
static void check_values(const recorded *r, const char *what, size_t k, const double *values,
                         const double *all_expected)
{
    const size_t size = size_of(r->of), first = k * size;
    const double *expected = all_expected + first;
    double largest = 1;
    for (size_t i = 0; i < size; i++) largest = fmax(largest, fabs(expected[i]));
    ck_assert_msg(values != NULL, "%s, %s, %s: %s", r->of->name, r->way, what,
                  ad_tape_message(r->tape));
    for (size_t i = 0; i < size; i++) {
        double tolerance = takes_part(r->of, first + i) ? rounding * largest : 0;
        ck_assert_msg(fabs(values[i] - expected[i]) <= tolerance,
                      "%s, %s, %s: element %zu of input %zu is %.17g, not %.17g", r->of->name,
                      r->way, what, i, k, values[i], expected[i]);
    }
}

static void check_first(const recorded *r, size_t k)
{
    const double *expected = r->of->gradient;
    double sum = 0;
    check_values(r, "gradient", k, ad_values(r->gradient[k]), expected);
    check_values(r, "vjp", k, ad_values(r->vjp[k]), expected);
    check_values(r, "Jacobian", k, ad_values(r->jacobian[k]), expected);
    for (size_t i = 0; i < size_of(r->of); i++) sum += expected[k * size_of(r->of) + i];
    ck_assert_msg(fabs(ad_value(r->jvp[k]) - sum) <= rounding * fmax(1, fabs(sum)),
                  "%s, %s, jvp by input %zu: %.17g, not %.17g", r->of->name, r->way, k,
                  ad_value(r->jvp[k]), sum);
}

/* Rows add up to the Hessian times ones; those of elements that take no part are zeros, and so are
 * their columns. */
static void check_hessian(const recorded *r)
{
    const size_t size = size_of(r->of);
    const double *H = ad_values(r->hessian);
    double sums[EXAMPLE_ELEMENTS];
    for (size_t i = 0; i < size; i++) {
        sums[i] = 0;
        for (size_t j = 0; j < size; j++) {
            sums[i] += H[i * size + j];
            ck_assert_msg((takes_part(r->of, i) && takes_part(r->of, j)) || H[i * size + j] == 0,
                          "%s, %s, Hessian: (%zu, %zu) is %g, not 0", r->of->name, r->way, i, j,
                          H[i * size + j]);
        }
    }
    check_values(r, "Hessian", 0, sums, r->of->curvature);
}

static void check_third(const recorded *r, size_t k)
{
    const double *values = ad_values(r->third[k]);
    for (size_t i = 0; i < size_of(r->of); i++) {
        bool part = takes_part(r->of, k * size_of(r->of) + i);
        ck_assert_msg(part ? isfinite(values[i]) : values[i] == 0,
                      "%s, %s, third derivative: element %zu of input %zu is %g", r->of->name,
                      r->way, i, k, values[i]);
    }
}

static void check_sweep(const recorded *r, ad_var y, const char *what, const double *expected)
{
    ck_assert_msg(ad_backward(y) == AD_OK, "%s, %s, %s: %s", r->of->name, r->way, what,
                  ad_tape_message(r->tape));
    for (size_t k = 0; k < r->of->inputs; k++)
        check_values(r, what, k, ad_adjoint(r->x[k]), expected);
}

static void check_derivatives(const recorded *r)
{
    check_sweep(r, r->y, "adjoint", r->of->gradient);
    check_sweep(r, r->total, "adjoint of the gradient", r->of->curvature);
    for (size_t k = 0; k < r->of->inputs; k++) {
        check_first(r, k);
        check_values(r, "Hessian times ones", k, ad_values(r->curvature[k]), r->of->curvature);
        check_third(r, k);
    }
    if (r->of->inputs > 1) return;
    check_values(r, "hvp", 0, ad_values(r->hvp), r->of->curvature);
    check_hessian(r);
}

/* ---- the same bits ---- */

static void collect(ad_var x, double *values, size_t *count)
{
    for (size_t i = 0; i < ad_rows(x) * ad_cols(x); i++) {
        ck_assert(*count < MOST_VALUES);
        values[(*count)++] = ad_values(x)[i];
    }
}

static size_t collect_all(const recorded *r, double *values)
{
    size_t count = 0;
    collect(r->y, values, &count);
    for (size_t k = 0; k < r->of->inputs; k++) {
        const ad_var all[] = {r->gradient[k], r->vjp[k],       r->jvp[k],
                              r->jacobian[k], r->curvature[k], r->third[k]};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) collect(all[i], values, &count);
    }
    if (r->of->inputs > 1) return count;
    collect(r->hvp, values, &count);
    collect(r->hessian, values, &count);
    return count;
}

static void check_same(const recorded *replayed, const recorded *fresh)
{
    double values[MOST_VALUES], expected[MOST_VALUES];
    size_t count = collect_all(fresh, expected);
    ck_assert_uint_eq(collect_all(replayed, values), count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(values[i] == expected[i] || (isnan(values[i]) && isnan(expected[i])),
                      "%s: number %zu is %.17g replayed, %.17g recorded again", fresh->of->name, i,
                      values[i], expected[i]);
}

static void check_example(const example *e)
{
    recorded there = record(e, "recorded there", e->at);
    check_derivatives(&there);
    recorded moved = record(e, "replayed", e->elsewhere);
    recorded apart = record(e, "recorded", e->elsewhere);
    replay(&moved, e->at);
    check_derivatives(&moved);
    check_same(&moved, &there);
    replay(&moved, e->elsewhere);
    check_same(&moved, &apart);
    ad_tape_free(there.tape);
    ad_tape_free(moved.tape);
    ad_tape_free(apart.tape);
}

void check_examples(const example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) check_example(&examples[i]);
}

void check_elementwise_examples(const example *examples, size_t count)
{
    check_examples(examples, count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < size_of(&examples[i]); j++) {
            const example *e = &examples[i];
            example alone = {
                .name = e->name, .of = e->of, .inputs = e->inputs, .rows = 1, .cols = 1};
            for (size_t k = 0; k < e->inputs; k++) {
                const size_t from = k * size_of(e) + j;
                alone.elsewhere[k] = e->elsewhere[from];
                alone.at[k] = e->at[from];
                alone.gradient[k] = e->gradient[from];
                alone.curvature[k] = e->curvature[from];
            }
            check_example(&alone);
        }
}

/* SPDX-License-Identifier: MIT */
#include "tests/program.h"

#include <math.h>
#include <string.h>

#include "tests/tape_checks.h"

enum { SHAPES_SEED = 11 };

const char *const content_names[CONTENTS] = {"regular", "small integers", "zeros", "infinities",
                                             "NaN"};

static bool needs_regular(const char *name)
{
    const char *const names[] = {"solve",
                                 "lstsq",
                                 "inverse",
                                 "cholesky",
                                 "logdet_spd",
                                 "solve_spd",
                                 "solve_lower",
                                 "solve_upper",
                                 "logabsdet",
                                 "logabsdet_gradient",
                                 "inverse_product",
                                 "solve_share",
                                 "cofactor_derivative",
                                 "cofactor_second_derivative"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

static double special(content what, uint64_t *state)
{
    switch (what) {
    case SMALL_INTEGERS: return (double)random_index(state, 4) - 1;
    case INFINITIES: return next_random(state) < 0 ? -INFINITY : INFINITY;
    case NANS: return NAN;
    default: return 0;
    }
}

static void fill(specimen *s, content what, uint64_t seed)
{
    specimen_fill(s, seed);
    for (size_t k = 0; what != REGULAR && k < s->made_by->operands; k++)
        for (size_t i = 0; i < specimen_size(s, k); i++) s->values[k][i] = special(what, &seed);
}

ad_var program_derivatives(ad_var y, const ad_var *x, size_t count)
{
    ad_var gradients[MOST_OPERANDS], hessian[MOST_OPERANDS], sum = ad_sum(y);
    ad_grads(sum, x, count, gradients);
    for (size_t k = 0; k < count; k++) sum = ad_add(sum, ad_sum(gradients[k]));
    ad_grads(sum, x, count, hessian);
    return sum;
}

void program_record(program *p, ad_tape *tape, bool regular_only, content what, uint64_t seed)
{
    p->tape = tape;
    p->regular_only = regular_only;
    p->count = 0;
    p->total = ad_scalar(tape, 0);
    for (size_t i = 0; operation_at(i); i++) {
        const maker *m = maker_of(operation_name_at(i));
        REQUIRE(m != NULL, "%s: no maker", operation_name_at(i));
        for (size_t n = 0; n < SPECIMENS_OF_EACH; n++) {
            if (!regular_only && needs_regular(m->name)) continue;
            specimen *s = &p->specimens[p->count];
            ad_var *x = p->operands[p->count];
            REQUIRE(p->count++ < MOST_IN_PROGRAM, "more than %d specimens", MOST_IN_PROGRAM);
            specimen_shape(s, m, 3 + 2 * i % 3 + 7 * n, SHAPES_SEED);
            fill(s, what, seed);
            specimen_operands(s, tape, x);
            p->total = ad_add(p->total, program_derivatives(specimen_record(s, x), x, m->operands));
            REQUIRE(ad_ok(p->total), "%s, %s: %s", specimen_text(s, seed), content_names[what],
                    ad_tape_message(tape));
        }
    }
}

void program_set(program *p, content what, uint64_t seed)
{
    for (size_t i = 0; i < p->count; i++) {
        specimen *s = &p->specimens[i];
        fill(s, what, seed);
        for (size_t k = 0; k < s->made_by->operands; k++)
            REQUIRE(ad_set(p->operands[i][k], s->values[k]) == AD_OK, "%s",
                    ad_tape_message(p->tape));
    }
}

/* SPDX-License-Identifier: MIT */
#include "tests/guarded.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

static const double tame_middle = 0.6, tame_width = 0.2;

enum { MOVES = 6, BETWEENS = 6, ALTERNATIVES = 3, STAGES = 14, ENDINGS = 4 };

#define SIZE_OF(array) (sizeof(array) / sizeof *(array))

/* ---- what is recorded ---- */

/* x, its elements in other places. */
static paired moved(const guard *g, const paired *x)
{
    const size_t size = x->rows * x->cols;
    size_t backwards[GUARDED_INPUTS];
    paired zero = paired_number(x->whole.tape, 0);
    for (size_t i = 0; i < size; i++) backwards[i] = size - 1 - i;
    switch (g->move) {
    case 1: return paired_transpose(x);
    case 2: return paired_reshape(x, 1, size);
    case 3: return paired_gather(x, backwards, x->rows, x->cols);
    case 4: return paired_twice(x);
    case 5: return paired_combine(x, &zero, ad_add);
    default: return *x;
    }
}

/* f(x) and some of its functions, which are as steep, or no numbers; where sizes matter f alone. */
static paired steep_value(const guard *g, const paired *x)
{
    paired y = paired_map(x, g->steep->of);
    paired weights = paired_constant(x->whole.tape, 1, x->cols, g->weights);
    if (g->selection->extent != EITHER) return y;
    switch (g->between) {
    case 1: return paired_map(&y, ad_sin);
    case 2: return paired_combine(&y, &weights, ad_mul);
    case 3: return paired_combine(x, &y, ad_mul);
    case 4: return paired_map(&y, ad_tanh);
    case 5: return paired_combine(&weights, &y, ad_sub);
    default: return y;
    }
}

static ad_var square_and_itself(ad_var x)
{
    return ad_add(ad_scale(ad_square(x), 0.25), x);
}

static const double matrix[PAIRED_MOST] = {
    0.5,  -0.3, 0.8, 0.1, 0.7, -0.6, 0.2, 0.9, -0.4, 0.3, 0.6, 0.4, 0.5, 0.2, -0.7, 0.1, 0.8, 0.3,
    -0.2, 0.4,  0.6, 0.9, 0.1, 0.7,  0.5, 0.3, -0.1, 0.2, 0.8, 0.4, 0.6, 0.3, -0.5, 0.7, 0.1, 0.9};
static const double mask[PAIRED_MOST] = {1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1};

static paired weighted(const guard *g, const paired *x)
{
    paired w = paired_constant(x->whole.tape, 1, x->cols, g->weights);
    paired y = paired_combine(x, &w, ad_mul), shift = paired_number(x->whole.tape, 0.3);
    return paired_combine(&y, &shift, ad_add);
}

/* Functions of what was selected, among them further selections. */
static paired stage(const guard *g, size_t which, const paired *x)
{
    ad_tape *tape = x->whole.tape;
    paired w = paired_constant(tape, 1, x->cols, g->weights), other, sum;
    switch (which) {
    case 0: return paired_map(x, ad_sin);
    case 1: return paired_map(x, square_and_itself);
    case 2: return paired_map(x, ad_softplus);
    case 3: return paired_larger(x, &w);
    case 4: return paired_smaller(&w, x);
    case 5:
        other = paired_map(x, ad_tanh), w = paired_constant(tape, x->rows, x->cols, mask);
        return paired_where(&w, &other, x);
    case 6: return paired_relu(x);
    case 7: return paired_transpose(x);
    case 8: other = paired_constant(tape, 2, x->rows, matrix); return paired_matmul(&other, x);
    case 9:
        other = paired_map(x, ad_atan), sum = paired_sum(&other, ALONG_ALL);
        return paired_combine(x, &sum, ad_mul);
    case 10: return paired_tril(x);
    case 11: return paired_largest(x, ALONG_ROWS);
    case 12: return paired_sum(x, ALONG_COLS);
    default: other = paired_combine(x, &w, ad_sub); return paired_abs(&other);
    }
}

static paired ending(const guard *g, const paired *x)
{
    paired all, column;
    switch (g->ending) {
    case 0: return paired_sum(x, ALONG_ALL);
    case 1: return paired_logsumexp(x);
    case 2: column = paired_reshape(x, x->rows * x->cols, 1); return paired_norm2(&column);
    default: all = paired_sum(x, ALONG_ALL); return paired_map(&all, ad_sin);
    }
}

static paired apply(const guard *g, const paired *inputs)
{
    paired x = moved(g, inputs), y = steep_value(g, &x);
    ck_assert(x.rows == g->rows && x.cols == g->cols);
    paired z = g->selection->of(g, &x, &y);
    z = weighted(g, &z);
    for (size_t i = 0; i < g->stage_count; i++) z = stage(g, g->stages[i], &z);
    return ending(g, &z);
}

/* The sum and the product of all. */
paired guarded_apply(const guarded *f, const paired *x)
{
    paired y = apply(&f->guards[0], x);
    if (f->guard_count == 1) return y;
    paired z = apply(&f->guards[1], x), product = paired_combine(&y, &z, ad_mul);
    y = paired_combine(&y, &z, ad_add);
    return paired_combine(&y, &product, ad_add);
}

/* ---- what is random ---- */

static void random_shape(const guarded *f, guard *g)
{
    g->rows = g->move == 1 ? f->cols : g->move == 2 ? 1 : f->rows;
    g->cols = g->move == 1 ? f->rows : g->move == 2 ? f->rows * f->cols : f->cols;
    if (g->move == 4) g->cols *= 2;
}

static void random_selected(guard *g, random_state *state)
{
    g->taken_rows = 1 + random_below(state, g->rows);
    g->taken_cols = 1 + random_below(state, g->cols);
    g->row = random_below(state, g->rows - g->taken_rows + 1);
    g->col = random_below(state, g->cols - g->taken_cols + 1);
    for (size_t i = 0; i < GUARDED_INPUTS; i++)
        g->indices[i] = random_below(state, g->rows * g->cols);
}

static void random_numbers_of(guard *g, random_state *state)
{
    const double *ends = g->steep->bounds;
    for (size_t i = 0; i < SIZE_OF(g->bounds); i++) {
        g->bounds[i] = ends[0] + (ends[1] - ends[0]) * 0.5 * (1 + random_uniform(state));
        g->weights[i] = random_uniform(state);
    }
    g->bounds_first = random_below(state, 2);
    g->bound_rows = random_below(state, 2) ? 1 : g->rows;
    g->bound_cols = random_below(state, 2) ? 1 : g->cols;
}

static guard random_guard(const guarded *f, const selection *s, const steep *of,
                          random_state *state)
{
    guard g = {.selection = s, .steep = of};
    g.move = random_below(state, MOVES);
    g.between = random_below(state, BETWEENS);
    g.alternative = random_below(state, ALTERNATIVES);
    g.stage_count = random_below(state, STAGES_AT_MOST + 1);
    for (size_t i = 0; i < STAGES_AT_MOST; i++) g.stages[i] = random_below(state, STAGES);
    g.ending = random_below(state, ENDINGS);
    random_shape(f, &g);
    random_selected(&g, state);
    random_numbers_of(&g, state);
    if (g.bound_rows * g.bound_cols > SIZE_OF(g.bounds)) g.bound_rows = 1;
    return g;
}

/* Where input i may be left out: wherever it is moved to, by every guard. */
static void find_left_out(guarded *f)
{
    const double zeros[GUARDED_INPUTS] = {0};
    ad_tape *tape = ad_tape_new();
    paired x = paired_input(tape, f->rows, f->cols, zeros);
    for (size_t i = 0; i < f->rows * f->cols; i++) f->may_be_left_out[i] = true;
    for (size_t k = 0; k < f->guard_count; k++) {
        const guard *g = &f->guards[k];
        paired y = moved(g, &x);
        for (size_t j = 0; j < g->rows * g->cols; j++)
            for (size_t i = 0; i < f->rows * f->cols; i++)
                if (y.at[j].from == 1u << i &&
                    !g->selection->leaves_out(g, j / g->cols, j % g->cols))
                    f->may_be_left_out[i] = false;
    }
    ad_tape_free(tape);
}

static bool any_left_out(const guarded *f)
{
    for (size_t i = 0; i < f->rows * f->cols; i++)
        if (f->may_be_left_out[i]) return true;
    return false;
}

static size_t steep_count(const selection *s)
{
    size_t count = 0;
    while (selection_steep(s, count)) count++;
    return count;
}

/* A guard with a steep function at the same point. */
static bool add_guard(guarded *f, random_state *state)
{
    const selection *s = selection_at(random_below(state, selection_count()));
    const steep *of = selection_steep(s, random_below(state, steep_count(s)));
    if (of->point != f->guards[0].steep->point) return false;
    guarded two = *f;
    two.guards[two.guard_count++] = random_guard(f, s, of, state);
    find_left_out(&two);
    if (!any_left_out(&two)) return false;
    *f = two;
    return true;
}

guarded guarded_random(const selection *chosen, const steep *of, bool two, random_state *state)
{
    guarded f = {.guard_count = 1};
    const size_t tries = 200;
    for (size_t i = 0; i < tries && (i == 0 || !any_left_out(&f)); i++) {
        size_t most = random_below(state, 4) ? 3 : 1;
        f.rows = 1 + random_below(state, most);
        f.cols = 1 + random_below(state, most);
        f.guards[0] = random_guard(&f, chosen, of, state);
        find_left_out(&f);
    }
    for (size_t i = 0; i < tries && f.guard_count < GUARDS_AT_ONCE && two; i++)
        add_guard(&f, state);
    return f;
}

size_t guarded_point(const guarded *f, random_state *state, double *point)
{
    size_t count = 0;
    for (size_t i = 0; i < f->rows * f->cols; i++) {
        bool left_out = f->may_be_left_out[i] && random_below(state, 3) > 0;
        point[i] = tame_middle + tame_width * random_uniform(state);
        if (left_out) point[i] = f->guards[0].steep->point;
        count += left_out;
    }
    return count;
}

const char *guarded_text(const guarded *f)
{
    static char text[256];
    int length = snprintf(text, sizeof text, "%zux%zu", f->rows, f->cols);
    for (size_t k = 0; k < f->guard_count; k++)
        length += snprintf(text + length, sizeof text - (size_t)length, ", %s of %s",
                           f->guards[k].selection->name, f->guards[k].steep->name);
    return text;
}

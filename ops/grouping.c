/* SPDX-License-Identifier: MIT */
/* Rows and columns, one after another. */
#include "ops/grouping.h"

void support_by_groups(const evaluation *e, size_t first, size_t end, bool *support)
{
    for (size_t i = 0; i < groups_of(e); i++) {
        const group g = group_of(e, i);
        bool all = true;
        for (size_t k = first; k < end && all; k++) {
            all = !e->in[k].support;
            for (size_t l = 0; l < g.count && !all; l++)
                all = e->in[k].support[g.first + l * g.step];
        }
        for (size_t l = 0; l < g.count; l++) support[g.first + l * g.step] = all;
    }
}

/* Copies count elements that have a step between them to others. */
static void copy(size_t count, const double *from, size_t from_step, double *to, size_t to_step)
{
    for (size_t i = 0; i < count; i++) to[i * to_step] = from[i * from_step];
}

/* Elements with a step between them are copied to scratch memory, and the result from there. */
bool values_by_groups(const evaluation *e, group_kernel *apply)
{
    enum { MOST_OPERANDS = 2 };
    const bool to_one = e->rows * e->cols != matrix_size(&e->in[0]);
    const size_t n = group_at(grouping_of(e->attributes), e->in[0].rows, e->in[0].cols, 0).count;
    double *const work = tape_scratch(e->tape, n, sizeof *work);
    double *const copies = tape_scratch(e->tape, n, (MOST_OPERANDS + 1) * sizeof *copies);
    if (!work || !copies) return false;
    double *const result = copies + MOST_OPERANDS * n;
    for (size_t i = 0; i < groups_of(e); i++) {
        const group g = group_of(e, i);
        const bool apart = g.step != 1;
        const double *in[MOST_OPERANDS];
        for (size_t k = 0; k < e->count; k++) {
            in[k] = apart ? copies + k * n : e->in[k].values + g.first;
            if (apart) copy(n, e->in[k].values + g.first, g.step, copies + k * n, 1);
        }
        apply(n, in, to_one ? &e->output[i] : apart ? result : e->output + g.first, work);
        if (!to_one && apart) copy(n, result, 1, e->output + g.first, g.step);
    }
    return true;
}

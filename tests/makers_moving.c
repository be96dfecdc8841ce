/* SPDX-License-Identifier: MIT */
/* Makers of the operations that move elements. */
#include "tests/specimens.h"
#include "tests/tape_checks.h"

/* ---- reshape, broadcast: parameters are the result's shape ---- */

static void shape_to_reshape(specimen *s, uint64_t *state)
{
    one_of_any_shape(s, state);
    size_t rows = s->shape[0].rows, cols = s->shape[0].cols, size = rows * cols;
    bool flat = s->number % 2;
    s->parameter[0] = flat ? size : cols;
    s->parameter[1] = flat ? 1 : rows;
}

static ad_var record_reshape(const specimen *s, const ad_var *x)
{
    return ad_reshape(x[0], s->parameter[0], s->parameter[1]);
}

static void shape_to_broadcast(specimen *s, uint64_t *state)
{
    s->shape[0] = any_shape(s->number, state);
    s->parameter[0] = s->shape[0].rows;
    s->parameter[1] = s->shape[0].cols;
    if (s->number / 9 % 2 == 0) s->shape[0].rows = 1;
    if (s->number % 2 == 0) s->shape[0].cols = 1;
}

static ad_var record_broadcast(const specimen *s, const ad_var *x)
{
    return ad_broadcast(x[0], s->parameter[0], s->parameter[1]);
}

/* ---- joined ---- */

/* Three rows, the same elements as a row, as a column, as a matrix. */
static void three_of_a_size(specimen *s, uint64_t *state)
{
    size_t m = random_index(state, 3), n = 1 + random_index(state, 3);
    set_shape(s, 0, 1, m * n);
    set_shape(s, 1, m * n, 1);
    set_shape(s, 2, m, n);
}

static ad_var record_stack(const specimen *s, const ad_var *x)
{
    return operation_stack(x[0].tape, x, 3, specimen_size(s, 0));
}

/* ---- block, and a block put into zeros: parameters are row, column, rows, columns ---- */

static void shape_to_block(specimen *s, uint64_t *state)
{
    one_of_any_shape(s, state);
    size_t rows = s->shape[0].rows, cols = s->shape[0].cols;
    s->parameter[0] = random_index(state, rows + 1);
    s->parameter[1] = random_index(state, cols + 1);
    s->parameter[2] = random_index(state, rows - s->parameter[0] + 1);
    s->parameter[3] = random_index(state, cols - s->parameter[1] + 1);
}

static ad_var record_block(const specimen *s, const ad_var *x)
{
    return ad_block(x[0], s->parameter[0], s->parameter[1], s->parameter[2], s->parameter[3]);
}

static void shape_to_put(specimen *s, uint64_t *state)
{
    one_of_any_shape(s, state);
    s->parameter[0] = random_index(state, 3);
    s->parameter[1] = random_index(state, 3);
    s->parameter[2] = s->parameter[0] + s->shape[0].rows + random_index(state, 2);
    s->parameter[3] = s->parameter[1] + s->shape[0].cols + random_index(state, 2);
}

static ad_var record_sparse_scatter(const specimen *s, const ad_var *x)
{
    const size_t cols = s->shape[0].cols, size = specimen_size(s, 0);
    size_t at[MOST_ELEMENTS];
    for (size_t i = 0; i < size; i++)
        at[i] = (s->parameter[0] + i / cols) * s->parameter[3] + s->parameter[1] + i % cols;
    return operation_put(x, 1, at, s->parameter[2], s->parameter[3], true);
}

/* ---- gather, scatter: the other side has parameter 0 x parameter 1 elements ---- */

static void shape_to_gather(specimen *s, uint64_t *state)
{
    s->shape[0] = any_shape(s->number, state);
    extent_of result = any_shape(s->number % 7 + 9, state);
    size_t size = specimen_size(s, 0);
    s->parameter[0] = size ? result.rows : 0;
    s->parameter[1] = result.cols;
    for (size_t i = 0; i < s->parameter[0] * s->parameter[1]; i++)
        s->indices[i] = random_index(state, size);
}

static void shape_to_scatter(specimen *s, uint64_t *state)
{
    s->shape[0] = any_shape(s->number, state);
    extent_of result = full_shape(s->number % 7 + 9, state);
    s->parameter[0] = result.rows;
    s->parameter[1] = result.cols;
    for (size_t i = 0; i < specimen_size(s, 0); i++)
        s->indices[i] = random_index(state, result.rows * result.cols);
}

static ad_var record_gather(const specimen *s, const ad_var *x)
{
    return ad_gather(x[0], s->indices, s->parameter[0], s->parameter[1]);
}

static ad_var record_scatter(const specimen *s, const ad_var *x)
{
    return ad_scatter(x[0], s->indices, s->parameter[0], s->parameter[1]);
}

/* ---- the table ---- */

/* clang-format off */
const maker moving_makers[] = {
    MAKER(detach, 1, one_of_any_shape, fill_off_zero)
    OWN_MAKER(reshape, 1, shape_to_reshape, fill_off_zero)
    OWN_MAKER(broadcast, 1, shape_to_broadcast, fill_off_zero)
    OWN_MAKER(stack, 3, three_of_a_size, fill_off_zero)
    OWN_MAKER(block, 1, shape_to_block, fill_off_zero)
    OWN_MAKER(sparse_scatter, 1, shape_to_put, fill_off_zero)
    OWN_MAKER(gather, 1, shape_to_gather, fill_off_zero)
    OWN_MAKER(scatter, 1, shape_to_scatter, fill_off_zero)
    {0},
};
/* clang-format on */

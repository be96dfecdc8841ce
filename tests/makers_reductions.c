/* SPDX-License-Identifier: MIT */
/* Makers of sums, products, extremes and norms, and of what their derivatives need. */
#include "tests/specimens.h"
#include "tests/tape_checks.h"

static void one_vector(specimen *s, uint64_t *state)
{
    s->shape[0] = vector_shape(s->number, state);
}

static void one_vector_not_empty(specimen *s, uint64_t *state)
{
    s->shape[0] = vector_shape(s->number + 2, state);
    if (specimen_size(s, 0) == 0) set_shape(s, 0, 3, 1);
}

/* ---- squares of lengths ---- */

static void two_and_a_length(specimen *s, uint64_t *state)
{
    two_alike(s, state);
    s->parameter[0] = s->number % 3;
}

static ad_var record_squared_length(const specimen *s, const ad_var *x)
{
    switch (s->parameter[0]) {
    case 0: return ad_square(ad_norm_fro(ad_mul(x[0], x[1])));
    case 1: return ad_square(ad_abs(ad_mul(x[0], x[1])));
    default: return ad_square(ad_hypot(x[0], x[1]));
    }
}

/* ---- of two ---- */

static void two_with_square_product(specimen *s, uint64_t *state)
{
    extent_of shape = any_shape(s->number, state);
    set_shape(s, 0, shape.rows, shape.cols);
    set_shape(s, 1, shape.cols, shape.rows);
}

static void number_and_order(specimen *s, uint64_t *state)
{
    set_shape(s, 0, 1, 1);
    s->parameter[0] = order_of_square(s->number, state);
}

static ad_var record_scaled_identity(const specimen *s, const ad_var *x)
{
    return operation_scaled_identity(x[0], s->parameter[0]);
}

/* ---- ties: a matrix, and extremes of all, of its rows, of its columns ---- */

static void extremes_and_matrix(specimen *s, uint64_t *state)
{
    extent_of shape = full_shape(s->number, state);
    size_t by = s->number % 3;
    set_shape(s, 0, by == 1 ? shape.rows : 1, by == 2 ? shape.cols : 1);
    s->shape[1] = shape;
    s->shape[2] = s->shape[0];
}

static void matrix_and_extremes(specimen *s, uint64_t *state)
{
    extremes_and_matrix(s, state);
    s->shape[0] = s->shape[1];
}

static void fill_with_few_values(specimen *s, size_t k, uint64_t *state)
{
    for (size_t i = 0; i < specimen_size(s, k); i++)
        s->values[k][i] = k == 0 ? next_random(state) : (double)random_index(state, 3);
}

/* ---- derivatives of unit vectors and of softmax ---- */

static ad_var record_softmax_derivative(const specimen *s, const ad_var *x)
{
    ad_var (*const softmax[])(ad_var) = {ad_softmax, ad_softmax_rows, ad_softmax_cols};
    return ad_vjp(softmax[s->parameter[0]](x[0]), x[0], x[1]);
}

/* ---- derivatives of products ---- */

static ad_var product_by(size_t parameter, ad_var x)
{
    return parameter == 0 ? ad_prod(x) : parameter == 1 ? ad_prod_rows(x) : ad_prod_cols(x);
}

/* The second operand of the product that the gradient is. */
static ad_var exclusive_products(size_t parameter, ad_var x)
{
    ad_var y = product_by(parameter, x);
    ad_var ones = tape_filled(x.tape, ad_rows(y), ad_cols(y), 1), gradient = ad_vjp(y, x, ones);
    return ad_ok(gradient) ? tape_operand(gradient, 1) : gradient;
}

static void one_and_grouping(specimen *s, uint64_t *state)
{
    one_of_any_shape(s, state);
    s->parameter[0] = random_index(state, 3);
}

static ad_var record_exclusive_products(const specimen *s, const ad_var *x)
{
    return exclusive_products(s->parameter[0], x[0]);
}

static void two_and_grouping(specimen *s, uint64_t *state)
{
    two_alike(s, state);
    s->parameter[0] = random_index(state, 3);
}

static ad_var record_product_derivative(const specimen *s, const ad_var *x)
{
    return ad_vjp(exclusive_products(s->parameter[0], x[0]), x[0], x[1]);
}

/* ---- derivatives of cumulative products: p o (u + ..) ---- */

static ad_var record_preceding_products(const specimen *s, const ad_var *x)
{
    ad_var (*const cumprod[])(ad_var) = {ad_cumprod, ad_cumprod_rows, ad_cumprod_cols};
    ad_var ones = tape_filled(x[0].tape, s->shape[0].rows, s->shape[0].cols, 1);
    ad_var gradient = ad_vjp(cumprod[s->parameter[0]](x[0]), x[0], ones);
    return ad_ok(gradient) ? tape_operand(gradient, 0) : gradient;
}

static ad_var record_recurrence(const specimen *s, const ad_var *x)
{
    return operation_recurrence(x[0], x[1], (int)s->parameter[0], s->number % 2);
}

/* ---- the table ---- */

/* clang-format off */
const maker reduction_makers[] = {
    MAKER(trace_product, 2, two_with_square_product, fill_off_zero)
    OWN_MAKER(scaled_identity, 1, number_and_order, fill_off_zero)
    OWN_MAKER(softmax_derivative, 2, two_and_grouping, fill_off_zero)
    OWN_MAKER(preceding_products, 1, one_and_grouping, fill_off_zero)
    OWN_MAKER(recurrence, 2, two_and_grouping, fill_off_zero)
    OWN_MAKER(exclusive_products, 1, one_and_grouping, fill_off_zero)
    OWN_MAKER(product_derivative, 2, two_and_grouping, fill_off_zero)
    {.name = "tie_share", .operands = 3, .shapes = extremes_and_matrix,
     .fill = fill_with_few_values, .fixed = {false, true, true}},
    {.name = "tie_mean", .operands = 3, .shapes = matrix_and_extremes,
     .fill = fill_with_few_values, .fixed = {false, true, true}},
    MAKER(norm1, 1, one_vector, fill_off_zero)
    MAKER(norm2, 1, one_vector, fill_off_zero)
    OWN_MAKER(squared_length, 2, two_and_a_length, fill_off_zero)
    MAKER(unit, 1, one_vector_not_empty, fill_off_zero)
    MAKER(unit_derivative, 2, two_alike, fill_off_zero)
    {0},
};
/* clang-format on */

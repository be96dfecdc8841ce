/* SPDX-License-Identifier: MIT */
/* Makers of the elementwise operations: operands where values and derivatives are of moderate
 * size, away from poles, kinks and ties. */
#include "tests/specimens.h"
#include "tests/tape_checks.h"

/* ---- values of two operands ---- */

static void fill_for_pow(specimen *s, size_t k, uint64_t *state)
{
    for (size_t i = 0; i < specimen_size(s, k); i++)
        s->values[k][i] = k == 0 ? random_between(state, 0.3, 2) : random_between(state, -3, 3);
}

static void fill_for_xlogy(specimen *s, size_t k, uint64_t *state)
{
    if (k == 0) fill_off_zero(s, k, state);
    for (size_t i = 0; k == 1 && i < specimen_size(s, k); i++)
        s->values[k][i] = random_between(state, 0.3, 2);
}

/* The quotient is halves away from integers. */
static void fill_for_mod(specimen *s, size_t k, uint64_t *state)
{
    for (size_t i = 0; i < specimen_size(s, k); i++)
        s->values[k][i] =
            k == 0 ? random_between(state, 1.2, 1.8) : (next_random(state) < 0 ? -1 : 1);
}

static void fill_with_zeros_and_ones(specimen *s, size_t k, uint64_t *state)
{
    for (size_t i = 0; i < specimen_size(s, k); i++) s->values[k][i] = next_random(state) < 0;
}

/* ---- which serve derivatives only ---- */

#define DERIVATIVES_OF_ONE(OPERATION)                                                              \
    OPERATION(sqrt_1mx2, -0.8, 0.8)                                                                \
    OPERATION(sqrt_x2m1, 1.3, 4)                                                                   \
    OPERATION(sqrt_x2m1_x, 1.3, 4)                                                                 \
    OPERATION(one_minus_square, -0.7, 0.7)                                                         \
    OPERATION(sech, -2, 2)                                                                         \
    OPERATION(exp_neg_square, -2, 2)

#define DERIVATIVES_OF_TWO(OPERATION)                                                              \
    OPERATION(div_y, fill_off_zero)                                                                \
    OPERATION(xlogy_y, fill_off_zero)                                                              \
    OPERATION(direction_x, fill_off_zero)                                                          \
    OPERATION(direction_y, fill_off_zero)                                                          \
    OPERATION(direction_xx, fill_off_zero)                                                         \
    OPERATION(direction_xy, fill_off_zero)                                                         \
    OPERATION(re_inverse, fill_off_zero)                                                           \
    OPERATION(re_inverse_x, fill_off_zero)                                                         \
    OPERATION(re_inverse_y, fill_off_zero)                                                         \
    OPERATION(power_x, fill_for_pow)                                                               \
    OPERATION(power_y, fill_for_pow)                                                               \
    OPERATION(power_xx, fill_for_pow)                                                              \
    OPERATION(power_xy, fill_for_pow)                                                              \
    OPERATION(power_yy, fill_for_pow)

#define RECORD_ONE(name, low, high) RECORD(name, operation_##name(x[0]))
#define RECORD_TWO(name, fill) RECORD(name, operation_##name(x[0], x[1]))

DERIVATIVES_OF_ONE(RECORD_ONE)
DERIVATIVES_OF_TWO(RECORD_TWO)

/* ---- with an integer ---- */

static void shape_with_integer(specimen *s, uint64_t *state)
{
    one_of_any_shape(s, state);
    s->parameter[0] = (s->number + 3) % 8;
}

/* x^-3 .. x^4 */
static ad_var record_powi(const specimen *s, const ad_var *x)
{
    return ad_powi(x[0], (int)s->parameter[0] - 3);
}

static ad_var record_polygamma(const specimen *s, const ad_var *x)
{
    return ad_polygamma(x[0], (int)s->parameter[0] % 4);
}

static ad_var record_sinc_derivative(const specimen *s, const ad_var *x)
{
    return operation_sinc_derivative(x[0], tape_number(x[0].tape, (double)(s->parameter[0] % 5)));
}

static void fill_for_polygamma(specimen *s, size_t k, uint64_t *state)
{
    for (size_t i = 0; i < specimen_size(s, k); i++)
        s->values[k][i] = random_between(state, 0.8, 4);
}

/* ---- choice ---- */

static void shapes_of_where(specimen *s, uint64_t *state)
{
    two_that_broadcast(s, state);
    extent_of x = s->shape[0], y = s->shape[1];
    s->shape[2] = y;
    s->shape[1] = x;
    switch (s->number % 3) { /* the condition is as x, as y, or 1x1 */
    case 0: s->shape[0] = x; break;
    case 1: s->shape[0] = y; break;
    default: s->shape[0] = (extent_of){1, 1};
    }
}

static void fill_for_where(specimen *s, size_t k, uint64_t *state)
{
    if (k == 0) fill_with_zeros_and_ones(s, k, state);
    else fill_off_zero(s, k, state);
}

/* The share of x in the adjoint u of where(c, x, y): u, a condition of any shape that repeats. */
RECORD(select, operation_select(x[0], x[1]))

static void fill_for_select(specimen *s, size_t k, uint64_t *state)
{
    fill_for_where(s, 1 - k, state);
}

/* ---- x, structurally zero where y is; here it is not ---- */

static void number_and_matrix(specimen *s, uint64_t *state)
{
    set_shape(s, 0, 1, 1);
    s->shape[1] = any_shape(s->number, state);
}

/* ---- the table ---- */

#define IN_INTERVAL(name_, low_, high_)                                                            \
    {.name = #name_, .operands = 1, .shapes = one_of_any_shape, .low = low_, .high = high_},
#define OF_TWO(name, fill) MAKER(name, 2, two_that_broadcast, fill)
#define DERIVATIVE_OF_ONE(name_, low_, high_)                                                      \
    {.name = #name_,                                                                               \
     .operands = 1,                                                                                \
     .shapes = one_of_any_shape,                                                                   \
     .low = low_,                                                                                  \
     .high = high_,                                                                                \
     .record = record_##name_},
#define DERIVATIVE_OF_TWO(name, fill) OWN_MAKER(name, 2, two_that_broadcast, fill)

/* clang-format off */
const maker elementwise_makers[] = {
    IN_INTERVAL(neg, -2, 2)
    IN_INTERVAL(square, -2, 2)
    IN_INTERVAL(sqrt, 0.3, 3)
    IN_INTERVAL(exp, -2, 2)
    IN_INTERVAL(expm1, -2, 2)
    IN_INTERVAL(log, 0.3, 3)
    IN_INTERVAL(log1p, -0.6, 3)
    IN_INTERVAL(sin, -3, 3)
    IN_INTERVAL(cos, -3, 3)
    IN_INTERVAL(tan, -1, 1)
    IN_INTERVAL(asin, -0.8, 0.8)
    IN_INTERVAL(acos, -0.8, 0.8)
    IN_INTERVAL(atan, -3, 3)
    IN_INTERVAL(sinh, -2, 2)
    IN_INTERVAL(cosh, -2, 2)
    IN_INTERVAL(tanh, -2, 2)
    IN_INTERVAL(sigmoid, -4, 4)
    IN_INTERVAL(softplus, -4, 4)
    IN_INTERVAL(exp2, -2, 2)
    IN_INTERVAL(log2, 0.3, 3)
    IN_INTERVAL(log10, 0.3, 3)
    IN_INTERVAL(asinh, -3, 3)
    IN_INTERVAL(acosh, 1.3, 4)
    IN_INTERVAL(atanh, -0.7, 0.7)
    IN_INTERVAL(sinc, -6, 6)
    IN_INTERVAL(erfc, -2, 2)
    IN_INTERVAL(erf, -2, 2)
    IN_INTERVAL(lgamma, 0.3, 4)
    IN_INTERVAL(gamma, 0.3, 4)
    IN_INTERVAL(digamma, 0.3, 4)
    IN_INTERVAL(floor, -3, 3)
    IN_INTERVAL(ceil, -3, 3)
    IN_INTERVAL(round, -3, 3)
    /* a kink at 0 */
    MAKER(abs, 1, one_of_any_shape, fill_off_zero)
    MAKER(relu, 1, one_of_any_shape, fill_off_zero)
    MAKER(sign, 1, one_of_any_shape, fill_off_zero)
    OF_TWO(add, fill_off_zero)
    OF_TWO(sub, fill_off_zero)
    OF_TWO(mul, fill_off_zero)
    OF_TWO(div, fill_off_zero)
    OF_TWO(pow, fill_for_pow)
    OF_TWO(atan2, fill_off_zero)
    OF_TWO(hypot, fill_off_zero)
    OF_TWO(direction, fill_off_zero)
    OF_TWO(xlogy, fill_for_xlogy)
    OF_TWO(mod, fill_for_mod)
    OF_TWO(min, fill_distinct)
    OF_TWO(max, fill_distinct)
    OF_TWO(compare, fill_distinct)
    OF_TWO(less, fill_distinct)
    OF_TWO(equal, fill_with_zeros_and_ones)
    DERIVATIVES_OF_ONE(DERIVATIVE_OF_ONE)
    DERIVATIVES_OF_TWO(DERIVATIVE_OF_TWO)
    {.name = "powi", .operands = 1, .shapes = shape_with_integer, .fill = fill_off_zero,
     .record = record_powi},
    {.name = "polygamma", .operands = 1, .shapes = shape_with_integer,
     .fill = fill_for_polygamma, .record = record_polygamma},
    {.name = "sinc_derivative", .operands = 1, .shapes = shape_with_integer, .low = -6, .high = 6,
     .record = record_sinc_derivative},
    {.name = "where", .operands = 3, .shapes = shapes_of_where, .fill = fill_for_where,
     .fixed = {true}},
    {.name = "unless_zero", .operands = 2, .shapes = number_and_matrix, .fill = fill_off_zero, .fixed = {true}},
    {.name = "select", .operands = 2, .shapes = two_that_broadcast, .fill = fill_for_select,
     .record = record_select, .fixed = {false, true}},
    {.name = "as_numbers", .operands = 1, .shapes = one_of_any_shape, .fill = fill_off_zero},
    {0},
};
/* clang-format on */

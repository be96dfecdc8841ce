/* Makers of the elementwise operations: operands where values and derivatives are of moderate
 * size, away from poles, kinks and ties. */
#include "tests/specimens.h"
#include "tests/tape_checks.h"

/* ---- of one operand: name and interval ---- */

#define UNARY_OPERATIONS(OPERATION)                                                                \
    OPERATION(neg, -2, 2)                                                                          \
    OPERATION(square, -2, 2)                                                                       \
    OPERATION(sqrt, 0.3, 3)                                                                        \
    OPERATION(exp, -2, 2)                                                                          \
    OPERATION(expm1, -2, 2)                                                                        \
    OPERATION(log, 0.3, 3)                                                                         \
    OPERATION(log1p, -0.6, 3)                                                                      \
    OPERATION(sin, -3, 3)                                                                          \
    OPERATION(cos, -3, 3)                                                                          \
    OPERATION(tan, -1, 1)                                                                          \
    OPERATION(asin, -0.8, 0.8)                                                                     \
    OPERATION(acos, -0.8, 0.8)                                                                     \
    OPERATION(atan, -3, 3)                                                                         \
    OPERATION(sinh, -2, 2)                                                                         \
    OPERATION(cosh, -2, 2)                                                                         \
    OPERATION(tanh, -2, 2)                                                                         \
    OPERATION(sigmoid, -4, 4)                                                                      \
    OPERATION(softplus, -4, 4)                                                                     \
    OPERATION(exp2, -2, 2)                                                                         \
    OPERATION(log2, 0.3, 3)                                                                        \
    OPERATION(log10, 0.3, 3)                                                                       \
    OPERATION(asinh, -3, 3)                                                                        \
    OPERATION(acosh, 1.3, 4)                                                                       \
    OPERATION(atanh, -0.7, 0.7)                                                                    \
    OPERATION(sinc, -6, 6)                                                                         \
    OPERATION(erfc, -2, 2)                                                                         \
    OPERATION(erf, -2, 2)                                                                          \
    OPERATION(lgamma, 0.3, 4)                                                                      \
    OPERATION(gamma, 0.3, 4)                                                                       \
    OPERATION(digamma, 0.3, 4)                                                                     \
    OPERATION(floor, -3, 3)                                                                        \
    OPERATION(ceil, -3, 3)                                                                         \
    OPERATION(round, -3, 3)

/* Those with a kink at 0. */
#define UNARY_OPERATIONS_WITH_KINK(OPERATION)                                                      \
    OPERATION(abs)                                                                                 \
    OPERATION(relu)                                                                                \
    OPERATION(sign)

#define RECORD_ONE(name, low, high)                                                                \
    static ad_var record_##name(const specimen *s, const ad_var *x)                                \
    {                                                                                              \
        (void)s;                                                                                   \
        return ad_##name(x[0]);                                                                    \
    }

#define RECORD_WITH_KINK(name) RECORD_ONE(name, , )

UNARY_OPERATIONS(RECORD_ONE)
UNARY_OPERATIONS_WITH_KINK(RECORD_WITH_KINK)

/* ---- of two operands, with the values they may have ---- */

#define BINARY_OPERATIONS(OPERATION)                                                               \
    OPERATION(add, fill_off_zero)                                                                  \
    OPERATION(sub, fill_off_zero)                                                                  \
    OPERATION(mul, fill_off_zero)                                                                  \
    OPERATION(div, fill_off_zero)                                                                  \
    OPERATION(pow, fill_for_pow)                                                                   \
    OPERATION(atan2, fill_off_zero)                                                                \
    OPERATION(hypot, fill_off_zero)                                                                \
    OPERATION(direction, fill_off_zero)                                                            \
    OPERATION(xlogy, fill_for_xlogy)                                                               \
    OPERATION(mod, fill_for_mod)                                                                   \
    OPERATION(min, fill_distinct)                                                                  \
    OPERATION(max, fill_distinct)                                                                  \
    OPERATION(compare, fill_distinct)                                                              \
    OPERATION(less, fill_distinct)                                                                 \
    OPERATION(equal, fill_with_zeros_and_ones)

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

#define RECORD_TWO(name, fill)                                                                     \
    static ad_var record_##name(const specimen *s, const ad_var *x)                                \
    {                                                                                              \
        (void)s;                                                                                   \
        return ad_##name(x[0], x[1]);                                                              \
    }

BINARY_OPERATIONS(RECORD_TWO)

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

#define RECORD_DERIVATIVE_OF_ONE(name, low, high)                                                  \
    static ad_var record_##name(const specimen *s, const ad_var *x)                                \
    {                                                                                              \
        (void)s;                                                                                   \
        return operation_##name(x[0]);                                                             \
    }

#define RECORD_DERIVATIVE_OF_TWO(name, fill)                                                       \
    static ad_var record_##name(const specimen *s, const ad_var *x)                                \
    {                                                                                              \
        (void)s;                                                                                   \
        return operation_##name(x[0], x[1]);                                                       \
    }

DERIVATIVES_OF_ONE(RECORD_DERIVATIVE_OF_ONE)
DERIVATIVES_OF_TWO(RECORD_DERIVATIVE_OF_TWO)

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

static ad_var record_where(const specimen *s, const ad_var *x)
{
    (void)s;
    return ad_where(x[0], x[1], x[2]);
}

/* The share of x in the adjoint u of where(c, x, y): u, a condition of any shape that repeats. */
static ad_var record_select(const specimen *s, const ad_var *x)
{
    (void)s;
    return operation_select(x[0], x[1]);
}

static void fill_for_select(specimen *s, size_t k, uint64_t *state)
{
    fill_for_where(s, 1 - k, state);
}

/* ---- structural zeros as numbers: of x where it is not 0 ---- */

static ad_var record_as_numbers(const specimen *s, const ad_var *x)
{
    (void)s;
    return operation_as_numbers(operation_select(x[0], ad_sign(x[0])));
}

/* ---- x, structurally zero where y is; here it is not ---- */

static void number_and_matrix(specimen *s, uint64_t *state)
{
    set_shape(s, 0, 1, 1);
    s->shape[1] = any_shape(s->number, state);
}

static ad_var record_unless_zero(const specimen *s, const ad_var *x)
{
    (void)s;
    return operation_unless_zero(x[0], x[1]);
}

/* ---- the table ---- */

#define MAKER_IN_INTERVAL(name_, low_, high_)                                                      \
    {.name = #name_,                                                                               \
     .operands = 1,                                                                                \
     .shapes = one_of_any_shape,                                                                   \
     .low = low_,                                                                                  \
     .high = high_,                                                                                \
     .record = record_##name_},
#define MAKER_OFF_ZERO(name_)                                                                      \
    {.name = #name_,                                                                               \
     .operands = 1,                                                                                \
     .shapes = one_of_any_shape,                                                                   \
     .fill = fill_off_zero,                                                                        \
     .record = record_##name_},
#define MAKER_OF_TWO(name_, fill_)                                                                 \
    {.name = #name_,                                                                               \
     .operands = 2,                                                                                \
     .shapes = two_that_broadcast,                                                                 \
     .fill = fill_,                                                                                \
     .record = record_##name_},

/* clang-format off */
const maker elementwise_makers[] = {
    UNARY_OPERATIONS(MAKER_IN_INTERVAL)
    UNARY_OPERATIONS_WITH_KINK(MAKER_OFF_ZERO)
    BINARY_OPERATIONS(MAKER_OF_TWO)
    DERIVATIVES_OF_ONE(MAKER_IN_INTERVAL)
    DERIVATIVES_OF_TWO(MAKER_OF_TWO)
    {.name = "powi", .operands = 1, .shapes = shape_with_integer, .fill = fill_off_zero,
     .record = record_powi},
    {.name = "polygamma", .operands = 1, .shapes = shape_with_integer,
     .fill = fill_for_polygamma, .record = record_polygamma},
    {.name = "sinc_derivative", .operands = 1, .shapes = shape_with_integer, .low = -6, .high = 6,
     .record = record_sinc_derivative},
    {.name = "where", .operands = 3, .shapes = shapes_of_where, .fill = fill_for_where,
     .record = record_where, .fixed = {true}},
    {.name = "unless_zero", .operands = 2, .shapes = number_and_matrix, .fill = fill_off_zero,
     .record = record_unless_zero, .fixed = {true}},
    {.name = "select", .operands = 2, .shapes = two_that_broadcast, .fill = fill_for_select,
     .record = record_select, .fixed = {false, true}},
    {.name = "as_numbers", .operands = 1, .shapes = one_of_any_shape, .fill = fill_off_zero,
     .record = record_as_numbers},
    {0},
};
/* clang-format on */

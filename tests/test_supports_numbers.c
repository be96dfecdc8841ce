/* SPDX-License-Identifier: MIT */
/* Zeros that are numbers, beside those that are the absence of a derivative.
 *
 * 0 times an infinite slope is NaN wherever the 0 was computed or given: in an adjoint, in a seed,
 * in what a custom operation is handed or hands back.
 */
#include "tests/custom_operations.h"
#include "tests/support_examples.h"

#include <math.h>

#include "tests/fixture.h"

#define EXPECT(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 1e-14)

/* ---- zero adjoints ---- */

/* Elementwise functions whose root gets a share that is the number 0 at x = 0; `zero` is one. */
#define OF_ROOT(name, ...)                                                                         \
    static ad_var name(ad_var x, ad_var zero)                                                      \
    {                                                                                              \
        const ad_var root = ad_sqrt(x);                                                            \
        (void)zero;                                                                                \
        return __VA_ARGS__;                                                                        \
    }

OF_ROOT(root_squared, ad_square(root))
OF_ROOT(root_by_itself, ad_mul(root, root))
OF_ROOT(two_roots, ad_mul(root, ad_sqrt(x)))
OF_ROOT(root_to_2, ad_powi(root, 2))
OF_ROOT(root_to_3, ad_pow(root, number_beside(x, 3)))
OF_ROOT(zero_from_left, ad_mul(zero, root))
OF_ROOT(zero_from_right, ad_mul(root, zero))
OF_ROOT(later_zero, ad_mul(root, number_beside(x, 0)))
OF_ROOT(later_zero_from_left, ad_mul(number_beside(x, 0), root))
OF_ROOT(negative_zero, ad_mul(root, number_beside(x, -0.0)))
OF_ROOT(negated_zero, ad_mul(ad_neg(zero), root))
OF_ROOT(scaled, ad_scale(root, 0))
OF_ROOT(scaled_by_negative_zero, ad_scale(root, -0.0))
OF_ROOT(rest_of_one, ad_mul(zero, ad_sub(number_beside(x, 1), root)))
OF_ROOT(rest_of_one_from_left, ad_mul(ad_sub(number_beside(x, 1), root), number_beside(x, 0)))
OF_ROOT(difference, ad_sub(root, root))
OF_ROOT(divided_by_infinity, ad_div(root, number_beside(x, INFINITY)))
OF_ROOT(saturated, ad_tanh(ad_shift(root, 1000)))
OF_ROOT(chosen_zero, ad_mul(ad_where(zero, number_beside(x, 2), zero), root))
OF_ROOT(zero_of_a_choice, ad_mul(zero, ad_where(number_beside(x, 1), root, x)))
OF_ROOT(zero_of_a_maximum, ad_mul(ad_max(root, number_beside(x, -1)), zero))
OF_ROOT(zero_of_a_relu, ad_scale(ad_relu(ad_shift(root, 1)), 0))
OF_ROOT(zero_of_an_abs, ad_scale(ad_abs(ad_shift(root, -3)), 0))

/* clang-format off */
static ad_var (*const of_roots[])(ad_var x, ad_var zero) = {
    root_squared, root_by_itself, two_roots, root_to_2, root_to_3, zero_from_left, zero_from_right,
    later_zero, later_zero_from_left, negative_zero, negated_zero, scaled, scaled_by_negative_zero,
    rest_of_one, rest_of_one_from_left, difference, divided_by_infinity, saturated, chosen_zero,
    zero_of_a_choice, zero_of_a_maximum, zero_of_a_relu, zero_of_an_abs};
/* clang-format on */

enum { OF_ROOTS = sizeof of_roots / sizeof *of_roots };

/* NaN at the zero elements of x, finite elsewhere. */
static void check_nans(const char *what, size_t k, const double *point, const double *values,
                       size_t size)
{
    for (size_t i = 0; i < size; i++)
        ck_assert_msg(point[i] == 0 ? isnan(values[i]) : isfinite(values[i]),
                      "function %zu, %s: element %zu is %g", k, what, i, values[i]);
}

static void check_zero_numbers(size_t k, size_t rows, size_t cols, const double *elsewhere,
                               const double *point, ad_var zero)
{
    const size_t size = rows * cols;
    ad_var x = ad_input(tape, rows, cols, elsewhere), y = ad_sum(of_roots[k](x, zero));
    ad_var g = ad_grad(y, x), z = ad_input(tape, rows, cols, point);
    ad_set(x, point);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_nans("replayed", k, point, ad_values(g), size);
    ad_backward(y);
    check_nans("sweep of a replayed one", k, point, ad_adjoint(x), size);
    y = ad_sum(of_roots[k](z, zero));
    check_nans("gradient", k, point, ad_values(ad_grad(y, z)), size);
    ad_backward(y);
    check_nans("sweep", k, point, ad_adjoint(z), size);
}

START_TEST(zeros_that_are_numbers_meet_infinite_slopes)
{
    ad_var zeros[] = {ad_constant(tape, 1, 1, (const double[]){0}), ad_scalar(tape, 0)};
    for (size_t i = 0; i < 2; i++) {
        check_zero_numbers((size_t)_i, 1, 1, (const double[]){4}, (const double[]){0}, zeros[i]);
        check_zero_numbers((size_t)_i, 2, 1, (const double[]){4, 1}, (const double[]){0, 9},
                           zeros[i]);
        check_zero_numbers((size_t)_i, 2, 2, (const double[]){4, 1, 9, 2},
                           (const double[]){1, 0, 0, 16}, zeros[i]);
    }
}
END_TEST

/* A factor that becomes 0 by a replay is a number too. */
START_TEST(zeros_that_are_set_are_numbers)
{
    ad_var x = INPUT(2, 1, 0, 4), c = ad_constant(tape, 2, 1, (const double[]){2, 3});
    ad_var y = ad_dot(c, ad_sqrt(x)), z = ad_sum(ad_mul(ad_sqrt(x), c));
    ad_var g = ad_grad(y, x), h = ad_grad(z, x);
    EXPECT(g, 2, 1, INFINITY, 0.75);
    ad_set(c, (const double[]){0, -0.0});
    ad_replay(tape);
    EXPECT(g, 2, 1, NAN, 0);
    EXPECT(h, 2, 1, NAN, 0);
    check_gradient(y, x, (const double[]){NAN, 0}, 0);
    check_gradient(z, x, (const double[]){NAN, 0}, 0);
}
END_TEST

START_TEST(zeros_of_matrix_products_are_numbers)
{
    ad_var X = INPUT(2, 2, 0, 4, 1, 0), row = CONSTANT(X, 1, 2, 0, 1);
    check_gradient(ad_sum(ad_matmul(row, ad_sqrt(X))), X, (const double[]){NAN, 0, 0.5, INFINITY},
                   1e-15);
    ad_var v = INPUT(3, 1, 0, 4, 9), zero = ad_constant(tape, 1, 1, (const double[]){0});
    check_gradient(ad_prod(ad_vcat(zero, ad_sqrt(v))), v, (const double[]){NAN, 0, 0}, 1e-15);
    check_gradient(ad_scale(ad_logsumexp(ad_sqrt(v)), 0), v, (const double[]){NAN, 0, 0}, 1e-15);
    check_gradient(ad_scale(ad_det(ad_sqrt(X)), 0), X, (const double[]){NAN, 0, 0, NAN}, 1e-15);
}
END_TEST

/* Of what a choice takes the zeros are numbers, of what it does not take they are none. */
START_TEST(both_kinds_of_zeros_side_by_side)
{
    ad_var A = INPUT(2, 2, 0, 0, 1, 9);
    check_gradient(ad_scale(ad_sum(ad_tril(ad_sqrt(A))), 0), A, (const double[]){NAN, 0, 0, 0}, 0);
    ad_var x = INPUT(3, 1, 0, 0, 4), c = CONSTANT(x, 3, 1, 1, 0, 1);
    ad_var y = ad_sum(ad_mul(ad_where(c, ad_sqrt(x), x), CONSTANT(x, 3, 1, 0, 5, 1)));
    check_gradient(y, x, (const double[]){NAN, 5, 0.25}, 1e-15);
    ad_var few = ad_gather(ad_sqrt(x), (const size_t[]){0, 2}, 2, 1);
    check_gradient(ad_scale(ad_sum(few), -0.0), x, (const double[]){NAN, 0, 0}, 0);
    ad_var X = INPUT(2, 2, 4, 0, 9, 0), sums = ad_sum_rows(ad_sqrt(X));
    y = ad_sum(ad_mul(ad_where(CONSTANT(x, 2, 1, 1, 0), sums, CONSTANT(x, 1, 1, 2)),
                      CONSTANT(x, 2, 1, 0, 1)));
    check_gradient(y, X, (const double[]){0, NAN, 0, 0}, 0);
}
END_TEST

START_TEST(steps_pass_nothing)
{
    ad_var x = INPUT(2, 1, 0, 4), s = ad_sqrt(x), two = CONSTANT(x, 1, 1, 2);
    const ad_var steps[] = {ad_sign(s),      ad_floor(s),      ad_ceil(s),        ad_round(s),
                            ad_less(s, two), ad_equal(two, s), ad_compare(s, two)};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        check_gradient(ad_sum(steps[i]), x, (const double[]){0, 0}, 0);
        check_gradient(ad_sum(ad_mul(ad_add(steps[i], number_beside(x, 1)), x)), x,
                       (const double[]){ad_values(steps[i])[0] + 1, ad_values(steps[i])[1] + 1}, 0);
    }
}
END_TEST

/* ---- custom operations ---- */

/* The root of x, or x itself, by a rule of the user's; `seen` copies the adjoint it is handed. */
typedef struct seen {
    size_t calls;
    double adjoint[4];
} seen;

static ad_status same_shape(const ad_matrix *x, size_t count, size_t *rows, size_t *cols,
                            void *context)
{
    (void)count, (void)context;
    *rows = x[0].rows;
    *cols = x[0].cols;
    return AD_OK;
}

static ad_status root_value(const ad_matrix *x, size_t count, double *y, void *context)
{
    (void)count, (void)context;
    for (size_t i = 0; i < x[0].rows * x[0].cols; i++) y[i] = sqrt(x[0].values[i]);
    return AD_OK;
}

static ad_status same_value(const ad_matrix *x, size_t count, double *y, void *context)
{
    (void)count, (void)context;
    for (size_t i = 0; i < x[0].rows * x[0].cols; i++) y[i] = x[0].values[i];
    return AD_OK;
}

static void see(void *context, const double *adjoint, size_t size)
{
    seen *s = context;
    if (!s) return;
    s->calls++;
    for (size_t i = 0; i < size; i++) s->adjoint[i] = adjoint[i];
}

static ad_status root_gradient(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                               const bool *wanted, ad_var *gradients, void *context)
{
    (void)x, (void)count, (void)wanted;
    see(context, ad_values(adjoint), ad_rows(y) * ad_cols(y));
    gradients[0] = ad_mul(adjoint, ad_div(number_beside(y, 0.5), y));
    return AD_OK;
}

static ad_status root_vjp(const ad_matrix *x, size_t count, ad_matrix y, ad_matrix adjoint,
                          double *const *gradients, void *context)
{
    (void)x, (void)count;
    see(context, adjoint.values, y.rows * y.cols);
    for (size_t i = 0; gradients[0] && i < y.rows * y.cols; i++)
        gradients[0][i] = adjoint.values[i] * (0.5 / y.values[i]);
    return AD_OK;
}

static ad_status lower_gradient(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                                const bool *wanted, ad_var *gradients, void *context)
{
    (void)x, (void)count, (void)y, (void)wanted, (void)context;
    gradients[0] = ad_tril(adjoint);
    return AD_OK;
}

static ad_status no_gradient(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                             const bool *wanted, ad_var *gradients, void *context)
{
    (void)x, (void)count, (void)y, (void)adjoint, (void)wanted, (void)gradients, (void)context;
    return AD_OK;
}

static const ad_custom_op root_in_operations = {"root", same_shape, root_value, root_gradient,
                                                NULL};
static const ad_custom_op root_in_numbers = {"root", same_shape, root_value, NULL, root_vjp};
static const ad_custom_op lower = {"lower", same_shape, same_value, lower_gradient, NULL};
static const ad_custom_op silent = {"silent", same_shape, same_value, no_gradient, NULL};
static const ad_custom_op *const roots[] = {&root_in_operations, &root_in_numbers};
static const ad_custom_op *const cubes[] = {&cube, &cube_in_numbers};

static ad_var is_positive(ad_var x)
{
    return ad_less(number_beside(x, 0), x);
}

/* The rule makes NaN of 0 and Inf; one with finite slopes does not. */
START_TEST(custom_rules_are_handed_numbers)
{
    seen s = {0};
    ad_var x = INPUT(2, 1, 4, 0), y = ad_custom(tape, roots[_i], &x, 1, &s);
    check_gradient(ad_sum(ad_where(is_positive(x), y, x)), x, (const double[]){0.25, NAN}, 1e-15);
    ck_assert_uint_ge(s.calls, 2);
    ck_assert(s.adjoint[0] == 1 && s.adjoint[1] == 0);
    ad_var z = ad_custom(tape, cubes[_i], &x, 1, NULL);
    check_gradient(ad_sum(ad_where(is_positive(x), z, x)), x, (const double[]){48, 1}, 0);
    check_gradient(ad_sum(ad_where(is_positive(x), ad_sqrt(x), x)), x, (const double[]){0.25, 1},
                   1e-15);
}
END_TEST

START_TEST(custom_rules_hand_back_numbers)
{
    ad_var A = INPUT(2, 2, 4, 0, 1, 9), s = ad_sqrt(A), y = ad_custom(tape, &lower, &s, 1, NULL);
    check_gradient(ad_sum(y), A, (const double[]){0.25, NAN, 0.5, 1. / 6}, 1e-15);
}
END_TEST

START_TEST(custom_rules_that_give_no_gradient_pass_nothing)
{
    ad_var x = INPUT(2, 1, 4, 0), s = ad_sqrt(x), y = ad_custom(tape, &silent, &s, 1, NULL);
    check_gradient(ad_sum(y), x, (const double[]){0, 0}, 0);
    check_gradient(ad_sum(ad_add(ad_mul(y, x), x)), x, (const double[]){3, 1}, 0);
}
END_TEST

START_TEST(custom_rules_are_not_called_for_a_branch_that_is_not_taken)
{
    calls of = {0};
    ad_var x = INPUT(2, 1, 4, 0), s = ad_sqrt(x), y = ad_custom(tape, cubes[_i], &s, 1, &of);
    ad_var c = CONSTANT(x, 2, 1, 0, 0), sum = ad_sum(ad_where(c, y, x));
    ad_backward(sum);
    ck_assert_uint_eq(of.gradient + of.vjp, 0);
    check_array("adjoint", ad_adjoint(x), 2, (const double[]){1, 1}, 0);
    ad_var g = ad_grad(sum, x);
    EXPECT(g, 2, 1, 1, 1);
    ck_assert_uint_eq(of.vjp, 0);
    ad_set(c, (const double[]){1, 0});
    ad_set(x, (const double[]){4, 9});
    ad_replay(tape);
    EXPECT(g, 2, 1, 3, 1);
    check_gradient(sum, x, (const double[]){3, 1}, 1e-15);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("zeros that are numbers");
    TCase *numbers = tcase_create("numbers"), *customs = tcase_create("custom operations");
    tcase_add_checked_fixture(numbers, make_tape, free_tape);
    tcase_add_loop_test(numbers, zeros_that_are_numbers_meet_infinite_slopes, 0, OF_ROOTS);
    tcase_add_test(numbers, zeros_that_are_set_are_numbers);
    tcase_add_test(numbers, zeros_of_matrix_products_are_numbers);
    tcase_add_test(numbers, both_kinds_of_zeros_side_by_side);
    tcase_add_test(numbers, steps_pass_nothing);
    suite_add_tcase(s, numbers);
    tcase_add_checked_fixture(customs, make_tape, free_tape);
    tcase_add_loop_test(customs, custom_rules_are_handed_numbers, 0, 2);
    tcase_add_test(customs, custom_rules_hand_back_numbers);
    tcase_add_test(customs, custom_rules_that_give_no_gradient_pass_nothing);
    tcase_add_loop_test(customs, custom_rules_are_not_called_for_a_branch_that_is_not_taken, 0, 2);
    suite_add_tcase(s, customs);
    return s;
}

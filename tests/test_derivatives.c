/* SPDX-License-Identifier: MIT */
/* Derivatives as values on the tape: gradients, products, Jacobians and Hessians. */
#include "tests/custom_operations.h"

#include <math.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

static ad_tape *tape;
static uint64_t state;

static void setup(void)
{
    tape = ad_tape_new();
    state = 31;
}

static void teardown(void)
{
    ad_tape_free(tape);
}

#define INPUT(rows, cols, ...) ad_input(tape, rows, cols, (const double[]){__VA_ARGS__})
#define CHECK(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 1e-15)

/* ---- gradients ---- */

START_TEST(a_gradient_is_a_value_that_can_be_differentiated)
{
    ad_var x = ad_scalar(tape, 2), y = ad_powi(x, 5);
    for (int order = 1; order <= 6; order++) {
        const double expected[] = {80, 160, 240, 240, 120, 0};
        y = ad_grad(y, x);
        check_number(y, expected[order - 1], 0);
    }
}
END_TEST

START_TEST(a_gradient_may_be_by_any_value)
{
    ad_var x = ad_scalar(tape, 3), middle = ad_square(x), y = ad_square(middle);
    check_number(ad_grad(y, middle), 18, 0);
    check_number(ad_grad(y, y), 1, 0);
    check_number(ad_grad(middle, y), 0, 0);
    ad_var v = INPUT(2, 1, 3, 4), w = ad_square(v);
    CHECK(ad_grad(ad_sum(ad_exp(ad_scale(w, 0))), w), 2, 1, 0, 0);
    CHECK(ad_grad(ad_dot(w, v), w), 2, 1, 3, 4);
}
END_TEST

START_TEST(several_gradients_take_one_sweep)
{
    calls count = {0};
    ad_var A = INPUT(1, 1, 3), x = INPUT(1, 1, 2), b = INPUT(1, 1, 1), out[3];
    const ad_var xs[] = {A, x, b};
    ad_var y = ad_custom(tape, &affine, xs, 3, &count);
    ck_assert_int_eq(ad_grads(y, xs, 3, out), AD_OK);
    ck_assert_uint_eq(count.gradient, 1);
    check_number(out[0], 2, 0);
    check_number(out[1], 3, 0);
    check_number(out[2], 1, 0);
}
END_TEST

START_TEST(gradients_may_take_the_place_of_their_variables)
{
    ad_var xs[] = {ad_scalar(tape, 2), ad_scalar(tape, 3)}, y = ad_mul(xs[0], xs[1]);
    ck_assert_int_eq(ad_grads(y, xs, 2, xs), AD_OK);
    check_number(xs[0], 3, 0);
    check_number(xs[1], 2, 0);
}
END_TEST

START_TEST(the_same_variable_may_be_asked_for_twice)
{
    ad_var x = ad_scalar(tape, 2), out[2];
    ad_grads(ad_square(x), (const ad_var[]){x, x}, 2, out);
    check_number(out[0], 4, 0);
    check_number(out[1], 4, 0);
}
END_TEST

/* ---- products ---- */

START_TEST(vjp_and_jvp_are_transposes_of_each_other)
{
    for (size_t trial = 0; trial < 20; trial++) {
        size_t m = 1 + trial % 4, n = 1 + trial % 3;
        ad_var x = random_input(tape, n, 1, &state), A = random_input(tape, m, n, &state);
        ad_var y = ad_sin(ad_matmul(A, ad_square(x)));
        ad_var u = random_input(tape, m, 1, &state), v = random_input(tape, n, 1, &state);
        ad_var left = ad_dot(u, ad_jvp(y, x, v)), right = ad_dot(ad_vjp(y, x, u), v);
        check_number(left, ad_value(right), 1e-14 * (1 + 1 / fabs(ad_value(right))));
    }
}
END_TEST

START_TEST(vjp_holds_its_cotangent_constant)
{
    ad_var x = ad_scalar(tape, 3), u = ad_square(x);
    check_number(ad_vjp(ad_square(x), x, u), 54, 0);
}
END_TEST

START_TEST(jvp_is_linear_in_its_direction)
{
    ad_var x = INPUT(2, 1, 3, 4), v = INPUT(2, 1, 1, 2), y = ad_norm2(x);
    CHECK(ad_grad(ad_jvp(y, x, v), v), 2, 1, 0.6, 0.8);
    check_number(ad_jvp(y, x, ad_scale(v, 2)), 4.4, 1e-15);
}
END_TEST

START_TEST(jvp_can_be_differentiated_again)
{
    ad_var x = ad_scalar(tape, 2), one = ad_constant(tape, 1, 1, (const double[]){1});
    ad_var y = ad_powi(x, 4);
    for (int order = 1; order <= 4; order++) {
        const double expected[] = {32, 48, 48, 24};
        y = ad_jvp(y, x, one);
        check_number(y, expected[order - 1], 0);
    }
}
END_TEST

/* ---- Jacobians and Hessians ---- */

START_TEST(a_jacobian_counts_elements_row_by_row)
{
    ad_var X = INPUT(2, 2, 1, 2, 3, 4);
    CHECK(ad_jacobian(ad_transpose(X), X), 4, 4, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1);
}
END_TEST

START_TEST(a_jacobian_is_the_same_by_rows_and_by_columns)
{
    ad_var A = INPUT(2, 3, 1, 2, 3, 4, 5, 6), x = INPUT(3, 1, 1, 1, 1), z = INPUT(2, 1, 1, 1);
    CHECK(ad_jacobian(ad_matmul(A, x), x), 2, 3, 1, 2, 3, 4, 5, 6);
    CHECK(ad_jacobian(ad_matmul(ad_transpose(A), z), z), 3, 2, 1, 4, 2, 5, 3, 6);
    CHECK(ad_jacobian(ad_sum(x), x), 1, 3, 1, 1, 1);
}
END_TEST

START_TEST(a_hessian_is_the_jacobian_of_the_gradient)
{
    ad_var x = INPUT(3, 1, 1, 2, 3), y = ad_mul(ad_prod(x), ad_sum(x));
    ad_var hessian = ad_hessian(y, x);
    CHECK(hessian, 3, 3, 12, 27, 20, 27, 6, 11, 20, 11, 4);
    check_matrix(ad_jacobian(ad_grad(y, x), x), 3, 3, ad_values(hessian), 0);
    ad_var v = INPUT(3, 1, 1, -1, 2);
    CHECK(ad_hvp(y, x, v), 3, 1, 25, 43, 17);
    CHECK(ad_matmul(hessian, v), 3, 1, 25, 43, 17);
}
END_TEST

START_TEST(where_y_does_not_depend_they_are_zeros_of_their_shape)
{
    ad_var x = INPUT(2, 3, 1, 2, 3, 4, 5, 6), z = INPUT(4, 1, 1, 2, 3, 4), s = ad_sum(z);
    const ad_var all[] = {ad_grad(s, x),     ad_vjp(z, x, z),          ad_jvp(z, x, x),
                          ad_jacobian(z, x), ad_hessian(s, x),         ad_hvp(s, x, x),
                          ad_jacobian(s, x), ad_hessian(ad_sum(x), x), ad_hvp(ad_sum(x), x, x)};
    const size_t shapes[][2] = {{2, 3}, {2, 3}, {4, 1}, {4, 6}, {6, 6},
                                {2, 3}, {1, 6}, {6, 6}, {2, 3}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        check_zeros(all[i]);
        ck_assert_uint_eq(ad_rows(all[i]), shapes[i][0]);
        ck_assert_uint_eq(ad_cols(all[i]), shapes[i][1]);
    }
}
END_TEST

START_TEST(of_nothing_they_are_empty)
{
    ad_var x = ad_input(tape, 0, 3, NULL), z = INPUT(2, 1, 1, 2), s = ad_sum(x);
    check_matrix(ad_grad(s, x), 0, 3, NULL, 0);
    check_matrix(ad_jacobian(x, x), 0, 0, NULL, 0);
    check_matrix(ad_jacobian(z, x), 2, 0, NULL, 0);
    check_matrix(ad_jacobian(x, z), 0, 2, NULL, 0);
    check_matrix(ad_hessian(s, x), 0, 0, NULL, 0);
    check_matrix(ad_hvp(s, x, x), 0, 3, NULL, 0);
    check_matrix(ad_vjp(x, x, x), 0, 3, NULL, 0);
    check_matrix(ad_jvp(x, x, x), 0, 3, NULL, 0);
}
END_TEST

/* ---- gradcheck ---- */

START_TEST(gradcheck_finds_right_gradients_right)
{
    ad_var x = INPUT(2, 2, 3, 1, 1, 2), s = ad_scalar(tape, 1.5);
    ck_assert_double_le(ad_gradcheck(ad_logabsdet(ad_matmul(x, x)), x), 1e-9);
    ck_assert_double_le(ad_gradcheck(ad_exp(ad_sin(s)), s), 1e-9);
    ck_assert_double_le(ad_gradcheck(ad_sum(ad_sin(x)), s), 0);
    ad_var middle = ad_square(x);
    ck_assert_double_le(ad_gradcheck(ad_sum(ad_sqrt(middle)), middle), 1e-9);
    ck_assert_double_eq(ad_gradcheck(s, s), 0);
}
END_TEST

static ad_status doubled(const ad_matrix *x, size_t count, ad_matrix y, ad_matrix adjoint,
                         double *const *gradients, void *context)
{
    (void)count, (void)y;
    const double *factor = context;
    for (size_t i = 0; i < x[0].rows; i++)
        gradients[0][i] = *factor * 3 * x[0].values[i] * x[0].values[i] * adjoint.values[i];
    return AD_OK;
}

/* Of one element in a hundred, too large, too small, of the wrong sign, NaN. */
START_TEST(gradcheck_finds_wrong_gradients_wrong)
{
    const double factors[] = {2, 1.001, 0.999, -1, 0, NAN};
    ad_custom_op op = uncounted_cube;
    op.vjp = doubled;
    ad_var small = INPUT(3, 1, 1, 2, 3), one = ad_scalar(tape, 2);
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        double factor = factors[i], wrong = fabs(factor - 1) * 12;
        ad_var y = ad_custom(tape, &op, &one, 1, &factor);
        ad_var z = ad_add(ad_sum(ad_square(small)), y);
        double found = ad_gradcheck(y, one);
        ck_assert_msg(isnan(factor) ? isnan(found)
                                    : fabs(found - wrong / fmax(12, fabs(factor * 12))) < 1e-9,
                      "factor %g: %g", factor, found);
        ck_assert_double_le(ad_gradcheck(z, small), 1e-9);
        ck_assert(!(ad_gradcheck(z, one) < 1e-4));
    }
}
END_TEST

START_TEST(gradcheck_leaves_the_tape_as_it_was)
{
    ad_var x = INPUT(2, 2, 3, 1, 1, 2), y = ad_det(x), z = ad_exp(y);
    double before[4];
    ad_backward(y);
    memcpy(before, ad_adjoint(x), sizeof before);
    ad_gradcheck(z, x);
    CHECK(x, 2, 2, 3, 1, 1, 2);
    check_number(y, 5, 1e-15);
    check_number(z, exp(ad_value(y)), 0);
    check_array("adjoint", ad_adjoint(x), 4, before, 0);
    check_matrix(ad_inverse(x), 2, 2, (const double[]){0.4, -0.2, -0.2, 0.6}, 1e-15);
}
END_TEST

START_TEST(gradcheck_of_what_it_cannot_check_is_nan)
{
    ad_var x = INPUT(2, 1, 3, 4);
    ck_assert(isnan(ad_gradcheck(x, x)));
    check_error(tape, (ad_var){0}, AD_ERROR_SHAPE, "grad: y is 2x1, not 1x1");
    ad_var y = ad_dot(ad_detach(x), x);
    ck_assert(isnan(ad_gradcheck(y, x)));
    check_error(tape, (ad_var){0}, AD_ERROR_DERIVATIVE,
                "gradcheck: the path from x to y was cut by detach");
    ad_var A = INPUT(1, 1, 0), l = ad_logabsdet(A);
    ck_assert(isnan(ad_gradcheck(l, A)));
    ck_assert_int_eq(ad_tape_status(tape), AD_ERROR_DERIVATIVE);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("derivatives");
    TCase *cases = tcase_create("derivatives");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_gradient_is_a_value_that_can_be_differentiated);
    tcase_add_test(cases, a_gradient_may_be_by_any_value);
    tcase_add_test(cases, several_gradients_take_one_sweep);
    tcase_add_test(cases, gradients_may_take_the_place_of_their_variables);
    tcase_add_test(cases, the_same_variable_may_be_asked_for_twice);
    tcase_add_test(cases, vjp_and_jvp_are_transposes_of_each_other);
    tcase_add_test(cases, vjp_holds_its_cotangent_constant);
    tcase_add_test(cases, jvp_is_linear_in_its_direction);
    tcase_add_test(cases, jvp_can_be_differentiated_again);
    tcase_add_test(cases, a_jacobian_counts_elements_row_by_row);
    tcase_add_test(cases, a_jacobian_is_the_same_by_rows_and_by_columns);
    tcase_add_test(cases, a_hessian_is_the_jacobian_of_the_gradient);
    tcase_add_test(cases, where_y_does_not_depend_they_are_zeros_of_their_shape);
    tcase_add_test(cases, of_nothing_they_are_empty);
    tcase_add_test(cases, gradcheck_finds_right_gradients_right);
    tcase_add_test(cases, gradcheck_finds_wrong_gradients_wrong);
    tcase_add_test(cases, gradcheck_leaves_the_tape_as_it_was);
    tcase_add_test(cases, gradcheck_of_what_it_cannot_check_is_nan);
    suite_add_tcase(s, cases);
    return s;
}

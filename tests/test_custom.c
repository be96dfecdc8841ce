/* SPDX-License-Identifier: MIT */
/* Operations of the user's own: they take part in everything, and their mistakes are reported. */
#include "tests/custom_operations.h"

#include <math.h>
#include <string.h>

#include "tests/fixture.h"

static const ad_var none = {0};

#define CHECK_ADJOINT(x, count, ...)                                                               \
    check_array("adjoint", ad_adjoint(x), count, (const double[]){__VA_ARGS__}, 1e-15)

static ad_var apply(const ad_custom_op *op, ad_var x)
{
    return ad_custom(tape, op, &x, 1, NULL);
}

static void check_status(ad_status status, const char *message)
{
    ck_assert_str_eq(ad_tape_message(tape), message);
    ck_assert_int_eq(ad_tape_status(tape), status);
}

/* ---- both kinds of rule ---- */

static const ad_custom_op *const cubes[] = {&cube, &cube_in_numbers};
static const ad_custom_op *const affines[] = {&affine, &affine_in_numbers};

START_TEST(values_and_shape_are_those_of_the_callbacks)
{
    CHECK_CLOSELY(apply(cubes[_i], INPUT(2, 2, 1, 2, 3, -1)), 2, 2, 1, 8, 27, -1);
}
END_TEST

START_TEST(takes_part_in_sweeps)
{
    ad_var x = INPUT(3, 1, 1, 2, 3);
    ad_backward(ad_sum(ad_square(apply(cubes[_i], x))));
    CHECK_ADJOINT(x, 3, 6, 6 * 32, 6 * 243);
}
END_TEST

START_TEST(takes_part_in_gradients_on_the_tape)
{
    ad_var x = INPUT(3, 1, 1, 2, 3);
    CHECK_CLOSELY(ad_grad(ad_sum(apply(cubes[_i], x)), x), 3, 1, 3, 12, 27);
}
END_TEST

START_TEST(takes_part_in_replay)
{
    ad_var x = INPUT(3, 1, 1, 2, 3), y = ad_sum(apply(cubes[_i], x)), g = ad_grad(y, x);
    ad_set(x, (const double[]){2, -1, 0});
    ad_replay(tape);
    check_number(y, 7, 0);
    CHECK_CLOSELY(g, 3, 1, 12, 3, 0);
    ad_backward(y);
    CHECK_ADJOINT(x, 3, 12, 3, 0);
}
END_TEST

START_TEST(gives_the_gradient_by_each_of_several_inputs)
{
    ad_var in[] = {INPUT(2, 3, 1, 2, 3, 4, 5, 6), INPUT(3, 1, 1, -1, 2), INPUT(2, 1, 10, 20)};
    ad_var y = ad_custom(tape, affines[_i], in, 3, NULL), u = INPUT(2, 1, 1, 2);
    CHECK_CLOSELY(y, 2, 1, 15, 31);
    ad_backward(ad_dot(u, y));
    CHECK_ADJOINT(in[0], 6, 1, -1, 2, 2, -2, 4);
    CHECK_ADJOINT(in[1], 3, 9, 12, 15);
    CHECK_ADJOINT(in[2], 2, 1, 2);
    CHECK_CLOSELY(ad_vjp(y, in[1], u), 3, 1, 9, 12, 15);
}
END_TEST

START_TEST(has_a_jacobian_tall_or_wide_and_its_product_with_a_vector)
{
    ad_var x = INPUT(3, 1, 1, -1, 2), zero = INPUT(2, 1, 0, 0), one = INPUT(1, 1, 1);
    ad_var wide = ad_custom(tape, affines[_i],
                            (const ad_var[]){INPUT(2, 3, 1, 2, 3, 4, 5, 6), x, zero}, 3, NULL);
    ad_var tall =
        ad_custom(tape, affines[_i], (const ad_var[]){INPUT(2, 1, 3, 4), one, zero}, 3, NULL);
    CHECK_CLOSELY(ad_jacobian(wide, x), 2, 3, 1, 2, 3, 4, 5, 6);
    CHECK_CLOSELY(ad_jacobian(tall, one), 2, 1, 3, 4);
    CHECK_CLOSELY(ad_jvp(wide, x, INPUT(3, 1, 1, 1, 1)), 2, 1, 6, 15);
    ad_var v = INPUT(1, 1, 1);
    check_number(ad_grad(ad_sum(ad_jvp(tall, one, v)), v), 7, 0);
}
END_TEST

START_TEST(the_same_value_may_be_several_inputs)
{
    ad_var A = INPUT(2, 2, 1, 2, 3, 4), x = INPUT(2, 1, 5, 7);
    ad_var y = ad_sum(ad_custom(tape, affines[_i], (const ad_var[]){A, x, x}, 3, NULL));
    ad_backward(y);
    CHECK_ADJOINT(x, 2, 5, 7);
    CHECK_CLOSELY(ad_grad(y, x), 2, 1, 5, 7);
}
END_TEST

START_TEST(a_constant_input_is_not_asked_for)
{
    calls count = {0};
    ad_var A = ad_constant(tape, 1, 1, (const double[]){3}), b = INPUT(1, 1, 1);
    ad_var x = ad_constant(tape, 1, 1, (const double[]){2});
    ad_backward(ad_custom(tape, affines[_i], (const ad_var[]){A, x, b}, 3, &count));
    CHECK_ADJOINT(A, 1, 0);
    CHECK_ADJOINT(b, 1, 1);
    ck_assert_uint_eq(count.gradient + count.vjp, 1);
}
END_TEST

START_TEST(of_constants_alone_no_rule_is_run)
{
    calls count = {0};
    ad_var c = ad_constant(tape, 1, 1, (const double[]){3}), x = ad_scalar(tape, 2);
    ad_var y = ad_add(ad_custom(tape, cubes[_i], &c, 1, &count), x);
    ad_backward(y);
    ad_grad(y, x);
    ad_grad(y, c);
    ad_jvp(y, c, c);
    ck_assert_uint_eq(count.gradient + count.vjp, 0);
    CHECK_ADJOINT(c, 1, 0);
    CHECK_ADJOINT(x, 1, 1);
}
END_TEST

START_TEST(no_rule_is_run_for_what_y_does_not_depend_on)
{
    calls count = {0};
    ad_var x = ad_scalar(tape, 2), y = ad_square(x);
    ad_custom(tape, cubes[_i], &x, 1, &count);
    ad_backward(y);
    ad_grad(y, x);
    ck_assert_uint_eq(count.gradient + count.vjp, 0);
}
END_TEST

START_TEST(the_callbacks_run_once_for_each_value_replay_and_sweep)
{
    calls count = {0};
    ad_var x = ad_scalar(tape, 2), y = ad_custom(tape, cubes[_i], &x, 1, &count);
    ck_assert_uint_eq(count.shape, 1);
    ck_assert_uint_eq(count.value, 1);
    ad_set(x, (const double[]){3});
    ad_replay(tape);
    ck_assert_uint_eq(count.shape, 1);
    ck_assert_uint_eq(count.value, 2);
    ad_backward(y);
    ad_backward(y);
    ck_assert_uint_eq(count.gradient + count.vjp, 2);
}
END_TEST

START_TEST(a_branch_not_taken_does_not_run_the_rule_of_a_sweep)
{
    calls count = {0};
    ad_var x = ad_scalar(tape, 2), no = ad_constant(tape, 1, 1, (const double[]){0});
    ad_var y = ad_where(no, ad_custom(tape, cubes[_i], &x, 1, &count), x);
    ad_backward(y);
    ck_assert_uint_eq(count.gradient + count.vjp, 0);
    CHECK_ADJOINT(x, 1, 1);
    check_number(ad_grad(y, x), 1, 0);
    ck_assert_uint_eq(count.vjp, 0);
}
END_TEST

START_TEST(empty_inputs_are_inputs)
{
    ad_var x = ad_input(tape, 0, 3, NULL), y = apply(cubes[_i], x);
    check_matrix(y, 0, 3, NULL, 0);
    check_matrix(ad_grad(ad_sum(y), x), 0, 3, NULL, 0);
    ck_assert_int_eq(ad_backward(ad_sum(y)), AD_OK);
}
END_TEST

/* ---- order ---- */

START_TEST(a_rule_in_tape_operations_serves_every_order)
{
    ad_var x = ad_scalar(tape, 2), y = apply(&cube, x);
    ad_var first = ad_grad(y, x), second = ad_grad(first, x), third = ad_grad(second, x);
    check_number(first, 12, 0);
    check_number(second, 12, 0);
    check_number(third, 6, 0);
    check_number(ad_hvp(y, x, ad_scalar(tape, 5)), 60, 0);
    CHECK_CLOSELY(ad_hessian(ad_sum(apply(&cube, INPUT(2, 1, 1, 2))), x), 1, 1, 0);
}
END_TEST

START_TEST(a_rule_in_numbers_is_of_first_order_only)
{
    ad_var x = ad_scalar(tape, 2), g = ad_grad(apply(&cube_in_numbers, x), x);
    const char *message =
        "cube: its gradient rule is in plain numbers and cannot be differentiated again";
    check_number(g, 12, 0);
    check_error(tape, ad_grad(g, x), AD_ERROR_DERIVATIVE, message);
    ck_assert_int_eq(ad_backward(g), AD_ERROR_DERIVATIVE);
    check_status(AD_ERROR_DERIVATIVE, message);
    ad_tape_clear_error(tape);
    check_error(tape, ad_hessian(apply(&cube_in_numbers, x), x), AD_ERROR_DERIVATIVE, message);
}
END_TEST

START_TEST(without_a_rule_it_cannot_be_differentiated)
{
    ad_var x = ad_scalar(tape, 2), y = apply(&cube_without_rule, x);
    check_number(y, 8, 0);
    check_error(tape, ad_grad(y, x), AD_ERROR_DERIVATIVE, "cube: has no gradient rule");
    ck_assert_int_eq(ad_backward(y), AD_ERROR_DERIVATIVE);
    check_status(AD_ERROR_DERIVATIVE, "cube: has no gradient rule");
}
END_TEST

START_TEST(without_a_rule_it_serves_where_nothing_is_differentiated)
{
    ad_var x = ad_scalar(tape, 2), y = ad_add(ad_detach(apply(&cube_without_rule, x)), x);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    CHECK_ADJOINT(x, 1, 1);
}
END_TEST

/* ---- inputs ---- */

START_TEST(there_may_be_many_inputs)
{
    enum { MANY = 20 };
    ad_var x[MANY];
    for (size_t k = 0; k < MANY; k++) x[k] = ad_scalar(tape, 1 + (double)k / (double)MANY);
    ad_var y = ad_custom(tape, &powers, x, MANY, NULL), gradients[MANY];
    ck_assert_int_eq(ad_backward(y), AD_OK);
    ck_assert_int_eq(ad_grads(y, x, MANY, gradients), AD_OK);
    for (size_t k = 0; k < MANY; k++) {
        double expected = ((double)k + 1) * pow(1 + (double)k / (double)MANY, (double)k);
        CHECK_ADJOINT(x[k], 1, expected);
        check_number(gradients[k], expected, 0);
    }
}
END_TEST

START_TEST(there_may_be_no_inputs)
{
    ad_var y = ad_custom(tape, &powers, NULL, 0, NULL), x = ad_scalar(tape, 3);
    check_number(y, 0, 0);
    ck_assert_int_eq(ad_backward(ad_mul(ad_shift(y, 2), x)), AD_OK);
    CHECK_ADJOINT(x, 1, 2);
    check_number(ad_grad(y, x), 0, 0);
}
END_TEST

START_TEST(a_name_a_shape_rule_and_a_value_function_are_required)
{
    ad_var x = ad_scalar(tape, 2);
    const char *message =
        "custom: an operation needs a name, a shape rule, a value function and its inputs";
    ad_custom_op no_name = cube, no_shape = cube, no_value = cube;
    no_name.name = NULL;
    no_shape.shape = NULL;
    no_value.value = NULL;
    check_error(tape, apply(NULL, x), AD_ERROR_ARGUMENT, message);
    check_error(tape, apply(&no_name, x), AD_ERROR_ARGUMENT, message);
    check_error(tape, apply(&no_shape, x), AD_ERROR_ARGUMENT, message);
    check_error(tape, apply(&no_value, x), AD_ERROR_ARGUMENT, message);
    check_error(tape, ad_custom(tape, &cube, NULL, 1, NULL), AD_ERROR_ARGUMENT, message);
    ck_assert(!ad_ok(ad_custom(NULL, &cube, &x, 1, NULL)));
}
END_TEST

START_TEST(inputs_must_be_valid_and_of_the_tape)
{
    ad_tape *other = ad_tape_new();
    ad_var x = ad_scalar(tape, 2), there = ad_scalar(other, 2);
    check_error(tape, apply(&cube, none), AD_ERROR_ARGUMENT, "cube: invalid handle (argument 1)");
    const ad_var mixed[] = {x, there};
    check_error(tape, ad_custom(tape, &powers, mixed, 2, NULL), AD_ERROR_TAPE,
                "powers: operands on different tapes");
    ck_assert_str_eq(ad_tape_message(other), "powers: operands on different tapes");
    ad_tape_clear_error(other);
    check_error(tape, apply(&cube, there), AD_ERROR_TAPE, "cube: operands on different tapes");
    ck_assert_str_eq(ad_tape_message(other), "cube: operands on different tapes");
    ad_tape_clear_error(other);
    const ad_var unfit[] = {none, there};
    check_error(tape, ad_custom(tape, &powers, unfit, 2, NULL), AD_ERROR_TAPE,
                "powers: operands on different tapes");
    ck_assert_str_eq(ad_tape_message(other), "powers: operands on different tapes");
    ad_tape_free(other);
    ad_tape_reset(tape);
    check_error(tape, apply(&cube, x), AD_ERROR_STALE,
                "cube: stale handle: its value was dropped by a reset, rewind or keep");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("custom operations");
    TCase *both = tcase_create("both kinds of rule"), *one = tcase_create("custom operations");
    tcase_add_checked_fixture(both, make_tape, free_tape);
    tcase_add_loop_test(both, values_and_shape_are_those_of_the_callbacks, 0, 2);
    tcase_add_loop_test(both, takes_part_in_sweeps, 0, 2);
    tcase_add_loop_test(both, takes_part_in_gradients_on_the_tape, 0, 2);
    tcase_add_loop_test(both, takes_part_in_replay, 0, 2);
    tcase_add_loop_test(both, gives_the_gradient_by_each_of_several_inputs, 0, 2);
    tcase_add_loop_test(both, has_a_jacobian_tall_or_wide_and_its_product_with_a_vector, 0, 2);
    tcase_add_loop_test(both, the_same_value_may_be_several_inputs, 0, 2);
    tcase_add_loop_test(both, a_constant_input_is_not_asked_for, 0, 2);
    tcase_add_loop_test(both, of_constants_alone_no_rule_is_run, 0, 2);
    tcase_add_loop_test(both, no_rule_is_run_for_what_y_does_not_depend_on, 0, 2);
    tcase_add_loop_test(both, the_callbacks_run_once_for_each_value_replay_and_sweep, 0, 2);
    tcase_add_loop_test(both, a_branch_not_taken_does_not_run_the_rule_of_a_sweep, 0, 2);
    tcase_add_loop_test(both, empty_inputs_are_inputs, 0, 2);
    suite_add_tcase(s, both);
    tcase_add_checked_fixture(one, make_tape, free_tape);
    tcase_add_test(one, a_rule_in_tape_operations_serves_every_order);
    tcase_add_test(one, a_rule_in_numbers_is_of_first_order_only);
    tcase_add_test(one, without_a_rule_it_cannot_be_differentiated);
    tcase_add_test(one, without_a_rule_it_serves_where_nothing_is_differentiated);
    tcase_add_test(one, there_may_be_many_inputs);
    tcase_add_test(one, there_may_be_no_inputs);
    tcase_add_test(one, a_name_a_shape_rule_and_a_value_function_are_required);
    tcase_add_test(one, inputs_must_be_valid_and_of_the_tape);
    suite_add_tcase(s, one);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Inputs and constants: their data, their part in derivatives, and setting them anew. */
#include <math.h>
#include <string.h>

#include "tests/fixture.h"

static ad_var constant(double value)
{
    return ad_constant(tape, 1, 1, &value);
}

/* ---- data ---- */

START_TEST(values_are_copied)
{
    double values[] = {1, 2, 3, 4, 5, 6};
    ad_var x = ad_input(tape, 2, 3, values), c = ad_constant(tape, 3, 2, values);
    memset(values, 0, sizeof values);
    check_matrix(x, 2, 3, (const double[]){1, 2, 3, 4, 5, 6}, 0);
    check_matrix(c, 3, 2, (const double[]){1, 2, 3, 4, 5, 6}, 0);
}
END_TEST

START_TEST(a_1x1_has_a_value_and_values)
{
    ad_var x = ad_scalar(tape, 2.5);
    ck_assert_double_eq(ad_value(x), 2.5);
    check_matrix(x, 1, 1, (const double[]){2.5}, 0);
    check_matrix(ad_input(tape, 1, 1, (const double[]){4}), 1, 1, (const double[]){4}, 0);
}
END_TEST

START_TEST(data_may_be_values_of_the_same_tape)
{
    ad_var x = ad_input(tape, 2, 1, (const double[]){3, 4});
    for (int i = 0; i < 2000; i++) x = ad_input(tape, 2, 1, ad_values(x));
    check_matrix(x, 2, 1, (const double[]){3, 4}, 0);
    ad_var y = ad_square(x);
    check_matrix(ad_constant(tape, 1, 2, ad_values(y)), 1, 2, (const double[]){9, 16}, 0);
    check_number(ad_scalar(tape, ad_value(ad_sum(y))), 25, 0);
}
END_TEST

START_TEST(data_may_be_adjoints_of_the_same_tape)
{
    ad_var x = ad_input(tape, 2, 1, (const double[]){3, 4});
    ad_backward(ad_dot(x, x));
    check_matrix(ad_input(tape, 2, 1, ad_adjoint(x)), 2, 1, (const double[]){6, 8}, 0);
    ck_assert_int_eq(ad_set(x, ad_adjoint(x)), AD_OK);
    check_matrix(x, 2, 1, (const double[]){6, 8}, 0);
}
END_TEST

START_TEST(data_may_be_the_leaf_itself)
{
    ad_var x = ad_input(tape, 3, 1, (const double[]){1, 2, 3});
    ck_assert_int_eq(ad_set(x, ad_values(x)), AD_OK);
    check_matrix(x, 3, 1, (const double[]){1, 2, 3}, 0);
}
END_TEST

/* ---- constants ---- */

START_TEST(a_number_is_a_constant_and_no_leaf)
{
    ad_var x = ad_scalar(tape, 5), three = ad_number(tape, 3), again = ad_number(tape, 3);
    check_gradient(ad_mul(three, x), x, (const double[]){3}, 0);
    check_number(ad_grad(ad_mul(three, x), three), 0, 0);
    check_number(again, 3, 0);
    check_number(ad_number(tape, -0.0), 0, 0);
    ck_assert(signbit(ad_value(ad_number(tape, -0.0))));
    ck_assert_int_eq(ad_set(three, (const double[]){4}), AD_ERROR_ARGUMENT);
    ad_tape_clear_error(tape);
    ad_set(x, (const double[]){6});
    check_error(tape, ad_number(tape, 7), AD_ERROR_STATE,
                "number: after ad_set, call ad_replay first");
}
END_TEST

START_TEST(the_adjoint_of_a_constant_reads_as_zeros)
{
    ad_var c = ad_constant(tape, 2, 1, (const double[]){1, 2}), d = constant(3);
    ad_var x = ad_input(tape, 2, 1, (const double[]){3, 4});
    ad_backward(ad_mul(ad_dot(c, x), d));
    check_array("adjoint", ad_adjoint(c), 2, (const double[]){0, 0}, 0);
    ck_assert_double_eq(*ad_adjoint(d), 0);
    check_array("adjoint", ad_adjoint(x), 2, (const double[]){3, 6}, 0);
}
END_TEST

START_TEST(the_gradient_by_a_constant_is_zeros)
{
    ad_var c = ad_constant(tape, 2, 1, (const double[]){1, 2});
    ad_var x = ad_input(tape, 2, 1, (const double[]){3, 4}), y = ad_dot(c, ad_square(x));
    check_zeros(ad_grad(y, c));
    check_zeros(ad_hvp(y, c, c));
    check_zeros(ad_jvp(y, c, c));
    check_zeros(ad_vjp(y, c, constant(1)));
    ck_assert_uint_eq(ad_rows(ad_grad(y, c)), 2);
    ck_assert_uint_eq(ad_rows(ad_jacobian(x, c)), 2);
    ck_assert_uint_eq(ad_cols(ad_jacobian(x, c)), 2);
}
END_TEST

START_TEST(a_sweep_from_a_constant_gives_zeros)
{
    ad_var x = ad_scalar(tape, 3), c = ad_square(constant(2));
    ck_assert_int_eq(ad_backward(c), AD_OK);
    ck_assert_double_eq(*ad_adjoint(x), 0);
    check_number(ad_grad(c, c), 0, 0);
}
END_TEST

/* 0/0 and log of a negative number, were they computed, would show. */
START_TEST(nothing_is_computed_for_constants)
{
    ad_var zero = constant(0), x = ad_scalar(tape, 2);
    ad_var y = ad_add(ad_mul(ad_sqrt(zero), x), x);
    ad_backward(y);
    ck_assert_double_eq(*ad_adjoint(zero), 0);
    ck_assert_double_eq(*ad_adjoint(x), 1);
    char text[100];
    ck_assert(!ad_tape_find_nonfinite(tape, AD_ADJOINTS, text, sizeof text));
}
END_TEST

/* ---- set ---- */

START_TEST(scalars_inputs_and_constants_can_be_set)
{
    ad_var x = ad_scalar(tape, 1), v = ad_input(tape, 1, 2, (const double[]){1, 2});
    ad_var c = ad_constant(tape, 2, 1, (const double[]){1, 1}), y = ad_mul(x, ad_matmul(v, c));
    ck_assert_int_eq(ad_set(x, (const double[]){2}), AD_OK);
    ck_assert_int_eq(ad_set(v, (const double[]){3, 4}), AD_OK);
    ck_assert_int_eq(ad_set(c, (const double[]){5, 6}), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(y, 78, 0);
}
END_TEST

START_TEST(a_set_leaf_has_its_new_value_at_once_and_what_is_computed_the_old_one)
{
    ad_var x = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}), s = ad_scalar(tape, 5);
    ad_var product = ad_matmul(x, x), square = ad_square(s);
    ad_set(x, (const double[]){0, 0, 0, 0});
    ad_set(s, (const double[]){0});
    check_matrix(x, 2, 2, (const double[4]){0}, 0);
    check_number(s, 0, 0);
    check_matrix(product, 2, 2, (const double[]){7, 10, 15, 22}, 0);
    check_number(square, 25, 0);
    ad_replay(tape);
    check_matrix(product, 2, 2, (const double[4]){0}, 0);
    check_number(square, 0, 0);
}
END_TEST

START_TEST(adjoints_stay_until_the_replay)
{
    ad_var x = ad_scalar(tape, 3);
    ad_backward(ad_square(x));
    ad_set(x, (const double[]){5});
    ck_assert_double_eq(*ad_adjoint(x), 6);
    ad_replay(tape);
    ck_assert_ptr_null(ad_adjoint(x));
    ck_assert_int_eq(ad_tape_status(tape), AD_ERROR_STATE);
}
END_TEST

START_TEST(setting_makes_factorizations_anew)
{
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}), d = ad_det(A);
    ad_set(A, (const double[]){2, 0, 0, 3});
    ad_replay(tape);
    check_number(d, 6, 0);
    check_matrix(ad_inverse(A), 2, 2, (const double[]){0.5, 0, 0, 1.0 / 3}, 1e-16);
}
END_TEST

START_TEST(the_last_of_several_sets_counts)
{
    ad_var x = ad_scalar(tape, 1), y = ad_square(x);
    for (double value = 2; value < 6; value++) ad_set(x, &value);
    ad_replay(tape);
    check_number(y, 25, 0);
}
END_TEST

START_TEST(constants_of_the_library_cannot_be_set)
{
    ad_var x = ad_scalar(tape, 1), one = ad_grad(x, x);
    check_number(one, 1, 0);
    ck_assert_int_eq(ad_set(one, (const double[]){7}), AD_ERROR_ARGUMENT);
    ad_tape_clear_error(tape);
    check_number(ad_scale(x, 1), 1, 0);
}
END_TEST

/* ---- several leaves at once ---- */

/* Leaves of every sort and shape, and a value that depends on all but the last. */
typedef struct various {
    ad_var leaves[6], y;
    size_t size;
} various;

static various record_various(ad_tape *on)
{
    const double values[6] = {1, 2, 3, 4, 5, 6};
    various v = {.leaves = {ad_scalar(on, 2), ad_input(on, 2, 3, values), ad_input(on, 0, 3, NULL),
                            ad_constant(on, 3, 1, values), ad_constant(on, 1, 1, values),
                            ad_input(on, 1, 2, values)},
                 .size = 13};
    v.y = ad_mul(ad_mul(v.leaves[0], v.leaves[4]), ad_sum(ad_matmul(v.leaves[1], v.leaves[3])));
    return v;
}

static const double new_values[13] = {3, 9, 8, 7, 6, 5, 4, -1, -2, -3, 0.5, 11, 12};

START_TEST(leaves_of_any_shape_are_set_one_after_another)
{
    various v = record_various(tape), one = record_various(tape);
    ck_assert_int_eq(ad_set_all(tape, v.leaves, 6, new_values), AD_OK);
    const double *at = new_values;
    for (int i = 0; i < 6; i++) {
        const size_t rows = ad_rows(one.leaves[i]), cols = ad_cols(one.leaves[i]);
        ad_set(one.leaves[i], at);
        check_matrix(v.leaves[i], rows, cols, at, 0);
        at += rows * cols;
    }
    ad_replay(tape);
    check_number(v.y, ad_value(one.y), 0);
    check_number(v.y, 3 * 0.5 * (-9 - 16 - 21 - 6 - 10 - 12), 0);
}
END_TEST

START_TEST(adjoints_of_leaves_of_any_shape_come_one_after_another)
{
    various v = record_various(tape);
    double all[13];
    ad_backward(v.y);
    ck_assert_int_eq(ad_adjoints(tape, v.leaves, 6, all), AD_OK);
    check_array("adjoints", all, 13, (const double[]){46, 2, 4, 6, 2, 4, 6, 0, 0, 0, 0, 0, 0}, 0);
    const double *at = all;
    for (int i = 0; i < 6; i++) {
        const size_t size = ad_rows(v.leaves[i]) * ad_cols(v.leaves[i]);
        if (size) check_array("adjoint", ad_adjoint(v.leaves[i]), size, at, 0);
        at += size;
    }
}
END_TEST

START_TEST(no_leaf_may_be_set_and_read)
{
    various v = record_various(tape);
    ck_assert_int_eq(ad_set_all(tape, NULL, 0, NULL), AD_OK);
    ck_assert_int_eq(ad_set_all(tape, &v.leaves[2], 1, NULL), AD_OK);
    ad_replay(tape);
    ad_backward(v.y);
    ck_assert_int_eq(ad_adjoints(tape, NULL, 0, NULL), AD_OK);
    ck_assert_int_eq(ad_adjoints(tape, &v.leaves[2], 1, &(double){0}), AD_OK);
}
END_TEST

START_TEST(of_a_leaf_set_twice_in_one_call_the_last_values_count)
{
    ad_var x = ad_scalar(tape, 1), both[] = {x, x};
    ad_set_all(tape, both, 2, (const double[]){5, 7});
    check_number(x, 7, 0);
}
END_TEST

START_TEST(many_scalars_are_set_and_read_in_one_call)
{
    enum { MANY = 10000 }; /* several chunks of nodes */
    static ad_var x[MANY];
    static double values[MANY], slopes[MANY];
    ad_var sum = ad_scalar(tape, 0);
    for (int i = 0; i < MANY; i++) {
        x[i] = ad_scalar(tape, 0);
        sum = ad_add(sum, ad_square(x[i]));
        values[i] = i;
    }
    ck_assert_int_eq(ad_set_all(tape, x, MANY, values), AD_OK);
    ad_replay(tape);
    ad_backward(sum);
    ck_assert_int_eq(ad_adjoints(tape, x, MANY, slopes), AD_OK);
    for (int i = 0; i < MANY; i++) ck_assert_double_eq(slopes[i], 2.0 * i);
}
END_TEST

/* The status, the text, and that no leaf has changed. */
static void check_refused(const ad_var *leaves, size_t count, const double *values,
                          ad_status status, const char *message)
{
    const ad_var x = ad_scalar(tape, 42);
    ad_var all[4] = {x};
    for (size_t i = 0; i < count; i++) all[i + 1] = leaves[i];
    ck_assert_int_eq(ad_set_all(tape, all, count + 1, values), status);
    ck_assert_str_eq(ad_tape_message(tape), message);
    ad_tape_clear_error(tape);
    check_number(x, 42, 0);
    ck_assert_int_eq(ad_backward(ad_square(x)), AD_OK); /* no replay is waited for */
}

START_TEST(wrong_leaves_are_told_and_none_is_set)
{
    ad_var x = ad_scalar(tape, 1), y = ad_exp(x), A = ad_input(tape, 2, 2, new_values);
    ad_mark mark = ad_tape_mark(tape);
    ad_var stale = ad_scalar(tape, 1);
    ad_tape_rewind(tape, mark);
    check_refused((const ad_var[]){x, y}, 2, new_values, AD_ERROR_ARGUMENT,
                  "set_all: the value of exp is computed: only a leaf can be set");
    check_refused((const ad_var[]){x, {0}}, 2, new_values, AD_ERROR_ARGUMENT,
                  "set_all: invalid handle (argument 3)");
    check_refused((const ad_var[]){ad_number(tape, 3)}, 1, new_values, AD_ERROR_ARGUMENT,
                  "set_all: the value of constant is computed: only a leaf can be set");
    check_refused(&A, 1, NULL, AD_ERROR_ARGUMENT, "set_all: no values (NULL) for a 1x1 leaf");
    ck_assert_int_eq(ad_set_all(tape, &stale, 1, new_values), AD_ERROR_STALE);
    ad_tape_clear_error(tape);
    ck_assert_int_eq(ad_set_all(tape, NULL, 2, new_values), AD_ERROR_ARGUMENT);
    ck_assert_str_eq(ad_tape_message(tape), "set_all: no array of leaves (NULL)");
    ck_assert_int_eq(ad_set_all(tape, &x, 1, new_values), AD_ERROR_ARGUMENT); /* the error stays */
    ck_assert_int_eq(ad_set_all(NULL, &x, 1, new_values), AD_ERROR_ARGUMENT);
}
END_TEST

START_TEST(leaves_of_another_tape_are_an_error_on_both)
{
    ad_tape *other = ad_tape_new();
    ad_var leaves[] = {ad_scalar(tape, 1), ad_scalar(other, 2)};
    double all[] = {0, 0};
    ck_assert_int_eq(ad_set_all(tape, leaves, 2, new_values), AD_ERROR_TAPE);
    ck_assert_int_eq(ad_tape_status(other), AD_ERROR_TAPE);
    ck_assert_double_eq(ad_value(leaves[0]) + ad_value(leaves[1]), 3);
    ad_tape_clear_error(tape), ad_tape_clear_error(other);
    ad_backward(leaves[0]);
    ck_assert_int_eq(ad_adjoints(tape, leaves, 2, all), AD_ERROR_TAPE);
    ck_assert_int_eq(ad_tape_status(other), AD_ERROR_TAPE);
    ck_assert(isnan(all[0]) && isnan(all[1]));
    ad_tape_free(other);
}
END_TEST

static void check_unread(const ad_var *leaves, size_t count, ad_status status, const char *message)
{
    double all[] = {1, 2, 3};
    ck_assert_int_eq(ad_adjoints(tape, leaves, count, all), status);
    ck_assert_str_eq(ad_tape_message(tape), message);
    ad_tape_clear_error(tape);
    for (size_t i = 0, size = 0; i < 3; i++) {
        if (leaves && i < count) size += ad_rows(leaves[i]) * ad_cols(leaves[i]);
        ck_assert(i < size ? isnan(all[i]) : all[i] == (double)i + 1);
    }
}

START_TEST(adjoints_that_cannot_be_read_are_nan)
{
    ad_var x = ad_scalar(tape, 1), y = ad_exp(x);
    check_unread(&x, 1, AD_ERROR_STATE, "adjoints: no ad_backward yet");
    ad_backward(y);
    check_unread((const ad_var[]){x, y}, 2, AD_ERROR_ARGUMENT,
                 "adjoints: the value of exp is computed: adjoints are kept for leaves, use "
                 "ad_grad");
    check_unread((const ad_var[]){x, {0}}, 2, AD_ERROR_ARGUMENT,
                 "adjoints: invalid handle (argument 2)");
    check_unread(NULL, 1, AD_ERROR_ARGUMENT, "adjoints: no array of leaves (NULL)");
    ck_assert_int_eq(ad_adjoints(tape, &x, 1, NULL), AD_ERROR_ARGUMENT);
    ck_assert_str_eq(ad_tape_message(tape), "adjoints: no room for them (NULL)");
    ad_tape_clear_error(tape);
    ck_assert_int_eq(ad_adjoints(NULL, &x, 1, NULL), AD_ERROR_ARGUMENT);
    ad_replay(tape);
    check_unread(&x, 1, AD_ERROR_STATE,
                 "adjoints: no ad_backward since the last change of the tape");
}
END_TEST

/* ---- detach ---- */

START_TEST(a_detached_value_passes_no_derivative)
{
    ad_var x = ad_input(tape, 2, 1, (const double[]){3, 4});
    ad_var y = ad_dot(ad_detach(x), x);
    check_number(y, 25, 0);
    check_gradient(y, x, (const double[]){3, 4}, 0);
    check_zeros(ad_hessian(y, x));
}
END_TEST

START_TEST(a_detached_value_follows_a_replay)
{
    ad_var x = ad_scalar(tape, 3), y = ad_mul(ad_detach(x), x);
    ad_set(x, (const double[]){5});
    ad_replay(tape);
    check_number(y, 25, 0);
    check_gradient(y, x, (const double[]){5}, 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("leaves");
    TCase *cases = tcase_create("leaves");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, values_are_copied);
    tcase_add_test(cases, a_1x1_has_a_value_and_values);
    tcase_add_test(cases, data_may_be_values_of_the_same_tape);
    tcase_add_test(cases, data_may_be_adjoints_of_the_same_tape);
    tcase_add_test(cases, data_may_be_the_leaf_itself);
    tcase_add_test(cases, a_number_is_a_constant_and_no_leaf);
    tcase_add_test(cases, the_adjoint_of_a_constant_reads_as_zeros);
    tcase_add_test(cases, the_gradient_by_a_constant_is_zeros);
    tcase_add_test(cases, a_sweep_from_a_constant_gives_zeros);
    tcase_add_test(cases, nothing_is_computed_for_constants);
    tcase_add_test(cases, scalars_inputs_and_constants_can_be_set);
    tcase_add_test(cases, a_set_leaf_has_its_new_value_at_once_and_what_is_computed_the_old_one);
    tcase_add_test(cases, adjoints_stay_until_the_replay);
    tcase_add_test(cases, setting_makes_factorizations_anew);
    tcase_add_test(cases, the_last_of_several_sets_counts);
    tcase_add_test(cases, constants_of_the_library_cannot_be_set);
    tcase_add_test(cases, leaves_of_any_shape_are_set_one_after_another);
    tcase_add_test(cases, adjoints_of_leaves_of_any_shape_come_one_after_another);
    tcase_add_test(cases, no_leaf_may_be_set_and_read);
    tcase_add_test(cases, of_a_leaf_set_twice_in_one_call_the_last_values_count);
    tcase_add_test(cases, many_scalars_are_set_and_read_in_one_call);
    tcase_add_test(cases, wrong_leaves_are_told_and_none_is_set);
    tcase_add_test(cases, leaves_of_another_tape_are_an_error_on_both);
    tcase_add_test(cases, adjoints_that_cannot_be_read_are_nan);
    tcase_add_test(cases, a_detached_value_passes_no_derivative);
    tcase_add_test(cases, a_detached_value_follows_a_replay);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* What goes wrong is told once, in words that name the operation and the shapes. */
#include "tests/counting.h"

#include <math.h>
#include <string.h>

#include "tape/tape.h"
#include "tests/fixture.h"

static const ad_var none = {0};
static const double ones[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

static ad_var shape(size_t rows, size_t cols)
{
    return ad_input(tape, rows, cols, ones);
}

static void check_status(ad_status returned, ad_status expected, const char *message)
{
    ck_assert_int_eq(returned, expected);
    check_error(tape, none, expected, message);
}

/* ---- shapes ---- */

START_TEST(shapes_that_do_not_broadcast)
{
    check_error(tape, ad_add(shape(2, 3), shape(3, 2)), AD_ERROR_SHAPE,
                "add: 2x3 and 3x2: shapes do not broadcast");
    check_error(tape, ad_hypot(shape(2, 1), shape(3, 1)), AD_ERROR_SHAPE,
                "hypot: 2x1 and 3x1: shapes do not broadcast");
    check_error(tape, ad_where(shape(2, 1), shape(3, 1), shape(1, 1)), AD_ERROR_SHAPE,
                "where: 2x1, 3x1 and 1x1: shapes do not broadcast");
}
END_TEST

START_TEST(shapes_that_do_not_multiply)
{
    check_error(tape, ad_matmul(shape(3, 4), shape(5, 2)), AD_ERROR_SHAPE,
                "matmul: 3x4 times 5x2: inner dimensions differ");
    check_error(tape, ad_dot(shape(2, 3), shape(3, 2)), AD_ERROR_SHAPE,
                "dot: 2x3 and 3x2: shapes differ");
    check_error(tape, ad_outer(shape(2, 2), shape(2, 1)), AD_ERROR_SHAPE,
                "outer: 2x2 and 2x1 are not two vectors");
    check_error(tape, ad_quad(shape(2, 1), shape(3, 2), shape(2, 1)), AD_ERROR_SHAPE,
                "quad: x 2x1, A 3x2, y 2x1: need vectors of A's rows and columns");
}
END_TEST

START_TEST(matrices_that_should_be_square)
{
    check_error(tape, ad_det(shape(2, 3)), AD_ERROR_SHAPE, "det: 2x3 is not square");
    check_error(tape, ad_trace(shape(2, 3)), AD_ERROR_SHAPE, "trace: 2x3 is not square");
    check_error(tape, ad_cholesky(shape(2, 3)), AD_ERROR_SHAPE, "cholesky: 2x3 is not square");
    check_error(tape, ad_inverse(shape(3, 1)), AD_ERROR_SHAPE, "inverse: 3x1 is not square");
    check_error(tape, ad_solve(shape(2, 3), shape(2, 1)), AD_ERROR_SHAPE,
                "solve: 2x3 with right side 2x1: the matrix is not square");
    check_error(tape, ad_solve(shape(2, 2), shape(3, 1)), AD_ERROR_SHAPE,
                "solve: 2x2 with right side 3x1: rows differ");
    check_error(tape, ad_charpoly(shape(2, 2), shape(2, 1)), AD_ERROR_SHAPE,
                "charpoly: 2x2 and 2x1: need a square matrix and a 1x1");
}
END_TEST

START_TEST(no_extreme_of_no_elements)
{
    check_error(tape, ad_maximum(shape(0, 3)), AD_ERROR_SHAPE,
                "maximum: of a 0x3 matrix: no elements");
    check_error(tape, ad_min_rows(shape(2, 0)), AD_ERROR_SHAPE,
                "min_rows: of a 2x0 matrix: no elements");
}
END_TEST

START_TEST(derivatives_of_what_is_no_number)
{
    ad_var x = shape(2, 1), y = ad_square(x);
    check_status(ad_backward(y), AD_ERROR_SHAPE, "backward: y is 2x1, not 1x1");
    check_error(tape, ad_grad(y, x), AD_ERROR_SHAPE, "grad: y is 2x1, not 1x1");
    check_error(tape, ad_hessian(y, x), AD_ERROR_SHAPE, "hessian: y is 2x1, not 1x1");
    check_error(tape, ad_hvp(y, x, x), AD_ERROR_SHAPE, "hvp: y is 2x1, not 1x1");
    ad_var out[] = {x};
    check_status(ad_grads(y, &x, 1, out), AD_ERROR_SHAPE, "grad: y is 2x1, not 1x1");
    ck_assert(!ad_ok(out[0]));
}
END_TEST

START_TEST(directions_of_the_wrong_shape)
{
    ad_var x = shape(2, 1), y = ad_sum_cols(ad_outer(x, shape(3, 1))), v = shape(1, 2);
    check_error(tape, ad_vjp(y, x, v), AD_ERROR_SHAPE, "vjp: y is 1x3, u is 1x2: shapes differ");
    check_error(tape, ad_jvp(y, x, v), AD_ERROR_SHAPE, "jvp: x is 2x1, v is 1x2: shapes differ");
    check_error(tape, ad_hvp(ad_sum(y), x, v), AD_ERROR_SHAPE,
                "hvp: x is 2x1, v is 1x2: shapes differ");
}
END_TEST

START_TEST(the_number_in_a_matrix)
{
    ad_var x = shape(2, 3);
    ck_assert(isnan(ad_value(x)));
    check_error(tape, none, AD_ERROR_SHAPE, "value: a 2x3 matrix, not a 1x1: use ad_values");
}
END_TEST

/* ---- sizes ---- */

START_TEST(sizes_that_overflow)
{
    const size_t half = (size_t)1 << 32;
    check_error(tape, ad_input(tape, half, half, ones), AD_ERROR_SIZE,
                "input: 4294967296x4294967296 elements are too many");
    check_error(tape, ad_constant(tape, SIZE_MAX, 2, ones), AD_ERROR_SIZE,
                "constant: 18446744073709551615x2 elements are too many");
    check_error(tape, ad_broadcast(shape(1, 1), half, half), AD_ERROR_SIZE,
                "broadcast: a 4294967296x4294967296 result is too large");
    check_error(tape, ad_scatter(shape(1, 1), (const size_t[]){0}, half, half), AD_ERROR_SIZE,
                "scatter: a 4294967296x4294967296 result is too large");
    check_error(tape, ad_reshape(shape(2, 2), half, half), AD_ERROR_SHAPE,
                "reshape: 2x2 to 4294967296x4294967296: 4 elements");
}
END_TEST

START_TEST(rows_without_columns_may_be_many)
{
    ad_var x = ad_input(tape, SIZE_MAX, 0, NULL);
    ck_assert(ad_ok(x));
    check_number(ad_sum(ad_exp(x)), 0, 0);
    check_error(tape, ad_kron(x, shape(2, 2)), AD_ERROR_SIZE,
                "kron: 18446744073709551615x0 with 2x2 is too large");
    check_error(tape, ad_sum_rows(x), AD_ERROR_SIZE,
                "sum_rows: a 18446744073709551615x1 result is too large");
    check_error(tape, ad_vcat(x, x), AD_ERROR_SIZE,
                "vcat: 18446744073709551615x0 and 18446744073709551615x0: too large");
}
END_TEST

START_TEST(more_memory_than_there_is)
{
    counting memory;
    counting_init(&memory);
    memory.most = (size_t)1 << 30;
    ad_tape *small = counting_tape(&memory);
    ad_var x = ad_scalar(small, 1);
    check_error(small, ad_broadcast(x, (size_t)1 << 30, (size_t)1 << 29), AD_ERROR_MEMORY,
                "broadcast: out of memory");
    check_number(ad_sum(ad_broadcast(x, 2, 2)), 4, 0);
    ad_tape_free(small);
}
END_TEST

/* Four billion nodes do not fit this test: the tape is told that it has them. */
START_TEST(more_nodes_than_a_tape_can_number)
{
    ad_var x = ad_scalar(tape, 1);
    uint32_t count = tape->count, limit = tape->limit;
    tape->count = tape->limit = NO_NODE & ~(uint32_t)CHUNK_MASK;
    check_error(tape, ad_scalar(tape, 2), AD_ERROR_SIZE, "tape: full at 4294963200 nodes");
    check_error(tape, ad_square(x), AD_ERROR_SIZE, "tape: full at 4294963200 nodes");
    tape->count = count;
    tape->limit = limit;
    check_number(ad_square(x), 1, 0);
}
END_TEST

/* ---- positions ---- */

START_TEST(positions_outside)
{
    ad_var x = shape(2, 3);
    check_error(tape, ad_block(x, 1, 0, 2, 2), AD_ERROR_ARGUMENT,
                "block: rows 1..2 of a 2x3 matrix");
    check_error(tape, ad_block(x, 0, SIZE_MAX, 1, 2), AD_ERROR_ARGUMENT,
                "block: 2 columns from 18446744073709551615 on of a 2x3 matrix");
    check_error(tape, ad_gather(x, (const size_t[]){5, 6}, 2, 1), AD_ERROR_ARGUMENT,
                "gather: index 6 of a 2x3 matrix");
    check_error(tape, ad_scatter(shape(2, 1), (const size_t[]){0, 4}, 2, 2), AD_ERROR_ARGUMENT,
                "scatter: index 4 of a 2x2 matrix");
    check_error(tape, ad_polygamma(x, -1), AD_ERROR_ARGUMENT, "polygamma: order -1 is negative");
}
END_TEST

/* ---- singular matrices ---- */

START_TEST(systems_with_a_singular_matrix)
{
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 2, 2, 4});
    check_error(tape, ad_solve(A, shape(2, 1)), AD_ERROR_SINGULAR,
                "solve: the 2x2 matrix is singular (pivot 2 is zero)");
    check_error(tape, ad_inverse(A), AD_ERROR_SINGULAR,
                "inverse: the 2x2 matrix is singular (pivot 2 is zero)");
    check_error(tape, ad_cholesky(A), AD_ERROR_SINGULAR,
                "cholesky: the 2x2 matrix is not positive definite");
}
END_TEST

START_TEST(they_are_errors_in_either_branch)
{
    ad_var A = ad_input(tape, 1, 1, (const double[]){0}), x = shape(1, 1);
    check_error(tape, ad_where(ad_constant(tape, 1, 1, (const double[]){0}), ad_inverse(A), x),
                AD_ERROR_SINGULAR, "inverse: the 1x1 matrix is singular (pivot 1 is zero)");
}
END_TEST

START_TEST(the_gradient_of_the_logarithm_of_a_zero_determinant)
{
    const char *message =
        "logabsdet: the 2x2 matrix is singular: log|det| is -Inf there and has no gradient";
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 2, 2, 4}), y = ad_logabsdet(A);
    check_number(y, -INFINITY, 0);
    check_status(ad_backward(y), AD_ERROR_DERIVATIVE, message);
    check_error(tape, ad_grad(y, A), AD_ERROR_DERIVATIVE, message);
    ad_var no = ad_constant(tape, 1, 1, (const double[]){0});
    ck_assert_int_eq(ad_backward(ad_where(no, y, ad_sum(A))), AD_OK);
}
END_TEST

/* ---- leaves, sweeps and replays at the wrong time ---- */

START_TEST(setting_what_is_no_leaf)
{
    ad_var x = shape(2, 1), y = ad_square(x), s = ad_exp(shape(1, 1));
    check_status(ad_set(y, ones), AD_ERROR_ARGUMENT,
                 "set: the value of square is computed: only a leaf can be set");
    check_status(ad_set(s, ones), AD_ERROR_ARGUMENT,
                 "set: the value of exp is computed: only a leaf can be set");
    check_status(ad_set(ad_detach(x), ones), AD_ERROR_ARGUMENT,
                 "set: the value of detach is computed: only a leaf can be set");
    check_status(ad_set(ad_grad(ad_sum(x), x), ones), AD_ERROR_ARGUMENT,
                 "set: the value of broadcast is computed: only a leaf can be set");
}
END_TEST

START_TEST(between_set_and_replay)
{
    ad_var x = ad_scalar(tape, 1), y = ad_square(x);
    ad_set(x, (const double[]){3});
    check_error(tape, ad_scalar(tape, 1), AD_ERROR_STATE,
                "scalar: after ad_set, call ad_replay first");
    check_error(tape, shape(2, 1), AD_ERROR_STATE, "input: after ad_set, call ad_replay first");
    check_error(tape, ad_grad(y, x), AD_ERROR_STATE, "grad: after ad_set, call ad_replay first");
    check_error(tape, ad_jvp(y, x, x), AD_ERROR_STATE, "jvp: after ad_set, call ad_replay first");
    check_status(ad_backward(y), AD_ERROR_STATE, "backward: after ad_set, call ad_replay first");
    ck_assert(isnan(ad_gradcheck(y, x)));
    check_error(tape, none, AD_ERROR_STATE, "gradcheck: after ad_set, call ad_replay first");
    check_status(ad_tape_keep(tape, &x, 1), AD_ERROR_STATE,
                 "keep: after ad_set, call ad_replay first");
}
END_TEST

START_TEST(adjoints_before_any_sweep)
{
    ad_var x = ad_scalar(tape, 1);
    ck_assert_ptr_null(ad_adjoint(x));
    check_error(tape, none, AD_ERROR_STATE, "adjoint: no ad_backward yet");
}
END_TEST

START_TEST(adjoints_of_what_is_no_leaf)
{
    ad_var x = ad_scalar(tape, 1), y = ad_square(x);
    ad_backward(y);
    ck_assert_ptr_null(ad_adjoint(y));
    check_error(tape, none, AD_ERROR_ARGUMENT,
                "adjoint: the value of square is computed: adjoints are kept for leaves, use "
                "ad_grad");
}
END_TEST

/* ---- errors stick ---- */

START_TEST(the_first_error_stays_until_cleared)
{
    ad_var x = shape(2, 3);
    ad_det(x);
    ad_matmul(x, x);
    ad_value(x);
    check_error(tape, none, AD_ERROR_SHAPE, "det: 2x3 is not square");
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
    ck_assert_str_eq(ad_tape_message(tape), "");
}
END_TEST

START_TEST(while_there_is_one_sweeps_sets_and_replays_return_it)
{
    ad_var x = ad_scalar(tape, 1), y = ad_square(x);
    ad_det(shape(2, 3));
    ck_assert_int_eq(ad_backward(y), AD_ERROR_SHAPE);
    ck_assert_int_eq(ad_set(x, ones), AD_ERROR_SHAPE);
    ck_assert_int_eq(ad_replay(tape), AD_ERROR_SHAPE);
    ck_assert_int_eq(ad_tape_keep(tape, &x, 1), AD_ERROR_SHAPE);
    ck_assert(!ad_ok(ad_scalar(tape, 1)));
    ck_assert(!ad_ok(ad_grad(y, x)));
    ck_assert(!ad_ok(ad_detach(x)));
    ck_assert(isnan(ad_gradcheck(y, x)));
    check_error(tape, none, AD_ERROR_SHAPE, "det: 2x3 is not square");
}
END_TEST

START_TEST(while_there_is_one_values_can_be_read)
{
    ad_var x = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}), y = ad_matmul(x, x);
    ad_var s = ad_sum(x);
    ad_backward(s);
    ad_det(shape(2, 3));
    ck_assert(ad_ok(y));
    ck_assert_uint_eq(ad_rows(y), 2);
    check_array("value", ad_values(y), 4, (const double[]){7, 10, 15, 22}, 0);
    ck_assert_double_eq(ad_value(s), 10);
    check_array("adjoint", ad_adjoint(x), 4, ones, 0);
}
END_TEST

START_TEST(what_was_recorded_before_stays_valid)
{
    ad_var x = ad_scalar(tape, 3), y = ad_square(x);
    ad_det(shape(2, 3));
    ad_tape_clear_error(tape);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    ck_assert_double_eq(*ad_adjoint(x), 6);
    check_number(ad_add(y, x), 12, 0);
}
END_TEST

START_TEST(a_reset_clears_it)
{
    ad_det(shape(2, 3));
    ad_tape_reset(tape);
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
    ck_assert_str_eq(ad_tape_message(tape), "");
    ck_assert(ad_ok(ad_scalar(tape, 1)));
}
END_TEST

START_TEST(an_operation_that_failed_leaves_no_node)
{
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 2, 2, 4}), b = shape(2, 1);
    size_t nodes = ad_tape_statistics(tape).nodes;
    ad_solve(A, b);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, nodes);
}
END_TEST

START_TEST(overflow_is_no_error)
{
    check_number(ad_exp(ad_scalar(tape, 1000)), INFINITY, 0);
    check_number(ad_log(ad_scalar(tape, -1)), NAN, 0);
    check_number(ad_div(ad_scalar(tape, 1), ad_scalar(tape, 0)), INFINITY, 0);
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
}
END_TEST

START_TEST(every_status_has_a_text_of_its_own)
{
    for (int i = AD_OK; i <= AD_ERROR_STATE; i++)
        for (int j = AD_OK; j <= AD_ERROR_STATE + 1; j++)
            ck_assert_int_eq(
                strcmp(ad_status_string((ad_status)i), ad_status_string((ad_status)j)) == 0,
                i == j);
    ck_assert_str_eq(ad_status_string((ad_status)999), "unknown status");
    ck_assert_str_eq(ad_status_string(AD_ERROR_SHAPE), "shapes do not fit");
}
END_TEST

START_TEST(a_long_message_is_cut_not_overrun)
{
    char name[2000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    tape_fail(tape, AD_ERROR_ARGUMENT, "%s", name);
    ck_assert_uint_eq(strlen(ad_tape_message(tape)), MESSAGE_SIZE - 1);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("errors");
    TCase *cases = tcase_create("errors");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, shapes_that_do_not_broadcast);
    tcase_add_test(cases, shapes_that_do_not_multiply);
    tcase_add_test(cases, matrices_that_should_be_square);
    tcase_add_test(cases, no_extreme_of_no_elements);
    tcase_add_test(cases, derivatives_of_what_is_no_number);
    tcase_add_test(cases, directions_of_the_wrong_shape);
    tcase_add_test(cases, the_number_in_a_matrix);
    tcase_add_test(cases, sizes_that_overflow);
    tcase_add_test(cases, rows_without_columns_may_be_many);
    tcase_add_test(cases, more_memory_than_there_is);
    tcase_add_test(cases, more_nodes_than_a_tape_can_number);
    tcase_add_test(cases, positions_outside);
    tcase_add_test(cases, systems_with_a_singular_matrix);
    tcase_add_test(cases, they_are_errors_in_either_branch);
    tcase_add_test(cases, the_gradient_of_the_logarithm_of_a_zero_determinant);
    tcase_add_test(cases, setting_what_is_no_leaf);
    tcase_add_test(cases, between_set_and_replay);
    tcase_add_test(cases, adjoints_before_any_sweep);
    tcase_add_test(cases, adjoints_of_what_is_no_leaf);
    tcase_add_test(cases, the_first_error_stays_until_cleared);
    tcase_add_test(cases, while_there_is_one_sweeps_sets_and_replays_return_it);
    tcase_add_test(cases, while_there_is_one_values_can_be_read);
    tcase_add_test(cases, what_was_recorded_before_stays_valid);
    tcase_add_test(cases, a_reset_clears_it);
    tcase_add_test(cases, an_operation_that_failed_leaves_no_node);
    tcase_add_test(cases, overflow_is_no_error);
    tcase_add_test(cases, every_status_has_a_text_of_its_own);
    tcase_add_test(cases, a_long_message_is_cut_not_overrun);
    suite_add_tcase(s, cases);
    return s;
}

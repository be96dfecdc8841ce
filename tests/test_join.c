/* SPDX-License-Identifier: MIT */
/* Any number of matrices put together: values, derivatives, misuse, many operands. */
#include "ops/operations.h"

#include <math.h>

#include "tests/fixture.h"

static ad_var filled(size_t rows, size_t cols, double first)
{
    double values[64] = {0};
    for (size_t i = 0; i < rows * cols; i++) values[i] = first + (double)i;
    return ad_input(tape, rows, cols, values);
}

/* ---- values and derivatives ---- */

START_TEST(operands_follow_one_another)
{
    const ad_var x[] = {filled(2, 1, 1), filled(2, 3, 10), filled(2, 2, 20)};
    check_matrix(ad_hcat_all(x, 3), 2, 6,
                 (const double[]){1, 10, 11, 12, 20, 21, 2, 13, 14, 15, 22, 23}, 0);
    const ad_var y[] = {filled(1, 2, 1), filled(3, 2, 10), filled(2, 2, 20)};
    check_matrix(ad_vcat_all(y, 3), 6, 2,
                 (const double[]){1, 2, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23}, 0);
}
END_TEST

START_TEST(one_operand_is_itself)
{
    const ad_var x = filled(2, 3, 1), s = ad_scalar(tape, 7);
    check_matrix(ad_hcat_all(&x, 1), 2, 3, ad_values(x), 0);
    check_matrix(ad_vcat_all(&x, 1), 2, 3, ad_values(x), 0);
    check_number(ad_vcat_all(&s, 1), 7, 0);
    check_gradient(ad_square(ad_hcat_all(&s, 1)), s, (const double[]){14}, 0);
}
END_TEST

START_TEST(operands_without_elements_take_no_room)
{
    const ad_var x[] = {filled(0, 2, 0), filled(1, 2, 1), filled(0, 2, 0)};
    check_matrix(ad_vcat_all(x, 3), 1, 2, (const double[]){1, 2}, 0);
    check_matrix(ad_vcat_all(x, 1), 0, 2, NULL, 0);
    check_matrix(ad_hcat_all((const ad_var[]){x[0], x[2], x[0]}, 3), 0, 6, NULL, 0);
    check_gradient(ad_sum(ad_vcat_all(x, 3)), x[1], (const double[]){1, 1}, 0);
    check_matrix(ad_grad(ad_sum(ad_vcat_all(x, 3)), x[2]), 0, 2, NULL, 0);
    const ad_var endless = ad_input(tape, SIZE_MAX, 0, NULL);
    ck_assert_uint_eq(ad_rows(ad_hcat_all((const ad_var[]){endless, endless}, 2)), SIZE_MAX);
}
END_TEST

/* z = sum u y^3: gradient 3 u x^2 at each element, that of its sum 6 u x. */
static void check_shares(ad_var y, const double *weights, const ad_var *x, const double *const *u,
                         size_t count)
{
    const ad_var w = ad_constant(tape, ad_rows(y), ad_cols(y), weights);
    const ad_var z = ad_dot(w, ad_powi(y, 3));
    for (size_t k = 0; k < count; k++) {
        double first[64], second[64];
        for (size_t i = 0; i < ad_rows(x[k]) * ad_cols(x[k]); i++) {
            const double value = ad_values(x[k])[i];
            first[i] = 3 * u[k][i] * value * value;
            second[i] = 6 * u[k][i] * value;
        }
        check_gradient(z, x[k], first, 0);
        check_gradient(ad_sum(ad_grad(z, x[k])), x[k], second, 0);
    }
}

START_TEST(each_operand_gets_its_block_of_the_adjoint)
{
    const ad_var x[] = {filled(2, 1, 1), filled(2, 2, 3), filled(2, 1, 7)};
    check_shares(ad_hcat_all(x, 3), (const double[]){1, 2, 3, 4, 5, 6, 7, 8}, x,
                 (const double *const[]){(const double[]){1, 5}, (const double[]){2, 3, 6, 7},
                                         (const double[]){4, 8}},
                 3);
    const ad_var y[] = {filled(1, 2, 1), filled(2, 2, 3), filled(1, 2, 7)};
    check_shares(ad_vcat_all(y, 3), (const double[]){1, 2, 3, 4, 5, 6, 7, 8}, y,
                 (const double *const[]){(const double[]){1, 2}, (const double[]){3, 4, 5, 6},
                                         (const double[]){7, 8}},
                 3);
}
END_TEST

START_TEST(an_operand_given_twice_gets_both_shares)
{
    const ad_var x = filled(1, 2, 1), c = ad_constant(tape, 1, 2, (const double[]){8, 9});
    const ad_var y = ad_vcat_all((const ad_var[]){x, c, x}, 3);
    const ad_var w = ad_constant(tape, 3, 2, (const double[]){1, 2, 30, 40, 500, 600});
    check_gradient(ad_dot(w, ad_square(y)), x, (const double[]){1002, 2408}, 0);
}
END_TEST

START_TEST(a_replay_joins_the_new_values)
{
    const ad_var x[] = {filled(1, 1, 1), filled(1, 1, 2), filled(1, 1, 3)};
    const ad_var y = ad_hcat_all(x, 3);
    ad_set(x[1], (const double[]){20});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_matrix(y, 1, 3, (const double[]){1, 20, 3}, 0);
}
END_TEST

START_TEST(rows_of_any_shape_are_stacked)
{
    const ad_var x[] = {filled(2, 2, 1), filled(4, 1, 10), filled(1, 4, 20)};
    const ad_var y = operation_stack(tape, x, 3, 4);
    check_matrix(y, 3, 4, (const double[]){1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22, 23}, 0);
    const double u[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    check_shares(y, u, x, (const double *const[]){u, u + 4, u + 8}, 3);
    check_matrix(operation_stack(tape, NULL, 0, 4), 0, 4, NULL, 0);
    check_error(tape, operation_stack(tape, x, 3, 3), AD_ERROR_SHAPE,
                "stack: row 0 is 2x2, not 3 elements");
}
END_TEST

/* ---- misuse ---- */

START_TEST(nothing_to_join_is_invalid)
{
    const ad_var x = ad_scalar(tape, 1);
    ck_assert(!ad_ok(ad_hcat_all(&x, 0)) && !ad_ok(ad_vcat_all(&x, 0)));
    ck_assert(!ad_ok(ad_hcat_all(NULL, 3)) && !ad_ok(ad_vcat_all(NULL, 3)));
    ck_assert(!ad_ok(ad_hcat_all(NULL, 0)) && !ad_ok(ad_vcat_all(NULL, 0)));
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
}
END_TEST

START_TEST(the_argument_that_does_not_fit_is_named)
{
    const ad_var x[] = {filled(2, 3, 0), filled(2, 3, 0), filled(2, 4, 0), filled(3, 4, 0)};
    check_error(tape, ad_vcat_all(x, 4), AD_ERROR_SHAPE,
                "vcat_all: argument 3 is 2x4, argument 1 is 2x3: columns differ");
    check_error(tape, ad_hcat_all(x, 4), AD_ERROR_SHAPE,
                "hcat_all: argument 4 is 3x4, argument 1 is 2x3: rows differ");
    const ad_var wide[] = {filled(0, 2, 0), ad_constant(tape, 0, SIZE_MAX - 1, NULL)};
    check_error(tape, ad_hcat_all(wide, 2), AD_ERROR_SIZE,
                "hcat_all: argument 2 is 0x18446744073709551614, argument 1 is 0x2: too large");
}
END_TEST

START_TEST(handles_are_checked)
{
    const ad_var none = {0}, x = ad_scalar(tape, 1);
    check_error(tape, ad_vcat_all((const ad_var[]){x, none, x}, 3), AD_ERROR_ARGUMENT,
                "vcat_all: invalid handle (argument 2)");
    ad_tape *other = ad_tape_new();
    const ad_var y = ad_scalar(other, 2);
    check_error(tape, ad_hcat_all((const ad_var[]){x, x, y}, 3), AD_ERROR_TAPE,
                "hcat_all: operands on different tapes");
    ck_assert_str_eq(ad_tape_message(other), "hcat_all: operands on different tapes");
    ad_tape_free(other);
    ad_tape_reset(tape);
    const ad_var z = ad_scalar(tape, 3);
    check_error(tape, ad_vcat_all((const ad_var[]){z, x}, 2), AD_ERROR_STALE,
                "vcat_all: stale handle: its value was dropped by a reset, rewind or keep");
}
END_TEST

/* ---- many operands ---- */

enum { MANY = 20000 };

static ad_var joined_in_parts(const ad_var *x, size_t parts)
{
    ad_var part[MANY];
    for (size_t k = 0; k < parts; k++) part[k] = ad_hcat_all(x + k * (MANY / parts), MANY / parts);
    return ad_vcat_all(part, parts);
}

START_TEST(many_operands_are_joined_in_memory_linear_in_their_number)
{
    static ad_var x[MANY], gradients[MANY];
    static double weights[MANY];
    for (size_t k = 0; k < MANY; k++) {
        weights[k] = (double)k;
        x[k] = ad_scalar(tape, 1 + (double)(k % 7));
    }
    for (size_t parts = 1; parts <= MANY; parts *= 100) {
        const ad_var y = joined_in_parts(x, parts);
        const ad_var w = ad_constant(tape, parts, MANY / parts, weights);
        const ad_var z = ad_dot(w, ad_square(y));
        ck_assert_int_eq(ad_backward(z), AD_OK);
        ck_assert_int_eq(ad_grads(z, x, MANY, gradients), AD_OK);
        for (size_t k = 0; k < MANY; k++) {
            ck_assert_double_eq(ad_values(y)[k], ad_value(x[k]));
            ck_assert_double_eq(ad_value(gradients[k]), 2 * (double)k * ad_value(x[k]));
            ck_assert_double_eq(ad_adjoint(x[k])[0], ad_value(gradients[k]));
        }
    }
    ck_assert_uint_lt(ad_tape_statistics(tape).bytes, MANY * 2000);
}
END_TEST

/* Quadratic, this would take minutes. */
START_TEST(many_operands_share_an_adjoint_with_gaps)
{
    enum { COUNT = 200000 };
    ad_var *x = calloc(COUNT, sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (size_t k = 0; k < COUNT; k++) x[k] = ad_scalar(tape, (double)k);
    const ad_var y = ad_vcat_all(x, COUNT);
    ck_assert_int_eq(ad_backward(ad_sum(ad_square(ad_block(y, 1, 0, COUNT - 2, 1)))), AD_OK);
    for (size_t k = 0; k < COUNT; k++)
        ck_assert_double_eq(*ad_adjoint(x[k]), k == COUNT - 1 ? 0 : 2 * (double)k);
    free(x);
}
END_TEST

START_TEST(many_operands_are_kept_and_traced)
{
    ad_var kept[101];
    for (size_t k = 0; k < 100; k++) kept[k] = ad_scalar(tape, (double)k);
    kept[100] = ad_vcat_all(kept, 100);
    ad_exp(kept[100]);
    ck_assert_int_eq(ad_tape_keep(tape, kept, 101), AD_OK);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 101);
    check_gradient(ad_sum(ad_square(ad_block(kept[100], 1, 0, 2, 1))), kept[2], (const double[]){4},
                   0);
    char text[64];
    const ad_var w = ad_constant(tape, 100, 1, (const double[100]){NAN});
    ck_assert_int_eq(ad_backward(ad_dot(w, kept[100])), AD_OK);
    ck_assert(ad_tape_find_nonfinite(tape, AD_ADJOINTS, text, sizeof text));
    ck_assert_str_eq(text, "adjoint of vcat_all (node 100, 100x1) of input = 0, input = 1, ");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("join");
    TCase *all = tcase_create("join");
    tcase_add_checked_fixture(all, make_tape, free_tape);
    tcase_add_test(all, operands_follow_one_another);
    tcase_add_test(all, one_operand_is_itself);
    tcase_add_test(all, operands_without_elements_take_no_room);
    tcase_add_test(all, each_operand_gets_its_block_of_the_adjoint);
    tcase_add_test(all, an_operand_given_twice_gets_both_shares);
    tcase_add_test(all, a_replay_joins_the_new_values);
    tcase_add_test(all, rows_of_any_shape_are_stacked);
    tcase_add_test(all, nothing_to_join_is_invalid);
    tcase_add_test(all, the_argument_that_does_not_fit_is_named);
    tcase_add_test(all, handles_are_checked);
    tcase_add_test(all, many_operands_are_joined_in_memory_linear_in_their_number);
    tcase_add_test(all, many_operands_share_an_adjoint_with_gaps);
    tcase_add_test(all, many_operands_are_kept_and_traced);
    suite_add_tcase(s, all);
    return s;
}

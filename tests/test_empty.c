/* SPDX-License-Identifier: MIT */
/* Matrices without elements are matrices. */
#include <math.h>

#include "tests/fixture.h"

static ad_var empty(size_t rows, size_t cols)
{
    return ad_input(tape, rows, cols, NULL);
}

static const double zeros[6], ones[] = {1, 1, 1, 1, 1, 1};

typedef struct reduction {
    const char *name;
    ad_var (*of)(ad_var);
    double expected;
} reduction;

static const size_t shapes[][2] = {{0, 0}, {0, 1}, {1, 0}, {0, 3}, {3, 0}};

/* Value, gradient and Hessian, which are empty. */
static void check_reduction(const reduction *r, size_t rows, size_t cols)
{
    ad_var x = empty(rows, cols), y = r->of(x);
    ck_assert_msg(ad_ok(y), "%s of %zux%zu: %s", r->name, rows, cols, ad_tape_message(tape));
    check_number(y, r->expected, 0);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    check_matrix(ad_grad(y, x), rows, cols, NULL, 0);
    check_matrix(ad_hessian(y, x), 0, 0, NULL, 0);
}

START_TEST(reductions_of_no_elements)
{
    const reduction reductions[] = {
        {"sum", ad_sum, 0},           {"mean", ad_mean, NAN},
        {"prod", ad_prod, 1},         {"logsumexp", ad_logsumexp, -INFINITY},
        {"norm1", ad_norm1, 0},       {"norm2", ad_norm2, 0},
        {"norm_inf", ad_norm_inf, 0}, {"norm_fro", ad_norm_fro, 0}};
    for (size_t i = 0; i < sizeof reductions / sizeof *reductions; i++)
        for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
            check_reduction(&reductions[i], shapes[k][0], shapes[k][1]);
}
END_TEST

START_TEST(many_rows_of_nothing_take_no_time)
{
    ad_var x = empty(SIZE_MAX, 0), y = ad_norm_fro(x);
    check_number(y, 0, 0);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    check_matrix(ad_grad(y, x), SIZE_MAX, 0, NULL, 0);
}
END_TEST

/* A number beside no elements takes part in none, so that its own slope does not matter. */
START_TEST(an_empty_value_has_no_adjoint_to_pass_on)
{
    ad_var x = ad_scalar(tape, 0), root = ad_sqrt(x);
    const ad_var values[] = {ad_add(root, empty(2, 0)), ad_mul(root, empty(0, 0)),
                             ad_direction(root, empty(2, 0)), ad_broadcast(root, 0, 1)};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        ad_var y = ad_sum(values[i]);
        ck_assert_int_eq(ad_backward(y), AD_OK);
        check_array("adjoint", ad_adjoint(x), 1, (const double[]){0}, 0);
        check_number(ad_grad(y, x), 0, 0);
        check_number(ad_hessian(y, x), 0, 0);
    }
}
END_TEST

START_TEST(reductions_of_the_0x0_matrix)
{
    const reduction reductions[] = {{"trace", ad_trace, 0},
                                    {"det", ad_det, 1},
                                    {"logabsdet", ad_logabsdet, 0},
                                    {"detsign", ad_detsign, 1}};
    for (size_t i = 0; i < sizeof reductions / sizeof *reductions; i++)
        check_reduction(&reductions[i], 0, 0);
}
END_TEST

START_TEST(reductions_by_row_and_by_column)
{
    check_matrix(ad_sum_rows(empty(3, 0)), 3, 1, zeros, 0);
    check_matrix(ad_sum_cols(empty(3, 0)), 1, 0, NULL, 0);
    check_matrix(ad_sum_rows(empty(0, 3)), 0, 1, NULL, 0);
    check_matrix(ad_sum_cols(empty(0, 3)), 1, 3, zeros, 0);
    check_matrix(ad_prod_rows(empty(3, 0)), 3, 1, ones, 0);
    check_matrix(ad_prod_cols(empty(0, 3)), 1, 3, ones, 0);
    check_matrix(ad_max_rows(empty(0, 3)), 0, 1, NULL, 0);
    check_matrix(ad_min_cols(empty(3, 0)), 1, 0, NULL, 0);
}
END_TEST

START_TEST(products_over_no_elements_are_zeros)
{
    ad_var A = empty(2, 0), B = empty(0, 3);
    check_matrix(ad_matmul(A, B), 2, 3, zeros, 0);
    check_matrix(ad_matmul(B, ad_input(tape, 3, 1, ones)), 0, 1, NULL, 0);
    check_number(ad_dot(A, A), 0, 0);
    check_number(ad_quad(empty(0, 1), empty(0, 0), empty(1, 0)), 0, 0);
    check_matrix(ad_outer(empty(0, 1), ad_input(tape, 2, 1, ones)), 0, 2, NULL, 0);
    check_matrix(ad_kron(A, B), 0, 0, NULL, 0);
    ad_var y = ad_sum(ad_matmul(A, B));
    ck_assert_int_eq(ad_backward(y), AD_OK);
    check_matrix(ad_grad(y, A), 2, 0, NULL, 0);
}
END_TEST

START_TEST(systems_of_no_equations)
{
    ad_var A = empty(0, 0), R = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4});
    check_matrix(ad_solve(A, empty(0, 3)), 0, 3, NULL, 0);
    check_matrix(ad_solve(R, empty(2, 0)), 2, 0, NULL, 0);
    check_matrix(ad_inverse(A), 0, 0, NULL, 0);
    check_matrix(ad_cholesky(A), 0, 0, NULL, 0);
    check_matrix(ad_cofactor(A), 0, 0, NULL, 0);
    check_number(ad_charpoly(A, ad_scalar(tape, 5)), 1, 0);
}
END_TEST

START_TEST(moved_elements)
{
    ad_var x = empty(0, 3), y = ad_input(tape, 2, 3, ones);
    check_matrix(ad_transpose(x), 3, 0, NULL, 0);
    check_matrix(ad_reshape(x, 5, 0), 5, 0, NULL, 0);
    check_matrix(ad_block(y, 2, 0, 0, 3), 0, 3, NULL, 0);
    check_matrix(ad_vcat(x, y), 2, 3, ones, 0);
    check_matrix(ad_hcat(x, empty(0, 2)), 0, 5, NULL, 0);
    check_matrix(ad_diag(empty(0, 1)), 0, 0, NULL, 0);
    check_matrix(ad_diagonal(x), 0, 1, NULL, 0);
    check_matrix(ad_gather(y, NULL, 0, 2), 0, 2, NULL, 0);
    check_matrix(ad_scatter(x, NULL, 2, 3), 2, 3, zeros, 0);
    check_matrix(ad_broadcast(ad_scalar(tape, 1), 0, 3), 0, 3, NULL, 0);
    check_matrix(ad_tril(x), 0, 3, NULL, 0);
}
END_TEST

START_TEST(a_dimension_of_1_is_broadcast_to_0)
{
    ad_var x = empty(0, 3), row = ad_input(tape, 1, 3, ones), s = ad_scalar(tape, 2);
    check_matrix(ad_add(x, row), 0, 3, NULL, 0);
    check_matrix(ad_where(s, x, row), 0, 3, NULL, 0);
    ad_var y = ad_sum(ad_mul(ad_mul(x, row), s));
    check_gradient(y, row, zeros, 0);
    check_gradient(y, s, zeros, 0);
    check_error(tape, ad_add(x, ad_input(tape, 2, 3, ones)), AD_ERROR_SHAPE,
                "add: 0x3 and 2x3: shapes do not broadcast");
}
END_TEST

START_TEST(reading_and_setting_them)
{
    ad_var x = empty(0, 3);
    ck_assert(ad_ok(x));
    ck_assert_uint_eq(ad_rows(x), 0);
    ck_assert_uint_eq(ad_cols(x), 3);
    ck_assert_ptr_nonnull(ad_values(x));
    ad_var y = ad_sum(x);
    ck_assert_int_eq(ad_set(x, NULL), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    ad_backward(y);
    ck_assert_ptr_nonnull(ad_adjoint(x));
    ck_assert(isnan(ad_value(x)));
    check_error(tape, (ad_var){0}, AD_ERROR_SHAPE, "value: a 0x3 matrix, not a 1x1: use ad_values");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("empty matrices");
    TCase *cases = tcase_create("empty");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, reductions_of_no_elements);
    tcase_add_test(cases, many_rows_of_nothing_take_no_time);
    tcase_add_test(cases, an_empty_value_has_no_adjoint_to_pass_on);
    tcase_add_test(cases, reductions_of_the_0x0_matrix);
    tcase_add_test(cases, reductions_by_row_and_by_column);
    tcase_add_test(cases, products_over_no_elements_are_zeros);
    tcase_add_test(cases, systems_of_no_equations);
    tcase_add_test(cases, moved_elements);
    tcase_add_test(cases, a_dimension_of_1_is_broadcast_to_0);
    tcase_add_test(cases, reading_and_setting_them);
    suite_add_tcase(s, cases);
    return s;
}

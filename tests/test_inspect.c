/* SPDX-License-Identifier: MIT */
/* Looking inside a tape: names, values that are not finite, figures. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/counting.h"
#include "tests/fixture.h"

/* ---- values and adjoints that are not finite ---- */

static void check_found(ad_which which, const char *expected)
{
    char text[300] = "untouched";
    ck_assert(ad_tape_find_nonfinite(tape, which, text, sizeof text));
    ck_assert_str_eq(text, expected);
}

static void check_none(ad_which which)
{
    char text[300] = "untouched";
    ck_assert(!ad_tape_find_nonfinite(tape, which, text, sizeof text));
    ck_assert_str_eq(text, "");
}

START_TEST(the_first_value_that_is_not_finite_is_found)
{
    ad_var x = ad_name(ad_scalar(tape, -1), "x"), y = ad_name(ad_sub(x, ad_scalar(tape, 1)), "y");
    check_none(AD_VALUES);
    ad_exp(ad_sqrt(y));
    check_found(AD_VALUES, "value of sqrt (node 3, 1x1) of y = -2");
}
END_TEST

START_TEST(operands_are_told_by_name_value_or_shape)
{
    ad_var A = ad_name(INPUT(2, 2, 1e308, 1, 1, 1), "A"), B = INPUT(2, 2, 10, 1, 1, 1);
    ad_name(ad_matmul(A, B), "product");
    check_found(AD_VALUES, "value of matmul (node 2, 2x2) named product of A (2x2), input (2x2)");
    ad_tape_reset(tape);
    ad_var x = ad_scalar(tape, 0);
    ad_div(ad_name(ad_exp(x), "e"), x);
    check_found(AD_VALUES, "value of div (node 2, 1x1) of e = 1, input = 0");
}
END_TEST

START_TEST(leaves_are_looked_at_too)
{
    INPUT(1, 2, 1, INFINITY);
    check_found(AD_VALUES, "value of input (node 0, 1x2)");
    ad_tape_reset(tape);
    ad_name(ad_constant(tape, 1, 1, (const double[]){NAN}), "c");
    check_found(AD_VALUES, "value of constant (node 0, 1x1) named c");
}
END_TEST

START_TEST(the_first_adjoint_in_the_order_of_the_sweep_is_found)
{
    ad_var x = ad_name(ad_scalar(tape, 0), "x"), root = ad_name(ad_sqrt(x), "root");
    ad_var y = ad_mul(root, ad_scalar(tape, 2));
    check_none(AD_ADJOINTS);
    ad_backward(y);
    check_found(AD_ADJOINTS, "adjoint of input (node 0, 1x1) named x");
    ad_backward(ad_sum(ad_log(ad_mul(INPUT(2, 1, 0, 1), x))));
    check_found(AD_ADJOINTS, "adjoint of mul (node 5, 2x1) of input (2x1), x = 0");
}
END_TEST

START_TEST(adjoints_of_an_earlier_sweep_do_not_count)
{
    ad_var x = ad_scalar(tape, 0), y = ad_sqrt(x), z = ad_scalar(tape, 1);
    ad_backward(y);
    ad_backward(ad_square(z));
    check_none(AD_ADJOINTS);
    ad_backward(y);
    ad_replay(tape);
    check_none(AD_ADJOINTS);
}
END_TEST

START_TEST(the_text_is_cut_to_the_buffer)
{
    char text[12] = "untouched!!";
    ad_log(ad_scalar(tape, 0));
    for (size_t size = 1; size <= sizeof text; size++) {
        memset(text, '#', sizeof text);
        ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, size));
        ck_assert_uint_eq(strlen(text), size - 1);
        ck_assert(strncmp(text, "value of log (node 1", size - 1) == 0);
    }
    memset(text, '#', sizeof text);
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, 0));
    ck_assert(text[0] == '#');
}
END_TEST

/* ---- names ---- */

START_TEST(a_name_is_copied_and_can_be_changed_or_removed)
{
    char name[] = "first";
    ad_var x = ad_name(ad_scalar(tape, NAN), name);
    strcpy(name, "other");
    check_found(AD_VALUES, "value of input (node 0, 1x1) named first");
    ad_name(x, "second, which is longer than the first and than what fits a short name");
    check_found(AD_VALUES, "value of input (node 0, 1x1) named second, which is longer than the "
                           "first and than what fits a short name");
    ad_name(x, "");
    check_found(AD_VALUES, "value of input (node 0, 1x1) named ");
    ad_name(x, NULL);
    check_found(AD_VALUES, "value of input (node 0, 1x1)");
}
END_TEST

START_TEST(a_name_that_cannot_be_changed_stays)
{
    static char longer[1 << 20];
    char text[100];
    counting memory;
    counting_init(&memory);
    ad_tape *own = counting_tape(&memory);
    ad_var x = ad_name(ad_scalar(own, NAN), "first");
    memset(longer, 'x', sizeof longer - 1);
    memory.most = sizeof longer / 2;
    ad_name(x, longer);
    ck_assert_int_eq(ad_tape_status(own), AD_ERROR_MEMORY);
    ad_tape_clear_error(own);
    ck_assert(ad_tape_find_nonfinite(own, AD_VALUES, text, sizeof text));
    ck_assert_str_eq(text, "value of input (node 0, 1x1) named first");
    ad_tape_free(own);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(naming_returns_the_handle)
{
    ad_var x = ad_scalar(tape, 1), same = ad_name(x, "x");
    ck_assert(memcmp(&x, &same, sizeof x) == 0);
}
END_TEST

START_TEST(many_values_can_have_names)
{
    char name[32], text[100], expected[100];
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "value %d", i);
        ad_name(ad_scalar(tape, i), name);
    }
    for (int i = 0; i < 500; i += 37) {
        ad_var bad = ad_name(ad_scalar(tape, NAN), "bad");
        snprintf(expected, sizeof expected, "value of input (node %u, 1x1) named bad", bad.node);
        ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
        ck_assert_str_eq(text, expected);
        ad_set(bad, (const double[]){0});
        ad_replay(tape);
    }
}
END_TEST

/* ---- figures ---- */

START_TEST(nodes_are_counted)
{
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 0);
    ad_var x = ad_scalar(tape, 2);
    ad_square(x);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 2);
    ad_tape_reset(tape);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 0);
}
END_TEST

/* One factorization serves the determinant, the cofactors, the systems, and their derivatives. */
START_TEST(a_matrix_is_factored_once)
{
    ad_var A = INPUT(3, 3, 4, 1, 0, 1, 3, 1, 0, 1, 5), b = INPUT(3, 1, 1, 2, 3);
    ad_var y = ad_add(ad_det(A), ad_logabsdet(A));
    ad_detsign(A);
    ad_cofactor(A);
    ad_backward(y);
    ad_hvp(ad_det(A), A, A);
    ad_var z = ad_add(ad_sum(ad_solve(A, b)), ad_sum(ad_inverse(A)));
    ad_backward(z);
    ad_grad(z, A);
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 1);
    ad_det(ad_scale(A, 2));
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 2);
}
END_TEST

START_TEST(a_replay_factors_anew_and_once)
{
    ad_var A = INPUT(2, 2, 4, 1, 1, 3), d = ad_det(A), l = ad_logabsdet(A);
    ad_set(A, (const double[]){1, 2, 3, 4});
    ad_replay(tape);
    ad_backward(ad_add(d, l));
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 2);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("looking inside");
    TCase *cases = tcase_create("looking inside");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, the_first_value_that_is_not_finite_is_found);
    tcase_add_test(cases, operands_are_told_by_name_value_or_shape);
    tcase_add_test(cases, leaves_are_looked_at_too);
    tcase_add_test(cases, the_first_adjoint_in_the_order_of_the_sweep_is_found);
    tcase_add_test(cases, adjoints_of_an_earlier_sweep_do_not_count);
    tcase_add_test(cases, the_text_is_cut_to_the_buffer);
    tcase_add_test(cases, a_name_is_copied_and_can_be_changed_or_removed);
    tcase_add_test(cases, a_name_that_cannot_be_changed_stays);
    tcase_add_test(cases, naming_returns_the_handle);
    tcase_add_test(cases, many_values_can_have_names);
    tcase_add_test(cases, nodes_are_counted);
    tcase_add_test(cases, a_matrix_is_factored_once);
    tcase_add_test(cases, a_replay_factors_anew_and_once);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* ad_print: a value as people read it. */
#define _POSIX_C_SOURCE 200809L
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "tests/fixture.h"

static const ad_var none;

static void check_printed(ad_var x, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(ad_print(file, x), AD_OK);
    fclose(file);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(a_scalar_is_a_number_with_six_digits)
{
    check_printed(ad_scalar(tape, 1.0 / 3), "0.333333\n");
    check_printed(ad_scalar(tape, 2), "2\n");
    check_printed(ad_number(tape, -1e-300), "-1e-300\n");
    check_printed(ad_number(tape, -DBL_MAX), "-1.79769e+308\n");
    check_printed(ad_number(tape, -4.94066e-324), "-4.94066e-324\n");
}
END_TEST

START_TEST(the_columns_of_a_matrix_are_aligned)
{
    check_printed(INPUT(2, 3, 1, -20, 0.5, 300, 4, 1e7), "    1    -20    0.5\n"
                                                         "  300      4  1e+07\n");
    check_printed(INPUT(2, 1, 3, -4), " 3\n-4\n");
}
END_TEST

START_TEST(what_is_not_finite_has_a_name)
{
    check_printed(INPUT(1, 4, INFINITY, -INFINITY, NAN, -NAN), " inf  -inf   nan   nan\n");
}
END_TEST

START_TEST(a_value_without_elements_tells_its_shape)
{
    check_printed(ad_input(tape, 0, 3, NULL), "empty 0x3\n");
    check_printed(ad_input(tape, 3, 0, NULL), "empty 3x0\n");
}
END_TEST

START_TEST(a_computed_value_is_printed_while_the_tape_holds_an_error)
{
    ad_var y = ad_square(ad_scalar(tape, 3));
    ad_matmul(INPUT(1, 2, 1, 2), INPUT(1, 2, 1, 2));
    ck_assert_int_eq(ad_tape_status(tape), AD_ERROR_SHAPE);
    check_printed(y, "9\n");
}
END_TEST

START_TEST(misuse_is_reported)
{
    ad_var x = ad_scalar(tape, 1);
    ck_assert_int_eq(ad_print(NULL, x), AD_ERROR_ARGUMENT);
    check_error(tape, none, AD_ERROR_ARGUMENT, "print: no file (NULL)");
    ck_assert_int_eq(ad_print(stdout, none), AD_ERROR_ARGUMENT);
    ad_tape_reset(tape);
    ck_assert_int_eq(ad_print(stdout, x), AD_ERROR_STALE);
    check_error(tape, none, AD_ERROR_STALE,
                "print: stale handle: its value was dropped by a reset, rewind or keep");
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_reported)
{
    FILE *full = fopen("/dev/full", "w");
    if (!full) return;
    setvbuf(full, NULL, _IONBF, 0);
    ck_assert_int_eq(ad_print(full, ad_scalar(tape, 1)), AD_ERROR_ARGUMENT);
    fclose(full);
    check_error(tape, none, AD_ERROR_ARGUMENT, "print: the file cannot be written");
}
END_TEST

START_TEST(a_value_that_a_failed_replay_left_unknown_is_not_printed)
{
    ad_var A = INPUT(2, 2, 4, 1, 1, 3), X = ad_inverse(A);
    ad_set(A, (const double[]){1, 2, 2, 4});
    ck_assert_int_eq(ad_replay(tape), AD_ERROR_SINGULAR);
    ad_tape_clear_error(tape);
    check_printed(A, "1  2\n2  4\n");
    ck_assert_int_eq(ad_print(stdout, X), AD_ERROR_STATE);
    check_error(tape, none, AD_ERROR_STATE,
                "print: the value is not known, since the last replay failed");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("printing a value");
    TCase *cases = tcase_create("printing a value");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, a_scalar_is_a_number_with_six_digits);
    tcase_add_test(cases, the_columns_of_a_matrix_are_aligned);
    tcase_add_test(cases, what_is_not_finite_has_a_name);
    tcase_add_test(cases, a_value_without_elements_tells_its_shape);
    tcase_add_test(cases, a_computed_value_is_printed_while_the_tape_holds_an_error);
    tcase_add_test(cases, misuse_is_reported);
    tcase_add_test(cases, a_file_that_cannot_be_written_is_reported);
    tcase_add_test(cases, a_value_that_a_failed_replay_left_unknown_is_not_printed);
    suite_add_tcase(s, cases);
    return s;
}

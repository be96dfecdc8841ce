/* SPDX-License-Identifier: MIT */
/* Handles and marks: what a reset, a rewind, or a tape's own past makes of them. */
#include "tape/tape.h"

#include <math.h>
#include <string.h>

#include "tests/fixture.h"

static const ad_var none = {0};

static void check_stale(ad_var x)
{
    ck_assert(!ad_ok(x));
    ck_assert_uint_eq(ad_rows(x), 0);
    ck_assert_uint_eq(ad_cols(x), 0);
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
    ck_assert_ptr_null(ad_values(x));
    check_error(tape, none, AD_ERROR_STALE,
                "values: stale handle: its value was dropped by a reset, rewind or keep");
    check_error(tape, ad_square(x), AD_ERROR_STALE,
                "square: stale handle: its value was dropped by a reset, rewind or keep");
}

static void check_stale_mark(ad_mark mark)
{
    ck_assert_int_eq(ad_tape_rewind(tape, mark), AD_ERROR_STALE);
    check_error(tape, none, AD_ERROR_STALE,
                "rewind: the mark is from before a reset or above a later rewind");
}

START_TEST(a_handle_is_16_bytes)
{
    ck_assert_uint_eq(sizeof(ad_var), 16);
}
END_TEST

START_TEST(asking_whether_a_handle_is_valid_records_no_error)
{
    ad_var x = ad_scalar(tape, 1);
    ad_tape_reset(tape);
    ck_assert(!ad_ok(x));
    ck_assert_uint_eq(ad_rows(x) + ad_cols(x), 0);
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
}
END_TEST

/* ---- reset ---- */

START_TEST(a_reset_makes_every_handle_stale)
{
    ad_var x = ad_scalar(tape, 1), y = ad_input(tape, 2, 1, (const double[]){1, 2});
    ad_tape_reset(tape);
    check_stale(x);
    check_stale(y);
}
END_TEST

START_TEST(also_when_its_number_is_used_again)
{
    ad_var x = ad_scalar(tape, 1);
    ad_tape_reset(tape);
    ad_var y = ad_scalar(tape, 2);
    ck_assert_uint_eq(x.node, y.node);
    check_stale(x);
    check_number(ad_square(y), 4, 0);
}
END_TEST

START_TEST(a_reset_forgets_everything)
{
    ad_var A = ad_name(ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}), "A");
    ad_backward(ad_det(A));
    ad_set(A, (const double[]){1, 0, 0, 1});
    ad_tape_reset(tape);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 0);
    ad_var B = ad_input(tape, 2, 2, (const double[]){NAN, 0, 0, 3});
    ck_assert_ptr_null(ad_adjoint(B));
    check_error(tape, none, AD_ERROR_STATE, "adjoint: no ad_backward yet");
    char text[100];
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
    ck_assert_str_eq(text, "value of input (node 0, 2x2)");
}
END_TEST

/* ---- rewind ---- */

START_TEST(a_rewind_keeps_what_is_before_the_mark_and_drops_what_is_after)
{
    ad_var x = ad_scalar(tape, 1), y = ad_square(x);
    ad_mark mark = ad_tape_mark(tape);
    ad_var z = ad_square(y);
    ck_assert_int_eq(ad_tape_rewind(tape, mark), AD_OK);
    check_number(y, 1, 0);
    check_stale(z);
    check_number(ad_add(x, y), 2, 0);
    check_stale(z);
}
END_TEST

START_TEST(a_mark_can_be_gone_back_to_again_and_again)
{
    ad_var x = ad_scalar(tape, 3), last = none;
    ad_mark mark = ad_tape_mark(tape);
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(ad_tape_rewind(tape, mark), AD_OK);
        if (i) ck_assert(!ad_ok(last));
        last = ad_scale(x, i);
        ck_assert_double_eq(ad_value(last), 3 * i);
    }
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 3);
}
END_TEST

START_TEST(marks_nest)
{
    ad_mark marks[50];
    ad_var x[50];
    for (int i = 0; i < 50; i++) {
        marks[i] = ad_tape_mark(tape);
        x[i] = ad_scalar(tape, i);
    }
    for (int i = 49; i >= 0; i -= 7) {
        ck_assert_int_eq(ad_tape_rewind(tape, marks[i]), AD_OK);
        for (int k = 0; k < 50; k++) ck_assert(ad_ok(x[k]) == (k < i));
    }
}
END_TEST

START_TEST(a_mark_above_a_later_rewind_is_stale)
{
    ad_scalar(tape, 1);
    ad_mark low = ad_tape_mark(tape);
    ad_scalar(tape, 2);
    ad_mark high = ad_tape_mark(tape);
    ad_tape_rewind(tape, low);
    check_stale_mark(high);
    ad_scalar(tape, 3);
    check_stale_mark(high);
    ad_scalar(tape, 4);
    check_stale_mark(high);
    ck_assert_int_eq(ad_tape_rewind(tape, low), AD_OK);
}
END_TEST

START_TEST(a_mark_from_before_a_reset_is_stale)
{
    ad_mark start = ad_tape_mark(tape);
    ad_scalar(tape, 1);
    ad_mark mark = ad_tape_mark(tape);
    ad_tape_reset(tape);
    check_stale_mark(start);
    check_stale_mark(mark);
    ad_scalar(tape, 1);
    check_stale_mark(mark);
}
END_TEST

START_TEST(a_mark_of_another_tape_is_an_error)
{
    ad_tape *other = ad_tape_new();
    ck_assert_int_eq(ad_tape_rewind(tape, ad_tape_mark(other)), AD_ERROR_TAPE);
    check_error(tape, none, AD_ERROR_TAPE, "rewind: the mark is of another tape");
    ad_tape_free(other);
}
END_TEST

START_TEST(the_start_can_be_gone_back_to)
{
    ad_mark start = ad_tape_mark(tape);
    for (int i = 0; i < 3; i++) {
        ad_var x = ad_scalar(tape, i);
        ck_assert_int_eq(ad_tape_rewind(tape, start), AD_OK);
        ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 0);
        check_stale(x);
    }
}
END_TEST

START_TEST(what_was_computed_of_a_dropped_matrix_is_not_used_for_its_successor)
{
    ad_mark mark = ad_tape_mark(tape);
    ad_var A = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4});
    check_number(ad_det(A), -2, 1e-15);
    ad_tape_rewind(tape, mark);
    ad_var B = ad_input(tape, 2, 2, (const double[]){1, 0, 0, 5});
    ck_assert_uint_eq(A.node, B.node);
    check_number(ad_det(B), 5, 0);
    check_matrix(ad_inverse(B), 2, 2, (const double[]){1, 0, 0, 0.2}, 0);
}
END_TEST

START_TEST(names_go_with_the_nodes)
{
    ad_mark mark = ad_tape_mark(tape);
    ad_name(ad_scalar(tape, 1), "old");
    ad_tape_rewind(tape, mark);
    ad_scalar(tape, NAN);
    char text[100];
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
    ck_assert_str_eq(text, "value of input (node 0, 1x1)");
}
END_TEST

START_TEST(adjoints_go_with_a_rewind)
{
    ad_var x = ad_scalar(tape, 1);
    ad_mark mark = ad_tape_mark(tape);
    ad_backward(ad_square(x));
    ad_tape_rewind(tape, mark);
    ck_assert_ptr_null(ad_adjoint(x));
    check_error(tape, none, AD_ERROR_STATE,
                "adjoint: no ad_backward since the last change of the tape");
}
END_TEST

START_TEST(shared_numbers_outlive_no_rewind)
{
    ad_var x = ad_scalar(tape, 3);
    ad_mark mark = ad_tape_mark(tape);
    for (int i = 0; i < 100; i++) {
        check_number(ad_scale(ad_shift(x, i), 2), 2 * (3 + i), 0);
        ad_tape_rewind(tape, mark);
        ad_scalar(tape, 1000 + i);
    }
}
END_TEST

START_TEST(handles_between_many_rewinds_are_told_apart)
{
    enum { MANY = 300 };
    ad_var kept[MANY], dropped[MANY];
    for (int i = 0; i < MANY; i++) {
        kept[i] = ad_scalar(tape, i);
        ad_mark mark = ad_tape_mark(tape);
        dropped[i] = ad_scalar(tape, -1);
        ad_tape_rewind(tape, mark);
    }
    for (int i = 0; i < MANY; i++) {
        ck_assert(!ad_ok(dropped[i]));
        ck_assert_double_eq(ad_value(kept[i]), i);
    }
}
END_TEST

/* ---- trials ---- */

START_TEST(a_sweep_leaves_handles_marks_and_nodes_as_they_were)
{
    ad_var x = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}), y = ad_det(ad_matmul(x, x));
    size_t nodes = ad_tape_statistics(tape).nodes;
    ad_mark mark = ad_tape_mark(tape);
    ad_backward(y);
    ad_gradcheck(y, x);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, nodes);
    check_number(y, 4, 1e-15);
    ad_var z = ad_square(y);
    check_number(z, 16, 1e-15);
    ck_assert_int_eq(ad_tape_rewind(tape, mark), AD_OK);
    check_stale(z);
    check_number(y, 4, 1e-15);
}
END_TEST

/* Epochs are 30 bits; the tape is told that it has used nearly all. Sweeps need no new ones. */
START_TEST(a_tape_without_new_epochs_is_an_error)
{
    ad_var x = ad_scalar(tape, 3), y = ad_square(ad_trace(x)), old = none;
    ad_mark mark = ad_tape_mark(tape);
    tape->epochs = NO_EPOCH / EPOCH_STEP - 5;
    for (int i = 0; i < 3; i++) {
        ad_var z = ad_scale(y, 2);
        ck_assert(!ad_ok(old));
        for (int k = 0; k < 10; k++) ck_assert_int_eq(ad_backward(z), AD_OK);
        ck_assert_double_eq(*ad_adjoint(x), 12);
        ck_assert_int_eq(ad_tape_rewind(tape, mark), AD_OK);
        ck_assert(ad_ok(y) && !ad_ok(z));
        old = z;
    }
    ad_var z = ad_scale(y, 2);
    ck_assert_int_eq(ad_tape_rewind(tape, mark), AD_ERROR_SIZE);
    check_error(tape, none, AD_ERROR_SIZE, "tape: reset or rewound 2^30 times: make a new one");
    ck_assert(ad_ok(y) && !ad_ok(z) && !ad_ok(old));
    check_error(tape, ad_scale(y, 2), AD_ERROR_SIZE,
                "scale: the tape was reset or rewound 2^30 times");
    ad_tape_reset(tape);
    check_error(tape, ad_scalar(tape, 1), AD_ERROR_SIZE,
                "tape: reset or rewound 2^30 times: make a new one");
    ck_assert(!ad_ok(x) && !ad_ok(y));
    check_error(tape, ad_scalar(tape, 1), AD_ERROR_SIZE,
                "scalar: the tape was reset or rewound 2^30 times");
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("handles");
    TCase *cases = tcase_create("handles");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, a_handle_is_16_bytes);
    tcase_add_test(cases, asking_whether_a_handle_is_valid_records_no_error);
    tcase_add_test(cases, a_reset_makes_every_handle_stale);
    tcase_add_test(cases, also_when_its_number_is_used_again);
    tcase_add_test(cases, a_reset_forgets_everything);
    tcase_add_test(cases, a_rewind_keeps_what_is_before_the_mark_and_drops_what_is_after);
    tcase_add_test(cases, a_mark_can_be_gone_back_to_again_and_again);
    tcase_add_test(cases, marks_nest);
    tcase_add_test(cases, a_mark_above_a_later_rewind_is_stale);
    tcase_add_test(cases, a_mark_from_before_a_reset_is_stale);
    tcase_add_test(cases, a_mark_of_another_tape_is_an_error);
    tcase_add_test(cases, the_start_can_be_gone_back_to);
    tcase_add_test(cases, what_was_computed_of_a_dropped_matrix_is_not_used_for_its_successor);
    tcase_add_test(cases, names_go_with_the_nodes);
    tcase_add_test(cases, adjoints_go_with_a_rewind);
    tcase_add_test(cases, shared_numbers_outlive_no_rewind);
    tcase_add_test(cases, handles_between_many_rewinds_are_told_apart);
    tcase_add_test(cases, a_sweep_leaves_handles_marks_and_nodes_as_they_were);
    tcase_add_test(cases, a_tape_without_new_epochs_is_an_error);
    suite_add_tcase(s, cases);
    return s;
}

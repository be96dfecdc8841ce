/* SPDX-License-Identifier: MIT */
/* What a sweep leaves behind, and for how long. */
#include "tape/tape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fixture.h"

static const ad_var none = {0};

#define CHECK_ADJOINT(x, count, ...)                                                               \
    check_array("adjoint", ad_adjoint(x), count, (const double[]){__VA_ARGS__}, 0)

static void check_no_adjoint(ad_var x)
{
    ck_assert_ptr_null(ad_adjoint(x));
    check_error(tape, none, AD_ERROR_STATE,
                "adjoint: no ad_backward since the last change of the tape");
}

/* ---- what they are ---- */

START_TEST(shares_of_all_uses_are_added)
{
    ad_var x = ad_scalar(tape, 3), v = INPUT(2, 1, 1, 2);
    ad_var y = ad_add(ad_mul(x, ad_square(x)), ad_add(x, ad_mul(x, x)));
    ad_backward(y);
    CHECK_ADJOINT(x, 1, 27 + 1 + 6);
    ad_backward(ad_add(ad_dot(v, v), ad_add(ad_sum(v), ad_sum(ad_add(v, v)))));
    CHECK_ADJOINT(v, 2, 5, 7);
}
END_TEST

/* A' += C' B^T, whose two terms are each beyond the range. */
START_TEST(shares_are_added_whose_partial_sums_overflow)
{
    ad_var A = INPUT(2, 1, 1, 1), B = ad_constant(tape, 1, 2, (const double[]){1e200, 1e200});
    ad_var u = ad_constant(tape, 2, 2, (const double[]){1e200, -1e200, 1e200, 1e200});
    ad_var y = ad_dot(u, ad_matmul(A, B)), z = ad_dot(u, ad_matmul(A, ad_neg(B)));
    ad_backward(ad_add(ad_scale(ad_sum(A), 5), y));
    CHECK_ADJOINT(A, 2, 5, INFINITY);
    ad_backward(ad_add(ad_add(ad_scale(ad_sum(A), 5), y), ad_add(y, y)));
    CHECK_ADJOINT(A, 2, 5, INFINITY);
    ad_backward(ad_add(ad_scale(ad_sum(A), 5), ad_add(y, z)));
    CHECK_ADJOINT(A, 2, 5, NAN);
}
END_TEST

/* X' += P^T U for many rows and columns; small integers, so that all is exact. */
START_TEST(shares_are_added_in_large_matrices)
{
    enum { ROWS = 700, COLS = 600 };
    double *p = calloc(2 * ROWS, sizeof *p), *u = calloc(2 * COLS, sizeof *u);
    double *x = calloc(ROWS * COLS, sizeof *x);
    ck_assert(p && u && x);
    for (size_t i = 0; i < 2 * ROWS; i++) p[i] = (double)(i % 7);
    for (size_t j = 0; j < 2 * COLS; j++) u[j] = (double)(j % 11);
    ad_var X = ad_input(tape, ROWS, COLS, x), P = ad_constant(tape, 2, ROWS, p);
    ad_var U = ad_constant(tape, 2, COLS, u);
    ad_var y = ad_dot(U, ad_matmul(P, X)), z = ad_dot(U, ad_matmul(ad_neg(ad_scale(P, 3)), X));
    ad_backward(ad_add(ad_add(y, z), ad_sum(X)));
    const double *adjoint = ad_adjoint(X);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLS; j++) {
            const double share = p[i] * u[j] + p[ROWS + i] * u[COLS + j];
            ck_assert_double_eq(adjoint[i * COLS + j], 1 - 2 * share);
        }
    free(p), free(u), free(x);
}
END_TEST

START_TEST(each_sweep_overwrites_them)
{
    ad_var x = ad_scalar(tape, 3), v = INPUT(2, 1, 1, 2);
    ad_var y = ad_mul(x, ad_sum(v));
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(ad_backward(y), AD_OK);
        CHECK_ADJOINT(x, 1, 3);
        CHECK_ADJOINT(v, 2, 3, 3);
    }
    ad_backward(ad_square(x));
    CHECK_ADJOINT(x, 1, 6);
    CHECK_ADJOINT(v, 2, 0, 0);
}
END_TEST

START_TEST(they_are_zeros_where_y_does_not_depend)
{
    ad_var x = ad_scalar(tape, 3), v = INPUT(2, 3, 1, 2, 3, 4, 5, 6), z = ad_scalar(tape, 1);
    ad_exp(x);
    ad_square(v);
    ad_backward(ad_square(z));
    CHECK_ADJOINT(x, 1, 0);
    CHECK_ADJOINT(v, 6, 0, 0, 0, 0, 0, 0);
}
END_TEST

START_TEST(also_of_a_leaf_recorded_after_the_sweep)
{
    ad_var x = ad_scalar(tape, 3);
    ad_backward(ad_square(x));
    CHECK_ADJOINT(ad_scalar(tape, 1), 1, 0);
    CHECK_ADJOINT(INPUT(2, 1, 1, 2), 2, 0, 0);
    CHECK_ADJOINT(x, 1, 6);
}
END_TEST

START_TEST(that_of_y_itself_is_one)
{
    ad_var x = ad_scalar(tape, 3);
    ck_assert_int_eq(ad_backward(x), AD_OK);
    CHECK_ADJOINT(x, 1, 1);
}
END_TEST

START_TEST(multiples_of_the_unit_matrix_are_written_out)
{
    ad_var A = INPUT(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    ad_backward(ad_trace(A));
    CHECK_ADJOINT(A, 9, 1, 0, 0, 0, 1, 0, 0, 0, 1);
    ad_backward(ad_add(ad_scale(ad_trace(A), 2), ad_trace(A)));
    CHECK_ADJOINT(A, 9, 3, 0, 0, 0, 3, 0, 0, 0, 3);
    ad_backward(ad_add(ad_trace(A), ad_sum(A)));
    CHECK_ADJOINT(A, 9, 2, 1, 1, 1, 2, 1, 1, 1, 2);
    ad_backward(ad_add(ad_sum(A), ad_trace(A)));
    CHECK_ADJOINT(A, 9, 2, 1, 1, 1, 2, 1, 1, 1, 2);
    ad_backward(ad_trace(ad_square(A)));
    CHECK_ADJOINT(A, 9, 2, 0, 0, 0, 10, 0, 0, 0, 18);
}
END_TEST

START_TEST(scalars_and_matrices_feed_each_other)
{
    ad_var x = ad_scalar(tape, 2), v = INPUT(1, 3, 1, 2, 3);
    ad_var y = ad_mul(x, ad_sum(ad_mul(x, ad_scale(v, 3))));
    ad_backward(y);
    CHECK_ADJOINT(x, 1, 2 * 2 * 18);
    CHECK_ADJOINT(v, 3, 12, 12, 12);
}
END_TEST

/* ---- how long they are valid ---- */

START_TEST(recording_does_not_touch_them)
{
    ad_var x = ad_scalar(tape, 3), y = ad_square(x), v = INPUT(2, 1, 3, 4);
    ad_backward(ad_mul(y, ad_norm2(v)));
    const double *scalar = ad_adjoint(x), *vector = ad_adjoint(v);
    for (int i = 0; i < 10000; i++) ad_sin(x);
    ad_hessian(ad_mul(y, ad_norm2(v)), v);
    ad_gradcheck(y, x);
    ck_assert_ptr_eq(ad_adjoint(x), scalar);
    ck_assert_ptr_eq(ad_adjoint(v), vector);
    CHECK_ADJOINT(x, 1, 30);
    check_array("adjoint", vector, 2, (const double[]){5.4, 7.2}, 1e-15);
}
END_TEST

START_TEST(they_end_with_a_replay)
{
    ad_var x = ad_scalar(tape, 3);
    ad_backward(ad_square(x));
    ad_replay(tape);
    check_no_adjoint(x);
}
END_TEST

START_TEST(they_end_with_a_rewind)
{
    ad_var x = ad_scalar(tape, 3);
    ad_backward(ad_square(x));
    ad_tape_rewind(tape, ad_tape_mark(tape));
    check_no_adjoint(x);
}
END_TEST

START_TEST(they_end_with_a_reset)
{
    ad_backward(ad_square(ad_scalar(tape, 3)));
    ad_tape_reset(tape);
    ck_assert_ptr_null(ad_adjoint(ad_scalar(tape, 3)));
    check_error(tape, none, AD_ERROR_STATE, "adjoint: no ad_backward yet");
}
END_TEST

START_TEST(they_do_not_end_with_an_error)
{
    ad_var x = ad_scalar(tape, 3), v = INPUT(2, 1, 1, 2);
    ad_backward(ad_square(x));
    ad_det(v);
    ck_assert_int_ne(ad_backward(x), AD_OK);
    CHECK_ADJOINT(x, 1, 6);
    ad_tape_clear_error(tape);
    CHECK_ADJOINT(x, 1, 6);
}
END_TEST

/* ---- many sweeps ---- */

/* Sweeps are numbered in 8 bits: whatever an old sweep left must not pass for a new one. */
START_TEST(a_thousand_sweeps_do_not_mix)
{
    enum { LEAVES = 7 };
    ad_var x[LEAVES], v[LEAVES];
    for (int k = 0; k < LEAVES; k++) {
        x[k] = ad_scalar(tape, k + 1);
        v[k] = INPUT(2, 1, k, k + 1);
    }
    for (int i = 0; i < 1000; i++) {
        int k = i * 5 % LEAVES;
        ad_backward(ad_mul(ad_square(x[k]), ad_dot(v[k], v[k])));
        for (int other = 0; other < LEAVES; other++) {
            double norm = k * k + (k + 1) * (k + 1), square = (k + 1) * (k + 1);
            bool is_k = other == k;
            CHECK_ADJOINT(x[other], 1, is_k ? 2 * (k + 1) * norm : 0);
            CHECK_ADJOINT(v[other], 2, is_k ? 2 * k * square : 0, is_k ? 2 * (k + 1) * square : 0);
        }
    }
}
END_TEST

START_TEST(leaves_not_touched_for_255_sweeps_read_as_zeros)
{
    ad_var x = ad_scalar(tape, 3), v = INPUT(2, 1, 1, 2), z = ad_scalar(tape, 2);
    ad_var first = ad_mul(x, ad_sum(v)), second = ad_square(z);
    ad_backward(first);
    for (int i = 0; i < 2 * UINT8_MAX + 2; i++) {
        ad_backward(second);
        if (tape->sweep != 1) continue;
        CHECK_ADJOINT(x, 1, 0);
        CHECK_ADJOINT(v, 2, 0, 0);
    }
    CHECK_ADJOINT(z, 1, 4);
}
END_TEST

/* The leaf that many nodes later takes the place of one that a sweep of the same number reached. */
START_TEST(nodes_in_places_of_old_ones_read_as_zeros)
{
    enum { MANY = 3 * CHUNK_NODES };
    for (int sweeps = 1; sweeps <= UINT8_MAX; sweeps += 127) {
        ad_var x[MANY];
        for (int round = 0; round < 2; round++) {
            ad_tape_reset(tape);
            ad_var y = ad_square(ad_scalar(tape, 3));
            for (int i = 0; round == 1 && i < sweeps; i++) ad_backward(y);
            for (int i = 0; i < MANY; i++) x[i] = ad_scalar(tape, 1);
            for (int i = 0; round == 1 && i < MANY; i++) CHECK_ADJOINT(x[i], 1, 0);
            for (int i = 0; i < MANY; i++) y = ad_add(y, x[i]);
            ad_backward(y);
            for (int i = 0; i < MANY; i++) CHECK_ADJOINT(x[i], 1, 1);
        }
    }
}
END_TEST

/* x doubles by x + x: there are 2^60 paths from y to x, and 60 nodes. */
START_TEST(shared_nodes_are_swept_once)
{
    ad_var x = ad_scalar(tape, 1), y = x, v = INPUT(2, 1, 1, 1), w = v;
    for (int i = 0; i < 60; i++) {
        y = ad_add(y, y);
        w = ad_add(w, w);
    }
    ad_backward(ad_add(y, ad_sum(w)));
    CHECK_ADJOINT(x, 1, 0x1p60);
    CHECK_ADJOINT(v, 2, 0x1p60, 0x1p60);
    check_number(ad_grad(y, x), 0x1p60, 0);
    check_number(ad_jvp(y, x, ad_scalar(tape, 1)), 0x1p60, 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("adjoints");
    TCase *cases = tcase_create("adjoints");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, shares_of_all_uses_are_added);
    tcase_add_test(cases, shares_are_added_whose_partial_sums_overflow);
    tcase_add_test(cases, shares_are_added_in_large_matrices);
    tcase_add_test(cases, each_sweep_overwrites_them);
    tcase_add_test(cases, they_are_zeros_where_y_does_not_depend);
    tcase_add_test(cases, also_of_a_leaf_recorded_after_the_sweep);
    tcase_add_test(cases, that_of_y_itself_is_one);
    tcase_add_test(cases, multiples_of_the_unit_matrix_are_written_out);
    tcase_add_test(cases, scalars_and_matrices_feed_each_other);
    tcase_add_test(cases, recording_does_not_touch_them);
    tcase_add_test(cases, they_end_with_a_replay);
    tcase_add_test(cases, they_end_with_a_rewind);
    tcase_add_test(cases, they_end_with_a_reset);
    tcase_add_test(cases, they_do_not_end_with_an_error);
    tcase_add_test(cases, a_thousand_sweeps_do_not_mix);
    tcase_add_test(cases, leaves_not_touched_for_255_sweeps_read_as_zeros);
    tcase_add_test(cases, nodes_in_places_of_old_ones_read_as_zeros);
    tcase_add_test(cases, shared_nodes_are_swept_once);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Replay means the same as recording again: bit for bit, whatever the new values ask for. */
#include "tests/program.h"
#include "tape/tape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fixture.h"

static program *record_all(bool regular_only, content what, uint64_t seed)
{
    program *p = calloc(1, sizeof *p);
    ck_assert_ptr_nonnull(p);
    program_record(p, ad_tape_new(), regular_only, what, seed);
    return p;
}

static void free_program(program *p)
{
    ad_tape_free(p->tape);
    free(p);
}

/* ---- comparison, node by node ---- */

static bool are_same(const double *x, const double *y, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (memcmp(&x[i], &y[i], sizeof *x) != 0 && !(isnan(x[i]) && isnan(y[i]))) return false;
    return true;
}

static void check_values(ad_tape *replayed, ad_tape *fresh)
{
    ck_assert_uint_eq(replayed->count, fresh->count);
    for (uint32_t node = 0; node < fresh->count; node++) {
        matrix x, y;
        REQUIRE(node_matrix(replayed, node, &x) && node_matrix(fresh, node, &y), "no value");
        REQUIRE(matrix_size(&x) == matrix_size(&y) && are_same(x.values, y.values, matrix_size(&x)),
                "node %u of %u, %s (%zux%zu): %.17g replayed, %.17g recorded", node, fresh->count,
                node_operation_name(fresh, node), x.rows, x.cols, *x.values, *y.values);
    }
}

static void check_adjoints(const program *replayed, const program *fresh)
{
    ck_assert_int_eq(ad_backward(replayed->total), AD_OK);
    ck_assert_int_eq(ad_backward(fresh->total), AD_OK);
    for (size_t i = 0; i < fresh->count; i++) {
        const specimen *s = &fresh->specimens[i];
        for (size_t k = 0; k < s->made_by->operands; k++)
            REQUIRE(are_same(ad_adjoint(replayed->operands[i][k]),
                             ad_adjoint(fresh->operands[i][k]), specimen_size(s, k)),
                    "%s: adjoint of operand %zu", specimen_text(s, 0), k);
    }
}

static void check_replay(program *p, content what, uint64_t seed)
{
    program_set(p, what, seed);
    REQUIRE(ad_replay(p->tape) == AD_OK, "seed %llu: %s", (unsigned long long)seed,
            ad_tape_message(p->tape));
    program *fresh = record_all(p->regular_only, what, seed);
    check_values(p->tape, fresh->tape);
    check_adjoints(p, fresh);
    free_program(fresh);
}

START_TEST(replay_is_recording_again_for_every_operation)
{
    uint64_t seed = 100 + (uint64_t)_i;
    program *p = record_all(true, REGULAR, seed);
    for (uint64_t round = 1; round < 4; round++) check_replay(p, REGULAR, seed + 10 * round);
    free_program(p);
}
END_TEST

/* From each content to each: other pivots, ranks, ties, kinks and branches. */
START_TEST(replay_is_recording_again_from_any_values_to_any_others)
{
    program *p = record_all(false, (content)_i, 200);
    for (content what = REGULAR; what < CONTENTS; what++) {
        check_replay(p, what, 201);
        check_replay(p, (content)_i, 210);
    }
    free_program(p);
}
END_TEST

/* ---- single decisions ---- */

static void set_and_replay(ad_var x, double value)
{
    ck_assert_int_eq(ad_set(x, &value), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
}

/* x < 0 ? x^3 : x^2, differentiated in one branch, evaluated in the other. */
START_TEST(derivatives_of_where_follow_the_branch)
{
    ad_var x = ad_scalar(tape, 1), zero = ad_constant(tape, 1, 1, (const double[]){0});
    ad_var y = ad_where(ad_less(x, zero), ad_powi(x, 3), ad_square(x));
    ad_var first = ad_grad(y, x), second = ad_grad(first, x), third = ad_grad(second, x);
    for (int round = 0; round < 2; round++) {
        set_and_replay(x, -1);
        check_number(first, 3, 0);
        check_number(second, -6, 0);
        check_number(third, 6, 0);
        ck_assert_int_eq(ad_backward(second), AD_OK);
        ck_assert_double_eq(*ad_adjoint(x), 6);
        set_and_replay(x, 1);
        check_number(first, 2, 0);
        check_number(second, 2, 0);
        check_number(third, 0, 0);
        ck_assert_int_eq(ad_backward(second), AD_OK);
        ck_assert_double_eq(*ad_adjoint(x), 0);
    }
}
END_TEST

/* The same with a matrix of which all, some, or no elements take the branch. */
START_TEST(derivatives_of_where_follow_the_branch_of_each_element)
{
    const double values[4][2] = {{1, 2}, {-1, 2}, {-1, -2}, {1, -2}};
    ad_var x = ad_input(tape, 2, 1, values[_i]),
           zero = ad_constant(tape, 1, 1, (const double[]){0});
    ad_var y = ad_sum(ad_where(ad_less(x, zero), ad_powi(x, 3), ad_square(x)));
    ad_var ones = ad_constant(tape, 2, 1, (const double[]){1, 1}), second = ad_hvp(y, x, ones);
    for (size_t i = 0; i < 4; i++) {
        const double *v = values[i];
        double expected[] = {v[0] < 0 ? 6 * v[0] : 2, v[1] < 0 ? 6 * v[1] : 2};
        ad_set(x, v);
        ck_assert_int_eq(ad_replay(tape), AD_OK);
        check_matrix(second, 2, 1, expected, 0);
    }
}
END_TEST

START_TEST(a_row_that_becomes_the_pivot_changes_the_factorization)
{
    const double A[] = {4, 1, 2, 3}, B[] = {1, 4, 8, 3}, b[] = {1, 2};
    ad_var x = ad_input(tape, 2, 2, A);
    ad_var y = ad_solve(x, ad_constant(tape, 2, 1, b)), d = ad_det(x);
    ad_set(x, B);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(d, -29, 1e-15);
    check_matrix(y, 2, 1, (const double[]){5.0 / 29, 6.0 / 29}, 1e-15);
}
END_TEST

START_TEST(the_determinant_and_its_gradients_follow_the_rank)
{
    const double A[] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, two[] = {1, 0, 0, 0, 1, 0, 0, 0, 0};
    const double one[] = {1, 0, 0, 0, 0, 0, 0, 0, 0}, none[9] = {0};
    ad_var x = ad_input(tape, 3, 3, A), d = ad_det(x), g = ad_grad(d, x), h = ad_hvp(d, x, x);
    ad_set(x, two);
    ad_replay(tape);
    check_number(d, 0, 0);
    check_matrix(g, 3, 3, (const double[]){0, 0, 0, 0, 0, 0, 0, 0, 1}, 0);
    check_matrix(h, 3, 3, (const double[]){0, 0, 0, 0, 0, 0, 0, 0, 2}, 0);
    ad_set(x, one);
    ad_replay(tape);
    check_matrix(g, 3, 3, none, 0);
    ad_backward(d);
    check_array("adjoint", ad_adjoint(x), 9, none, 0);
    ad_set(x, A);
    ad_replay(tape);
    check_number(d, 1, 0);
    check_matrix(g, 3, 3, A, 0);
}
END_TEST

START_TEST(a_matrix_that_becomes_singular_fails_the_replay_and_a_regular_one_mends_it)
{
    ad_var x = ad_input(tape, 2, 2, (const double[]){2, 0, 0, 4}), y = ad_inverse(x);
    ad_set(x, (const double[]){1, 2, 2, 4});
    ck_assert_int_eq(ad_replay(tape), AD_ERROR_SINGULAR);
    ck_assert_str_eq(ad_tape_message(tape),
                     "inverse: the 2x2 matrix is singular (pivot 2 is zero)");
    ad_tape_clear_error(tape);
    ad_set(x, (const double[]){1, 0, 0, 0.5});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_matrix(y, 2, 2, (const double[]){1, 0, 0, 2}, 0);
}
END_TEST

START_TEST(ties_are_found_again)
{
    ad_var x = ad_input(tape, 3, 1, (const double[]){1, 2, 3}), y = ad_maximum(x);
    ad_var g = ad_grad(y, x);
    ad_set(x, (const double[]){5, 5, 1});
    ad_replay(tape);
    check_matrix(g, 3, 1, (const double[]){0.5, 0.5, 0}, 0);
    ad_backward(y);
    check_array("adjoint", ad_adjoint(x), 3, (const double[]){0.5, 0.5, 0}, 0);
}
END_TEST

/* ---- what replay keeps and recomputes ---- */

START_TEST(constants_and_scalars_can_be_set_too)
{
    ad_var c = ad_constant(tape, 1, 2, (const double[]){1, 2}), x = ad_scalar(tape, 3);
    ad_var y = ad_sum(ad_mul(c, x));
    ad_set(c, (const double[]){5, 6});
    ad_set(x, (const double[]){2});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(y, 22, 0);
}
END_TEST

START_TEST(a_detached_value_is_recomputed)
{
    ad_var x = ad_scalar(tape, 3), y = ad_detach(ad_square(x));
    set_and_replay(x, 5);
    check_number(y, 25, 0);
}
END_TEST

START_TEST(an_empty_tape_can_be_replayed)
{
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    ad_var x = ad_input(tape, 0, 3, NULL), y = ad_sum(x);
    ck_assert_int_eq(ad_set(x, NULL), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(y, 0, 0);
}
END_TEST

START_TEST(values_may_come_from_the_tape_itself)
{
    ad_var x = ad_input(tape, 2, 1, (const double[]){3, 4}), y = ad_square(x);
    ad_set(x, ad_values(y));
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_matrix(y, 2, 1, (const double[]){81, 256}, 0);
}
END_TEST

START_TEST(recording_goes_on_after_a_replay)
{
    ad_var x = ad_scalar(tape, 3), y = ad_square(x);
    set_and_replay(x, 5);
    check_number(ad_grad(ad_mul(y, x), x), 75, 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("replay");
    TCase *every = tcase_create("every operation"), *cases = tcase_create("decisions");
    tcase_add_loop_test(every, replay_is_recording_again_for_every_operation, 0, 4);
    tcase_add_loop_test(every, replay_is_recording_again_from_any_values_to_any_others, 0,
                        CONTENTS);
    suite_add_tcase(s, every);
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, derivatives_of_where_follow_the_branch);
    tcase_add_loop_test(cases, derivatives_of_where_follow_the_branch_of_each_element, 0, 4);
    tcase_add_test(cases, a_row_that_becomes_the_pivot_changes_the_factorization);
    tcase_add_test(cases, the_determinant_and_its_gradients_follow_the_rank);
    tcase_add_test(cases,
                   a_matrix_that_becomes_singular_fails_the_replay_and_a_regular_one_mends_it);
    tcase_add_test(cases, ties_are_found_again);
    tcase_add_test(cases, constants_and_scalars_can_be_set_too);
    tcase_add_test(cases, a_detached_value_is_recomputed);
    tcase_add_test(cases, an_empty_tape_can_be_replayed);
    tcase_add_test(cases, values_may_come_from_the_tape_itself);
    tcase_add_test(cases, recording_goes_on_after_a_replay);
    suite_add_tcase(s, cases);
    return s;
}

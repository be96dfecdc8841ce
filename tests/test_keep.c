/* SPDX-License-Identifier: MIT */
/* ad_tape_keep: values and the paths between them stay, everything else goes. */
#include "tests/custom_operations.h"

#include <math.h>
#include <string.h>

#include "tests/fixture.h"

static const ad_var none = {0};

#define KEEP(vars) ck_assert_int_eq(ad_tape_keep(tape, vars, sizeof(vars) / sizeof(ad_var)), AD_OK)

static size_t nodes(void)
{
    return ad_tape_statistics(tape).nodes;
}

START_TEST(values_stay_and_the_rest_goes)
{
    ad_var x = INPUT(2, 1, 3, 4);
    for (int i = 0; i < 100; i++) ad_exp(x);
    ad_var vars[] = {ad_square(x), ad_scalar(tape, 7)};
    KEEP(vars);
    ck_assert_uint_eq(nodes(), 2);
    check_matrix(vars[0], 2, 1, (const double[]){9, 16}, 0);
    check_number(vars[1], 7, 0);
}
END_TEST

START_TEST(paths_between_kept_values_stay)
{
    ad_var x = INPUT(2, 1, 3, 4), unused = ad_sin(x);
    ad_var vars[] = {ad_norm2(ad_scale(ad_square(x), 2)), x};
    (void)unused;
    KEEP(vars);
    ad_var y = vars[0];
    x = vars[1];
    check_gradient(y, x, (const double[]){4 * 27 / sqrt(337), 4 * 64 / sqrt(337)}, 1e-15);
    ad_set(x, (const double[]){0, 1});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(y, 2, 0);
}
END_TEST

START_TEST(operands_from_beside_the_path_become_constants)
{
    ad_var x = INPUT(2, 1, 3, 4), side = ad_square(ad_scalar(tape, 5));
    ad_var vars[] = {x, ad_sum(ad_mul(ad_square(x), side))};
    KEEP(vars);
    ck_assert_uint_eq(nodes(), 5);
    check_gradient(vars[1], vars[0], (const double[]){150, 200}, 0);
    ad_set(vars[0], (const double[]){1, 1});
    ad_replay(tape);
    check_number(vars[1], 50, 0);
}
END_TEST

START_TEST(a_value_without_its_history_becomes_an_input)
{
    ad_var vars[] = {ad_square(ad_scalar(tape, 3)), ad_square(INPUT(1, 2, 1, 2))};
    KEEP(vars);
    ad_var y = ad_mul(vars[0], ad_sum(vars[1]));
    check_gradient(y, vars[0], (const double[]){5}, 0);
    check_gradient(y, vars[1], (const double[]){9, 9}, 0);
    ck_assert_int_eq(ad_set(vars[0], (const double[]){2}), AD_OK);
    ck_assert_int_eq(ad_set(vars[1], (const double[]){3, 4}), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(y, 14, 0);
}
END_TEST

START_TEST(a_constant_or_step_stays_a_constant)
{
    ad_var c = ad_constant(tape, 2, 1, (const double[]){1, 2});
    ad_var vars[] = {ad_square(c), ad_sign(ad_scalar(tape, 3)), c};
    KEEP(vars);
    ad_var x = ad_scalar(tape, 2);
    ad_backward(ad_mul(x, ad_mul(vars[1], ad_sum(vars[0]))));
    ck_assert_double_eq(*ad_adjoint(x), 5);
    check_zeros(ad_grad(ad_sum(vars[0]), vars[2]));
    check_array("adjoint", ad_adjoint(vars[2]), 2, (const double[]){0, 0}, 0);
    ck_assert_double_eq(*ad_adjoint(vars[1]), 0);
}
END_TEST

START_TEST(derivatives_can_be_taken_of_kept_derivatives)
{
    ad_var x = ad_scalar(tape, 2), y = ad_powi(x, 4);
    ad_var vars[] = {x, ad_grad(y, x)};
    KEEP(vars);
    check_number(vars[1], 32, 0);
    check_number(ad_grad(vars[1], vars[0]), 48, 0);
    check_number(ad_grad(ad_grad(vars[1], vars[0]), vars[0]), 48, 0);
}
END_TEST

/* A product is computed only when needed: now at the latest. */
START_TEST(values_still_waiting_are_computed)
{
    ad_var A = INPUT(2, 2, 1, 2, 3, 4), vars[] = {ad_matmul(A, A)};
    KEEP(vars);
    check_matrix(vars[0], 2, 2, (const double[]){7, 10, 15, 22}, 0);
}
END_TEST

START_TEST(attributes_and_custom_operations_stay_with_their_nodes)
{
    ad_var x = INPUT(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 10);
    ad_scale(x, 3);
    ad_var block = ad_block(x, 1, 1, 2, 2), cubes = ad_custom(tape, &cube, &block, 1, NULL);
    ad_var vars[] = {x, ad_gather(cubes, (const size_t[]){3, 0}, 1, 2)};
    KEEP(vars);
    check_matrix(vars[1], 1, 2, (const double[]){1000, 125}, 0);
    ad_set(vars[0], (const double[]){0, 0, 0, 0, 2, 0, 0, 0, 3});
    ad_replay(tape);
    check_matrix(vars[1], 1, 2, (const double[]){27, 8}, 0);
    check_gradient(ad_sum(vars[1]), vars[0], (const double[]){0, 0, 0, 0, 12, 0, 0, 0, 27}, 0);
}
END_TEST

START_TEST(branches_of_where_can_still_change)
{
    ad_var x = ad_scalar(tape, 2), zero = ad_constant(tape, 1, 1, (const double[]){0});
    ad_exp(x);
    ad_var y = ad_where(ad_less(x, zero), ad_powi(x, 3), ad_square(x));
    ad_var vars[] = {x, y, ad_grad(ad_grad(y, x), x)};
    KEEP(vars);
    check_number(vars[2], 2, 0);
    ad_set(vars[0], (const double[]){-2});
    ad_replay(tape);
    check_number(vars[1], -8, 0);
    check_number(vars[2], -12, 0);
}
END_TEST

START_TEST(names_stay_with_their_values)
{
    char text[200];
    ad_var x = ad_name(ad_scalar(tape, 1), "x"), dropped = ad_name(ad_scalar(tape, 2), "dropped");
    ad_var y = ad_name(ad_log(ad_sub(x, x)), "y");
    (void)dropped;
    ad_var vars[] = {y, x};
    KEEP(vars);
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
    ck_assert_str_eq(text, "value of log (node 2, 1x1) named y of sub = 0");
    ad_var swapped[] = {vars[0]};
    KEEP(swapped);
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
    ck_assert_str_eq(text, "value of input (node 0, 1x1) named y");
}
END_TEST

START_TEST(the_same_value_may_be_kept_twice_and_in_any_order)
{
    ad_var x = ad_scalar(tape, 3), y = ad_square(x), vars[] = {y, x, y};
    KEEP(vars);
    check_number(vars[0], 9, 0);
    check_number(vars[1], 3, 0);
    ck_assert_uint_eq(vars[0].node, vars[2].node);
    check_gradient(vars[2], vars[1], (const double[]){6}, 0);
}
END_TEST

START_TEST(keeping_nothing_empties_the_tape)
{
    ad_var x = ad_scalar(tape, 3);
    ck_assert_int_eq(ad_tape_keep(tape, NULL, 0), AD_OK);
    ck_assert_uint_eq(nodes(), 0);
    ck_assert(!ad_ok(x));
}
END_TEST

/* ---- what becomes stale ---- */

START_TEST(all_other_handles_and_all_marks_become_stale)
{
    ad_mark start = ad_tape_mark(tape);
    ad_var x = ad_scalar(tape, 3), y = ad_square(x), vars[] = {x};
    ad_mark mark = ad_tape_mark(tape);
    ad_backward(y);
    KEEP(vars);
    ck_assert(!ad_ok(x) && !ad_ok(y) && ad_ok(vars[0]));
    ck_assert_int_eq(ad_tape_rewind(tape, mark), AD_ERROR_STALE);
    ad_tape_clear_error(tape);
    ck_assert_int_eq(ad_tape_rewind(tape, start), AD_ERROR_STALE);
    ad_tape_clear_error(tape);
    ck_assert_ptr_null(ad_adjoint(vars[0]));
    check_error(tape, none, AD_ERROR_STATE,
                "adjoint: no ad_backward since the last change of the tape");
    ad_mark later = ad_tape_mark(tape);
    ad_square(vars[0]);
    ck_assert_int_eq(ad_tape_rewind(tape, later), AD_OK);
    check_number(vars[0], 3, 0);
}
END_TEST

START_TEST(a_factorization_of_a_dropped_matrix_is_not_used_for_another)
{
    ad_var A = INPUT(2, 2, 1, 2, 3, 4), B = INPUT(2, 2, 2, 0, 0, 3), vars[] = {B};
    ad_det(A);
    ad_det(B);
    KEEP(vars);
    check_number(ad_det(vars[0]), 6, 0);
}
END_TEST

/* ---- mistakes ---- */

START_TEST(handles_must_be_of_this_tape_and_valid)
{
    ad_tape *other = ad_tape_new();
    ad_var x = ad_scalar(tape, 3), there = ad_scalar(other, 1);
    ad_var foreign[] = {x, there}, invalid[] = {none, x}, stale[] = {x};
    ck_assert_int_eq(ad_tape_keep(tape, foreign, 2), AD_ERROR_TAPE);
    check_error(tape, none, AD_ERROR_TAPE, "keep: a value of another tape");
    ck_assert_str_eq(ad_tape_message(other), "keep: a value of another tape");
    ck_assert_int_eq(ad_tape_keep(tape, invalid, 2), AD_ERROR_ARGUMENT);
    check_error(tape, none, AD_ERROR_ARGUMENT, "keep: invalid handle (argument 1)");
    ck_assert(ad_ok(x));
    ad_tape_reset(tape);
    ck_assert_int_eq(ad_tape_keep(tape, stale, 1), AD_ERROR_STALE);
    ad_tape_free(other);
}
END_TEST

/* ---- any graph ---- */

enum { VALUES = 60, KEPT = 5 };

static ad_var random_operation(const ad_var *x, size_t count, uint64_t *state)
{
    size_t a = (size_t)((next_random(state) + 1) / 2 * (double)count);
    size_t b = (size_t)((next_random(state) + 1) / 2 * (double)count);
    switch ((int)((next_random(state) + 1) * 5)) {
    case 0: return ad_sin(x[a]);
    case 1: return ad_add(x[a], x[b]);
    case 2: return ad_mul(x[a], x[b]);
    case 3: return ad_scale(x[a], 0.75);
    case 4: return ad_broadcast(ad_sum(x[a]), ad_rows(x[b]), ad_cols(x[b]));
    case 5: return ad_where(ad_less(x[a], x[b]), x[b], ad_cos(x[a]));
    case 6: return ad_mean(ad_square(x[a]));
    case 7: return ad_detach(x[b]);
    case 8: return ad_mul(ad_tanh(x[a]), ad_sum(x[b]));
    default: return ad_hypot(x[a], x[b]);
    }
}

static void check_any_graph(uint64_t state)
{
    ad_var x[VALUES], kept[KEPT];
    double value[KEPT], gradients[KEPT][KEPT][4];
    for (size_t i = 0; i < VALUES; i++)
        if (i >= 6) x[i] = random_operation(x, i, &state);
        else if (i % 3 == 2) x[i] = ad_constant(tape, 1, 1, (const double[]){(double)i / 4});
        else x[i] = random_input(tape, i % 2 ? 2 : 1, i % 2 ? 2 : 1, &state);
    for (size_t k = 0; k < KEPT; k++)
        kept[k] = x[(size_t)((next_random(&state) + 1) / 2 * (double)VALUES)];
    for (size_t k = 0; k < KEPT; k++) {
        ad_var y = ad_sum(kept[k]);
        value[k] = ad_value(y);
        for (size_t l = 0; l < KEPT; l++)
            memcpy(gradients[k][l], ad_values(ad_grad(y, kept[l])),
                   ad_rows(kept[l]) * ad_cols(kept[l]) * sizeof(double));
    }
    KEEP(kept);
    for (size_t k = 0; k < KEPT; k++) {
        ad_var y = ad_sum(kept[k]);
        check_number(y, value[k], 0);
        for (size_t l = 0; l < KEPT; l++)
            check_matrix(ad_grad(y, kept[l]), ad_rows(kept[l]), ad_cols(kept[l]), gradients[k][l],
                         0);
    }
}

/* Between kept values everything is as it was: values, and all gradients, bit for bit. */
START_TEST(values_and_gradients_between_kept_values_do_not_change)
{
    for (uint64_t seed = 40; seed < 70; seed++) {
        check_any_graph(seed);
        ad_tape_reset(tape);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("keep");
    TCase *cases = tcase_create("keep");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, values_stay_and_the_rest_goes);
    tcase_add_test(cases, paths_between_kept_values_stay);
    tcase_add_test(cases, operands_from_beside_the_path_become_constants);
    tcase_add_test(cases, a_value_without_its_history_becomes_an_input);
    tcase_add_test(cases, a_constant_or_step_stays_a_constant);
    tcase_add_test(cases, derivatives_can_be_taken_of_kept_derivatives);
    tcase_add_test(cases, values_still_waiting_are_computed);
    tcase_add_test(cases, attributes_and_custom_operations_stay_with_their_nodes);
    tcase_add_test(cases, branches_of_where_can_still_change);
    tcase_add_test(cases, names_stay_with_their_values);
    tcase_add_test(cases, the_same_value_may_be_kept_twice_and_in_any_order);
    tcase_add_test(cases, keeping_nothing_empties_the_tape);
    tcase_add_test(cases, all_other_handles_and_all_marks_become_stale);
    tcase_add_test(cases, a_factorization_of_a_dropped_matrix_is_not_used_for_another);
    tcase_add_test(cases, handles_must_be_of_this_tape_and_valid);
    tcase_add_test(cases, values_and_gradients_between_kept_values_do_not_change);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Memory that runs out: every single allocation that fails, one after the other.
 *
 * Each block that the library takes is here an allocation of its own (strict_arena.h): number 0
 * fails, then number 1, and so on until a program goes through. A failure is told as such and as
 * nothing else, the tape goes on working, nothing leaks.
 */
#include "tests/counting.h"
#include "tests/custom_operations.h"
#include "tests/program.h"
#include "tests/strict_arena.h"

#include <math.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

enum { GROUPS = 8 }; /* of operations, one to a test */

static counting count;
static ad_tape *tape;

/* One operation with everything that can be done to it. NAN where memory ran out. */
static double apply_operation(const maker *m)
{
    specimen s;
    ad_var operands[MOST_OPERANDS];
    specimen_shape(&s, m, 4 % SPECIMENS, 3);
    specimen_fill(&s, 4);
    specimen_operands(&s, tape, operands);
    ad_var sum = program_derivatives(specimen_record(&s, operands), operands, m->operands);
    ad_backward(sum);
    for (size_t k = 0; k < m->operands; k++) ad_set(operands[k], s.values[k]);
    ad_replay(tape);
    ad_backward(sum);
    return ad_tape_status(tape) == AD_OK ? ad_value(sum) : NAN;
}

/* Replays within gradcheck and keep, and those of what was kept. */
static double apply_replays(const maker *m)
{
    specimen s;
    ad_var x[MOST_OPERANDS + 1];
    specimen_shape(&s, m, 2, 3);
    specimen_fill(&s, 4);
    specimen_operands(&s, tape, x);
    ad_var y = ad_sum(specimen_record(&s, x));
    double error = 0;
    size_t judged = 0;
    const ad_status status = ad_gradcheck_report(y, x[0], &error, &judged);
    ck_assert((status == AD_OK) == (ad_tape_status(tape) == AD_OK));
    ck_assert(status == AD_OK || (isnan(error) && judged == 0));
    x[m->operands] = y;
    ad_tape_keep(tape, x, m->operands + 1);
    for (size_t k = 0; k < m->operands; k++) ad_set(x[k], s.values[k]);
    ad_replay(tape);
    ad_backward(x[m->operands]);
    return ad_tape_status(tape) == AD_OK ? atan(ad_value(x[m->operands])) : NAN;
}

/* Adjoints of leaves that became arrays, or are nothing yet; leaves set while values wait; a function
 * of one. */
static void apply_to_all_leaves(ad_var A, ad_var y)
{
    double all[14], hessian[81] = {0};
    const double point[9] = {2, 1, 0, 1, 2, 0, 0, 1, 3};
    const ad_var leaves[] = {A, ad_input(tape, 1, 5, (const double[]){1, 2, 3, 4, 5})};
    ad_backward(y);
    ad_status status = ad_adjoints(tape, leaves, 2, all);
    for (size_t i = 0; ad_ok(leaves[1]) && i < 14; i++)
        ck_assert(isnan(all[i]) == (status != AD_OK));
    ad_transpose(A);
    if (ad_ok(A)) status = ad_set_all(tape, &A, 1, ad_values(A));
    ck_assert_int_eq(status, ad_tape_status(tape));
    ad_replay(tape);
    ad_function f = {.x = A, .y = ad_logabsdet(A)};
    status = ad_function_hessian(&f, point, all, NULL, hessian);
    ck_assert(!ad_ok(A) || isnan(hessian[80]) == (status != AD_OK));
    ad_replay(tape);
}

/* Everything else that takes memory. */
static double apply_the_rest(const maker *unused)
{
    (void)unused;
    char text[100];
    ad_var inputs[20], A = ad_input(tape, 3, 3, (const double[]){4, 1, 0, 1, 3, 1, 0, 1, 5});
    for (size_t k = 0; k < 20; k++)
        inputs[k] = ad_name(ad_scalar(tape, 1 + (double)k / 8), "an input with a rather long name");
    ad_var many = ad_custom(tape, &powers, inputs, 20, NULL);
    ad_var v = ad_block(A, 0, 0, 3, 1), cubes = ad_custom(tape, &cube, &v, 1, NULL);
    ad_var in_numbers = ad_custom(tape, &cube_in_numbers, &v, 1, NULL);
    ad_mark mark = ad_tape_mark(tape);
    ad_var sum = ad_sum(ad_hessian(ad_logabsdet(A), A));
    ad_gradcheck(ad_det(ad_mul(A, inputs[5])), inputs[5]);
    sum = ad_add(sum, ad_sum(ad_jacobian(cubes, A)));
    sum = ad_add(sum, ad_detach(ad_sum(ad_jvp(in_numbers, A, A))));
    sum = ad_add(sum, ad_dot(ad_detach(A), ad_hvp(ad_charpoly(A, inputs[3]), A, A)));
    sum = ad_add(sum, ad_detach(ad_grad(many, inputs[7])));
    ad_backward(sum);
    ad_tape_find_nonfinite(tape, AD_ADJOINTS, text, sizeof text);
    apply_to_all_leaves(A, ad_add(sum, ad_trace(A)));
    ad_tape_rewind(tape, mark);
    sum = ad_name(ad_add(many, ad_norm2(ad_matmul(A, A))), "sum");
    ad_var kept[] = {A, sum};
    ad_tape_keep(tape, kept, 2);
    ad_backward(kept[1]);
    return ad_tape_status(tape) == AD_OK ? ad_value(kept[1]) : NAN;
}

/* Matrices that take their determinants a way of their own: entries far apart in size (with and
 * without too much cancellation), nearly singular, infinite; the last is taken for charpoly. */
static const double hard[][9] = {
    {1e-200, 2, 3, 4, 5, 1e100, 7, 8e200, 10},
    {0x1p600, 0x1p600, 0, 0x1p600, 0x1p600, 0x1p200, 0x1p600, 0, 0x1p600},
    {525937654278903, 3134525709671833, 1383011265378339, -46490167040719, -277075852337265,
     -122251039117934, 219363195078096, 1307378487040461, 576839797519426},
    {(double)INFINITY, 2, 3, 4, 5, 6, 7, 8, 10}};

static double apply_determinants(const maker *unused)
{
    (void)unused;
    double sum = 0;
    const double ones[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    for (size_t k = 0; k < sizeof hard / sizeof *hard; k++) {
        ad_var A = ad_input(tape, 3, 3, hard[k]), V = ad_input(tape, 3, 3, ones);
        ad_var x = ad_scalar(tape, 3), p = ad_charpoly(A, x), y = ad_logabsdet(A);
        ad_var results[] = {y,
                            ad_detsign(A),
                            ad_grad(ad_det(A), A),
                            ad_hvp(ad_det(A), A, V),
                            ad_hvp(ad_dot(ad_cofactor(A), V), A, V),
                            ad_grad(y, A),
                            ad_hvp(y, A, V),
                            ad_solve(A, V),
                            p,
                            ad_grad(p, x),
                            ad_grad(p, A)};
        for (size_t i = 0; i < sizeof results / sizeof *results; i++)
            for (size_t j = 0; j < ad_rows(results[i]) * ad_cols(results[i]); j++)
                if (isfinite(ad_values(results[i])[j])) sum += atan(ad_values(results[i])[j]);
    }
    return ad_tape_status(tape) == AD_OK ? sum : NAN;
}

/* False when no call failed. */
static bool survives(double (*apply)(const maker *), const maker *m, size_t call, bool and_after,
                     double expected)
{
    count = (counting){.fail_at = call, .fail_after = and_after, .most = SIZE_MAX};
    tape = counting_tape(&count);
    double value = tape ? apply(m) : NAN;
    bool failed = count.calls > call;
    ck_assert_msg(failed == (tape == NULL || ad_tape_status(tape) != AD_OK),
                  "call %zu: failed %d, status '%s'", call, failed, ad_tape_message(tape));
    if (tape) {
        ck_assert_msg(!failed || ad_tape_status(tape) == AD_ERROR_MEMORY, "call %zu: %s", call,
                      ad_tape_message(tape));
        count.fail_at = SIZE_MAX;
        ad_tape_clear_error(tape);
        ad_var number = ad_scalar(tape, 3);
        ck_assert(!failed || isnan(value));
        ck_assert(ad_value(ad_square(number)) == 9 || ad_tape_status(tape) == AD_ERROR_STATE);
        ad_tape_reset(tape);
        value = apply(m);
        ck_assert_msg(ad_tape_status(tape) == AD_OK && value == expected,
                      "after call %zu failed: %.17g, not %.17g", call, value, expected);
    }
    ad_tape_free(tape);
    ck_assert_uint_eq(count.live, 0);
    ck_assert_uint_eq(strict_arena_overruns(), 0);
    return failed;
}

/* Every single call up to number 100; a selection of later ones, and of those after which all
 * fail. */
static void sweep_failures(double (*apply)(const maker *), const maker *m)
{
    counting_init(&count);
    tape = counting_tape(&count);
    double expected = apply(m);
    ck_assert_msg(isfinite(expected), "%s: %s", m ? m->name : "", ad_tape_message(tape));
    ad_tape_free(tape);
    for (int and_after = 0; and_after <= 1; and_after++) {
        size_t call = 0;
        while (survives(apply, m, call, and_after, expected))
            call += and_after ? 4 : 1 + call / 100;
        ck_assert_uint_gt(call, 10);
    }
}

START_TEST(an_operation_survives_each_allocation_that_fails)
{
    for (size_t i = (size_t)_i; maker_at(i); i += GROUPS)
        sweep_failures(apply_operation, maker_at(i));
}
END_TEST

START_TEST(replays_survive_each_allocation_that_fails)
{
    for (size_t i = (size_t)_i; maker_at(i); i += GROUPS)
        if (strcmp(maker_at(i)->name, "detach") != 0) /* an error of gradcheck */
            sweep_failures(apply_replays, maker_at(i));
}
END_TEST

START_TEST(hard_determinants_survive_each_allocation_that_fails)
{
    sweep_failures(apply_determinants, NULL);
}
END_TEST

START_TEST(everything_else_survives_each_allocation_that_fails)
{
    sweep_failures(apply_the_rest, NULL);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("allocation failures");
    TCase *failures = tcase_create("failures");
    tcase_add_loop_test(failures, an_operation_survives_each_allocation_that_fails, 0, GROUPS);
    tcase_add_loop_test(failures, replays_survive_each_allocation_that_fails, 0, GROUPS);
    tcase_add_test(failures, hard_determinants_survive_each_allocation_that_fails);
    tcase_add_test(failures, everything_else_survives_each_allocation_that_fails);
    suite_add_tcase(s, failures);
    return s;
}

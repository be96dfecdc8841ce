/* SPDX-License-Identifier: MIT */
/* Memory is taken in the first round of a loop, and in none after it. */
#include "tests/counting.h"
#include "tests/program.h"

#include "tests/suite.h"
#include "tests/tape_checks.h"

static counting count;
static ad_tape *tape;
static program all;

static void setup(void)
{
    counting_init(&count);
    tape = counting_tape(&count);
}

static void teardown(void)
{
    ad_tape_free(tape);
    ck_assert_uint_eq(count.live, 0);
}

/* ---- no allocation after the first round ---- */

/* Runs a round a few times; only the first ones may allocate. */
static void check_rounds(void (*round)(void), int first_ones)
{
    size_t before = 0;
    for (int i = 0; i < first_ones + 5; i++) {
        round();
        ck_assert_msg(ad_tape_status(tape) == AD_OK, "%s", ad_tape_message(tape));
        if (i >= first_ones) ck_assert_uint_eq(count.calls, before);
        before = count.calls;
    }
}

static void record_sweep_reset(void)
{
    program_record(&all, tape, true, REGULAR, 1);
    ad_backward(all.total);
    ad_tape_reset(tape);
}

START_TEST(record_sweep_reset_allocates_in_the_first_round_only)
{
    check_rounds(record_sweep_reset, 1);
}
END_TEST

static void set_replay_sweep(void)
{
    static uint64_t seed = 50;
    program_set(&all, REGULAR, seed++);
    ad_replay(tape);
    ad_backward(all.total);
}

START_TEST(set_replay_sweep_allocates_in_the_first_round_only)
{
    program_record(&all, tape, true, REGULAR, 1);
    check_rounds(set_replay_sweep, 1);
}
END_TEST

static ad_mark start;

static void mark_record_rewind(void)
{
    program_record(&all, tape, true, REGULAR, 1);
    ad_name(all.total, "a name that is longer than most names, which takes memory as well");
    ad_backward(all.total);
    ad_tape_rewind(tape, start);
}

START_TEST(mark_record_rewind_allocates_in_the_first_round_only)
{
    ad_scalar(tape, 1);
    start = ad_tape_mark(tape);
    check_rounds(mark_record_rewind, 1);
}
END_TEST

static ad_var x, y;

static void derivatives_in_a_loop(void)
{
    ad_mark mark = ad_tape_mark(tape);
    ad_hessian(y, x);
    ad_jacobian(ad_matmul(x, x), x);
    ad_jvp(y, x, x);
    ad_gradcheck(y, x);
    ad_tape_rewind(tape, mark);
}

START_TEST(hessians_in_a_loop_allocate_in_the_first_round_only)
{
    x = ad_input(tape, 3, 3, (const double[]){4, 1, 0, 1, 3, 1, 0, 1, 5});
    y = ad_logabsdet(ad_matmul(x, x));
    check_rounds(derivatives_in_a_loop, 1);
}
END_TEST

static void step_of_descent(void)
{
    ad_var error = ad_sub(ad_square(x), ad_constant(tape, 2, 1, (const double[]){2, 3}));
    ad_backward(ad_dot(error, error));
    ad_var step = ad_scale(ad_input(tape, 2, 1, ad_adjoint(x)), -0.01);
    ad_var vars[] = {ad_detach(ad_add(x, step))};
    ad_tape_keep(tape, vars, 1);
    x = vars[0];
}

START_TEST(keeping_in_a_loop_allocates_in_the_first_rounds_only)
{
    x = ad_input(tape, 2, 1, (const double[]){1, 1});
    check_rounds(step_of_descent, 2);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 1);
}
END_TEST

/* The tape grows by one scalar between sweeps of all the rest: no sweep takes memory, and the
 * scalars only that of their chunks. */
START_TEST(sweeps_of_a_growing_tape_take_no_new_scratch)
{
    program_record(&all, tape, true, REGULAR, 1);
    ad_var sum = all.total;
    ad_backward(sum);
    size_t before = count.calls;
    for (int i = 0; i < 100; i++) {
        sum = ad_add(sum, all.total);
        ck_assert_int_eq(ad_backward(sum), AD_OK);
    }
    ck_assert_uint_le(count.calls - before, 2);
}
END_TEST

static void grow_and_sweep(void)
{
    ad_var A = ad_input(tape, 3, 3, (const double[]){4, 1, 0, 1, 3, 1, 0, 1, 5}), sum = ad_det(A);
    for (int i = 0; i < 200; i++) {
        sum = ad_add(sum, ad_det(ad_scale(A, i)));
        ad_backward(sum);
    }
    ad_tape_reset(tape);
}

START_TEST(growing_and_sweeping_again_allocates_nothing)
{
    check_rounds(grow_and_sweep, 1);
}
END_TEST

START_TEST(the_books_agree_with_the_allocator)
{
    program_record(&all, tape, true, REGULAR, 1);
    ad_statistics figures = ad_tape_statistics(tape);
    ck_assert_uint_eq(figures.allocations, count.calls);
    ck_assert_uint_ge(figures.bytes, figures.nodes * 8);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("allocation");
    TCase *rounds = tcase_create("rounds");
    tcase_add_checked_fixture(rounds, setup, teardown);
    tcase_add_test(rounds, record_sweep_reset_allocates_in_the_first_round_only);
    tcase_add_test(rounds, set_replay_sweep_allocates_in_the_first_round_only);
    tcase_add_test(rounds, mark_record_rewind_allocates_in_the_first_round_only);
    tcase_add_test(rounds, hessians_in_a_loop_allocate_in_the_first_round_only);
    tcase_add_test(rounds, keeping_in_a_loop_allocates_in_the_first_rounds_only);
    tcase_add_test(rounds, sweeps_of_a_growing_tape_take_no_new_scratch);
    tcase_add_test(rounds, growing_and_sweeping_again_allocates_nothing);
    tcase_add_test(rounds, the_books_agree_with_the_allocator);
    suite_add_tcase(s, rounds);
    return s;
}

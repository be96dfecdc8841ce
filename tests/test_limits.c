/* SPDX-License-Identifier: MIT */
/* Long tapes in little stack, the memory of a scalar, and tapes side by side in threads. */
#define _POSIX_C_SOURCE 200809L
#include "tests/program.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

/* ---- ten million scalar operations ---- */

enum { OPERATIONS = 10 * 1000 * 1000, LITTLE_STACK = 128 * 1024 };

typedef struct long_tape {
    ad_tape *tape;
    ad_var x, y;
    double adjoint, replayed, bytes;
} long_tape;

/* y <- y/2 + x, half as many times as there are operations: in the limit y = 2x. */
static void *record_and_sweep(void *argument)
{
    long_tape *t = argument;
    ad_var half = ad_constant(t->tape, 1, 1, (const double[]){0.5});
    t->y = t->x = ad_scalar(t->tape, 3);
    for (size_t i = 0; i < OPERATIONS / 2; i++) t->y = ad_add(ad_mul(t->y, half), t->x);
    ad_backward(t->y);
    t->adjoint = *ad_adjoint(t->x);
    t->bytes = (double)ad_tape_statistics(t->tape).bytes / (double)OPERATIONS;
    ad_set(t->x, (const double[]){5});
    ad_replay(t->tape);
    t->replayed = ad_value(t->y);
    return NULL;
}

/* A gradient on the tape, of a tenth: it records several operations for each. */
static void *record_gradient(void *argument)
{
    long_tape *t = argument;
    ad_var y = t->x = ad_scalar(t->tape, 3),
           half = ad_constant(t->tape, 1, 1, (const double[]){0.5});
    for (size_t i = 0; i < OPERATIONS / 20; i++) y = ad_add(ad_mul(y, half), t->x);
    ad_var gradient = ad_grad(y, t->x);
    t->adjoint = ad_value(gradient);
    ad_tape_keep(t->tape, &gradient, 1);
    return NULL;
}

static void run_in_little_stack(void *(*work)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_t thread;
    size_t stack = LITTLE_STACK;
    if (stack < (size_t)PTHREAD_STACK_MIN) stack = (size_t)PTHREAD_STACK_MIN;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, stack), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, work, argument), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
}

START_TEST(ten_million_operations_are_recorded_swept_and_replayed_in_constant_stack)
{
    long_tape t = {.tape = ad_tape_new()};
    run_in_little_stack(record_and_sweep, &t);
    ck_assert_str_eq(ad_tape_message(t.tape), "");
    ck_assert_double_eq(t.adjoint, 2);
    ck_assert_double_eq(t.replayed, 10);
    ck_assert_uint_ge(ad_tape_statistics(t.tape).nodes, OPERATIONS);
    printf("memory per scalar binary operation, adjoint included: %.1f bytes\n", t.bytes);
    ck_assert_double_le(t.bytes, 40);
    ad_tape_free(t.tape);
}
END_TEST

START_TEST(a_gradient_of_a_million_operations_is_recorded_in_constant_stack)
{
    long_tape t = {.tape = ad_tape_new()};
    run_in_little_stack(record_gradient, &t);
    ck_assert_str_eq(ad_tape_message(t.tape), "");
    ck_assert_double_eq(t.adjoint, 2);
    ad_tape_free(t.tape);
}
END_TEST

/* A general node has a record besides: its size is bounded too. */
START_TEST(a_small_matrix_operation_takes_a_few_hundred_bytes)
{
    enum { MANY = 100000 };
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, 2, 1, (const double[]){1, 2});
    for (int i = 0; i < MANY; i++) x = ad_sin(x);
    ad_backward(ad_sum(x));
    double bytes = (double)ad_tape_statistics(tape).bytes / (double)MANY;
    printf("memory per operation on a 2x1, adjoint included: %.0f bytes\n", bytes);
    ck_assert_double_le(bytes, 640);
    ad_tape_free(tape);
}
END_TEST

/* ---- time ---- */

/* Every value is used by the next two: 2^20000 paths. */
START_TEST(a_fibonacci_of_nodes_is_swept_in_linear_time)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_scalar(tape, 1), a = x, b = x;
    for (int i = 0; i < 20000; i++) {
        ad_var c = ad_scale(ad_add(a, b), 0.5);
        a = b;
        b = c;
    }
    ck_assert_int_eq(ad_backward(b), AD_OK);
    ck_assert_double_eq(*ad_adjoint(x), 1);
    check_number(ad_grad(b, x), 1, 0);
    ck_assert_uint_le(ad_tape_statistics(tape).nodes, 20000 * 10);
    ad_tape_free(tape);
}
END_TEST

/* ---- threads ---- */

enum { THREADS = 2, ROUNDS = 3 };

typedef struct worker {
    pthread_t thread;
    uint64_t seed;
    double total, adjoint;
    bool ok;
} worker;

static void *work(void *argument)
{
    worker *w = argument;
    program *p = malloc(sizeof *p);
    ad_tape *tape = ad_tape_new();
    for (int round = 0; p && tape && round < ROUNDS; round++) {
        ad_tape_reset(tape);
        program_record(p, tape, true, REGULAR, w->seed);
        ad_gradcheck(p->total, p->operands[0][0]);
        program_set(p, REGULAR, w->seed + 1);
        ad_replay(tape);
        ad_backward(p->total);
        w->ok = ad_tape_status(tape) == AD_OK && strlen(ad_version()) > 0;
        w->total = ad_value(p->total);
        w->adjoint = ad_adjoint(p->operands[0][0])[0];
    }
    ad_tape_free(tape);
    free(p);
    return NULL;
}

START_TEST(tapes_in_two_threads_do_not_know_of_each_other)
{
    worker together[THREADS] = {{.seed = 1}, {.seed = 2}},
           alone[THREADS] = {{.seed = 1}, {.seed = 2}};
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&together[i].thread, NULL, work, &together[i]), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(together[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        work(&alone[i]);
        ck_assert(together[i].ok && alone[i].ok);
        ck_assert_double_eq(together[i].total, alone[i].total);
        ck_assert_double_eq(together[i].adjoint, alone[i].adjoint);
    }
}
END_TEST

/* Large enough for a BLAS to use its threads. */
START_TEST(the_same_calculation_gives_the_same_bits_again)
{
    enum { ORDER = 200 };
    static double entries[ORDER * ORDER], first[ORDER * ORDER];
    uint64_t state = 1;
    for (size_t i = 0; i < ORDER * ORDER; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        entries[i] = (double)(state >> 11) * 0x1p-52 - 1;
    }
    for (int round = 0; round < 4; round++) {
        ad_tape *tape = ad_tape_new();
        void *moves_what_follows = malloc((size_t)round * 1000 + 8);
        ad_var A = ad_input(tape, ORDER, ORDER, entries);
        ck_assert_int_eq(ad_backward(ad_logabsdet(ad_matmul(A, ad_transpose(A)))), AD_OK);
        if (round == 0) memcpy(first, ad_adjoint(A), sizeof first);
        ck_assert(memcmp(first, ad_adjoint(A), sizeof first) == 0);
        free(moves_what_follows);
        ad_tape_free(tape);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("limits");
    TCase *cases = tcase_create("limits");
    tcase_add_test(cases, ten_million_operations_are_recorded_swept_and_replayed_in_constant_stack);
    tcase_add_test(cases, a_gradient_of_a_million_operations_is_recorded_in_constant_stack);
    tcase_add_test(cases, a_small_matrix_operation_takes_a_few_hundred_bytes);
    tcase_add_test(cases, a_fibonacci_of_nodes_is_swept_in_linear_time);
    tcase_add_test(cases, tapes_in_two_threads_do_not_know_of_each_other);
    tcase_add_test(cases, the_same_calculation_gives_the_same_bits_again);
    suite_add_tcase(s, cases);
    return s;
}

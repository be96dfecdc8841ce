/* SPDX-License-Identifier: MIT */
/* States in which a tape must not believe what it holds: after a replay that failed, inside
 * callbacks of the user's, when an allocation fails half-way; and loops that must stay in
 * bounded memory. */
#include "tests/counting.h"
#include "tests/custom_operations.h"

#include <math.h>
#include <stdlib.h>

#include "tests/fixture.h"

static const ad_var none = {0};
static const double regular[] = {2, 0, 0, 2}, singular[] = {1, 2, 2, 4};

/* ---- after a replay that failed ---- */

typedef struct model {
    ad_var x, A, before, inverse, after, product;
    ad_mark start, between, end;
} model;

static model record_model(void)
{
    model m = {.x = ad_scalar(tape, 1), .A = ad_input(tape, 2, 2, regular)};
    m.start = ad_tape_mark(tape);
    m.before = ad_scale(ad_square(m.x), 10);
    m.between = ad_tape_mark(tape);
    m.inverse = ad_sum(ad_inverse(m.A));
    m.after = ad_scale(ad_square(m.x), 10);
    m.product = ad_matmul(m.A, m.A);
    m.end = ad_tape_mark(tape);
    return m;
}

static model failed_model(void)
{
    model m = record_model();
    ad_set(m.x, (const double[]){3});
    ad_set(m.A, singular);
    ck_assert_int_eq(ad_replay(tape), AD_ERROR_SINGULAR);
    ad_tape_clear_error(tape);
    return m;
}

static const char *const refusal =
    ": after an ad_replay that failed: values are unknown until one succeeds";

static void check_refused(const char *call)
{
    char message[200];
    snprintf(message, sizeof message, "%s%s", call, refusal);
    check_error(tape, none, AD_ERROR_STATE, message);
}

START_TEST(leaves_are_readable_and_computed_values_are_not)
{
    model m = failed_model();
    ck_assert_double_eq(ad_value(m.x), 3);
    ck_assert_double_eq(ad_values(m.A)[3], 4);
    ck_assert(isnan(ad_value(m.before)) && isnan(ad_value(m.inverse)) && isnan(ad_value(m.after)));
    ck_assert_ptr_null(ad_values(m.product));
    ck_assert(ad_ok(m.after) && ad_rows(m.product) == 2);
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
    char text[100];
    ck_assert(!ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
}
END_TEST

START_TEST(sweeping_recording_and_keeping_are_refused)
{
    model m = failed_model();
    ck_assert_int_eq(ad_backward(m.after), AD_ERROR_STATE);
    check_refused("backward");
    ck_assert(!ad_ok(ad_add(m.x, m.x)));
    check_refused("add");
    ck_assert(!ad_ok(ad_grad(m.after, m.x)));
    check_refused("grad");
    ck_assert(!ad_ok(ad_scalar(tape, 1)));
    check_refused("scalar");
    ck_assert(isnan(ad_gradcheck(m.after, m.x)));
    check_refused("gradcheck");
    ad_var kept[] = {m.x};
    ck_assert_int_eq(ad_tape_keep(tape, kept, 1), AD_ERROR_STATE);
    check_refused("keep");
}
END_TEST

static void check_well(const model *m, double x)
{
    check_number(m->before, 10 * x * x, 0);
    check_number(m->after, 10 * x * x, 0);
    check_number(m->inverse, 1, 1e-15);
    check_gradient(m->after, m->x, (const double[]){20 * x}, 1e-15);
}

START_TEST(a_replay_that_succeeds_ends_it)
{
    model m = failed_model();
    ck_assert_int_eq(ad_replay(tape), AD_ERROR_SINGULAR);
    ad_tape_clear_error(tape);
    ck_assert_int_eq(ad_set(m.A, regular), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_well(&m, 3);
}
END_TEST

START_TEST(so_do_a_reset_and_a_rewind_to_before_the_node_that_failed)
{
    model m = failed_model();
    ck_assert_int_eq(ad_tape_rewind(tape, m.end), AD_OK);
    ck_assert(isnan(ad_value(m.before)));
    ck_assert_int_eq(ad_tape_rewind(tape, m.between), AD_OK);
    check_number(m.before, 90, 0);
    check_number(ad_add(m.before, m.x), 93, 0);
    failed_model();
    ad_tape_reset(tape);
    model again = record_model();
    check_well(&again, 1);
}
END_TEST

START_TEST(a_point_where_a_function_has_no_value_is_an_error_and_the_next_one_is_not)
{
    ad_function f = {.x = INPUT(2, 2, 2, 1, 1, 3)}, trace = {.x = f.x, .y = ad_trace(f.x)};
    f.y = ad_sum(ad_inverse(f.x));
    const double point[] = {2, 0, 0, 4};
    double y, gradient[4], hessian[16];
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(ad_function_hessian(&f, singular, &y, gradient, hessian),
                         AD_ERROR_SINGULAR);
        ck_assert(isnan(y) && isnan(gradient[0]) && isnan(hessian[15]));
        ck_assert_int_eq(ad_function_value(&trace, point, &y), AD_ERROR_SINGULAR);
        ad_tape_clear_error(tape);
        ck_assert_int_eq(ad_function_value(&trace, point, &y), AD_OK);
        ck_assert_double_eq(y, 6);
        ck_assert_int_eq(ad_function_hessian(&f, point, &y, gradient, hessian), AD_OK);
        ck_assert_double_eq(y, 0.75);
        check_array("gradient", gradient, 4, (const double[]){-0.25, -0.125, -0.125, -0.0625}, 0);
    }
}
END_TEST

/* ---- inside callbacks ---- */

typedef enum caller { SHAPE, VALUE, VJP, CALLERS } caller;

typedef struct meddler {
    caller from;
    size_t what;
    ad_var x, y;
    ad_mark mark;
    bool armed;
} meddler;

/* Everything that changes a tape. */
static void meddle(meddler *m)
{
    ad_var vars[] = {m->x};
    const double seven = 7;
    switch (m->what) {
    case 0: ad_tape_reset(tape); break;
    case 1: ad_tape_keep(tape, vars, 1); break;
    case 2: ad_set(m->x, &seven); break;
    case 3: ad_replay(tape); break;
    case 4: ad_tape_rewind(tape, m->mark); break;
    case 5: ad_backward(m->y); break;
    case 6: ad_add(m->x, m->x); break;
    case 7: ad_scalar(tape, 1); break;
    case 8: ad_grad(m->y, m->x); break;
    case 9: ad_matmul(m->x, m->x); break;
    default: ad_gradcheck(m->y, m->x); break;
    }
}

static const char *const meddlings[] = {"reset", "keep",   "set",  "replay", "rewind",   "backward",
                                        "add",   "scalar", "grad", "matmul", "gradcheck"};
enum { MEDDLINGS = sizeof meddlings / sizeof *meddlings };

static ad_status meddling_shape(const ad_matrix *in, size_t count, size_t *rows, size_t *cols,
                                void *context)
{
    (void)in, (void)count;
    meddler *m = context;
    *rows = *cols = 1;
    if (m->armed && m->from == SHAPE) meddle(m);
    return AD_OK;
}

static ad_status meddling_value(const ad_matrix *in, size_t count, double *y, void *context)
{
    (void)count;
    meddler *m = context;
    if (m->armed && m->from == VALUE) meddle(m);
    *y = 2 * *in[0].values;
    return AD_OK;
}

static ad_status meddling_vjp(const ad_matrix *in, size_t count, ad_matrix y, ad_matrix adjoint,
                              double *const *gradients, void *context)
{
    (void)in, (void)count, (void)y;
    meddler *m = context;
    if (m->armed && m->from == VJP) meddle(m);
    gradients[0][0] = 2 * *adjoint.values;
    return AD_OK;
}

static const ad_custom_op meddling = {
    .name = "meddling", .shape = meddling_shape, .value = meddling_value, .vjp = meddling_vjp};

static void check_meddling(caller from, size_t what)
{
    ad_tape_reset(tape);
    meddler m = {.from = from, .what = what, .x = ad_scalar(tape, 3)};
    m.y = ad_square(m.x);
    m.mark = ad_tape_mark(tape);
    m.armed = true;
    ad_var z = ad_custom(tape, &meddling, &m.x, 1, &m);
    if (from == VJP) z = ad_grad(z, m.x);
    char message[100];
    snprintf(message, sizeof message, "%s: called from a shape rule or value function",
             meddlings[what]);
    ck_assert_msg(!ad_ok(z), "%s", meddlings[what]);
    ck_assert_int_eq(ad_tape_status(tape), AD_ERROR_STATE);
    ck_assert_str_eq(ad_tape_message(tape), message);
    ad_tape_clear_error(tape);
    m.armed = false;
    check_number(m.x, 3, 0);
    check_gradient(m.y, m.x, (const double[]){6}, 0);
    check_gradient(ad_custom(tape, &meddling, &m.x, 1, &m), m.x, (const double[]){2}, 0);
}

START_TEST(callbacks_leave_the_tape_alone)
{
    check_meddling((caller)_i, 0);
    for (size_t what = 0; what < MEDDLINGS; what++) check_meddling((caller)_i, what);
}
END_TEST

static ad_status ask_for_itself(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                                const bool *wanted, ad_var *gradients, void *context)
{
    (void)count, (void)wanted, (void)context;
    gradients[0] = ad_mul(adjoint, ad_grad(y, x[0]));
    return AD_OK;
}

START_TEST(a_rule_that_asks_for_its_own_gradient_is_an_error)
{
    ad_custom_op op = uncounted_cube;
    op.gradient = ask_for_itself;
    ad_var x = ad_scalar(tape, 2), y = ad_custom(tape, &op, &x, 1, NULL);
    check_error(tape, ad_grad(y, x), AD_ERROR_STATE,
                "grad: gradient rules that ask for gradients, 32 within one another");
    ck_assert_int_eq(ad_backward(y), AD_ERROR_STATE);
}
END_TEST

/* ---- keeping ---- */

START_TEST(keep_does_all_or_nothing)
{
    counting count;
    bool more = true;
    free_tape(); /* each round has one of its own */
    for (size_t call = 0; more; call++) {
        counting_init(&count);
        tape = counting_tape(&count);
        ad_var vars[] = {ad_name(ad_scalar(tape, 2), "two"), none, none};
        vars[1] = ad_name(ad_exp(vars[0]), "its exponential");
        vars[2] = ad_name(ad_input(tape, 2, 2, regular), "a matrix");
        const ad_var old[] = {vars[0], vars[1], vars[2]};
        const size_t nodes = ad_tape_statistics(tape).nodes;
        count.fail_at = count.calls + call;
        const ad_status status = ad_tape_keep(tape, vars, 3);
        more = count.calls > count.fail_at;
        const bool failed = status != AD_OK;
        ck_assert(!failed || (more && status == AD_ERROR_MEMORY));
        count.fail_at = SIZE_MAX;
        ad_tape_clear_error(tape);
        for (size_t i = 0; i < 3; i++) ck_assert(ad_ok(vars[i]) && ad_ok(old[i]) == failed);
        if (failed) ck_assert_uint_eq(ad_tape_statistics(tape).nodes, nodes);
        check_number(vars[0], 2, 0);
        check_gradient(vars[1], vars[0], (const double[]){exp(2)}, 0);
        ad_tape_free(tape);
        ck_assert_uint_eq(count.live, 0);
    }
    tape = NULL;
}
END_TEST

START_TEST(names_of_kept_values_take_no_more_memory_each_time)
{
    ad_var vars[3];
    for (size_t i = 0; i < 3; i++) vars[i] = ad_name(ad_scalar(tape, (double)i), "a value");
    size_t bytes = 0;
    for (int round = 0; round < 1000; round++) {
        ck_assert_int_eq(ad_tape_keep(tape, vars, 3), AD_OK);
        if (round == 10) bytes = ad_tape_statistics(tape).bytes;
    }
    ck_assert_uint_eq(ad_tape_statistics(tape).bytes, bytes);
}
END_TEST

/* w <- detach(w - 0.01 dL/dw) beside data that stay. */
START_TEST(a_loop_of_detached_steps_stays_small)
{
    ad_var vars[] = {ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}),
                     ad_input(tape, 2, 1, (const double[]){1, 2}),
                     ad_input(tape, 2, 1, (const double[]){5, -3})};
    size_t bytes = 0, nodes = 0;
    for (int step = 0; step < 20000; step++) {
        ad_var loss = ad_sum(ad_square(ad_sub(ad_matmul(vars[0], vars[2]), vars[1])));
        vars[2] = ad_detach(ad_sub(vars[2], ad_scale(ad_grad(loss, vars[2]), 0.01)));
        ck_assert_int_eq(ad_tape_keep(tape, vars, 3), AD_OK);
        ad_var w = ad_input(tape, 2, 1, ad_values(vars[2]));
        vars[2] = w;
        if (step == 10) {
            bytes = ad_tape_statistics(tape).bytes;
            nodes = ad_tape_statistics(tape).nodes;
        }
    }
    ck_assert_uint_eq(ad_tape_statistics(tape).bytes, bytes);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, nodes);
    check_matrix(vars[2], 2, 1, (const double[]){0, 0.5}, 1e-6);
}
END_TEST

START_TEST(a_detached_value_is_recomputed_while_its_operand_is_kept)
{
    ad_var vars[] = {ad_scalar(tape, 3), none, none};
    vars[1] = ad_detach(vars[0]);
    vars[2] = ad_mul(vars[1], vars[0]);
    ck_assert_int_eq(ad_tape_keep(tape, vars, 3), AD_OK);
    ad_set(vars[0], (const double[]){5});
    ad_replay(tape);
    check_number(vars[1], 5, 0);
    check_gradient(vars[2], vars[0], (const double[]){5}, 0);
    ck_assert_int_eq(ad_tape_keep(tape, &vars[1], 2), AD_OK);
    check_number(vars[2], 25, 0);
}
END_TEST

/* ---- sides without elements ---- */

START_TEST(a_huge_side_without_elements_takes_no_time)
{
    const size_t huge = SIZE_MAX;
    ad_var tall = ad_input(tape, huge, 0, NULL), wide = ad_input(tape, 0, huge, NULL);
    ad_var all[] = {ad_transpose(tall),
                    ad_exp(wide),
                    ad_add(tall, tall),
                    ad_tril(tall),
                    ad_block(tall, 5, 0, huge - 5, 0),
                    ad_reshape(tall, 0, 3),
                    ad_abs(wide),
                    ad_sum_rows(wide),
                    ad_prod_cols(tall),
                    ad_max_rows(wide),
                    ad_outer(wide, wide),
                    ad_matmul(ad_input(tape, 3, huge, NULL), tall),
                    ad_hcat(tall, tall),
                    ad_where(tall, tall, tall),
                    ad_detach(tall),
                    ad_kron(tall, wide)};
    ad_tape_clear_error(tape); /* 3 x huge is too large */
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!ad_ok(all[i])) continue;
        ad_var sum = ad_sum(all[i]);
        ck_assert_double_eq(ad_value(sum), 0);
        ck_assert_int_eq(ad_backward(sum), AD_OK);
        ck_assert(ad_ok(ad_grad(sum, i % 2 ? tall : wide)));
    }
    ck_assert_double_eq(ad_value(ad_norm_fro(tall)), 0);
    ck_assert_double_eq(ad_value(ad_prod(wide)), 1);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("states");
    TCase *failed = tcase_create("failed replays"), *callbacks = tcase_create("callbacks");
    TCase *keeping = tcase_create("keeping"), *empty = tcase_create("empty");
    TCase *const cases[] = {failed, callbacks, keeping, empty};
    for (size_t i = 0; i < 4; i++) {
        tcase_add_checked_fixture(cases[i], make_tape, free_tape);
        suite_add_tcase(s, cases[i]);
    }
    tcase_add_test(failed, leaves_are_readable_and_computed_values_are_not);
    tcase_add_test(failed, sweeping_recording_and_keeping_are_refused);
    tcase_add_test(failed, a_replay_that_succeeds_ends_it);
    tcase_add_test(failed, so_do_a_reset_and_a_rewind_to_before_the_node_that_failed);
    tcase_add_test(failed,
                   a_point_where_a_function_has_no_value_is_an_error_and_the_next_one_is_not);
    tcase_add_loop_test(callbacks, callbacks_leave_the_tape_alone, 0, CALLERS);
    tcase_add_test(callbacks, a_rule_that_asks_for_its_own_gradient_is_an_error);
    tcase_add_test(keeping, keep_does_all_or_nothing);
    tcase_add_test(keeping, names_of_kept_values_take_no_more_memory_each_time);
    tcase_add_test(keeping, a_loop_of_detached_steps_stays_small);
    tcase_add_test(keeping, a_detached_value_is_recomputed_while_its_operand_is_kept);
    tcase_add_test(empty, a_huge_side_without_elements_takes_no_time);
    return s;
}

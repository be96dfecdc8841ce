/* SPDX-License-Identifier: MIT */
/* Callbacks of custom operations that fail, give the wrong shape, or meddle with the tape. */
#include "tests/custom_operations.h"

#include <math.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

static ad_tape *tape, *other;
static const ad_var none = {0};

static void make_tapes(void)
{
    tape = ad_tape_new();
    other = ad_tape_new();
}

static void free_tapes(void)
{
    ad_tape_free(tape);
    ad_tape_free(other);
}

/* The status is that of the sweep too; the error is cleared. */
static void check_backward(ad_var y, ad_status status, const char *message)
{
    ck_assert_int_eq(ad_backward(y), status);
    ck_assert_str_eq(ad_tape_message(tape), message);
    ad_tape_clear_error(tape);
}

/* By a sweep, and as a gradient on the tape. */
static void check_both(ad_var y, ad_var x, ad_status status, const char *message)
{
    check_backward(y, status, message);
    check_error(tape, ad_grad(y, x), status, message);
}

/* ---- callbacks that fail ---- */

static ad_status no_shape(const ad_matrix *x, size_t count, size_t *rows, size_t *cols,
                          void *context)
{
    (void)x, (void)count, (void)rows, (void)cols, (void)context;
    return AD_ERROR_SHAPE;
}

static ad_status no_value(const ad_matrix *x, size_t count, double *y, void *context)
{
    (void)x, (void)count, (void)y, (void)context;
    return AD_ERROR_ARGUMENT;
}

static ad_status no_gradient(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                             const bool *wanted, ad_var *gradients, void *context)
{
    (void)x, (void)count, (void)y, (void)adjoint, (void)wanted, (void)gradients, (void)context;
    return AD_ERROR_DERIVATIVE;
}

static ad_status no_vjp(const ad_matrix *x, size_t count, ad_matrix y, ad_matrix adjoint,
                        double *const *gradients, void *context)
{
    (void)x, (void)count, (void)y, (void)adjoint, (void)gradients, (void)context;
    return AD_ERROR_MEMORY;
}

START_TEST(a_failing_shape_rule_is_named)
{
    ad_custom_op op = cube;
    op.shape = no_shape;
    ad_var x = ad_scalar(tape, 2);
    check_error(tape, ad_custom(tape, &op, &x, 1, NULL), AD_ERROR_SHAPE,
                "cube: its shape rule failed: shapes do not fit");
}
END_TEST

START_TEST(a_failing_value_function_is_named)
{
    ad_custom_op op = cube;
    op.value = no_value;
    ad_var x = ad_scalar(tape, 2);
    check_error(tape, ad_custom(tape, &op, &x, 1, NULL), AD_ERROR_ARGUMENT,
                "cube: its value function failed: invalid argument");
    check_number(ad_square(x), 4, 0);
}
END_TEST

START_TEST(a_failing_gradient_rule_is_named)
{
    ad_custom_op op = cube;
    op.gradient = no_gradient;
    ad_var x = ad_scalar(tape, 2), y = ad_custom(tape, &op, &x, 1, NULL);
    check_both(y, x, AD_ERROR_DERIVATIVE, "cube: its gradient rule failed: no derivative");
}
END_TEST

START_TEST(a_failing_vjp_is_named)
{
    ad_custom_op op = cube_in_numbers;
    op.vjp = no_vjp;
    ad_var x = ad_scalar(tape, 2), y = ad_custom(tape, &op, &x, 1, NULL);
    check_both(y, x, AD_ERROR_MEMORY, "cube: its vjp failed: out of memory");
}
END_TEST

static ad_status value_above_zero(const ad_matrix *x, size_t count, double *y, void *context)
{
    (void)count, (void)context;
    *y = sqrt(*x[0].values);
    return *x[0].values > 0 ? AD_OK : AD_ERROR_ARGUMENT;
}

START_TEST(a_value_function_that_fails_in_a_replay_fails_the_replay)
{
    ad_custom_op op = cube;
    op.value = value_above_zero;
    ad_var x = ad_scalar(tape, 4), y = ad_custom(tape, &op, &x, 1, NULL);
    ad_set(x, (const double[]){-1});
    ck_assert_int_eq(ad_replay(tape), AD_ERROR_ARGUMENT);
    ck_assert_str_eq(ad_tape_message(tape), "cube: its value function failed: invalid argument");
    ad_tape_clear_error(tape);
    ad_set(x, (const double[]){9});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(y, 3, 0);
}
END_TEST

START_TEST(a_failed_sweep_leaves_no_adjoints)
{
    ad_custom_op op = cube;
    op.gradient = no_gradient;
    ad_var x = ad_scalar(tape, 2);
    ad_backward(ad_square(x));
    check_backward(ad_custom(tape, &op, &x, 1, NULL), AD_ERROR_DERIVATIVE,
                   "cube: its gradient rule failed: no derivative");
    ck_assert_ptr_null(ad_adjoint(x));
    ck_assert_int_eq(ad_tape_status(tape), AD_ERROR_STATE);
}
END_TEST

/* ---- gradients that do not fit ---- */

/* The gradient is whatever *context says. */
static ad_status gradient_in_context(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                                     const bool *wanted, ad_var *gradients, void *context)
{
    (void)x, (void)count, (void)y, (void)adjoint, (void)wanted;
    gradients[0] = *(ad_var *)context;
    return AD_OK;
}

static const ad_custom_op *with_gradient_in_context(void)
{
    static ad_custom_op op;
    op = uncounted_cube;
    op.gradient = gradient_in_context;
    return &op;
}

START_TEST(a_gradient_of_the_wrong_shape_is_reported)
{
    ad_var x = ad_input(tape, 3, 1, (const double[]){1, 2, 3});
    ad_var wrong = ad_input(tape, 1, 3, (const double[]){1, 2, 3});
    ad_var y = ad_sum(ad_custom(tape, with_gradient_in_context(), &x, 1, &wrong));
    check_both(y, x, AD_ERROR_SHAPE, "cube: the gradient by input 0 is 1x3, the input is 3x1");
}
END_TEST

START_TEST(a_gradient_on_another_tape_is_reported_on_both)
{
    ad_var x = ad_scalar(tape, 2), wrong = ad_scalar(other, 1);
    ad_var y = ad_custom(tape, with_gradient_in_context(), &x, 1, &wrong);
    check_both(y, x, AD_ERROR_TAPE, "cube: operands on different tapes");
    ck_assert_str_eq(ad_tape_message(other), "cube: operands on different tapes");
}
END_TEST

START_TEST(a_stale_gradient_is_reported)
{
    ad_mark mark = ad_tape_mark(tape);
    ad_var wrong = ad_scalar(tape, 1);
    ad_tape_rewind(tape, mark);
    ad_var x = ad_scalar(tape, 2);
    ad_var y = ad_custom(tape, with_gradient_in_context(), &x, 1, &wrong);
    check_both(y, x, AD_ERROR_STALE,
               "cube: stale handle: its value was dropped by a reset, rewind or keep");
}
END_TEST

START_TEST(a_gradient_left_invalid_means_zero)
{
    ad_var x = ad_scalar(tape, 2), nothing = none;
    ad_var y = ad_custom(tape, with_gradient_in_context(), &x, 1, &nothing);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    ck_assert_double_eq(*ad_adjoint(x), 0);
    check_number(ad_grad(y, x), 0, 0);
}
END_TEST

static ad_status failing_operation(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                                   const bool *wanted, ad_var *gradients, void *context)
{
    (void)count, (void)y, (void)wanted, (void)context;
    gradients[0] = ad_matmul(adjoint, ad_hcat(x[0], x[0]));
    return AD_OK;
}

START_TEST(an_operation_that_fails_in_a_rule_fails_the_sweep)
{
    ad_custom_op op = cube;
    op.gradient = failing_operation;
    ad_var x = ad_input(tape, 2, 1, (const double[]){1, 2});
    ad_var y = ad_sum(ad_custom(tape, &op, &x, 1, NULL));
    check_both(y, x, AD_ERROR_SHAPE, "matmul: 2x1 times 2x2: inner dimensions differ");
}
END_TEST

static ad_status unwanted_gradients(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                                    const bool *wanted, ad_var *gradients, void *context)
{
    (void)y, (void)wanted, (void)context;
    for (size_t k = 0; k < count; k++) gradients[k] = ad_mul(adjoint, x[k]);
    return AD_OK;
}

START_TEST(a_gradient_that_was_not_asked_for_is_ignored)
{
    ad_custom_op op = powers;
    op.gradient = unwanted_gradients;
    ad_var x[] = {ad_scalar(tape, 2), ad_constant(tape, 1, 1, (const double[]){3})};
    ad_var y = ad_custom(tape, &op, x, 2, NULL);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    ck_assert_double_eq(*ad_adjoint(x[0]), 2);
    ck_assert_double_eq(*ad_adjoint(x[1]), 0);
}
END_TEST

/* ---- what a rule may do ---- */

/* The rule of the cube, found by differentiating x^3. */
static ad_status differentiated(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                                const bool *wanted, ad_var *gradients, void *context)
{
    (void)count, (void)y, (void)wanted, (void)context;
    gradients[0] = ad_name(ad_vjp(ad_powi(x[0], 3), x[0], adjoint), "secret");
    return AD_OK;
}

START_TEST(a_rule_may_itself_ask_for_a_gradient)
{
    ad_custom_op op = cube;
    op.gradient = differentiated;
    ad_var x = ad_input(tape, 2, 1, (const double[]){1, 2});
    ad_var y = ad_sum(ad_custom(tape, &op, &x, 1, NULL));
    ck_assert_int_eq(ad_backward(y), AD_OK);
    check_array("adjoint", ad_adjoint(x), 2, (const double[]){3, 12}, 0);
    check_matrix(ad_grad(y, x), 2, 1, (const double[]){3, 12}, 0);
    check_matrix(ad_hessian(y, x), 2, 2, (const double[]){6, 0, 0, 12}, 0);
}
END_TEST

START_TEST(names_given_in_a_sweep_go_with_it)
{
    ad_custom_op op = cube;
    op.gradient = differentiated;
    ad_var x = ad_scalar(tape, 2), y = ad_custom(tape, &op, &x, 1, NULL);
    ad_backward(y);
    for (int i = 0; i < 10; i++) x = ad_log(ad_neg(ad_abs(x)));
    char text[200];
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
    ck_assert_msg(strstr(text, "secret") == NULL, "%s", text);
}
END_TEST

/* Keeps its first intermediate value for the next call. */
static ad_status caching(const ad_var *x, size_t count, ad_var y, ad_var adjoint,
                         const bool *wanted, ad_var *gradients, void *context)
{
    (void)count, (void)y, (void)wanted;
    ad_var *kept = context;
    if (!kept->tape) *kept = ad_scale(ad_square(x[0]), 3);
    gradients[0] = ad_mul(adjoint, *kept);
    return AD_OK;
}

START_TEST(a_handle_kept_from_another_call_of_the_same_sweep_is_stale)
{
    ad_custom_op op = uncounted_cube;
    op.gradient = caching;
    ad_var kept = none, x = ad_scalar(tape, 2);
    ad_var y = ad_custom(tape, &op, &x, 1, &kept), z = ad_custom(tape, &op, &y, 1, &kept);
    check_backward(z, AD_ERROR_STALE,
                   "mul: stale handle: its value was dropped by a reset, rewind or keep");
}
END_TEST

/* ---- what it may not ---- */

typedef enum meddling { BACKWARD, SET, REPLAY, RESET, REWIND, KEEP, GRADCHECK, MEDDLINGS } meddling;

static const char *const meddling_names[] = {"backward", "set",  "replay",   "reset",
                                             "rewind",   "keep", "gradcheck"};

typedef struct meddler {
    meddling what;
    ad_var x;
    ad_mark mark;
} meddler;

static ad_status meddle(const ad_var *in, size_t count, ad_var y, ad_var adjoint,
                        const bool *wanted, ad_var *gradients, void *context)
{
    (void)count, (void)wanted;
    meddler *m = context;
    ad_var kept[] = {in[0]};
    switch (m->what) {
    case BACKWARD: ad_backward(y); break;
    case SET: ad_set(m->x, (const double[]){7}); break;
    case REPLAY: ad_replay(m->x.tape); break;
    case RESET: ad_tape_reset(m->x.tape); break;
    case REWIND: ad_tape_rewind(m->x.tape, m->mark); break;
    case KEEP: ad_tape_keep(m->x.tape, kept, 1); break;
    case GRADCHECK: ad_gradcheck(y, in[0]); break;
    case MEDDLINGS: break;
    }
    gradients[0] = ad_mul(adjoint, in[0]);
    return AD_OK;
}

START_TEST(a_rule_cannot_change_the_tape_it_is_run_on)
{
    ad_custom_op op = uncounted_cube;
    op.gradient = meddle;
    ad_mark start = ad_tape_mark(tape);
    meddler m = {.what = (meddling)_i, .x = ad_scalar(tape, 2), .mark = start};
    ad_var y = ad_custom(tape, &op, &m.x, 1, &m);
    char message[100];
    snprintf(message, sizeof message, "%s: called from within a sweep", meddling_names[_i]);
    check_backward(y, AD_ERROR_STATE, message);
    check_number(m.x, 2, 0);
    check_number(y, 8, 0);
}
END_TEST

START_TEST(nor_while_a_gradient_is_recorded)
{
    ad_custom_op op = uncounted_cube;
    op.gradient = meddle;
    ad_mark start = ad_tape_mark(tape);
    meddler m = {.what = (meddling)_i, .x = ad_scalar(tape, 2), .mark = start};
    ad_var y = ad_custom(tape, &op, &m.x, 1, &m);
    char message[100];
    snprintf(message, sizeof message, "%s: called from within a sweep", meddling_names[_i]);
    check_error(tape, ad_grad(y, m.x), AD_ERROR_STATE, message);
    check_number(m.x, 2, 0);
    check_number(y, 8, 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("mistakes in custom operations");
    TCase *cases = tcase_create("mistakes");
    tcase_add_checked_fixture(cases, make_tapes, free_tapes);
    tcase_add_test(cases, a_failing_shape_rule_is_named);
    tcase_add_test(cases, a_failing_value_function_is_named);
    tcase_add_test(cases, a_failing_gradient_rule_is_named);
    tcase_add_test(cases, a_failing_vjp_is_named);
    tcase_add_test(cases, a_value_function_that_fails_in_a_replay_fails_the_replay);
    tcase_add_test(cases, a_failed_sweep_leaves_no_adjoints);
    tcase_add_test(cases, a_gradient_of_the_wrong_shape_is_reported);
    tcase_add_test(cases, a_gradient_on_another_tape_is_reported_on_both);
    tcase_add_test(cases, a_stale_gradient_is_reported);
    tcase_add_test(cases, a_gradient_left_invalid_means_zero);
    tcase_add_test(cases, an_operation_that_fails_in_a_rule_fails_the_sweep);
    tcase_add_test(cases, a_gradient_that_was_not_asked_for_is_ignored);
    tcase_add_test(cases, a_rule_may_itself_ask_for_a_gradient);
    tcase_add_test(cases, names_given_in_a_sweep_go_with_it);
    tcase_add_test(cases, a_handle_kept_from_another_call_of_the_same_sweep_is_stale);
    tcase_add_loop_test(cases, a_rule_cannot_change_the_tape_it_is_run_on, 0, MEDDLINGS);
    tcase_add_loop_test(cases, nor_while_a_gradient_is_recorded, 0, MEDDLINGS);
    suite_add_tcase(s, cases);
    return s;
}

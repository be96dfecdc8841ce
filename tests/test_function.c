/* SPDX-License-Identifier: MIT */
/* ad_function: values and derivatives of a recorded function at many points. */
#include <math.h>
#include <string.h>

#include "tests/counting.h"
#include "tests/fixture.h"

enum { N = 4 };

/* y = sum of e^(x_i) x_(i+1) x_i, and what is right at a point, recorded there anew. */
static ad_var smooth(ad_var x)
{
    const size_t size = ad_rows(x) * ad_cols(x);
    ad_var v = ad_reshape(x, size, 1);
    ad_var a = ad_block(v, 0, 0, size - 1, 1), b = ad_block(v, 1, 0, size - 1, 1);
    return ad_sum(ad_mul(ad_exp(a), ad_mul(a, b)));
}

static ad_function smooth_function(void)
{
    ad_function f = {.x = INPUT(2, 2, 1, 2, 3, 4)};
    f.y = smooth(f.x);
    return f;
}

static const double points[][N] = {
    {0.5, -1, 2, 0.25}, {1, 1, 1, 1}, {-2, 0, 0.5, 3}, {0.1, 0.2, 0.3, 0.4}};

#define FOR_EACH_POINT(at) for (const double *at = points[0]; at < points[0] + 4 * N; at += N)

static void check_at(const double *at, const double *y, const double *gradient,
                     const double *hessian)
{
    ad_tape *fresh = ad_tape_new();
    ad_var x = ad_input(fresh, 2, 2, at), again = smooth(x);
    if (y) check_array("value", y, 1, ad_values(again), 0);
    if (gradient) check_array("gradient", gradient, N, ad_values(ad_grad(again, x)), 1e-15);
    if (hessian) check_array("Hessian", hessian, N * N, ad_values(ad_hessian(again, x)), 1e-15);
    ad_tape_free(fresh);
}

/* ---- values and derivatives ---- */

START_TEST(values_and_derivatives_are_those_of_a_fresh_recording)
{
    ad_function f = smooth_function();
    double y, gradient[N], hessian[N * N], jacobian[N];
    FOR_EACH_POINT(at)
    {
        ck_assert_int_eq(ad_function_value(&f, at, &y), AD_OK);
        check_at(at, &y, NULL, NULL);
        ck_assert_int_eq(ad_function_gradient(&f, at, &y, gradient), AD_OK);
        check_at(at, &y, gradient, NULL);
        ck_assert_int_eq(ad_function_hessian(&f, at, &y, gradient, hessian), AD_OK);
        check_at(at, &y, gradient, hessian);
        ck_assert_int_eq(ad_function_jacobian(&f, at, &y, jacobian), AD_OK);
        check_at(at, &y, jacobian, NULL);
    }
}
END_TEST

START_TEST(outputs_may_be_left_out)
{
    ad_function f = smooth_function();
    double y, gradient[N], hessian[N * N];
    FOR_EACH_POINT(at)
    {
        ck_assert_int_eq(ad_function_hessian(&f, at, NULL, NULL, hessian), AD_OK);
        check_at(at, NULL, NULL, hessian);
        ck_assert_int_eq(ad_function_hessian(&f, at, &y, NULL, NULL), AD_OK);
        check_at(at, &y, NULL, NULL);
        ck_assert_int_eq(ad_function_hessian(&f, at, NULL, gradient, hessian), AD_OK);
        check_at(at, NULL, gradient, hessian);
        ck_assert_int_eq(ad_function_gradient(&f, at, NULL, gradient), AD_OK);
        check_at(at, NULL, gradient, NULL);
        ck_assert_int_eq(ad_function_gradient(&f, at, &y, NULL), AD_OK);
        check_at(at, &y, NULL, NULL);
        ck_assert_int_eq(ad_function_jacobian(&f, at, NULL, gradient), AD_OK);
        check_at(at, NULL, gradient, NULL);
        ck_assert_int_eq(ad_function_value(&f, at, NULL), AD_OK);
        ck_assert_int_eq(ad_function_hvp(&f, at, at, NULL), AD_OK);
        CHECK(f.x, 2, 2, at[0], at[1], at[2], at[3]);
    }
}
END_TEST

START_TEST(a_product_with_the_hessian_is_that_of_the_matrix)
{
    ad_function f = smooth_function();
    const double v[N] = {1, -2, 0.5, 3};
    double hessian[N * N], product[N], expected[N];
    FOR_EACH_POINT(at)
    {
        ck_assert_int_eq(ad_function_hvp(&f, at, v, product), AD_OK);
        ck_assert_int_eq(ad_function_hessian(&f, at, NULL, NULL, hessian), AD_OK);
        for (int i = 0; i < N; i++) {
            expected[i] = 0;
            for (int j = 0; j < N; j++) expected[i] += hessian[N * i + j] * v[j];
        }
        check_array("product", product, N, expected, 1e-15);
        ck_assert_int_eq(ad_function_hvp(&f, at, at, product), AD_OK); /* another direction */
    }
}
END_TEST

START_TEST(y_may_be_of_any_shape)
{
    ad_function f = {.x = INPUT(1, 2, 1, 2)};
    f.y = ad_outer(f.x, f.x);
    double y[4], jacobian[8];
    ck_assert_int_eq(ad_function_value(&f, (const double[]){3, 5}, y), AD_OK);
    check_array("value", y, 4, (const double[]){9, 15, 15, 25}, 0);
    ck_assert_int_eq(ad_function_jacobian(&f, (const double[]){2, 3}, y, jacobian), AD_OK);
    check_array("value", y, 4, (const double[]){4, 6, 6, 9}, 0);
    check_array("Jacobian", jacobian, 8, (const double[]){4, 0, 3, 2, 3, 2, 0, 6}, 0);
    ad_function empty = {.x = f.x, .y = ad_input(tape, 0, 3, NULL)};
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    ck_assert_int_eq(ad_function_jacobian(&empty, (const double[]){2, 3}, y, jacobian), AD_OK);
}
END_TEST

START_TEST(x_may_be_any_leaf_and_y_may_be_x)
{
    ad_function f = {.x = ad_scalar(tape, 1)};
    f.y = f.x;
    double y, slope, second;
    ck_assert_int_eq(ad_function_hessian(&f, &(double){7}, &y, &slope, &second), AD_OK);
    ck_assert(y == 7 && slope == 1 && second == 0);
    ad_function c = {.x = ad_constant(tape, 1, 1, &(double){2})};
    c.y = ad_square(c.x);
    ck_assert_int_eq(ad_function_gradient(&c, &(double){3}, &y, &slope), AD_OK);
    ck_assert(y == 9 && slope == 0); /* a constant takes no part in derivatives */
}
END_TEST

START_TEST(a_point_may_lie_on_the_tape)
{
    ad_function f = smooth_function();
    double y;
    ck_assert_int_eq(ad_function_value(&f, ad_values(f.x), &y), AD_OK);
    check_at((const double[]){1, 2, 3, 4}, &y, NULL, NULL);
}
END_TEST

START_TEST(other_leaves_keep_their_values_and_count_when_they_are_set)
{
    ad_var p = ad_scalar(tape, 2), factor = ad_exp(ad_log(p));
    ad_function f = {.x = ad_scalar(tape, 3)};
    f.y = ad_mul(factor, ad_square(f.x));
    double y, slope;
    ck_assert_int_eq(ad_function_gradient(&f, &(double){5}, &y, &slope), AD_OK);
    ck_assert_double_eq_tol(slope, 20, 1e-12);
    ad_set(p, &(double){10});
    ck_assert_int_eq(ad_function_gradient(&f, &(double){5}, &y, &slope), AD_OK);
    ck_assert_double_eq_tol(y, 250, 1e-12);
    ck_assert_double_eq_tol(slope, 100, 1e-12);
}
END_TEST

/* ---- what is recomputed ---- */

static int evaluations[3];

static ad_status same_shape(const ad_matrix *in, size_t count, size_t *rows, size_t *cols,
                            void *context)
{
    (void)count, (void)context;
    *rows = in->rows;
    *cols = in->cols;
    return AD_OK;
}

static ad_status count_value(const ad_matrix *in, size_t count, double *out, void *context)
{
    (void)count;
    ++*(int *)context;
    for (size_t i = 0; i < in->rows * in->cols; i++) out[i] = 2 * in->values[i];
    return AD_OK;
}

static ad_status count_gradient(const ad_var *in, size_t count, ad_var output, ad_var adjoint,
                                const bool *wanted, ad_var *gradients, void *context)
{
    (void)in, (void)count, (void)output, (void)wanted, (void)context;
    gradients[0] = ad_scale(adjoint, 2);
    return AD_OK;
}

static const ad_custom_op doubled = {
    .name = "doubled", .shape = same_shape, .value = count_value, .gradient = count_gradient};

START_TEST(only_what_an_output_needs_is_recomputed)
{
    ad_var before = ad_scalar(tape, 1);
    ad_function f = {.x = ad_scalar(tape, 1)};
    ad_var first = ad_custom(tape, &doubled, &f.x, 1, &evaluations[0]);
    ad_var aside = ad_custom(tape, &doubled, &f.x, 1, &evaluations[1]);
    f.y = ad_mul(ad_square(first), before);
    ad_var after = ad_custom(tape, &doubled, &f.y, 1, &evaluations[2]);
    double y, slope, second;
    ad_function_hessian(&f, &(double){1}, &y, &slope, &second);
    const double old_aside = ad_value(aside), old_after = ad_value(after);
    memset(evaluations, 0, sizeof evaluations);
    for (int i = 0; i < 10; i++) {
        const double at = i;
        ck_assert_int_eq(ad_function_hessian(&f, &at, &y, &slope, &second), AD_OK);
        ck_assert(y == 4 * at * at && slope == 8 * at && second == 8);
        ck_assert_int_eq(ad_function_value(&f, &at, NULL), AD_OK);
    }
    ck_assert_int_eq(evaluations[0], 10);
    ck_assert_int_eq(evaluations[1] + evaluations[2], 0);
    ck_assert(ad_value(aside) == old_aside && ad_value(after) == old_after);
}
END_TEST

START_TEST(other_values_wait_for_a_replay)
{
    ad_function f = smooth_function();
    ad_var other = ad_sum(f.x);
    double y;
    ck_assert_int_eq(ad_function_value(&f, points[0], &y), AD_OK);
    check_number(other, 10, 0);
    check_error(tape, ad_square(other), AD_ERROR_STATE,
                "square: after ad_set, call ad_replay first");
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_number(other, 1.75, 0);
    ck_assert(ad_ok(ad_square(other)));
    ck_assert_int_eq(ad_function_gradient(&f, points[1], &y, NULL), AD_OK);
    ck_assert_double_eq(ad_value(f.y), y);
}
END_TEST

START_TEST(two_functions_share_a_tape)
{
    ad_function f = smooth_function(), g = {.x = f.x};
    g.y = ad_mul(ad_sum(f.x), f.y);
    double y, z, gradient[N], hessian[N * N];
    FOR_EACH_POINT(at)
    {
        ck_assert_int_eq(ad_function_value(&f, at, &y), AD_OK);
        ck_assert_int_eq(ad_function_hessian(&g, at, &z, gradient, hessian), AD_OK);
        ck_assert_double_eq_tol(z, y * (at[0] + at[1] + at[2] + at[3]), 1e-12);
        ck_assert_int_eq(ad_function_hessian(&f, at, &y, gradient, hessian), AD_OK);
        check_at(at, &y, gradient, hessian);
    }
}
END_TEST

/* ---- memory ---- */

static void call_all(ad_function *f, const double *at)
{
    double y, gradient[N], hessian[N * N];
    ck_assert_int_eq(ad_function_value(f, at, &y), AD_OK);
    ck_assert_int_eq(ad_function_gradient(f, at, &y, gradient), AD_OK);
    ck_assert_int_eq(ad_function_jacobian(f, at, NULL, gradient), AD_OK);
    ck_assert_int_eq(ad_function_hessian(f, at, &y, gradient, hessian), AD_OK);
    ck_assert_int_eq(ad_function_hvp(f, at, at, gradient), AD_OK);
}

START_TEST(after_the_first_calls_nothing_is_allocated_or_recorded)
{
    counting count;
    counting_init(&count);
    ad_tape *counted = counting_tape(&count);
    ad_function f = {.x = ad_input(counted, 2, 2, points[0])};
    f.y = ad_add(smooth(f.x), ad_logabsdet(ad_matmul(f.x, ad_exp(f.x))));
    call_all(&f, points[0]);
    const size_t calls = count.calls, nodes = ad_tape_statistics(counted).nodes;
    for (int i = 0; i < 20; i++) call_all(&f, points[i % 2 ? 0 : 3]);
    double hessian[N * N];
    ck_assert_int_eq(ad_function_hessian(&f, points[0], NULL, NULL, hessian), AD_OK);
    ck_assert_uint_eq(count.calls, calls);
    ck_assert_uint_eq(ad_tape_statistics(counted).nodes, nodes);
    ad_tape_free(counted);
    ck_assert_uint_eq(count.live, 0);
}
END_TEST

START_TEST(each_single_allocation_may_fail)
{
    bool failed = true;
    for (size_t call = 0; failed; call++) {
        counting count = {.fail_at = call, .most = SIZE_MAX};
        ad_tape *counted = counting_tape(&count);
        ad_function f = {.x = ad_input(counted, 2, 2, points[0])};
        f.y = smooth(f.x);
        double y = 0, gradient[N], hessian[N * N], product[N];
        ad_status status = ad_function_hessian(&f, points[1], &y, gradient, hessian);
        if (ad_ok(f.x)) ck_assert(isnan(hessian[0]) == (status != AD_OK));
        if (status == AD_OK) {
            status = ad_function_hvp(&f, points[1], points[0], product);
            ck_assert(isnan(product[0]) == (status != AD_OK));
        }
        failed = count.calls > call;
        ck_assert(failed || status == AD_OK);
        if (status != AD_OK && ad_ok(f.y)) {
            ck_assert_int_eq(status, AD_ERROR_MEMORY);
            count.fail_at = SIZE_MAX;
            ad_tape_clear_error(counted);
            ck_assert_int_eq(ad_function_hessian(&f, points[2], &y, gradient, hessian), AD_OK);
            check_at(points[2], &y, gradient, hessian);
        }
        ad_tape_free(counted);
        ck_assert_uint_eq(count.live, 0);
    }
}
END_TEST

/* ---- rewinding and keeping ---- */

START_TEST(what_a_rewind_dropped_is_recorded_again)
{
    ad_function f = smooth_function();
    const ad_mark mark = ad_tape_mark(tape);
    FOR_EACH_POINT(at)
    {
        double y, gradient[N], hessian[N * N];
        call_all(&f, at);
        ad_tape_rewind(tape, mark);
        ad_replay(tape);
        ad_sum(f.x); /* something else in its place */
        ck_assert_int_eq(ad_function_hessian(&f, at, &y, gradient, hessian), AD_OK);
        check_at(at, &y, gradient, hessian);
    }
}
END_TEST

START_TEST(kept_values_make_a_function_again)
{
    ad_function f = smooth_function();
    double y, gradient[N], hessian[N * N];
    call_all(&f, points[0]);
    ad_replay(tape);
    ad_var kept[] = {f.x, f.y};
    ad_tape_keep(tape, kept, 2);
    f.x = kept[0], f.y = kept[1];
    ck_assert_int_eq(ad_function_hessian(&f, points[3], &y, gradient, hessian), AD_OK);
    check_at(points[3], &y, gradient, hessian);
}
END_TEST

/* ---- errors ---- */

static void check_failed(ad_function f, const double *at, ad_status status, const char *message)
{
    double y = 1, gradient[N] = {1, 1, 1, 1}, hessian[N * N];
    ck_assert_int_eq(ad_function_hessian(&f, at, &y, gradient, hessian), status);
    ck_assert_str_eq(ad_tape_message(tape), message);
    ad_tape_clear_error(tape);
    const size_t size = ad_rows(f.x) * ad_cols(f.x);
    ck_assert(isnan(y));
    for (size_t i = 0; i < N; i++) ck_assert(i < size ? isnan(gradient[i]) : gradient[i] == 1);
    for (size_t i = 0; i < size * size; i++) ck_assert(isnan(hessian[i]));
}

START_TEST(wrong_functions_are_told)
{
    ad_function f = smooth_function();
    ad_var square = ad_square(f.x);
    check_failed((ad_function){.x = square, .y = f.y}, points[0], AD_ERROR_ARGUMENT,
                 "function_hessian: the value of square is computed: only a leaf can be set");
    check_failed((ad_function){.x = f.x, .y = square}, points[0], AD_ERROR_SHAPE,
                 "function_hessian: y is 2x2, not 1x1");
    check_failed(f, NULL, AD_ERROR_ARGUMENT, "function_hessian: no values (NULL) for a 2x2 leaf");
    check_failed((ad_function){.x = f.x}, points[0], AD_ERROR_ARGUMENT,
                 "function_hessian: invalid handle (argument 1)");
    ad_tape *other = ad_tape_new();
    check_failed((ad_function){.x = f.x, .y = ad_scalar(other, 1)}, points[0], AD_ERROR_TAPE,
                 "function_hessian: operands on different tapes");
    ck_assert_int_eq(ad_tape_status(other), AD_ERROR_TAPE);
    ad_tape_free(other);
    call_all(&f, points[0]); /* still works */
    ad_tape_reset(tape);
    check_failed(
        f, points[0], AD_ERROR_STALE,
        "function_hessian: stale handle: its value was dropped by a reset, rewind or keep");
}
END_TEST

START_TEST(a_direction_is_needed)
{
    ad_function f = smooth_function();
    double product[N];
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(ad_function_hvp(&f, points[0], NULL, product), AD_ERROR_ARGUMENT);
        ck_assert(isnan(product[0]) && isnan(product[N - 1]));
        ad_tape_clear_error(tape);
        ck_assert_int_eq(ad_function_hvp(&f, points[0], points[1], product), AD_OK);
    }
}
END_TEST

START_TEST(values_and_jacobians_of_a_tape_in_error_are_nan)
{
    ad_function f = {.x = INPUT(2, 1, 1, 2)};
    f.y = ad_square(f.x);
    double y[2], jacobian[4];
    ad_matmul(f.x, f.x);
    ck_assert_int_eq(ad_function_jacobian(&f, points[0], y, jacobian), AD_ERROR_SHAPE);
    for (int i = 0; i < 4; i++) ck_assert(isnan(y[i / 2]) && isnan(jacobian[i]));
    ck_assert_int_eq(ad_function_value(&f, points[0], y), AD_ERROR_SHAPE);
    CHECK(f.x, 2, 1, 1, 2);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("function");
    TCase *cases = tcase_create("function");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, values_and_derivatives_are_those_of_a_fresh_recording);
    tcase_add_test(cases, outputs_may_be_left_out);
    tcase_add_test(cases, a_product_with_the_hessian_is_that_of_the_matrix);
    tcase_add_test(cases, y_may_be_of_any_shape);
    tcase_add_test(cases, x_may_be_any_leaf_and_y_may_be_x);
    tcase_add_test(cases, a_point_may_lie_on_the_tape);
    tcase_add_test(cases, other_leaves_keep_their_values_and_count_when_they_are_set);
    tcase_add_test(cases, only_what_an_output_needs_is_recomputed);
    tcase_add_test(cases, other_values_wait_for_a_replay);
    tcase_add_test(cases, two_functions_share_a_tape);
    tcase_add_test(cases, after_the_first_calls_nothing_is_allocated_or_recorded);
    tcase_add_test(cases, each_single_allocation_may_fail);
    tcase_add_test(cases, what_a_rewind_dropped_is_recorded_again);
    tcase_add_test(cases, kept_values_make_a_function_again);
    tcase_add_test(cases, wrong_functions_are_told);
    tcase_add_test(cases, a_direction_is_needed);
    tcase_add_test(cases, values_and_jacobians_of_a_tape_in_error_are_nan);
    suite_add_tcase(s, cases);
    return s;
}

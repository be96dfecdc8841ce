/* SPDX-License-Identifier: MIT */
/* An infinite slope of one element says nothing of the others.
 *
 * Elementwise f has the Jacobian diag f'(x_i), with zeros off the diagonal whatever the slopes are,
 * and so have all derivatives beyond: d^k f_i / dx_j ... dx_l = 0 unless i = j = ... = l. Expected
 * derivatives are those of the same f applied to one number.
 */
#include <math.h>
#include <string.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"
#include "tests/tape_checks.h"

enum { ROWS = 2, COLS = 3, SIZE = ROWS * COLS, STAGES = 5, TRIALS = 150, WHOLE = SIZE };

static ad_tape *tape;

static void setup(void)
{
    tape = ad_tape_new();
}

static void teardown(void)
{
    ad_tape_free(tape);
}

#define INPUT(rows, cols, ...) ad_input(tape, rows, cols, (const double[]){__VA_ARGS__})
#define EXPECT(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 1e-14)

static ad_var number(double value)
{
    return ad_constant(tape, 1, 1, &value);
}

/* ---- random elementwise functions ---- */

static const double weights[COLS] = {0.5, -2, 3}, choices[SIZE] = {1, 0, 0, 1, 1, 0};

/* Of the whole matrix, or of element i of it alone. */
static ad_var weights_of(size_t i)
{
    return i == WHOLE ? ad_constant(tape, 1, COLS, weights) : number(weights[i % COLS]);
}

static ad_var choice_of(size_t i)
{
    return i == WHOLE ? ad_constant(tape, ROWS, COLS, choices) : number(choices[i]);
}

/* Functions with an infinite slope at the point named. */
static ad_var steep(size_t kind, ad_var x)
{
    switch (kind) {
    case 0: return ad_sqrt(x);
    case 1: return ad_log(x);
    case 2: return ad_log1p(x);
    case 3: return ad_asin(x);
    case 4: return ad_acos(x);
    case 5: return ad_lgamma(x);
    case 6: return ad_digamma(x);
    case 7: return ad_pow(x, number(0.25));
    case 8: return ad_div(number(2), x);
    case 9: return ad_powi(x, -3);
    default: return ad_exp(x);
    }
}

static const double steep_points[] = {0, 0, -1, 1, -1, 0, 0, 0, 0, 0, 800};
enum { STEEP_KINDS = sizeof steep_points / sizeof *steep_points, TAME_KINDS = 13 };

static ad_var tame(size_t kind, ad_var x, size_t i)
{
    switch (kind) {
    case 0: return ad_sin(x);
    case 1: return ad_atan(x);
    case 2: return ad_mul(x, weights_of(i));
    case 3: return ad_sub(weights_of(i), x);
    case 4: return ad_mul(x, ad_tanh(x));
    case 5: return ad_where(choice_of(i), x, ad_scale(x, 2));
    case 6: return ad_add(ad_square(x), x);
    case 7: return ad_transpose(ad_softplus(ad_transpose(x)));
    case 8:
        return ad_reshape(ad_erf(ad_reshape(x, ad_rows(x) * ad_cols(x), 1)), ad_rows(x),
                          ad_cols(x));
    case 9: return ad_hypot(x, weights_of(i));
    case 10: return ad_max(x, weights_of(i));
    case 11: return ad_atan2(weights_of(i), x);
    default: return ad_scale(ad_abs(x), 0.75);
    }
}

typedef struct composition {
    size_t first, stages[STAGES], count;
    double point[SIZE];
} composition;

static composition random_composition(random_state *state, size_t trial)
{
    composition c = {.first = trial % STEEP_KINDS, .count = random_below(state, STAGES + 1)};
    for (size_t i = 0; i < c.count; i++) c.stages[i] = random_below(state, TAME_KINDS);
    for (size_t i = 0; i < SIZE; i++) c.point[i] = 0.5 + 0.3 * random_uniform(state);
    c.point[random_below(state, SIZE)] = steep_points[c.first];
    return c;
}

static ad_var apply(const composition *c, ad_var x, size_t element)
{
    ad_var y = steep(c->first, x);
    for (size_t i = 0; i < c->count; i++) y = tame(c->stages[i], y, element);
    return y;
}

/* The first three derivatives of element i. */
static void derivatives_of(const composition *c, size_t i, double *derivatives)
{
    ad_var x = ad_scalar(tape, c->point[i]), y = apply(c, x, i);
    for (size_t order = 0; order < 3; order++) {
        y = ad_grad(y, x);
        derivatives[order] = ad_value(y);
    }
}

/* Equal, NaN to NaN, but for rounding where the order of operations may differ. */
static void check_element(double value, double expected, double rounding, size_t trial,
                          const char *what, size_t k)
{
    bool same = value == expected || (isnan(value) && isnan(expected)) ||
                fabs(value - expected) <= rounding * fmax(1, fabs(expected));
    if (!same)
        ck_abort_msg("composition %zu, %s, %zu: %g, not %g", trial, what, k, value, expected);
}

/* Zeros but for (i, i): step apart from one diagonal element to the next, size in all. */
static void check_diagonal(const double *values, size_t size, size_t step, const double *diagonal,
                           size_t trial, const char *what)
{
    ck_assert_ptr_nonnull(values);
    for (size_t k = 0; k < size; k++)
        if (k % step) check_element(values[k], 0, 0, trial, what, k);
        else check_element(values[k], diagonal[k / step], 1e-9, trial, what, k);
}

/* Zeros but for element i. */
static void check_one(const double *values, size_t i, double expected, size_t trial,
                      const char *what)
{
    ck_assert_ptr_nonnull(values);
    for (size_t k = 0; k < SIZE; k++)
        check_element(values[k], k == i ? expected : 0, k == i ? 1e-9 : 0, trial, what, k);
}

static void check_composition(const composition *c, size_t trial)
{
    double expected[SIZE][3], first[SIZE], second[SIZE], third[SIZE];
    for (size_t i = 0; i < SIZE; i++) {
        derivatives_of(c, i, expected[i]);
        first[i] = expected[i][0];
        second[i] = expected[i][1];
        third[i] = expected[i][2];
    }
    ad_var X = ad_input(tape, ROWS, COLS, c->point), Y = apply(c, X, WHOLE);
    ad_var H = ad_hessian(ad_sum(Y), X);
    check_diagonal(ad_values(ad_jacobian(Y, X)), SIZE * SIZE, SIZE + 1, first, trial, "Jacobian");
    check_diagonal(ad_values(H), SIZE * SIZE, SIZE + 1, second, trial, "Hessian");
    check_diagonal(ad_values(ad_jacobian(H, X)), SIZE * SIZE * SIZE, SIZE * SIZE + SIZE + 1, third,
                   trial, "third derivative");
}

START_TEST(derivatives_of_elementwise_functions_are_diagonal)
{
    random_state state = 41;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        composition c = random_composition(&state, trial);
        ad_tape_reset(tape);
        check_composition(&c, trial);
        ck_assert_int_eq(ad_tape_status(tape), AD_OK);
    }
}
END_TEST

START_TEST(so_are_the_gradients_of_single_elements)
{
    random_state state = 42;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        composition c = random_composition(&state, trial);
        ad_tape_reset(tape);
        ad_var X = ad_input(tape, ROWS, COLS, c.point), Y = apply(&c, X, WHOLE);
        for (size_t i = 0; i < SIZE; i++) {
            double expected[3];
            derivatives_of(&c, i, expected);
            ad_var y = i % 2 ? ad_block(Y, i / COLS, i % COLS, 1, 1) : ad_gather(Y, &i, 1, 1);
            ck_assert_int_eq(ad_backward(y), AD_OK);
            check_one(ad_adjoint(X), i, expected[0], trial, "sweep");
            check_one(ad_values(ad_grad(y, X)), i, expected[0], trial, "gradient");
        }
    }
}
END_TEST

START_TEST(replays_find_what_new_recordings_find)
{
    random_state state = 43;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        composition c = random_composition(&state, trial), other = c;
        for (size_t i = 0; i < SIZE; i++) other.point[i] = c.point[SIZE - 1 - i];
        ad_tape_reset(tape);
        ad_var X = ad_input(tape, ROWS, COLS, c.point), Y = apply(&c, X, WHOLE);
        ad_var all[3] = {ad_jacobian(Y, X), ad_hessian(ad_sum(Y), X)};
        all[2] = ad_jacobian(all[1], X);
        ad_set(X, other.point);
        ad_replay(tape);
        Y = apply(&other, X, WHOLE);
        ad_var again[3] = {ad_jacobian(Y, X), ad_hessian(ad_sum(Y), X)};
        again[2] = ad_jacobian(again[1], X);
        for (size_t k = 0; k < 3; k++)
            for (size_t i = 0; i < ad_rows(all[k]) * ad_cols(all[k]); i++)
                check_element(ad_values(all[k])[i], ad_values(again[k])[i], 0, trial, "replay", i);
    }
}
END_TEST

/* ---- what moves, repeats and adds elements ---- */

START_TEST(hessians_beside_derivatives_that_overflow)
{
    ad_var x = INPUT(2, 1, 710, 1), z = INPUT(2, 1, 1e-160, 1);
    EXPECT(ad_hessian(ad_sum(ad_exp(x)), x), 2, 2, INFINITY, 0, 0, exp(1));
    EXPECT(ad_hessian(ad_sum(ad_log(z)), z), 2, 2, -INFINITY, 0, 0, -1);
    EXPECT(ad_hessian(ad_sum(ad_div(number(1), z)), z), 2, 2, INFINITY, 0, 0, 2);
}
END_TEST

#define INF INFINITY

START_TEST(elements_may_move_before_and_after)
{
    ad_var x = INPUT(3, 1, 0, 4, 16), s = ad_sqrt(x), A = INPUT(2, 2, 0, 4, 16, 64);
    const size_t twice[] = {2, 1, 2};
    EXPECT(ad_jacobian(ad_block(s, 1, 0, 2, 1), x), 2, 3, 0, 0.25, 0, 0, 0, 0.125);
    EXPECT(ad_jacobian(ad_gather(s, twice, 3, 1), x), 3, 3, 0, 0, 0.125, 0, 0.25, 0, 0, 0, 0.125);
    EXPECT(ad_jacobian(ad_vcat(s, x), x), 6, 3, INF, 0, 0, 0, 0.25, 0, 0, 0, 0.125, 1, 0, 0, 0, 1,
           0, 0, 0, 1);
    EXPECT(ad_jacobian(ad_scatter(s, (const size_t[]){1, 0, 1}, 2, 1), x), 2, 3, 0, 0.25, 0, INF, 0,
           0.125);
    EXPECT(ad_jacobian(ad_diagonal(ad_sqrt(A)), A), 2, 4, INF, 0, 0, 0, 0, 0, 0, 0.0625);
    EXPECT(ad_jacobian(ad_diagonal(ad_sqrt(ad_add(ad_diag(x), number(0)))), x), 3, 3, INF, 0, 0, 0,
           0.25, 0, 0, 0, 0.125);
    EXPECT(ad_jacobian(ad_gather(ad_triu(ad_sqrt(A)), (const size_t[]){1, 2, 3}, 3, 1), A), 3, 4, 0,
           0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0625);
}
END_TEST

START_TEST(elements_may_be_repeated_and_added)
{
    ad_var x = INPUT(2, 1, 0, 4), row = INPUT(1, 2, 0, 4), c = INPUT(2, 1, 1, 2);
    ad_var s = ad_sqrt(x), wide = ad_broadcast(s, 2, 2);
    EXPECT(ad_jacobian(ad_sum_rows(wide), x), 2, 2, INF, 0, 0, 0.5);
    EXPECT(ad_jacobian(ad_sum_cols(ad_transpose(wide)), x), 2, 2, INF, 0, 0, 0.5);
    EXPECT(ad_jacobian(ad_add(c, ad_sqrt(row)), row), 4, 2, INF, 0, 0, 0.25, INF, 0, 0, 0.25);
    EXPECT(ad_jacobian(ad_mul(ad_sqrt(row), c), row), 4, 2, INF, 0, 0, 0.25, INF, 0, 0, 0.5);
    EXPECT(ad_jacobian(ad_sqrt(ad_sub(row, number(0))), row), 2, 2, INF, 0, 0, 0.25);
    ad_var zero = ad_scalar(tape, 0);
    EXPECT(ad_jacobian(ad_mul(c, ad_sqrt(zero)), zero), 2, 1, INF, INF);
}
END_TEST

START_TEST(a_sum_of_elements_leaves_out_the_others)
{
    ad_var x = INPUT(4, 1, 0, 4, 16, 64), s = ad_sqrt(x);
    ad_var few = ad_add(ad_block(s, 1, 0, 1, 1), ad_sum(ad_block(s, 1, 0, 2, 1)));
    check_gradient(few, x, (const double[]){0, 0.5, 0.125, 0}, 1e-15);
    ad_var same = ad_mul(ad_block(s, 3, 0, 1, 1), ad_block(s, 3, 0, 1, 1));
    check_gradient(same, x, (const double[]){0, 0, 0, 1}, 1e-15);
    ad_var all = ad_add(ad_sum(ad_block(s, 0, 0, 2, 1)), ad_sum(ad_block(s, 2, 0, 2, 1)));
    check_gradient(all, x, (const double[]){INF, 0.25, 0.125, 0.0625}, 1e-15);
    ad_var A = INPUT(2, 2, 1, 0, 0, 4);
    check_gradient(ad_trace(ad_sqrt(A)), A, (const double[]){0.5, 0, 0, 0.25}, 1e-15);
    s = ad_sqrt(A);
    ad_var corner = ad_block(s, 1, 1, 1, 1);
    check_gradient(ad_add(ad_trace(s), corner), A, (const double[]){0.5, 0, 0, 0.5}, 1e-15);
    check_gradient(ad_add(corner, ad_trace(s)), A, (const double[]){0.5, 0, 0, 0.5}, 1e-15);
}
END_TEST

START_TEST(choices_pass_single_elements)
{
    ad_var x = INPUT(3, 1, 0, 4, 16), c = ad_constant(tape, 3, 1, (double[]){0, 1, 0});
    ad_var y = ad_where(c, ad_sqrt(x), ad_square(x));
    EXPECT(ad_jacobian(y, x), 3, 3, 0, 0, 0, 0, 0.25, 0, 0, 0, 32);
    ad_var nested = ad_where(number(0), x, y), J = ad_jacobian(nested, x);
    EXPECT(J, 3, 3, 0, 0, 0, 0, 0.25, 0, 0, 0, 32);
    ad_set(c, (const double[]){1, 0, 1});
    ad_replay(tape);
    EXPECT(J, 3, 3, INF, 0, 0, 0, 8, 0, 0, 0, 0.125);
}
END_TEST

START_TEST(scattered_cotangents_and_directions_leave_out_the_others)
{
    ad_var x = INPUT(3, 1, 0, 4, 16), y = ad_sqrt(x), z = INPUT(2, 1, 710, 1);
    ad_var v = ad_scatter(number(2), (const size_t[]){1}, 3, 1);
    EXPECT(ad_vjp(y, x, v), 3, 1, 0, 0.5, 0);
    EXPECT(ad_jvp(y, x, v), 3, 1, 0, 0.5, 0);
    ad_var w = ad_scatter(number(1), (const size_t[]){1}, 2, 1);
    EXPECT(ad_hvp(ad_sum(ad_exp(z)), z, w), 2, 1, 0, exp(1));
}
END_TEST

START_TEST(zeros_that_are_numbers_still_meet_infinite_slopes)
{
    ad_var x = INPUT(2, 1, 0, 4), y = ad_sqrt(x), v = ad_constant(tape, 2, 1, (double[]){0, 1});
    EXPECT(ad_vjp(y, x, v), 2, 1, NAN, 0.25);
    EXPECT(ad_jvp(y, x, v), 2, 1, NAN, 0.25);
    EXPECT(ad_jacobian(ad_square(y), x), 2, 2, NAN, 0, 0, 1);
    ad_backward(ad_block(ad_square(y), 0, 0, 1, 1));
    ck_assert(isnan(ad_adjoint(x)[0]));
    ck_assert_double_eq(ad_adjoint(x)[1], 0);
}
END_TEST

START_TEST(elementwise_jacobians_take_linear_time_a_row)
{
    enum { N = 500 };
    double point[N];
    for (size_t i = 0; i < N; i++) point[i] = (double)i;
    ad_var x = ad_input(tape, N, 1, point), J = ad_jacobian(ad_sin(ad_sqrt(x)), x);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            if (i != j) ck_assert(ad_values(J)[i * N + j] == 0);
    ck_assert(isinf(ad_values(J)[0]));
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("infinite slopes");
    TCase *random = tcase_create("random"), *moved = tcase_create("moved");
    tcase_add_checked_fixture(random, setup, teardown);
    tcase_add_test(random, derivatives_of_elementwise_functions_are_diagonal);
    tcase_add_test(random, so_are_the_gradients_of_single_elements);
    tcase_add_test(random, replays_find_what_new_recordings_find);
    suite_add_tcase(s, random);
    tcase_add_checked_fixture(moved, setup, teardown);
    tcase_add_test(moved, hessians_beside_derivatives_that_overflow);
    tcase_add_test(moved, elements_may_move_before_and_after);
    tcase_add_test(moved, elements_may_be_repeated_and_added);
    tcase_add_test(moved, a_sum_of_elements_leaves_out_the_others);
    tcase_add_test(moved, choices_pass_single_elements);
    tcase_add_test(moved, scattered_cotangents_and_directions_leave_out_the_others);
    tcase_add_test(moved, zeros_that_are_numbers_still_meet_infinite_slopes);
    tcase_add_test(moved, elementwise_jacobians_take_linear_time_a_row);
    suite_add_tcase(s, moved);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Structural zeros, at every operation of the table.
 *
 * What a branch of ad_where does not take passes no derivative: not 0 times one. Operands here
 * are c + sqrt(p) with p = 0, whose derivative by p is infinite, so that a zero which is merely a
 * number would show as NaN. A zero that is a value of the user's is never skipped.
 */
#include "tests/specimens.h"

#include <math.h>
#include <string.h>

#include "tests/fixture.h"

enum { SHAPES_SEED = 5, VALUES_SEED = 6, ORDERS = 3, GROUPS = 12 };

/* Test _i takes every GROUPS-th operation of the table. */
#define FOR_EACH_OPERATION(name)                                                                   \
    for (size_t i_ = (size_t)_i; operation_at(i_); i_ += GROUPS)                                   \
        for (const char *name = operation_name_at(i_); name; name = NULL)

static const double zeros[MOST_ELEMENTS];

static ad_var number(double value)
{
    return ad_constant(tape, 1, 1, &value);
}

static void make_specimen(specimen *s, const char *name, size_t number_of)
{
    const maker *m = maker_of(name);
    REQUIRE(m != NULL, "%s: no maker", name);
    specimen_shape(s, m, number_of, SHAPES_SEED);
    specimen_fill(s, VALUES_SEED);
}

/* ---- a branch that is not taken ---- */

/* p, and operands c + sqrt(p); fixed operands as they are. */
static void steep_operands(const specimen *s, ad_var *p, ad_var *x)
{
    for (size_t k = 0; k < s->made_by->operands; k++) {
        ad_var c = ad_constant(tape, s->shape[k].rows, s->shape[k].cols, s->values[k]);
        p[k] = ad_input(tape, s->shape[k].rows, s->shape[k].cols, zeros);
        x[k] = s->made_by->fixed[k] ? c : ad_add(c, ad_sqrt(p[k]));
    }
}

static ad_var sum_of(const ad_var *x, size_t count)
{
    ad_var sum = number(0);
    for (size_t k = 0; k < count; k++) sum = ad_add(sum, ad_sum(x[k]));
    return sum;
}

static void check_elements(const specimen *s, const char *what, size_t order, const double *values,
                           size_t size, double expected)
{
    REQUIRE(values != NULL, "%s, %s of order %zu: %s", specimen_text(s, VALUES_SEED), what, order,
            ad_tape_message(tape));
    for (size_t i = 0; i < size; i++)
        REQUIRE(values[i] == expected, "%s, %s of order %zu: %g, not %g",
                specimen_text(s, VALUES_SEED), what, order, values[i], expected);
}

/* Of "if no: sum of op(x), else sum of p" the first derivative is 1, those beyond are 0. False
 * where the values themselves are an error. */
static bool check_branch(const specimen *s)
{
    size_t count = s->made_by->operands;
    ad_var p[MOST_OPERANDS], x[MOST_OPERANDS], g[MOST_OPERANDS];
    ad_tape_reset(tape);
    steep_operands(s, p, x);
    ad_var branch = ad_sum(specimen_record(s, x));
    if (!ad_ok(branch)) return false;
    ad_var y = ad_where(number(0), branch, sum_of(p, count));
    for (size_t order = 1; order <= ORDERS; order++) {
        REQUIRE(ad_backward(y) == AD_OK, "%s, sweep %zu: %s", specimen_text(s, VALUES_SEED), order,
                ad_tape_message(tape));
        for (size_t k = 0; k < count; k++)
            check_elements(s, "adjoint", order, ad_adjoint(p[k]), specimen_size(s, k), order == 1);
        REQUIRE(ad_grads(y, p, count, g) == AD_OK, "%s, gradient %zu: %s",
                specimen_text(s, VALUES_SEED), order, ad_tape_message(tape));
        for (size_t k = 0; k < count; k++)
            check_elements(s, "gradient", order, ad_values(g[k]), specimen_size(s, k), order == 1);
        y = sum_of(g, count);
    }
    return true;
}

static bool may_fail_in_values(const char *name)
{
    const char *const names[] = {"solve",           "lstsq",       "inverse",
                                 "solve_share",     "cholesky",    "logabsdet_gradient",
                                 "inverse_product", "solve_lower", "solve_upper",
                                 "solve_spd",       "logdet_spd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

START_TEST(a_branch_not_taken_passes_nothing_however_steep)
{
    FOR_EACH_OPERATION (name)
        for (size_t i = 0; i < SPECIMENS; i++) {
            specimen s;
            make_specimen(&s, name, i);
            REQUIRE(check_branch(&s), "%s: %s", specimen_text(&s, VALUES_SEED),
                    ad_tape_message(tape));
        }
}
END_TEST

static void check_branch_of(const char *name, double value)
{
    for (size_t i = 0; i < SPECIMENS; i++) {
        specimen s;
        make_specimen(&s, name, i);
        for (size_t k = 0; k < s.made_by->operands; k++)
            for (size_t j = 0; j < specimen_size(&s, k); j++) s.values[k][j] = value;
        REQUIRE(check_branch(&s) || may_fail_in_values(name), "%s: %s",
                specimen_text(&s, VALUES_SEED), ad_tape_message(tape));
    }
}

START_TEST(a_branch_not_taken_passes_nothing_at_zeros)
{
    FOR_EACH_OPERATION (name) check_branch_of(name, 0);
}
END_TEST

START_TEST(a_branch_not_taken_passes_nothing_at_infinities)
{
    FOR_EACH_OPERATION (name) {
        check_branch_of(name, INFINITY);
        check_branch_of(name, -INFINITY);
    }
}
END_TEST

START_TEST(a_branch_not_taken_passes_nothing_at_nan)
{
    FOR_EACH_OPERATION (name) check_branch_of(name, NAN);
}
END_TEST

/* ---- as an operand ---- */

/* Elements of operand k that are not structurally zero: of each three the first `part`. */
static void take_part(const specimen *s, size_t k, size_t part, double *taken)
{
    for (size_t i = 0; i < specimen_size(s, k); i++) taken[i] = i % 3 < part;
}

/* The share of a branch of which some elements are taken: the specimen's values there. */
static ad_var with_structural_zeros(const specimen *s, size_t k, const double *taken)
{
    const size_t rows = s->shape[k].rows, cols = s->shape[k].cols;
    ad_var x = ad_input(tape, rows, cols, zeros), other = ad_constant(tape, rows, cols, zeros);
    ad_var u = ad_input(tape, rows, cols, s->values[k]);
    return ad_vjp(ad_where(ad_constant(tape, rows, cols, taken), x, other), x, u);
}

/* The same values as with zeros that are numbers; or the same error. */
static void check_operand(const specimen *s, size_t k, size_t part)
{
    double expected[4 * MOST_ELEMENTS], taken[MOST_ELEMENTS], values[MOST_ELEMENTS];
    ad_var x[MOST_OPERANDS];
    take_part(s, k, part, taken);
    for (size_t i = 0; i < specimen_size(s, k); i++)
        values[i] = taken[i] != 0 ? s->values[k][i] : 0;
    ad_tape_reset(tape);
    specimen_operands(s, tape, x);
    x[k] = ad_input(tape, s->shape[k].rows, s->shape[k].cols, values);
    ad_var y = specimen_record(s, x);
    ad_status status = ad_tape_status(tape);
    size_t rows = ad_rows(y), cols = ad_cols(y);
    if (rows * cols > 0) memcpy(expected, ad_values(y), rows * cols * sizeof *expected);
    ad_tape_reset(tape);
    specimen_operands(s, tape, x);
    x[k] = with_structural_zeros(s, k, taken);
    y = specimen_record(s, x);
    REQUIRE(ad_tape_status(tape) == status, "%s, operand %zu: %s", specimen_text(s, VALUES_SEED), k,
            ad_tape_message(tape));
    if (status != AD_OK) return;
    for (size_t i = 0; i < rows * cols; i++)
        REQUIRE(ad_values(y)[i] == expected[i] || isnan(expected[i]), "%s, operand %zu: %g, not %g",
                specimen_text(s, VALUES_SEED), k, ad_values(y)[i], expected[i]);
}

START_TEST(as_an_operand_it_gives_what_zeros_give)
{
    FOR_EACH_OPERATION (name)
        for (size_t i = 0; i < SPECIMENS; i++) {
            specimen s;
            make_specimen(&s, name, i);
            for (size_t k = 0; k < s.made_by->operands; k++)
                for (size_t part = 0; part < 3 && !s.made_by->fixed[k]; part++)
                    check_operand(&s, k, part);
        }
}
END_TEST

/* ---- a zero that is a number ---- */

/* Off the diagonal of a Jacobian of x by x there is nothing, and no slope of mod at a divisor 0. */
START_TEST(a_remainder_of_nothing_is_nothing)
{
    ad_var x = ad_input(tape, 2, 1, (const double[]){3, 5}), y = ad_scalar(tape, 0);
    ad_var sum = ad_sum(ad_mod(ad_jacobian(ad_scale(x, 2), x), y));
    ck_assert_int_eq(ad_backward(sum), AD_OK);
    ck_assert_double_eq(ad_adjoint(y)[0], -INFINITY);
    check_number(ad_grad(sum, y), -INFINITY, 0);
}
END_TEST

START_TEST(a_zero_adjoint_is_not_skipped)
{
    ad_var x = ad_scalar(tape, 0), y = ad_mul(ad_sqrt(x), number(0));
    ad_backward(y);
    ck_assert(isnan(*ad_adjoint(x)));
    ck_assert(isnan(ad_value(ad_grad(y, x))));
    ad_var X = ad_input(tape, 2, 1, zeros), Y = ad_sum(ad_mul(ad_sqrt(X), number(0)));
    ad_backward(Y);
    ck_assert(isnan(ad_adjoint(X)[0]) && isnan(ad_adjoint(X)[1]));
    ck_assert(isnan(ad_values(ad_grad(Y, X))[1]));
}
END_TEST

START_TEST(a_zero_factor_is_not_skipped)
{
    ad_var Z = ad_input(tape, 2, 2, zeros);
    ad_var I = ad_constant(tape, 2, 2, (const double[]){INFINITY, 1, 2, 3});
    ad_var y = ad_sum(ad_matmul(Z, I));
    ck_assert(isnan(ad_value(y)));
    ad_var x = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4});
    ad_backward(ad_dot(ad_matmul(x, I), Z));
    ck_assert(isnan(ad_adjoint(x)[0]));
}
END_TEST

START_TEST(an_element_that_took_no_part_has_derivative_zero_beside_one_that_did)
{
    ad_var x = ad_input(tape, 2, 1, (const double[]){0, 4});
    ad_var y = ad_sum(ad_where(x, ad_sqrt(x), number(0)));
    ad_backward(y);
    ck_assert_double_eq(ad_adjoint(x)[0], 0);
    ck_assert_double_eq(ad_adjoint(x)[1], 0.25);
    ad_var g = ad_grad(y, x);
    ck_assert_double_eq(ad_values(g)[0], 0);
    ck_assert_double_eq(ad_values(g)[1], 0.25);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("structural zeros");
    TCase *each = tcase_create("each operation"), *numbers = tcase_create("numbers");
    tcase_add_checked_fixture(each, make_tape, free_tape);
    tcase_add_loop_test(each, a_branch_not_taken_passes_nothing_however_steep, 0, GROUPS);
    tcase_add_loop_test(each, a_branch_not_taken_passes_nothing_at_zeros, 0, GROUPS);
    tcase_add_loop_test(each, a_branch_not_taken_passes_nothing_at_infinities, 0, GROUPS);
    tcase_add_loop_test(each, a_branch_not_taken_passes_nothing_at_nan, 0, GROUPS);
    tcase_add_loop_test(each, as_an_operand_it_gives_what_zeros_give, 0, GROUPS);
    suite_add_tcase(s, each);
    tcase_add_checked_fixture(numbers, make_tape, free_tape);
    tcase_add_test(numbers, a_remainder_of_nothing_is_nothing);
    tcase_add_test(numbers, a_zero_adjoint_is_not_skipped);
    tcase_add_test(numbers, a_zero_factor_is_not_skipped);
    tcase_add_test(numbers, an_element_that_took_no_part_has_derivative_zero_beside_one_that_did);
    suite_add_tcase(s, numbers);
    return s;
}

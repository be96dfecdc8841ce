/* SPDX-License-Identifier: MIT */
/* Every operation of the table, at random operands of every kind of shape: its first, second and
 * third derivatives, each found by a sweep and as values on the tape, against differences.
 *
 * With random cotangents u, v, w,
 *
 *     s0 = <u, y>,   D1 = grad s0,   s1 = <v, D1>,   D2 = grad s1,   s2 = <w, D2>,   D3 = grad s2
 *
 * where grad is by all operands together, so that mixed derivatives count too. D1 is compared with
 * differences of s0 in each element, D2 with differences of D1 along v, D3 with those of D2 along
 * w. An operation of the table that has no maker, or a maker without operation, is a failure.
 */
#include "tests/specimens.h"
#include "tape/tape.h"

#include <math.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

enum { SHAPES_SEED = 20, VALUES_SEED = 7, MOST_RESULT = 256, MOST_GRADIENT = 3 * MOST_ELEMENTS };

static ad_tape *tape;

static void make_tape(void)
{
    tape = ad_tape_new();
}

static void free_tape(void)
{
    ad_tape_free(tape);
}

static bool is_differentiable(const operation *op)
{
    return !op->step;
}

static void make_specimen(specimen *s, const char *name, size_t number)
{
    const maker *m = maker_of(name);
    REQUIRE(m != NULL, "tests/operations.def, tests/makers_*.c: no %s", name);
    specimen_shape(s, m, number, SHAPES_SEED);
    specimen_fill(s, VALUES_SEED);
}

#define TEXT(s) specimen_text(s, VALUES_SEED)

/* ---- cotangents, and the scalars s0, s1, s2 ---- */

static ad_var random_like(ad_var x, uint64_t seed)
{
    double values[MOST_RESULT];
    size_t size = ad_rows(x) * ad_cols(x);
    REQUIRE(size <= MOST_RESULT, "a result of %zu elements", size);
    for (size_t i = 0; i < size; i++) values[i] = next_random(&seed);
    return ad_constant(x.tape, ad_rows(x), ad_cols(x), values);
}

/* The direction that order r is contracted with, for operand k. */
static uint64_t seed_of(size_t order, size_t k)
{
    return 100 * order + k;
}

static ad_var contracted(const specimen *s, const ad_var *x, ad_var y, size_t order)
{
    if (order == 0) return ad_dot(random_like(y, seed_of(0, 0)), y);
    ad_var gradients[MOST_OPERANDS], sum = {0};
    size_t count = s->made_by->operands;
    ad_grads(contracted(s, x, y, order - 1), x, count, gradients);
    for (size_t k = 0; k < count; k++) {
        ad_var term = ad_dot(random_like(x[k], seed_of(order, k)), gradients[k]);
        sum = k == 0 ? term : ad_add(sum, term);
    }
    return sum;
}

/* Records s and s_order on an empty tape. */
static ad_var record(const specimen *s, size_t order, ad_var *x)
{
    ad_tape_reset(tape);
    specimen_operands(s, tape, x);
    ad_var y = specimen_record(s, x);
    REQUIRE(ad_ok(y), "%s: %s", TEXT(s), ad_tape_message(tape));
    ad_var scalar = contracted(s, x, y, order);
    REQUIRE(ad_ok(scalar), "%s, order %zu: %s", TEXT(s), order, ad_tape_message(tape));
    return scalar;
}

/* ---- gradients of s_order as one array, by a sweep or from the tape ---- */

static size_t gradient_size(const specimen *s)
{
    size_t size = 0;
    for (size_t k = 0; k < s->made_by->operands; k++) size += specimen_size(s, k);
    return size;
}

static void gradient_by_sweep(const specimen *s, size_t order, double *gradient)
{
    ad_var x[MOST_OPERANDS], y = record(s, order, x);
    REQUIRE(ad_backward(y) == AD_OK, "%s, order %zu: %s", TEXT(s), order, ad_tape_message(tape));
    for (size_t k = 0; k < s->made_by->operands; gradient += specimen_size(s, k++))
        if (specimen_size(s, k))
            memcpy(gradient, ad_adjoint(x[k]), specimen_size(s, k) * sizeof *gradient);
}

static void gradient_on_tape(const specimen *s, size_t order, double *gradient)
{
    ad_var x[MOST_OPERANDS], g[MOST_OPERANDS], y = record(s, order, x);
    REQUIRE(ad_grads(y, x, s->made_by->operands, g) == AD_OK, "%s, order %zu: %s", TEXT(s), order,
            ad_tape_message(tape));
    for (size_t k = 0; k < s->made_by->operands; gradient += specimen_size(s, k++)) {
        REQUIRE(ad_rows(g[k]) == s->shape[k].rows && ad_cols(g[k]) == s->shape[k].cols,
                "%s: the gradient is %zux%zu", TEXT(s), ad_rows(g[k]), ad_cols(g[k]));
        if (specimen_size(s, k))
            memcpy(gradient, ad_values(g[k]), specimen_size(s, k) * sizeof *gradient);
    }
}

/* ---- differences: f'(0) = (45 (f1 - f-1) - 9 (f2 - f-2) + (f3 - f-3)) / (60 h), error O(h^6)
 * ---- */

static const double step = 2e-3, weights[] = {45, -9, 1};

/* A point a few steps away along the direction of an order; operands without derivative stay. */
static specimen moved(const specimen *s, size_t order, double steps)
{
    specimen to = *s;
    for (size_t k = 0; k < s->made_by->operands; k++) {
        uint64_t state = seed_of(order, k);
        for (size_t i = 0; i < specimen_size(s, k); i++) {
            double move = steps * step * next_random(&state);
            if (!s->made_by->fixed[k]) to.values[k][i] += move;
        }
    }
    return to;
}

/* Differences of the gradient of s_(order-1) along the direction of that order. */
static void gradient_by_differences(const specimen *s, size_t order, double *gradient)
{
    size_t size = gradient_size(s);
    for (size_t i = 0; i < size; i++) gradient[i] = 0;
    for (int steps = -3; steps <= 3; steps++) {
        if (steps == 0) continue;
        double there[MOST_GRADIENT], weight = weights[abs(steps) - 1] * (steps < 0 ? -1 : 1);
        specimen to = moved(s, order, steps);
        gradient_by_sweep(&to, order - 1, there);
        for (size_t i = 0; i < size; i++) gradient[i] += weight * there[i] / (60 * step);
    }
}

/* Differences of s0 in each element. */
static void gradient_by_values(const specimen *s, double *gradient)
{
    specimen to = *s;
    for (size_t k = 0; k < s->made_by->operands; k++)
        for (size_t i = 0; i < specimen_size(s, k); i++, gradient++) {
            *gradient = 0;
            for (int steps = -3; steps <= 3 && !s->made_by->fixed[k]; steps++) {
                if (steps == 0) continue;
                ad_var x[MOST_OPERANDS];
                to.values[k][i] = s->values[k][i] + steps * step;
                *gradient += weights[abs(steps) - 1] * (steps < 0 ? -1 : 1) / (60 * step) *
                             ad_value(record(&to, 0, x));
            }
            to.values[k][i] = s->values[k][i];
        }
}

/* ---- comparison ---- */

static void check_gradients(const specimen *s, size_t order, const char *other, const double *a,
                            const double *b, double tolerance, double least_scale)
{
    double scale = least_scale;
    size_t size = gradient_size(s);
    for (size_t i = 0; i < size; i++) scale = fmax(scale, fabs(b[i]));
    for (size_t i = 0; i < size; i++)
        REQUIRE(fabs(a[i] - b[i]) <= tolerance * scale,
                "%s: derivative %zu, element %zu: by a sweep %.17g, %s %.17g", TEXT(s), order + 1,
                i, a[i], other, b[i]);
}

/* ---- the table ---- */

START_TEST(every_operation_of_the_table_has_a_maker)
{
    for (size_t i = 0; operation_at(i); i++)
        REQUIRE(maker_of(operation_name_at(i)) != NULL, "%s: no %s",
                operation_at(i)->code ? "tests/makers_elementwise.c"
                                      : "tests/operations.def, tests/makers_*.c",
                operation_name_at(i));
}
END_TEST

START_TEST(every_maker_records_the_operation_it_is_named_for)
{
    for (size_t i = 0; maker_at(i); i++) {
        const char *name = maker_at(i)->name;
        REQUIRE(operation_named(name) != NULL, "%s is not in the table", name);
        for (size_t number = 0; number < SPECIMENS; number++) {
            specimen s;
            ad_var x[MOST_OPERANDS];
            make_specimen(&s, name, number);
            ad_tape_reset(tape);
            specimen_operands(&s, tape, x);
            ad_var y = specimen_record(&s, x);
            REQUIRE(ad_ok(y), "%s: %s", TEXT(&s), ad_tape_message(tape));
            ck_assert_str_eq(node_operation_name(tape, y.node), name);
        }
    }
}
END_TEST

START_TEST(names_of_operations_are_unique)
{
    for (size_t i = 0; operation_at(i); i++)
        for (size_t k = 0; k < i; k++)
            REQUIRE(strcmp(operation_name_at(k), operation_name_at(i)) != 0, "%s is there twice",
                    operation_name_at(i));
}
END_TEST

/* ---- for each operation: test _i takes every GROUPS-th of the table ---- */

enum { GROUPS = 12 };

#define FOR_EACH_OPERATION(op, name)                                                               \
    for (size_t i_ = (size_t)_i; operation_at(i_); i_ += GROUPS)                                   \
        for (const operation *op = operation_at(i_); op; op = NULL)                                \
            for (const char *name = operation_name_at(i_); name; name = NULL)

START_TEST(sweep_and_recorded_gradient_are_equal_at_every_order)
{
    FOR_EACH_OPERATION (op, name)
        for (size_t number = 0; is_differentiable(op) && number < SPECIMENS; number++)
            for (size_t order = 0; order < 3; order++) {
                specimen s;
                double swept[MOST_GRADIENT], recorded[MOST_GRADIENT];
                make_specimen(&s, name, number);
                gradient_by_sweep(&s, order, swept);
                gradient_on_tape(&s, order, recorded);
                check_gradients(&s, order, "on the tape", swept, recorded, 1e-13, 0);
            }
}
END_TEST

/* A share in plain numbers comes from the same kernels as the rule on the tape. */
START_TEST(shares_in_plain_numbers_have_the_bits_of_recorded_ones)
{
    FOR_EACH_OPERATION (op, name)
        for (size_t number = 0; op->sweep && number < SPECIMENS; number++) {
            specimen s;
            double swept[MOST_GRADIENT], recorded[MOST_GRADIENT];
            make_specimen(&s, name, number);
            gradient_by_sweep(&s, 0, swept);
            gradient_on_tape(&s, 0, recorded);
            check_gradients(&s, 0, "on the tape", swept, recorded, 0, 0);
        }
}
END_TEST

START_TEST(first_derivatives_are_those_of_differences_of_values)
{
    FOR_EACH_OPERATION (op, name)
        for (size_t number = 0; is_differentiable(op) && number < SPECIMENS; number++) {
            specimen s;
            double swept[MOST_GRADIENT], differences[MOST_GRADIENT];
            make_specimen(&s, name, number);
            gradient_by_sweep(&s, 0, swept);
            gradient_by_values(&s, differences);
            check_gradients(&s, 0, "by differences", swept, differences, 1e-9, 1);
        }
}
END_TEST

START_TEST(higher_derivatives_are_those_of_differences_of_gradients)
{
    FOR_EACH_OPERATION (op, name)
        for (size_t number = 0; is_differentiable(op) && number < SPECIMENS; number++)
            for (size_t order = 1; order < 3; order++) {
                specimen s;
                double swept[MOST_GRADIENT], differences[MOST_GRADIENT];
                make_specimen(&s, name, number);
                gradient_by_sweep(&s, order, swept);
                gradient_by_differences(&s, order, differences);
                check_gradients(&s, order, "by differences", swept, differences, 1e-8, 1);
            }
}
END_TEST

START_TEST(hvp_is_the_block_of_the_second_derivative)
{
    FOR_EACH_OPERATION (op, name)
        for (size_t number = 0; is_differentiable(op) && number < SPECIMENS; number++) {
            specimen s;
            ad_var x[MOST_OPERANDS];
            make_specimen(&s, name, number);
            ad_var y = record(&s, 0, x);
            for (size_t k = 0; k < s.made_by->operands; k++) {
                ad_var v = random_like(x[k], seed_of(1, k));
                ad_var again = ad_grad(ad_dot(v, ad_grad(y, x[k])), x[k]);
                check_matrix(ad_hvp(y, x[k], v), s.shape[k].rows, s.shape[k].cols, ad_values(again),
                             1e-13);
            }
        }
}
END_TEST

START_TEST(steps_pass_no_derivative)
{
    FOR_EACH_OPERATION (op, name)
        for (size_t number = 0; !is_differentiable(op) && number < SPECIMENS; number++) {
            specimen s;
            double swept[MOST_GRADIENT], recorded[MOST_GRADIENT];
            make_specimen(&s, name, number);
            gradient_by_sweep(&s, 0, swept);
            gradient_on_tape(&s, 0, recorded);
            for (size_t i = 0; i < gradient_size(&s); i++) {
                REQUIRE(swept[i] == 0 && recorded[i] == 0, "%s: %g, %g", TEXT(&s), swept[i],
                        recorded[i]);
            }
        }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("operation table");
    TCase *table = tcase_create("table"), *each = tcase_create("each operation");
    tcase_add_checked_fixture(table, make_tape, free_tape);
    tcase_add_test(table, every_operation_of_the_table_has_a_maker);
    tcase_add_test(table, every_maker_records_the_operation_it_is_named_for);
    tcase_add_test(table, names_of_operations_are_unique);
    suite_add_tcase(s, table);
    tcase_add_checked_fixture(each, make_tape, free_tape);
    tcase_add_loop_test(each, sweep_and_recorded_gradient_are_equal_at_every_order, 0, GROUPS);
    tcase_add_loop_test(each, shares_in_plain_numbers_have_the_bits_of_recorded_ones, 0, GROUPS);
    tcase_add_loop_test(each, first_derivatives_are_those_of_differences_of_values, 0, GROUPS);
    tcase_add_loop_test(each, higher_derivatives_are_those_of_differences_of_gradients, 0, GROUPS);
    tcase_add_loop_test(each, hvp_is_the_block_of_the_second_derivative, 0, GROUPS);
    tcase_add_loop_test(each, steps_pass_no_derivative, 0, GROUPS);
    suite_add_tcase(s, each);
    return s;
}

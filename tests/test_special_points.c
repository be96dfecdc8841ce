/* SPDX-License-Identifier: MIT */
/* Every operation of the table at special points: value, first and second derivative, the latter
 * by a sweep and as values on the tape. An operation without special points is a failure. */
#include "tests/every_operation.h"
#include "tests/special_points.h"
#include "tape/tape.h"

#include <string.h>

#include "tests/fixture.h"

enum { GROUPS = 8 }; /* of operations or cases, one to a test */

static bool is_as_expected(double actual, double expected, double tolerance)
{
    const double least = 2 * 0x1p-1074; /* rounding of subnormal numbers */
    if (isnan(expected) || isinf(expected))
        return isnan(expected) ? isnan(actual) : actual == expected;
    return fabs(actual - expected) <= fmax(tolerance * fabs(expected), least);
}

/* ---- elementwise operations ---- */

/* powi and polygamma are listed with an integer argument. */
static const int arguments[] = {0, -2, -1, 1, 2, 3};

typedef struct point_list {
    special_point points[MOST_POINTS];
    size_t count;
} point_list;

static void read_list(point_list *list, const char *name, int n)
{
    list->count = special_points_read(name, n, list->points);
}

static void check_point(const special_point *p, size_t k, double actual, const char *how)
{
    ck_assert_msg(is_as_expected(actual, p->expected[k], p->tolerance),
                  "%s(%a, %a), n = %d: number %zu %s is %.17g, not %.17g", p->name, p->x, p->y,
                  p->n, k, how, actual, p->expected[k]);
}

/* Number k of each point is in the elements of a gradient of y by x. */
static void check_gradient_of_points(const point_list *list, size_t first, size_t count, size_t k,
                                     ad_var y, ad_var x)
{
    ad_var recorded = ad_grad(ad_sum(y), x);
    ck_assert_int_eq(ad_backward(ad_sum(y)), AD_OK);
    for (size_t i = 0; i < count; i++) {
        check_point(&list->points[first + i], k, ad_adjoint(x)[i], "by a sweep");
        check_point(&list->points[first + i], k, ad_values(recorded)[i], "recorded");
    }
}

/* Points first .. first + count - 1 as the elements of one vector, or as a 1x1. */
static void check_points(const point_list *list, size_t first, size_t count)
{
    ad_tape_reset(tape);
    double values[2][MOST_POINTS];
    const special_point *p = &list->points[first];
    for (size_t i = 0; i < count; i++) {
        values[0][i] = p[i].x;
        values[1][i] = p[i].y;
    }
    ad_var x[2];
    for (size_t k = 0; k < 2; k++) x[k] = ad_input(tape, count, 1, values[k]);
    ad_var y = special_points_record(p, x[0], x[1]);
    ck_assert_msg(ad_ok(y), "%s: %s", p->name, ad_tape_message(tape));
    for (size_t i = 0; i < count; i++) check_point(&p[i], 0, ad_values(y)[i], "");
    size_t operands = (size_t)p->arity;
    for (size_t k = 0; k < operands; k++) {
        check_gradient_of_points(list, first, count, 1 + k, y, x[k]);
        ad_var slope = ad_grad(ad_sum(y), x[k]);
        for (size_t j = 0; j < operands; j++)
            check_gradient_of_points(list, first, count, 1 + operands * (k + 1) + j, slope, x[j]);
    }
}

static const char *elementwise_name(int i)
{
    const operation *op = operation_at((size_t)i);
    return op && op->code ? op->name : NULL;
}

static void check_scalars(int number)
{
    for (size_t n = 0; n < sizeof arguments / sizeof *arguments; n++) {
        point_list list;
        read_list(&list, elementwise_name(number), arguments[n]);
        for (size_t i = 0; i < list.count; i++) check_points(&list, i, 1);
    }
}

START_TEST(scalars_have_the_values_and_derivatives_of_the_table)
{
    for (int i = _i; elementwise_name(i); i += GROUPS) check_scalars(i);
}
END_TEST

static void check_elements(int number)
{
    for (size_t n = 0; n < sizeof arguments / sizeof *arguments; n++) {
        point_list list;
        read_list(&list, elementwise_name(number), arguments[n]);
        if (list.count) check_points(&list, 0, list.count);
    }
}

START_TEST(special_elements_leave_the_others_of_a_matrix_alone)
{
    for (int i = _i; elementwise_name(i); i += GROUPS) check_elements(i);
}
END_TEST

/* Any operand of any point. */
static bool any(const point_list *list, bool (*holds)(double x))
{
    for (size_t i = 0; i < list->count; i++)
        if (holds(list->points[i].x) || (list->points[i].arity == 2 && holds(list->points[i].y)))
            return true;
    return false;
}

static bool is_zero(double x)
{
    return x == 0 && !signbit(x);
}
static bool is_minus_zero(double x)
{
    return x == 0 && signbit(x);
}
static bool is_infinite(double x)
{
    return isinf(x) && x > 0;
}
static bool is_minus_infinite(double x)
{
    return isinf(x) && x < 0;
}
static bool is_nan(double x)
{
    return isnan(x);
}
static bool is_huge(double x)
{
    return fabs(x) >= 1e300 && !isinf(x);
}
static bool is_tiny(double x)
{
    return x != 0 && fabs(x) < DBL_MIN;
}

static void check_kinds_of_points(int number)
{
    bool (*const kinds[])(double) = {is_zero, is_infinite, is_minus_infinite, is_nan, is_minus_zero,
                                     is_huge, is_tiny};
    const char *names[] = {"0", "Inf", "-Inf", "NaN", "-0", "a huge number", "a subnormal number"};
    point_list list;
    read_list(&list, elementwise_name(number), 0);
    if (list.count == 0) read_list(&list, elementwise_name(number), 1);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool need = list.points[0].arity == 1 || k < 4;
        ck_assert_msg(!need || any(&list, kinds[k]), "%s: no point has %s",
                      elementwise_name(number), names[k]);
    }
}

START_TEST(elementwise_operations_have_points_of_every_kind)
{
    for (int i = _i; elementwise_name(i); i += GROUPS) check_kinds_of_points(i);
}
END_TEST

static void check_nothing(int number)
{
    ad_tape_reset(tape);
    special_point points[MOST_POINTS];
    if (special_points_read(elementwise_name(number), 0, points) == 0)
        ck_assert_uint_gt(special_points_read(elementwise_name(number), 1, points), 0);
    ad_var x = ad_input(tape, 0, 3, NULL), y = special_points_record(points, x, x);
    ad_var slope = ad_grad(ad_sum(y), x), again = ad_grad(ad_sum(slope), x);
    ck_assert_msg(ad_ok(again), "%s: %s", elementwise_name(number), ad_tape_message(tape));
    ck_assert_uint_eq(ad_rows(y), 0);
    ck_assert_uint_eq(ad_cols(again), 3);
    ck_assert_int_eq(ad_backward(ad_sum(slope)), AD_OK);
}

START_TEST(elementwise_operations_of_nothing_give_nothing)
{
    for (int i = _i; elementwise_name(i); i += GROUPS) check_nothing(i);
}
END_TEST

/* ---- the others ---- */

static const special_case *case_at(size_t i)
{
    const special_case *const lists[] = {special_reductions, special_norms, special_moves,
                                         special_algebra};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (const special_case *c = lists[k]; c->name; c++)
            if (i-- == 0) return c;
    return NULL;
}

static size_t size_of(const special_matrix *m)
{
    return m->rows * m->cols;
}

static void check_numbers(const special_case *c, const char *what, const double *actual,
                          size_t count, const double *expected)
{
    double tolerance = c->tolerance != 0 ? c->tolerance : 8 * DBL_EPSILON;
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(is_as_expected(actual[i], expected[i], tolerance),
                      "%s at %s: %s, element %zu is %.17g, not %.17g", c->name, c->at, what, i,
                      actual[i], expected[i]);
}

static ad_var constant_like(ad_var x, const double *values)
{
    static const double ones[MOST_SPECIAL] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    ck_assert_uint_le(ad_rows(x) * ad_cols(x), MOST_SPECIAL);
    return ad_constant(x.tape, ad_rows(x), ad_cols(x), values ? values : ones);
}

/* The gradient of s by all operands against the expected one: by a sweep, and recorded in g. */
static void check_gradients(const special_case *c, const char *what, ad_var s, const ad_var *x,
                            const double *expected, ad_var *g)
{
    ck_assert_msg(ad_grads(s, x, c->operands, g) == AD_OK, "%s at %s: %s: %s", c->name, c->at, what,
                  ad_tape_message(tape));
    ck_assert_msg(ad_backward(s) == AD_OK, "%s at %s: %s: %s", c->name, c->at, what,
                  ad_tape_message(tape));
    char text[64];
    for (size_t k = 0; k < c->operands; expected += size_of(&c->x[k++])) {
        snprintf(text, sizeof text, "%s by operand %zu by a sweep", what, k);
        check_numbers(c, text, ad_adjoint(x[k]), size_of(&c->x[k]), expected);
        snprintf(text, sizeof text, "%s by operand %zu recorded", what, k);
        check_numbers(c, text, ad_values(g[k]), size_of(&c->x[k]), expected);
    }
}

static void check_case(size_t number)
{
    ad_tape_reset(tape);
    const special_case *c = case_at(number);
    ad_var x[SPECIAL_OPERANDS], g[SPECIAL_OPERANDS], s = ad_constant(tape, 1, 1, &(double){0});
    for (size_t k = 0; k < c->operands; k++)
        x[k] = (k < c->constants ? ad_constant : ad_input)(tape, c->x[k].rows, c->x[k].cols,
                                                           c->x[k].values);
    ad_var y = c->record ? c->record(x) : operation_record(c->name, x);
    if (ad_ok(y)) (void)ad_values(y);
    ck_assert_msg(ad_tape_status(tape) == c->status, "%s at %s: %s", c->name, c->at,
                  ad_tape_message(tape));
    if (c->status != AD_OK) return;
    ck_assert_str_eq(node_operation_name(tape, y.node), c->name);
    ck_assert(!c->empty || ad_rows(y) * ad_cols(y) == 0);
    check_numbers(c, "value", ad_values(y), ad_rows(y) * ad_cols(y), c->value);
    s = ad_dot(constant_like(y, c->u), y);
    if (c->first_status != AD_OK) {
        ck_assert_int_eq(ad_backward(s), c->first_status);
        return;
    }
    check_gradients(c, "first derivative", s, x, c->first, g);
    const double *v = c->v;
    for (size_t k = 0; k < c->operands; v = v ? v + size_of(&c->x[k]) : NULL, k++) {
        ad_var term = ad_dot(constant_like(x[k], v), g[k]);
        s = k == 0 ? term : ad_add(s, term);
    }
    check_gradients(c, "second derivative", s, x, c->second, g);
}

START_TEST(matrices_have_the_values_and_derivatives_of_the_table)
{
    for (size_t i = (size_t)_i; case_at(i); i += GROUPS) check_case(i);
}
END_TEST

static bool has(const special_case *c, bool (*holds)(double x))
{
    for (size_t k = 0; k < c->operands; k++)
        for (size_t i = 0; i < size_of(&c->x[k]); i++)
            if (holds(c->x[k].values[i])) return true;
    return false;
}

static bool is_any_zero(double x)
{
    return x == 0;
}
static bool is_any_infinite(double x)
{
    return isinf(x);
}
static bool is_far_above_1(double x)
{
    return fabs(x) >= 1e100 && !isinf(x);
}
static bool is_far_below_1(double x)
{
    return x != 0 && fabs(x) <= 1e-50;
}

/* Elementwise operations: above. */
static void check_kinds(const char *name)
{
    bool (*const kinds[])(double) = {is_any_zero, is_any_infinite, is_nan, is_far_above_1,
                                     is_far_below_1};
    const char *names[] = {"0", "Inf", "NaN", "a huge number", "a tiny number"};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        bool found = false;
        for (size_t k = 0; case_at(k) && !found; k++)
            found = strcmp(case_at(k)->name, name) == 0 && has(case_at(k), kinds[kind]);
        ck_assert_msg(found, "tests/special_points_*.c: no case of %s has %s", name, names[kind]);
    }
}

static bool is_empty(const special_case *c)
{
    if (c->empty) return true;
    for (size_t k = 0; k < c->operands; k++)
        if (size_of(&c->x[k]) == 0) return true;
    return false;
}

START_TEST(every_operation_has_special_points)
{
    for (size_t i = 0; operation_at(i); i++) {
        const operation *op = operation_at(i);
        const char *name = operation_name_at(i);
        special_point points[MOST_POINTS];
        bool empty =
            op->code &&
            special_points_read(name, 0, points) + special_points_read(name, 1, points) > 0;
        for (size_t k = 0; case_at(k); k++)
            empty = empty || (strcmp(case_at(k)->name, name) == 0 && is_empty(case_at(k)));
        ck_assert_msg(empty,
                      op->code ? "tests/data/special_points.txt: no %s"
                               : "tests/special_points_*.c: no case of %s is empty",
                      name);
        if (!op->code) check_kinds(name);
    }
}
END_TEST

START_TEST(every_case_is_of_an_operation)
{
    for (size_t k = 0; case_at(k); k++) {
        bool found = false;
        for (size_t i = 0; operation_at(i); i++)
            found = found || strcmp(operation_name_at(i), case_at(k)->name) == 0;
        ck_assert_msg(found, "%s is none", case_at(k)->name);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("special points");
    TCase *elementwise = tcase_create("elementwise"), *matrices = tcase_create("matrices");
    tcase_add_checked_fixture(elementwise, make_tape, free_tape);
    tcase_add_loop_test(elementwise, scalars_have_the_values_and_derivatives_of_the_table, 0,
                        GROUPS);
    tcase_add_loop_test(elementwise, special_elements_leave_the_others_of_a_matrix_alone, 0,
                        GROUPS);
    tcase_add_loop_test(elementwise, elementwise_operations_have_points_of_every_kind, 0, GROUPS);
    tcase_add_loop_test(elementwise, elementwise_operations_of_nothing_give_nothing, 0, GROUPS);
    suite_add_tcase(s, elementwise);
    tcase_add_checked_fixture(matrices, make_tape, free_tape);
    tcase_add_test(matrices, every_operation_has_special_points);
    tcase_add_test(matrices, every_case_is_of_an_operation);
    tcase_add_loop_test(matrices, matrices_have_the_values_and_derivatives_of_the_table, 0, GROUPS);
    suite_add_tcase(s, matrices);
    return s;
}

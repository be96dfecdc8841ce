/* SPDX-License-Identifier: MIT */
/* The determinant kernels: that nothing depends on the order of the calls, and what happens when
 * memory runs out. */
#include <math.h>
#include <string.h>

#include "tests/determinant_accuracy.h"
#include "tests/determinant_fixture.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

enum { LARGEST = 44 };

static double a[LARGEST * LARGEST], v[LARGEST * LARGEST], w[LARGEST * LARGEST];
static double result[LARGEST * LARGEST], reference[LARGEST * LARGEST];

/* ---- the same call gives the same bits ------------------------------------------------------ */

/* One matrix for each way of working: expanded, assigned, closed, complete pivoting, partial
 * pivoting (rejected at once, once inverted, for the second derivative only), orthogonal. */
/* clang-format off */
static const struct { matrix_family family; size_t n; } ways[] = {
    {FAMILY_NORMAL, 2},  {FAMILY_NORMAL, 3},   {FAMILY_NORMAL, 7}, {FAMILY_NORMAL, 44},
    {FAMILY_SPARSE, 44}, {FAMILY_POSITIVE, 44}, {FAMILY_KAHAN, 12}, {FAMILY_TRIW, 30},
    {FAMILY_TRIW, 40},   {FAMILY_KAHAN, 40},   {FAMILY_ROWS_SCALED, 5}, {FAMILY_WILKINSON, 40},
    {FAMILY_COLUMNS_SCALED, 20}};
/* clang-format on */
enum { WAYS = sizeof ways / sizeof *ways };

static size_t make_way(int way)
{
    const size_t n = ways[way].n;
    uint64_t state = 1234 + (uint64_t)way;
    matrix_family_make(ways[way].family, n, &state, a);
    for (size_t k = 0; k < n * n; k++) {
        v[k] = random_normal(&state);
        w[k] = random_normal(&state);
    }
    return n;
}

static void ask(determinant_factor *factor, int question, double *answer)
{
    int sign;
    switch (question) {
    case 0: answer[0] = determinant_value(factor); break;
    case 1: answer[0] = determinant_log_abs(factor, &sign); break;
    case 2: cofactor_of(factor, answer); break;
    case 3: (void)determinant_log_gradient(factor, answer, &scratch); break;
    case 4: first_of(factor, v, answer); break;
    case 5: (void)determinant_inverse_product(factor, v, answer, &scratch); break;
    default: second_of(factor, v, w, answer); break;
    }
}

START_TEST(answers_do_not_depend_on_what_was_asked_before)
{
    const size_t n = make_way(_i);
    for (int question = 0; question < 7; question++) {
        memset(reference, 0, sizeof reference);
        ask(factor_of(n, a), question, reference);
        for (int before = 0; before < 7; before++) {
            determinant_factor *factor = factor_of(n, a);
            ask(factor, before, result);
            memset(result, 0, sizeof result);
            ask(factor, question, result);
            check_same(n * n, result, reference, "a second answer");
        }
    }
}
END_TEST

START_TEST(scratch_is_given_back)
{
    const size_t n = make_way(_i);
    determinant_factor *factor = factor_of(n, a);
    for (int question = 2; question < 7; question++) {
        const arena_position before = arena_mark(&scratch);
        ask(factor, question, result);
        const arena_position after = arena_mark(&scratch);
        ck_assert(before.chunk == after.chunk && before.used == after.used);
    }
}
END_TEST

START_TEST(the_operands_may_change_once_the_factor_is_made)
{
    const size_t n = make_way(_i);
    cofactor_of(factor_of(n, a), reference);
    determinant_factor *factor = factor_of(n, a);
    memset(a, 0, sizeof a);
    cofactor_of(factor, result);
    check_same(n * n, result, reference, "cof");
}
END_TEST

static double inner(size_t count, const double *x, const double *y)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += x[k] * y[k];
    return sum;
}

static double largest(size_t count, const double *x)
{
    double found = 0;
    for (size_t k = 0; k < count; k++) found = fmax(found, fabs(x[k]));
    return found;
}

/* <D cof(A)[V], W> = <D cof(A)[W], V>, <D^2 cof(A)[V,W], V> = <D^2 cof(A)[V,V], W>. */
START_TEST(derivatives_are_symmetric_forms)
{
    static double other[LARGEST * LARGEST];
    const size_t n = make_way(_i), count = n * n;
    determinant_factor *factor = factor_of(n, a);
    if (ways[_i].family == FAMILY_ROWS_SCALED) return;
    first_of(factor, v, result);
    first_of(factor, w, other);
    ck_assert_double_le(fabs(inner(count, result, w) - inner(count, other, v)),
                        1e-10 * (double)n * largest(count, result) * largest(count, w));
    second_of(factor, v, w, result);
    second_of(factor, v, v, other);
    ck_assert_double_le(fabs(inner(count, result, v) - inner(count, other, w)),
                        1e-9 * (double)n * largest(count, result) * largest(count, v));
}
END_TEST

/* ---- memory -------------------------------------------------------------------------------- */

typedef struct failing {
    size_t calls, fail_at;
} failing;

static void *failing_allocate(size_t bytes, void *context)
{
    failing *f = context;
    return f->calls++ >= f->fail_at ? NULL : malloc(bytes);
}

static void failing_release(void *block, void *context)
{
    (void)context;
    free(block);
}

/* One round with the given allocator; the arenas have nothing at first, so that every request may
 * be the one that fails. False where memory ran out. */
static bool round_of_questions(size_t n, tape_memory *limited)
{
    arena own, spare;
    int sign;
    arena_init(&own, limited);
    arena_init(&spare, limited);
    determinant_factor *factor = determinant_factor_new(n, a, &own);
    bool done = factor != NULL;
    if (factor) {
        (void)determinant_log_abs(factor, &sign);
        const determinant_status statuses[] = {
            determinant_cofactor(factor, NULL, NULL, result, &spare),
            determinant_log_gradient(factor, result, &spare),
            determinant_cofactor(factor, v, NULL, result, &spare),
            determinant_cofactor(factor, v, w, result, &spare)};
        for (size_t k = 0; k < 4; k++) {
            ck_assert(statuses[k] == DETERMINANT_OK || statuses[k] == DETERMINANT_MEMORY ||
                      (k == 1 && statuses[k] == DETERMINANT_SINGULAR));
            done = done && statuses[k] != DETERMINANT_MEMORY;
        }
    }
    arena_free(&own);
    arena_free(&spare);
    return done;
}

START_TEST(running_out_of_memory_is_told)
{
    const size_t n = make_way(_i);
    size_t fail_at = 0;
    for (bool done = false; !done; fail_at++) {
        failing f = {.fail_at = fail_at};
        tape_memory limited = {.allocator = {failing_allocate, failing_release, &f}};
        done = round_of_questions(n, &limited);
        ck_assert_uint_eq(limited.bytes, 0);
        ck_assert_uint_lt(fail_at, 1000);
    }
    ck_assert_uint_gt(fail_at, 1);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("determinant calls");
    TCase *calls = tcase_create("calls");
    tcase_add_checked_fixture(calls, determinant_set_up, determinant_tear_down);
    tcase_add_loop_test(calls, answers_do_not_depend_on_what_was_asked_before, 0, WAYS);
    tcase_add_loop_test(calls, scratch_is_given_back, 0, WAYS);
    tcase_add_loop_test(calls, the_operands_may_change_once_the_factor_is_made, 0, WAYS);
    tcase_add_loop_test(calls, derivatives_are_symmetric_forms, 0, WAYS);
    tcase_add_loop_test(calls, running_out_of_memory_is_told, 0, WAYS);
    suite_add_tcase(s, calls);
    return s;
}

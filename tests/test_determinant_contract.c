/* The determinant kernels: what is exact, what happens at the edges, and that nothing depends on
 * the order of the calls. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "ops/kernels/determinant.h"
#include "tests/determinant_accuracy.h"
#include "tests/exact.h"
#include "tests/matrix_families.h"
#include "tests/suite.h"

enum { LARGEST = 44 };

static tape_memory memory;
static arena of_factor, scratch;
static double a[LARGEST * LARGEST], v[LARGEST * LARGEST], w[LARGEST * LARGEST];
static double result[LARGEST * LARGEST], reference[LARGEST * LARGEST];

static void setup(void)
{
    plain_arena(&of_factor, &memory);
    plain_arena(&scratch, &memory);
}

static void teardown(void)
{
    arena_free(&of_factor);
    arena_free(&scratch);
    ck_assert_uint_eq(memory.bytes, 0);
}

static determinant_factor *factor_of(size_t n, const double *x)
{
    arena_reset(&of_factor);
    determinant_factor *factor = determinant_factor_new(n, x, &of_factor);
    ck_assert_ptr_nonnull(factor);
    return factor;
}

static void cofactor_of(determinant_factor *factor, double *x)
{
    ck_assert_int_eq(determinant_cofactor(factor, x, &scratch), DETERMINANT_OK);
}

static void first_of(determinant_factor *factor, double *x)
{
    ck_assert_int_eq(determinant_cofactor_derivative(factor, v, x, &scratch), DETERMINANT_OK);
}

static void second_of(determinant_factor *factor, double *x)
{
    ck_assert_int_eq(determinant_cofactor_second_derivative(factor, v, w, x, &scratch),
                     DETERMINANT_OK);
}

/* Equal bit for bit: 0 is not -0. */
static void check_same(size_t count, const double *x, const double *y, const char *what)
{
    for (size_t k = 0; k < count; k++)
        ck_assert_msg(memcmp(&x[k], &y[k], sizeof *x) == 0, "%s: entry %zu is %a, not %a", what, k,
                      x[k], y[k]);
}

/* ---- small orders -------------------------------------------------------------------------- */

START_TEST(the_empty_matrix_has_determinant_1)
{
    determinant_factor *factor = factor_of(0, NULL);
    int sign;
    ck_assert_double_eq(determinant_value(factor), 1);
    ck_assert_double_eq(determinant_log_abs(factor, &sign), 0);
    ck_assert_int_eq(sign, 1);
    cofactor_of(factor, NULL);
    first_of(factor, NULL);
    second_of(factor, NULL);
    ck_assert_int_eq(determinant_log_gradient(factor, NULL, &scratch), DETERMINANT_OK);
}
END_TEST

START_TEST(order_1_is_exact)
{
    static const double values[] = {0, -3, 0.1, DBL_MAX, DBL_TRUE_MIN, -1e-310, INFINITY, NAN};
    v[0] = 5, w[0] = NAN;
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        determinant_factor *factor = factor_of(1, &values[k]);
        int sign;
        const double value = determinant_value(factor), log_abs = determinant_log_abs(factor, &sign);
        ck_assert(value == values[k] || (isnan(value) && isnan(values[k])));
        ck_assert(log_abs == log(fabs(value)) || isnan(value) ||
                  fabs(log_abs / log(fabs(value)) - 1) < 4 * DBL_EPSILON);
        ck_assert_int_eq(sign, (value > 0) - (value < 0));
        cofactor_of(factor, result);
        ck_assert_double_eq(result[0], 1);
        first_of(factor, result);
        ck_assert_double_eq(result[0], 0);
        second_of(factor, result);
        ck_assert_double_eq(result[0], 0);
    }
}
END_TEST

START_TEST(cofactors_of_order_2_are_the_entries)
{
    uint64_t state = 77;
    for (int round = 0; round < 2000; round++) {
        for (size_t k = 0; k < 4; k++) {
            a[k] = ldexp(random_normal(&state), random_integer(&state, -round / 2, round / 2));
            v[k] = ldexp(random_normal(&state), random_integer(&state, -round / 2, round / 2));
        }
        determinant_factor *factor = factor_of(2, a);
        cofactor_of(factor, result);
        check_same(4, result, (double[]){a[3], -a[2], -a[1], a[0]}, "cof");
        first_of(factor, result);
        check_same(4, result, (double[]){v[3], -v[2], -v[1], v[0]}, "D cof");
    }
}
END_TEST

/* Minors with the indices (i+1, i+2) and (j+1, j+2) modulo 3, x above, y below. */
static double minor_sum(const double *x, const double *y, size_t i, size_t j)
{
    const size_t i1 = (i + 1) % 3 * 3, i2 = (i + 2) % 3 * 3, j1 = (j + 1) % 3, j2 = (j + 2) % 3;
    return x[i1 + j1] * y[i2 + j2] - x[i1 + j2] * y[i2 + j1] + y[i1 + j1] * x[i2 + j2] -
           y[i1 + j2] * x[i2 + j1];
}

static void check_order_3(void)
{
    determinant_factor *factor = factor_of(3, a);
    double determinant = 0;
    cofactor_of(factor, result);
    for (size_t k = 0; k < 9; k++) {
        ck_assert_double_eq(result[k], minor_sum(a, a, k / 3, k % 3) / 2);
        determinant += a[k] * minor_sum(a, a, k / 3, k % 3) / 6;
    }
    ck_assert_double_eq(determinant_value(factor), round(determinant));
    first_of(factor, result);
    for (size_t k = 0; k < 9; k++) ck_assert_double_eq(result[k], minor_sum(a, v, k / 3, k % 3));
    second_of(factor, result);
    for (size_t k = 0; k < 9; k++) ck_assert_double_eq(result[k], minor_sum(v, w, k / 3, k % 3));
}

START_TEST(small_integers_of_order_2_are_exact)
{
    for (int code = 0; code < 625; code++) {
        for (int k = 0, rest = code; k < 4; k++, rest /= 5) {
            a[k] = rest % 5 - 2;
            v[k] = k - 2, w[k] = 2 * k - 3;
        }
        determinant_factor *factor = factor_of(2, a);
        ck_assert_double_eq(determinant_value(factor), a[0] * a[3] - a[1] * a[2]);
        cofactor_of(factor, result);
        check_same(4, result, (double[]){a[3] + 0., 0 - a[2], 0 - a[1], a[0] + 0.}, "cof");
        first_of(factor, result);
        check_same(4, result, (double[]){v[3] + 0., 0 - v[2], 0 - v[1], v[0] + 0.}, "D cof");
        second_of(factor, result);
        check_same(4, result, (double[]){0, 0, 0, 0}, "D^2 cof");
    }
}
END_TEST

START_TEST(small_integers_of_order_3_are_exact)
{
    for (size_t k = 0; k < 9; k++) {
        v[k] = (double)(7 * k % 5) - 2;
        w[k] = (double)(4 * k % 7) - 3;
    }
    for (int code = 0; code < 19683; code++) {
        for (int k = 0, rest = code; k < 9; k++, rest /= 3) a[k] = rest % 3 - 1;
        check_order_3();
    }
}
END_TEST

START_TEST(integers_of_order_3_are_exact_up_to_a_hundred_thousand)
{
    uint64_t state = 5;
    for (int round = 0; round < 2000; round++) {
        const int size = round % 2 ? 9 : 100000;
        for (size_t k = 0; k < 9; k++) {
            a[k] = random_integer(&state, -size, size);
            v[k] = random_integer(&state, -size, size);
            w[k] = random_integer(&state, -size, size);
        }
        exact_derivatives exact = {.cofactor = reference};
        exact_differentiate(EXACT_FADDEEV_LEVERRIER, 3, a, v, w, &exact);
        determinant_factor *factor = factor_of(3, a);
        ck_assert_double_le(fabs(determinant_value(factor) - exact.determinant),
                            4 * DBL_EPSILON * fabs(exact.determinant));
        cofactor_of(factor, result);
        for (size_t k = 0; k < 9; k++) ck_assert_double_eq(result[k], reference[k]);
    }
}
END_TEST

/* ---- singular and nearly so ---------------------------------------------------------------- */

START_TEST(singular_matrices_have_determinant_0_and_no_gradient_of_the_logarithm)
{
    for (uint64_t seed = 1; seed <= 400; seed++) {
        const size_t n = seed <= 396 ? 2 + (size_t)seed % 11 : 40;
        uint64_t state = seed;
        matrix_of_rank(n, n - 1 - (size_t)seed % 2, seed % 3 ? 9 : 999, &state, a);
        determinant_factor *factor = factor_of(n, a);
        int sign = 7;
        ck_assert_msg(determinant_value(factor) == 0, "seed %llu", (unsigned long long)seed);
        ck_assert_double_eq(determinant_log_abs(factor, &sign), -INFINITY);
        ck_assert_int_eq(sign, 0);
        ck_assert_int_eq(determinant_log_gradient(factor, result, &scratch), DETERMINANT_SINGULAR);
    }
}
END_TEST

/* The last row is a combination of the others but for the last place of one entry. */
START_TEST(a_nonsingular_matrix_never_has_determinant_0)
{
    int subtle = 0;
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        const size_t n = 3 + (size_t)seed % 6, last = (n - 1) * n;
        uint64_t state = seed;
        for (size_t k = 0; k < n * n; k++) a[k] = random_integer(&state, -99, 99) / 8.;
        for (size_t j = 0; j < n; j++) {
            a[last + j] = 0;
            for (size_t i = 0; i + 1 < n; i++) a[last + j] += a[i * n + j] * (i % 2 ? 3 : -1);
        }
        if (a[last + seed % n] == 0) continue;
        a[last + seed % n] = nextafter(a[last + seed % n], INFINITY);
        exact_derivatives exact = {0};
        exact_differentiate(EXACT_FRACTION_FREE, n, a, NULL, NULL, &exact);
        const double value = determinant_value(factor_of(n, a));
        ck_assert_msg(fabs(value - exact.determinant) <= 1e-12 * fabs(exact.determinant),
                      "seed %llu: %a, not %a", (unsigned long long)seed, value, exact.determinant);
        subtle += exact.determinant != 0;
    }
    ck_assert_int_gt(subtle, 900);
}
END_TEST

START_TEST(a_matrix_of_zeros_is_exact)
{
    for (size_t n = 2; n <= 40; n += n < 5 ? 1 : 35) {
        memset(a, 0, sizeof a), memset(reference, 0, sizeof reference);
        for (size_t k = 0; k < n * n; k++) v[k] = w[k] = (double)k - 3;
        determinant_factor *factor = factor_of(n, a);
        ck_assert_double_eq(determinant_value(factor), 0);
        cofactor_of(factor, result);
        check_same(n * n, result, reference, "cof");
        if (n > 2) {
            first_of(factor, result);
            check_same(n * n, result, reference, "D cof");
        }
        if (n > 3) {
            second_of(factor, result);
            check_same(n * n, result, reference, "D^2 cof");
        }
    }
}
END_TEST

/* ---- range --------------------------------------------------------------------------------- */

START_TEST(results_beyond_the_range_of_double_are_rounded_once)
{
    static const int exponents[][4] = {{-300, -300, -300, -140}, {-1000, 500, -570, 0},
                                       {-1074, 0, 0, 0},         {-540, -530, -1, -2},
                                       {300, 300, 300, 200},     {1000, -1000, 1000, -1000}};
    uint64_t state = 3;
    for (size_t k = 0; k < 6; k++)
        for (size_t n = 2; n <= 4; n++) {
            memset(a, 0, sizeof a);
            for (size_t i = 0; i < n; i++)
                a[i * n + i] = ldexp(random_integer(&state, 1, 127), exponents[k][i]);
            exact_derivatives exact = {.cofactor = reference};
            exact_differentiate(EXACT_FADDEEV_LEVERRIER, n, a, NULL, NULL, &exact);
            determinant_factor *factor = factor_of(n, a);
            ck_assert_double_eq(determinant_value(factor), exact.determinant);
            cofactor_of(factor, result);
            for (size_t i = 0; i < n * n; i++) ck_assert_double_eq(result[i], reference[i]);
            const double log_abs = log(exact.mantissa) + (double)exact.exponent * log(2);
            ck_assert_double_eq_tol(determinant_log_abs(factor, NULL), log_abs, 1e-12);
        }
}
END_TEST

/* A direction whose entries lie up to 1400 bits apart. */
START_TEST(directions_of_every_size_at_once_are_accurate)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        const size_t n = 2 + (size_t)seed % 6;
        uint64_t state = seed;
        for (size_t k = 0; k < n * n; k++) {
            a[k] = random_normal(&state);
            v[k] = ldexp(random_normal(&state), random_integer(&state, -1000, 400));
            w[k] = random_normal(&state);
        }
        exact_derivatives exact = {.first_v = reference};
        exact_differentiate(EXACT_FASTEST, n, a, v, w, &exact);
        determinant_factor *factor = factor_of(n, a);
        first_of(factor, result);
        ck_assert_double_le(relative_error(n, result, reference, NORMWISE, 0), 1e-11);
        exact = (exact_derivatives){.second = reference};
        exact_differentiate(EXACT_FASTEST, n, a, v, w, &exact);
        second_of(factor, result);
        ck_assert_double_le(relative_error(n, result, reference, NORMWISE, 0), 1e-11);
    }
}
END_TEST

/* Rows of A and of V that differ by hundreds of powers of ten: each row of the result is right to
 * its own size, although a row of V 2^400 times as large must cancel in it. */
START_TEST(rows_of_every_size_keep_their_digits)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        const size_t n = 3 + (size_t)seed % 6;
        uint64_t state = seed;
        for (size_t i = 0; i < n; i++) {
            const int exponent = random_integer(&state, -480, 480);
            for (size_t j = 0; j < n; j++) {
                a[i * n + j] = ldexp(random_normal(&state), exponent);
                v[i * n + j] = random_normal(&state);
            }
        }
        exact_derivatives exact = {.first_v = reference};
        exact_differentiate(EXACT_FASTEST, n, a, v, NULL, &exact);
        first_of(factor_of(n, a), result);
        const double error = relative_error(n, result, reference, BY_ROWS, 0);
        ck_assert_msg(error <= 1e-10, "seed %llu: %g", (unsigned long long)seed, error);
    }
}
END_TEST

START_TEST(nonfinite_entries_give_nan)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t n = 2; n <= 40; n += n < 5 ? 1 : 35)
        for (size_t k = 0; k < 3; k++) {
            for (size_t i = 0; i < n * n; i++) a[i] = v[i] = w[i] = i % (n + 1) ? 0.5 : 2;
            determinant_factor *factor = factor_of(n, a);
            w[n] = bad[k];
            second_of(factor, result);
            ck_assert(n < 3 || (isnan(result[0]) && isnan(result[n * n - 1])));
            v[1] = bad[k];
            first_of(factor, result);
            ck_assert(isnan(result[0]) && isnan(result[n * n - 1]));
            v[1] = a[n * n - 1] = bad[k];
            factor = factor_of(n, a);
            int sign = 7;
            ck_assert(isnan(determinant_value(factor)));
            ck_assert(isnan(determinant_log_abs(factor, &sign)));
            ck_assert_int_eq(sign, 0);
            cofactor_of(factor, result);
            ck_assert(isnan(result[0]) && isnan(result[n * n - 1]));
            ck_assert_int_eq(determinant_log_gradient(factor, result, &scratch), DETERMINANT_OK);
            ck_assert(isnan(result[0]) && isnan(result[n * n - 1]));
        }
}
END_TEST

/* ---- the same call gives the same bits ------------------------------------------------------ */

/* One matrix for each way of working: closed, complete pivoting, partial pivoting (rejected at
 * once, once inverted, for the second derivative only), orthogonal. */
static const struct { matrix_family family; size_t n; } ways[] = {
    {FAMILY_NORMAL, 2},  {FAMILY_NORMAL, 3},   {FAMILY_NORMAL, 7}, {FAMILY_NORMAL, 44},
    {FAMILY_SPARSE, 44}, {FAMILY_POSITIVE, 44}, {FAMILY_KAHAN, 12}, {FAMILY_TRIW, 30},
    {FAMILY_TRIW, 40},   {FAMILY_KAHAN, 40},   {FAMILY_ROWS_SCALED, 5}, {FAMILY_WILKINSON, 40}};
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
    case 4: first_of(factor, answer); break;
    default: second_of(factor, answer); break;
    }
}

START_TEST(answers_do_not_depend_on_what_was_asked_before)
{
    const size_t n = make_way(_i);
    for (int question = 0; question < 6; question++) {
        memset(reference, 0, sizeof reference);
        ask(factor_of(n, a), question, reference);
        for (int before = 0; before < 6; before++) {
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
    for (int question = 2; question < 6; question++) {
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
    first_of(factor, result);
    ck_assert_int_eq(determinant_cofactor_derivative(factor, w, other, &scratch), DETERMINANT_OK);
    ck_assert_double_le(fabs(inner(count, result, w) - inner(count, other, v)),
                        1e-10 * (double)n * largest(count, result) * largest(count, w));
    second_of(factor, result);
    ck_assert_int_eq(determinant_cofactor_second_derivative(factor, v, v, other, &scratch),
                     DETERMINANT_OK);
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
            determinant_cofactor(factor, result, &spare),
            determinant_log_gradient(factor, result, &spare),
            determinant_cofactor_derivative(factor, v, result, &spare),
            determinant_cofactor_second_derivative(factor, v, w, result, &spare)};
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

START_TEST(a_matrix_too_large_to_count_is_out_of_memory)
{
    ck_assert_ptr_null(determinant_factor_new((size_t)1 << 33, a, &of_factor));
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("determinant contract");
    TCase *edges = tcase_create("edges"), *calls = tcase_create("calls");
    tcase_add_checked_fixture(edges, setup, teardown);
    tcase_add_test(edges, the_empty_matrix_has_determinant_1);
    tcase_add_test(edges, order_1_is_exact);
    tcase_add_test(edges, cofactors_of_order_2_are_the_entries);
    tcase_add_test(edges, small_integers_of_order_2_are_exact);
    tcase_add_test(edges, small_integers_of_order_3_are_exact);
    tcase_add_test(edges, integers_of_order_3_are_exact_up_to_a_hundred_thousand);
    tcase_add_test(edges, singular_matrices_have_determinant_0_and_no_gradient_of_the_logarithm);
    tcase_add_test(edges, a_nonsingular_matrix_never_has_determinant_0);
    tcase_add_test(edges, a_matrix_of_zeros_is_exact);
    tcase_add_test(edges, results_beyond_the_range_of_double_are_rounded_once);
    tcase_add_test(edges, directions_of_every_size_at_once_are_accurate);
    tcase_add_test(edges, rows_of_every_size_keep_their_digits);
    tcase_add_test(edges, nonfinite_entries_give_nan);
    tcase_add_test(edges, a_matrix_too_large_to_count_is_out_of_memory);
    suite_add_tcase(s, edges);
    tcase_add_checked_fixture(calls, setup, teardown);
    tcase_add_loop_test(calls, answers_do_not_depend_on_what_was_asked_before, 0, WAYS);
    tcase_add_loop_test(calls, scratch_is_given_back, 0, WAYS);
    tcase_add_loop_test(calls, the_operands_may_change_once_the_factor_is_made, 0, WAYS);
    tcase_add_loop_test(calls, derivatives_are_symmetric_forms, 0, WAYS);
    tcase_add_loop_test(calls, running_out_of_memory_is_told, 0, WAYS);
    suite_add_tcase(s, calls);
    return s;
}

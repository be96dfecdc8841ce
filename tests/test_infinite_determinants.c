/* Matrices with infinite entries: every result is the limit as these grow without bound, each on
 * its own, NaN where there is none.
 *
 * The reference is Leibniz's formula in integers: a sum over permutations of products of entries,
 * kept as a polynomial in the infinite ones (a coefficient for each set of them).
 */
#include <autodiff/autodiff.h>

#include <math.h>
#include <string.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"

enum { LARGEST = 5, SIZE = LARGEST * LARGEST, NONE = SIZE, MOST = 6, OPERANDS = 3 };

static ad_tape *tape;

static void set_up(void)
{
    tape = ad_tape_new();
}

static void tear_down(void)
{
    ad_tape_free(tape);
}

/* ---- the reference ---- */

/* A, V, W; the sum of products that take rows_of[1] factors from V and rows_of[2] from W, without
 * row skipped_row and column skipped_column (NONE: none is skipped). */
typedef struct expansion {
    size_t n, skipped_row, skipped_column, rows_of[OPERANDS];
    const double *operand[OPERANDS];
    int coefficient[1 << MOST];
} expansion;

/* The number of an infinite entry among all. */
static unsigned number_of(const expansion *e, size_t operand, size_t place)
{
    unsigned number = 0;
    for (size_t p = 0; p < operand * e->n * e->n + place; p++)
        number += (bool)isinf(e->operand[p / (e->n * e->n)][p % (e->n * e->n)]);
    return number;
}

static bool is_odd(unsigned taken, size_t column)
{
    bool odd = false;
    for (unsigned later = taken >> (column + 1); later; later >>= 1) odd ^= later & 1;
    return odd;
}

/* All products of the rows from row on; taken: columns so far, set: infinite entries so far. */
static void expand(expansion *e, size_t row, unsigned taken, unsigned set, int product)
{
    if (row == e->skipped_row) row++;
    if (row == e->n) {
        if (e->rows_of[1] + e->rows_of[2] == 0) e->coefficient[set] += product;
        return;
    }
    for (size_t column = 0; column < e->n; column++) {
        if (column == e->skipped_column || taken >> column & 1) continue;
        for (size_t k = 0; k < OPERANDS; k++) {
            if (!e->operand[k] || (k > 0 && e->rows_of[k] == 0)) continue;
            const size_t place = row * e->n + column;
            const double x = e->operand[k][place];
            const int factor = isinf(x) ? (x > 0 ? 1 : -1) : (int)x;
            const unsigned own = isinf(x) ? 1u << number_of(e, k, place) : 0;
            if (k > 0) e->rows_of[k]--;
            expand(e, row + 1, taken | 1u << column, set | own,
                   product * factor * (is_odd(taken, column) ? -1 : 1));
            if (k > 0) e->rows_of[k]++;
        }
    }
}

static double limit_of(const int *coefficient)
{
    double limit = coefficient[0];
    bool constant = true;
    for (unsigned set = 1; set < 1 << MOST; set++) {
        bool maximal = coefficient[set] != 0;
        for (unsigned other = set + 1; other < 1 << MOST; other++)
            if (coefficient[other] != 0 && (set & ~other) == 0) maximal = false;
        if (!maximal) continue;
        const double own = coefficient[set] > 0 ? INFINITY : -INFINITY;
        if (!constant && limit != own) return NAN;
        limit = own;
        constant = false;
    }
    return limit;
}

/* D^order cof(A)[V, W], entry (i, j). */
static double reference_cofactor(size_t n, size_t order, const double *const operand[OPERANDS],
                                 size_t i, size_t j)
{
    expansion e = {
        .n = n,
        .skipped_row = i,
        .skipped_column = j,
        .rows_of = {0, order > 0, order > 1},
        .operand = {operand[0], order > 0 ? operand[1] : NULL, order > 1 ? operand[2] : NULL}};
    expand(&e, 0, 0, 0, (i + j) % 2 ? -1 : 1);
    return limit_of(e.coefficient);
}

/* d^k/dx^k det(xI - A) with M = xI - A. */
static double reference_charpoly(size_t n, size_t k, const double *m)
{
    double unit[SIZE];
    for (size_t p = 0; p < n * n; p++) unit[p] = p / n == p % n;
    expansion e = {.n = n,
                   .skipped_row = NONE,
                   .skipped_column = NONE,
                   .rows_of = {0, k, 0},
                   .operand = {m, unit, NULL}};
    expand(&e, 0, 0, 0, 1);
    for (size_t s = 0; s < 1 << MOST; s++)
        for (int factor = 2; factor <= (int)k; factor++) e.coefficient[s] *= factor;
    return limit_of(e.coefficient);
}

/* ---- random matrices ---- */

typedef struct problem {
    unsigned seed;
    size_t n, infinite;
    double a[SIZE], v[SIZE], w[SIZE];
} problem;

/* Small integers; up to the given number of infinite entries in A, one now and then in V. */
static problem random_problem(unsigned seed, size_t most)
{
    random_state state = seed;
    problem p = {.seed = seed};
    p.n = 1 + random_below(&state, LARGEST);
    const size_t size = p.n * p.n;
    for (size_t k = 0; k < size; k++) {
        p.a[k] = (double)random_below(&state, 5) - 2;
        p.v[k] = (double)random_below(&state, 5) - 2;
        p.w[k] = (double)random_below(&state, 5) - 2;
    }
    for (size_t k = random_below(&state, most + 1); k > 0; k--)
        p.a[random_below(&state, size)] = random_below(&state, 2) ? INFINITY : -INFINITY;
    if (random_below(&state, 4) == 0)
        p.v[random_below(&state, size)] = random_below(&state, 2) ? INFINITY : -INFINITY;
    return p;
}

static bool agree(double actual, double expected)
{
    if (isnan(expected)) return isnan(actual);
    if (isinf(expected)) return actual == expected;
    return fabs(actual - expected) <= 1e-12 * fmax(1, fabs(expected));
}

static void compare(const problem *p, const char *what, ad_var actual, const double *expected)
{
    ck_assert_msg(ad_ok(actual), "seed %u: %s: %s", p->seed, what, ad_tape_message(tape));
    for (size_t k = 0; k < ad_rows(actual) * ad_cols(actual); k++)
        ck_assert_msg(agree(ad_values(actual)[k], expected[k]),
                      "seed %u: %s, element %zu: %g, not %g", p->seed, what, k,
                      ad_values(actual)[k], expected[k]);
}

static ad_var input(const problem *p, const double *values)
{
    return ad_input(tape, p->n, p->n, values);
}

enum { SEEDS = 300 };

START_TEST(determinants_are_limits)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        problem p = random_problem(seed, MOST - 1);
        ad_tape_reset(tape);
        ad_var A = input(&p, p.a);
        const double expected = reference_charpoly(p.n, 0, p.a);
        const double sign = isnan(expected) ? expected : (expected > 0) - (expected < 0);
        compare(&p, "det", ad_det(A), &expected);
        compare(&p, "detsign", ad_detsign(A), &sign);
        compare(&p, "logabsdet", ad_logabsdet(A), &(double){log(fabs(expected))});
    }
}
END_TEST

START_TEST(cofactors_and_their_derivatives_are_limits)
{
    double expected[SIZE];
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        problem p = random_problem(seed, MOST - 2);
        ad_tape_reset(tape);
        ad_var A = input(&p, p.a), V = input(&p, p.v), W = input(&p, p.w), d[3];
        d[0] = ad_grad(ad_det(A), A);
        d[1] = ad_hvp(ad_det(A), A, V);
        d[2] = ad_hvp(ad_dot(ad_cofactor(A), V), A, W);
        for (size_t order = 0; order < 3; order++) {
            for (size_t k = 0; k < p.n * p.n; k++)
                expected[k] = reference_cofactor(p.n, order, (const double *[]){p.a, p.v, p.w},
                                                 k / p.n, k % p.n);
            compare(&p, order == 0 ? "cof" : order == 1 ? "D cof" : "D^2 cof", d[order], expected);
        }
    }
}
END_TEST

START_TEST(charpoly_and_its_derivatives_in_x_are_limits)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        problem p = random_problem(seed, MOST - 1);
        double m[SIZE];
        for (size_t k = 0; k < p.n * p.n; k++) m[k] = (k / p.n == k % p.n ? 2 : 0) - p.a[k];
        ad_tape_reset(tape);
        ad_var x = ad_scalar(tape, 2), c = ad_charpoly(input(&p, p.a), x);
        for (size_t k = 0; k <= 3; k++, c = ad_grad(c, x))
            compare(&p, "a derivative of p", c, &(double){reference_charpoly(p.n, k, m)});
    }
}
END_TEST

START_TEST(charpoly_far_out_is_its_leading_term)
{
    const double a[] = {1, 2, 3, 4, 5, 6, 7, 8, 10};
    const double right[] = {INFINITY, INFINITY, INFINITY, 6, 0},
                 left[] = {-INFINITY, INFINITY, -INFINITY, 6, 0};
    problem p = {.n = 3};
    ad_var A = input(&p, a);
    ad_var x = ad_scalar(tape, INFINITY), y = ad_scalar(tape, -INFINITY);
    ad_var c = ad_charpoly(A, x), d = ad_charpoly(A, y);
    for (size_t k = 0; k < 5; k++, c = ad_grad(c, x), d = ad_grad(d, y)) {
        compare(&p, "right", c, right + k);
        compare(&p, "left", d, left + k);
    }
}
END_TEST

/* ---- A^-1 ---- */

START_TEST(the_inverse_has_the_limits_that_finite_stand_ins_approach)
{
    size_t finite = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        problem p = random_problem(seed, 2);
        double near[SIZE];
        for (size_t k = 0; k < p.n * p.n; k++)
            near[k] = isinf(p.a[k]) ? copysign(ldexp(1 + 0.1 * (double)k, 18), p.a[k]) : p.a[k];
        ad_tape_reset(tape);
        ad_var A = input(&p, p.a), B = input(&p, near), X = ad_inverse(A), Y = ad_inverse(B);
        if (!ad_ok(X) || !ad_ok(Y)) {
            ck_assert_int_eq(ad_tape_status(tape), AD_ERROR_SINGULAR);
            continue;
        }
        ad_var G = ad_grad(ad_logabsdet(A), A);
        for (size_t k = 0; k < p.n * p.n; k++) {
            const double x = ad_values(X)[k], y = ad_values(Y)[k];
            if (fabs(y) > 0x1p8 || !isfinite(x)) continue;
            const double g = ad_values(G)[k % p.n * p.n + k / p.n];
            ck_assert_msg(fabs(x - y) < 1e-2 && (isnan(g) || fabs(g - y) < 1e-2),
                          "seed %u: element %zu: %g, %g and %g", seed, k, x, g, y);
            finite++;
        }
    }
    ck_assert_uint_gt(finite, SEEDS);
}
END_TEST

START_TEST(a_zero_pivot_beside_infinity_is_no_obstacle)
{
    problem p = {.n = 2};
    ad_var A = input(&p, (double[]){1, INFINITY, 1, 1});
    compare(&p, "inverse", ad_inverse(A), (double[]){0, 1, 0, 0});
    A = input(&p, (double[]){INFINITY, 2, 3, 0});
    compare(&p, "inverse", ad_inverse(A), (double[]){0, 1. / 3, 0.5, -INFINITY});
}
END_TEST

START_TEST(a_determinant_that_is_0_for_every_value_of_the_infinite_entry_has_no_logarithm)
{
    const double a[] = {INFINITY, 0, 0, 0};
    problem p = {.n = 2};
    ad_var A = input(&p, a), y = ad_logabsdet(A);
    compare(&p, "det", ad_det(A), &(double){0});
    compare(&p, "log|det|", y, &(double){-INFINITY});
    ck_assert_int_eq(ad_backward(y), AD_ERROR_DERIVATIVE);
}
END_TEST

/* ---- large ---- */

START_TEST(large_matrices_keep_the_cofactors_that_no_infinite_entry_takes_part_in)
{
    enum { N = 40 };
    static double a[N * N], tame[N * N];
    problem p = {.n = N};
    random_state state = 7;
    for (size_t k = 0; k < N * N; k++) tame[k] = a[k] = random_uniform(&state);
    for (size_t j = 0; j < N; j++) a[3 * N + j] = INFINITY; /* a row, and so 0 times Inf nowhere */
    ad_var cofactor = ad_cofactor(input(&p, a)), expected = ad_cofactor(input(&p, tame));
    for (size_t j = 0; j < N; j++)
        ck_assert_double_eq_tol(ad_values(cofactor)[3 * N + j] / ad_values(expected)[3 * N + j], 1,
                                1e-8);
    ck_assert(isnan(ad_value(ad_det(input(&p, a)))));
}
END_TEST

START_TEST(more_products_than_are_followed_give_nan_where_they_take_part_and_nowhere_else)
{
    enum { N = 30 };
    static double a[N * N];
    problem p = {.n = N};
    for (size_t k = 0; k < N * N; k++) a[k] = k % (N + 1) ? 0 : k / N < 9 ? INFINITY : 2;
    ad_var A = input(&p, a), cofactor = ad_cofactor(A);
    ck_assert(isnan(ad_value(ad_det(A))));
    ck_assert(isnan(ad_values(cofactor)[N * N - 1]));
    memset(a, 0, sizeof a);
    for (size_t j = 0; j < N; j++) a[j] = INFINITY;
    for (size_t i = 1; i < N; i++) a[i * N + i] = 2;
    cofactor = ad_cofactor(input(&p, a));
    ck_assert_double_eq(ad_values(cofactor)[0], ldexp(1, N - 1));
    ck_assert_double_eq(ad_values(cofactor)[1], 0);
}
END_TEST

START_TEST(a_whole_matrix_of_infinity_has_no_determinant)
{
    double a[81];
    for (size_t k = 0; k < 81; k++) a[k] = INFINITY;
    problem p = {.n = 9};
    ad_var A = input(&p, a);
    ck_assert(isnan(ad_value(ad_det(A))));
    ck_assert(isnan(ad_values(ad_cofactor(A))[80]));
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("infinite determinants");
    TCase *c = tcase_create("limits");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, determinants_are_limits);
    tcase_add_test(c, cofactors_and_their_derivatives_are_limits);
    tcase_add_test(c, charpoly_and_its_derivatives_in_x_are_limits);
    tcase_add_test(c, charpoly_far_out_is_its_leading_term);
    tcase_add_test(c, the_inverse_has_the_limits_that_finite_stand_ins_approach);
    tcase_add_test(c, a_zero_pivot_beside_infinity_is_no_obstacle);
    tcase_add_test(c,
                   a_determinant_that_is_0_for_every_value_of_the_infinite_entry_has_no_logarithm);
    tcase_add_test(c, large_matrices_keep_the_cofactors_that_no_infinite_entry_takes_part_in);
    tcase_add_test(c,
                   more_products_than_are_followed_give_nan_where_they_take_part_and_nowhere_else);
    tcase_add_test(c, a_whole_matrix_of_infinity_has_no_determinant);
    suite_add_tcase(s, c);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* NaN and Inf inside a matrix: its determinant and characteristic polynomial are NaN; an entry
 * of the cofactors or of a derivative of them is NaN where one takes part in it, outside its row
 * and column, and else what it is with any other number in that place. */
#include <autodiff/autodiff.h>

#include <math.h>
#include <string.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"

enum { LARGEST = 6, SIZE = LARGEST * LARGEST, OPERANDS = 3, SEEDS = 300 };

static ad_tape *tape;

static void set_up(void)
{
    tape = ad_tape_new();
}

static void tear_down(void)
{
    ad_tape_free(tape);
}

/* A, V, W of small integers, of which some are NaN or Inf. */
typedef struct problem {
    unsigned seed;
    size_t n;
    double x[OPERANDS][SIZE];
} problem;

static problem random_problem(unsigned seed, size_t most)
{
    static const double special[] = {INFINITY, -INFINITY, NAN};
    random_state state = seed;
    problem p = {.seed = seed};
    p.n = 1 + random_below(&state, LARGEST);
    const size_t size = p.n * p.n;
    for (size_t o = 0; o < OPERANDS; o++) {
        for (size_t k = 0; k < size; k++) p.x[o][k] = (double)random_below(&state, 5) - 2;
        for (size_t k = random_below(&state, most + 1); k > 0; k--)
            p.x[o][random_below(&state, size)] = special[random_below(&state, 3)];
    }
    return p;
}

static bool all_finite(size_t count, const double *x)
{
    for (size_t k = 0; k < count; k++)
        if (!isfinite(x[k])) return false;
    return true;
}

/* Whether all NaN and Inf of an operand lie in row i or column j. */
static bool leaves_out(const problem *p, size_t operand, size_t i, size_t j)
{
    for (size_t k = 0; k < p->n * p->n; k++)
        if (!isfinite(p->x[operand][k]) && k / p->n != i && k % p->n != j) return false;
    return true;
}

/* cof(A), D cof(A)[V], D^2 cof(A)[V, W]. */
static void differentiate(const problem *p, ad_var d[3])
{
    ad_var A = ad_input(tape, p->n, p->n, p->x[0]), V = ad_input(tape, p->n, p->n, p->x[1]),
           W = ad_input(tape, p->n, p->n, p->x[2]);
    d[0] = ad_cofactor(A);
    d[1] = ad_grad(ad_dot(ad_cofactor(A), V), A);
    d[2] = ad_grad(ad_dot(d[1], W), A);
    for (size_t order = 0; order < 3; order++)
        ck_assert_msg(ad_ok(d[order]), "seed %u: %s", p->seed, ad_tape_message(tape));
}

START_TEST(determinants_are_nan)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        problem p = random_problem(seed, 3);
        if (all_finite(p.n * p.n, p.x[0])) continue;
        ad_tape_reset(tape);
        ad_var A = ad_input(tape, p.n, p.n, p.x[0]), y = ad_logabsdet(A);
        ck_assert(isnan(ad_value(ad_det(A))));
        ck_assert(isnan(ad_value(ad_detsign(A))));
        ck_assert(isnan(ad_value(y)));
        ad_var inverse = ad_grad(y, A);
        ck_assert(ad_ok(inverse));
        for (size_t k = 0; k < p.n * p.n; k++) ck_assert(isnan(ad_values(inverse)[k]));
    }
}
END_TEST

START_TEST(characteristic_polynomials_are_nan)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        problem p = random_problem(seed, 3);
        ad_tape_reset(tape);
        const bool finite = all_finite(p.n * p.n, p.x[0]);
        ad_var x = ad_scalar(tape, finite ? (seed % 2 ? INFINITY : NAN) : 2);
        ad_var c = ad_charpoly(ad_input(tape, p.n, p.n, p.x[0]), x);
        for (size_t k = 0; k <= 3; k++, c = ad_grad(c, x)) ck_assert(isnan(ad_value(c)));
    }
}
END_TEST

START_TEST(cofactors_and_their_derivatives_are_nan_where_nan_or_inf_takes_part_and_nowhere_else)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        const problem p = random_problem(seed, 3);
        problem tame = p;
        for (size_t k = 0; k < OPERANDS * SIZE; k++)
            if (!isfinite(tame.x[k / SIZE][k % SIZE])) tame.x[k / SIZE][k % SIZE] = 7;
        ad_tape_reset(tape);
        ad_var d[3], expected[3];
        differentiate(&p, d);
        differentiate(&tame, expected);
        for (size_t k = 0; k < OPERANDS * p.n * p.n; k++) {
            const size_t order = k / (p.n * p.n), place = k % (p.n * p.n);
            /* D^k cof does not depend on A from the order n = k + 1 on. */
            bool finite = p.n <= order + 1 || leaves_out(&p, 0, place / p.n, place % p.n);
            for (size_t o = 1; o <= order && p.n > order; o++)
                finite = finite && leaves_out(&p, o, place / p.n, place % p.n);
            const double actual = ad_values(d[order])[place],
                         exact = ad_values(expected[order])[place];
            ck_assert_msg(finite ? fabs(actual - exact) <= 1e-9 * fmax(1, fabs(exact))
                                 : isnan(actual),
                          "seed %u: derivative %zu, entry %zu: %g, not %g", seed, order, place,
                          actual, finite ? exact : (double)NAN);
        }
    }
}
END_TEST

START_TEST(elimination_keeps_what_no_nan_or_inf_reaches)
{
    ad_var A = ad_input(tape, 2, 2, (double[]){INFINITY, 0, 0, 2}), X = ad_inverse(A);
    ck_assert_double_eq(ad_values(X)[0], 0);
    ck_assert_double_eq(ad_values(X)[3], 0.5);
    A = ad_input(tape, 2, 2, (double[]){2, 0, 0, NAN});
    ad_var x = ad_solve(A, ad_input(tape, 2, 1, (double[]){1, 1}));
    ck_assert(isnan(ad_values(x)[1]));
}
END_TEST

START_TEST(large_matrices_keep_the_cofactors_that_no_infinite_entry_takes_part_in)
{
    enum { N = 40 };
    static double a[N * N], tame[N * N];
    random_state state = 7;
    for (size_t k = 0; k < N * N; k++) tame[k] = a[k] = random_uniform(&state);
    for (size_t j = 0; j < N; j++) a[3 * N + j] = INFINITY;
    ad_var A = ad_input(tape, N, N, a), cofactor = ad_cofactor(A),
           expected = ad_cofactor(ad_input(tape, N, N, tame));
    for (size_t j = 0; j < N; j++)
        ck_assert_double_eq_tol(ad_values(cofactor)[3 * N + j] / ad_values(expected)[3 * N + j], 1,
                                1e-8);
    ck_assert(isnan(ad_values(cofactor)[0]));
    ck_assert(isnan(ad_value(ad_det(A))));
}
END_TEST

START_TEST(a_whole_matrix_of_infinity_has_no_determinant)
{
    double a[81];
    for (size_t k = 0; k < 81; k++) a[k] = INFINITY;
    ad_var A = ad_input(tape, 9, 9, a);
    ck_assert(isnan(ad_value(ad_det(A))));
    ck_assert(isnan(ad_values(ad_cofactor(A))[80]));
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("determinants that are not finite");
    TCase *c = tcase_create("NaN and Inf");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, determinants_are_nan);
    tcase_add_test(c, characteristic_polynomials_are_nan);
    tcase_add_test(
        c, cofactors_and_their_derivatives_are_nan_where_nan_or_inf_takes_part_and_nowhere_else);
    tcase_add_test(c, elimination_keeps_what_no_nan_or_inf_reaches);
    tcase_add_test(c, large_matrices_keep_the_cofactors_that_no_infinite_entry_takes_part_in);
    tcase_add_test(c, a_whole_matrix_of_infinity_has_no_determinant);
    suite_add_tcase(s, c);
    return s;
}

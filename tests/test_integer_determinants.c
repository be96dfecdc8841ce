/* SPDX-License-Identifier: MIT */
/* Derivatives of det at integer matrices of every rank, against exact arithmetic.
 *
 * Errors are relative to the largest entry of the reference (to sigma_1^(n - order) where all are
 * 0) and to max(1, sigma_1 / (1000 sigma_(n-1))), the condition of the problem: what a change of
 * the entries in their last place would cause.
 */
#include "tests/determinant_accuracy.h"
#include "tests/exact.h"
#include "tests/matrix_families.h"
#include "tests/singular_values.h"
#include "tests/suite.h"

#include <math.h>

enum { LARGEST = 10, SIZE = LARGEST * LARGEST };

static ad_tape *tape;

static void set_up(void)
{
    tape = ad_tape_new();
    ck_assert_ptr_nonnull(tape);
}

static void tear_down(void)
{
    ad_tape_free(tape);
}

typedef struct problem {
    uint64_t seed;
    size_t n, rank;
    double a[SIZE], v[SIZE], w[SIZE];
    double condition, scale; /* sigma_1 */
} problem;

static void describe(problem *p)
{
    long double sigma[LARGEST];
    singular_values(p->n, p->a, sigma);
    p->scale = (double)sigma[0];
    p->condition = 1;
    if (p->n > 1 && sigma[p->n - 2] > 1e-15L * sigma[0])
        p->condition = fmax(1, 1e-3 * (double)(sigma[0] / sigma[p->n - 2]));
}

/* A product of n x rank and rank x n factors; of full rank, entries up to `size` at random. */
static problem random_problem(uint64_t seed, size_t n, size_t rank, int size)
{
    uint64_t state = seed;
    problem p = {.seed = seed, .n = n, .rank = rank};
    for (size_t i = 0; i < n * n; i++) {
        p.a[i] = random_integer(&state, -size, size);
        p.v[i] = random_integer(&state, -9, 9);
        p.w[i] = random_integer(&state, -9, 9);
    }
    if (rank < n) {
        int factor = (int)sqrt((double)size / (double)(rank ? rank : 1));
        matrix_of_rank(n, rank, factor > 0 ? factor : 1, &state, p.a);
    }
    matrix_permute(n, &state, p.a);
    describe(&p);
    return p;
}

static void compare(const problem *p, const char *what, const double *actual,
                    const double *expected, int order, double bound)
{
    ck_assert_msg(actual != NULL, "seed %llu: no %s: %s", (unsigned long long)p->seed, what,
                  ad_tape_message(tape));
    double all_zero = pow(p->scale > 0 ? p->scale : 1, (double)p->n - order);
    double error = relative_error(p->n, actual, expected, NORMWISE, all_zero) / p->condition;
    ck_assert_msg(error <= bound, "seed %llu, n %zu, rank %zu: %s has error %.3g, bound %.3g",
                  (unsigned long long)p->seed, p->n, p->rank, what, error, bound);
}

static void check(const problem *p)
{
    double cofactor[SIZE], first[SIZE], second[SIZE];
    exact_derivatives exact = {.cofactor = cofactor, .first_v = first, .second = second};
    ck_assert(exact_differentiate(EXACT_FASTEST, p->n, p->a, p->v, p->w, &exact));
    ad_tape_reset(tape);
    ad_var A = ad_input(tape, p->n, p->n, p->a), V = ad_constant(tape, p->n, p->n, p->v);
    ad_var W = ad_constant(tape, p->n, p->n, p->w), det = ad_det(A);
    ad_backward(det);
    compare(p, "gradient by the sweep", ad_adjoint(A), cofactor, 1, 1e-12);
    compare(p, "recorded gradient", ad_values(ad_grad(det, A)), cofactor, 1, 1e-12);
    ad_var product = ad_hvp(det, A, V);
    compare(p, "Hessian-vector product", ad_values(product), first, 2, 1e-11);
    compare(p, "third derivative", ad_values(ad_vjp(product, A, W)), second, 3, 1e-10);
}

START_TEST(matrices_of_every_rank)
{
    size_t done = 0;
    for (size_t n = 1; n <= LARGEST; n++)
        for (size_t rank = 0; rank <= n; rank++)
            for (uint64_t k = 0; k < 16; k++, done++) {
                problem p = random_problem(1 + k + 100 * (rank + 100 * n), n, rank, k % 2 ? 9 : 99);
                check(&p);
            }
    ck_assert_uint_ge(done, 1000);
}
END_TEST

START_TEST(entries_up_to_a_million)
{
    for (size_t n = 1; n <= LARGEST; n++)
        for (uint64_t k = 0; k < 20; k++) {
            problem p = random_problem(7000001 + k + 100 * n, n, n - k % 2, 1000000);
            check(&p);
        }
}
END_TEST

/* Row k (or column k) a multiple of the one before: elimination meets a zero pivot there. */
START_TEST(a_zero_pivot_in_every_position)
{
    for (size_t n = 2; n <= LARGEST; n++)
        for (size_t k = 1; k < n; k++)
            for (int by_rows = 0; by_rows < 2; by_rows++) {
                problem p = random_problem(900001 + k + 100 * n, n, n, 20);
                size_t along = by_rows ? 1 : n, across = by_rows ? n : 1;
                for (size_t i = 0; i < n; i++)
                    p.a[k * across + i * along] = 2 * p.a[(k - 1) * across + i * along];
                p.rank = n - 1;
                describe(&p);
                check(&p);
            }
}
END_TEST

START_TEST(diagonals_with_zeros_anywhere_are_exact)
{
    for (size_t n = 1; n <= 6; n++)
        for (size_t zeros = 0; zeros < (size_t)1 << n; zeros++) {
            problem p = random_problem(3 + zeros, n, n, 3);
            for (size_t i = 0; i < n * n; i++)
                p.a[i] = i % (n + 1) == 0 && !(zeros >> i / (n + 1) & 1) ? 2 : 0;
            describe(&p);
            double cofactor[SIZE], first[SIZE];
            exact_derivatives exact = {.cofactor = cofactor, .first_v = first};
            ck_assert(exact_differentiate(EXACT_FASTEST, n, p.a, p.v, NULL, &exact));
            ad_tape_reset(tape);
            ad_var A = ad_input(tape, n, n, p.a), V = ad_constant(tape, n, n, p.v);
            const double *g = ad_values(ad_grad(ad_det(A), A));
            const double *h = ad_values(ad_hvp(ad_det(A), A, V));
            for (size_t i = 0; i < n * n; i++) {
                ck_assert_double_eq(g[i], cofactor[i]);
                ck_assert_double_eq(h[i], first[i]);
            }
        }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("integer determinants");
    TCase *ranks = tcase_create("ranks");
    tcase_set_timeout(ranks, 60);
    tcase_add_checked_fixture(ranks, set_up, tear_down);
    tcase_add_test(ranks, matrices_of_every_rank);
    tcase_add_test(ranks, entries_up_to_a_million);
    tcase_add_test(ranks, a_zero_pivot_in_every_position);
    tcase_add_test(ranks, diagonals_with_zeros_anywhere_are_exact);
    suite_add_tcase(s, ranks);
    return s;
}

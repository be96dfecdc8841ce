/* SPDX-License-Identifier: MIT */
/* logsumexp to the third order, every element to a few units in the last place: with p the softmax
 * of x the derivatives are the cumulants
 *
 *     d_ii = p_i (1 - p_i),  d_ij = -p_i p_j,
 *     d_iii = p_i (1 - p_i) (1 - 2 p_i),  d_iij = -p_i p_j (1 - 2 p_i),  d_ijk = 2 p_i p_j p_k,
 *
 * where 1 - p_i is the sum of the others.
 */
#include "tests/norm_derivatives.h"

#include <check.h>
#include <float.h>
#include <math.h>

#include "tests/suite.h"

enum { N = 4 };

static long double softmax(size_t n, const long double *x, size_t i)
{
    long double sum = 0;
    for (size_t l = 0; l < n; l++) sum += expl(x[l] - x[i]);
    return 1 / sum;
}

static long double others(size_t n, const long double *x, size_t i)
{
    long double sum = 0;
    for (size_t l = 0; l < n; l++) sum += l == i ? 0 : softmax(n, x, l);
    return sum;
}

static long double cumulant(size_t n, const long double *x, size_t order, const size_t *at)
{
    const size_t i = at[0], j = at[1], k = order == 3 ? at[2] : 0;
    const long double p = softmax(n, x, i), rest = others(n, x, i), q = softmax(n, x, j);
    if (order == 2) return i == j ? p * rest : -p * q;
    if (i != j && i != k && j != k) return 2 * p * q * softmax(n, x, k);
    if (i == j && i == k) return p * rest * (rest - p);
    if (j == k) return -p * q * (others(n, x, j) - q);
    return -p * softmax(n, x, i == j ? k : j) * (rest - p);
}

static void check_every_element(ad_var tensor, ad_var x, size_t order)
{
    double expected[N * N * N];
    fill_derivatives(x, cumulant, order, expected);
    for (size_t i = 0; i < power(N, order); i++)
        ck_assert_msg(fabs(ad_values(tensor)[i] - expected[i]) <=
                          16 * DBL_EPSILON * fabs(expected[i]),
                      "order %zu, element %zu is %.17g, not %.17g", order, i, ad_values(tensor)[i],
                      expected[i]);
}

START_TEST(every_element_is_exact_where_one_dominates)
{
    /* clang-format off */
    const double points[][N] = {{0, -40, -60, -300}, {-1, 1, 20, 2}, {700, 650, 690, 699},
                                {0, 0.5, -0.25, 0.125}, {-1000, -1000.5, -1030, -1031}};
    /* clang-format on */
    ad_tape *tape = ad_tape_new();
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        ad_var x = ad_input(tape, N, 1, points[i]), hessian = ad_hessian(ad_logsumexp(x), x);
        check_every_element(hessian, x, 2);
        check_every_element(ad_jacobian(hessian, x), x, 3);
    }
    ad_tape_free(tape);
}
END_TEST

START_TEST(replay_finds_another_element_dominant)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, N, 1, (const double[N]){0, -40, -60, -300});
    ad_var hessian = ad_hessian(ad_logsumexp(x), x);
    ad_set(x, (const double[N]){-50, -1, -80, -40});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_every_element(hessian, x, 2);
    ad_tape_free(tape);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("softmax");
    TCase *c = tcase_create("logsumexp");
    tcase_add_test(c, every_element_is_exact_where_one_dominates);
    tcase_add_test(c, replay_finds_another_element_dominant);
    suite_add_tcase(s, c);
    return s;
}

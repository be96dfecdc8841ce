/* SPDX-License-Identifier: MIT */
/* Special functions against references of 50 digits: tests/data/special.py writes them. */
#include "ops/numbers/special.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/suite.h"

typedef struct reference {
    char name[16];
    int n;
    double x, value, magnitude;
} reference;

static double evaluate(const reference *r)
{
    if (strcmp(r->name, "lgamma") == 0) return special_lgamma(r->x);
    if (strcmp(r->name, "polygamma") == 0) return special_polygamma(r->n, r->x);
    if (strcmp(r->name, "sigmoid") == 0) return special_sigmoid(r->x);
    if (strcmp(r->name, "sinc") == 0) return special_sinc(r->n, r->x);
    if (strcmp(r->name, "softplus") == 0) return special_softplus(r->x);
    ck_assert_str_eq(r->name, "powi");
    return special_powi(r->x, r->n);
}

/* Compares every reference of that name with from <= n <= to. */
static void compare(const char *name, int from, int to, int least_count, double tolerance)
{
    FILE *file = fopen("tests/data/special.txt", "r");
    ck_assert_ptr_nonnull(file);
    reference r;
    int count = 0;
    while (fscanf(file, "%15s %d %lf %lf %lf", r.name, &r.n, &r.x, &r.value, &r.magnitude) == 5) {
        if (strcmp(r.name, name) != 0 || r.n < from || r.n > to) continue;
        double actual = evaluate(&r);
        bool equal = actual == r.value; /* infinities */
        ck_assert_msg(equal || fabs(actual - r.value) <= tolerance * r.magnitude,
                      "%s n=%d x=%a: %a, expected %a, off by %.2g", name, r.n, r.x, actual, r.value,
                      fabs(actual - r.value) / r.magnitude);
        count++;
    }
    ck_assert_msg(feof(file), "malformed after %d references", count);
    fclose(file);
    ck_assert_int_ge(count, least_count);
}

START_TEST(digamma_is_accurate_to_1e_15)
{
    compare("polygamma", 0, 0, 300, 1e-15);
}
END_TEST

START_TEST(derivatives_of_digamma_are_accurate_to_1e_14)
{
    compare("polygamma", 1, 10, 1500, 1e-14);
    compare("polygamma", 11, 171, 300, 1e-14);
}
END_TEST

START_TEST(derivatives_whose_factorial_overflows_are_accurate_in_proportion)
{
    compare("polygamma", 172, 500, 20, 4 * 500 * log(500) * 0x1p-53);
}
END_TEST

START_TEST(log_gamma_is_accurate_to_1e_15)
{
    compare("lgamma", 0, 0, 50, 1e-15);
}
END_TEST

START_TEST(log_gamma_is_infinite_at_its_poles)
{
    for (double x = 0; x > -4; x--) ck_assert_double_eq(special_lgamma(x), HUGE_VAL);
    ck_assert_double_eq(special_lgamma(HUGE_VAL), HUGE_VAL);
    ck_assert_double_eq(special_lgamma(-HUGE_VAL), HUGE_VAL);
}
END_TEST

START_TEST(sigmoid_and_softplus_are_accurate_to_1e_15_also_where_tiny)
{
    compare("sigmoid", 0, 0, 90, 1e-15);
    compare("softplus", 0, 0, 90, 1e-15);
}
END_TEST

START_TEST(derivatives_of_sinc_are_accurate_to_1e_15_also_near_0)
{
    compare("sinc", 0, 50, 340, 1e-15);
}
END_TEST

START_TEST(derivatives_of_sinc_at_the_ends)
{
    const double at_zero[] = {1, 0, -1.0 / 3, 0, 1.0 / 5};
    for (int n = 0; n <= 4; n++) {
        ck_assert_double_eq(special_sinc(n, 0.0), at_zero[n]);
        ck_assert_double_eq(special_sinc(n, HUGE_VAL), 0);
        ck_assert_double_eq(special_sinc(n, -HUGE_VAL), 0);
        ck_assert_double_nan(special_sinc(n, NAN));
    }
    ck_assert_double_nan(special_sinc(-1, 1.0));
}
END_TEST

START_TEST(sigmoid_and_softplus_at_infinity)
{
    ck_assert_double_eq(special_sigmoid(HUGE_VAL), 1);
    ck_assert_double_eq(special_sigmoid(-HUGE_VAL), 0);
    ck_assert_double_eq(special_softplus(HUGE_VAL), HUGE_VAL);
    ck_assert_double_eq(special_softplus(-HUGE_VAL), 0);
}
END_TEST

START_TEST(integer_powers_are_accurate_to_1e_15)
{
    compare("powi", -300, 301, 100, 1e-15);
}
END_TEST

START_TEST(integer_powers_follow_pow_at_the_edges)
{
    const double bases[] = {0.0, -0.0, 1, -1, 5e-324, 1e300, -1e300, HUGE_VAL, -HUGE_VAL, NAN};
    for (size_t k = 0; k < sizeof bases / sizeof *bases; k++) {
        for (int n = -4; n <= 4; n++) {
            double actual = special_powi(bases[k], n), expected = pow(bases[k], (double)n);
            bool both_nan = isnan(actual) && isnan(expected);
            ck_assert_msg(both_nan || (actual == expected && signbit(actual) == signbit(expected)),
                          "%g^%d: %g, expected %g", bases[k], n, actual, expected);
        }
    }
}
END_TEST

/* Where x^2 overflows or is subnormal, 1/x^2 may not be, nor Inf or 0. */
START_TEST(integer_powers_have_all_digits_where_squares_have_not)
{
    const double bases[] = {1e154, 1.4e154, -5e160, 1e-154, -1e-155, 7e-155, 1e-160, 1.7e308};
    for (size_t k = 0; k < sizeof bases / sizeof *bases; k++)
        for (int n = -3; n <= 3; n++) {
            const double actual = special_powi(bases[k], n), expected = pow(bases[k], (double)n);
            const double error = isfinite(expected) ? fabs(actual - expected) : actual != expected;
            ck_assert_msg(error <= (isfinite(expected) ? fmax(5e-16 * fabs(expected), 5e-324) : 0),
                          "%g^%d: %g, expected %g", bases[k], n, actual, expected);
        }
}
END_TEST

START_TEST(nan_gives_nan)
{
    for (int n = 0; n <= 3; n++) ck_assert_double_nan(special_polygamma(n, NAN));
    ck_assert_double_nan(special_lgamma(NAN));
    ck_assert_double_nan(special_sigmoid(NAN));
    ck_assert_double_nan(special_softplus(NAN));
}
END_TEST

START_TEST(polygamma_at_zero_is_the_limit_from_the_side_of_its_sign)
{
    ck_assert_double_eq(special_polygamma(0, 0.0), -HUGE_VAL);
    ck_assert_double_eq(special_polygamma(0, -0.0), HUGE_VAL);
    ck_assert_double_eq(special_polygamma(1, 0.0), HUGE_VAL);
    ck_assert_double_eq(special_polygamma(1, -0.0), HUGE_VAL);
    ck_assert_double_eq(special_polygamma(2, 0.0), -HUGE_VAL);
    ck_assert_double_eq(special_polygamma(2, -0.0), HUGE_VAL);
}
END_TEST

START_TEST(polygamma_at_negative_integers_is_infinite_where_both_limits_agree)
{
    const double poles[] = {-1, -2, -3, -1e6, -0x1p60, -1e300};
    for (size_t k = 0; k < sizeof poles / sizeof *poles; k++) {
        ck_assert_double_nan(special_polygamma(0, poles[k]));
        ck_assert_double_eq(special_polygamma(1, poles[k]), HUGE_VAL);
        ck_assert_double_nan(special_polygamma(2, poles[k]));
        ck_assert_double_eq(special_polygamma(45, poles[k]), HUGE_VAL);
    }
}
END_TEST

START_TEST(polygamma_at_infinity)
{
    ck_assert_double_eq(special_polygamma(0, HUGE_VAL), HUGE_VAL);
    for (int n = 1; n <= 4; n++) {
        double value = special_polygamma(n, HUGE_VAL);
        ck_assert_double_eq(value, 0);
        ck_assert_int_eq(signbit(value) != 0, n % 2 == 0);
    }
    for (int n = 0; n <= 3; n++) ck_assert_double_nan(special_polygamma(n, -HUGE_VAL));
}
END_TEST

START_TEST(polygamma_of_negative_order_is_nan)
{
    ck_assert_double_nan(special_polygamma(-1, 1.5));
}
END_TEST

START_TEST(polygamma_of_huge_order_ends_at_once)
{
    ck_assert_double_eq(special_polygamma(2147483647, 2.5), HUGE_VAL);
    ck_assert_double_eq(special_polygamma(2147483646, 1e18), -0.0);
    ck_assert_double_eq(special_polygamma(2147483647, -0.25), HUGE_VAL);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("special functions");
    TCase *accuracy = tcase_create("accuracy");
    tcase_add_test(accuracy, derivatives_of_sinc_are_accurate_to_1e_15_also_near_0);
    tcase_add_test(accuracy, derivatives_of_sinc_at_the_ends);
    tcase_add_test(accuracy, digamma_is_accurate_to_1e_15);
    tcase_add_test(accuracy, derivatives_of_digamma_are_accurate_to_1e_14);
    tcase_add_test(accuracy, derivatives_whose_factorial_overflows_are_accurate_in_proportion);
    tcase_add_test(accuracy, log_gamma_is_accurate_to_1e_15);
    tcase_add_test(accuracy, sigmoid_and_softplus_are_accurate_to_1e_15_also_where_tiny);
    tcase_add_test(accuracy, integer_powers_are_accurate_to_1e_15);
    suite_add_tcase(s, accuracy);
    TCase *edges = tcase_create("edges");
    tcase_add_test(edges, log_gamma_is_infinite_at_its_poles);
    tcase_add_test(edges, sigmoid_and_softplus_at_infinity);
    tcase_add_test(edges, integer_powers_follow_pow_at_the_edges);
    tcase_add_test(edges, integer_powers_have_all_digits_where_squares_have_not);
    tcase_add_test(edges, nan_gives_nan);
    tcase_add_test(edges, polygamma_at_zero_is_the_limit_from_the_side_of_its_sign);
    tcase_add_test(edges, polygamma_at_negative_integers_is_infinite_where_both_limits_agree);
    tcase_add_test(edges, polygamma_at_infinity);
    tcase_add_test(edges, polygamma_of_negative_order_is_nan);
    tcase_add_test(edges, polygamma_of_huge_order_ends_at_once);
    suite_add_tcase(s, edges);
    return s;
}

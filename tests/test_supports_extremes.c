/* SPDX-License-Identifier: MIT */
/* An element that took no part passes no derivative: extremes, magnitudes and norms.
 *
 * What loses, is clipped, or is 0 under a magnitude or norm took no part, though its slope is
 * infinite there.
 */
#include "tests/support_examples.h"

#include <math.h>

#include "tests/suite.h"

static ad_var reciprocal_of(ad_var x)
{
    return ad_div(number_beside(x, 1), x);
}

/* ---- of two ---- */

EXAMPLE_OF(exp_to_1, ad_sum(ad_min(ad_exp(x), number_beside(x, 1))))
EXAMPLE_OF(reciprocal_to_10, ad_sum(ad_min(number_beside(x, 10), reciprocal_of(x))))
EXAMPLE_OF(arcsine_to_1, ad_sum(ad_min(ad_asin(x), number_beside(x, 1))))
EXAMPLE_OF(root_from_1, ad_sum(ad_max(ad_sqrt(x), number_beside(x, 1))))
EXAMPLE_OF(log_from_minus_2, ad_sum(ad_max(number_beside(x, -2), ad_log(x))))
EXAMPLE_OF(fourth_root_from_1,
           ad_sum(ad_max(ad_pow(x, number_beside(x, 0.25)), number_beside(x, 1))))
EXAMPLE_OF(larger_root, ad_sum(ad_max(ad_sqrt(x), ad_sqrt(y))))
EXAMPLE_OF(smaller_pole, ad_sum(ad_min(reciprocal_of(x), reciprocal_of(y))))
EXAMPLE_OF(larger, ad_sum(ad_max(x, y)))
EXAMPLE_OF(smaller, ad_sum(ad_min(x, y)))

START_TEST(the_larger_and_the_smaller_of_two)
{
    const double e = exp(-1);
    CHECK_ELEMENTWISE(
        {"min(e^x, 1)", exp_to_1, 1, 2, 1, {-2, 900}, {800, -1}, {0, e}, {0, e}},
        {"min(10, 1/x)", reciprocal_to_10, 1, 1, 2, {1, 0}, {0, 0.5}, {0, -4}, {0, 16}},
        {"min(asin x, 1)", arcsine_to_1, 1, 2, 1, {0.5, 1}, {1, 0.6}, {0, 1.25}, {0, 1.171875}},
        {"max(sqrt x, 1)", root_from_1, 1, 2, 2, {9, 0, 0, 16}, {0, 4, 9, 0},
         {0, 0.25, 1. / 6, 0}, {0, -1. / 32, -1. / 108, 0}},
        {"max(-2, log x)", log_from_minus_2, 1, 2, 1, {1, 0}, {0, 2}, {0, 0.5}, {0, -0.25}},
        {"max(x^0.25, 1)", fourth_root_from_1, 1, 2, 1, {16, 0}, {0, 16}, {0, 1. / 32},
         {0, -3. / 2048}},
        {"max(sqrt x, sqrt y)", larger_root, 2, 2, 1, {0, 1, 1, 0}, {4, 0, 0, 9},
         {0.25, 0, 0, 1. / 6}, {-1. / 32, 0, 0, -1. / 108}},
        {"min(1/x, 1/y)", smaller_pole, 2, 1, 2, {0, 1, 1, 0}, {0.5, 0, 0, 1}, {-4, 0, 0, -1},
         {16, 0, 0, 2}});
}
END_TEST

START_TEST(equal_operands_share_equally)
{
    CHECK_ELEMENTWISE(
        {"max", larger, 2, 3, 1, {1, 2, 3, 2, 2, 2}, {2, 5, -1, 2, 4, 0}, {0.5, 1, 0, 0.5, 0, 1},
         {0}},
        {"min", smaller, 2, 3, 1, {1, 2, 3, 2, 2, 2}, {2, 5, -1, 2, 4, 0}, {0.5, 0, 1, 0.5, 1, 0},
         {0}});
}
END_TEST

EXAMPLE_OF(roots_from_a_row, ad_sum(ad_max(ad_sqrt(x), CONSTANT(x, 1, 2, 1, 2.5))))
EXAMPLE_OF(row_of_roots_from_a_column, ad_sum(ad_max(ad_sqrt(x), CONSTANT(x, 2, 1, 1, 5))))
EXAMPLE_OF(poles_to_a_column, ad_sum(ad_min(CONSTANT(x, 2, 1, 3, 10), reciprocal_of(x))))
EXAMPLE_OF(root_of_a_scalar, ad_sum(ad_max(CONSTANT(x, 2, 1, 1, 2), ad_sqrt(x))))

START_TEST(operands_are_broadcast)
{
    CHECK_EXAMPLES(
        {"a matrix and a row", roots_from_a_row, 1, 2, 2, {0, 9, 4, 0}, {4, 0, 0, 9},
         {0.25, 0, 0, 1. / 6}, {-1. / 32, 0, 0, -1. / 108}},
        {"a row and a column", row_of_roots_from_a_column, 1, 1, 2, {0, 36}, {9, 0}, {1. / 6, 0},
         {-1. / 108, 0}},
        {"a column and a row", poles_to_a_column, 1, 1, 2, {0, 1}, {0.25, 0}, {-16, 0}, {128, 0}},
        {"a scalar wins nowhere", root_of_a_scalar, 1, 1, 1, {9}, {0}, {0}, {0}},
        {"a scalar wins once", root_of_a_scalar, 1, 1, 1, {0}, {2.25}, {1. / 3}, {-2. / 27}});
}
END_TEST

/* ---- clipped at 0 ---- */

EXAMPLE_OF(excess_of_root, ad_sum(ad_relu(ad_shift(ad_sqrt(x), -1))))
EXAMPLE_OF(positive_root, ad_sum(ad_relu(ad_sqrt(x))))
EXAMPLE_OF(deficit_of_exp, ad_sum(ad_relu(ad_sub(number_beside(x, 3), ad_exp(x)))))
EXAMPLE_OF(excess_of_log, ad_sum(ad_relu(ad_shift(ad_log(x), 1))))
EXAMPLE_OF(magnitude_of_root, ad_sum(ad_abs(ad_sqrt(x))))
EXAMPLE_OF(magnitude_of_negative, ad_sum(ad_abs(ad_neg(ad_pow(x, number_beside(x, 0.25))))))

START_TEST(relu_and_abs)
{
    CHECK_ELEMENTWISE(
        {"relu(sqrt x - 1)", excess_of_root, 1, 2, 1, {9, 0}, {0, 4}, {0, 0.25}, {0, -1. / 32}},
        {"relu(sqrt x)", positive_root, 1, 2, 1, {9, 0}, {0, 4}, {0, 0.25}, {0, -1. / 32}},
        {"relu(3 - e^x)", deficit_of_exp, 1, 1, 2, {0, 800}, {800, 0}, {0, -1}, {0, -1}},
        {"relu(log x + 1)", excess_of_log, 1, 2, 1, {1, 0}, {0, 2}, {0, 0.5}, {0, -0.25}},
        {"|sqrt x|", magnitude_of_root, 1, 2, 2, {1, 0, 0, 1}, {0, 4, 9, 0},
         {0, 0.25, 1. / 6, 0}, {0, -1. / 32, -1. / 108, 0}},
        {"|-x^0.25|", magnitude_of_negative, 1, 2, 1, {1, 0}, {0, 16}, {0, 1. / 32},
         {0, -3. / 2048}});
}
END_TEST

/* ---- of all, of each row, of each column ---- */

EXAMPLE_OF(largest_root, ad_maximum(ad_sqrt(x)))
EXAMPLE_OF(largest_log, ad_maximum(ad_log(x)))
EXAMPLE_OF(smallest_pole, ad_minimum(reciprocal_of(x)))
EXAMPLE_OF(smallest_exp, ad_minimum(ad_exp(x)))
EXAMPLE_OF(largest, ad_maximum(x))

START_TEST(extremes_of_all)
{
    CHECK_EXAMPLES(
        {"maximum of sqrt", largest_root, 1, 1, 2, {0, 4}, {9, 0}, {1. / 6, 0}, {-1. / 108, 0}},
        {"maximum of sqrt, a matrix", largest_root, 1, 2, 2, {9, 0, 4, 0}, {0, 4, 9, 0},
         {0, 0, 1. / 6, 0}, {0, 0, -1. / 108, 0}},
        {"maximum of sqrt, a tie", largest_root, 1, 3, 1, {0, 0, 1}, {4, 4, 0}, {0.125, 0.125, 0},
         {-1. / 64, -1. / 64, 0}},
        {"maximum of log", largest_log, 1, 1, 3, {3, 0, 1}, {2, 0, 5}, {0, 0, 0.2}, {0, 0, -0.04}},
        {"minimum of 1/x", smallest_pole, 1, 1, 2, {0, 2}, {0.5, 0}, {-4, 0}, {16, 0}},
        {"minimum of exp", smallest_exp, 1, 3, 1, {0, 2, 900}, {800, 0, 1}, {0, 1, 0}, {0, 1, 0}},
        {"a tie", largest, 1, 3, 1, {1, 4, 4}, {4, 4, 1}, {0.5, 0.5, 0}, {0}});
}
END_TEST

EXAMPLE_OF(row_maxima, ad_sum(ad_max_rows(ad_sqrt(x))))
EXAMPLE_OF(column_maxima, ad_sum(ad_max_cols(ad_sqrt(x))))
EXAMPLE_OF(row_minima, ad_sum(ad_min_rows(reciprocal_of(x))))
EXAMPLE_OF(column_minima, ad_sum(ad_min_cols(ad_neg(ad_log(x)))))
EXAMPLE_OF(squared_row_maxima, ad_dot(ad_max_rows(ad_sqrt(x)), ad_max_rows(ad_sqrt(x))))
EXAMPLE_OF(minimax, ad_minimum(ad_max_rows(ad_sqrt(x))))

START_TEST(extremes_by_row_and_column)
{
    CHECK_EXAMPLES(
        {"max_rows", row_maxima, 1, 2, 2, {0, 9, 4, 0}, {4, 0, 0, 9}, {0.25, 0, 0, 1. / 6},
         {-1. / 32, 0, 0, -1. / 108}},
        {"max_cols", column_maxima, 1, 3, 2, {0, 9, 4, 0, 0, 0}, {0, 0, 4, 0, 0, 9},
         {0, 0, 0.25, 0, 0, 1. / 6}, {0, 0, -1. / 32, 0, 0, -1. / 108}},
        {"max_rows, one element each", row_maxima, 1, 2, 1, {0, 9}, {4, 9}, {0.25, 1. / 6},
         {-1. / 32, -1. / 108}},
        {"min_rows", row_minima, 1, 2, 2, {0, 1, 1, 0}, {0.5, 0, 0, 1}, {-4, 0, 0, -1},
         {16, 0, 0, 2}},
        {"min_cols", column_minima, 1, 2, 2, {0, 1, 1, 0}, {0.5, 0, 0, 4}, {-2, 0, 0, -0.25},
         {4, 0, 0, 1. / 16}},
        {"squares of max_rows", squared_row_maxima, 1, 2, 2, {0, 9, 4, 0}, {4, 0, 0, 9},
         {1, 0, 0, 1}, {0, 0, 0, 0}},
        {"minimum of max_rows", minimax, 1, 2, 2, {0, 4, 9, 0}, {0, 9, 4, 0}, {0, 0, 0.25, 0},
         {0, 0, -1. / 32, 0}});
}
END_TEST

/* ---- norms ---- */

EXAMPLE_OF(sum_norm, ad_norm1(ad_sqrt(x)))
EXAMPLE_OF(largest_norm, ad_norm_inf(ad_sqrt(x)))
EXAMPLE_OF(euclidean_norm, ad_norm2(ad_sqrt(x)))
EXAMPLE_OF(frobenius_norm, ad_norm_fro(ad_sqrt(x)))
EXAMPLE_OF(distance, ad_sum(ad_hypot(ad_sqrt(x), ad_sqrt(y))))
EXAMPLE_OF(distances_of_a_row, ad_sum(ad_hypot(ad_sqrt(x), CONSTANT(x, 2, 1, 0, 0))))
EXAMPLE_OF(euclidean_norm_of_logs, ad_norm2(ad_mul(number_beside(x, 2), ad_log(ad_shift(x, 1)))))

START_TEST(norms_of_vectors)
{
    CHECK_EXAMPLES(
        {"norm1", sum_norm, 1, 2, 1, {4, 0}, {0, 4}, {0, 0.25}, {0, -1. / 32}},
        {"norm_inf", largest_norm, 1, 1, 2, {0, 4}, {9, 0}, {1. / 6, 0}, {-1. / 108, 0}},
        {"norm_inf at 0", largest_norm, 1, 2, 1, {0, 4}, {0, 0}, {0}, {0}},
        {"norm2 at 0", euclidean_norm, 1, 2, 1, {9, 16}, {0, 0}, {0}, {0}},
        {"norm2", euclidean_norm, 1, 2, 1, {0, 0}, {9, 16}, {0.1, 0.1}, {-0.004, -0.004}},
        {"norm_fro at 0", frobenius_norm, 1, 1, 3, {4, 16, 16}, {0, 0, 0}, {0}, {0}},
        {"norm2 at log 1", euclidean_norm_of_logs, 1, 2, 1, {1, 2}, {0, 0}, {0}, {0}});
}
END_TEST

START_TEST(norms_of_one_number)
{
    CHECK_EXAMPLES({"norm1", sum_norm, 1, 1, 1, {4}, {0}, {0}, {0}},
                   {"norm_inf", largest_norm, 1, 1, 1, {4}, {0}, {0}, {0}},
                   {"norm2", euclidean_norm, 1, 1, 1, {4}, {0}, {0}, {0}},
                   {"norm_fro", frobenius_norm, 1, 1, 1, {4}, {0}, {0}, {0}},
                   {"norm_fro", frobenius_norm, 1, 1, 1, {0}, {4}, {0.25}, {-1. / 32}});
}
END_TEST

START_TEST(distances_from_the_origin)
{
    CHECK_ELEMENTWISE({"hypot", distance, 2, 2, 1, {9, 0, 16, 0}, {0, 9, 0, 16},
                       {0, 0.1, 0, 0.1}, {0, -0.004, 0, -0.004}});
    CHECK_EXAMPLES({"hypot, broadcast", distances_of_a_row, 1, 1, 2, {0, 9}, {4, 0}, {0.5, 0},
                    {-1. / 16, 0}});
}
END_TEST

/* Sums of columns are 4 and 1, of rows 4 and 1: the other column, the other row and the root of 0
 * in the larger one take no part. */
START_TEST(norms_of_matrices)
{
    CHECK_EXAMPLES(
        {"norm1", sum_norm, 1, 2, 2, {0, 4, 1, 9}, {16, 1, 0, 0}, {0.125, 0, 0, 0},
         {-1. / 256, 0, 0, 0}},
        {"norm_inf", largest_norm, 1, 2, 2, {0, 4, 1, 9}, {16, 0, 1, 0}, {0.125, 0, 0, 0},
         {-1. / 256, 0, 0, 0}},
        {"norm_fro at 0", frobenius_norm, 1, 2, 2, {1, 4, 4, 16}, {0, 0, 0, 0}, {0}, {0}},
        {"norm2 at 0", euclidean_norm, 1, 2, 2, {4, 1, 1, 9}, {0, 0, 0, 0}, {0}, {0}},
        {"norm2 at 0, 2x3", euclidean_norm, 1, 2, 3, {4, 1, 1, 9, 2, 1}, {0}, {0}, {0}});
}
END_TEST

/* ---- one after another ---- */

EXAMPLE_OF(guarded_length, ad_max(ad_sqrt(ad_dot(x, x)), number_beside(x, 1e-6)))
EXAMPLE_OF(unit_vector, ad_sum(ad_div(x, ad_max(ad_sqrt(ad_dot(x, x)), number_beside(x, 0.5)))))
EXAMPLE_OF(largest_of_clipped, ad_maximum(ad_relu(ad_shift(ad_sqrt(x), -1))))
EXAMPLE_OF(clamped, ad_sum(ad_min(ad_max(ad_log(x), number_beside(x, -2)), number_beside(x, 1))))
EXAMPLE_OF(log_of_largest, ad_log(ad_maximum(ad_sqrt(x))))

START_TEST(compositions)
{
    CHECK_EXAMPLES(
        {"max(|u|, 1e-6)", guarded_length, 1, 2, 1, {3, 4}, {0, 0}, {0}, {0}},
        {"u / max(|u|, 0.5)", unit_vector, 1, 2, 1, {3, 4}, {0, 0}, {2, 2}, {0}},
        {"maximum of relu", largest_of_clipped, 1, 3, 1, {0, 9, 0}, {0, 4, 1}, {0, 0.25, 0},
         {0, -1. / 32, 0}},
        {"clamped", clamped, 1, 3, 1, {1, 0, 2}, {0, 2, 8}, {0, 0.5, 0}, {0, -0.25, 0}},
        {"log of the largest", log_of_largest, 1, 2, 1, {4, 0}, {0, 4}, {0, 0.125},
         {0, -1. / 32}});
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("supports of extremes");
    TCase *two = tcase_create("of two"), *more = tcase_create("of more");
    tcase_add_test(two, the_larger_and_the_smaller_of_two);
    tcase_add_test(two, equal_operands_share_equally);
    tcase_add_test(two, operands_are_broadcast);
    tcase_add_test(two, relu_and_abs);
    tcase_add_test(two, distances_from_the_origin);
    suite_add_tcase(s, two);
    tcase_add_test(more, extremes_of_all);
    tcase_add_test(more, extremes_by_row_and_column);
    tcase_add_test(more, norms_of_vectors);
    tcase_add_test(more, norms_of_one_number);
    tcase_add_test(more, norms_of_matrices);
    tcase_add_test(more, compositions);
    suite_add_tcase(s, more);
    return s;
}

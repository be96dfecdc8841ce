/* SPDX-License-Identifier: MIT */
/* An element that took no part passes no derivative: choices by ad_where.
 *
 * In each example one branch has an infinite slope, or a value that is no number, at elements that
 * take the other one. Derivatives there are those of the branch taken, of every order.
 */
#include "tests/support_examples.h"

#include <math.h>

#include "tests/suite.h"

static const double pi = 3.14159265358979323846;

static ad_var is_positive(ad_var x)
{
    return ad_less(number_beside(x, 0), x);
}

static ad_var is_zero(ad_var x)
{
    return ad_equal(x, number_beside(x, 0));
}

static ad_var power(ad_var x, double exponent)
{
    return ad_pow(x, number_beside(x, exponent));
}

/* ---- elementwise ---- */

EXAMPLE_OF(root_where_positive, ad_sum(ad_where(is_positive(x), ad_sqrt(x), x)))
EXAMPLE_OF(root_unless_zero, ad_sum(ad_where(is_zero(x), ad_scale(x, 2), ad_sqrt(x))))
EXAMPLE_OF(fourth_root, ad_sum(ad_where(is_positive(x), power(x, 0.25), number_beside(x, 0))))
EXAMPLE_OF(reciprocal, ad_sum(ad_where(is_zero(x), x, ad_div(number_beside(x, 1), x))))
EXAMPLE_OF(inverse_cube, ad_sum(ad_where(is_zero(x), number_beside(x, 0), ad_powi(x, -3))))

START_TEST(roots_and_poles)
{
    CHECK_ELEMENTWISE(
        {"sqrt", root_where_positive, 1, 2, 1, {4, -1}, {0, 9}, {1, 1. / 6}, {0, -1. / 108}},
        {"sqrt, a row", root_where_positive, 1, 1, 2, {0, 1}, {4, 0}, {0.25, 1}, {-1. / 32, 0}},
        {"sqrt, a matrix", root_where_positive, 1, 2, 2, {-1, 0, 0, 1}, {0, 4, 9, 0},
         {1, 0.25, 1. / 6, 1}, {0, -1. / 32, -1. / 108, 0}},
        {"sqrt, second branch", root_unless_zero, 1, 2, 1, {1, 0}, {0, 4}, {2, 0.25},
         {0, -1. / 32}},
        {"x^0.25", fourth_root, 1, 2, 1, {1, 0}, {0, 16}, {0, 1. / 32}, {0, -3. / 2048}},
        {"1/x", reciprocal, 1, 2, 1, {4, 0}, {0, 2}, {1, -0.25}, {0, 0.25}},
        {"x^-3", inverse_cube, 1, 3, 1, {1, 0, 2}, {0, 1, -1}, {0, -3, -3}, {0, 12, -12}});
}
END_TEST

EXAMPLE_OF(logarithm, ad_sum(ad_where(is_positive(x), ad_log(x), x)))
EXAMPLE_OF(entropy,
           ad_neg(ad_sum(ad_where(is_positive(x), ad_mul(x, ad_log(x)), number_beside(x, 0)))))
EXAMPLE_OF(loggamma, ad_sum(ad_where(is_positive(x), ad_lgamma(x), x)))
EXAMPLE_OF(log_of_more,
           ad_sum(ad_where(ad_less(number_beside(x, -1), x), ad_log1p(x), ad_square(x))))

START_TEST(logarithms)
{
    CHECK_ELEMENTWISE(
        {"log", logarithm, 1, 3, 1, {1, 2, -1}, {0, -3, 2}, {1, 1, 0.5}, {0, 0, -0.25}},
        {"entropy", entropy, 1, 3, 1, {0.5, 0, 0.5}, {0, 0.25, 0.75},
         {0, -log(0.25) - 1, -log(0.75) - 1}, {0, -4, -4. / 3}},
        {"lgamma", loggamma, 1, 2, 1, {1, 0}, {0, 1}, {1, -0.57721566490153286},
         {0, pi * pi / 6}},
        {"log1p", log_of_more, 1, 2, 1, {0, -1}, {-1, 1}, {-2, 0.5}, {2, -0.25}});
}
END_TEST

EXAMPLE_OF(softplus_below_30,
           ad_sum(ad_where(ad_less(x, number_beside(x, 30)), ad_log1p(ad_exp(x)), x)))
EXAMPLE_OF(exponential_below_1, ad_sum(ad_where(ad_less(x, number_beside(x, 1)), ad_exp(x), x)))
EXAMPLE_OF(sigmoid_above,
           ad_sum(ad_where(ad_less(x, number_beside(x, 30)),
                           ad_div(ad_exp(x), ad_shift(ad_exp(x), 1)), number_beside(x, 1))))

START_TEST(overflow)
{
    const double e = exp(-1), s = 1 / (1 + e), slope = s * (1 - s);
    CHECK_ELEMENTWISE(
        {"log1p exp", softplus_below_30, 1, 3, 1, {40, 1, 2}, {0, 100, 800}, {0.5, 1, 1},
         {0.25, 0, 0}},
        {"exp", exponential_below_1, 1, 2, 1, {0, 800}, {800, -1}, {1, e}, {0, e}},
        {"sigmoid", sigmoid_above, 1, 2, 1, {0, 800}, {800, 1}, {0, slope},
         {0, slope * (1 - 2 * s)}});
}
END_TEST

EXAMPLE_OF(cardinal_sine, ad_sum(ad_where(is_zero(x), ad_shift(ad_scale(ad_square(x), -1. / 6), 1),
                                          ad_div(ad_sin(x), x))))
EXAMPLE_OF(arcsine,
           ad_sum(ad_where(ad_less(x, number_beside(x, 1)), ad_asin(x), ad_scale(x, pi / 2))))
EXAMPLE_OF(mean_exponential,
           ad_sum(ad_where(is_zero(x), ad_shift(ad_scale(x, 0.5), 1), ad_div(ad_expm1(x), x))))

START_TEST(removable_singularities)
{
    CHECK_ELEMENTWISE(
        {"sin(s)/s", cardinal_sine, 1, 2, 1, {1, 0}, {0, 1}, {0, cos(1) - sin(1)},
         {-1. / 3, sin(1) - 2 * cos(1)}},
        {"asin", arcsine, 1, 2, 1, {0.5, 1}, {1, 0.6}, {pi / 2, 1.25}, {0, 1.171875}},
        {"(e^x - 1)/x", mean_exponential, 1, 2, 1, {2, 0}, {0, 1}, {0.5, 1}, {0, exp(1) - 2}});
}
END_TEST

EXAMPLE_OF(quotient, ad_sum(ad_where(is_zero(y), number_beside(x, 0), ad_div(x, y))))
EXAMPLE_OF(power_of_two, ad_sum(ad_where(is_positive(x), ad_pow(x, y), y)))
EXAMPLE_OF(root_of_larger, ad_sum(ad_where(ad_less(x, y), ad_sqrt(y), ad_sqrt(x))))

START_TEST(two_inputs)
{
    const double l = log(2);
    CHECK_ELEMENTWISE(
        {"x/n", quotient, 2, 2, 1, {1, 3, 2, 0}, {0, 1, 0, 2}, {0, 0.5, 0, -0.25},
         {0, -0.25, 0, 0}},
        {"x^y", power_of_two, 2, 2, 1, {1, 0, 2, 3}, {0, 2, 0.5, 3}, {0, 12, 1, 8 * l},
         {0, 12 + 4 + 12 * l, 0, 4 + 12 * l + 8 * l * l}},
        {"root of the larger", root_of_larger, 2, 1, 2, {0, 1, 1, 0}, {4, 0, 0, 16},
         {0.25, 0, 0, 0.125}, {-1. / 32, 0, 0, -1. / 256}});
}
END_TEST

/* ---- rows and columns ---- */

static ad_var positive_rows(ad_var X)
{
    return is_positive(ad_min_rows(X));
}

static ad_var positive_cols(ad_var X)
{
    return is_positive(ad_min_cols(X));
}

EXAMPLE_OF(row_sums,
           ad_sum(ad_where(positive_rows(x), ad_sum_rows(ad_sqrt(x)), number_beside(x, 0))))
EXAMPLE_OF(column_sums,
           ad_sum(ad_where(positive_cols(x), ad_sum_cols(ad_sqrt(x)), number_beside(x, 0))))
EXAMPLE_OF(second_row_sum,
           ad_sum(ad_where(CONSTANT(x, 2, 1, 0, 1), ad_sum_rows(ad_sqrt(x)), number_beside(x, 0))))
EXAMPLE_OF(row_products,
           ad_sum(ad_where(positive_rows(x), ad_prod_rows(ad_sqrt(x)), number_beside(x, 0))))
EXAMPLE_OF(column_products,
           ad_sum(ad_where(positive_cols(x), ad_prod_cols(ad_sqrt(x)), number_beside(x, 0))))
EXAMPLE_OF(row_products_of_logs,
           ad_sum(ad_where(positive_rows(x), ad_prod_rows(ad_log(x)), ad_sum_rows(x))))
EXAMPLE_OF(column_products_of_poles,
           ad_sum(ad_where(positive_cols(x), ad_prod_cols(ad_div(number_beside(x, 1), x)),
                           number_beside(x, 2))))

START_TEST(sums_by_row_and_column)
{
    CHECK_EXAMPLES(
        {"sum_rows", row_sums, 1, 2, 2, {1, 4, 0, 9}, {0, 4, 1, 9}, {0, 0, 0.5, 1. / 6},
         {0, 0, -0.25, -1. / 108}},
        {"sum_cols", column_sums, 1, 2, 2, {4, 0, 9, 1}, {0, 1, 4, 9}, {0, 0.5, 0, 1. / 6},
         {0, -0.25, 0, -1. / 108}},
        {"sum_rows, a constant choice", second_row_sum, 1, 2, 2, {1, 4, 1, 9}, {0, 0, 1, 9},
         {0, 0, 0.5, 1. / 6}, {0, 0, -0.25, -1. / 108}});
}
END_TEST

START_TEST(products_by_row_and_column)
{
    const double l2 = log(2), l3 = log(3);
    CHECK_EXAMPLES(
        {"prod_rows", row_products, 1, 2, 2, {1, 4, 0, 9}, {0, 4, 1, 9}, {0, 0, 1.5, 1. / 6},
         {0, 0, -2. / 3, 2. / 27}},
        {"prod_rows, two zeros", row_products, 1, 2, 2, {1, 4, 0, 9}, {0, 0, 1, 9},
         {0, 0, 1.5, 1. / 6}, {0, 0, -2. / 3, 2. / 27}},
        {"prod_cols", column_products, 1, 2, 2, {1, 0, 4, 9}, {0, 1, 4, 9}, {0, 1.5, 0, 1. / 6},
         {0, -2. / 3, 0, 2. / 27}},
        {"prod_rows, Inf and NaN", row_products_of_logs, 1, 2, 2, {2, 3, 2, -1}, {0, -1, 2, 3},
         {1, 1, l3 / 2, l2 / 3}, {0, 0, 1. / 6 - l3 / 4, 1. / 6 - l2 / 9}},
        {"prod_cols, Inf", column_products_of_poles, 1, 2, 2, {1, 0, 2, 0}, {0, 0.5, 0, 1},
         {0, -4, 0, -2}, {0, 20, 0, 8}});
}
END_TEST

/* ---- broadcasting ---- */

static ad_var first_of(ad_var x)
{
    return ad_block(x, 0, 0, 1, 1);
}

EXAMPLE_OF(scalar_condition, ad_sum(ad_where(is_positive(first_of(x)), ad_sqrt(x), x)))
EXAMPLE_OF(row_condition, ad_sum(ad_where(positive_cols(x), ad_sqrt(x), x)))
EXAMPLE_OF(column_condition, ad_sum(ad_where(positive_rows(x), ad_log(x), ad_square(x))))
EXAMPLE_OF(row_against_column,
           ad_sum(ad_where(is_positive(x), ad_sqrt(x), CONSTANT(x, 2, 1, 5, 7))))
EXAMPLE_OF(row_under_a_matrix,
           ad_sum(ad_where(CONSTANT(x, 2, 2, 1, 0, 1, 0), ad_sqrt(x), number_beside(x, 3))))
EXAMPLE_OF(scalar_in_a_column, ad_sum(ad_where(is_positive(ad_mul(x, CONSTANT(x, 2, 1, 1, 2))),
                                               ad_mul(ad_sqrt(x), CONSTANT(x, 2, 1, 1, 3)), x)))
EXAMPLE_OF(scalar_in_one_row,
           ad_sum(ad_where(ad_less(CONSTANT(x, 2, 1, 0, 2), x), ad_log(x), number_beside(x, 1))))

START_TEST(conditions_and_branches_are_broadcast)
{
    CHECK_EXAMPLES(
        {"a scalar condition", scalar_condition, 1, 2, 1, {1, 4}, {0, 4}, {1, 1}, {0}},
        {"a row condition", row_condition, 1, 2, 2, {0, 4, 1, 9}, {4, 0, 9, 1},
         {0.25, 1, 1. / 6, 1}, {-1. / 32, 0, -1. / 108, 0}},
        {"a column condition", column_condition, 1, 2, 2, {0, 1, 2, 4}, {2, 4, 3, 0},
         {0.5, 0.25, 6, 0}, {-0.25, -1. / 16, 2, 2}},
        {"a row and a column", row_against_column, 1, 1, 2, {0, 4}, {4, 0}, {0.5, 0},
         {-1. / 16, 0}},
        {"a row, a matrix condition", row_under_a_matrix, 1, 1, 2, {9, 1}, {4, 0}, {0.5, 0},
         {-1. / 16, 0}},
        {"a scalar in no element", scalar_in_a_column, 1, 1, 1, {4}, {0}, {2}, {0}},
        {"a scalar in one element", scalar_in_one_row, 1, 1, 1, {0}, {2}, {0.5}, {-0.25}},
        {"a scalar in no element, log", scalar_in_one_row, 1, 1, 1, {3}, {0}, {0}, {0}});
}
END_TEST

/* ---- one after another ---- */

EXAMPLE_OF(nested,
           ad_sum(ad_where(is_positive(x),
                           ad_where(ad_less(x, number_beside(x, 1)), ad_sqrt(x), ad_log(x)), x)))
EXAMPLE_OF(over_max_over_root, ad_sum(ad_where(ad_less(x, number_beside(x, 100)),
                                               ad_max(ad_sqrt(x), number_beside(x, 1)), x)))
EXAMPLE_OF(twice, ad_sum(ad_add(ad_where(is_positive(x), ad_sqrt(x), x),
                                ad_where(is_positive(x), ad_log(x), number_beside(x, 0)))))
EXAMPLE_OF(after_functions,
           ad_sum(ad_where(is_positive(x), ad_mul(ad_sin(ad_log(x)), ad_square(ad_sqrt(x))), x)))
EXAMPLE_OF(before_functions, ad_sum(ad_exp(ad_neg(ad_where(is_positive(x), ad_sqrt(x), x)))))

START_TEST(elementwise_compositions)
{
    CHECK_ELEMENTWISE(
        {"nested", nested, 1, 3, 1, {2, 0, 0.25}, {0, 0.25, 2}, {1, 1, 0.5}, {0, -2, -0.25}},
        {"where over max over sqrt", over_max_over_root, 1, 3, 1, {400, 0, 9}, {0, 4, 400},
         {0, 0.25, 1}, {0, -1. / 32, 0}},
        {"two choices", twice, 1, 2, 1, {1, 0}, {0, 4}, {1, 0.5}, {0, -3. / 32}},
        {"sin(log x) x", after_functions, 1, 2, 1, {1, 0}, {0, 1}, {1, 1}, {0, 1}},
        {"exp of it", before_functions, 1, 2, 1, {1, 0}, {0, 4}, {-1, -0.25 * exp(-2)},
         {1, (1. / 16 + 1. / 32) * exp(-2)}});
}
END_TEST

EXAMPLE_OF(product_of_all, ad_prod(ad_where(is_positive(x), ad_sqrt(x), number_beside(x, 2))))
EXAMPLE_OF(square_of_sum, ad_square(ad_sum(ad_where(is_positive(x), ad_sqrt(x), x))))
EXAMPLE_OF(solved,
           ad_sum(ad_solve(CONSTANT(x, 2, 2, 2, 1, 0, 4), ad_where(is_positive(x), ad_sqrt(x), x))))
EXAMPLE_OF(log_of_exponentials, ad_logsumexp(ad_where(is_positive(x), ad_sqrt(x), x)))
EXAMPLE_OF(form, ad_quad(ad_where(is_positive(x), ad_sqrt(x), x), CONSTANT(x, 2, 2, 1, 2, 3, 4),
                         ad_where(is_positive(x), ad_sqrt(x), x)))

START_TEST(functions_of_all_elements)
{
    const double p = 1 / (1 + exp(-3)), q = 1 - p;
    CHECK_EXAMPLES(
        {"prod", product_of_all, 1, 3, 1, {4, 9, 0}, {0, 4, 9}, {0, 1.5, 2. / 3},
         {0, -5. / 48, 5. / 108}},
        {"squared sum", square_of_sum, 1, 2, 1, {4, 0}, {0, 9}, {6, 1}, {7. / 3, 1. / 3}},
        {"solve", solved, 1, 2, 1, {4, 0}, {0, 4}, {0.5, 1. / 32}, {0, -1. / 256}},
        {"logsumexp", log_of_exponentials, 1, 2, 1, {4, 0}, {0, 9}, {q, p / 6},
         {q * (1 - q - p / 6), -p / 108 + p / 6 * (1. / 6 - q - p / 6)}},
        {"quad", form, 1, 2, 1, {4, 0}, {0, 9}, {15, 4}, {2 + 5. / 6, 5. / 6}});
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("supports");
    TCase *elements = tcase_create("elementwise"), *others = tcase_create("of several elements");
    tcase_add_test(elements, roots_and_poles);
    tcase_add_test(elements, logarithms);
    tcase_add_test(elements, overflow);
    tcase_add_test(elements, removable_singularities);
    tcase_add_test(elements, two_inputs);
    tcase_add_test(elements, elementwise_compositions);
    suite_add_tcase(s, elements);
    tcase_add_test(others, sums_by_row_and_column);
    tcase_add_test(others, products_by_row_and_column);
    tcase_add_test(others, conditions_and_branches_are_broadcast);
    tcase_add_test(others, functions_of_all_elements);
    suite_add_tcase(s, others);
    return s;
}

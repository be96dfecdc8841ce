/* SPDX-License-Identifier: MIT */
/* Extremes and products, of all elements, of rows and of columns. Products are compared exactly:
 * their derivatives are sums over products that leave elements out, written down as such here. */

#include <math.h>

#include "tests/fixture.h"

enum { MOST = 5 };

static ad_var input(size_t rows, size_t cols, const double *values)
{
    return ad_input(tape, rows, cols, values);
}

/* ---- extremes ---- */

START_TEST(extremes_of_all_elements)
{
    ad_var x = INPUT(2, 3, 3, -1, 4, -5, 2, 0);
    CHECK(ad_maximum(x), 1, 1, 4);
    CHECK(ad_minimum(x), 1, 1, -5);
    CHECK_GRADIENT(ad_maximum(x), x, 0, 0, 1, 0, 0, 0);
    CHECK_GRADIENT(ad_minimum(x), x, 0, 0, 0, 1, 0, 0);
}
END_TEST

START_TEST(extremes_of_rows_and_columns)
{
    ad_var x = INPUT(2, 3, 3, -1, 4, -5, 2, 0);
    ad_var u = ad_constant(tape, 2, 1, (const double[]){10, 20});
    ad_var v = ad_constant(tape, 1, 3, (const double[]){10, 20, 30});
    CHECK(ad_max_rows(x), 2, 1, 4, 2);
    CHECK(ad_min_rows(x), 2, 1, -1, -5);
    CHECK(ad_max_cols(x), 1, 3, 3, 2, 4);
    CHECK(ad_min_cols(x), 1, 3, -5, -1, 0);
    CHECK_GRADIENT(ad_dot(ad_max_rows(x), u), x, 0, 0, 10, 0, 20, 0);
    CHECK_GRADIENT(ad_dot(ad_min_rows(x), u), x, 0, 10, 0, 20, 0, 0);
    CHECK_GRADIENT(ad_dot(ad_max_cols(x), v), x, 10, 0, 30, 0, 20, 0);
    CHECK_GRADIENT(ad_dot(ad_min_cols(x), v), x, 0, 20, 0, 10, 0, 30);
}
END_TEST

START_TEST(extremes_of_a_single_row_or_column)
{
    ad_var row = INPUT(1, 3, 2, 7, 7), column = INPUT(3, 1, 2, 7, 7);
    CHECK_GRADIENT(ad_max_rows(row), row, 0, 0.5, 0.5);
    CHECK_GRADIENT(ad_sum(ad_max_cols(row)), row, 1, 1, 1);
    CHECK_GRADIENT(ad_max_cols(column), column, 0, 0.5, 0.5);
    CHECK_GRADIENT(ad_sum(ad_max_rows(column)), column, 1, 1, 1);
    ad_var number = INPUT(1, 1, 3);
    CHECK_GRADIENT(ad_maximum(number), number, 1);
}
END_TEST

START_TEST(ties_share_the_gradient_equally)
{
    ad_var x = INPUT(2, 4, 1, 8, 8, 8, 2, 8, 0, 1);
    CHECK_GRADIENT(ad_scale(ad_maximum(x), 12), x, 0, 3, 3, 3, 0, 3, 0, 0);
    CHECK_GRADIENT(ad_scale(ad_sum(ad_max_rows(x)), 12), x, 0, 4, 4, 4, 0, 12, 0, 0);
    CHECK_GRADIENT(ad_scale(ad_sum(ad_max_cols(x)), 12), x, 0, 6, 12, 12, 12, 6, 0, 0);
    ad_var zeros = INPUT(1, 2, 0.0, -0.0);
    CHECK_GRADIENT(ad_minimum(zeros), zeros, 0.5, 0.5);
}
END_TEST

START_TEST(replay_decides_ties_again)
{
    ad_var x = INPUT(3, 1, 1, 1, 0), y = ad_maximum(x), gradient = ad_grad(y, x);
    CHECK(gradient, 3, 1, 0.5, 0.5, 0);
    ad_set(x, (const double[]){-2, -1, -2});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    CHECK(y, 1, 1, -1);
    CHECK(gradient, 3, 1, 0, 1, 0);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    check_array("adjoint", ad_adjoint(x), 3, (const double[]){0, 1, 0}, 0);
}
END_TEST

/* y = max x^3: at the largest element 3 x^2, 6 x, 6. */
START_TEST(extremes_pass_higher_derivatives_through)
{
    ad_var x = INPUT(3, 1, 1, 2, -3), y = ad_maximum(ad_mul(ad_mul(x, x), x));
    ad_var first = ad_grad(y, x), second = ad_grad(ad_sum(first), x);
    CHECK(y, 1, 1, 8);
    CHECK(first, 3, 1, 0, 12, 0);
    CHECK(second, 3, 1, 0, 12, 0);
    CHECK_GRADIENT(ad_sum(second), x, 0, 6, 0);
}
END_TEST

START_TEST(second_derivative_at_a_tie_is_that_of_the_shared_gradient)
{
    ad_var x = INPUT(2, 1, 5, 5), y = ad_square(ad_maximum(x));
    CHECK(ad_grad(y, x), 2, 1, 5, 5);
    CHECK(ad_hessian(y, x), 2, 2, 0.5, 0.5, 0.5, 0.5);
    CHECK(ad_hessian(ad_maximum(x), x), 2, 2, 0, 0, 0, 0);
}
END_TEST

START_TEST(nan_is_the_extreme_and_makes_the_gradient_nan)
{
    ad_var x = INPUT(2, 2, 1, NAN, 3, -INFINITY);
    CHECK(ad_maximum(x), 1, 1, NAN);
    CHECK(ad_minimum(x), 1, 1, NAN);
    CHECK(ad_max_rows(x), 2, 1, NAN, 3);
    CHECK(ad_min_rows(x), 2, 1, NAN, -INFINITY);
    CHECK(ad_max_cols(x), 1, 2, 3, NAN);
    CHECK(ad_grad(ad_maximum(x), x), 2, 2, NAN, NAN, NAN, NAN);
    CHECK(ad_grad(ad_sum(ad_max_rows(x)), x), 2, 2, NAN, NAN, 1, 0);
    CHECK(ad_maximum(INPUT(1, 2, -INFINITY, -INFINITY)), 1, 1, -INFINITY);
    CHECK(ad_maximum(INPUT(3, 1, 1, 2, NAN)), 1, 1, NAN);
}
END_TEST

START_TEST(elements_that_are_not_extreme_get_zero_of_an_infinite_adjoint)
{
    ad_var x = INPUT(3, 1, 1, 2, 0), u = ad_constant(tape, 1, 1, (const double[]){INFINITY});
    CHECK(ad_vjp(ad_maximum(x), x, u), 3, 1, 0, INFINITY, 0);
}
END_TEST

START_TEST(extremes_of_nothing_are_errors)
{
    ad_var none = ad_input(tape, 0, 3, NULL), thin = ad_input(tape, 3, 0, NULL);
    check_error(tape, ad_maximum(none), AD_ERROR_SHAPE, "maximum: of a 0x3 matrix: no elements");
    check_error(tape, ad_minimum(thin), AD_ERROR_SHAPE, "minimum: of a 3x0 matrix: no elements");
    check_error(tape, ad_max_rows(thin), AD_ERROR_SHAPE, "max_rows: of a 3x0 matrix: no elements");
    check_error(tape, ad_min_cols(none), AD_ERROR_SHAPE, "min_cols: of a 0x3 matrix: no elements");
    check_matrix(ad_min_rows(none), 0, 1, NULL, 0);
    check_matrix(ad_max_cols(thin), 1, 0, NULL, 0);
}
END_TEST

/* ---- products ---- */

/* The product of x without the elements at the `order` places in `out`; 0 if two are the same. */
static double product_without(const double *x, size_t n, const size_t *out, size_t order)
{
    double product = 1;
    for (size_t a = 0; a < order; a++)
        for (size_t b = 0; b < a; b++)
            if (out[a] == out[b]) return 0;
    for (size_t i = 0; i < n; i++) {
        bool is_out = false;
        for (size_t a = 0; a < order; a++) is_out = is_out || out[a] == i;
        if (!is_out) product *= x[i];
    }
    return product;
}

/* Fills the derivative tensor of this order, n^order elements. */
static void product_derivatives(const double *x, size_t n, size_t order, double *tensor)
{
    size_t count = 1, out[4];
    for (size_t a = 0; a < order; a++) count *= n;
    for (size_t place = 0; place < count; place++) {
        size_t rest = place;
        for (size_t a = order; a-- > 0; rest /= n) out[a] = rest % n;
        tensor[place] = product_without(x, n, out, order);
    }
}

static void check_product(size_t n, const double *values)
{
    double expected[MOST * MOST * MOST * MOST];
    ad_var x = input(n, 1, values), y = ad_prod(x);
    ad_var gradient = ad_grad(y, x), hessian = ad_hessian(y, x), third = ad_jacobian(hessian, x);
    product_derivatives(values, n, 0, expected);
    check_number(y, *expected, 0);
    product_derivatives(values, n, 1, expected);
    check_gradient(y, x, expected, 0);
    product_derivatives(values, n, 2, expected);
    check_matrix(hessian, n, n, expected, 0);
    check_matrix(ad_jacobian(gradient, x), n, n, expected, 0);
    product_derivatives(values, n, 3, expected);
    check_matrix(third, n * n, n, expected, 0);
    product_derivatives(values, n, 4, expected);
    check_matrix(ad_jacobian(third, x), n * n * n, n, expected, 0);
}

START_TEST(product_and_four_orders_of_derivatives)
{
    check_product(5, (const double[]){2, -3, 5, 7, 11});
    check_product(1, (const double[]){4});
    check_product(2, (const double[]){4, -1});
}
END_TEST

START_TEST(derivatives_are_exact_at_any_number_of_zeros)
{
    check_product(5, (const double[]){2, 0, 5, 7, 11});
    check_product(5, (const double[]){0, -3, 5, 0, 11});
    check_product(5, (const double[]){0, -3, 0, 0, 11});
    check_product(5, (const double[]){0, 0, 0, 7, 0});
    check_product(5, (const double[]){0, 0, 0, 0, 0});
    check_product(1, (const double[]){0});
}
END_TEST

/* The square of prod (a_i + t b_i) is a polynomial in t, here of degree 6: its k-th derivative at
 * t = 0 is k! times its k-th coefficient. */
START_TEST(function_of_a_product_to_the_sixth_order)
{
    const double a[] = {2, 0, -3}, b[] = {1, 5, 2};
    double coefficients[7] = {1}, factorial = 1;
    for (size_t factor = 0; factor < 6; factor++)
        for (size_t k = 7; k-- > 0;)
            coefficients[k] =
                a[factor % 3] * coefficients[k] + (k ? b[factor % 3] * coefficients[k - 1] : 0);
    ad_var t = ad_scalar(tape, 0);
    ad_var y = ad_square(
        ad_prod(ad_add(ad_constant(tape, 3, 1, a), ad_mul(t, ad_constant(tape, 3, 1, b)))));
    for (size_t k = 0; k <= 6; k++) {
        factorial *= k ? (double)k : 1;
        check_number(y, factorial * coefficients[k], 0);
        y = ad_grad(y, t);
    }
}
END_TEST

START_TEST(products_of_rows_and_columns)
{
    ad_var x = INPUT(2, 3, 2, 3, 5, 7, 0, 11);
    ad_var u = ad_constant(tape, 2, 1, (const double[]){10, 100});
    ad_var v = ad_constant(tape, 1, 3, (const double[]){1, 10, 100});
    CHECK(ad_prod(x), 1, 1, 0);
    CHECK(ad_prod_rows(x), 2, 1, 30, 0);
    CHECK(ad_prod_cols(x), 1, 3, 14, 0, 55);
    CHECK_GRADIENT(ad_prod(x), x, 0, 0, 0, 0, 2310, 0);
    CHECK_GRADIENT(ad_dot(ad_prod_rows(x), u), x, 150, 100, 60, 0, 7700, 0);
    CHECK_GRADIENT(ad_dot(ad_prod_cols(x), v), x, 7, 0, 1100, 2, 30, 500);
}
END_TEST

START_TEST(hessians_of_products_of_rows_and_columns)
{
    ad_var x = INPUT(2, 2, 2, 3, 0, 7);
    ad_var u = ad_constant(tape, 2, 1, (const double[]){1, 10});
    ad_var v = ad_constant(tape, 1, 2, (const double[]){1, 10});
    CHECK(ad_hessian(ad_dot(ad_prod_rows(x), u), x), 4, 4, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0,
          0, 10, 0);
    CHECK(ad_hessian(ad_dot(ad_prod_cols(x), v), x), 4, 4, 0, 0, 1, 0, 0, 0, 0, 10, 1, 0, 0, 0, 0,
          10, 0, 0);
    ad_var y = INPUT(2, 3, 1, 2, 3, 4, 5, 6);
    ad_var third = ad_grad(ad_sum(ad_grad(ad_sum(ad_grad(ad_sum(ad_prod_rows(y)), y)), y)), y);
    CHECK(third, 2, 3, 2, 2, 2, 2, 2, 2);
}
END_TEST

START_TEST(empty_products_are_one)
{
    ad_var none = ad_input(tape, 0, 3, NULL), thin = ad_input(tape, 3, 0, NULL);
    CHECK(ad_prod(none), 1, 1, 1);
    CHECK(ad_prod_rows(thin), 3, 1, 1, 1, 1);
    CHECK(ad_prod_cols(none), 1, 3, 1, 1, 1);
    check_matrix(ad_prod_cols(thin), 1, 0, NULL, 0);
    check_matrix(ad_grad(ad_prod(none), none), 0, 3, NULL, 0);
    check_matrix(ad_grad(ad_sum(ad_prod_rows(thin)), thin), 3, 0, NULL, 0);
    check_matrix(ad_hessian(ad_prod(none), none), 0, 0, NULL, 0);
}
END_TEST

/* Powers of two, so that every quotient below is exact. */
START_TEST(products_leave_the_range_only_where_the_result_does)
{
    const double big = 0x1p700, small = 0x1p-700;
    ad_var x = INPUT(5, 1, big, big, small, small, 3);
    CHECK(ad_prod(x), 1, 1, 3);
    CHECK_GRADIENT(ad_prod(x), x, 3 * small, 3 * small, 3 * big, 3 * big, 1);
    CHECK(ad_prod(INPUT(1, 3, small, small, big)), 1, 1, small);
    CHECK(ad_prod(INPUT(1, 4, big, big, 0, small)), 1, 1, 0);
    CHECK(ad_prod(INPUT(1, 3, big, -big, 1)), 1, 1, -INFINITY);
    CHECK(ad_prod(INPUT(1, 4, 0x1p-1074, 0x1p1000, 0x1p100, 5)), 1, 1, 5 * 0x1p26);
    ad_var z = INPUT(4, 1, big, big, 0, small);
    CHECK_GRADIENT(ad_prod(z), z, 0, 0, big, 0);
    ad_var w = INPUT(4, 1, big, big, small, small);
    CHECK(ad_hessian(ad_prod(w), w), 4, 4, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, INFINITY, 1, 1,
          INFINITY, 0);
}
END_TEST

START_TEST(long_products_neither_underflow_nor_overflow_on_the_way)
{
    enum { N = 4000 };
    double values[N], gradient[N];
    for (size_t i = 0; i < N; i++) {
        values[i] = i < N / 2 ? 0.5 : 2;
        gradient[i] = 1 / values[i];
    }
    ad_var x = input(N, 1, values);
    CHECK(ad_prod(x), 1, 1, 1);
    check_gradient(ad_prod(x), x, gradient, 0);
    ad_var v = ad_constant(tape, N, 1, values);
    for (size_t i = 0; i < N; i++) gradient[i] *= N - 1;
    check_matrix(ad_hvp(ad_prod(x), x, v), N, 1, gradient, 1e-14);
}
END_TEST

START_TEST(infinite_and_nan_factors_propagate)
{
    CHECK(ad_prod(INPUT(1, 3, 2, INFINITY, -3)), 1, 1, -INFINITY);
    CHECK(ad_prod(INPUT(1, 3, 0, INFINITY, 1)), 1, 1, NAN);
    CHECK(ad_prod(INPUT(1, 3, 0, NAN, 1)), 1, 1, NAN);
    ad_var x = INPUT(1, 3, 2, INFINITY, -3);
    CHECK_GRADIENT(ad_prod(x), x, -INFINITY, -6, INFINITY);
}
END_TEST

START_TEST(replayed_product_equals_a_new_one)
{
    ad_var x = INPUT(3, 1, 2, 3, 4), hessian = ad_hessian(ad_prod(x), x);
    ad_set(x, (const double[]){0, 5, 0});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    CHECK(hessian, 3, 3, 0, 0, 5, 0, 0, 0, 5, 0, 0);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("extremes and products");
    TCase *c = tcase_create("extremes");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, extremes_of_all_elements);
    tcase_add_test(c, extremes_of_rows_and_columns);
    tcase_add_test(c, extremes_of_a_single_row_or_column);
    tcase_add_test(c, ties_share_the_gradient_equally);
    tcase_add_test(c, replay_decides_ties_again);
    tcase_add_test(c, extremes_pass_higher_derivatives_through);
    tcase_add_test(c, second_derivative_at_a_tie_is_that_of_the_shared_gradient);
    tcase_add_test(c, nan_is_the_extreme_and_makes_the_gradient_nan);
    tcase_add_test(c, elements_that_are_not_extreme_get_zero_of_an_infinite_adjoint);
    tcase_add_test(c, extremes_of_nothing_are_errors);
    suite_add_tcase(s, c);
    c = tcase_create("products");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, product_and_four_orders_of_derivatives);
    tcase_add_test(c, derivatives_are_exact_at_any_number_of_zeros);
    tcase_add_test(c, function_of_a_product_to_the_sixth_order);
    tcase_add_test(c, products_of_rows_and_columns);
    tcase_add_test(c, hessians_of_products_of_rows_and_columns);
    tcase_add_test(c, empty_products_are_one);
    tcase_add_test(c, products_leave_the_range_only_where_the_result_does);
    tcase_add_test(c, long_products_neither_underflow_nor_overflow_on_the_way);
    tcase_add_test(c, infinite_and_nan_factors_propagate);
    tcase_add_test(c, replayed_product_equals_a_new_one);
    suite_add_tcase(s, c);
    return s;
}

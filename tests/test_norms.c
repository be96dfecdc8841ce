/* SPDX-License-Identifier: MIT */
/* Norms and their derivatives to the third order, against closed forms evaluated here in long
 * double, and at the points where a norm has no derivative. */
#include "ops/operations.h"
#include "tests/norm_derivatives.h"

#include <float.h>
#include <math.h>

#include "tests/fixture.h"

static ad_var input(size_t rows, size_t cols, const double *values)
{
    return ad_input(tape, rows, cols, values);
}

static void check_second_and_third_are_zero(ad_var y, ad_var x)
{
    ad_var hessian = ad_hessian(y, x);
    check_zeros(hessian);
    check_zeros(ad_jacobian(hessian, x));
}

/* ---- vectors ---- */

START_TEST(rows_and_columns_are_vectors_alike)
{
    ad_var row = INPUT(1, 3, 3, 0, -4), column = INPUT(3, 1, 3, 0, -4);
    const ad_var both[] = {row, column};
    for (size_t i = 0; i < 2; i++) {
        ad_var x = both[i];
        CHECK(ad_norm1(x), 1, 1, 7);
        CHECK(ad_norm2(x), 1, 1, 5);
        CHECK(ad_norm_inf(x), 1, 1, 4);
        CHECK(ad_norm_fro(x), 1, 1, 5);
        CHECK_GRADIENT(ad_norm1(x), x, 1, 0, -1);
        CHECK_GRADIENT(ad_norm2(x), x, 0.6, 0, -0.8);
        CHECK_GRADIENT(ad_norm_inf(x), x, 0, 0, -1);
        CHECK_GRADIENT(ad_norm_fro(x), x, 0.6, 0, -0.8);
    }
}
END_TEST

START_TEST(norms_of_a_number_are_its_magnitude)
{
    ad_var x = INPUT(1, 1, -3);
    ad_var norms[] = {ad_norm1(x), ad_norm2(x), ad_norm_inf(x), ad_norm_fro(x)};
    for (size_t i = 0; i < 4; i++) {
        CHECK(norms[i], 1, 1, 3);
        CHECK_GRADIENT(norms[i], x, -1);
        CHECK(ad_hessian(norms[i], x), 1, 1, 0);
    }
}
END_TEST

START_TEST(euclidean_norm_to_the_third_order)
{
    uint64_t seed = 20240611;
    for (size_t n = 1; n <= 5; n++) {
        ad_var x = random_input(tape, n, 1, &seed);
        check_orders(ad_norm2(x), x, norm_derivative, 1e-14);
    }
    ad_var x = random_input(tape, 2, 3, &seed);
    check_orders(ad_norm_fro(x), x, norm_derivative, 1e-14);
}
END_TEST

START_TEST(hessian_is_that_of_the_formula)
{
    ad_var x = INPUT(2, 1, 3, 4);
    const double expected[] = {16. / 125, -12. / 125, -12. / 125, 9. / 125};
    check_matrix(ad_hessian(ad_norm2(x), x), 2, 2, expected, 2 * DBL_EPSILON);
    ad_var shifted = ad_add(x, ad_constant(tape, 2, 1, (const double[]){9, 1}));
    CHECK_GRADIENT(ad_norm2(shifted), x, 12. / 13, 5. / 13);
}
END_TEST

/* A relative error of a few units in the last place in every element, those small by cancellation
 * included. */
static void check_every_element(ad_var tensor, ad_var x, size_t order)
{
    enum { N = 4 };
    double expected[N * N * N];
    const size_t n = ad_rows(x), count = power(n, order);
    fill_derivatives(x, norm_derivative, order, expected);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(fabs(ad_values(tensor)[i] - expected[i]) <=
                          12 * DBL_EPSILON * fabs(expected[i]),
                      "order %zu, element %zu is %.17g, not %.17g", order, i, ad_values(tensor)[i],
                      expected[i]);
}

START_TEST(every_element_is_exact_where_one_dominates)
{
    const double points[][4] = {
        {1, 1e-6, 0, 0}, {3, 1e-5, -2e-7, 0}, {1e-3, -2, 1e-3, 5e-7}, {1e-9, 0, 0, 1e-5}};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        ad_var x = input(4, 1, points[i]), hessian = ad_hessian(ad_norm2(x), x);
        check_every_element(hessian, x, 2);
        check_every_element(ad_jacobian(hessian, x), x, 3);
    }
}
END_TEST

/* (s^2, -c s; -c s, c^2) / h with the angle's c and s: 1e-16 is 1 - c^2, which rounds to 0. */
START_TEST(hessian_beside_an_axis)
{
    ad_var x = INPUT(2, 1, 1, 1e-8), y = INPUT(2, 1, 3, 1e-5);
    const double at_x[] = {1e-16, -1e-8, -1e-8, 1};
    const double at_y[] = {3.7037037036419753e-12, -1.1111111110925926e-6, -1.1111111110925926e-6,
                           0.33333333332777778};
    const ad_var hessians[] = {ad_hessian(ad_norm2(x), x), ad_hessian(ad_norm2(y), y)};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_double_eq_tol(ad_values(hessians[0])[i] / at_x[i], 1, 4 * DBL_EPSILON);
        ck_assert_double_eq_tol(ad_values(hessians[1])[i] / at_y[i], 1, 4 * DBL_EPSILON);
    }
}
END_TEST

START_TEST(third_derivatives_that_vanish_beside_infinite_ones)
{
    ad_var x = INPUT(2, 1, 1e-160, 0), e[] = {INPUT(2, 1, 1, 0), INPUT(2, 1, 0, 1)};
    ad_var gradient = ad_grad(ad_norm2(x), x);
    CHECK(ad_vjp(ad_vjp(gradient, x, e[0]), x, e[0]), 2, 1, 0, 0);
    CHECK(ad_vjp(ad_vjp(gradient, x, e[0]), x, e[1]), 2, 1, 0, -INFINITY);
    CHECK(ad_vjp(ad_vjp(gradient, x, e[1]), x, e[0]), 2, 1, 0, -INFINITY);
    CHECK(ad_vjp(ad_vjp(gradient, x, e[1]), x, e[1]), 2, 1, -INFINITY, 0);
}
END_TEST

/* v(t) = (1, 2 t): the speed of a drone has the derivative 4 t / sqrt(1 + 4 t^2). */
START_TEST(norm_of_a_curve)
{
    ad_var t = ad_scalar(tape, 1.5);
    ad_var speed = ad_norm2(ad_vcat(ad_constant(tape, 1, 1, (const double[]){1}), ad_scale(t, 2)));
    check_number(speed, sqrt(10), DBL_EPSILON);
    check_number(ad_grad(speed, t), 6 / sqrt(10), 2 * DBL_EPSILON);
    check_number(ad_hessian(speed, t), 4 / (10 * sqrt(10)), 8 * DBL_EPSILON);
}
END_TEST

START_TEST(powers_of_two_scale_every_derivative_exactly)
{
    const double exponents[] = {-500, -350, 340, 500};
    ad_var x = INPUT(3, 1, 3, -5, 7), y = ad_norm2(x), hessian = ad_hessian(y, x);
    for (size_t i = 0; i < 4; i++) {
        double scale = exp2(exponents[i]), expected[9];
        ad_var z = INPUT(3, 1, 3 * scale, -5 * scale, 7 * scale), norm_z = ad_norm2(z);
        for (size_t k = 0; k < 9; k++) expected[k] = ad_values(hessian)[k] / scale;
        check_number(norm_z, ad_value(y) * scale, 0);
        check_gradient(norm_z, z, ad_values(ad_grad(y, x)), 0);
        check_matrix(ad_hessian(norm_z, z), 3, 3, expected, 0);
    }
}
END_TEST

START_TEST(no_square_overflows_or_underflows)
{
    const double scales[] = {1e200, 1e-200, 1e-290, 0x1p1000, 0x1p-1000};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        double s = scales[i], hessian[] = {0.128 / s, -0.096 / s, -0.096 / s, 0.072 / s};
        ad_var x = INPUT(2, 1, 3 * s, 4 * s), y = ad_norm2(x);
        check_number(y, 5 * s, DBL_EPSILON);
        check_gradient(y, x, (const double[]){0.6, 0.8}, DBL_EPSILON);
        check_matrix(ad_hessian(y, x), 2, 2, hessian, 4 * DBL_EPSILON);
    }
}
END_TEST

START_TEST(gradient_is_right_where_the_norm_itself_leaves_the_range)
{
    ad_var large = INPUT(2, 1, 0x1.8p1023, -0x1.8p1023);
    ad_var small = INPUT(1, 2, 3 * 0x1p-1074, 0x1p-1072);
    const double large_unit[] = {sqrt(0.5), -sqrt(0.5)};
    CHECK(ad_norm2(large), 1, 1, INFINITY);
    check_gradient(ad_norm2(large), large, large_unit, 2 * DBL_EPSILON);
    CHECK(ad_norm2(small), 1, 1, 5 * 0x1p-1074);
    check_gradient(ad_norm2(small), small, (const double[]){0.6, 0.8}, 2 * DBL_EPSILON);
}
END_TEST

START_TEST(infinite_and_nan_elements_propagate)
{
    CHECK(ad_norm2(INPUT(2, 1, INFINITY, 1)), 1, 1, INFINITY);
    CHECK(ad_norm2(INPUT(2, 1, NAN, 1)), 1, 1, NAN);
    CHECK(ad_norm1(INPUT(2, 1, -INFINITY, 1)), 1, 1, INFINITY);
    CHECK(ad_norm1(INPUT(2, 1, NAN, 1)), 1, 1, NAN);
    CHECK(ad_norm_inf(INPUT(2, 1, NAN, 1)), 1, 1, NAN);
    ad_var x = INPUT(2, 1, NAN, 1);
    CHECK(ad_grad(ad_norm2(x), x), 2, 1, NAN, NAN);
}
END_TEST

/* ---- points without a derivative ---- */

START_TEST(all_derivatives_at_zero_are_zero)
{
    ad_var x = INPUT(3, 1, 0, 0, -0.0), square = INPUT(2, 2, 0, 0, 0, 0);
    ad_var norms[] = {ad_norm1(x), ad_norm2(x), ad_norm_inf(x), ad_norm_fro(x)};
    for (size_t i = 0; i < 4; i++) {
        CHECK(norms[i], 1, 1, 0);
        CHECK_GRADIENT(norms[i], x, 0, 0, 0);
        check_second_and_third_are_zero(norms[i], x);
    }
    ad_var of_square[] = {ad_norm1(square), ad_norm2(square), ad_norm_inf(square),
                          ad_norm_fro(square)};
    for (size_t i = 0; i < 4; i++) {
        CHECK(of_square[i], 1, 1, 0);
        CHECK_GRADIENT(of_square[i], square, 0, 0, 0, 0);
        check_second_and_third_are_zero(of_square[i], square);
    }
}
END_TEST

START_TEST(nothing_on_the_tape_is_nan_at_zero)
{
    char text[256];
    ad_var x = INPUT(2, 1, 0, 0), y = ad_norm2(x);
    ad_sum(ad_hessian(y, x));
    ck_assert_msg(!ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text), "%s", text);
}
END_TEST

START_TEST(replay_leaves_zero_and_comes_back)
{
    ad_var x = INPUT(2, 1, 0, 0), y = ad_norm2(x), hessian = ad_hessian(y, x);
    ad_set(x, (const double[]){0, 2});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    CHECK(hessian, 2, 2, 0.5, 0, 0, 0);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    check_array("adjoint", ad_adjoint(x), 2, (const double[]){0, 1}, 0);
    ad_set(x, (const double[]){0, 0});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_zeros(hessian);
}
END_TEST

START_TEST(norm1_and_norm_inf_have_no_curvature)
{
    ad_var x = INPUT(4, 1, 2, -1, 0, -2);
    CHECK_GRADIENT(ad_norm1(x), x, 1, -1, 0, -1);
    CHECK_GRADIENT(ad_norm_inf(x), x, 0.5, 0, 0, -0.5);
    check_second_and_third_are_zero(ad_norm1(x), x);
    check_second_and_third_are_zero(ad_norm_inf(x), x);
}
END_TEST

START_TEST(norms_of_nothing_are_zero)
{
    const size_t shapes[][2] = {{0, 1}, {1, 0}, {0, 3}, {3, 0}, {0, 0}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        ad_var x = ad_input(tape, shapes[i][0], shapes[i][1], NULL);
        ad_var norms[] = {ad_norm1(x), ad_norm2(x), ad_norm_inf(x), ad_norm_fro(x)};
        for (size_t k = 0; k < 4; k++) {
            CHECK(norms[k], 1, 1, 0);
            check_matrix(ad_grad(norms[k], x), shapes[i][0], shapes[i][1], NULL, 0);
        }
    }
}
END_TEST

/* ---- matrices; their largest singular value has a suite of its own ---- */

START_TEST(column_and_row_sums_of_matrices)
{
    ad_var x = INPUT(2, 3, 1, -5, 2, -3, 1, 4);
    CHECK(ad_norm1(x), 1, 1, 6);
    CHECK(ad_norm_inf(x), 1, 1, 8);
    CHECK_GRADIENT(ad_norm1(x), x, 0, -0.5, 0.5, 0, 0.5, 0.5);
    CHECK_GRADIENT(ad_norm_inf(x), x, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5);
    ad_var y = INPUT(2, 2, 1, 0, -3, 1);
    CHECK_GRADIENT(ad_norm1(y), y, 1, 0, -1, 0);
    CHECK_GRADIENT(ad_norm_inf(y), y, 0, 0, -1, 1);
}
END_TEST

/* ---- what the rules are made of ---- */

START_TEST(unit_vector_to_the_second_order)
{
    uint64_t seed = 9;
    ad_var x = random_input(tape, 4, 1, &seed), unit = operation_unit(x);
    double expected[64];
    for (size_t order = 1; order <= 3; order++) {
        fill_derivatives(x, norm_derivative, order, expected);
        check_array("unit", ad_values(unit), power(4, order), expected, 1e-14);
        unit = ad_jacobian(unit, x);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("norms");
    TCase *c = tcase_create("vectors");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, rows_and_columns_are_vectors_alike);
    tcase_add_test(c, norms_of_a_number_are_its_magnitude);
    tcase_add_test(c, euclidean_norm_to_the_third_order);
    tcase_add_test(c, hessian_is_that_of_the_formula);
    tcase_add_test(c, every_element_is_exact_where_one_dominates);
    tcase_add_test(c, hessian_beside_an_axis);
    tcase_add_test(c, third_derivatives_that_vanish_beside_infinite_ones);
    tcase_add_test(c, norm_of_a_curve);
    tcase_add_test(c, powers_of_two_scale_every_derivative_exactly);
    tcase_add_test(c, no_square_overflows_or_underflows);
    tcase_add_test(c, gradient_is_right_where_the_norm_itself_leaves_the_range);
    tcase_add_test(c, infinite_and_nan_elements_propagate);
    suite_add_tcase(s, c);
    c = tcase_create("kinks");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, all_derivatives_at_zero_are_zero);
    tcase_add_test(c, nothing_on_the_tape_is_nan_at_zero);
    tcase_add_test(c, replay_leaves_zero_and_comes_back);
    tcase_add_test(c, norm1_and_norm_inf_have_no_curvature);
    tcase_add_test(c, norms_of_nothing_are_zero);
    suite_add_tcase(s, c);
    c = tcase_create("matrices");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, column_and_row_sums_of_matrices);
    tcase_add_test(c, unit_vector_to_the_second_order);
    suite_add_tcase(s, c);
    return s;
}

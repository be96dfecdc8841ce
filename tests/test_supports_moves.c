/* SPDX-License-Identifier: MIT */
/* An element that took no part passes no derivative: triangles, blocks, diagonals and picked
 * elements, and what is done with them afterwards. */
#include "tests/support_examples.h"

#include <math.h>

#include "tests/fixture.h"

static ad_var gathered(ad_var x, size_t i, size_t j, size_t k)
{
    return ad_gather(x, (const size_t[]){i, j, k}, 3, 1);
}

static ad_var scattered(ad_var x, size_t i, size_t j, size_t k)
{
    return ad_scatter(x, (const size_t[]){i, j, k}, 2, 2);
}

static ad_var is_positive(ad_var x)
{
    return ad_less(number_beside(x, 0), x);
}

/* ---- triangles ---- */

EXAMPLE_OF(lower_roots, ad_sum(ad_tril(ad_sqrt(x))))
EXAMPLE_OF(upper_logs, ad_sum(ad_triu(ad_log(x))))
EXAMPLE_OF(upper_poles, ad_sum(ad_triu(ad_div(number_beside(x, 1), x))))
EXAMPLE_OF(lower_exps, ad_sum(ad_square(ad_tril(ad_exp(x)))))
EXAMPLE_OF(strict_part, ad_sum(ad_sub(ad_tril(ad_sqrt(x)), ad_diag(ad_diagonal(x)))))

START_TEST(triangles)
{
    CHECK_EXAMPLES(
        {"tril of sqrt", lower_roots, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 1, 9},
         {0.25, 0, 0.5, 1. / 6}, {-1. / 32, 0, -0.25, -1. / 108}},
        {"triu of log", upper_logs, 1, 2, 2, {1, 2, 3, 4}, {4, 1, 0, 9}, {0.25, 1, 0, 1. / 9},
         {-1. / 16, -1, 0, -1. / 81}},
        {"triu of 1/x, 2x3", upper_poles, 1, 2, 3, {1, 2, 3, 4, 5, 6}, {1, 2, 0.5, 0, 1, -1},
         {-1, -0.25, -4, 0, -1, -1}, {2, 0.25, 16, 0, 2, -2}},
        {"squares of tril of exp", lower_exps, 1, 2, 2, {0, 1, 0, 1}, {0, 800, -1, 0},
         {2, 0, 2 * exp(-2), 2}, {4, 0, 4 * exp(-2), 4}},
        {"tril of sqrt, less a diagonal", strict_part, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 1, 9},
         {-0.75, 0, 0.5, 1. / 6 - 1}, {-1. / 32, 0, -0.25, -1. / 108}});
}
END_TEST

/* ---- picked elements ---- */

EXAMPLE_OF(picked_roots, ad_sum(gathered(ad_sqrt(x), 2, 0, 2)))
EXAMPLE_OF(block_of_logs, ad_sum(ad_block(ad_log(x), 0, 1, 2, 2)))
EXAMPLE_OF(row_of_scattered, ad_sum(ad_block(scattered(ad_sqrt(x), 3, 0, 2), 1, 0, 1, 2)))
EXAMPLE_OF(picked_of_added, ad_sum(gathered(scattered(ad_log(x), 1, 3, 1), 1, 2, 1)))
EXAMPLE_OF(block_of_diag, ad_sum(ad_block(ad_diag(ad_log(x)), 1, 1, 2, 2)))
EXAMPLE_OF(diagonal_of_roots, ad_sum(ad_diagonal(ad_sqrt(x))))
EXAMPLE_OF(trace_of_logs, ad_trace(ad_log(x)))
EXAMPLE_OF(first_row_of_stacked, ad_sum(ad_block(ad_vcat(ad_sqrt(x), ad_log(x)), 0, 0, 1, 2)))
EXAMPLE_OF(one_of_a_column, ad_block(ad_log(x), 1, 0, 1, 1))

START_TEST(picked_elements)
{
    CHECK_EXAMPLES(
        {"gather", picked_roots, 1, 3, 1, {1, 1, 4}, {4, 0, 9}, {0.25, 0, 1. / 3},
         {-1. / 32, 0, -1. / 54}},
        {"block", block_of_logs, 1, 2, 3, {1, 2, 3, 4, 5, 6}, {0, 1, 2, 0, 4, 5},
         {0, 1, 0.5, 0, 0.25, 0.2}, {0, -1, -0.25, 0, -1. / 16, -0.04}},
        {"scatter, then a block", row_of_scattered, 1, 3, 1, {1, 1, 4}, {4, 0, 9},
         {0.25, 0, 1. / 6}, {-1. / 32, 0, -1. / 108}},
        {"scatter, then gather", picked_of_added, 1, 1, 3, {1, 1, 4}, {2, 0, 4}, {1, 0, 0.5},
         {-0.5, 0, -0.125}},
        {"diag, then a block", block_of_diag, 1, 3, 1, {1, 2, 3}, {0, 2, 4}, {0, 0.5, 0.25},
         {0, -0.25, -1. / 16}},
        {"diagonal", diagonal_of_roots, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 0, 9},
         {0.25, 0, 0, 1. / 6}, {-1. / 32, 0, 0, -1. / 108}},
        {"trace", trace_of_logs, 1, 2, 2, {1, 2, 3, 4}, {2, 0, -1, 4}, {0.5, 0, 0, 0.25},
         {-0.25, 0, 0, -1. / 16}},
        {"vcat, then a block", first_row_of_stacked, 1, 2, 2, {1, 2, 3, 4}, {4, 9, 0, -1},
         {0.25, 1. / 6, 0, 0}, {-1. / 32, -1. / 108, 0, 0}},
        {"one element", one_of_a_column, 1, 3, 1, {1, 2, 3}, {0, 4, -1}, {0, 0.25, 0},
         {0, -1. / 16, 0}});
}
END_TEST

/* ---- rows, columns and repetitions, of which some are picked ---- */

EXAMPLE_OF(second_row_sum, ad_block(ad_sum_rows(ad_sqrt(x)), 1, 0, 1, 1))
EXAMPLE_OF(first_column_sum, ad_block(ad_sum_cols(ad_log(x)), 0, 0, 1, 1))
EXAMPLE_OF(second_row_product, ad_block(ad_prod_rows(ad_sqrt(x)), 1, 0, 1, 1))
EXAMPLE_OF(second_column_product, ad_block(ad_prod_cols(ad_sqrt(x)), 0, 1, 1, 1))
EXAMPLE_OF(second_row_maximum, ad_block(ad_max_rows(ad_sqrt(x)), 1, 0, 1, 1))
EXAMPLE_OF(column_of_repeated, ad_sum(ad_block(ad_broadcast(ad_sqrt(x), 3, 2), 0, 0, 3, 1)))
EXAMPLE_OF(triangle_of_sums, ad_sum(ad_tril(ad_add(ad_log(x), CONSTANT(x, 3, 1, 1, 2, 3)))))
EXAMPLE_OF(transposed_and_reshaped,
           ad_sum(ad_block(ad_reshape(ad_transpose(ad_log(x)), 1, 6), 0, 1, 1, 3)))

START_TEST(picked_rows_and_columns)
{
    CHECK_EXAMPLES(
        {"sum_rows", second_row_sum, 1, 2, 2, {1, 1, 1, 4}, {0, 4, 1, 9}, {0, 0, 0.5, 1. / 6},
         {0, 0, -0.25, -1. / 108}},
        {"sum_cols", first_column_sum, 1, 2, 2, {1, 1, 1, 4}, {2, 0, 1, -1}, {0.5, 0, 1, 0},
         {-0.25, 0, -1, 0}},
        {"prod_rows", second_row_product, 1, 2, 2, {1, 1, 1, 4}, {0, -1, 1, 9},
         {0, 0, 1.5, 1. / 6}, {0, 0, -2. / 3, 2. / 27}},
        {"prod_cols", second_column_product, 1, 2, 2, {1, 1, 1, 4}, {0, 1, 0, 9},
         {0, 1.5, 0, 1. / 6}, {0, -2. / 3, 0, 2. / 27}},
        {"max_rows", second_row_maximum, 1, 2, 2, {1, 0, 4, 1}, {0, 0, 0, 4}, {0, 0, 0, 0.25},
         {0, 0, 0, -1. / 32}},
        {"broadcast", column_of_repeated, 1, 1, 2, {1, 1}, {4, 0}, {0.75, 0}, {-3. / 32, 0}},
        {"broadcast in a sum", triangle_of_sums, 1, 1, 4, {1, 2, 3, 4}, {2, 4, 5, 0},
         {1.5, 0.5, 0.2, 0}, {-0.75, -0.125, -0.04, 0}},
        {"transpose and reshape", transposed_and_reshaped, 1, 2, 3, {1, 1, 1, 1, 1, 1},
         {0, 2, 0, 5, 4, -1}, {0, 0.5, 0, 0.2, 0.25, 0}, {0, -0.25, 0, -0.04, -1. / 16, 0}});
}
END_TEST

/* ---- matrices whose other triangle took no part ---- */

EXAMPLE_OF(triangle_times_vector, ad_sum(ad_matmul(ad_tril(ad_sqrt(x)), CONSTANT(x, 2, 1, 2, 3))))
EXAMPLE_OF(squared_length,
           ad_sum(ad_square(ad_matmul(ad_tril(ad_sqrt(x)), CONSTANT(x, 2, 1, 2, 3)))))
EXAMPLE_OF(determinant_of_triangle, ad_det(ad_tril(ad_sqrt(x))))
EXAMPLE_OF(log_of_determinant, ad_logabsdet(ad_triu(ad_sqrt(x))))
EXAMPLE_OF(solution, ad_sum(ad_solve(ad_tril(ad_sqrt(x)), CONSTANT(x, 2, 1, 2, 4))))
EXAMPLE_OF(kronecker, ad_sum(ad_kron(ad_tril(ad_sqrt(x)), CONSTANT(x, 1, 2, 1, 2))))

/* The solution of [a 0; c d] z = (2, 4), with roots a = 2, c = 1, d = 3, adds up to
 * 2/a + (4 - 2c/a)/d. */
START_TEST(triangles_in_matrix_algebra)
{
    CHECK_EXAMPLES(
        {"matmul", triangle_times_vector, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 1, 9},
         {0.5, 0, 1, 0.5}, {-1. / 16, 0, -0.5, -1. / 36}},
        {"squares of matmul", squared_length, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 1, 9},
         {4, 0, 22, 11}, {0, 0, -8, 8. / 9}},
        {"det", determinant_of_triangle, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 1, 9},
         {0.75, 0, 0, 1. / 3}, {-5. / 96, 0, 0, 5. / 216}},
        {"log|det|", log_of_determinant, 1, 2, 2, {1, 4, 9, 16}, {4, 1, 0, 9},
         {0.125, 0, 0, 1. / 18}, {-1. / 32, 0, 0, -1. / 162}},
        {"solve", solution, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 1, 9}, {-1. / 12, 0, -1. / 6, -1. / 18},
         {43. / 864, 0, 49. / 432, 7. / 432}},
        {"kron", kronecker, 1, 2, 2, {1, 4, 9, 16}, {4, 0, 1, 9}, {0.75, 0, 1.5, 0.5},
         {-3. / 32, 0, -0.75, -1. / 36}});
}
END_TEST

/* ---- derivatives of matrices ---- */

#define EXPECT(x, rows, cols, ...) check_matrix(x, rows, cols, (const double[]){__VA_ARGS__}, 1e-14)

static ad_var switched_roots(ad_var x)
{
    return ad_where(is_positive(x), ad_sqrt(x), x);
}

static ad_var weighted(ad_var x)
{
    return ad_matmul(CONSTANT(x, 3, 2, 1, 2, 3, 4, 5, 6), switched_roots(x));
}

START_TEST(jacobians_and_their_products)
{
    ad_var x = INPUT(2, 1, 4, 0), u = INPUT(2, 1, 2, 3), w = INPUT(3, 1, 1, 0, 2);
    ad_var few = switched_roots(x), many = weighted(x);
    const ad_var all[] = {ad_jacobian(few, x),  ad_vjp(few, x, u),  ad_jvp(few, x, u),
                          ad_jacobian(many, x), ad_vjp(many, x, w), ad_jvp(many, x, u)};
    ad_set(x, (const double[]){0, 4});
    ad_replay(tape);
    EXPECT(all[0], 2, 2, 1, 0, 0, 0.25);
    EXPECT(all[1], 2, 1, 2, 0.75);
    EXPECT(all[2], 2, 1, 2, 0.75);
    EXPECT(all[3], 3, 2, 1, 0.5, 3, 1, 5, 1.5);
    EXPECT(all[4], 2, 1, 11, 3.5);
    EXPECT(all[5], 3, 1, 3.5, 9, 14.5);
    few = switched_roots(x), many = weighted(x);
    EXPECT(ad_jacobian(few, x), 2, 2, 1, 0, 0, 0.25);
    EXPECT(ad_vjp(few, x, u), 2, 1, 2, 0.75);
    EXPECT(ad_jvp(few, x, u), 2, 1, 2, 0.75);
    EXPECT(ad_jacobian(many, x), 3, 2, 1, 0.5, 3, 1, 5, 1.5);
    EXPECT(ad_vjp(many, x, w), 2, 1, 11, 3.5);
    EXPECT(ad_jvp(many, x, u), 3, 1, 3.5, 9, 14.5);
}
END_TEST

START_TEST(jacobians_of_triangles_and_extremes)
{
    ad_var A = INPUT(2, 2, 4, 0, 1, 9), u = INPUT(2, 2, 1, 2, 3, 4), v = INPUT(2, 1, 1, 2);
    ad_var L = ad_tril(ad_sqrt(A)), m = ad_max_rows(ad_sqrt(A));
    EXPECT(ad_jacobian(L, A), 4, 4, 0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 1. / 6);
    EXPECT(ad_vjp(L, A, u), 2, 2, 0.25, 0, 1.5, 4. / 6);
    EXPECT(ad_jvp(L, A, u), 2, 2, 0.25, 0, 1.5, 4. / 6);
    EXPECT(ad_jacobian(m, A), 2, 4, 0.25, 0, 0, 0, 0, 0, 0, 1. / 6);
    EXPECT(ad_vjp(m, A, v), 2, 2, 0.25, 0, 0, 2. / 6);
    EXPECT(ad_jvp(m, A, u), 2, 1, 0.25, 4. / 6);
}
END_TEST

/* A gradient as a seed, or as a factor, gives no share to what took no part in it. */
START_TEST(derivatives_as_seeds)
{
    ad_var x = INPUT(2, 1, 0, 9), y = ad_sum(switched_roots(x)), g = ad_grad(y, x);
    EXPECT(ad_hvp(y, x, g), 2, 1, 0, -1. / 648);
    ad_var p = INPUT(2, 1, 0, 9), zero = number_beside(p, 0);
    ad_var chosen = ad_where(is_positive(p), ad_sqrt(p), zero);
    ad_var slopes = ad_grad(ad_sum(chosen), p);
    EXPECT(ad_vjp(ad_log(p), p, slopes), 2, 1, 0, 1. / 54);
    EXPECT(ad_jvp(ad_log(p), p, slopes), 2, 1, 0, 1. / 54);
    ad_backward(ad_sum(ad_mul(slopes, ad_log(p))));
    check_array("adjoint", ad_adjoint(p), 2, (const double[]){0, 1. / 54 - log(9) / 108}, 1e-15);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("supports of moves");
    TCase *examples = tcase_create("examples"), *matrices = tcase_create("matrices");
    tcase_add_test(examples, triangles);
    tcase_add_test(examples, picked_elements);
    tcase_add_test(examples, picked_rows_and_columns);
    tcase_add_test(examples, triangles_in_matrix_algebra);
    suite_add_tcase(s, examples);
    tcase_add_checked_fixture(matrices, make_tape, free_tape);
    tcase_add_test(matrices, jacobians_and_their_products);
    tcase_add_test(matrices, jacobians_of_triangles_and_extremes);
    tcase_add_test(matrices, derivatives_as_seeds);
    suite_add_tcase(s, matrices);
    return s;
}

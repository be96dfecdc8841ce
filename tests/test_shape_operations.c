/* SPDX-License-Identifier: MIT */
/* Operations that move elements: every value, and every derivative up to the third of a function
 * through them, is compared exactly, in small integers. */
#include "ops/operations.h"

#include <math.h>
#include <time.h>

#include "tests/fixture.h"

enum { MOST = 64 };

/* ---- one check for all: element k of the result is element source[k] of x, counted from 1 ---- */

typedef ad_var (*operation_of_x)(ad_var x);

static size_t size_of(ad_var x)
{
    return ad_rows(x) * ad_cols(x);
}

static ad_var constants(const double *values, ad_var like)
{
    return ad_constant(tape, ad_rows(like), ad_cols(like), values);
}

static ad_var cube(ad_var x)
{
    return ad_mul(ad_mul(x, x), x);
}

/* With w the adjoint of the operation applied to u, z = <u, op(x^3)> has the gradient 3 x^2 w;
 * the gradient by x of <u, op(x^3)>' 1 is 6 x w, the next one 6 w. */
static void check_derivatives(operation_of_x apply, ad_var x, const double *u, const double *w)
{
    size_t n = size_of(x);
    double first[MOST], second[MOST], third[MOST];
    const double *values = ad_values(x);
    for (size_t i = 0; i < n; i++) {
        first[i] = 3 * values[i] * values[i] * w[i];
        second[i] = 6 * values[i] * w[i];
        third[i] = 6 * w[i];
    }
    ad_var y = apply(cube(x)), z = ad_dot(y, constants(u, y));
    check_gradient(z, x, first, 0);
    ad_var gradient = ad_sum(ad_grad(z, x));
    check_gradient(gradient, x, second, 0);
    check_gradient(ad_sum(ad_grad(gradient, x)), x, third, 0);
}

/* Shares of the operation come first into the adjoint of x, or are added to what is there. */
static void check_accumulation(operation_of_x apply, ad_var x, const double *u, const double *w)
{
    double v[MOST], expected[MOST];
    for (size_t i = 0; i < size_of(x); i++) {
        v[i] = (double)(i * 7 % 13);
        expected[i] = v[i] + w[i];
    }
    ad_var y = apply(x), moved = ad_dot(y, constants(u, y)), direct = ad_dot(x, constants(v, x));
    ad_var again = apply(x), moved_again = ad_dot(again, constants(u, again));
    check_gradient(ad_add(moved, direct), x, expected, 0);
    check_gradient(ad_add(direct, moved_again), x, expected, 0);
}

static void check_moves(operation_of_x apply, size_t rows, size_t cols, size_t to_rows,
                        size_t to_cols, const size_t *source)
{
    double x[MOST], y[MOST], u[MOST], w[MOST] = {0};
    for (size_t i = 0; i < rows * cols; i++) x[i] = (double)(i * 5 % 7) - 3;
    for (size_t k = 0; k < to_rows * to_cols; k++) {
        y[k] = source[k] ? x[source[k] - 1] : 0;
        u[k] = (double)(k * 3 % 11) - 4;
        if (source[k]) w[source[k] - 1] += u[k];
    }
    ad_var input = ad_input(tape, rows, cols, x);
    check_matrix(apply(input), to_rows, to_cols, y, 0);
    check_accumulation(apply, input, u, w);
    check_derivatives(apply, input, u, w);
    ad_var result = apply(input);
    check_matrix(ad_jvp(result, input, constants(x, input)), to_rows, to_cols, y, 0);
}

#define MOVES(apply, rows, cols, to_rows, to_cols, ...)                                            \
    check_moves(apply, rows, cols, to_rows, to_cols, (const size_t[]){__VA_ARGS__})

/* ---- values and derivatives ---- */

START_TEST(transpose_exchanges_rows_and_columns)
{
    MOVES(ad_transpose, 2, 3, 3, 2, 1, 4, 2, 5, 3, 6);
    MOVES(ad_transpose, 3, 1, 1, 3, 1, 2, 3);
    MOVES(ad_transpose, 1, 3, 3, 1, 1, 2, 3);
    MOVES(ad_transpose, 1, 1, 1, 1, 1);
}
END_TEST

static ad_var plus_transpose(ad_var x)
{
    return ad_add(x, ad_transpose(x));
}

/* The adjoints of sums are broadcasts. */
START_TEST(broadcast_share_is_added_to_another)
{
    ad_var x = ad_input(tape, 2, 2, (const double[]){1, 2, 3, 4}), sums[3];
    sums[0] = ad_dot(ad_sum_rows(x), ad_constant(tape, 2, 1, (const double[]){10, 20}));
    sums[1] = ad_dot(ad_sum_cols(x), ad_constant(tape, 1, 2, (const double[]){100, 200}));
    sums[2] = ad_scale(ad_sum(x), 1000);
    ad_var late = ad_dot(x, ad_constant(tape, 2, 2, (const double[]){1, 2, 3, 4}));
    ad_var y = ad_add(ad_add(late, sums[2]), ad_add(sums[1], sums[0]));
    check_gradient(y, x, (const double[]){1111, 1212, 1123, 1224}, 0);
}
END_TEST

START_TEST(transposed_share_is_added_to_another_in_blocks)
{
    enum { N = 21 };
    double x[N * N], expected[N * N], u[N * N];
    for (size_t i = 0; i < N * N; i++) {
        x[i] = (double)i;
        u[i] = (double)(i * i % 101);
    }
    for (size_t i = 0; i < N * N; i++) expected[i] = u[i] + u[i % N * N + i / N];
    ad_var input = ad_input(tape, N, N, x);
    check_gradient(ad_dot(plus_transpose(input), ad_constant(tape, N, N, u)), input, expected, 0);
}
END_TEST

START_TEST(transpose_of_a_multiple_of_the_unit_matrix_is_itself)
{
    ad_var identity = operation_scaled_identity(ad_scalar(tape, 2), 3);
    ck_assert_uint_eq(ad_transpose(identity).node, identity.node);
}
END_TEST

static ad_var reshape_to_3x2(ad_var x)
{
    return ad_reshape(x, 3, 2);
}

START_TEST(reshape_keeps_elements_row_by_row)
{
    MOVES(reshape_to_3x2, 2, 3, 3, 2, 1, 2, 3, 4, 5, 6);
    MOVES(reshape_to_3x2, 1, 6, 3, 2, 1, 2, 3, 4, 5, 6);
}
END_TEST

static ad_var overlapping_blocks(ad_var x)
{
    return ad_hcat(ad_block(x, 0, 0, 2, 2), ad_block(x, 1, 1, 2, 2));
}

static ad_var one_element_block(ad_var x)
{
    return ad_block(x, 2, 1, 1, 1);
}

static ad_var block_at_the_end(ad_var x)
{
    return ad_block(x, ad_rows(x), ad_cols(x), 0, 0);
}

START_TEST(block_takes_a_rectangle)
{
    MOVES(overlapping_blocks, 3, 3, 2, 4, 1, 2, 5, 6, 4, 5, 8, 9);
    MOVES(one_element_block, 3, 2, 1, 1, 6);
    MOVES(block_at_the_end, 2, 2, 0, 0, 0);
}
END_TEST

static ad_var gather_some(ad_var x)
{
    return ad_gather(x, (const size_t[]){5, 0, 0, 3, 5, 2}, 2, 3);
}

static ad_var gather_one(ad_var x)
{
    return ad_gather(x, (const size_t[]){4}, 1, 1);
}

static ad_var gather_none(ad_var x)
{
    return ad_gather(x, NULL, 3, 0);
}

START_TEST(gather_takes_elements_in_any_order_and_number)
{
    MOVES(gather_some, 2, 3, 2, 3, 6, 1, 1, 4, 6, 3);
    MOVES(gather_one, 3, 3, 1, 1, 5);
    MOVES(gather_none, 2, 2, 3, 0, 0);
}
END_TEST

static ad_var scatter_some(ad_var x)
{
    return ad_scatter(x, (const size_t[]){3, 0, 5}, 2, 4);
}

static ad_var scatter_none(ad_var x)
{
    return ad_scatter(x, NULL, 1, 2);
}

START_TEST(scatter_puts_elements_into_zeros)
{
    MOVES(scatter_some, 3, 1, 2, 4, 2, 0, 0, 1, 0, 3, 0, 0);
    MOVES(scatter_none, 0, 3, 1, 2, 0, 0);
}
END_TEST

START_TEST(scatter_adds_elements_of_one_position)
{
    ad_var x = ad_input(tape, 1, 3, (const double[]){1, 20, 300});
    ad_var y = ad_scatter(x, (const size_t[]){1, 0, 1}, 2, 1);
    check_matrix(y, 2, 1, (const double[]){20, 301}, 0);
    ad_var z = ad_dot(y, ad_constant(tape, 2, 1, (const double[]){5, 7}));
    check_gradient(z, x, (const double[]){7, 5, 7}, 0);
}
END_TEST

static ad_var beside_itself(ad_var x)
{
    return ad_hcat(x, ad_block(x, 0, 1, ad_rows(x), 1));
}

static ad_var above_itself(ad_var x)
{
    return ad_vcat(x, ad_block(x, 1, 0, 1, ad_cols(x)));
}

static ad_var beside_nothing(ad_var x)
{
    return ad_hcat(ad_constant(tape, ad_rows(x), 0, NULL), x);
}

START_TEST(hcat_and_vcat_join)
{
    MOVES(beside_itself, 2, 2, 2, 3, 1, 2, 2, 3, 4, 4);
    MOVES(above_itself, 2, 2, 3, 2, 1, 2, 3, 4, 3, 4);
    MOVES(beside_nothing, 2, 1, 2, 1, 1, 2);
}
END_TEST

START_TEST(joined_operands_get_their_own_shares)
{
    ad_var x = ad_input(tape, 1, 2, (const double[]){1, 2});
    ad_var y = ad_input(tape, 2, 2, (const double[]){3, 4, 5, 6});
    ad_var u = ad_constant(tape, 3, 2, (const double[]){10, 20, 30, 40, 50, 60});
    ck_assert_int_eq(ad_backward(ad_dot(ad_vcat(x, y), u)), AD_OK);
    check_array("above", ad_adjoint(x), 2, (const double[]){10, 20}, 0);
    check_array("below", ad_adjoint(y), 4, (const double[]){30, 40, 50, 60}, 0);
    ad_var v = ad_constant(tape, 2, 3, (const double[]){1, 2, 3, 4, 5, 6});
    ck_assert_int_eq(ad_backward(ad_dot(ad_hcat(ad_transpose(x), y), v)), AD_OK);
    check_array("left", ad_adjoint(x), 2, (const double[]){1, 4}, 0);
    check_array("right", ad_adjoint(y), 4, (const double[]){2, 3, 5, 6}, 0);
}
END_TEST

START_TEST(diag_puts_a_vector_on_the_diagonal)
{
    MOVES(ad_diag, 3, 1, 3, 3, 1, 0, 0, 0, 2, 0, 0, 0, 3);
    MOVES(ad_diag, 1, 2, 2, 2, 1, 0, 0, 2);
    MOVES(ad_diag, 1, 1, 1, 1, 1);
    MOVES(ad_diag, 0, 1, 0, 0, 0);
}
END_TEST

START_TEST(diagonal_reads_matrices_of_any_shape)
{
    MOVES(ad_diagonal, 2, 2, 2, 1, 1, 4);
    MOVES(ad_diagonal, 2, 3, 2, 1, 1, 5);
    MOVES(ad_diagonal, 3, 2, 2, 1, 1, 4);
    MOVES(ad_diagonal, 0, 2, 0, 1, 0);
}
END_TEST

static ad_var broadcast_to_2x3(ad_var x)
{
    return ad_broadcast(x, 2, 3);
}

static ad_var broadcast_to_0x3(ad_var x)
{
    return ad_broadcast(x, 0, 3);
}

START_TEST(broadcast_repeats_dimensions_of_one)
{
    MOVES(broadcast_to_2x3, 1, 1, 2, 3, 1, 1, 1, 1, 1, 1);
    MOVES(broadcast_to_2x3, 2, 1, 2, 3, 1, 1, 1, 2, 2, 2);
    MOVES(broadcast_to_2x3, 1, 3, 2, 3, 1, 2, 3, 1, 2, 3);
    MOVES(broadcast_to_2x3, 2, 3, 2, 3, 1, 2, 3, 4, 5, 6);
    MOVES(broadcast_to_0x3, 1, 3, 0, 3, 0);
}
END_TEST

START_TEST(triangles_keep_their_half_and_the_diagonal)
{
    MOVES(ad_tril, 3, 3, 3, 3, 1, 0, 0, 4, 5, 0, 7, 8, 9);
    MOVES(ad_triu, 3, 3, 3, 3, 1, 2, 3, 0, 5, 6, 0, 0, 9);
    MOVES(ad_tril, 2, 3, 2, 3, 1, 0, 0, 4, 5, 0);
    MOVES(ad_triu, 3, 2, 3, 2, 1, 2, 0, 4, 0, 0);
    MOVES(ad_triu, 2, 3, 2, 3, 1, 2, 3, 0, 5, 6);
    MOVES(ad_tril, 3, 2, 3, 2, 1, 0, 3, 4, 5, 6);
}
END_TEST

/* ---- special values, memory, cost ---- */

START_TEST(what_is_left_out_may_be_infinite)
{
    ad_var x = ad_input(tape, 2, 2, (const double[]){1, INFINITY, NAN, 2});
    check_matrix(ad_diag(ad_diagonal(x)), 2, 2, (const double[]){1, 0, 0, 2}, 0);
    check_matrix(ad_tril(x), 2, 2, (const double[]){1, 0, NAN, 2}, 0);
    check_matrix(ad_triu(x), 2, 2, (const double[]){1, INFINITY, 0, 2}, 0);
    ad_var u = ad_constant(tape, 2, 2, (const double[]){3, INFINITY, NAN, 4});
    check_matrix(ad_vjp(ad_triu(x), x, u), 2, 2, (const double[]){3, INFINITY, 0, 4}, 0);
    ad_var infinite = ad_constant(tape, 1, 1, (const double[]){INFINITY});
    check_matrix(ad_vjp(gather_one(ad_reshape(ad_vcat(x, x), 8, 1)), x, infinite), 2, 2,
                 (const double[]){INFINITY, 0, 0, 0}, 0);
}
END_TEST

START_TEST(indices_are_copied)
{
    size_t indices[] = {0, 2};
    ad_var x = ad_input(tape, 3, 1, (const double[]){1, 2, 3}), y = ad_gather(x, indices, 2, 1);
    ad_var z = ad_scatter(y, indices, 3, 1);
    indices[0] = indices[1] = 1;
    ad_set(x, (const double[]){4, 5, 6});
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    check_matrix(y, 2, 1, (const double[]){4, 6}, 0);
    check_matrix(z, 3, 1, (const double[]){4, 0, 6}, 0);
    check_gradient(ad_sum(z), x, (const double[]){1, 0, 1}, 0);
}
END_TEST

static double seconds_to_read(size_t reads, size_t size)
{
    ad_tape_reset(tape);
    ad_var x = ad_broadcast(ad_scalar(tape, 1), size, 1), sum = ad_scalar(tape, 0);
    for (size_t i = 0; i < reads; i++) {
        size_t index = i % size;
        sum = ad_add(sum, i % 2 ? ad_gather(x, &index, 1, 1) : ad_block(x, index, 0, 1, 1));
    }
    clock_t start = clock();
    ck_assert_int_eq(ad_backward(sum), AD_OK);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

START_TEST(sweep_through_single_elements_touches_only_them)
{
    enum { READS = 100000 };
    double few = seconds_to_read(READS, 8), many = seconds_to_read(READS, READS);
    ck_assert_msg(many < 20 * few + 0.1, "%g s of a long vector, %g s of a short one", many, few);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("shape operations");
    TCase *c = tcase_create("moves");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, transpose_exchanges_rows_and_columns);
    tcase_add_test(c, transposed_share_is_added_to_another_in_blocks);
    tcase_add_test(c, transpose_of_a_multiple_of_the_unit_matrix_is_itself);
    tcase_add_test(c, broadcast_share_is_added_to_another);
    tcase_add_test(c, reshape_keeps_elements_row_by_row);
    tcase_add_test(c, block_takes_a_rectangle);
    tcase_add_test(c, gather_takes_elements_in_any_order_and_number);
    tcase_add_test(c, scatter_puts_elements_into_zeros);
    tcase_add_test(c, scatter_adds_elements_of_one_position);
    tcase_add_test(c, hcat_and_vcat_join);
    tcase_add_test(c, joined_operands_get_their_own_shares);
    tcase_add_test(c, diag_puts_a_vector_on_the_diagonal);
    tcase_add_test(c, diagonal_reads_matrices_of_any_shape);
    tcase_add_test(c, broadcast_repeats_dimensions_of_one);
    tcase_add_test(c, triangles_keep_their_half_and_the_diagonal);
    tcase_add_test(c, what_is_left_out_may_be_infinite);
    tcase_add_test(c, indices_are_copied);
    tcase_add_test(c, sweep_through_single_elements_touches_only_them);
    suite_add_tcase(s, c);
    return s;
}

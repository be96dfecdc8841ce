/* SPDX-License-Identifier: MIT */
/* Makers of products of matrices, determinants, solutions and factors, and of what their
 * derivatives need. */
#include "tests/specimens.h"
#include "tests/tape_checks.h"

/* ---- products ---- */

/* Parameters: whether the first and the second factor stand transposed. */
static void two_to_multiply(specimen *s, uint64_t *state)
{
    extent_of a = any_shape(s->number, state);
    size_t n = s->number == 0 ? 1 : random_index(state, 5);
    s->parameter[0] = random_index(state, 2);
    s->parameter[1] = random_index(state, 2);
    set_shape(s, 0, s->parameter[0] ? a.cols : a.rows, s->parameter[0] ? a.rows : a.cols);
    set_shape(s, 1, s->parameter[1] ? n : a.cols, s->parameter[1] ? a.cols : n);
}

static ad_var record_matmul(const specimen *s, const ad_var *x)
{
    return operation_matmul(x[0], x[1], s->parameter[0], s->parameter[1]);
}

static void two_for_kron(specimen *s, uint64_t *state)
{
    for (size_t k = 0; k < 2; k++) {
        s->shape[k] = any_shape(s->number, state);
        if (s->shape[k].rows > 3) s->shape[k].rows = 3;
        if (s->shape[k].cols > 3) s->shape[k].cols = 3;
    }
}

static void vector_matrix_vector(specimen *s, uint64_t *state)
{
    extent_of a = any_shape(s->number, state);
    bool rows = s->number % 2;
    set_shape(s, 0, rows ? 1 : a.rows, rows ? a.rows : 1);
    s->shape[1] = a;
    set_shape(s, 2, rows ? a.cols : 1, rows ? 1 : a.cols);
}

/* ---- determinants ---- */

static void square_and_number(specimen *s, uint64_t *state)
{
    one_square(s, state);
    set_shape(s, 1, 1, 1);
}

/* ---- solutions ---- */

/* Parameter: whether the matrix stands transposed. */
static void square_and_right_sides(specimen *s, uint64_t *state)
{
    one_square(s, state);
    set_shape(s, 1, s->shape[0].rows, s->number == 0 ? 1 : random_index(state, 4));
    s->parameter[0] = s->number % 2;
}

static ad_var record_solve(const specimen *s, const ad_var *x)
{
    return operation_solve(x[0], x[1], s->parameter[0]);
}

/* Of any shape, with a diagonal that gives it full rank. Parameter: whether it stands
 * transposed. */
static void any_and_right_sides(specimen *s, uint64_t *state)
{
    const extent_of shape = any_shape(s->number, state);
    set_shape(s, 0, shape.rows, shape.cols);
    s->parameter[0] = s->number / 2 % 2;
    set_shape(s, 1, s->parameter[0] ? shape.cols : shape.rows, random_index(state, 4));
}

static void fill_with_rank(specimen *s, size_t k, uint64_t *state)
{
    const size_t rows = s->shape[0].rows, cols = s->shape[0].cols;
    for (size_t i = 0; i < specimen_size(s, k); i++) s->values[k][i] = next_random(state) / 3;
    for (size_t i = 0; k == 0 && i < rows && i < cols; i++)
        s->values[0][i * cols + i] = random_between(state, 1, 2);
}

static ad_var record_lstsq(const specimen *s, const ad_var *x)
{
    return operation_lstsq(x[0], x[1], s->parameter[0]);
}

static void square_right_sides_and_adjoint(specimen *s, uint64_t *state)
{
    square_and_right_sides(s, state);
    if (s->shape[1].cols == 0)
        set_shape(s, 1, s->shape[0].rows, 1); /* without any it has no share */
    set_shape(s, 2, s->shape[1].rows, s->shape[1].cols);
}

static ad_var record_solve_share(const specimen *s, const ad_var *x)
{
    return ad_vjp(operation_solve(x[0], x[1], s->parameter[0]), x[0], x[2]);
}

static ad_var record_solve_lower(const specimen *s, const ad_var *x)
{
    return ad_solve_lower(x[0], x[1], s->parameter[0]);
}

static ad_var record_solve_upper(const specimen *s, const ad_var *x)
{
    return ad_solve_upper(x[0], x[1], s->parameter[0]);
}

/* ---- singular values: one is well above the others ---- */

static void fill_with_gap(specimen *s, size_t k, uint64_t *state)
{
    double u[MOST_ELEMENTS], v[MOST_ELEMENTS];
    size_t m = s->shape[k].rows, n = s->shape[k].cols;
    for (size_t i = 0; i < m; i++) u[i] = random_between(state, 0.5, 1) + (double)i / 5;
    for (size_t j = 0; j < n; j++) v[j] = random_between(state, 0.5, 1);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            s->values[k][i * n + j] = u[i] * v[j] + (k == 0 ? next_random(state) / 8 : 0);
}

static void matrix_and_stacked_vector(specimen *s, uint64_t *state)
{
    one_not_empty(s, state);
    set_shape(s, 1, s->shape[0].rows + s->shape[0].cols, 1);
}

/* ---- the table ---- */

/* clang-format off */
const maker algebra_makers[] = {
    OWN_MAKER(matmul, 2, two_to_multiply, fill_off_zero)
    MAKER(kron, 2, two_for_kron, fill_off_zero)
    MAKER(quad, 3, vector_matrix_vector, fill_off_zero)
    MAKER(logabsdet_gradient, 2, square_and_number, fill_regular)
    MAKER(inverse_product, 2, all_square, fill_regular)
    MAKER(cofactor_derivative, 2, all_square, fill_regular)
    MAKER(cofactor_second_derivative, 3, all_square, fill_regular)
    OWN_MAKER(solve, 2, square_and_right_sides, fill_regular)
    OWN_MAKER(solve_share, 3, square_right_sides_and_adjoint, fill_regular)
    OWN_MAKER(lstsq, 2, any_and_right_sides, fill_with_rank)
    OWN_MAKER(solve_upper, 2, square_and_right_sides, fill_with_large_diagonal)
    OWN_MAKER(solve_lower, 2, square_and_right_sides, fill_with_large_diagonal)
    MAKER(half_lower, 1, one_square, fill_off_zero)
    MAKER(spectral_norm, 1, one_not_empty, fill_with_gap)
    MAKER(singular_vectors, 1, one_not_empty, fill_with_gap)
    MAKER(resolvent, 2, matrix_and_stacked_vector, fill_with_gap)
    MAKER(singular_vectors_derivative, 2, matrix_and_stacked_vector, fill_with_gap)
    {0},
};
/* clang-format on */

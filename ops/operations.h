/* SPDX-License-Identifier: MIT */
/* The operations' own header: the table of all of them, and what one family lends another. */
#ifndef OPS_OPERATIONS_H
#define OPS_OPERATIONS_H

#include "tape/operation.h"

/* Every family lists its descriptors; the families together are the table of operations. */
typedef struct operation_family {
    const operation *const *operations;
    size_t count;
} operation_family;

extern const operation_family shape_family, indexing_family, where_family, reduction_family,
    extreme_family, product_family, cumulative_family, norm_family, matmul_family,
    determinant_family, solve_family, cholesky_family, triangular_family, charpoly_family,
    join_family, spectral_family, unit_family, softmax_family, square_family, lstsq_family;

/* The descriptor name_operation. */
#define OPERATION(name_, ...)                                                                      \
    static const operation name_##_operation = {.name = #name_, __VA_ARGS__}

/* Defines the function that records name_operation on so many operands, without attributes. */
#define ONE_OPERAND(function, name)                                                                \
    ad_var function(ad_var x)                                                                      \
    {                                                                                              \
        return TAPE_RECORD(&name##_operation, x);                                                  \
    }

#define TWO_OPERANDS(function, name)                                                               \
    ad_var function(ad_var x, ad_var y)                                                            \
    {                                                                                              \
        return TAPE_RECORD(&name##_operation, x, y);                                               \
    }

#define THREE_OPERANDS(function, name)                                                             \
    ad_var function(ad_var x, ad_var y, ad_var z)                                                  \
    {                                                                                              \
        return TAPE_RECORD(&name##_operation, x, y, z);                                            \
    }

#define OPERATION_FAMILY(name, ...)                                                                \
    static const operation *const name##_operations[] = {__VA_ARGS__};                             \
    const operation_family name##_family = {name##_operations,                                     \
                                            sizeof name##_operations / sizeof *name##_operations}

/* The i-th operation of the library, elementwise ones first, and its name; one that has several
 * names is there once for each. NULL past the end. */
const operation *operation_at(size_t i);
const char *operation_name_at(size_t i);

/* What the library's tapes are made with. */
extern const struct tape_hooks operation_hooks;

/* Shape rules and checks that several families use. */
bool shape_is_square(const evaluation *e, size_t *rows, size_t *cols); /* n x n from n x n */
bool shape_is_square_to_scalar(const evaluation *e, size_t *rows, size_t *cols);
bool shape_to_scalar(const evaluation *e, size_t *rows, size_t *cols);
bool shape_same(const evaluation *e, size_t *rows, size_t *cols); /* that of input 0 */
/* That of X, op(A) X = B. */
bool shape_of_system(const evaluation *e, size_t *rows, size_t *cols);
bool values_of_first(const evaluation *e); /* a copy, where that is the result */
bool values_of_second(const evaluation *e);
bool shape_is_vector(const matrix *m); /* m x 1 or 1 x n */

/* Elementwise operations without a public function of their name: operation_select, ... */
#define UNARY(name, zeros, value, share)
#define BINARY(name, zeros, value, x_share, y_share)
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#define PRIVATE_UNARY(name, zeros, value, share) ad_var operation_##name(ad_var x);
#define PRIVATE_BINARY(name, zeros, value, x_share, y_share)                                       \
    ad_var operation_##name(ad_var x, ad_var y);
#include "ops/elementwise.def"
/* The sums L(a, g), or U(a, g), of cumulative.c; by is a grouping. */
ad_var operation_recurrence(ad_var a, ad_var g, int by, bool other);
/* count values of cols elements each as the rows of a matrix. */
ad_var operation_stack(ad_tape *tape, const ad_var *rows, size_t count, size_t cols);
/* g (1x1) times the n x n unit matrix, kept as such. */
ad_var operation_scaled_identity(ad_var g, size_t n);
/* x, structurally zero where z is; as a whole, where all of z is, when their shapes differ. */
ad_var operation_unless_zero(ad_var z, ad_var x);
/* x, its structural zeros read as the number 0 unless there is nothing else. */
ad_var operation_as_numbers(ad_var x);
/* rows x cols zeros with the elements of count values added at positions, `at` for all one after
 * another; with sparse the other zeros are structural. */
ad_var operation_put(const ad_var *x, size_t count, const size_t *at, size_t rows, size_t cols,
                     bool sparse);
/* u with structural zeros around the elements that ad_scatter or ad_diag put there. */
ad_var operation_direction_of(ad_var u);
/* A share of an adjoint, summed over the dimensions along which x was broadcast to its shape. */
ad_var operation_summed_like(ad_var share, ad_var x);
/* Adds the share of an operand that the result repeats: a sum. */
bool operation_sum_back(const evaluation *e, const plain_adjoints *a);
/* The trace of A B, m x n times n x m, without the product: O(m n). */
ad_var operation_trace_product(ad_var A, ad_var B);
/* The factorization of input 0, made once per matrix and kept in the memo; NULL after an error. */
struct determinant_factor *operation_factor(const evaluation *e);
/* D cof(A)[V] and D^2 cof(A)[V, W], n x n as A. */
ad_var operation_cofactor_derivative(ad_var A, ad_var V);
ad_var operation_cofactor_second_derivative(ad_var A, ad_var V, ad_var W);
/* A^-T W^T A^-T, n x n as A. */
ad_var operation_inverse_product(ad_var A, ad_var W);
/* op(A)^-1 B where op is the transpose if asked for; shares the factorization of A. */
ad_var operation_solve(ad_var A, ad_var B, bool transpose);
/* op(A)^+ B, with the pseudo-inverse of a matrix of full rank. */
ad_var operation_lstsq(ad_var A, ad_var B, bool transpose);
/* The factors of a product recorded by ad_matmul; false for any other value. */
bool matmul_factors(ad_var A, ad_var factors[2]);
/* op(A) op(B). */
ad_var operation_matmul(ad_var A, ad_var B, bool transpose_a, bool transpose_b);

/* The adjoint of a norm where it is not 0: at 0 no element takes part. A plain sweep, which nothing
 * differentiates again, looks at the value. */
ad_var operation_norm_adjoint(const rule *r);
/* Whether x is a length with a derivative: a Euclidean norm, |t| or hypot. Its square is
 * recorded as the sum of squares that it is the root of. */
bool operation_is_length(ad_var x);
ad_var operation_square_of(ad_var length);
/* x / ||x||, all elements together; 0 at 0. */
ad_var operation_unit(ad_var x);
/* The largest singular value of a matrix, and its vectors [u; v], (m + n) x 1. */
ad_var operation_spectral_norm(ad_var A);
ad_var operation_singular_vectors(ad_var A);
/* (K - s I)^+ b, K = [0 A; A^T 0], b (m + n) x 1, s and w the norm and the vectors of A; 0 where s
 * is not a simple singular value. */
ad_var operation_resolvent(ad_var A, ad_var b, ad_var s, ad_var w);
/* y / k at each of the k elements of x that equal their extreme, else 0; and the mean of z over
 * these. extremes is 1x1, m x 1 (one for each row of x) or 1 x n, y of its shape, z of that of
 * x. */
ad_var operation_tie_share(ad_var y, ad_var x, ad_var extremes);
ad_var operation_tie_mean(ad_var z, ad_var x, ad_var extremes);
/* The lower triangle with half the diagonal. */
ad_var operation_half_lower(ad_var A);

#endif

/* The operations' own header: the table of all of them, and what one family lends another. */
#ifndef OPS_OPERATIONS_H
#define OPS_OPERATIONS_H

#include "tape/operation.h"

/* Every family lists its descriptors; the families together are the table of operations. */
typedef struct operation_family {
    const operation *const *operations;
    size_t count;
} operation_family;

extern const operation_family shape_family, where_family, reduction_family, extreme_family,
    product_family, norm_family, matmul_family, determinant_family, solve_family, cholesky_family,
    charpoly_family, detach_family;

#define OPERATION_FAMILY(name, ...)                                                                \
    static const operation *const name##_operations[] = {__VA_ARGS__};                             \
    const operation_family name##_family = {name##_operations,                                     \
                                            sizeof name##_operations / sizeof *name##_operations}

/* The i-th operation of the library, elementwise ones first; NULL past the end. */
const operation *operation_at(size_t i);

/* Shape rules and checks that several families use. */
bool shape_is_square(const evaluation *e, size_t *rows, size_t *cols); /* n x n from n x n */
bool shape_is_square_to_scalar(const evaluation *e, size_t *rows, size_t *cols);
bool shape_to_scalar(const evaluation *e, size_t *rows, size_t *cols);
bool shape_same(const evaluation *e, size_t *rows, size_t *cols); /* that of input 0 */
bool shape_is_vector(const matrix *m);                            /* m x 1 or 1 x n */

/* g (1x1) times the n x n unit matrix, kept as such. */
ad_var operation_scaled_identity(ad_var g, size_t n);
/* The trace of A B, or of A B^T, without the product: O(n^2). */
ad_var operation_trace_product(ad_var A, ad_var B);
/* op(A)^-1 B where op is the transpose if asked for; shares the factorization of A. */
ad_var operation_solve(ad_var A, ad_var B, bool transpose);
/* The factors of a product recorded by ad_matmul; false for any other value. */
bool matmul_factors(ad_var A, ad_var factors[2]);
/* op(A) op(B). */
ad_var operation_matmul(ad_var A, ad_var B, bool transpose_a, bool transpose_b);

#endif

/* SPDX-License-Identifier: MIT */
/* The operations that a tape records; included by autodiff.h.
 *
 * All take and return handles on one tape, allocate on that tape and report errors through it
 * (see autodiff.h). docs/derivations.md derives every rule and names its source.
 *
 * Points without a derivative, and what is taken for it; higher derivatives are 0 there:
 *
 *     max, min, maximum, minimum, and by       ties share equally, others are not taken
 *       rows or columns, norm_inf
 *     abs, relu at 0                           nothing is taken
 *     norm1 where x_i = 0                      these x_i are not taken
 *     norm2, norm_fro, hypot at 0              nothing is taken; the square is smooth: ad_square
 *     norm2 of a matrix                        nothing is taken at 0; u v^T of one pair of vectors
 *                                              where the largest singular value is repeated
 *     atan2, direction at the origin           0
 *     sign, floor, ceil, round, less, equal,   0 everywhere
 *       compare, detsign
 *     x^0 at x = 0                             0
 *     x log y at x = 0                         log y and 0, also for y = 0
 *     mod where x/y is an integer              1 and -x/y, those on one side
 *
 * sqrt and log have slope +Inf at 0. The gradient of logabsdet is an error at singular matrices,
 * where its value is -Inf; det and cofactor are smooth there.
 *
 * What is not taken, by these or by where, block, gather, tril, triu and diagonal, gets exactly 0
 * whatever its own slope is, and adds no NaN. A zero that is merely a number is never skipped:
 * 0 times Inf is NaN.
 */
#ifndef AUTODIFF_OPERATIONS_H
#define AUTODIFF_OPERATIONS_H

/* ---- Elementwise, of two: shapes equal, or broadcast along a dimension of 1 -------------- */

/* x + y */
AD_API ad_var ad_add(ad_var x, ad_var y);
/* x - y */
AD_API ad_var ad_sub(ad_var x, ad_var y);
/* x times y, elementwise (ad_matmul is the matrix product) */
AD_API ad_var ad_mul(ad_var x, ad_var y);
/* x / y, elementwise */
AD_API ad_var ad_div(ad_var x, ad_var y);
/* x to the power y, elementwise; as C's pow, so that x^0 = 1^y = 1 also of NaN */
AD_API ad_var ad_pow(ad_var x, ad_var y);
/* The smaller of x and y, elementwise (ad_minimum: of all elements); NaN if either is; the gradient
 * is shared equally at a tie */
AD_API ad_var ad_min(ad_var x, ad_var y);
/* The larger of x and y, elementwise (ad_maximum: of all elements); NaN if either is; the gradient is
 * shared equally at a tie */
AD_API ad_var ad_max(ad_var x, ad_var y);
/* x log y; 0 where x is 0 and y >= 0. Derivatives log y and x/y, this also 0 where x is 0 */
AD_API ad_var ad_xlogy(ad_var x, ad_var y);
/* x - y floor(x/y), of the sign of y; x where y is 0. A quotient that is an integer to rounding
 * gives 0 where y is no integer. Derivatives 1 and -floor(x/y) */
AD_API ad_var ad_mod(ad_var x, ad_var y);
/* The angle of the point (y-coordinate x, x-coordinate y), as C's atan2; gradient 0 at the
 * origin */
AD_API ad_var ad_atan2(ad_var x, ad_var y);
/* sqrt(x^2 + y^2) without overflow, NaN if either is; gradient 0 at the origin; see ad_square */
AD_API ad_var ad_hypot(ad_var x, ad_var y);
/* x / hypot(x, y), the cosine of the angle of the point (x, y); 0 at the origin */
AD_API ad_var ad_direction(ad_var x, ad_var y);
/* -1, 0 or 1 as x is below, at or above y; NaN if either is; no derivative */
AD_API ad_var ad_compare(ad_var x, ad_var y);
/* 1 where x < y, else 0, of NaN too; no derivative */
AD_API ad_var ad_less(ad_var x, ad_var y);
/* 1 where x equals y, else 0, of NaN too; no derivative */
AD_API ad_var ad_equal(ad_var x, ad_var y);

/* ---- Elementwise, of one ------------------------------------------------------------------ */

/* -x */
AD_API ad_var ad_neg(ad_var x);
/* |x|; derivative sign(x), 0 at 0; see ad_square */
AD_API ad_var ad_abs(ad_var x);
/* Square root; derivative +Inf at 0, NaN below */
AD_API ad_var ad_sqrt(ad_var x);
/* x^2. Of norm2 of a vector, norm_fro, abs and hypot it is a sum of squares, smooth at 0 too. So is
 * powi 2, pow_to 2, pow whose exponent is a constant and now 2, and mul of x with itself */
AD_API ad_var ad_square(ad_var x);
/* e^x */
AD_API ad_var ad_exp(ad_var x);
/* e^x - 1, accurate near 0 */
AD_API ad_var ad_expm1(ad_var x);
/* Natural logarithm; NaN below 0, where the derivative is still 1/x */
AD_API ad_var ad_log(ad_var x);
/* log(1 + x), accurate near 0 */
AD_API ad_var ad_log1p(ad_var x);
/* 2^x */
AD_API ad_var ad_exp2(ad_var x);
/* Logarithm to base 2; see ad_log */
AD_API ad_var ad_log2(ad_var x);
/* Logarithm to base 10; see ad_log */
AD_API ad_var ad_log10(ad_var x);
/* Sine; angles in radians here and below */
AD_API ad_var ad_sin(ad_var x);
/* Cosine */
AD_API ad_var ad_cos(ad_var x);
/* Tangent */
AD_API ad_var ad_tan(ad_var x);
/* Inverse sine */
AD_API ad_var ad_asin(ad_var x);
/* Inverse cosine */
AD_API ad_var ad_acos(ad_var x);
/* Inverse tangent */
AD_API ad_var ad_atan(ad_var x);
/* Hyperbolic sine */
AD_API ad_var ad_sinh(ad_var x);
/* Hyperbolic cosine */
AD_API ad_var ad_cosh(ad_var x);
/* Hyperbolic tangent */
AD_API ad_var ad_tanh(ad_var x);
/* Inverse hyperbolic sine */
AD_API ad_var ad_asinh(ad_var x);
/* Inverse hyperbolic cosine; NaN below 1, where the derivative is +Inf */
AD_API ad_var ad_acosh(ad_var x);
/* Inverse hyperbolic tangent; infinite at -1 and 1, NaN outside */
AD_API ad_var ad_atanh(ad_var x);
/* sin(x) / x, 1 at 0; all derivatives accurate at and near 0 */
AD_API ad_var ad_sinc(ad_var x);
/* Error function */
AD_API ad_var ad_erf(ad_var x);
/* 1 - erf(x), accurate where that is tiny */
AD_API ad_var ad_erfc(ad_var x);
/* log |Gamma(x)|; +Inf at the poles, where the derivative is NaN but at 0 */
AD_API ad_var ad_lgamma(ad_var x);
/* The gamma function; infinite at its poles, -Inf at -0 and +Inf at the others, where the
 * derivative is NaN but at 0 */
AD_API ad_var ad_gamma(ad_var x);
/* Digamma, the derivative of lgamma */
AD_API ad_var ad_digamma(ad_var x);
/* The n-th derivative of digamma, n >= 0: ad_polygamma(x, 1) is trigamma */
AD_API ad_var ad_polygamma(ad_var x, int n);
/* 1 / (1 + e^-x) */
AD_API ad_var ad_sigmoid(ad_var x);
/* log(1 + e^x) without overflow */
AD_API ad_var ad_softplus(ad_var x);
/* max(x, 0); derivative 0 at 0 */
AD_API ad_var ad_relu(ad_var x);
/* -1, 0 or 1; derivative 0, as those of floor, ceil and round */
AD_API ad_var ad_sign(ad_var x);
/* The largest integer not above x */
AD_API ad_var ad_floor(ad_var x);
/* The smallest integer not below x */
AD_API ad_var ad_ceil(ad_var x);
/* The nearest integer, halves away from 0 */
AD_API ad_var ad_round(ad_var x);
/* c times x */
AD_API ad_var ad_scale(ad_var x, double c);
/* x + c */
AD_API ad_var ad_shift(ad_var x, double c);
/* x to an integer power, exact rules at 0: the derivative of x^0 is 0 */
AD_API ad_var ad_powi(ad_var x, int n);
/* x to a fixed power, elementwise: as ad_powi where that is an int, else as ad_pow of a constant */
AD_API ad_var ad_pow_to(ad_var x, double exponent);
/* x where condition is not 0, else y; three operands broadcast; an element that is not taken passes
 * no derivative at all */
AD_API ad_var ad_where(ad_var condition, ad_var x, ad_var y);

/* ---- Shape; rows and columns count from 0 -------------------------------------------------- */

/* n x m from m x n */
AD_API ad_var ad_transpose(ad_var x);
/* The elements of x, row by row, as rows x cols */
AD_API ad_var ad_reshape(ad_var x, size_t rows, size_t cols);
/* The rows x cols block whose first element is (row, col) */
AD_API ad_var ad_block(ad_var x, size_t row, size_t col, size_t rows, size_t cols);
/* rows x cols elements of x at the row-major positions indices[0 .. rows*cols-1] (copied) */
AD_API ad_var ad_gather(ad_var x, const size_t *indices, size_t rows, size_t cols);
/* rows x cols zeros with element k of x added at row-major position indices[k] (copied; as many
 * as x has elements) */
AD_API ad_var ad_scatter(ad_var x, const size_t *indices, size_t rows, size_t cols);
/* x and y side by side; equal rows */
AD_API ad_var ad_hcat(ad_var x, ad_var y);
/* x above y; equal columns. A chain of n takes O(n^2): join many values by ad_vcat_all */
AD_API ad_var ad_vcat(ad_var x, ad_var y);
/* count values side by side; equal rows. Invalid, without an error, of none or NULL */
AD_API ad_var ad_hcat_all(const ad_var *vars, size_t count);
/* count values one above the other; equal columns. Invalid, without an error, of none or NULL */
AD_API ad_var ad_vcat_all(const ad_var *vars, size_t count);
/* n x n with the vector v (n x 1 or 1 x n) on the diagonal */
AD_API ad_var ad_diag(ad_var v);
/* The diagonal of an m x n matrix, min(m, n) x 1 */
AD_API ad_var ad_diagonal(ad_var A);
/* x repeated along its dimensions of 1 to rows x cols */
AD_API ad_var ad_broadcast(ad_var x, size_t rows, size_t cols);
/* The lower triangle with the diagonal, 0 above */
AD_API ad_var ad_tril(ad_var A);
/* The upper triangle with the diagonal, 0 below */
AD_API ad_var ad_triu(ad_var A);

/* ---- Reductions and norms, to 1x1 unless said otherwise ------------------------------------ */

/* Sum of all elements; 0 of none */
AD_API ad_var ad_sum(ad_var x);
/* Mean of all elements; NaN of none */
AD_API ad_var ad_mean(ad_var x);
/* Product of all elements; 1 of none; its derivatives never divide */
AD_API ad_var ad_prod(ad_var x);
/* Largest element, NaN if any is; ties share the gradient; an error of none */
AD_API ad_var ad_maximum(ad_var x);
/* Smallest element, NaN if any is; ties share the gradient; an error of none */
AD_API ad_var ad_minimum(ad_var x);
/* log of the sum of exponentials, without overflow; -Inf of none */
AD_API ad_var ad_logsumexp(ad_var x);
/* exp(x) / sum of exp(x), of the shape of x, without overflow: all elements add up to 1 */
AD_API ad_var ad_softmax(ad_var x);
/* Sum of the diagonal of a square matrix */
AD_API ad_var ad_trace(ad_var A);
/* Each row's sum, m x 1 */
AD_API ad_var ad_sum_rows(ad_var A);
/* Each column's sum, 1 x n */
AD_API ad_var ad_sum_cols(ad_var A);
/* Each row's logsumexp, m x 1 */
AD_API ad_var ad_logsumexp_rows(ad_var A);
/* Each column's logsumexp, 1 x n */
AD_API ad_var ad_logsumexp_cols(ad_var A);
/* The softmax of each row, m x n */
AD_API ad_var ad_softmax_rows(ad_var A);
/* The softmax of each column, m x n */
AD_API ad_var ad_softmax_cols(ad_var A);
/* Sums of the first elements in row-major order, of the shape of x: element i is x_1 + .. + x_i */
AD_API ad_var ad_cumsum(ad_var x);
/* Sums of the first elements of each row, m x n */
AD_API ad_var ad_cumsum_rows(ad_var A);
/* Sums of the first elements of each column, m x n */
AD_API ad_var ad_cumsum_cols(ad_var A);
/* Products of the first elements in row-major order, of the shape of x: element i is x_1 .. x_i;
 * its derivatives never divide */
AD_API ad_var ad_cumprod(ad_var x);
/* Products of the first elements of each row, m x n */
AD_API ad_var ad_cumprod_rows(ad_var A);
/* Products of the first elements of each column, m x n */
AD_API ad_var ad_cumprod_cols(ad_var A);
/* Each row's product, m x 1 */
AD_API ad_var ad_prod_rows(ad_var A);
/* Each column's product, 1 x n */
AD_API ad_var ad_prod_cols(ad_var A);
/* Each row's largest element, m x 1 */
AD_API ad_var ad_max_rows(ad_var A);
/* Each column's largest element, 1 x n */
AD_API ad_var ad_max_cols(ad_var A);
/* Each row's smallest element, m x 1 */
AD_API ad_var ad_min_rows(ad_var A);
/* Each column's smallest element, 1 x n */
AD_API ad_var ad_min_cols(ad_var A);
/* Sum of x_ij y_ij, equal shapes: on matrices the Frobenius product */
AD_API ad_var ad_dot(ad_var x, ad_var y);
/* Sum of the squares of all elements; 0 of none */
AD_API ad_var ad_sumsq(ad_var x);
/* Vector: sum |x_i|; matrix: largest column sum of |a_ij| */
AD_API ad_var ad_norm1(ad_var x);
/* Vector: Euclidean norm, without overflow, gradient 0 at 0, see ad_square; matrix: largest
 * singular value */
AD_API ad_var ad_norm2(ad_var x);
/* Vector: max |x_i|; matrix: largest row sum of |a_ij| */
AD_API ad_var ad_norm_inf(ad_var x);
/* Frobenius norm, without overflow; gradient 0 at 0; see ad_square */
AD_API ad_var ad_norm_fro(ad_var x);

/* ---- Linear algebra ------------------------------------------------------------------------- */

/* The matrix product, m x k times k x n */
AD_API ad_var ad_matmul(ad_var A, ad_var B);
/* x y^T of two vectors (rows or columns), (size of x) x (size of y) */
AD_API ad_var ad_outer(ad_var x, ad_var y);
/* The Kronecker product, (m p) x (n q) */
AD_API ad_var ad_kron(ad_var A, ad_var B);
/* x^T A y: x of m elements, A m x n, y of n elements; 1x1 */
AD_API ad_var ad_quad(ad_var x, ad_var A, ad_var y);
/* Determinant of a square matrix; derivatives exist at singular matrices too. NaN or Inf in the
 * matrix makes it NaN, and log|det| and charpoly below */
AD_API ad_var ad_det(ad_var A);
/* log |det A|; -Inf for a singular matrix, whose gradient is AD_ERROR_DERIVATIVE */
AD_API ad_var ad_logabsdet(ad_var A);
/* Sign of det A: -1, 0 or 1; no derivative */
AD_API ad_var ad_detsign(ad_var A);
/* The cofactor matrix, gradient of det; det(A) A^-T where A is regular. A cofactor leaves out a row
 * and a column: NaN or Inf elsewhere makes it NaN */
AD_API ad_var ad_cofactor(ad_var A);
/* A^-1; AD_ERROR_SINGULAR at a zero pivot. ad_solve is cheaper and more accurate */
AD_API ad_var ad_inverse(ad_var A);
/* X with A X = B, A n x n, B n x k; AD_ERROR_SINGULAR at a zero pivot */
AD_API ad_var ad_solve(ad_var A, ad_var B);
/* X with the least norm of A X - B, and of X where there are several; A m x n of full rank, else
 * AD_ERROR_SINGULAR, B m x k. By Q R; O(m n min(m, n)) */
AD_API ad_var ad_lstsq(ad_var A, ad_var B);
/* X with L X = B, or L^T X = B, L n x n, B n x k; what is above the diagonal of L is not read;
 * AD_ERROR_SINGULAR where a 0 is on it */
AD_API ad_var ad_solve_lower(ad_var L, ad_var B, bool transpose);
/* X with U X = B, or U^T X = B, U n x n, B n x k; what is below the diagonal of U is not read;
 * AD_ERROR_SINGULAR where a 0 is on it */
AD_API ad_var ad_solve_upper(ad_var U, ad_var B, bool transpose);
/* X with S X = B, S = (A + A^T)/2, A n x n, B n x k; AD_ERROR_SINGULAR where S is not positive
 * definite */
AD_API ad_var ad_solve_spd(ad_var A, ad_var B);
/* log det (A + A^T)/2; AD_ERROR_SINGULAR where that is not positive definite */
AD_API ad_var ad_logdet_spd(ad_var A);
/* Lower triangular L with L L^T = (A + A^T)/2; AD_ERROR_SINGULAR where not positive definite; NaN
 * in the matrix makes all of the triangle NaN */
AD_API ad_var ad_cholesky(ad_var A);
/* det(x I - A), x 1x1; the gradient by A of its third derivative by x, and of higher ones, needs a
 * regular x I - A of n > 3 (AD_ERROR_SINGULAR) */
AD_API ad_var ad_charpoly(ad_var A, ad_var x);

#endif

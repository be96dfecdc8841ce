/* SPDX-License-Identifier: MIT */
/* Values in two forms: a matrix, recorded by the library's operations, and beside it its elements
 * as numbers, among which C code chooses by value and records no more than sums, products and
 * functions of one number. Derivatives of the second form are a reference for those of the first:
 * what was not chosen is not on its path at all. */
#ifndef TESTS_PAIRED_H
#define TESTS_PAIRED_H

#include <autodiff/autodiff.h>

enum { PAIRED_MOST = 36 };

typedef struct paired_element {
    ad_var value;
    unsigned from; /* the inputs that it depends on, a bit each */
} paired_element;

typedef struct paired {
    ad_var whole;
    size_t rows, cols;
    paired_element at[PAIRED_MOST];
} paired;

/* What an extreme, sum or product is taken of. */
typedef enum along { ALONG_ALL, ALONG_ROWS, ALONG_COLS } along;

typedef ad_var unary(ad_var);
typedef ad_var binary(ad_var, ad_var);

paired paired_input(ad_tape *tape, size_t rows, size_t cols, const double *values);
paired paired_constant(ad_tape *tape, size_t rows, size_t cols, const double *values);
paired paired_number(ad_tape *tape, double value);

/* Elementwise; y is broadcast to x, or x to y. */
paired paired_map(const paired *x, unary *f);
paired paired_combine(const paired *x, const paired *y, binary *f);

/* Elementwise choices: ad_where, ad_max, ad_min, ad_relu, ad_abs. */
paired paired_where(const paired *condition, const paired *x, const paired *y);
paired paired_larger(const paired *x, const paired *y);
paired paired_smaller(const paired *x, const paired *y);
paired paired_relu(const paired *x);
paired paired_abs(const paired *x);

/* Moved elements. */
paired paired_transpose(const paired *x);
paired paired_reshape(const paired *x, size_t rows, size_t cols);
paired paired_gather(const paired *x, const size_t *indices, size_t rows, size_t cols);
paired paired_block(const paired *x, size_t row, size_t col, size_t rows, size_t cols);
paired paired_twice(const paired *x); /* [x x] */
paired paired_diagonal(const paired *x);
paired paired_tril(const paired *x);
paired paired_triu(const paired *x);

/* Reductions. Ties of extremes share equally. */
paired paired_largest(const paired *x, along which);
paired paired_smallest(const paired *x, along which);
paired paired_sum(const paired *x, along which);
paired paired_product(const paired *x, along which); /* not ALONG_ALL */
paired paired_norm1(const paired *x);
paired paired_norm_inf(const paired *x);
paired paired_norm2(const paired *x); /* of a vector */
paired paired_logsumexp(const paired *x);
paired paired_matmul(const paired *x, const paired *y);

#endif

/* SPDX-License-Identifier: MIT */
#include "tests/paired.h"

#include <check.h>
#include <math.h>

static size_t size_of(const paired *x)
{
    return x->rows * x->cols;
}

static ad_tape *tape_of(const paired *x)
{
    return x->whole.tape;
}

static double value_of(const paired *x, size_t i)
{
    return ad_value(x->at[i].value);
}

static paired_element number(ad_tape *tape, double value)
{
    return (paired_element){ad_constant(tape, 1, 1, &value), 0};
}

/* A result still without elements. */
static paired begin(ad_var whole, size_t rows, size_t cols)
{
    ck_assert_msg(ad_rows(whole) == rows && ad_cols(whole) == cols && rows * cols <= PAIRED_MOST,
                  "%zux%zu, not %zux%zu: %s", ad_rows(whole), ad_cols(whole), rows, cols,
                  ad_tape_message(whole.tape));
    return (paired){.whole = whole, .rows = rows, .cols = cols};
}

/* ---- leaves ---- */

paired paired_input(ad_tape *tape, size_t rows, size_t cols, const double *values)
{
    paired x = begin(ad_input(tape, rows, cols, values), rows, cols);
    for (size_t i = 0; i < rows * cols; i++)
        x.at[i] = (paired_element){ad_scalar(tape, values[i]), 1u << i};
    return x;
}

paired paired_constant(ad_tape *tape, size_t rows, size_t cols, const double *values)
{
    paired x = begin(ad_constant(tape, rows, cols, values), rows, cols);
    for (size_t i = 0; i < rows * cols; i++) x.at[i] = number(tape, values[i]);
    return x;
}

paired paired_number(ad_tape *tape, double value)
{
    return paired_constant(tape, 1, 1, &value);
}

/* ---- elementwise ---- */

static paired_element apply(binary *f, paired_element x, paired_element y)
{
    return (paired_element){f(x.value, y.value), x.from | y.from};
}

static size_t larger_size(size_t x, size_t y)
{
    return x == 1 ? y : x;
}

/* Element (i, j) of what x is broadcast to. */
static const paired_element *element(const paired *x, size_t i, size_t j)
{
    return &x->at[(x->rows == 1 ? 0 : i) * x->cols + (x->cols == 1 ? 0 : j)];
}

paired paired_map(const paired *x, unary *f)
{
    paired y = begin(f(x->whole), x->rows, x->cols);
    for (size_t i = 0; i < size_of(x); i++)
        y.at[i] = (paired_element){f(x->at[i].value), x->at[i].from};
    return y;
}

/* The elements of a result of two that are broadcast. */
static paired combine(ad_var whole, const paired *x, const paired *y,
                      paired_element (*f)(paired_element, paired_element))
{
    paired z = begin(whole, larger_size(x->rows, y->rows), larger_size(x->cols, y->cols));
    for (size_t i = 0; i < z.rows; i++)
        for (size_t j = 0; j < z.cols; j++)
            z.at[i * z.cols + j] = f(*element(x, i, j), *element(y, i, j));
    return z;
}

paired paired_combine(const paired *x, const paired *y, binary *f)
{
    paired z =
        begin(f(x->whole, y->whole), larger_size(x->rows, y->rows), larger_size(x->cols, y->cols));
    for (size_t i = 0; i < z.rows; i++)
        for (size_t j = 0; j < z.cols; j++)
            z.at[i * z.cols + j] = apply(f, *element(x, i, j), *element(y, i, j));
    return z;
}

paired paired_where(const paired *condition, const paired *x, const paired *y)
{
    size_t rows = larger_size(condition->rows, larger_size(x->rows, y->rows));
    size_t cols = larger_size(condition->cols, larger_size(x->cols, y->cols));
    paired z = begin(ad_where(condition->whole, x->whole, y->whole), rows, cols);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) {
            bool taken = ad_value(element(condition, i, j)->value) != 0;
            z.at[i * cols + j] = *element(taken ? x : y, i, j);
        }
    return z;
}

static paired_element mean_of_two(paired_element x, paired_element y)
{
    paired_element sum = apply(ad_add, x, y);
    return (paired_element){ad_scale(sum.value, 0.5), sum.from};
}

static paired_element larger(paired_element x, paired_element y)
{
    double a = ad_value(x.value), b = ad_value(y.value);
    return a > b ? x : b > a ? y : mean_of_two(x, y);
}

static paired_element smaller(paired_element x, paired_element y)
{
    double a = ad_value(x.value), b = ad_value(y.value);
    return a < b ? x : b < a ? y : mean_of_two(x, y);
}

paired paired_larger(const paired *x, const paired *y)
{
    return combine(ad_max(x->whole, y->whole), x, y, larger);
}

paired paired_smaller(const paired *x, const paired *y)
{
    return combine(ad_min(x->whole, y->whole), x, y, smaller);
}

/* 0 at 0, where neither has a derivative, is a number without history. */
static paired_element magnitude(paired_element x, bool negative_too)
{
    double value = ad_value(x.value);
    if (value > 0) return x;
    if (value < 0 && negative_too) return (paired_element){ad_neg(x.value), x.from};
    return number(x.value.tape, 0);
}

paired paired_relu(const paired *x)
{
    paired y = begin(ad_relu(x->whole), x->rows, x->cols);
    for (size_t i = 0; i < size_of(x); i++) y.at[i] = magnitude(x->at[i], false);
    return y;
}

paired paired_abs(const paired *x)
{
    paired y = begin(ad_abs(x->whole), x->rows, x->cols);
    for (size_t i = 0; i < size_of(x); i++) y.at[i] = magnitude(x->at[i], true);
    return y;
}

/* ---- moves ---- */

paired paired_transpose(const paired *x)
{
    paired y = begin(ad_transpose(x->whole), x->cols, x->rows);
    for (size_t i = 0; i < size_of(x); i++) y.at[i % x->cols * x->rows + i / x->cols] = x->at[i];
    return y;
}

paired paired_reshape(const paired *x, size_t rows, size_t cols)
{
    paired y = *x;
    y.whole = ad_reshape(x->whole, rows, cols);
    y.rows = rows;
    y.cols = cols;
    return y;
}

paired paired_gather(const paired *x, const size_t *indices, size_t rows, size_t cols)
{
    paired y = begin(ad_gather(x->whole, indices, rows, cols), rows, cols);
    for (size_t i = 0; i < rows * cols; i++) y.at[i] = x->at[indices[i]];
    return y;
}

paired paired_block(const paired *x, size_t row, size_t col, size_t rows, size_t cols)
{
    paired y = begin(ad_block(x->whole, row, col, rows, cols), rows, cols);
    for (size_t i = 0; i < rows * cols; i++)
        y.at[i] = x->at[(row + i / cols) * x->cols + col + i % cols];
    return y;
}

paired paired_twice(const paired *x)
{
    paired y = begin(ad_hcat(x->whole, x->whole), x->rows, 2 * x->cols);
    for (size_t i = 0; i < size_of(&y); i++) y.at[i] = x->at[i / y.cols * x->cols + i % x->cols];
    return y;
}

paired paired_diagonal(const paired *x)
{
    size_t size = x->rows < x->cols ? x->rows : x->cols;
    paired y = begin(ad_diagonal(x->whole), size, 1);
    for (size_t i = 0; i < size; i++) y.at[i] = x->at[i * x->cols + i];
    return y;
}

static paired triangle(const paired *x, ad_var whole, bool is_lower)
{
    paired y = begin(whole, x->rows, x->cols);
    for (size_t i = 0; i < size_of(x); i++) {
        size_t row = i / x->cols, col = i % x->cols;
        bool taken = is_lower ? col <= row : row <= col;
        y.at[i] = taken ? x->at[i] : number(tape_of(x), 0);
    }
    return y;
}

paired paired_tril(const paired *x)
{
    return triangle(x, ad_tril(x->whole), true);
}

paired paired_triu(const paired *x)
{
    return triangle(x, ad_triu(x->whole), false);
}

/* ---- reductions ---- */

/* A result of all elements, of each row, or of each column; *group is the one that element i of x
 * belongs to. */
static paired reduced(const paired *x, ad_var whole, along which)
{
    return begin(whole, which == ALONG_ROWS ? x->rows : 1, which == ALONG_COLS ? x->cols : 1);
}

static size_t group_of(const paired *x, along which, size_t i)
{
    return which == ALONG_ALL ? 0 : which == ALONG_ROWS ? i / x->cols : i % x->cols;
}

/* One after another: f(f(x_1, x_2), x_3) ... */
static paired fold(const paired *x, ad_var whole, along which, binary *f)
{
    paired y = reduced(x, whole, which);
    for (size_t i = 0; i < size_of(x); i++) {
        paired_element *sum = &y.at[group_of(x, which, i)];
        *sum = sum->value.tape ? apply(f, *sum, x->at[i]) : x->at[i];
    }
    return y;
}

paired paired_sum(const paired *x, along which)
{
    ad_var whole = which == ALONG_ALL    ? ad_sum(x->whole)
                   : which == ALONG_ROWS ? ad_sum_rows(x->whole)
                                         : ad_sum_cols(x->whole);
    return fold(x, whole, which, ad_add);
}

paired paired_product(const paired *x, along which)
{
    ad_var whole = which == ALONG_ROWS ? ad_prod_rows(x->whole) : ad_prod_cols(x->whole);
    return fold(x, whole, which, ad_mul);
}

/* The mean of all elements of a group that equal its extreme. */
static paired extreme(const paired *x, ad_var whole, along which, double sign)
{
    paired y = reduced(x, whole, which);
    for (size_t k = 0; k < size_of(&y); k++) {
        double best = -INFINITY;
        size_t count = 0;
        for (size_t i = 0; i < size_of(x); i++)
            if (group_of(x, which, i) == k) best = fmax(best, sign * value_of(x, i));
        for (size_t i = 0; i < size_of(x); i++) {
            if (group_of(x, which, i) != k || sign * value_of(x, i) != best) continue;
            y.at[k] = count++ ? apply(ad_add, y.at[k], x->at[i]) : x->at[i];
        }
        if (count > 1) y.at[k].value = ad_scale(y.at[k].value, 1 / (double)count);
    }
    return y;
}

paired paired_largest(const paired *x, along which)
{
    ad_var whole = which == ALONG_ALL    ? ad_maximum(x->whole)
                   : which == ALONG_ROWS ? ad_max_rows(x->whole)
                                         : ad_max_cols(x->whole);
    return extreme(x, whole, which, 1);
}

paired paired_smallest(const paired *x, along which)
{
    ad_var whole = which == ALONG_ALL    ? ad_minimum(x->whole)
                   : which == ALONG_ROWS ? ad_min_rows(x->whole)
                                         : ad_min_cols(x->whole);
    return extreme(x, whole, which, -1);
}

static bool is_vector(const paired *x)
{
    return x->rows == 1 || x->cols == 1;
}

/* The largest of the sums of magnitudes along rows or columns, or of all. */
static paired norm(const paired *x, ad_var whole, along which)
{
    paired magnitudes = paired_abs(x), sums = paired_sum(&magnitudes, which);
    paired y = paired_largest(&sums, ALONG_ALL);
    y.whole = whole;
    return y;
}

paired paired_norm1(const paired *x)
{
    return norm(x, ad_norm1(x->whole), is_vector(x) ? ALONG_ALL : ALONG_COLS);
}

paired paired_norm_inf(const paired *x)
{
    return norm(x, ad_norm_inf(x->whole), x->rows == 1 ? ALONG_COLS : ALONG_ROWS);
}

paired paired_norm2(const paired *x)
{
    paired squares = paired_map(x, ad_square), y = paired_sum(&squares, ALONG_ALL);
    y.whole = ad_norm2(x->whole);
    y.at[0] = value_of(&y, 0) > 0 ? (paired_element){ad_sqrt(y.at[0].value), y.at[0].from}
                                  : number(tape_of(x), 0);
    return y;
}

/* Shifted by a number, so that nothing overflows. */
paired paired_logsumexp(const paired *x)
{
    double largest = -INFINITY;
    for (size_t i = 0; i < size_of(x); i++) largest = fmax(largest, value_of(x, i));
    paired shift = paired_number(tape_of(x), largest), shifted = paired_combine(x, &shift, ad_sub);
    paired powers = paired_map(&shifted, ad_exp), y = paired_sum(&powers, ALONG_ALL);
    y.at[0].value = ad_shift(ad_log(y.at[0].value), largest);
    y.whole = ad_logsumexp(x->whole);
    return y;
}

paired paired_matmul(const paired *x, const paired *y)
{
    paired z = begin(ad_matmul(x->whole, y->whole), x->rows, y->cols);
    for (size_t i = 0; i < z.rows; i++)
        for (size_t j = 0; j < z.cols; j++) {
            paired_element *sum = &z.at[i * z.cols + j];
            for (size_t k = 0; k < x->cols; k++) {
                paired_element p = apply(ad_mul, x->at[i * x->cols + k], y->at[k * y->cols + j]);
                *sum = sum->value.tape ? apply(ad_add, *sum, p) : p;
            }
        }
    return z;
}

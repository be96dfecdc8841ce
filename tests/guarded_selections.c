/* SPDX-License-Identifier: MIT */
/* The selections, and the steep functions that they guard against. */
#include "tests/guarded.h"

#include "tests/support_examples.h"

#define SIZE_OF(array) (sizeof(array) / sizeof *(array))

/* ---- steep functions; elements that are not at their points lie in [0.4, 0.8],
 * where their values are on the other side of bounds or not ---- */

static ad_var fourth_root(ad_var x)
{
    return ad_pow(x, number_beside(x, 0.25));
}

static ad_var reciprocal(ad_var x)
{
    return ad_div(number_beside(x, 1), x);
}

static ad_var inverse_cube(ad_var x)
{
    return ad_powi(x, -3);
}

static ad_var x_log_x(ad_var x)
{
    return ad_mul(x, ad_log(x));
}

static ad_var cardinal_sine(ad_var x)
{
    return ad_div(ad_sin(x), x);
}

static const steep steeps[] = {
    {"sqrt", ad_sqrt, 0, LOW, true, {0.1, 0.8}},
    {"log", ad_log, 0, LOW, false, {-3, -0.4}},
    {"1/x", reciprocal, 0, HIGH, false, {1.5, 4}},
    {"exp", ad_exp, 800, HIGH, false, {1.6, 5}},
    {"asin", ad_asin, 1, HIGH, false, {0.6, 1.5}},
    {"x^0.25", fourth_root, 0, LOW, true, {0.1, 0.9}},
    {"acos", ad_acos, 1, LOW, true, {0.1, 1}},
    {"log1p", ad_log1p, -1, LOW, false, {-1, 0.5}},
    {"x^-3", inverse_cube, 0, HIGH, false, {4, 20}},
    {"lgamma", ad_lgamma, 0, HIGH, false, {0.3, 3}},
    {"x log x", x_log_x, 0, EITHER, false, {0, 0}},
    {"sin(x)/x", cardinal_sine, 0, EITHER, false, {0, 0}},
};

/* ---- which elements may be left out ---- */

static bool any(const guard *g, size_t row, size_t col)
{
    (void)g, (void)row, (void)col;
    return true;
}

static bool all_but_first(const guard *g, size_t row, size_t col)
{
    (void)g;
    return row > 0 || col > 0;
}

static bool all_but_one_of_row(const guard *g, size_t row, size_t col)
{
    return col != row % g->cols;
}

static bool all_but_one_of_column(const guard *g, size_t row, size_t col)
{
    return row != col % g->rows;
}

static bool above_diagonal(const guard *g, size_t row, size_t col)
{
    (void)g;
    return row < col;
}

static bool below_diagonal(const guard *g, size_t row, size_t col)
{
    (void)g;
    return col < row;
}

static bool off_diagonal(const guard *g, size_t row, size_t col)
{
    (void)g;
    return row != col;
}

static bool not_gathered(const guard *g, size_t row, size_t col)
{
    for (size_t i = 0; i < g->taken_rows; i++)
        if (g->indices[i] == row * g->cols + col) return false;
    return true;
}

static bool outside_block(const guard *g, size_t row, size_t col)
{
    return row < g->row || row >= g->row + g->taken_rows || col < g->col ||
           col >= g->col + g->taken_cols;
}

/* ---- selections ---- */

/* 1 where x is at the steep point. */
static paired is_steep(const guard *g, const paired *x)
{
    paired point = paired_number(x->whole.tape, g->steep->point);
    return paired_combine(x, &point, ad_equal);
}

static paired alternative(const guard *g, const paired *x)
{
    switch (g->alternative) {
    case 0: return paired_map(x, ad_sin);
    case 1: return paired_map(x, ad_atan);
    default: return paired_constant(x->whole.tape, 1, x->cols, g->weights);
    }
}

static paired where_other(const guard *g, const paired *x, const paired *y)
{
    paired condition = is_steep(g, x), other = alternative(g, x);
    return paired_where(&condition, &other, y);
}

static paired where_steep(const guard *g, const paired *x, const paired *y)
{
    paired condition = is_steep(g, x), one = paired_number(x->whole.tape, 1);
    paired opposite = paired_combine(&one, &condition, ad_sub), other = alternative(g, x);
    return paired_where(&opposite, y, &other);
}

static paired bounds(const guard *g, const paired *x)
{
    return paired_constant(x->whole.tape, g->bound_rows, g->bound_cols, g->bounds);
}

static paired larger(const guard *g, const paired *x, const paired *y)
{
    paired bound = bounds(g, x);
    return g->bounds_first ? paired_larger(&bound, y) : paired_larger(y, &bound);
}

static paired smaller(const guard *g, const paired *x, const paired *y)
{
    paired bound = bounds(g, x);
    return g->bounds_first ? paired_smaller(&bound, y) : paired_smaller(y, &bound);
}

static paired excess(const guard *g, const paired *x, const paired *y)
{
    paired bound = bounds(g, x), difference = paired_combine(y, &bound, ad_sub);
    return paired_relu(&difference);
}

static paired deficit(const guard *g, const paired *x, const paired *y)
{
    paired bound = bounds(g, x), difference = paired_combine(&bound, y, ad_sub);
    return paired_relu(&difference);
}

#define OF_VALUE(name, result)                                                                     \
    static paired name(const guard *g, const paired *x, const paired *y)                           \
    {                                                                                              \
        (void)g, (void)x;                                                                          \
        return result;                                                                             \
    }

OF_VALUE(magnitudes, paired_abs(y))
OF_VALUE(maximum, paired_largest(y, ALONG_ALL))
OF_VALUE(max_rows, paired_largest(y, ALONG_ROWS))
OF_VALUE(max_cols, paired_largest(y, ALONG_COLS))
OF_VALUE(minimum, paired_smallest(y, ALONG_ALL))
OF_VALUE(min_rows, paired_smallest(y, ALONG_ROWS))
OF_VALUE(min_cols, paired_smallest(y, ALONG_COLS))
OF_VALUE(norm1, paired_norm1(y))
OF_VALUE(norm_inf, paired_norm_inf(y))
OF_VALUE(tril, paired_tril(y))
OF_VALUE(triu, paired_triu(y))
OF_VALUE(diagonal, paired_diagonal(y))
OF_VALUE(gather, paired_gather(y, g->indices, g->taken_rows, 1))
OF_VALUE(block, paired_block(y, g->row, g->col, g->taken_rows, g->taken_cols))

/* Sums or products of the rows or columns that have no element at the steep point. */
static paired of_tame_lines(const guard *g, const paired *x, const paired *reductions, along which)
{
    paired steep_ones = is_steep(g, x), condition = paired_largest(&steep_ones, which);
    paired other = paired_map(x, ad_sin), sums = paired_sum(&other, which);
    return paired_where(&condition, &sums, reductions);
}

static paired sum_rows(const guard *g, const paired *x, const paired *y)
{
    paired sums = paired_sum(y, ALONG_ROWS);
    return of_tame_lines(g, x, &sums, ALONG_ROWS);
}

static paired sum_cols(const guard *g, const paired *x, const paired *y)
{
    paired sums = paired_sum(y, ALONG_COLS);
    return of_tame_lines(g, x, &sums, ALONG_COLS);
}

/* Of bounded factors, so that products stay of the size of one. */
static paired prod_rows(const guard *g, const paired *x, const paired *y)
{
    paired factors = paired_map(y, ad_sin), products = paired_product(&factors, ALONG_ROWS);
    return of_tame_lines(g, x, &products, ALONG_ROWS);
}

static paired prod_cols(const guard *g, const paired *x, const paired *y)
{
    paired factors = paired_map(y, ad_tanh), products = paired_product(&factors, ALONG_COLS);
    return of_tame_lines(g, x, &products, ALONG_COLS);
}

static const selection selections[] = {
    {"where, else f", EITHER, false, any, where_other},
    {"where f", EITHER, false, any, where_steep},
    {"max", LOW, false, any, larger},
    {"min", HIGH, false, any, smaller},
    {"relu of an excess", LOW, false, any, excess},
    {"relu of a deficit", HIGH, false, any, deficit},
    {"abs", LOW, true, any, magnitudes},
    {"maximum", LOW, false, all_but_first, maximum},
    {"minimum", HIGH, false, all_but_first, minimum},
    {"max_rows", LOW, false, all_but_one_of_row, max_rows},
    {"max_cols", LOW, false, all_but_one_of_column, max_cols},
    {"min_rows", HIGH, false, all_but_one_of_row, min_rows},
    {"min_cols", HIGH, false, all_but_one_of_column, min_cols},
    {"norm1", LOW, true, any, norm1},
    {"norm_inf", LOW, true, any, norm_inf},
    {"tril", EITHER, false, above_diagonal, tril},
    {"triu", EITHER, false, below_diagonal, triu},
    {"diagonal", EITHER, false, off_diagonal, diagonal},
    {"gather", EITHER, false, not_gathered, gather},
    {"block", EITHER, false, outside_block, block},
    {"sum_rows", EITHER, false, any, sum_rows},
    {"sum_cols", EITHER, false, any, sum_cols},
    {"prod_rows", EITHER, false, any, prod_rows},
    {"prod_cols", EITHER, false, any, prod_cols},
};

size_t selection_count(void)
{
    return SIZE_OF(selections);
}

const selection *selection_at(size_t i)
{
    return &selections[i];
}

static bool fits(const selection *s, const steep *f)
{
    return (s->extent == EITHER || s->extent == f->extent) && (f->zero || !s->zero);
}

const steep *selection_steep(const selection *s, size_t k)
{
    for (size_t i = 0; i < SIZE_OF(steeps); i++)
        if (fits(s, &steeps[i]) && k-- == 0) return &steeps[i];
    return NULL;
}

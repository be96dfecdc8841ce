/* Choice, and elements that are moved: Inf and NaN stay where they are. */
#include "tests/special_points.h"

#define OF_ONE(name)                                                                               \
    static ad_var name(const ad_var *x)                                                            \
    {                                                                                              \
        return ad_##name(x[0]);                                                                    \
    }

OF_ONE(transpose)
OF_ONE(tril)
OF_ONE(triu)
OF_ONE(diag)
OF_ONE(diagonal)
OF_ONE(detach)

static ad_var where(const ad_var *x)
{
    return ad_where(x[0], x[1], x[2]);
}

/* The share of a branch z in the adjoint x1. */
static ad_var where_share(const ad_var *x)
{
    static const double zeros[MOST_SPECIAL];
    ad_var z = ad_input(x[0].tape, ad_rows(x[1]), ad_cols(x[1]), zeros);
    return ad_vjp(ad_where(x[0], z, ad_detach(z)), z, x[1]);
}

static ad_var unless_zero(const ad_var *x)
{
    return operation_unless_zero(x[0], x[1]);
}

/* x where it is not 0. */
static ad_var as_numbers(const ad_var *x)
{
    return operation_as_numbers(operation_select(x[0], ad_sign(x[0])));
}

static ad_var column_of(const ad_var *x)
{
    return ad_reshape(x[0], ad_rows(x[0]) * ad_cols(x[0]), 1);
}

static ad_var repeat_twice(const ad_var *x)
{
    return ad_broadcast(x[0], 2, ad_cols(x[0]));
}

static ad_var hcat(const ad_var *x)
{
    return ad_hcat(x[0], x[1]);
}

static ad_var vcat(const ad_var *x)
{
    return ad_vcat(x[0], x[1]);
}

static ad_var hcat_all(const ad_var *x)
{
    return ad_hcat_all(x, 3);
}

static ad_var vcat_all(const ad_var *x)
{
    return ad_vcat_all(x, 3);
}

static ad_var stack(const ad_var *x)
{
    return operation_stack(x[0].tape, x, 2, ad_rows(x[0]) * ad_cols(x[0]));
}

static ad_var last_row(const ad_var *x)
{
    return ad_block(x[0], 1, 0, 1, ad_cols(x[0]));
}

static ad_var no_row(const ad_var *x)
{
    return ad_block(x[0], 1, 0, 0, ad_cols(x[0]));
}

/* x0 as the last row of a 2 x n matrix whose other zeros are structural. */
static ad_var put_row(const ad_var *x)
{
    const size_t n = ad_cols(x[0]);
    size_t at[MOST_SPECIAL];
    for (size_t j = 0; j < n; j++) at[j] = n + j;
    return operation_put(x, 1, at, 2, n, true);
}

static ad_var first_twice(const ad_var *x)
{
    return ad_gather(x[0], (const size_t[]){0, 0}, 2, 1);
}

static ad_var none_of(const ad_var *x)
{
    return ad_gather(x[0], NULL, 0, 1);
}

static ad_var both_into_one(const ad_var *x)
{
    return ad_scatter(x[0], (const size_t[]){1, 1}, 2, 1);
}

static ad_var scatter_nothing(const ad_var *x)
{
    return ad_scatter(x[0], NULL, 2, 1);
}

/* clang-format off */
#define ONES {1, 1, 1, 1, 1, 1, 1, 1}
/* clang-format on */

const special_case special_moves[] = {
    {"where", "Inf, NaN", where, 3,
     .x = {COLUMN(0, 1, NOT), COLUMN(INF, NOT, 5), COLUMN(NOT, INF, 7)}, .constants = 1,
     .value = {NOT, NOT, 5}, .first = {0, 0, 0, 0, 1, 1, 1, 0, 0}},
    {"where", "0 and -0", where, 3, .x = {COLUMN(0, -0.0), COLUMN(NOT, INF), COLUMN(1, -0.0)},
     .constants = 1, .value = {1, 0}, .first = {0, 0, 0, 0, 1, 1}},
    {"where", "empty", where, 3, .x = {NONE(0, 1), NONE(0, 1), NONE(0, 1)}, .constants = 1},
    {"select", "Inf, NaN", where_share, 2, .x = {COLUMN(1, 0, 1), COLUMN(INF, NOT, NOT)},
     .constants = 1, .value = {INF, 0, NOT}, .first = {0, 0, 0, 1, 0, 1}},
    {"select", "empty", where_share, 2, .x = {NONE(0, 1), NONE(0, 1)}, .constants = 1},
    {"unless_zero", "Inf, NaN", unless_zero, 2, .x = {COLUMN(0), COLUMN(INF, NOT)}, .constants = 1,
     .value = {INF, NOT}, .first = {0, 1, 1}},
    {"unless_zero", "empty", unless_zero, 2, .x = {COLUMN(0), NONE(0, 1)}, .constants = 1},
    {"as_numbers", "Inf, NaN", as_numbers, 1, .x = {COLUMN(0, INF, NOT)}, .value = {0, INF, NOT},
     .first = {0, 1, 1}},
    {"as_numbers", "empty", as_numbers, 1, .x = {NONE(0, 1)}},
    {"transpose", "all kinds", transpose, 1, .x = {SQUARE(NOT, INF, -0.0, 0x1p-1074)},
     .value = {NOT, 0, INF, 0x1p-1074}, .first = ONES},
    {"transpose", "empty", transpose, 1, .x = {NONE(0, 2)}},
    {"reshape", "all kinds", column_of, 1, .x = {SQUARE(NOT, INF, -INF, 1e300)},
     .value = {NOT, INF, -INF, 1e300}, .first = ONES},
    {"reshape", "empty", column_of, 1, .x = {NONE(0, 2)}},
    {"broadcast", "Inf, NaN", repeat_twice, 1, .x = {ROW(INF, NOT)}, .value = {INF, NOT, INF, NOT},
     .first = {2, 2}},
    {"broadcast", "empty", repeat_twice, 1, .x = {NONE(1, 0)}},
    {"hcat", "Inf, NaN", hcat, 2, .x = {COLUMN(INF, NOT), COLUMN(1, -INF)},
     .value = {INF, 1, NOT, -INF}, .first = ONES},
    {"hcat", "empty beside NaN", hcat, 2, .x = {NONE(2, 0), COLUMN(NOT, 1)}, .value = {NOT, 1},
     .first = ONES},
    {"vcat", "Inf, NaN", vcat, 2, .x = {ROW(INF, NOT), ROW(1, -INF)}, .value = {INF, NOT, 1, -INF},
     .first = ONES},
    {"vcat", "empty", vcat, 2, .x = {NONE(0, 2), NONE(0, 2)}},
    {"hcat_all", "Inf, NaN", hcat_all, 3, .x = {COLUMN(INF, NOT), COLUMN(1, -INF), COLUMN(NOT, 0)},
     .value = {INF, 1, NOT, NOT, -INF, 0}, .first = ONES},
    {"hcat_all", "empty beside NaN", hcat_all, 3, .x = {NONE(2, 0), COLUMN(NOT, 1), NONE(2, 0)},
     .value = {NOT, 1}, .first = ONES},
    {"vcat_all", "Inf, NaN", vcat_all, 3, .x = {ROW(INF, NOT), ROW(1, -INF), ROW(NOT, 0)},
     .value = {INF, NOT, 1, -INF, NOT, 0}, .first = ONES},
    {"vcat_all", "empty", vcat_all, 3, .x = {NONE(0, 2), NONE(0, 2), NONE(0, 2)}},
    {"stack", "Inf, NaN", stack, 2, .x = {COLUMN(INF, NOT), COLUMN(1, -INF)},
     .value = {INF, NOT, 1, -INF}, .first = ONES},
    {"stack", "empty", stack, 2, .x = {NONE(0, 1), NONE(0, 1)}},
    {"tril", "NaN in and out", tril, 1, .x = {SQUARE(NOT, NOT, INF, 1)}, .value = {NOT, 0, INF, 1},
     .first = {1, 0, 1, 1}},
    {"tril", "empty", tril, 1, .x = {NONE(0, 0)}},
    {"triu", "NaN in and out", triu, 1, .x = {SQUARE(INF, NOT, NOT, 1)}, .value = {INF, NOT, 0, 1},
     .first = {1, 1, 0, 1}},
    {"triu", "empty", triu, 1, .x = {NONE(0, 0)}},
    {"diag", "Inf, NaN", diag, 1, .x = {COLUMN(INF, NOT)}, .value = {INF, 0, 0, NOT},
     .first = ONES},
    {"diag", "empty", diag, 1, .x = {NONE(0, 1)}},
    {"diagonal", "Inf, NaN", diagonal, 1, .x = {SQUARE(INF, NOT, NOT, 1)}, .value = {INF, 1},
     .first = {1, 0, 0, 1}},
    {"diagonal", "empty", diagonal, 1, .x = {NONE(0, 2)}},
    {"block", "NaN in and out", last_row, 1, .x = {SQUARE(NOT, INF, NOT, 1)}, .value = {NOT, 1},
     .first = {0, 0, 1, 1}},
    {"block", "no rows", no_row, 1, .x = {SQUARE(NOT, INF, NOT, 1)}, .empty = true},
    {"sparse_scatter", "Inf, NaN", put_row, 1, .x = {ROW(INF, NOT)}, .value = {0, 0, INF, NOT},
     .first = ONES},
    {"sparse_scatter", "empty", put_row, 1, .x = {NONE(1, 0)}},
    {"gather", "NaN in", first_twice, 1, .x = {COLUMN(NOT, INF)}, .value = {NOT, NOT},
     .first = {2}},
    {"gather", "NaN out", first_twice, 1, .x = {COLUMN(INF, NOT)}, .value = {INF, INF},
     .first = {2}},
    {"gather", "none", none_of, 1, .x = {COLUMN(NOT, 1)}, .empty = true},
    {"scatter", "NaN", both_into_one, 1, .x = {COLUMN(NOT, 1)}, .value = {0, NOT}, .first = ONES},
    {"scatter", "Inf", both_into_one, 1, .x = {COLUMN(INF, 1)}, .value = {0, INF}, .first = ONES},
    {"scatter", "Inf and -Inf", both_into_one, 1, .x = {COLUMN(INF, -INF)}, .value = {0, NOT},
     .first = ONES},
    {"scatter", "empty", scatter_nothing, 1, .x = {NONE(0, 1)}},
    {"detach", "Inf, NaN", detach, 1, .x = {COLUMN(INF, NOT)}, .value = {INF, NOT}},
    {"detach", "empty", detach, 1, .x = {NONE(0, 1)}},

    /* sizes */
    {"where", "sizes", where, 3,
     .x = {COLUMN(0, 1, 0, 1), COLUMN(INF, 1e300, 1e-300, 0x1p-1074), COLUMN(1e-300, 2, 1e300, 0)},
     .constants = 1, .value = {1e-300, 1e300, 1e300, 0x1p-1074},
     .first = {0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0}},
    {"select", "sizes", where_share, 2, .x = {COLUMN(1, 0, 1), COLUMN(1e300, 1e-300, 0x1p-1074)},
     .constants = 1, .value = {1e300, 0, 0x1p-1074}, .first = {0, 0, 0, 1, 0, 1}},
    {"as_numbers", "sizes", as_numbers, 1, .x = {COLUMN(0, 1e300, 1e-300)},
     .value = {0, 1e300, 1e-300}, .first = {0, 1, 1}},
    {"unless_zero", "sizes", unless_zero, 2, .x = {COLUMN(0), COLUMN(1e300, 1e-300)},
     .constants = 1, .value = {1e300, 1e-300}, .first = {0, 1, 1}},
    {"transpose", "sizes", transpose, 1, .x = {SQUARE(0, 1e300, -1e-300, INF)},
     .value = {0, -1e-300, 1e300, INF}, .first = ONES},
    {"reshape", "sizes", column_of, 1, .x = {SQUARE(0, -0.0, 1e-300, 1e300)},
     .value = {0, 0, 1e-300, 1e300}, .first = ONES},
    {"broadcast", "sizes", repeat_twice, 1, .x = {ROW(0, 1e300, 1e-300)},
     .value = {0, 1e300, 1e-300, 0, 1e300, 1e-300}, .first = {2, 2, 2}},
    {"hcat", "sizes", hcat, 2, .x = {COLUMN(0, 1e300), COLUMN(1e-300, INF)},
     .value = {0, 1e-300, 1e300, INF}, .first = ONES},
    {"vcat", "sizes", vcat, 2, .x = {ROW(0, 1e300), ROW(1e-300, INF)},
     .value = {0, 1e300, 1e-300, INF}, .first = ONES},
    {"hcat_all", "sizes", hcat_all, 3,
     .x = {COLUMN(0, 1e300), COLUMN(1e-300, INF), COLUMN(1, -0.0)},
     .value = {0, 1e-300, 1, 1e300, INF, 0}, .first = ONES},
    {"vcat_all", "sizes", vcat_all, 3, .x = {ROW(0, 1e300), ROW(1e-300, INF), ROW(1, -0.0)},
     .value = {0, 1e300, 1e-300, INF, 1, 0}, .first = ONES},
    {"stack", "sizes", stack, 2, .x = {COLUMN(0, 1e300), COLUMN(1e-300, INF)},
     .value = {0, 1e300, 1e-300, INF}, .first = ONES},
    {"tril", "sizes", tril, 1, .x = {SQUARE(0, INF, 1e300, 1e-300)}, .value = {0, 0, 1e300, 1e-300},
     .first = {1, 0, 1, 1}},
    {"triu", "sizes", triu, 1, .x = {SQUARE(1e300, 1e-300, INF, 0)}, .value = {1e300, 1e-300, 0, 0},
     .first = {1, 1, 0, 1}},
    {"diag", "sizes", diag, 1, .x = {COLUMN(0, 1e300, 1e-300)},
     .value = {[4] = 1e300, [8] = 1e-300}, .first = {1, 1, 1}},
    {"diagonal", "sizes", diagonal, 1, .x = {SQUARE(1e300, INF, 0, 1e-300)},
     .value = {1e300, 1e-300}, .first = {1, 0, 0, 1}},
    {"block", "sizes", last_row, 1, .x = {SQUARE(INF, 0, 1e300, 1e-300)}, .value = {1e300, 1e-300},
     .first = {0, 0, 1, 1}},
    {"sparse_scatter", "sizes", put_row, 1, .x = {ROW(0, 1e300, 1e-300)},
     .value = {0, 0, 0, 0, 1e300, 1e-300}, .first = ONES},
    {"gather", "sizes", first_twice, 1, .x = {COLUMN(1e300, 1e-300, 0)}, .value = {1e300, 1e300},
     .first = {2}},
    {"scatter", "sizes", both_into_one, 1, .x = {COLUMN(1e300, 1e-300)}, .value = {0, 1e300},
     .first = ONES},
    {"scatter", "0", both_into_one, 1, .x = {COLUMN(0, -0.0)}, .first = ONES},
    {"detach", "sizes", detach, 1, .x = {COLUMN(0, 1e300, 1e-300)}, .value = {0, 1e300, 1e-300}},
    {0},
};

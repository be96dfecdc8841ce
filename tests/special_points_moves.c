/* SPDX-License-Identifier: MIT */
/* Choice, and elements that are moved: Inf and NaN stay where they are. */
#include "tests/special_points.h"

/* The share of a branch z in the adjoint x1. */
static ad_var where_share(const ad_var *x)
{
    static const double zeros[MOST_SPECIAL];
    ad_var z = ad_input(x[0].tape, ad_rows(x[1]), ad_cols(x[1]), zeros);
    return ad_vjp(ad_where(x[0], z, ad_detach(z)), z, x[1]);
}

RECORDER(column_of, ad_reshape(x[0], ad_rows(x[0]) * ad_cols(x[0]), 1))
RECORDER(repeat_twice, ad_broadcast(x[0], 2, ad_cols(x[0])))
RECORDER(stack, operation_stack(x[0].tape, x, 2, ad_rows(x[0]) * ad_cols(x[0])))
RECORDER(last_row, ad_block(x[0], 1, 0, 1, ad_cols(x[0])))
RECORDER(no_row, ad_block(x[0], 1, 0, 0, ad_cols(x[0])))

/* x0 as the last row of a 2 x n matrix whose other zeros are structural. */
static ad_var put_row(const ad_var *x)
{
    const size_t n = ad_cols(x[0]);
    size_t at[MOST_SPECIAL];
    for (size_t j = 0; j < n; j++) at[j] = n + j;
    return operation_put(x, 1, at, 2, n, true);
}

RECORDER(first_twice, ad_gather(x[0], (const size_t[]){0, 0}, 2, 1))
RECORDER(none_of, ad_gather(x[0], NULL, 0, 1))
RECORDER(both_into_one, ad_scatter(x[0], (const size_t[]){1, 1}, 2, 1))
RECORDER(scatter_nothing, ad_scatter(x[0], NULL, 2, 1))

/* clang-format off */
#define ONES {1, 1, 1, 1, 1, 1, 1, 1}
/* clang-format on */

const special_case special_moves[] = {
    {"where", "Inf, NaN", 3, .x = {COLUMN(0, 1, NOT), COLUMN(INF, NOT, 5), COLUMN(NOT, INF, 7)},
     .constants = 1, .value = {NOT, NOT, 5}, .first = {0, 0, 0, 0, 1, 1, 1, 0, 0}},
    {"where", "0 and -0", 3, .x = {COLUMN(0, -0.0), COLUMN(NOT, INF), COLUMN(1, -0.0)},
     .constants = 1, .value = {1, 0}, .first = {0, 0, 0, 0, 1, 1}},
    {"where", "empty", 3, .x = {NONE(0, 1), NONE(0, 1), NONE(0, 1)}, .constants = 1},
    {"select", "Inf, NaN", 2, .record = where_share, .x = {COLUMN(1, 0, 1), COLUMN(INF, NOT, NOT)},
     .constants = 1, .value = {INF, 0, NOT}, .first = {0, 0, 0, 1, 0, 1}},
    {"select", "empty", 2, .record = where_share, .x = {NONE(0, 1), NONE(0, 1)}, .constants = 1},
    {"unless_zero", "Inf, NaN", 2, .x = {COLUMN(0), COLUMN(INF, NOT)}, .constants = 1,
     .value = {INF, NOT}, .first = {0, 1, 1}},
    {"unless_zero", "empty", 2, .x = {COLUMN(0), NONE(0, 1)}, .constants = 1},
    {"as_numbers", "Inf, NaN", 1, .x = {COLUMN(0, INF, NOT)}, .value = {0, INF, NOT},
     .first = {0, 1, 1}},
    {"as_numbers", "empty", 1, .x = {NONE(0, 1)}},
    {"transpose", "all kinds", 1, .x = {SQUARE(NOT, INF, -0.0, 0x1p-1074)},
     .value = {NOT, 0, INF, 0x1p-1074}, .first = ONES},
    {"transpose", "empty", 1, .x = {NONE(0, 2)}},
    {"reshape", "all kinds", 1, .record = column_of, .x = {SQUARE(NOT, INF, -INF, 1e300)},
     .value = {NOT, INF, -INF, 1e300}, .first = ONES},
    {"reshape", "empty", 1, .record = column_of, .x = {NONE(0, 2)}},
    {"broadcast", "Inf, NaN", 1, .record = repeat_twice, .x = {ROW(INF, NOT)},
     .value = {INF, NOT, INF, NOT}, .first = {2, 2}},
    {"broadcast", "empty", 1, .record = repeat_twice, .x = {NONE(1, 0)}},
    {"hcat", "Inf, NaN", 2, .x = {COLUMN(INF, NOT), COLUMN(1, -INF)}, .value = {INF, 1, NOT, -INF},
     .first = ONES},
    {"hcat", "empty beside NaN", 2, .x = {NONE(2, 0), COLUMN(NOT, 1)}, .value = {NOT, 1},
     .first = ONES},
    {"vcat", "Inf, NaN", 2, .x = {ROW(INF, NOT), ROW(1, -INF)}, .value = {INF, NOT, 1, -INF},
     .first = ONES},
    {"vcat", "empty", 2, .x = {NONE(0, 2), NONE(0, 2)}},
    {"hcat_all", "Inf, NaN", 3, .x = {COLUMN(INF, NOT), COLUMN(1, -INF), COLUMN(NOT, 0)},
     .value = {INF, 1, NOT, NOT, -INF, 0}, .first = ONES},
    {"hcat_all", "empty beside NaN", 3, .x = {NONE(2, 0), COLUMN(NOT, 1), NONE(2, 0)},
     .value = {NOT, 1}, .first = ONES},
    {"vcat_all", "Inf, NaN", 3, .x = {ROW(INF, NOT), ROW(1, -INF), ROW(NOT, 0)},
     .value = {INF, NOT, 1, -INF, NOT, 0}, .first = ONES},
    {"vcat_all", "empty", 3, .x = {NONE(0, 2), NONE(0, 2), NONE(0, 2)}},
    {"stack", "Inf, NaN", 2, .record = stack, .x = {COLUMN(INF, NOT), COLUMN(1, -INF)},
     .value = {INF, NOT, 1, -INF}, .first = ONES},
    {"stack", "empty", 2, .record = stack, .x = {NONE(0, 1), NONE(0, 1)}},
    {"tril", "NaN in and out", 1, .x = {SQUARE(NOT, NOT, INF, 1)}, .value = {NOT, 0, INF, 1},
     .first = {1, 0, 1, 1}},
    {"tril", "empty", 1, .x = {NONE(0, 0)}},
    {"triu", "NaN in and out", 1, .x = {SQUARE(INF, NOT, NOT, 1)}, .value = {INF, NOT, 0, 1},
     .first = {1, 1, 0, 1}},
    {"triu", "empty", 1, .x = {NONE(0, 0)}},
    {"diag", "Inf, NaN", 1, .x = {COLUMN(INF, NOT)}, .value = {INF, 0, 0, NOT}, .first = ONES},
    {"diag", "empty", 1, .x = {NONE(0, 1)}},
    {"diagonal", "Inf, NaN", 1, .x = {SQUARE(INF, NOT, NOT, 1)}, .value = {INF, 1},
     .first = {1, 0, 0, 1}},
    {"diagonal", "empty", 1, .x = {NONE(0, 2)}},
    {"block", "NaN in and out", 1, .record = last_row, .x = {SQUARE(NOT, INF, NOT, 1)},
     .value = {NOT, 1}, .first = {0, 0, 1, 1}},
    {"block", "no rows", 1, .record = no_row, .x = {SQUARE(NOT, INF, NOT, 1)}, .empty = true},
    {"sparse_scatter", "Inf, NaN", 1, .record = put_row, .x = {ROW(INF, NOT)},
     .value = {0, 0, INF, NOT}, .first = ONES},
    {"sparse_scatter", "empty", 1, .record = put_row, .x = {NONE(1, 0)}},
    {"gather", "NaN in", 1, .record = first_twice, .x = {COLUMN(NOT, INF)}, .value = {NOT, NOT},
     .first = {2}},
    {"gather", "NaN out", 1, .record = first_twice, .x = {COLUMN(INF, NOT)}, .value = {INF, INF},
     .first = {2}},
    {"gather", "none", 1, .record = none_of, .x = {COLUMN(NOT, 1)}, .empty = true},
    {"scatter", "NaN", 1, .record = both_into_one, .x = {COLUMN(NOT, 1)}, .value = {0, NOT},
     .first = ONES},
    {"scatter", "Inf", 1, .record = both_into_one, .x = {COLUMN(INF, 1)}, .value = {0, INF},
     .first = ONES},
    {"scatter", "Inf and -Inf", 1, .record = both_into_one, .x = {COLUMN(INF, -INF)},
     .value = {0, NOT}, .first = ONES},
    {"scatter", "empty", 1, .record = scatter_nothing, .x = {NONE(0, 1)}},
    {"detach", "Inf, NaN", 1, .x = {COLUMN(INF, NOT)}, .value = {INF, NOT}},
    {"detach", "empty", 1, .x = {NONE(0, 1)}},

    /* sizes */
    {"where", "sizes", 3,
     .x = {COLUMN(0, 1, 0, 1), COLUMN(INF, 1e300, 1e-300, 0x1p-1074), COLUMN(1e-300, 2, 1e300, 0)},
     .constants = 1, .value = {1e-300, 1e300, 1e300, 0x1p-1074},
     .first = {0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0}},
    {"select", "sizes", 2, .record = where_share,
     .x = {COLUMN(1, 0, 1), COLUMN(1e300, 1e-300, 0x1p-1074)}, .constants = 1,
     .value = {1e300, 0, 0x1p-1074}, .first = {0, 0, 0, 1, 0, 1}},
    {"as_numbers", "sizes", 1, .x = {COLUMN(0, 1e300, 1e-300)}, .value = {0, 1e300, 1e-300},
     .first = {0, 1, 1}},
    {"unless_zero", "sizes", 2, .x = {COLUMN(0), COLUMN(1e300, 1e-300)}, .constants = 1,
     .value = {1e300, 1e-300}, .first = {0, 1, 1}},
    {"transpose", "sizes", 1, .x = {SQUARE(0, 1e300, -1e-300, INF)},
     .value = {0, -1e-300, 1e300, INF}, .first = ONES},
    {"reshape", "sizes", 1, .record = column_of, .x = {SQUARE(0, -0.0, 1e-300, 1e300)},
     .value = {0, 0, 1e-300, 1e300}, .first = ONES},
    {"broadcast", "sizes", 1, .record = repeat_twice, .x = {ROW(0, 1e300, 1e-300)},
     .value = {0, 1e300, 1e-300, 0, 1e300, 1e-300}, .first = {2, 2, 2}},
    {"hcat", "sizes", 2, .x = {COLUMN(0, 1e300), COLUMN(1e-300, INF)},
     .value = {0, 1e-300, 1e300, INF}, .first = ONES},
    {"vcat", "sizes", 2, .x = {ROW(0, 1e300), ROW(1e-300, INF)}, .value = {0, 1e300, 1e-300, INF},
     .first = ONES},
    {"hcat_all", "sizes", 3, .x = {COLUMN(0, 1e300), COLUMN(1e-300, INF), COLUMN(1, -0.0)},
     .value = {0, 1e-300, 1, 1e300, INF, 0}, .first = ONES},
    {"vcat_all", "sizes", 3, .x = {ROW(0, 1e300), ROW(1e-300, INF), ROW(1, -0.0)},
     .value = {0, 1e300, 1e-300, INF, 1, 0}, .first = ONES},
    {"stack", "sizes", 2, .record = stack, .x = {COLUMN(0, 1e300), COLUMN(1e-300, INF)},
     .value = {0, 1e300, 1e-300, INF}, .first = ONES},
    {"tril", "sizes", 1, .x = {SQUARE(0, INF, 1e300, 1e-300)}, .value = {0, 0, 1e300, 1e-300},
     .first = {1, 0, 1, 1}},
    {"triu", "sizes", 1, .x = {SQUARE(1e300, 1e-300, INF, 0)}, .value = {1e300, 1e-300, 0, 0},
     .first = {1, 1, 0, 1}},
    {"diag", "sizes", 1, .x = {COLUMN(0, 1e300, 1e-300)}, .value = {[4] = 1e300, [8] = 1e-300},
     .first = {1, 1, 1}},
    {"diagonal", "sizes", 1, .x = {SQUARE(1e300, INF, 0, 1e-300)}, .value = {1e300, 1e-300},
     .first = {1, 0, 0, 1}},
    {"block", "sizes", 1, .record = last_row, .x = {SQUARE(INF, 0, 1e300, 1e-300)},
     .value = {1e300, 1e-300}, .first = {0, 0, 1, 1}},
    {"sparse_scatter", "sizes", 1, .record = put_row, .x = {ROW(0, 1e300, 1e-300)},
     .value = {0, 0, 0, 0, 1e300, 1e-300}, .first = ONES},
    {"gather", "sizes", 1, .record = first_twice, .x = {COLUMN(1e300, 1e-300, 0)},
     .value = {1e300, 1e300}, .first = {2}},
    {"scatter", "sizes", 1, .record = both_into_one, .x = {COLUMN(1e300, 1e-300)},
     .value = {0, 1e300}, .first = ONES},
    {"scatter", "0", 1, .record = both_into_one, .x = {COLUMN(0, -0.0)}, .first = ONES},
    {"detach", "sizes", 1, .x = {COLUMN(0, 1e300, 1e-300)}, .value = {0, 1e300, 1e-300}},
    {0},
};

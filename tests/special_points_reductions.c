/* Sums, extremes and products. */
#include "tests/special_points.h"

#define OF_ONE(name)                                                                               \
    static ad_var name(const ad_var *x)                                                            \
    {                                                                                              \
        return ad_##name(x[0]);                                                                    \
    }

OF_ONE(sum)
OF_ONE(mean)
OF_ONE(sum_rows)
OF_ONE(sum_cols)
OF_ONE(trace)
OF_ONE(logsumexp)
OF_ONE(logsumexp_rows)
OF_ONE(logsumexp_cols)
OF_ONE(softmax_rows)
OF_ONE(softmax_cols)
OF_ONE(maximum)
OF_ONE(minimum)
OF_ONE(max_rows)
OF_ONE(max_cols)
OF_ONE(min_rows)
OF_ONE(min_cols)
OF_ONE(cumsum)
OF_ONE(cumsum_rows)
OF_ONE(cumsum_cols)
OF_ONE(cumprod)
OF_ONE(cumprod_rows)
OF_ONE(cumprod_cols)
OF_ONE(prod)
OF_ONE(prod_rows)
OF_ONE(prod_cols)

static ad_var dot(const ad_var *x)
{
    return ad_dot(x[0], x[1]);
}

static ad_var trace_product(const ad_var *x)
{
    return operation_trace_product(x[0], x[1]);
}

static ad_var identity_of_order_2(const ad_var *x)
{
    return operation_scaled_identity(x[0], 2);
}

static ad_var identity_of_order_0(const ad_var *x)
{
    return operation_scaled_identity(x[0], 0);
}

static ad_var softmax(const ad_var *x)
{
    return ad_softmax(x[0]);
}

static ad_var softmax_derivative(const ad_var *x)
{
    return ad_vjp(ad_softmax(x[0]), x[0], x[1]);
}

static ad_var tie_share(const ad_var *x)
{
    return operation_tie_share(x[0], x[1], x[2]);
}

static ad_var tie_mean(const ad_var *x)
{
    return operation_tie_mean(x[0], x[1], x[2]);
}

static ad_var preceding_products(const ad_var *x)
{
    return tape_operand(ad_grad(ad_sum(ad_cumprod(x[0])), x[0]), 0);
}

static ad_var lower_recurrence(const ad_var *x)
{
    return operation_recurrence(x[0], x[1], 0, false);
}

static ad_var upper_recurrence(const ad_var *x)
{
    return operation_recurrence(x[0], x[1], 0, true);
}

/* The gradient of a product is its adjoint times these. */
static ad_var exclusive(const ad_var *x)
{
    return tape_operand(ad_grad(ad_prod(x[0]), x[0]), 1);
}

static ad_var product_derivative(const ad_var *x)
{
    return ad_vjp(exclusive(x), x[0], x[1]);
}

static const double first_only[MOST_SPECIAL] = {1};
static const double second_only[MOST_SPECIAL] = {0, 1};

const special_case special_reductions[] = {
    {"sum", "Inf", sum, 1, .x = {COLUMN(INF, 1)}, .value = {INF}, .first = {1, 1}},
    {"sum", "Inf and -Inf", sum, 1, .x = {ROW(INF, -INF)}, .value = {NOT}, .first = {1, 1}},
    {"sum", "NaN", sum, 1, .x = {COLUMN(NOT, 1)}, .value = {NOT}, .first = {1, 1}},
    {"sum", "partial sums that overflow", sum, 1, .x = {ROW(DBL_MAX, -DBL_MAX, DBL_MAX, -DBL_MAX)},
     .first = {1, 1, 1, 1}},
    {"sum", "a sum that overflows", sum, 1, .x = {ROW(DBL_MAX, DBL_MAX)}, .value = {INF},
     .first = {1, 1}},
    {"sum", "-Inf beside a sum that overflows", sum, 1, .x = {ROW(DBL_MAX, DBL_MAX, -INF)},
     .value = {-INF}, .first = {1, 1, 1}},
    {"sum", "NaN beside a sum that overflows", sum, 1, .x = {ROW(DBL_MAX, DBL_MAX, NOT)},
     .value = {NOT}, .first = {1, 1, 1}},
    {"sum", "tiny", sum, 1, .x = {COLUMN(1e-300, 0x1p-1074)}, .value = {1e-300}, .first = {1, 1}},
    {"sum", "empty", sum, 1, .x = {NONE(0, 3)}},

    {"mean", "Inf", mean, 1, .x = {COLUMN(-INF, 1)}, .value = {-INF}, .first = {0.5, 0.5}},
    {"mean", "NaN", mean, 1, .x = {COLUMN(NOT, 1)}, .value = {NOT}, .first = {0.5, 0.5}},
    {"mean", "huge", mean, 1, .x = {COLUMN(DBL_MAX, DBL_MAX)}, .value = {DBL_MAX},
     .first = {0.5, 0.5}},
    {"mean", "huge of both signs", mean, 1, .x = {ROW(DBL_MAX, -DBL_MAX, DBL_MAX, -DBL_MAX)},
     .first = {0.25, 0.25, 0.25, 0.25}},
    {"mean", "-Inf beside a sum that overflows", mean, 1, .x = {COLUMN(DBL_MAX, -INF, DBL_MAX, 0)},
     .value = {-INF}, .first = {0.25, 0.25, 0.25, 0.25}},
    {"mean", "empty", mean, 1, .x = {NONE(0, 3)}, .value = {NOT}},

    {"sum_rows", "NaN and Inf", sum_rows, 1, .x = {SQUARE(NOT, 1, 2, INF)}, .value = {NOT, INF},
     .first = {1, 1, 1, 1}},
    {"sum_rows", "huge", sum_rows, 1, .x = {ROW(DBL_MAX, -DBL_MAX, DBL_MAX, -DBL_MAX)},
     .first = {1, 1, 1, 1}},
    {"sum_rows", "-Inf beside a sum that overflows", sum_rows, 1,
     .x = {ROW(DBL_MAX, DBL_MAX, -INF)}, .value = {-INF}, .first = {1, 1, 1}},
    {"sum_rows", "no columns", sum_rows, 1, .x = {NONE(2, 0)}},
    {"sum_cols", "NaN and Inf", sum_cols, 1, .x = {SQUARE(NOT, 1, 2, INF)}, .value = {NOT, INF},
     .first = {1, 1, 1, 1}},
    {"sum_cols", "huge", sum_cols, 1, .x = {COLUMN(DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX)},
     .first = {1, 1, 1, 1}},
    {"sum_cols", "-Inf beside a sum that overflows", sum_cols, 1,
     .x = {COLUMN(DBL_MAX, DBL_MAX, -INF)}, .value = {-INF}, .first = {1, 1, 1}},
    {"sum_cols", "no rows", sum_cols, 1, .x = {NONE(0, 2)}},

    {"trace", "NaN", trace, 1, .x = {SQUARE(NOT, 1, 2, 3)}, .value = {NOT}, .first = {1, 0, 0, 1}},
    {"trace", "NaN beside the diagonal", trace, 1, .x = {SQUARE(1, NOT, INF, 3)}, .value = {4},
     .first = {1, 0, 0, 1}},
    {"trace", "Inf", trace, 1, .x = {SQUARE(INF, 1, 2, 3)}, .value = {INF}, .first = {1, 0, 0, 1}},
    {"trace",
     "huge",
     trace,
     1,
     {{4, 4, {[0] = DBL_MAX, [5] = DBL_MAX, [10] = -DBL_MAX, [15] = -DBL_MAX}}},
     .first = {[0] = 1, [5] = 1, [10] = 1, [15] = 1}},
    {"trace",
     "-Inf beside a sum that overflows",
     trace,
     1,
     {{3, 3, {[0] = DBL_MAX, [4] = DBL_MAX, [8] = -INF}}},
     .value = {-INF},
     .first = {[0] = 1, [4] = 1, [8] = 1}},
    {"trace", "empty", trace, 1, .x = {NONE(0, 0)}},

    {"trace_product", "Inf", trace_product, 2, .x = {SQUARE(INF, 0, 0, 1), SQUARE(2, 3, 4, 5)},
     .value = {INF}, .first = {2, 4, 3, 5, INF, 0, 0, 1}, .second = {1, 1, 1, 1, 1, 1, 1, 1}},
    {"trace_product", "products that overflow and cancel", trace_product, 2,
     .x = {SQUARE(1e200, 0, 0, 1e200), SQUARE(1e200, 3, 4, -1e200)},
     .first = {1e200, 4, 3, -1e200, 1e200, 0, 0, 1e200}, .second = {1, 1, 1, 1, 1, 1, 1, 1}},
    {"trace_product", "NaN", trace_product, 2, .x = {SQUARE(NOT, 0, 0, 1), SQUARE(2, 3, 4, 5)},
     .value = {NOT}, .first = {2, 4, 3, 5, NOT, 0, 0, 1}, .second = {1, 1, 1, 1, 1, 1, 1, 1}},
    {"trace_product", "empty", trace_product, 2, .x = {NONE(2, 0), NONE(0, 2)}},
    {"scaled_identity", "NaN", identity_of_order_2, 1, .x = {COLUMN(NOT)},
     .value = {NOT, 0, 0, NOT}, .first = {2}},
    {"scaled_identity", "Inf", identity_of_order_2, 1, .x = {COLUMN(INF)},
     .value = {INF, 0, 0, INF}, .first = {2}},
    {"scaled_identity", "order 0", identity_of_order_0, 1, .x = {COLUMN(INF)}, .empty = true},

    {"dot", "Inf", dot, 2, .x = {COLUMN(INF, 1), COLUMN(2, 3)}, .value = {INF},
     .first = {2, 3, INF, 1}, .second = {1, 1, 1, 1}},
    {"dot", "Inf times 0", dot, 2, .x = {COLUMN(INF, 1), COLUMN(0, 3)}, .value = {NOT},
     .first = {0, 3, INF, 1}, .second = {1, 1, 1, 1}},
    {"dot", "NaN", dot, 2, .x = {ROW(NOT, 1), ROW(2, 3)}, .value = {NOT}, .first = {2, 3, NOT, 1},
     .second = {1, 1, 1, 1}},
    {"dot", "huge terms that cancel", dot, 2, .x = {COLUMN(1e200, 1e200), COLUMN(1e200, -1e200)},
     .first = {1e200, -1e200, 1e200, 1e200}, .second = {1, 1, 1, 1}},
    {"dot", "-Inf beside products that overflow", dot, 2,
     .x = {COLUMN(1e200, 2, 1e200), COLUMN(1e200, -INF, 1e200)}, .value = {-INF},
     .first = {1e200, -INF, 1e200, 1e200, 2, 1e200}, .second = {1, 1, 1, 1, 1, 1}},
    {"dot", "Inf times 0 beside products that overflow", dot, 2,
     .x = {COLUMN(1e200, 0), COLUMN(1e200, INF)}, .value = {NOT}, .first = {1e200, INF, 1e200, 0},
     .second = {1, 1, 1, 1}},
    {"dot", "partial sums that overflow, the largest factors beside zeros", dot, 2,
     .x = {ROW(DBL_MAX, 0x1.8p511, 0x1.8p511, 0x1.8p511, 0x1.8p511, 0),
           ROW(0, -0x1.8p511, 0x1.8p511, -0x1.4p511, 0x1.8p511, DBL_MAX)},
     .value = {0x1.8p1020},
     .first = {0, -0x1.8p511, 0x1.8p511, -0x1.4p511, 0x1.8p511, DBL_MAX, DBL_MAX, 0x1.8p511,
               0x1.8p511, 0x1.8p511, 0x1.8p511, 0},
     .second = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"dot", "empty", dot, 2, .x = {NONE(0, 1), NONE(0, 1)}},

    {"logsumexp", "Inf", logsumexp, 1, .x = {COLUMN(INF, 1)}, .value = {INF}, .first = {1, 0},
     .v = first_only},
    {"logsumexp", "a tie at Inf", logsumexp, 1, .x = {COLUMN(INF, INF)}, .value = {INF},
     .first = {0.5, 0.5}, .second = {0.25, -0.25}, .v = first_only},
    {"logsumexp", "a tie at -Inf", logsumexp, 1, .x = {COLUMN(-INF, -INF)}, .value = {-INF},
     .first = {0.5, 0.5}, .second = {0.25, -0.25}, .v = first_only},
    {"logsumexp", "-Inf alone", logsumexp, 1, .x = {COLUMN(-INF)}, .value = {-INF}, .first = {1}},
    {"logsumexp", "-Inf beside a number", logsumexp, 1, .x = {COLUMN(-INF, 2)}, .value = {2},
     .first = {0, 1}, .v = first_only},
    {"logsumexp", "huge", logsumexp, 1, .x = {COLUMN(1e300, -1e300)}, .value = {1e300},
     .first = {1, 0}, .v = first_only},
    {"logsumexp", "a tie of huge", logsumexp, 1, .x = {COLUMN(DBL_MAX, DBL_MAX)},
     .value = {DBL_MAX}, .first = {0.5, 0.5}, .second = {0.25, -0.25}, .v = first_only},
    {"logsumexp", "tiny", logsumexp, 1, .x = {COLUMN(1e-300, -0.0)}, .value = {0.69314718055994531},
     .first = {0.5, 0.5}, .second = {0.25, -0.25}, .v = first_only},
    {"logsumexp", "far apart", logsumexp, 1, .x = {COLUMN(0, -700)},
     .value = {9.8596765437597708e-305}, .first = {1, 9.8596765437597708e-305}, .v = second_only,
     .second = {-9.8596765437597708e-305, 9.8596765437597708e-305}},
    {"logsumexp", "one that dominates", logsumexp, 1, .x = {COLUMN(0, -40)},
     .value = {4.248354255291589e-18}, .first = {1, 4.248354255291589e-18}, .v = first_only,
     .second = {4.248354255291589e-18, -4.248354255291589e-18}},
    {"logsumexp", "NaN", logsumexp, 1, .x = {COLUMN(NOT, INF)}, .value = {NOT}, .first = {NOT, NOT},
     .second = {NOT, NOT}},
    {"logsumexp", "empty", logsumexp, 1, .x = {NONE(0, 1)}, .value = {-INF}},
    {"softmax", "Inf", softmax, 1, .x = {COLUMN(INF, 1)}, .value = {1, 0}, .u = first_only,
     .v = first_only},
    {"softmax", "a tie", softmax, 1, .x = {COLUMN(0, -0.0)}, .value = {0.5, 0.5}, .u = first_only,
     .first = {0.25, -0.25}, .v = first_only},
    {"softmax", "a tie at -Inf", softmax, 1, .x = {COLUMN(-INF, -INF)}, .value = {0.5, 0.5},
     .u = first_only, .first = {0.25, -0.25}, .v = first_only},
    {"softmax", "NaN", softmax, 1, .x = {COLUMN(NOT, 1)}, .value = {NOT, NOT}, .first = {NOT, NOT},
     .second = {NOT, NOT}},
    /* s = (1, t) / (1 + t), t = e^-40: s_1 s_2 and its derivative s_1 s_2 (s_2 - s_1) */
    {"softmax", "one that dominates", softmax, 1, .x = {COLUMN(0, -40)},
     .value = {1, 4.248354255291589e-18}, .u = first_only,
     .first = {4.248354255291589e-18, -4.248354255291589e-18}, .v = first_only,
     .second = {-4.248354255291589e-18, 4.248354255291589e-18}},
    {"softmax", "empty", softmax, 1, .x = {NONE(0, 1)}},

    {"logsumexp_rows", "sizes", logsumexp_rows, 1,
     .x = {{5, 2, {0, -40, INF, 1, NOT, 1, 1e300, -1e300, 1e-300, -INF}}},
     .value = {4.248354255291589e-18, INF, NOT, 1e300, 1e-300},
     .first = {1, 4.248354255291589e-18, 1, 0, NOT, NOT, 1, 0, 1, 0}, .v = second_only,
     .second = {-4.248354255291589e-18, 4.248354255291589e-18, 0, 0, NOT, NOT}},
    {"logsumexp_rows", "no columns", logsumexp_rows, 1, .x = {NONE(2, 0)}, .value = {-INF, -INF}},
    {"logsumexp_rows", "no rows", logsumexp_rows, 1, .x = {NONE(0, 2)}, .empty = true},
    {"logsumexp_cols", "sizes", logsumexp_cols, 1,
     .x = {{2, 5, {0, INF, NOT, 1e300, 1e-300, -40, 1, 1, -1e300, -INF}}},
     .value = {4.248354255291589e-18, INF, NOT, 1e300, 1e-300},
     .first = {1, 1, NOT, 1, 1, 4.248354255291589e-18, 0, NOT, 0, 0},
     .v = (const double[MOST_SPECIAL]){[5] = 1},
     .second = {-4.248354255291589e-18, 0, NOT, 0, 0, 4.248354255291589e-18, 0, NOT}},
    {"logsumexp_cols", "no rows", logsumexp_cols, 1, .x = {NONE(0, 2)}, .value = {-INF, -INF}},
    {"softmax_rows", "sizes", softmax_rows, 1,
     .x = {{5, 2, {0, -40, INF, 1, NOT, 1, 1e300, -1e300, 1e-300, 0}}},
     .value = {1, 4.248354255291589e-18, 1, 0, NOT, NOT, 1, 0, 0.5, 0.5}, .u = first_only,
     .first = {4.248354255291589e-18, -4.248354255291589e-18, 0, 0, NOT, NOT}, .v = first_only,
     .second = {-4.248354255291589e-18, 4.248354255291589e-18, 0, 0, NOT, NOT}},
    {"softmax_rows", "no columns", softmax_rows, 1, .x = {NONE(2, 0)}},
    {"softmax_cols", "sizes", softmax_cols, 1,
     .x = {{2, 5, {0, INF, NOT, 1e300, 1e-300, -40, 1, 1, -1e300, 0}}},
     .value = {1, 1, NOT, 1, 0.5, 4.248354255291589e-18, 0, NOT, 0, 0.5}, .u = first_only,
     .first = {4.248354255291589e-18, 0, NOT, 0, 0, -4.248354255291589e-18, 0, NOT},
     .v = first_only,
     .second = {-4.248354255291589e-18, 0, NOT, 0, 0, 4.248354255291589e-18, 0, NOT}},
    {"softmax_cols", "no rows", softmax_cols, 1, .x = {NONE(0, 2)}},
    {"softmax_derivative", "a tie", softmax_derivative, 2, .x = {COLUMN(0, -0.0), COLUMN(1, 0)},
     .value = {0.25, -0.25}, .u = first_only, .first = {0, 0, 0.25, -0.25},
     .v = (const double[MOST_SPECIAL]){0, 0, 1}},
    {"softmax_derivative", "one that dominates", softmax_derivative, 2,
     .x = {ROW(-40, 0), ROW(0, 1)}, .value = {-4.248354255291589e-18, 4.248354255291589e-18},
     .u = second_only,
     .first = {4.248354255291589e-18, -4.248354255291589e-18, -4.248354255291589e-18,
               4.248354255291589e-18},
     .v = (const double[MOST_SPECIAL]){0, 0, 0, 1},
     .second = {4.248354255291589e-18, -4.248354255291589e-18}},
    {"softmax_derivative", "Inf", softmax_derivative, 2, .x = {COLUMN(INF, 1), COLUMN(1, 2)}},
    {"softmax_derivative", "NaN", softmax_derivative, 2, .x = {COLUMN(NOT, 1), COLUMN(1, 2)},
     .value = {NOT, NOT}, .first = {NOT, NOT, NOT, NOT}, .second = {NOT, NOT, NOT, NOT}},
    {"softmax_derivative", "empty", softmax_derivative, 2, .x = {NONE(0, 1), NONE(0, 1)}},

/* Of all elements: `best` the winner among Inf and 1. */
#define EXTREME(name, best, inf_share, one_share)                                                  \
    {#name,                                                                                        \
     "Inf",                                                                                        \
     name,                                                                                         \
     1,                                                                                            \
     .x = {COLUMN(INF, 1)},                                                                        \
     .value = {best},                                                                              \
     .first = {inf_share, one_share}},                                                             \
        {#name, "a tie", name, 1, .x = {COLUMN(1, 1)}, .value = {1}, .first = {0.5, 0.5}},         \
        {#name, "a tie of zeros", name, 1, .x = {COLUMN(0, -0.0)}, .first = {0.5, 0.5}},           \
        {#name,          "a tie at Inf",     name, 1, .x = {COLUMN(INF, INF)},                     \
         .value = {INF}, .first = {0.5, 0.5}},                                                     \
        {#name,           "a tie at -Inf",    name, 1, .x = {COLUMN(-INF, -INF)},                  \
         .value = {-INF}, .first = {0.5, 0.5}},                                                    \
        {#name, "NaN", name, 1, .x = {COLUMN(NOT, 1)}, .value = {NOT}, .first = {NOT, NOT}},       \
        {#name, "empty", name, 1, .x = {NONE(0, 1)}, .status = AD_ERROR_SHAPE},
    EXTREME(maximum, INF, 1, 0) EXTREME(minimum, 1, 0, 1){
        "max_rows", "NaN, a tie", max_rows, 1, .x = {SQUARE(NOT, 1, 3, 3)}, .value = {NOT, 3},
        .first = {NOT, NOT, 0.5, 0.5}},
    {"max_rows", "no columns", max_rows, 1, .x = {NONE(2, 0)}, .status = AD_ERROR_SHAPE},
    {"max_rows", "no rows", max_rows, 1, .x = {NONE(0, 2)}, .empty = true},
    {"min_rows", "NaN, -Inf", min_rows, 1, .x = {SQUARE(NOT, 1, -INF, 3)}, .value = {NOT, -INF},
     .first = {NOT, NOT, 1, 0}},
    {"min_rows", "no columns", min_rows, 1, .x = {NONE(2, 0)}, .status = AD_ERROR_SHAPE},
    {"max_cols", "NaN, Inf", max_cols, 1, .x = {SQUARE(NOT, 1, 3, INF)}, .value = {NOT, INF},
     .first = {NOT, 0, NOT, 1}},
    {"max_cols", "no rows", max_cols, 1, .x = {NONE(0, 2)}, .status = AD_ERROR_SHAPE},
    {"min_cols", "NaN, a tie", min_cols, 1, .x = {SQUARE(NOT, 0, 3, -0.0)}, .value = {NOT, 0},
     .first = {NOT, 0.5, NOT, 0.5}},
    {"min_cols", "no rows", min_cols, 1, .x = {NONE(0, 2)}, .status = AD_ERROR_SHAPE},
    {"tie_share", "a tie", tie_share, 3, .x = {COLUMN(INF), COLUMN(1, 1, 0), COLUMN(1)},
     .value = {INF, INF, 0}, .first = {1}},
    {"tie_share", "NaN", tie_share, 3, .x = {COLUMN(2), COLUMN(1, NOT), COLUMN(NOT)},
     .value = {NOT, NOT}, .first = {NOT}},
    {"tie_share", "empty", tie_share, 3, .x = {NONE(0, 1), NONE(0, 3), NONE(0, 1)}},
    {"tie_mean", "a tie", tie_mean, 3, .x = {COLUMN(3, 5, INF), COLUMN(1, 1, 0), COLUMN(1)},
     .value = {4}, .first = {0.5, 0.5}},
    {"tie_mean", "NaN", tie_mean, 3, .x = {COLUMN(3, 5), COLUMN(1, NOT), COLUMN(NOT)},
     .value = {NOT}, .first = {NOT, NOT}},
    {"tie_mean", "empty", tie_mean, 3, .x = {NONE(0, 3), NONE(0, 3), NONE(0, 1)}},

    {"cumsum", "Inf, NaN", cumsum, 1, .x = {ROW(1, INF, 2, -INF, NOT, 1)},
     .value = {1, INF, INF, NOT, NOT, NOT}, .first = {6, 5, 4, 3, 2, 1}},
    {"cumsum", "partial sums that overflow", cumsum, 1,
     .x = {COLUMN(DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX, 1)}, .value = {DBL_MAX, INF, DBL_MAX, 0, 1},
     .first = {5, 4, 3, 2, 1}},
    {"cumsum", "-Inf beside a sum that overflows", cumsum, 1, .x = {ROW(DBL_MAX, DBL_MAX, -INF)},
     .value = {DBL_MAX, INF, -INF}, .first = {3, 2, 1}},
    {"cumsum", "digits that the sum of all has not", cumsum, 1, .x = {SQUARE(1, 1e100, 1, -1e100)},
     .value = {1, 1e100, 1e100, 0}, .first = {4, 3, 2, 1}, .tolerance = 1e-15},
    {"cumsum", "tiny", cumsum, 1, .x = {SQUARE(1e-300, 0x1p-1074, 0, -0.0)},
     .value = {1e-300, 1e-300, 1e-300, 1e-300}, .first = {4, 3, 2, 1}},
    {"cumsum", "empty", cumsum, 1, .x = {NONE(0, 3)}},
    {"cumsum_rows", "sizes", cumsum_rows, 1, .x = {{3, 2, {NOT, 1, 0, INF, 1e300, 1e-300}}},
     .value = {NOT, NOT, 0, INF, 1e300, 1e300}, .first = {2, 1, 2, 1, 2, 1}},
    {"cumsum_rows", "no columns", cumsum_rows, 1, .x = {NONE(2, 0)}},
    {"cumsum_cols", "sizes", cumsum_cols, 1, .x = {{2, 3, {NOT, 0, 1e300, 1, INF, 1e-300}}},
     .value = {NOT, 0, 1e300, NOT, INF, 1e300}, .first = {2, 2, 2, 1, 1, 1}},
    {"cumsum_cols", "no rows", cumsum_cols, 1, .x = {NONE(0, 2)}},

    /* of three: (1 + b + bc, a + ac, ab), and by v = 1: (1 + c + b, 1 + c + a, a + b) */
    {"cumprod", "zeros", cumprod, 1, .x = {COLUMN(0, 2, 0)}, .first = {3, 0, 0},
     .second = {3, 1, 2}},
    {"cumprod", "Inf", cumprod, 1, .x = {COLUMN(INF, 3)}, .value = {INF, INF}, .first = {4, INF},
     .second = {1, 1}},
    {"cumprod", "Inf among three", cumprod, 1, .x = {ROW(INF, 2, 3)}, .value = {INF, INF, INF},
     .first = {9, INF, INF}, .second = {6, INF, INF}},
    {"cumprod", "0 and Inf", cumprod, 1, .x = {ROW(0, INF)}, .value = {0, NOT}, .first = {INF, 0},
     .second = {1, 1}},
    {"cumprod", "NaN", cumprod, 1, .x = {COLUMN(2, NOT)}, .value = {2, NOT}, .first = {NOT, 2},
     .second = {1, 1}},
    {"cumprod", "huge and tiny", cumprod, 1, .x = {SQUARE(1e300, 1e300, 1e-300, 1e-300)},
     .value = {1e300, INF, 1e300, 1}, .first = {1e300, 1e300, INF, 1e300},
     .second = {1e300, 1e300, INF, INF}},
    {"cumprod", "empty", cumprod, 1, .x = {NONE(0, 1)}},
    {"cumprod_rows", "sizes", cumprod_rows, 1, .x = {{3, 2, {NOT, 0, INF, 2, 1e300, 1e-300}}},
     .value = {NOT, NOT, INF, INF, 1e300, 1}, .first = {1, NOT, 3, INF, 1, 1e300},
     .second = {1, 1, 1, 1, 1, 1}},
    {"cumprod_rows", "no columns", cumprod_rows, 1, .x = {NONE(2, 0)}},
    {"cumprod_cols", "sizes", cumprod_cols, 1, .x = {{2, 3, {NOT, INF, 1e300, 0, 2, 1e-300}}},
     .value = {NOT, INF, 1e300, NOT, INF, 1}, .first = {1, 3, 1, NOT, INF, 1e300},
     .second = {1, 1, 1, 1, 1, 1}},
    {"cumprod_cols", "no rows", cumprod_cols, 1, .x = {NONE(0, 2)}},
    {"preceding_products", "Inf, 0", preceding_products, 1, .x = {ROW(INF, 3, 0)},
     .value = {1, INF, INF}, .first = {4, INF}, .second = {1, 1}},
    {"preceding_products", "NaN", preceding_products, 1, .x = {ROW(NOT, 3)}, .value = {1, NOT},
     .first = {1}},
    {"preceding_products", "sizes", preceding_products, 1, .x = {ROW(1e300, 1e300, 1e-300, 1e-300)},
     .value = {1, 1e300, INF, 1e300}, .first = {1e300, 1e300, INF},
     .second = {1e300, 1e300, 2e300}},
    {"preceding_products", "empty", preceding_products, 1, .x = {NONE(0, 1)}},
    /* L = (0, g1, g2 + a2 g1), U = (g2 + a2 g3, g3, 0) */
    {"recurrence", "downwards", lower_recurrence, 2, .x = {ROW(INF, 2, 0), ROW(1e300, 1e-300, NOT)},
     .value = {0, 1e300, 2e300}, .first = {0, 1e300, 0, 3, 1, 0}, .second = {0, 1, 0, 1, 0, 0}},
    {"recurrence", "upwards", upper_recurrence, 2, .x = {ROW(NOT, 2, INF), ROW(INF, 1, 3)},
     .value = {7, 3}, .first = {0, 3, 0, 0, 1, 3}, .second = {0, 1, 0, 0, 0, 1}},
    {"recurrence", "empty", lower_recurrence, 2, .x = {NONE(0, 1), NONE(0, 1)}},

    {"prod", "Inf", prod, 1, .x = {COLUMN(INF, 3)}, .value = {INF}, .first = {3, INF},
     .second = {1, 1}},
    {"prod", "Inf and 0", prod, 1, .x = {ROW(INF, 0)}, .value = {NOT}, .first = {0, INF},
     .second = {1, 1}},
    {"prod", "Inf among three", prod, 1, .x = {ROW(INF, 2, 3)}, .value = {INF},
     .first = {6, INF, INF}, .second = {5, INF, INF}},
    {"prod", "zeros", prod, 1, .x = {COLUMN(0, -0.0)}, .second = {1, 1}},
    {"prod", "zeros among three", prod, 1, .x = {COLUMN(0, 2, 0)}, .second = {2, 0, 2}},
    {"prod", "0 and Inf among three, by the first", prod, 1, .x = {ROW(0, 0.5, INF)},
     .value = {NOT}, .first = {INF, NOT, 0}, .v = first_only, .second = {0, INF, 0.5}},
    {"prod", "0 and Inf among three, by the second", prod, 1, .x = {ROW(0, 0.5, INF)},
     .value = {NOT}, .first = {INF, NOT, 0}, .v = second_only, .second = {INF, 0, 0}},
    {"prod", "0 and Inf among four", prod, 1, .x = {ROW(0, 0.5, INF, 2)}, .value = {NOT},
     .first = {INF, NOT, 0, NOT}, .v = second_only, .second = {INF, 0, 0, NOT}},
    {"prod", "NaN among three", prod, 1, .x = {ROW(2, NOT, 3)}, .value = {NOT},
     .first = {NOT, 6, NOT}, .v = first_only, .second = {0, 3, NOT}},
    {"prod", "NaN", prod, 1, .x = {COLUMN(NOT, 2)}, .value = {NOT}, .first = {2, NOT},
     .second = {1, 1}},
    {"prod", "huge and tiny", prod, 1, .x = {ROW(1e300, 1e300, 1e-300, 1e-300)}, .value = {1},
     .first = {1e-300, 1e-300, 1e300, 1e300}, .second = {2, 2, INF, INF}},
    {"prod", "overflow", prod, 1, .x = {COLUMN(1e300, -1e300)}, .value = {-INF},
     .first = {-1e300, 1e300}, .second = {1, 1}},
    {"prod", "subnormal", prod, 1, .x = {COLUMN(0x1p-1074, 0x1p1000)}, .value = {0x1p-74},
     .first = {0x1p1000, 0x1p-1074}, .second = {1, 1}},
    {"prod", "empty", prod, 1, .x = {NONE(0, 1)}, .value = {1}},
    {"prod_rows", "NaN, Inf", prod_rows, 1, .x = {SQUARE(NOT, 2, INF, 3)}, .value = {NOT, INF},
     .first = {2, NOT, 3, INF}, .second = {1, 1, 1, 1}},
    {"prod_rows", "a direction in the other row", prod_rows, 1,
     .x = {{3, 2, {NOT, 2, INF, 0, 5, 7}}}, .value = {NOT, NOT, 35},
     .first = {2, NOT, 0, INF, 7, 5}, .v = (const double[MOST_SPECIAL]){0, 0, 0, 0, 1, 0},
     .second = {0, 0, 0, 0, 0, 1}},
    {"prod_rows", "no columns", prod_rows, 1, .x = {NONE(2, 0)}, .value = {1, 1}},
    {"prod_cols", "NaN, 0", prod_cols, 1, .x = {SQUARE(NOT, 0, 2, 0)}, .value = {NOT, 0},
     .first = {2, 0, NOT, 0}, .second = {1, 1, 1, 1}},
    {"prod_cols", "a direction in the other column", prod_cols, 1, .x = {SQUARE(NOT, 5, 2, 7)},
     .value = {NOT, 35}, .first = {2, 7, NOT, 5}, .v = second_only, .second = {0, 0, 0, 1}},
    {"prod_cols", "no rows", prod_cols, 1, .x = {NONE(0, 2)}, .value = {1, 1}},
    {"exclusive_products", "Inf", exclusive, 1, .x = {ROW(INF, 3)}, .value = {3, INF},
     .first = {1, 1}},
    {"exclusive_products", "NaN", exclusive, 1, .x = {ROW(NOT, 3)}, .value = {3, NOT},
     .first = {1, 1}},
    {"exclusive_products", "empty", exclusive, 1, .x = {NONE(0, 1)}},
    {"product_derivative", "Inf", product_derivative, 2, .x = {ROW(INF, 3), ROW(5, 7)},
     .value = {7, 5}, .first = {0, 0, 1, 1}},
    {"product_derivative", "NaN", product_derivative, 2, .x = {ROW(NOT, 2, 3), ROW(1, 1, 1)},
     .value = {5, NOT, NOT}, .first = {2, 2, 2, 5, NOT, NOT}, .second = {2, 2, 2, 2, 2, 2}},
    {"product_derivative", "empty", product_derivative, 2, .x = {NONE(0, 1), NONE(0, 1)}},

    /* sizes */
    {"sum", "0", sum, 1, .x = {COLUMN(0, -0.0)}, .first = {1, 1}},
    {"mean", "tiny", mean, 1, .x = {COLUMN(1e-300, 3e-300)}, .value = {2e-300},
     .first = {0.5, 0.5}},
    {"sum_rows", "0, tiny", sum_rows, 1, .x = {SQUARE(0, 1e-300, 0, -0.0)}, .value = {1e-300},
     .first = {1, 1, 1, 1}},
    {"sum_cols", "0, tiny", sum_cols, 1, .x = {SQUARE(0, 1e-300, -0.0, 1e-300)},
     .value = {0, 2e-300}, .first = {1, 1, 1, 1}},
    {"scaled_identity", "0", identity_of_order_2, 1, .x = {COLUMN(-0.0)}, .first = {2}},
    {"scaled_identity", "huge", identity_of_order_2, 1, .x = {COLUMN(1e300)},
     .value = {1e300, 0, 0, 1e300}, .first = {2}},
    {"scaled_identity", "tiny", identity_of_order_2, 1, .x = {COLUMN(1e-300)},
     .value = {1e-300, 0, 0, 1e-300}, .first = {2}},
    {"trace", "tiny", trace, 1, .x = {SQUARE(1e-300, 5, 6, 2e-300)}, .value = {3e-300},
     .first = {1, 0, 0, 1}},
    {"trace_product", "tiny times huge", trace_product, 2,
     .x = {SQUARE(1e-200, 0, 0, 1e-300), SQUARE(1e100, 3, 4, 1e300)}, .value = {1},
     .first = {1e100, 4, 3, 1e300, 1e-200, 0, 0, 1e-300}, .second = {1, 1, 1, 1, 1, 1, 1, 1}},
    {"dot", "tiny times huge", dot, 2, .x = {COLUMN(1e-200, 1e-300), COLUMN(1e100, 1e300)},
     .value = {1}, .first = {1e100, 1e300, 1e-200, 1e-300}, .second = {1, 1, 1, 1}},
    {"maximum", "huge", maximum, 1, .x = {COLUMN(1e300, -1e300)}, .value = {1e300},
     .first = {1, 0}},
    {"maximum", "tiny", maximum, 1, .x = {COLUMN(0x1p-1074, 0)}, .value = {0x1p-1074},
     .first = {1, 0}},
    {"minimum", "huge", minimum, 1, .x = {COLUMN(1e300, -1e300)}, .value = {-1e300},
     .first = {0, 1}},
    {"minimum", "tiny", minimum, 1, .x = {COLUMN(0x1p-1074, 0)}, .first = {0, 1}},
    {"max_rows", "sizes", max_rows, 1, .x = {{3, 2, {0, INF, 1e300, -1e300, 1e-300, 0}}},
     .value = {INF, 1e300, 1e-300}, .first = {0, 1, 1, 0, 1, 0}},
    {"min_rows", "sizes", min_rows, 1, .x = {SQUARE(0, 1e-300, 1e300, -1e300)},
     .value = {0, -1e300}, .first = {1, 0, 0, 1}},
    {"max_cols", "sizes", max_cols, 1, .x = {SQUARE(0, 1e300, 1e-300, -1e300)},
     .value = {1e-300, 1e300}, .first = {0, 1, 1, 0}},
    {"min_cols", "sizes", min_cols, 1, .x = {SQUARE(INF, 1e300, 1, 1e-300)}, .value = {1, 1e-300},
     .first = {0, 0, 1, 1}},
    {"tie_share", "sizes", tie_share, 3,
     .x = {COLUMN(1e300), COLUMN(1e-300, 1e-300, 1e300), COLUMN(1e-300)},
     .value = {5e299, 5e299, 0}, .first = {1}},
    {"tie_mean", "sizes", tie_mean, 3,
     .x = {COLUMN(1e300, 3e300, 7), COLUMN(1e-300, 1e-300, 1), COLUMN(1e-300)}, .value = {2e300},
     .first = {0.5, 0.5}},
    {"prod_rows", "sizes", prod_rows, 1, .x = {SQUARE(1e300, 1e-300, 1e-300, 2)},
     .value = {1, 2e-300}, .first = {1e-300, 1e300, 2, 1e-300}, .second = {1, 1, 1, 1}},
    {"prod_cols", "sizes", prod_cols, 1, .x = {SQUARE(1e300, INF, 1e-300, 2)}, .value = {1, INF},
     .first = {1e-300, 2, 1e300, INF}, .second = {1, 1, 1, 1}},
    {"exclusive_products", "sizes", exclusive, 1, .x = {COLUMN(0, 1e300, 1e-300)}, .value = {1},
     .first = {1e300, 1e-300, 1e300}, .second = {2, 2, 2}},
    {"product_derivative", "sizes", product_derivative, 2,
     .x = {COLUMN(0, 1e300, 1e-300), COLUMN(1, 1, 1)}, .value = {1e300, 1e-300, 1e300},
     .first = {2, 2, 2, 1e300, 1e-300, 1e300}, .second = {2, 2, 2, 2, 2, 2}},
    {"softmax", "huge", softmax, 1, .x = {COLUMN(1e300, -1e300)}, .value = {1, 0}, .u = first_only,
     .v = first_only},
    {"softmax", "tiny", softmax, 1, .x = {COLUMN(1e-300, -0.0)}, .value = {0.5, 0.5},
     .u = first_only, .first = {0.25, -0.25}, .v = first_only},
    {"softmax_derivative", "huge", softmax_derivative, 2,
     .x = {COLUMN(1e300, -1e300), COLUMN(1, 2)}},
    {"softmax_derivative", "tiny", softmax_derivative, 2, .x = {COLUMN(1e-300, 0), COLUMN(1, 0)},
     .value = {0.25, -0.25}, .u = first_only, .first = {0, 0, 0.25, -0.25},
     .v = (const double[MOST_SPECIAL]){0, 0, 1}},
    {0},
};

/* Products of matrices, determinants, solutions and factors. */
#include "tests/special_points.h"

#define OF_ONE(name)                                                                               \
    static ad_var name(const ad_var *x)                                                            \
    {                                                                                              \
        return ad_##name(x[0]);                                                                    \
    }

#define OF_TWO(name)                                                                               \
    static ad_var name(const ad_var *x)                                                            \
    {                                                                                              \
        return ad_##name(x[0], x[1]);                                                              \
    }

OF_TWO(matmul)
OF_TWO(outer)
OF_TWO(kron)
OF_TWO(solve)
OF_TWO(charpoly)
OF_ONE(det)
OF_ONE(detsign)
OF_ONE(logabsdet)
OF_ONE(cofactor)
OF_ONE(inverse)
OF_ONE(cholesky)
OF_ONE(logdet_spd)

static ad_var quad(const ad_var *x)
{
    return ad_quad(x[0], x[1], x[2]);
}

static ad_var log_gradient(const ad_var *x)
{
    return ad_vjp(ad_logabsdet(x[0]), x[0], x[1]);
}

static ad_var inverse_product(const ad_var *x)
{
    return operation_inverse_product(x[0], x[1]);
}

static ad_var cofactor_derivative(const ad_var *x)
{
    return operation_cofactor_derivative(x[0], x[1]);
}

static ad_var cofactor_second_derivative(const ad_var *x)
{
    return operation_cofactor_second_derivative(x[0], x[1], x[2]);
}

static ad_var solve_share(const ad_var *x)
{
    return ad_vjp(ad_solve(x[0], x[1]), x[0], x[2]);
}

static ad_var lstsq(const ad_var *x)
{
    return ad_lstsq(x[0], x[1]);
}

static ad_var solve_spd(const ad_var *x)
{
    return ad_solve_spd(x[0], x[1]);
}

static ad_var solve_upper(const ad_var *x)
{
    return ad_solve_upper(x[0], x[1], false);
}

static ad_var solve_lower(const ad_var *x)
{
    return ad_solve_lower(x[0], x[1], false);
}

static ad_var half_lower(const ad_var *x)
{
    return operation_half_lower(x[0]);
}

/* clang-format off */
#define ONES {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
#define EVERY(x) {x, x, x, x, x, x, x, x, x, x, x, x}
/* clang-format on */

/* Determinants, minors and systems take a matrix as a whole: NaN in it makes all NaN (cof of order
 * 1 apart). An Inf is a number that grows without bound, what follows from it a limit.
 *
 * The determinant of a 2 x 2 matrix [a b; c d] has the cofactors [d -c; -b a], and the same form of
 * V = ones as derivative of these. */
/* clang-format off */
#define FORM_OF_ONES {1, -1, -1, 1}
/* clang-format on */

static const double first_only[MOST_SPECIAL] = {1};

const special_case special_algebra[] = {
    {"matmul", "Inf", matmul, 2, .x = {SQUARE(INF, 0, 0, 1), COLUMN(2, 3)}, .value = {INF, 3},
     .first = {2, 3, 2, 3, INF, 1}, .second = {1, 1, 1, 1, 2, 2}},
    {"matmul", "Inf times 0", matmul, 2, .x = {SQUARE(INF, 0, 0, 1), COLUMN(0, 3)},
     .value = {NOT, 3}, .first = {0, 3, 0, 3, INF, 1}, .second = {1, 1, 1, 1, 2, 2}},
    {"matmul", "NaN", matmul, 2, .x = {SQUARE(NOT, 0, 0, 1), COLUMN(2, 3)}, .value = {NOT, 3},
     .first = {2, 3, 2, 3, NOT, 1}, .second = {1, 1, 1, 1, 2, 2}},
    {"matmul", "huge times tiny", matmul, 2, .x = {ROW(1e300, 1e-300), COLUMN(1e-300, 1e300)},
     .value = {2}, .first = {1e-300, 1e300, 1e300, 1e-300}, .second = ONES},
    {"matmul", "products that overflow and cancel", matmul, 2,
     .x = {ROW(1e200, 1e200), COLUMN(1e200, -1e200)}, .first = {1e200, -1e200, 1e200, 1e200},
     .second = ONES},
    {"matmul", "a sum beyond -DBL_MAX", matmul, 2,
     .x = {ROW(1e160, 1e160), COLUMN(1e160, -DBL_MAX)}, .value = {-INF},
     .first = {1e160, -DBL_MAX, 1e160, 1e160}, .second = ONES},
    {"matmul", "-Inf beside products that overflow", matmul, 2,
     .x = {{2, 3, {1e200, 1e200, 2, 1, 1, NOT}}, {3, 2, {1e200, 0, 1e200, 1, -INF, 1}}},
     .value = {-INF, 1e200, NOT, NOT},
     .first = {1e200, 1e200, -INF, 1e200, 1e200, -INF, 1e200, 1e200, 1e200, 1e200, NOT, NOT},
     .second = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}},
    {"matmul", "gradients that overflow and cancel", matmul, 2,
     .x = {COLUMN(1e200, 1e200), ROW(1e200, -1e200)}, .value = {INF, -INF, INF, -INF},
     .u = (const double[MOST_SPECIAL]){1e200, 1e200, -1e200, -1e200}, .second = {2e200, -2e200}},
    {"matmul", "a sum of nothing", matmul, 2, .x = {NONE(2, 0), NONE(0, 2)}},
    {"outer", "Inf, 0", outer, 2, .x = {COLUMN(INF, 1), COLUMN(2, -0.0)}, .value = {INF, NOT, 2, 0},
     .first = {2, 2, INF, INF}, .second = {2, 2, 2, 2}},
    {"outer", "NaN", outer, 2, .x = {COLUMN(NOT, 1), ROW(2, 3)}, .value = {NOT, NOT, 2, 3},
     .first = {5, 5, NOT, NOT}, .second = {2, 2, 2, 2}},
    {"outer", "empty", outer, 2, .x = {NONE(0, 1), COLUMN(NOT)}},
    {"kron", "Inf", kron, 2, .x = {ROW(INF, 1), COLUMN(2, -3)}, .value = {INF, 2, -INF, -3},
     .first = {-1, -1, INF, INF}, .second = {2, 2, 2, 2}},
    {"kron", "gradients that overflow and cancel", kron, 2,
     .x = {ROW(1e200, 1e200), COLUMN(1e200, -1e200)}, .value = {INF, INF, -INF, -INF},
     .u = (const double[MOST_SPECIAL]){1e200, -1e200, 1e200, -1e200}, .second = {2e200, -2e200}},
    {"kron", "NaN", kron, 2, .x = {ROW(NOT, 1), COLUMN(2, 3)}, .value = {NOT, 2, NOT, 3},
     .first = {5, 5, NOT, NOT}, .second = {2, 2, 2, 2}},
    {"kron", "empty", kron, 2, .x = {NONE(0, 1), COLUMN(NOT)}},
    {"quad", "Inf", quad, 3, .x = {COLUMN(INF, 1), SQUARE(1, 1, 1, 1), COLUMN(1, 1)},
     .value = {INF}, .first = {2, 2, INF, INF, 1, 1, INF, INF},
     .second = {4, 4, INF, INF, 2, 2, INF, INF}},
    {"quad", "NaN", quad, 3, .x = {COLUMN(NOT, 1), SQUARE(1, 1, 1, 1), COLUMN(1, 1)},
     .value = {NOT}, .first = {2, 2, NOT, NOT, 1, 1, NOT, NOT},
     .second = {4, 4, NOT, NOT, 2, 2, NOT, NOT}},
    {"quad", "0 times an overflow", quad, 3,
     .x = {COLUMN(0, 1), SQUARE(1e200, 0, 0, 1), COLUMN(1e200, 1)}, .value = {1},
     .first = {INF, 1, 0, 0, 1e200, 1, 0, 1}, .v = first_only,
     .second = {0, 0, 1e200, 1, 0, 0, 1e200, 0}},
    {"quad", "an overflow made small again", quad, 3,
     .x = {COLUMN(1e-200, 1), SQUARE(1e200, 0, 0, 1), COLUMN(1e200, 1)}, .value = {1e200},
     .first = {INF, 1, 1, 1e-200, 1e200, 1, 1, 1}, .v = first_only,
     .second = {0, 0, 1e200, 1, 0, 0, 1e200, 0}},
    {"quad", "terms that overflow and cancel", quad, 3,
     .x = {COLUMN(1e100, 1e100), SQUARE(1e150, 0, 0, -1e150), COLUMN(1e100, 1e100)},
     .first = {1e250, -1e250, 1e200, 1e200, 1e200, 1e200, 1e250, -1e250}, .v = first_only,
     .second = {0, 0, 1e100, 1e100, 0, 0, 1e150, 0}},
    {"quad", "an underflow made large again", quad, 3,
     .x = {COLUMN(1e160), COLUMN(1e-160), COLUMN(1e-160)}, .value = {1e-160},
     .first = {1e-320, 1, 1}, .second = {2e-160, 1e160, 1e160}},
    {"quad", "an underflow to 0 made large again", quad, 3,
     .x = {COLUMN(1e300), COLUMN(1e-200), COLUMN(1e-200)}, .value = {1e-100},
     .first = {0, 1e100, 1e100}, .second = {2e-200, 1e300, 1e300}},
    {"quad", "terms beyond the range that cancel", quad, 3,
     .x = {COLUMN(1), ROW(1e200, 1e200, 1e200, 1e200),
           COLUMN(1.1e200, 1.1e200, -1.1e200, -1.1e200)},
     .first = {0, 1.1e200, 1.1e200, -1.1e200, -1.1e200, 1e200, 1e200, 1e200, 1e200},
     .v = first_only,
     .second = {0, 1.1e200, 1.1e200, -1.1e200, -1.1e200, 1e200, 1e200, 1e200, 1e200}},
    {"quad", "-Inf beside terms that overflow", quad, 3,
     .x = {COLUMN(1, 1e-200), SQUARE(1e200, 1, 1, 1e-200), COLUMN(1e200, -INF)}, .value = {-INF},
     .first = {-INF, -INF, 1e200, -INF, 1, -INF, 1e200, 1}, .v = first_only,
     .second = {NOT, NOT, 1e200, -INF, 0, NOT, 1e200, 1}},
    {"quad", "empty", quad, 3, .x = {NONE(0, 1), NONE(0, 0), NONE(0, 1)}},

    {"det", "0", det, 1, .x = {SQUARE(0, 0, -0.0, 0)}, .second = FORM_OF_ONES},
    {"det", "1x1 of 0", det, 1, .x = {COLUMN(0)}, .first = {1}},
    {"det", "rank 1", det, 1, .x = {SQUARE(1, 2, 2, 4)}, .first = {4, -2, -2, 1},
     .second = FORM_OF_ONES},
    {"det", "huge", det, 1, .x = {SQUARE(1e200, 0, 0, 1e200)}, .value = {INF},
     .first = {1e200, 0, 0, 1e200}, .second = FORM_OF_ONES},
    {"det", "tiny", det, 1, .x = {SQUARE(1e-200, 0, 0, 1e-200)}, .first = {1e-200, 0, 0, 1e-200},
     .second = FORM_OF_ONES},
    {"det", "huge and tiny", det, 1, .x = {SQUARE(1e300, 0, 0, 1e-300)}, .value = {1},
     .first = {1e-300, 0, 0, 1e300}, .second = FORM_OF_ONES},
    {"det", "Inf", det, 1, .x = {SQUARE(INF, 0, 0, 1)}, .value = {NOT}, .first = {1, 0, 0, NOT},
     .second = FORM_OF_ONES},
    {"det", "Inf beside 0", det, 1, .x = {SQUARE(INF, 2, 3, 0)}, .value = {NOT},
     .first = {0, -3, -2, NOT}, .second = FORM_OF_ONES},
    {"det", "Inf less Inf", det, 1, .x = {SQUARE(INF, INF, 1, 1)}, .value = {NOT},
     .first = {1, -1, NOT, NOT}, .second = FORM_OF_ONES},
    {"det", "3x3 with Inf", det, 1, .x = {{3, 3, {INF, 0, 0, 0, 2, 0, 0, 0, -3}}}, .value = {NOT},
     .first = {-6, 0, 0, 0, NOT, NOT, 0, NOT, NOT},
     .second = {-1, 3, -2, 3, NOT, NOT, -2, NOT, NOT}},
    {"det", "1x1 of Inf", det, 1, .x = {COLUMN(-INF)}, .value = {NOT}, .first = {1}},
    {"det", "NaN", det, 1, .x = {SQUARE(NOT, 1, 1, 1)}, .value = {NOT}, .first = {1, -1, -1, NOT},
     .second = FORM_OF_ONES},
    {"det", "empty", det, 1, .x = {NONE(0, 0)}, .value = {1}},
    {"detsign", "0", detsign, 1, .x = {SQUARE(0, 0, 0, 0)}},
    {"detsign", "-0", detsign, 1, .x = {COLUMN(-0.0)}},
    {"detsign", "tiny", detsign, 1, .x = {SQUARE(-1e-200, 0, 0, 1e-200)}, .value = {-1}},
    {"detsign", "Inf", detsign, 1, .x = {SQUARE(-INF, 0, 0, 1)}, .value = {NOT}},
    {"detsign", "NaN", detsign, 1, .x = {SQUARE(NOT, 0, 0, 1)}, .value = {NOT}},
    {"detsign", "empty", detsign, 1, .x = {NONE(0, 0)}, .value = {1}},
    {"logabsdet", "0", logabsdet, 1, .x = {SQUARE(0, 0, 0, 0)}, .value = {-INF},
     .first_status = AD_ERROR_DERIVATIVE},
    {"logabsdet", "rank 1", logabsdet, 1, .x = {SQUARE(1, 2, 2, 4)}, .value = {-INF},
     .first_status = AD_ERROR_DERIVATIVE},
    {"logabsdet", "huge", logabsdet, 1, .x = {SQUARE(1e200, 0, 0, 1e200)},
     .value = {921.03403719761827}, .first = {1e-200, 0, 0, 1e-200}},
    {"logabsdet", "tiny", logabsdet, 1, .x = {SQUARE(1e-150, 0, 0, 1e-150)},
     .value = {-690.77552789821368}, .first = {1e150, 0, 0, 1e150},
     .second = {-1e300, -1e300, -1e300, -1e300}},
    {"logabsdet", "Inf", logabsdet, 1, .x = {SQUARE(INF, 0, 0, 1)}, .value = {NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"logabsdet", "NaN", logabsdet, 1, .x = {SQUARE(NOT, 1, 1, 1)}, .value = {NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"logabsdet", "empty", logabsdet, 1, .x = {NONE(0, 0)}},
    {"logabsdet_gradient", "huge", log_gradient, 2, .x = {SQUARE(1e200, 0, 0, 1e200), COLUMN(2)},
     .value = {2e-200, 0, 0, 2e-200}, .first = {0, 0, 0, 0, 2e-200}},
    {"logabsdet_gradient", "NaN", log_gradient, 2, .x = {SQUARE(NOT, 1, 1, 1), COLUMN(2)},
     .value = EVERY(NOT), .first = EVERY(NOT), .second = EVERY(NOT)},
    {"logabsdet_gradient", "empty", log_gradient, 2, .x = {NONE(0, 0), COLUMN(2)}, .empty = true},
    {"logabsdet", "inverse beyond range", logabsdet, 1, .x = {SQUARE(1e-160, 0, 0, 1e-160)},
     .value = {-736.82722975809463}, .first = {1e160, 0, 0, 1e160},
     .second = {-INF, -INF, -INF, -INF}},
    {"inverse_product", "tiny", inverse_product, 2,
     .x = {SQUARE(1e-50, 0, 0, 1e-50), SQUARE(1e-50, 0, 0, 1e-50)}, .value = {1e50, 0, 0, 1e50},
     .first = {-2e100, -2e100, -2e100, -2e100, 1e100, 1e100, 1e100, 1e100},
     .second = {8e150, 8e150, 8e150, 8e150, -4e150, -4e150, -4e150, -4e150}},
    {"logabsdet", "sizes far apart", logabsdet, 1, .x = {SQUARE(1e-200, 0, 0, 1e200)},
     .first = {1e200, 0, 0, 1e-200}, .second = {-INF, -1, -1, 0}},
    {"inverse_product", "NaN", inverse_product, 2, .x = {SQUARE(NOT, 1, 1, 1), SQUARE(1, 2, 3, 4)},
     .value = EVERY(NOT), .first = EVERY(NOT), .second = EVERY(NOT)},
    {"inverse_product", "Inf", inverse_product, 2, .x = {SQUARE(INF, 0, 0, 2), SQUARE(1, 2, 3, 4)},
     .value = EVERY(NOT), .first = EVERY(NOT), .second = EVERY(NOT)},
    {"inverse_product", "empty", inverse_product, 2, .x = {NONE(0, 0), NONE(0, 0)}},
    {"cofactor", "0", cofactor, 1, .x = {SQUARE(0, 0, 0, 0)}, .first = FORM_OF_ONES},
    {"cofactor", "1x1 of 0", cofactor, 1, .x = {COLUMN(0)}, .value = {1}},
    {"cofactor", "Inf", cofactor, 1, .x = {SQUARE(INF, 0, 0, 1)}, .value = {1, 0, 0, NOT},
     .first = FORM_OF_ONES},
    {"cofactor", "NaN", cofactor, 1, .x = {SQUARE(NOT, 2, 3, 4)}, .value = {4, -3, -2, NOT},
     .first = FORM_OF_ONES},
    {"cofactor", "empty", cofactor, 1, .x = {NONE(0, 0)}},
    {"cofactor_derivative", "0", cofactor_derivative, 2,
     .x = {SQUARE(0, 0, 0, 0), SQUARE(1, 2, 3, 4)}, .value = {4, -3, -2, 1},
     .first = {0, 0, 0, 0, 1, -1, -1, 1}},
    {"cofactor_derivative", "NaN", cofactor_derivative, 2,
     .x = {SQUARE(NOT, 0, 0, 0), SQUARE(1, 2, 3, 4)}, .value = {4, -3, -2, 1},
     .first = {0, 0, 0, 0, 1, -1, -1, 1}},
    {"cofactor_derivative", "empty", cofactor_derivative, 2, .x = {NONE(0, 0), NONE(0, 0)}},
    {"cofactor_second_derivative", "0", cofactor_second_derivative, 3,
     .x = {SQUARE(0, 0, 0, 0), SQUARE(1, 2, 3, 4), SQUARE(5, 6, 7, 8)}},
    {"cofactor_second_derivative", "NaN", cofactor_second_derivative, 3,
     .x = {SQUARE(NOT, 0, 0, 0), SQUARE(1, 2, 3, 4), SQUARE(5, 6, 7, 8)}},
    {"cofactor_second_derivative", "empty", cofactor_second_derivative, 3,
     .x = {NONE(0, 0), NONE(0, 0), NONE(0, 0)}},

    {"charpoly", "0", charpoly, 2, .x = {SQUARE(0, 0, 0, 0), COLUMN(0)},
     .second = {0, -1, -1, 0, 0}},
    {"charpoly", "Inf", charpoly, 2, .x = {SQUARE(1, 0, 0, 2), COLUMN(INF)}, .value = {NOT},
     .first = {NOT, 0, 0, NOT, NOT}, .second = {0, -1, -1, 0, NOT}},
    {"charpoly", "Inf in the matrix", charpoly, 2, .x = {SQUARE(INF, 3, 0, 2), COLUMN(5)},
     .value = {NOT}, .first = {-3, 0, -3, NOT, NOT}, .second = {0, -1, -1, 0, NOT}},
    {"charpoly", "NaN", charpoly, 2, .x = {SQUARE(NOT, 0, 0, 2), COLUMN(3)}, .value = {NOT},
     .first = {-1, 0, 0, NOT, NOT}, .second = {0, -1, -1, 0, NOT}},
    {"charpoly", "empty", charpoly, 2, .x = {NONE(0, 0), COLUMN(3)}, .value = {1}},

    {"solve", "singular", solve, 2, .x = {SQUARE(1, 2, 2, 4), COLUMN(1, 1)},
     .status = AD_ERROR_SINGULAR},
    {"solve", "huge", solve, 2, .x = {SQUARE(1e200, 0, 0, 1e200), COLUMN(1e200, 2e200)},
     .value = {1, 2}, .first = {-1e-200, -2e-200, -1e-200, -2e-200, 1e-200, 1e-200}},
    {"solve", "Inf", solve, 2, .x = {SQUARE(INF, 0, 0, 2), COLUMN(1, 4)}, .value = {0, 2},
     .first = {0, 0, 0, -1, 0, 0.5}, .second = {0, 0, 0, 0.75, 0, -0.25}},
    {"solve", "Inf on the right", solve, 2, .x = {COLUMN(2), COLUMN(INF)}, .value = {INF},
     .first = {-INF, 0.5}, .second = {INF, -0.25}},
    {"solve", "NaN", solve, 2, .x = {SQUARE(NOT, 1, 1, 1), COLUMN(1, 1)}, .value = {NOT, NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"solve", "empty", solve, 2, .x = {NONE(0, 0), NONE(0, 2)}},
    {"lstsq", "0", lstsq, 2, .x = {COLUMN(0, 0), COLUMN(1, 1)}, .status = AD_ERROR_SINGULAR},
    {"lstsq", "less than full rank", lstsq, 2, .x = {{2, 3, {1, 2, 3, 2, 4, 6}}, COLUMN(1, 1)},
     .status = AD_ERROR_SINGULAR},
    /* b/a, of a tall matrix (a, 0): gradient -b/a^2, 0 and 1/a, 0 */
    {"lstsq", "huge", lstsq, 2, .x = {COLUMN(1e200, 0), COLUMN(1e200, 0)}, .value = {1},
     .first = {-1e-200, 0, 1e-200, 0}},
    {"lstsq", "tiny", lstsq, 2, .x = {COLUMN(1e-100, 0), COLUMN(1e-100, 0)}, .value = {1},
     .first = {-1e100, 0, 1e100, 0}, .second = {1e200, -1e200, -1e200, 1e200}},
    {"lstsq", "Inf on the right", lstsq, 2, .x = {COLUMN(2, 0), COLUMN(INF, 0)}, .value = {INF},
     .first = {NOT, NOT, 0.5, 0}, .second = {NOT, NOT, -0.25, 0.25}},
    {"lstsq", "NaN", lstsq, 2, .x = {COLUMN(NOT, 1), COLUMN(1, 1)}, .value = {NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"lstsq", "Inf", lstsq, 2, .x = {COLUMN(INF, 1), COLUMN(1, 1)}, .value = {NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"lstsq", "empty", lstsq, 2, .x = {NONE(0, 2), NONE(0, 3)}, .value = {0}},
    /* s = -u b/a^2 of A = [a], B = [b] and the adjoint [u] */
    {"solve_share", "0", solve_share, 3, .x = {COLUMN(2), COLUMN(0), COLUMN(3)},
     .first = {0, -0.75, 0}, .second = {0.75, 0.5, -0.25}},
    {"solve_share", "huge", solve_share, 3, .x = {COLUMN(1e100), COLUMN(1e200), COLUMN(1)},
     .value = {-1}, .first = {2e-100, -1e-200, -1}, .second = {2e-100, -1e-200, 2e-100}},
    {"solve_share", "tiny", solve_share, 3, .x = {COLUMN(1e-100), COLUMN(1e-200), COLUMN(1)},
     .value = {-1}, .first = {2e100, -1e200, -1}, .second = {2e300, 2e300, -1e200}},
    {"solve_share", "Inf", solve_share, 3, .x = {COLUMN(INF), COLUMN(1), COLUMN(2)}},
    {"solve_share", "NaN", solve_share, 3, .x = {COLUMN(NOT), COLUMN(1), COLUMN(2)}, .value = {NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"solve_share", "empty", solve_share, 3, .x = {NONE(0, 0), NONE(0, 2), NONE(0, 2)}},
    {"inverse", "0", inverse, 1, .x = {COLUMN(-0.0)}, .status = AD_ERROR_SINGULAR},
    {"inverse", "tiny", inverse, 1, .x = {SQUARE(1e-100, 0, 0, 1e-100)},
     .value = {1e100, 0, 0, 1e100}, .first = {-1e200, -1e200, -1e200, -1e200},
     .second = {4e300, 4e300, 4e300, 4e300}},
    {"inverse", "Inf", inverse, 1, .x = {SQUARE(INF, 0, 0, 2)}, .value = {0, 0, 0, 0.5},
     .first = {0, 0, 0, -0.25}, .second = {0, 0, 0, 0.25}},
    {"inverse", "1x1 of Inf", inverse, 1, .x = {COLUMN(INF)}},
    {"inverse", "NaN", inverse, 1, .x = {SQUARE(NOT, 1, 1, 1)}, .value = EVERY(NOT),
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"inverse", "empty", inverse, 1, .x = {NONE(0, 0)}},
    {"cholesky", "0", cholesky, 1, .x = {COLUMN(0)}, .status = AD_ERROR_SINGULAR},
    {"cholesky", "tiny", cholesky, 1, .x = {COLUMN(1e-200)}, .value = {1e-100}, .first = {5e99},
     .second = {-2.5e299}},
    {"cholesky", "huge", cholesky, 1, .x = {COLUMN(1e300)}, .value = {1e150}, .first = {5e-151}},
    {"cholesky", "subnormal", cholesky, 1, .x = {COLUMN(0x1p-1074)}, .value = {0x1p-537},
     .first = {0x1p536}, .second = {-INF}},
    {"cholesky", "NaN", cholesky, 1, .x = {SQUARE(1, NOT, 0, 1)}, .value = {NOT, 0, NOT, NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"cholesky", "empty", cholesky, 1, .x = {NONE(0, 0)}},
    {"logdet_spd", "0", logdet_spd, 1, .x = {SQUARE(1, 0, 0, 0)}, .status = AD_ERROR_SINGULAR},
    {"logdet_spd", "tiny", logdet_spd, 1, .x = {COLUMN(1e-200)}, .value = {-460.51701859880916},
     .first = {1e200}, .second = {-INF}},
    {"logdet_spd", "huge", logdet_spd, 1, .x = {SQUARE(1e300, 0, 0, 1e300)},
     .value = {1381.5510557964274}, .first = {1e-300, 0, 0, 1e-300}},
    {"logdet_spd", "Inf", logdet_spd, 1, .x = {COLUMN(INF)}, .value = {INF}},
    {"logdet_spd", "NaN", logdet_spd, 1, .x = {SQUARE(1, NOT, 0, 1)}, .value = {NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"logdet_spd", "empty", logdet_spd, 1, .x = {NONE(0, 0)}},
    {"solve_spd", "0", solve_spd, 2, .x = {COLUMN(0), COLUMN(1)}, .status = AD_ERROR_SINGULAR},
    {"solve_spd", "sizes", solve_spd, 2, .x = {COLUMN(1e-100), ROW(1e-100, -3e-100)},
     .value = {1, -3}, .first = {2e100, 1e100, 1e100}, .second = {-6e200, -1e200, -1e200}},
    {"solve_spd", "Inf", solve_spd, 2, .x = {COLUMN(INF), COLUMN(1e300)}, .value = {0},
     .first = {0, 0}},
    {"solve_spd", "NaN", solve_spd, 2, .x = {SQUARE(NOT, 0, 0, 1), COLUMN(0, 2)},
     .value = {NOT, NOT}, .first = {NOT, NOT, NOT, NOT, NOT, NOT},
     .second = {NOT, NOT, NOT, NOT, NOT, NOT}},
    {"solve_spd", "empty", solve_spd, 2, .x = {NONE(0, 0), NONE(0, 1)}},
    {"solve_upper", "0", solve_upper, 2, .x = {SQUARE(1, 2, 3, 0), COLUMN(1, 2)},
     .status = AD_ERROR_SINGULAR},
    {"solve_upper", "NaN below", solve_upper, 2, .x = {SQUARE(1, 0, NOT, 1), COLUMN(1, 2)},
     .value = {1, 2}, .first = {-1, -2, 0, -2, 1, 1}, .second = {3, 3, 0, 5, -1, -2}},
    {"solve_upper", "NaN", solve_upper, 2, .x = {SQUARE(NOT, 0, 0, 1), COLUMN(1, 2)},
     .value = {NOT, 2}, .first = {NOT, NOT, 0, NOT, NOT, NOT},
     .second = {NOT, NOT, 0, NOT, NOT, NOT}},
    {"solve_upper", "sizes", solve_upper, 2,
     .x = {SQUARE(1e100, 0, 0, 1e-100), COLUMN(1e100, 3e-100)}, .value = {1, 3},
     .first = {-1e-100, -3e-100, 0, -3e100, 1e-100, 1e100},
     .second = {4e-200, 2, 0, 5e200, -1e-200, -1e200}},
    {"solve_upper", "Inf", solve_upper, 2, .x = {SQUARE(INF, 0, 0, 2), COLUMN(1, 4)},
     .value = {0, 2}, .first = {0, 0, 0, -1, 0, 0.5}, .second = {0, 0, 0, 0.75, 0, -0.25}},
    {"solve_upper", "empty", solve_upper, 2, .x = {NONE(0, 0), NONE(0, 1)}},
    {"solve_lower", "0", solve_lower, 2, .x = {SQUARE(0, 0, 1, 1), COLUMN(1, 2)},
     .status = AD_ERROR_SINGULAR},
    {"solve_lower", "NaN", solve_lower, 2, .x = {SQUARE(NOT, 0, 0, 1), COLUMN(1, 2)},
     .value = {NOT, NOT}, .first = {NOT, 0, NOT, NOT, NOT, 1},
     .second = {NOT, 0, NOT, NOT, NOT, NOT}},
    {"solve_lower", "NaN above", solve_lower, 2, .x = {SQUARE(1, NOT, 0, 1), COLUMN(1, 2)},
     .value = {1, 2}, .first = {-1, 0, -1, -2, 1, 1}, .second = {2, 0, 1, 4, -2, -1}},
    {"solve_lower", "empty", solve_lower, 2, .x = {NONE(0, 0), NONE(0, 1)}},
    {"half_lower", "NaN, Inf", half_lower, 1, .x = {SQUARE(INF, NOT, NOT, 2)},
     .value = {INF, 0, NOT, 1}, .first = {0.5, 0, 1, 0.5}},
    {"half_lower", "empty", half_lower, 1, .x = {NONE(0, 0)}},

    /* sizes */
    {"outer", "sizes", outer, 2, .x = {COLUMN(1e300, 1e-300), COLUMN(1e-300, 2)},
     .value = {1, 2e300, 0, 2e-300}, .first = {2, 2, 1e300, 1e300}, .second = {2, 2, 2, 2}},
    {"kron", "sizes", kron, 2, .x = {ROW(0, 1e-300), COLUMN(2, -0.0)}, .value = {0, 2e-300, 0, 0},
     .first = {2, 2, 1e-300, 1e-300}, .second = {2, 2, 2, 2}},
    {"detsign", "huge", detsign, 1, .x = {SQUARE(1e200, 0, 0, -1e200)}, .value = {-1}},
    {"logabsdet_gradient", "tiny", log_gradient, 2, .x = {SQUARE(1e-100, 0, 0, 1e-100), COLUMN(2)},
     .value = {2e100, 0, 0, 2e100}, .first = {-2e200, -2e200, -2e200, -2e200, 2e100},
     .second = {8e300, 8e300, 8e300, 8e300, -4e200}},
    {"logabsdet_gradient", "Inf", log_gradient, 2, .x = {SQUARE(INF, 0, 0, 2), COLUMN(3)},
     .value = EVERY(NOT), .first = EVERY(NOT), .second = EVERY(NOT)},
    {"inverse_product", "huge", inverse_product, 2,
     .x = {SQUARE(1e100, 0, 0, 1e100), SQUARE(1e200, 0, 0, 1e200)}, .value = {1, 0, 0, 1},
     .first = {-2e-100, -2e-100, -2e-100, -2e-100, 1e-200, 1e-200, 1e-200, 1e-200},
     .second = {1.2e-199, 1.2e-199, 1.2e-199, 1.2e-199, -4e-300, -4e-300, -4e-300, -4e-300}},
    {"cofactor", "sizes", cofactor, 1, .x = {SQUARE(1e300, 0, 0, 1e-300)},
     .value = {1e-300, 0, 0, 1e300}, .first = FORM_OF_ONES},
    {"cofactor_derivative", "sizes", cofactor_derivative, 2,
     .x = {SQUARE(INF, 1e300, 0, 1e-300), SQUARE(1, 2, 3, 4)}, .value = {4, -3, -2, 1},
     .first = {0, 0, 0, 0, 1, -1, -1, 1}},
    {"cofactor_second_derivative", "sizes", cofactor_second_derivative, 3,
     .x = {SQUARE(INF, 1e300, 0, 1e-300), SQUARE(1, 2, 3, 4), SQUARE(5, 6, 7, 8)}},
    {"solve", "tiny", solve, 2, .x = {SQUARE(1e-100, 0, 0, 1e-100), COLUMN(1e-100, 2e-100)},
     .value = {1, 2}, .first = {-1e100, -2e100, -1e100, -2e100, 1e100, 1e100},
     .second = {4e200, 6e200, 4e200, 6e200, -2e200, -2e200}},
    {"inverse", "huge", inverse, 1, .x = {SQUARE(1e100, 0, 0, 1e100)},
     .value = {1e-100, 0, 0, 1e-100}, .first = {-1e-200, -1e-200, -1e-200, -1e-200},
     .second = {4e-300, 4e-300, 4e-300, 4e-300}},
    {"cholesky", "Inf", cholesky, 1, .x = {COLUMN(INF)}, .value = {INF}},
    {"solve_lower", "sizes", solve_lower, 2,
     .x = {SQUARE(1e100, 0, 0, 1e-100), COLUMN(1e100, 1e-100)}, .value = {1, 1},
     .first = {-1e-100, 0, -1e100, -1e100, 1e-100, 1e100},
     .second = {1, 0, 1e200, 2e200, -1, -1e200}},
    {"solve_lower", "Inf", solve_lower, 2, .x = {SQUARE(INF, 0, 0, 2), COLUMN(1, 4)},
     .value = {0, 2}, .first = {0, 0, 0, -1, 0, 0.5}, .second = {0, 0, 0, 0.75, 0, -0.25}},
    {"half_lower", "sizes", half_lower, 1, .x = {SQUARE(1e300, 5, 1e-300, 0)},
     .value = {5e299, 0, 1e-300, 0}, .first = {0.5, 0, 1, 0.5}},
    {"charpoly", "sizes", charpoly, 2, .x = {SQUARE(1e200, 0, 0, 1e-200), COLUMN(0)}, .value = {1},
     .first = {1e-200, 0, 0, 1e200, -1e200}, .second = {0, -1, -1, 0, 0}},
    {0},
};

/* SPDX-License-Identifier: MIT */
/* Norms and the operations that differentiate them. */
#include "tests/special_points.h"

RECORDER(square_of_norm, ad_square(ad_norm2(x[0])))
RECORDER(square_of_abs, ad_square(ad_abs(x[0])))
RECORDER(square_of_hypot, ad_square(ad_hypot(x[0], x[1])))

#define HALF 0.70710678118654752 /* sqrt(1/2) */

static const double first_only[MOST_SPECIAL] = {1};
static const double second_only[MOST_SPECIAL] = {0, 1};

/* clang-format off */
#define EVERY(x) {x, x, x, x, x, x, x, x}
/* clang-format on */

/* clang-format off */
const special_case special_norms[] = {
    {"norm1", "Inf", 1, .x = {COLUMN(-INF, 1)}, .value = {INF}, .first = {-1, 1}},
    {"norm1", "0", 1, .x = {ROW(0, -0.0)}},
    {"norm1", "NaN", 1, .x = {COLUMN(NOT, -1)}, .value = {NOT}, .first = {NOT, -1}},
    {"norm1", "huge", 1, .x = {COLUMN(DBL_MAX, -DBL_MAX)}, .value = {INF}, .first = {1, -1}},
    {"norm1", "subnormal", 1, .x = {COLUMN(0x1p-1074, -0x1p-1074)}, .value = {0x1p-1073},
     .first = {1, -1}},
    {"norm1", "empty", 1, .x = {NONE(0, 1)}},

/* Of (x, y), h the distance from the origin, v = (1, 0): (s^2, -c s) / h. */
#define EUCLIDEAN(name)                                                                            \
    {name, "(3, 4)", 1, .x = {COLUMN(3, 4)}, .value = {5}, .first = {0.6, 0.8},                    \
     .v = first_only, .second = {0.128, -0.096}},                                                  \
    {name, "0", 1, .x = {COLUMN(0, -0.0)}, .v = first_only},                                       \
    {name, "Inf", 1, .x = {COLUMN(INF, 1)}, .value = {INF}, .first = {1, 0},                       \
     .v = first_only},                                                                             \
    {name, "Inf twice", 1, .x = {COLUMN(INF, -INF)}, .value = {INF},                               \
     .first = {HALF, -HALF},                                                                       \
     .v = first_only},                                                                             \
    {name, "huge", 1, .x = {COLUMN(3e200, 4e200)}, .value = {5e200}, .first = {0.6, 0.8},          \
     .v = first_only, .second = {1.28e-201, -9.6e-202}},                                           \
    {name, "tiny", 1, .x = {COLUMN(3e-200, 4e-200)}, .value = {5e-200},                            \
     .first = {0.6, 0.8},                                                                          \
     .v = first_only, .second = {1.28e199, -9.6e198}},                                             \
    {name, "subnormal", 1, .x = {COLUMN(0x3p-1070, 0x4p-1070)}, .value = {0x5p-1070},              \
     .first = {0.6, 0.8}, .v = first_only, .second = {INF, -INF}},                                 \
    {name, "an overflow", 1, .x = {COLUMN(DBL_MAX, DBL_MAX)}, .value = {INF},                      \
     .first = {HALF, HALF}, .v = first_only,                                                       \
     .second = {1.9667060174891994e-309, -1.9667060174891994e-309}},                               \
    {name, "one that dominates", 1, .x = {COLUMN(1, 1e-8)}, .value = {1},                          \
     .first = {1, 1e-8}, .v = first_only, .second = {1e-16, -1e-8}},                               \
    {name, "one that dominates, tiny", 1, .x = {COLUMN(-1e-150, 1e-320)},                          \
     .value = {1e-150}, .first = {-1, 1e-170}, .v = first_only,                                    \
     .second = {1e-190, 1e-20}, .tolerance = 1e-4},                                                \
    {name, "NaN", 1, .x = {COLUMN(NOT, INF)}, .value = {NOT}, .first = {NOT, NOT},                 \
     .second = {NOT, NOT}},                                                                        \
    {name, "empty", 1, .x = {NONE(0, 1)}},
    EUCLIDEAN("norm2")
    EUCLIDEAN("norm_fro")

/* The Hessian is 2 I. */
#define SUM_OF_SQUARES(name, how)                                                                  \
    {name, "(3, 4)", 1, .record = how, .x = {COLUMN(3, 4)}, .value = {25}, .first = {6, 8},        \
     .second = {2, 2}},                                                                            \
    {name, "0", 1, .record = how, .x = {ROW(0, -0.0)}, .second = {2, 2}},                          \
    {name, "Inf", 1, .record = how, .x = {COLUMN(-INF, 1)}, .value = {INF}, .first = {-INF, 2},    \
     .second = {2, 2}},                                                                            \
    {name, "NaN", 1, .record = how, .x = {COLUMN(NOT, 1)}, .value = {NOT}, .first = {NOT, 2},      \
     .second = {2, 2}},                                                                            \
    {name, "huge", 1, .record = how, .x = {COLUMN(3e200, 4)}, .value = {INF}, .first = {6e200, 8}, \
     .second = {2, 2}},                                                                            \
    {name, "tiny", 1, .record = how, .x = {COLUMN(3e-150, 4e-150)}, .value = {2.5e-299},           \
     .first = {6e-150, 8e-150}, .second = {2, 2}},                                                 \
    {name, "subnormal", 1, .record = how, .x = {COLUMN(0x1p-1074, 0)}, .first = {0x1p-1073},       \
     .second = {2, 2}},                                                                            \
    {name, "empty", 1, .record = how, .x = {NONE(0, 1)}},
    SUM_OF_SQUARES("sumsq", NULL)
    SUM_OF_SQUARES("squared_length", square_of_norm)
    {"squared_length", "|0|, |-Inf|, |NaN|, |huge|", 1, .record = square_of_abs,
     .x = {SQUARE(0, -INF, NOT, -1e200)}, .value = {0, INF, NOT, INF},
     .first = {0, -INF, NOT, -2e200}, .second = {2, 2, 2, 2}},
    {"squared_length", "the origin", 2, .record = square_of_hypot, .x = {COLUMN(0), COLUMN(-0.0)},
     .second = {2, 2}},
    {"squared_length", "hypot of a column and a row", 2, .record = square_of_hypot,
     .x = {COLUMN(0, 3), ROW(0, 4)}, .value = {0, 16, 9, 25}, .first = {0, 12, 0, 16},
     .second = {4, 4, 4, 4}},

    /* u = (1, 0): the gradient is that above, its derivative along v = (1, 0) is
     * (-3 c s^2, s (2 c^2 - s^2)) / h^2 */
    {"unit", "(3, 4)", 1, .x = {COLUMN(3, 4)}, .value = {0.6, 0.8}, .u = first_only,
     .first = {0.128, -0.096}, .v = first_only, .second = {-0.04608, 0.00256}, .tolerance = 1e-14},
    {"unit", "0", 1, .x = {COLUMN(0, -0.0)}, .u = first_only, .v = first_only},
    {"unit", "Inf", 1, .x = {COLUMN(-INF, 1)}, .value = {-1, 0}, .u = first_only,
     .v = first_only},
    {"unit", "Inf thrice", 1, .x = {ROW(INF, INF, 0, -INF, INF)},
     .value = {0.5, 0.5, 0, -0.5, 0.5},
     .u = first_only, .v = first_only},
    {"unit", "tiny", 1, .x = {COLUMN(3e-100, 4e-100)}, .value = {0.6, 0.8}, .u = first_only,
     .first = {1.28e99, -9.6e98}, .v = first_only, .second = {-4.608e198, 2.56e197},
     .tolerance = 1e-14},
    {"unit", "an overflow", 1, .x = {COLUMN(DBL_MAX, DBL_MAX)}, .value = {HALF, HALF},
     .u = first_only, .first = {1.9667060174891994e-309, -1.9667060174891994e-309},
     .v = first_only},
    {"unit", "a subnormal, 1/h overflows", 1, .x = {COLUMN(-0x1p-1074)}, .value = {-1}},
    {"unit", "NaN", 1, .x = {COLUMN(NOT, 1)}, .value = {NOT, NOT}, .first = {NOT, NOT},
     .second = {NOT, NOT}},
    {"unit", "empty", 1, .x = {NONE(0, 1)}},

    /* T = third derivatives of the norm: -(J g <u, h> + J h <u, g> + u <J g, h>) / h */
    {"unit_derivative", "(3, 4)", 2, .x = {COLUMN(3, 4), COLUMN(1, 0)},
     .value = {0.128, -0.096}, .u = first_only, .first = {-0.04608, 0.00256, 0.128, -0.096},
     .v = (const double[MOST_SPECIAL]){0, 0, 1}, .second = {-0.04608, 0.00256}, .tolerance = 1e-14},
    {"unit_derivative", "one that dominates", 2,
     .x = {COLUMN(1, 1e-8), COLUMN(1, 0)}, .value = {1e-16, -1e-8}, .u = first_only,
     .first = {-3e-16, 2e-8, 1e-16, -1e-8},
     .v = (const double[MOST_SPECIAL]){0, 0, 1}, .second = {-3e-16, 2e-8}},
    {"unit_derivative", "0", 2, .x = {COLUMN(0, -0.0), COLUMN(1, 2)}},
    {"unit_derivative", "Inf", 2, .x = {COLUMN(INF, 1), COLUMN(1, 2)}},
    {"unit_derivative", "NaN", 2, .x = {COLUMN(NOT, 1), COLUMN(1, 2)},
     .value = {NOT, NOT}, .first = {NOT, NOT, NOT, NOT}, .second = {NOT, NOT, NOT, NOT}},
    {"unit_derivative", "empty", 2, .x = {NONE(0, 1), NONE(0, 1)}},

    /* [a t; s b] near diag(2, 1): s1 = 2 + (t^2 + (2 s + t)^2 / 3) / 4 up to third order,
     * u_2 = (a s + b t) / (a^2 - b^2) */
    {"spectral_norm", "a simple value", 1, .x = {SQUARE(2, 0, 0, 1)}, .value = {2},
     .first = {1}, .v = second_only, .second = {0, 2 / 3.0, 1 / 3.0, 0}},
    {"spectral_norm", "huge", 1, .x = {SQUARE(2e200, 0, 0, 1e200)}, .value = {2e200},
     .first = {1}, .v = second_only, .second = {0, 2 / 3.0 * 1e-200, 1 / 3.0 * 1e-200, 0}},
    {"spectral_norm", "tiny", 1, .x = {SQUARE(2e-200, 0, 0, 1e-200)}, .value = {2e-200},
     .first = {1}, .v = second_only, .second = {0, 2 / 3.0 * 1e200, 1 / 3.0 * 1e200, 0}},
    {"spectral_norm", "subnormal", 1, .x = {SQUARE(0x1p-1040, 0, 0, 0x1p-1041)},
     .value = {0x1p-1040}, .first = {1}, .v = second_only, .second = {0, INF, INF, 0}},
    {"spectral_norm", "0", 1, .x = {SQUARE(0, -0.0, 0, 0)}},
    {"spectral_norm", "Inf", 1, .x = {SQUARE(1, -INF, 2, 3)}, .value = {INF},
     .first = {0, -1}},
    {"spectral_norm", "a row of Inf", 1, .x = {SQUARE(1, 2, INF, INF)}, .value = {INF},
     .first = {0, 0, HALF, HALF}},
    {"spectral_norm", "NaN", 1, .x = {SQUARE(1, NOT, INF, 3)}, .value = {NOT},
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"spectral_norm", "empty, which is left to norm2", 1, .x = {NONE(0, 2)},
     .first_status = AD_ERROR_SHAPE},
    {"singular_vectors", "a simple value", 1, .x = {SQUARE(2, 0, 0, 1)},
     .value = {1, 0, 1, 0},
     .u = second_only, .first = {0, 1 / 3.0, 2 / 3.0, 0}, .v = second_only,
     .second = {-4 / 9.0, 0, 0, 5 / 9.0}},
    {"singular_vectors", "0", 1, .x = {SQUARE(0, 0, 0, 0)}},
    {"singular_vectors", "Inf", 1, .x = {SQUARE(1, -INF, 2, 3)}, .value = {1, 0, 0, -1}},
    {"singular_vectors", "NaN", 1, .x = {SQUARE(1, NOT, 2, 3)}, .value = EVERY(NOT),
     .first = EVERY(NOT), .second = EVERY(NOT)},
    {"singular_vectors", "empty", 1, .x = {NONE(0, 2)}, .status = AD_ERROR_SHAPE},
    {"resolvent", "0", 2, .x = {SQUARE(0, 0, 0, 0), COLUMN(1, 2, 3, 4)}},
    {"resolvent", "a simple value", 2, .x = {SQUARE(2, 0, 0, 1), COLUMN(0, 1, 0, 0)},
     .value = {0, -2 / 3.0, 0, -1 / 3.0}, .u = second_only,
     .v = (const double[MOST_SPECIAL]){0},
     .first = {5 / 9.0, 0, 0, -4 / 9.0, 0, -2 / 3.0, 0, -1 / 3.0}},
    {"resolvent", "Inf", 2, .x = {SQUARE(INF, 1, 2, 3), COLUMN(1, 2, 3, 4)}},
    {"resolvent", "NaN", 2, .x = {SQUARE(1, NOT, 2, 3), COLUMN(1, 2, 3, 4)},
     .value = EVERY(NOT), .first = EVERY(NOT), .second = EVERY(NOT)},
    {"resolvent", "empty", 2, .x = {NONE(0, 2), COLUMN(1, 2)}, .status = AD_ERROR_SHAPE},
    {"singular_vectors_derivative", "a simple value", 2,
     .x = {SQUARE(2, 0, 0, 1), COLUMN(0, 1, 0, 0)}, .value = {0, 1 / 3.0, 2 / 3.0, 0},
     .u = second_only, .first = {-4 / 9.0, 0, 0, 5 / 9.0, 0, 1 / 3.0, 0, 2 / 3.0},
     .v = (const double[MOST_SPECIAL]){0, 0, 0, 0, 0, 1},
     .second = {-4 / 9.0, 0, 0, 5 / 9.0}},
    {"singular_vectors_derivative", "0", 2,
     .x = {SQUARE(0, 0, 0, 0), COLUMN(1, 2, 3, 4)}},
    {"singular_vectors_derivative", "Inf", 2,
     .x = {SQUARE(INF, 1, 2, 3), COLUMN(1, 2, 3, 4)}},
    {"singular_vectors_derivative", "NaN", 2,
     .x = {SQUARE(1, NOT, 2, 3), COLUMN(1, 2, 3, 4)}, .value = EVERY(NOT), .first = EVERY(NOT),
     .second = EVERY(NOT)},
    {"singular_vectors_derivative", "empty", 2,
     .x = {NONE(0, 2), COLUMN(1, 2)}, .status = AD_ERROR_SHAPE},

    /* sizes: all that is of dimension 1/x or 1/x^2 */
#define SIZED(scale)                                                                               \
    {"unit_derivative", #scale, 2,                                                                 \
     .x = {COLUMN(3 * scale, 4 * scale), COLUMN(1, 0)}, .value = {0.128 / scale, -0.096 / scale},  \
     .u = first_only,                                                                              \
     .first = {-0.04608 / scale / scale, 0.00256 / scale / scale, 0.128 / scale, -0.096 / scale},  \
     .v = (const double[MOST_SPECIAL]){0, 0, 1},                                                   \
     .second = {-0.04608 / scale / scale, 0.00256 / scale / scale}, .tolerance = 1e-14},           \
    {"singular_vectors", #scale, 1, .x = {SQUARE(2 * scale, 0, 0, scale)},                         \
     .value = {1, 0, 1, 0}, .u = second_only, .first = {0, 1 / 3.0 / scale, 2 / 3.0 / scale, 0},   \
     .v = second_only, .second = {-4 / 9.0 / scale / scale, 0, 0, 5 / 9.0 / scale / scale}},       \
    {"resolvent", #scale, 2, .x = {SQUARE(2 * scale, 0, 0, scale), COLUMN(0, 1, 0, 0)},            \
     .value = {0, -2 / 3.0 / scale, 0, -1 / 3.0 / scale}, .u = second_only,                        \
     .v = (const double[MOST_SPECIAL]){0},                                                         \
     .first = {5 / 9.0 / scale / scale, 0, 0, -4 / 9.0 / scale / scale, 0, -2 / 3.0 / scale, 0,    \
               -1 / 3.0 / scale}},                                                                 \
    {"singular_vectors_derivative", #scale, 2,                                                     \
     .x = {SQUARE(2 * scale, 0, 0, scale), COLUMN(0, 1, 0, 0)},                                    \
     .value = {0, 1 / 3.0 / scale, 2 / 3.0 / scale, 0}, .u = second_only,                          \
     .first = {-4 / 9.0 / scale / scale, 0, 0, 5 / 9.0 / scale / scale, 0, 1 / 3.0 / scale, 0,     \
               2 / 3.0 / scale},                                                                   \
     .v = (const double[MOST_SPECIAL]){0, 0, 0, 0, 0, 1},                                          \
     .second = {-4 / 9.0 / scale / scale, 0, 0, 5 / 9.0 / scale / scale}},
    SIZED(1e100)
    SIZED(1e-100)
    {0},
};
/* clang-format on */

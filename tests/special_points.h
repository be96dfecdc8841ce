/* SPDX-License-Identifier: MIT */
/* Every operation at special points: 0, -0, ties, Inf, NaN, huge, tiny, subnormal, empty.
 *
 * Elementwise operations have points in tests/data/special_points.txt (written by a script of that
 * name), the others cases in tests/special_points_*.c: operands, and the value with its first and
 * second derivative, from the calculus and not from the library.
 */
#ifndef TESTS_SPECIAL_POINTS_H
#define TESTS_SPECIAL_POINTS_H

#include "ops/operations.h"

#include <float.h>
#include <math.h>

/* ---- elementwise ---- */

enum { MOST_SLOPES = 8, MOST_POINTS = 64 };

typedef struct special_point {
    char name[24]; /* of the operation */
    int arity, n;  /* operands; the integer argument, 0 where there is none */
    double tolerance, x, y;
    double expected[MOST_SLOPES]; /* value, derivatives as in the file */
} special_point;

/* The points of an operation (with integer argument n); returns their number. */
size_t special_points_read(const char *name, int n, special_point *points);
ad_var special_points_record(const special_point *point, ad_var x, ad_var y);

/* ---- the others ---- */

enum { MOST_SPECIAL = 16, SPECIAL_OPERANDS = 4 };

typedef struct special_matrix {
    size_t rows, cols;
    double values[MOST_SPECIAL];
} special_matrix;

/* y of the operands x; with u the cotangent of y (NULL: ones) and v a direction (NULL: ones)
 *
 *     first = the gradient of <u, y>,   second = the gradient of <v, first>,
 *
 * by all operands one after the other, row by row. */
typedef struct special_case {
    const char *name; /* of the operation that is recorded */
    const char *at;
    size_t operands;
    special_matrix x[SPECIAL_OPERANDS];
    size_t constants; /* so many operands, from the first on, have no derivative */
    ad_status status; /* of recording the value; what follows is not looked at if not AD_OK */
    double value[MOST_SPECIAL], first[MOST_SPECIAL], second[MOST_SPECIAL];
    const double *u, *v;
    double tolerance;                  /* relative to each number; 0: 8 DBL_EPSILON */
    ad_status first_status;            /* of the first derivative, likewise */
    bool empty;                        /* the result is, though no operand may be */
    ad_var (*record)(const ad_var *x); /* NULL: tests/operations.def says how */
} special_case;

/* Up to one without a name. */
extern const special_case special_reductions[], special_norms[], special_moves[], special_algebra[];

/* Defines a function that records the expression of the operands x. */
#define RECORDER(name, ...)                                                                        \
    static ad_var name(const ad_var *x)                                                            \
    {                                                                                              \
        return __VA_ARGS__;                                                                        \
    }

/* A column (or 1x1), a row, a 2x2; arguments are the elements. */
#define COUNT_OF(...) (sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
#define COLUMN(...)                                                                                \
    {                                                                                              \
        COUNT_OF(__VA_ARGS__), 1,                                                                  \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define ROW(...)                                                                                   \
    {                                                                                              \
        1, COUNT_OF(__VA_ARGS__),                                                                  \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define SQUARE(...)                                                                                \
    {                                                                                              \
        2, 2,                                                                                      \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
/* clang-format off */
#define NONE(m, n) {m, n, {0}}
/* clang-format on */
#define INF ((double)INFINITY)
#define NOT ((double)NAN)

#endif

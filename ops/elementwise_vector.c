/* SPDX-License-Identifier: MIT */
/* Elementwise operations on matrices: values and the plain sweep, expanded from elementwise.def. */
#include "ops/elementwise.h"
#include "ops/elementwise_double.h"

/* ---- spans ---- */

static size_t row_step(const matrix *m)
{
    return m->rows == 1 ? 0 : m->cols;
}

static size_t col_step(const matrix *m)
{
    return m->cols == 1 ? 0 : 1;
}

/* Whole matrices and scalars make one long row. */
static elementwise_span span_of(const evaluation *e)
{
    const matrix *x = &e->in[0], *y = &e->in[e->count - 1];
    elementwise_span s = {e->rows,     e->cols,     x->values,   y->values, row_step(x),
                          col_step(x), row_step(y), col_step(y), e->output};
    size_t size = e->rows * e->cols, x_size = matrix_size(x), y_size = matrix_size(y);
    if ((x_size == size || x_size == 1) && (y_size == size || y_size == 1)) {
        s.rows = 1;
        s.cols = size;
        s.x_col = x_size == 1 ? 0 : 1;
        s.y_col = y_size == 1 ? 0 : 1;
    }
    return s;
}

/* ---- values ---- */

/* Steps known when compiled let the compiler work on several elements at once. */
#define VALUE_LOOP(x_step, y_step, value)                                                          \
    for (size_t j = 0; j < s->cols; j++) {                                                         \
        const double x = x_row[j * (x_step)], y = y_row[j * (y_step)];                             \
        (void)y;                                                                                   \
        output[j] = (value);                                                                       \
    }

#define VALUES(name, value)                                                                        \
    static void name##_values(const elementwise_span *s)                                           \
    {                                                                                              \
        for (size_t i = 0; i < s->rows; i++) {                                                     \
            const double *x_row = s->x + i * s->x_row, *y_row = s->y + i * s->y_row;               \
            double *output = s->output + i * s->cols;                                              \
            if (s->x_col == 1 && s->y_col == 1) {                                                  \
                VALUE_LOOP(1, 1, value)                                                            \
            } else {                                                                               \
                VALUE_LOOP(s->x_col, s->y_col, value)                                              \
            }                                                                                      \
        }                                                                                          \
    }

#define UNARY(name, zeros, value, share) VALUES(name, value)
#define BINARY(name, zeros, value, x_share, y_share) VALUES(name, value)
#define UNARY_STEP(name, value) VALUES(name, value)
#define BINARY_STEP(name, value) VALUES(name, value)
#include "ops/elementwise.def"

static void (*const value_loops[])(const elementwise_span *) = {
#define UNARY(name, zeros, value, share) name##_values,
#define BINARY(name, zeros, value, x_share, y_share) name##_values,
#define UNARY_STEP(name, value) name##_values,
#define BINARY_STEP(name, value) name##_values,
#include "ops/elementwise.def"
};

bool elementwise_values(const evaluation *e)
{
    elementwise_span s = span_of(e);
    value_loops[e->op->code - CODE_FIRST_SCALAR](&s);
    return true;
}

/* ---- the plain sweep: adjoints of broadcast operands collect the whole sum ---- */

/* The adjoint of an operand with its steps; given may be NULL. */
typedef struct target {
    double *adjoint;
    bool *given;
    size_t row, col;
} target;

#define SHARE_LOOP(add)                                                                            \
    for (size_t i = 0; i < s->rows; i++) {                                                         \
        const double *x_row = s->x + i * s->x_row, *y_row = s->y + i * s->y_row;                   \
        const size_t first = i * s->cols;                                                          \
        for (size_t j = 0; j < s->cols; j++) {                                                     \
            const double x = x_row[j * s->x_col], y = y_row[j * s->y_col];                         \
            const double f = s->output[first + j], g = adjoint[first + j];                         \
            const size_t to = i * t->row + j * t->col;                                             \
            (void)x, (void)y, (void)f, (void)g;                                                    \
            add                                                                                    \
        }                                                                                          \
    }

/* For elements that were given a share, and are taken. */
#define TAKEN_SHARE(name, taken_, share)                                                           \
    static void name(const elementwise_span *s, const double *adjoint, const bool *given,          \
                     const target *t)                                                              \
    {                                                                                              \
        SHARE_LOOP(if (given && !given[first + j]) continue; const double taken = taken_;          \
                   if (taken == 0) continue; t->adjoint[to] += (share);                            \
                   if (t->given) t->given[to] = true;)                                             \
    }

/* Mostly that is all. */
#define SHARE(name, share)                                                                         \
    TAKEN_SHARE(name##_sparse, 1, share)                                                           \
    static void name(const elementwise_span *s, const double *adjoint, const bool *given,          \
                     const target *t)                                                              \
    {                                                                                              \
        if (given || t->given) name##_sparse(s, adjoint, given, t);                                \
        else SHARE_LOOP(t->adjoint[to] += (share);)                                                \
    }

#define UNARY(name, zeros, value, share) SHARE(name##_share_x, share)
#define BINARY(name, zeros, value, x_share, y_share)                                               \
    SHARE(name##_share_x, x_share) SHARE(name##_share_y, y_share)
#define UNARY_CHOICE(name, value, taken, share) TAKEN_SHARE(name##_share_x, taken, share)
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)                             \
    TAKEN_SHARE(name##_share_x, x_taken, x_share) TAKEN_SHARE(name##_share_y, y_taken, y_share)
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"

static void (*const sweep_loops[][2])(const elementwise_span *, const double *, const bool *,
                                      const target *) = {
#define UNARY(name, zeros, value, share) {name##_share_x, NULL},
#define BINARY(name, zeros, value, x_share, y_share) {name##_share_x, name##_share_y},
#define UNARY_STEP(name, value) {NULL, NULL},
#define BINARY_STEP(name, value) {NULL, NULL},
#include "ops/elementwise.def"
};

bool elementwise_sweep(const evaluation *e, const plain_adjoints *a)
{
    elementwise_span s = span_of(e);
    for (size_t k = 0; k < e->count; k++) {
        const target t = {a->of_operands[k], a->operands_given[k], k == 0 ? s.x_row : s.y_row,
                          k == 0 ? s.x_col : s.y_col};
        if (t.adjoint)
            sweep_loops[e->op->code - CODE_FIRST_SCALAR][k](&s, a->of_result, a->given, &t);
    }
    return true;
}

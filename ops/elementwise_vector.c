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

#define SHARE_LOOP(target, row, col, share)                                                        \
    for (size_t i = 0; target && i < s->rows; i++) {                                               \
        const double *x_row = s->x + i * s->x_row, *y_row = s->y + i * s->y_row;                   \
        const double *f_row = s->output + i * s->cols, *g_row = adjoint + i * s->cols;             \
        for (size_t j = 0; j < s->cols; j++) {                                                     \
            const double x = x_row[j * s->x_col], y = y_row[j * s->y_col];                         \
            const double f = f_row[j], g = g_row[j];                                               \
            (void)x, (void)y, (void)f, (void)g;                                                           \
            target[i * (row) + j * (col)] += (share);                                              \
        }                                                                                          \
    }

#define SWEEP_OF_TWO(name, x_share, y_share)                                                       \
    static void name##_sweep(const elementwise_span *s, const double *adjoint, double *x_adjoint,  \
                             double *y_adjoint)                                                    \
    {                                                                                              \
        SHARE_LOOP(x_adjoint, s->x_row, s->x_col, x_share)                                         \
        SHARE_LOOP(y_adjoint, s->y_row, s->y_col, y_share)                                         \
    }

#define SWEEP_OF_ONE(name, x_share)                                                                \
    static void name##_sweep(const elementwise_span *s, const double *adjoint, double *x_adjoint,  \
                             double *y_adjoint)                                                    \
    {                                                                                              \
        (void)y_adjoint;                                                                           \
        SHARE_LOOP(x_adjoint, s->x_row, s->x_col, x_share)                                         \
    }

#define UNARY(name, zeros, value, share) SWEEP_OF_ONE(name, share)
#define BINARY(name, zeros, value, x_share, y_share) SWEEP_OF_TWO(name, x_share, y_share)
#define UNARY_CHOICE(name, value, taken, share)
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"

static void (*const sweep_loops[])(const elementwise_span *, const double *, double *,
                                   double *) = {
#define UNARY(name, zeros, value, share) name##_sweep,
#define BINARY(name, zeros, value, x_share, y_share) name##_sweep,
#define UNARY_CHOICE(name, value, taken, share) NULL,
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share) NULL,
#define UNARY_STEP(name, value) NULL,
#define BINARY_STEP(name, value) NULL,
#include "ops/elementwise.def"
};

bool elementwise_sweep(const evaluation *e, const double *adjoint, double *const *adjoints)
{
    elementwise_span s = span_of(e);
    sweep_loops[e->op->code - CODE_FIRST_SCALAR](&s, adjoint, adjoints[0],
                                                 e->count == 2 ? adjoints[1] : NULL);
    return true;
}

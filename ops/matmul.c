/* SPDX-License-Identifier: MIT */
/* Products of matrices.
 *
 *     C = A B          A' += C' B^T,  B' += A^T C'        (Giles 2008, section 2.2.2)
 *     C = x y^T        x' += C' y,    y' += C'^T x
 *     C = A (x) B      a_ij' += <C'_ij, B>,  B' += sum a_ij C'_ij,  C_ij the blocks of C
 *     c = x^T A y      x' += c' A y,  A' += c' x y^T,  y' += c' A^T x
 *
 * A product is computed when somebody needs its elements: tr(A B) does not, and the products of a
 * rule are computed straight into the adjoint they belong to.
 */
#include "ops/operations.h"
#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

#include <math.h>

/* ---- matmul: either factor may stand transposed ---- */

typedef struct transposes {
    bool a, b;
} transposes;

static const transposes *transposes_of(const evaluation *e)
{
    return e->attributes;
}

static bool matmul_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    const transposes *t = transposes_of(e);
    *rows = t->a ? a->cols : a->rows;
    *cols = t->b ? b->rows : b->cols;
    if ((t->a ? a->rows : a->cols) == (t->b ? b->cols : b->rows)) return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE,
                     "matmul: %zux%zu times %zux%zu: inner dimensions differ", a->rows, a->cols,
                     b->rows, b->cols);
}

static size_t inner_dimension(const evaluation *e)
{
    return transposes_of(e)->a ? e->in[0].rows : e->in[0].cols;
}

/* C <- op(A) op(B) + beta C of so many rows from `first` on; c is where the first one begins. */
static void multiply(const evaluation *e, size_t first, size_t rows, double beta, double *c)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    const transposes *t = transposes_of(e);
    kernel_matmul(t->a, t->b, rows, e->cols, inner_dimension(e),
                  a->values + (t->a ? first : first * a->cols), a->cols, b->values, b->cols, beta,
                  c, e->cols);
}

/* Recomputes the entries of these rows whose partial sums overflowed (beta = 0). */
static bool check(const evaluation *e, size_t first, size_t rows, double *c)
{
    if (kernel_all_finite(1, rows * e->cols, c, rows * e->cols)) return true;
    const matrix *a = &e->in[0], *b = &e->in[1];
    const transposes *t = transposes_of(e);
    const size_t inner = inner_dimension(e);
    double *workspace = tape_scratch(e->tape, 2 * inner, sizeof *workspace);
    if (!workspace) return false;
    kernel_matmul_again(t->a, t->b, rows, e->cols, inner,
                        a->values + (t->a ? first : first * a->cols), a->cols, b->values, b->cols,
                        c, e->cols, workspace);
    return true;
}

/* y <- x + y; four at a time, which compilers turn into vector instructions. */
static void add(size_t n, const double *restrict x, double *restrict y)
{
    size_t i = 0;
    for (; i + 3 < n; i += 4) {
        const double y0 = y[i] + x[i], y1 = y[i + 1] + x[i + 1], y2 = y[i + 2] + x[i + 2],
                     y3 = y[i + 3] + x[i + 3];
        y[i] = y0, y[i + 1] = y1, y[i + 2] = y2, y[i + 3] = y3;
    }
    for (; i < n; i++) y[i] += x[i];
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What C was is lost where a partial sum overflows: the product is found beside it, some rows at a
 * time, few enough to take little memory and enough for a fast product. Rows are added while they
 * are in the nearest cache. */
static bool multiply_and_add(const evaluation *e)
{
    enum { FEW_ROWS = 256, FEW_ENTRIES = 1 << 17, CACHED_ENTRIES = 1 << 10 };
    if (e->rows == 0 || e->cols == 0) return true;
    const size_t panel = least(e->rows, FEW_ROWS + FEW_ENTRIES / e->cols);
    const size_t group = 1 + CACHED_ENTRIES / e->cols;
    double *product = tape_scratch(e->tape, panel * e->cols, sizeof *product);
    if (!product) return false;
    for (size_t first = 0; first < e->rows; first += panel) {
        const size_t end = least(e->rows, first + panel);
        multiply(e, first, end - first, 0, product);
        for (size_t i = first; i < end; i += group) {
            const size_t rows = least(group, end - i);
            double *share = product + (i - first) * e->cols;
            if (!check(e, i, rows, share)) return false;
            add(rows * e->cols, share, e->output + i * e->cols);
        }
    }
    return true;
}

/* Factors that cannot overflow are known by a look at them, which costs less than one at the result
 * where that is much larger, or is to be added to what there is. */
static bool matmul_values(const evaluation *e)
{
    const size_t a_size = matrix_size(&e->in[0]), b_size = matrix_size(&e->in[1]);
    const size_t size = e->rows * e->cols, limit = e->accumulate ? 2 * size : size / 2;
    if (a_size + b_size <= limit &&
        kernel_products_are_small(a_size, e->in[0].values, b_size, e->in[1].values)) {
        multiply(e, 0, e->rows, e->accumulate ? 1 : 0, e->output);
        return true;
    }
    if (e->accumulate) return multiply_and_add(e);
    multiply(e, 0, e->rows, 0, e->output);
    return check(e, 0, e->rows, e->output);
}

static bool matmul_gradient(const rule *r)
{
    const transposes *t = r->attributes;
    const ad_var g = r->adjoint, A = r->in[0], B = r->in[1];
    if (r->wanted[0] &&
        !rule_add(r, 0,
                  t->a ? operation_matmul(B, g, t->b, true) : operation_matmul(g, B, false, !t->b)))
        return false;
    return !r->wanted[1] || rule_add(r, 1,
                                     t->b ? operation_matmul(g, A, true, t->a)
                                          : operation_matmul(A, g, !t->a, false));
}

static bool matmul_sweep(const evaluation *e, const plain_adjoints *a);

OPERATION(matmul, .zeros = ZERO_ANY, .lazy = true, .accumulates = true, .whole = true,
          .shape = matmul_shape, .values = matmul_values, .gradient = matmul_gradient,
          .sweep = matmul_sweep);

static bool product_share(const evaluation *e, const plain_adjoints *a, size_t k, const matrix *x,
                          const matrix *y, transposes t)
{
    return plain_share(e, a, k, &matmul_operation, (const matrix[]){*x, *y}, 2, &t);
}

static bool matmul_sweep(const evaluation *e, const plain_adjoints *a)
{
    const transposes *t = transposes_of(e);
    const matrix g = plain_adjoint(e, a), *A = &e->in[0], *B = &e->in[1];
    if (a->of_operands[0] && !(t->a ? product_share(e, a, 0, B, &g, (transposes){t->b, true})
                                    : product_share(e, a, 0, &g, B, (transposes){false, !t->b})))
        return false;
    return !a->of_operands[1] || (t->b ? product_share(e, a, 1, &g, A, (transposes){true, t->a})
                                       : product_share(e, a, 1, A, &g, (transposes){!t->a, false}));
}

static ad_var transposed(ad_var A, bool transpose)
{
    return transpose ? ad_transpose(A) : A;
}

ad_var operation_matmul(ad_var A, ad_var B, bool transpose_a, bool transpose_b)
{
    ad_var g;
    if (!tape_usable(A, "matmul") || !tape_usable(B, "matmul")) return (ad_var){0};
    if (tape_is_scaled_identity(A, &g)) return ad_mul(g, transposed(B, transpose_b));
    if (tape_is_scaled_identity(B, &g)) return ad_mul(transposed(A, transpose_a), g);
    const transposes t = {transpose_a, transpose_b};
    return tape_record(&matmul_operation, (const ad_var[]){A, B}, 2, &t, sizeof t);
}

ad_var ad_matmul(ad_var A, ad_var B)
{
    const transposes none = {false, false};
    return tape_record(&matmul_operation, (const ad_var[]){A, B}, 2, &none, sizeof none);
}

bool matmul_factors(ad_var A, ad_var factors[2])
{
    if (tape_operation(A) != &matmul_operation) return false;
    const transposes *t = tape_attributes(A);
    factors[0] = tape_operand(A, 0);
    factors[1] = tape_operand(A, 1);
    return !t->a && !t->b;
}

/* ---- outer ---- */

static bool outer_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *x = &e->in[0], *y = &e->in[1];
    *rows = matrix_size(x);
    *cols = matrix_size(y);
    if (shape_is_vector(x) && shape_is_vector(y)) return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE, "outer: %zux%zu and %zux%zu are not two vectors",
                     x->rows, x->cols, y->rows, y->cols);
}

static bool outer_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++) {
            double product = e->in[0].values[i] * e->in[1].values[j];
            double *c = &e->output[i * e->cols + j];
            *c = e->accumulate ? *c + product : product;
        }
    return true;
}

static ad_var column(ad_var x)
{
    return ad_reshape(x, ad_rows(x) * ad_cols(x), 1);
}

static ad_var like(ad_var column_vector, ad_var x)
{
    return ad_reshape(column_vector, ad_rows(x), ad_cols(x));
}

static ad_var row(ad_var x)
{
    return ad_reshape(x, 1, ad_rows(x) * ad_cols(x));
}

/* Structural zeros stay such: elements are multiplied one by one, and then added. */
static bool outer_of_some(const rule *r)
{
    const ad_var g = r->adjoint, x = r->in[0], y = r->in[1];
    if (r->wanted[0] && !rule_add(r, 0, like(ad_sum_rows(ad_mul(g, row(y))), x))) return false;
    return !r->wanted[1] || rule_add(r, 1, like(ad_sum_cols(ad_mul(g, column(x))), y));
}

static bool outer_gradient(const rule *r)
{
    const ad_var g = r->adjoint, x = r->in[0], y = r->in[1];
    if (tape_may_vanish(g)) return outer_of_some(r);
    if (r->wanted[0] && !rule_add(r, 0, like(operation_matmul(g, column(y), false, false), x)))
        return false;
    return !r->wanted[1] || rule_add(r, 1, like(operation_matmul(g, column(x), true, false), y));
}

OPERATION(outer, .zeros = ZERO_ANY, .accumulates = true, .shape = outer_shape,
          .values = outer_values, .gradient = outer_gradient);

ad_var ad_outer(ad_var x, ad_var y)
{
    const bool vectors =
        (ad_rows(x) == 1 || ad_cols(x) == 1) && (ad_rows(y) == 1 || ad_cols(y) == 1);
    if (vectors && x.tape == y.tape && (tape_may_vanish(x) || tape_may_vanish(y)))
        return ad_mul(column(x), row(y));
    return TAPE_RECORD(&outer_operation, x, y);
}

/* ---- kron ---- */

static bool kron_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    if ((b->rows && a->rows > SIZE_MAX / b->rows) || (b->cols && a->cols > SIZE_MAX / b->cols))
        return tape_fail(e->tape, AD_ERROR_SIZE, "kron: %zux%zu with %zux%zu is too large", a->rows,
                         a->cols, b->rows, b->cols);
    *rows = a->rows * b->rows;
    *cols = a->cols * b->cols;
    return true;
}

static bool kron_values(const evaluation *e)
{
    const matrix *a = &e->in[0], *b = &e->in[1];
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++)
            e->output[i * e->cols + j] = a->values[i / b->rows * a->cols + j / b->cols] *
                                         b->values[i % b->rows * b->cols + j % b->cols];
    return true;
}

/* C' with block (i, j) as the row i, j of a (size of A) x (size of B) matrix. */
static ad_var blocks_as_rows(const rule *r)
{
    size_t m = ad_rows(r->in[0]), n = ad_cols(r->in[0]);
    size_t p = ad_rows(r->in[1]), q = ad_cols(r->in[1]);
    size_t *places = tape_scratch(r->tape, m * n * p * q, sizeof *places);
    if (!places) return (ad_var){0};
    size_t *next = places;
    for (size_t block = 0; block < m * n; block++)
        for (size_t inner = 0; inner < p * q; inner++)
            *next++ = (block / n * p + inner / q) * n * q + block % n * q + inner % q;
    return ad_gather(r->adjoint, places, m * n, p * q);
}

static bool kron_gradient(const rule *r)
{
    const ad_var A = r->in[0], B = r->in[1], rows = blocks_as_rows(r);
    if (!rows.tape) return false;
    if (r->wanted[0] && !rule_add(r, 0, like(operation_matmul(rows, column(B), false, false), A)))
        return false;
    return !r->wanted[1] || rule_add(r, 1, like(operation_matmul(rows, column(A), true, false), B));
}

OPERATION(kron, .zeros = ZERO_ANY, .shape = kron_shape, .values = kron_values,
          .gradient = kron_gradient);

/* Defines ad_kron. */
TWO_OPERANDS(ad_kron, kron)

/* ---- quad ---- */

static bool quad_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *x = &e->in[0], *a = &e->in[1], *y = &e->in[2];
    *rows = *cols = 1;
    if (shape_is_vector(x) && shape_is_vector(y) && matrix_size(x) == a->rows &&
        matrix_size(y) == a->cols)
        return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE,
                     "quad: x %zux%zu, A %zux%zu, y %zux%zu: need vectors of A's rows and columns",
                     x->rows, x->cols, a->rows, a->cols, y->rows, y->cols);
}

/* Whether the products of a row with y are all so small that what one of them loses counts. */
static bool underflows(size_t n, const double *row, const double *y)
{
    bool tiny = false;
    double size = 0;
    for (size_t j = 0; j < n; j++) {
        const double product = fabs(row[j] * y[j]);
        size += product;
        tiny = tiny || (product < 0x1p-960 && row[j] != 0 && y[j] != 0);
    }
    return tiny && size < 0x1p-900;
}

/* A product a_ij y_j loses at most 2^-1075 by underflow, x^T A y at most n 2^-1075 sum |x_i|:
 * nothing beside a value larger by 2^54. */
static bool loses_by_underflow(const matrix *x, const matrix *a, const matrix *y, const double *Ay,
                               double value)
{
    double sum = 0;
    bool products = false;
    for (size_t i = 0; i < a->rows; i++) {
        sum += fabs(x->values[i]);
        products = products || (x->values[i] != 0 && Ay[i] != 0);
    }
    if (products && fabs(value) < (double)a->rows * 0x1p-1021) return true;
    if (sum * (double)a->cols * 0x1p-1021 <= fabs(value)) return false;
    for (size_t i = 0; i < a->rows; i++)
        if (x->values[i] != 0 && underflows(a->cols, a->values + i * a->cols, y->values))
            return true;
    return false;
}

static bool quad_values(const evaluation *e)
{
    const matrix *x = &e->in[0], *a = &e->in[1], *y = &e->in[2];
    double *Ay = tape_scratch(e->tape, a->rows, sizeof *Ay);
    if (!Ay) return false;
    kernel_matmul(false, false, a->rows, 1, a->cols, a->values, a->cols, y->values, 1, 0, Ay, 1);
    *e->output = kernel_dot(a->rows, x->values, Ay);
    if (!isfinite(*e->output) || loses_by_underflow(x, a, y, Ay, *e->output))
        *e->output = kernel_bilinear(a->rows, a->cols, x->values, a->values, y->values);
    return true;
}

static bool quad_gradient(const rule *r)
{
    const ad_var g = r->adjoint, x = r->in[0], A = r->in[1], y = r->in[2];
    if (r->wanted[0] &&
        !rule_add(r, 0, like(operation_matmul(A, ad_mul(g, column(y)), false, false), x)))
        return false;
    if (r->wanted[1] && !rule_add(r, 1, ad_outer(ad_mul(g, x), y))) return false;
    return !r->wanted[2] ||
           rule_add(r, 2, like(operation_matmul(A, ad_mul(g, column(x)), true, false), y));
}

/* g x as a column, in scratch memory; without values when that is used up. */
static matrix scaled_column(const evaluation *e, double g, const matrix *x)
{
    const size_t n = matrix_size(x);
    double *column = tape_scratch(e->tape, n, sizeof *column);
    if (column) plain_multiple(n, g, x->values, true, column);
    return (matrix){.rows = n, .cols = 1, .values = column};
}

static bool quad_sweep(const evaluation *e, const plain_adjoints *a)
{
    const matrix *A = &e->in[1];
    const matrix gx = scaled_column(e, *a->of_result, &e->in[0]),
                 gy = scaled_column(e, *a->of_result, &e->in[2]);
    evaluation of_columns = *e; /* a row has the elements of a column */
    of_columns.in = (const matrix[]){gx, *A, gy};
    if (!gx.values || !gy.values) return false;
    if (a->of_operands[0] && !product_share(&of_columns, a, 0, A, &gy, (transposes){false, false}))
        return false;
    if (a->of_operands[1] &&
        !plain_share(e, a, 1, &outer_operation, (const matrix[]){gx, e->in[2]}, 2, NULL))
        return false;
    return !a->of_operands[2] ||
           product_share(&of_columns, a, 2, A, &gx, (transposes){true, false});
}

OPERATION(quad, .zeros = ZERO_ANY, .whole = true, .shape = quad_shape, .values = quad_values,
          .gradient = quad_gradient, .sweep = quad_sweep);

/* Defines ad_quad. */
THREE_OPERANDS(ad_quad, quad)

OPERATION_FAMILY(matmul, &matmul_operation, &outer_operation, &kron_operation, &quad_operation);

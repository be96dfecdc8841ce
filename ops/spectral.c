/* SPDX-License-Identifier: MIT */
/* The largest singular value of a matrix, to every order.
 *
 *     s = sigma_1(A)        A' += s' u v^T,   A v = s u,  A^T u = s v
 *     w = [u; v]            A' += S w'
 *     y = R r               r' += z,  A' -= z_u y_v^T + y_u z_v^T,  s' += <z, y>,
 *                           w' -= <w, r>/2 z + <w, y'>/2 y,  z = R y'
 *     S r = -(y_u v^T + u y_v^T)
 *                           the same with y' = -[G v; G^T u], G = (S r)',  w' -= [G y_v; G^T y_u]
 *
 * With K = [0 A; A^T 0] we have K w = s w, and R is the pseudo-inverse of K - s I: y and t solve
 * the bordered system (K - s I) y + t w = r, <w, y> = 0, whose differential gives all three lines
 * (Magnus & Neudecker 2019, section 8.9; y = [y_u; y_v]). One factorization,
 * kept in the memo, serves all r (ops/kernels/resolvent.c).
 *
 * Where the largest singular value is not simple, u v^T is a subgradient; derivatives of it are
 * taken to be 0, so R = 0 there. Not simple means that the second one is as large up to rounding.
 * Where it is Inf, R = 0 is the limit.
 */
#include "ops/operations.h"
#include "ops/kernels/kernels.h"
#include "ops/kernels/resolvent.h"

#include <math.h>
#include <string.h>

/* ---- sigma, u and v, found together ---- */

typedef struct triple {
    double sigma;
    double *vectors; /* u, then v */
} triple;

static const char triple_key[] = "largest singular value";

/* Inf outweighs any number and equals Inf: the vectors are those of signs where it is and zeros
 * elsewhere, the norm is Inf. Of NaN all is NaN. */
static bool find_nonfinite(const matrix *a, triple *t, double *workspace, ad_tape *tape)
{
    size_t m = a->rows, n = a->cols;
    double *signs = tape_scratch(tape, m * n, sizeof *signs);
    if (!signs) return false;
    for (size_t i = 0; i < m * n; i++)
        signs[i] = isnan(a->values[i]) ? NAN : isinf(a->values[i]) ? copysign(1, a->values[i]) : 0;
    bool found =
        kernel_largest_singular(m, n, signs, &t->sigma, t->vectors, t->vectors + m, workspace);
    t->sigma = found ? INFINITY : NAN;
    for (size_t i = 0; i < m + n && !found; i++) t->vectors[i] = NAN;
    return true;
}

/* Chooses the sign of u and v that makes the largest element of u positive. */
static void choose_sign(size_t m, size_t n, double *w)
{
    size_t largest = 0;
    for (size_t i = 1; i < m; i++)
        if (fabs(w[i]) > fabs(w[largest])) largest = i;
    for (size_t i = 0; i < m + n && w[largest] < 0; i++)
        if (i != largest) w[i] = -w[i];
    w[largest] = fabs(w[largest]);
}

static triple *new_triple(const evaluation *e)
{
    const matrix *a = &e->in[0];
    size_t m = a->rows, n = a->cols;
    arena *memory = tape_memo_arena(e->tape, a->node);
    triple *t = arena_take(memory, sizeof *t);
    double *w = arena_take_array(memory, m + n, sizeof *w);
    double *workspace =
        tape_scratch(e->tape, kernel_largest_singular_workspace(m, n), sizeof *workspace);
    if (!t || !w || !workspace) return NULL;
    *t = (triple){.vectors = w};
    if (!kernel_largest_singular(m, n, a->values, &t->sigma, w, w + m, workspace) &&
        !find_nonfinite(a, t, workspace, e->tape))
        return NULL;
    if (!isnan(t->sigma)) choose_sign(m, n, w);
    return tape_memo_store(e->tape, a->node, triple_key, t) ? t : NULL;
}

static const triple *triple_of(const evaluation *e)
{
    triple *t = tape_memo_find(e->tape, e->in[0].node, triple_key);
    if (!t) t = new_triple(e);
    if (!t) tape_out_of_memory(e->tape, e->op->name);
    return t;
}

/* The parts of a vector of m + n elements, A being m x n. */
static ad_var upper(ad_var w, ad_var A)
{
    return ad_block(w, 0, 0, ad_rows(A), 1);
}

static ad_var lower(ad_var w, ad_var A)
{
    return ad_block(w, ad_rows(A), 0, ad_cols(A), 1);
}

/* ---- the norm ---- */

static bool norm_values(const evaluation *e)
{
    const triple *t = triple_of(e);
    if (!t) return false;
    *e->output = t->sigma;
    return true;
}

static bool norm_gradient(const rule *r)
{
    const ad_var A = r->in[0], w = operation_singular_vectors(A);
    const ad_var g = operation_norm_adjoint(r);
    return rule_add(r, 0, ad_outer(ad_mul(g, upper(w, A)), lower(w, A)));
}

OPERATION(spectral_norm, .shape = shape_to_scalar, .values = norm_values,
          .gradient = norm_gradient);

ONE_OPERAND(operation_spectral_norm, spectral_norm)

/* ---- the vectors u and v, one below the other ---- */

static bool vectors_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *a = &e->in[0];
    if (a->rows == 0 || a->cols == 0)
        return tape_fail(e->tape, AD_ERROR_SHAPE, "%s: of a %zux%zu matrix", e->op->name, a->rows,
                         a->cols);
    *rows = a->rows + a->cols;
    *cols = 1;
    return true;
}

static bool vectors_values(const evaluation *e)
{
    const triple *t = triple_of(e);
    if (!t) return false;
    memcpy(e->output, t->vectors, e->rows * sizeof *e->output);
    return true;
}

static ad_var vectors_derivative(ad_var A, ad_var r, ad_var s, ad_var w);

static bool vectors_gradient(const rule *r)
{
    const ad_var A = r->in[0], s = operation_spectral_norm(A);
    return rule_add(r, 0, vectors_derivative(A, r->adjoint, s, r->output));
}

OPERATION(singular_vectors, .shape = vectors_shape, .values = vectors_values,
          .gradient = vectors_gradient);

ONE_OPERAND(operation_singular_vectors, singular_vectors)

/* ---- R ---- */

static const char resolvent_key[] = "resolvent";

static resolvent *new_resolvent(const evaluation *e)
{
    const matrix *a = &e->in[0];
    resolvent *f = resolvent_new(a->rows, a->cols, a->values, e->in[3].values, *e->in[2].values,
                                 tape_memo_arena(e->tape, a->node), tape_scratch_arena(e->tape));
    if (f) tape_count_factorization(e->tape);
    return f && tape_memo_store(e->tape, a->node, resolvent_key, f) ? f : NULL;
}

static bool resolvent_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[0].rows + e->in[0].cols;
    *cols = 1;
    if (e->in[1].rows == *rows && e->in[1].cols == 1) return true;
    return tape_fail(e->tape, AD_ERROR_SHAPE, "%s: %zux%zu and %zux%zu: shapes do not fit",
                     e->op->name, e->in[0].rows, e->in[0].cols, e->in[1].rows, e->in[1].cols);
}

/* R r is y 2^-*exponent. */
static bool resolve(const evaluation *e, double *y, int *exponent)
{
    const matrix *a = &e->in[0];
    const resolvent *f = tape_memo_find(e->tape, a->node, resolvent_key);
    if (!f) f = new_resolvent(e);
    if (!f) return tape_out_of_memory(e->tape, e->op->name);
    memcpy(y, e->in[1].values, (a->rows + a->cols) * sizeof *y);
    *exponent = resolvent_apply(f, a->rows, a->cols, y);
    return true;
}

static bool resolvent_values(const evaluation *e)
{
    int exponent;
    if (!resolve(e, e->output, &exponent)) return false;
    for (size_t i = 0; i < e->rows; i++) e->output[i] = ldexp(e->output[i], -exponent);
    return true;
}

/* The shares of an adjoint of y. */
static bool share(const rule *r, ad_var y, ad_var adjoint)
{
    const ad_var A = r->in[0], b = r->in[1], s = r->in[2], w = r->in[3];
    const ad_var z = operation_resolvent(A, adjoint, s, w);
    if (r->wanted[0]) {
        ad_var minus = ad_neg(z);
        if (!rule_add(r, 0, ad_outer(upper(minus, A), lower(y, A))) ||
            !rule_add(r, 0, ad_outer(upper(y, A), lower(minus, A))))
            return false;
    }
    if (r->wanted[1] && !rule_add(r, 1, z)) return false;
    if (r->wanted[2] && !rule_add(r, 2, ad_dot(z, y))) return false;
    if (!r->wanted[3]) return true;
    ad_var t = ad_scale(ad_dot(w, b), -0.5), u = ad_scale(ad_dot(w, adjoint), -0.5);
    return rule_add(r, 3, ad_add(ad_mul(t, z), ad_mul(u, y)));
}

static bool resolvent_gradient(const rule *r)
{
    return share(r, r->output, r->adjoint);
}

OPERATION(resolvent, .zeros = ZERO_SECOND, .shape = resolvent_shape, .values = resolvent_values,
          .gradient = resolvent_gradient);

ad_var operation_resolvent(ad_var A, ad_var b, ad_var s, ad_var w)
{
    return TAPE_RECORD(&resolvent_operation, A, b, s, w);
}

/* ---- S: where A is so small that R r overflows, its products with 0 are still 0 ---- */

static bool derivative_values(const evaluation *e)
{
    const size_t m = e->rows, n = e->cols;
    const double *w = e->in[3].values;
    double *y = tape_scratch(e->tape, m + n, sizeof *y);
    int exponent;
    if (!y || !resolve(e, y, &exponent)) return false;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            e->output[i * n + j] = ldexp(-(y[i] * w[m + j] + w[i] * y[m + j]), -exponent);
    return true;
}

/* -[G x_v; G^T x_u] */
static ad_var minus_products(ad_var G, ad_var x)
{
    return ad_neg(ad_vcat(operation_matmul(G, lower(x, G), false, false),
                          operation_matmul(G, upper(x, G), true, false)));
}

static bool derivative_gradient(const rule *r)
{
    const ad_var w = r->in[3], y = operation_resolvent(r->in[0], r->in[1], r->in[2], w);
    if (!share(r, y, minus_products(r->adjoint, w))) return false;
    return !r->wanted[3] || rule_add(r, 3, minus_products(r->adjoint, y));
}

OPERATION(singular_vectors_derivative, .zeros = ZERO_SECOND, .shape = shape_same,
          .values = derivative_values, .gradient = derivative_gradient);

static ad_var vectors_derivative(ad_var A, ad_var r, ad_var s, ad_var w)
{
    return TAPE_RECORD(&singular_vectors_derivative_operation, A, r, s, w);
}

OPERATION_FAMILY(spectral, &spectral_norm_operation, &singular_vectors_operation,
                 &resolvent_operation, &singular_vectors_derivative_operation);

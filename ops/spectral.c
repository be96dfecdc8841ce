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
 * (Magnus & Neudecker 2019, section 8.9; y = [y_u; y_v]). R need not be formed in order m + n.
 * Let m >= n (else A^T serves), and a, b the two parts of r without their components along u, v:
 *
 *     (s^2 I - A^T A) q = -(s b + A^T a),   p = (A q - a) / s,
 *
 * and the component of r along [u; -v], the vector of K to -s, is divided by -2 s. The matrix is
 * made positive definite by s^2 v v^T: one Cholesky factor of order n, kept in the memo.
 *
 * Where the largest singular value is not simple, u v^T is a subgradient; derivatives of it are
 * taken to be 0, so R = 0 there. Not simple means that the second one is as large up to rounding.
 * Where it is Inf, R = 0 is the limit.
 */
#include "ops/operations.h"
#include "ops/kernels/kernels.h"

#include <float.h>
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
    bool found = kernel_largest_singular(m, n, signs, &t->sigma, t->vectors, t->vectors + m,
                                         workspace);
    t->sigma = found ? INFINITY : NAN;
    for (size_t i = 0; i < m + n && !found; i++)
        t->vectors[i] = NAN;
    return true;
}

/* Of the two choices of sign that with the largest element of u positive. */
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
    double *workspace = tape_scratch(e->tape, kernel_largest_singular_workspace(m, n),
                                     sizeof *workspace);
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

ad_var operation_spectral_norm(ad_var A)
{
    return TAPE_RECORD(&spectral_norm_operation, A);
}

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

ad_var operation_singular_vectors(ad_var A)
{
    return TAPE_RECORD(&singular_vectors_operation, A);
}

/* ---- R, from a factor of order min(m, n) ---- */

/* Of A or its transpose, whichever has at least as many rows as columns, by a power of two. */
typedef struct resolvent {
    size_t m, n;
    int exponent;
    bool is_nan, is_infinite, is_simple;
    double sigma;
    double *a, *u, *v;
    double *factor; /* n x n, lower: s^2 I - A^T A + s^2 v v^T = L L^T */
} resolvent;

static const char resolvent_key[] = "resolvent";

static bool take_arrays(resolvent *f, arena *memory)
{
    f->a = arena_take_array(memory, f->m * f->n, sizeof *f->a);
    f->u = arena_take_array(memory, f->m, sizeof *f->u);
    f->v = arena_take_array(memory, f->n, sizeof *f->v);
    f->factor = arena_take_array(memory, f->n * f->n, sizeof *f->factor);
    return f->a && f->u && f->v && f->factor;
}

static void copy_thin(resolvent *f, const matrix *a, const double *w)
{
    bool wide = a->rows < a->cols;
    memcpy(wide ? f->v : f->u, w, a->rows * sizeof *w);
    memcpy(wide ? f->u : f->v, w + a->rows, a->cols * sizeof *w);
    if (wide) kernel_transpose(a->rows, a->cols, a->values, f->a);
    else memcpy(f->a, a->values, matrix_size(a) * sizeof *f->a);
    double largest = 0;
    for (size_t i = 0; i < f->m * f->n; i++)
        largest = fmax(largest, fabs(f->a[i]));
    if (f->is_nan || f->is_infinite || largest == 0) return;
    (void)frexp(largest, &f->exponent);
    for (size_t i = 0; i < f->m * f->n; i++)
        f->a[i] = ldexp(f->a[i], -f->exponent);
}

/* sigma = ||A v||, and whether the norm of A - sigma u v^T, that is, the second singular value,
 * falls short of it by more than rounding. False when out of memory. */
static bool find_gap(resolvent *f, ad_tape *tape)
{
    size_t m = f->m, n = f->n;
    double *rest = tape_scratch(tape, m * n, sizeof *rest);
    double *vectors = tape_scratch(tape, m + n, sizeof *vectors);
    double *workspace = tape_scratch(tape, kernel_largest_singular_workspace(m, n),
                                     sizeof *workspace);
    if (!rest || !vectors || !workspace) return false;
    kernel_matmul(false, false, m, 1, n, f->a, n, f->v, 1, 0, vectors, 1);
    f->sigma = kernel_norm2(m, vectors);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            rest[i * n + j] = f->a[i * n + j] - f->sigma * f->u[i] * f->v[j];
    double second;
    const double rounding = 16 * (double)(m + n) * DBL_EPSILON;
    f->is_simple = f->sigma > 0 &&
                   kernel_largest_singular(m, n, rest, &second, vectors, vectors + m, workspace) &&
                   second < f->sigma * (1 - rounding);
    return true;
}

static void factorize(resolvent *f, ad_tape *tape)
{
    size_t m = f->m, n = f->n;
    double square = f->sigma * f->sigma;
    kernel_matmul(true, false, n, n, m, f->a, n, f->a, n, 0, f->factor, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            f->factor[i * n + j] = square * ((i == j) + f->v[i] * f->v[j]) - f->factor[i * n + j];
    f->is_simple = kernel_cholesky(n, f->factor, n);
    tape_count_factorization(tape);
}

static resolvent *new_resolvent(const evaluation *e)
{
    const matrix *a = &e->in[0];
    const double *w = e->in[3].values;
    arena *memory = tape_memo_arena(e->tape, a->node);
    resolvent *f = arena_take(memory, sizeof *f);
    if (!f) return NULL;
    bool wide = a->rows < a->cols;
    *f = (resolvent){.m = wide ? a->cols : a->rows, .n = wide ? a->rows : a->cols,
                     .is_nan = isnan(w[0]), .is_infinite = isinf(*e->in[2].values)};
    if (!take_arrays(f, memory)) return NULL;
    copy_thin(f, a, w);
    if (!f->is_nan && !f->is_infinite && !find_gap(f, e->tape)) return NULL;
    if (f->is_simple) factorize(f, e->tape);
    return tape_memo_store(e->tape, a->node, resolvent_key, f) ? f : NULL;
}

static double remove_component(size_t n, const double *direction, double *x)
{
    double component = kernel_dot(n, direction, x);
    for (size_t i = 0; i < n; i++)
        x[i] -= component * direction[i];
    return component;
}

/* p, q <- R applied to them, as above, but for the power of two. */
static void apply(const resolvent *f, double *p, double *q)
{
    size_t m = f->m, n = f->n;
    double s = f->sigma;
    double along_u = remove_component(m, f->u, p), along_v = remove_component(n, f->v, q);
    for (size_t j = 0; j < n; j++)
        q[j] *= s;
    kernel_matmul(true, false, n, 1, m, f->a, n, p, 1, 1, q, 1);
    for (size_t j = 0; j < n; j++)
        q[j] = -q[j];
    kernel_solve_triangular(true, false, false, n, f->factor, n, 1, q, 1);
    kernel_solve_triangular(true, true, false, n, f->factor, n, 1, q, 1);
    (void)remove_component(n, f->v, q);
    for (size_t i = 0; i < m; i++)
        p[i] = -p[i];
    kernel_matmul(false, false, m, 1, n, f->a, n, q, 1, 1, p, 1);
    double across = (along_u - along_v) / 4;
    for (size_t i = 0; i < m; i++)
        p[i] = (p[i] - across * f->u[i]) / s;
    for (size_t j = 0; j < n; j++)
        q[j] += across / s * f->v[j];
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
    const size_t size = a->rows + a->cols;
    memcpy(y, e->in[1].values, size * sizeof *y);
    double *first = y, *second = y + a->rows;
    if (f->is_simple) apply(f, a->rows < a->cols ? second : first,
                            a->rows < a->cols ? first : second);
    for (size_t i = 0; i < size && !f->is_simple; i++)
        y[i] = f->is_nan ? NAN : 0;
    *exponent = f->exponent;
    return true;
}

static bool resolvent_values(const evaluation *e)
{
    int exponent;
    if (!resolve(e, e->output, &exponent)) return false;
    for (size_t i = 0; i < e->rows; i++)
        e->output[i] = ldexp(e->output[i], -exponent);
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

OPERATION_FAMILY(spectral, &spectral_norm_operation, &singular_vectors_operation, &resolvent_operation,
                 &singular_vectors_derivative_operation);

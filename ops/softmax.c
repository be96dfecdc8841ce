/* log sum exp x, with the gradient softmax x, and the derivative of that in a direction g.
 *
 *     y = logsumexp x               x' += y' s,  s = softmax x = exp(x - y)
 *     s = softmax x                 x' += J s'
 *     z = J g = s o (g - <s, g>)    g' += J z'                      o elementwise
 *                                   x' += J (z' o (g - <s, g>) - g <s, z'>)
 *
 * J is symmetric. Where s_k > 1/2 the terms of z_k cancel, which for g = e_k leaves 1 - s_k: there
 * z_k = s_k sum s_j (g_k - g_j), because the sum of s is 1.
 */
#include "ops/operations.h"
#include "ops/kernels/kernels.h"

#include <math.h>

/* ---- logsumexp: shifted by the largest element, so that no exponential overflows ---- */

/* NaN if any is; -Inf of none. */
static double largest_of(size_t size, const double *x)
{
    double largest = -INFINITY;
    for (size_t i = 0; i < size; i++)
        if (!(x[i] <= largest)) largest = isnan(largest) ? largest : x[i];
    return largest;
}

static bool logsumexp_values(const evaluation *e)
{
    size_t size = matrix_size(&e->in[0]);
    const double *x = e->in[0].values;
    double largest = largest_of(size, x), sum = 0;
    bool found = false; /* one of the largest: its 1 is left to log1p */
    for (size_t i = 0; i < size && isfinite(largest); i++) {
        if (found || x[i] != largest) sum += exp(x[i] - largest);
        else found = true;
    }
    *e->output = isfinite(largest) ? largest + log1p(sum) : largest;
    return true;
}

static bool logsumexp_gradient(const rule *r)
{
    return rule_add(r, 0, ad_mul(r->adjoint, operation_softmax(r->in[0])));
}

OPERATION(logsumexp, .shape = shape_to_scalar, .values = logsumexp_values,
          .gradient = logsumexp_gradient);

ad_var ad_logsumexp(ad_var x)
{
    return TAPE_RECORD(&logsumexp_operation, x);
}

/* ---- softmax ---- */

/* Elements at +Inf share 1 equally, and so do all where all are -Inf. */
static void find_softmax(size_t size, const double *x, double *s)
{
    double largest = largest_of(size, x), sum = 0;
    for (size_t i = 0; i < size; i++) {
        s[i] = isinf(largest) ? x[i] == largest : exp(x[i] - largest);
        sum += s[i];
    }
    for (size_t i = 0; i < size; i++)
        s[i] /= sum;
}

static bool softmax_values(const evaluation *e)
{
    find_softmax(matrix_size(&e->in[0]), e->in[0].values, e->output);
    return true;
}

static ad_var softmax_derivative(ad_var x, ad_var g);

static bool softmax_gradient(const rule *r)
{
    return rule_add(r, 0, softmax_derivative(r->in[0], r->adjoint));
}

OPERATION(softmax, .shape = shape_same, .values = softmax_values, .gradient = softmax_gradient);

ad_var operation_softmax(ad_var x)
{
    return TAPE_RECORD(&softmax_operation, x);
}

/* ---- its derivative in a direction ---- */

/* sum s_j (g_k - g_j); differences is room for n numbers. */
static double sum_of_differences(size_t n, size_t k, const double *s, const double *g,
                                 double *differences)
{
    const size_t after = k + 1, rest = n - after;
    for (size_t j = 0; j < n; j++)
        differences[j] = g[k] - g[j];
    return kernel_dot(k, s, differences) + kernel_dot(rest, s + after, differences + after);
}

static bool derivative_values(const evaluation *e)
{
    size_t n = matrix_size(&e->in[0]);
    const double *g = e->in[1].values;
    double *s = tape_scratch(e->tape, n, sizeof *s);
    if (!s) return false;
    find_softmax(n, e->in[0].values, s);
    size_t k = 0;
    while (k < n && !(s[k] > 0.5))
        k++;
    double mean = kernel_dot(n, s, g), most = 0;
    if (k < n) most = s[k] * sum_of_differences(n, k, s, g, e->output);
    for (size_t i = 0; i < n; i++)
        e->output[i] = i == k ? most : s[i] * (g[i] - mean);
    return true;
}

static bool derivative_gradient(const rule *r)
{
    const ad_var x = r->in[0], g = r->in[1], h = r->adjoint;
    if (r->wanted[1] && !rule_add(r, 1, softmax_derivative(x, h))) return false;
    if (!r->wanted[0]) return true;
    const ad_var s = operation_softmax(x);
    ad_var by_softmax = ad_sub(ad_mul(h, ad_sub(g, ad_dot(s, g))), ad_mul(g, ad_dot(s, h)));
    return rule_add(r, 0, softmax_derivative(x, by_softmax));
}

OPERATION(softmax_derivative, .zeros = ZERO_SECOND, .shape = shape_same,
          .values = derivative_values, .gradient = derivative_gradient);

static ad_var softmax_derivative(ad_var x, ad_var g)
{
    return TAPE_RECORD(&softmax_derivative_operation, x, g);
}

OPERATION_FAMILY(softmax, &logsumexp_operation, &softmax_operation, &softmax_derivative_operation);

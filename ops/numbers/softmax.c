/* SPDX-License-Identifier: MIT */
/* log sum exp x, softmax x = exp(x - log sum exp x), and the derivative of that in a direction g.
 *
 *     z = s o (g - <s, g>)                                          o elementwise
 *
 * Where s_k > 1/2 the terms of z_k cancel, which for g = e_k leaves 1 - s_k: there
 * z_k = s_k sum s_j (g_k - g_j), because the sum of s is 1.
 */
#include "ops/numbers/vectors.h"

#include <math.h>
#include <stdbool.h>

/* NaN if any is; -Inf of none. */
static double largest_of(size_t size, const double *x)
{
    double largest = -INFINITY;
    for (size_t i = 0; i < size; i++)
        if (!(x[i] <= largest)) largest = isnan(largest) ? largest : x[i];
    return largest;
}

/* Shifted by the largest element, so that no exponential overflows. */
double kernel_logsumexp(size_t n, const double *x)
{
    double largest = largest_of(n, x), sum = 0;
    bool found = false; /* one of the largest: its 1 is left to log1p */
    for (size_t i = 0; i < n && isfinite(largest); i++) {
        if (found || x[i] != largest) sum += exp(x[i] - largest);
        else found = true;
    }
    return isfinite(largest) ? largest + log1p(sum) : largest;
}

void kernel_softmax(size_t size, const double *x, double *s)
{
    double largest = largest_of(size, x), sum = 0;
    for (size_t i = 0; i < size; i++) {
        s[i] = isinf(largest) ? x[i] == largest : exp(x[i] - largest);
        sum += s[i];
    }
    for (size_t i = 0; i < size; i++) s[i] /= sum;
}

/* sum s_j (g_k - g_j); differences is room for n numbers. */
static double sum_of_differences(size_t n, size_t k, const double *s, const double *g,
                                 double *differences)
{
    const size_t after = k + 1, rest = n - after;
    for (size_t j = 0; j < n; j++) differences[j] = g[k] - g[j];
    return kernel_dot(k, s, differences) + kernel_dot(rest, s + after, differences + after);
}

void kernel_softmax_derivative(size_t n, const double *x, const double *g, double *z, double *s)
{
    kernel_softmax(n, x, s);
    size_t k = 0;
    while (k < n && !(s[k] > 0.5)) k++;
    double mean = kernel_dot(n, s, g), most = 0;
    if (k < n) most = s[k] * sum_of_differences(n, k, s, g, z);
    for (size_t i = 0; i < n; i++) z[i] = i == k ? most : s[i] * (g[i] - mean);
}

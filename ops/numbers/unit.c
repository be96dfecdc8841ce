/* SPDX-License-Identifier: MIT */
/* The unit vector in the direction of x, and its derivative in a direction g.
 *
 *     u = x / ||x||,   y = (g - u <u, g>) / ||x||
 *
 * Where u_k^2 > 1/2 the terms of y_k cancel, which for g = e_k leaves 1 - u_k^2: there
 *
 *     y_k = (g_k r^2 - u_k sum u_j g_j) / ||x||,    r^2 = sum u_j^2,    sums over j != k.
 *
 * At x = 0 all is 0. Inf outweighs any number and equals Inf: u is 1 there beside 0, y is 0.
 */
#include "ops/numbers/vectors.h"

#include <math.h>
#include <stdbool.h>

static void divide(size_t n, const double *x, double divisor, double *quotients)
{
    for (size_t i = 0; i < n; i++) quotients[i] = x[i] / divisor;
}

/* Fills u, which may be x; ||x|| is the result times 2^*exponent. Where the norm itself overflows
 * or is subnormal, both are still found in full. NaN makes the norm NaN, and so all elements. */
static double find_unit(size_t n, const double *x, double *u, int *exponent)
{
    double norm = kernel_norm2(n, x);
    *exponent = 0;
    if ((norm > 0x1p-1000 && norm < INFINITY) || norm == 0 || isnan(norm)) {
        divide(n, x, norm == 0 ? 1 : norm, u);
        return norm;
    }
    const bool infinite = isinf(kernel_largest_magnitude(n, x));
    *exponent = kernel_largest_exponent(n, x);
    for (size_t i = 0; i < n; i++)
        u[i] = !infinite ? ldexp(x[i], -*exponent) : isinf(x[i]) ? copysign(1, x[i]) : 0;
    norm = kernel_norm2(n, u);
    divide(n, u, norm, u);
    return infinite ? INFINITY : norm;
}

double kernel_unit(size_t n, const double *x, double *u)
{
    int exponent;
    const double norm = find_unit(n, x, u, &exponent);
    return exponent ? ldexp(norm, exponent) : norm;
}

/* y_k, of a norm without its exponent. */
static double dominant_element(size_t n, size_t k, const double *u, const double *g, double norm)
{
    const size_t after = k + 1, rest = n - after;
    double r = hypot(kernel_norm2(k, u), kernel_norm2(rest, u + after));
    double sum = kernel_dot(k, u, g) + kernel_dot(rest, u + after, g + after);
    return r * g[k] * (r / norm) - u[k] * sum / norm;
}

void kernel_unit_derivative(size_t n, const double *x, const double *g, double *y, double *u)
{
    int exponent;
    double norm = find_unit(n, x, u, &exponent), along = kernel_dot(n, u, g);
    size_t k = 0;
    while (k < n && !(u[k] * u[k] > 0.5)) k++;
    for (size_t i = 0; i < n; i++) {
        double element = i == k ? dominant_element(n, k, u, g, norm) : (g[i] - u[i] * along) / norm;
        y[i] = norm == 0 ? 0 : exponent ? ldexp(element, -exponent) : element;
    }
}

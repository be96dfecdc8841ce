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

static void divide(size_t n, const double *x, double divisor, double *quotients)
{
    for (size_t i = 0; i < n; i++) quotients[i] = x[i] / divisor;
}

/* x by a power of two, so that the largest element is between 1/2 and 1; that one is returned. Of
 * Inf signs, which have no exponent. */
static double scale_to_one(size_t n, const double *x, double *scaled, int *exponent)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(x[i]));
    *exponent = 0;
    if (!isinf(largest)) (void)frexp(largest, exponent);
    for (size_t i = 0; i < n; i++)
        scaled[i] = !isinf(largest) ? ldexp(x[i], -*exponent) : isinf(x[i]) ? copysign(1, x[i]) : 0;
    return largest;
}

/* Fills u; ||x|| is the result times 2^*exponent. Where the norm itself overflows or is subnormal,
 * both are still found in full. NaN makes the norm NaN, and so all elements. */
static double find_unit(size_t n, const double *x, double *u, int *exponent)
{
    double norm = kernel_norm2(n, x);
    *exponent = 0;
    if ((norm > 0x1p-1000 && norm < INFINITY) || norm == 0 || isnan(norm)) {
        divide(n, x, norm == 0 ? 1 : norm, u);
        return norm;
    }
    double largest = scale_to_one(n, x, u, exponent);
    norm = kernel_norm2(n, u);
    divide(n, u, norm, u);
    return isinf(largest) ? largest : norm;
}

void kernel_unit(size_t n, const double *x, double *u)
{
    int exponent;
    (void)find_unit(n, x, u, &exponent);
}

/* The k above; n where there is none. */
static size_t find_dominant(size_t n, const double *u)
{
    size_t k = 0;
    while (k < n && !(u[k] * u[k] > 0.5)) k++;
    return k;
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
    size_t k = find_dominant(n, u);
    for (size_t i = 0; i < n; i++) {
        double element = i == k ? dominant_element(n, k, u, g, norm) : (g[i] - u[i] * along) / norm;
        y[i] = norm == 0 ? 0 : exponent ? ldexp(element, -exponent) : element;
    }
}

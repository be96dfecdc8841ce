/* SPDX-License-Identifier: MIT */
/* The derivatives of sinc x = sin x / x. From the n-th derivative of x sinc x = sin x,
 *
 *     x f_n + n f_{n-1} = s_n,    f_n = sinc^(n)(x),   s_n = sin^(n)(x) = sin(x + n pi/2).
 *
 * Upwards, f_n = (s_n - n f_{n-1}) / x, an error grows by n/|x|; downwards, f_{n-1} =
 * (s_n - x f_n) / n, it shrinks by |x|/n. The first serves |x| > n + 1, the other the rest: it
 * begins with 0 at an order so high that nothing is left of that error (Miller's algorithm).
 * Since |f_n| <= 1/(n + 1), no intermediate result is large. For x near 0 the terms of a step
 * downwards do not cancel: f_n has all its digits, also where it is about c x.
 */
#include "ops/numbers/special.h"

#include <limits.h>
#include <math.h>

/* sin^(n)(x) */
static double sine_derivative(int n, double x)
{
    switch (n % 4) {
    case 0: return sin(x);
    case 1: return cos(x);
    case 2: return -sin(x);
    default: return -cos(x);
    }
}

static double upwards(int n, double x)
{
    double f = sin(x) / x;
    for (int k = 1; k <= n; k++) f = (sine_derivative(k, x) - k * f) / x;
    return f;
}

static double downwards(int n, double x)
{
    int k = n + 1;
    for (double error = 1; error > 0x1p-60 && k < INT_MAX; k++) error *= fabs(x) / k;
    double f = 0;
    for (; k > n; k--) f = (sine_derivative(k, x) - x * f) / k;
    return f;
}

double special_sinc(int n, double x)
{
    if (n < 0) return NAN;
    if (isinf(x)) return 0;
    if (n == 0) return x == 0 ? 1 : sin(x) / x;
    return fabs(x) > n + 1.0 ? upwards(n, x) : downwards(n, x);
}

/* SPDX-License-Identifier: MIT */
#include "tests/charpoly_error.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "tests/exact.h"
#include "tests/singular_values.h"

enum { LARGEST = CHARPOLY_ERROR_LARGEST, ORDER = CHARPOLY_ERROR_ORDER };

static double largest(size_t count, const double *a)
{
    double result = 0;
    for (size_t i = 0; i < count; i++) result = fmax(result, fabs(a[i]));
    return result;
}

/* largest[k] <- max |(d/dx)^k cof(xI - A)|, and sigma_1(xI - A). */
static double sensitivities(size_t n, const double *a, double x, double most[ORDER + 1])
{
    static double m[LARGEST * LARGEST], unit[LARGEST * LARGEST];
    static double cofactor[LARGEST * LARGEST], first[LARGEST * LARGEST], second[LARGEST * LARGEST];
    long double sigma[LARGEST];
    for (size_t i = 0; i < n * n; i++) {
        unit[i] = i % (n + 1) == 0;
        m[i] = x * unit[i] - a[i];
    }
    exact_derivatives exact = {.cofactor = cofactor, .first_v = first, .second = second};
    if (!exact_differentiate(EXACT_FASTEST, n, m, unit, unit, &exact)) abort();
    most[0] = largest(n * n, cofactor);
    most[1] = largest(n * n, first);
    most[2] = largest(n * n, second);
    singular_values(n, m, sigma);
    return (double)sigma[0];
}

double charpoly_error(const exact_polynomial *p, size_t n, const double *a, double x,
                      const double computed[ORDER + 1])
{
    double most[ORDER + 1], worst = 0;
    const double change = (double)n * DBL_EPSILON * sensitivities(n, a, x, most);
    for (size_t k = 0; k <= ORDER; k++) {
        const double unit = 0x1p-1074 + change * most[k];
        if (isinf(computed[k]) && exact_polynomial_log_error(p, k, x, 0) > 1023.9) continue;
        if (!isfinite(computed[k])) return INFINITY;
        const double error = exact_polynomial_log_error(p, k, x, computed[k]);
        if (error != -INFINITY) worst = fmax(worst, exp2(error - log2(unit)));
    }
    return worst;
}

void charpoly_compute(const charpoly_reduction *r, double x, double p[ORDER + 1], arena *scratch)
{
    for (size_t k = 0; k <= ORDER; k++)
        if (!charpoly_derivative(r, x, k, p + k, scratch)) abort();
}

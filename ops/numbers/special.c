/* SPDX-License-Identifier: MIT */
/* Scalar special functions: log Gamma, polygamma, sigmoid, softplus, integer powers.
 *
 *     psi(x)     = d/dx log Gamma(x)
 *     psi^(n)(x) = (-1)^(n+1) n! zeta(n+1, x),   zeta(s, x) = sum_{k>=0} (x + k)^-s,  n >= 1
 *
 * Formulas: Abramowitz & Stegun, Handbook of Mathematical Functions, chapters 6 and 23.
 */
#define _DEFAULT_SOURCE 1 /* lgamma_r: plain lgamma writes the global signgam */

#include "ops/numbers/special.h"

#include "ops/numbers/pointwise.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double PI = 3.14159265358979323846;

double special_lgamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

double special_sigmoid(double x)
{
    if (x >= 0) return 1 / (1 + exp(-x));
    double e = exp(x);
    return e / (1 + e);
}

double special_softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

double special_powi(double x, int n)
{
    return power(x, n);
}

static double polynomial(double t, const double *coefficients, size_t count)
{
    double sum = coefficients[count - 1];
    for (size_t k = count - 1; k-- > 0;) sum = sum * t + coefficients[k];
    return sum;
}

/* ---- Digamma ------------------------------------------------------------------------------- */

/* The positive zero of digamma, as a sum of two doubles. */
static const double ZERO_HIGH = 0x1.762d86356be3fp+0;
static const double ZERO_LOW = 0x1.b86a722197829p-54;

/* H(x) = (psi(x + 2) - psi(zero + 2)) / (x - zero) on [1, 2] as a polynomial in 2x - 3: Chebyshev
 * interpolation of degree 14, relative error 4e-18 (tests/data/special.py prints the table). */
static const double DIVIDED_DIFFERENCE[] = {
    0x1.546e054fa950fp-2,  -0x1.beebd81f3470ap-6,  0x1.838f9d2291b31p-9,  -0x1.7708ca4ba4bb0p-12,
    0x1.803ad30131f5fp-15, -0x1.973a68a0ff53ap-18, 0x1.b91829ba7b934p-21, -0x1.e4d54a3846856p-24,
    0x1.0d3143bf8af88p-26, -0x1.2d20d4a547587p-29, 0x1.52a27b6635e88p-32, -0x1.7d5d8b2d419cbp-35,
    0x1.afcd25edff59fp-38, -0x1.091713d1b93acp-40, 0x1.2d5ccc11c48bdp-43,
};

/* psi(x + shift) for 1 <= x + shift <= 2. Since psi vanishes at the zero z,
 *     psi(x) = (x - z) sum_{j>=0} 1/((x + j)(z + j)),
 * every term of which is positive; H above is the sum from j = 2 on. x - z is formed from x
 * before the shift rounds it, so that the result is accurate to a few u relative, at z too. */
static double digamma_middle(double x, double shift)
{
    double y = x + shift;
    double distance = (x - (ZERO_HIGH - shift)) - ZERO_LOW;
    double terms = 1 / (y * ZERO_HIGH) + 1 / ((y + 1) * (ZERO_HIGH + 1));
    double rest = polynomial(2 * y - 3, DIVIDED_DIFFERENCE, COUNT(DIVIDED_DIFFERENCE));
    return distance * (terms + rest);
}

/* psi(x) ~ log x - 1/(2x) - sum_k B_2k / (2k x^2k), x >= 10; the first term left out is 3e-20. */
static double digamma_large(double x)
{
    static const double COEFFICIENTS[] = {
        1.0 / 12,       -1.0 / 120, 1.0 / 252,      -1.0 / 240,      1.0 / 132,
        -691.0 / 32760, 1.0 / 12,   -3617.0 / 8160, 43867.0 / 14364,
    };
    double inverse = 1 / x, square = inverse * inverse;
    double series = square * polynomial(square, COEFFICIENTS, COUNT(COEFFICIENTS));
    return log(x) - (inverse / 2 + series);
}

/* psi(x) = psi(x - m) + sum_{j=1..m} 1/(x - j): the subtractions are exact, for x < 10. */
static double digamma_positive(double x)
{
    if (x >= 10) return digamma_large(x);
    if (x < 1) return digamma_middle(x, 1) - 1 / x;
    double sum = 0;
    while (x > 2) {
        x -= 1;
        sum += 1 / x;
    }
    return sum + digamma_middle(x, 0);
}

/* cot(pi x) for |x| <= 1/2: near 1/2 through the complement, whose distance from 1/2 is exact. */
static double cot_pi(double x)
{
    if (fabs(x) <= 0.25) return 1 / tan(PI * x);
    return copysign(tan(PI * (0.5 - fabs(x))), x);
}

/* Reflection for x < 0, no integer: psi(x) = psi(1 - x) - pi cot(pi x). cot has period 1, and
 * x - round(x) is exact. */
static double digamma(double x)
{
    if (x > 0) return digamma_positive(x);
    return digamma_positive(1 - x) - PI * cot_pi(x - round(x));
}

/* ---- The derivatives of digamma ------------------------------------------------------------ */

enum {
    FACTORIAL_EXACT = 22,   /* 22! is the last that a double holds exactly */
    FACTORIAL_FINITE = 170, /* 170! is the last below DBL_MAX */
    COTANGENT_ORDER = 40,   /* from this n on, two poles tell the cotangent's derivative */
};

static double factorial(int n)
{
    if (n > FACTORIAL_EXACT) return tgamma(n + 1.0);
    double product = 1;
    for (int k = 2; k <= n; k++) product *= k;
    return product;
}

/* (n-1)! / x^n, n >= 1, x > 0. The power is taken in two halves so that neither overflows or
 * underflows on the way to a finite result. */
static double scale(int n, double x)
{
    if (n - 1 > FACTORIAL_FINITE) return exp(special_lgamma(n) - n * log(x));
    int half = n / 2;
    return factorial(n - 1) * pow(x, -half) * pow(x, half - n);
}

/* Euler-Maclaurin's formula for y^n n zeta(n+1, y):
 *     1 + n/(2y) + sum_k B_2k / (2k)! n (n+1) ... (n+2k-1) / y^2k. */
static double euler_maclaurin(int n, double y)
{
    static const double BERNOULLI[] = {
        /* B_2k / (2k)! */
        1.0 / 12,
        -1.0 / 720,
        1.0 / 30240,
        -1.0 / 1209600,
        1.0 / 47900160,
        -691.0 / 1307674368000,
        1.0 / 74724249600,
        -3617.0 / 10670622842880000,
        43867.0 / 5109094217170944000,
        -174611.0 / 802857662698291200000.0,
        77683.0 / 14101100039391805440000.0,
        -236364091.0 / 1693824136731743669452800000.0,
    };
    double inverse = 1 / y, rising = 1, sum = 0;
    for (size_t k = 0; k < COUNT(BERNOULLI); k++) {
        double factor = n + 2 * (double)k;
        rising *= factor * inverse * ((factor + 1) * inverse);
        sum += BERNOULLI[k] * rising;
    }
    return 1 + (n * inverse / 2 + sum);
}

/* n! zeta(n+1, x) for n >= 1, x > 0. The first terms are summed until Euler-Maclaurin's formula
 * holds at y = x + k, or the rest is negligible (large n). All is scaled by (n-1)!/x^n. */
static double scaled_zeta(int n, double x)
{
    const double start = 10 + 0.8 * n, negligible = 1e-19;
    double y = x, sum = 0;
    for (double k = 1; y < start; k++) {
        double term = pow(x / y, n + 1.0);
        sum += term;
        if (term * (1 + y / n) < negligible) return scale(n, x) * (n / x * sum);
        y = x + k;
    }
    return scale(n, x) * (n / x * sum + pow(x / y, n) * euler_maclaurin(n, y));
}

/* pi^(n+1) q_n(cot(pi r)) n!, where q_0(c) = c, q_n(c) = (1 + c^2) q_{n-1}'(c) / n: the n-th
 * derivative of pi cot(pi r) up to the sign (-1)^n. Every coefficient is positive, so nothing
 * cancels, and its parity makes it vanish exactly where it should. */
static double cotangent_polynomial(int n, double r)
{
    double q[COTANGENT_ORDER + 2] = {0, 1}, derivative[COTANGENT_ORDER + 2] = {0};
    for (int m = 1; m <= n; m++) {
        for (int k = 0; k < m; k++) derivative[k] = (k + 1) * q[k + 1] / m;
        for (int k = 0; k <= m + 1; k++) {
            double lower = k >= 2 ? derivative[k - 2] : 0;
            q[k] = (k < m ? derivative[k] : 0) + lower;
        }
    }
    return factorial(n) * pow(PI, n + 1.0) * polynomial(cot_pi(r), q, (size_t)n + 2);
}

/* n! sum over all integers k of (r + k)^-(n+1), 0 < |r| <= 1/2, which is the n-th derivative of
 * pi cot(pi r) up to the sign (-1)^n. For large n the poles next to r, at distances |r| and
 * 1 - |r|, give it all; for even n their terms are of opposite signs and differ by a factor
 * that expm1 and log1p hold exactly. */
static double periodic_zeta(int n, double r)
{
    if (n < COTANGENT_ORDER) return cotangent_polynomial(n, r);
    double near = fabs(r), exponent = -(n + 1.0) * log1p((1 - 2 * near) / near);
    if (exponent == 0 && n % 2 == 0) return 0; /* r = 1/2, also where the terms overflow */
    double factor = n % 2 ? 1 + exp(exponent) : copysign(expm1(exponent), r);
    return scale(n, near) * (n / near * factor);
}

/* With s = n + 1 and p(r) = sum over all k of (r + k)^-s, which has period 1:
 *     zeta(s, x) = p(x - round(x)) - (-1)^s zeta(s, 1 - x),   x < 0. */
static double polygamma_derivative(int n, double x)
{
    bool odd = n % 2;
    double value = scaled_zeta(n, x > 0 ? x : 1 - x);
    if (x < 0) {
        double periodic = periodic_zeta(n, x - round(x));
        if (isinf(periodic)) return odd ? periodic : -periodic; /* it outgrows the other */
        value = odd ? periodic - value : periodic + value;
    }
    return odd ? value : -value;
}

double special_polygamma(int n, double x)
{
    if (isnan(x)) return x;
    if (n < 0 || x == -HUGE_VAL) return NAN;
    if (x == HUGE_VAL) return n == 0 ? x : n % 2 ? 0.0 : -0.0;
    if (x == 0 && n % 2 == 0) return copysign(HUGE_VAL, -copysign(1, x));
    if (x <= 0 && x == floor(x)) return n % 2 ? HUGE_VAL : NAN;
    return n == 0 ? digamma(x) : polygamma_derivative(n, x);
}

/* SPDX-License-Identifier: MIT */
/* Numbers with an exponent of their own: products of hundreds of pivots neither overflow nor
 * underflow, and one rounding at the end returns to double. */
#ifndef OPS_NUMBERS_SCALED_H
#define OPS_NUMBERS_SCALED_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* mantissa 2^exponent, 1/2 <= |mantissa| < 1. A zero mantissa has no exponent: whatever stands
 * there means nothing. */
typedef struct scaled {
    double mantissa;
    int64_t exponent;
} scaled;

static inline scaled scaled_from(double x)
{
    enum { MANTISSA_BITS = 52, EXPONENT_OF_HALF = 1022, NOT_FINITE = 2047 };
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> MANTISSA_BITS & NOT_FINITE);
    if (exponent != 0 && exponent != NOT_FINITE) {
        const uint64_t half = bits + ((uint64_t)(EXPONENT_OF_HALF - exponent) << MANTISSA_BITS);
        memcpy(&x, &half, sizeof x);
        return (scaled){x, exponent - EXPONENT_OF_HALF};
    }
    const double mantissa = frexp(x, &exponent);
    return (scaled){mantissa, exponent};
}

static inline scaled scaled_one(void)
{
    return (scaled){0.5, 1};
}

static inline scaled scaled_multiply(scaled x, scaled y)
{
    scaled product = {x.mantissa * y.mantissa, x.exponent + y.exponent};
    if (fabs(product.mantissa) < 0.5) {
        product.mantissa *= 2;
        product.exponent--;
    }
    return product;
}

/* 2^exponent for exponents of normal numbers. */
static inline double power_of_two(int exponent)
{
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* x 2^exponent, rounded once: a product with a normal power of two is what ldexp would give,
 * subnormal results included. */
static inline double scale_by_power(double x, int64_t exponent)
{
    if (exponent >= -1022 && exponent <= 1023) return x * power_of_two((int)exponent);
    return ldexp(x, (int)(exponent < -2200 ? -2200 : exponent > 2200 ? 2200 : exponent));
}

/* x 2^exponent */
static inline scaled scaled_from_power(double x, int64_t exponent)
{
    scaled result = scaled_from(x);
    result.exponent += exponent;
    return result;
}

/* x 2^exponent as a double, rounded once; not -0. */
static inline double scaled_value(scaled x, int64_t exponent)
{
    return scale_by_power(x.mantissa, x.exponent + exponent) + 0.0;
}

static inline scaled scaled_add(scaled x, scaled y)
{
    if (y.mantissa == 0) return x;
    if (x.mantissa == 0) return y;
    if (x.exponent < y.exponent) {
        const scaled larger = y;
        y = x;
        x = larger;
    }
    scaled sum = scaled_from(x.mantissa + scale_by_power(y.mantissa, y.exponent - x.exponent));
    sum.exponent += x.exponent;
    return sum;
}

#endif

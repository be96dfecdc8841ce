/* SPDX-License-Identifier: MIT */
#include "autodiff/script/shell/shell.h"

#include <math.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void generator_seed(random_generator *generator, uint64_t seed)
{
    for (int k = 0; k < 4; k++) generator->state[k] = splitmix(&seed);
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static uint64_t next(random_generator *generator)
{
    uint64_t *s = generator->state;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

double generator_uniform(random_generator *generator)
{
    return ((double)(next(generator) >> 11) + 0.5) * 0x1p-53;
}

/* Natural logarithm of 0 < x <= 1 from operations that IEEE 754 rounds alike everywhere; the C
 * library's log may differ in its last bit. x = m 2^e with m near 1 and
 * log m = 2 artanh((m - 1)/(m + 1)), whose series in s^2 <= 0.0295 ends below 2^-60. */
static double portable_log(double x)
{
    int exponent;
    double m = frexp(x, &exponent);
    if (m < 0.70710678118654752) {
        m *= 2;
        exponent--;
    }
    double s = (m - 1) / (m + 1), square = s * s, series = 0;
    for (int k = 25; k > 0; k -= 2) series = series * square + 1.0 / k;
    return exponent * 0.69314718055994531 + 2 * s * series;
}

/* Marsaglia's polar method (1964); the second number of each pair is left unused, so that a seed
 * and a count say all about the state. */
double generator_normal(random_generator *generator)
{
    double u, v, square;
    do {
        u = 2 * generator_uniform(generator) - 1;
        v = 2 * generator_uniform(generator) - 1;
        square = u * u + v * v;
    } while (square >= 1 || square == 0);
    return u * sqrt(-2 * portable_log(square) / square);
}

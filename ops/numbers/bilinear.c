/* SPDX-License-Identifier: MIT */
/* x^T A y term by term: the way through A y loses the sum where an element of A y overflows that
 * x makes small again, as 0 (1e200 1e200) does, or underflows.
 *
 * Terms are added exactly (Kulisch 2013, Computer Arithmetic and Validity), since of terms beyond
 * the range that cancel a rounding error alone may be Inf: with the mantissas of a term
 *
 *     x a y = p y + e y,   p + e = x a,
 *
 * each of these exact as a sum of two doubles. The sum is an integer times 2^LOWEST in words of 32
 * bits, which hold 31 more until they are carried over.
 */
#include "ops/numbers/scaled.h"
#include "ops/numbers/double_double.h"
#include "ops/numbers/vectors.h"

enum {
    WORD = 32,
    DIGITS = 53,
    LOWEST = -111 * WORD, /* three words, to be read, below the last digit of the least term */
    WORDS = 211,          /* up to 2^(3 1024 + 128) */
    CARRY_AFTER = 1 << 20 /* terms */
};

static const int64_t mask = INT64_C(0xffffffff), base = INT64_C(1) << WORD;

static void carry(int64_t *words)
{
    int64_t over = 0;
    for (size_t i = 0; i + 1 < WORDS; i++) {
        const int64_t word = words[i] + over;
        words[i] = word & mask;
        over = (word - words[i]) / base;
    }
    words[WORDS - 1] += over;
}

static void add_number(int64_t *words, scaled x)
{
    if (x.mantissa == 0) return;
    const uint64_t digits = (uint64_t)scale_by_power(fabs(x.mantissa), DIGITS);
    const int64_t place = x.exponent - DIGITS - LOWEST, sign = x.mantissa < 0 ? -1 : 1;
    const uint64_t low = (digits & (uint64_t)mask) << place % WORD;
    const uint64_t high = digits >> WORD << place % WORD;
    int64_t *word = words + place / WORD;
    word[0] += sign * (int64_t)(low & (uint64_t)mask);
    word[1] += sign * (int64_t)((low >> WORD) + (high & (uint64_t)mask));
    word[2] += sign * (int64_t)(high >> WORD);
}

static void add_product(int64_t *words, double a, double b, int64_t exponent)
{
    const double_double product = dd_product(a, b);
    add_number(words, scaled_from_power(product.high, exponent));
    add_number(words, scaled_from_power(product.low, exponent));
}

/* Rounded once: to 64 bits, the last of which tells whether there are more, and from there. */
static double rounded(int64_t *words)
{
    carry(words);
    const double sign = words[WORDS - 1] < 0 ? -1 : 1;
    if (sign < 0) {
        for (size_t i = 0; i < WORDS; i++) words[i] = -words[i];
        carry(words);
    }
    size_t top = WORDS - 1;
    while (top > 0 && words[top] == 0) top--;
    if (top == 0) return 0;
    uint64_t bits = (uint64_t)words[top] << WORD | (uint64_t)words[top - 1];
    uint64_t more = (uint64_t)words[top - 2] << WORD | (uint64_t)words[top - 3];
    int64_t exponent = ((int64_t)top - 1) * WORD + LOWEST;
    for (; bits >> 63 == 0; exponent--) {
        bits = bits << 1 | more >> 63;
        more <<= 1;
    }
    for (size_t i = 0; i + 3 < top; i++) more |= (uint64_t)words[i];
    return sign * scale_by_power((double)(more ? bits | 1 : bits), exponent);
}

double kernel_bilinear(size_t m, size_t n, const double *x, const double *a, const double *y)
{
    int64_t words[WORDS] = {0};
    double nonfinite = 0;
    for (size_t i = 0; i < m; i++) {
        const scaled left = scaled_from(x[i]);
        for (size_t j = 0; j < n; j++) {
            const scaled entry = scaled_from(a[i * n + j]), right = scaled_from(y[j]);
            const double_double part = dd_product(left.mantissa, entry.mantissa);
            const int64_t exponent = left.exponent + entry.exponent + right.exponent;
            if (isfinite(part.high * right.mantissa)) {
                add_product(words, part.high, right.mantissa, exponent);
                add_product(words, part.low, right.mantissa, exponent);
            } else {
                nonfinite += part.high * right.mantissa;
            }
            if (j % CARRY_AFTER == 0) carry(words);
        }
    }
    return nonfinite == 0 ? rounded(words) : nonfinite;
}

/* Numbers of about 106 bits as unevaluated sums of two doubles (Dekker 1971; error bounds: Joldes,
 * Muller & Popescu 2017). */
#ifndef OPS_NUMBERS_DOUBLE_DOUBLE_H
#define OPS_NUMBERS_DOUBLE_DOUBLE_H

#include <math.h>

/* high + low, |low| at most half a unit in the last place of high. */
typedef struct twofold {
    double high, low;
} twofold;

/* high + low where |high| >= |low|, or high is 0. */
static inline twofold twofold_sum(double high, double low)
{
    const double sum = high + low;
    return (twofold){sum, low - (sum - high)};
}

/* a b, exactly. */
static inline twofold twofold_product(double a, double b)
{
    const double product = a * b;
    return (twofold){product, fma(a, b, -product)};
}

/* a - b */
static inline twofold twofold_difference(twofold a, twofold b)
{
    const double difference = a.high - b.high;
    const double part = difference - a.high;
    const double error = (a.high - (difference - part)) - (b.high + part);
    return twofold_sum(difference, error + (a.low - b.low));
}

static inline twofold twofold_multiply(twofold a, twofold b)
{
    const twofold product = twofold_product(a.high, b.high);
    return twofold_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

static inline twofold twofold_quotient(twofold a, twofold b)
{
    const double first = a.high / b.high;
    const twofold rest = twofold_difference(a, twofold_multiply((twofold){first, 0}, b));
    return twofold_sum(first, rest.high / b.high);
}

#endif

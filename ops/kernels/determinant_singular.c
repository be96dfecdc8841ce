/* Determinants that came out as 0, or so small that they may be rounding errors alone.
 *
 * Whether A is singular is decided exactly: its entries are integers times powers of two, which
 * are units modulo any odd prime. Where elimination modulo one prime finds n pivots, A is not
 * singular; where it fails modulo two primes of 31 bits, A is taken to be (an A that only seems
 * so has a determinant that both primes divide, one in 2^61).
 *
 * If it is not, elimination with complete pivoting in twofold arithmetic (Dekker 1971; Joldes,
 * Muller & Popescu 2017), of about 106 bits, gives a value with its digits right.
 */
#include "ops/kernels/determinant_private.h"

/* ---- modulo a prime ------------------------------------------------------------------------ */

static uint64_t power_modulo(uint64_t base, uint64_t exponent, uint64_t prime)
{
    uint64_t power = 1;
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2) power = power * base % prime;
        base = base * base % prime;
    }
    return power;
}

/* x 2^2200, an integer, modulo the prime. */
static uint64_t residue(double x, uint64_t prime)
{
    int exponent;
    const int64_t digits = (int64_t)ldexp(frexp(x, &exponent), 53);
    const uint64_t size = (uint64_t)(digits < 0 ? -digits : digits) % prime;
    const uint64_t power = power_modulo(2, (uint64_t)(exponent + 2200 - 53), prime);
    const uint64_t product = size * power % prime;
    return digits < 0 && product != 0 ? prime - product : product;
}

static bool singular_modulo(size_t n, const double *entries, uint64_t prime, uint64_t *a)
{
    for (size_t k = 0; k < n * n; k++) a[k] = residue(entries[k], prime);
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        while (pivot < n && a[pivot * n + k] == 0) pivot++;
        if (pivot == n) return true;
        const uint64_t inverse = power_modulo(a[pivot * n + k], prime - 2, prime);
        for (size_t j = k; j < n; j++) {
            const uint64_t moved = a[pivot * n + j];
            a[pivot * n + j] = a[k * n + j];
            a[k * n + j] = moved;
        }
        for (size_t i = k + 1; i < n; i++) {
            if (a[i * n + k] == 0) continue;
            const uint64_t minus = prime - a[i * n + k] * inverse % prime;
            for (size_t j = k + 1; j < n; j++)
                a[i * n + j] = (a[i * n + j] + minus * a[k * n + j]) % prime;
        }
    }
    return false;
}

/* ---- twofold arithmetic -------------------------------------------------------------------- */

/* high + low, |low| at most half a unit in the last place of high. */
typedef struct twofold {
    double high, low;
} twofold;

static twofold normalized(double high, double low)
{
    const double sum = high + low;
    return (twofold){sum, low - (sum - high)};
}

/* a - b c */
static twofold minus_product(twofold a, twofold b, twofold c)
{
    const double product = b.high * c.high;
    const double rest = fma(b.high, c.high, -product) + (b.high * c.low + b.low * c.high);
    const double difference = a.high - product;
    const double part = difference - a.high;
    const double error = (a.high - (difference - part)) - (product + part);
    return normalized(difference, error + (a.low - rest));
}

static twofold quotient(twofold a, twofold b)
{
    const double first = a.high / b.high;
    const twofold rest = minus_product(a, (twofold){first, 0}, b);
    return normalized(first, rest.high / b.high);
}

static size_t largest_at(size_t n, size_t k, const twofold *a)
{
    size_t largest = k * n + k;
    for (size_t i = k; i < n; i++)
        for (size_t j = k; j < n; j++)
            if (fabs(a[i * n + j].high) > fabs(a[largest].high)) largest = i * n + j;
    return largest;
}

static void exchange(size_t n, twofold *x, twofold *y, size_t stride)
{
    for (size_t k = 0; k < n; k++) {
        const twofold moved = x[k * stride];
        x[k * stride] = y[k * stride];
        y[k * stride] = moved;
    }
}

static scaled twofold_determinant(size_t n, const double *entries, twofold *a)
{
    scaled value = scaled_one();
    for (size_t k = 0; k < n * n; k++) a[k] = (twofold){entries[k], 0};
    for (size_t k = 0; k < n && value.mantissa != 0; k++) {
        const size_t pivot = largest_at(n, k, a), row = pivot / n, column = pivot % n;
        exchange(n, a + row * n, a + k * n, 1);
        exchange(n, a + column, a + k, n);
        value = scaled_multiply(value, scaled_from(a[k * n + k].high));
        if ((row != k) != (column != k)) value.mantissa = -value.mantissa;
        for (size_t i = k + 1; i < n && value.mantissa != 0; i++) {
            const twofold multiplier = quotient(a[i * n + k], a[k * n + k]);
            for (size_t j = k + 1; j < n; j++)
                a[i * n + j] = minus_product(a[i * n + j], multiplier, a[k * n + j]);
        }
    }
    return value;
}

/* -------------------------------------------------------------------------------------------- */

bool doubt_resolve(size_t n, const double *entries, scaled *value, arena *memory)
{
    static const uint64_t primes[] = {2147483647, 2147483629};
    const arena_position position = arena_mark(memory);
    uint64_t *residues = arena_take_array(memory, n * n, sizeof *residues);
    twofold *a = arena_take_array(memory, n * n, sizeof *a);
    if (residues && a) {
        if (singular_modulo(n, entries, primes[0], residues) &&
            singular_modulo(n, entries, primes[1], residues))
            *value = (scaled){0, 0};
        else if (n <= SMALL_ORDER || value->mantissa == 0)
            *value = twofold_determinant(n, entries, a);
    }
    arena_rewind(memory, position);
    return residues && a;
}

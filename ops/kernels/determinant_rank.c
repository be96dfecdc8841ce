/* The rank of a matrix of doubles, exactly, for pivots that may be rounding errors alone.
 *
 * The entries are integers times powers of two, which are units modulo any odd prime, and the rank
 * modulo a prime is at most the rank, less only where the prime divides all minors of that order.
 * Two primes of 31 bits are asked, the second unless the first finds full rank, which settles it.
 */
#include "ops/kernels/determinant_private.h"

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

uint64_t rank_residue(double x)
{
    return residue(x, RANK_PRIME);
}

static void exchange(size_t n, uint64_t *x, uint64_t *y)
{
    for (size_t k = 0; k < n; k++) {
        const uint64_t moved = x[k];
        x[k] = y[k];
        y[k] = moved;
    }
}

static size_t rank_modulo(size_t n, const double *entries, uint64_t prime, uint64_t *a)
{
    size_t rank = 0;
    for (size_t k = 0; k < n * n; k++) a[k] = residue(entries[k], prime);
    for (size_t column = 0; column < n; column++) {
        uint64_t *top = a + rank * n;
        size_t pivot = rank;
        while (pivot < n && a[pivot * n + column] == 0) pivot++;
        if (pivot == n) continue;
        if (pivot != rank) exchange(n, a + pivot * n, top);
        const uint64_t inverse = power_modulo(top[column], prime - 2, prime);
        for (size_t i = rank + 1; i < n; i++) {
            uint64_t *row = a + i * n;
            if (row[column] == 0) continue;
            const uint64_t minus = prime - row[column] * inverse % prime;
            for (size_t j = column + 1; j < n; j++) row[j] = (row[j] + minus * top[j]) % prime;
        }
        rank++;
    }
    return rank;
}

bool rank_of_entries(size_t n, const double *entries, size_t *rank, arena *memory)
{
    const arena_position position = arena_mark(memory);
    uint64_t *modular = arena_take_array(memory, n * n, sizeof *modular);
    if (!modular) return false;
    *rank = rank_modulo(n, entries, RANK_PRIME, modular);
    if (*rank < n) {
        const size_t other = rank_modulo(n, entries, 2147483629, modular);
        if (other > *rank) *rank = other;
    }
    arena_rewind(memory, position);
    return true;
}

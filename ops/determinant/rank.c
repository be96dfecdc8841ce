/* The rank of a matrix of doubles, exactly, for pivots that may be rounding errors alone.
 *
 * The entries are integers times powers of two, which are units modulo any odd prime, and the rank
 * modulo a prime is at most the rank, less only where the prime divides all minors of that order.
 * Two primes of 31 bits are asked, the second unless the first finds full rank, which settles it.
 */
#include "ops/determinant/private.h"

bool rank_of_entries(size_t n, const double *entries, size_t *rank, arena *memory)
{
    const arena_position position = arena_mark(memory);
    integers m;
    uint64_t determinant;
    uint64_t *modular = arena_take_array(memory, n * n, sizeof *modular);
    const bool done = modular && integers_make(&m, n, entries, memory);
    *rank = 0;
    for (size_t k = 0; done && k < 2 && *rank < n; k++) {
        integers_modulo(&m, modular_prime(k), modular);
        const size_t found = modular_eliminate(n, modular_prime(k), modular, &determinant);
        if (found > *rank) *rank = found;
    }
    arena_rewind(memory, position);
    return done;
}

/* Cofactors and their derivatives modulo primes, one entry at a time: whether what elimination
 * gives as a small number is an exact 0. A prime may divide a number; two are asked. By Laplace's expansion of row after row: with
 *
 *     f(C, U) = the sum, over all ways to take the columns C in the first |C| rows, of the products
 *               of their entries, one factor from each direction in U and all others from A, with
 *               the signs of the permutations
 *
 * f(C + c, U) collects +-a_rc f(C, U) and f(C + c, U + k) collects +-v_rc f(C, U): O(n 2^n).
 */
#include "ops/determinant/private.h"

struct residues {
    size_t n, order;
    uint64_t *entries[RESIDUE_PRIMES]; /* of A, V, W */
    uint64_t *f;                       /* four sets of directions for each set of columns */
};

/* x 2^2200, an integer, modulo the prime. */
static uint64_t residue(double x, uint64_t prime)
{
    int exponent;
    const int64_t digits = (int64_t)ldexp(frexp(x, &exponent), 53);
    const uint64_t size = (uint64_t)(digits < 0 ? -digits : digits) % prime;
    const uint64_t product =
        size * modular_power(2, (uint64_t)(exponent + 2200 - 53), prime) % prime;
    return digits < 0 && product != 0 ? prime - product : product;
}

residues *residues_new(size_t n, size_t order, const double *operands, arena *scratch)
{
    const size_t size = (order + 1) * n * n;
    residues *r = arena_take(scratch, sizeof *r);
    if (!r) return NULL;
    *r = (residues){.n = n, .order = order};
    r->f = arena_take_array(scratch, (size_t)4 << n, sizeof *r->f);
    for (size_t which = 0; which < RESIDUE_PRIMES; which++) {
        uint64_t *entries = r->entries[which] = arena_take_array(scratch, size, sizeof *entries);
        if (!entries || !r->f) return NULL;
        for (size_t k = 0; k < size; k++) entries[k] = residue(operands[k], modular_prime(which));
    }
    return r;
}

static size_t count_of(size_t set)
{
    size_t count = 0;
    for (; set; set &= set - 1) count++;
    return count;
}

/* f(C + c, U + k) += x f(C, U) for all U without k; k = 0 is A. */
static void collect(const residues *r, size_t columns, size_t column, size_t k, uint64_t x,
                    uint64_t prime)
{
    const uint64_t *from = r->f + 4 * columns;
    uint64_t *to = r->f + 4 * (columns | (size_t)1 << column);
    for (size_t used = 0; used < 4; used++)
        if (!(used & k)) to[used | k] = (to[used | k] + x * from[used]) % prime;
}

uint64_t residue_of_entry(const residues *r, size_t which, size_t i, size_t j)
{
    const uint64_t prime = modular_prime(which);
    const size_t n = r->n, skipped = (size_t)1 << j, all = ((size_t)1 << n) - 1 - skipped;
    memset(r->f, 0, ((size_t)4 << n) * sizeof *r->f);
    r->f[0] = 1;
    for (size_t columns = 0; columns < all; columns++) {
        if (columns & skipped) continue;
        size_t row = count_of(columns);
        row += row >= i;
        for (size_t c = 0; c < n; c++) {
            if ((columns | skipped) >> c & 1) continue;
            const bool odd = count_of(columns >> c) % 2;
            for (size_t k = 0; k <= r->order; k++) {
                const uint64_t x = r->entries[which][(k * n + row) * n + c];
                collect(r, columns, c, k, odd ? prime - x : x, prime);
            }
        }
    }
    return r->f[4 * all + ((size_t)1 << r->order) - 1];
}

bool entry_vanishes(const residues *r, size_t i, size_t j)
{
    for (size_t which = 0; which < RESIDUE_PRIMES; which++)
        if (residue_of_entry(r, which, i, j) != 0) return false;
    return true;
}

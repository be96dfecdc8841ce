/* Elimination modulo primes of 31 bits.
 *
 * Row by row, from the left: a row takes in all rows above it before it is reduced, so that an
 * entry costs a multiplication, an addition and a comparison, and one division only at the end.
 * Its sum is kept below 2^32 prime: with a product, at most (prime - 1)^2, it fits 64 bits.
 */
#include "ops/determinant/private.h"

/* The largest primes below 2^31, as what is missing to it. */
static const uint16_t below[MODULAR_PRIMES] = {
    1,    19,   61,   69,   85,   99,   105,  151,  159,  171,  225,  249,  295,  325,  379,  399,
    411,  469,  477,  511,  525,  571,  579,  589,  595,  615,  619,  697,  699,  705,  711,  727,
    771,  775,  781,  789,  829,  831,  837,  847,  885,  909,  951,  955,  967,  985,  987,  1027,
    1057, 1065, 1071, 1141, 1147, 1167, 1231, 1239, 1281, 1287, 1299, 1305, 1321, 1357, 1375, 1411,
    1417, 1425, 1527, 1555, 1557, 1567, 1585, 1627, 1651, 1681, 1699, 1711, 1741, 1747, 1749, 1755,
    1765, 1785, 1821, 1837, 1851, 1855, 1975, 2019, 2077, 2085, 2119, 2139, 2149, 2157, 2161, 2275,
    2281, 2289, 2295, 2311, 2331, 2337, 2365, 2379, 2385, 2401, 2439, 2449, 2469, 2475, 2497, 2505,
    2509, 2577, 2595, 2617, 2629, 2659, 2677, 2679, 2691, 2707, 2721, 2727, 2749, 2751, 2755, 2799,
    2805, 2811, 2857, 2901, 2905, 2925, 2941, 2965, 2971, 2997, 3007, 3025, 3037, 3057, 3097, 3121,
    3129, 3141, 3177, 3189, 3211, 3219, 3279, 3321, 3337, 3349, 3351, 3421, 3429, 3441, 3451, 3487,
    3609, 3637, 3639, 3657, 3711, 3741, 3751, 3757, 3769, 3825, 3829, 3861, 3867, 3891, 3895, 3897,
    3967, 3991, 4005, 4011, 4029, 4047, 4059, 4075, 4099, 4101, 4117, 4131, 4135, 4141, 4159, 4201,
    4227, 4245, 4267, 4287, 4299, 4309, 4341, 4375, 4389, 4417, 4459, 4477, 4515, 4519, 4527, 4551,
    4557, 4569, 4585, 4591, 4617, 4635, 4651, 4681, 4687, 4689, 4711, 4729, 4737, 4749, 4759, 4785,
    4789, 4827, 4857, 4885, 4915, 4917, 4921, 4927, 4929, 4945, 4947, 4975, 4987, 4989, 4995, 4999,
    5001, 5037, 5047, 5067, 5079, 5085, 5127, 5131, 5145, 5151, 5157, 5167, 5187, 5275, 5299, 5317};

uint64_t modular_prime(size_t k)
{
    return ((uint64_t)1 << 31) - below[k];
}

uint64_t modular_power(uint64_t base, uint64_t exponent, uint64_t prime)
{
    uint64_t power = 1;
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2) power = power * base % prime;
        base = base * base % prime;
    }
    return power;
}

/* row <- row + factor top */
static void add_multiple(size_t count, uint64_t factor, uint64_t limit,
                         const uint64_t *restrict top, uint64_t *restrict row)
{
    for (size_t j = 0; j < count; j++) {
        const uint64_t sum = row[j] + factor * top[j];
        row[j] = sum >= limit ? sum - limit : sum;
    }
}

static void exchange_columns(size_t n, size_t i, size_t j, uint64_t *a)
{
    for (size_t k = 0; k < n; k++) {
        const uint64_t moved = a[k * n + i];
        a[k * n + i] = a[k * n + j];
        a[k * n + j] = moved;
    }
}

/* Takes all kept rows out of the row; its first entry from there on that is not 0, or n. */
static size_t reduce_row(size_t n, size_t kept, uint64_t prime, const uint64_t *a, uint64_t *row)
{
    for (size_t k = 0; k < kept; k++) {
        const uint64_t factor = row[k] % prime;
        if (factor != 0)
            add_multiple(n - k - 1, prime - factor, prime << 32, a + k * n + k + 1, row + k + 1);
    }
    size_t first = n;
    for (size_t j = n; j-- > kept;)
        if ((row[j] %= prime) != 0) first = j;
    return first;
}

size_t modular_eliminate(size_t n, uint64_t prime, uint64_t *a, uint64_t *determinant)
{
    size_t rank = 0;
    *determinant = 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t *row = a + i * n, *kept = a + rank * n;
        const size_t pivot = reduce_row(n, rank, prime, a, row);
        if (pivot == n) continue;
        if (pivot != rank) {
            exchange_columns(n, pivot, rank, a);
            *determinant = prime - *determinant;
        }
        *determinant = *determinant * row[rank] % prime;
        const uint64_t inverse = modular_power(row[rank], prime - 2, prime);
        for (size_t j = rank; j < n; j++) kept[j] = row[j] * inverse % prime;
        rank++;
    }
    if (rank < n) *determinant = 0;
    return rank;
}

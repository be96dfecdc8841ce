/* SPDX-License-Identifier: MIT */
/* det(A) and the rank of A, exactly, for matrices so nearly singular that elimination cannot tell.
 *
 * The entries are integers times powers of two, a_ij = m_ij 2^(r_i + c_j). det(m) is computed
 * modulo as many primes as Hadamard's bound, |det(m)| <= prod_i |row i|, requires, and put together
 * from its residues by Garner's algorithm (Knuth, The Art of Computer Programming 2, 4.3.2):
 *
 *     det(m) = v_0 + v_1 p_0 + v_2 p_0 p_1 + ...          |v_k| < p_k / 2
 *
 * with digits about 0, so that the last one that is not 0 has the sign of the determinant.
 *
 * The rank modulo a prime is at most the rank, and less only where the prime divides all minors of
 * that order. The second of two primes is used only where the first does not find full rank.
 *
 * Elimination modulo a prime goes row by row, from the left: a row takes in all rows above it
 * before it is reduced, so that an entry costs a multiplication, an addition and a comparison, and
 * one division only at the end. Its sum is kept below 2^32 prime: with a product, at most (prime -
 * 1)^2, it fits 64 bits.
 */
#include "ops/determinant/integers.h"
#include "ops/numbers/double_double.h"

/* ---- modulo primes of 31 bits ---- */

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

static uint64_t modular_power(uint64_t base, uint64_t exponent, uint64_t prime)
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

/* The rank and the determinant of a, which is used up. */
static size_t modular_eliminate(size_t n, uint64_t prime, uint64_t *a, uint64_t *determinant)
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

/* ---- a_ij = digits_ij 2^(shift_ij + r_i + c_j) ---- */

typedef struct integer_term {
    int64_t digits;
    int64_t shift; /* not negative; 0 where digits is 0 */
} integer_term;

typedef struct integers {
    size_t n;
    integer_term *at;
    int64_t exponent;  /* sum of the r and c */
    int64_t top_shift; /* the largest */
    uint64_t *powers;  /* of 2, up to there: work */
} integers;

/* x = digits 2^shift with digits odd (or 0). */
static integer_term term_of(double x)
{
    int exponent, trailing;
    const int64_t digits = (int64_t)ldexp(frexp(x, &exponent), 53);
    if (digits == 0) return (integer_term){0, 0};
    const int64_t lowest = digits & -digits;
    (void)frexp((double)lowest, &trailing);
    return (integer_term){digits / lowest, exponent - 53 + trailing - 1};
}

/* Takes the smallest shift out of a row or column. */
static void take_out_shift(size_t n, size_t stride, integer_term *line, int64_t *exponent)
{
    int64_t smallest = INT64_MAX;
    for (size_t k = 0; k < n; k++)
        if (line[k * stride].digits != 0 && line[k * stride].shift < smallest)
            smallest = line[k * stride].shift;
    if (smallest == INT64_MAX) return;
    for (size_t k = 0; k < n; k++)
        if (line[k * stride].digits != 0) line[k * stride].shift -= smallest;
    *exponent += smallest;
}

/* Takes its arrays from memory; false when out of it. */
static bool integers_make(integers *m, size_t n, const double *entries, arena *memory)
{
    *m = (integers){.n = n, .at = arena_take_array(memory, n * n, sizeof *m->at)};
    if (!m->at) return false;
    for (size_t k = 0; k < n * n; k++) m->at[k] = term_of(entries[k]);
    for (size_t i = 0; i < n; i++) take_out_shift(n, 1, m->at + i * n, &m->exponent);
    for (size_t j = 0; j < n; j++) take_out_shift(n, n, m->at + j, &m->exponent);
    for (size_t k = 0; k < n * n; k++)
        if (m->at[k].shift > m->top_shift) m->top_shift = m->at[k].shift;
    m->powers = arena_take_array(memory, (size_t)m->top_shift + 1, sizeof *m->powers);
    return m->powers;
}

/* a <- digits 2^shift modulo the prime */
static void integers_modulo(const integers *m, uint64_t prime, uint64_t *a)
{
    uint64_t *powers = m->powers;
    powers[0] = 1;
    for (int64_t k = 0; k < m->top_shift; k++) powers[k + 1] = 2 * powers[k] % prime;
    for (size_t k = 0; k < m->n * m->n; k++) {
        const integer_term x = m->at[k];
        const uint64_t size = (uint64_t)(x.digits < 0 ? -x.digits : x.digits) % prime;
        const uint64_t residue = size * powers[x.shift] % prime;
        a[k] = x.digits < 0 && residue != 0 ? prime - residue : residue;
    }
}

/* ---- the determinant and the rank ---- */

/* Multiplications spent at most, some 20 ms. */
static const double most_work = 1 << 25;

/* log2 of the length of a row or column (0 where it is 0). */
static double bits_of_line(size_t n, size_t stride, const integer_term *line)
{
    int64_t top = 0;
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        if (line[k * stride].shift > top) top = line[k * stride].shift;
    for (size_t k = 0; k < n; k++) {
        const integer_term x = line[k * stride];
        const double size = scale_by_power((double)x.digits, x.shift - top);
        sum += size * size;
    }
    return sum > 0 ? (double)top + log2(sum) / 2 : 0;
}

/* How many primes Hadamard's bound by rows or by columns, a sign and rounding call for. */
static double primes_needed(const integers *m)
{
    double rows = 0, columns = 0;
    for (size_t k = 0; k < m->n; k++) {
        rows += bits_of_line(m->n, 1, m->at + k * m->n);
        columns += bits_of_line(m->n, m->n, m->at + k);
    }
    return ceil((fmin(rows, columns) + 2) / 30.999);
}

/* v_k from the residue modulo prime k and the digits before it. */
static int64_t next_digit(size_t k, uint64_t residue, const int64_t *digits)
{
    const uint64_t prime = modular_prime(k);
    uint64_t product = 1, sum = 0;
    for (size_t l = 0; l < k; l++) {
        const uint64_t digit = (uint64_t)(digits[l] + (int64_t)prime) % prime;
        sum = (sum + digit * product) % prime;
        product = product * modular_prime(l) % prime;
    }
    const uint64_t inverse = modular_power(product, prime - 2, prime);
    const uint64_t digit = (residue + prime - sum) % prime * inverse % prime;
    return digit > prime / 2 ? (int64_t)digit - (int64_t)prime : (int64_t)digit;
}

/* The number of these digits, rounded: by Horner's scheme, with exponents taken out on the way. */
static scaled number_of(size_t count, const int64_t *digits)
{
    enum { STEP = 400 };
    double_double sum = {0, 0};
    int64_t exponent = 0;
    for (size_t k = count; k-- > 0;) {
        const double_double digit = {scale_by_power((double)-digits[k], -exponent), 0};
        sum = dd_multiply(sum, (double_double){(double)modular_prime(k), 0});
        sum = dd_difference(sum, digit);
        if (fabs(sum.high) < power_of_two(STEP)) continue;
        sum = (double_double){scale_by_power(sum.high, -STEP), scale_by_power(sum.low, -STEP)};
        exponent += STEP;
    }
    scaled number = scaled_from(sum.high);
    number.exponent += exponent;
    return number;
}

static bool determinant_of_integers(const integers *m, size_t count, scaled *value, arena *memory)
{
    const size_t n = m->n;
    uint64_t *a = arena_take_array(memory, n * n, sizeof *a);
    int64_t *digits = arena_take_array(memory, count, sizeof *digits);
    if (!a || !digits) return false;
    for (size_t k = 0; k < count; k++) {
        uint64_t residue;
        integers_modulo(m, modular_prime(k), a);
        (void)modular_eliminate(n, modular_prime(k), a, &residue);
        digits[k] = next_digit(k, residue, digits);
    }
    *value = number_of(count, digits);
    if (value->mantissa != 0) value->exponent += m->exponent;
    return true;
}

bool exact_determinant(size_t n, const double *entries, bool *known, scaled *value, arena *memory)
{
    const arena_position position = arena_mark(memory);
    const double order = (double)n;
    integers m;
    bool done = integers_make(&m, n, entries, memory);
    const double count = done ? primes_needed(&m) : 0;
    *known =
        done && count <= (double)MODULAR_PRIMES && count * order * order * order / 3 <= most_work;
    if (*known) done = determinant_of_integers(&m, (size_t)count, value, memory);
    arena_rewind(memory, position);
    return done;
}

bool exact_rank_of(size_t n, const double *entries, size_t *rank, arena *memory)
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

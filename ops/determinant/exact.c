/* det(A), exactly, for matrices so nearly singular that elimination cannot tell its sign.
 *
 * The entries are integers times powers of two, a_ij = m_ij 2^(r_i + c_j). det(m) is computed modulo
 * as many primes as Hadamard's bound, |det(m)| <= prod_i |row i|, requires, and put together from
 * its residues by Garner's algorithm (Knuth, The Art of Computer Programming 2, 4.3.2):
 *
 *     det(m) = v_0 + v_1 p_0 + v_2 p_0 p_1 + ...          |v_k| < p_k / 2
 *
 * with digits about 0, so that the last one that is not 0 has the sign of the determinant.
 */
#include "ops/determinant/private.h"
#include "ops/numbers/double_double.h"

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
    twofold sum = {0, 0};
    int64_t exponent = 0;
    for (size_t k = count; k-- > 0;) {
        const twofold digit = {scale_by_power((double)-digits[k], -exponent), 0};
        sum = twofold_multiply(sum, (twofold){(double)modular_prime(k), 0});
        sum = twofold_difference(sum, digit);
        if (fabs(sum.high) < power_of_two(STEP)) continue;
        sum = (twofold){scale_by_power(sum.high, -STEP), scale_by_power(sum.low, -STEP)};
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
    *known = done && count <= MODULAR_PRIMES && count * order * order * order / 3 <= most_work;
    if (*known) done = determinant_of_integers(&m, (size_t)count, value, memory);
    arena_rewind(memory, position);
    return done;
}

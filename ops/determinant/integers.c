/* A matrix of doubles as integers times powers of two: a_ij = m_ij 2^(r_i + c_j). */
#include "ops/determinant/private.h"

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

bool integers_make(integers *m, size_t n, const double *entries, arena *memory)
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

void integers_modulo(const integers *m, uint64_t prime, uint64_t *a)
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

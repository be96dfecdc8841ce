/* Determinants, cofactors and their derivatives of small matrices whose entries lie far apart in
 * size, by Laplace's expansion. Elimination mixes products of very different size: of a matrix D X
 * D^-1 it may keep no digit although the terms of every minor are of one size. The expansion adds
 * just these terms; its errors are 2^-100 times the sum of their sizes, entry by entry, however
 * rows and columns are scaled. With
 *
 *     f(C, U) = the sum, over all ways to take the columns C in the first |C| rows, of the products
 *               of their entries, one factor from each direction in U and all others from A, with
 *               the signs of the permutations,
 *
 * and g(C, U) the same of the last |C| rows, entry (i, j) is
 *
 *     (-1)^(i+j) sum +-f(C, U) g(D, W) ,   |C| = i, C + D = all columns but j, U + W = all directions,
 *
 * with the sign of the permutation that C before D is: O(n^2 2^n) for all entries together.
 *
 * Every number carries its residues modulo two primes: an entry of which nearly all cancels is 0
 * where both are.
 */
#include "ops/determinant/laplace.h"
#include "ops/determinant/integers.h"
#include "ops/numbers/double_double.h"

/* From this span on, in bits: with less, what elimination loses is less than it is allowed to. */
enum { WIDE_SPAN = 64, SUBSETS = 4, PRIMES = 2 };

/* (high + low) 2^exponent, the sum of terms whose sizes add up to size 2^exponent, 1/2 <= size <
 * 1 or, without terms, 0. The residues are those of the sum times 2^2200 for each factor in its
 * terms, an integer. */
typedef struct number {
    double_double sum;
    double size;
    int64_t exponent;
    uint64_t residue[PRIMES];
} number;

/* x modulo modular_prime(which); constants make the remainder fast. */
static uint64_t modulo(uint64_t x, size_t which)
{
    return which == 0 ? x % (((uint64_t)1 << 31) - 1) : x % (((uint64_t)1 << 31) - 19);
}

static number negative(number x, bool negate)
{
    if (!negate) return x;
    x.sum = (double_double){-x.sum.high, -x.sum.low};
    for (size_t p = 0; p < PRIMES; p++) x.residue[p] = modulo(modular_prime(p) - x.residue[p], p);
    return x;
}

static number number_from(double x)
{
    enum { DIGITS = 53, SHIFT = 2200 };
    int exponent;
    const double mantissa = frexp(fabs(x), &exponent);
    number result = {{mantissa, 0}, mantissa, exponent, {0, 0}};
    for (size_t p = 0; p < PRIMES; p++) {
        const uint64_t power =
            modular_power(2, (uint64_t)(exponent + SHIFT - DIGITS), modular_prime(p));
        result.residue[p] = modulo(modulo((uint64_t)ldexp(mantissa, DIGITS), p) * power, p);
    }
    return negative(result, x < 0);
}

static number one(void)
{
    return (number){{0.5, 0}, 0.5, 1, {1, 1}};
}

static number normalized(number x)
{
    if (x.size == 0 || (x.size >= 0.5 && x.size < 1)) return x;
    int exponent;
    x.size = frexp(x.size, &exponent);
    x.sum.high = scale_by_power(x.sum.high, -exponent);
    x.sum.low = scale_by_power(x.sum.low, -exponent);
    x.exponent += exponent;
    return x;
}

static number product(number x, number y)
{
    number result = {dd_multiply(x.sum, y.sum), x.size * y.size, x.exponent + y.exponent, {0, 0}};
    for (size_t p = 0; p < PRIMES; p++) result.residue[p] = modulo(x.residue[p] * y.residue[p], p);
    return normalized(result);
}

static void add(number *x, number y)
{
    enum { FAR = 300 };
    if (y.size == 0) return;
    const bool exchange = x->size == 0 || x->exponent < y.exponent;
    const number smaller = exchange ? *x : y;
    number sum = exchange ? y : *x;
    if (smaller.size != 0 && sum.exponent - smaller.exponent <= FAR) {
        const double scale = power_of_two((int)(smaller.exponent - sum.exponent));
        sum.sum = dd_difference(
            sum.sum, (double_double){-smaller.sum.high * scale, -smaller.sum.low * scale});
        sum.size += smaller.size * scale;
        sum = normalized(sum);
    }
    for (size_t p = 0; p < PRIMES; p++) sum.residue[p] = modulo(x->residue[p] + y.residue[p], p);
    *x = sum;
}

typedef struct expansion {
    size_t n, order;
    const double *operands; /* A, V, W */
    number *numbers;        /* their entries */
    number *f, *g;          /* SUBSETS of directions for every set of columns */
} expansion;

static size_t count_of(size_t set)
{
    size_t count = 0;
    for (; set; set &= set - 1) count++;
    return count;
}

/* sums(C + c, U + k) += +-x sums(C, U) for every operand k; A is k = 0. */
static void take_column(const expansion *e, number *sums, size_t row, size_t columns, size_t c,
                        bool negate)
{
    const size_t n = e->n;
    const number *from = sums + SUBSETS * columns;
    number *to = sums + SUBSETS * (columns | (size_t)1 << c);
    for (size_t k = 0; k <= e->order; k++) {
        const number entry = negative(e->numbers[(k * n + row) * n + c], negate);
        if (entry.size == 0) continue;
        for (size_t used = 0; used < (size_t)1 << e->order; used++)
            if (!(used & k) && from[used].size != 0) add(&to[used | k], product(entry, from[used]));
    }
}

/* Row after row from the first on, or from the last on; all rows, or all but one. */
static void expand(const expansion *e, number *sums, bool from_last)
{
    const size_t n = e->n, all = ((size_t)1 << n) - 1;
    memset(sums, 0, SUBSETS * (all + 1) * sizeof *sums);
    sums[0] = one();
    for (size_t columns = 0; columns < all; columns++) {
        const size_t taken = count_of(columns), row = from_last ? n - 1 - taken : taken;
        for (size_t c = 0; c < n; c++) {
            if (columns >> c & 1) continue;
            const size_t below = columns & (((size_t)1 << c) - 1);
            const size_t crossed = from_last ? count_of(below) : count_of(columns ^ below);
            take_column(e, sums, row, columns, c, crossed % 2);
        }
    }
}

static bool expansion_new(expansion *e, arena *scratch)
{
    const size_t sums = (size_t)SUBSETS << e->n, count = (e->order + 1) * e->n * e->n;
    e->f = arena_take_array(scratch, 2 * sums, sizeof *e->f);
    e->numbers = arena_take_array(scratch, count, sizeof *e->numbers);
    if (!e->f || !e->numbers) return false;
    e->g = e->f + sums;
    for (size_t k = 0; k < count; k++) e->numbers[k] = number_from(e->operands[k]);
    return true;
}

/* The inversions between columns in C and greater ones before them in D. */
static bool crosses_oddly(size_t c, size_t d)
{
    bool odd = false;
    for (size_t k = 0; c >> k; k++)
        if (c >> k & 1) odd ^= count_of(d & (((size_t)1 << k) - 1)) % 2;
    return odd;
}

/* Adds the terms with the columns C in the first rows. */
static void join(const expansion *e, size_t columns, number *entries)
{
    const size_t n = e->n, i = count_of(columns), all_used = ((size_t)1 << e->order) - 1;
    for (size_t j = 0; j < n; j++) {
        if (columns >> j & 1) continue;
        const size_t others = (((size_t)1 << n) - 1) ^ columns ^ (size_t)1 << j;
        const bool negate = (i + j) % 2 != crosses_oddly(columns, others);
        for (size_t used = 0; used <= all_used; used++) {
            const number x = e->f[SUBSETS * columns + used];
            const number y = e->g[SUBSETS * others + (all_used ^ used)];
            if (x.size != 0 && y.size != 0)
                add(&entries[i * n + j], negative(product(x, y), negate));
        }
    }
}

/* Whether so much has cancelled that nothing may be left. */
static bool is_doubtful(const number *x)
{
    return x->size != 0 && fabs(x->sum.high) < 0x1p-64 * x->size;
}

static scaled rounded(const number *x)
{
    scaled result = scaled_from(x->sum.high);
    result.exponent += x->exponent;
    return result;
}

bool laplace_applies(size_t n, exponent_range all)
{
    return n > 2 && n <= LAPLACE_ORDER && all.finite && !all.zero &&
           all.largest - all.smallest > (n == 3 ? SMALL_SPAN : WIDE_SPAN);
}

/* All sums of the first and of the last rows, and the entries. */
static bool expand_all(expansion *e, number *entries, arena *scratch)
{
    const size_t n = e->n;
    if (!entries || !expansion_new(e, scratch)) return false;
    expand(e, e->f, false);
    expand(e, e->g, true);
    memset(entries, 0, n * n * sizeof *entries);
    for (size_t columns = 0; columns < (size_t)1 << n; columns++) join(e, columns, entries);
    return true;
}

/* The entries, 0 where they are in exact arithmetic. lost: the others of which nearly all
 * cancels. */
static void round_entries(size_t n, const number *entries, scaled *result, bool *lost)
{
    for (size_t k = 0; k < n * n; k++) {
        result[k] = rounded(&entries[k]);
        lost[k] = is_doubtful(&entries[k]) && (entries[k].residue[0] | entries[k].residue[1]) != 0;
        if (is_doubtful(&entries[k]) && !lost[k]) result[k] = (scaled){0, 0};
    }
}

/* The cofactors that are lost to cancellation, as determinants of integers. False when out of
 * memory. */
static bool find_lost(const expansion *e, const bool *lost, scaled *cofactor, bool *sound,
                      bool *cancelled, arena *scratch)
{
    const size_t n = e->n;
    double *minor = arena_take_array(scratch, n * n, sizeof *minor);
    if (!minor) return false;
    for (size_t k = 0; k < n * n; k++) {
        bool known;
        size_t count = 0;
        if (!lost[k]) continue;
        *cancelled = true;
        for (size_t l = 0; l < n * n; l++)
            if (l / n != k / n && l % n != k % n) minor[count++] = e->operands[l];
        if (!exact_determinant(n - 1, minor, &known, &cofactor[k], scratch)) return false;
        if ((k / n + k % n) % 2 != 0) cofactor[k].mantissa = -cofactor[k].mantissa;
        *sound = *sound && known;
    }
    return true;
}

/* The determinant, exactly where nearly all of it cancels. False when out of memory. */
static bool round_determinant(const expansion *e, scaled *value, bool *sound, arena *scratch)
{
    const number *sum = &e->f[SUBSETS * (((size_t)1 << e->n) - 1)];
    bool known = true;
    *value = rounded(sum);
    if (is_doubtful(sum) && !exact_determinant(e->n, e->operands, &known, value, scratch))
        return false;
    *sound = *sound && known;
    return true;
}

bool laplace_cofactor(size_t n, const double *a, scaled *value, scaled *cofactor, bool *sound,
                      bool *cancelled, arena *scratch)
{
    const arena_position position = arena_mark(scratch);
    expansion e = {.n = n, .operands = a};
    number *entries = arena_take_array(scratch, n * n, sizeof *entries);
    bool *lost = arena_take_array(scratch, n * n, sizeof *lost);
    bool done = lost && expand_all(&e, entries, scratch);
    *sound = true;
    *cancelled = false;
    if (done) {
        round_entries(n, entries, cofactor, lost);
        done = find_lost(&e, lost, cofactor, sound, cancelled, scratch) &&
               round_determinant(&e, value, sound, scratch);
    }
    arena_rewind(scratch, position);
    return done;
}

bool laplace_derivative(size_t n, size_t order, const double *operands, scaled *result, bool *lost,
                        arena *scratch)
{
    expansion e = {.n = n, .order = order, .operands = operands};
    number *entries = arena_take_array(scratch, n * n, sizeof *entries);
    if (!expand_all(&e, entries, scratch)) return false;
    round_entries(n, entries, result, lost);
    return true;
}

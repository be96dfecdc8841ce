/* SPDX-License-Identifier: MIT */
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
 * A cofactor or determinant of which nearly all cancels is computed in integers.
 */
#include "ops/determinant/laplace.h"
#include "ops/determinant/integers.h"
#include "ops/numbers/double_double.h"

/* From this span on, in bits: with less, what elimination loses is less than it is allowed to. */
enum { WIDE_SPAN = 64, SUBSETS = 4 };

/* (high + low) 2^exponent, the sum of terms whose sizes add up to size 2^exponent, 1/2 <= size <
 * 1 or, without terms, 0. */
typedef struct number {
    double_double sum;
    double size;
    int64_t exponent;
} number;

static number number_from(double x, bool negate)
{
    const scaled s = scaled_from(negate ? -x : x);
    return (number){{s.mantissa, 0}, fabs(s.mantissa), s.exponent};
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
    return normalized(
        (number){dd_multiply(x.sum, y.sum), x.size * y.size, x.exponent + y.exponent});
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
    *x = sum;
}

typedef struct expansion {
    size_t n, order;
    const double *const *operands; /* A, V, W */
    number *f, *g;                 /* SUBSETS of directions for every set of columns */
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
        const number entry = number_from(e->operands[k][row * n + c], negate);
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
    sums[0] = number_from(1, false);
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
            number x = e->f[SUBSETS * columns + used];
            const number y = e->g[SUBSETS * others + (all_used ^ used)];
            if (negate) x.sum = (double_double){-x.sum.high, -x.sum.low};
            if (x.size != 0 && y.size != 0) add(&entries[i * n + j], product(x, y));
        }
    }
}

bool laplace_applies(size_t n, exponent_range all)
{
    return n > 2 && n <= LAPLACE_ORDER && all.finite && !all.zero &&
           all.largest - all.smallest > (n == 3 ? SMALL_SPAN : WIDE_SPAN);
}

/* All sums of the first and of the last rows, and the entries; NULL when out of memory. */
static const number *expand_all(expansion *e, arena *scratch)
{
    const size_t n = e->n, sums = (size_t)SUBSETS << n;
    e->f = arena_take_array(scratch, 2 * sums + n * n, sizeof *e->f);
    if (!e->f) return NULL;
    e->g = e->f + sums;
    number *entries = e->g + sums;
    expand(e, e->f, false);
    expand(e, e->g, true);
    memset(entries, 0, n * n * sizeof *entries);
    for (size_t columns = 0; columns < (size_t)1 << n; columns++) join(e, columns, entries);
    return entries;
}

static scaled rounded(const number *x)
{
    return scaled_from_power(x->sum.high, x->exponent);
}

/* The sum, which is that of a determinant of the given order and sign; where so much has cancelled
 * that nothing may be left, the determinant in integers. False when out of memory. */
static bool settle(const number *sum, size_t n, const double *entries, bool negate, scaled *value,
                   bool *sound, arena *scratch)
{
    bool known = true;
    *value = rounded(sum);
    if (sum->size == 0 || fabs(sum->sum.high) >= 0x1p-64 * sum->size) return true;
    if (!exact_determinant(n, entries, &known, value, scratch)) return false;
    if (negate) value->mantissa = -value->mantissa;
    *sound = *sound && known;
    return true;
}

bool laplace_cofactor(size_t n, const double *a, scaled *value, scaled *cofactor, bool *sound,
                      arena *scratch)
{
    const arena_position position = arena_mark(scratch);
    expansion e = {.n = n, .operands = &a};
    const number *entries = expand_all(&e, scratch);
    double *minor = arena_take_array(scratch, n * n, sizeof *minor);
    bool done = entries && minor;
    *sound = true;
    for (size_t k = 0; k < n * n && done; k++) {
        size_t count = 0;
        for (size_t l = 0; l < n * n; l++)
            if (l / n != k / n && l % n != k % n) minor[count++] = a[l];
        done = settle(&entries[k], n - 1, minor, (k / n + k % n) % 2 != 0, &cofactor[k], sound,
                      scratch);
    }
    if (done)
        done = settle(&e.f[SUBSETS * (((size_t)1 << n) - 1)], n, a, false, value, sound, scratch);
    arena_rewind(scratch, position);
    return done;
}

bool laplace_derivative(size_t n, size_t order, const double *const *operands, double *t,
                        arena *scratch)
{
    expansion e = {.n = n, .order = order, .operands = operands};
    const number *entries = expand_all(&e, scratch);
    for (size_t k = 0; entries && k < n * n; k++) t[k] = scaled_value(rounded(&entries[k]), 0);
    return entries;
}

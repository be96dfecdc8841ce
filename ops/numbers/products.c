/* SPDX-License-Identifier: MIT */
/* Products, and the products of all others, of elements with a step between them.
 *
 * T_i is the coefficient of t1 t2 .. tk in the product over l != i of (x_l + t1 v1_l + .. +
 * tk vk_l), each t a number with square zero. Such a polynomial is held as 2^k coefficients,
 * numbered by the sets of t in them; a product of n is found for every i from those of the factors
 * before i and after i, in O(n k 2^k) altogether. It carries an exponent common to its
 * coefficients: products leave the range of a double only where the result does.
 *
 * A direction that is 0 at an element does not lead there, whatever the others are: derivatives
 * that take elements twice, or of two rows, are 0 beside an Inf or NaN too.
 */
#include "ops/numbers/scaled.h"
#include "ops/numbers/vectors.h"

#include <math.h>
#include <string.h>

/* Larger or smaller coefficients are brought to about 1: products of two stay in range. */
#define COMFORTABLE 0x1p200

static bool is_comfortable(double largest)
{
    return largest <= COMFORTABLE && largest >= 1 / COMFORTABLE;
}

/* Takes a power of two out of coefficients; returns its exponent. */
static int64_t normalize(size_t count, double *x)
{
    if (is_comfortable(kernel_largest_magnitude(count, x))) return 0;
    return kernel_scale_to_one(count, x);
}

/* x less a power of two, which is added to the exponent. */
static inline double normalized(double x, int64_t *exponent)
{
    if (is_comfortable(fabs(x)) || !isfinite(x)) return x;
    const scaled parts = scaled_from(x);
    *exponent += parts.exponent;
    return parts.mantissa;
}

double kernel_product(const double *x, size_t first, size_t step, size_t count)
{
    double y = 1;
    int64_t exponent = 0;
    for (size_t i = 0; i < count; i++)
        y = normalized(y * normalized(x[first + i * step], &exponent), &exponent);
    return scale_by_power(y, exponent);
}

/* ---- products of the first elements ---- */

void kernel_cumprod(bool with_itself, const double *x, size_t first, size_t step, size_t count,
                    double *y)
{
    double product = 1;
    int64_t exponent = 0;
    for (size_t i = 0, at = first; i < count; i++, at += step) {
        if (!with_itself) y[at] = scale_by_power(product, exponent);
        product = normalized(product * normalized(x[at], &exponent), &exponent);
        if (with_itself) y[at] = scale_by_power(product, exponent);
    }
}

void kernel_recurrence(bool from_last, const double *a, const double *g, const bool *given,
                       size_t first, size_t step, size_t count, double *s)
{
    double sum = 0;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const size_t at = first + (from_last ? count - 1 - i : i) * step;
        s[at] = sum;
        sum = any ? g[at] + a[at] * sum : g[at];
        any = any || !given || given[at];
    }
}

/* ---- products of all others ---- */

/* A coefficient to which no direction leads is not a number 0: it does not meet an Inf or NaN. */
typedef struct polynomial {
    double *coefficients;
    bool *present;
    int64_t *exponent;
} polynomial;

static void set_one(polynomial a, size_t size)
{
    for (size_t set = 0; set < size; set++) {
        a.coefficients[set] = set == 0;
        a.present[set] = set == 0;
    }
    *a.exponent = 0;
}

/* The factors l: elements at first + l step of x and of k directions, which stand before it. */
typedef struct factors {
    const double *const *operands;
    size_t k, first, step;
    double *factor; /* k + 1: x_l, v1_l, .. */
} factors;

/* a <- a times factor l, in place: a set needs itself and smaller ones. The t whose direction is 0
 * are not in the factor. */
static void multiply(polynomial a, const factors *f, size_t l)
{
    const size_t size = (size_t)1 << f->k;
    double *x = f->factor;
    for (size_t j = 0; j <= f->k; j++) x[j] = f->operands[f->k - j][f->first + l * f->step];
    *a.exponent += normalize(f->k + 1, x);
    for (size_t set = size; set-- > 0;) {
        double sum = a.present[set] ? a.coefficients[set] * x[0] : 0;
        for (size_t j = 0; j < f->k; j++) {
            size_t rest = set & ~((size_t)1 << j);
            if (rest == set || x[j + 1] == 0 || !a.present[rest]) continue;
            sum += a.coefficients[rest] * x[j + 1];
            a.present[set] = true;
        }
        a.coefficients[set] = sum;
    }
    *a.exponent += normalize(size, a.coefficients);
}

/* The coefficient of t1 .. tk in a b. */
static double top_coefficient(polynomial a, polynomial b, size_t k)
{
    const size_t all = ((size_t)1 << k) - 1;
    double sum = 0;
    for (size_t set = 0; set <= all; set++)
        if (a.present[set] && b.present[all ^ set])
            sum += a.coefficients[set] * b.coefficients[all ^ set];
    return scale_by_power(sum, *a.exponent + *b.exponent);
}

static polynomial at(polynomial all, size_t i, size_t k)
{
    return (polynomial){all.coefficients + (i << k), all.present + (i << k), all.exponent + i};
}

/* all: for each i the product of the factors after it; the last one, that of those before i. */
static void exclusive_products(const factors *f, size_t count, polynomial all, double *y)
{
    const size_t k = f->k, size = (size_t)1 << k;
    const polynomial before = at(all, count, k);
    for (size_t i = count; i-- > 0;) {
        const polynomial after = at(all, i, k), next = at(all, i + 1, k);
        if (i + 1 == count) {
            set_one(after, size);
            continue;
        }
        memcpy(after.coefficients, next.coefficients, size * sizeof *after.coefficients);
        memcpy(after.present, next.present, size * sizeof *after.present);
        *after.exponent = *next.exponent;
        multiply(after, f, i + 1);
    }
    set_one(before, size);
    for (size_t i = 0; i < count; i++) {
        y[f->first + i * f->step] = top_coefficient(before, at(all, i, k), k);
        multiply(before, f, i);
    }
}

bool kernel_exclusive_products(size_t k, const double *const *operands, size_t first, size_t step,
                               size_t count, double *y, arena *workspace)
{
    const arena_position position = arena_mark(workspace);
    const size_t size = (size_t)1 << k;
    const factors f = {operands, k, first, step,
                       arena_take_array(workspace, k + 1, sizeof *f.factor)};
    const polynomial all = {arena_take_array(workspace, count + 1, size * sizeof *all.coefficients),
                            arena_take_array(workspace, count + 1, size * sizeof *all.present),
                            arena_take_array(workspace, count + 1, sizeof *all.exponent)};
    const bool ok = f.factor && all.coefficients && all.present && all.exponent;
    if (ok) exclusive_products(&f, count, all, y);
    arena_rewind(workspace, position);
    return ok;
}

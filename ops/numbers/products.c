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
#include "ops/numbers/vectors.h"

#include <math.h>
#include <string.h>

/* ---- polynomials in t1..tk, t^2 = 0, times a power of two ---- */

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
    const int exponent = kernel_largest_exponent(count, x);
    for (size_t i = 0; i < count; i++) x[i] = ldexp(x[i], -exponent);
    return exponent;
}

/* x 2^exponent, rounded once. */
static double scaled(double x, int64_t exponent)
{
    const int64_t enough = 5000;
    if (exponent > enough) exponent = enough;
    if (exponent < -enough) exponent = -enough;
    return exponent ? ldexp(x, (int)exponent) : x;
}

/* A coefficient to which no direction leads is not a number 0: it does not meet an Inf or NaN. */
typedef struct polynomial {
    double *coefficients;
    bool *present;
} polynomial;

static void set_one(polynomial a, size_t size)
{
    for (size_t set = 0; set < size; set++) {
        a.coefficients[set] = set == 0;
        a.present[set] = set == 0;
    }
}

/* a <- a (x[0] + t1 x[1] + .. + tk x[k]), in place: a set needs itself and smaller ones. The t
 * whose x is 0 are not in the factor. */
static void multiply(polynomial a, const double *x, size_t k)
{
    for (size_t set = (size_t)1 << k; set-- > 0;) {
        double sum = a.present[set] ? a.coefficients[set] * x[0] : 0;
        for (size_t j = 0; j < k; j++) {
            size_t rest = set & ~((size_t)1 << j);
            if (rest == set || x[j + 1] == 0 || !a.present[rest]) continue;
            sum += a.coefficients[rest] * x[j + 1];
            a.present[set] = true;
        }
        a.coefficients[set] = sum;
    }
}

/* The coefficient of t1 .. tk in a b. */
static double top_coefficient(polynomial a, polynomial b, size_t k)
{
    size_t all = ((size_t)1 << k) - 1;
    double sum = 0;
    for (size_t set = 0; set <= all; set++)
        if (a.present[set] && b.present[all ^ set])
            sum += a.coefficients[set] * b.coefficients[all ^ set];
    return sum;
}

/* *y *= factor, where y stands for *y 2^*exponent. */
static void multiply_by(double *y, int64_t *exponent, double factor)
{
    if (!is_comfortable(fabs(factor))) *exponent += normalize(1, &factor);
    *y *= factor;
    if (!is_comfortable(fabs(*y))) *exponent += normalize(1, y);
}

double kernel_product(const double *x, size_t first, size_t step, size_t count)
{
    double y = 1;
    int64_t exponent = 0;
    for (size_t i = 0; i < count; i++) multiply_by(&y, &exponent, x[first + i * step]);
    return scaled(y, exponent);
}

/* ---- products of the first elements ---- */

void kernel_cumprod(bool with_itself, const double *x, size_t first, size_t step, size_t count,
                    double *y)
{
    double product = 1;
    int64_t exponent = 0;
    for (size_t i = 0, at = first; i < count; i++, at += step) {
        if (!with_itself) y[at] = scaled(product, exponent);
        multiply_by(&product, &exponent, x[at]);
        if (with_itself) y[at] = scaled(product, exponent);
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

/* The factors l are the elements at first + l step of x and of k directions before it. */
typedef struct factors {
    const double *const *operands;
    size_t k, first, step;
} factors;

typedef struct scratch {
    double *factor;     /* k + 1: x_l, v1_l, .. */
    polynomial before;  /* the product of the factors before i */
    polynomial after;   /* of those after i, one for each i */
    int64_t *exponents; /* of these */
} scratch;

static bool take_polynomials(arena *room, size_t count, size_t size, polynomial *a)
{
    a->coefficients = arena_take_array(room, count * size, sizeof *a->coefficients);
    a->present = arena_take_array(room, count * size, sizeof *a->present);
    return a->coefficients && a->present;
}

static polynomial polynomial_at(polynomial a, size_t i, size_t size)
{
    return (polynomial){a.coefficients + i * size, a.present + i * size};
}

/* Reads factor l; returns the exponent taken out of it. */
static int64_t read_factor(const factors *f, size_t l, double *factor)
{
    for (size_t j = 0; j <= f->k; j++) factor[j] = f->operands[f->k - j][f->first + l * f->step];
    return normalize(f->k + 1, factor);
}

static void exclusive_products(const factors *f, size_t count, const scratch *s, double *y)
{
    const size_t k = f->k, size = (size_t)1 << k;
    for (size_t i = count; i-- > 0;) {
        const polynomial after = polynomial_at(s->after, i, size);
        s->exponents[i] = 0;
        if (i + 1 == count) {
            set_one(after, size);
            continue;
        }
        const polynomial next = polynomial_at(s->after, i + 1, size);
        memcpy(after.coefficients, next.coefficients, size * sizeof *after.coefficients);
        memcpy(after.present, next.present, size * sizeof *after.present);
        int64_t exponent = read_factor(f, i + 1, s->factor);
        multiply(after, s->factor, k);
        s->exponents[i] = s->exponents[i + 1] + exponent + normalize(size, after.coefficients);
    }
    int64_t before_exponent = 0;
    set_one(s->before, size);
    for (size_t i = 0; i < count; i++) {
        double top = top_coefficient(s->before, polynomial_at(s->after, i, size), k);
        y[f->first + i * f->step] = scaled(top, before_exponent + s->exponents[i]);
        before_exponent += read_factor(f, i, s->factor);
        multiply(s->before, s->factor, k);
        before_exponent += normalize(size, s->before.coefficients);
    }
}

bool kernel_exclusive_products(size_t k, const double *const *operands, size_t first, size_t step,
                               size_t count, double *y, arena *workspace)
{
    const arena_position position = arena_mark(workspace);
    const factors f = {operands, k, first, step};
    scratch s = {.factor = arena_take_array(workspace, k + 1, sizeof *s.factor),
                 .exponents = arena_take_array(workspace, count, sizeof *s.exponents)};
    const bool ok = s.factor && s.exponents &&
                    take_polynomials(workspace, 1, (size_t)1 << k, &s.before) &&
                    take_polynomials(workspace, count, (size_t)1 << k, &s.after);
    if (ok) exclusive_products(&f, count, &s, y);
    arena_rewind(workspace, position);
    return ok;
}

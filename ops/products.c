/* Products of all elements, of each row, of each column; no derivative divides.
 *
 *     y = prod x_i       x' += y' P,  P_i = the product of all x_j but x_i
 *     Y = T(V1..Vk, X)   X' += T(Y', V1..Vk, X),  Vj' += T(Y', the other V, X)
 *
 * T is the gradient of the k-th derivative of the product in the directions V1..Vk,
 *
 *     T_i = sum over distinct j1..jk, none of them i, of v1_j1 .. vk_jk times all other x but x_i,
 *
 * so P is T without directions. It is linear in each V and symmetric in all and in Y', which
 * gives the rule; the operations are thus closed, and T has a value at every x, zeros or not.
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
#include "ops/operations.h"

#include <math.h>
#include <string.h>

/* ---- polynomials in t1..tk, t^2 = 0, times a power of two ---- */

/* Larger or smaller coefficients are brought to about 1: products of two stay in range. */
#define COMFORTABLE 0x1p200

static bool is_comfortable(double largest)
{
    return largest <= COMFORTABLE && largest >= 1 / COMFORTABLE;
}

static double largest_magnitude(size_t count, const double *x)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        if (!(fabs(x[i]) <= largest)) largest = fabs(x[i]);
    return largest;
}

/* Takes a power of two out of coefficients; returns its exponent. */
static int64_t normalize(size_t count, double *x)
{
    double largest = largest_magnitude(count, x);
    if (is_comfortable(largest) || largest == 0 || !isfinite(largest)) return 0;
    int exponent;
    (void)frexp(largest, &exponent);
    for (size_t i = 0; i < count; i++)
        x[i] = ldexp(x[i], -exponent);
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

/* ---- groups: all elements, rows or columns ---- */

typedef enum grouping { ALL, ROWS, COLUMNS } grouping;

typedef struct group {
    size_t first, step, count;
} group;

static grouping grouping_of(const void *attributes)
{
    return *(const grouping *)attributes;
}

static size_t group_count(const evaluation *e)
{
    switch (grouping_of(e->attributes)) {
    case ROWS: return e->in[0].rows;
    case COLUMNS: return e->in[0].cols;
    default: return 1;
    }
}

static group group_of(const evaluation *e, size_t i)
{
    size_t rows = e->in[0].rows, cols = e->in[0].cols;
    switch (grouping_of(e->attributes)) {
    case ROWS: return (group){i * cols, 1, cols};
    case COLUMNS: return (group){i, cols, rows};
    default: return (group){0, 1, rows * cols};
    }
}

/* ---- T: the last operand is X, those before it the directions ---- */

typedef struct scratch {
    double *factor;     /* k + 1: x_l, v1_l, .. */
    polynomial before;  /* the product of the factors before i */
    polynomial after;   /* of those after i, one for each i */
    int64_t *exponents; /* of these */
} scratch;

static bool take_polynomials(ad_tape *tape, size_t count, size_t size, polynomial *a)
{
    a->coefficients = tape_scratch(tape, count * size, sizeof *a->coefficients);
    a->present = tape_scratch(tape, count * size, sizeof *a->present);
    return a->coefficients && a->present;
}

static polynomial polynomial_at(polynomial a, size_t i, size_t size)
{
    return (polynomial){a.coefficients + i * size, a.present + i * size};
}

/* Reads factor l of a group; returns the exponent taken out of it. */
static int64_t read_factor(const evaluation *e, const group *g, size_t l, double *factor)
{
    size_t k = e->count - 1, position = g->first + l * g->step;
    for (size_t j = 0; j <= k; j++)
        factor[j] = e->in[k - j].values[position];
    return normalize(k + 1, factor);
}

static void exclusive_products(const evaluation *e, const group *g, const scratch *s)
{
    size_t k = e->count - 1, size = (size_t)1 << k;
    for (size_t i = g->count; i-- > 0;) {
        const polynomial after = polynomial_at(s->after, i, size);
        s->exponents[i] = 0;
        if (i + 1 == g->count) {
            set_one(after, size);
            continue;
        }
        const polynomial next = polynomial_at(s->after, i + 1, size);
        memcpy(after.coefficients, next.coefficients, size * sizeof *after.coefficients);
        memcpy(after.present, next.present, size * sizeof *after.present);
        int64_t exponent = read_factor(e, g, i + 1, s->factor);
        multiply(after, s->factor, k);
        s->exponents[i] = s->exponents[i + 1] + exponent + normalize(size, after.coefficients);
    }
    int64_t before_exponent = 0;
    set_one(s->before, size);
    for (size_t i = 0; i < g->count; i++) {
        double top = top_coefficient(s->before, polynomial_at(s->after, i, size), k);
        e->output[g->first + i * g->step] = scaled(top, before_exponent + s->exponents[i]);
        before_exponent += read_factor(e, g, i, s->factor);
        multiply(s->before, s->factor, k);
        before_exponent += normalize(size, s->before.coefficients);
    }
}

static bool derivative_values(const evaluation *e)
{
    enum { MOST_DIRECTIONS = 40 };
    size_t k = e->count - 1, most = matrix_size(&e->in[k]);
    if (k > MOST_DIRECTIONS || most > SIZE_MAX >> k)
        return tape_fail(e->tape, AD_ERROR_SIZE, "%s: order %zu is too high", e->op->name, k + 1);
    scratch s = {.factor = tape_scratch(e->tape, k + 1, sizeof(double)),
                 .exponents = tape_scratch(e->tape, most, sizeof(int64_t))};
    if (!s.factor || !s.exponents || !take_polynomials(e->tape, 1, (size_t)1 << k, &s.before) ||
        !take_polynomials(e->tape, most, (size_t)1 << k, &s.after))
        return false;
    for (size_t i = 0; i < group_count(e); i++) {
        const group g = group_of(e, i);
        exclusive_products(e, &g, &s);
    }
    return true;
}

static ad_var product_derivative(ad_tape *tape, const ad_var *operands, size_t count, grouping by);

static bool derivative_gradient(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    ad_var *operands = tape_scratch(r->tape, r->count + 1, sizeof *operands);
    if (!operands) return false;
    operands[0] = r->adjoint;
    for (size_t k = 0; k < r->count; k++) {
        bool last = k + 1 == r->count;
        size_t count = 1;
        for (size_t j = 0; j < r->count; j++)
            if (last || j != k) operands[count++] = r->in[j];
        if (r->wanted[k] && !rule_add(r, k, product_derivative(r->tape, operands, count, by)))
            return false;
    }
    return true;
}

OPERATION(exclusive_products, .shape = shape_same, .values = derivative_values,
          .gradient = derivative_gradient);

/* T is linear in each direction within a group. */
static void derivative_support(const evaluation *e, bool *support)
{
    for (size_t i = 0; i < group_count(e); i++) {
        const group g = group_of(e, i);
        bool all = true;
        for (size_t k = 0; k + 1 < e->count; k++) {
            bool any = !e->in[k].support;
            for (size_t l = 0; l < g.count && !any; l++)
                any = e->in[k].support[g.first + l * g.step];
            all = all && any;
        }
        for (size_t l = 0; l < g.count; l++)
            support[g.first + l * g.step] = all;
    }
}

OPERATION(product_derivative, .support = derivative_support, .shape = shape_same,
          .values = derivative_values, .gradient = derivative_gradient);

static ad_var product_derivative(ad_tape *tape, const ad_var *operands, size_t count, grouping by)
{
    const operation *op = count == 1 ? &exclusive_products_operation : &product_derivative_operation;
    return tape_record_on(tape, op, operands, count, &by, sizeof by);
}

/* ---- the products ---- */

static double product(const double *x, const group *g)
{
    double y = 1;
    int64_t exponent = 0;
    for (size_t i = 0; i < g->count; i++) {
        double factor = x[g->first + i * g->step];
        if (!is_comfortable(fabs(factor))) exponent += normalize(1, &factor);
        y *= factor;
        if (!is_comfortable(fabs(y))) exponent += normalize(1, &y);
    }
    return scaled(y, exponent);
}

static bool product_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows * e->cols; i++) {
        const group g = group_of(e, i);
        e->output[i] = product(e->in[0].values, &g);
    }
    return true;
}

static bool product_gradient(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    return rule_add(r, 0, ad_mul(r->adjoint, product_derivative(r->tape, r->in, 1, by)));
}

static bool product_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const grouping by = grouping_of(e->attributes);
    *rows = by == ROWS ? e->in[0].rows : 1;
    *cols = by == COLUMNS ? e->in[0].cols : 1;
    return true;
}

#define PRODUCT(name_, grouping_)                                                                  \
    static const operation name_##_operation = {.name = #name_,                                    \
                                                .shape = product_shape,                            \
                                                .values = product_values,                          \
                                                .gradient = product_gradient};                     \
                                                                                                   \
    ad_var ad_##name_(ad_var x)                                                                    \
    {                                                                                              \
        const grouping by = grouping_;                                                             \
        return tape_record(&name_##_operation, &x, 1, &by, sizeof by);                             \
    }

PRODUCT(prod, ALL)
PRODUCT(prod_rows, ROWS)
PRODUCT(prod_cols, COLUMNS)

OPERATION_FAMILY(product, &prod_operation, &prod_rows_operation, &prod_cols_operation,
                 &exclusive_products_operation, &product_derivative_operation);

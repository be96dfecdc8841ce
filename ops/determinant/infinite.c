/* Determinants of matrices with infinite entries, as limits.
 *
 * Every infinite entry stands for a number t that grows without bound, each on its own. A
 * determinant, a cofactor or a derivative of one is then a polynomial in these t, of degree at most
 * 1 in each. Let a product of some of them be a maximal one if its coefficient is not 0 and that of
 * no multiple of it is. Along a path on which the t of that product grow fastest it outweighs all
 * others, so that the polynomial
 *
 *     has a finite limit exactly where it is constant,
 *     tends to +Inf (-Inf) exactly where all maximal products have positive (negative) coefficients,
 *
 * and has no limit elsewhere: NaN. The coefficient of a product is the same determinant (cofactor,
 * derivative) of finite matrices: those in which each t of the product is replaced by its sign, alone
 * in its row and column, and each other t by 0.
 *
 * Where one product Mt holds all others, A^-T = cof(A) / det(A) has a limit in every entry whose
 * cofactor has no product beyond Mt: that of the finite matrix, less the rows and columns of Mt.
 */
#include "ops/determinant/private.h"
#include "ops/kernels/kernels.h"

/* So many infinite entries are looked at, and so many products of them, up to order SMALL and beyond
 * it. Up to SMALL coefficients are known to be 0 exactly where they are. */
enum { MOST_INFINITE = 64, SMALL = 10, MOST_PRODUCTS_SMALL = 1024, MOST_PRODUCTS = 64 };

enum { DETERMINANT = -1 }; /* as an order of derivative of the cofactors */

typedef struct infinite_entry {
    size_t row, column, operand;
    double sign;
} infinite_entry;

typedef struct limit {
    size_t n, outputs;
    int order;                 /* derivative of the cofactors, or DETERMINANT */
    bool trace;                /* that of the matrix, not the matrix */
    const double *operands[3]; /* A, V, W */
    infinite_entry *entries;
    size_t count;
    uint64_t *sets; /* products, as sets of entries */
    size_t products, most_products;
    signed char *signs; /* of their coefficients, outputs for each */
    bool complete;      /* none was left out */
    double *constant;   /* the coefficients of the empty product */
    arena *scratch;
} limit;

static size_t operand_count(const limit *l)
{
    return l->order < 1 ? 1 : (size_t)l->order + 1;
}

/* ---- the coefficient of one product ---- */

/* The operands with the entries of the set alone in their rows and columns: of a direction, which
 * takes part in each term once, such an entry is all there is. */
static double *finite_operands(const limit *l, uint64_t set)
{
    const size_t n = l->n, size = n * n;
    double *x = arena_take_array(l->scratch, operand_count(l) * size, sizeof *x);
    if (!x) return NULL;
    for (size_t k = 0; k < operand_count(l); k++)
        for (size_t i = 0; i < size; i++)
            x[k * size + i] = isinf(l->operands[k][i]) ? 0 : l->operands[k][i];
    for (size_t s = 0; s < l->count; s++) {
        const infinite_entry *e = &l->entries[s];
        if (!(set >> s & 1)) continue;
        for (size_t i = 0; i < operand_count(l) * n; i++) x[i * n + e->column] = 0;
        for (size_t k = 0; k < operand_count(l); k++)
            memset(x + k * size + e->row * n, 0, n * sizeof *x);
        if (e->operand > 0) memset(x + e->operand * size, 0, size * sizeof *x);
    }
    for (size_t s = 0; s < l->count; s++)
        if (set >> s & 1)
            x[l->entries[s].operand * size + l->entries[s].row * n + l->entries[s].column] =
                l->entries[s].sign;
    return x;
}

static bool is_in_row_or_column(const limit *l, uint64_t set, size_t k)
{
    for (size_t s = 0; s < l->count; s++)
        if (set >> s & 1 && (l->entries[s].row == k || l->entries[s].column == k)) return true;
    return false;
}

/* Numbers below 2^that may be rounding errors of an exact 0: products of the operands' largest
 * entries, n - 1 in all, are larger by 2^20. */
static int64_t doubtful_exponent(const limit *l, const double *x)
{
    const size_t n = l->n;
    int64_t exponent = -20;
    for (size_t k = 0; k < operand_count(l); k++) {
        const extent all = extent_of(n * n, x + k * n * n);
        exponent += all.largest * (k == 0 ? (int64_t)(n - operand_count(l)) : 1);
    }
    return exponent;
}

/* Sets to 0 what is 0 in exact arithmetic. */
static bool clear_vanishing(const limit *l, const double *x, double *t)
{
    const size_t n = l->n;
    const int64_t doubtful = doubtful_exponent(l, x);
    const residues *r = residues_new(n, (size_t)l->order, x, l->scratch);
    for (size_t k = 0; r && k < n * n; k++)
        if (t[k] != 0 && scaled_from(t[k]).exponent < doubtful && entry_vanishes(r, k / n, k % n))
            t[k] = 0;
    return r;
}

/* The trace of t, in which the rows and columns of the set are 0. */
static bool trace_of(const limit *l, uint64_t set, const double *x, const double *t, double *trace)
{
    const size_t n = l->n;
    *trace = 0;
    for (size_t i = 0; i < n; i++) *trace += t[i * n + i];
    if (n > SMALL || *trace == 0 || scaled_from(*trace).exponent >= doubtful_exponent(l, x))
        return true;
    bool zero = true;
    const residues *r = residues_new(n, (size_t)l->order, x, l->scratch);
    for (size_t which = 0; r && zero && which < RESIDUE_PRIMES; which++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < n; i++)
            if (!is_in_row_or_column(l, set, i)) sum += residue_of_entry(r, which, i, i);
        zero = sum % modular_prime(which) == 0;
    }
    if (zero) *trace = 0;
    return r;
}

/* t <- the matrix of coefficients; of a determinant with that sign, its value for the empty set. */
static bool matrix_of_coefficients(const limit *l, uint64_t set, const double *x, double *t)
{
    const size_t n = l->n;
    determinant_factor *factor = determinant_factor_new(n, x, l->scratch);
    if (!factor) return false;
    if (l->order == DETERMINANT) {
        *t = set ? factor->value.mantissa : determinant_value(factor);
        return true;
    }
    const determinant_status status =
        l->order == 0   ? determinant_cofactor(factor, t, l->scratch)
        : l->order == 1 ? determinant_cofactor_derivative(factor, x + n * n, t, l->scratch)
                        : determinant_cofactor_second_derivative(factor, x + n * n, x + 2 * n * n,
                                                                 t, l->scratch);
    return status == DETERMINANT_OK && (n > SMALL || clear_vanishing(l, x, t));
}

/* No cofactor in the row or column of an entry has a term with that entry. */
static void clear_rows_and_columns(const limit *l, uint64_t set, double *t)
{
    const size_t n = l->n;
    for (size_t s = 0; s < l->count; s++)
        for (size_t k = 0; set >> s & 1 && k < n; k++)
            t[l->entries[s].row * n + k] = t[k * n + l->entries[s].column] = 0;
}

static bool coefficients(const limit *l, uint64_t set, double *t)
{
    const size_t n = l->n;
    const arena_position position = arena_mark(l->scratch);
    const double *x = finite_operands(l, set);
    double *work = l->trace ? arena_take_array(l->scratch, n * n, sizeof *work) : t;
    const bool done = x && work && matrix_of_coefficients(l, set, x, work);
    if (done && l->order != DETERMINANT) clear_rows_and_columns(l, set, work);
    const bool all = done && (!l->trace || trace_of(l, set, x, work, t));
    arena_rewind(l->scratch, position);
    return all;
}

/* ---- all products ---- */

static bool meet(const infinite_entry *x, const infinite_entry *y)
{
    return x->row == y->row || x->column == y->column ||
           (x->operand > 0 && x->operand == y->operand);
}

static bool fits_in(const limit *l, uint64_t set, size_t entry)
{
    for (size_t s = 0; s < entry; s++)
        if (set >> s & 1 && meet(&l->entries[s], &l->entries[entry])) return false;
    return true;
}

/* The set with every choice of entries from next on; false when out of memory. */
static bool add_products(limit *l, uint64_t set, size_t next, double *t)
{
    for (size_t s = next; l->complete && s < l->count; s++) {
        if (!fits_in(l, set, s)) continue;
        const uint64_t larger = set | UINT64_C(1) << s;
        l->complete = l->products < l->most_products;
        if (!l->complete) break;
        if (!coefficients(l, larger, t)) return false;
        signed char *signs = l->signs + l->outputs * l->products;
        for (size_t k = 0; k < l->outputs; k++) signs[k] = (signed char)((t[k] > 0) - (t[k] < 0));
        l->sets[l->products++] = larger;
        if (!add_products(l, larger, s + 1, t)) return false;
    }
    return true;
}

static bool find_entries(limit *l)
{
    const size_t n = l->n;
    l->entries = arena_take_array(l->scratch, MOST_INFINITE, sizeof *l->entries);
    for (size_t p = 0; l->entries && p < operand_count(l) * n * n; p++) {
        const size_t operand = p / (n * n), place = p % (n * n);
        const double x = l->operands[operand][place];
        if (!isinf(x)) continue;
        if (l->count == MOST_INFINITE) l->complete = false;
        else
            l->entries[l->count++] =
                (infinite_entry){place / n, place % n, operand, copysign(1, x)};
    }
    return l->entries;
}

/* The polynomial of l->n, order, trace and operands, in scratch; false when out of memory. */
static bool expand(limit *l)
{
    l->outputs = l->trace || l->order == DETERMINANT ? 1 : l->n * l->n;
    l->complete = true;
    l->most_products = l->n <= SMALL ? MOST_PRODUCTS_SMALL : MOST_PRODUCTS;
    l->sets = arena_take_array(l->scratch, l->most_products, sizeof *l->sets);
    l->signs = arena_take_array(l->scratch, l->outputs, l->most_products);
    l->constant = arena_take_array(l->scratch, l->outputs, 2 * sizeof *l->constant);
    return l->sets && l->signs && l->constant && find_entries(l) &&
           coefficients(l, 0, l->constant) && add_products(l, 0, 0, l->constant + l->outputs);
}

/* ---- limits ---- */

/* Whether an infinite entry lies beyond an output's own row and column. */
static bool depends(const limit *l, size_t output)
{
    const size_t n = l->n, size = n * n;
    if (l->trace || l->order == DETERMINANT) return true;
    for (size_t p = 0; p < operand_count(l) * size; p++)
        if (isinf(l->operands[p / size][p % size]) && p % size / n != output / n &&
            p % n != output % n)
            return true;
    return false;
}

static int sign_of(const limit *l, size_t product, size_t output)
{
    return l->signs[product * l->outputs + output];
}

static bool within(uint64_t set, uint64_t other)
{
    return (set & ~other) == 0;
}

static bool is_maximal(const limit *l, size_t product, size_t output)
{
    for (size_t k = 0; k < l->products; k++)
        if (k != product && sign_of(l, k, output) != 0 && within(l->sets[product], l->sets[k]))
            return false;
    return true;
}

/* Sign +-1: the limit is +-Inf; 0: the output is constant. False where there is no limit. */
static bool limit_exists(const limit *l, size_t output, int *sign)
{
    *sign = 0;
    if (!l->complete && depends(l, output)) return false;
    for (size_t k = 0; k < l->products; k++) {
        const int own = sign_of(l, k, output);
        if (own == 0 || own == *sign || !is_maximal(l, k, output)) continue;
        if (*sign != 0) return false;
        *sign = own;
    }
    return true;
}

static double limit_of(const limit *l, size_t output)
{
    int sign;
    if (!limit_exists(l, output, &sign)) return NAN;
    return sign == 0 ? l->constant[output] : sign * (double)INFINITY;
}

static bool find_value(determinant_factor *factor, const limit *l)
{
    int sign;
    factor->value = (scaled){NAN, 0};
    if (!limit_exists(l, 0, &sign)) return true;
    factor->value.mantissa = sign * (double)INFINITY;
    if (sign != 0) return true;
    const double *a = finite_operands(l, 0);
    const determinant_factor *constant = a ? determinant_factor_new(l->n, a, l->scratch) : NULL;
    if (constant) factor->value = constant->value;
    return constant;
}

bool infinite_value(determinant_factor *factor)
{
    const arena_position position = arena_mark(factor->memory);
    limit l = {.n = factor->n,
               .order = DETERMINANT,
               .operands = {factor->entries},
               .scratch = factor->memory};
    const bool done = expand(&l) && find_value(factor, &l);
    arena_rewind(factor->memory, position);
    return done;
}

static bool find_limits(limit *l, double *result)
{
    const arena_position position = arena_mark(l->scratch);
    const bool done = expand(l);
    for (size_t k = 0; done && k < l->outputs; k++) result[k] = limit_of(l, k);
    arena_rewind(l->scratch, position);
    return done;
}

bool infinite_derivative(size_t n, int order, const double *a, const double *v, const double *w,
                         double *result, arena *scratch)
{
    return find_limits(&(limit){.n = n, .order = order, .operands = {a, v, w}, .scratch = scratch},
                       result);
}

bool determinant_trace_limit(size_t n, int order, const double *a, const double *v, double *result,
                             arena *scratch)
{
    return find_limits(&(limit){.n = n,
                                .order = order,
                                .trace = order != DETERMINANT,
                                .operands = {a, v, v},
                                .scratch = scratch},
                       result);
}

/* ---- A^-T = cof(A) / det(A) ---- */

/* The product that holds all others of the determinant; false where there is none, or it is 0. */
static bool find_dominant(const limit *l, uint64_t *set)
{
    *set = 0;
    for (size_t k = 0; k < l->products; k++)
        if (sign_of(l, k, 0) != 0) *set |= l->sets[k];
    if (*set == 0) return l->complete && l->constant[0] != 0;
    for (size_t k = 0; k < l->products; k++)
        if (l->sets[k] == *set && sign_of(l, k, 0) != 0) return l->complete;
    return false;
}

static bool all_within(const limit *l, size_t output, uint64_t set)
{
    if (!l->complete && depends(l, output)) return false;
    for (size_t k = 0; k < l->products; k++)
        if (sign_of(l, k, output) != 0 && !within(l->sets[k], set)) return false;
    return true;
}

/* The polynomials of det(A) and cof(A). */
static bool expand_both(size_t n, const double *a, limit *det, limit *cofactor, arena *scratch)
{
    *det = (limit){.n = n, .order = DETERMINANT, .operands = {a}, .scratch = scratch};
    *cofactor = (limit){.n = n, .operands = {a}, .scratch = scratch};
    return expand(det) && expand(cofactor);
}

static bool find_inverse(const limit *det, const limit *cofactor, double *result)
{
    uint64_t set;
    const bool found = find_dominant(det, &set);
    for (size_t k = 0; !found && k < cofactor->outputs; k++) result[k] = NAN;
    if (!found) return true;
    const double *a = finite_operands(det, set);
    determinant_factor *factor = a ? determinant_factor_new(det->n, a, det->scratch) : NULL;
    if (!factor || determinant_log_gradient(factor, result, det->scratch) != DETERMINANT_OK)
        return false;
    clear_rows_and_columns(det, set, result);
    for (size_t k = 0; k < cofactor->outputs; k++)
        if (!all_within(cofactor, k, set))
            result[k] = set == 0 ? limit_of(cofactor, k) / det->constant[0] : NAN;
    return true;
}

bool infinite_log_gradient(size_t n, const double *a, double *result, arena *scratch)
{
    const arena_position position = arena_mark(scratch);
    limit det, cofactor;
    const bool done =
        expand_both(n, a, &det, &cofactor, scratch) && find_inverse(&det, &cofactor, result);
    arena_rewind(scratch, position);
    return done;
}

/* A[p, q] = L D U1 with complete pivoting in double-double arithmetic, for matrices so ill
 * conditioned that elimination in doubles would lose digits: where numbers of very different
 * size meet and cancel, more can be lost than changes of the entries in the last place would
 * cost. L, D and U1, rounded to double at the end, have nearly all digits right, and the
 * determinant and its derivatives do not need more. */
#include "ops/determinant/decomposition.h"
#include "ops/numbers/double_double.h"

static size_t largest_at(size_t n, size_t k, const double_double *a)
{
    size_t largest = k * n + k;
    for (size_t i = k; i < n; i++)
        for (size_t j = k; j < n; j++)
            if (fabs(a[i * n + j].high) > fabs(a[largest].high)) largest = i * n + j;
    return largest;
}

static void exchange(size_t n, double_double *x, double_double *y, size_t stride)
{
    for (size_t k = 0; k < n; k++) {
        const double_double moved = x[k * stride];
        x[k * stride] = y[k * stride];
        y[k * stride] = moved;
    }
}

static void exchange_numbers(decomposition *d, size_t *numbers, size_t i, size_t j)
{
    const size_t moved = numbers[i];
    numbers[i] = numbers[j];
    numbers[j] = moved;
    if (i != j) d->sign = -d->sign;
}

/* Brings the largest entry from (k, k) on there; false where all are 0. */
static bool pivot(decomposition *d, size_t k, double_double *a)
{
    const size_t n = d->n, largest = largest_at(n, k, a), i = largest / n, j = largest % n;
    if (a[largest].high == 0) return false;
    exchange(n, a + i * n, a + k * n, 1);
    exchange(n, a + j, a + k, n);
    exchange_numbers(d, d->row, i, k);
    exchange_numbers(d, d->column, j, k);
    return true;
}

static void eliminate(size_t n, size_t k, double_double *a)
{
    const double_double *top = a + k * n;
    for (size_t i = k + 1; i < n; i++) {
        double_double *row = a + i * n;
        row[k] = dd_quotient(row[k], top[k]);
        for (size_t j = k + 1; j < n; j++)
            row[j] = dd_difference(row[j], dd_multiply(row[k], top[j]));
    }
}

/* L as it stands, D and U1 from D U1, rounded. */
static void round_factors(decomposition *d, const double_double *a)
{
    const size_t n = d->n;
    d->max_upper = 1;
    d->max_entry = 0;
    d->min_pivot = INFINITY;
    for (size_t i = 0; i < n; i++) {
        const double_double diagonal = a[i * n + i];
        double *row = d->factors + i * n;
        d->d[i] = scaled_from(diagonal.high);
        if (fabs(diagonal.high) > d->max_entry) d->max_entry = fabs(diagonal.high);
        if (fabs(diagonal.high) < d->min_pivot) d->min_pivot = fabs(diagonal.high);
        for (size_t j = 0; j < n; j++) row[j] = a[i * n + j].high;
        for (size_t j = i + 1; j < n && diagonal.high != 0; j++)
            row[j] = dd_quotient(a[i * n + j], diagonal).high;
        row[i] = 1;
    }
}

bool lu_double_double(decomposition *d, const double *entries, const double *diagonal,
                      arena *memory)
{
    const size_t n = d->n;
    const arena_position position = arena_mark(memory);
    double_double *a = arena_take_array(memory, n * n, sizeof *a);
    if (!a) return false;
    for (size_t k = 0; k < n * n; k++) a[k] = (double_double){entries[k], 0};
    for (size_t i = 0; diagonal && i < n; i++) a[i * n + i].low = diagonal[i];
    for (size_t i = 0; i < n; i++) d->row[i] = d->column[i] = i;
    d->sign = 1;
    d->kind = COMPLETE;
    d->inverted = false;
    d->epsilon = DBL_EPSILON * DBL_EPSILON;
    for (size_t k = 0; k < n && pivot(d, k, a); k++) eliminate(n, k, a);
    round_factors(d, a);
    arena_rewind(memory, position);
    return true;
}

/* SPDX-License-Identifier: MIT */
/* Scaling by an assignment of rows to columns (Duff & Koster, On algorithms for permuting large
 * entries to the diagonal of a sparse matrix, 2001): among all ways to take one entry of every row
 * and column one has the largest product. With e_ij the exponents of the entries, the dual
 * variables of that assignment,
 *
 *     r_i + c_j >= e_ij ,  with equality where row i is assigned to column j ,
 *
 * scale the assigned entries to [1/2, 1) and all others below 1, whatever rows and columns were
 * scaled by. They are found by shortest augmenting paths (Kuhn 1955; Burkard, Dell'Amico &
 * Martello, Assignment Problems, 4.4) in O(n^3) additions of integers.
 */
#include "ops/determinant/scaling.h"

typedef struct assignment {
    size_t n;
    int16_t *exponents;      /* absent for zeros */
    int64_t *rows, *columns; /* the dual variables */
    size_t *row_of;          /* of a column; n where there is none */
    size_t *before;          /* the column before this one on the path */
    int64_t *slack;          /* least on any path to the column */
    bool *reached;
} assignment;

static const int16_t absent = INT16_MIN;
static const int64_t unreachable = INT64_MAX;

/* Begins with r_i = max_j e_ij, c_j = 0: the c grow from there only as far as they must. */
static bool assignment_new(assignment *x, size_t n, const double *a, arena *memory)
{
    x->n = n;
    x->exponents = arena_take_array(memory, n * n, sizeof *x->exponents);
    x->row_of = arena_take_array(memory, n, 2 * sizeof *x->row_of);
    x->slack = arena_take_array(memory, n, sizeof *x->slack);
    x->reached = arena_take_array(memory, n, sizeof *x->reached);
    if (!x->exponents || !x->row_of || !x->slack || !x->reached) return false;
    x->before = x->row_of + n;
    for (size_t i = 0; i < n; i++) {
        x->rows[i] = absent;
        x->columns[i] = 0;
        x->row_of[i] = n;
        for (size_t j = 0; j < n; j++) {
            const double entry = a[i * n + j];
            const int16_t exponent = entry == 0 ? absent : (int16_t)scaled_from(entry).exponent;
            x->exponents[i * n + j] = exponent;
            if (exponent > x->rows[i]) x->rows[i] = exponent;
        }
    }
    return true;
}

/* Goes on from the row, reached through the column before; the column that is nearest now, n where
 * there is none. */
static size_t nearest_column(assignment *x, size_t row, size_t before)
{
    const size_t n = x->n;
    const int16_t *exponents = x->exponents + row * n;
    size_t nearest = n;
    for (size_t j = 0; j < n; j++) {
        if (x->reached[j]) continue;
        const int64_t slack = x->rows[row] + x->columns[j] - exponents[j];
        if (exponents[j] != absent && slack < x->slack[j]) {
            x->slack[j] = slack;
            x->before[j] = before;
        }
        if (x->slack[j] != unreachable && (nearest == n || x->slack[j] < x->slack[nearest]))
            nearest = j;
    }
    return nearest;
}

/* Makes the nearest column's slack 0, and keeps that of assigned entries. */
static void adjust(assignment *x, size_t start, int64_t slack)
{
    x->rows[start] -= slack;
    for (size_t j = 0; j < x->n; j++) {
        if (x->reached[j]) {
            x->rows[x->row_of[j]] -= slack;
            x->columns[j] += slack;
        } else if (x->slack[j] != unreachable) {
            x->slack[j] -= slack;
        }
    }
}

/* Assigns the row, moving others; false where that is impossible. */
static bool assign(assignment *x, size_t start)
{
    const size_t n = x->n;
    size_t row = start, column = n;
    for (size_t j = 0; j < n; j++) {
        x->slack[j] = unreachable;
        x->reached[j] = false;
    }
    do {
        column = nearest_column(x, row, column);
        if (column == n) return false;
        adjust(x, start, x->slack[column]);
        x->reached[column] = true;
        row = x->row_of[column];
    } while (row != n);
    while (column != n) {
        const size_t before = x->before[column];
        x->row_of[column] = before == n ? start : x->row_of[before];
        column = before;
    }
    return true;
}

bool assignment_exponents(size_t n, const double *a, int64_t *rows, int64_t *columns, bool *perfect,
                          arena *memory)
{
    const arena_position position = arena_mark(memory);
    assignment x = {.rows = rows, .columns = columns};
    const bool done = assignment_new(&x, n, a, memory);
    *perfect = done;
    for (size_t i = 0; i < n && *perfect; i++) *perfect = assign(&x, i);
    arena_rewind(memory, position);
    return done;
}

/* SPDX-License-Identifier: MIT */
/* Directions V, scaled like A to hat V = V 2^-(r_i + c_j), in parts to which D cof(A) is applied
 * one by one.
 *
 * Layers: entries whose exponents differ by more than the width of a layer go to different parts,
 * so that products of them stay in range.
 *
 * Rows and columns: row k of D cof(A)[V] does not depend on row k of V. Where A was equilibrated
 * and row k of hat V outweighs all others, the rounding errors of what cancels in row k would
 * drown what is left; with that row as a part of its own the result's row k is 0 and known. Two
 * directions with the same row alone give 0 altogether: D^2 cof(A)[V, W] takes rows of V and W that
 * differ from each other and from k. So of two directions two rows must be alone if they outweigh
 * the third largest: then the largest error in row k, of a pair of parts that is neither 0 nor
 * cleared there, is one of the largest terms in it.
 */
#include "ops/determinant/directions.h"

/* 2^3: a row that outweighs the others by less costs at most these bits, of a second derivative
 * in rows and columns twice. */
enum { OUTWEIGHS = 3 };

/* The exponent of entry k of hat V. */
static int64_t exponent_at(const direction *v, size_t k)
{
    return scaled_from(v->values[k]).exponent - scaling_exponent(v->scaling, k);
}

/* Up to most lines with the largest of the exponents (INT64_MIN: of zeros alone), where they
 * outweigh the line that comes after so many. */
static void find_dominant(size_t n, const int64_t *exponents, size_t most, dominant_lines *found)
{
    size_t order[MOST_DOMINANT + 1], count = 0;
    for (size_t i = 0; i < n; i++) {
        size_t place = count;
        while (place > 0 && exponents[order[place - 1]] < exponents[i]) place--;
        if (place > most) continue;
        for (size_t k = count < most ? count : most; k > place; k--) order[k] = order[k - 1];
        order[place] = i;
        if (count <= most) count++;
    }
    const int64_t next = count > most ? exponents[order[most]] : INT64_MIN;
    found->count = 0;
    for (size_t k = 0; k < most && k < count; k++) {
        const int64_t own = exponents[order[k]];
        if (own == INT64_MIN || (next != INT64_MIN && own - next <= OUTWEIGHS)) break;
        found->line[found->count++] = order[k];
    }
}

static bool describe_entries(direction *v, size_t alone, int64_t *bottom, arena *scratch)
{
    const size_t n = v->scaling->n;
    int64_t *rows = arena_take_array(scratch, n, 2 * sizeof *rows);
    if (!rows) return false;
    int64_t *columns = rows + n;
    for (size_t i = 0; i < 2 * n; i++) rows[i] = INT64_MIN;
    v->top = INT64_MIN;
    *bottom = INT64_MAX;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (v->values[i * n + j] == 0) continue;
            const int64_t exponent = exponent_at(v, i * n + j);
            if (exponent > rows[i]) rows[i] = exponent;
            if (exponent > columns[j]) columns[j] = exponent;
            if (exponent > v->top) v->top = exponent;
            if (exponent < *bottom) *bottom = exponent;
        }
    find_dominant(n, rows, alone, &v->rows);
    find_dominant(n, columns, alone, &v->columns);
    return true;
}

bool direction_describe(direction *v, const determinant_scaling *scaling, const double *values,
                        int width, size_t dominant, arena *scratch)
{
    const exponent_range all = exponent_range_of(scaling->n * scaling->n, values);
    *v = (direction){.scaling = scaling, .values = values, .width = width};
    if (all.zero) return true;
    int64_t bottom;
    if (scaling->common && dominant == 0) {
        v->top = all.largest - scaling->rows[0];
        bottom = all.smallest - scaling->rows[0];
    } else if (!describe_entries(v, dominant, &bottom, scratch)) {
        return false;
    }
    v->layers = (size_t)((v->top - bottom) / width) + 1;
    return true;
}

size_t direction_parts(const direction *v)
{
    return v->layers * (v->rows.count + 1) * (v->columns.count + 1);
}

/* Which part: its layer, and the number of the row (column) it is, or that of all others. */
typedef struct part_place {
    int64_t top;
    size_t row, column;
} part_place;

static part_place place_of(const direction *v, size_t index)
{
    const size_t rows = v->rows.count + 1, columns = v->columns.count + 1;
    return (part_place){.row = index % rows,
                        .column = index / rows % columns,
                        .top = v->top - (int64_t)(index / rows / columns) * v->width};
}

static size_t number_of(const dominant_lines *alone, size_t line)
{
    size_t number = 0;
    while (number < alone->count && alone->line[number] != line) number++;
    return number;
}

bool direction_part(const direction *v, size_t index, double *part, int64_t *exponent)
{
    const size_t n = v->scaling->n;
    const part_place place = place_of(v, index);
    const bool whole = direction_parts(v) == 1;
    *exponent = whole ? v->top : INT64_MIN;
    for (size_t k = 0; k < n * n && !whole; k++) {
        const int64_t own = v->values[k] == 0 ? INT64_MIN : exponent_at(v, k);
        const bool in = own <= place.top && own > place.top - v->width &&
                        number_of(&v->rows, k / n) == place.row &&
                        number_of(&v->columns, k % n) == place.column;
        part[k] = in ? v->values[k] : 0;
        if (in && own > *exponent) *exponent = own;
    }
    if (*exponent == INT64_MIN) return false;
    scaling_apply(v->scaling, whole ? v->values : part, -*exponent, part);
    return true;
}

void direction_clear(const direction *v, size_t index, double *t)
{
    const size_t n = v->scaling->n;
    const part_place place = place_of(v, index);
    for (size_t k = 0; k < n; k++) {
        if (place.row < v->rows.count) t[v->rows.line[place.row] * n + k] = 0;
        if (place.column < v->columns.count) t[k * n + v->columns.line[place.column]] = 0;
    }
}

static bool same_dominant(const dominant_lines *x, size_t number, const dominant_lines *y,
                          size_t other)
{
    return number < x->count && other < y->count && x->line[number] == y->line[other];
}

bool direction_parts_exclude(const direction *v, size_t v_index, const direction *w, size_t w_index)
{
    const part_place of_v = place_of(v, v_index), of_w = place_of(w, w_index);
    return same_dominant(&v->rows, of_v.row, &w->rows, of_w.row) ||
           same_dominant(&v->columns, of_v.column, &w->columns, of_w.column);
}

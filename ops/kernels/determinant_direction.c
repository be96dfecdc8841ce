/* Directions V, scaled like A to hat V = V 2^-(r_i + c_j), in parts to which D cof(A) is applied
 * one by one.
 *
 * Layers: entries whose exponents differ by more than the width of a layer go to different parts,
 * so that products of them stay in range.
 *
 * Rows and columns: row k of D cof(A)[V] does not depend on row k of V. Where A was equilibrated
 * and row k of hat V outweighs all others, the rounding errors of what cancels in row k would
 * drown what is left; with that row as a part of its own the result's row k is 0 and known. Two
 * directions with the same row alone give 0 altogether.
 */
#include "ops/kernels/determinant_private.h"

/* 2^10: a row that outweighs the others by less costs at most these bits. */
enum { OUTWEIGHS = 10 };

static int64_t scaled_exponent(const determinant_range *range, size_t i, size_t j, double x)
{
    return scaled_from(x).exponent - range->rows[i] - range->columns[j];
}

/* The position of the largest of the exponents (INT64_MIN: of zeros alone) where it outweighs all
 * others. */
static bool outweighing(size_t n, const int64_t *exponents, size_t *position)
{
    int64_t first = INT64_MIN, second = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        if (exponents[i] > first) {
            second = first;
            first = exponents[i];
            *position = i;
        } else if (exponents[i] > second) {
            second = exponents[i];
        }
    }
    return second == INT64_MIN || first - second > OUTWEIGHS;
}

static bool describe_entries(direction *v, bool split, int64_t *bottom, arena *scratch)
{
    const size_t n = v->range->n;
    int64_t *rows = arena_take_array(scratch, n, 2 * sizeof *rows);
    if (!rows) return false;
    int64_t *columns = rows + n;
    for (size_t i = 0; i < 2 * n; i++) rows[i] = INT64_MIN;
    v->top = INT64_MIN;
    *bottom = INT64_MAX;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (v->values[i * n + j] == 0) continue;
            const int64_t exponent = scaled_exponent(v->range, i, j, v->values[i * n + j]);
            if (exponent > rows[i]) rows[i] = exponent;
            if (exponent > columns[j]) columns[j] = exponent;
            if (exponent > v->top) v->top = exponent;
            if (exponent < *bottom) *bottom = exponent;
        }
    v->split_row = split && outweighing(n, rows, &v->row);
    v->split_column = split && outweighing(n, columns, &v->column);
    return true;
}

bool direction_describe(direction *v, const determinant_range *range, const double *values,
                        extent all, int width, bool split, arena *scratch)
{
    *v = (direction){.range = range, .values = values, .width = width, .zero = all.zero};
    if (v->zero) return true;
    int64_t bottom;
    if (range->common && !split) {
        v->top = all.largest - range->rows[0];
        bottom = all.smallest - range->rows[0];
    } else if (!describe_entries(v, split, &bottom, scratch)) {
        return false;
    }
    v->layers = (size_t)((v->top - bottom) / width) + 1;
    return true;
}

size_t direction_parts(const direction *v)
{
    return v->layers * (v->split_row ? 2 : 1) * (v->split_column ? 2 : 1);
}

/* Which part: its layer, and where row (column) is split off, whether it is that row alone. */
typedef struct part_place {
    int64_t top;
    bool row_alone, column_alone;
} part_place;

static part_place place_of(const direction *v, size_t index)
{
    part_place place = {0};
    if (v->split_row) {
        place.row_alone = index % 2;
        index /= 2;
    }
    if (v->split_column) {
        place.column_alone = index % 2;
        index /= 2;
    }
    place.top = v->top - (int64_t)index * v->width;
    return place;
}

static bool belongs(const direction *v, const part_place *place, size_t i, size_t j)
{
    const double x = v->values[i * v->range->n + j];
    if (x == 0) return false;
    if (v->split_row && place->row_alone != (i == v->row)) return false;
    if (v->split_column && place->column_alone != (j == v->column)) return false;
    const int64_t exponent = scaled_exponent(v->range, i, j, x);
    return exponent <= place->top && exponent > place->top - v->width;
}

bool direction_part(const direction *v, size_t index, double *part, int64_t *exponent)
{
    const size_t n = v->range->n;
    if (direction_parts(v) == 1) {
        *exponent = v->top;
        range_apply(v->range, v->values, v->top, part);
        return true;
    }
    const part_place place = place_of(v, index);
    *exponent = INT64_MIN;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const bool in = belongs(v, &place, i, j);
            part[i * n + j] = in ? v->values[i * n + j] : 0;
            if (!in) continue;
            const int64_t own = scaled_exponent(v->range, i, j, part[i * n + j]);
            if (own > *exponent) *exponent = own;
        }
    if (*exponent == INT64_MIN) return false;
    range_apply(v->range, part, *exponent, part);
    return true;
}

void direction_clear(const direction *v, size_t index, double *t)
{
    const size_t n = v->range->n;
    const part_place place = place_of(v, index);
    for (size_t k = 0; k < n; k++) {
        if (v->split_row && place.row_alone) t[v->row * n + k] = 0;
        if (v->split_column && place.column_alone) t[k * n + v->column] = 0;
    }
}

bool direction_parts_exclude(const direction *v, size_t v_index, const direction *w,
                             size_t w_index)
{
    const part_place of_v = place_of(v, v_index), of_w = place_of(w, w_index);
    return (v->split_row && w->split_row && of_v.row_alone && of_w.row_alone &&
            v->row == w->row) ||
           (v->split_column && w->split_column && of_v.column_alone && of_w.column_alone &&
            v->column == w->column);
}

/* SPDX-License-Identifier: MIT */
#include "autodiff/script/run/elements.h"

#include <stdlib.h>
#include <string.h>

static bool too_large(interpreter *in, size_t rows, size_t cols)
{
    return fail(in, "out of memory: a %zux%zu matrix is too large", rows, cols);
}

static bool reserve_sources(interpreter *in, lazy_elements *e, size_t rows, size_t cols)
{
    size_t *sources = cols && rows > SIZE_MAX / cols
                          ? NULL
                          : array_reserve(e->sources, &e->capacity, rows * cols, sizeof *sources);
    if (!sources) return too_large(in, rows, cols);
    e->sources = sources;
    return true;
}

lazy_elements *elements_new(interpreter *in, ad_var var)
{
    lazy_elements *e = allocate(sizeof *e);
    size_t offset;
    e->references = 1;
    e->rows = ad_rows(var);
    e->cols = ad_cols(var);
    if (!reserve_sources(in, e, e->rows, e->cols) || !elements_add(in, e, var, &offset)) {
        elements_free(e);
        return NULL;
    }
    for (size_t k = 0; k < e->total; k++) e->sources[k] = k;
    return e;
}

void elements_free(lazy_elements *e)
{
    release(e->sources);
    release(e->parts);
    release(e);
}

bool elements_add(interpreter *in, lazy_elements *e, ad_var var, size_t *offset)
{
    element_part *parts = array_reserve(e->parts, &e->part_capacity, e->count + 1, sizeof *parts);
    if (!parts) return too_large(in, e->rows, e->cols);
    e->parts = parts;
    *offset = e->total;
    e->parts[e->count++] = (element_part){.var = var, .offset = e->total};
    e->total += ad_rows(var) * ad_cols(var);
    return true;
}

static bool add_zero(interpreter *in, lazy_elements *e)
{
    static const double zero = 0;
    if (e->has_zero) return true;
    ad_var var = ad_constant(in->tape, 1, 1, &zero);
    e->has_zero = ad_ok(var) ? elements_add(in, e, var, &e->zero) : fail_tape(in, "=");
    return e->has_zero;
}

bool elements_resize(interpreter *in, lazy_elements *e, size_t rows, size_t cols)
{
    size_t m = e->rows, n = e->cols;
    if (rows == m && cols == n) return true;
    if (!reserve_sources(in, e, rows, cols) || !add_zero(in, e)) return false;
    /* what is appended to a vector, or below, moves nothing; else all move, from the end on */
    size_t kept = n == cols || m <= 1 ? m * n : 0;
    for (size_t k = rows * cols; k-- > kept;) {
        size_t i = k / cols, j = k % cols;
        e->sources[k] = i < m && j < n ? e->sources[i * n + j] : e->zero;
    }
    e->rows = rows;
    e->cols = cols;
    return true;
}

/* ---- Reading ---- */

static element_part *part_of(const lazy_elements *e, size_t source)
{
    size_t low = 0, high = e->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (e->parts[middle].offset <= source) low = middle;
        else high = middle;
    }
    return &e->parts[low];
}

static ad_var read_one(const lazy_elements *e, size_t source)
{
    const element_part *part = part_of(e, source);
    size_t k = source - part->offset, cols = ad_cols(part->var);
    return ad_rows(part->var) * cols == 1 ? part->var
                                          : ad_block(part->var, k / cols, k % cols, 1, 1);
}

/* The parts that some elements lie in, and their places among the elements of these. */
typedef struct elements_reading {
    size_t *places;
    ad_var *vars;
    size_t used;
    size_t total;
    bool ordered; /* they are all elements of the parts, in order */
} elements_reading;

static void find_parts(lazy_elements *e, const size_t *positions, size_t size,
                       elements_reading *reading)
{
    reading->ordered = true;
    e->readings++;
    for (size_t k = 0; k < size; k++) {
        size_t source = e->sources[positions ? positions[k] : k];
        element_part *part = part_of(e, source);
        if (part->reading != e->readings) {
            part->reading = e->readings;
            part->place = reading->total;
            reading->total += ad_rows(part->var) * ad_cols(part->var);
            reading->vars[reading->used++] = part->var;
        }
        reading->places[k] = part->place + (source - part->offset);
        reading->ordered = reading->ordered && reading->places[k] == k;
    }
    if (size == 0) reading->vars[reading->used++] = e->parts[0].var;
    reading->ordered = reading->ordered && reading->total == size && size > 0;
}

static ad_var as_vector(ad_var x, bool row)
{
    size_t size = ad_rows(x) * ad_cols(x);
    if ((row ? ad_rows(x) : ad_cols(x)) == 1) return x;
    return row ? ad_reshape(x, 1, size) : ad_reshape(x, size, 1);
}

static ad_var gather(const elements_reading *reading, size_t rows, size_t cols)
{
    ad_var *vars = reading->vars;
    bool row = rows == 1;
    if (reading->used == 1 && !reading->ordered)
        return ad_gather(vars[0], reading->places, rows, cols);
    if (reading->used == 1)
        return ad_rows(vars[0]) == rows ? vars[0] : ad_reshape(vars[0], rows, cols);
    for (size_t k = 0; k < reading->used; k++) vars[k] = as_vector(vars[k], row);
    ad_var all = row ? ad_hcat_all(vars, reading->used) : ad_vcat_all(vars, reading->used);
    if (!reading->ordered) return ad_gather(all, reading->places, rows, cols);
    return row || cols == 1 ? all : ad_reshape(all, rows, cols);
}

/* positions may be NULL: all. */
static bool read_many(interpreter *in, lazy_elements *e, const size_t *positions, size_t rows,
                      size_t cols, script_value *result)
{
    size_t size = rows * cols;
    elements_reading reading = {
        .places = new_indices(in, rows, cols),
        .vars = array_resize(NULL, size < e->count ? size + 1 : e->count, sizeof *reading.vars)};
    bool ok = reading.places && (reading.vars || too_large(in, rows, cols));
    if (ok) {
        find_parts(e, positions, size, &reading);
        ok = from_tape(in, "=", gather(&reading, rows, cols), result);
    }
    release(reading.places);
    release(reading.vars);
    return ok;
}

bool elements_read(interpreter *in, lazy_elements *e, const size_t *positions, size_t rows,
                   size_t cols, script_value *result)
{
    if (rows * cols == 1)
        return from_tape(in, "index", read_one(e, e->sources[positions[0]]), result);
    return read_many(in, e, positions, rows, cols, result);
}

bool elements_join(interpreter *in, lazy_elements *e, script_value *whole)
{
    const size_t nodes = tape_nodes(in);
    if (!read_many(in, e, NULL, e->rows, e->cols, whole) || !own_value(in, nodes, whole))
        return false;
    in->joined = tape_nodes(in);
    return true;
}

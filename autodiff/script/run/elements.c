/* SPDX-License-Identifier: MIT */
#include "autodiff/script/run/elements.h"

#include <stdlib.h>
#include <string.h>

static bool reserve_sources(interpreter *in, lazy_elements *e, size_t rows, size_t cols)
{
    size_t *sources = cols && rows > SIZE_MAX / cols
                          ? NULL
                          : array_reserve(e->sources, &e->capacity, rows * cols, sizeof *sources);
    if (!sources) return fail_size(in, rows, cols);
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
    if (!parts) return fail_size(in, e->rows, e->cols);
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

/* Finds the parts that some elements lie in, and the place of each element among those of all these
 * parts; tells how many parts. */
static size_t find_parts(lazy_elements *e, const size_t *positions, size_t size, ad_var *vars,
                         size_t *places)
{
    size_t used = 0, total = 0;
    e->readings++;
    for (size_t k = 0; k < size; k++) {
        const size_t source = e->sources[positions ? positions[k] : k];
        element_part *part = part_of(e, source);
        if (part->reading != e->readings) {
            part->reading = e->readings;
            part->place = total;
            total += ad_rows(part->var) * ad_cols(part->var);
            vars[used++] = part->var;
        }
        places[k] = part->place + (source - part->offset);
    }
    if (size == 0) vars[used++] = e->parts[0].var;
    return used;
}

static ad_var gather(ad_var *vars, size_t used, const size_t *places, size_t rows, size_t cols)
{
    for (size_t k = 0; used > 1 && k < used; k++)
        if (ad_rows(vars[k]) != 1)
            vars[k] = ad_reshape(vars[k], 1, ad_rows(vars[k]) * ad_cols(vars[k]));
    const ad_var all = used == 1 ? vars[0] : ad_hcat_all(vars, used);
    bool ordered = ad_rows(all) * ad_cols(all) == rows * cols;
    for (size_t k = 0; ordered && k < rows * cols; k++) ordered = places[k] == k;
    if (!ordered) return ad_gather(all, places, rows, cols);
    return ad_rows(all) == rows && ad_cols(all) == cols ? all : ad_reshape(all, rows, cols);
}

/* positions may be NULL: all. */
static bool read_many(interpreter *in, lazy_elements *e, const size_t *positions, size_t rows,
                      size_t cols, script_value *result)
{
    const size_t size = rows * cols, most = size < e->count ? size + 1 : e->count;
    size_t *places = new_indices(in, rows, cols);
    ad_var *vars = array_resize(NULL, most, sizeof *vars);
    bool ok = places && (vars || fail_size(in, rows, cols));
    if (ok) {
        const size_t used = find_parts(e, positions, size, vars, places);
        ok = from_tape(in, "=", gather(vars, used, places, rows, cols), result);
    }
    release(places);
    release(vars);
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

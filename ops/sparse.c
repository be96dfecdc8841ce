/* SPDX-License-Identifier: MIT */
/* Adjoints that are sparse, in rules.
 *
 * The share of x_i in an adjoint of x is g e_i. Its zeros must not meet an infinite slope: for
 * y = f(x), elementwise,
 *
 *     x' += f'(x) y',   y' = g e_i:   x' += (f'(x_i) g) e_i
 *
 * Elementwise rules therefore work on the elements alone, a column, and their shares go to the same
 * positions. Where an operation moves elements, the positions move: it is applied to the numbers of
 * its operands' elements. Any other rule gets the adjoint whole, with a support.
 */
#include "ops/sparse.h"
#include "ops/elementwise.h"

#include <string.h>

static size_t size_of(ad_var x)
{
    return ad_rows(x) * ad_cols(x);
}

/* ---- elementwise rules ---- */

/* r->at in an operand that was broadcast to the shape of the result. */
static const size_t *positions_in(const rule *r, ad_var operand)
{
    const size_t rows = ad_rows(operand), cols = ad_cols(operand), result_cols = ad_cols(r->output);
    if (rows == ad_rows(r->output) && cols == result_cols) return r->at->list;
    size_t *list = tape_scratch(r->tape, r->at->rows, sizeof *list);
    for (size_t i = 0; list && i < r->at->rows; i++) {
        const size_t row = rows == 1 ? 0 : r->at->list[i] / result_cols;
        const size_t col = cols == 1 ? 0 : r->at->list[i] % result_cols;
        list[i] = row * cols + col;
    }
    return list;
}

ad_var rule_part(const rule *r, ad_var operand)
{
    if (!r->at || size_of(operand) == 1) return operand;
    const size_t *list = positions_in(r, operand);
    return list ? ad_gather(operand, list, r->at->rows, 1) : (ad_var){0};
}

bool rule_share(const rule *r, size_t k, ad_var share)
{
    if (!r->at) return rule_add(r, k, operation_summed_like(share, r->in[k]));
    const size_t *list = positions_in(r, r->in[k]);
    const positions at = {.rows = r->at->rows, .cols = 1, .list = list};
    return list && rule_add_at(r, k, share, &at);
}

/* ---- elements that move ---- */

static ad_var pick(const rule *r, const size_t *from, size_t count)
{
    bool all = count == r->at->rows;
    for (size_t i = 0; all && i < count; i++) all = from[i] == i;
    return all ? r->adjoint : ad_gather(r->adjoint, from, count, 1);
}

/* The operand that holds element i of all: offsets[k] are before operand k. */
static size_t operand_of(const size_t *offsets, size_t count, size_t i)
{
    size_t low = 0;
    while (count - low > 1) {
        const size_t middle = low + (count - low) / 2;
        if (offsets[middle] <= i) low = middle;
        else count = middle;
    }
    return low;
}

bool rule_distribute(const rule *r, const size_t *from, const size_t *to, size_t count)
{
    size_t *offsets = tape_scratch(r->tape, r->count, sizeof *offsets);
    size_t *first = tape_scratch(r->tape, r->count, sizeof *first); /* count: none */
    size_t *next = tape_scratch(r->tape, count, sizeof *next);
    size_t *picked = tape_scratch(r->tape, count, sizeof *picked);
    size_t *places = tape_scratch(r->tape, count, sizeof *places);
    if (!offsets || !first || !next || !picked || !places) return false;
    for (size_t k = 0, offset = 0; k < r->count; offset += size_of(r->in[k++])) {
        offsets[k] = offset;
        first[k] = count;
    }
    for (size_t i = count; i-- > 0;) {
        const size_t k = operand_of(offsets, r->count, to[i]);
        next[i] = first[k];
        first[k] = i;
    }
    for (size_t k = 0; k < r->count; k++) {
        positions at = {.cols = 1, .list = places};
        for (size_t i = first[k]; i < count; i = next[i]) {
            picked[at.rows] = from[i];
            places[at.rows++] = to[i] - offsets[k];
        }
        if (r->wanted[k] && at.rows > 0 && !rule_add_at(r, k, pick(r, picked, at.rows), &at))
            return false;
    }
    return true;
}

/* Applies the operation to the numbers 1, 2, ... in place of the elements of all operands. */
static const double *move_numbers(const rule *r)
{
    matrix *numbers = tape_scratch(r->tape, r->count, sizeof *numbers);
    evaluation e = {.tape = r->tape,
                    .op = r->op,
                    .in = numbers,
                    .count = r->count,
                    .attributes = r->attributes,
                    .rows = ad_rows(r->output),
                    .cols = ad_cols(r->output)};
    e.output = tape_scratch(r->tape, e.rows * e.cols, sizeof *e.output);
    if (!numbers || !e.output) return NULL;
    double number = 0;
    for (size_t k = 0; k < r->count; k++) {
        double *values = tape_scratch(r->tape, size_of(r->in[k]), sizeof *values);
        if (!values) return NULL;
        for (size_t i = 0; i < size_of(r->in[k]); i++) values[i] = ++number;
        numbers[k] = (matrix){ad_rows(r->in[k]), ad_cols(r->in[k]), values, NULL, r->in[k].node};
    }
    return r->op->values(&e) ? e.output : NULL;
}

static bool move_back(const rule *r)
{
    const double *numbers = move_numbers(r);
    size_t *from = tape_scratch(r->tape, r->at->rows, sizeof *from);
    size_t *to = tape_scratch(r->tape, r->at->rows, sizeof *to), count = 0;
    if (!numbers || !from || !to) return false;
    for (size_t i = 0; i < r->at->rows; i++) {
        const double number = numbers[r->at->list[i]];
        if (number == 0) continue;
        from[count] = i;
        to[count++] = (size_t)number - 1;
    }
    return rule_distribute(r, from, to, count);
}

/* ---- any rule ---- */

/* Others read its zeros as numbers, some without forming them. */
static bool heeds_zeros(const operation *op)
{
    return op->code || op->sparse || op->zeros == ZERO_ALL || op->support;
}

/* g I as elements on the diagonal. */
static bool split_identity(rule *r, ad_var g)
{
    const size_t n = ad_rows(r->output);
    size_t *list = tape_scratch(r->tape, n, sizeof *list);
    positions *diagonal = tape_scratch(r->tape, 1, sizeof *diagonal);
    if (!list || !diagonal) return false;
    for (size_t i = 0; i < n; i++) list[i] = i * n + i;
    *diagonal = (positions){.rows = n, .cols = 1, .list = list};
    r->adjoint = ad_broadcast(g, n, 1);
    r->at = diagonal;
    return r->adjoint.tape;
}

bool rule_run(rule *r, uint8_t code)
{
    const operation *op = r->op;
    ad_var g;
    if (op && heeds_zeros(op) && tape_is_scaled_identity(r->adjoint, &g) && !split_identity(r, g))
        return false;
    if (r->at && !op->move && !op->sparse) {
        r->adjoint = operation_put(&r->adjoint, 1, r->at->list, ad_rows(r->output),
                                   ad_cols(r->output), true);
        r->at = NULL;
    }
    if (r->adjoint.tape && tape_may_vanish(r->output))
        r->adjoint = operation_unless_zero(rule_part(r, r->output), r->adjoint);
    if (!r->adjoint.tape) return false;
    if (r->at && op->move) return move_back(r);
    return op ? op->gradient(r) : elementwise_scalar_gradient(r, code);
}

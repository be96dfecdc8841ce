/* Adjoints known to be zero but for some elements.
 *
 * The share of x_i in an adjoint of x is g e_i. Its zeros are no values but the absence of a
 * derivative, so that they must not meet an infinite slope: for y = f(x), elementwise,
 *
 *     x' += f'(x) y',   y' = g e_i:   x' += (f'(x_i) g) e_i
 *
 * and not f'(x_j) 0 at j /= i, which is NaN where f'(x_j) is infinite. Rules therefore work on the
 * elements alone and put the results into zeros again; operations that move elements move the
 * positions instead. Where the elements are is known from what was recorded, never from values: a
 * zero that is a number still gives 0 Inf = NaN.
 */
#include "ops/placement.h"
#include "tape/tape.h"

/* ---- where the elements are ---- */

static bool in_rule(ad_var x)
{
    return x.tape && (x.tape->gradients > 0 || !x.tape->activity) && tape_holds(x.tape, x);
}

/* x's elements at positions `from`, as a column. */
static ad_var pick(ad_var x, const size_t *from, size_t count)
{
    bool all = ad_rows(x) * ad_cols(x) == count;
    for (size_t i = 0; all && i < count; i++)
        all = from[i] == i;
    if (!all) return ad_gather(x, from, count, 1);
    return ad_cols(x) == 1 ? x : ad_reshape(x, count, 1);
}

/* Moves the numbers 1, 2, ... in place of elements: the positions of those that arrive, and which
 * they are, counted from 0. */
static bool follow(const evaluation *e, placed *p, size_t **from)
{
    size_t size = e->rows * e->cols, count = 0;
    size_t *indices = tape_scratch(e->tape, size, sizeof *indices);
    *from = tape_scratch(e->tape, size, sizeof **from);
    if (!indices || !*from) return false;
    for (size_t i = 0; i < size; i++) {
        if (e->output[i] == 0) continue;
        indices[count] = i;
        (*from)[count++] = (size_t)e->output[i] - 1;
    }
    *p = (placed){.count = count, .indices = indices, .rows = e->rows, .cols = e->cols};
    return true;
}

/* The same, marks being the numbers in the shape of the operand. */
static bool follow_marks(ad_tape *tape, const operation *op, const matrix *marks,
                         const void *attributes, placed *p, size_t **from)
{
    evaluation e = {.tape = tape, .op = op, .in = marks, .count = 1, .attributes = attributes};
    if (!op->shape(&e, &e.rows, &e.cols)) return false;
    if (e.cols && e.rows > SIZE_MAX / sizeof(double) / e.cols)
        return tape_fail(tape, AD_ERROR_SIZE, "%s: a %zux%zu result is too large", op->name,
                         e.rows, e.cols);
    e.output = tape_scratch(tape, e.rows * e.cols, sizeof *e.output);
    return e.output && op->values(&e) && follow(&e, p, from);
}

/* Zeros in the shape of x, to mark elements in. */
static double *marks_like(ad_var x, matrix *marks)
{
    *marks = (matrix){.rows = ad_rows(x), .cols = ad_cols(x), .node = x.node};
    double *values = tape_scratch(x.tape, matrix_size(marks), sizeof *values);
    if (values) memset(values, 0, matrix_size(marks) * sizeof *values);
    marks->values = values;
    return values;
}

/* An operation other than scatter that puts its operand into zeros. */
static bool read_embedded(ad_var x, const operation *op, placed *p)
{
    ad_var operand = tape_operand(x, 0);
    matrix marks;
    size_t *from;
    double *values = marks_like(operand, &marks);
    for (size_t i = 0; values && i < matrix_size(&marks); i++)
        values[i] = (double)(i + 1);
    if (!values || !follow_marks(x.tape, op, &marks, tape_attributes(x), p, &from)) return false;
    if (p->count > 0 && p->count < p->rows * p->cols) p->elements = pick(operand, from, p->count);
    return true;
}

static bool ascend(const size_t *indices, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (indices[i] <= indices[i - 1]) return false;
    return true;
}

/* Distinct ascending positions of p, whose elements are those of x at positions in any order. */
static bool sort_positions(ad_var x, const size_t *positions, size_t count, placed *p)
{
    size_t size = p->rows * p->cols;
    size_t *place = tape_scratch(x.tape, size, sizeof *place);
    size_t *indices = tape_scratch(x.tape, size, sizeof *indices);
    size_t *to = tape_scratch(x.tape, count, sizeof *to);
    if (!place || !indices || !to) return false;
    for (size_t i = 0; i < size; i++)
        place[i] = 0;
    for (size_t i = 0; i < count; i++)
        place[positions[i]] = 1;
    p->count = 0;
    for (size_t i = 0; i < size; i++) {
        if (!place[i]) continue;
        place[i] = p->count;
        indices[p->count++] = i;
    }
    for (size_t i = 0; i < count; i++)
        to[i] = place[positions[i]];
    p->indices = indices;
    if (p->count < size) p->elements = ad_scatter(x, to, p->count, 1);
    return true;
}

static bool read_scattered(ad_var x, placed *p)
{
    const chosen *scattered = tape_attributes(x);
    ad_var elements = tape_operand(x, 0);
    size_t count = ad_rows(elements) * ad_cols(elements);
    *p = (placed){.rows = ad_rows(x), .cols = ad_cols(x)};
    if (!ascend(scattered->indices, count))
        return sort_positions(elements, scattered->indices, count, p);
    p->count = count;
    p->indices = scattered->indices;
    if (count > 0) p->elements = ad_cols(elements) == 1 ? elements : ad_reshape(elements, count, 1);
    return true;
}

bool placed_adjoint(ad_var x, placed *p)
{
    if (!in_rule(x)) return false;
    const operation *op = tape_operation(x);
    if (!op || !op->places) return false;
    bool ok = op == &scatter_operation ? read_scattered(x, p) : read_embedded(x, op, p);
    return ok && x.tape->status == AD_OK && p->count < p->rows * p->cols;
}

/* ---- elements moved, shared and added ---- */

static ad_var record(ad_tape *tape, ad_var elements, const size_t *indices, size_t count,
                     size_t rows, size_t cols)
{
    if (count == 0) elements = tape_filled(tape, 0, 1, 0);
    return ad_scatter(elements, indices, rows, cols);
}

ad_var placed_move(const operation *op, ad_var x, const void *attributes, size_t size)
{
    placed p, moved;
    if (!placed_adjoint(x, &p)) return tape_record(op, &x, 1, attributes, size);
    matrix marks;
    size_t *from;
    double *values = marks_like(x, &marks);
    for (size_t i = 0; values && i < p.count; i++)
        values[p.indices[i]] = (double)(i + 1);
    if (!values || !follow_marks(x.tape, op, &marks, attributes, &moved, &from)) return (ad_var){0};
    ad_var elements = moved.count ? pick(p.elements, from, moved.count) : (ad_var){0};
    return record(x.tape, elements, moved.indices, moved.count, moved.rows, moved.cols);
}

/* The positions of p in an operand that was broadcast to its shape. */
static const size_t *positions_in(const placed *p, ad_var operand)
{
    size_t rows = ad_rows(operand), cols = ad_cols(operand);
    if (rows == p->rows && cols == p->cols) return p->indices;
    size_t *positions = tape_scratch(operand.tape, p->count, sizeof *positions);
    for (size_t i = 0; positions && i < p->count; i++) {
        size_t row = rows == 1 ? 0 : p->indices[i] / p->cols;
        size_t col = cols == 1 ? 0 : p->indices[i] % p->cols;
        positions[i] = row * cols + col;
    }
    return positions;
}

ad_var placed_operand(const placed *p, ad_var operand)
{
    if (ad_rows(operand) * ad_cols(operand) == 1) return operand;
    const size_t *positions = positions_in(p, operand);
    return positions ? ad_gather(operand, positions, p->count, 1) : (ad_var){0};
}

ad_var placed_share(const placed *p, ad_var elements, ad_var operand)
{
    size_t rows = ad_rows(operand), cols = ad_cols(operand);
    if (rows == 1 && cols == 1 && p->count > 0) return p->count == 1 ? elements : ad_sum(elements);
    const size_t *positions = positions_in(p, operand);
    if (!positions) return (ad_var){0};
    return record(operand.tape, elements, positions, p->count, rows, cols);
}

static bool same_positions(const placed *p, const placed *q)
{
    return p->count == q->count &&
           (p->count == 0 || memcmp(p->indices, q->indices, p->count * sizeof *p->indices) == 0);
}

/* The elements of count > 0 shares below one another, those of halves first: O(n log n) values of n
 * elements. */
static ad_var join(const placed *shares, size_t count)
{
    if (count == 1) return shares[0].elements;
    return ad_vcat(join(shares, count / 2), join(shares + count / 2, count - count / 2));
}

static ad_var sum_at_same_positions(const placed *shares, size_t count)
{
    ad_var sum = shares[0].elements;
    for (size_t i = 1; i < count; i++)
        sum = ad_add(sum, shares[i].elements);
    return record(sum.tape, sum, shares->indices, shares->count, shares->rows, shares->cols);
}

static ad_var sum_at_all_positions(const placed *shares, size_t count)
{
    ad_tape *tape = shares[0].elements.tape;
    placed sum = {.rows = shares->rows, .cols = shares->cols};
    size_t length = 0, k = 0;
    for (size_t i = 0; i < count; i++)
        length += shares[i].count;
    size_t *indices = tape_scratch(tape, length, sizeof *indices);
    if (!indices) return (ad_var){0};
    for (size_t i = 0; i < count; k += shares[i++].count)
        memcpy(indices + k, shares[i].indices, shares[i].count * sizeof *indices);
    ad_var elements = join(shares, count);
    if (!elements.tape || !sort_positions(elements, indices, length, &sum)) return (ad_var){0};
    if (sum.count == sum.rows * sum.cols)
        return ad_scatter(elements, indices, sum.rows, sum.cols);
    return record(tape, sum.elements, sum.indices, sum.count, sum.rows, sum.cols);
}

ad_var placed_sum(const ad_var *shares, size_t count)
{
    if (count == 1) return shares[0];
    placed *all = tape_scratch(shares->tape, count, sizeof *all);
    size_t few = 0, same = 0;
    ad_var full = {0};
    for (size_t i = 0; all && i < count; i++) {
        if (!placed_adjoint(shares[i], &all[few])) {
            full = full.tape ? ad_add(full, shares[i]) : shares[i];
        } else if (all[few].count > 0) {
            same += same_positions(&all[0], &all[few]);
            few++;
        }
    }
    if (!all || few == 0) return all && !full.tape ? shares[0] : full;
    ad_var sum = same == few ? sum_at_same_positions(all, few) : sum_at_all_positions(all, few);
    return full.tape ? ad_add(full, sum) : sum;
}

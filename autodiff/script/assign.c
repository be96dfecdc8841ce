/* Assignment to elements: x(i) = v, x(i, j) = v, and x(i) = [] which deletes.
 *
 * The new value is gathered from the old one, what is assigned and a zero, laid one after the
 * other, so that it is differentiable by both. */
#include "autodiff/script/index.h"

#include <stdlib.h>

struct assignment {
    struct interpreter *in;
    struct value old; /* on the tape */
    struct value right;
    size_t rows; /* of the new value */
    size_t cols;
    size_t *sources; /* its elements, row-major, as positions in old, right, zero */
};

static size_t size_of(struct value value)
{
    return value_rows(value) * value_cols(value);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The old elements in their places, zeros in new ones. */
static bool lay_out(struct assignment *a)
{
    size_t m = value_rows(a->old), n = value_cols(a->old);
    size_t zero = size_of(a->old) + size_of(a->right);
    a->sources = new_indices(a->in, a->rows, a->cols);
    if (!a->sources) {
        return false;
    }
    for (size_t i = 0; i < a->rows; i++) {
        for (size_t j = 0; j < a->cols; j++) {
            a->sources[i * a->cols + j] = i < m && j < n ? i * n + j : zero;
        }
    }
    return true;
}

/* Where element k of the right side, counted down the columns, lies. */
static size_t right_source(const struct assignment *a, size_t k)
{
    size_t rows = value_rows(a->right), cols = value_cols(a->right);
    return size_of(a->old) + (rows * cols == 1 ? 0 : row_major(k, rows, cols));
}

static bool gather(struct assignment *a, struct value *result)
{
    static const double zero = 0;
    ad_var old = ad_reshape(a->old.var, size_of(a->old), 1);
    ad_var right = ad_reshape(a->right.var, size_of(a->right), 1);
    ad_var all = ad_vcat(ad_vcat(old, right), ad_constant(a->in->tape, 1, 1, &zero));
    bool good =
        from_tape(a->in, "=", ad_gather(all, a->sources, a->rows, a->cols), result);
    if (good && a->old.form == FORM_LOGICAL && a->right.form == FORM_LOGICAL) {
        result->form = FORM_LOGICAL;
    }
    free(a->sources);
    return good;
}

/* ---- x(i) = v ------------------------------------------------------------------------------ */

/* The shape that holds position `largest`: vectors grow in their direction. */
static bool grow_linear(struct assignment *a, size_t largest)
{
    size_t m = value_rows(a->old), n = value_cols(a->old);
    a->rows = m;
    a->cols = n;
    if (largest <= m * n) {
        return true;
    }
    if (m * n == 0 || m == 1) {
        bool column = n == 1 && m == 0;
        a->rows = column ? largest : 1;
        a->cols = column ? 1 : largest;
    } else if (n == 1) {
        a->rows = largest;
    } else {
        return fail(a->in, "index (%zu): out of bounds %zu, and a %zux%zu matrix does not grow so",
                    largest, m * n, m, n);
    }
    return true;
}

static bool assign_linear(struct assignment *a, const struct index *index, struct value *result)
{
    size_t given = size_of(a->right);
    if (given != 1 && given != index->count) {
        return fail(a->in, "=: %zu elements and a %zux%zu value", index->count,
                    value_rows(a->right), value_cols(a->right));
    }
    if (!grow_linear(a, index->largest) || !lay_out(a)) {
        return false;
    }
    for (size_t k = 0; k < index->count; k++) {
        size_t position = index->colon ? k : index->positions[k];
        a->sources[row_major(position, a->rows, a->cols)] = right_source(a, k);
    }
    return gather(a, result);
}

/* ---- x(i, j) = v --------------------------------------------------------------------------- */

static bool check_two(struct assignment *a, const struct index *row, const struct index *col)
{
    size_t m = value_rows(a->right), n = value_cols(a->right);
    bool same = m == row->count && n == col->count;
    bool turned = row->count == 1 && m == col->count && n == 1; /* a column into a row */
    if (m * n == 1 || same || turned) {
        return true;
    }
    return fail(a->in, "=: %zux%zu elements and a %zux%zu value", row->count, col->count, m, n);
}

static bool assign_two(struct assignment *a, const struct index *row, const struct index *col,
                       struct value *result)
{
    if (!check_two(a, row, col)) {
        return false;
    }
    a->rows = larger(value_rows(a->old), row->largest);
    a->cols = larger(value_cols(a->old), col->largest);
    if (!lay_out(a)) {
        return false;
    }
    for (size_t j = 0; j < col->count; j++) {
        for (size_t i = 0; i < row->count; i++) {
            size_t to_row = row->colon ? i : row->positions[i];
            size_t to_col = col->colon ? j : col->positions[j];
            a->sources[to_row * a->cols + to_col] = right_source(a, j * row->count + i);
        }
    }
    return gather(a, result);
}

/* ---- x(i) = [] ----------------------------------------------------------------------------- */

/* Marks what an index deletes among extent elements, and counts the rest. */
static size_t mark_deleted(const struct index *index, size_t extent, size_t *marks)
{
    size_t left = extent;
    for (size_t k = 0; k < extent; k++) {
        marks[k] = 0;
    }
    for (size_t k = 0; k < index->count; k++) {
        size_t position = index->colon ? k : index->positions[k];
        left -= !marks[position];
        marks[position] = 1;
    }
    return left;
}

/* Keeps the rows (or columns, or elements of a vector) that the index does not name. */
static bool delete_along(struct assignment *a, const struct index *index, bool rows,
                         struct value *result)
{
    size_t m = value_rows(a->old), n = value_cols(a->old), extent = rows ? m : n;
    if (index->largest > extent) {
        return fail(a->in, "index %zu: out of bounds %zu (the value is %zux%zu)",
                    index->largest, extent, m, n);
    }
    size_t *marks = new_indices(a->in, extent, 1);
    if (!marks) {
        return false;
    }
    size_t left = mark_deleted(index, extent, marks), at = 0;
    a->rows = rows ? left : m;
    a->cols = rows ? n : left;
    a->sources = new_indices(a->in, a->rows, a->cols);
    for (size_t k = 0; a->sources && k < m * n; k++) {
        if (!marks[rows ? k / n : k % n]) {
            a->sources[at++] = k;
        }
    }
    free(marks);
    return a->sources && gather(a, result);
}

static bool delete_elements(struct assignment *a, const struct index *index, size_t count,
                            struct value *result)
{
    size_t m = value_rows(a->old), n = value_cols(a->old);
    if (count == 2) {
        bool all_rows = index[0].colon || index[0].count == m;
        bool all_cols = index[1].colon || index[1].count == n;
        if (!all_rows && !all_cols) {
            return fail(a->in, "=: [] deletes whole rows or columns");
        }
        return delete_along(a, all_rows ? &index[1] : &index[0], !all_rows, result);
    }
    if (m != 1 && n != 1) {
        return fail(a->in, "=: [] deletes elements of a vector, or whole rows or columns");
    }
    return delete_along(a, index, m != 1, result);
}

/* ---- Both ---------------------------------------------------------------------------------- */

/* An empty value takes the shape that A(:, 1) = v asks for. */
static size_t extent_of(const struct assignment *a, size_t position, size_t count)
{
    size_t rows = value_rows(a->old), cols = value_cols(a->old);
    if (count == 1) {
        return rows * cols;
    }
    if (rows * cols == 0) {
        size_t had = position == 0 ? rows : cols;
        return larger(had, position == 0 ? value_rows(a->right) : value_cols(a->right));
    }
    return position == 0 ? rows : cols;
}

static bool is_deletion(const struct node *right, enum operation operation)
{
    return right->kind == NODE_MATRIX && !right->right && operation == OPERATION_NONE;
}

static bool apply(struct assignment *a, const struct node *arguments, bool deletion,
                  struct value *result)
{
    size_t count = arguments->next ? 2 : 1, evaluated = 0;
    struct index index[2];
    bool good = true;
    for (const struct node *node = arguments; good && node; node = node->next) {
        size_t extent = extent_of(a, evaluated, count);
        good = index_evaluate(a->in, node, &a->old, evaluated, count, extent, &index[evaluated]);
        evaluated += good;
    }
    if (good && deletion) {
        good = delete_elements(a, index, count, result);
    } else if (good) {
        good = count == 1 ? assign_linear(a, &index[0], result)
                          : assign_two(a, &index[0], &index[1], result);
    }
    for (size_t k = 0; k < evaluated; k++) {
        index_free(&index[k]);
    }
    return good;
}

/* The right side; for += and its like combined with the old elements. */
static bool evaluate_right(struct interpreter *in, const struct value *old,
                           const struct node *arguments, enum operation operation,
                           const struct node *right, struct value *result)
{
    struct value value, elements;
    if (!evaluate_numeric(in, right, "=", &value)) {
        return false;
    }
    if (operation == OPERATION_NONE) {
        *result = value;
        return true;
    }
    return index_value(in, *old, arguments, &elements) &&
           binary_operation(in, operation, elements, value, result);
}

bool assign_index(struct interpreter *in, uint32_t symbol, const struct node *arguments,
                  enum operation operation, const struct node *right, struct value *result)
{
    const struct value *variable = lookup(in, symbol);
    struct assignment a = {.in = in};
    ad_var var;
    if (!variable && operation != OPERATION_NONE) {
        return fail_unknown(in, symbol);
    }
    if (variable && !is_numeric(*variable)) {
        return fail(in, "%s has no elements to assign to", value_kind_name(*variable));
    }
    if (!arguments || (arguments->next && arguments->next->next)) {
        return fail(in, "an index has one or two places");
    }
    if (variable) {
        a.old = *variable;
    } else if (!record(in, 0, 0, NULL, &a.old)) {
        return false;
    }
    if (!evaluate_right(in, &a.old, arguments, operation, right, &a.right) ||
        !to_tape(in, "=", a.right, &var)) {
        return false;
    }
    enum value_form form = a.right.form;
    a.right = value_matrix(var);
    a.right.form = form;
    return apply(&a, arguments, is_deletion(right, operation), result);
}

/* SPDX-License-Identifier: MIT */
/* Operations on all elements together, on each row, or on each column. */
#ifndef OPS_GROUPING_H
#define OPS_GROUPING_H

#include "ops/operations.h"

typedef enum grouping { ALL, ROWS, COLUMNS } grouping;

/* The attributes of such an operation. */
typedef struct grouped {
    size_t name; /* its index; of most, the grouping */
    grouping by;
    bool other; /* the second of two kinds */
} grouped;

/* Positions first, first + step, ...: count of them. */
typedef struct group {
    size_t first, step, count;
} group;

static inline grouping grouping_of(const void *attributes)
{
    return ((const grouped *)attributes)->by;
}

static inline bool is_other(const void *attributes)
{
    return ((const grouped *)attributes)->other;
}

static inline size_t group_count(grouping by, size_t rows, size_t cols)
{
    return by == ALL ? 1 : by == ROWS ? rows : cols;
}

static inline group group_at(grouping by, size_t rows, size_t cols, size_t i)
{
    switch (by) {
    case ROWS: return (group){i * cols, 1, cols};
    case COLUMNS: return (group){i, cols, rows};
    default: return (group){0, 1, rows * cols};
    }
}

/* Those of operand 0. */
static inline size_t groups_of(const evaluation *e)
{
    return group_count(grouping_of(e->attributes), e->in[0].rows, e->in[0].cols);
}

static inline group group_of(const evaluation *e, size_t i)
{
    return group_at(grouping_of(e->attributes), e->in[0].rows, e->in[0].cols, i);
}

/* 1x1, m x 1 or 1 x n: an element for each group. */
static inline bool shape_of_groups(const evaluation *e, size_t *rows, size_t *cols)
{
    const grouping by = grouping_of(e->attributes);
    *rows = by == ROWS ? e->in[0].rows : 1;
    *cols = by == COLUMNS ? e->in[0].cols : 1;
    return true;
}

static inline ad_var record_grouped(const operation *op, const ad_var *x, size_t count, grouping by,
                                    bool other)
{
    const grouped attributes = {by, by, other};
    return tape_record(op, x, count, &attributes, sizeof attributes);
}

/* The support of a result that is linear within each group in the operands from `first` up to
 * `end`: a whole group where every one of them has some. */
void support_by_groups(const evaluation *e, size_t first, size_t end, bool *support);

/* Applies a kernel of n elements of each operand to each group: out has n elements, or one where
 * the result has one for each group; work has n. False when out of memory. */
typedef void group_kernel(size_t n, const double *const *in, double *out, double *work);
bool values_by_groups(const evaluation *e, group_kernel *apply);

/* The descriptor name_operation, and ad_name, ad_name_rows, ad_name_cols, which record it. */
#define GROUPED_OPERATION(name_, ...)                                                              \
    static const char *const name_##_names[] = {#name_, #name_ "_rows", #name_ "_cols", NULL};     \
    OPERATION(name_, .names = name_##_names, __VA_ARGS__);                                         \
                                                                                                   \
    ad_var ad_##name_(ad_var x)                                                                    \
    {                                                                                              \
        return record_grouped(&name_##_operation, &x, 1, ALL, false);                              \
    }                                                                                              \
                                                                                                   \
    ad_var ad_##name_##_rows(ad_var x)                                                             \
    {                                                                                              \
        return record_grouped(&name_##_operation, &x, 1, ROWS, false);                             \
    }                                                                                              \
                                                                                                   \
    ad_var ad_##name_##_cols(ad_var x)                                                             \
    {                                                                                              \
        return record_grouped(&name_##_operation, &x, 1, COLUMNS, false);                          \
    }

#endif

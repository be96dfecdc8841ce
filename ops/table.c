/* SPDX-License-Identifier: MIT */
/* The table of operations: elementwise ones, then the families. */
#include "ops/elementwise.h"
#include "ops/sparse.h"

static const operation_family *const families[] = {
    &where_family,      &shape_family,       &indexing_family,   &reduction_family,
    &extreme_family,    &product_family,     &cumulative_family, &norm_family,
    &matmul_family,     &determinant_family, &solve_family,      &cholesky_family,
    &triangular_family, &charpoly_family,    &join_family,       &spectral_family,
    &unit_family,       &softmax_family,     &square_family,     &lstsq_family,
};

/* Name number *i of an operation; NULL, and *i less their count, where it has not so many. */
static const char *name_number(const operation *op, size_t *i)
{
    const char *const single[] = {op->name, NULL};
    for (const char *const *name = op->names ? op->names : single; *name; name++)
        if ((*i)-- == 0) return *name;
    return NULL;
}

static const operation *find(size_t i, const char **name)
{
    for (size_t k = 0; k < ELEMENTWISE_COUNT; k++)
        if ((*name = name_number(&elementwise_operations[k], &i)))
            return &elementwise_operations[k];
    for (size_t k = 0; k < sizeof families / sizeof *families; k++)
        for (size_t j = 0; j < families[k]->count; j++)
            if ((*name = name_number(families[k]->operations[j], &i)))
                return families[k]->operations[j];
    return NULL;
}

const operation *operation_at(size_t i)
{
    const char *name;
    return find(i, &name);
}

const char *operation_name_at(size_t i)
{
    const char *name = NULL;
    return find(i, &name) ? name : NULL;
}

static const char *name_of(uint8_t code)
{
    return elementwise_operations[code - CODE_FIRST_SCALAR].name;
}

const tape_hooks operation_hooks = {.sweep = elementwise_scalar_sweep,
                                    .replay = elementwise_scalar_replay,
                                    .gradient = rule_run,
                                    .name = name_of,
                                    .arity = elementwise_arity,
                                    .add = ad_add,
                                    .scaled_identity = operation_scaled_identity,
                                    .put = operation_put};

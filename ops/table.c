/* The table of operations: elementwise ones, then the families. */
#include "ops/elementwise.h"
#include "ops/sparse.h"

static const operation_family *const families[] = {
    &where_family,    &shape_family,    &indexing_family, &reduction_family,   &extreme_family,
    &product_family,  &norm_family,     &matmul_family,   &determinant_family, &solve_family,
    &cholesky_family, &charpoly_family, &join_family,     &spectral_family,    &unit_family,
    &softmax_family,  &square_family,   &lstsq_family,
};

const operation *operation_at(size_t i)
{
    if (i < ELEMENTWISE_COUNT) return &elementwise_operations[i];
    i -= ELEMENTWISE_COUNT;
    for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
        if (i < families[k]->count) return families[k]->operations[i];
        i -= families[k]->count;
    }
    return NULL;
}

static const char *name_of(uint8_t code)
{
    return elementwise_operations[code - CODE_FIRST_SCALAR].name;
}

const tape_toolbox operation_toolbox = {.sweep = elementwise_scalar_sweep,
                                        .replay = elementwise_scalar_replay,
                                        .gradient = rule_run,
                                        .name = name_of,
                                        .arity = elementwise_arity,
                                        .add = ad_add,
                                        .scaled_identity = operation_scaled_identity,
                                        .put = operation_put};

/* The table of calls: every public function, and what its operands should be. */
#include "tests/fuzz/interface/interface.h"
#include "tests/fuzz/interface/program.h"

#include <string.h>

/* clang-format off */
#define CALL(name_, signature_, member, traits_, ...)                                              \
    {.name = #name_, .signature = signature_, .traits = traits_, .operands = {__VA_ARGS__},        \
     .function.member = name_}
#define OF_ANY(name) CALL(name, UNARY, unary, 0, ANY)
#define OF_SQUARE(name) CALL(name, UNARY, unary, 0, SQUARE)
#define OF_TWO(name) CALL(name, BINARY, binary, 0, ANY, BROADCAST)
#define DEED(name_) {.name = #name_, .signature = DEED, .function.deed = name_##_deed},

static const call calls[] = {
    CALL(ad_scalar, NUMBER, number, 0, ANY),
    CALL(ad_input, LEAF, leaf, 0, ANY),
    CALL(ad_constant, LEAF, leaf, 0, ANY),
    {.name = "ad_custom", .signature = CUSTOM},
    CALL(ad_number, NUMBER, number, SHARED, ANY),

/* The elementwise ones, from their table. */
#define UNARY(name, ...) OF_ANY(ad_##name),
#define BINARY(name, ...) OF_TWO(ad_##name),
#include "tests/elementwise.def"
    OF_TWO(ad_pow),
    CALL(ad_where, TERNARY, ternary, 0, ANY, BROADCAST, BROADCAST),
    CALL(ad_scale, WITH_NUMBER, with_number, 0, ANY),
    CALL(ad_shift, WITH_NUMBER, with_number, 0, ANY),
    CALL(ad_pow_to, WITH_NUMBER, with_number, 0, ANY),
    CALL(ad_powi, WITH_INTEGER, with_integer, 0, ANY),
    CALL(ad_polygamma, WITH_INTEGER, with_integer, 0, ANY),

    OF_ANY(ad_transpose), CALL(ad_reshape, WITH_SHAPE, with_shape, 0, ANY),
    CALL(ad_broadcast, WITH_SHAPE, with_shape, 0, ANY), CALL(ad_block, BLOCK, block, 0, ANY),
    CALL(ad_gather, WITH_INDICES, with_indices, 0, ANY),
    CALL(ad_scatter, WITH_INDICES, with_indices, 0, ANY),
    CALL(ad_hcat, BINARY, binary, 0, ANY, ROWS), CALL(ad_vcat, BINARY, binary, 0, ANY, COLS),
    CALL(ad_hcat_all, JOIN, join, 0, ANY, ROWS), CALL(ad_vcat_all, JOIN, join, 0, ANY, COLS),
    CALL(ad_diag, UNARY, unary, PRODUCT, VECTOR), OF_ANY(ad_diagonal), OF_ANY(ad_tril),
    OF_ANY(ad_triu),

    OF_ANY(ad_sum), OF_ANY(ad_mean), OF_ANY(ad_prod), OF_ANY(ad_maximum), OF_ANY(ad_minimum),
    OF_ANY(ad_logsumexp), OF_SQUARE(ad_trace), OF_ANY(ad_sum_rows), OF_ANY(ad_sum_cols),
    OF_ANY(ad_prod_rows), OF_ANY(ad_prod_cols), OF_ANY(ad_max_rows), OF_ANY(ad_max_cols),
    OF_ANY(ad_min_rows), OF_ANY(ad_min_cols), CALL(ad_dot, BINARY, binary, 0, ANY, SAME),
    OF_ANY(ad_softmax), OF_ANY(ad_softmax_rows), OF_ANY(ad_softmax_cols),
    OF_ANY(ad_logsumexp_rows), OF_ANY(ad_logsumexp_cols),
    OF_ANY(ad_cumsum), OF_ANY(ad_cumsum_rows), OF_ANY(ad_cumsum_cols), OF_ANY(ad_cumprod),
    OF_ANY(ad_cumprod_rows), OF_ANY(ad_cumprod_cols),
    OF_ANY(ad_sumsq), OF_ANY(ad_norm1), CALL(ad_norm2, UNARY, unary, 0, ANY),
    OF_ANY(ad_norm_inf), CALL(ad_norm_fro, UNARY, unary, 0, ANY),

    CALL(ad_solve_lower, SOLVE, solve, 0, SQUARE, ROWS), CALL(ad_solve_upper, SOLVE, solve, 0, SQUARE, ROWS),
    CALL(ad_matmul, BINARY, binary, PRODUCT, ANY, INNER),
    CALL(ad_outer, BINARY, binary, PRODUCT, VECTOR, VECTOR),
    CALL(ad_kron, BINARY, binary, PRODUCT, ANY, ANY),
    CALL(ad_quad, TERNARY, ternary, 0, VECTOR, ROWS, VECTOR),
    OF_SQUARE(ad_det), OF_SQUARE(ad_logabsdet), OF_SQUARE(ad_detsign), OF_SQUARE(ad_cofactor),
    OF_SQUARE(ad_inverse), CALL(ad_solve, BINARY, binary, 0, SQUARE, ROWS), OF_SQUARE(ad_cholesky),
    CALL(ad_solve_spd, BINARY, binary, 0, SQUARE, ROWS), OF_SQUARE(ad_logdet_spd),
    CALL(ad_lstsq, BINARY, binary, 0, ANY, ROWS),
    CALL(ad_charpoly, BINARY, binary, 0, SQUARE, ONE),

    CALL(ad_grad, BINARY, binary, DERIVATIVE, ONE, ANY),
    {.name = "ad_grads", .signature = GRADS, .traits = DERIVATIVE, .operands = {ONE, ANY, ANY}},
    CALL(ad_vjp, TERNARY, ternary, DERIVATIVE, ANY, ANY, SAME),
    CALL(ad_jvp, TERNARY, ternary, DERIVATIVE, ANY, ANY, ANY),
    CALL(ad_jacobian, BINARY, binary, DERIVATIVE | PRODUCT, ANY, ANY),
    CALL(ad_hessian, BINARY, binary, DERIVATIVE | PRODUCT, ONE, ANY),
    CALL(ad_hvp, TERNARY, ternary, DERIVATIVE, ONE, ANY, ANY),
    CALL(ad_detach, UNARY, unary, CUT, ANY),

#include "tests/fuzz/interface/deeds.def"
};
/* clang-format on */

const call *call_at(size_t i)
{
    return i < sizeof calls / sizeof *calls ? &calls[i] : NULL;
}

bool interface_calls(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, name) == 0) return true;
    return false;
}

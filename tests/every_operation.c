#include "tests/every_operation.h"

#include <check.h>
#include <stdlib.h>

/* Those that are not elementwise. */
/* clang-format off */
#define OF_ONE(OPERATION)                                                                          \
    OPERATION(transpose) OPERATION(diag) OPERATION(diagonal) OPERATION(tril) OPERATION(triu)       \
    OPERATION(sum) OPERATION(mean) OPERATION(prod) OPERATION(maximum) OPERATION(minimum)           \
    OPERATION(logsumexp) OPERATION(trace) OPERATION(softmax) OPERATION(softmax_rows)               \
    OPERATION(softmax_cols) OPERATION(logsumexp_rows) OPERATION(logsumexp_cols)                    \
    OPERATION(sum_rows) OPERATION(sum_cols) OPERATION(prod_rows) OPERATION(prod_cols)              \
    OPERATION(max_rows) OPERATION(max_cols) OPERATION(min_rows) OPERATION(min_cols)                \
    OPERATION(norm1) OPERATION(norm2) OPERATION(norm_inf) OPERATION(norm_fro) OPERATION(sumsq)     \
    OPERATION(det) OPERATION(logabsdet) OPERATION(detsign) OPERATION(cofactor) OPERATION(inverse)  \
    OPERATION(cholesky) OPERATION(cumsum) OPERATION(cumsum_rows) OPERATION(cumsum_cols)            \
    OPERATION(cumprod) OPERATION(cumprod_rows) OPERATION(cumprod_cols) OPERATION(logdet_spd)

#define OF_TWO(OPERATION)                                                                          \
    OPERATION(pow) OPERATION(hcat) OPERATION(vcat) OPERATION(dot) OPERATION(matmul)                \
    OPERATION(outer) OPERATION(kron) OPERATION(solve) OPERATION(lstsq) OPERATION(charpoly)         \
    OPERATION(solve_spd)
/* clang-format on */

#define OF_THREE(OPERATION) OPERATION(where) OPERATION(quad)

#define OF_AN_ARRAY(OPERATION) OPERATION(hcat_all) OPERATION(vcat_all)

/* With a flag. */
#define OF_TWO_TRANSPOSED(OPERATION) OPERATION(solve_lower) OPERATION(solve_upper)

/* With numbers besides, which are such that 1x1 operands will do. */
#define WITH_NUMBERS(OPERATION)                                                                    \
    OPERATION(scale, 2.5)                                                                          \
    OPERATION(shift, 2.5)                                                                          \
    OPERATION(powi, 3)                                                                             \
    OPERATION(pow_to, 2.5)                                                                         \
    OPERATION(polygamma, 1)                                                                        \
    OPERATION(reshape, 1, 1)                                                                       \
    OPERATION(block, 0, 0, 1, 1)                                                                   \
    OPERATION(gather, (const size_t[]){0}, 1, 1)                                                   \
    OPERATION(scatter, (const size_t[]){0}, 1, 1)                                                  \
    OPERATION(broadcast, 1, 1)

#define APPLY(name, ...)                                                                           \
    static ad_var apply_##name(const ad_var *x)                                                    \
    {                                                                                              \
        return ad_##name(__VA_ARGS__);                                                             \
    }

#define APPLY_TO_ONE(name) APPLY(name, x[0])
#define APPLY_TO_TWO(name) APPLY(name, x[0], x[1])
#define APPLY_TO_THREE(name) APPLY(name, x[0], x[1], x[2])
#define APPLY_TO_AN_ARRAY(name) APPLY(name, x, 3)
#define APPLY_WITH_NUMBERS(name, ...) APPLY(name, x[0], __VA_ARGS__)
#define APPLY_TRANSPOSED(name) APPLY(name, x[0], x[1], true)

#define UNARY(name, ...) APPLY_TO_ONE(name)
#define BINARY(name, ...) APPLY_TO_TWO(name)
#include "tests/elementwise.def"

OF_ONE(APPLY_TO_ONE)
OF_TWO(APPLY_TO_TWO)
OF_THREE(APPLY_TO_THREE)
OF_AN_ARRAY(APPLY_TO_AN_ARRAY)
WITH_NUMBERS(APPLY_WITH_NUMBERS)
OF_TWO_TRANSPOSED(APPLY_TRANSPOSED)

#define ROW_OF_ONE(name) {#name, 1, apply_##name},
#define ROW_OF_TWO(name) {#name, 2, apply_##name},
#define ROW_OF_THREE(name) {#name, 3, apply_##name},
#define ROW_WITH_NUMBERS(name, ...) {#name, 1, apply_##name},

/* clang-format off */
const public_operation every_operation[] = {
#define UNARY(name, ...) ROW_OF_ONE(name)
#define BINARY(name, ...) ROW_OF_TWO(name)
#include "tests/elementwise.def"
    OF_ONE(ROW_OF_ONE)
    OF_TWO(ROW_OF_TWO)
    OF_TWO_TRANSPOSED(ROW_OF_TWO)
    OF_THREE(ROW_OF_THREE)
    OF_AN_ARRAY(ROW_OF_THREE)
    WITH_NUMBERS(ROW_WITH_NUMBERS)
    {0}
};
/* clang-format on */

size_t every_operation_count(void)
{
    return sizeof every_operation / sizeof *every_operation - 1;
}

char *text_of_file(const char *path)
{
    enum { MOST = 1 << 17 };
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot read %s", path);
    char *text = calloc(1, MOST);
    ck_assert_ptr_nonnull(text);
    size_t length = fread(text, 1, MOST - 1, file);
    ck_assert_msg(length > 0 && feof(file), "%s: read %zu bytes", path, length);
    fclose(file);
    return text;
}

/* SPDX-License-Identifier: MIT */
#include "tests/every_operation.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ops/operations.h"

/* ---- the arguments of each signature ---- */

#define UNARY_ARGUMENTS x[0]
#define BINARY_ARGUMENTS x[0], x[1]
#define TERNARY_ARGUMENTS x[0], x[1], x[2]
#define JOIN_ARGUMENTS x, 3
#define SOLVE_ARGUMENTS x[0], x[1], true
#define WITH_NUMBER_ARGUMENTS x[0], 2.5
#define WITH_INTEGER_ARGUMENTS x[0], 3
#define WITH_SHAPE_ARGUMENTS x[0], 1, 1
#define WITH_INDICES_ARGUMENTS x[0], (const size_t[]){0}, 1, 1
#define BLOCK_ARGUMENTS x[0], 0, 0, 1, 1

#define APPLY(name, ...)                                                                           \
    static ad_var apply_##name(const ad_var *x)                                                    \
    {                                                                                              \
        return ad_##name(__VA_ARGS__);                                                             \
    }

#define UNARY(name, ...) APPLY(name, UNARY_ARGUMENTS)
#define BINARY(name, ...) APPLY(name, BINARY_ARGUMENTS)
#include "tests/elementwise.def"
#define PUBLIC(name, signature, ...) APPLY(name, signature##_ARGUMENTS)
#define PRIVATE(name, ...)                                                                         \
    static ad_var record_##name(const ad_var *x)                                                   \
    {                                                                                              \
        return __VA_ARGS__;                                                                        \
    }
#include "tests/operations.def"

/* ---- the table ---- */

#define COUNT(...) (sizeof((const operand_kind[]){__VA_ARGS__}) / sizeof(operand_kind))
#define ROW(name, ...) {#name, COUNT(__VA_ARGS__), {__VA_ARGS__}, apply_##name},

/* clang-format off */
const public_operation every_operation[] = {
#define UNARY(name, ...) ROW(name, ANY)
#define BINARY(name, ...) ROW(name, ANY, BROADCAST)
#include "tests/elementwise.def"
#define PUBLIC(name, signature, size, ...) ROW(name, __VA_ARGS__)
#include "tests/operations.def"
    {0}
};
static const struct {
    const char *name;
    ad_var (*record)(const ad_var *x);
} private_operations[] = {
#define PUBLIC(...)
#define PRIVATE(name, ...) {#name, record_##name},
#include "tests/operations.def"
};
/* clang-format on */

size_t every_operation_count(void)
{
    return sizeof every_operation / sizeof *every_operation - 1;
}

const public_operation *public_operation_named(const char *name)
{
    for (const public_operation *op = every_operation; op->name; op++)
        if (strcmp(op->name, name) == 0) return op;
    return NULL;
}

ad_var operation_record(const char *name, const ad_var *x)
{
    const public_operation *op = public_operation_named(name);
    if (op) return op->apply(x);
    for (size_t i = 0; i < sizeof private_operations / sizeof *private_operations; i++)
        if (strcmp(private_operations[i].name, name) == 0) return private_operations[i].record(x);
    ck_abort_msg("tests/operations.def: no %s", name);
    return *x;
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

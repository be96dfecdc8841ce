/* SPDX-License-Identifier: MIT */
/* The table of calls: every public function, and what its operands should be. */
#include "tests/fuzz/interface/interface.h"
#include "tests/fuzz/interface/program.h"

#include <string.h>

/* clang-format off */
#define CALL(name_, signature_, traits_, ...)                                                      \
    {.name = #name_, .signature = signature_, .traits = traits_, .operands = {__VA_ARGS__},        \
     .function.signature_ = name_}
#define DEED(name_) {.name = #name_, .signature = DEED, .function.DEED = name_##_deed},

static const call calls[] = {
    CALL(ad_scalar, NUMBER, 0, ANY),
    CALL(ad_input, LEAF, 0, ANY),
    CALL(ad_constant, LEAF, 0, ANY),
    {.name = "ad_custom", .signature = CUSTOM},
    CALL(ad_number, NUMBER, SHARED, ANY),

#define UNARY(name, ...) CALL(ad_##name, UNARY, 0, ANY),
#define BINARY(name, ...) CALL(ad_##name, BINARY, 0, ANY, BROADCAST),
#include "tests/elementwise.def"
#define PUBLIC(name, ...) CALL(ad_##name, __VA_ARGS__),
#include "tests/operations.def"

    CALL(ad_grad, BINARY, DERIVATIVE, ONE, ANY),
    {.name = "ad_grads", .signature = GRADS, .traits = DERIVATIVE, .operands = {ONE, ANY, ANY}},
    CALL(ad_vjp, TERNARY, DERIVATIVE, ANY, ANY, SAME),
    CALL(ad_jvp, TERNARY, DERIVATIVE, ANY, ANY, ANY),
    CALL(ad_jacobian, BINARY, DERIVATIVE | PRODUCT, ANY, ANY),
    CALL(ad_hessian, BINARY, DERIVATIVE | PRODUCT, ONE, ANY),
    CALL(ad_hvp, TERNARY, DERIVATIVE, ONE, ANY, ANY),
    CALL(ad_detach, UNARY, CUT, ANY),

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

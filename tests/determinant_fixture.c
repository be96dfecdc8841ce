/* SPDX-License-Identifier: MIT */
#include "tests/determinant_fixture.h"

#include <check.h>
#include <string.h>

#include "tests/determinant_accuracy.h"

static tape_memory memory;
arena of_factor, scratch;

void determinant_set_up(void)
{
    plain_arena(&of_factor, &memory);
    plain_arena(&scratch, &memory);
}

void determinant_tear_down(void)
{
    arena_free(&of_factor);
    arena_free(&scratch);
    ck_assert_uint_eq(memory.bytes, 0);
}

determinant_factor *factor_of(size_t n, const double *a)
{
    arena_reset(&of_factor);
    determinant_factor *factor = determinant_factor_new(n, a, &of_factor);
    ck_assert_ptr_nonnull(factor);
    return factor;
}

void cofactor_of(determinant_factor *factor, double *result)
{
    ck_assert_int_eq(determinant_cofactor(factor, NULL, NULL, result, &scratch), DETERMINANT_OK);
}

void first_of(determinant_factor *factor, const double *v, double *result)
{
    ck_assert_int_eq(determinant_cofactor(factor, v, NULL, result, &scratch), DETERMINANT_OK);
}

void second_of(determinant_factor *factor, const double *v, const double *w, double *result)
{
    ck_assert_int_eq(determinant_cofactor(factor, v, w, result, &scratch), DETERMINANT_OK);
}

void check_same(size_t count, const double *x, const double *y, const char *what)
{
    for (size_t k = 0; k < count; k++)
        ck_assert_msg(memcmp(&x[k], &y[k], sizeof *x) == 0, "%s: entry %zu is %a, not %a", what, k,
                      x[k], y[k]);
}

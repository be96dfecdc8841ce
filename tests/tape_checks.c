/* SPDX-License-Identifier: MIT */
#include "tests/tape_checks.h"

#include <check.h>
#include <math.h>

static bool is_same(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

void check_array(const char *what, const double *values, size_t count, const double *expected,
                 double tolerance)
{
    double scale = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(expected[i])) scale = fmax(scale, fabs(expected[i]));
    ck_assert_msg(values != NULL, "%s: no values", what);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(
            is_same(values[i], expected[i]) ||
                (isfinite(expected[i]) && fabs(values[i] - expected[i]) <= tolerance * scale),
            "%s: element %zu is %.17g, not %.17g (tolerance %g of %g)", what, i, values[i],
            expected[i], tolerance, scale);
}

void check_matrix(ad_var x, size_t rows, size_t cols, const double *expected, double tolerance)
{
    ck_assert_msg(ad_ok(x), "invalid: %s", ad_tape_message(x.tape));
    ck_assert_msg(ad_rows(x) == rows && ad_cols(x) == cols, "%zux%zu, not %zux%zu", ad_rows(x),
                  ad_cols(x), rows, cols);
    check_array("value", ad_values(x), rows * cols, expected, tolerance);
}

void check_number(ad_var x, double expected, double tolerance)
{
    check_matrix(x, 1, 1, &expected, tolerance);
}

void check_gradient(ad_var y, ad_var x, const double *expected, double tolerance)
{
    check_matrix(ad_grad(y, x), ad_rows(x), ad_cols(x), expected, tolerance);
    ck_assert_int_eq(ad_backward(y), AD_OK);
    check_array("adjoint", ad_adjoint(x), ad_rows(x) * ad_cols(x), expected, tolerance);
}

void check_zeros(ad_var x)
{
    const double *values = ad_values(x);
    ck_assert_msg(values != NULL, "no values: %s", ad_tape_message(x.tape));
    for (size_t i = 0; i < ad_rows(x) * ad_cols(x); i++)
        ck_assert_msg(values[i] == 0, "element %zu is %.17g, not 0", i, values[i]);
}

void check_error(ad_tape *tape, ad_var y, ad_status status, const char *message)
{
    ck_assert_msg(!ad_ok(y), "a result instead of the error: %s", message);
    ck_assert_str_eq(ad_tape_message(tape), message);
    ck_assert_msg(ad_tape_status(tape) == status, "%s: the status is '%s', not '%s'", message,
                  ad_status_string(ad_tape_status(tape)), ad_status_string(status));
    ad_tape_clear_error(tape);
}

double next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-52 - 1;
}

ad_var random_input(ad_tape *tape, size_t rows, size_t cols, uint64_t *state)
{
    enum { MOST = 1024 };
    double values[MOST];
    ck_assert(rows * cols <= MOST);
    for (size_t i = 0; i < rows * cols; i++) values[i] = next_random(state);
    return ad_input(tape, rows, cols, values);
}

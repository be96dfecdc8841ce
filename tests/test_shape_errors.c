/* SPDX-License-Identifier: MIT */
/* Operations that move elements: shapes, indices and handles that they refuse, and how they say it. */
#include "ops/operations.h"

#include "tests/fixture.h"

static ad_var zeros(size_t rows, size_t cols)
{
    static const double none[12];
    return ad_input(tape, rows, cols, none);
}

START_TEST(reshape_needs_as_many_elements)
{
    check_error(tape, ad_reshape(zeros(3, 4), 5, 2), AD_ERROR_SHAPE,
                "reshape: 3x4 to 5x2: 12 elements, not 10");
    check_error(tape, ad_reshape(zeros(2, 2), SIZE_MAX / 2 + 3, 2), AD_ERROR_SHAPE,
                "reshape: 2x2 to 9223372036854775810x2: 4 elements");
}
END_TEST

START_TEST(block_must_lie_inside)
{
    ad_var x = zeros(4, 3);
    check_error(tape, ad_block(x, 2, 0, 4, 1), AD_ERROR_ARGUMENT,
                "block: rows 2..5 of a 4x3 matrix");
    check_error(tape, ad_block(x, 0, 3, 4, 1), AD_ERROR_ARGUMENT,
                "block: columns 3..3 of a 4x3 matrix");
    check_error(tape, ad_block(x, 5, 0, 0, 1), AD_ERROR_ARGUMENT,
                "block: 0 rows from 5 on of a 4x3 matrix");
    check_error(tape, ad_block(x, SIZE_MAX, 0, 2, 1), AD_ERROR_ARGUMENT,
                "block: 2 rows from 18446744073709551615 on of a 4x3 matrix");
    check_error(tape, ad_block(x, 0, 2, 1, SIZE_MAX), AD_ERROR_ARGUMENT,
                "block: 18446744073709551615 columns from 2 on of a 4x3 matrix");
}
END_TEST

START_TEST(indices_must_be_of_the_matrix)
{
    const size_t indices[] = {0, 12, 1};
    ad_var x = zeros(3, 4), y = zeros(3, 1);
    check_error(tape, ad_gather(x, indices, 1, 3), AD_ERROR_ARGUMENT,
                "gather: index 12 of a 3x4 matrix");
    check_error(tape, ad_scatter(y, indices, 3, 4), AD_ERROR_ARGUMENT,
                "scatter: index 12 of a 3x4 matrix");
    check_error(tape, ad_gather(x, NULL, 2, 1), AD_ERROR_ARGUMENT,
                "gather: no indices (NULL) for 2 elements");
    check_error(tape, ad_scatter(y, NULL, 2, 2), AD_ERROR_ARGUMENT,
                "scatter: no indices (NULL) for 3 elements");
}
END_TEST

START_TEST(results_too_large_are_errors)
{
    const size_t indices[] = {0, 1}, half = SIZE_MAX / 2 + 1;
    ad_var x = zeros(2, 1);
    check_error(tape, ad_gather(x, indices, half, 2), AD_ERROR_SIZE,
                "gather: a 9223372036854775808x2 result is too large");
    check_error(tape, ad_scatter(x, indices, half, 2), AD_ERROR_SIZE,
                "scatter: a 9223372036854775808x2 result is too large");
    check_error(tape, ad_broadcast(zeros(1, 1), half, half), AD_ERROR_SIZE,
                "broadcast: a 9223372036854775808x9223372036854775808 result is too large");
    ad_var wide = ad_constant(tape, 0, SIZE_MAX, NULL);
    check_error(tape, ad_hcat(wide, ad_constant(tape, 0, 2, NULL)), AD_ERROR_SIZE,
                "hcat: 0x18446744073709551615 and 0x2: too large");
}
END_TEST

START_TEST(shapes_that_do_not_fit_are_named)
{
    check_error(tape, ad_hcat(zeros(3, 4), zeros(2, 5)), AD_ERROR_SHAPE,
                "hcat: 3x4 and 2x5: rows differ");
    check_error(tape, ad_vcat(zeros(3, 4), zeros(2, 5)), AD_ERROR_SHAPE,
                "vcat: 3x4 and 2x5: columns differ");
    check_error(tape, ad_diag(zeros(3, 4)), AD_ERROR_SHAPE, "diag: 3x4 is not a vector");
    check_error(tape, ad_broadcast(zeros(3, 4), 6, 4), AD_ERROR_SHAPE,
                "broadcast: 3x4 to 6x4: only a dimension of 1 can be repeated");
    check_error(tape, ad_broadcast(zeros(3, 1), 1, 1), AD_ERROR_SHAPE,
                "broadcast: 3x1 to 1x1: only a dimension of 1 can be repeated");
}
END_TEST

START_TEST(invalid_handles_are_errors)
{
    const ad_var none = {0}, stale = zeros(2, 2);
    const size_t index = 0;
    ad_tape_reset(tape);
    ck_assert(!ad_ok(ad_transpose(none)) && !ad_ok(ad_gather(none, &index, 1, 1)) &&
              !ad_ok(ad_scatter(none, &index, 1, 1)) && !ad_ok(ad_diag(none)));
    static const char text[] =
        "gather: stale handle: its value was dropped by a reset, rewind or keep";
    check_error(tape, ad_gather(stale, &index, 1, 1), AD_ERROR_STALE, text);
    ck_assert(!ad_ok(ad_transpose(stale)) && ad_tape_status(tape) == AD_ERROR_STALE);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("shape errors");
    TCase *c = tcase_create("errors");
    tcase_add_checked_fixture(c, make_tape, free_tape);
    tcase_add_test(c, reshape_needs_as_many_elements);
    tcase_add_test(c, block_must_lie_inside);
    tcase_add_test(c, indices_must_be_of_the_matrix);
    tcase_add_test(c, results_too_large_are_errors);
    tcase_add_test(c, shapes_that_do_not_fit_are_named);
    tcase_add_test(c, invalid_handles_are_errors);
    suite_add_tcase(s, c);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* The language, statement by statement; what each script prints was printed by Octave too. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <string.h>

/* ---- Statements ---------------------------------------------------------------------------- */

START_TEST(percent_and_hash_begin_comments)
{
    script_prints("x = 1 % one\ny = 2 # two\n% x = 5\n#y = 5\n", "x = 1\ny = 2\n");
    script_prints("%{\nx = 5\n%{\ny = 6\n%}\n%}\nx = 1", "x = 1\n");
    script_prints("s = \"50% # no comment\"", "s = 50% # no comment\n");
}
END_TEST

START_TEST(newline_semicolon_and_comma_end_statements)
{
    script_prints("x = 1, y = 2; z = 3\nw = 4", "x = 1\nz = 3\nw = 4\n");
}
END_TEST

START_TEST(dots_continue_a_line)
{
    script_prints("x = 1 + ... and so on\n  2", "x = 3\n");
    script_prints("x = [1, 2, ...\n 3](3)", "x = 3\n");
}
END_TEST

START_TEST(semicolon_prints_nothing)
{
    script_prints("x = 1; x; x + 1; y = 2;", "");
}
END_TEST

START_TEST(variable_prints_under_its_name_and_leaves_ans)
{
    script_prints("x = 3; 1 + 1; x\nans", "x = 3\nans = 2\n");
}
END_TEST

START_TEST(expression_prints_as_ans_and_sets_it)
{
    script_prints("3 + 4\nans * 2", "ans = 7\nans = 14\n");
    script_prints("3 + 4; ans", "ans = 7\n");
    script_prints("5; x = 6; ans", "ans = 5\n");
}
END_TEST

START_TEST(check_printf_and_disp_return_nothing)
{
    script_prints("1; printf(\"a\\n\"); disp(2), ans", "a\n2\nans = 1\n");
    struct script_outcome outcome = script_run("x = check(1, 1)");
    ck_assert_int_eq(outcome.status, 2);
    script_outcome_free(&outcome);
    outcome = script_run("x = printf(\"a\\n\")");
    ck_assert_int_eq(outcome.status, 2);
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(assignment_operators_work)
{
    script_prints("x = 5; x += 1, x -= 2, x *= 3, x /= 4", "x = 6\nx = 4\nx = 12\nx = 3\n");
    script_prints("x = [1 2 3]; x(2) += 5; x(1:2) *= 2; disp(x)", "    2   14    3\n");
}
END_TEST

START_TEST(numbers_are_doubles_and_constants_are_known)
{
    script_prints("format long\nx = [1e3 .5 5. 1.5e-3 1d2](4)\npi, e, eps, Inf, NaN",
                  "x = 1.500000000000000e-03\nans = 3.141592653589793\nans = 2.718281828459045\n"
                  "ans = 2.220446049250313e-16\nans = Inf\nans = NaN\n");
}
END_TEST

START_TEST(strings_take_either_quote)
{
    script_prints("disp(\"a\\tb\"), disp('a\\tb'), disp('it''s'), disp(\"a \"\"b\"\"\")",
                  "a\tb\na\\tb\nit's\na \"b\"\n");
}
END_TEST

/* ---- Matrices and operators ---------------------------------------------------------------- */

START_TEST(blanks_separate_elements_as_in_octave)
{
    script_prints(
        "size([1 -2]), size([1 - 2]), size([1, -2]), size([1 -2 + 3]), size([1 , 2\n3 4])",
        "ans =\n\n   1   2\n\nans =\n\n   1   1\n\nans =\n\n   1   2\n\n"
        "ans =\n\n   1   2\n\nans =\n\n   2   2\n\n");
    script_prints("a = 3; size([a' a'])(2), size([a (1)])(2), size([a(1)])(2), size([1 !0])(2)",
                  "ans = 2\nans = 2\nans = 1\nans = 2\n");
}
END_TEST

START_TEST(elements_may_be_matrices)
{
    script_prints("A = [1 2; 3 4]; b = [5; 6]; c = [7; 8]; [A, b; c', 9]",
                  "ans =\n\n   1   2   5\n   3   4   6\n   7   8   9\n\n");
}
END_TEST

START_TEST(powers_and_transposes_are_one_level_left_to_right)
{
    script_prints("2^3^2, 2^-1, 2^-1^2, [1 2]'.^2, 2^[3]', 2^+2, 2^!0",
                  "ans = 64\nans = 0.5000\nans = 0.2500\nans =\n\n   1\n   4\n\nans = 8\nans = 4\n"
                  "ans = 2\n");
}
END_TEST

START_TEST(unary_binds_looser_than_power_tighter_than_product)
{
    script_prints("-2^2, -[1 2]', !1 == 0, -2*3, !0 * 5",
                  "ans = -4\nans =\n\n  -1\n  -2\n\nans = 1\nans = -6\nans = 5\n");
}
END_TEST

START_TEST(product_sum_colon_comparison_bind_in_that_order)
{
    script_prints("1 + 2 * 3, 1:2 + 1, 1:3 == 1:3, 2 < 1 + 2",
                  "ans = 7\nans =\n\n   1   2   3\n\nans =\n\n  1  1  1\n\nans = 1\n");
}
END_TEST

START_TEST(and_binds_tighter_than_or_elementwise_tighter_than_short)
{
    script_prints("1 | 0 & 0, 1 || 0 && 0, 0 && 0 | 1, 1 < 2 & 3 < 4",
                  "ans = 1\nans = 1\nans = 0\nans = 1\n");
}
END_TEST

START_TEST(binary_operators_are_left_associative)
{
    script_prints("5 - 3 - 1, 8 / 4 / 2, 2 \\ 4 \\ 8, 3 - 2 + 1",
                  "ans = 1\nans = 1\nans = 4\nans = 2\n");
}
END_TEST

START_TEST(elementwise_operators_broadcast)
{
    script_prints("[1 2 3] + [10; 20]", "ans =\n\n   11   12   13\n   21   22   23\n\n");
    script_prints("[1 2; 3 4] .* [1 10]", "ans =\n\n    1   20\n    3   40\n\n");
    script_prints("[1; 2] < [1 2 3]", "ans =\n\n  0  1  1\n  0  0  1\n\n");
}
END_TEST

START_TEST(power_of_scalars_is_elementwise_of_a_matrix_repeated)
{
    script_prints("2^0.5 == sqrt(2), [1 1; 0 1]^3, [2 0; 0 4]^-1, [1 2; 3 4]^0",
                  "ans = 1\nans =\n\n   1   3\n   0   1\n\nans =\n\n   0.5000        0\n"
                  "        0   0.2500\n\nans =\n\nDiagonal Matrix\n\n   1   0\n   0   1\n\n");
}
END_TEST

START_TEST(quote_after_a_blank_in_brackets_opens_a_string)
{
    script_prints("a = [1 2]; b = a ', size([a'])", "b =\n\n   1\n   2\n\nans =\n\n   2   1\n\n");
    struct script_outcome outcome = script_run("a = 1; b = [a ']");
    ck_assert_ptr_nonnull(strstr(outcome.errors, "a string is not closed"));
    script_outcome_free(&outcome);
    script_prints("a = [1 2]; [a']', (a)', a'', 3'",
                  "ans =\n\n   1   2\n\nans =\n\n   1\n   2\n\nans =\n\n   1   2\n\nans = 3\n");
}
END_TEST

/* ---- Indices ------------------------------------------------------------------------------- */

START_TEST(indices_start_at_one_and_apply_to_any_expression)
{
    script_prints("A = [1 2; 3 4]; A(1), A(2), A(2, 1), (A*A)(1, :), [5 6 7](2), A(1, :)(2)",
                  "ans = 1\nans = 3\nans = 3\nans =\n\n    7   10\n\nans = 6\nans = 2\n");
}
END_TEST

START_TEST(ranges_lists_and_colons_select)
{
    script_prints(
        "A = [1 2 3; 4 5 6; 7 8 9]; A(:, 2), A(2:end, [1, 3]), A(:)', x = A(1, :); x(x > 1)",
        "ans =\n\n   2\n   5\n   8\n\nans =\n\n   4   6\n   7   9\n\nans =\n\n"
        "   1   4   7   2   5   8   3   6   9\n\nans =\n\n   2   3\n\n");
}
END_TEST

START_TEST(end_belongs_to_the_innermost_indexed_value)
{
    script_prints("x = 1:5; y = [2 3]; x(y(end)), x(end - 1), x(min(end, 9)), A = [1 2; 3 4]; "
                  "A(end, 1), A(end)",
                  "ans = 3\nans = 4\nans = 5\nans = 3\nans = 4\n");
}
END_TEST

START_TEST(assignment_replaces_and_appends)
{
    script_prints(
        "x = 1:3; x(2) = 9; x(end+1) = 4; disp(x), A = eye(2); A(1, :) = 5; A(3, 3) = 1;\n"
        "disp(A), c = [1; 2]; c(end+1) = 3; disp(c'), n(3) = 1; disp(n)",
        "   1   9   3   4\n   5   5   0\n   0   1   0\n   0   0   1\n   1   2   3\n"
        "   0   0   1\n");
}
END_TEST

START_TEST(what_was_computed_before_an_assignment_stands)
{
    script_prints("x = [1 2 3]; y = x; s = sum(x); x(1) = 100; disp(y), disp(s)",
                  "   1   2   3\n6\n");
}
END_TEST

START_TEST(variables_hide_functions)
{
    script_prints("sum = [1 2 3]; sum(2), e = 5; e + 1", "ans = 2\nans = 6\n");
}
END_TEST

static TCase *statements_case(void)
{
    TCase *cases = tcase_create("statements");
    tcase_add_test(cases, percent_and_hash_begin_comments);
    tcase_add_test(cases, newline_semicolon_and_comma_end_statements);
    tcase_add_test(cases, dots_continue_a_line);
    tcase_add_test(cases, semicolon_prints_nothing);
    tcase_add_test(cases, variable_prints_under_its_name_and_leaves_ans);
    tcase_add_test(cases, expression_prints_as_ans_and_sets_it);
    tcase_add_test(cases, check_printf_and_disp_return_nothing);
    tcase_add_test(cases, assignment_operators_work);
    tcase_add_test(cases, numbers_are_doubles_and_constants_are_known);
    tcase_add_test(cases, strings_take_either_quote);
    return cases;
}

static TCase *matrices_case(void)
{
    TCase *cases = tcase_create("matrices");
    tcase_add_test(cases, blanks_separate_elements_as_in_octave);
    tcase_add_test(cases, elements_may_be_matrices);
    tcase_add_test(cases, powers_and_transposes_are_one_level_left_to_right);
    tcase_add_test(cases, unary_binds_looser_than_power_tighter_than_product);
    tcase_add_test(cases, product_sum_colon_comparison_bind_in_that_order);
    tcase_add_test(cases, and_binds_tighter_than_or_elementwise_tighter_than_short);
    tcase_add_test(cases, binary_operators_are_left_associative);
    tcase_add_test(cases, elementwise_operators_broadcast);
    tcase_add_test(cases, power_of_scalars_is_elementwise_of_a_matrix_repeated);
    tcase_add_test(cases, quote_after_a_blank_in_brackets_opens_a_string);
    return cases;
}

static TCase *indices_case(void)
{
    TCase *cases = tcase_create("indices");
    tcase_add_test(cases, indices_start_at_one_and_apply_to_any_expression);
    tcase_add_test(cases, ranges_lists_and_colons_select);
    tcase_add_test(cases, end_belongs_to_the_innermost_indexed_value);
    tcase_add_test(cases, assignment_replaces_and_appends);
    tcase_add_test(cases, what_was_computed_before_an_assignment_stands);
    tcase_add_test(cases, variables_hide_functions);
    return cases;
}

Suite *suite(void)
{
    Suite *s = suite_create("script language");
    suite_add_tcase(s, statements_case());
    suite_add_tcase(s, matrices_case());
    suite_add_tcase(s, indices_case());
    return s;
}

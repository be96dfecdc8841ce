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

/* ---- Control ------------------------------------------------------------------------------- */

START_TEST(for_runs_over_columns)
{
    script_prints("for n = [3, 8, 20] n, end", "n = 3\nn = 8\nn = 20\n");
    script_prints("for c = [1 2; 3 4]\n c\nendfor", "c =\n\n   1\n   3\n\nc =\n\n   2\n   4\n\n");
    script_prints("for k = 1:0, k, end, for k = [], k, end, disp(1)", "1\n");
    script_prints("for k = 3:-1:1, printf(\"%d\", k); end, printf(\"\\n\")", "321\n");
    script_prints("for (k = 1:2) k, end", "k = 1\nk = 2\n");
}
END_TEST

START_TEST(while_if_break_continue_work)
{
    script_prints("x = 0; while x < 3, x += 1; endwhile, x", "x = 3\n");
    script_prints("for k = 1:5\n if k == 2, continue, end\n if k == 4, break; endif\n k\nend",
                  "k = 1\nk = 3\n");
    script_prints("for k = 1:3\n if k == 1\n disp(\"a\")\n elseif k == 2\n disp(\"b\")\n else\n "
                  "disp(\"c\")\n end\nend",
                  "a\nb\nc\n");
    script_prints("if 1 disp(2) end, for k = 1:2 k end", "2\nk = 1\nk = 2\n");
    script_prints(
        "for i = 1:2, for j = 1:3, if j == 2, break, end, end, printf(\"%d%d \", i, j); end\n"
        "printf(\"\\n\")",
        "12 22 \n");
}
END_TEST

START_TEST(empty_is_false_a_matrix_true_if_all_are)
{
    script_prints("if [], 1, else, 2, end, if [1 2], 3, end, if [1 0], 4, else, 5, end",
                  "ans = 2\nans = 3\nans = 5\n");
    script_prints("[] || 1, [1 1] && 1, [1 0] && 1", "ans = 1\nans = 1\nans = 0\n");
}
END_TEST

START_TEST(short_circuit_leaves_the_right_side_alone)
{
    script_prints("0 && nothing_known, 1 || nothing_known", "ans = 0\nans = 1\n");
}
END_TEST

START_TEST(ranges_count_as_in_octave)
{
    script_prints("numel(10:0.1:10.2), numel(2:0.05:2.05)", "ans = 3\nans = 2\n");
    script_prints("n = 0; for k = 10:0.1:10.2, n += 1; end, n, k", "n = 3\nk = 10.200\n");
    script_prints("x = -0.3:0.1:0; x(end) == 0, size(0:-1), size(1:-0.1:0.7)",
                  "ans = 1\nans =\n\n   1   0\n\nans =\n\n   1   4\n\n");
    script_prints("1:0, numel(0:0.1:0.3), numel(0:0.01:1), numel(1:0.2:2), numel(5:-2:0)",
                  "ans = [](1x0)\nans = 4\nans = 101\nans = 6\nans = 3\n");
}
END_TEST

/* ---- Functions ----------------------------------------------------------------------------- */

START_TEST(anonymous_functions_are_made_and_called)
{
    script_prints(
        "f = @(x, y) x^2 + y; f(2, 3), g = @() 7; g(), h = @(f, x) f(f(x)); h(@(x) 3*x, 2)",
        "ans = 7\nans = 7\nans = 18\n");
}
END_TEST

/* A quote after the parameters opens a string; after any other ) it transposes. */
START_TEST(functions_may_give_a_string)
{
    script_prints("f = @(x) 'str'; f(1), g = @() 'it''s'; g(), h = @(x) (x + 1)'; h([1 2])",
                  "ans = str\nans = it's\nans =\n\n   2\n   3\n\n");
    script_prints("f = @(x) x'; f([1; 2]), g = @(f) f(3)'; g(@(x) [x x]), f = @ (x) 'a'",
                  "ans =\n\n   1   2\n\nans =\n\n   3\n   3\n\nf =\n\n@(x) 'a'\n\n");
}
END_TEST

START_TEST(escapes_are_resolved_once)
{
    script_prints("printf(\"C:\\\\temp\\n\"); printf('C:\\\\temp\\n'); t = 'a\\tb\\n'; printf(t)",
                  "C:\\temp\nC:\\temp\na\tb\n");
    script_prints(
        "printf(\"%s\\n\", 'a\\nb'); printf('%s\\n', \"a\\\\nb\"), f = @() ('\\n'); printf(f())",
        "a\\nb\na\\nb\n\n");
}
END_TEST

START_TEST(variables_are_captured_when_a_function_is_made)
{
    script_prints("a = 2; f = @(x) a*x; a = 100; f(3)", "ans = 6\n");
}
END_TEST

START_TEST(names_of_functions_are_looked_up_when_it_is_called)
{
    script_prints("f = @(x) later(x); later = 5; sum = @(x) 0; g = @(x) sum(x); g([1 2])",
                  "ans = 0\n");
    struct script_outcome outcome = script_run("f = @(x) later(x); later = @(x) x; f(1)");
    ck_assert_ptr_nonnull(strstr(outcome.errors, "later is not known"));
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(several_values_are_taken_apart)
{
    script_prints("[m, i] = max([3 9 2])", "m = 9\ni = 2\n");
    script_prints("[~, i] = min([3 9; 1 12]), [r, c] = size(ones(2, 3))",
                  "i =\n\n   2   1\n\nr = 2\nc = 3\n");
    script_prints("[s, l] = slogdet([0 2; 2 0]); s, abs(l - log(4)) < 1e-15", "s = -1\nans = 1\n");
}
END_TEST

START_TEST(elements_are_counted_down_the_columns)
{
    script_prints("A = [1 2; 3 4]; disp(A(:)'), disp(vec(A)'), disp(reshape(A, 1, 4)), "
                  "disp(reshape(1:6, 3, 2)), disp(A(2))",
                  "   1   3   2   4\n   1   3   2   4\n   1   3   2   4\n   1   4\n   2   5\n"
                  "   3   6\n3\n");
}
END_TEST

START_TEST(long_columns_are_summed_right)
{
    script_prints("for n = [2 16 17 31 33 64 65 100 129 1000], if any(sum((1:n)'*[1 2]) != "
                  "n*(n+1)/2*[1 2]) n, end, end, mean((1:150)'*[1 1])",
                  "ans =\n\n   75.500   75.500\n\n");
}
END_TEST

START_TEST(functions_print_as_octave_writes_them)
{
    script_prints("f=@(x,y)x.^2+y(1,:)'*[1,2;3 4]",
                  "f =\n\n@(x, y) x .^ 2 + y (1, :)' * [1, 2; 3, 4]\n\n");
}
END_TEST

/* ---- Exceptions to Octave's numbers -------------------------------------------------------- */

START_TEST(complex_results_are_nan)
{
    script_prints("sqrt(-1), log(-1), (-8)^(1/3), acos(2), asin(2), log1p(-2), lgamma(-0.5)",
                  "ans = NaN\nans = NaN\nans = NaN\nans = NaN\nans = NaN\nans = NaN\nans = NaN\n");
    script_prints("abs(lgamma(-1.5) - 0.8600470153764810) < 1e-14", "ans = 1\n");
}
END_TEST

START_TEST(min_and_max_propagate_nan)
{
    script_prints("max([1 NaN 3]), min(NaN, 2), [m, i] = max([1 NaN 3])",
                  "ans = NaN\nans = NaN\nm = NaN\ni = 2\n");
}
END_TEST

START_TEST(random_numbers_depend_on_the_seed_alone)
{
    script_prints(
        "seed(7); a = rand(2, 2); b = randn(); seed(7); c = rand(2, 2); d = randn();\n"
        "all(all(a == c)) && b == d, seed(8); any(any(rand(2, 2) != a)), size(randn(2, 3))",
        "ans = 1\nans = 1\nans =\n\n   2   3\n\n");
    script_prints(
        "seed(3); x = randn(1, 20000); abs(mean(x)) < 0.03 && abs(mean(x.^2) - 1) < 0.05, "
        "u = rand(1, 20000); abs(mean(u) - 0.5) < 0.01 && min(u) > 0 && max(u) < 1",
        "ans = 1\nans = 1\n");
}
END_TEST

START_TEST(format_switches_the_digits)
{
    script_prints("pi, format long, pi, format short, pi, format(\"long\"); pi, format, pi",
                  "ans = 3.1416\nans = 3.141592653589793\nans = 3.1416\nans = 3.141592653589793\n"
                  "ans = 3.1416\n");
}
END_TEST

Suite *suite(void)
{
    const TTest *const tests[] = {
        percent_and_hash_begin_comments,
        newline_semicolon_and_comma_end_statements,
        dots_continue_a_line,
        semicolon_prints_nothing,
        variable_prints_under_its_name_and_leaves_ans,
        expression_prints_as_ans_and_sets_it,
        check_printf_and_disp_return_nothing,
        assignment_operators_work,
        numbers_are_doubles_and_constants_are_known,
        strings_take_either_quote,
        blanks_separate_elements_as_in_octave,
        elements_may_be_matrices,
        powers_and_transposes_are_one_level_left_to_right,
        unary_binds_looser_than_power_tighter_than_product,
        product_sum_colon_comparison_bind_in_that_order,
        and_binds_tighter_than_or_elementwise_tighter_than_short,
        binary_operators_are_left_associative,
        elementwise_operators_broadcast,
        power_of_scalars_is_elementwise_of_a_matrix_repeated,
        quote_after_a_blank_in_brackets_opens_a_string,
        indices_start_at_one_and_apply_to_any_expression,
        ranges_lists_and_colons_select,
        end_belongs_to_the_innermost_indexed_value,
        assignment_replaces_and_appends,
        what_was_computed_before_an_assignment_stands,
        variables_hide_functions,
        for_runs_over_columns,
        while_if_break_continue_work,
        empty_is_false_a_matrix_true_if_all_are,
        short_circuit_leaves_the_right_side_alone,
        ranges_count_as_in_octave,
        anonymous_functions_are_made_and_called,
        functions_may_give_a_string,
        escapes_are_resolved_once,
        variables_are_captured_when_a_function_is_made,
        names_of_functions_are_looked_up_when_it_is_called,
        several_values_are_taken_apart,
        elements_are_counted_down_the_columns,
        long_columns_are_summed_right,
        functions_print_as_octave_writes_them,
        complex_results_are_nan,
        min_and_max_propagate_nan,
        random_numbers_depend_on_the_seed_alone,
        format_switches_the_digits,
    };
    Suite *s = suite_create("script language");
    TCase *cases = tcase_create("statements");
    for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) {
        tcase_add_test(cases, tests[k]);
    }
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* The language continued: loops, choices, functions, and where numbers are not Octave's. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <string.h>

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

static TCase *control_case(void)
{
    TCase *cases = tcase_create("control");
    tcase_add_test(cases, for_runs_over_columns);
    tcase_add_test(cases, while_if_break_continue_work);
    tcase_add_test(cases, empty_is_false_a_matrix_true_if_all_are);
    tcase_add_test(cases, short_circuit_leaves_the_right_side_alone);
    tcase_add_test(cases, ranges_count_as_in_octave);
    return cases;
}

static TCase *functions_case(void)
{
    TCase *cases = tcase_create("functions");
    tcase_add_test(cases, anonymous_functions_are_made_and_called);
    tcase_add_test(cases, functions_may_give_a_string);
    tcase_add_test(cases, escapes_are_resolved_once);
    tcase_add_test(cases, variables_are_captured_when_a_function_is_made);
    tcase_add_test(cases, names_of_functions_are_looked_up_when_it_is_called);
    tcase_add_test(cases, several_values_are_taken_apart);
    tcase_add_test(cases, elements_are_counted_down_the_columns);
    tcase_add_test(cases, long_columns_are_summed_right);
    tcase_add_test(cases, functions_print_as_octave_writes_them);
    return cases;
}

static TCase *exceptions_case(void)
{
    TCase *cases = tcase_create("exceptions");
    tcase_add_test(cases, complex_results_are_nan);
    tcase_add_test(cases, min_and_max_propagate_nan);
    tcase_add_test(cases, random_numbers_depend_on_the_seed_alone);
    tcase_add_test(cases, format_switches_the_digits);
    return cases;
}

Suite *suite(void)
{
    Suite *s = suite_create("script control");
    suite_add_tcase(s, control_case());
    suite_add_tcase(s, functions_case());
    suite_add_tcase(s, exceptions_case());
    return s;
}

/* SPDX-License-Identifier: MIT */
/* The program: its options, exit statuses, JSON, pictures and figures. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <autodiff/autodiff.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static char folder[] = "/tmp/script-program-XXXXXX";

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    static const char *const names[] = {"a.ad",  "b.ad",  "m.csv",  "t.dot",
                                        "t.svg", "t.png", "out.csv"};
    char path[200];
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[k]);
        remove(path);
    }
    rmdir(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

/* Runs the program and asserts its status and output. */
static void gives(const char *input, const char *const *arguments, int status, const char *output)
{
    struct script_outcome outcome = script_program(input, strlen(input), arguments);
    ck_assert_msg(outcome.status == status, "status %d\n%s%s", outcome.status, outcome.output,
                  outcome.errors);
    ck_assert_str_eq(outcome.output, output);
    script_outcome_free(&outcome);
}

static void complains(const char *const *arguments, const char *message)
{
    struct script_outcome outcome = script_program("", 0, arguments);
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_msg(strstr(outcome.errors, message), "%s", outcome.errors);
    script_outcome_free(&outcome);
}

START_TEST(file_argument_or_standard_input_runs)
{
    write_in(folder, "a.ad", "x = 3\n");
    gives("", ARGUMENTS(path_in(folder, "a.ad")), 0, "x = 3\n");
    gives("x = 4", ARGUMENTS("-"), 0, "x = 4\n");
    gives("", ARGUMENTS("-e", "x = 5"), 0, "x = 5\n");
    gives("x = 6", (const char *const[]){NULL}, 0, "x = 6\n");
}
END_TEST

START_TEST(exit_status_tells_of_checks_and_errors)
{
    gives("", ARGUMENTS("-e", "check(1, 1)"), 0, "1 == 1, largest error 0: ok\n");
    gives("", ARGUMENTS("-e", "check(1, 2)"), 1, "1 == 2, largest error 0.5: FAILED\n");
    gives("", ARGUMENTS("-e", "nope"), 2, "");
    gives("", ARGUMENTS("-e", "x = ("), 2, "");
    gives("", ARGUMENTS("-e", ""), 0, "");
}
END_TEST

/* Relative to the largest finite number expected, small or large. */
START_TEST(check_is_relative_to_what_is_expected)
{
    gives("", ARGUMENTS("-e", "check(1.5e-12, 1e-12)"), 1,
          "1.5e-12 == 1e-12, largest error 0.5: FAILED\n");
    gives("", ARGUMENTS("-e", "check(1e-12, 0)"), 0, "1e-12 == 0, largest error 1e-12: ok\n");
    gives("", ARGUMENTS("-e", "check([4 2^-40 Inf], [4 0 Inf], 2^-42)"), 0,
          "[4 2^-40 Inf] == [4 0 Inf], largest error 2.27e-13: ok\n");
    gives("", ARGUMENTS("-e", "check([4 2^-40 Inf], [4 0 Inf], 2^-43)"), 1,
          "[4 2^-40 Inf] == [4 0 Inf], largest error 2.27e-13: FAILED\n");
    gives("", ARGUMENTS("-e", "check([0.5 2.5], -2)"), 1,
          "[0.5 2.5] == -2, largest error 2.25: FAILED\n");
    gives("", ARGUMENTS("-e", "check(Inf, -Inf), check(Inf, Inf), check([1 NaN], [1 NaN])"), 1,
          "Inf == -Inf, largest error inf: FAILED\nInf == Inf, largest error 0: ok\n"
          "[1 NaN] == [1 NaN], largest error nan: FAILED\n");
    gives("", ARGUMENTS("-e", "check(1, Inf)"), 1, "1 == Inf, largest error inf: FAILED\n");
    gives("", ARGUMENTS("-e", "check([], [])"), 0, "[] == [], largest error 0: ok\n");
    complains(ARGUMENTS("-e", "check([], 1)"), "check: 0x0 and 1x1: the shapes differ");
    complains(ARGUMENTS("-e", "check(zeros(0, 3), [])"), "check: 0x3 and 0x0: the shapes differ");
}
END_TEST

START_TEST(several_files_run_apart_with_the_worst_status)
{
    write_in(folder, "a.ad", "x = 3, check(1, 2)\n");
    write_in(folder, "b.ad", "y = 4; x\n");
    struct script_outcome outcome =
        script_program("", 0, ARGUMENTS(path_in(folder, "a.ad"), path_in(folder, "b.ad")));
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_str_eq(outcome.output, "x = 3\n1 == 2, largest error 0.5: FAILED\n");
    ck_assert_ptr_nonnull(strstr(outcome.errors, "b.ad:1:8: error: x is not known"));
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(clear_who_and_quit_work_in_scripts)
{
    gives("", ARGUMENTS("-e", "b = 1; a = 2; who, clear b, who\nclear all, who; c = 3"), 0,
          "a  b\na\nc = 3\n");
    gives("", ARGUMENTS("-e", "clear\nclear x* y % unknown names\nclear(\"z\"); clc; x = 3"), 0,
          "x = 3\n");
    gives("", ARGUMENTS("-e", "clear = 4; clear"), 0, "clear = 4\n");
    gives("", ARGUMENTS("-e", "f = @() 1; g = f; clear f; g()"), 0, "ans = 1\n");
    complains(ARGUMENTS("-e", "x = 3; clear x; x"), "x is not known");
    gives("", ARGUMENTS("-e", "for k = 1:3, if k == 2, quit, end, k, end, disp(4)"), 0, "k = 1\n");
    gives("", ARGUMENTS("-e", "while 1, exit(7), end"), 7, "");
    gives("", ARGUMENTS("-e", "check(1, 1), exit"), 0, "1 == 1, largest error 0: ok\n");
    gives("", ARGUMENTS("-e", "check(1, 2), exit"), 1, "1 == 2, largest error 0.5: FAILED\n");
    complains(ARGUMENTS("-e", "exit(256)"), "exit: a status is an integer from 0 to 255");
}
END_TEST

START_TEST(load_and_save_start_at_the_script)
{
    write_in(folder, "m.csv", "a b\n1, 2\n\n3 4\r\n 5\t6 \n");
    write_in(folder, "a.ad",
             "A = load(\"m.csv\")\nsave(\"out.csv\", A/3); B = load(\"out.csv\"); "
             "all(all(B == A/3))\n");
    gives("", ARGUMENTS(path_in(folder, "a.ad")), 0,
          "A =\n\n   1   2\n   3   4\n   5   6\n\nans = 1\n");
    char code[300];
    snprintf(code, sizeof code, "size(load(\"%s\"))(1)", path_in(folder, "m.csv"));
    gives("", ARGUMENTS("-e", code), 0, "ans = 3\n");
}
END_TEST

/* Larger than the limit, though it takes no room on the disk. */
START_TEST(load_refuses_a_file_beyond_the_limit)
{
    write_in(folder, "m.csv", "1\n");
    ck_assert_int_eq(truncate(path_in(folder, "m.csv"), (off_t)3 << 30), 0);
    char code[300];
    snprintf(code, sizeof code, "x = load(\"%s\")", path_in(folder, "m.csv"));
    complains(ARGUMENTS("-e", code), "m.csv: is larger than 1073741824 bytes, the limit");
}
END_TEST

START_TEST(json_prints_one_object_a_line)
{
    gives("", ARGUMENTS("--json", "-e", "dp = -3.26\nA = [1 2; 3 4]\ne = zeros(0, 3), 1/3"), 0,
          "{\"name\":\"dp\",\"rows\":1,\"cols\":1,\"data\":[-3.2599999999999998]}\n"
          "{\"name\":\"A\",\"rows\":2,\"cols\":2,\"data\":[1,3,2,4]}\n"
          "{\"name\":\"e\",\"rows\":0,\"cols\":3,\"data\":[]}\n"
          "{\"name\":\"ans\",\"rows\":1,\"cols\":1,\"data\":[0.33333333333333331]}\n");
    gives("", ARGUMENTS("--json", "-e", "x = [NaN Inf -Inf 1e300]"), 0,
          "{\"name\":\"x\",\"rows\":1,\"cols\":4,\"data\":[\"NaN\",\"Inf\",\"-Inf\","
          "1.0000000000000001e+300]}\n");
    gives("", ARGUMENTS("--json", "-e", "x = 1;\ncheck(x, 1)\ncheck(x, \"a\"(1:0) + 2)"), 2,
          "{\"check\":\"x == 1\",\"ok\":true,\"error\":0,\"line\":2}\n");
    gives("", ARGUMENTS("--json", "-e", "check(1, NaN)"), 1,
          "{\"check\":\"1 == NaN\",\"ok\":false,\"error\":\"NaN\",\"line\":1}\n");
    gives("", ARGUMENTS("--json", "-e", "printf(\"a\\\"b\\n\"); disp(3), s = \"q\""), 0,
          "{\"text\":\"a\\\"b\\n\"}\n{\"text\":\"3\\n\"}\n{\"name\":\"s\",\"text\":\"q\"}\n");
}
END_TEST

START_TEST(graph_writes_dot_svg_and_png)
{
    const char *code = "A = [4 1; 1 3]; d = det(A);";
    gives("", ARGUMENTS("--graph", path_in(folder, "t.dot"), "-e", code), 0, "");
    char *text = script_file(path_in(folder, "t.dot"));
    ck_assert(strstr(text, "digraph") && strstr(text, "det") && strstr(text, "A"));
    free(text);
    gives("", ARGUMENTS("--graph", path_in(folder, "t.dot"), "-e", "y = 2; y(2) = 3; y(5) = 4;"), 0,
          "");
    text = script_file(path_in(folder, "t.dot"));
    ck_assert(strstr(text, "<b>y</b> = hcat_all</td></tr><tr><td>1x2<"));
    ck_assert(strstr(text, "<b>y</b> = gather</td></tr><tr><td>1x5<"));
    free(text);
    if (system("dot -V >/dev/null 2>&1") != 0) {
        complains(ARGUMENTS("--graph", path_in(folder, "t.svg"), "-e", code),
                  "dot could not be run");
        return;
    }
    gives("", ARGUMENTS("--graph", path_in(folder, "t.svg"), "-e", code), 0, "");
    text = script_file(path_in(folder, "t.svg"));
    ck_assert(strstr(text, "<svg") && strstr(text, "det") && strstr(text, "2x2"));
    free(text);
    gives("", ARGUMENTS("--graph", path_in(folder, "t.png"), "-e", code), 0, "");
    text = script_file(path_in(folder, "t.png"));
    ck_assert(memcmp(text, "\x89PNG", 4) == 0);
    free(text);
}
END_TEST

START_TEST(graph_shows_what_the_script_says)
{
    const char *code = "a = 3; b = a; f = @(u) u^2; p = f(b); dp = grad(p, b); s = sign(dp);";
    gives("", ARGUMENTS("--graph", path_in(folder, "t.dot"), "-e", code), 0, "");
    char *text = script_file(path_in(folder, "t.dot"));
    ck_assert(strstr(text, "<b>a</b></td>") && strstr(text, "<b>b</b> = a<"));
    ck_assert(strstr(text, "<b>p</b> = square<") && strstr(text, "<b>s</b> = sign<"));
    const char *cluster = strstr(text, "subgraph cluster");
    ck_assert(cluster && strstr(cluster, "<b>dp</b> = mul<"));
    ck_assert(!strstr(text, "new value") && !strstr(text, "-0<") && !strstr(text, "= add<"));
    free(text);
}
END_TEST

START_TEST(stats_go_to_standard_error)
{
    struct script_outcome outcome =
        script_program("", 0, ARGUMENTS("--stats", "-e", "A = [4 1; 1 3]; d = det(A);"));
    size_t nodes, bytes, factorizations;
    double seconds;
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(outcome.output, "");
    ck_assert_int_eq(sscanf(outcome.errors, "nodes %zu, bytes %zu, factorizations %zu, seconds %lf",
                            &nodes, &bytes, &factorizations, &seconds),
                     4);
    ck_assert(nodes >= 2 && bytes > 0 && factorizations == 1 && seconds >= 0);
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(version_names_the_blas)
{
    char expected[200];
    snprintf(expected, sizeof expected, "autodiff %s\n", ad_version());
    gives("", ARGUMENTS("--version"), 0, expected);
}
END_TEST

START_TEST(help_lists_options_and_functions)
{
    struct script_outcome outcome = script_program("", 0, ARGUMENTS("--help"));
    ck_assert_int_eq(outcome.status, 0);
    ck_assert(strstr(outcome.output, "--json") && strstr(outcome.output, "Exit status"));
    script_outcome_free(&outcome);
    outcome = script_program("", 0, ARGUMENTS("--help", "functions"));
    ck_assert_int_eq(outcome.status, 0);
    ck_assert(strstr(outcome.output, "\n  jacobian(y, x)") &&
              strstr(outcome.output, "\n  kron(A, B)"));
    script_outcome_free(&outcome);
    gives("", ARGUMENTS("--help", "kron"), 0, "  kron(A, B)  Kronecker product\n");
    gives("", ARGUMENTS("-e", "help kron"), 0, "  kron(A, B)  Kronecker product\n");
    complains(ARGUMENTS("--help", "krno"), "krno is not a function; did you mean kron?");
}
END_TEST

/* The functions that the language promises are all in the table. */
START_TEST(every_function_has_help)
{
    static const char names[] =
        "grad jacobian hessian hvp check gradcheck abs sqrt exp expm1 log log1p sin cos tan asin "
        "acos atan sinh cosh tanh erf lgamma sign floor ceil round isnan min max atan2 hypot power "
        "mod sigmoid softplus relu sum mean prod any all cumsum dot trace numel length rows "
        "columns "
        "size isempty logsumexp norm det inv chol kron logdet slogdet cofactor charpoly outer "
        "detach "
        "eye zeros ones diag reshape vec repmat linspace horzcat vertcat tril triu rand randn seed "
        "load save disp printf fprintf format pi e eps Inf NaN "
        "log2 log10 asinh acosh atanh erfc gamma psi rem fix isinf isfinite cumprod std var median "
        "diff sort find fliplr flipud nnz inf help ";
    char name[32];
    size_t length;
    for (const char *at = names; *at; at += length + 1) {
        length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        struct script_outcome outcome = script_program("", 0, ARGUMENTS("--help", name));
        ck_assert_msg(outcome.status == 0, "%s: %s", name, outcome.errors);
        ck_assert_ptr_nonnull(strstr(outcome.output, name));
        script_outcome_free(&outcome);
    }
}
END_TEST

START_TEST(wrong_options_are_errors)
{
    complains(ARGUMENTS("--jason"), "--jason: no such option");
    complains(ARGUMENTS("-e"), "-e: an argument is missing");
    complains(ARGUMENTS("--graph", "x.pdf", "-e", "1"), "must end in .svg, .png or .dot");
    complains(ARGUMENTS("-e", "1", "file.ad"), "no file besides");
    complains(ARGUMENTS("a.ad", "--json"), "options come before");
    complains(ARGUMENTS("--graph", "no/such/folder/x.dot", "-e", "x = 1;"), "No such file");
}
END_TEST

Suite *suite(void)
{
    const TTest *const tests[] = {
        file_argument_or_standard_input_runs,
        exit_status_tells_of_checks_and_errors,
        check_is_relative_to_what_is_expected,
        several_files_run_apart_with_the_worst_status,
        clear_who_and_quit_work_in_scripts,
        load_and_save_start_at_the_script,
        load_refuses_a_file_beyond_the_limit,
        json_prints_one_object_a_line,
        graph_writes_dot_svg_and_png,
        graph_shows_what_the_script_says,
        stats_go_to_standard_error,
        version_names_the_blas,
        help_lists_options_and_functions,
        every_function_has_help,
        wrong_options_are_errors,
    };
    Suite *s = suite_create("script program");
    TCase *cases = tcase_create("program");
    tcase_add_checked_fixture(cases, make_folder, remove_folder);
    for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) {
        tcase_add_test(cases, tests[k]);
    }
    suite_add_tcase(s, cases);
    return s;
}

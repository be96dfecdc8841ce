/* SPDX-License-Identifier: MIT */
/* What --max-memory and --max-time bound: the tape, the interpreter's own memory, files, loops and
 * calls; and matrices without elements, which need neither. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/shell/shell.h"
#include "tests/script_program.h"
#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct script_outcome run_limited(const char *option, const char *value, const char *code)
{
    const char *const arguments[] = {option, value, "-e", code, NULL};
    return script_program("", 0, arguments);
}

/* Asserts status 2 and this beginning of the error. */
static void is_stopped(const char *option, const char *value, const char *code, const char *error)
{
    struct script_outcome outcome = run_limited(option, value, code);
    ck_assert_msg(outcome.status == 2, "%s\nexits with %d\n%.300s", code, outcome.status,
                  outcome.errors);
    ck_assert_msg(strncmp(outcome.errors, error, strlen(error)) == 0, "%s\nsays %.300s", code,
                  outcome.errors);
    if (!getenv("CK_TIMEOUT_MULTIPLIER") || strcmp(getenv("CK_TIMEOUT_MULTIPLIER"), "1") == 0) {
        ck_assert_int_lt(outcome.usage.ru_maxrss, 150 << 10);
    }
    script_outcome_free(&outcome);
}

/* Stopped by 64 MB, and run within 1 GB. */
static const struct {
    const char *code, *error;
} large[] = {
    {"x = 1; y = 1:2e7;",
     "<command line>:1:8: error: out of memory: a 1x20000000 matrix is too large "
     "(--max-memory allows 67108864 bytes)"},
    {"A = ones(60);\nB = kron(A, A);", "<command line>:2:1: error: kron: out of memory "
                                       "(--max-memory allows 67108864 bytes)"},
    {"x = 2; y = x; for k = 1:2e6, y = y*x + 1; end", "<command line>:1:30: error: "},
    /* 50 MB, of which there cannot be two */
    {"A = ones(50); B = kron(A, A);\nC = B + 1;", "<command line>:2:1: error: +: out of memory"},
    {"x = 1:1e6; y = 1;\nprintf(\"%60d\\n\", x);", "<command line>:2:1: error: out of memory "
                                                   "(--max-memory allows 67108864 bytes)"},
};

START_TEST(a_script_that_needs_more_memory_is_stopped)
{
    is_stopped("--max-memory", "64M", large[_i].code, large[_i].error);
}
END_TEST

START_TEST(a_script_with_memory_enough_runs)
{
    struct script_outcome outcome = run_limited("--max-memory", "1G", large[_i].code);
    ck_assert_msg(outcome.status == 0, "%.300s", outcome.errors);
    script_outcome_free(&outcome);
}
END_TEST

/* What is released is free for what follows: 400 MB in all, 32 at a time. */
START_TEST(memory_given_back_counts_no_more)
{
    struct script_outcome outcome = run_limited(
        "--max-memory", "200M", "for k = 1:50, x = rand(1, 1e6); end, printf(\"%d\\n\", numel(x))");
    ck_assert_msg(outcome.status == 0, "%.300s", outcome.errors);
    ck_assert_str_eq(outcome.output, "1000000\n");
    script_outcome_free(&outcome);
}
END_TEST

/* Not even the interpreter finds room. */
START_TEST(a_few_bytes_are_too_few)
{
    is_stopped("--max-memory", "100", "1",
               "autodiff: out of memory (--max-memory allows 100 bytes)");
}
END_TEST

START_TEST(a_script_that_takes_longer_is_stopped)
{
    /* clang-format off */
    static const char *const scripts[][2] = {
        {"while true, end", "<command line>:1:1: error: stopped after the 0.3 seconds that --max-time allows"},
        {"disp(1)\nfor k = 1:1e15\nend", "<command line>:2:1: error: stopped after"},
        {"x = 0;\nwhile 1\n  x += 1;\nend", "<command line>:"},
        {"f = @(g, n) g(g, n + 1) + g(g, n + 1);\nh = @(g, n) f(@(g, n) n, 1);\n"
         "while 1, h(h, 1); end", "<command line>:3:"},
        {"a = @(x) 0; t = @(f) @(x) f(f(x)) + f(f(x));\n" /* 4^12 calls */
         "x = t(t(t(t(t(t(t(t(t(t(t(t(a))))))))))))(1)", "<command line>:2:"},
    };
    /* clang-format on */
    struct script_outcome outcome = run_limited("--max-time", "0.3", scripts[_i][0]);
    ck_assert_int_eq(outcome.status, 2);
    ck_assert_msg(strncmp(outcome.errors, scripts[_i][1], strlen(scripts[_i][1])) == 0, "%.300s",
                  outcome.errors);
    ck_assert_ptr_nonnull(strstr(outcome.errors, "error: stopped after the 0.3 seconds"));
    ck_assert_str_eq(outcome.output, _i == 1 ? "1\n" : "");
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(a_script_within_its_time_runs)
{
    struct script_outcome outcome =
        run_limited("--max-time", "1000", "s = 0; for k = 1:100, s += k; end, s");
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(outcome.output, "s = 5050\n");
    script_outcome_free(&outcome);
}
END_TEST

/* A huge side beside none takes no time: the time of Check would be up. */
START_TEST(no_elements_take_no_time)
{
    static const char *const scripts[][2] = {
        {"rand(0, 1e15)", "[](0x1000000000000000)"},
        {"eye(1e15, 0)", "[](1000000000000000x0)"},
        {"tril(ones(1e15, 0), 1)", "[](1000000000000000x0)"},
        {"repmat(zeros(2, 0), 1e14, 3)", "[](200000000000000x0)"},
        {"zeros(1e15, 0) < 3", "[](1000000000000000x0)"},
        {"!zeros(0, 1e15)", "[](0x1000000000000000)"},
        {"cumsum(zeros(1e15, 0), 2)", "[](1000000000000000x0)"},
        {"cumsum(zeros(0, 1e15))", "[](0x1000000000000000)"},
        {"zeros(1e15, 0)(:, :)", "[](1000000000000000x0)"},
        {"zeros(0, 1e15)([], :)", "[](0x1000000000000000)"},
        {"isnan(zeros(1e15, 0))", "[](1000000000000000x0)"},
        {"max(zeros(0, 1e15))", "[](0x1000000000000000)"},
        {"save(\"/dev/null\", zeros(1e15, 0)); size(zeros(1e15, 0), 1)", "1.0000e+15"},
        {"x = zeros(0, 1e15); size(jacobian(x, x), 1)", "0"},
        {"for k = zeros(0, 1e15), end, k + 1", "[](0x1000000000000000)"},
    };
    struct script_outcome outcome = script_program_text(scripts[_i][0]);
    char expected[100];
    snprintf(expected, sizeof expected, "ans = %s\n", scripts[_i][1]);
    ck_assert_msg(outcome.status == 0, "%.300s", outcome.errors);
    ck_assert_str_eq(outcome.output, expected);
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(sizes_and_seconds_are_read)
{
    size_t bytes;
    double seconds;
    ck_assert(size_from("1000", &bytes) && bytes == 1000);
    ck_assert(size_from("1K", &bytes) && bytes == 1024);
    ck_assert(size_from("1.5M", &bytes) && bytes == 3 << 19);
    ck_assert(size_from("2G", &bytes) && bytes == (size_t)2 << 30);
    ck_assert(size_from("1T", &bytes) && bytes == (size_t)1 << 40);
    static const char *const wrong[] = {"",    "M",   "1X",  "1MB",  "0",
                                        "-1M", "NaN", "Inf", "1e99", "0.5"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        ck_assert_msg(!size_from(wrong[k], &bytes), "%s", wrong[k]);
    }
    ck_assert(seconds_from("1.5", &seconds) && seconds == 1.5);
    ck_assert(!seconds_from("", &seconds) && !seconds_from("1s", &seconds) &&
              !seconds_from("0", &seconds) && !seconds_from("-1", &seconds) &&
              !seconds_from("NaN", &seconds));
}
END_TEST

START_TEST(wrong_limits_are_errors)
{
    is_stopped("--max-memory", "much", "1", "autodiff: --max-memory: takes a size, as 500M or 2G");
    is_stopped("--max-time", "long", "1", "autodiff: --max-time: takes a number of seconds");
}
END_TEST

START_TEST(the_limit_of_memory_is_one_of_files)
{
    is_stopped("--max-memory", "1M", "x = load(\"tests\")",
               "<command line>:1:1: error: load: tests: is a");
    char path[] = "/tmp/autodiff-script-XXXXXX", expected[100];
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, 3 << 20), 0);
    close(file);
    const char *const arguments[] = {"--max-memory", "1M", path, NULL};
    struct script_outcome outcome = script_program("", 0, arguments);
    unlink(path);
    ck_assert_int_eq(outcome.status, 2);
    snprintf(expected, sizeof expected, "autodiff: %s: is larger than 1048576 bytes, the limit\n",
             path);
    ck_assert_str_eq(outcome.errors, expected);
    script_outcome_free(&outcome);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script limits");
    TCase *cases = tcase_create("limits");
    tcase_add_loop_test(cases, a_script_that_needs_more_memory_is_stopped, 0,
                        (int)(sizeof large / sizeof *large));
    tcase_add_loop_test(cases, a_script_with_memory_enough_runs, 0,
                        (int)(sizeof large / sizeof *large));
    tcase_add_test(cases, memory_given_back_counts_no_more);
    tcase_add_test(cases, a_few_bytes_are_too_few);
    tcase_add_loop_test(cases, a_script_that_takes_longer_is_stopped, 0, 5);
    tcase_add_test(cases, a_script_within_its_time_runs);
    tcase_add_loop_test(cases, no_elements_take_no_time, 0, 15);
    tcase_add_test(cases, sizes_and_seconds_are_read);
    tcase_add_test(cases, wrong_limits_are_errors);
    tcase_add_test(cases, the_limit_of_memory_is_one_of_files);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* The prompt on a terminal: statements, errors that it survives, blocks over several lines, Ctrl-C
 * that stops a loop, completion, history, Ctrl-D that leaves. */
#define _XOPEN_SOURCE 700

#include "tests/script_program.h"
#include "tests/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int terminal;
static pid_t child;
static char seen[1 << 16]; /* all that the program wrote, since forget() */
static size_t seen_length;
static const char *state_folder = "/dev/null"; /* where the history goes: nowhere */

/* In the child: the program on the terminal's other end. */
static void become_program(const char *name)
{
    const char *program = getenv("AUTODIFF");
    setsid();
    int end = open(name, O_RDWR);
    for (int k = 0; k < 3; k++) {
        dup2(end, k);
    }
    setenv("TERM", "vt100", 1);
    setenv("XDG_STATE_HOME", state_folder, 1);
    program = program && *program ? program : TEST_BUILD "/autodiff";
    execl(program, program, (char *)NULL);
    _exit(127);
}

/* Reads for at most so many milliseconds; false when nothing came. */
static bool read_some(int milliseconds)
{
    struct pollfd ready = {.fd = terminal, .events = POLLIN};
    if (poll(&ready, 1, milliseconds) <= 0) {
        return false;
    }
    ssize_t got = read(terminal, seen + seen_length, sizeof seen - 1 - seen_length);
    if (got <= 0) {
        return false;
    }
    seen_length += (size_t)got;
    seen[seen_length] = '\0';
    return true;
}

static void forget(void)
{
    seen_length = 0;
    seen[0] = '\0';
}

/* Waits until the program has written this. */
static void expect(const char *text)
{
    while (!strstr(seen, text))
        ck_assert_msg(read_some(20000), "\"%s\" does not come after\n%s", text, seen);
}

/* Presses keys, and waits for what they bring about. */
static void press(const char *keys, const char *expected)
{
    forget();
    ck_assert_int_eq(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
    expect(expected);
}

/* As press, and waits for the prompt that follows: before it the terminal is not ready for keys
 * such as Ctrl-D. */
static void type(const char *keys, const char *expected)
{
    press(keys, expected);
    char *after = strstr(seen, expected) + strlen(expected);
    memmove(seen, after, strlen(after) + 1);
    seen_length = strlen(seen);
    while (!strstr(seen, ">> ") && !strstr(seen, "... ")) {
        ck_assert_msg(read_some(20000), "no prompt comes after %s", expected);
    }
}

/* Opens a pseudo-terminal and fills in the name of its other end. */
static bool open_terminal(char name[100])
{
    terminal = posix_openpt(O_RDWR | O_NOCTTY);
    bool named = terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0;
    const char *end = named ? ptsname(terminal) : NULL;
    snprintf(name, 100, "%s", end ? end : "");
    return end != NULL;
}

/* False in a chroot without /dev/pts. */
static bool terminals_exist(void)
{
    char name[100];
    int end = open_terminal(name) ? open(name, O_RDWR | O_NOCTTY) : -1;
    bool exist = end >= 0;
    if (exist) {
        close(end);
    }
    if (terminal >= 0) {
        close(terminal);
    }
    return exist;
}

static void start(void)
{
    char name[100];
    ck_assert(open_terminal(name));
    forget();
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        become_program(name);
    }
    expect(">> ");
}

/* Waits for the end of the program that a command brings about. */
static void ends_with(const char *command, int expected)
{
    int status = 0;
    ck_assert_int_eq(write(terminal, command, strlen(command)), (ssize_t)strlen(command));
    while (read_some(5000)) {
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), expected);
    close(terminal);
}

/* A key pressed while the terminal changes its mode may be lost, or end up in the line: Ctrl-D is
 * pressed again, on a line cleared by Ctrl-U, until the program has ended. */
static void leave(void)
{
    int status = 0;
    struct pollfd other_end = {.fd = terminal};
    for (int tries = 0; !(other_end.revents & POLLHUP); tries++) {
        ck_assert_msg(tries < 20, "Ctrl-D does not leave after\n%s", seen);
        forget();
        const char *keys = tries == 0 ? "\004" : "\025\004";
        if (write(terminal, keys, strlen(keys)) > 0) {
            while (read_some(1000)) {
            }
        }
        ck_assert_int_ge(poll(&other_end, 1, 0), 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(terminal);
}

START_TEST(statements_run_as_they_are_typed)
{
    start();
    type("x = [1 2; 3 4];\n", "\n");
    type("det(x)\n", "ans = -2");
    leave();
}
END_TEST

START_TEST(an_error_is_survived_and_nothing_is_lost)
{
    start();
    type("x = 41;\n", "\n");
    type("y = sinn(x)\n", "did you mean sign, sin or sinh?");
    type("x + 1\n", "ans = 42");
    type("x = (1 + ))\n", "error:");
    type("x + 2\n", "ans = 43");
    leave();
}
END_TEST

START_TEST(a_block_is_asked_for_to_its_end)
{
    start();
    type("for k = 1:2\n", "\n");
    type("z = 10*k\n", "\n");
    type("end\n", "z = 20");
    type("a = [1, 2\n", "\n");
    type("3, 4]; a(2, 2) + 1\n", "ans = 5");
    leave();
}
END_TEST

START_TEST(blank_lines_in_a_block_do_not_end_it)
{
    start();
    type("for k = 1:2\n", "\n");
    type("\n", "\n");
    type("  \n", "\n");
    type("z = 10*k\n", "\n");
    type("\n", "\n");
    type("end\n", "z = 20");
    type("f(1,\n", "\n");
    forget();
    for (int tries = 0; !strstr(seen, ">> "); tries++) { /* Ctrl-C drops what is begun */
        ck_assert_msg(tries < 20, "Ctrl-C brings no prompt\n%s", seen);
        ck_assert(write(terminal, "\003", 1) == 1);
        while (read_some(1000)) {
        }
    }
    type("z + 1\n", "ans = 21");
    leave();
}
END_TEST

START_TEST(quit_and_exit_leave)
{
    start();
    type("x = 1\n", "x = 1");
    ends_with("quit\n", 0);
    start();
    ends_with("for k = 1:3, exit(k), end\n", 1);
}
END_TEST

START_TEST(clear_forgets_and_who_tells)
{
    start();
    type("x1 = 1; x2 = 2; y = 3;\n", "\n");
    type("who\n", "x1  x2  y");
    type("clear x*\n", "\n");
    type("who, x1\n", "x1 is not known");
    type("y\n", "y = 3");
    type("clear\n", "\n");
    type("clc, y\n", "\033[H\033[2J");
    type("y\n", "y is not known");
    leave();
}
END_TEST

START_TEST(interrupt_stops_a_loop_without_leaving)
{
    start();
    type("n = 0;\n", "\n");
    press("while 1, n += 1; if n == 100, disp(\"begun\"), end, end\n", "\nbegun");
    type("\003", "interrupted");
    type("n >= 100\n", "ans = 1");
    leave();
}
END_TEST

/* What a derivative will be asked by is not known yet. */
START_TEST(a_derivative_may_be_asked_for_later)
{
    start();
    type("x = [0; 0]; x(1) = 3; x(2) = 4; r = x(1)*x(2);\n", "\n");
    type("for k = 1:3, x(k+1) = 2*x(k); end, f = x(2)*x(4)*r;\n", "\n");
    type("disp(grad(f, x)')\n", "0   288     0    72");
    leave();
}
END_TEST

START_TEST(plots_are_told_of_at_the_end)
{
    start();
    type("plot(1:3)\n", "\n");
    ends_with("quit\n", 0);
    ck_assert(strstr(seen, "1 plot was skipped"));
}
END_TEST

START_TEST(help_is_given)
{
    start();
    type("help kron\n", "Kronecker product");
    type("help\n", "false");
    leave();
}
END_TEST

#ifdef HAVE_LIBEDIT
/* Types a line in one session and brings it back in another. */
START_TEST(history_outlives_the_program)
{
    char folder[] = "/tmp/script-prompt-XXXXXX", path[100];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    state_folder = folder;
    start();
    type("6*7\n", "ans = 42");
    leave();
    start();
    press("\020", "6*7"); /* Ctrl-P */
    type("0\n", "ans = 420");
    leave();
    snprintf(path, sizeof path, "%s/autodiff/history", folder);
    ck_assert_int_eq(unlink(path), 0);
    snprintf(path, sizeof path, "%s/autodiff", folder);
    rmdir(path);
    rmdir(folder);
}
END_TEST

START_TEST(names_are_completed_and_lines_remembered)
{
    start();
    type("a_long_name = 6;\n", "\n");
    press("jacob\t", "ian"); /* what was missing */
    press("\025", "\033");   /* Ctrl-U clears the line */
    press("a_lo\t", "ng_name");
    type("*7\n", "ans = 42");
    press("\020", "*7"); /* Ctrl-P brings the last line back */
    type("0\n", "ans = 420");
    type("function y = of_the_script(x), y = 2*x; end\n", "\n");
    press("of_th\t", "e_script");
    type("(21)\n", "ans = 42");
    leave();
}
END_TEST
#endif

/* Without a terminal there is no prompt: its words would stand among the results. */
START_TEST(input_from_elsewhere_runs_as_a_script)
{
    struct script_outcome outcome =
        script_program("x = 41;\nx + 1\n", 14, (const char *const[]){NULL});
    ck_assert_int_eq(outcome.status, 0);
    ck_assert_str_eq(outcome.output, "ans = 42\n");
    script_outcome_free(&outcome);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script prompt");
    TCase *cases = tcase_create("terminal");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, input_from_elsewhere_runs_as_a_script);
    suite_add_tcase(s, cases);
    if (!terminals_exist()) {
        printf("script prompt: skipped, for there is no pseudo-terminal here\n");
        fflush(stdout);
        return s;
    }
    tcase_add_test(cases, statements_run_as_they_are_typed);
    tcase_add_test(cases, an_error_is_survived_and_nothing_is_lost);
    tcase_add_test(cases, a_block_is_asked_for_to_its_end);
    tcase_add_test(cases, blank_lines_in_a_block_do_not_end_it);
    tcase_add_test(cases, quit_and_exit_leave);
    tcase_add_test(cases, clear_forgets_and_who_tells);
    tcase_add_test(cases, interrupt_stops_a_loop_without_leaving);
    tcase_add_test(cases, a_derivative_may_be_asked_for_later);
    tcase_add_test(cases, plots_are_told_of_at_the_end);
    tcase_add_test(cases, help_is_given);
#ifdef HAVE_LIBEDIT
    tcase_add_test(cases, history_outlives_the_program);
    tcase_add_test(cases, names_are_completed_and_lines_remembered);
#endif
    return s;
}

/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"

#include "autodiff/script/run/interpreter.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct script_outcome script_run(const char *text)
{
    struct script_outcome outcome = {0};
    size_t lengths[2];
    FILE *output = open_memstream(&outcome.output, &lengths[0]);
    FILE *errors = open_memstream(&outcome.errors, &lengths[1]);
    interpreter *in = interpreter_new(output, NULL);
    if (!run_source(in, source_new("script", text, strlen(text)), NULL)) {
        report_failure(in, errors);
        outcome.status = 2;
    } else {
        outcome.status = in->check_failed;
    }
    interpreter_free(in);
    fclose(output);
    fclose(errors);
    return outcome;
}

void script_outcome_free(struct script_outcome *outcome)
{
    free(outcome->output);
    free(outcome->errors);
}

/* ---- The program --------------------------------------------------------------------------- */

static char *read_rest(FILE *file)
{
    text_buffer text = {0};
    char buffer[4096];
    size_t got;
    rewind(file);
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        text_append(&text, buffer, got);
    }
    text_append(&text, "", 0);
    fclose(file);
    char *copy = malloc(text.length + 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text.data, text.length + 1);
    text_free(&text);
    return copy;
}

/* In the child: the program with the files as its streams. */
static void become_program(FILE *const *streams, const char *const *arguments)
{
    const char *program = getenv("AUTODIFF");
    const char *list[32] = {program && *program ? program : TEST_BUILD "/autodiff"};
    for (int k = 0; k < 30 && arguments[k]; k++) {
        list[k + 1] = arguments[k];
    }
    for (int k = 0; k < 3; k++) {
        dup2(fileno(streams[k]), k);
    }
    union {
        const char **list;
        char *const *arguments;
    } pointer = {list}; /* execv changes neither */
    execv(list[0], pointer.arguments);
    _exit(127);
}

struct script_outcome script_program(const char *input, size_t length, const char *const *arguments)
{
    struct script_outcome outcome = {.status = -1};
    FILE *streams[3] = {tmpfile(), tmpfile(), tmpfile()};
    int status;
    ck_assert(streams[0] && streams[1] && streams[2]);
    if (length) fwrite(input, 1, length, streams[0]);
    rewind(streams[0]);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        become_program(streams, arguments);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) {
        outcome.status = WEXITSTATUS(status);
    }
    getrusage(RUSAGE_CHILDREN, &outcome.usage);
    fclose(streams[0]);
    outcome.output = read_rest(streams[1]);
    outcome.errors = read_rest(streams[2]);
    return outcome;
}

struct script_outcome script_program_text(const char *text)
{
    const char *const arguments[] = {"-e", text, NULL};
    return script_program("", 0, arguments);
}

/* ---- Assertions ---------------------------------------------------------------------------- */

void script_prints(const char *text, const char *output)
{
    struct script_outcome outcome = script_run(text);
    ck_assert_msg(outcome.status == 0, "%s\n%s%s", text, outcome.output, outcome.errors);
    ck_assert_msg(strcmp(outcome.output, output) == 0, "%s\nprints\n%s\nnot\n%s", text,
                  outcome.output, output);
    script_outcome_free(&outcome);
}

void script_passes(const char *text, int least)
{
    struct script_outcome outcome = script_run(text);
    int passed = 0;
    for (const char *at = outcome.output; (at = strstr(at, ": ok\n")); at++) {
        passed++;
    }
    ck_assert_msg(outcome.status == 0 && passed >= least, "%s\n%d of %d checks\n%s%s", text, passed,
                  least, outcome.output, outcome.errors);
    script_outcome_free(&outcome);
}

void script_fails(const char *text, size_t line, size_t column, const char *message)
{
    struct script_outcome outcome = script_program_text(text);
    text_buffer place = {0};
    text_print(&place, "<command line>:%zu:%zu: error: ", line, column);
    const char *end = strchr(outcome.errors, '\n');
    const char *found = strstr(outcome.errors, message);
    ck_assert_msg(outcome.status == 2, "%s\nexits with %d\n%s", text, outcome.status,
                  outcome.errors);
    ck_assert_msg(strncmp(outcome.errors, place.data, place.length) == 0,
                  "%s\nis not an error at %zu:%zu:\n%s", text, line, column, outcome.errors);
    ck_assert_msg(found && end && found < end && found + strlen(message) <= end + 1,
                  "%s\ndoes not say \"%s\":\n%s", text, message, outcome.errors);
    text_free(&place);
    script_outcome_free(&outcome);
}

char *script_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s cannot be read", path);
    return read_rest(file);
}

const char *path_in(const char *folder, const char *name)
{
    static char paths[2][200];
    static int turn;
    turn = !turn;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", folder, name);
    return paths[turn];
}

void write_in(const char *folder, const char *name, const char *text)
{
    FILE *file = fopen(path_in(folder, name), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

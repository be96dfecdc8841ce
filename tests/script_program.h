/* SPDX-License-Identifier: MIT */
/* Scripts run for tests: in this process, or through the program. */
#ifndef TESTS_SCRIPT_PROGRAM_H
#define TESTS_SCRIPT_PROGRAM_H

#include <stddef.h>
#include <sys/resource.h>

/* What a script left behind; free it with script_outcome_free. */
struct script_outcome {
    int status;          /* 0, 1 or 2 as the program exits; -1 if a signal ended it */
    char *output;        /* standard output */
    char *errors;        /* standard error */
    struct rusage usage; /* of the program */
};

/* Runs text in this process: status, output, and the error as the program reports it, with the
 * file's name "script". */
struct script_outcome script_run(const char *text);

/* Runs the program (the environment variable AUTODIFF, or the one of this build) with the
 * arguments, up to a NULL, and length bytes of standard input. */
struct script_outcome script_program(const char *input, size_t length,
                                     const char *const *arguments);

/* As script_program for `autodiff -e text`. */
struct script_outcome script_program_text(const char *text);

void script_outcome_free(struct script_outcome *outcome);

/* Asserts that a script ends with status 0 and prints exactly this. */
void script_prints(const char *text, const char *output);

/* Asserts that a script whose lines are all checks passes them: at least `least` of them. */
void script_passes(const char *text, int least);

/* Asserts exit status 2 and an error at line and column whose message contains this text. */
void script_fails(const char *text, size_t line, size_t column, const char *message);

/* A file's bytes with a terminator; fails the test when it cannot be read. free() it. */
char *script_file(const char *path);

/* The path of a file in a folder; overwritten by the next call but one. And such a file, written. */
const char *path_in(const char *folder, const char *name);
void write_in(const char *folder, const char *name, const char *text);

#endif

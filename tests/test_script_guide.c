/* SPDX-License-Identifier: MIT */
/* Every example of docs/scripts.md runs, and prints what stands below it. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char GUIDE[] = "docs/scripts.md";

/* The next block that starts at or after *at: its language in language, its text returned (free
 * it), *at moved past it; NULL at the end. */
static char *next_block(const char **at, char language[16], bool *adjacent)
{
    const char *start = strstr(*at, "```");
    if (!start) {
        return NULL;
    }
    const char *line = strchr(start, '\n');
    const char *end = line ? strstr(line, "\n```") : NULL;
    ck_assert_msg(end != NULL, "a block is not closed");
    *adjacent = start == *at;
    snprintf(language, 16, "%.*s", (int)(line - start - 3), start + 3);
    char *text = strndup(line + 1, (size_t)(end - line));
    *at = end + 4;
    *at += **at == '\n';
    return text;
}

/* The code between the quotes of autodiff -e '...'. */
static char *quoted(const char *command)
{
    const char *start = strstr(command, "-e '");
    const char *end = strrchr(command, '\'');
    ck_assert(start && end > start + 4);
    return strndup(start + 4, (size_t)(end - start - 4));
}

/* Two texts with whatever stands after "largest error " up to a colon left out: rounding. */
static bool same_but_rounding(const char *a, const char *b)
{
    static const char words[] = "largest error ";
    while (*a && *a == *b) {
        bool error = strncmp(a, words, sizeof words - 1) == 0;
        if (error && strncmp(b, words, sizeof words - 1) == 0) {
            a += strcspn(a, ":");
            b += strcspn(b, ":");
        } else {
            a++;
            b++;
        }
    }
    return *a == *b;
}

static void check_output(const char *code, const struct script_outcome *outcome,
                         const char *expected, bool error)
{
    const char *printed = error ? outcome->errors : outcome->output;
    ck_assert_msg(outcome->status == (error ? 2 : 0), "%s\n%s%s", code, outcome->output,
                  outcome->errors);
    if (expected) {
        ck_assert_msg(same_but_rounding(printed, expected), "%s\nprints\n%s\nnot\n%s", code,
                      printed, expected);
    }
}

START_TEST(examples_print_what_the_guide_says)
{
    char *guide = script_file(GUIDE), *code, language[16], following[16];
    const char *at = guide;
    bool adjacent;
    int examples = 0;
    while ((code = next_block(&at, language, &adjacent))) {
        bool shell = strcmp(language, "sh") == 0;
        ck_assert_msg(shell || strcmp(language, "octave") == 0, "a block of %s", language);
        const char *after = at;
        char *expected = next_block(&after, following, &adjacent);
        if (expected && adjacent && strcmp(following, "text") == 0) {
            at = after;
        } else {
            free(expected);
            expected = NULL;
        }
        char *script = shell ? quoted(code) : strdup(code);
        struct script_outcome outcome = script_program_text(script);
        check_output(script, &outcome, expected, shell);
        script_outcome_free(&outcome);
        free(script);
        free(expected);
        free(code);
        examples++;
    }
    free(guide);
    ck_assert_int_ge(examples, 7);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script guide");
    TCase *cases = tcase_create("examples");
    tcase_add_test(cases, examples_print_what_the_guide_says);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* Every operation has its row in the derivations, and a place in the source that a search finds;
 * every function of scripts has its row in their guide. */
#include "autodiff/script/library/functions.h"
#include "ops/operations.h"
#include "tests/every_operation.h"
#include "tests/suite.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot read %s", path);
    char *text = calloc(1, 1 << 16);
    ck_assert_ptr_nonnull(text);
    size_t length = fread(text, 1, (1 << 16) - 1, file);
    ck_assert_msg(length > 0 && feof(file), "%s: read %zu bytes", path, length);
    fclose(file);
    return text;
}

/* `name` in the first cell of a table's row. */
static bool has_row(const char *text, const char *name)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "`%s`", name);
    for (const char *at = strstr(text, quoted); at; at = strstr(at + 1, quoted)) {
        const char *start = at;
        while (start > text && start[-1] != '\n') start--;
        const char *cell_end = strchr(start + 1, '|');
        if (*start == '|' && cell_end && at < cell_end) return true;
    }
    return false;
}

START_TEST(every_operation_has_a_row_in_the_derivations)
{
    char *text = read_text("docs/derivations.md");
    size_t count = 0;
    for (; operation_at(count); count++)
        ck_assert_msg(has_row(text, operation_name_at(count)), "docs/derivations.md: no row for %s",
                      operation_name_at(count));
    ck_assert_uint_gt(count, 0);
    ck_assert(!has_row(text, "no_such_operation"));
    free(text);
}
END_TEST

/* A definition that is written out, or its name in a comment above the macro that makes it. */
static bool defines(const char *text, const char *name)
{
    char definition[64], word[64];
    snprintf(definition, sizeof definition, "\nad_var ad_%s(", name);
    snprintf(word, sizeof word, "ad_%s", name);
    if (strstr(text, definition)) return true;
    for (const char *at = strstr(text, "/* Defines "); at; at = strstr(at + 1, "/* Defines ")) {
        const char *end = strstr(at, "*/");
        for (const char *here = strstr(at, word); here && here < end; here = strstr(here + 1, word))
            if (strcspn(here, " ,.:\n") == strlen(word)) return true;
    }
    return false;
}

START_TEST(every_function_of_the_header_is_found_in_the_source)
{
    glob_t files = {0};
    ck_assert_int_eq(glob("ops/*.c", 0, NULL, &files), 0);
    ck_assert_int_eq(glob("ops/*.def", GLOB_APPEND, NULL, &files), 0);
    bool found[256] = {false};
    ck_assert_uint_lt(every_operation_count(), 256);
    for (size_t k = 0; k < files.gl_pathc; k++) {
        char *text = read_text(files.gl_pathv[k]);
        for (size_t i = 0; i < every_operation_count(); i++)
            found[i] = found[i] || defines(text, every_operation[i].name);
        ck_assert(!defines(text, "no_such_operation"));
        free(text);
    }
    globfree(&files);
    for (size_t i = 0; i < every_operation_count(); i++)
        ck_assert_msg(found[i], "ops/: no definition of ad_%s, no comment that Defines it",
                      every_operation[i].name);
}
END_TEST

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The name as a word of the code in a table's row. */
static bool has_function(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strstr(text, name); at; at = strstr(at + 1, name)) {
        const char *start = at;
        size_t quotes = 0;
        for (; start > text && start[-1] != '\n'; start--) quotes += start[-1] == '`';
        bool word = at > text && !in_word(at[-1]) && !in_word(at[length]);
        if (*start == '|' && quotes % 2 && word) return true;
    }
    return false;
}

START_TEST(every_script_function_has_a_row_in_the_guide)
{
    char *text = read_text("docs/scripts.md");
    ck_assert_uint_gt(function_count(), 100);
    for (uint32_t k = 0; k < function_count(); k++)
        ck_assert_msg(has_function(text, function_of(k)->name), "no row for %s",
                      function_of(k)->name);
    ck_assert(!has_function(text, "no_such_function"));
    ck_assert(!has_function(text, "rand rando"));
    free(text);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("documentation");
    TCase *cases = tcase_create("documentation");
    tcase_add_test(cases, every_operation_has_a_row_in_the_derivations);
    tcase_add_test(cases, every_function_of_the_header_is_found_in_the_source);
    tcase_add_test(cases, every_script_function_has_a_row_in_the_guide);
    suite_add_tcase(s, cases);
    return s;
}

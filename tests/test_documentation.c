/* Every operation has its row in the derivations, every suite in the page about the tests. */
#define _POSIX_C_SOURCE 200809L
#include "ops/operations.h"
#include "tests/suite.h"

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
        ck_assert_msg(has_row(text, operation_at(count)->name), "no row for %s",
                      operation_at(count)->name);
    ck_assert_uint_gt(count, 0);
    ck_assert(!has_row(text, "no_such_operation"));
    free(text);
}
END_TEST

START_TEST(every_suite_is_in_the_page_about_the_tests)
{
    char *text = read_text("tests/README.md");
    glob_t suites;
    ck_assert_int_eq(glob("tests/test_*.*", 0, NULL, &suites), 0);
    for (size_t i = 0; i < suites.gl_pathc; i++) {
        char name[64];
        ck_assert_int_eq(sscanf(suites.gl_pathv[i], "tests/%63[a-z0-9_]", name), 1);
        const char *at = strstr(text, name);
        while (at && strcspn(at, " ,") != strlen(name)) at = strstr(at + 1, name);
        ck_assert_msg(at != NULL, "tests/README.md does not say what %s promises", name);
    }
    globfree(&suites);
    free(text);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("documentation");
    TCase *cases = tcase_create("documentation");
    tcase_add_test(cases, every_operation_has_a_row_in_the_derivations);
    tcase_add_test(cases, every_suite_is_in_the_page_about_the_tests);
    suite_add_tcase(s, cases);
    return s;
}

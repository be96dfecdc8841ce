/* SPDX-License-Identifier: MIT */
/* Random programs of calls of the C interface keep its promises:
 * tests/fuzz/interface/interface.h. */
#include "tests/fuzz/interface/interface.h"

#include <string.h>

#include "tests/random_numbers.h"
#include "tests/suite.h"

enum { PROGRAMS = 2000, PARTS = 8, LONGEST = 320 };

/* ---- random bytes ---- */

static const char *run_random(unsigned long long seed)
{
    random_state state = seed;
    uint8_t bytes[LONGEST];
    const size_t size = 60 + random_below(&state, LONGEST - 60);
    for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)random_below(&state, 256);
    return interface_run(bytes, size, NULL);
}

START_TEST(random_programs_keep_all_promises)
{
    const unsigned long long first = 1 + (unsigned long long)_i * (PROGRAMS / PARTS);
    for (unsigned long long seed = first; seed < first + PROGRAMS / PARTS; seed++) {
        const char *broken = run_random(seed);
        ck_assert_msg(!broken, "seed %llu: %s", seed, broken);
    }
}
END_TEST

/* ---- every public function is in the table ---- */

static size_t check_header(const char *path)
{
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot read %s", path);
    char line[512], name[64];
    size_t count = 0;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "AD_API ", 7) != 0) continue;
        for (const char *at = strstr(line, "ad_"); at; at = strstr(at + 1, "ad_")) {
            if (sscanf(at, "%63[a-z0-9_](", name) != 1 || at[strlen(name)] != '(') continue;
            ck_assert_msg(interface_calls(name),
                          "tests/operations.def, tests/fuzz/interface/calls.c: no %s", name);
            count++;
            break;
        }
    }
    fclose(file);
    return count;
}

START_TEST(every_public_function_is_called)
{
    ck_assert_uint_gt(check_header("autodiff/autodiff.h"), 30);
    ck_assert_uint_gt(check_header("autodiff/operations.h"), 80);
    ck_assert_uint_eq(check_header("autodiff/custom.h"), 1);
    ck_assert_uint_eq(check_header("autodiff/function.h"), 5);
    ck_assert(!interface_calls("ad_no_such_function"));
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("random programs");
    TCase *random = tcase_create("random programs");
    tcase_add_loop_test(random, random_programs_keep_all_promises, 0, PARTS);
    suite_add_tcase(s, random);
    TCase *table = tcase_create("the table of calls");
    tcase_add_test(table, every_public_function_is_called);
    suite_add_tcase(s, table);
    return s;
}

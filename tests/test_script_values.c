/* SPDX-License-Identifier: MIT */
/* Scripts without derivatives give the numbers that Octave gives. */
#include "tests/script_results.h"
#include "tests/suite.h"

static const char RECORDS[] = "tests/data/scripts/octave_values.txt";

START_TEST(there_are_references)
{
    ck_assert_int_ge(script_records(RECORDS), 600);
}
END_TEST

START_TEST(script_gives_the_value_of_octave)
{
    script_check(RECORDS, _i, 1e-12);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script values");
    TCase *cases = tcase_create("octave");
    tcase_add_test(cases, there_are_references);
    tcase_add_loop_test(cases, script_gives_the_value_of_octave, 0, script_records(RECORDS));
    suite_add_tcase(s, cases);
    return s;
}

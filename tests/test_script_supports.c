/* SPDX-License-Identifier: MIT */
/* Scripts in which elements that take no part have infinite slopes: all their checks hold. */
#include "tests/script_program.h"

#include "tests/suite.h"

static const char *const scripts[] = {"tests/data/scripts/losers_of_extremes.ad",
                                      "tests/data/scripts/squares_of_norms.ad",
                                      "tests/data/scripts/triangle_masks.ad"};

START_TEST(all_checks_of_the_script_hold)
{
    const char *const arguments[] = {scripts[_i], NULL};
    struct script_outcome outcome = script_program("", 0, arguments);
    ck_assert_msg(outcome.status == 0, "%s: status %d\n%s%s", scripts[_i], outcome.status,
                  outcome.output, outcome.errors);
    script_outcome_free(&outcome);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script supports");
    TCase *cases = tcase_create("scripts");
    tcase_add_loop_test(cases, all_checks_of_the_script_hold, 0,
                        (int)(sizeof scripts / sizeof *scripts));
    suite_add_tcase(s, cases);
    return s;
}

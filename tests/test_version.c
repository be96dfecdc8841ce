/* SPDX-License-Identifier: MIT */
/* One source of version: the header's macros, which the library reports. */
#include <autodiff/autodiff.h>

#include <stdio.h>
#include <string.h>

#include "tests/suite.h"

START_TEST(version_begins_with_that_of_the_header)
{
    char expected[64];
    snprintf(expected, sizeof expected, "%d.%d.%d ", AD_VERSION_MAJOR, AD_VERSION_MINOR,
             AD_VERSION_PATCH);
    ck_assert_msg(strncmp(ad_version(), expected, strlen(expected)) == 0, "%s", ad_version());
}
END_TEST

START_TEST(version_names_the_kernels_it_was_built_with)
{
    bool builtin = strcmp(TEST_KERNELS, "builtin") == 0;
    ck_assert_ptr_nonnull(strchr(ad_version(), '('));
    ck_assert_msg((strstr(ad_version(), "(builtin)") != NULL) == builtin, "%s built with %s",
                  ad_version(), TEST_KERNELS);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("version");
    TCase *cases = tcase_create("version");
    tcase_add_test(cases, version_begins_with_that_of_the_header);
    tcase_add_test(cases, version_names_the_kernels_it_was_built_with);
    suite_add_tcase(s, cases);
    return s;
}

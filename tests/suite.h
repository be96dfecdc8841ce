/* SPDX-License-Identifier: MIT */
/* The main of a Check suite. A file tests/test_<topic>.c includes this header and defines suite();
 * the rest is here, so that every suite runs and reports alike. Included by test_*.c only. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

Suite *suite(void);

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif

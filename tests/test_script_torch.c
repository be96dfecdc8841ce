/* SPDX-License-Identifier: MIT */
/* Gradients and Hessian-vector products of random scripts equal those of PyTorch. */
#include "tests/script_results.h"
#include "tests/suite.h"

static const char RECORDS[] = "tests/data/scripts/torch_values.txt";

START_TEST(there_are_references)
{
    ck_assert_int_ge(script_records(RECORDS), 180);
}
END_TEST

START_TEST(script_gives_the_derivatives_of_torch)
{
    script_check(RECORDS, _i, 1e-9);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script derivatives");
    TCase *cases = tcase_create("torch");
    tcase_add_test(cases, there_are_references);
    tcase_add_loop_test(cases, script_gives_the_derivatives_of_torch, 0, script_records(RECORDS));
    suite_add_tcase(s, cases);
    return s;
}

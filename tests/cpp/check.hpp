// SPDX-License-Identifier: MIT
/* Checks that count, for the programs of test_cpp.sh. */
#ifndef TESTS_CPP_CHECK_HPP
#define TESTS_CPP_CHECK_HPP

#include <autodiff/autodiff.hpp>
#include <cstdio>

extern int failures;

#define CHECK(condition)                                                                           \
    ((condition) ? (void)0                                                                         \
                 : (void)(failures++, std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition)))

/* The status and the message that the tape has, and clears both. */
bool error_is(ad_tape *tape, ad_status status, const char *words);

/* Equal in shape, in every bit of the values, and in the gradients of their sums by x. */
bool same(ad::var a, ad::var b, ad::var x);

void check_operators();
void check_functions();
void check_templates();
void check_tapes();
void check_errors();
void check_derivatives();

#endif

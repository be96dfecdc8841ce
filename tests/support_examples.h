/* SPDX-License-Identifier: MIT */
/* Functions some of whose elements take no part: derivatives known by hand, checked every way that
 * there is to find them. */
#ifndef TESTS_SUPPORT_EXAMPLES_H
#define TESTS_SUPPORT_EXAMPLES_H

#include <autodiff/autodiff.h>

enum { EXAMPLE_INPUTS = 2, EXAMPLE_ELEMENTS = 6 };

/* A 1x1 function of one or two inputs of equal shape; arrays hold the elements of the first, then
 * those of the second. An element takes no part where both derivatives are 0. */
typedef struct example {
    const char *name;
    ad_var (*of)(ad_var x, ad_var y); /* y is {0} where there is one input */
    size_t inputs, rows, cols;
    double elsewhere[2 * EXAMPLE_ELEMENTS]; /* other elements take part here */
    double at[2 * EXAMPLE_ELEMENTS];
    double gradient[2 * EXAMPLE_ELEMENTS];  /* at `at` */
    double curvature[2 * EXAMPLE_ELEMENTS]; /* the Hessian by all inputs, times ones */
} example;

/* Fails unless all derivatives of each example are right: by sweeps and recorded, on a new tape and
 * replayed from elsewhere, to third order. */
void check_examples(const example *examples, size_t count);

/* The same for sums of elementwise functions, and then for each of their elements alone. */
void check_elementwise_examples(const example *examples, size_t count);

/* Defines a function of an example. */
#define EXAMPLE_OF(name, ...)                                                                      \
    static ad_var name(ad_var x, ad_var y)                                                         \
    {                                                                                              \
        (void)x, (void)y;                                                                          \
        return __VA_ARGS__;                                                                        \
    }

#define CHECK_EXAMPLES(...) CHECK_EXAMPLES_BY(check_examples, __VA_ARGS__)
#define CHECK_ELEMENTWISE(...) CHECK_EXAMPLES_BY(check_elementwise_examples, __VA_ARGS__)
#define CHECK_EXAMPLES_BY(check, ...)                                                              \
    check((const example[]){__VA_ARGS__}, sizeof((const example[]){__VA_ARGS__}) / sizeof(example))

/* Constants on the tape of x. */
ad_var number_beside(ad_var x, double value);
ad_var constant_beside(ad_var x, size_t rows, size_t cols, const double *values);

#define CONSTANT(x, rows, cols, ...) constant_beside(x, rows, cols, (const double[]){__VA_ARGS__})

#endif

/* SPDX-License-Identifier: MIT */
/* Wrong calls of the library: each is told in words that name the function and what is wrong. */
#include "tests/script_program.h"
#include "tests/suite.h"

static const struct wrong {
    const char *script, *message;
} wrong[] = {
    {"rem([1 2 3], [1 2])", "rem: 1x3 and 1x2: the shapes do not fit"},
    {"mod([1 2 3], [1 2])", "mod: 1x3 and 1x2: the shapes do not fit"},
    {"xlogy([1 2 3], [1 2])", "xlogy: 1x3 and 1x2: the shapes do not fit"},
    {"psi(-1, 2)", "psi: the order is an integer from 0 on, not -1"},
    {"psi(0.5, 2)", "psi: the order is an integer from 0 on, not 0.5"},
    {"psi([1 2], 2)", "psi: argument 1 is 1x2, one number is needed"},
    {"gamma(@sin)", "gamma: a function"},
    {"isinf(@sin)", "isinf: a function is not a number"},
    {"var([1 2], 2)", "var: the second argument is 0 or 1, not 2"},
    {"std([1 2], [1 2])", "std: argument 2 is 1x2, one number is needed"},
    {"std([1 2], 0, 3)", "std: the dimension is 1 or 2, not 3"},
    {"median([1 2], 0)", "median: the dimension is 1 or 2, not 0"},
    {"sort([1 2], 3)", "sort: the dimension is 1 or 2, not 3"},
    {"sort([1 2], 'down')", "sort: the mode is \"ascend\" or \"descend\", not \"down\""},
    {"sort([1 2], 'ascend', 1)", "sort: argument 3 is a number, text is needed"},
    {"sort([1 2], 1, 2)", "sort: argument 3 is a number, text is needed"},
    {"find([1 2], 0)", "find: the number to find is an integer from 1 on, not 0"},
    {"find([1 2], 1, 'middle')",
     "find: the third argument is \"first\" or \"last\", not \"middle\""},
    {"diff([1 2], -1)", "diff: the order is an integer from 0 on, not -1"},
    {"diff([1 2], 1.5)", "diff: the order is an integer from 0 on, not 1.5"},
    {"diff([1 2], 1, 3)", "diff: the dimension is 1 or 2, not 3"},
    {"cumprod([1 2], 3)", "cumprod: the dimension is 1 or 2, not 3"},
    {"dot([1 2; 3 4], [1 2])", "dot: 2x2 and 1x2: the shapes differ"},
    {"cross([1 2 3], [1; 2; 3])", "cross: 1x3 and 3x1: the shapes differ"},
    {"cross([1 2], [1 2])", "cross: a dimension with 3 elements is needed, 1x2 has none"},
    {"cross([1 2 3], [1 2 3], 1)",
     "cross: a dimension with 3 elements is needed, 1x3 has none there"},
    {"cov([1 2 3], [1 2])", "cov: 1x3 and 1x2: as many observations are needed"},
    {"cov([1 2 3], 2)", "cov: the last argument is 0 or 1, not 2"},
    {"norm([1 2; 3 4], 3)", "norm: there is no norm 3; there are 1, 2, Inf and \"fro\""},
    {"norm([1 2], -1)", "norm: there is no norm -1"},
    {"norm([1 2], \"two\")", "norm: there is no norm \"two\""},
    {"polyval([1 2; 3 4], 1)", "polyval: 2x2: the coefficients are a vector"},
    {"polyfit([1 2], [1 2 3], 1)", "polyfit: 1x2 and 1x3: as many points are needed"},
    {"polyfit([1 2], [1 2], 2)", "polyfit: degree 2 needs 3 points, there are 2"},
    {"trapz([1 2], [1 2 3])", "trapz: 1x2 and 1x3: the shapes do not fit"},
    {"trapz([1 2], 3)", "trapz: the dimension is 1 or 2, not 3"},
    {"factorial(-1)", "factorial: the numbers are integers from 0 on, not -1"},
    {"factorial([1 0.5])", "factorial: the numbers are integers from 0 on, not 0.5"},
    {"unique([1 2], \"rows\")", "unique: there is no \"rows\"; there are \"first\""},
    {"[u, i, j] = unique([1 2], \"stable\")", "unique: \"stable\" has two results"},
    {"accumarray([1 2 3], 1)", "accumarray: the places are a column, or rows of two, not 1x3"},
    {"accumarray([1; 2], [1 2 3])", "accumarray: 1x3 for 2 places"},
    {"accumarray([1; 2], eye(2))", "accumarray: 2x2 for 2 places"},
    {"accumarray([1; 0], 1)", "accumarray: a place is an integer from 1 on, not 0"},
    {"accumarray([1; 1.5], 1)", "accumarray: a place is an integer from 1 on, not 1.5"},
    {"accumarray([1; 2], 1, 3)", "accumarray: a size has two numbers, m and n"},
    {"accumarray([1; 2], 1, [1.5 1])", "accumarray: a size must be an integer, and is 1.5"},
    {"accumarray([1; 3], 1, [2 1])", "accumarray: a place is outside 2x1"},
    {"accumarray([1 3], 1, [2 2])", "accumarray: a place is outside 2x2"},
    {"eig([1 2 3])", "eig: 1x3 is not square"},
    {"eig([1 NaN; NaN 1])", "eig: the matrix has elements that are Inf or NaN"},
    {"svd([1 Inf])", "svd: the matrix has elements that are Inf or NaN"},
    {"rank([1 NaN])", "rank: the matrix has elements that are Inf or NaN"},
    {"svd(eye(2), 1)", "svd: the second argument is 0 or \"econ\""},
    {"qr(eye(2), \"thin\")", "qr: the second argument is 0 or \"econ\""},
    {"cond(ones(2, 3), 1)", "cond: 2x3 is not square"},
    {"cond([1 2; 3 4], 3)", "norm: there is no norm 3"},
    {"xor([1 2 3], [1 2])", "xor: 1x3 and 1x2"},
    {"chol(eye(2), \"left\")", "chol: the triangle is \"lower\" or \"upper\", not \"left\""},
    {"logspace([1 2], 3)", "logspace: 1x2 and 1x1: the ends are numbers"},
    {"meshgrid(ones(2))", "meshgrid: 2x2 and 2x2: both must be vectors"},
    {"cat(3, 1, 2)", "cat: the dimension is 1 or 2, not 3"},
    {"cat(1, 1, [2 3])", "cat: "},
    {"randi(0)", "randi: the bounds are k from 1 on, or [a, b], integers with a <= b"},
    {"randi([2 1])", "randi: the bounds are"},
    {"randi(1.5)", "randi: the bounds are"},
    {"randi([])", "randi: the bounds are"},
    {"randperm(3, 4)", "randperm: 4 of 3 numbers"},
    {"ones(3, 2)\\ones(2, 1)", "\\: 3x2 and 2x1: the rows differ"},
    {"ones(2, 3)/ones(2, 2)", "/: 2x3 over 2x2: the columns differ"},
    {"ones(3, 2)\\ones(3, 1)", "\\: "},
    {"ones(1, 3)/ones(2, 3)", "/: "},
};

START_TEST(wrong_call_is_told)
{
    script_fails(wrong[_i].script, 1, 1, wrong[_i].message);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script wrong calls");
    TCase *cases = tcase_create("calls");
    tcase_add_loop_test(cases, wrong_call_is_told, 0, (int)(sizeof wrong / sizeof *wrong));
    suite_add_tcase(s, cases);
    return s;
}

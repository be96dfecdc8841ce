/* Every operation of the public header, to be called with any handles. */
#ifndef TESTS_EVERY_OPERATION_H
#define TESTS_EVERY_OPERATION_H

#include <autodiff/autodiff.h>

typedef struct public_operation {
    const char *name; /* in messages; ad_<name> in the header */
    size_t operands;
    ad_var (*apply)(const ad_var *x);
} public_operation;

/* Up to one without a name. */
extern const public_operation every_operation[];
size_t every_operation_count(void);

/* A file's text; the caller frees it. Fails the test when it cannot be read. */
char *text_of_file(const char *path);

#endif

/* SPDX-License-Identifier: MIT */
/* Making tapes that know the library's operations. */
#include "ops/kernels/kernels.h"
#include "ops/operations.h"
#include "tape/tape.h"

ad_tape *ad_tape_new(void)
{
    return tape_create(NULL, &operation_hooks);
}

ad_tape *ad_tape_new_with(const ad_allocator *allocator)
{
    return tape_create(allocator, &operation_hooks);
}

#define TEXT(number) #number
#define NUMBERED(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

/* Each thread writes its own copy of the same text: nothing is shared. */
const char *ad_version(void)
{
    static _Thread_local char text[80];
    snprintf(text, sizeof text, "%s (%s)",
             NUMBERED(AD_VERSION_MAJOR, AD_VERSION_MINOR, AD_VERSION_PATCH), kernel_backend());
    return text;
}

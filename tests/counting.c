/* SPDX-License-Identifier: MIT */
#include "tests/counting.h"

#include <stdlib.h>

static void *allocate(size_t bytes, void *context)
{
    counting *c = context;
    size_t call = c->calls++;
    if (call == c->fail_at || (c->fail_after && call > c->fail_at) || bytes > c->most) return NULL;
    void *block = malloc(bytes);
    if (block) c->live++;
    return block;
}

static void release(void *block, void *context)
{
    ((counting *)context)->live--;
    free(block);
}

void counting_init(counting *c)
{
    *c = (counting){.fail_at = SIZE_MAX, .most = SIZE_MAX};
}

ad_tape *counting_tape(counting *c)
{
    const ad_allocator allocator = {allocate, release, c};
    return ad_tape_new_with(&allocator);
}

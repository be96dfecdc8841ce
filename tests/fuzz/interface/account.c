/* SPDX-License-Identifier: MIT */
/* An allocator that keeps books, and fails when told to. */
#include "tests/fuzz/interface/program.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 32 << 20 };

/* Each block is preceded by its size. */
static void *allocate(size_t bytes, void *context)
{
    account *a = context;
    const size_t number = a->calls++;
    const bool fails = number == a->fail_at || (a->fail_after && number > a->fail_at);
    if ((fails && !a->suspended) || bytes > MOST_BYTES - a->bytes) return NULL;
    max_align_t *block = malloc(sizeof *block + bytes);
    if (!block) return NULL;
    memcpy(block, &bytes, sizeof bytes);
    a->bytes += bytes;
    a->blocks++;
    return block + 1;
}

static void release(void *memory, void *context)
{
    account *a = context;
    if (!memory) return;
    max_align_t *block = (max_align_t *)memory - 1;
    size_t bytes;
    memcpy(&bytes, block, sizeof bytes);
    a->bytes -= bytes;
    a->blocks--;
    free(block);
}

ad_allocator account_allocator(account *a)
{
    return (ad_allocator){allocate, release, a};
}

void suspend_failures(program *p, bool suspended)
{
    for (int t = 0; t < TAPES; t++) p->tapes[t].account.suspended = suspended;
}

/* SPDX-License-Identifier: MIT */
/* An allocator that counts what it gives out, and fails when told to. */
#ifndef TESTS_COUNTING_H
#define TESTS_COUNTING_H

#include <autodiff/autodiff.h>

typedef struct counting {
    size_t calls;
    size_t live;     /* blocks given out and not released */
    size_t fail_at;  /* the number of the call that fails; SIZE_MAX: none */
    bool fail_after; /* all after it fail too */
    size_t most;     /* larger blocks are refused */
} counting;

void counting_init(counting *c);
ad_tape *counting_tape(counting *c);

#endif

/* SPDX-License-Identifier: MIT */
/* Stands in for tape/arena.c in the suites that ask for its overruns: each block is an
 * allocation of its own, and a rewind releases it. So every block can fail by itself, a sanitizer
 * sees when one is used after it was given back, and a step over its end is found here. */
#ifndef TESTS_STRICT_ARENA_H
#define TESTS_STRICT_ARENA_H

#include <stddef.h>

/* Blocks whose end was overwritten, found when they were given back. */
size_t strict_arena_overruns(void);

#endif

/* SPDX-License-Identifier: MIT */
/* What a script may use at most, as the options name it; and the time. */
#ifndef SCRIPT_LIMITS_H
#define SCRIPT_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a number of bytes, as 100000, 500K, 500M, 1.5G or 1T, in units of 1024; false for anything
 * else. */
bool size_from(const char *text, size_t *bytes);

/* Reads a number of seconds above 0; false for anything else. */
bool seconds_from(const char *text, double *seconds);

/* Seconds of a clock that runs evenly. */
double seconds_now(void);

#endif

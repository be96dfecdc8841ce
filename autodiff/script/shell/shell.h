/* SPDX-License-Identifier: MIT */
/* The prompt, limits, the time, suggestions and random numbers. */
#ifndef SCRIPT_SHELL_H
#define SCRIPT_SHELL_H

#include "autodiff/script/syntax/memory.h"

#include <stdint.h>

/* Reads and runs statements until the end of input; errors are reported and left behind. */
struct interpreter;
void run_prompt(struct interpreter *in);

/* Reads a number of bytes, as 100000, 500K, 500M, 1.5G or 1T, in units of 1024; false for anything
 * else. */
bool size_from(const char *text, size_t *bytes);
/* Reads a number of seconds above 0; false for anything else. */
bool seconds_from(const char *text, double *seconds);
/* Seconds of a clock that runs evenly. */
double seconds_now(void);

/* Edits that turn a into b: insertions, deletions, substitutions and swaps of neighbours. */
size_t edit_distance(const char *a, const char *b);
/* Appends "; did you mean a, b or c?", sorted, or nothing when none of the names is near: those that
 * fewest edits turn the wanted one into, one for every three letters at most. A slip of the fingers is
 * one edit; to offer names that differ in half of their letters misleads. They change their places. */
void suggest(text_buffer *text, const char *wanted, const char **names, size_t count);

/* Random numbers that are the same on every machine: xoshiro256++ (Blackman and Vigna, 2019),
 * seeded through splitmix64. */
typedef struct random_generator {
    uint64_t state[4];
} random_generator;

void generator_seed(random_generator *generator, uint64_t seed);
/* Uniform on the open interval (0, 1), 53 bits. */
double generator_uniform(random_generator *generator);
double generator_normal(random_generator *generator); /* standard normal */

#endif

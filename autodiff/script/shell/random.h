/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same on every machine: xoshiro256++ (Blackman and Vigna, 2019),
 * seeded through splitmix64. */
#ifndef SCRIPT_RANDOM_H
#define SCRIPT_RANDOM_H

#include <stdint.h>

typedef struct random_generator {
    uint64_t state[4];
} random_generator;

void generator_seed(random_generator *generator, uint64_t seed);

/* Uniform on the open interval (0, 1), 53 bits. */
double generator_uniform(random_generator *generator);

/* Standard normal. */
double generator_normal(random_generator *generator);

#endif

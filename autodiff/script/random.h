/* Random numbers that are the same on every machine: xoshiro256++ (Blackman and Vigna, 2019),
 * seeded through splitmix64. */
#ifndef SCRIPT_RANDOM_H
#define SCRIPT_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

void random_seed(struct random *random, uint64_t seed);

/* Uniform on the open interval (0, 1), 53 bits. */
double random_uniform(struct random *random);

/* Standard normal. */
double random_normal(struct random *random);

#endif

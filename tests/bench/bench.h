/* SPDX-License-Identifier: MIT */
/* Timing for the benchmarks: contenders take turns, round after round, so that whatever else the
 * machine does falls on all of them alike; of each the best and the median round are kept.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_MAX_ROUNDS = 101 };

typedef struct contender {
    void (*run)(void *context);
    void *context;
    size_t repeats; /* of run in one round, for work too short to be timed alone */
    double units;   /* elements, nodes: what the time of one run is divided by */
    double best;    /* ns per unit */
    double median;
} contender;

/* Both in ns. Work in one thread is measured in processor time, which leaves out the time that
 * others had the processor; what a BLAS spreads over threads, in time by the clock. */
static inline double bench_processor(void)
{
    return 1e9 / CLOCKS_PER_SEC * (double)clock();
}

static inline double bench_clock(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static inline int bench_compare(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Runs at most 8 contenders in turn, rounds times (at most BENCH_MAX_ROUNDS), after one round
 * unmeasured that warms the caches and lets the tapes get their memory. */
static inline void bench_run(contender *contenders, size_t count, size_t rounds,
                             double (*now)(void))
{
    static double times[8][BENCH_MAX_ROUNDS];
    for (size_t round = 0; round <= rounds; round++) {
        for (size_t i = 0; i < count; i++) {
            const double start = now();
            for (size_t k = 0; k < contenders[i].repeats; k++)
                contenders[i].run(contenders[i].context);
            const double time = now() - start;
            if (round > 0)
                times[i][round - 1] = time / (double)contenders[i].repeats / contenders[i].units;
        }
    }
    for (size_t i = 0; i < count; i++) {
        qsort(times[i], rounds, sizeof *times[i], bench_compare);
        contenders[i].best = times[i][0];
        contenders[i].median = times[i][rounds / 2];
    }
}

/* Repeatable numbers in [low, high): Knuth's linear congruential generator (The Art of Computer
 * Programming, vol. 2, section 3.3.4). */
static inline double bench_uniform(uint64_t *state, double low, double high)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(*state >> 11) * 0x1p-53;
}

static inline void *bench_allocate(size_t count, size_t size)
{
    void *block = calloc(count, size);
    if (!block) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return block;
}

/* A ratio and its mark, the figure it should stay under. */
static inline void bench_mark(double ratio, double mark)
{
    printf("%9.2fx  mark %gx: %s\n", ratio, mark, ratio <= mark ? "ok" : "above");
}

#endif

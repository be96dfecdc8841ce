/* SPDX-License-Identifier: MIT */
/* What a node costs: recording, sweeping and replaying a long chain of scalar operations, and the
 * record and sweep of small operations on matrices, where the tape's own work is the most of it.
 */
#include "tests/bench/bench.h"

#include <autodiff/autodiff.h>

enum { LENGTH = 1000000, ROUNDS = 25, SMALL_REPEATS = 20000 };

/* ---- a chain of LENGTH scalar nodes ---- */

typedef struct chain {
    ad_tape *tape;
    ad_var x, y;
} chain;

/* y <- y x, y + x in turn: both operands active. */
static void record(void *context)
{
    chain *c = context;
    ad_tape_reset(c->tape);
    c->x = c->y = ad_scalar(c->tape, 0.5);
    for (int i = 0; i < LENGTH; i += 2) c->y = ad_add(ad_mul(c->y, c->x), c->x);
}

static void sweep(void *context)
{
    chain *c = context;
    ad_backward(c->y);
}

static void replay(void *context)
{
    chain *c = context;
    ad_set(c->x, &(double){0.5});
    ad_replay(c->tape);
}

static void measure_chain(void)
{
    chain c = {.tape = ad_tape_new()};
    contender contenders[] = {
        {record, &c, 1, LENGTH, 0, 0}, {sweep, &c, 1, LENGTH, 0, 0}, {replay, &c, 1, LENGTH, 0, 0}};
    static const char *const names[] = {"record", "sweep", "set and replay"};
    bench_run(contenders, 3, ROUNDS, bench_processor);
    printf("A chain of %d scalar operations, ns per node: best of %d rounds, and median\n\n",
           LENGTH, ROUNDS);
    for (size_t i = 0; i < 3; i++)
        printf("%-36s%8.2f%10.2f\n", names[i], contenders[i].best, contenders[i].median);
    const ad_statistics figures = ad_tape_statistics(c.tape);
    printf("%-36s%8.2f\n\n", "bytes per node", (double)figures.bytes / (double)figures.nodes);
    if (ad_tape_status(c.tape) != AD_OK) printf("%s\n", ad_tape_message(c.tape));
    ad_tape_free(c.tape);
}

/* ---- small operations ---- */

static const double elements[16] = {4, 1, 0, 2, 1, 3, 1, 0, 0, 1, 2, 1, 2, 0, 1, 5};

static void gradient_of_sum(void *context)
{
    ad_tape_reset(context);
    ad_backward(ad_sum(ad_input(context, 10, 1, elements)));
}

static void gradient_of_norm(void *context)
{
    ad_tape_reset(context);
    ad_backward(ad_norm2(ad_input(context, 10, 1, elements)));
}

static void gradient_of_elementwise(void *context)
{
    ad_tape_reset(context);
    ad_var x = ad_input(context, 10, 1, elements);
    ad_backward(ad_sum(ad_mul(ad_sin(x), x)));
}

static void gradient_of_product(void *context)
{
    ad_tape_reset(context);
    ad_var A = ad_input(context, 4, 4, elements);
    ad_backward(ad_sum(ad_matmul(A, A)));
}

static void gradient_of_determinant(void *context)
{
    ad_tape_reset(context);
    ad_backward(ad_det(ad_input(context, 4, 4, elements)));
}

static void measure_small(void)
{
    static const struct {
        const char *name;
        void (*run)(void *tape);
    } operations[] = {{"sum x, 10 elements", gradient_of_sum},
                      {"||x||, 10 elements", gradient_of_norm},
                      {"sum x sin x, 10 elements", gradient_of_elementwise},
                      {"sum AA, 4x4", gradient_of_product},
                      {"det A, 4x4", gradient_of_determinant}};
    enum { COUNT = sizeof operations / sizeof *operations };
    ad_tape *tape = ad_tape_new();
    contender contenders[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        contenders[i] = (contender){operations[i].run, tape, SMALL_REPEATS, 1, 0, 0};
    bench_run(contenders, COUNT, ROUNDS, bench_processor);
    printf("Value and gradient of small operations, ns: best of %d rounds, and median\n\n", ROUNDS);
    for (size_t i = 0; i < COUNT; i++)
        printf("%-36s%8.0f%10.0f\n", operations[i].name, contenders[i].best, contenders[i].median);
    printf("\n");
    if (ad_tape_status(tape) != AD_OK) printf("%s\n", ad_tape_message(tape));
    ad_tape_free(tape);
}

int main(void)
{
    measure_chain();
    measure_small();
    return 0;
}

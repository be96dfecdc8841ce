/* SPDX-License-Identifier: MIT */
/* Derivatives of functions written over scalar slices of one vector. Their cost should grow with
 * the number of slices: Rosenbrock's function as n grows, gradients by one early value on a growing
 * tape, and a script's loop over the elements of a vector (by the program argv[1]).
 *
 * Cost that grows with the square of n would take hours and all memory: n grows no further once a
 * run took more than MOST_SECONDS, or where the next may take more than MOST_BYTES.
 */
#include "tests/bench/bench.h"

#include <autodiff/autodiff.h>
#include <math.h>

static const size_t sizes[] = {1000, 4000, 16000, 64000};
enum { SIZES = sizeof sizes / sizeof *sizes, GROWTH = 4, MOST_ROUNDS = 50 };
static const double MOST_SECONDS = 2, MOST_BYTES = 2e9;

/* The best of some rounds that take half a second together, or of one; ns by processor. */
static double best_of(void (*run)(void *context), void *context)
{
    double best = INFINITY, all = 0;
    for (size_t round = 0; round <= MOST_ROUNDS && all < 5e8; round++) {
        const double start = bench_processor();
        run(context);
        const double time = bench_processor() - start;
        best = time < best ? time : best;
        all += time;
    }
    return best;
}

/* ---- Rosenbrock: the sum of 100 (x_(i+1) - x_i^2)^2 + (1 - x_i)^2 over slices of x ----------- */

typedef struct setting {
    ad_tape *tape;
    size_t n;
    double *at, *direction;
    ad_var x, y, product;
} setting;

static void record(setting *s)
{
    ad_tape_reset(s->tape);
    s->x = ad_input(s->tape, s->n, 1, s->at);
    s->y = ad_constant(s->tape, 1, 1, &(double){0});
    ad_var here = ad_block(s->x, 0, 0, 1, 1);
    for (size_t i = 0; i + 1 < s->n; i++) {
        const ad_var next = ad_block(s->x, i + 1, 0, 1, 1), a = ad_sub(next, ad_square(here)),
                     b = ad_shift(ad_neg(here), 1);
        s->y = ad_add(s->y, ad_add(ad_scale(ad_square(a), 100), ad_square(b)));
        here = next;
    }
}

static void run_backward(void *context)
{
    setting *s = context;
    record(s);
    ad_backward(s->y);
}

static void run_gradient(void *context)
{
    setting *s = context;
    record(s);
    ad_grad(s->y, s->x);
}

static void run_product(void *context)
{
    setting *s = context;
    record(s);
    s->product = ad_hvp(s->y, s->x, ad_constant(s->tape, s->n, 1, s->direction));
}

static void run_replay(void *context)
{
    setting *s = context;
    ad_set(s->x, s->at);
    ad_replay(s->tape);
}

static setting prepare(size_t n)
{
    setting s = {.tape = ad_tape_new(),
                 .n = n,
                 .at = bench_allocate(n, sizeof *s.at),
                 .direction = bench_allocate(n, sizeof *s.direction)};
    uint64_t state = n;
    for (size_t i = 0; i < n; i++) {
        s.at[i] = bench_uniform(&state, -1, 1);
        s.direction[i] = bench_uniform(&state, -1, 1);
    }
    return s;
}

static void finish(setting *s)
{
    if (ad_tape_status(s->tape) != AD_OK) printf("%s\n", ad_tape_message(s->tape));
    ad_tape_free(s->tape);
    free(s->at);
    free(s->direction);
}

/* Whether the next n, GROWTH times this one, is within reach at the worst, when costs go with its
 * square; says why not. */
static bool may_grow(size_t n, double seconds, double bytes)
{
    const bool slow = seconds > MOST_SECONDS,
               large = bytes * (double)(GROWTH * GROWTH) > MOST_BYTES;
    if (n == sizes[SIZES - 1]) return false;
    if (slow) printf("%8s  larger n left out: this run took more than %g s\n", "", MOST_SECONDS);
    else if (large)
        printf("%8s  larger n left out: the next might take more than %g GB\n", "",
               MOST_BYTES / 1e9);
    return !slow && !large;
}

static void measure(const char *name, void (*run)(void *context))
{
    printf("%s\n%8s%10s%18s%31s\n", name, "n", "ms", "bytes/element", "ms/ms at n/4");
    double before = 0, time = 0, bytes = 0;
    for (size_t i = 0; i == 0 || may_grow(sizes[i - 1], time / 1e9, bytes); i++) {
        setting s = prepare(sizes[i]);
        time = best_of(run, &s);
        bytes = (double)ad_tape_statistics(s.tape).bytes;
        const double each = bytes / (double)s.n;
        printf("%8zu%10.2f%18.0f  at most 2000: %-8s", s.n, time / 1e6, each,
               each <= 2000 ? "ok" : "above");
        if (i == 0) printf("\n");
        else bench_mark(time / before, 5);
        before = time;
        finish(&s);
    }
    printf("\n");
}

static void measure_replay(void)
{
    setting s = prepare(sizes[0]);
    run_product(&s);
    const double time = best_of(run_replay, &s);
    printf("Hessian-vector product by ad_set and ad_replay, n = %zu: %.3f ms  at most 0.3: %s\n\n",
           s.n, time / 1e6, time <= 3e5 ? "ok" : "above");
    finish(&s);
}

/* ---- gradients by one early value ------------------------------------------------------------ */

enum { FEW = 10, MANY = 10000, GROUP = 20 };

/* y = x sin x + 1 and dy/dx, behind whatever the tape holds; ns each, of GROUP of them. */
static double time_gradients(ad_var x, size_t count)
{
    const double start = bench_clock();
    for (size_t i = 0; i < count; i++) ad_grad(ad_shift(ad_mul(ad_sin(x), x), 1), x);
    return (bench_clock() - start) / (double)count;
}

static void measure_early(void)
{
    double few = INFINITY, many = INFINITY, all = 0;
    ad_tape *tape = ad_tape_new();
    for (size_t round = 0; round <= MOST_ROUNDS && all < 1e9 * MOST_SECONDS; round++) {
        ad_tape_reset(tape);
        const ad_var x = ad_scalar(tape, 0.5);
        const double start = bench_clock();
        time_gradients(x, FEW);
        const double early = time_gradients(x, GROUP);
        time_gradients(x, MANY - FEW - GROUP);
        const double late = time_gradients(x, GROUP);
        few = early < few ? early : few;
        many = late < many ? late : many;
        all += bench_clock() - start;
    }
    printf("x sin x + 1 and its gradient by x, the first value of a tape, again and again:\n"
           "ns each, after %d and after %d of them %13.0f%10.0f",
           FEW, MANY, few, many);
    bench_mark(many / few, 1.5);
    printf("\n");
    if (ad_tape_status(tape) != AD_OK) printf("%s\n", ad_tape_message(tape));
    ad_tape_free(tape);
}

/* ---- a loop of a script ---------------------------------------------------------------------- */

/* Seconds, or -1 where the program fails, as it does beyond its limits of memory and time. */
static double time_script(const char *program, size_t n)
{
    static const char script[] = "x = 0.3; n = %zu; y = zeros(n, 1); y(1) = x; "
                                 "for i = 2:n, y(i) = 0.5*y(i-1) + sin(y(i-1)); end; "
                                 "g = grad(sum(y), x);";
    char code[256], command[4096];
    snprintf(code, sizeof code, script, n);
    const int length = snprintf(command, sizeof command,
                                "(ulimit -v %.0f; ulimit -t %.0f; exec '%s' -e '%s') 2>/dev/null",
                                MOST_BYTES / 1024, 10 * MOST_SECONDS, program, code);
    if (length < 0 || (size_t)length >= sizeof command) return -1;
    const double start = bench_clock();
    return system(command) == 0 ? (bench_clock() - start) / 1e9 : -1;
}

static void measure_script(const char *program)
{
    printf("Script: y(1) = x, y(i) = 0.5*y(i-1) + sin(y(i-1)) for i = 2:n, grad(sum(y), x)\n");
    double seconds = 0;
    size_t last = 0;
    while (last < SIZES && seconds >= 0 && seconds <= MOST_SECONDS) {
        const size_t n = sizes[last++];
        seconds = time_script(program, n);
        if (seconds >= 0) printf("%8zu%10.3f s\n", n, seconds);
        else
            printf("%8zu    not done with %g GB and %g s: larger n left out\n", n, MOST_BYTES / 1e9,
                   10 * MOST_SECONDS);
    }
    printf("%8zu%12s  at most 1 s: %s\n\n", sizes[SIZES - 1], "",
           last == SIZES && seconds >= 0 && seconds <= 1 ? "ok" : "above");
}

int main(int count, char **arguments)
{
    printf("Rosenbrock's function over slices of an n x 1 input, recorded and differentiated\n\n");
    measure("gradient by ad_backward", run_backward);
    measure("gradient by ad_grad", run_gradient);
    measure("Hessian-vector product by ad_hvp", run_product);
    measure_replay();
    measure_early();
    if (count > 1) measure_script(arguments[1]);
    return 0;
}

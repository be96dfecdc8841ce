/* SPDX-License-Identifier: MIT */
/* Gradients of functions of scalars, against the gradient by hand, or the plain function where there
 * is none: recorded on a reused tape and swept, and replayed and swept. A function of few variables
 * is taken at another point each time, set by one call and its gradient read by one, as in an
 * optimizer.
 *
 * With -DBENCH_INLINE the same, recorded by autodiff/inline.h.
 *
 *     scalar NAME STEP REPEATS      one step of one function alone, to count its instructions
 */
#include <string.h>

#include "tests/bench/scalar_functions.h"

enum { ROUNDS = 15, FEW_REPEATS = 20000 };

typedef struct setting {
    const function *f;
    double *x, *gradient, *by_hand;
    ad_tape *tape;
    ad_var *inputs, y;
    double value; /* of the plain function */
    size_t moves;
} setting;

static bool is_small(const setting *s)
{
    return s->f->variables <= CELLS;
}

static void move(setting *s)
{
    if (is_small(s)) s->x[s->moves++ % s->f->variables] += 1e-9;
}

static void run_plain(void *context)
{
    setting *s = context;
    move(s);
    s->value = s->f->plain(s->x, s->f->variables);
}

static void run_by_hand(void *context)
{
    setting *s = context;
    move(s);
    s->f->by_hand(s->x, s->f->variables, s->by_hand);
}

static void run_record(void *context)
{
    setting *s = context;
    move(s);
    ad_tape_reset(s->tape);
    s->y = s->f->recorded(s->tape, s->x, s->f->variables, s->inputs);
}

static void read_gradient(setting *s)
{
    ad_adjoints(s->tape, s->inputs, s->f->variables, s->gradient);
}

static void run_sweep(void *context)
{
    setting *s = context;
    ad_backward(s->y);
    if (is_small(s)) read_gradient(s);
}

static void run_record_sweep(void *context)
{
    run_record(context);
    run_sweep(context);
}

static void run_replay(void *context)
{
    setting *s = context;
    move(s);
    if (is_small(s)) ad_set_all(s->tape, s->inputs, s->f->variables, s->x);
    ad_replay(s->tape);
}

static void run_replay_sweep(void *context)
{
    run_replay(context);
    run_sweep(context);
}

/* ---- measuring ---- */

static void begin(setting *s, const function *f)
{
    s->f = f;
    s->tape = ad_tape_new();
    f->fill(s->x, f->variables);
    run_record(s);
}

/* Replayed and plain values, and gradients where there is one by hand, agree to rounding. */
static void check(setting *s)
{
    run_replay_sweep(s);
    read_gradient(s);
    s->value = s->f->plain(s->x, s->f->variables);
    if (s->f->by_hand) s->f->by_hand(s->x, s->f->variables, s->by_hand);
    bool ok = fabs(ad_value(s->y) - s->value) <= 1e-12 * fabs(s->value);
    for (size_t i = 0; ok && s->f->by_hand && i < s->f->variables; i++)
        ok = fabs(s->gradient[i] - s->by_hand[i]) <= 1e-12 * (1 + fabs(s->by_hand[i]));
    if (!ok) printf("%s: recorded and by hand differ: %s\n", s->f->name, ad_tape_message(s->tape));
}

static void print_row(const char *name, const contender *first, const contender *both,
                      const char *ways, double base, double mark)
{
    printf("%-18s%-10s%9.2f%11.2f%9.2f", name, ways, first->best, both->best, both->median);
    if (mark > 0) bench_mark(both->best / base, mark);
    else printf("%9.2fx\n", both->best / base);
}

static void measure(setting *s, const function *f)
{
    begin(s, f);
    const size_t repeats = f->variables == FEW ? FEW_REPEATS : 1;
    contender c[] = {{run_plain, s, repeats, f->units, 0, 0},
                     {f->by_hand ? run_by_hand : run_plain, s, repeats, f->units, 0, 0},
                     {run_record, s, repeats, f->units, 0, 0},
                     {run_record_sweep, s, repeats, f->units, 0, 0},
                     {run_replay, s, repeats, f->units, 0, 0},
                     {run_replay_sweep, s, repeats, f->units, 0, 0}};
    bench_run(c, sizeof c / sizeof *c, ROUNDS, bench_processor);
    check(s);
    printf("%-18s%-10s%9.2f\n", f->name, f->by_hand ? "by hand" : "plain", c[1].best);
#ifdef BENCH_INLINE
    print_row("", &c[2], &c[3], "inline", c[1].best, f->marks.record_sweep_inline);
#else
    print_row("", &c[2], &c[3], "record", c[1].best, f->marks.record_sweep);
    print_row("", &c[4], &c[5], "replay", c[1].best, f->marks.replay_sweep);
#endif
    ad_tape_free(s->tape);
}

/* Bytes a node, after a sweep; what does not show in the first decimal does not count. */
static void measure_memory(setting *s)
{
    enum { MARK = 27 };
    begin(s, &functions[0]);
    run_sweep(s);
    const ad_statistics figures = ad_tape_statistics(s->tape);
    const double bytes = round(10 * (double)figures.bytes / (double)figures.nodes) / 10;
    printf("%-18s%.1f bytes a node, %zu nodes;  mark %d: %s\n", "memory", bytes, figures.nodes,
           MARK, bytes <= (double)MARK ? "ok" : "above");
    ad_tape_free(s->tape);
}

/* ---- a step alone ---- */

/* Counts of instructions an element do not depend on the size: a small one will do. */
static void begin_small(setting *s, const function *f)
{
    static function small;
    small = *f;
    if (small.variables == MANY) {
        small.variables = MANY / 100;
        small.units = MANY / 100;
    }
    begin(s, &small);
}

static int run_alone(setting *s, char *const *arguments)
{
    static const struct {
        const char *name;
        void (*run)(void *context);
    } steps[] = {{"record", run_record}, {"sweep", run_sweep}, {"replay", run_replay}};
    for (size_t i = 0; i < FUNCTIONS; i++)
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
            if (strcmp(arguments[0], functions[i].name) == 0 &&
                strcmp(arguments[1], steps[k].name) == 0) {
                begin_small(s, &functions[i]);
                for (long left = atol(arguments[2]); left > 0; left--) steps[k].run(s);
                printf("%.0f\n", s->f->units);
                const ad_status status = ad_tape_status(s->tape);
                ad_tape_free(s->tape);
                return status == AD_OK ? 0 : 1;
            }
    fprintf(stderr, "scalar: no %s, or no step %s\n", arguments[0], arguments[1]);
    return 1;
}

int main(int count, char **arguments)
{
    setting s = {.x = bench_allocate(MANY, sizeof *s.x),
                 .gradient = bench_allocate(MANY, sizeof *s.gradient),
                 .by_hand = bench_allocate(MANY, sizeof *s.by_hand),
                 .inputs = bench_allocate(MANY, sizeof *s.inputs)};
    int result = 0;
    if (count == 4) {
        result = run_alone(&s, arguments + 1);
    } else {
        printf("Gradients of scalars, ns per element: best of %d rounds, and median\n\n", ROUNDS);
        printf("%-18s%-10s%9s%11s%9s%10s\n", "", "", "alone", "and sweep", "median", "ratio");
        for (size_t i = 0; i < FUNCTIONS; i++) measure(&s, &functions[i]);
        measure_memory(&s);
        printf("\n");
    }
    free(s.x);
    free(s.gradient);
    free(s.by_hand);
    free(s.inputs);
    return result;
}

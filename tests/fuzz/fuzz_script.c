/* SPDX-License-Identifier: MIT */
/* The parser and the interpreter on any bytes at all: whatever a script holds, it ends with a
 * result or an error. Arrays and tape have little memory, so that running out of it is met too,
 * and a timer interrupts loops as Ctrl-C does. */
#define _GNU_SOURCE /* memmem */

#include "autodiff/script/run/interpreter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { TAPE_BYTES = 64 << 20, ARRAY_BYTES = 1 << 20, MICROSECONDS = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile sig_atomic_t out_of_time;

static void on_alarm(int signal_number)
{
    (void)signal_number;
    out_of_time = 1;
}

/* Each block is preceded by its size. */
static void *allocate_within(size_t bytes, void *context)
{
    size_t *used = context;
    if (bytes > TAPE_BYTES - *used) {
        return NULL;
    }
    max_align_t *block = malloc(sizeof *block + bytes);
    if (!block) {
        return NULL;
    }
    memcpy(block, &bytes, sizeof bytes);
    *used += bytes;
    return block + 1;
}

static void release_within(void *memory, void *context)
{
    if (memory) {
        max_align_t *block = (max_align_t *)memory - 1;
        size_t bytes;
        memcpy(&bytes, block, sizeof bytes);
        *(size_t *)context -= bytes;
        free(block);
    }
}

static void start_timer(long microseconds)
{
    struct itimerval timer = {.it_value = {0, microseconds}};
    out_of_time = 0;
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* Whether the word print, not printf or print_usage, stands in the script. */
static bool prints_figures(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    for (const uint8_t *at = data; (at = memmem(at, (size_t)(end - at), "print", 5)); at += 5)
        if (at + 5 == end || !strchr("f_", at[5])) return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    if (memmem(data, size, "save", 4) || prints_figures(data, size)) { /* would write files */
        return 0;
    }
    if (!nowhere) {
        struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
        sigaction(SIGALRM, &action, NULL);
        nowhere = fopen("/dev/null", "w");
        array_limit = ARRAY_BYTES;
    }
    size_t used = 0;
    ad_allocator allocator = {allocate_within, release_within, &used};
    interpreter *in = interpreter_new(nowhere, &allocator);
    in->interrupt = &out_of_time;
    in->json = size && data[0] == '{';
    start_timer(MICROSECONDS);
    if (!run_source(in, source_new("fuzz", (const char *)data, size), NULL)) {
        report_failure(in, nowhere);
    }
    start_timer(0);
    interpreter_free(in);
    return used == 0 ? 0 : -1;
}

/* SPDX-License-Identifier: MIT */
/* Making, emptying and freeing a tape; its tables and its handles. */
#include "tape/tape.h"

#include <stdlib.h>
#include <string.h>

static void *allocate_from_malloc(size_t bytes, void *context)
{
    (void)context;
    return malloc(bytes);
}

static void release_to_malloc(void *block, void *context)
{
    (void)context;
    free(block);
}

static const ad_allocator malloc_allocator = {allocate_from_malloc, release_to_malloc, NULL};

ad_tape *tape_create(const ad_allocator *allocator, const tape_hooks *hooks)
{
    if (!allocator) allocator = &malloc_allocator;
    if (!allocator->allocate || !allocator->release) return NULL;
    ad_tape *tape = allocator->allocate(sizeof *tape, allocator->context);
    if (!tape) return NULL;
    *tape = (ad_tape){
        .hooks = hooks, .record_flags = NODE_ACTIVE, .trial_start = NO_NODE, .failed = NO_NODE};
    tape->memory = (tape_memory){*allocator, sizeof *tape, 1};
    arena *const arenas[] = {&tape->values,  &tape->spare, &tape->adjoints,
                             &tape->scratch, &tape->memos, &tape->permanent};
    for (size_t i = 0; i < sizeof arenas / sizeof *arenas; i++)
        arena_init(arenas[i], &tape->memory);
    if (!tape_new_segment(tape)) {
        ad_tape_free(tape);
        return NULL;
    }
    tape->base_epoch = tape->epoch;
    return tape;
}

void ad_tape_free(ad_tape *tape)
{
    if (!tape) return;
    tape_memory *memory = &tape->memory;
    for (size_t i = 0; i < tape->chunk_count; i++)
        tape_memory_release(memory, tape->chunks[i], sizeof(tape_chunk));
    tape_memory_release(memory, tape->chunks, tape->chunk_capacity * sizeof *tape->chunks);
    tape_memory_release(memory, tape->general, tape->general_capacity * sizeof *tape->general);
    tape_memory_release(memory, tape->segments, tape->segment_capacity * sizeof *tape->segments);
    tape_memory_release(memory, tape->slots, tape->slot_capacity * sizeof *tape->slots);
    tape_memory_release(memory, tape->names, tape->name_capacity * sizeof *tape->names);
    tape_memory_release(memory, tape->derivatives,
                        tape->derivative_capacity * sizeof *tape->derivatives);
    tape_memory_release(memory, tape->plans, tape->plan_capacity * sizeof *tape->plans);
    tape_memory_release(memory, tape->plan_ranges,
                        tape->plan_range_capacity * sizeof *tape->plan_ranges);
    arena_free(&tape->values);
    arena_free(&tape->spare);
    arena_free(&tape->adjoints);
    arena_free(&tape->scratch);
    arena_free(&tape->memos);
    arena_free(&tape->permanent);
    ad_allocator allocator = memory->allocator;
    allocator.release(tape, allocator.context);
}

/* Tables double; their old contents are copied, so nothing may point into them for long. */
bool tape_reserve(ad_tape *tape, void *table, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity) return true;
    size_t wanted = *capacity ? *capacity : 16;
    while (wanted < count) {
        if (wanted > SIZE_MAX / 2 / size) return false;
        wanted *= 2;
    }
    const size_t held = *capacity * size;
    unsigned char *old, *grown = tape_memory_take(&tape->memory, wanted * size);
    if (!grown) return false;
    memcpy(&old, table, sizeof old);
    if (old) memcpy(grown, old, held);
    memset(grown + held, 0, wanted * size - held);
    tape_memory_release(&tape->memory, old, held);
    memcpy(table, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

static bool grow(ad_tape *tape)
{
    if (tape->limit > NO_NODE - CHUNK_NODES)
        return tape_fail(tape, AD_ERROR_SIZE, "tape: full at %u nodes", (unsigned)tape->count);
    const bool ok = tape_reserve(tape, &tape->chunks, &tape->chunk_capacity, tape->chunk_count + 1,
                                 sizeof *tape->chunks);
    tape_chunk *chunk = ok ? tape_memory_take(&tape->memory, sizeof *chunk) : NULL;
    if (!chunk) return tape_out_of_memory(tape, "tape");
    tape->chunks[tape->chunk_count++] = chunk;
    tape->limit += CHUNK_NODES;
    return true;
}

bool tape_begin_chunk(ad_tape *tape)
{
    if (tape->count >= tape->limit && !grow(tape)) return false;
    tape->filling = chunk_of(tape, tape->count);
    if (tape->count >> CHUNK_BITS < tape->clean_chunks) return true;
    memset(tape->filling->reached, 0, sizeof tape->filling->reached);
    tape->clean_chunks++;
    return true;
}

/* ---- handles: an epoch for every stretch of nodes recorded between rewinds ---------------- */

/* 0 and NO_EPOCH are the epochs of no handle. An epoch is never given out twice: a handle kept from
 * the first time would be believed. */
static uint32_t next_epoch(ad_tape *tape)
{
    if (tape->epochs + 1 < NO_EPOCH / EPOCH_STEP) return ++tape->epochs * EPOCH_STEP;
    tape_fail(tape, AD_ERROR_SIZE, "tape: reset or rewound 2^30 times: make a new one");
    return NO_EPOCH;
}

static bool reserve_segment(ad_tape *tape)
{
    return tape_reserve(tape, &tape->segments, &tape->segment_capacity, tape->segment_count + 1,
                        sizeof *tape->segments) ||
           tape_out_of_memory(tape, "tape");
}

bool tape_new_segment(ad_tape *tape)
{
    if (!reserve_segment(tape)) return false;
    while (tape->segment_count && tape->segments[tape->segment_count - 1].start >= tape->count)
        tape->segment_count--;
    tape->epoch = next_epoch(tape);
    tape->segments[tape->segment_count++] = (tape_segment){tape->count, tape->epoch};
    tape_refresh(tape);
    return tape->epoch != NO_EPOCH;
}

/* Bisection, as there may be many. */
const tape_segment *tape_segment_before(const ad_tape *tape, uint32_t node)
{
    size_t low = 0, high = tape->segment_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (tape->segments[middle].start <= node) low = middle;
        else high = middle;
    }
    return &tape->segments[low];
}

void tape_refresh(ad_tape *tape)
{
    const bool ready = tape->status == AD_OK && !tape->set_pending && !tape->in_callback &&
                       tape->failed == NO_NODE;
    tape->fast_epoch = ready ? tape->epoch | HANDLE_ACTIVE : NO_EPOCH;
}

void tape_truncate(ad_tape *tape, uint32_t count)
{
    size_t n = tape->general_count;
    while (n && tape->general[n - 1]->node >= count) n--;
    if (n < tape->general_count) arena_rewind(&tape->values, tape->general[n]->start);
    tape->general_count = n;
    tape_set_count(tape, count);
    tape_ranges_truncate(tape, count);
    tape_plans_truncate(tape, count);
}

/* Trials share an epoch until a callback has seen handles of it. */
static bool new_trial_epoch(ad_tape *tape)
{
    if (tape->trial_epoch != 0 && !tape->shown) return true;
    const uint32_t epoch = next_epoch(tape);
    if (epoch == NO_EPOCH) return false;
    tape->trial_epoch = epoch;
    tape->shown = false;
    return true;
}

bool tape_renew_trial(ad_tape *tape)
{
    if (!tape->shown) return true;
    if (!new_trial_epoch(tape)) return false;
    tape->epoch = tape->segments[tape->segment_count - 1].epoch = tape->trial_epoch;
    tape_refresh(tape);
    return true;
}

bool tape_begin_trial(ad_tape *tape, tape_trial *trial)
{
    *trial = (tape_trial){tape->count, tape->epoch, tape->trial_start, tape->segment_count,
                          tape->has_lazy};
    if (!reserve_segment(tape) || !new_trial_epoch(tape)) return false;
    tape->epoch = tape->trial_epoch;
    tape->segments[tape->segment_count++] = (tape_segment){tape->count, tape->epoch};
    if (tape->trial_start > tape->count) tape->trial_start = tape->count;
    tape_refresh(tape);
    return true;
}

void tape_end_trial(ad_tape *tape, const tape_trial *trial)
{
    tape_truncate(tape, trial->count);
    tape->segment_count = trial->segment_count;
    tape->epoch = trial->epoch;
    tape->trial_start = trial->trial_start;
    tape->has_lazy = trial->has_lazy;
    tape_refresh(tape);
}

void ad_tape_reset(ad_tape *tape)
{
    if (!tape || !tape_settled(tape, "reset")) return;
    tape_memo_clear(tape);
    tape_names_truncate(tape, 0);
    tape_ranges_truncate(tape, 0);
    tape_plans_truncate(tape, 0);
    tape->count = 0;
    tape->general_count = 0;
    tape->segment_count = 0;
    arena_reset(&tape->values);
    arena_reset(&tape->adjoints);
    arena_reset(&tape->scratch);
    tape->set_pending = tape->has_lazy = tape->adjoints_valid = tape->ever_swept = false;
    tape->failed = NO_NODE;
    ad_tape_clear_error(tape);
    tape_new_segment(tape); /* the table has held one before: fails only without a new epoch */
    tape->base_epoch = tape->epoch;
}

ad_mark ad_tape_mark(ad_tape *tape)
{
    if (!tape) return (ad_mark){0};
    uint32_t epoch = tape->count ? segment_of(tape, tape->count - 1)->epoch : tape->base_epoch;
    return (ad_mark){tape, tape->count, epoch};
}

/* A mark is good while the node just below it is still the same one. */
static bool mark_holds(const ad_tape *tape, ad_mark mark)
{
    if (mark.node == 0) return mark.epoch == tape->base_epoch;
    return mark.node <= tape->count && segment_of(tape, mark.node - 1)->epoch == mark.epoch;
}

ad_status ad_tape_rewind(ad_tape *tape, ad_mark mark)
{
    if (!tape) return AD_ERROR_ARGUMENT;
    if (mark.tape != tape) {
        tape_fail(tape, AD_ERROR_TAPE, "rewind: the mark is of another tape");
        return AD_ERROR_TAPE;
    }
    if (!mark_holds(tape, mark)) {
        tape_fail(tape, AD_ERROR_STALE,
                  "rewind: the mark is from before a reset or above a later rewind");
        return AD_ERROR_STALE;
    }
    if (!tape_settled(tape, "rewind")) return tape->status;
    /* Dropped handles must become stale, so nothing is dropped unless there is an epoch to come. */
    if (!reserve_segment(tape)) return AD_ERROR_MEMORY;
    tape_memo_clear(tape);
    tape_names_truncate(tape, mark.node);
    tape->adjoints_valid = false;
    tape_truncate(tape, mark.node);
    if (tape->failed != NO_NODE && mark.node <= tape->failed) tape->failed = NO_NODE;
    return tape_new_segment(tape) ? AD_OK : AD_ERROR_SIZE;
}

/* SPDX-License-Identifier: MIT */
/* The arena: where blocks lie, what comes back after a rewind, and what a failing allocator
 * does. */
#include "tape/arena.h"

#include <string.h>

#include "tests/suite.h"

enum { ALIGNMENT = 64, CHUNK = 1 << 14 };

/* An allocator that counts, and fails at the call numbered fail_at (from 0) and after it, and for
 * sizes that no machine has. */
typedef struct counting {
    size_t calls;
    size_t live;
    size_t fail_at;
} counting;

static void *counting_allocate(size_t bytes, void *context)
{
    counting *c = context;
    if (c->calls++ >= c->fail_at || bytes > SIZE_MAX / 4) return NULL;
    void *block = malloc(bytes);
    if (block) c->live++;
    return block;
}

static void counting_release(void *block, void *context)
{
    ((counting *)context)->live--;
    free(block);
}

static counting count;
static tape_memory memory;
static arena a;

static void setup(void)
{
    count = (counting){.fail_at = SIZE_MAX};
    memory = (tape_memory){.allocator = {counting_allocate, counting_release, &count}};
    arena_init(&a, &memory);
}

static void teardown(void)
{
    arena_free(&a);
    ck_assert_uint_eq(count.live, 0);
    ck_assert_uint_eq(memory.bytes, 0);
}

START_TEST(an_empty_arena_has_allocated_nothing)
{
    ck_assert_uint_eq(count.calls, 0);
}
END_TEST

START_TEST(blocks_are_aligned_whatever_their_size)
{
    for (size_t bytes = 0; bytes < 1000; bytes++)
        ck_assert_uint_eq((uintptr_t)arena_take(&a, bytes) % ALIGNMENT, 0);
}
END_TEST

START_TEST(no_bytes_are_a_block_too)
{
    ck_assert_ptr_nonnull(arena_take(&a, 0));
    ck_assert_ptr_nonnull(arena_take_array(&a, 0, 8));
    ck_assert_ptr_nonnull(arena_take_array(&a, 8, 0));
}
END_TEST

/* Every block keeps its own pattern to the end: none overlap, none move as chunks are added. */
START_TEST(blocks_neither_overlap_nor_move)
{
    enum { BLOCKS = 300 };
    unsigned char *block[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        block[i] = arena_take(&a, i * 7);
        ck_assert_ptr_nonnull(block[i]);
        memset(block[i], (int)i % 256, i * 7);
    }
    ck_assert_uint_gt(count.calls, 1);
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t k = 0; k < i * 7; k++) ck_assert_uint_eq(block[i][k], i % 256);
}
END_TEST

START_TEST(a_block_larger_than_a_chunk_has_a_chunk_of_its_own)
{
    unsigned char *block = arena_take(&a, 10 * CHUNK + 1);
    ck_assert_ptr_nonnull(block);
    memset(block, 1, 10 * CHUNK + 1);
    ck_assert_uint_eq(count.calls, 1);
}
END_TEST

START_TEST(chunks_grow_so_that_few_are_needed)
{
    for (int i = 0; i < 100000; i++) ck_assert_ptr_nonnull(arena_take(&a, ALIGNMENT));
    ck_assert_uint_le(count.calls, 12);
}
END_TEST

static void round_of_work(void)
{
    for (size_t i = 0; i < 100; i++) ck_assert_ptr_nonnull(arena_take(&a, i * i));
}

START_TEST(a_second_round_after_reset_allocates_nothing)
{
    round_of_work();
    size_t calls = count.calls;
    size_t bytes = memory.bytes;
    for (int round = 0; round < 10; round++) {
        arena_reset(&a);
        round_of_work();
    }
    ck_assert_uint_eq(count.calls, calls);
    ck_assert_uint_eq(memory.bytes, bytes);
}
END_TEST

START_TEST(rounds_that_grow_slowly_hold_a_few_times_the_largest)
{
    size_t largest = 0;
    for (size_t round = 0; round < 10000; round++) {
        const arena_position start = arena_mark(&a);
        largest += ALIGNMENT;
        ck_assert_ptr_nonnull(arena_take(&a, largest));
        if (round % 2) arena_reset(&a);
        else arena_rewind(&a, start);
    }
    ck_assert_uint_le(memory.bytes, 5 * largest);
    ck_assert_uint_le(count.calls, 12);
}
END_TEST

START_TEST(reset_begins_again_at_the_first_block)
{
    void *first = arena_take(&a, 100);
    arena_take(&a, 3 * CHUNK);
    arena_reset(&a);
    ck_assert_ptr_eq(arena_take(&a, 100), first);
}
END_TEST

START_TEST(rewind_gives_back_to_the_mark_and_no_further)
{
    char *before = arena_take(&a, 100);
    memcpy(before, "kept", 5);
    arena_position mark = arena_mark(&a);
    void *after = arena_take(&a, 100);
    for (int i = 0; i < 50; i++) arena_take(&a, 1000);
    arena_rewind(&a, mark);
    ck_assert_ptr_eq(arena_take(&a, 100), after);
    ck_assert_str_eq(before, "kept");
}
END_TEST

START_TEST(rewind_to_the_mark_of_an_empty_arena_is_a_reset)
{
    arena_position mark = arena_mark(&a);
    void *first = arena_take(&a, 1);
    arena_rewind(&a, mark);
    ck_assert_ptr_eq(arena_take(&a, 1), first);
}
END_TEST

START_TEST(repeated_rewinds_allocate_nothing)
{
    arena_take(&a, 1);
    arena_position mark = arena_mark(&a);
    round_of_work();
    size_t calls = count.calls;
    for (int round = 0; round < 10; round++) {
        arena_rewind(&a, mark);
        round_of_work();
    }
    ck_assert_uint_eq(count.calls, calls);
}
END_TEST

START_TEST(a_size_near_the_largest_is_refused)
{
    for (size_t less = 0; less < 300; less++) ck_assert_ptr_null(arena_take(&a, SIZE_MAX - less));
    ck_assert_ptr_null(arena_take(&a, SIZE_MAX / 2));
    ck_assert_uint_eq(count.live, 0);
}
END_TEST

START_TEST(an_array_whose_size_overflows_is_refused)
{
    ck_assert_ptr_null(arena_take_array(&a, SIZE_MAX / 8 + 1, 8));
    ck_assert_ptr_null(arena_take_array(&a, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(arena_take_array(&a, SIZE_MAX, SIZE_MAX));
    ck_assert_uint_eq(count.calls, 0);
}
END_TEST

/* The first failing call is every one in turn; the arena must go on working after each. */
START_TEST(a_failing_allocator_gives_null_and_leaves_the_arena_usable)
{
    count.fail_at = (size_t)_i;
    bool failed = false;
    for (size_t i = 0; i < 12; i++) failed |= !arena_take(&a, (size_t)CHUNK << i);
    ck_assert(failed);
    count.fail_at = SIZE_MAX;
    unsigned char *block = arena_take(&a, 5 * CHUNK);
    ck_assert_ptr_nonnull(block);
    memset(block, 1, 5 * CHUNK);
}
END_TEST

/* Where doubling fails, the size that is needed is tried alone. */
static void *allocate_small(size_t bytes, void *context)
{
    return bytes > 3 * CHUNK ? NULL : counting_allocate(bytes, context);
}

START_TEST(a_block_that_fits_is_found_where_a_doubled_chunk_does_not)
{
    memory.allocator.allocate = allocate_small;
    for (int i = 0; i < 10; i++) ck_assert_ptr_nonnull(arena_take(&a, 2 * CHUNK));
}
END_TEST

START_TEST(free_leaves_an_arena_that_works_again)
{
    round_of_work();
    arena_free(&a);
    ck_assert_uint_eq(count.live, 0);
    round_of_work();
}
END_TEST

START_TEST(the_books_agree_with_the_allocator)
{
    round_of_work();
    ck_assert_uint_eq(memory.allocations, count.calls);
    ck_assert_uint_ge(memory.bytes, 99 * 99);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("arena");
    TCase *cases = tcase_create("arena");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, an_empty_arena_has_allocated_nothing);
    tcase_add_test(cases, blocks_are_aligned_whatever_their_size);
    tcase_add_test(cases, no_bytes_are_a_block_too);
    tcase_add_test(cases, blocks_neither_overlap_nor_move);
    tcase_add_test(cases, a_block_larger_than_a_chunk_has_a_chunk_of_its_own);
    tcase_add_test(cases, chunks_grow_so_that_few_are_needed);
    tcase_add_test(cases, a_second_round_after_reset_allocates_nothing);
    tcase_add_test(cases, rounds_that_grow_slowly_hold_a_few_times_the_largest);
    tcase_add_test(cases, reset_begins_again_at_the_first_block);
    tcase_add_test(cases, rewind_gives_back_to_the_mark_and_no_further);
    tcase_add_test(cases, rewind_to_the_mark_of_an_empty_arena_is_a_reset);
    tcase_add_test(cases, repeated_rewinds_allocate_nothing);
    tcase_add_test(cases, a_size_near_the_largest_is_refused);
    tcase_add_test(cases, an_array_whose_size_overflows_is_refused);
    tcase_add_loop_test(cases, a_failing_allocator_gives_null_and_leaves_the_arena_usable, 0, 8);
    tcase_add_test(cases, a_block_that_fits_is_found_where_a_doubled_chunk_does_not);
    tcase_add_test(cases, free_leaves_an_arena_that_works_again);
    tcase_add_test(cases, the_books_agree_with_the_allocator);
    suite_add_tcase(s, cases);
    return s;
}

/* SPDX-License-Identifier: MIT */
/* autodiff/inline.h records what the functions of the same names record, to the last bit. */
#include <autodiff/inline.h>

#include "tape/tape.h"
#include "tests/fixture.h"

enum { PROGRAMS = 200, LENGTH = 100, LEAVES = 5, CHOICES = 13 };

/* One operation on two earlier values and a number, inline or by a call. */
static ad_var recorded_inline(int choice, ad_var x, ad_var y, double c)
{
    switch (choice) {
    case 0: return ad_add(x, y);
    case 1: return ad_sub(x, y);
    case 2: return ad_mul(x, y);
    case 3: return ad_div(x, y);
    case 4: return ad_neg(x);
    case 5: return ad_square(x);
    case 6: return ad_sqrt(x);
    case 7: return ad_exp(x);
    case 8: return ad_log(x);
    case 9: return ad_sin(x);
    case 10: return ad_cos(x);
    case 11: return ad_scale(x, c);
    default: return ad_shift(x, c);
    }
}

static ad_var recorded_by_call(int choice, ad_var x, ad_var y, double c)
{
    switch (choice) {
    case 0: return (ad_add)(x, y);
    case 1: return (ad_sub)(x, y);
    case 2: return (ad_mul)(x, y);
    case 3: return (ad_div)(x, y);
    case 4: return (ad_neg)(x);
    case 5: return (ad_square)(x);
    case 6: return (ad_sqrt)(x);
    case 7: return (ad_exp)(x);
    case 8: return (ad_log)(x);
    case 9: return (ad_sin)(x);
    case 10: return (ad_cos)(x);
    case 11: return (ad_scale)(x, c);
    default: return (ad_shift)(x, c);
    }
}

/* NaNs are alike, whatever their sign: that of x + y depends on the order in registers. */
static void check_same_bits(double x, double y)
{
    ck_assert_msg((x != x && y != y) || memcmp(&x, &y, sizeof x) == 0, "%a and %a", x, y);
}

static void check_same_nodes(const ad_tape *a, const ad_tape *b)
{
    ck_assert_uint_eq(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        check_same_bits(*node_value(a, i), *node_value(b, i));
        ck_assert_uint_eq(chunk_of(a, i)->tag[i & CHUNK_MASK], chunk_of(b, i)->tag[i & CHUNK_MASK]);
        ck_assert_uint_eq(node_operand_count(a, i), node_operand_count(b, i));
        for (size_t k = 0; k < node_operand_count(a, i); k++)
            ck_assert_uint_eq(node_operand(a, i, k), node_operand(b, i, k));
    }
}

static size_t chosen(uint64_t *state, size_t count)
{
    return (size_t)((next_random(state) + 1) / 2 * (double)count) % count;
}

/* Some leaves are constants; a mark in the middle makes the values before it old. The 50 programs
 * on one tape pass the end of a chunk. */
static void check_program(ad_tape *other, uint64_t seed)
{
    ad_var x[LEAVES + LENGTH], y[LEAVES + LENGTH];
    for (size_t i = 0; i < LEAVES; i++) {
        const double value = next_random(&seed);
        x[i] = i ? ad_scalar(tape, value) : ad_constant(tape, 1, 1, &value);
        y[i] = i ? (ad_scalar)(other, value) : ad_constant(other, 1, 1, &value);
    }
    for (size_t i = LEAVES; i < LEAVES + LENGTH; i++) {
        const int choice = (int)chosen(&seed, CHOICES);
        const size_t a = chosen(&seed, i), b = chosen(&seed, i);
        const double c = (double)chosen(&seed, 4) - 1;
        x[i] = recorded_inline(choice, x[a], x[b], c);
        y[i] = recorded_by_call(choice, y[a], y[b], c);
        if (i == LENGTH / 2) {
            ad_tape_rewind(tape, ad_tape_mark(tape));
            ad_tape_rewind(other, ad_tape_mark(other));
        }
        ck_assert_uint_eq(x[i].epoch, y[i].epoch);
    }
    const ad_var last_x = x[LEAVES + LENGTH - 1], last_y = y[LEAVES + LENGTH - 1];
    ck_assert_int_eq(ad_backward(last_x), AD_OK);
    ck_assert_int_eq(ad_backward(last_y), AD_OK);
    for (size_t i = 0; i < LEAVES; i++) check_same_bits(*ad_adjoint(x[i]), *ad_adjoint(y[i]));
}

START_TEST(random_programs_are_recorded_alike)
{
    ad_tape *other = (ad_tape_new)();
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        check_program(other, seed);
        if (seed % 50 != 0) continue;
        check_same_nodes(tape, other);
        ad_tape_reset(tape);
        ad_tape_reset(other);
    }
    ad_tape_free(other);
}
END_TEST

START_TEST(what_is_not_the_common_case_is_called)
{
    ad_tape *other = ad_tape_new();
    const ad_var none = {0}, x = ad_scalar(tape, 3), foreign = ad_scalar(other, 1);
    const ad_var m = INPUT(1, 2, 3, 4), sum = ad_add(m, x);
    CHECK(sum, 1, 2, 6, 7);
    CHECK_GRADIENT(ad_square(ad_abs(x)), x, 6);
    check_error(tape, ad_add(x, none), AD_ERROR_ARGUMENT, "add: invalid handle (argument 2)");
    check_error(tape, ad_mul(x, foreign), AD_ERROR_TAPE, "mul: operands on different tapes");
    ck_assert(!ad_ok(ad_neg(none)) && !ad_ok(ad_scale(none, 2)) && !ad_ok(ad_scalar(NULL, 2)));
    ad_set(x, &(double){4});
    check_error(tape, ad_square(x), AD_ERROR_STATE, "square: after ad_set, call ad_replay first");
    ad_replay(tape);
    ad_tape_reset(tape);
    check_error(tape, ad_scale(x, 2), AD_ERROR_STALE,
                "scale: stale handle: its value was dropped by a reset, rewind or keep");
    ad_tape_free(other);
}
END_TEST

START_TEST(a_tape_of_another_layout_is_none)
{
    ad_tape *own = ad_tape_new(), *other = (ad_tape_new)();
    ck_assert_ptr_nonnull(own);
    other->layout++;
    ck_assert_ptr_null(ad_inline_checked(other));
    ck_assert_ptr_null(ad_inline_checked(NULL));
    ad_tape_free(own);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("inline");
    TCase *cases = tcase_create("inline");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, random_programs_are_recorded_alike);
    tcase_add_test(cases, what_is_not_the_common_case_is_called);
    tcase_add_test(cases, a_tape_of_another_layout_is_none);
    suite_add_tcase(s, cases);
    return s;
}

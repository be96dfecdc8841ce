/* SPDX-License-Identifier: MIT */
/* Any bytes as a program that calls the C interface on two tapes, checked while it runs.
 *
 *     byte 0           odd: numbers of ordinary size only
 *     then             27 numbers: the elements of the leaves that both tapes begin with (interface.c)
 *     then, a call:    its place among those that are made often (interface.c), or 16 more than that in the
 *                      table (calls.c); then what its arguments are made from
 *
 *     operand          a byte: how many live values of this tape to go back from the newest, then on
 *                      to the first that fits the operation; from FITTING on without looking for one;
 *                      from FORGED on another byte chooses any value so far, whatever became of it
 *     number           a byte: below SPECIAL_NUMBERS an extreme one, else (byte - 136) / 16
 *     shape, count     a byte, taken modulo what there is
 *
 * Bytes past the end read as 0. Promises are checked after calls and once more at the end:
 *
 *     gradients        adjoints of a sweep are those that ad_grads records
 *     replays          values after a replay, or at the end, are those of a fresh recording, bit for bit
 *     values           do not change but by a replay; ad_tape_keep leaves those that it keeps
 *     handles          are valid exactly while their values are on the tape
 *     errors           have a text, and make results invalid until cleared; statuses agree
 *     memory           what the tape says it holds is what its allocator gave
 */
#ifndef TESTS_FUZZ_INTERFACE_H
#define TESTS_FUZZ_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* NULL where all promises were kept; else what was broken, valid until the next call. The calls
 * are written to listing as C, unless that is NULL. */
const char *interface_run(const uint8_t *data, size_t size, FILE *listing);

/* Whether the table has a public function. */
bool interface_calls(const char *name);

#endif

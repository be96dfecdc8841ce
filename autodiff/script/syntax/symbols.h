/* SPDX-License-Identifier: MIT */
/* Names, each stored once and known by a number from then on. */
#ifndef SCRIPT_SYMBOLS_H
#define SCRIPT_SYMBOLS_H

#include "autodiff/script/syntax/memory.h"

#include <stdint.h>

typedef struct known_name known_name;

typedef struct symbol_table {
    const char **names; /* by number */
    uint32_t count;
    known_name *table; /* the numbers, by name */
} symbol_table;

/* The number of a name of length bytes; a new one if it was not seen before. */
uint32_t symbol_of(symbol_table *symbols, const char *name, size_t length);

/* The number of a name that has one; false if it was not seen before. */
bool symbol_find(const symbol_table *symbols, const char *name, size_t length, uint32_t *number);

void symbols_free(symbol_table *symbols);

#endif

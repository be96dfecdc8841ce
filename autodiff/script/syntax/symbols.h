/* Names, each stored once and known by a number from then on. */
#ifndef SCRIPT_SYMBOLS_H
#define SCRIPT_SYMBOLS_H

#include "autodiff/script/syntax/memory.h"

#include <stdint.h>

typedef struct symbol_table {
    char **names; /* by number */
    uint32_t count;
    uint32_t capacity;
    uint32_t *table; /* open addressing: number + 1, 0 is free; its size is a power of two */
    uint32_t size;
} symbol_table;

/* The number of a name of length bytes; a new one if it was not seen before. */
uint32_t symbol_of(symbol_table *symbols, const char *name, size_t length);

void symbols_free(symbol_table *symbols);

#endif

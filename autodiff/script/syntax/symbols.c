#include "autodiff/script/syntax/symbols.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a (Fowler, Noll, Vo). */
static uint32_t hash_of(const char *name, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t k = 0; k < length; k++) hash = (hash ^ (unsigned char)name[k]) * 16777619u;
    return hash;
}

static bool same_name(const char *stored, const char *name, size_t length)
{
    return strlen(stored) == length && memcmp(stored, name, length) == 0;
}

/* The place of a name in the table: its entry, or the free one where it belongs. */
static uint32_t place_of(const symbol_table *symbols, const char *name, size_t length)
{
    uint32_t place = hash_of(name, length) & (symbols->size - 1);
    while (symbols->table[place] &&
           !same_name(symbols->names[symbols->table[place] - 1], name, length))
        place = (place + 1) & (symbols->size - 1);
    return place;
}

static void grow(symbol_table *symbols)
{
    symbols->size = symbols->size ? 2 * symbols->size : 256;
    symbols->capacity = symbols->size / 2;
    symbols->names = reallocate(symbols->names, symbols->capacity, sizeof *symbols->names);
    release(symbols->table);
    symbols->table = allocate(symbols->size * sizeof *symbols->table);
    for (uint32_t k = 0; k < symbols->count; k++) {
        const char *name = symbols->names[k];
        symbols->table[place_of(symbols, name, strlen(name))] = k + 1;
    }
}

uint32_t symbol_of(symbol_table *symbols, const char *name, size_t length)
{
    if (symbols->count == symbols->capacity) grow(symbols);
    uint32_t place = place_of(symbols, name, length);
    if (!symbols->table[place]) {
        symbols->names[symbols->count] = copy_text(name, length);
        symbols->table[place] = ++symbols->count;
    }
    return symbols->table[place] - 1;
}

void symbols_free(symbol_table *symbols)
{
    for (uint32_t k = 0; k < symbols->count; k++) release(symbols->names[k]);
    release(symbols->names);
    release(symbols->table);
    *symbols = (symbol_table){0};
}

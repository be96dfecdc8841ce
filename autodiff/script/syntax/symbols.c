/* SPDX-License-Identifier: MIT */
#include "autodiff/script/syntax/syntax.h"

#include <string.h>

#define table_take(bytes) allocate(bytes)
#define table_return(block) release(block)
#include "tape/table.h"

struct known_name {
    uint32_t number;
    UT_hash_handle hh;
    char name[];
};

bool symbol_find(const symbol_table *symbols, const char *name, size_t length, uint32_t *number)
{
    known_name *entry = NULL;
    HASH_FIND(hh, symbols->table, name, length, entry);
    if (entry) *number = entry->number;
    return entry != NULL;
}

uint32_t symbol_of(symbol_table *symbols, const char *name, size_t length)
{
    uint32_t number;
    if (symbol_find(symbols, name, length, &number)) return number;
    known_name *entry = allocate(sizeof *entry + length + 1);
    memcpy(entry->name, name, length);
    entry->number = symbols->count;
    symbols->names = array_extend(symbols->names, symbols->count, sizeof *symbols->names);
    symbols->names[symbols->count] = entry->name;
    HASH_ADD_KEYPTR(hh, symbols->table, entry->name, length, entry);
    return symbols->count++;
}

void symbols_free(symbol_table *symbols)
{
    known_name *entry, *next;
    HASH_ITER(hh, symbols->table, entry, next)
    {
        HASH_DEL(symbols->table, entry);
        release(entry);
    }
    release(symbols->names);
    *symbols = (symbol_table){0};
}

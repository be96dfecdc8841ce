/* SPDX-License-Identifier: MIT */
/* Hash tables: uthash, for a file that says where their memory comes from.
 *
 * Before the include, table_take(bytes) is defined, which may give NULL, and table_return(block).
 * An entry that no memory could be had for has hh.tbl == NULL after HASH_ADD. */
#ifndef TAPE_TABLE_H
#define TAPE_TABLE_H

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(bytes) table_take(bytes)
#define uthash_free(block, bytes) table_return(block)
#define uthash_nonfatal_oom(entry) ((void)(entry))
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
#include <uthash.h>

/* Most tables hold a handful; they double when they fill. */
#undef HASH_INITIAL_NUM_BUCKETS
#undef HASH_INITIAL_NUM_BUCKETS_LOG2
#define HASH_INITIAL_NUM_BUCKETS 4U
#define HASH_INITIAL_NUM_BUCKETS_LOG2 2U

#endif

/* SPDX-License-Identifier: MIT */
/* The values of a stretch of nodes, to be put back bit for bit. */
#ifndef AUTODIFF_SNAPSHOT_H
#define AUTODIFF_SNAPSHOT_H

#include "tape/tape.h"

typedef struct snapshot {
    ad_tape *tape;
    uint32_t from, end;
    unsigned char *bytes;
    bool has_lazy;
} snapshot;

/* Notes the nodes from `from` up to, without, `end`, in scratch memory. False when out of
 * memory. */
bool snapshot_take(snapshot *s, ad_tape *tape, uint32_t from, uint32_t end);
/* Puts back what was noted; what the memo holds of later values goes. */
void snapshot_restore(const snapshot *s);

#endif

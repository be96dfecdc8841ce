/* SPDX-License-Identifier: MIT */
#include "autodiff/script/library/dependence.h"

#include "tape/visits.h"

bool depends_on(ad_var y, ad_var x)
{
    ad_tape *tape = x.tape;
    arena_position position = arena_mark(&tape->scratch);
    visits found = {.tape = tape};
    bool depends = node_is_active(tape, y.node) && visits_find(&found, y.node, &x, 1) &&
                   found.count && visits_node(&found, x.node);
    visits_end(&found);
    arena_rewind(&tape->scratch, position);
    return depends;
}

/* Adjoints whose zeros are structural: the share of an element, a block or a diagonal. */
#ifndef OPS_PLACEMENT_H
#define OPS_PLACEMENT_H

#include "ops/moving.h"

/* Elements at positions of a rows x cols matrix, zeros elsewhere whatever the values are. */
typedef struct placed {
    ad_var elements; /* count x 1; invalid where there are none */
    size_t count;    /* fewer than rows * cols */
    const size_t *indices; /* row-major, ascending; scratch memory of the rule at hand */
    size_t rows, cols;
} placed;

/* True, and p, in the rules of a gradient when x was recorded as elements put into zeros. */
bool placed_adjoint(ad_var x, placed *p);

/* Records op, each element of whose result is one of x or 0, on x; of a placed adjoint the result
 * is placed as well. */
ad_var placed_move(const operation *op, ad_var x, const void *attributes, size_t size);

/* The elements at the positions of p, which are some, of an operand that was broadcast to the shape
 * of p: count x 1, or the operand itself when it is 1x1. */
ad_var placed_operand(const placed *p, ad_var operand);

/* The elements of a share, one for each of p, in the shape of such an operand: added up where it
 * was repeated. */
ad_var placed_share(const placed *p, ad_var elements, ad_var operand);

/* The sum of count > 0 such adjoints of one shape. */
ad_var placed_sum(const ad_var *shares, size_t count);

#endif

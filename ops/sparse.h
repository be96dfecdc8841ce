/* SPDX-License-Identifier: MIT */
/* Rules on adjoints of which only some elements are there (tape/support.c). */
#ifndef OPS_SPARSE_H
#define OPS_SPARSE_H

#include "ops/operations.h"

/* Runs the rule of a node on its adjoint as it was collected: whole, at positions, or a multiple of
 * the unit matrix. */
bool rule_run(rule *r, uint8_t code);

/* For elementwise rules. The elements of an operand, or of the result, that belong to r->adjoint:
 * all, or a column of those at r->at. An operand that was broadcast may stay smaller. */
ad_var rule_part(const rule *r, ad_var operand);
/* Adds a share made of such parts, summed where operand k was broadcast. */
bool rule_share(const rule *r, size_t k, ad_var share);

/* Adds elements from[i] of r->adjoint, a column at r->at, to elements to[i] of the operands, which
 * are counted through one after another; i < count. */
bool rule_distribute(const rule *r, const size_t *from, const size_t *to, size_t count);

#endif

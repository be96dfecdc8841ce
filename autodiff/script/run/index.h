/* SPDX-License-Identifier: MIT */
/* Indices: which elements of a value x(i) or x(i, j) means. */
#ifndef SCRIPT_INDEX_H
#define SCRIPT_INDEX_H

#include "autodiff/script/run/interpreter.h"

typedef struct subscript {
    bool colon;
    bool range; /* of the colon with ends */
    size_t count;
    size_t rows; /* the shape of the index itself */
    size_t cols;
    size_t largest;    /* the largest position + 1, 0 when there is none */
    size_t *positions; /* from 0, count of them; to be freed unless it points to one */
    size_t one;
} subscript;

/* Evaluates argument number position of total, of an index of value, along which there are extent
 * elements. An index may not be moved; free it with index_free. */
bool index_evaluate(interpreter *in, const syntax_node *node, const script_value *value,
                    size_t position, size_t total, size_t extent, subscript *index);
void index_free(subscript *index);

/* The position that element k of the index names. */
size_t position_at(const subscript *index, size_t k);

#endif

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

/* The elements that x(i) or x(i, j) names. */
typedef struct selection {
    subscript along[2]; /* of all elements, or of rows and columns */
    size_t count;       /* of these, 1 or 2 */
} selection;

/* Evaluates the arguments of an index of value. A : among two stands for all of so many rows or
 * columns. A selection may not be moved; free it with selection_free. */
bool select_elements(interpreter *in, const syntax_node *arguments, const script_value *value,
                     size_t rows, size_t cols, selection *s);
void selection_free(selection *s);

size_t selection_size(const selection *s);

/* The row-major position, in a value of rows x cols, of the element that counts as number k down
 * the columns of the selection. */
size_t selected(const selection *s, size_t k, size_t rows, size_t cols);

/* The position that element k of a subscript names. */
size_t position_at(const subscript *index, size_t k);

#endif

/* Indices: which elements of a value x(i) or x(i, j) means. */
#ifndef SCRIPT_INDEX_H
#define SCRIPT_INDEX_H

#include "autodiff/script/run/interpreter.h"

struct index {
    bool colon;
    size_t count;
    size_t rows; /* the shape of the index itself */
    size_t cols;
    size_t largest;    /* the largest position + 1, 0 when there is none */
    size_t *positions; /* from 0, count of them; to be freed unless it points to one */
    size_t one;
};

/* Evaluates argument number position of total, of an index of value, along which there are extent
 * elements. An index may not be moved; free it with index_free. */
bool index_evaluate(struct interpreter *in, const struct node *node, const struct value *value,
                    size_t position, size_t total, size_t extent, struct index *index);
void index_free(struct index *index);

/* A name for messages: the indexed variable's, or "index". */
const char *indexed_name(struct interpreter *in, const struct node *arguments);

#endif

/* SPDX-License-Identifier: MIT */
/* A variable that is assigned to element by element.
 *
 * An assignment is noted, not made: each element is a place in one of several parts, which are the
 * value that there was and those assigned since. What is read is taken from the parts that it lies
 * in. Read as a whole, all are joined, and the variable is an ordinary matrix again. So a loop that
 * fills a vector, each element from those before, takes time and memory in proportion to its
 * steps. */
#ifndef SCRIPT_ELEMENTS_H
#define SCRIPT_ELEMENTS_H

#include "autodiff/script/run/interpreter.h"

typedef struct element_part {
    ad_var var;
    size_t offset; /* of its elements among those of all parts, one part after the other */
    size_t place;  /* the same among the parts of one reading */
    size_t reading;
} element_part;

struct lazy_elements {
    size_t references;
    size_t rows;
    size_t cols;
    size_t *sources; /* each element's place among those of all parts; both row-major */
    size_t capacity;
    element_part *parts;
    size_t count;
    size_t part_capacity;
    size_t total; /* elements of all parts */
    size_t zero;  /* the place of a zero among them, if has_zero */
    bool has_zero;
    size_t readings;
};

/* The elements of a value on the tape, referred to once; NULL after an error. */
lazy_elements *elements_new(interpreter *in, ad_var var);
void elements_free(lazy_elements *elements);

/* Adds a part; its first element gets place *offset. */
bool elements_add(interpreter *in, lazy_elements *elements, ad_var var, size_t *offset);

/* Gives new elements zeros. On an error all stays as it was. */
bool elements_resize(interpreter *in, lazy_elements *elements, size_t rows, size_t cols);

/* The elements at these row-major positions as rows x cols. */
bool elements_read(interpreter *in, lazy_elements *elements, const size_t *positions, size_t rows,
                   size_t cols, script_value *result);

/* All as a value of its own. */
bool elements_join(interpreter *in, lazy_elements *elements, script_value *whole);

/* ---- Indices ---- */

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

/* The elements that x(i) or x(i, j) names; x(i, j, 1) is x(i, j). */
typedef struct selection {
    subscript along[3]; /* of all elements, or of rows and columns */
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

/* True when the positions follow one another. */
bool is_run(const subscript *index);

#endif

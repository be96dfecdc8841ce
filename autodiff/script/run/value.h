/* SPDX-License-Identifier: MIT */
/* Values of the language: numbers, matrices on the tape, strings and functions. */
#ifndef SCRIPT_VALUE_H
#define SCRIPT_VALUE_H

#include "autodiff/script/syntax/syntax.h"

#include <autodiff/autodiff.h>

typedef enum value_kind {
    VALUE_NOTHING,
    VALUE_NUMBER, /* a scalar that has not been recorded: a literal, a size, a comparison */
    VALUE_MATRIX, /* recorded on the tape; 1x1 too */
    VALUE_STRING,
    VALUE_ERROR, /* that catch has named; its message is a string */
    VALUE_FUNCTION,
    VALUE_ELEMENTS /* of a variable alone: a matrix that is being assigned to (elements.h) */
} value_kind;

/* What a value remembers of where it came from. It decides how Octave prints the value, and
 * whether it selects elements as an index. */
typedef enum value_form {
    FORM_PLAIN,
    FORM_LOGICAL,    /* of comparisons */
    FORM_RANGE,      /* of the colon; limit is what stood after it */
    FORM_DIAGONAL,   /* of eye and diag */
    FORM_PERMUTATION /* of lu */
} value_form;

typedef struct string_value {
    size_t references;
    size_t length;
    bool resolved; /* of double quotes: a template leaves its backslashes as they are */
    char bytes[];  /* terminated */
} string_value;

typedef struct function_value function_value;
typedef struct lazy_elements lazy_elements;

typedef struct script_value {
    value_kind kind;
    value_form form;
    ad_var var;  /* VALUE_MATRIX */
    size_t rows; /* of nothing 0, of functions and errors 1 */
    size_t cols;
    union {
        double number;        /* VALUE_NUMBER */
        double limit;         /* FORM_RANGE */
        string_value *string; /* VALUE_STRING, VALUE_ERROR */
        function_value *function;
        lazy_elements *elements;
    } u;
} script_value;

/* A variable captured by an anonymous function. */
typedef struct capture {
    uint32_t symbol;
    script_value value;
} capture;

struct function_value {
    size_t references;
    const parsed_script *script; /* where it stands */
    const syntax_node *node;     /* NODE_FUNCTION, or NODE_HANDLE: what has this name when called */
    function_value *link;        /* in the lists that walk over functions without recursion */
    unsigned visit;              /* the walk that saw it last */
    size_t count;
    capture *captures;
};

script_value value_number(double number);
script_value value_logical(bool truth);
/* bytes may be NULL: they are to be filled in. */
script_value value_string(const char *bytes, size_t length);
script_value value_matrix(ad_var var);

/* Another reference to the same value; release each. */
script_value value_share(script_value value);
void value_release(script_value *value);
void values_release(script_value *values, size_t count);

bool is_numeric(script_value value);
bool has_numbers(script_value value); /* text too, as codes */
bool is_scalar(script_value value);
bool is_empty(script_value value);

/* Two values broadcast to one shape. */
bool shapes_fit(script_value x, script_value y);

/* The numbers of a value, row-major; in the value itself for a VALUE_NUMBER. NULL for a string, a
 * function or nothing. */
const double *value_numbers(const script_value *value);

/* The one that counts as number k (from 0) down the columns. */
double value_at(const script_value *value, size_t k);

/* Equal numbers in one shape. */
bool equal_values(const script_value *x, const script_value *y);

/* The row-major position of that element. */
size_t row_major(size_t k, size_t rows, size_t cols);

/* "a number", "a matrix", "a string", "an error", "a function", "nothing". */
const char *value_kind_name(script_value value);

#endif

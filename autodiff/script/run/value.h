/* Values of the language: numbers, matrices on the tape, strings and functions. */
#ifndef SCRIPT_VALUE_H
#define SCRIPT_VALUE_H

#include "autodiff/script/syntax/tree.h"

#include <autodiff/autodiff.h>

enum value_kind {
    VALUE_NOTHING,
    VALUE_NUMBER, /* a scalar that has not been recorded: a literal, a size, a comparison */
    VALUE_MATRIX, /* recorded on the tape; 1x1 too */
    VALUE_STRING,
    VALUE_FUNCTION,
    VALUE_ELEMENTS /* of a variable alone: a matrix that is being assigned to (elements.h) */
};

/* What a value remembers of where it came from. It decides how Octave prints the value, and
 * whether it selects elements as an index. */
enum value_form {
    FORM_PLAIN,
    FORM_LOGICAL, /* of comparisons */
    FORM_RANGE,   /* of the colon; limit is what stood after it */
    FORM_DIAGONAL /* of eye and diag */
};

struct string {
    size_t references;
    size_t length;
    bool raw;     /* of single quotes: a template resolves the escapes in it */
    char bytes[]; /* terminated */
};

struct value {
    enum value_kind kind;
    enum value_form form;
    ad_var var; /* VALUE_MATRIX, and its shape */
    size_t rows;
    size_t cols;
    union {
        double number; /* VALUE_NUMBER */
        double limit;  /* FORM_RANGE */
        struct string *string;
        struct function_value *function;
        struct elements *elements;
    } u;
};

/* A variable captured by an anonymous function. */
struct capture {
    uint32_t symbol;
    struct value value;
};

struct function_value {
    size_t references;
    const struct script *script; /* where it stands */
    const struct node *node;     /* NODE_FUNCTION */
    struct function_value *link; /* in the lists that walk over functions without recursion */
    unsigned visit;              /* the walk that saw it last */
    size_t count;
    struct capture captures[];
};

/* The numbers of a value, row-major. */
struct matrix_view {
    size_t rows;
    size_t cols;
    const double *values;
    double number; /* where values points for a VALUE_NUMBER */
};

struct value value_number(double number);
struct value value_logical(bool truth);
struct value value_string(const char *bytes, size_t length);
struct value value_matrix(ad_var var);

/* Another reference to the same value; release each. */
struct value value_share(struct value value);
void value_release(struct value *value);

bool is_numeric(struct value value);
size_t value_rows(struct value value);
size_t value_cols(struct value value);
bool is_scalar(struct value value);
bool is_empty(struct value value);

/* Fills *view; false for a string, a function or nothing. The view may not be moved. */
bool value_view(const struct value *value, struct matrix_view *view);

/* The element that counts as number k (from 0) down the columns. */
double view_at(const struct matrix_view *view, size_t k);

/* The row-major position of that element. */
size_t row_major(size_t k, size_t rows, size_t cols);

/* "a number", "a matrix", "a string", "a function", "nothing". */
const char *value_kind_name(struct value value);

#endif

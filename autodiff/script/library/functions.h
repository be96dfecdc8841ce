/* SPDX-License-Identifier: MIT */
/* The functions of the language. One table (functions.c) drives calls, help, completion and
 * suggestions. */
#ifndef SCRIPT_FUNCTIONS_H
#define SCRIPT_FUNCTIONS_H

#include "autodiff/script/run/interpreter.h"

typedef struct function_call function_call;
typedef bool function_code(function_call *call);

/* takes has a letter for each argument, which is checked and converted before the call:
 *
 *   m  a matrix on the tape, in .var         n  one number, in .u.number
 *   s  a square one                          c  a count: an integer, none if negative
 *   r  numbers to read (value_numbers)       d  a dimension, 1 or 2
 *   v  any value                             k  a diagonal, an integer
 *   h  a value of which the shape counts     t  text, in .u.string
 *   w  a matrix on the tape, or text         o  one number, or []
 *   x  an expression, not evaluated: the function needs its name
 *
 * Those after ? are optional; * after the last stands for any number more of it. */
typedef struct builtin {
    const char *name;
    function_code *code;
    const char *takes;
    int results;
    const char *usage;
    const char *help;
    ad_var (*one)(ad_var);         /* the tape's operation of one operand, if code needs it */
    ad_var (*two)(ad_var, ad_var); /* of two */
    ad_var (*along[3])(ad_var);    /* of one operand: of all elements, each column, each row */
    double parameter;              /* what else tells functions of one code apart */
    bool beyond_octave;
    bool written;        /* in the prelude, where its name means code */
    const char *formula; /* its value, if the prelude has no definition */
    const char *command; /* or what it does: it has no parameters, `argument` gives the arguments */
    bool keeps_text;     /* it moves elements: of text, the result is text */
} builtin;

/* A call under way. code fills results[0 .. returned-1]; the caller releases arguments. */
struct function_call {
    interpreter *in;
    const builtin *function;
    const syntax_node *node;
    const syntax_node *nodes; /* the arguments as they stand in the script */
    script_value *arguments;
    size_t count;
    size_t wanted; /* 0 when the value is not used */
    script_value *results;
    size_t returned;
};

/* Makes the names of the functions the first symbols, in the table's order. */
void functions_intern(symbol_table *symbols);
size_t function_count(void);
/* The function a symbol names, or NULL; in the prelude, which has primitives of its own besides. */
const builtin *function_of(uint32_t symbol);
const builtin *primitive_of(uint32_t symbol);

/* How many arguments a function takes at least, and at most. */
void function_arity(const builtin *function, size_t *least, size_t *most);

/* Checks and converts the arguments of a call as the table says. */
bool convert_arguments(function_call *call);

/* help NAME, or the whole table for "" . */
bool print_help(interpreter *in, const char *name);

/* ---- For the functions' files ---- */

/* Returns a value from a call. */
bool give(function_call *call, script_value value);
bool give_tape(function_call *call, ad_var var);
bool give_text(function_call *call, text_buffer *text); /* which it frees */
/* A row or a column. */
bool is_vector(ad_var x);
/* The elements of x, counted down the columns, in another shape. */
ad_var reshaped(ad_var x, size_t rows, size_t cols);
/* x as a value that others can be differentiated by, which the tape's constants are not. For
 * operations without a derivative, for derivatives (which may be constants) and for detach. */
ad_var as_variable(ad_var x);
/* An operation of both arguments, if they broadcast. */
bool give_fitting(function_call *call, ad_var (*operation)(ad_var, ad_var));
/* A matrix of numbers that new_numbers made, which are released. */
bool give_numbers(function_call *call, size_t rows, size_t cols, double *numbers);

/* Checks and converts argument k, of a kind that takes would name. */
bool convert_argument(function_call *call, size_t k, char kind);
/* The text that the template in argument k makes of those after it. */
bool format_arguments(function_call *call, size_t k, text_buffer *text);

/* Prints the outcome of a check: the two arguments as they are written, with these texts around them,
 * and what follows the error. */
void report_check(function_call *call, const char *before, const char *between, const char *after,
                  bool passed, double error, const char *detail);

/* The code of every row of the table. */
#define ROW(word, function, ...) function,
function_code
#include "autodiff/script/library/functions.def"
    call_nothing;
#undef ROW

/* Draws the figures that are left, or tells how many were not drawn. False after a message on standard
 * error. */
bool plots_finish(interpreter *in);

/* The path that a script means: relative to the script's own folder; release() it. NULL with an
 * error for a name that holds a NUL byte. */
char *path_argument(function_call *call, const string_value *name);

#endif

/* SPDX-License-Identifier: MIT */
/* The interpreter: runs scripts on one tape.
 *
 * Every step returns false after an error, which is noted in the interpreter once; what a step
 * fills in through a pointer is valid, and the caller's to release, only after true. A small
 * allocation that fails ends the program (memory.h); the library itself never does. */
#ifndef SCRIPT_INTERPRETER_H
#define SCRIPT_INTERPRETER_H

#include "autodiff/script/shell/shell.h"
#include "autodiff/script/run/value.h"

#include <signal.h>

enum {
    CALL_LIMIT = 256,        /* of functions in one another, as Octave's */
    EVALUATION_LIMIT = 5000, /* of expressions in one another */
    MOST_RESULTS = 16        /* of a call */
};

/* How a list of statements ended: one that is not FLOW_NEXT ends the lists around it, too, up to the
 * loop or the function that it means. */
typedef enum control_flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN } control_flow;

/* How numbers are printed: every other format is a long one, and two each have exponents always, or
 * where they are shorter. */
typedef enum number_format {
    FORMAT_SHORT,
    FORMAT_LONG,
    FORMAT_SHORT_E,
    FORMAT_LONG_E,
    FORMAT_SHORT_G,
    FORMAT_LONG_G
} number_format;

/* What is called: one of a function of the table, of the script's, and an anonymous one. */
typedef struct callee {
    const struct builtin *builtin;
    const parsed_script *script;    /* of the others: where they stand */
    const syntax_node *node;        /* NODE_DEFINITION or NODE_FUNCTION */
    const function_value *captured; /* of an anonymous one */
} callee;

/* What is known of a name in all scopes. */
typedef struct known_name {
    callee defined; /* the function that the script defines by it; no node where there is none */
    callee written; /* that of the prelude (prelude.c) */
    bool examined;  /* for whether */
    bool differentiated; /* a derivative by a variable of this name may be asked for */
} known_name;

/* The variables of the script, or of a call of one of its functions. */
typedef struct variable_scope {
    script_value *variables; /* by symbol; VALUE_NOTHING where there is none */
    uint32_t count;
    uint32_t low; /* those that are set lie from low up to high */
    uint32_t high;
    size_t given; /* arguments and results of the call: nargin, nargout */
    size_t wanted;
    const syntax_node *function; /* NODE_DEFINITION or NODE_FUNCTION; NULL for the script's own */
    struct variable_scope *caller;
    /* where the caller goes on */
    const parsed_script *script;
    const syntax_node *statement;
    const struct index_context *index;
} variable_scope;

typedef struct number_range {
    double base;
    double step;
    double limit;
    size_t count;
} number_range;

/* A for loop that is being run. */
typedef struct for_loop {
    script_value columns; /* what it runs over; VALUE_NOTHING for a range of plain numbers */
    struct for_loop *outer;
} for_loop;

/* What `end` stands for: the value that is being indexed, and where. */
typedef struct index_context {
    const script_value *value;
    size_t position;
    size_t count;
} index_context;

typedef struct script_failure {
    bool failed;
    bool interrupted;
    const syntax_node *function; /* the place is in its body */
    const parsed_script *where;  /* of the place */
    size_t place;
    bool called; /* a function was being called: outermost call */
    size_t call;
    text_buffer message;
    text_buffer
        octave;    /* identifier, NUL and message in Octave, if it has the error; see error_value */
    bool unplaced; /* Octave's message ends with the place */
} script_failure;

typedef struct interpreter {
    ad_tape *tape;
    symbol_table symbols;
    variable_scope top;     /* the script's own variables */
    variable_scope *scope;  /* the innermost, where names are looked up */
    variable_scope kept;    /* text that the prelude keeps from call to call */
    variable_scope *spare;  /* scopes of calls that are over, for the next */
    parsed_script *prelude; /* functions of the language, written in it; NULL until one is called */
    known_name *names;      /* by symbol */
    uint32_t name_count;
    struct function_call *served; /* that a function of the prelude runs for, the innermost */
    uint32_t answer;              /* the symbol ans */
    parsed_script *scripts;
    const parsed_script *script; /* being run; in a function, the one it stands in */
    const syntax_node *statement;
    bool more_to_come; /* another source will follow: this is a prompt */
    const index_context *index;
    for_loop *loops;
    unsigned calls;
    unsigned depth;
    unsigned pending; /* evaluations that hold values which collect would not find */
    script_failure failure;
    script_value caught; /* the last error that try has caught */
    const char *indexed; /* the variable that is being indexed */
    random_generator generator;
    const syntax_node **told; /* calls of grad that have said their value depends on nothing */
    size_t told_count;
    bool check_failed;
    bool quit; /* no statement is run after this one */
    control_flow flow;
    int exit_status; /* that quit asks for */
    /* memory: see collect.c */
    bool collect;
    size_t collect_nodes;
    size_t collect_bytes;
    size_t bytes_recorded;
    size_t joined; /* nodes when elements were joined last: older ones are no new values */
    unsigned visit;
    /* output */
    FILE *output;
    number_format format;
    bool json;
    bool name_values; /* record the names of variables on the tape, for drawings */
    const volatile sig_atomic_t *interrupt;
    const char *plots;      /* the folder for them, or NULL */
    double started;         /* by tic */
    double seconds_allowed; /* of a source; 0: any number */
    double deadline;        /* of the one that runs, by seconds_now() */
} interpreter;

/* A new interpreter that prints to output; its tape takes memory from allocator (NULL: from
 * memory_resize). NULL when there is none left. */
interpreter *interpreter_new(FILE *output, const ad_allocator *allocator);
void interpreter_free(interpreter *in);

/* Parses and runs a source, which the interpreter keeps. False after an error, which stands in
 * in->failure and has not been printed. *incomplete is set for a syntax error that more text might
 * cure; incomplete may be NULL. */
bool run_source(interpreter *in, source_text *source, bool *incomplete);

/* Prints the error of the last run, with its note. */
void report_failure(interpreter *in, FILE *file);

/* ---- Between the interpreter's files ---- */

/* Forgets the error, which try has caught. */
void clear_failure(interpreter *in);

/* Notes the error and returns false. */
bool fail(interpreter *in, const char *format, ...) PRINTF_LIKE(2, 3);

/* Says, before fail does, what the error is in Octave. try catches no other: where Octave goes on, a
 * script that is caught would print something else. */
void octave_says(interpreter *in, const char *identifier, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The error of now as a VALUE_ERROR, and such a value raised again. */
script_value error_value(interpreter *in);
bool fail_again(interpreter *in, const string_value *error);

/* Notes an error of the tape as one of the operation that the script calls name. */
bool fail_tape(interpreter *in, const char *name);

/* Makes a value of what an operation on the tape returned. */
bool from_tape(interpreter *in, const char *name, ad_var var, script_value *result);

/* The value as one on the tape: a number is recorded, a string as its codes. */
bool to_tape(interpreter *in, const char *name, script_value value, ad_var *var);

/* What a string is in arithmetic: the codes of its characters, without history. Numbers and matrices
 * are themselves, no new reference; another value is an error of the operation of that name. */
bool to_numbers(interpreter *in, const char *name, script_value value, script_value *numbers);

/* The characters that a row of numbers, or nothing, stands for; those of a string. */
bool to_text(interpreter *in, const char *name, script_value numbers, script_value *text);

/* A recorded matrix of rows x cols numbers, row-major; values may be NULL when there are none. */
bool record(interpreter *in, size_t rows, size_t cols, const double *values, script_value *result);

/* Records numbers that new_numbers made, and releases them. */
bool record_numbers(interpreter *in, size_t rows, size_t cols, double *numbers,
                    script_value *result);

/* rows x cols numbers to fill in, or NULL with an error; release() them. */
double *new_numbers(interpreter *in, size_t rows, size_t cols);
size_t *new_indices(interpreter *in, size_t rows, size_t cols);
bool fail_size(interpreter *in, size_t rows, size_t cols);

/* A variable's value, wherever names are looked up now; NULL if there is none. It may be
 * VALUE_ELEMENTS, which lookup_whole joins, false after an error; reads_parts tells whether they may
 * be read from their parts instead. */
const script_value *lookup(interpreter *in, uint32_t symbol);
bool lookup_whole(interpreter *in, uint32_t symbol, const script_value **value);
bool reads_parts(interpreter *in, uint32_t symbol);
void set_variable(interpreter *in, uint32_t symbol, script_value value);

/* The slot of a variable in a scope, which grows to have one, and what is known of its name. */
script_value *scope_slot(interpreter *in, variable_scope *scope, uint32_t symbol);
known_name *name_of(interpreter *in, uint32_t symbol);

/* The function that the script, or the prelude, defines by that name, or NULL. */
const callee *defined_of(const interpreter *in, uint32_t symbol);
const callee *written_of(const interpreter *in, uint32_t symbol);

/* Whether a function of the prelude is running. */
bool in_prelude(const interpreter *in);

/* Joins the elements of a variable (elements.h), if it has such. */
bool join_variable(interpreter *in, uint32_t symbol, script_value *value);

void scopes_free(interpreter *in);

/* A value of its own: recorded, and a new node when the handle is older than `nodes`. */
bool own_value(interpreter *in, size_t nodes, script_value *value);
size_t tape_nodes(const interpreter *in);

/* True, with an error, once an interrupt has come or the time is up. Asked between statements and
 * by calls. */
bool interrupted(interpreter *in);

/* NaN where a truth value is needed, by the operation of that name, or "". */
bool has_nan(const script_value *x);
bool fail_nan(interpreter *in, const char *name);

/* The truth of an expression; condition: of if and while, where | and & may leave the right side out. */
bool evaluate_truth(interpreter *in, const syntax_node *node, bool condition, bool *truth);

/* The first expression to fail, the innermost, is the place of the error. */
void place_failure(interpreter *in, const syntax_node *node);

bool run_statements(interpreter *in, const syntax_node *list);
bool run_assignment(interpreter *in, const syntax_node *statement);
bool evaluate(interpreter *in, const syntax_node *node, script_value *result);

/* The numeric value of an expression; an error names what as the one who needs it. */
bool evaluate_numeric(interpreter *in, const syntax_node *node, const char *what,
                      script_value *result);

bool unary_operation(interpreter *in, operator_kind operation, script_value x,
                     script_value *result);
bool binary_operation(interpreter *in, operator_kind operation, script_value x, script_value y,
                      script_value *result);

/* base:step:limit; where plain is not NULL and no matrix is needed, *plain, and nothing as the
 * result. */
bool evaluate_range(interpreter *in, const syntax_node *node, number_range *plain,
                    script_value *result);
bool range_count(interpreter *in, double base, double step, double limit, size_t *count);

/* Element k from 0, never beyond the limit. */
double range_element(const number_range *range, size_t k);

/* [a, b; c, d] */
bool evaluate_matrix(interpreter *in, const syntax_node *node, script_value *result);
bool join_values(interpreter *in, const char *name, bool vertical, const script_value *values,
                 size_t count, script_value *result);

/* value(arguments) */
bool index_value(interpreter *in, script_value value, const syntax_node *arguments,
                 script_value *result);

/* Column k of a value, from 0. */
bool column_of(interpreter *in, script_value value, size_t k, script_value *result);

/* variable(arguments) = value, or the deletion of these elements */
bool assign_elements(interpreter *in, uint32_t symbol, const syntax_node *arguments,
                     script_value right, bool deletion);

/* The function of a name in a script, false if there is none; that of a VALUE_FUNCTION, false after an
 * error. */
bool callee_named(const interpreter *in, const parsed_script *script, uint32_t symbol, callee *f);
bool callee_of(interpreter *in, script_value function, callee *f);

/* Calls f with call->arguments, each a value of its own where f is none of the table, or with those of
 * call->nodes where they are NULL. Fills up to call->wanted results. */
struct function_call;
bool call_function(struct function_call *call, const callee *f);

/* A scope of its own for such a call of a function that is not of the table, and its end. */
void scope_enter(const struct function_call *call, const callee *f);
void scope_leave(interpreter *in);

/* A name, value(arguments) or another expression; fills up to wanted results of a call, else one,
 * and tells how many. */
bool call_node(interpreter *in, const syntax_node *node, size_t wanted, script_value *results,
               size_t *count);
bool make_function(interpreter *in, const syntax_node *node, script_value *result);

/* Drops what lies on no path between live values, when enough has gathered. Only between
 * statements. */
bool collect(interpreter *in);

/* `"sinn" is not known; did you mean sin or sinh?` */
bool fail_unknown(interpreter *in, uint32_t symbol);

#endif

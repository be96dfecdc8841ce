/* The interpreter: runs scripts on one tape.
 *
 * Every step returns false after an error, which is noted in the interpreter once; what a step
 * fills in through a pointer is valid, and the caller's to release, only after true. */
#ifndef SCRIPT_INTERPRETER_H
#define SCRIPT_INTERPRETER_H

#include "autodiff/script/syntax/parser.h"
#include "autodiff/script/library/random.h"
#include "autodiff/script/run/value.h"

#include <signal.h>

enum {
    CALL_LIMIT = 256,       /* of anonymous functions in one another, as Octave's */
    EVALUATION_LIMIT = 5000 /* of expressions in one another */
};

enum number_format { FORMAT_SHORT, FORMAT_LONG };

struct variable {
    bool set;
    bool examined;       /* for whether */
    bool differentiated; /* a derivative by it may be asked for */
    struct value value;
};

/* The parameters of a call of an anonymous function that is being evaluated. */
struct frame {
    const struct function_value *function;
    const struct value *arguments;
    const struct frame *caller;
};

/* A for loop over the columns of a matrix that is being run. */
struct loop {
    struct value columns;
    struct loop *outer;
};

/* What `end` stands for: the value that is being indexed, and where. */
struct index_context {
    const struct value *value;
    size_t position;
    size_t count;
};

struct failure {
    bool failed;
    bool interrupted;
    bool in_function;           /* the place is in an anonymous function's body */
    const struct script *where; /* of the place */
    size_t place;
    bool called; /* an anonymous function was being evaluated: outermost call */
    size_t call;
    struct text message;
};

struct interpreter {
    ad_tape *tape;
    struct symbols symbols;
    struct variable *variables; /* by symbol */
    uint32_t variable_count;
    uint32_t answer; /* the symbol ans */
    struct script *scripts;
    const struct script *script; /* being run; in a function, the one it stands in */
    const struct node *statement;
    bool more_to_come; /* another source will follow: this is a prompt */
    const struct frame *frame;
    const struct index_context *index;
    struct loop *loops;
    unsigned calls;
    unsigned depth;
    struct failure failure;
    struct generator generator;
    const struct node **told; /* calls of grad that have said their value depends on nothing */
    size_t told_count;
    bool check_failed;
    bool quit;       /* no statement is run after this one */
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
    enum number_format format;
    bool json;
    bool name_values; /* record the names of variables on the tape, for drawings */
    const volatile sig_atomic_t *interrupt;
    double seconds_allowed; /* of a source; 0: any number */
    double deadline;        /* of the one that runs, by seconds_now() */
};

/* A new interpreter that prints to output; its tape takes memory from allocator (NULL: from
 * memory_take). NULL when there is none left. */
struct interpreter *interpreter_new(FILE *output, const ad_allocator *allocator);
void interpreter_free(struct interpreter *in);

/* Parses and runs a source, which the interpreter keeps. False after an error, which stands in
 * in->failure and has not been printed. *incomplete is set for a syntax error that more text might
 * cure; incomplete may be NULL. */
bool run_source(struct interpreter *in, struct source *source, bool *incomplete);

/* Prints the error of the last run, with its note. */
void report_failure(struct interpreter *in, FILE *file);

/* ---- Between the interpreter's files ----------------------------------------------------- */

/* Notes the error and returns false. */
bool fail(struct interpreter *in, const char *format, ...) PRINTF_LIKE(2, 3);

/* Notes an error of the tape as one of the operation that the script calls name. */
bool fail_tape(struct interpreter *in, const char *name);

/* Makes a value of what an operation on the tape returned. */
bool from_tape(struct interpreter *in, const char *name, ad_var var, struct value *result);

/* The value as one on the tape; a number is recorded. False for a string or a function. */
bool to_tape(struct interpreter *in, const char *name, struct value value, ad_var *var);

/* A recorded matrix of rows x cols numbers, row-major; values may be NULL when there are none. */
bool record(struct interpreter *in, size_t rows, size_t cols, const double *values,
            struct value *result);

/* rows x cols numbers to fill in, or NULL with an error; release() them. */
double *new_numbers(struct interpreter *in, size_t rows, size_t cols);
size_t *new_indices(struct interpreter *in, size_t rows, size_t cols);

/* A variable's value, wherever names are looked up now; NULL if there is none. It may be
 * VALUE_ELEMENTS; lookup_whole joins these, lookup_indexed does unless they may be read from their
 * parts. Both return false after an error. */
const struct value *lookup(struct interpreter *in, uint32_t symbol);
bool lookup_whole(struct interpreter *in, uint32_t symbol, const struct value **value);
bool lookup_indexed(struct interpreter *in, uint32_t symbol, const struct value **value);
bool reads_parts(struct interpreter *in, uint32_t symbol);
void set_variable(struct interpreter *in, uint32_t symbol, struct value value);

/* A value of its own: recorded, and a new node when the handle is older than `nodes`. */
bool own_value(struct interpreter *in, size_t nodes, struct value *value);
size_t tape_nodes(const struct interpreter *in);

/* True, with an error, once an interrupt has come or the time is up. Asked between statements and
 * by calls. */
bool interrupted(struct interpreter *in);

/* Truth as if and while see it. */
bool truth_of(struct interpreter *in, struct value value, bool *truth);

bool run_statements(struct interpreter *in, const struct node *list);
bool evaluate(struct interpreter *in, const struct node *node, struct value *result);

/* The numeric value of an expression; an error names what as the one who needs it. */
bool evaluate_numeric(struct interpreter *in, const struct node *node, const char *what,
                      struct value *result);

bool unary_operation(struct interpreter *in, enum operation operation, struct value x,
                     struct value *result);
bool binary_operation(struct interpreter *in, enum operation operation, struct value x,
                      struct value y, struct value *result);

/* base:step:limit */
bool make_range(struct interpreter *in, struct value base, struct value step, struct value limit,
                struct value *result);
bool range_count(struct interpreter *in, double base, double step, double limit, size_t *count);

/* [a, b; c, d] */
bool evaluate_matrix(struct interpreter *in, const struct node *node, struct value *result);
bool join_values(struct interpreter *in, const char *name, bool vertical,
                 const struct value *values, size_t count, struct value *result);

/* value(arguments) */
bool index_value(struct interpreter *in, struct value value, const struct node *arguments,
                 struct value *result);

/* variable(arguments) = value */
bool assign_index(struct interpreter *in, uint32_t symbol, const struct node *arguments,
                  enum operation operation, const struct node *right);

/* node(arguments) where node is no variable, or a variable that holds a function; fills up to
 * wanted results and tells how many. */
bool call_node(struct interpreter *in, const struct node *node, size_t wanted,
               struct value *results, size_t *count);
bool make_function(struct interpreter *in, const struct node *node, struct value *result);

/* Drops what lies on no path between live values, when enough has gathered. Only between
 * statements. */
bool collect(struct interpreter *in);

/* `"sinn" is not known; did you mean sin or sinh?` */
bool fail_unknown(struct interpreter *in, uint32_t symbol);

#endif

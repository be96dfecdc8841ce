/* SPDX-License-Identifier: MIT */
/* autodiff: reverse-mode automatic differentiation of scalar and matrix expressions.
 *
 * A tape records operations on matrices of doubles (row-major; a scalar is 1x1, a vector nx1).
 * A backward sweep over it gives the gradient; the derivatives of ad_grad and its relatives are
 * themselves values on the tape and can be differentiated again, to any order.
 *
 *     ad_tape *tape = ad_tape_new();
 *     ad_var x = ad_input(tape, 2, 1, (double[]){3, 4});
 *     ad_var y = ad_norm2(x);
 *     ad_backward(y);                       // ad_adjoint(x) is {0.6, 0.8}
 *     ad_tape_free(tape);
 *
 * Errors are sticky: an operation that cannot work records the first error on its tape and
 * returns an invalid handle; later operations on that tape do nothing. Check once, at the end,
 * with ad_tape_status and ad_tape_message. The library prints nothing by itself, never exits and has no
 * global state: a tape belongs to one thread at a time, any number of tapes run side by side.
 */
#ifndef AUTODIFF_AUTODIFF_H
#define AUTODIFF_AUTODIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#if defined(__GNUC__)
#define AD_API __attribute__((visibility("default")))
#else
#define AD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define AD_VERSION_MAJOR 0
#define AD_VERSION_MINOR 1
#define AD_VERSION_PATCH 0

/* A tape: owns every node recorded on it, their values and all scratch memory. */
typedef struct ad_tape ad_tape;

/* A handle on a value of a tape: 16 bytes, passed by value. {0} is a valid invalid handle. */
typedef struct ad_var {
    ad_tape *tape;
    uint32_t node;
    uint32_t epoch; /* tells a handle that a reset or rewind made stale */
} ad_var;

/* A position on a tape, to rewind to. Its fields are the tape's own business. */
typedef struct ad_mark {
    ad_tape *tape;
    uint32_t node;
    uint32_t epoch;
} ad_mark;

typedef enum ad_status {
    AD_OK = 0,
    AD_ERROR_ARGUMENT,   /* NULL or out of range, or a value that is not what the call needs */
    AD_ERROR_SHAPE,      /* shapes that do not fit the operation */
    AD_ERROR_TAPE,       /* handles of different tapes in one call */
    AD_ERROR_STALE,      /* a handle or mark from before a reset or rewind */
    AD_ERROR_MEMORY,     /* an allocation failed */
    AD_ERROR_SIZE,       /* rows times columns overflows, or the tape is full */
    AD_ERROR_SINGULAR,   /* a singular (or not positive definite) matrix */
    AD_ERROR_DERIVATIVE, /* a derivative that does not exist */
    AD_ERROR_STATE /* a call at the wrong time: between ad_set and ad_replay, before a sweep */
} ad_status;

/* What ad_tape_find_nonfinite looks at. */
typedef enum ad_which { AD_VALUES, AD_ADJOINTS } ad_which;

/* Where a tape gets its memory: allocate like malloc, release like free. context is passed on. */
typedef struct ad_allocator {
    void *(*allocate)(size_t bytes, void *context);
    void (*release)(void *memory, void *context);
    void *context;
} ad_allocator;

/* Figures about a tape. */
typedef struct ad_statistics {
    size_t nodes;          /* on the tape now */
    size_t bytes;          /* held from the allocator, in use or kept for reuse */
    size_t allocations;    /* calls of the allocator since the tape was made */
    size_t factorizations; /* matrix factorizations computed since the tape was made */
} ad_statistics;

/* ---- Tapes ---------------------------------------------------------------------------- */

/* A new, empty tape on malloc; NULL only when out of memory. The caller frees it with
 * ad_tape_free. */
AD_API ad_tape *ad_tape_new(void);

/* A new, empty tape that takes all its memory from a copy of *allocator; NULL means malloc. */
AD_API ad_tape *ad_tape_new_with(const ad_allocator *allocator);

/* Frees the tape and everything on it; every handle on it dies. NULL does nothing. */
AD_API void ad_tape_free(ad_tape *tape);

/* Forgets all nodes and any error, keeps the memory for reuse. Earlier handles become stale. */
AD_API void ad_tape_reset(ad_tape *tape);

/* The tape's present position. */
AD_API ad_mark ad_tape_mark(ad_tape *tape);

/* Forgets all nodes recorded since the mark; handles from before it stay valid.
 * AD_ERROR_STALE for a mark from before a reset or above a later rewind. */
AD_API ad_status ad_tape_rewind(ad_tape *tape, ad_mark mark);

/* Keeps the count values in vars, what lies on a path from one of them to another, and the
 * operands those nodes need (as constants); drops all else and writes the new handles back to
 * vars. A kept value whose history was dropped becomes a leaf. All other handles and all marks
 * become stale. */
AD_API ad_status ad_tape_keep(ad_tape *tape, ad_var *vars, size_t count);

/* AD_OK, or the first error since the last clear or reset; AD_ERROR_ARGUMENT for NULL. */
AD_API ad_status ad_tape_status(const ad_tape *tape);

/* The text of that error, "" when there is none. Owned by the tape, valid until the next error
 * or clear; never NULL. */
AD_API const char *ad_tape_message(const ad_tape *tape);

/* A short constant text for a status, as "shapes do not fit". */
AD_API const char *ad_status_string(ad_status status);

/* Clears the error; nodes recorded before it stay valid. */
AD_API void ad_tape_clear_error(ad_tape *tape);

/* Writes the recorded graph to file in Graphviz's dot language: operations, names, shapes, values;
 * the nodes of a derivative apart. It leaves out values that only repeat another (x times 1). */
AD_API ad_status ad_tape_write_dot(const ad_tape *tape, FILE *file);

/* Finds the first node whose value (AD_VALUES), or in sweep order whose adjoint after the last
 * ad_backward (AD_ADJOINTS), is not finite, and writes operation, operands and name to buffer
 * (at most size bytes, always terminated when size > 0). False, and "", when there is none. */
AD_API bool ad_tape_find_nonfinite(const ad_tape *tape, ad_which which, char *buffer, size_t size);

/* Figures about the tape; all 0 for NULL. */
AD_API ad_statistics ad_tape_statistics(const ad_tape *tape);

/* The library's version and the BLAS in use, as "0.1.0 (OpenBLAS 0.3.21)"; a constant text. */
AD_API const char *ad_version(void);

/* ---- Leaves: values are copied, row-major ----------------------------------------------- */

/* A 1x1 input. */
AD_API ad_var ad_scalar(ad_tape *tape, double value);

/* A rows x cols input. values: rows*cols doubles, NULL only where that is 0; they may lie on the
 * same tape. AD_ERROR_SIZE when rows*cols overflows. */
AD_API ad_var ad_input(ad_tape *tape, size_t rows, size_t cols, const double *values);

/* A rows x cols constant, with data as for ad_input. It takes no part in differentiation: its
 * adjoint reads as zeros. */
AD_API ad_var ad_constant(ad_tape *tape, size_t rows, size_t cols, const double *values);

/* A 1x1 constant for an expression, as in ad_mul(ad_number(tape, 3), x). Equal numbers may share a
 * node: it is no leaf for ad_set or ad_adjoint. */
AD_API ad_var ad_number(ad_tape *tape, double value);

/* Names a value for messages and drawings (the text is copied; NULL removes the name);
 * returns x. */
AD_API ad_var ad_name(ad_var x, const char *name);

/* ---- Reading a value -------------------------------------------------------------------- */

/* True for a handle on a value that exists. Records no error. */
AD_API bool ad_ok(ad_var x);

/* Rows of a value; 0 for an invalid handle. */
AD_API size_t ad_rows(ad_var x);

/* Columns of a value; 0 for an invalid handle. */
AD_API size_t ad_cols(ad_var x);

/* The value of a 1x1; NaN, and an error on the tape, for any other shape and for an invalid handle;
 * NaN for a computed value after a replay that failed. */
AD_API double ad_value(ad_var x);

/* The rows*cols values, row-major, owned by the tape, valid until a reset, or rewind past x;
 * NULL for an invalid handle, and for a computed value after a replay that failed. */
AD_API const double *ad_values(ad_var x);

/* Writes the rows of x to file, a line each, columns aligned, numbers with 6 digits; "empty 0x3"
 * for a value without elements. AD_ERROR_ARGUMENT when file is NULL or cannot be written. */
AD_API ad_status ad_print(FILE *file, ad_var x);

/* ---- Derivatives ------------------------------------------------------------------------ */

/* Sweeps back from y (1x1): the adjoints of all leaves, overwriting those of any sweep before.
 * AD_ERROR_SHAPE when y is not 1x1. */
AD_API ad_status ad_backward(ad_var y);

/* dy/dx after ad_backward(y), x a leaf: an array of the shape of x, owned by the tape, valid
 * until the next backward, replay, rewind or reset; zeros where y does not depend on x. NULL,
 * and an error, before any sweep and for a value that is no leaf. */
AD_API const double *ad_adjoint(ad_var x);

/* Copies the adjoints of count leaves to out, one after another, each row by row: that of a million
 * scalars is one call. On error out is NaN, an element for each of a valid handle. */
AD_API ad_status ad_adjoints(ad_tape *tape, const ad_var *leaves, size_t count, double *out);

/* dy/dx as a value on the tape, of the shape of x; y 1x1, x any value. Costs time for the nodes
 * that y depends on, recorded after x, and for no others. */
AD_API ad_var ad_grad(ad_var y, ad_var x);

/* dy/dx for count values at once, in one sweep; out receives count handles. */
AD_API ad_status ad_grads(ad_var y, const ad_var *xs, size_t count, ad_var *out);

/* Vector-Jacobian product: the gradient of dot(u, y) by x, of the shape of x; u of the shape of
 * y, held constant. Zeros of u are numbers, 0 times an infinite slope is NaN; those that ad_scatter
 * or ad_diag put around elements of u are none, they pass no derivative. */
AD_API ad_var ad_vjp(ad_var y, ad_var x, ad_var u);

/* Jacobian-vector product: the derivative of y along v, of the shape of y; v of the shape of x.
 * Its zeros are as those of u above. */
AD_API ad_var ad_jvp(ad_var y, ad_var x, ad_var v);

/* The Jacobian, (size of y) x (size of x), elements counted row by row. That of an elementwise
 * operation is 0 off the diagonal, beside infinite slopes too. */
AD_API ad_var ad_jacobian(ad_var y, ad_var x);

/* The Hessian of y (1x1), (size of x) x (size of x), elements counted row by row. That of a sum of
 * elementwise operations is 0 off the diagonal, beside derivatives that overflow too. */
AD_API ad_var ad_hessian(ad_var y, ad_var x);

/* The Hessian of y (1x1) times v, of the shape of x, as v. Zeros of v are as those of u above. */
AD_API ad_var ad_hvp(ad_var y, ad_var x, ad_var v);

/* The value of x as a constant: its history is cut. Recomputed by a replay. */
AD_API ad_var ad_detach(ad_var x);

/* The largest error of a component of the gradient of y (1x1) by x against differences, which
 * are found by replaying the tape after x with one element of x changed. It is what exceeds the
 * error of the differences themselves, relative to the larger of both derivatives. Components of
 * which the differences tell nothing (kinks, oscillations, no finite values nearby) do not
 * count; NaN when none could be judged, and on error. Costs up to 100 replays an element. The
 * tape is left as it was. */
AD_API double ad_gradcheck(ad_var y, ad_var x);

/* Checks as ad_gradcheck does. *error receives the largest error, *judged how many components of
 * x could be judged; either may be NULL. */
AD_API ad_status ad_gradcheck_report(ad_var y, ad_var x, double *error, size_t *judged);

/* ---- Record once, evaluate often -------------------------------------------------------- */

/* Gives a leaf (ad_scalar, ad_input, ad_constant) new values of its shape. Until the next
 * ad_replay, sweeping and recording are errors. */
AD_API ad_status ad_set(ad_var leaf, const double *values);

/* Gives count leaves of the tape new values, one after another, each row by row, as ad_set does.
 * Of a leaf named twice the last values count. On error no leaf has changed. */
AD_API ad_status ad_set_all(ad_tape *tape, const ad_var *leaves, size_t count,
                            const double *values);

/* Recomputes every node from the leaves, as if it were recorded again. Where that fails, computed
 * values are unknown until the error is cleared, leaves are set anew and a replay succeeds. */
AD_API ad_status ad_replay(ad_tape *tape);

#include <autodiff/operations.h>
#include <autodiff/custom.h>
#include <autodiff/function.h>

#ifdef __cplusplus
}
#endif

#endif

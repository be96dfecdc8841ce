/* SPDX-License-Identifier: MIT */
/* Operations of the user's own; included by autodiff.h. */
#ifndef AUTODIFF_CUSTOM_H
#define AUTODIFF_CUSTOM_H

/* A matrix as a custom operation sees it: row-major. */
typedef struct ad_matrix {
    size_t rows;
    size_t cols;
    const double *values;
} ad_matrix;

/* What a custom operation is. The struct and name must outlive the tapes that use it; context is
 * the pointer given to ad_custom and must live as long as the node does. A callback that returns
 * anything but AD_OK puts that error on the tape. */
typedef struct ad_custom_op {
    const char *name; /* for messages and drawings */

    /* Shape rule: from the inputs' shapes to the result's. Required. (values are NULL here) */
    ad_status (*shape)(const ad_matrix *inputs, size_t count, size_t *rows, size_t *cols,
                       void *context);

    /* Values: fills output (rows*cols, row-major) from the inputs. Required; called again by
     * every replay. */
    ad_status (*value)(const ad_matrix *inputs, size_t count, double *output, void *context);

    /* Gradient rule in tape operations: writes to gradients[k] the gradient of dot(adjoint, output)
     * by inputs[k], of the shape of inputs[k]; a handle left invalid ({0}) means zero. wanted[k]
     * tells which are asked for. Serves every order. NULL if there is none. */
    ad_status (*gradient)(const ad_var *inputs, size_t count, ad_var output, ad_var adjoint,
                          const bool *wanted, ad_var *gradients, void *context);

    /* Gradient rule in plain numbers, used where gradient is NULL: fills gradients[k] (of the shape
     * of inputs[k], zeroed before; NULL where not wanted). First order only: differentiating its
     * result again is AD_ERROR_DERIVATIVE. NULL if there is none. */
    ad_status (*vjp)(const ad_matrix *inputs, size_t count, ad_matrix output, ad_matrix adjoint,
                     double *const *gradients, void *context);
} ad_custom_op;

/* Records op on count inputs (any number, of any shapes, all on tape). With neither
 * gradient rule, differentiating it is AD_ERROR_DERIVATIVE. */
AD_API ad_var ad_custom(ad_tape *tape, const ad_custom_op *op, const ad_var *inputs, size_t count,
                        void *context);

#endif

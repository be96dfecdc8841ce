/* SPDX-License-Identifier: MIT */
/* Looking inside a tape: values that are not finite, figures. */
#include "tape/adjoint.h"

#include <math.h>
#include <stdarg.h>

/* ---- values that are not finite ---- */

static bool all_finite(const double *values, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isfinite(values[i])) return false;
    return true;
}

static bool value_is_finite(const ad_tape *tape, uint32_t node)
{
    if (!(node_flags(tape, node) & NODE_MATRIX)) return isfinite(*node_value(tape, node));
    const tape_node *n = general_of(tape, node);
    return all_finite(n->values, n->rows * n->cols);
}

static bool adjoint_is_finite(const ad_tape *tape, uint32_t node)
{
    if (!is_reached(tape, node)) return true;
    const tape_node *n = node_flags(tape, node) & NODE_MATRIX ? general_of(tape, node) : NULL;
    return n && n->adjoint ? all_finite(n->adjoint, n->rows * n->cols)
                           : isfinite(*node_adjoint(tape, node));
}

/* A text of at most size bytes, which may be full. */
typedef struct text {
    char *buffer;
    size_t size, length;
} text;

static void append(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(text *t, const char *format, ...)
{
    if (t->length >= t->size) return;
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(t->buffer + t->length, t->size - t->length, format, arguments);
    va_end(arguments);
    if (written > 0) t->length += (size_t)written;
}

static void append_value(text *t, const ad_tape *tape, uint32_t node)
{
    size_t rows, cols;
    node_shape(tape, node, &rows, &cols);
    const char *name = tape_name_of(tape, node);
    append(t, "%s", name ? name : node_operation_name(tape, node));
    if (rows == 1 && cols == 1) append(t, " = %.17g", *node_value(tape, node));
    else append(t, " (%zux%zu)", rows, cols);
}

static void describe(const ad_tape *tape, uint32_t node, ad_which which, char *buffer, size_t size)
{
    text t = {buffer, size, 0};
    size_t rows, cols;
    node_shape(tape, node, &rows, &cols);
    const char *name = tape_name_of(tape, node);
    append(&t, "%s of %s (node %u, %zux%zu)", which == AD_VALUES ? "value" : "adjoint",
           node_operation_name(tape, node), (unsigned)node, rows, cols);
    if (name) append(&t, " named %s", name);
    for (size_t k = 0; k < node_operand_count(tape, node); k++) {
        append(&t, k == 0 ? " of " : ", ");
        append_value(&t, tape, node_operand(tape, node, k));
    }
}

bool ad_tape_find_nonfinite(const ad_tape *tape, ad_which which, char *buffer, size_t size)
{
    if (buffer && size) buffer[0] = '\0';
    if (!tape || tape->failed != NO_NODE || (which == AD_ADJOINTS && !tape->adjoints_valid))
        return false;
    if (!tape->in_callback && !tape_compute_all((ad_tape *)tape)) return false; /* some may wait */
    for (uint32_t i = 0; i < tape->count; i++) {
        uint32_t node = which == AD_VALUES ? i : tape->count - 1 - i;
        if (which == AD_VALUES ? value_is_finite(tape, node) : adjoint_is_finite(tape, node))
            continue;
        if (buffer && size) describe(tape, node, which, buffer, size);
        return true;
    }
    return false;
}

/* ---- figures ---- */

ad_statistics ad_tape_statistics(const ad_tape *tape)
{
    if (!tape) return (ad_statistics){0};
    return (ad_statistics){.nodes = tape->count,
                           .bytes = tape->memory.bytes,
                           .allocations = tape->memory.allocations,
                           .factorizations = tape->factorizations};
}

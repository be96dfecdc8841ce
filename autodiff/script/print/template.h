/* SPDX-License-Identifier: MIT */
/* The template of printf, recycled over all elements of its arguments as Octave does. */
#ifndef SCRIPT_TEMPLATE_H
#define SCRIPT_TEMPLATE_H

#include "autodiff/script/run/interpreter.h"

/* Appends the values as the template says. False, with an error that names the function, for a
 * malformed template or an argument that is neither numbers nor text. */
bool format_template(interpreter *in, const char *name, const string_value *template,
                     const script_value *values, size_t count, text_buffer *text);

#endif

/* The template of printf, recycled over all elements of its arguments as Octave does. */
#ifndef SCRIPT_TEMPLATE_H
#define SCRIPT_TEMPLATE_H

#include "autodiff/script/run/interpreter.h"

/* Appends the values as the template says. False, with an error that names the function, for a
 * malformed template or an argument that is neither numbers nor text. */
bool format_template(struct interpreter *in, const char *name, const struct string *template,
                     const struct value *values, size_t count, struct text *text);

#endif

/* SPDX-License-Identifier: MIT */
/* The recorded tape as a picture. */
#ifndef SCRIPT_GRAPH_H
#define SCRIPT_GRAPH_H

#include <autodiff/autodiff.h>

/* True when the ending of path is .dot, .svg or .png. */
bool graph_known(const char *path);

/* Writes the tape to path: .dot as Graphviz text, .svg and .png through Graphviz's dot. False after
 * a message on standard error. */
bool graph_write(const ad_tape *tape, const char *path);

#endif

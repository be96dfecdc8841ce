/* SPDX-License-Identifier: MIT */
/* The interactive prompt. */
#ifndef SCRIPT_PROMPT_H
#define SCRIPT_PROMPT_H

#include "autodiff/script/run/interpreter.h"

/* Reads and runs statements until the end of input; errors are reported and left behind. */
void run_prompt(interpreter *in);

#endif

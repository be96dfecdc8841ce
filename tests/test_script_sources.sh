#!/bin/sh
# SPDX-License-Identifier: MIT
# The sources of the script runner.
set -u
. tests/suite.sh

# The prompt frees the lines that readline or getline took.
check "memory.c alone calls malloc and free, so that all memory is counted" \
    same '' "$(grep -nE '(^|[^_a-z])(malloc|calloc|realloc|strdup|free)\(' autodiff/script/*/*.c |
        grep -vE 'script/(syntax/memory|shell/prompt)\.c:')"

finish

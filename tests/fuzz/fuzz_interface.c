/* SPDX-License-Identifier: MIT */
/* The C interface called in every order with any arguments: tests/fuzz/interface/interface.h.
 * With LIST in the environment the calls are printed as C. */
#include "tests/fuzz/interface/interface.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *broken = interface_run(data, size, getenv("LIST") ? stderr : NULL);
    if (!broken) return 0;
    fprintf(stderr, "broken: %s\n", broken);
    abort();
}

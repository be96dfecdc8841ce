/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/shell/shell.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

bool size_from(const char *text, size_t *bytes)
{
    static const char units[] = "KMGT";
    char *after;
    double number = strtod(text, &after);
    const char *unit = *after ? strchr(units, *after) : NULL;
    if (after == text || (*after && (!unit || after[1]))) return false;
    for (ptrdiff_t power = unit ? unit - units + 1 : 0; power > 0; power--) number *= 1024;
    *bytes = number >= 1 && number < 0x1p62 ? (size_t)number : 0;
    return *bytes > 0;
}

bool seconds_from(const char *text, double *seconds)
{
    char *after;
    *seconds = strtod(text, &after);
    return after != text && *after == '\0' && *seconds > 0 && *seconds < 1e18;
}

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* SPDX-License-Identifier: MIT */
/* Whether derivatives pass from one value to another. */
#ifndef SCRIPT_DEPENDENCE_H
#define SCRIPT_DEPENDENCE_H

#include <autodiff/autodiff.h>

#include <stdbool.h>

/* True where y was computed from x along a path that no detach cuts. */
bool depends_on(ad_var y, ad_var x);

#endif

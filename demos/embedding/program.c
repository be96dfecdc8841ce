/* SPDX-License-Identifier: MIT */
/* The slope of f(x) = |x + a| at x = (3, 4), a = (0, 8): the program that each folder here builds. */
#include <autodiff/autodiff.h>
#include <stdio.h>

int main(void)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_input(tape, 2, 1, (double[]){3, 4});
    ad_var a = ad_constant(tape, 2, 1, (double[]){0, 8});
    ad_var y = ad_norm2(ad_add(x, a));
    const ad_status status = ad_backward(y);
    if (status == AD_OK)
        printf("%.6g: gradient %.6g %.6g\n", ad_value(y), ad_adjoint(x)[0], ad_adjoint(x)[1]);
    else fprintf(stderr, "%s\n", ad_tape_message(tape));
    ad_tape_free(tape);
    return status == AD_OK ? 0 : 1;
}

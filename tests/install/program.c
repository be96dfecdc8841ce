/* SPDX-License-Identifier: MIT */
/* A user's program: C and C++ alike (program.cc includes this file). */
#include <autodiff/autodiff.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
    const double entries[] = {4, 1, 2, 3};
    ad_tape *tape = ad_tape_new();
    ad_var a = ad_input(tape, 2, 2, entries);
    ad_var y = ad_logabsdet(ad_matmul(a, ad_transpose(a)));
    ad_backward(y);
    const double *gradient = ad_adjoint(a); /* 2 A^-T */
    const double expected[] = {0.6, -0.4, -0.2, 0.8};
    int status = ad_tape_status(tape) == AD_OK ? 0 : 1;
    for (int i = 0; i < 4 && !status; i++)
        if (fabs(gradient[i] - expected[i]) > 1e-14) status = 2;
    printf("%s %d\n", ad_version(), status);
    ad_tape_free(tape);
    return status;
}

/* SPDX-License-Identifier: MIT */
/* ADOL-C */
#include <adolc/adolc.h>

#include "tests/bench/peers/peers.hpp"

struct peer {
    static const char *name() { return "ADOL-C"; }
    template <class F> double gradient(F f, const double *x, size_t n, double *gradient)
    {
        double value, one = 1;
        std::vector<adouble> inputs(n);
        trace_on(1, 1); /* keeps values for the sweep */
        for (size_t i = 0; i < n; i++) inputs[i] <<= x[i];
        adouble y = f(inputs.data(), n);
        y >>= value;
        trace_off();
        reverse(1, 1, int(n), 0, one, gradient);
        return value;
    }
};

int main()
{
    return bench::measure_all<peer>();
}

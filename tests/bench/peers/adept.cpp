/* SPDX-License-Identifier: MIT */
/* Adept 2 */
#include <adept.h>

#include "tests/bench/peers/peers.hpp"

static adept::Stack stack; /* the one of all functions; made before the first number */

struct peer {
    std::vector<adept::adouble> inputs;

    static const char *name() { return "Adept"; }
    template <class F> double gradient(F f, const double *x, size_t n, double *gradient)
    {
        inputs.resize(n);
        for (size_t i = 0; i < n; i++) inputs[i] = x[i];
        stack.new_recording();
        adept::adouble y = f(inputs.data(), n);
        y.set_gradient(1.0);
        stack.compute_adjoint();
        for (size_t i = 0; i < n; i++) gradient[i] = inputs[i].get_gradient();
        return y.value();
    }
};

int main()
{
    return bench::measure_all<peer>();
}

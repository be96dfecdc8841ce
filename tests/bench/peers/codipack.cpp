/* SPDX-License-Identifier: MIT */
/* CoDiPack, its Jacobian tape */
#include <codi.hpp>

#include "tests/bench/peers/peers.hpp"

struct peer {
    std::vector<codi::RealReverse> inputs;

    static const char *name() { return "CoDiPack"; }
    template <class F> double gradient(F f, const double *x, size_t n, double *gradient)
    {
        auto &tape = codi::RealReverse::getTape();
        inputs.resize(n);
        tape.reset();
        tape.setActive();
        for (size_t i = 0; i < n; i++) {
            inputs[i] = x[i];
            tape.registerInput(inputs[i]);
        }
        codi::RealReverse y = f(inputs.data(), n);
        tape.registerOutput(y);
        tape.setPassive();
        y.setGradient(1.0);
        tape.evaluate();
        for (size_t i = 0; i < n; i++) gradient[i] = inputs[i].getGradient();
        return y.getValue();
    }
};

int main()
{
    return bench::measure_all<peer>();
}

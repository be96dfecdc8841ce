/* SPDX-License-Identifier: MIT */
/* The functions of tests/bench/scalar_functions.h as templates, and the time of their gradients by
 * another library, in turn with the plain function or the gradient by hand. A file beside this one
 * is a library: it defines `peer`.
 *
 *     struct peer {
 *         static const char *name();
 *         // records f of x and sweeps: value and gradient
 *         template <class F> double gradient(F f, const double *x, size_t n, double *gradient);
 *     };
 */
#ifndef BENCH_PEERS_HPP
#define BENCH_PEERS_HPP

#include <cmath>
#include <vector>

#include "tests/bench/bench.h"

namespace bench {

const size_t many = 1000000, few = 10, cells = 100, steps = 2000;
const double courant = 0.125;

struct rosenbrock {
    template <class T> T operator()(const T *x, size_t n) const
    {
        T sum = 0.0;
        for (size_t i = 0; i + 1 < n; i++) {
            T a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
            sum += 100.0 * a * a + b * b;
        }
        return sum;
    }
};

struct speelpenning {
    template <class T> T operator()(const T *x, size_t n) const
    {
        T product = 1.0;
        for (size_t i = 0; i < n; i++) product *= x[i];
        return product;
    }
};

struct transcendental {
    template <class T> T operator()(const T *x, size_t n) const
    {
        using std::exp;
        using std::log;
        using std::sin;
        using std::sqrt;
        T sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            T s = sin(x[i]) * exp(-x[i]);
            sum += log(1.0 + s * s) / sqrt(1.0 + x[i] * x[i]);
        }
        return sum;
    }
};

struct linear {
    template <class T> static void set(T &flux, const T &l, const T &r)
    {
        flux = 0.5 * courant * (l + r + courant * (l - r));
    }
};

struct exponential {
    template <class T> static void set(T &flux, const T &l, const T &r)
    {
        using std::exp;
        using std::log;
        flux = (exp(courant * log(l / r)) - 1.0) * l * r / (l - r);
    }
};

template <class FLUX> struct advection {
    template <class T> T operator()(const T *x, size_t n) const
    {
        std::vector<T> q(x, x + n), flux(n - 1);
        for (size_t step = 0; step < steps; step++) {
            for (size_t i = 0; i + 1 < n; i++) FLUX::set(flux[i], q[i], q[i + 1]);
            for (size_t i = 1; i + 1 < n; i++) q[i] += flux[i - 1] - flux[i];
            q[0] = q[n - 2];
            q[n - 1] = q[1];
        }
        T sum = 0.0;
        for (size_t i = 0; i < n; i++) sum += q[i] * q[i];
        return sum;
    }
};

inline void rosenbrock_gradient(const double *x, size_t n, double *gradient)
{
    for (size_t i = 0; i < n; i++) gradient[i] = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        gradient[i] += -400 * a * x[i] - 2 * b;
        gradient[i + 1] += 200 * a;
    }
}

template <class PEER, class F> struct setting {
    PEER peer;
    F f;
    std::vector<double> x, gradient;
    double value;
    size_t moves;
    bool by_hand;

    void move()
    {
        if (x.size() < many) x[moves++ % x.size()] += 1e-9;
    }
    static void run_base(void *context)
    {
        setting *s = static_cast<setting *>(context);
        s->move();
        if (s->by_hand) rosenbrock_gradient(s->x.data(), s->x.size(), s->gradient.data());
        else s->value = s->f(s->x.data(), s->x.size());
    }
    static void run_peer(void *context)
    {
        setting *s = static_cast<setting *>(context);
        s->move();
        s->value = s->peer.gradient(s->f, s->x.data(), s->x.size(), s->gradient.data());
    }
};

template <class PEER, class F>
void measure(const char *name, size_t n, double units, bool by_hand, double low, double high)
{
    static setting<PEER, F> s;
    uint64_t state = 1;
    s.x.resize(n), s.gradient.resize(n), s.by_hand = by_hand;
    for (size_t i = 0; i < n; i++)
        s.x[i] = low < high
                     ? bench_uniform(&state, low, high)
                     : 0.5001 + 0.5 * std::sin(6.283185307179586 * double(i) / (double(n) - 1.5));
    const size_t repeats = n == few ? 20000 : 1;
    contender c[] = {{s.run_base, &s, repeats, units, 0, 0},
                     {s.run_peer, &s, repeats, units, 0, 0}};
    bench_run(c, 2, 15, bench_processor);
    const double plain = s.f(s.x.data(), n);
    if (!(std::fabs(s.value - plain) <= 1e-6 * std::fabs(plain)))
        std::printf("%s: differs\n", name);
    std::printf("%-16s%-18s%9.2f%11.2f%9.2fx\n", PEER::name(), name, c[0].best, c[1].best,
                c[1].best / c[0].best);
}

template <class PEER> int measure_all()
{
    std::printf("%-16s%-18s%9s%11s%10s\n", "", "", "base", "and sweep", "ratio");
    /* Small ones first: some libraries clear all that they ever had in each sweep. */
    measure<PEER, rosenbrock>("Rosenbrock of 10", few, double(few), true, -1, 1);
    measure<PEER, advection<linear>>("Lax-Wendroff", cells, double(cells * steps), false, 0, 0);
    measure<PEER, advection<exponential>>("Toon", cells, double(cells * steps), false, 0, 0);
    measure<PEER, rosenbrock>("Rosenbrock", many, double(many), true, -1, 1);
    measure<PEER, speelpenning>("Speelpenning", many, double(many), false, 0.99, 1.01);
    measure<PEER, transcendental>("transcendental", many, double(many), false, -1, 1);
    std::printf("\n");
    return 0;
}

} // namespace bench

#endif

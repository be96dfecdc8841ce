#!/bin/sh
# SPDX-License-Identifier: MIT
# Instructions an element of the loops over scalars: the table of docs/benchmarks.md, on standard
# output. They do not depend on what else the machine does.
#
#   tests/bench/instructions.sh build/blas/tests/bench/scalar
set -u
scalar=$1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# instructions FUNCTION STEP REPEATS: of the whole program; the units of a step go into $scratch/units
instructions()
{
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$scalar" "$@" \
        >"$scratch/units" 2>"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
    sed -n 's/.*Collected : //p' "$scratch/log"
}

# Some repeats less one: without the start, and with the memory there. Starts differ by some thousand
# instructions, so that fewer elements take more repeats.
an_element()
{
    one=$(instructions "$1" "$2" 1)
    more=$(awk '{ print 200000 / $1 }' "$scratch/units")
    all=$(instructions "$1" "$2" $((1 + more)))
    awk -v more="$((all - one))" -v repeats="$more" \
        '{ printf "%.0f", more / repeats / $1 }' "$scratch/units"
}

echo '| function | record | sweep | replay |'
echo '|---|---|---|---|'
for function in Rosenbrock Speelpenning transcendental 'Rosenbrock of 10' Lax-Wendroff Toon; do
    printf '| %s |' "$function"
    for step in record sweep replay; do printf ' %s |' "$(an_element "$function" $step)"; done
    echo
done

#!/bin/sh
# SPDX-License-Identifier: MIT
# Shows that the tests can fail. In a copy of the tree one thing at a time is broken, a rule, an
# expected output, an exit code; `make test` or `make demo` must then fail and name what is wrong.
set -u

copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT
cp -Rp Makefile .setup README.md autodiff ops tape tests demos docs "$copy" || exit 1
cp -Rp "${BUILD:-build}" "$copy/build" 2>/dev/null # what is built already need not be again
survived=0

# canary NAME FILE SED-EDIT GOAL PATTERN: after the edit `make GOAL` fails and prints PATTERN
canary()
{
    cp -p "$copy/$2" "$copy/original" || exit 1
    sed "$3" "$copy/original" >"$copy/$2"
    cmp -s "$copy/original" "$copy/$2" && { echo "canary: $1: the edit of $2 changed nothing"; exit 1; }
    "${MAKE:-make}" -C "$copy" BUILD=build "$4" >"$copy/log" 2>&1 </dev/null
    status=$?
    if [ $status != 0 ] && grep -q "$5" "$copy/log"; then
        echo "canary: $1: reported"
    else
        echo "canary: $1: NOT REPORTED by make $4 (exit status $status)"
        tail -n 5 "$copy/log"
        survived=$((survived + 1))
    fi
    cp "$copy/original" "$copy/$2"
}

canary "an adjoint of the wrong sign (sin)" ops/elementwise.def \
    's/MUL(G, COS(X))/NEG(MUL(G, COS(X)))/' test 'test_[a-z_]*.c:[0-9]*:F:'
canary "an expected output that is not printed" README.md \
    's/^log|det A| = 2.3026/log|det A| = 2.3027/' test 'test_snippets.sh:F: README.md'
canary "a suite whose checks pass but whose exit status is 3" tests/suite.h \
    's/: EXIT_SUCCESS/: 3/' test 'exit status 3 after its checks passed'

[ $survived = 0 ] && echo "canary: every one reported"

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A suite of shell checks that reports as Check does; sourced by tests/test_*.sh.
#
#   check NAME COMMAND...   one check: the command must succeed; its output is shown if it does not
#   finish                  prints the summary; the exit status tells whether all passed

checks=0
failures=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
: "${CC:=cc}" "${CXX:=c++}" "${MAKE:=make}" "${TEST_BUILD:=$PWD/build/blas}"
echo "Running suite(s): $(basename "$0" .sh | sed 's/^test_//')"

check()
{
    name=$1
    shift
    checks=$((checks + 1))
    "$@" >"$scratch/output" 2>&1 </dev/null && return
    failures=$((failures + 1))
    {
        echo "$0:F: $name"
        sed 's/^/    /' "$scratch/output"
    } >>"$scratch/failed"
}

same() # same EXPECTED ACTUAL: two texts
{
    [ "$1" = "$2" ] && return
    printf '%s\n' "$1" >"$scratch/expected"
    printf '%s\n' "$2" >"$scratch/actual"
    diff "$scratch/expected" "$scratch/actual"
    return 1
}

finish()
{
    [ $checks != 0 ] || { echo "$0: nothing to check"; exit 1; }
    passed=$((100 * (checks - failures) / checks))
    echo "$passed%: Checks: $checks, Failures: $failures, Errors: 0"
    [ $failures = 0 ] || cat "$scratch/failed"
    [ $failures = 0 ]
}

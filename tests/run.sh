#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs test suites, as many at a time as there are processors, and adds up their summaries.
#
#   run.sh SUITE...      programs, or shell scripts ending in .sh
#
# A suite reports with Check's summary line, "100%: Checks: 3, Failures: 0, Errors: 0". One that
# crashes, prints no summary, ran no check, or whose exit status contradicts its summary counts as
# an error. WRAP is a command to run the programs under.
set -u

if [ "${1:-}" = --one ]; then # --one FOLDER NUMBER SUITE: output and exit status into FOLDER
    # shellcheck disable=SC2086
    case $4 in
    *.sh) sh "$4" ;;
    *) ${WRAP:-} "$4" ;;
    esac >"$2/$3.log" 2>&1 </dev/null
    echo $? >"$2/$3.new"
    mv "$2/$3.new" "$2/$3.status"
    exit 0
fi

[ $# != 0 ] || { echo "no suite to run"; exit 1; }
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
suites=$# number=0 checks=0 failures=0 errors=0

{
    printf '%s\n' "$@" | awk '{ print NR, $0 }' |
        xargs -L 1 -P "$(nproc)" sh "$0" --one "$results"
    : >"$results/finished"
} &

for suite in "$@"; do
    number=$((number + 1))
    until [ -f "$results/$number.status" ] || [ -f "$results/finished" ]; do sleep 0.1; done
    [ -f "$results/$number.status" ] || echo killed >"$results/$number.status"
    status=$(cat "$results/$number.status")
    cat "$results/$number.log" 2>/dev/null
    # shellcheck disable=SC2046
    set -- $(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' \
        "$results/$number.log" | tail -n 1)
    ran=${1:-0} failed=${2:-0} erred=${3:-0}
    if [ "$ran" = 0 ]; then
        echo "$suite: ran no check (exit status $status)"
        ran=1 erred=1
    elif [ "$status" != 0 ] && [ $((failed + erred)) = 0 ]; then
        echo "$suite: exit status $status after its checks passed"
        erred=1
    elif [ "$status" = 0 ] && [ $((failed + erred)) != 0 ]; then
        echo "$suite: exit status 0 though checks failed"
    fi
    checks=$((checks + ran)) failures=$((failures + failed)) errors=$((errors + erred))
done

passed=$((checks - failures - errors))
echo "Total of $suites suites:"
echo "$((100 * passed / checks))%: Checks: $checks, Failures: $failures, Errors: $errors"
[ $((failures + errors)) = 0 ]

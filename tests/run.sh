#!/bin/sh
# Runs test suites one after the other and adds up their summaries.
#
#   run.sh SUITE...      programs, or shell scripts ending in .sh
#
# A suite reports with Check's summary line, "100%: Checks: 3, Failures: 0, Errors: 0". One that
# crashes, prints no summary, ran no check, or whose exit status contradicts its summary counts as
# an error. WRAP is a command to run the programs under.
set -u

log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
suites=$# checks=0 failures=0 errors=0

for suite in "$@"; do
    # shellcheck disable=SC2086
    case $suite in
    *.sh) sh "$suite" >"$log" 2>&1 </dev/null ;;
    *) ${WRAP:-} "$suite" >"$log" 2>&1 </dev/null ;;
    esac
    status=$?
    cat "$log"
    # shellcheck disable=SC2046
    set -- $(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' \
        "$log" | tail -n 1)
    ran=${1:-0} failed=${2:-0} erred=${3:-0}
    if [ "$ran" = 0 ]; then
        echo "$suite: ran no check (exit status $status)"
        ran=$((ran + 1)) erred=$((erred + 1))
    elif [ $status != 0 ] && [ $((failed + erred)) = 0 ]; then
        echo "$suite: exit status $status after its checks passed"
        erred=$((erred + 1))
    elif [ $status = 0 ] && [ $((failed + erred)) != 0 ]; then
        echo "$suite: exit status 0 though checks failed"
    fi
    checks=$((checks + ran)) failures=$((failures + failed)) errors=$((errors + erred))
done

[ $checks != 0 ] || { echo "no suite to run"; exit 1; }
passed=$((checks - failures - errors))
echo "Total of $suites suites:"
echo "$((100 * passed / checks))%: Checks: $checks, Failures: $failures, Errors: $errors"
[ $((failures + errors)) = 0 ]

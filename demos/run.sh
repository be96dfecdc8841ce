#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the demos and adds up their lines.
#
#   run.sh DEMO...       programs; gradient scripts ending in .ad, for which the first is autodiff
#
# A demo prints a line ending in "ok" or "FAILED" for everything it verifies and exits non-zero
# where one failed.
set -u

autodiff='' programs=0 scripts=0 good=0 bad=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

for demo in "$@"; do
    case $demo in
    */autodiff) autodiff=$demo; continue ;;
    *.ad) scripts=$((scripts + 1)); set -- "$autodiff" "$demo" ;;
    *) programs=$((programs + 1)); set -- "$demo" ;;
    esac
    name=${demo##*/}
    echo "---- $name"
    "$@" >"$log" 2>&1 </dev/null
    status=$?
    cat "$log"
    right=$(grep -c '\<ok$' "$log")
    wrong=$(grep -c '\<FAILED\>' "$log")
    if [ $status != 0 ] && [ "$wrong" = 0 ]; then
        echo "$name: FAILED with exit status $status"
        wrong=1
    elif [ $status = 0 ] && [ $((right + wrong)) = 0 ]; then
        echo "$name: FAILED to verify anything"
        wrong=1
    fi
    good=$((good + right)) bad=$((bad + wrong))
done

echo "----"
echo "$programs programs and $scripts scripts: $good lines ok, $bad not"
[ $((programs + scripts)) != 0 ] && [ $bad = 0 ]

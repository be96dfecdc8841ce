#!/bin/sh
# SPDX-License-Identifier: MIT
# Line coverage, file by file, of the objects under the folder $1 after the tests have run.
set -u

find "$1" -path "$1/tests" -prune -o -path "$1/demos" -prune -o -name '*.gcda' -print |
    while read -r data; do gcov -n -r -o "$data" "$data" 2>/dev/null; done |
    awk '
    /^File /  { file = substr($2, 2, length($2) - 2) }
    /^Lines executed:/ && file {
        split(substr($2, 10), part, "%")
        lines = $4; hit = part[1] * lines / 100
        if (file !~ /^\// && hit >= covered[file]) { covered[file] = hit; total[file] = lines }
        file = ""
    }
    END {
        for (file in total) {
            printf "%6.1f%%  %5d  %s\n", 100 * covered[file] / total[file], total[file], file | "sort -k3"
            hits += covered[file]; all += total[file]
        }
        close("sort -k3")
        if (!all) exit 1
        printf "%6.1f%%  %5d  lines in total\n", 100 * hits / all, all
    }'

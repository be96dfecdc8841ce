#!/bin/sh
# SPDX-License-Identifier: MIT
# demos/run.sh counts what the demos verify, takes their tables for pictures, and says what was not
# drawn.
set -u
. tests/suite.sh

pictures="$scratch/a folder/pictures"
mkdir "$scratch/bare" "$scratch/drawing" "$scratch/failing"
for tool in awk basename cat grep mkdir rm sh; do ln -s "$(command -v $tool)" "$scratch/bare"; done
# shellcheck disable=SC2016
printf '%s\n' '#!/bin/sh' 'cat "$table" >"$picture"' >"$scratch/drawing/gnuplot"
printf '%s\n' '#!/bin/sh' 'echo "no such line"; exit 1' >"$scratch/failing/gnuplot"
printf '%s\n' '#!/bin/sh' 'echo "1 is 1: ok"' 'printf "# x, y\n1 2\n\n# x, z\n3 4\n\nlast line\n"' \
    >"$scratch/drone"
printf '%s\n' '#!/bin/sh' 'echo "1 is 2: FAILED"; exit 1' >"$scratch/wrong"
printf '%s\n' '#!/bin/sh' 'echo nothing' >"$scratch/idle"
chmod +x "$scratch"/*/gnuplot "$scratch/drone" "$scratch/wrong" "$scratch/idle"

# run TOOLS DEMO...: with no more than these on the path
run()
{
    PATH=$1
    shift
    sh demos/run.sh "$pictures" "$@"
}
without() { run "$scratch/bare" "$scratch/drone"; }
with() { run "$scratch/bare:$scratch/$1" "$scratch/drone"; }
says() { grep -qxF -- "$1" "$scratch/said" || { cat "$scratch/said"; false; }; }
not() { ! "$@"; }

with drawing >"$scratch/said" 2>&1
check "a picture is named at the end" says "$pictures/drone.svg"
check "the lines are counted" says "1 programs and 0 scripts: 1 lines ok, 0 not"
check "tables are data sets of gnuplot" \
    same "$(printf '# x, y\n1 2\n\n\n# x, z\n3 4\n\n\n.')" "$(cat "$pictures/drone.txt"; echo .)"
check "and are not shown" not says "1 2"
check "what follows a table is" says "last line"

(without) >"$scratch/said" 2>&1
check "without gnuplot the demos pass" test $? = 0
check "a line says what was skipped" \
    says "skipped without gnuplot (package gnuplot-nox): the plots of $pictures/*.txt"
check "a picture of an earlier run is gone" test ! -e "$pictures/drone.svg"

(with failing) >"$scratch/said" 2>&1
check "a gnuplot that fails fails the demos" test $? = 1
check "in a line that says so" says "$pictures/drone.svg: FAILED to be drawn"
check "after what gnuplot said" says "no such line"

(run "$scratch/bare" "$scratch/wrong" "$scratch/idle") >"$scratch/said" 2>&1
check "a demo that is wrong fails" test $? = 1
check "so does one that verifies nothing" says "idle: FAILED to verify anything"
check "each is counted" says "2 programs and 0 scripts: 0 lines ok, 2 not"

if [ -x "$TEST_BUILD/autodiff" ]; then
    (run "$scratch/bare" "$TEST_BUILD/autodiff" demos/drone.ad) >"$scratch/said" 2>&1
    check "a script has its table too" grep -q '^2 4.12311 1.94029 1.94029 3.88057$' "$pictures/drone.txt"
    check "the tape is skipped without Graphviz" \
        says "skipped without dot (package graphviz): the tape of a demo"
fi
for plot in demos/pictures/*.gnuplot; do
    name=$(basename "$plot" .gnuplot)
    [ "$name" = style ] || check "$plot has a demo" test -f "demos/$name.ad" -o -f "demos/$name.c"
done

finish

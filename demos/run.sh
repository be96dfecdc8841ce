#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the demos, adds up their lines and draws their pictures.
#
#   run.sh FOLDER DEMO...   programs; gradient scripts ending in .ad, for which the first is autodiff
#
# A demo prints a line ending in "ok" or "FAILED" for everything it verifies and exits non-zero
# where one failed. A table in its output, from a line that begins with # to an empty one, goes into
# FOLDER/NAME.txt, and demos/pictures/NAME.gnuplot draws FOLDER/NAME.svg from it. What a script
# plots is drawn there as NAME-1.svg.
set -u

folder=$1 autodiff='' programs=0 scripts=0 good=0 bad=0
shift
mkdir -p "$folder" && rm -f "$folder"/*.svg "$folder"/*.txt || exit 1
log=$folder/log
plots=$(command -v gnuplot) # empty where it is missing: scripts skip what they plot

# without_tables NAME: its output without the tables, which go into the folder
without_tables()
{
    table=$folder/$1.txt awk '
        /^#/ { inside = 1 }
        !inside { print; next }
        { print > ENVIRON["table"] }
        /^$/ { print "" > ENVIRON["table"]; inside = 0 }' "$log"
}

# installed COMMAND PACKAGE PICTURES: whether it is there; a line says what is skipped without it
installed()
{
    command -v "$1" >/dev/null && return
    echo "skipped without $1 (package $2): $3"
    return 1
}

# draw NAME COMMAND...: a picture, by a command that writes it
draw()
{
    picture=$folder/$1.svg
    shift
    if "$@" >"$log" 2>&1 </dev/null && [ -s "$picture" ]; then
        echo "$picture"
    else
        cat "$log"
        echo "$picture: FAILED to be drawn"
        bad=$((bad + 1))
    fi
}

for demo in "$@"; do
    case $demo in
    */autodiff) autodiff=$demo; continue ;;
    *.ad) scripts=$((scripts + 1))
          if [ "$plots" ]; then set -- "$autodiff" --plots "$folder" "$demo"
          else set -- "$autodiff" "$demo"
          fi ;;
    *) programs=$((programs + 1)); set -- "$demo" ;;
    esac
    name=${demo##*/}
    echo "---- $name"
    "$@" >"$log" 2>&1 </dev/null
    status=$?
    without_tables "${name%.ad}"
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

echo "---- pictures"
for plot in "$folder"/*-[0-9]*.svg; do
    [ ! -f "$plot" ] || echo "$plot"
done
if installed gnuplot gnuplot-nox "the plots of $folder/*.txt"; then
    for table in "$folder"/*.txt; do
        [ -f "$table" ] || continue
        name=$(basename "$table" .txt)
        export table picture="$folder/$name.svg"
        draw "$name" gnuplot demos/pictures/style.gnuplot "demos/pictures/$name.gnuplot"
    done
fi
if [ "$autodiff" ] && installed dot graphviz "the tape of a demo"; then
    draw tape "$autodiff" --graph "$folder/tape.svg" demos/shifted_norm.ad
fi
rm -f "$log"

echo "----"
echo "$programs programs and $scripts scripts: $good lines ok, $bad not"
[ $((programs + scripts)) != 0 ] && [ $bad = 0 ]

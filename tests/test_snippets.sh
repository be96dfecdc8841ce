#!/bin/sh
# SPDX-License-Identifier: MIT
# Every C and C++ example of the README and of docs/ compiles, and prints what stands below it; every
# link leads somewhere.
#
# A ```c or ```cpp block with a main is a program: it is built, run, and its output compared with the
# ```text block that must follow it. Any other ```c block is a fragment: declarations, or statements
# about a tape and a few values; it must compile. The gradient scripts of the README (```octave) run and
# print their ```text; those of docs/ have tests of their own.
set -u
. tests/suite.sh

# The blocks as files: FILE-LINE.c or .cpp, and FILE-LINE.text for the output that follows it.
cut_snippets()
{
    awk -v folder="$scratch" '
    FNR == 1 { name = ""; open = 0 }
    /^```/ && open { open = 0; if (language == "text") name = ""; next }
    /^```/ {
        open = 1
        language = substr($0, 4)
        snippet = language ~ /^c(pp)?$/ || language == "octave" && FILENAME == "README.md"
        if (snippet) {
            name = FILENAME
            gsub("/", "_", name)
            name = folder "/snippet-" name "-" FNR
        }
        file = snippet || language == "text" && name ? name "." language : "/dev/null"
        printf "" > file
        next
    }
    open { print > file }' "$@"
}

program() # program COMPILER FILE.c: prints what FILE.text holds
{
    base=${2%.*}
    [ -f "$base.text" ] || { echo "no \`\`\`text block with its output follows"; return 1; }
    # shellcheck disable=SC2086
    $1 -Wall -Wextra -Wpedantic -Werror -I. "$2" -o "$base" \
        -L"$TEST_BUILD" -lautodiff -Wl,-rpath,"$TEST_BUILD" -lm || return 1
    "$base" >"$base.output" 2>&1 || { echo "exit status $?"; return 1; }
    diff "$base.text" "$base.output"
}

gradient_script() # gradient_script FILE.octave: prints what FILE.text holds
{
    "$TEST_BUILD/autodiff" "$1" >"${1%.octave}.output" 2>&1 || { echo "exit status $?"; return 1; }
    diff "${1%.octave}.text" "${1%.octave}.output"
}

fragment() # fragment FILE.c: compiles as declarations, or as statements
{
    preamble='#include <autodiff/autodiff.h>
        #include <math.h>
        #include <stdio.h>
        #include <stdlib.h>'
    values='ad_tape *tape, ad_var x, ad_var y, ad_var z, ad_var a, ad_var v, ad_var A, ad_var B'
    { echo "$preamble"; cat "$1"; } >"$1-declarations.c"
    { echo "$preamble"; echo "void fragment($values);"; echo "void fragment($values) {"; cat "$1"; echo "}"; } \
        >"$1-statements.c"
    for form in statements declarations; do
        # shellcheck disable=SC2086
        $CC -std=c11 -Wall -Wno-unused -Werror -I. -fsyntax-only "$1-$form.c" && return
    done
    return 1
}

# The anchors of a page: its headings in small letters, blanks as dashes, other marks left out.
anchors() { sed -n 's/^##* //p' "$1" | tr 'A-Z ' 'a-z-' | sed 's/[^[:alnum:]_-]//g'; }

links() # links FILE.md: every relative link leads to a file, and to a heading in it
{
    sed 's/](/\n&/g' "$1" | sed -n 's/^](\([^)]*\)).*/\1/p' | grep -v '^[a-z]*:' |
        while read -r target; do
            file=${target%%#*}
            file=${file:+$(dirname "$1")/$file}
            [ -e "${file:-$1}" ] || echo "$target: no such file"
            case $target in
            *'#'*) anchors "${file:-$1}" | grep -qxF "${target#*#}" || echo "$target: no such heading" ;;
            esac
        done >"$scratch/dead"
    cat "$scratch/dead"
    [ ! -s "$scratch/dead" ]
}

manual() { sed 's/\\(aq/'"'"'/g' docs/autodiff.1; }

manual_example() # manual_example NUMBER: the command after `$` prints what stands below it
{
    manual | awk -v number="$1" '
        /^[.]Bd/ { block++; next }
        /^[.]Ed/ { inside = 0 }
        block == number && sub(/^[$] /, "") { print > (folder "command"); inside = 1; next }
        inside { print }' folder="$scratch/" >"$scratch/expected"
    PATH="$TEST_BUILD:$PATH" sh "$scratch/command" 2>&1 | diff "$scratch/expected" -
}

# The part of a page that `make compare` writes into two of them.
compared() { sed -n '/^<!-- comparison -->/,/^<!-- end of comparison -->/p' "$1"; }

synopsis() { manual | sed -n '/^[.]Sh SYNOPSIS/,/^[.]Sh DESCRIPTION/s/^[.].*Fl -\([a-z-]*\).*/--\1/p'; }
options() { grep -o -e '--[a-z][a-z-]*' | sort -u; }

pages="README.md $(find docs -name '*.md' | sort)"
# shellcheck disable=SC2086
cut_snippets $pages
for page in $pages; do check "links of $page" links "$page"; done
for snippet in "$scratch"/snippet-*.c "$scratch"/snippet-*.cpp "$scratch"/snippet-*.octave; do
    [ -f "$snippet" ] || continue
    name=$(basename "$snippet" | sed 's/^snippet-//; s/_/\//g; s/-\([0-9]*\)\.[a-z]*$/:\1/')
    case $snippet in
    *.octave) check "$name" gradient_script "$snippet" ;;
    *.cpp) check "$name" program "$CXX -std=c++11" "$snippet" ;;
    *) if grep -q 'main(' "$snippet"; then check "$name" program "$CC -std=c11" "$snippet"
       else check "$name" fragment "$snippet"
       fi ;;
    esac
done

check "the comparison of the README is that of docs/comparison.md" \
    same "$(compared docs/comparison.md)" "$(compared README.md)"
check "there is one" test "$(compared README.md | grep -c '|')" -gt 5
check "docs/comparison.md was written by what is in tests/compare: make compare" \
    grep -q "$(cat tests/compare/* | sha256sum | cut -d ' ' -f 1)" docs/comparison.md

check "the manual page names the options of --help" \
    same "$("$TEST_BUILD/autodiff" --help | options)" "$(manual | sed -n 's/^[.]It Fl -/--/p' | options)"
check "its synopsis names them, too" \
    same "$(manual | sed -n 's/^[.]It Fl -/--/p' | options)" "$(synopsis | options)"
! command -v groff >/dev/null ||
    check "groff finds nothing wrong with it" same '' "$(groff -mdoc -ww -z -Tutf8 docs/autodiff.1 2>&1)"
examples=$(manual | grep -c '^[.]Bd')
for number in $(seq "$examples"); do check "example $number of the manual page" manual_example "$number"; done

finish

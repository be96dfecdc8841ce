#!/bin/sh
# Every C example of the README and of docs/ compiles, and prints what stands below it; every link
# leads somewhere.
#
# A ```c block with a main is a program: it is built, run, and its output compared with the ```text
# block that must follow it. Any other ```c block is a fragment: declarations, or statements about
# a tape and a few values; it must compile. The gradient scripts of the README (```octave) run and
# print their ```text; those of docs/ have tests of their own.
set -u
. tests/suite.sh

# The blocks as files: FILE-LINE.c, and FILE-LINE.text for the output that follows it.
cut_snippets()
{
    awk -v folder="$scratch" '
    FNR == 1 { name = ""; open = 0 }
    /^```/ && open { open = 0; if (language == "text") name = ""; next }
    /^```/ {
        open = 1
        language = substr($0, 4)
        snippet = language == "c" || language == "octave" && FILENAME == "README.md"
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

program() # program FILE.c: prints what FILE.text holds
{
    [ -f "${1%.c}.text" ] || { echo "no \`\`\`text block with its output follows"; return 1; }
    # shellcheck disable=SC2086
    $CC -std=c11 -Wall -Wextra -Wpedantic -Werror -I. "$1" -o "${1%.c}" \
        -L"$TEST_BUILD" -lautodiff -Wl,-rpath,"$TEST_BUILD" -lm || return 1
    "${1%.c}" >"${1%.c}.output" 2>&1 || { echo "exit status $?"; return 1; }
    diff "${1%.c}.text" "${1%.c}.output"
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

links() # links FILE.md: every relative link leads to a file
{
    sed 's/](/\n&/g' "$1" | sed -n 's/^](\([^)#]*\).*/\1/p' | grep -v -e '^[a-z]*:' -e '^$' |
        while read -r target; do
            [ -e "$(dirname "$1")/$target" ] || echo "$target: no such file"
        done >"$scratch/dead"
    cat "$scratch/dead"
    [ ! -s "$scratch/dead" ]
}

pages="README.md $(find docs -name '*.md' | sort)"
# shellcheck disable=SC2086
cut_snippets $pages
for page in $pages; do check "links of $page" links "$page"; done
for snippet in "$scratch"/snippet-*.c "$scratch"/snippet-*.octave; do
    [ -f "$snippet" ] || continue
    name=$(basename "$snippet" | sed 's/^snippet-//; s/_/\//g; s/-\([0-9]*\)\.[a-z]*$/:\1/')
    case $snippet in
    *.octave) check "$name" gradient_script "$snippet" ;;
    *) if grep -q 'main(' "$snippet"; then check "$name" program "$snippet"
       else check "$name" fragment "$snippet"
       fi ;;
    esac
done

finish

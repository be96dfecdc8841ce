#!/bin/sh
# SPDX-License-Identifier: MIT
# The licence is there, and every source file names it.
set -u
. tests/suite.sh

sources()
{
    printf '%s\n' Makefile .setup .install .ci/run
    find autodiff demos docs ops tape tests '(' -name '*.[ch]' -o -name '*.[ch]pp' -o -name '*.cc' \
        -o -name '*.def' -o -name '*.sh' -o -name '*.ad' -o -name '*.py' -o -name '*.m' -o \
        -name '*.dot' -o -name '*.gnuplot' -o -name '*.1' -o -name Makefile -o \
        -name CMakeLists.txt ')' -type f
}

unnamed() # the sources whose first three lines do not name the licence
{
    sources | while read -r file; do
        sed 3q "$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file"
    done
}

check "docs/LICENSE is the MIT licence" grep -x 'MIT License' docs/LICENSE
check "word for word" same 253157465 "$(sed '/^Copyright/d' docs/LICENSE | tr -s ' \n' '  ' | cksum | cut -d' ' -f1)"
check "the holders are the autodiff authors" grep -E '^Copyright \(c\) [0-9]+ the autodiff authors$' docs/LICENSE
check "README says so" grep -F '[MIT](docs/LICENSE)' README.md
check "there are sources to look at" test "$(sources | wc -l)" -gt 300
check "each names the licence at its head" same '' "$(unnamed)"

finish

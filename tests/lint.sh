#!/bin/sh
# SPDX-License-Identifier: MIT
# Reads the sources: format, clang-tidy (.clang-tidy says what and why), cppcheck, shellcheck.
set -u
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
failed=''

lint() # lint NAME COMMAND...: shows what it says if it fails
{
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then
        echo "$name: nothing found"
    else
        cat "$scratch/log"
        failed="$failed $name"
    fi
}

# .clang-format was written for versions 14 to 19. Another one may break lines otherwise.
format()
{
    find tape ops autodiff tests demos '(' -name '*.[ch]' -o -name '*.[ch]pp' ')' \
        -exec clang-format --dry-run -Werror {} +
}
tidy()
{
    # shellcheck disable=SC2016
    find tape ops autodiff -name '*.c' -print0 | xargs -0 -n 8 -P "$(nproc)" sh -c '
        for file; do clang-tidy --quiet "$file" -- -std=c11 -I. $0 || exit 255; done' "$LINT_FLAGS"
}
# Left out: compound literals in conditional expressions, which it cannot read; variables that are set
# through a pointer; memchr for true and false, which are bytes; realloc that ends the program where it
# fails; operands that a macro calls x, y, z; and the remark of newer versions that they look at most branches only.
cpp()
{
    cppcheck --quiet --std=c11 -I. -j "$(nproc)" --error-exitcode=1 \
        --enable=warning,performance,portability --suppress=internalAstError --suppress=uninitvar \
        --suppress=invalidFunctionArgBool --suppress=memleakOnRealloc \
        --suppress=funcArgOrderDifferent \
        --suppress=normalCheckLevelMaxBranches tape ops autodiff
}

lint clang-format format
lint clang-tidy tidy
lint cppcheck cpp
lint shellcheck shellcheck -x .setup .install .ci/run tests/*.sh demos/*.sh
[ -z "$failed" ] || { echo "lint:$failed"; exit 1; }

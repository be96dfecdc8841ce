#!/bin/sh
# SPDX-License-Identifier: MIT
# The public headers against the library, the documentation and the compilers.
set -u
. tests/suite.sh

public=$(sed -n 's/^#include <\(autodiff\/.*\)>/\1/p' autodiff/autodiff.h)
# shellcheck disable=SC2086
cat autodiff/autodiff.h $public >"$scratch/headers"
prototypes=$(sed -n 's/^AD_API [^(]*\<\(ad_[a-z0-9_]*\)(.*/\1/p' "$scratch/headers" | sort)

exported=$(nm -D --defined-only "$TEST_BUILD/libautodiff.so" | awk '{ print $NF }' | sort)
check "the library exports what the headers declare and nothing else" \
    same "$prototypes" "$exported"

check "and so does the static library" same "$prototypes" \
    "$(nm -g --defined-only "$TEST_BUILD/libautodiff.a" | awk 'NF == 3 { print $3 }' | sort)"

check "no prototype is declared twice" same "$prototypes" "$(echo "$prototypes" | uniq)"

# A block of its own above every prototype, or above the line before it: none goes without.
undocumented=$(awk '/^AD_API/ && above !~ /\*\/$/ { print } { above = $0 }' "$scratch/headers")
check "every prototype has its documentation block" same '' "$undocumented"

check "every public name begins with ad_" \
    same '' "$(sed -n 's/^AD_API .*/&/p' "$scratch/headers" | grep -v '\<ad_[a-z0-9_]*(')"

cat >"$scratch/user.c" <<'END'
#include <autodiff/autodiff.h>
#include <autodiff/autodiff.h>
int main(void)
{
    ad_tape *tape = ad_tape_new();
    ad_var x = ad_scalar(tape, 3);
    int ok = ad_backward(ad_square(x)) == AD_OK && ad_adjoint(x)[0] == 6;
    ad_tape_free(tape);
    return ok ? 0 : 1;
}
END
sed '2s/autodiff.h/inline.h/' "$scratch/user.c" >"$scratch/inline.c"
cp "$scratch/user.c" "$scratch/user.cc"
cp "$scratch/inline.c" "$scratch/inline.cc"
{
    echo '#include <stdlib.h>'
    for name in arena_free kernel_dot shape_same; do
        echo "void $name(void); void $name(void) { abort(); }"
    done
    cat "$scratch/user.c"
} >"$scratch/names.c"
strict='-Wall -Wextra -Wpedantic -pedantic-errors -Wshadow -Wconversion -Werror'

runs() # runs COMPILER... SOURCE: it compiles without a warning, links with the library and works
{
    # shellcheck disable=SC2086
    "$@" $strict -I. -o "$scratch/user" -L"$TEST_BUILD" -lautodiff -Wl,-rpath,"$TEST_BUILD" -lm &&
        "$scratch/user"
}

for compiler in $(printf '%s\n' "$CC" gcc clang | sort -u); do
    command -v "$compiler" >/dev/null || continue
    for standard in c11 c17 gnu17; do
        check "$compiler -std=$standard" runs "$compiler" -std=$standard "$scratch/user.c"
        check "$compiler -std=$standard, inline" runs "$compiler" -std=$standard "$scratch/inline.c"
    done
done
for compiler in $(printf '%s\n' "$CXX" g++ clang++ | sort -u); do
    command -v "$compiler" >/dev/null || continue
    for standard in c++11 c++17 c++20; do
        check "$compiler -std=$standard" runs "$compiler" -std=$standard "$scratch/user.cc"
        check "$compiler -std=$standard, inline" runs "$compiler" -std=$standard "$scratch/inline.cc"
    done
done

# shellcheck disable=SC2086
links_statically() # links_statically SOURCE: it links with the static library and works
{
    "$CC" $strict -I. -o "$scratch/static" "$1" "$TEST_BUILD/libautodiff.a" $TEST_LIBS &&
        "$scratch/static"
}
check "a program may have names that the library uses inside" links_statically "$scratch/names.c"

finish

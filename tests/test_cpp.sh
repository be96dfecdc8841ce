#!/bin/sh
# SPDX-License-Identifier: MIT
# autodiff/autodiff.hpp: complete, right in every overload, clean under every compiler and standard.
set -u
. tests/suite.sh

strict='-Wall -Wextra -Wpedantic -pedantic-errors -Wshadow -Wconversion -Wsign-conversion
    -Wold-style-cast -Weffc++ -Werror'

# Public functions without a function of their name in C++, and why.
cat >"$scratch/left_out" <<'END'
add                operator+
sub                operator-
mul                operator*
div                operator/
neg                operator-
shift              operator+ of a number
scale              operator* of a number
powi               pow of an int
pow_to             pow of a double
hcat_all           hcat of a list
vcat_all           vcat of a list
scalar             of the class tape
input              of the class tape
constant           of the class tape
number             of the class tape
replay             of the class tape
tape_new           of the class tape
tape_new_with      of the class tape
tape_free          of the class tape
tape_reset         of the class tape
tape_status        of the class tape
tape_message       of the class tape
tape_clear_error   of the class tape
tape_mark          of the class scope
tape_rewind        of the class scope
tape_keep          serves as it is
tape_write_dot     serves as it is
tape_find_nonfinite serves as it is
tape_statistics    serves as it is
status_string      serves as it is
version            serves as it is
gradcheck_report   serves as it is
set_all            serves as it is
adjoints           serves as it is
function_value     serves as it is
function_gradient  serves as it is
function_jacobian  serves as it is
function_hessian   serves as it is
function_hvp       serves as it is
custom             serves as it is: its callbacks are C
END

public=$(sed -n 's/^#include <\(autodiff\/.*\.h\)>/\1/p' autodiff/autodiff.h)
# shellcheck disable=SC2086
functions=$(cat autodiff/autodiff.h $public |
    sed -n 's/^AD_API [^(]*\<ad_\([a-z0-9_]*\)(.*/\1/p' | sort)
left_out=$(awk '{ print $1 }' "$scratch/left_out" | sort)
wrapped=$(echo "$functions" | grep -vxF -e "$left_out")

check "what is left out is public, and listed once" \
    same "$left_out" "$(echo "$functions" | grep -xF -e "$left_out")"
{
    echo '#include <autodiff/autodiff.hpp>'
    echo '#include <autodiff/autodiff.hpp>'
    echo "$wrapped" | sed 's/.*/using ad::&;/'
} >"$scratch/complete.cpp"

# A program may have globals of these names; those of <cmath> are overloaded, gamma is C's own.
cmath=$(sed -n 's/^ *using std::\(.*\);/\1/p' tests/cpp/operations.cpp)
{
    printf '%s\n' "$wrapped" tape scope view var sequence | grep -vxF -e "$cmath" -e gamma |
        sed 's/.*/struct & { int own; };/'
    echo '#include <autodiff/autodiff.hpp>'
} >"$scratch/global.cpp"

# table MACRO PARAMETERS: a line for every function of operations.h with such parameters
table()
{
    sed -n "s/^AD_API ad_var ad_\([a-z0-9_]*\)($2);.*/\1/p" autodiff/operations.h |
        grep -vxF -e "$left_out" | sed "s/.*/$1(&)/"
}
table ONE 'ad_var [a-zA-Z]*' >"$scratch/one.def"
table TWO 'ad_var [a-zA-Z]*, ad_var [a-zA-Z]*' >"$scratch/two.def"

# passes COMPILER FLAGS: all checks, in files that each include the header, with the static library
# shellcheck disable=SC2086
passes()
{
    $1 $2 $strict -I. -I"$scratch" tests/cpp/*.cpp -o "$scratch/program" \
        "$TEST_BUILD/libautodiff.a" $TEST_LIBS && "$scratch/program"
}

# macros COMPILER HEADER: those of the library that remain
macros()
{
    echo "#include <autodiff/$2>" | $1 -x c++ -std=c++11 -I. -dM -E - |
        sed -n 's/^#define \(A[DU][A-Z_]*\).*/\1/p' | sort
}

# compiles COMPILER FLAG FILE...: without a warning
# shellcheck disable=SC2086
compiles() { "$@" $strict -I. -I"$scratch" -fsyntax-only; }
refuses() { ! compiles "$@"; }

statement() # statement CODE: a file that holds it
{
    cat >"$scratch/statement.cpp" <<END
#include <autodiff/autodiff.hpp>
#include <vector>
void use(ad::tape &tape, ad::scope &scope, ad::var x, std::vector<int> &whole);
void use(ad::tape &tape, ad::scope &scope, ad::var x, std::vector<int> &whole)
{
    (void)tape, (void)scope, (void)x, (void)whole;
    $1;
}
END
}

for compiler in $(printf '%s\n' "$CXX" g++ clang++ | sort -u); do
    command -v "$compiler" >/dev/null || continue
    check "$compiler: every public function has its name in C++" \
        compiles "$compiler" -std=c++11 "$scratch/complete.cpp"
    check "$compiler: no other name is global" compiles "$compiler" -std=c++11 "$scratch/global.cpp"
    check "$compiler: no macro is left but the guard" \
        same "$({ macros "$compiler" autodiff.h; echo AUTODIFF_AUTODIFF_HPP; } | sort)" \
        "$(macros "$compiler" autodiff.hpp)"
    for standard in c++11 c++20; do
        check "$compiler -std=$standard" passes "$compiler" -std=$standard
    done
    for standard in c++14 c++17; do
        check "$compiler -std=$standard compiles it" \
            compiles "$compiler" -std=$standard tests/cpp/*.cpp
    done
    check "$compiler without exceptions" passes "$compiler" '-std=c++11 -fno-exceptions -fno-rtti'
    for code in 'ad::tape moved(static_cast<ad::tape &&>(tape))' 'if (x < 1) tape.check()'; do
        statement "$code"
        check "$compiler accepts $code" compiles "$compiler" -std=c++11 "$scratch/statement.cpp"
    done
    for code in 'ad::tape copy(tape)' 'ad::scope copy(scope)' 'double value = x' 'x = 1.0' 'tape = ad_allocator()' \
        'tape.input(whole)' 'tape.input(1, 2, whole)' 'ad::where(x < 1, x, x)'; do
        statement "$code"
        check "$compiler refuses $code" refuses "$compiler" -std=c++11 "$scratch/statement.cpp"
    done
done

finish

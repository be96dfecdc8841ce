#!/bin/sh
# What `make install` puts down serves programs outside the tree, found through pkg-config alone.
set -u
. tests/suite.sh

root=$scratch/root
prefix=/usr/local
version=$(sed -n 's/^#define AD_VERSION_[A-Z]* *//p' autodiff/autodiff.h | paste -sd.)

# installed COMMAND...: in the environment of someone who has the library under $root
installed()
{
    PKG_CONFIG_PATH="$root$prefix/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root" \
        LD_LIBRARY_PATH="$root$prefix/lib" "$@"
}

into() { "$MAKE" "$1" DESTDIR="$root" PREFIX=$prefix; }
needed() { objdump -p "$scratch/elsewhere/program" && echo read; } # what it links, if it exists
files() { (cd "$root" && find . ! -type d | sort | sed 's/^\.//'); }

# outside COMPILER SOURCE LINK-FLAG: builds with what pkg-config says, elsewhere, and runs
outside()
{
    mkdir -p "$scratch/elsewhere" && cp tests/install/program.* "$scratch/elsewhere" || return 1
    case $3 in
    -static) packages='--static --cflags --libs' ;;
    *) packages='--cflags --libs' ;;
    esac
    # shellcheck disable=SC2046,SC2086
    (cd "$scratch/elsewhere" && rm -f program &&
        $1 -Wall -Wextra -Werror "$2" $3 $(installed pkg-config $packages autodiff) -lm -o program &&
        installed ./program)
}

check "make install" into install
program=''
[ ! -d autodiff/script ] || program=$prefix/bin/autodiff
check "the files installed are the headers, two libraries, the .pc file and the program" \
    same "$({
        echo $program
        for header in autodiff.h custom.h operations.h; do echo $prefix/include/autodiff/$header; done
        for file in .a .so ".so.${version%%.*}" ".so.$version"; do echo "$prefix/lib/libautodiff$file"; done
        echo $prefix/lib/pkgconfig/autodiff.pc
    } | grep . | sort)" "$(files)"
check "pkg-config knows the header's version" same "$version" "$(installed pkg-config --modversion autodiff)"
check "the soname is that of the major version" same "libautodiff.so.${version%%.*}" \
    "$(objdump -p "$root$prefix/lib/libautodiff.so" | awk '/SONAME/ { print $2 }')"
check "the .pc file names no folder of the build" \
    same '' "$(grep -F -e "$root" -e "$PWD" "$root$prefix/lib/pkgconfig/autodiff.pc")"

check "a C program, shared library" outside "$CC" program.c ''
check "it needs the shared library by its soname" \
    same "libautodiff.so.${version%%.*}" "$(needed | awk '/NEEDED.*autodiff/ { print $2 }')"
check "a C++ program, shared library" outside "$CXX" program.cc ''
check "a C program, static" outside "$CC" program.c -static
check "it needs no shared library" \
    same read "$(needed | grep -e NEEDED -e '^read$')"
check "a C++ program, static" outside "$CXX" program.cc -static
[ -z "$program" ] || check "the installed program runs" "$root$program" --version

check "make uninstall" into uninstall
check "nothing is left behind" same '' "$(files)"

finish

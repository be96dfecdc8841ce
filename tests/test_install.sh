#!/bin/sh
# SPDX-License-Identifier: MIT
# `make install` puts down what programs outside the tree need, and no other file; `make uninstall`
# takes it away again, whatever characters the paths hold.
set -u
. tests/suite.sh

root=$scratch/root
prefix=/usr/local
version=$(sed -n 's/^#define AD_VERSION_[A-Z]* *//p' autodiff/autodiff.h | paste -sd.)
major=${version%%.*}
public="autodiff.h autodiff.hpp inline.h $(sed -n 's|^#include <autodiff/\(.*\)>|\1|p' autodiff/autodiff.h)"

# expected PREFIX: the files that belong below it
expected()
{
    for header in $public; do echo "$1/include/autodiff/$header"; done
    for file in .a .so ".so.$major" ".so.$version"; do echo "$1/lib/libautodiff$file"; done
    for file in pkgconfig/autodiff.pc cmake/autodiff/autodiffConfig.cmake \
        cmake/autodiff/autodiffConfigVersion.cmake; do echo "$1/lib/$file"; done
    echo "$1/share/doc/autodiff/LICENSE"
    [ ! -d autodiff/script ] || printf '%s\n' "$1/bin/autodiff" "$1/share/man/man1/autodiff.1"
}

files() { (cd "$1" && find . ! -type d | sed 's/^\.//' | LC_ALL=C sort); }
lists() { same "$(expected "$2" | LC_ALL=C sort)" "$(files "$1")"; } # lists ROOT PREFIX: no more, no less

# ---- The usual place ------------------------------------------------------------------------

# installed COMMAND...: in the environment of someone who has the library under $root
installed()
{
    PKG_CONFIG_PATH="$root$prefix/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root" \
        CMAKE_PREFIX_PATH="$root$prefix" LD_LIBRARY_PATH="$root$prefix/lib" "$@"
}

shown() { find "${BUILD:-build}" -maxdepth 1 -type l -printf '%p %i %c\n' | sort; } # the links in build/
into() { (umask 077 && "$MAKE" "$1" DESTDIR="$root" PREFIX="$prefix"); }
needed() { objdump -p "$scratch/elsewhere/program" && echo read; } # what it links, if it exists

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
        $1 -Wall -Wextra -Werror "$2" $3 $(installed pkg-config $packages autodiff) -o program &&
        installed ./program)
}

check "make install" into install
check "it says what is to be done after moving" \
    same "After these files are moved to $prefix: ldconfig" "$(grep '^After' "$scratch/output")"
check "the files installed are those that are listed here" lists "$root" $prefix
check "everyone may read them and run the program" same \
    "$({ [ ! -d autodiff/script ] || echo 755 autodiff; echo "755 libautodiff.so.$version"; })" \
    "$(find "$root" -type f ! -perm 644 -printf '%m %f\n' | sort; find "$root" -type d ! -perm -755)"
before=$(shown)
check "make install again" into install
check "it leaves the build as it is" same "$before" "$(shown)"
check "pkg-config knows the header's version" same "$version" "$(installed pkg-config --modversion autodiff)"
check "the soname is that of the major version" same "libautodiff.so.$major" \
    "$(objdump -p "$root$prefix/lib/libautodiff.so" | awk '/SONAME/ { print $2 }')"
check "no text file names a folder of the build" same '' \
    "$(grep -rlF -e "$root" -e "$PWD" "$root$prefix/lib/pkgconfig" "$root$prefix/lib/cmake")"

check "a C program, shared library" outside "$CC" program.c ''
check "it needs the shared library by its soname" \
    same "libautodiff.so.$major" "$(needed | awk '/NEEDED.*autodiff/ { print $2 }')"
check "a C++ program, shared library" outside "$CXX" program.cc ''
check "a C program, static" outside "$CC" program.c -static
check "it needs no shared library" \
    same read "$(needed | grep -e NEEDED -e '^read$')"
check "a C++ program, static" outside "$CXX" program.cc -static
[ ! -d autodiff/script ] || check "the installed program runs" "$root$prefix/bin/autodiff" --version

# ---- The examples ---------------------------------------------------------------------------

answer='12.3693: gradient 0.242536 0.970143'
cp -r demos/embedding "$scratch/embedding"

# build_tool FOLDER COMMAND...: the example there, built by the command, prints its answer
build_tool()
{
    folder=$scratch/embedding/$1
    shift
    (cd "$folder" && installed "$@") || return 1
    same "$answer" "$(cd "$folder" && installed ./program)"
}
with_cmake()
{
    cmake -S . -B . -DCMAKE_C_COMPILER="$CC" "$@" && cmake --build .
}
linked() # linked FOLDER: autodiff's shared library, if the program asks for it
{
    objdump -p "$scratch/embedding/$1/program" | awk '/NEEDED.*autodiff/ { print $2 }'
}

check "the example with pkg-config" build_tool pkg-config "$MAKE" CC="$CC"
check "the example with CMake" build_tool cmake with_cmake
check "CMake knows the soname" \
    grep -F "SONAME \"libautodiff.so.$major\"" "$root$prefix/lib/cmake/autodiff/autodiffConfig.cmake"
check "it links the shared library" same "libautodiff.so.$major" "$(linked cmake)"
sed -i 's/autodiff::autodiff/autodiff::static/' "$scratch/embedding/cmake/CMakeLists.txt"
check "the example with CMake and the static library" build_tool cmake with_cmake
check "it links no shared library" same '' "$(linked cmake)"
sed -i "s/autodiff 0.1/autodiff $((major + 1))/" "$scratch/embedding/cmake/CMakeLists.txt"
# Requests and whether they are granted; ranges need CMake 3.19.
cat >"$scratch/requests" <<END
$version: 1
$version EXACT: 1
$major.0: 1
$major.0 EXACT: 0
$version.1: 0
$((major + 1)): 0
$major.0...$version: 1
$major.0...<$version: 0
$major.0...$major.0.1: 0
$version...<$((major + 1)): 1
END
cmake --version | grep -qE 'version ([0-2]\.|3\.(1?[0-8]|9)\.)' && sed -i '/[.][.][.]/d' "$scratch/requests"
granted()
{
    mkdir -p "$scratch/versions" && {
        echo 'cmake_minimum_required(VERSION 3.13)'
        echo 'project(versions NONE)'
        # shellcheck disable=SC2016
        sed 's/\(.*\): .*/find_package(autodiff \1 QUIET)\nmessage("\1: ${autodiff_FOUND}")/
             s/$/\nunset(autodiff_DIR CACHE)/' "$scratch/requests"
    } >"$scratch/versions/CMakeLists.txt"
    (cd "$scratch/versions" && installed cmake -S . -B . >log 2>&1 && grep ': [01]$' log)
}
check "CMake's versions, exact ones and ranges" same "$(cat "$scratch/requests")" "$(granted)"
refused() { ! (cd "$scratch/embedding/cmake" && installed cmake .); }
check "CMake refuses another major version" refused
check "the copy for a plain Makefile" \
    "$MAKE" install DESTDIR="$scratch/embedding/static/vendor" PREFIX=/
check "the example with a plain Makefile" \
    build_tool static "$MAKE" CC="$CC" BLAS="${TEST_LIBS% -lm}"
check "it links no shared library" same '' "$(linked static)"

check "make uninstall" into uninstall
check "nothing is left behind" same '' "$(files "$root")"
check "make uninstall where there is nothing" into uninstall

# ---- Paths with blanks, quotes and dashes ---------------------------------------------------

odd="$scratch/it's \"odd\" & \$o"
at="/-a 'b' \"c\" (d)"
with_odd() { "$MAKE" "$1" DESTDIR="$(dollars "$odd")" PREFIX="$at"; }
dollars() { printf '%s\n' "$1" | sed 's/\$/$$/g'; } # as make wants them

mkdir -p "$odd$at/lib" "$scratch/it's"
echo mine | tee "$odd$at/lib/mine" "$odd/-a" "$scratch/it" >"$scratch/it's/mine"
check "make install, odd folders" with_odd install
check "the files are where they should be" \
    same "$({ expected "$at"; echo "$at/lib/mine"; echo /-a; } | LC_ALL=C sort)" "$(files "$odd")"
check "make uninstall, odd folders" with_odd uninstall
check "what is not ours stays" same "$(printf '%s\n' /-a "$at/lib/mine" | LC_ALL=C sort)" "$(files "$odd")"
check "and so does what is beside it" cat "$scratch/it" "$scratch/it's/mine"
check "the folders of our own are gone" \
    same '' "$(find "$odd" -type d -name autodiff)"

prefix="$scratch/in -place 'x\" y"
headers="$scratch/in \"another\" place"
in_place_goal() { "$MAKE" "$1" PREFIX="$prefix" INCDIR="$headers"; }
check "make install, in place" in_place_goal install
in_place() # built and run with the lines that were said, which keep what was set before
{
    # shellcheck disable=SC2030
    (export PKG_CONFIG_PATH=/before LD_LIBRARY_PATH=/before && eval "$1" &&
        eval "$CC tests/install/program.c $(pkg-config --cflags --libs autodiff) -o \"\$scratch/in-place\"" &&
        "$scratch/in-place" && same /before:/before "${PKG_CONFIG_PATH##*:}:${LD_LIBRARY_PATH##*:}")
}
check "the lines that make install ends with, and pkg-config's flags" \
    in_place "$(grep '^    export' "$scratch/output")"
sed -i 's/autodiff [0-9]*/autodiff/; s/autodiff::static/autodiff::autodiff/' "$scratch/embedding/cmake/CMakeLists.txt"
rm -f "$scratch/embedding/cmake/CMakeCache.txt" "$scratch/embedding/cmake/program"
root=''
check "CMake finds it there" build_tool cmake with_cmake
check "make uninstall, in place" in_place_goal uninstall
check "nothing is left behind in place" same '' "$(files "$prefix" && files "$headers")"

# .install as make calls it, from another folder, so that relative paths lead there.
elsewhere=$scratch/relative
mkdir -p "$elsewhere/docs" "$elsewhere/autodiff"
cp docs/LICENSE docs/autodiff.1 "$elsewhere/docs" && cp autodiff/*.h "$elsewhere/autodiff"
relative() # relative GOAL DESTDIR [PREFIX [LIBDIR]]
{
    (cd "$elsewhere" && p=${3--p} && OUT=$TEST_BUILD VERSION=$version BLAS_LIBS='' \
        HEADERS=autodiff/autodiff.h PROGRAM='' DESTDIR=$2 PREFIX=$p LIBDIR=${4-$p/lib} \
        INCDIR=$p/include BINDIR=$p/bin MANDIR=$p/man DOCDIR=$p/doc PATH="$scratch/fake:$PATH" \
        sh "$OLDPWD/.install" "$1")
}
before=$(files "$elsewhere")
check "a relative prefix with a dash in front" relative install ''
check "it leads below the current folder" test -f "$elsewhere/-p/lib/libautodiff.a"
check "the .pc file names it in full" grep -F "prefix=$elsewhere/-p" "$elsewhere/-p/lib/pkgconfig/autodiff.pc"
check "it is removed as it came" relative uninstall ''
check "as if nothing had been" same "$before" "$(files "$elsewhere")"
check "a relative DESTDIR with a dash in front" relative install -d
check "and what it holds is removed" relative uninstall -d
check "as if nothing had been, there too" same "$before" "$(files "$elsewhere")"

# described PREFIX LIBDIR: the prefix for pkg-config, the folder of the headers for CMake
described()
{
    rm -rf "$scratch/described"
    relative install "$scratch/described" "$@" >/dev/null || return
    find "$scratch/described" -name autodiff.pc -exec sed -n '/^prefix/p' '{}' + \
        -o -name autodiffConfig.cmake -exec sed -n 's/.*(autodiff_include "\(.*\)".*/\1/p' '{}' + | sort
}
in_tree="\${CMAKE_CURRENT_LIST_DIR}/../../.."
check "a slash at the end, a library folder of the machine's" \
    same "$(printf '%s\n' "$in_tree/../include" prefix=/usr)" "$(described /usr/ /usr/lib/any-linux)"
check "dots and double slashes" \
    same "$(printf '%s\n' "$in_tree/include" prefix=/usr/a)" "$(described /usr//./a /usr/a/.//./lib/.)"
check "a library folder beside the prefix" \
    same "$(printf '%s\n' /usr/a/include prefix=/usr/a)" "$(described /usr/a /usr/a/../lib)"
check "one that leads out at its end" \
    same "$(printf '%s\n' /usr/a/include prefix=/usr/a)" "$(described /usr/a /usr/a/lib/..)"
check "no prefix is the root" \
    same "$(printf '%s\n' "$in_tree/include" prefix=/)" "$(described '' /lib)"

tab="$elsewhere/$(printf 'a\tb')\\c" # with a backslash, too
named() { relative install '' "$tab" | grep -F "$tab/lib/libautodiff.a"; }
check "what is installed is named as it is" named
flag() { eval "printf '%s\n' $(PKG_CONFIG_PATH="$tab/lib/pkgconfig" pkg-config --cflags autodiff)"; }
check "pkg-config's flags hold such a path" same "-I$tab/include" "$(flag)"
asked() { PKG_CONFIG_PATH="$tab/lib/pkgconfig" relative install '' "$@" | grep -c PKG_CONFIG_PATH=; }
check "where pkg-config knows it, nothing is to be set" same 0 "$(asked "$tab")"
check "where it knows another copy, this one is to be set" same 1 "$(asked)"
relative uninstall '' "$tab" && relative uninstall ''

# ---- The loader -----------------------------------------------------------------------------

mkdir -p "$scratch/fake"
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$USER_ID"\n' >"$scratch/fake/id"
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "ldconfig $*" >>"%s"\n[ "$1" = -p ] || exit "${FAILS:-0}"\necho "$KNOWN"\n' "$scratch/calls" \
    >"$scratch/fake/ldconfig"
chmod +x "$scratch/fake/id" "$scratch/fake/ldconfig"
renewed() # renewed USER DESTDIR: how often the loader's cache was renewed, then what was said of it
{
    : >"$scratch/calls"
    said=$(KNOWN="	libautodiff.so.$major (libc6) => $4" USER_ID=$1 relative "$3" "$2") || return
    grep -c '^ldconfig $' "$scratch/calls"
    printf '%s\n' "$said" | sed -n 's/^    \(export LD_LIBRARY_PATH\).*/\1/p'
}
there=$elsewhere/-p/lib/libautodiff.so.$major
check "root renews the loader's cache" same 1 "$(renewed 0 '' install "$there")"
check "and again after removing" same 1 "$(renewed 0 '' uninstall "$there")"
check "root is told where the loader does not look" \
    same "$(printf '1\nexport LD_LIBRARY_PATH')" "$(renewed 0 '' install /usr/lib/other)"
ln -s "$elsewhere/-p/lib" "$scratch/merged"
check "a link to the folder serves as well" same 1 "$(renewed 0 '' install "$scratch/merged/${there##*/}")"
check "others are told what to do" \
    same "$(printf '0\nexport LD_LIBRARY_PATH')" "$(renewed 1000 '' install /usr/lib/other)"
check "a cache that cannot be renewed is no error" \
    same "$(printf '1\n1')" "$(FAILS=1 renewed 0 '' install "$there"; FAILS=1 renewed 0 '' uninstall "$there")"
check "a tree that is moved later leaves the cache alone" same 0 "$(renewed 0 -d install "$there")"

# ---- The sources in one file ------------------------------------------------------------------

# packed MASK TREE FOLDER: the file in FOLDER, made in TREE
packed()
{
    (umask "$1" && cd "$2" && "$MAKE" dist BUILD="$3") >"$scratch/packing" 2>&1 && ls "$3"/*.gz
}
first=$(packed 022 . "$scratch/first")
mkdir "$scratch/again"
check "make dist" tar -xzf "$first" -C "$scratch/again" --strip-components=1
missing() # files under git that were not packed
{
    git ls-files 2>/dev/null | while read -r file; do
        [ ! -e "$file" ] || [ -e "$scratch/again/$file" ] || echo "$file"
    done
}
check "every file under git is packed" same '' "$(missing)"
touch "$scratch/again/README.md" && chmod 600 "$scratch/again/README.md"
check "make dist from there makes the same bytes" \
    cmp "$first" "$(packed 077 "$scratch/again" "$scratch/second")"

# ---- What is built --------------------------------------------------------------------------

for file in libautodiff.so autodiff; do
    [ -e "$TEST_BUILD/$file" ] || continue
    readelf -Wdl "$TEST_BUILD/$file" >"$scratch/headers"
    check "$file: relocations are read-only" grep GNU_RELRO "$scratch/headers"
    check "$file: symbols are bound at the start" grep -E 'BIND_NOW|FLAGS.*NOW' "$scratch/headers"
    nm -D "$TEST_BUILD/$file" >"$scratch/symbols"
    check "$file: the stack is protected" grep __stack_chk_fail "$scratch/symbols"
    check "$file: calls of the C library are checked" grep -E '__[a-z]*_chk\>' "$scratch/symbols"
done

finish

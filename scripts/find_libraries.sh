#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# find_libraries.sh flags           of the compiler, as pkg-config knows them (in any prefix:
#                                   PKG_CONFIG_PATH), else those of a system-wide installation
# find_libraries.sh check           compiles against each; names every one that is missing or too old
# find_libraries.sh sqlite          flags of SQLite, nothing where it is not
# find_libraries.sh optional        one line on what only some commands need
#
# Reads PKG_CONFIG, CC, CPPFLAGS, CFLAGS and LDFLAGS from the environment.
set -u
pkg_config=${PKG_CONFIG:-pkg-config}

# Name for pkg-config, header, least version as its header says it, the same for people, flags,
# Debian's package, conda's. Older versions than these were never tried.
libraries() {
    cat <<'END'
gsl|gsl/gsl_version.h|GSL_MAJOR_VERSION * 100 + GSL_MINOR_VERSION >= 205|2.5|-lgsl -lgslcblas -lm|libgsl-dev|gsl
libconfig|libconfig.h|LIBCONFIG_VER_MAJOR * 100 + LIBCONFIG_VER_MINOR >= 105|1.5|-lconfig|libconfig-dev|libconfig
libxxhash|xxhash.h|XXH_VERSION_NUMBER >= 800|0.8.0|-lxxhash|libxxhash-dev|xxhash
zlib|zlib.h|ZLIB_VERNUM >= 0x12b0|1.2.11|-lz|zlib1g-dev|zlib
libzstd|zstd.h|ZSTD_VERSION_NUMBER >= 10400|1.4.0|-lzstd|libzstd-dev|zstd
END
}

# flags_of NAME FLAGS: a library in a prefix of its own is found there again when the program runs
flags_of() {
    # shellcheck disable=SC2046 # lists of flags
    for flag in $("$pkg_config" --cflags --libs "$1" 2>/dev/null || echo "$2"); do
        case $flag in -L?*) printf -- '-Wl,-rpath,%s ' "${flag#-L}" ;; esac
        printf '%s ' "$flag"
    done
}

# Does a program of this text compile and link? program TEXT FLAGS...
program() {
    text=$1
    shift
    # shellcheck disable=SC2086 # lists of flags
    printf '%s\nint main(void) { return 0; }\n' "$text" |
        ${CC:-cc} ${CPPFLAGS:-} ${CFLAGS:-} -x c - -o "$scratch/program" ${LDFLAGS:-} "$@" \
            >/dev/null 2>&1
}

check() {
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    if ! program ''; then
        echo "${CC:-cc} compiles no program: install gcc or clang with the C library's headers" >&2
        exit 1
    fi
    libraries | while IFS='|' read -r name header enough version flags debian conda; do
        # shellcheck disable=SC2046
        set -- $(flags_of "$name" "$flags")
        include="#include <$header>"
        if ! program "$include" "$@"; then
            wrong="is not there"
        elif ! program "$include
#if !($enough)
#error too old
#endif" "$@"; then
            wrong="is older than $version"
        else
            continue
        fi
        echo "$name: $wrong (Debian: $debian, conda: $conda)"
    done >>"$scratch/missing"
    [ -s "$scratch/missing" ] || exit 0
    echo "To build, these are needed:" >&2
    sed 's/^/  /' "$scratch/missing" >&2
    echo "As root on Debian: make demo installs them. Elsewhere: docs/CLUSTERS.md; libraries in a" >&2
    echo "prefix of your own are found through PKG_CONFIG_PATH=PREFIX/lib/pkgconfig." >&2
    exit 1
}

# The one library that the program can be without.
sqlite() {
    if "$pkg_config" --exists sqlite3 2>/dev/null || [ -e /usr/include/sqlite3.h ]; then
        flags_of sqlite3 "-lsqlite3"
        echo
    fi
}

optional() {
    missing=
    [ -n "$(sqlite)" ] || missing="$missing, SQLite's library (gather --sqlite)"
    command -v gnuplot >/dev/null || missing="$missing, gnuplot (pictures)"
    command -v mpicc >/dev/null || missing="$missing, mpicc (make mpi: a world over several machines)"
    "${pkg_config}" --exists cmocka 2>/dev/null || [ -e /usr/include/cmocka.h ] ||
        missing="$missing, cmocka (make check)"
    [ -z "$missing" ] || echo "  Not there, and only needed for what stands behind it: ${missing#, }"
}

case ${1:-} in
flags)
    libraries | while IFS='|' read -r name _ _ _ default _; do flags_of "$name" "$default"; done
    echo
    ;;
check) check ;;
sqlite) sqlite ;;
optional) optional ;;
*)
    echo "usage: find_libraries.sh flags|check|sqlite|optional" >&2
    exit 2
    ;;
esac

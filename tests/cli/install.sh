#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What people without root meet: an installed copy under any prefix, and libraries that are not
# where a compiler looks, are too old, or not there at all.
set -u
export LC_ALL=C
unset MAKEFLAGS MFLAGS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find=$PWD/scripts/find_libraries.sh

check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "ok $name"; else
        echo "not ok $name"
        sed 's/^/# /' "$work/said"
    fi
}

# An installed copy, moved: pictures come from the prefix that it stands in.
if [[ $REELSIM == */release/reelsim ]]; then
    check "make install fills a prefix" make -o all install DESTDIR="$work/stage" PREFIX=/usr/local
    mv "$work/stage/usr/local" "$work/moved"
else
    mkdir -p "$work/moved/bin" "$work/moved/share/reelsim"
    cp "$REELSIM" "$work/moved/bin/reelsim"
    cp -R scenarios plots include plugins "$work/moved/share/reelsim/"
fi
cd "$work" || exit 1
draws() {
    "$work/moved/bin/reelsim" run "$work/moved/share/reelsim/scenarios/01_quickstart.cfg" --quiet \
        --days 1 --set viewers.count=300 --set creators.count=30 --out drawn &&
        ls -l drawn/plots/overview.png
}
check "the moved copy runs an installed scenario and draws it" draws

# A compiler that finds all but what $HIDDEN matches.
cat >cc <<'END'
#!/bin/sh
text=$(cat)
case $text in *"$HIDDEN"*) exit 1 ;; esac
printf '%s\n' "$text" | gcc "$@"
END
chmod +x cc
finds() { CC=gcc "$find" check; }
check "on a whole machine nothing is missing" finds
misses() { # misses HIDDEN TEXT...: exit code 1, and every text is on stderr
    local code=0 text
    HIDDEN=$1 CC="$work/cc" "$find" check 2>stderr || code=$?
    shift
    cat stderr
    [ "$code" -eq 1 ] || return 1
    for text; do grep -qF -- "$text" stderr || return 1; done
}
check "a missing library is named, with its packages" \
    misses gsl_version.h "gsl: is not there (Debian: libgsl-dev, conda: gsl)"
check "an old one is named, with the version that is wanted" \
    misses "ZLIB_VERNUM" "zlib: is older than 1.2.11 (Debian: zlib1g-dev"
check "all that are missing are named at once" \
    misses "#include" "gsl: is" "libconfig: is" "libxxhash: is" "zlib: is" "libzstd: is"

# A prefix that only pkg-config knows: its flags, and a path for the program to find it again.
mkdir pc
cat >pc/libconfig.pc <<'END'
Name: libconfig
Description: in a prefix of its own
Version: 1.7
Cflags: -I/opt/mine/include
Libs: -L/opt/mine/lib -lconfig
END
knows() {
    flags=$(PKG_CONFIG_PATH=$work/pc "$find" flags)
    for flag in -I/opt/mine/include -L/opt/mine/lib -Wl,-rpath,/opt/mine/lib -lconfig -lgsl; do
        case " $flags " in *" $flag "*) ;; *) echo "no $flag in: $flags"; return 1 ;; esac
    done
}
check "a prefix is taken from pkg-config" knows
without() { [ "$(PKG_CONFIG=no-such-program "$find" flags | tr -s ' \n' ' ')" = "-lgsl -lgslcblas -lm -lconfig -lxxhash -lz -lzstd " ]; }
check "without pkg-config the usual names are taken" without

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The five steps of plugins/template/README.md, taken from an installed copy: copy, write, declare,
# build, name it.
set -u
export LC_ALL=C
unset MAKEFLAGS MFLAGS
program=$REELSIM
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "ok $name"; else
        echo "not ok $name"
        sed 's/^/# /' "$work/said"
    fi
}

says() { # says TEXT COMMAND...: it succeeds and prints TEXT
    local text=$1
    shift
    "$@" >"$work/stdout" 2>&1 || return 1
    grep -qF -- "$text" "$work/stdout" || { cat "$work/stdout"; false; }
}

refuses() { # refuses TEXT COMMAND...: exit code 2, and TEXT is on stderr
    local text=$1 code=0
    shift
    "$@" >"$work/stdout" 2>"$work/stderr" || code=$?
    cat "$work/stderr"
    [ "$code" -eq 2 ] && grep -qF -- "$text" "$work/stderr"
}

# What `make install` copies of the tree.
share=$work/share
mkdir "$share"
cp -R include plugins "$share"

# Steps 1 to 4.
mkdir "$work/mine"
sed 's/niche/mine/g' "$share/plugins/template/niche.c" >"$work/mine/mine.c"
cp "$share/plugins/template/Makefile" "$work/mine"
check "the template builds from the installed headers" \
    make -C "$work/mine" NAME=mine HEADERS="$share/include" CFLAGS="-O2 -Wall -Wextra -Werror"

# Step 5.
cd "$work" || exit 1
cat >scenario.cfg <<'END'
run : { days = 1; shards = 8; plugins = ["./mine/mine.so"]; };
viewers : { count = 200; };
creators : { count = 20; };
measure : { panel = 20; sample = 20; };
platform : { ranker = "mine"; rank : { mine : { penalty = 0.3; }; }; };
END
set_plugin='run.plugins=["./mine/mine.so"]'
check "its ranker is listed" says "mine  " "$program" list ranker scenario.cfg
check "it is listed when named on the command line" says "mine  " \
    "$program" list ranker --set "$set_plugin"
check "its parameter is explained" says "now        0.3" \
    "$program" explain platform.rank.mine.penalty scenario.cfg
check "its parameter is checked" refuses "must be in [0, 10]" \
    "$program" check scenario.cfg --set platform.rank.mine.penalty=11
check "a slip in its parameter gets a hint" refuses "did you mean \`platform.rank.mine.penalty\`" \
    "$program" check scenario.cfg --set platform.rank.mine.penatly=1
check "without the plug-in there is no such ranker" refuses "must be one of" \
    "$program" check scenario.cfg --set 'run.plugins=[]'

run() { "$program" run scenario.cfg --quiet --no-plots --force --out "$@"; }
check "it runs" run one --threads 1
check "it runs on three threads" run three --threads 3
digest() { jq -er '.plugins[0] | select(.path == "./mine/mine.so").xxh3 | select(length == 16)' "$1/manifest.json"; }
check "the manifest names the plug-in's file and its hash" digest one
alike() { [ "$(digest one)" = "$(digest three)" ]; }
check "the same file has the same hash" alike
same() { diff -r -x manifest.json one three; }
check "both leave the same tables" same
check "another ranker leaves others" run content --set platform.ranker=content
differ() { ! cmp -s one/videos.csv content/videos.csv; }
check "those really differ" differ

# The file is another, its name is not.
sed -i 's/^/ /' mine/mine.c
make -B -C mine NAME=mine HEADERS="$share/include" CFLAGS=-O0 >/dev/null 2>&1
check "it runs, compiled again" run again
other() { [ "$(digest one)" != "$(digest again)" ]; }
check "another file has another hash" other

# What goes wrong has a reason and exit code 2.
sed 's/REELSIM_PLUGIN("ranker", &mine)/{REELSIM_ABI + 1, REELSIM_LAYOUT, 0, "ranker", 0}/' \
    mine/mine.c >mine/old.c
check "a plug-in of another version builds" make -C mine NAME=old HEADERS="$share/include"
check "a plug-in of another version is refused" refuses "interface version" \
    run out --set 'run.plugins=["./mine/old.so"]'
check "a missing plug-in is refused" refuses "./no.so: cannot be loaded" \
    run out --set 'run.plugins=["./no.so"]'
check "a file that is no shared object is refused" refuses "cannot be loaded" \
    run out --set 'run.plugins=["./scenario.cfg"]'
check "the same plug-in twice is refused" refuses "there already is a ranker named mine" \
    run out --set 'run.plugins=["./mine/mine.so", "./mine/mine.so"]'
check "nothing was written for those" test ! -e out -a ! -e out.partial

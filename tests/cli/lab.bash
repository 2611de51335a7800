# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the tests of the commands share. Sourced from the top folder: puts the test into a fresh
# folder of its own, with a scenario that runs in a second.
#
#   ok NAME COMMAND...     the command succeeds
#   code N COMMAND...      it ends with exit code N; its words are in $scratch/out and .../err
#   kill_after N COMMAND...  it is killed (-9) after N seconds
#   six_points             writes tiny.cfg, a small world, and s.cfg, a sweep over it
#   remakes FOLDER FILE... the command on FOLDER's page makes these files again
#   says TEXT              the last one's stderr holds TEXT; prints TEXT, the test fails otherwise
set -u
export LC_ALL=C
top=$PWD
program=${REELSIM:-$top/reelsim}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reelsim-cli.XXXXXX")
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

cat >small.cfg <<'END'
run : { days = 3; shards = 8; };
viewers : { count = 200; };
creators : { count = 20; backlog_days = 4.0; };
measure : { panel = 50; sample = 50; };
END

ok() {
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else
        echo "not ok $name"
        tail -n 20 "$scratch/out" "$scratch/err" 2>/dev/null | sed 's/^/# /'
    fi
}

code() {
    local wanted=$1 found=0
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || found=$?
    [ "$found" -eq "$wanted" ] && return
    echo "# exit code $found, wanted $wanted: $*"
    return 1
}

# kill_after SECONDS PROGRAM...: is killed (-9) then, if it is still there
kill_after() {
    local seconds=$1 child
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null &
    child=$!
    sleep "$seconds"
    kill -KILL "$child" 2>/dev/null
    wait "$child" 2>/dev/null
}

# six_points: tiny.cfg, and s.cfg, which sweeps over it: 6 points, 2 replications.
six_points() {
    cat >tiny.cfg <<'END'
@include "small.cfg"
run : { days = 2; };
viewers : { count = 100; };
creators : { count = 10; };
measure : { warmup = 1.0; money = false; };
END
    cat >s.cfg <<'END'
sweep : {
    scenario = "tiny.cfg";
    replications = 2;
    set = [ "run.days = 3" ];
    axes = ( { path = "platform.ranker"; choices = [ "popular", "random" ]; },
             { path = "viewers.count"; from = 60; to = 100; steps = 3; } );
};
END
}

says() {
    grep -qF -- "$1" "$scratch/err" && return
    echo "# stderr does not say: $1"
    return 1
}

prints() {
    grep -qF -- "$1" "$scratch/out" && return
    echo "# stdout does not say: $1"
    return 1
}

# command_of FOLDER: the command that its page gives to make it again
command_of() {
    sed -n 's/^.*<pre>\(reelsim .*\)$/\1/p' "$1/report.html" |
        sed -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&amp;/\&/g'
}

# remakes FOLDER FILE...: that command makes the page and these files again, byte by byte
remakes() {
    local folder=$1 line file
    shift
    line=$(command_of "$folder")
    mv "$folder" "$folder.first" || return 1
    # shellcheck disable=SC2016
    program=$program code 0 bash -c 'reelsim() { "$program" "$@"; }; '"$line" || return 1
    for file in report.html "$@"; do
        cmp "$folder.first/$file" "$folder/$file" || return 1
    done
}

# Same tables in both folders, byte by byte.
same_tables() {
    local table count=0
    for table in "$1"/*.csv "$1"/*.csv.zst; do
        [ -e "$table" ] || continue # measure.money = false
        cmp "$table" "$2/${table##*/}" || return 1
        count=$((count + 1))
    done
    [ "$count" -ge 6 ]
}

# Same manifest but for its timings and what memory it took.
same_manifest() {
    cmp <(timeless "$1") <(timeless "$2")
}
timeless() {
    jq -S 'del(.wall_s, .ns_per_impression_core, .threads)
        | del(.ranks, .ranks_seconds, .ranks_bytes_per_impression)
        | del(.peak_rss_bytes, .bytes_per_viewer, .bytes_per_video)' "$1/manifest.json"
}

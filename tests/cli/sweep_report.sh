#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
# The page of a sweep: its answer, a picture for every number of axes, in a browser, without gnuplot.
. tests/cli/lab.bash
. "$top/tests/cli/browser.bash"

cat >tiny.cfg <<'END'
@include "small.cfg"
run : { days = 2; };
viewers : { count = 60; };
creators : { count = 10; };
measure : { warmup = 1.0; money = false; };
END
write() { # write NAME OPTIONS AXIS...
    local name=$1 options=$2
    shift 2
    printf 'sweep : { scenario = "tiny.cfg"; %s\n    axes = (' "$options" >"$name.cfg"
    local between=' '
    for axis; do
        printf '%s{ %s }' "$between" "$axis" >>"$name.cfg"
        between=$',\n        '
    done
    echo ' ); };' >>"$name.cfg"
}
load='path = "platform.ads.load"; values = [ 0.0, 0.05, 0.1, 0.3 ];'
ranker='path = "platform.ranker"; choices = [ "popular", "random" ];'
cpm='path = "revenue.ads.cpm"; from = 5; to = 80; steps = 2; scale = "log";'
rate='path = "viewers.rate"; from = 0.6; to = 1.5; steps = 2;'
write one 'replications = 5; figures = [ "platform_profit", "watch_hours" ];' "$load"
write words 'figures = [ "watch_hours" ];' "$ranker"
write two 'replications = 2; figures = [ "platform_*" ];' "$load" "$ranker"
write three '' "$rate" "$ranker" "$cpm"
write four 'design = "sobol"; points = 9;' "$load" "$ranker" "$cpm" "$rate"
write dots 'design = "halton"; points = 12;' "$cpm" "$rate"
sweep() { code 0 "$program" sweep "$1.cfg" --jobs 2 --threads 1 "${@:2}"; }
drawn() { ! command -v gnuplot >/dev/null || grep -q "id=\"$2\"" "output/$1/report.html"; }
has() { grep -qF -- "$2" "output/$1/report.html" || { echo "# output/$1/report.html has no: $2"; return 1; }; }

one() {
    sweep one && prints "platform_profit is highest at platform.ads.load = 0.3: " && prints "5 replications" &&
        prints "report      output/one/report.html" && [ ! -s err ] || return 1
    has one "<h1>platform_profit over platform.ads.load</h1>" && has one "95 % interval" && drawn one sweep &&
        has one "reelsim sweep one.cfg" && has one "seed 1, 5 replications" && has one "told from the highest" &&
        has one "platform_profit: the platform" && has one "watch_hours (h)"
}
ok "one axis: the answer with its interval, the table, how to make it again" one

mean() { # mean FOLDER LOAD FIGURE: over the replications, from the table
    awk -F, -v l="$2" -v m="$3" '$3 == l && $(NF - 1) == m { s += $NF; n++ } END { printf "%.5g", s / n }' \
        "output/$1/table.csv"
}
numbers() {
    local high low
    high=$(mean one 0.3 platform_profit) low=$(mean one 0 platform_profit)
    has one "platform.ads.load = 0.3: $high CNY (95 % interval" && has one ">$low</td>"
}
ok "its figures are the means of the table" numbers

kinds() {
    sweep words --quiet && sweep two --quiet && sweep three --quiet && sweep four --quiet && sweep dots --quiet &&
        drawn words sweep && drawn two sweep && drawn two others && drawn three sweep && drawn four sweep &&
        drawn dots sweep && has two "Over both axes" && has three "Over three axes" && has four "Over all axes" || return 1
    has words "With one replication a point nothing says"
}
command -v gnuplot >/dev/null && ok "a picture for words, two, three and more axes" kinds

other_figures() {
    local before
    before=$(cksum <output/two/table.csv)
    code 0 "$program" report output/two --metric dau && prints "dau is highest at" && has two "<h1>dau over" &&
        [ "$(cksum <output/two/table.csv)" = "$before" ] &&
        code 2 "$program" report output/two --metric dua && says "no trial has it" &&
        code 2 "$program" report . --metric dau && says "does not take --metric" &&
        sweep four --out part --only 2-5 --quiet && [ ! -e part/report.html ] &&
        code 0 "$program" report part && grep -q "is not finished: 5 trials are still to do" part/report.html
}
ok "report makes it again, of other figures, of a part" other_figures

made_again() {
    sweep words --out "two words" --metric 'dau,watch_*' --replications 2 --seed 3 --set 'creators.topic="any"' --quiet &&
        remakes "two words" table.csv design.csv && [ "$(cd output && ls)" = "$(printf '%s\n' dots four one three two words)" ] || return 1
    code 0 "$program" report "two words" --metric sessions --out elsewhere &&
        grep -qF "reelsim report 'two words' --metric sessions --out elsewhere" \
            <(sed 's/&#39;/'"'"'/g' elsewhere/report.html)
}
ok "the page's command makes the sweep again" made_again

bare() {
    code 0 "$program" sweep words.cfg --force --jobs 1 --no-plots --quiet && [ ! -e output/words/report.html ] || return 1
    mkdir -p none
    code 0 env PATH="$PWD/none" "$program" report output/words && has words "gnuplot is not installed" &&
        has words "<td>random</td>" && ! grep -q '<svg' output/words/report.html
}
ok "without gnuplot: tables alone, and a word on it" bare

seen() {
    local name
    for name in one two three four dots; do
        browse "$PWD/output/$name/report.html" 1280 >dom 2>console && grep -q "How to make it again" dom &&
            ! grep ':CONSOLE' console || return 1
    done
}
if command -v chromium >/dev/null; then
    ok "a browser has nothing to complain of" seen
else
    echo "ok a browser has nothing to complain of # SKIP chromium is not installed"
fi

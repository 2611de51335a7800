#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
#
# Pictures and report of small runs: drawn without a word, looked at in a real browser, refused
# with a reason. The scenario's names are ones that HTML, gnuplot and shells would each like to
# read in their own way.
set -u
reelsim=${REELSIM:-./reelsim}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/cli/browser.bash

check() { # check NAME COMMAND...: ok when the command succeeds
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else echo "not ok $name"; fi
}

# refuses NAME CODE TEXT ARGUMENT...: the exit code, and the text on stderr
refuses() {
    local name=$1 wanted=$2 text=$3 code=0
    shift 3
    "$reelsim" "$@" >"$work/out" 2>"$work/err" || code=$?
    check "$name" test "$code" = "$wanted"
    check "$name says why" grep -qF -- "$text" "$work/err"
}

has() { grep -qF -- "$2" "$1"; }
lacks() { ! grep -qE -- "$2" "$1"; }

cat >"$work/odd.cfg" <<'CFG'
run : { name = "<i>odd & {x} _a^b @c ~d `touch hit` $i 100%"; days = 5; };
viewers : {
    count = 800;
    arrivals : { innovation = 0.05; market = 1600; };
    friends : { mean = 20; };
    weibull : { share = 0.004; };
};
creators : { cohorts = (
    { name = "<u>low_er"; count = 40; skill = 0.4; },
    { name = "pro & {co}"; count = 20; skill = 0.8; followers = 1000; },
    { name = "per cent %d"; count = 10; }
); };
growth : { cascades : { least = 1; silence = 1.0; }; social_share : { reach = 8; }; };
measure : { warmup = 2; };
CFG
run=$work/odd
"$reelsim" run "$work/odd.cfg" --threads 2 --out "$run" >"$work/out" 2>"$work/err"
check "the run is drawn without a word on stderr" test ! -s "$work/err"
page=$run/report.html

# A table of the cohorts: as many rows as there are, names as they are written.
check "the page has a row a cohort" test "$(sed -n '/id="cohorts"/,/<h3>/p' "$page" |
    grep -c '^<tr><td>')" = 3
check "cohorts' names are escaped" has "$page" "<td>&lt;u&gt;low_er</td>"

# Of several runs: what the focal cohort made in each, and where it made most.
for arm in ads tips; do
    cat >"$work/$arm.cfg" <<CFG
run : { days = 4; name = "arm_$arm"; };
viewers : { count = 400; };
creators : { cohorts = ( { name = "rest"; count = 30; },
    { name = "focal"; count = 6; streams = ["$arm"]; } ); };
revenue : { ads : { cpm = 1000.0; min_followers = 0; min_views = 0; }; };
measure : { warmup = 1; };
CFG
    "$reelsim" run "$work/$arm.cfg" --no-plots --quiet --out "$work/arm_$arm" 2>"$work/err"
done
"$reelsim" report "$work/arm_ads" "$work/arm_tips" --out "$work/arms" >"$work/out" 2>"$work/err"
check "several runs: the focal cohort's table" has "$work/arms/report.html" \
    "What the focal creators made of their work"
# Costs by kind, risk and audience in a second table; a row a run and week in a third.
rows_of() { sed -n '/id="cohorts"/,/<\/section>/p' "$1" | grep -c '^<tr><td>'; }
check "several runs: three tables" test "$(rows_of "$work/arms/report.html")" = 6
for head in "production a week" "days until paid" "weeks differ, %" "worst-paid 5 %, a week" \
    "watched to the end, %" "followers lost a week, %" "Week by week"; do
    check "several runs: $head" has "$work/arms/report.html" "$head"
done
check "several runs: the way to the answer" has "$work/arms/report.html" '<a href="#cohorts">'
"$reelsim" report "$work/arm_ads" "$work/arm_tips" "$work/arm_ads" "$work/arm_tips" "$work/arm_ads" \
    "$work/arm_tips" "$work/arm_ads" "$work/arm_tips" --out "$work/eight" >"$work/out" 2>"$work/err"
check "eight runs: three tables of eight rows" test "$(rows_of "$work/eight/report.html")" = 24
check "eight runs: one picture, and why" has "$work/eight/report.html" "More than 7 runs"
check "several runs: which paid best" has "$work/arms/report.html" \
    "Highest profit an hour: <b>arm_ads</b>"

pictures="activity revenue views inequality income quality sources topics retention cascades"
for name in $pictures overview; do
    check "$name.png is a PNG" test "$(head -c 4 "$run/plots/$name.png" | tail -c 3)" = PNG
    check "$name.svg is whole" has "$run/plots/$name.svg" "</svg>"
done
rm -rf "$run/plots"
(cd "$work" && "$reelsim" plot odd --format pdf,svg) >"$work/out" 2>"$work/err"
check "plot draws again, without a word on stderr" test ! -s "$work/err"
check "plot says where" has "$work/out" odd/plots
check "pdf on request" test "$(head -c 4 "$run/plots/views.pdf")" = %PDF
check "png only on request" test ! -e "$run/plots/views.png"
check "no name is run as a command" sh -c "! find '$work' . -maxdepth 3 -name hit | grep -q ."

# ------------------------------------------------------------------------------------ the page
check "names are escaped" has "$page" "<h1>&lt;i&gt;odd &amp; {x} _a^b @c ~d"
check "no name becomes a tag" lacks "$page" "<i>odd|<u>low"
check "content security policy" has "$page" "default-src 'none'"
sed 's/xmlns\(:xlink\)\?="[^"]*"//g; s/<meta http-equiv[^>]*>//' "$page" >"$work/plain.html"
check "nothing is fetched" lacks "$work/plain.html" \
    '<script|<iframe|<img|<object|@import|url\([^#)]|(src|href)=["'"'"'](https?:|//|file:|[a-z]+/)'
check "warm-up is shaded" has "$page" "warm-up</tspan>"
check "key figures are there" test "$(grep -c 'class="card"' "$page")" -ge 10
check "the state hash is there" has "$page" "$(grep -o '"state_hash": "[0-9a-f]*' "$run/manifest.json" |
    sed 's/.*"//')"
ids=$(grep -oE " id=['\"][^'\"]+" "$page" | sort)
check "ids are unique" test "$(echo "$ids" | uniq -d | wc -l)" = 0
missing=$(grep -oE "(href='|url\()#[^')]+" "$page" | sed "s/.*#/ id='/" | sort -u |
    while read -r id; do
        grep -qF -e "id='${id#id=\'}'" -e "id=\"${id#id=\'}\"" "$page" || echo "$id"
    done)
check "every reference has its target" test -z "$missing"

if command -v chromium >/dev/null; then
    browse "$page" 1280 >"$work/dom" 2>"$work/console"
    check "the browser reads the page" has "$work/dom" "Make it again"
    check "no message on the console" lacks "$work/console" ':CONSOLE'
    # A copy with a script in place of the policy measures what is seen.
    for width in 1280 500; do
        sed -e 's/<meta http-equiv="Content-Security-Policy"[^>]*>//' -e 's|</body>|<script>\
            let text = "";\
            for (const svg of document.querySelectorAll("figure svg")) {\
                const box = svg.getBoundingClientRect();\
                const ink = [...svg.querySelectorAll("path, text, polygon, circle")].filter(\
                    e => !e.closest("defs") \&\& e.getBoundingClientRect().width > 0).length;\
                text += `box ${svg.querySelector("title").textContent} ${box.width} ` +\
                    `${box.height} ${ink}\\n`; }\
            text += `page ${document.documentElement.scrollWidth} ${innerWidth}\\n`;\
            document.body.innerHTML = `<pre>${text}</pre>`;</script></body>|' "$page" \
            >"$work/measured.html"
        browse "$work/measured.html" $width >"$work/boxes" 2>/dev/null
        for name in $pictures; do
            check "$name is visible at $width" awk -v n="$name" -v w="$((width / 2))" '
                { sub(/.*<pre>/, "") }
                $1 == "box" && $2 == n && $3 > w && $4 > 100 && $5 > 10 { seen++ }
                END { exit seen != 1 }' "$work/boxes"
        done
        check "the page is no wider than $width" awk '
            $1 == "page" { seen = $2 <= $3 } END { exit !seen }' "$work/boxes"
    done
else
    echo "ok the page in a browser # SKIP chromium is not installed"
fi

# ----------------------------------------------------------------- the run, made again from it
sed -n '/class="cfg"/,/<\/pre>/p' "$page" | sed -e 's/.*class="cfg">//' -e '/<\/pre>/d' \
    -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&amp;/\&/g' >"$work/again.cfg"
"$reelsim" run "$work/again.cfg" --threads 1 --no-plots --out "$work/again" >"$work/out" 2>&1
check "the page's scenario makes the same run" \
    test "$(grep -o '"state_hash": .*' "$work/again/manifest.json")" = \
    "$(grep -o '"state_hash": .*' "$run/manifest.json")"

# ------------------------------------------------------------------------------- several runs
cp -R "$run" "$work/other"
sed -i 's/"name": "[^"]*"/"name": "the other"/' "$work/other/manifest.json"
"$reelsim" report "$run" "$work/other" --format svg --out "$work/both" >"$work/out" 2>"$work/err"
check "several runs are drawn over each other" test ! -s "$work/err"
for name in watch_time activity revenue views inequality quality retention cascades; do
    check "$name of both" has "$work/both/plots/$name.svg" "</svg>"
done
check "each is named in the picture" has "$work/both/plots/watch_time.svg" "the other"
check "and in the page" has "$work/both/report.html" "<th>the other</th>"

# ------------------------------------------------------------------------- tables without rows
for table in cascades retention creators videos; do
    head -1 "$run/$table.csv" >"$work/head" && cp "$work/head" "$run/$table.csv"
done
"$reelsim" report "$run" >"$work/out" 2>"$work/err"
check "empty tables are passed over in silence" test ! -s "$work/err"
check "the page says why" grep -q "No picture .*How far shares travel.*: Shares were not" "$page"
check "and does not show an old one" test ! -e "$run/plots/cascades.svg"
check "what has data is drawn" has "$page" 'id="activity"'
head -1 "$run/series.csv" >"$work/head" && cp "$work/head" "$run/series.csv"
"$reelsim" report "$run" >"$work/out" 2>"$work/err"
check "a run without a day has a page" test ! -s "$work/err"
rm "$run"/*.csv
"$reelsim" report "$run" >"$work/out" 2>"$work/err"
check "and one without tables" test ! -s "$work/err"

# ------------------------------------------------------------------------------------ refusals
mkdir "$work/none"
refuses "a folder that is no run" 2 "manifest.json" plot "$work/none"
refuses "a folder that is not there" 2 "absent" report "$work/absent"
refuses "an unknown format" 2 "--format gif: must be png, svg, pdf" plot "$run" --format gif
many=()
for ((i = 0; i < 49; i++)); do many+=("$run"); done
refuses "too many runs" 2 "at most 48" report "${many[@]}"
refuses "plot without a run" 2 "usage: reelsim plot" plot
code=0
PATH=$work/none "$reelsim" plot "$work/other" >"$work/out" 2>"$work/err" || code=$?
check "plot without gnuplot fails" test "$code" = 1
check "plot without gnuplot says what to install" has "$work/err" "apt-get install gnuplot-nox"
PATH=$work/none "$reelsim" report "$work/other" >"$work/out" 2>"$work/err"
check "a report without gnuplot is made" has "$work/other/report.html" "gnuplot is not installed"
check "with one line that says so" test "$(wc -l <"$work/err")" = 1

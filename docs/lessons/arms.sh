#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# arms.sh [-w WORLDS] SCENARIO COLUMNS ARM...
#
# Runs a scenario once an arm and prints a table with a row an arm: the arms differ only in what
# is set, people and luck are the same. An arm is settings "PATH=VALUE PATH=VALUE", or "-" for the
# scenario as it is. COLUMNS, in one argument, are of these kinds:
#
#   dau                mean over the days after the warm-up of a column of series.csv
#   dau@early          over the first quarter of all days; @late: over the last
#   likes/impressions  sum by sum
#   NAME:impressions   of creator cohort NAME, from cohorts.csv
#   seen:quality       of a column of videos.csv: mean over impressions, not over videos
#   below:50           share of the videos published from the first day to the last but two that
#                      had fewer than 50 impressions
#   unpredictability   of success (Salganik, Dodds & Watts 2006), with -w: the part of all
#                      impressions that goes to other creators in another world, mean over pairs
#                      of worlds; 0 = all worlds alike, 1 = no two worlds watch the same creators
#
# -w WORLDS runs every arm in so many parallel worlds (the same people, other luck) and prints
# "mean+-standard deviation" over the worlds. Tables stay in output/lessons/SCENARIO/ARM-WORLD/.
#
# Environment: REELSIM (./reelsim), JOBS (runs at a time: one a core), ARMS_OPTIONS (more options
# for every run), ARMS_OUT (output/lessons).
set -eu
export LC_ALL=C

worlds=1
if [[ ${1-} == -w ]]; then worlds=$2; shift 2; fi
if (($# < 3)); then sed -n '4,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; fi
scenario=$1 columns=$2
shift 2
name=$(basename "$scenario" .cfg)
out=${ARMS_OUT:-output/lessons}/$name
export REELSIM=${REELSIM:-./reelsim} scenario out

run_one() { # ARM WORLD SETTINGS
    local options=() setting
    read -r -a options <<<"${ARMS_OPTIONS-}"
    for setting in $3; do
        [[ $setting == - ]] || options+=(--set "$setting")
    done
    "$REELSIM" run "$scenario" --out "$out/$1-$2" --force --quiet --no-plots --threads 1 \
        --set "run.world=$2" "${options[@]}" >/dev/null
}
export -f run_one

set -f # settings may hold [ and *
list=() number=0
for arm; do
    for ((w = 0; w < worlds; w++)); do list+=("$number" "$w" "$arm"); done
    number=$((number + 1))
done
printf '%s\0' "${list[@]}" |
    xargs -0 -n 3 -P "${JOBS:-$(nproc 2>/dev/null || echo 1)}" bash -f -c 'run_one "$@"' _

seen() { # DIR COLUMN
    awk -F, -v column="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { sum += $at["impressions"] * $at[column]; all += $at["impressions"] }
        END { print all ? sum / all : "-" }' "$1/videos.csv"
}

below() { # DIR IMPRESSIONS
    awk -F, -v least="$2" -v days="$(tail -n 1 "$1/series.csv" | cut -d, -f1)" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["published_day"] >= 0 && $at["published_day"] <= days - 2 {
            all++
            few += $at["impressions"] < least
        }
        END { print all ? few / all : "-" }' "$1/videos.csv"
}

figure() { # DIR COLUMN
    local file=$1/series.csv column=$2 cohort='' part=''
    if [[ $column == seen:* ]]; then seen "$1" "${column#*:}"; return; fi
    if [[ $column == below:* ]]; then below "$1" "${column#*:}"; return; fi
    if [[ $column == *@* ]]; then part=${column##*@} column=${column%@*}; fi
    if [[ $column == *:* ]]; then cohort=${column%%:*} column=${column#*:} file=$1/cohorts.csv; fi
    awk -F, -v columns="$column" -v cohort="$cohort" -v part="$part" \
        -v warmup="$(sed -n 's/.*warmup"\{0,1\} *[:=] *\([0-9.]*\).*/\1/p' "$1/manifest.json")" '
        NR == 1 {
            n = split(columns, name, "/")
            for (i = 1; i <= NF; i++) at[$i] = i
            for (i = 1; i <= n; i++)
                if (!(name[i] in at)) {
                    print "arms.sh: no column " name[i] " in " FILENAME > "/dev/stderr"
                    exit 1
                }
            next
        }
        cohort != "" && $at["cohort"] != cohort { next }
        {
            rows++; day[rows] = $1; top[rows] = $at[name[1]]; last = $1 + 1
            bottom[rows] = n > 1 ? $at[name[2]] : 1
        }
        END {
            low = part == "early" ? 0 : part == "late" ? last - last / 4 : warmup
            high = part == "early" ? last / 4 : last
            for (i = 1; i <= rows; i++)
                if (day[i] >= low && day[i] < high && top[i] != "") {
                    above += top[i]; below += bottom[i]; count++
                }
            print count && below ? (n > 1 ? above / below : above / count) : "-"
        }' "$file"
}

# Half the sum over creators, those there from the start, of the difference of their shares.
unpredictability() { # ARM
    local files=() w
    for ((w = 0; w < worlds; w++)); do files+=("$out/$1-$w/creators.csv"); done
    awk -F, '
        FNR == 1 { world++; for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["joined_day"] == 0 {
            seen[world, $1] = $at["impressions"]; total[world] += $at["impressions"]; creator[$1]
        }
        END {
            for (c in creator)
                for (a = 1; a < world; a++)
                    for (b = a + 1; b <= world; b++) {
                        gap = seen[a, c] / total[a] - seen[b, c] / total[b]
                        sum += gap < 0 ? -gap : gap
                    }
            print (world > 1 ? sum / (world * (world - 1)) : "-")
        }' "${files[@]}"
}

short='{ if ($1 == "-") print $1; else if ($1 >= 1000 || $1 <= -1000) printf "%.0f\n", $1
         else printf "%.3g\n", $1 }'
cell() { # ARM COLUMN
    local w
    if [[ $2 == unpredictability ]]; then
        unpredictability "$1" | awk "$short"
    elif ((worlds == 1)); then
        figure "$out/$1-0" "$2" | awk "$short"
    else
        for ((w = 0; w < worlds; w++)); do figure "$out/$1-$w" "$2"; done | awk '
            { sum += $1; square += $1 * $1 }
            END {
                mean = sum / NR; variance = (square - NR * mean * mean) / (NR - 1)
                sd = variance > 0 ? sqrt(variance) : 0
                printf((mean >= 1000 ? "%.0f+-%.0f\n" : "%.3g+-%.1g\n"), mean, sd)
            }'
    fi
}

{
    echo "arm $columns"
    number=0
    for arm; do
        printf '%s' "${arm// /,}"
        for column in $columns; do printf ' %s' "$(cell "$number" "$column")"; done
        echo
        number=$((number + 1))
    done
} | awk '
    { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > wide[i]) wide[i] = length($i) } n = NF }
    END {
        for (r = 1; r <= NR; r++) {
            line = ""
            for (i = 1; i <= n; i++)
                line = line sprintf(i == 1 ? "%-*s" : "  %*s", wide[i], cell[r, i])
            print line
        }
    }'

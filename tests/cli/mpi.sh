#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
# One world in several processes: the same bytes as in one, for any number of ranks and threads,
# with the MPIs that are there. `make test` builds $REELSIM-mpi and $REELSIM-mpich beside it.
. tests/cli/lab.bash

if [ ! -x "$program-mpi" ] && [ ! -x "$program-mpich" ]; then
    echo "ok several processes # SKIP no mpicc: $program-mpi was not built"
    exit 0
fi
export HYDRA_LAUNCHER=fork

# A busy machine: no rank is bound to a core, and who waits for another leaves it the core.
export OMPI_MCA_mpi_yield_when_idle=1
ranks() { # ranks PROGRAM N ARGUMENTS...
    local with=$1 n=$2
    shift 2
    if [ "$with" = "$program-mpich" ]; then
        timeout 300 mpirun.mpich -np "$n" "$with" "$@"
    elif mpirun --version 2>&1 | grep -q "Open MPI"; then
        timeout 300 mpirun --allow-run-as-root --oversubscribe --bind-to none -np "$n" "$with" "$@"
    else
        timeout 300 mpirun -np "$n" "$with" "$@"
    fi
}
run() { # run PROGRAM N SCENARIO FOLDER ARGUMENTS...
    local with=$1 n=$2 scenario=$3 folder=$4
    shift 4
    code 0 ranks "$with" "$n" run "$scenario" --out "$folder" --no-plots --threads 1 "$@"
}
alone() {
    local scenario=$1
    shift
    code 0 "$program" run "$scenario" --out "alone_$scenario" --no-plots --threads 1 "$@"
}
# Tables, manifest and hash are those of one process.
same() {
    same_tables "alone_$1" "$2" && same_manifest "alone_$1" "$2" && prints "bytes an impression"
}
each() { # each N SCENARIO ARGUMENTS...: with every MPI
    local n=$1 scenario=$2 with
    shift 2
    for with in "$program-mpi" "$program-mpich"; do
        [ -x "$with" ] || continue
        run "$with" "$n" "$scenario" "$n${with##*-}_$scenario" "$@" &&
            same "$scenario" "$n${with##*-}_$scenario" || return 1
    done
}
one=$program-mpi
[ -x "$one" ] || one=$program-mpich

ok "the default scenario, alone" alone small.cfg
ok "the same bytes on 2 ranks" each 2 small.cfg
ok "the same on 1 rank, which is alone" code 0 ranks "$one" 1 run small.cfg --out one --no-plots
ok "the same tables then" same_tables alone_small.cfg one

# Processes that share a core hand it on at every window: it is a long one.
cat >full.cfg <<'END'
@include "09_full.cfg"
run : { name = "full"; days = 2; window = 20; shards = 8; };
viewers : { count = 400; arrivals : { innovation = 0.02; market = 900; }; };
creators : { cohorts = (
    { name = "amateurs"; count = 20; strategy = "static"; followers = 30; videos_per_week = 5; },
    { name = "sellers"; count = 8; commercial = 0.8; boost = 0.6; videos_per_week = 7; },
    { name = "hosts"; count = 5; boost = 1.0; videos_per_week = 7; followers = 50; hours = 10;
      channels = ["livestream", "offline_event", "search"]; }); };
platform : { rerankers = ["no_repeats", "creator_cap", "diversity", "staff_boost"];
    rerank : { staff_boost : { share = 0.3; weight = 2.0; }; };
    retrievers = ["content", "follow", "trending", "explore", "promoted", "search"]; };
growth : { channels = ["social_share", "paid_boost", "cross_platform", "notification", "search",
        "collaboration", "livestream", "offline_event"];
    livestream : { adopt = 0.6; hours = 14.0; length = 1.0; from = 1.0; until = 22.0;
        attend = 0.5; shown = 0.1; seats = 20; };
    offline_event : { venue = 0.01; guest = 0.001; ahead = 0.2; attend = 0.9; curious = 0.5;
        friends = 0.9; stay = 0.2; half_life = 0.2; places = 80; };
    search : { outside = 0.3; cost = 0.01; };
    collaboration : { rate = 20.0; cost = 0.01; worth = 10.0; hours = 1.0; };
    notification : { follower = 1.0; open = 0.3; };
    cross_platform : { adopt = 1.0; mean = 3.0; cost = 0.0; }; };
regions : { count = 2; };
experiment : { split = "viewer"; share = 0.5; separate_models = true;
    changes = ( { set = "platform.retrieve.explore.share"; value = "0.2"; },
                { set = "platform.ranker"; value = "fm"; } ); };
revenue : { streams = ["ads", "tips", "subscription", "creator_fund", "commerce", "course",
        "sponsor", "group_buy", "collectible", "elsewhere"];
    ads : { min_followers = 0; min_views = 0; payout_days = 1; fill = 0.9; market = "auction";
        segments = ( { value = 60.0; }, { value = 90.0; budget = 0.5; }, { value = 60.0; topic = 1; } ); };
    subscription : { min_followers = 0; rate = 0.01; period = 0.5; trial_days = 0.3; };
    course : { min_followers = 0; offered = 1.0; page = 1.0; purchase = 0.5; refund = 0.5;
        refund_days = 0; };
    commerce : { min_followers = 0; click = 0.5; hold_days = 0; };
    group_buy : { min_followers = 0; offered = 1.0; join = 0.3; threshold = 2; price = 5.0; };
    collectible : { min_followers = 0; offered = 1.0; buy = 0.3; price = 2.0; resale = 0.9;
        editions = 2; }; };
measure : { panel = 50; sample = 50; trace = true; pools = true;
    metrics = ["views_inequality", "views_percentiles", "income_inequality", "income_volatility",
        "mobility", "creator_survival", "new_creators", "topic_entropy", "taste_entropy",
        "taste_drift", "homogenisation", "calibration", "ranking_quality", "coverage", "act_rates",
        "activity", "retention", "ad_load", "lifetime_value", "tenure", "cascades", "live",
        "moderation"]; };
END
cp "$top"/scenarios/*.cfg .
ok "every channel, stream and metric, alone" alone full.cfg
# sum FILE COLUMN: is more than nothing
sum() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
        { sum += $at } END { exit !(at && sum > 0) }' "alone_full.cfg/$1" || echo "# no $2"
}
at_work() {
    [ -z "$(sum series.csv live_visits; sum series.csv revenue_elsewhere
        sum creators.csv spend_offline_event; sum creators.csv spend_search
        sum creators.csv spend_collaboration; sum series.csv revenue_course)" ]
}
ok "and they are all at work" at_work
ok "the same on 3 ranks and with 2 threads" each 3 full.cfg --threads 2
ok "4 ranks" run "$one" 4 full.cfg four --quiet
ok "and its tables" same_tables alone_full.cfg four

in_manifest() { jq -e '.ranks == 3 and .ranks_bytes_per_impression > 0' "$1/manifest.json" >out; }
ok "the manifest names the ranks" in_manifest "3${one##*-}_full.cfg"

# ------------------------------------------------------------------- interrupted, resumed, failed
# A signal that reaches any one rank stops all at the next window; other numbers of ranks go on.
stopped() {
    local found=0 child i
    ranks "$one" 2 run full.cfg --out "$scratch/cut" --no-plots --threads 1 \
        --checkpoint every=2h >out 2>err &
    child=$!
    for ((i = 0; i < 3000; i++)); do
        [ -e cut.partial/checkpoint ] && break
        sleep 0.02
    done
    kill -INT "$(pgrep -n -f -- "--out $scratch/cut ")" # the last that was started
    wait "$child" || found=$?
    [ "$found" = 3 ] && says "stopped at day" && [ "$(grep -c "stopped at day" err)" = 1 ]
}
ok "a signal at one rank: all stop, exit 3, kept" stopped
cp -R cut.partial kept
ok "resumed on 3 ranks" run "$one" 3 full.cfg cut --resume
ok "to the same bytes" same full.cfg cut
rm -rf cut && mv kept cut.partial
ok "or by one process without MPI" code 0 "$program" run full.cfg --out cut --no-plots --resume
ok "the same bytes" same_tables alone_full.cfg cut
# Only rank 0 knows that its folder is gone.
failed() {
    local found=0 child i
    ranks "$one" 2 run full.cfg --out torn --no-plots --threads 1 --checkpoint every=20m \
        >out 2>err &
    child=$!
    for ((i = 0; i < 3000; i++)); do
        [ -e torn.partial/checkpoint ] && break
        sleep 0.02
    done
    mv torn.partial gone
    wait "$child" || found=$?
    [ "$found" = 1 ] && [ "$(grep -c "^torn.partial/" err)" = 1 ]
}
ok "what fails at one rank ends all, said once" failed

# ------------------------------------------------------------------------------- what is refused
cat >plugin.cfg <<'END'
@include "small.cfg"
growth : { channels = ["nowhere"]; };
END
ok "a wrong scenario is said once" code 2 ranks "$one" 2 run plugin.cfg --out never
once() { [ "$(grep -c nowhere err)" = 1 ] && [ ! -e never ] && [ ! -e never.partial ]; }
ok "by one rank, and nothing is written" once
${CC:-cc} -std=c11 -ffp-contract=off -fPIC -shared -I"$top/include" -o niche.so \
    "$top/plugins/template/niche.c"
ok "a plug-in's member, of which nobody knows" code 2 ranks "$one" 2 run small.cfg --out never \
    --set 'run.plugins=["./niche.so"]' --set platform.ranker=niche
ok "is refused by name" says '"niche" is not known to run in several processes'
ok "more ranks than shards" code 2 ranks "$one" 2 run small.cfg --out never --set run.shards=1
ok "says so" says "must be at least the 2 ranks"
ok "what is finished stays" code 2 ranks "$one" 2 run small.cfg --out alone_small.cfg
lone() {
    code 2 env SLURM_NTASKS=2 SLURM_PROCID=0 "$one" run small.cfg --out never &&
        says "each is alone in its MPI world"
}
ok "lone singletons under Slurm are refused" lone

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SLOW
#
# The scenarios of policy and promotion, and that of technologies, in smaller worlds and fewer days:
# each shows what its first lines promise, mostly against the same world without its rule.
. tests/cli/lab.bash
said=${ECONOMY_SAYS:-} # not empty: every claim with its figures is printed

# look NAME FOLDER/SCENARIO DAYS SETTING...: runs it, leaves its tables in NAME
look() {
    local name=$1 file=$2 days=$3 setting more=()
    shift 3
    for setting; do more+=(--set "$setting"); done
    ok "$name runs" code 0 "$program" run "$top/scenarios/$file.cfg" --days "$days" --threads 1 --quiet --no-plots \
        --out "$scratch/$name" --set measure.warmup=0 --set viewers.count=500 "${more[@]}"
}

# f NAME TABLE.COLUMN [FROM TO [COHORT]]: sum of a column over the days from FROM to before TO, of
# one cohort (arm); `mean` in the place of `f`: the mean of what is not empty.
f() { figure sum "$@"; }
mean() { figure mean "$@"; }
figure() {
    local what=$1 name=$2 table=${3%%.*} column=${3#*.}
    awk -F, -v what="$what" -v column="$column" -v from="${4:-0}" -v to="${5:-1e9}" -v group="${6-}" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
                  of = "cohort" in at ? at["cohort"] : "arm" in at ? at["arm"] : 0
                  if (!(column in at)) exit
                  next }
        group != "" && $of != group { next }
        "day" in at && ($at["day"] < from || $at["day"] >= to) { next }
        $at[column] != "" { sum += $at[column]; n++ }
        END { if (!n) print "nan"; else printf "%.9g\n", what == "sum" ? sum : sum / n }' "$scratch/$name/$table.csv"
}

# holds NAME EXPRESSION of awk, figures in it
holds() {
    [ -z "$said" ] || echo "# $1: $2"
    ok "$1" awk "BEGIN { exit !($2) }"
}

at_day() { echo "policy.changes[$1].day=$2"; } # when a scenario's change comes

# ------------------------------------------------------------------------------------- policy

look ad_load policy/ad_load 8 viewers.session.ad_cost=1.0 "$(at_day 0 2)" "$(at_day 1 4)" "$(at_day 2 6)"
holds "ad load: three tenths of videos have an ad at last" \
    "$(f ad_load series.ad_impressions 6 8) / $(f ad_load series.impressions 6 8) > .28"
holds "ad load: what an ad costs is missing in satisfaction" \
    "$(mean ad_load cohorts.audience_satisfaction 6 8) < $(mean ad_load cohorts.audience_satisfaction 0 2) - .08"

look ad_market policy/ad_market 9 "$(at_day 0 3)" "$(at_day 1 6)"
holds "ad market: who bids most leaves, ads bring less" \
    "$(f ad_market series.revenue_ads 6 9) < .8 * $(f ad_market series.revenue_ads 3 6)"

look ban policy/ban 12 "$(at_day 0 4)" "$(at_day 1 8)"
holds "ban: nobody watches" "$(f ban series.sessions 5 8) == 0"
holds "ban: some of those who tried do not come back" \
    "$(f ban series.churned_viewers 4 8) > 75 && $(mean ban series.dau 9 12) < .9 * $(mean ban series.dau 1 4)"
holds "ban: followers elsewhere bring twice as much meanwhile" \
    "$(f ban series.revenue_elsewhere 5 8) > 1.6 * $(f ban series.revenue_elsewhere 1 4)"

look boycott policy/boycott 6 "$(at_day 0 2)" "$(at_day 1 4)"
paid() { echo "$(f boycott series.revenue_ads "$1" "$2") / $(f boycott series.ad_impressions "$1" "$2")"; }
holds "boycott: ads bring .7 of what they did" \
    "($(paid 2 4)) / ($(paid 0 2)) < .85 && ($(paid 2 4)) / ($(paid 0 2)) > .55 && ($(paid 4 6)) > ($(paid 2 4))"

look fund policy/fund_vs_share 6 "$(at_day 0 3)" "$(at_day 1 3)"
holds "fund: no share of ads any more" "$(f fund cohorts.income_ads 0 3) > 0 && $(f fund cohorts.income_ads 4 6) == 0"
holds "fund: its pool is dealt out" "$(f fund cohorts.income_creator_fund 4 6) == 24"

look moderated policy/moderation 14 'measure.metrics=["moderation"]' platform.moderation.closes=2
look free policy/moderation 14 'measure.metrics=["moderation"]' platform.moderation.recall=0 \
    platform.moderation.looks=0 platform.moderation.strikes=0 platform.moderation.closes=0
holds "moderation: removes, suspends, closes accounts" "$(f moderated series.removed_videos) > 20 && \
    $(f moderated series.suspended_creators) > 0 && $(f moderated series.closed_accounts) > 0"
holds "moderation: less of what breaks the rules is watched" \
    "$(mean moderated series.violating_share 7 14) < .5 * $(mean free series.violating_share 7 14)"
holds "moderation: without it nobody is barred" "$(f free series.suspended_creators) + $(f free series.closed_accounts) == 0"

look private policy/privacy 10 "$(at_day 0 0)" "$(at_day 1 0)" "$(at_day 2 0)"
look known policy/privacy 10 "$(at_day 0 100)" "$(at_day 1 100)" "$(at_day 2 100)"
holds "privacy: the ranking is further from taste" \
    "$(mean private series.ndcg_true 4 10) < $(mean known series.ndcg_true 4 10)"

look boosted policy/small_creator_boost 10 "$(at_day 0 1)" "policy.changes[0].value=3"
look plain policy/small_creator_boost 10 "$(at_day 0 100)"
holds "small creators: a strong lift costs watching" "$(f boosted series.watch_hours 5 10) < .92 * $(f plain series.watch_hours 5 10)"

look split policy/split 6
holds "split: arms have their loads" \
    "($(f split arms.ad_impressions 0 6 a) / $(f split arms.impressions 0 6 a) - .08) ^ 2 < .01 ^ 2 && \
     ($(f split arms.ad_impressions 0 6 b) / $(f split arms.impressions 0 6 b) - .2) ^ 2 < .02 ^ 2"

look split_ranker policy/split_ranker 6
hours() { echo "$(f split_ranker arms.watch_hours 2 6 "$1") / $(f split_ranker arms.viewers 2 6 "$1")"; }
holds "split of rankers: who has mf watches more" "$(hours b) > 1.1 * $(hours a)"

look split_creators policy/split_creators 6
holds "split of creators: arm b has 3.5 times as much of an ad" \
    "($(f split_creators arms.income 0 6 b) / $(f split_creators arms.ad_impressions 0 6 b) / \
      ($(f split_creators arms.income 0 6 a) / $(f split_creators arms.ad_impressions 0 6 a)) - 3.5) ^ 2 < 1"

look share policy/revenue_share 6 "$(at_day 0 3)"
part() { echo "$(f share series.creator_income "$1" "$2") / $(f share series.revenue_ads "$1" "$2")"; }
holds "revenue share: .2 before, .7 after" "($(part 0 3) - .2) ^ 2 < .001 && ($(part 4 6) - .7) ^ 2 < .001"

look gates policy/eligibility 9 "$(at_day 0 4)" "$(at_day 1 4)"
lost() { echo "$(f gates cohorts.income_ads 6 9 "$1") / $(f gates cohorts.income_ads 1 4 "$1")"; }
holds "eligibility: the small lose more than the large" "$(lost small) < .5 * $(lost large)"
holds "eligibility: the platform keeps what they lose" \
    "$(f gates series.platform_income 6 9) / $(f gates series.revenue_ads 6 9) > \
     $(f gates series.platform_income 1 4) / $(f gates series.revenue_ads 1 4) + .05"

look heated policy/staff_boost 8 "$(at_day 0 2)"
part() { echo "$(f heated cohorts.impressions "$1" "$2" chosen) / $(f heated series.impressions "$1" "$2")"; }
holds "staff boost: the chosen are shown much more" "($(part 3 8)) > 1.5 * ($(part 0 2))"

look unpersonal policy/unpersonal_feed 8 "$(at_day 0 3)"
holds "unpersonal feed: less is watched, and pleases less" \
    "$(f unpersonal series.watch_hours 5 8) < .9 * $(f unpersonal series.watch_hours 0 3) && \
     $(mean unpersonal cohorts.audience_satisfaction 5 8) < $(mean unpersonal cohorts.audience_satisfaction 0 3)"

look clear policy/transparency 12 policy.transparency=0
look foggy policy/transparency 12 policy.transparency=1.5
holds "transparency: creators go by what they see" "$(f clear videos.commercial) != $(f foggy videos.commercial)"

# ---------------------------------------------------------------------------------- promotion

look shared promotion/social_share 6
look unshared promotion/social_share 6 growth.social_share.reach=0
holds "sharing: friends watch" "$(f shared series.impressions_shared) > 50 && $(f unshared series.impressions_shared) == 0"
holds "sharing: cascades" "$(f shared cascades.size) > 0"

look elsewhere promotion/cross_platform 6
holds "posting elsewhere: costs, and brings people" \
    "$(f elsewhere creators.spend_cross_platform) > 0 && $(f elsewhere series.impressions_shared) > 50"

look live promotion/livestream 6 measure.interval=0.0416666666666666667 growth.livestream.chat=1.0 revenue.tips.rate=0.02
holds "live rooms: visits, chat, gifts" \
    "$(f live series.live_visits) > 100 && $(f live series.live_chats) > 100 && $(f live series.live_gifts) > 0"
on_air() { # visits that end from hour $1 to hour $2 of a day
    awk -F, -v from="$1" -v to="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { hour = int(24 * ($at["day"] - int($at["day"] + 1e-9)) + .5) }
        hour >= from && hour < to { n += $at["live_visits"] } END { print n + 0 }' "$scratch/live/series.csv"
}
holds "live rooms: none before their time" "$(on_air 2 18) == 0 && $(on_air 18 24) > 100"

look told promotion/notification 6 growth.notification.follower=1.0
holds "notifications: are opened" "$(f told series.impressions_notification) > 20"

many=(growth.offline_event.curious=0.2 growth.offline_event.stay=0.0 growth.offline_event.half_life=1.0
    growth.offline_event.ahead=1.0 growth.offline_event.guest=0.1 regions.count=1)
look event promotion/offline_event 14 "${many[@]}" growth.offline_event.venue=2.0
look no_event promotion/offline_event 14 "${many[@]}" growth.offline_event.venue=100000.0
holds "events: are paid for, and bring followers" "$(f event creators.spend_offline_event) > 0 && \
    $(f no_event creators.spend_offline_event) == 0 && $(f event cohorts.followers 13 14) > $(f no_event cohorts.followers 13 14)"
holds "events: many of them do not stay" "$(f event cohorts.follower_loss) > $(f no_event cohorts.follower_loss)"

look bought promotion/paid_boost 10
holds "paid boost: reach for money" "$(f bought series.impressions_promoted) > 0 && \
    $(f bought creators.spend_paid_boost) >= $(f bought series.promotion_income)" # the rest is in escrow
look bids promotion/boost_auction 10
holds "auction: who bids twice as much is shown more, and is spared no budget" \
    "$(f bids cohorts.spend_paid_boost 0 10 high) > $(f bids cohorts.spend_paid_boost 0 10 low)"

look found promotion/search 8
holds "search: answers are watched, titles are paid for" "$(f found series.impressions_search) > 100 && \
    $(f found cohorts.spend_search 0 8 titled) > 0 && $(f found cohorts.spend_search 0 8 plain) == 0"

look together promotion/collaboration 14
holds "collaboration: of those who may, both pay" "$(f together cohorts.spend_collaboration 0 14 together) > 0 && \
    $(f together cohorts.spend_collaboration 0 14 alone) == 0"

look mix promotion/mix 10 growth.paid_boost.min_spend=0.5
for channel in search paid_boost cross_platform collaboration; do
    holds "mix: $channel is paid for" "$(f mix creators.spend_$channel) > 0"
done

holds "mix: friends share, notifications are opened, rooms are visited" "$(f mix series.impressions_shared) > 0 && \
    $(f mix series.impressions_notification) > 0 && $(f mix series.live_visits) > 0"

# --------------------------------------------------------------------------------- technology

look made creators/technologies 10 "$(at_day 0 5)"
holds "technologies: each cohort pays for what it uses" "$(f made cohorts.production_costs 0 10 hands) == 0 && \
    $(f made cohorts.production_costs 0 10 machines) > 0 && $(f made cohorts.production_costs 0 10 goggles) > 0"
fell() { echo "$(mean made cohorts.audience_satisfaction 6 10 "$1") - $(mean made cohorts.audience_satisfaction 0 5 "$1")"; }
holds "technologies: aversion costs the machines alone" "($(fell machines)) < ($(fell hands)) - .05"

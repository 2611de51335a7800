# SPDX-License-Identifier: GPL-3.0-or-later
#
# Eight tables in the order of calibration.sh become the page: target, tolerance, measured, met.

FNR == 1 {
    file++
    delete column
    for (i = 1; i <= NF; i++) column[$i] = i
    next
}

function value(name) { return $(column[name]) + 0 }
function add(to, name) { total[to, name] += value(name) }

function add_acts(to) {
    add(to, "impressions"); add(to, "watch_hours"); add(to, "dau"); add(to, "sessions")
    add(to, "plays_7s"); add(to, "plays_18s"); add(to, "completions"); add(to, "likes")
    add(to, "comments"); add(to, "shares"); add(to, "follows"); add(to, "hides")
    add(to, "posts"); add(to, "revenue_ads"); add(to, "ad_impressions")
}

# series.csv of the result, after the warm-up
file == 1 {
    last = value("day")
    if (last < warmup) next
    add_acts("main")
    if ($(column["mau"]) != "") { stick += value("dau") / value("mau"); months++ }
    gini = $(column["gini_views"])
    for (i in column)
        if (i ~ /_tenure_/ && $(column[i]) != "") { tenure[i] += value(i); tenures[i]++ }
}
# retention.csv: newcomers only
file == 2 && value("cohort_day") >= 0 {
    joined[value("age_day")] += value("viewers")
    came[value("age_day")] += value("returned")
}
# videos.csv: posts at least 30 days old that were published after the warm-up
file == 3 {
    long = value("duration_s") > 18
    if (value("published_day") >= warmup && long) {
        tail[0] += value("impressions"); tail[7] += value("plays_7s")
        tail[18] += value("plays_18s")
    }
    if (value("published_day") < warmup || value("published_day") > last - 29) next
    if (value("impressions") == 0) { unseen++; next }
    x = log(value("impressions"))
    posts++; sum += x; squares += x * x; views += value("impressions")
    seen[posts] = value("impressions")
}
file == 4 && value("day") >= 1 { hour[(FNR - 2) % 24] += value("sessions") }
file == 5 && value("day") >= 2 { add_acts("feed") }
file == 6 && value("day") >= 2 { add_acts("random") }
# all ways to earn, after two weeks
file == 7 && value("day") >= 14 {
    add("economy", "dau"); add("economy", "revenue_ads"); add("economy", "revenue_tips")
}
file == 8 && value("day") >= 14 {
    stream = $(column["stream"])
    debit = $(column["debit_account"]); credit = $(column["credit_account"])
    if (stream == "commerce" && debit == "outside" && credit == "shops")
        goods += value("amount_micro") / 1e6
    if (credit == "platform" && stream !~ /^(ads|tips|promotion)$/)
        others += value("amount_micro") / 1e6
}

function sort(a, n,    gap, i, j, x) { # Shell's
    for (gap = int(n / 2); gap > 0; gap = int(gap / 2))
        for (i = gap + 1; i <= n; i++) {
            x = a[i]
            for (j = i; j > gap && a[j - gap] > x; j -= gap) a[j] = a[j - gap]
            a[j] = x
        }
}
function rate(to, name) { return total[to, name] / total[to, "impressions"] }
function ratio(name) { return rate("feed", name) / rate("random", name) }

function row(fact, target, low, high, measured, form,    met) {
    met = measured >= low && measured <= high
    tuned++; missed += !met
    printf "| %s | %s | " form " to " form " | " form " | %s |\n", fact, target, low, high,
        measured, met ? "yes" : "**no**"
}
function truth(fact, target, said, met) {
    tuned++; missed += !met
    printf "| %s | %s | as said | %s | %s |\n", fact, target, said, met ? "yes" : "**no**"
}
function other(fact, known, measured, form) {
    printf "| %s | %s | " form " |\n", fact, known, measured
}

function peak(from, to,    h, best) {
    best = from
    for (h = from; h <= to; h++) if (hour[h] > hour[best]) best = h
    return best
}
function hollow(from, to,    h, best) {
    best = from
    for (h = from; h <= to; h++) if (hour[h] < hour[best]) best = h
    return best
}

function head() {
    print "# Calibration\n"
    print "What `scenarios/china_like.cfg` is tuned to, and what it shows beside that. Numbers of"
    print "facts are those of [FACTS](FACTS.md), section 8; their sources are named there, too. Made by\n"
    print "    make calibration\n"
    printf "with reelsim %s, seed %s: %s, %.0f s on %d thread%s. Figures leave out the first %d\n",
        version, seed, size, seconds, threads, threads == 1 ? "" : "s", warmup
    print "days. Rates are per impression, of the whole feed. A short run of a tenth of the people"
    print "gives the hours of a day; two more give the ratios of a personal to a random feed. A run of"
    print "24 days has all nine streams and six channels (`scenarios/china_like_economy.cfg`).\n"
    if (viewers < whole)
        printf "**The world was scaled down** from the scenario's %d viewers; the command above makes\n" \
            "the page of the whole one.\n\n", whole
}

function spread_of_views(    n, sd, median) {
    n = posts
    sort(seen, n)
    sd = n > 1 ? sqrt((squares - sum * sum / n) / (n - 1)) : 0
    median = n ? seen[int((n + 1) / 2)] : 0
    row("8.1", "sd of ln(views), posts 30 days old or more", 1.6, 2.6, sd, "%.2f")
    row("8.1", "their median, near the first pool of " first_pool + 0, first_pool / 2,
        first_pool * 2, median, "%.0f")
    row("8.1", "their mean over their median", 4, 6, median ? views / n / median : 0, "%.2f")
}

function acts(    like, comment, share, follow, hide) {
    like = 100 * rate("main", "likes"); comment = 100 * rate("main", "comments")
    share = 100 * rate("main", "shares"); follow = 100 * rate("main", "follows")
    hide = 100 * rate("main", "hides")
    row("8.4", "like, %", .8, 3, like, "%.2f")
    row("8.4", "comment, %", .2, .3, comment, "%.3f")
    row("8.4", "share, %", .09, .25, share, "%.3f")
    row("8.4", "follow, %", .1, .2, follow, "%.3f")
    row("8.4", "hide, %", 0, .1, hide, "%.3f")
    truth("8.4", "like > comment >= share ~ follow > hide",
        sprintf("share / follow %.2f", share / follow),
        like > comment && comment >= share && share < 2 * follow && follow < 2 * share &&
        follow > hide && share > hide)
}

function day_shape(    noon, dip, evening, trough) {
    evening = peak(0, 23); noon = peak(10, 14); dip = hollow(14, 17); trough = hollow(0, 23)
    truth("8.5", "two-peak day, evening dominant",
        sprintf("peaks at %d and %d h, evening %.2f of noon, least at %d h", noon, evening,
            hour[evening] / hour[noon], trough),
        evening >= 18 && noon >= 11 && noon <= 13 && hour[noon] > hour[dip] &&
        trough >= 2 && trough <= 6)
}

function returning(    young, old) {
    row("8.6", "DAU/MAU", .5, .6, months ? stick / months : 0, "%.3f")
    row("8.6", "D1 of newcomers, % (near 40)", 30, 50, 100 * came[1] / joined[1], "%.1f")
    row("8.6", "D7, % (near 24)", 18, 30, 100 * came[7] / joined[7], "%.1f")
    row("8.6", "D30, % (near 14)", 10, 18, 100 * came[30] / joined[30], "%.1f")
    young = mean("minutes_tenure_week_1"); old = mean("minutes_tenure_later")
    truth("8.6", "time a day grows with tenure, of those who stay",
        sprintf("%.0f min in week 1, %.0f in weeks 2-4, %.0f later", young,
            mean("minutes_tenure_weeks_2_4"), old), old > young)
    young = mean("attention_tenure_week_1"); old = mean("attention_tenure_later")
    truth("8.6", "attention (7 s or in full) stays, within .05, of those who stay",
        sprintf("%.3f in week 1, %.3f in weeks 2-4, %.3f later", young,
            mean("attention_tenure_weeks_2_4"), old), old - young < .05 && young - old < .05)
}
# Platforms report gifts whole, and of the rest what they keep.
function money(    ads, gifts) {
    ads = total["economy", "revenue_ads"]; gifts = total["economy", "revenue_tips"]
    row("8.7", "gifts to ads (2.7 : 4), all streams on", .45, .9, ads ? gifts / ads : 0, "%.2f")
    row("8.7", "other revenue to ads (near 1 : 4)", .17, .35, ads ? others / ads : 0, "%.2f")
    row("8.7", "GMV / ads revenue", 18, 23, ads ? goods / ads : 0, "%.1f")
}
function mean(name) { return tenures[name] ? tenure[name] / tenures[name] : 0 }

function untuned(    day, each) {
    day = total["main", "dau"]
    each = total["main", "impressions"] / total["main", "posts"]
    print "\n## Known facts that nothing is tuned to\n"
    print "| fact | known | measured |\n| --- | --- | --- |"
    other("C3 impressions a DAU-day", "75 to 381", total["main", "impressions"] / day, "%.0f")
    other("C3 posts a DAU-day", ".1 to .106", total["main", "posts"] / day, "%.3f")
    other("C3 their quotient: views a post", "750 to 3,800", each, "%.0f")
    other("C3 mean views of posts 30 days old or more, over the quotient", "1",
        posts ? views / (posts + unseen) / each : 0, "%.2f")
    other("minutes watched a DAU-day", "119 to 134", total["main", "watch_hours"] * 60 / day, "%.0f")
    other("seconds watched an impression", "19.7 to 23.6", 3600 * rate("main", "watch_hours"), "%.1f")
    other("sessions a DAU-day", "8 to 19", total["main", "sessions"] / day, "%.1f")
    other("probability of another video", ".96 to .98",
        1 - total["main", "sessions"] / total["main", "impressions"], "%.3f")
    other("C4 Gini of views, whole platform", ".93", gini, "%.2f")
    other("ads, RMB a DAU-day", ".41 to .52", total["main", "revenue_ads"] / day, "%.2f")
    print "\nA personal feed against random videos (KuaiRand, the same people in both), of two short"
    print "runs of one seed:\n"
    print "| ratio of | known | measured |\n| --- | --- | --- |"
    other("seconds watched", "3.65", ratio("watch_hours"), "%.2f")
    other("watched 7 s or in full", "2.79", ratio("plays_7s"), "%.2f")
    other("watched 18 s or in full", "4.2", ratio("plays_18s"), "%.2f")
    other("watched to the end", "4.3 to 5.3", ratio("completions"), "%.2f")
    other("like", "4.0", ratio("likes"), "%.2f")
    other("comment", "7.3", ratio("comments"), "%.2f")
    other("follow", "6.7", ratio("follows"), "%.2f")
    other("share", "3.0", ratio("shares"), "%.2f")
    other("hide", "0.43", ratio("hides"), "%.2f")
}

END {
    head()
    print "## Targets\n"
    print "| fact | target | tolerance | measured | met |\n| --- | --- | --- | --- | --- |"
    spread_of_views()
    row("8.2", "Weibull shape of watch time, from 7 s and 18 s", .28, .4,
        log(log(tail[7] / tail[0]) / log(tail[18] / tail[0])) / log(7 / 18), "%.3f")
    row("8.3", "watched 7 s or in full", .4, .5, rate("main", "plays_7s"), "%.3f")
    row("8.3", "watched 18 s or in full", .3, .38, rate("main", "plays_18s"), "%.3f")
    row("8.3", "watched to the end", .12, .18, rate("main", "completions"), "%.3f")
    acts()
    day_shape()
    returning()
    money()
    printf "\n%d of %d targets met.\n", tuned - missed, tuned
    untuned()
    exit missed > 0
}

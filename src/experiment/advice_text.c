/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An advice in words that need no statistics, and for programs. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "experiment/advice.h"

/* ------------------------------------------------------------------------------------- words
 */

/* "a, b and c": the arms behind the best that `alike` is true of. */
static size_t say_alike(const struct advice_found *found, FILE *to)
{
    size_t like = 0, said = 0;
    for (size_t k = 1; k < found->arms; k++) like += found->arm[k].alike;
    for (size_t k = 1; k < found->arms; k++) {
        if (!found->arm[k].alike) continue;
        fprintf(to, "%s%s",
                said == 0          ? ""
                : said + 1 == like ? " and "
                                   : ", ",
                found->arm[k].name);
        said++;
    }
    return like;
}

static size_t alike(const struct advice_found *found)
{
    size_t like = 0;
    for (size_t k = 1; k < found->arms; k++) like += found->arm[k].alike;
    return like;
}

static void say_hour(const struct estimate *hour, FILE *to)
{
    fprintf(to, "%.2f yuan an hour worked", hour->mean);
    if (hour->n > 1) fprintf(to, " (95 %% interval %.2f to %.2f)", hour->low, hour->high);
}

static void say_best(const struct advice_found *found, FILE *to)
{
    const struct advice_arm *best = &found->arm[0], *second = &found->arm[1];
    fprintf(to, "%s brought most in the model world: ", best->name);
    say_hour(&best->hour, to);
    fprintf(to, ". That is %s.", best->words);
    if (!alike(found)) {
        fprintf(to, " Its lead on every other one is more than luck; the next, %s, made ",
                second->name);
        say_hour(&second->hour, to);
        fputs(".\n", to);
        return;
    }
    fprintf(to, " But %zu runs of each cannot tell it apart from ", found->replications);
    (void)say_alike(found, to);
    fprintf(to, ": read them as equally good%s.\n",
            alike(found) + 1 == found->arms
                ? ", which is all that was tried; more --replications may part them"
                : "");
}

static void say_downside(const struct advice_found *found, FILE *to)
{
    const struct advice_arm *best = &found->arm[0], *calm = best;
    if (isnan(best->cvar)) return;
    for (size_t k = 1; k < found->arms; k++)
        if (found->arm[k].alike && found->arm[k].cvar > calm->cvar) calm = &found->arm[k];
    fprintf(to,
            "Downside: of creators like you the 5 %% who did worst made %.2f yuan an hour with "
            "%s (CVaR 5 %%)",
            best->cvar, best->name);
    if (calm != best && calm->cvar > best->cvar + 0.005)
        fprintf(to, "; with %s, as good otherwise, %.2f", calm->name, calm->cvar);
    fputs(".\n", to);
}

static void say_flips(const struct advice_found *found, FILE *to)
{
    if (!found->uncertain) {
        fputs("These intervals are about luck alone: the same question with --uncertain also "
              "asks what the model's assumptions do to the answer.\n",
              to);
        return;
    }
    fprintf(to,
            "Every run was a plausible world of its own, with %zu assumptions drawn anew: %s "
            "earned most in %.0f %% of them. The answer hangs most on",
            found->assumptions, found->arm[0].name, 100 * found->arm[0].wins);
    for (size_t k = 0; k < found->flips; k++)
        fprintf(to,
                "%s %s (ahead of %s in %.0f %% of worlds where it is low, %.0f %% where it "
                "is high)",
                k ? "," : "", found->flip[k].path, found->arm[1].name,
                100 * found->flip[k].low_wins, 100 * found->flip[k].high_wins);
    fprintf(to, ". %s\n",
            found->turned ? "Some assumption turns it round: do not take it for certain."
                          : "None of them alone turns it round.");
}

void advice_say_stage(const struct advice_found *found, FILE *to)
{
    if (isnan(found->arm[0].hour.mean)) {
        fputs("No run gave a figure.\n", to);
        return;
    }
    if (found->arm[0].hour.mean <= 0 && !(found->arm[0].hour.high > 0)) {
        fputs("No arm earned anything: with so few followers every gate stays shut.\n", to);
        return;
    }
    say_best(found, to);
    say_downside(found, to);
    if (found->uncertain) say_flips(found, to);
    if (found->failed)
        fprintf(to, "%zu of %zu replications failed and are left out.\n", found->failed,
                found->replications);
}

static void head(const struct advice_found *found, const char *lead, FILE *to)
{
    if (!found->arms) return;
    const struct advice_arm *best = &found->arm[0];
    if (!(best->hour.mean > 0)) {
        fprintf(to, "%s: nothing that was tried brought more than it cost. ", lead);
        return;
    }
    fprintf(to, "%s: %s (%s), ", lead, best->name, best->words);
    say_hour(&best->hour, to);
    if (alike(found) + 1 == found->arms) {
        fputs("; it came first, but nothing that was tried can be told apart", to);
    } else if (alike(found)) {
        fputs("; as good are ", to);
        (void)say_alike(found, to);
    }
    fputs(". ", to);
}

void advice_headline(const struct advice_found *found, FILE *to)
{
    head(&found[ADVICE_STREAMS], "To earn", to);
    head(&found[ADVICE_PROMOTION], "To promote", to);
}

static void say_history(const struct advice *self, FILE *to)
{
    const struct history *h = &self->history;
    if (!self->has_history) return;
    fprintf(to, "\nYour history\n%zu videos: mean %.0f views, median %.0f. ", h->videos,
            h->mean, h->median);
    if (isnan(h->per_week))
        fprintf(to, "Without enough dates the posting rate is %.3g videos a week. ",
                self->per_week);
    else
        fprintf(to, "Taken from it: %.3g videos a week. ", self->per_week);
    if (self->beyond)
        fprintf(to,
                "No skill of the model gives that mean (the nearest %.0f views a video, "
                "scaled): skill is the usual one.",
                self->model_mean);
    else if (isnan(self->skill))
        fputs("The model world gave no views to match, so skill is the usual one.", to);
    else
        fprintf(to,
                "Taken from it: a skill of %.2f, at which the model's videos have that "
                "mean, scaled to your audience.",
                self->skill);
    if (!isnan(h->spread))
        fprintf(to,
                " Not taken: how much views differ from video to video (sd of ln views %.2f); "
                "the model has its own luck.",
                h->spread);
    putc('\n', to);
}

void advice_say(const struct advice *self, const struct advice_found *found, FILE *to)
{
    fprintf(to, "%s videos, %g followers, %g hours a week\n", self->topic, self->followers,
            self->hours);
    say_history(self, to);
    fputs("\nHow to earn\n", to);
    advice_say_stage(&found[ADVICE_STREAMS], to);
    if (found[ADVICE_PROMOTION].arms) {
        fprintf(to, "\nWhere to promote (tried after that, with %s)\n",
                advice_name(ADVICE_STREAMS, self->plan));
        advice_say_stage(&found[ADVICE_PROMOTION], to);
    }
    fputs("\nHow far to trust it\n", to);
    if (!found[ADVICE_STREAMS].uncertain) say_flips(&found[ADVICE_STREAMS], to);
    if (self->scale > 1.05)
        fprintf(
            to,
            "The model's creators have about %.0f followers, not %.0f, among fewer viewers: "
            "yuan are there to compare plans with, not a forecast of your income.\n",
            self->followers / self->scale, self->followers);
    fputs(
        "Gates of the streams stand low in the model (scenarios/world.cfg): look up what your "
        "platform asks for before it pays.\n",
        to);
}

/* -------------------------------------------------------------------------------------- JSON
 */

static void number(const char *key, double value, FILE *to)
{
    if (isfinite(value))
        fprintf(to, ", \"%s\": %.9g", key, value);
    else
        fprintf(to, ", \"%s\": null", key);
}

static void write_arms(const struct advice_found *found, FILE *to)
{
    for (size_t k = 0; k < found->arms; k++) {
        const struct advice_arm *arm = &found->arm[k];
        fprintf(to, "%s\n      {\"arm\": \"%s\", \"words\": \"%s\"", k ? "," : "", arm->name,
                arm->words);
        number("profit_hour", arm->hour.mean, to);
        number("ci_low", arm->hour.low, to);
        number("ci_high", arm->hour.high, to);
        number("cvar5", arm->cvar, to);
        number("followers", arm->followers, to);
        number("wins", arm->wins, to);
        fprintf(to, ", \"alike\": %s}", arm->alike ? "true" : "false");
    }
}

static void write_stage(enum advice_stage stage, const struct advice_found *found, FILE *to)
{
    fprintf(to,
            "    {\"stage\": \"%s\", \"best\": \"%s\", \"told_apart\": %s, \"replications\": "
            "%zu, \"failed\": %zu, \"arms\": [",
            stage == ADVICE_STREAMS ? "streams" : "promotion", found->arm[0].name,
            alike(found) ? "false" : "true", found->replications, found->failed);
    write_arms(found, to);
    fputs("\n    ], \"assumptions\": [", to);
    for (size_t k = 0; k < found->flips; k++) {
        fprintf(to, "%s\n      {\"path\": \"%s\"", k ? "," : "", found->flip[k].path);
        number("wins_low_half", found->flip[k].low_wins, to);
        number("wins_high_half", found->flip[k].high_wins, to);
        fputs("}", to);
    }
    fprintf(to, "], \"turned_round\": %s}",
            !found->uncertain ? "null"
            : found->turned   ? "true"
                              : "false");
}

void advice_json(const struct advice *self, const struct advice_found *found, FILE *to)
{
    fprintf(to, "{\n  \"topic\": \"%s\"", self->topic);
    number("followers", self->followers, to);
    number("hours", self->hours, to);
    fprintf(to, ", \"viewers\": %" PRId64, self->viewers);
    number("scale", self->scale, to);
    number("videos_per_week", self->per_week, to);
    number("skill", self->skill, to);
    if (self->has_history) {
        fprintf(to, ",\n  \"history\": {\"videos\": %zu", self->history.videos);
        number("mean", self->history.mean, to);
        number("median", self->history.median, to);
        number("spread", self->history.spread, to);
        number("per_week", self->history.per_week, to);
        fprintf(to, ", \"beyond\": %s}", self->beyond ? "true" : "false");
    }
    fputs(",\n  \"stages\": [\n", to);
    write_stage(ADVICE_STREAMS, &found[ADVICE_STREAMS], to);
    fputs(",\n", to);
    write_stage(ADVICE_PROMOTION, &found[ADVICE_PROMOTION], to);
    fputs("\n  ]\n}\n", to);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/advice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parameters_suggest.h"
#include "experiment/figures.h"
#include "io/csv.h"
#include "io/file.h"
#include "world/topics.h"

#define VIDEOS_A_WEEK 3.0
#define REST_OF 20.0    /* viewers for each other creator, as in scenarios/monetization */
#define REST_MEAN 739.0 /* their attractiveness: median 100, sd of the logarithm 2 */
#define FOLLOWS 3.3 /* creators that a viewer follows at the start (measured in this world) */
#define CVAR_SHARE 0.05

/* -------------------------------------------------------------------------------------- arms
 */

/* How to earn: streams, how hard to sell, videos for subscribers alone, and videos a week as a
 * share of the usual ones. The plans of scenarios/monetization. */
static const struct plan {
    const char *name, *words, *streams;
    double commercial, exclusive, videos;
} plans[] = {
    {"ads_only", "a share of ads alone", "\"ads\"", 0, 0, 1},
    {"tips_only", "gifts from viewers alone", "\"tips\"", 0, 0, 1},
    {"creator_fund_only", "the platform's creator fund alone", "\"creator_fund\"", 0, 0, 1},
    {"subscription_only", "subscriptions alone, three videos in ten for subscribers only",
     "\"subscription\"", 0.2, 0.3, 1},
    {"course_only", "selling a course alone", "\"course\"", 0.4, 0, 1},
    {"commerce_only", "commissions on goods alone", "\"commerce\"", 0.4, 0, 1},
    {"sponsor_only", "sponsors alone", "\"sponsor\"", 0.2, 0, 1},
    {"mixed_balanced", "ads, gifts, subscriptions and a course, selling a little",
     "\"ads\", \"tips\", \"subscription\", \"course\"", 0.2, 0.1, 1},
    {"mixed_aggressive", "every stream at once, selling hard",
     "\"ads\", \"tips\", \"subscription\", \"creator_fund\", \"commerce\", \"course\", "
     "\"sponsor\"",
     0.8, 0.33, 1},
    {"knowledge_creator",
     "a third of the videos, each more thorough, with a course and "
     "subscriptions",
     "\"subscription\", \"course\"", 0.3, 0.2, 1.0 / 3},
};
#define PLANS (sizeof plans / sizeof *plans)

/* Where to promote: the channel, which the others leave alone, the share of income that it may
 * cost, prices as for a real audience (divided by the scale) and settings. */
static const struct place {
    const char *name, *words, *channel;
    double boost;
    const char *price, *settings;
    double real_price;
} places[] = {
    {"none", "no promotion", NULL, 0, NULL, NULL, 0},
    {"paid_boost", "a fifth of the income spent on paid boosts", "paid_boost", 0.2, "min_spend",
     NULL, 30},
    {"cross_platform", "every video posted on another network too", "cross_platform", 0, "cost",
     "adopt = 1.0; ", 0.6},
    {"notification", "followers notified of new videos", "notification", 0, NULL, NULL, 0},
    {"livestream", "live rooms of two hours, six hours a week", "livestream", 0, NULL,
     "adopt = 1.0; ", 0},
    {"offline_event", "a fifth of the income saved for events", "offline_event", 0.2, "venue",
     NULL, 2000},
    {"search", "a tenth of the income spent on titles made for search", "search", 0.1, "cost",
     "outside = 0.0; ", 2},
    /* Who is asked always agrees: that one collaborates is the plan. */
    {"collaboration", "one video a week together with a creator like them", "collaboration", 0,
     "cost", "rate = 1.0; among = 1000; worth = 1000000.0; error = 0.0; ", 5},
};
#define PLACES (sizeof places / sizeof *places)

static const struct {
    const char *name, *words;
    double skill;
} skills[ADVICE_SKILLS] = {{"skill_30", "skill 0.3", 0.3},
                           {"skill_50", "skill 0.5", 0.5},
                           {"skill_70", "skill 0.7", 0.7},
                           {"skill_90", "skill 0.9", 0.9}};

size_t advice_arms(enum advice_stage stage)
{
    _Static_assert(PLANS <= ADVICE_ARMS_MOST && PLACES <= ADVICE_ARMS_MOST, "room for arms");
    return stage == ADVICE_HISTORY ? ADVICE_SKILLS : stage == ADVICE_STREAMS ? PLANS : PLACES;
}

const char *advice_name(enum advice_stage stage, size_t arm)
{
    if (stage == ADVICE_HISTORY) return skills[arm].name;
    return stage == ADVICE_STREAMS ? plans[arm].name : places[arm].name;
}

const char *advice_words(enum advice_stage stage, size_t arm)
{
    if (stage == ADVICE_HISTORY) return skills[arm].words;
    return stage == ADVICE_STREAMS ? plans[arm].words : places[arm].words;
}

/* ----------------------------------------------------------------------------- the question
 */

static enum status check_topic(struct advice *self, const char *topic,
                               const struct model *model, struct errors *errors)
{
    struct topics topics = {0};
    const struct seed seed = {0};
    char known[2000] = "";
    enum status status = topics_init(&topics, &model->parameters, seed);
    const char *near = NULL;
    int best = 4;
    size_t used = 0;
    if (status || topics_find(&topics, topic) >= 0) goto out;
    for (int32_t k = 0; k < topics.count; k++) {
        near = parameters_suggest_nearer(topic, topics.topic[k].name, &best, near);
        if (used < sizeof known - SCHEMA_NAME_SIZE - 2)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "",
                                     topics.topic[k].name);
    }
    status = errors_add(errors, STATUS_USAGE, "--topic %.80s: there are %s%s%s%s", topic, known,
                        near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
out:
    topics_free(&topics);
    snprintf(self->topic, sizeof self->topic, "%s", topic);
    return status;
}

static enum status read_number(const char *option, const char *text, const double range[2],
                               double *out, struct errors *errors)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= range[0] && value <= range[1]))
        return errors_add(errors, STATUS_USAGE, "--%s %.80s: must be a number in [%g, %g]",
                          option, text, range[0], range[1]);
    *out = value;
    return STATUS_OK;
}

enum status advice_init(struct advice *self, const struct advice_asked *asked,
                        const struct model *model, struct errors *errors)
{
    static const double crowd[] = {0, ADVICE_FOLLOWERS_MOST}, week[] = {0.1, 100};
    *self = (struct advice){.skill = NAN, .per_week = VIDEOS_A_WEEK, .model_mean = NAN};
    enum status status = check_topic(self, asked->topic, model, errors);
    if (!status)
        status = read_number("followers", asked->followers, crowd, &self->followers, errors);
    if (!status) status = read_number("hours", asked->hours, week, &self->hours, errors);
    return status;
}

void advice_settle(struct advice *self, int64_t viewers, const struct history *history)
{
    self->viewers = viewers;
    self->scale = fmax(1, self->followers / (ADVICE_SHARE * (double)viewers));
    if (!history) return;
    self->has_history = true;
    self->history = *history;
    if (!isnan(history->per_week)) self->per_week = fmin(40, fmax(0.1, history->per_week));
}

void advice_match(struct advice *self, const double *views)
{
    double wanted = log(fmax(1, self->history.mean)), x = NAN, y = NAN;
    self->skill = self->model_mean = NAN;
    for (size_t k = 0; k < ADVICE_SKILLS; k++) {
        if (!(views[k] > 0)) continue;
        double level = log(views[k] * self->scale);
        if (!isnan(y) && level > y && wanted >= y && wanted <= level) {
            self->skill = x + (skills[k].skill - x) * (wanted - y) / (level - y);
            self->model_mean = self->history.mean;
            return;
        }
        if (isnan(self->model_mean) ||
            fabs(level - wanted) < fabs(log(self->model_mean) - wanted))
            self->model_mean = exp(level);
        x = skills[k].skill, y = level;
    }
    self->beyond = !isnan(self->model_mean);
}

/* ------------------------------------------------------------------------------------- files
 */

/* A gate that stands at `real` for a real audience, never below 1. */
static long gate(const struct advice *self, double real)
{
    return (long)fmax(1, real / self->scale + 0.5);
}

void advice_world(const struct advice *self, FILE *to)
{
    fprintf(to,
            "# The world of an advice: %lld viewers, %.0f other creators who may use every "
            "stream. One viewer stands\n"
            "# for %.3g real ones; gates and fixed prices are divided by that. At that size "
            "gates stand at a tenth or less\n"
            "# of the real ones, as in scenarios/monetization/world.cfg; nobody promotes; no "
            "creator joins on the way.\n",
            (long long)self->viewers, fmax(1, (double)self->viewers / REST_OF), self->scale);
    fprintf(to,
            "run : { days = %d; };\nviewers : { count = %lld; };\n"
            "creators : { life : { entry_rate = 0.0; }; };\n"
            "measure : { warmup = 7; };\ngrowth : { channels = [\"social_share\"]; };\n",
            ADVICE_DAYS, (long long)self->viewers);
    fprintf(to,
            "revenue : {\n    streams = [\"ads\", \"tips\", \"subscription\", "
            "\"creator_fund\", \"commerce\", \"course\", \"sponsor\"];\n"
            "    ads : { min_followers = %ld; min_views = %ld; };\n"
            "    subscription : { min_followers = %ld; };\n"
            "    creator_fund : { pool = %.3f; min_followers = %ld; min_views = %ld; };\n"
            "    commerce : { min_followers = %ld; };\n"
            "    course : { offered = 1.0; min_followers = %ld; };\n"
            "    sponsor : { min_followers = %ld; budget = %.2f; };\n};\n",
            gate(self, 1500), gate(self, 30000), gate(self, 150), 0.005 * (double)self->viewers,
            gate(self, 1500), gate(self, 30000), gate(self, 300), gate(self, 300),
            gate(self, 1500), 0.1 * (double)self->viewers);
}

/* The attractiveness with which a focal creator begins with its followers: each viewer's
 * FOLLOWS are dealt in proportion to it, so followers = viewers FOLLOWS a / (rest + focal a).
 */
static double sought(const struct advice *self)
{
    double viewers = (double)self->viewers,
           share = fmin(ADVICE_SHARE, self->followers / self->scale / viewers),
           rest = fmax(1, viewers / REST_OF) * REST_MEAN;
    return share * rest / (FOLLOWS - ADVICE_FOCAL * share);
}

static void write_focal(const struct advice *self, const struct plan *plan, double boost,
                        double skill, FILE *to)
{
    fprintf(
        to,
        "creators : { cohorts = (\n"
        "    { name = \"rest\"; count = %.0f; boost = 0.0; channels = [\"social_share\"]; },\n"
        "    { name = \"focal\"; count = %d; topic = \"%s\"; followers = %.1f; "
        "followers_sigma = 0.0;\n"
        "      hours = %.4f; hours_sigma = 0.0; strategy = \"static\"; videos_per_week = "
        "%.4f; videos_sigma = 0.0;\n",
        fmax(1, (double)self->viewers / REST_OF), ADVICE_FOCAL, self->topic, sought(self),
        self->hours, self->per_week * plan->videos);
    if (!isnan(skill)) fprintf(to, "      skill = %.4f; skill_sd = 0.0;\n", skill);
    fprintf(to,
            "      streams = [%s]; commercial = %.2f; exclusive = %.2f; boost = %.2f; }\n); "
            "};\n",
            plan->streams, plan->commercial, plan->exclusive, boost);
}

/* In all arms alike some sessions begin with a question, so that being found may be compared.
 */
static void write_place(const struct advice *self, const struct place *place, FILE *to)
{
    fputs(
        "viewers : { session : { search = 0.05; }; };\nplatform : { retrievers = [\"content\", "
        "\"follow\", \"trending\", \"cold_start\", \"explore\", \"promoted\", "
        "\"search\"]; };\n",
        to);
    if (!place->channel) return;
    fprintf(to, "growth : { channels = [\"social_share\", \"%s\"];", place->channel);
    if (place->price || place->settings) {
        fprintf(to, " %s : { %s", place->channel, place->settings ? place->settings : "");
        if (place->price)
            fprintf(to, "%s = %.4f; ", place->price, place->real_price / self->scale);
        fputs("};", to);
    }
    fputs(" };\n", to);
}

void advice_arm(const struct advice *self, enum advice_stage stage, size_t arm, FILE *to)
{
    static const struct place nowhere = {0};
    const struct plan *plan = &plans[stage == ADVICE_STREAMS     ? arm
                                     : stage == ADVICE_PROMOTION ? self->plan
                                                                 : 0];
    const struct place *place = stage == ADVICE_PROMOTION ? &places[arm] : &nowhere;
    double skill = stage == ADVICE_HISTORY ? skills[arm].skill : self->skill;
    fprintf(to,
            "# %s: %s%s%s.\n# %d creators with %s videos, %g hours a week and %g followers "
            "(%g here: world.cfg).\n@include \"world.cfg\"\nrun : { name = \"%s\"; };\n",
            advice_name(stage, arm), advice_words(stage, arm),
            stage == ADVICE_PROMOTION ? "; they earn with " : "",
            stage == ADVICE_PROMOTION ? plan->words : "", ADVICE_FOCAL, self->topic,
            self->hours, self->followers, round(self->followers / self->scale),
            advice_name(stage, arm));
    if (stage == ADVICE_PROMOTION) write_place(self, place, to);
    write_focal(self, plan, place->boost, skill, to);
}

/* -------------------------------------------------------------------------------- what came
 */

/* Profit an hour of every focal creator over all replications of an arm, and sums. */
struct purse {
    double *hour; /* owned */
    size_t count, room;
    double views, posts, followers, runs;
};

/* Of one run's focal creators: by the hours that each of them worked in the mean, so that their
 * own mean is the profit an hour that the arm is judged by. */
static void divide(struct purse *self, size_t first, double hours)
{
    double mean = hours / (double)(self->count - first);
    if (!(mean > 0)) self->count = first;
    for (size_t i = first; i < self->count; i++) self->hour[i] /= mean;
}

static enum status read_creators(struct purse *self, const char *folder)
{
    struct csv csv = {0};
    double hours = 0;
    size_t first = self->count;
    enum status status = STATUS_OK;
    if (!csv_open(&csv, folder, "creators.csv")) return STATUS_OK;
    size_t cohort = csv_column(&csv, "cohort"), profit = csv_column(&csv, "profit"),
           worked = csv_column(&csv, "hours_worked");
    while (!status && csv_next(&csv)) {
        double made = csv_number(&csv, profit);
        if (strcmp(csv_text(&csv, cohort), "focal") != 0 || !isfinite(made)) continue;
        status = memory_grow(&self->hour, &self->room, self->count + 1, sizeof *self->hour);
        if (status) break;
        self->hour[self->count++] = made;
        hours += csv_number(&csv, worked);
    }
    csv_close(&csv);
    if (self->count > first) divide(self, first, hours);
    return status;
}

static enum status read_run(struct purse *self, const char *folder, struct errors *errors)
{
    struct figures figures = {0};
    enum status status = figures_read(&figures, folder, errors);
    double views = figures_value(&figures, "focal.impressions"),
           posts = figures_value(&figures, "focal.posts"),
           followers = figures_value(&figures, "focal.followers");
    figures_free(&figures);
    if (!status) status = read_creators(self, folder);
    if (isfinite(views) && isfinite(posts)) self->views += views, self->posts += posts;
    if (isfinite(followers)) self->followers += followers, self->runs++;
    return status;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean of the lowest 5 % of the values, the last one counted in part; at least one. */
static double cvar_of(double *value, size_t n)
{
    double tail = fmax(1, CVAR_SHARE * (double)n), sum = 0, left = tail;
    if (n == 0) return NAN;
    qsort(value, n, sizeof *value, by_size);
    for (size_t i = 0; i < n && left > 0; i++, left--) sum += value[i] * fmin(1, left);
    return sum / tail;
}

static enum status look_at_arm(struct advice_found *out, enum advice_stage stage, size_t arm,
                               const struct comparison_report *report, struct errors *errors)
{
    const struct comparison *c = report->comparison;
    const struct comparison_cell *cell = comparison_cell(c, 0, arm),
                                 *best = comparison_cell(c, 0, c->order[0]);
    struct purse purse = {0};
    enum status status = STATUS_OK;
    for (size_t r = 0; r < c->replications && !status; r++) {
        char *folder = replications_folder(report->run, arm, r);
        if (!folder) status = STATUS_NO_MEMORY;
        if (folder && trial_state(folder) == TRIAL_DONE)
            status = read_run(&purse, folder, errors);
        free(folder);
    }
    out->views[arm] = purse.posts > 0 ? purse.views / purse.posts : NAN;
    out->arm[out->arms++] = (struct advice_arm){
        .name = advice_name(stage, arm),
        .words = advice_words(stage, arm),
        .hour = cell->mean,
        .cvar = cvar_of(purse.hour, purse.count),
        .followers = purse.runs > 0 ? purse.followers / purse.runs / ADVICE_FOCAL : NAN,
        .wins = c->wins[arm],
        .alike = cell == best || !best->groups[0] ||
                 strpbrk(cell->groups, best->groups) != NULL,
    };
    memory_free(purse.hour);
    return status;
}

static void look_at_flips(struct advice_found *out, const struct comparison_report *report)
{
    const struct assumptions *all = report->run->assumptions;
    if (!report->flip || !all) return;
    out->uncertain = true;
    out->assumptions = all->count;
    for (size_t k = 0; k < all->count; k++) {
        const struct flip *flip = &report->flip[k];
        if ((flip->low_wins > 0.5) != (flip->high_wins > 0.5)) out->turned = true;
        if (k >= ADVICE_FLIPS) continue;
        struct advice_flip *to = &out->flip[out->flips++];
        snprintf(to->path, sizeof to->path, "%s", all->row[flip->row].path);
        to->low_wins = flip->low_wins;
        to->high_wins = flip->high_wins;
    }
}

enum status advice_look(struct advice_found *out, enum advice_stage stage,
                        const struct comparison_report *report, struct errors *errors)
{
    const struct comparison *c = report->comparison;
    enum status status = STATUS_OK;
    *out = (struct advice_found){.best = c->order[0],
                                 .replications = c->replications,
                                 .failed = c->failed,
                                 .lead = c->lead.difference};
    out->value = memory_alloc(c->arms * c->replications, sizeof *out->value);
    if (!out->value) return STATUS_NO_MEMORY;
    for (size_t k = 0; k < c->arms && !status; k++) {
        memcpy(out->value + k * c->replications, comparison_value(c, 0, c->order[k]),
               c->replications * sizeof *out->value);
        status = look_at_arm(out, stage, c->order[k], report, errors);
    }
    look_at_flips(out, report);
    return status;
}

void advice_found_free(struct advice_found *self)
{
    memory_free(self->value);
    *self = (struct advice_found){0};
}

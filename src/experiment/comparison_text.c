/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison in words, and as tables for people and programs. */
#include <math.h>
#include <string.h>

#include "experiment/comparison.h"
#include "experiment/digits.h"

static const struct comparison_cell *ranked(const struct comparison *self, size_t metric,
                                            size_t rank)
{
    return comparison_cell(self, metric, self->order[metric * self->arms + rank]);
}

static const char *arm_of(const struct comparison *self, size_t metric, size_t rank)
{
    return self->arm[self->order[metric * self->arms + rank]];
}

static bool share_a_letter(const struct comparison_cell *a, const struct comparison_cell *b)
{
    return strpbrk(a->groups, b->groups) != NULL;
}

static void print_p(double p, FILE *to)
{
    if (isnan(p))
        fputs("p not known", to);
    else if (p < 0.001)
        fputs("p < 0.001", to);
    else
        fprintf(to, "p = %.3f", p);
}

/* ------------------------------------------------------------------------------------ answer
 */

#define WITH_UNIT (DIGITS_TEXT + COMPARISON_UNIT)

static const char *with_unit(const struct comparison *self, const char *number,
                             char out[WITH_UNIT])
{
    snprintf(out, WITH_UNIT, "%s%s%s", number, *self->unit ? " " : "", self->unit);
    return out;
}

static void answer_alone(const struct comparison *self, FILE *to)
{
    const struct estimate *e = &self->cell[0].mean;
    char number[DIGITS_TEXT], mean[WITH_UNIT], interval[DIGITS_INTERVAL];
    fprintf(to, "%s of %s is %s", self->metric[0], self->arm[0],
            with_unit(self, digits_text(e->mean, 5, number), mean));
    if (e->n > 1)
        fprintf(to, ", 95 %% interval %s", digits_interval(e->low, e->high, 5, interval));
    fprintf(to, ", over %zu replication%s.\n", e->n, e->n == 1 ? "" : "s");
}

static void print_lead(const struct comparison *self, FILE *to)
{
    const struct estimate *e = &self->lead.difference;
    char mean[DIGITS_TEXT], interval[DIGITS_INTERVAL];
    digits_text(e->mean, 4, mean);
    if (e->n < 2) {
        fprintf(to, "%s (one pair: no interval)", mean);
        return;
    }
    fprintf(to, "%s, 95 %% interval %s, ", mean, digits_interval(e->low, e->high, 4, interval));
    print_p(self->lead.p, to);
    fprintf(to, " before correction, over %zu pairs", e->n);
}

void comparison_answer(const struct comparison *self, FILE *to)
{
    if (self->arms == 1) {
        answer_alone(self, to);
        return;
    }
    const struct comparison_cell *best = ranked(self, 0, 0);
    char number[DIGITS_TEXT], mean[WITH_UNIT];
    size_t like = 0;
    with_unit(self, digits_text(best->mean.mean, 5, number), mean);
    for (size_t k = 1; k < self->arms; k++) like += share_a_letter(best, ranked(self, 0, k));
    if (isnan(best->mean.mean)) {
        fprintf(to, "No replication gave %s.\n", self->metric[0]);
        return;
    }
    if (!like && best->groups[0]) {
        fprintf(to, "%s has the highest %s, %s; its lead on %s is ", arm_of(self, 0, 0),
                self->metric[0], mean, arm_of(self, 0, 1));
        print_lead(self, to);
        fputs(".\n", to);
        return;
    }
    fprintf(to, "%s: no winner. %s is highest with %s, but cannot be told apart from ",
            self->metric[0], arm_of(self, 0, 0), mean);
    for (size_t k = 1, said = 0; k < self->arms; k++) {
        if (best->groups[0] && !share_a_letter(best, ranked(self, 0, k))) continue;
        fprintf(to, "%s%s", !said++ ? "" : said == like ? " and " : ", ", arm_of(self, 0, k));
    }
    fprintf(to, "; its lead on %s is ", arm_of(self, 0, 1));
    print_lead(self, to);
    fputs(".\n", to);
}

void comparison_scope(const struct comparison *self, const struct assumptions *assumptions,
                      FILE *to)
{
    if (self->since > 0) {
        fprintf(to,
                "Luck after day %g only: all runs have one past, the same people in the same "
                "state on that day, and figures count from there on. The intervals hold for "
                "other luck of these people; other people or another past may answer "
                "otherwise.\n",
                self->since);
        return;
    }
    if (!assumptions) {
        fputs("Luck only: the intervals hold for other people and other luck under the same "
              "assumptions, and say nothing of how sure these are (compare --uncertain draws "
              "them, too).\n",
              to);
        return;
    }
    fprintf(to,
            "Luck and assumptions: each of %zu replications is a plausible world of its own, "
            "with %zu assumptions drawn within their plausible ranges, the same in all arms "
            "(%zu more are set by an arm, %zu do nothing under these arms).\n",
            self->replications, assumptions->count, assumptions->set, assumptions->idle);
}

/* ------------------------------------------------------------------------------------- table
 */

static int widest(char (*name)[COMPARISON_NAME], size_t count)
{
    size_t width = 8;
    for (size_t k = 0; k < count; k++)
        if (strlen(name[k]) > width) width = strlen(name[k]);
    return (int)width;
}

/* In a column of so many letters; a dash is one of three bytes. */
static void print_right(double value, int digits, int width, FILE *to)
{
    char text[DIGITS_TEXT];
    digits_text(value, digits, text);
    fprintf(to, " %*s", isfinite(value) ? width : width + 2, text);
}

static void print_difference(const struct comparison_cell *cell, bool baseline, FILE *to)
{
    const struct estimate *e = &cell->against.difference;
    char interval[DIGITS_INTERVAL] = "-", factor[DIGITS_TEXT] = "-", mean[DIGITS_TEXT];
    char signed_mean[DIGITS_TEXT + 1];
    if (baseline) {
        fprintf(to, "   baseline  %-26s %8s %7s  %s\n", "", "", "", cell->groups);
        return;
    }
    if (e->n > 1) digits_interval(e->low, e->high, 4, interval);
    if (isinf(cell->against.reduction))
        snprintf(factor, sizeof factor, "inf");
    else if (!isnan(cell->against.reduction))
        digits_text(cell->against.reduction, 3, factor);
    snprintf(signed_mean, sizeof signed_mean, "%s%s", e->mean >= 0 ? "+" : "",
             isnan(e->mean) ? "-" : digits_text(e->mean, 4, mean));
    fprintf(to, " %10s  %-26s %8.3g %7s  %s\n", signed_mean, interval, cell->p_adjusted, factor,
            cell->groups);
}

/* One arm: a line a metric. */
static void print_alone(const struct comparison *self, FILE *to)
{
    int width = widest(self->metric, self->metrics);
    fprintf(to, "\n%-*s %11s %10s  95 %% interval\n", width, "metric", "mean", "sd");
    for (size_t m = 0; m < self->metrics; m++) {
        const struct estimate *e = &self->cell[m].mean;
        char interval[DIGITS_INTERVAL];
        fprintf(to, "%-*s", width, self->metric[m]);
        print_right(e->mean, 5, 11, to);
        if (e->n > 1) {
            print_right(e->sd, 4, 10, to);
            fprintf(to, "  %s\n", digits_interval(e->low, e->high, 5, interval));
        } else
            fprintf(to, " %10s  -\n", "-");
    }
}

void comparison_print(const struct comparison *self, FILE *to)
{
    if (self->arms == 1) {
        print_alone(self, to);
        return;
    }
    int arm = widest(self->arm, self->arms), metric = widest(self->metric, self->metrics);
    int width = arm > metric - 2 ? arm : metric - 2;
    for (size_t m = 0; m < self->metrics; m++) {
        fprintf(to, "\n%-*s %11s %10s  %-26s %8s %7s  %s\n", width + 2, self->metric[m], "mean",
                "difference", "95 % interval", "p (Holm)", "factor", "group");
        for (size_t k = 0; k < self->arms; k++) {
            const struct comparison_cell *cell = ranked(self, m, k);
            bool baseline = self->order[m * self->arms + k] == self->baseline;
            fprintf(to, "  %-*s", width, arm_of(self, m, k));
            print_right(cell->mean.mean, 5, 11, to);
            print_difference(cell, baseline, to);
        }
    }
    fputs("\nArms that share a letter cannot be told apart. factor: how many times the "
          "replications\nseparate seeds would need for intervals as short.\n",
          to);
}

/* ------------------------------------------------------------------------------- for programs
 */

/* The name of a run may hold a comma, never a quote (cli/scenario_load.c). */
static void csv_name(const char *name, FILE *to)
{
    fprintf(to, strchr(name, ',') ? "\"%s\"" : "%s", name);
}

static void csv_number(double value, FILE *to)
{
    if (isfinite(value)) fprintf(to, "%.9g", value);
}

/* Every number of a row under its key, for CSV and JSON alike. */
#define NUMBERS 14
static const char *const number_key[NUMBERS] = {
    "mean",       "sd",           "mean_low",           "mean_high", "difference",
    "ci_low",     "ci_high",      "boot_low",           "boot_high", "p",
    "p_adjusted", "replications", "variance_reduction", "wins"};

static void numbers_of(const struct comparison *self, size_t metric, size_t arm,
                       double out[NUMBERS])
{
    const struct comparison_cell *cell = comparison_cell(self, metric, arm);
    const struct paired *pair = &cell->against;
    const double number[NUMBERS] = {
        cell->mean.mean,
        cell->mean.sd,
        cell->mean.low,
        cell->mean.high,
        pair->difference.mean,
        pair->difference.low,
        pair->difference.high,
        pair->boot_low,
        pair->boot_high,
        pair->p,
        arm == self->baseline ? pair->p : cell->p_adjusted,
        (double)(self->arms == 1 ? cell->mean.n : pair->difference.n),
        pair->reduction,
        metric == 0 ? self->wins[arm] : NAN,
    };
    memcpy(out, number, sizeof number);
}

void comparison_csv(const struct comparison *self, FILE *to)
{
    fputs("metric,arm,baseline", to);
    for (size_t k = 0; k < NUMBERS; k++) fprintf(to, ",%s", number_key[k]);
    fputs(",group\n", to);
    for (size_t m = 0; m < self->metrics; m++)
        for (size_t a = 0; a < self->arms; a++) {
            double number[NUMBERS];
            numbers_of(self, m, a, number);
            fprintf(to, "%s,", self->metric[m]);
            csv_name(self->arm[a], to);
            putc(',', to);
            csv_name(self->arm[self->baseline], to);
            for (size_t k = 0; k < NUMBERS; k++) {
                putc(',', to);
                csv_number(number[k], to);
            }
            fprintf(to, ",%s\n", comparison_cell(self, m, a)->groups);
        }
}

void comparison_json(const struct comparison *self, FILE *to)
{
    const char *between = "[";
    for (size_t m = 0; m < self->metrics; m++)
        for (size_t a = 0; a < self->arms; a++, between = ",") {
            double number[NUMBERS];
            numbers_of(self, m, a, number);
            fprintf(to, "%s\n  {\"metric\": \"%s\", \"arm\": \"%s\", \"baseline\": \"%s\"",
                    between, self->metric[m], self->arm[a], self->arm[self->baseline]);
            for (size_t k = 0; k < NUMBERS; k++) {
                fprintf(to, ", \"%s\": ", number_key[k]);
                if (isfinite(number[k]))
                    fprintf(to, "%.9g", number[k]);
                else
                    fputs("null", to);
            }
            fprintf(to, ", \"group\": \"%s\"}", comparison_cell(self, m, a)->groups);
        }
    fprintf(to, "%s\n]\n", *between == '[' ? "[" : "");
}

void comparison_values_csv(const struct comparison *self, FILE *to)
{
    fputs("metric,arm,replication,value\n", to);
    for (size_t m = 0; m < self->metrics; m++)
        for (size_t a = 0; a < self->arms; a++)
            for (size_t r = 0; r < self->replications; r++) {
                fprintf(to, "%s,", self->metric[m]);
                csv_name(self->arm[a], to);
                fprintf(to, ",%zu,", r);
                csv_number(comparison_value(self, m, a)[r], to);
                putc('\n', to);
            }
}

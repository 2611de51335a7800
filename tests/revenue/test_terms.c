/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terms of every stream: who may earn by it, what it costs, what the platform keeps, when
 * creators are paid, what goes back, what viewers make of being sold to. Each is a setting, or
 * there is a reason for none; docs/ODD.md says the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/lab.h"

enum term { GATES, PRICES, CUT, DELAY, REFUNDS, REACTION, TERMS };
static const char *const term_name[TERMS] = {"gates", "prices",  "the platform's cut",
                                             "delay", "refunds", "reaction"};

/* Names of settings, below revenue.STREAM or whole; or a reason for none. */
#define NONE "none: "
#define RULE "rule: "
#define SELLS "viewers.match.commercial"
#define STORE "platform_cut revenue.store_fee"
static const struct terms {
    const char *stream, *term[TERMS];
} all[] = {
    {"ads",
     {"min_followers min_views", "cpm reserve segments.value segments.budget", "creator_share",
      "payout_days", NONE "an ad that was shown is paid for",
      "platform.ads.load viewers.session.ad_seconds viewers.session.ad_cost"}},
    {"tips",
     {"min_followers", "median least", STORE, "payout_days", NONE "gifts are final",
      NONE "nothing is pitched"}},
    {"subscription",
     {"min_followers", "tiers price_ordinary price_response", STORE, "payout_days refund_days",
      "refund refund_days", SELLS " creators.exclusive"}},
    {"creator_fund",
     {"min_followers min_views", "pool", NONE "it is the platform's own money", "payout_days",
      NONE "nobody has bought anything", NONE "nobody is sold anything"}},
    {"commerce",
     {"min_followers", "basket basket_ordinary commission price_response", "platform_cut",
      "hold_days", "returns hold_days", SELLS}},
    {"course",
     {"min_followers", "price price_ordinary price_response", STORE, "refund_days",
      "refund completion refund_days", SELLS}},
    {"sponsor",
     {"min_followers", "per_mille budget", "platform_cut", "days",
      RULE "without a video in time the brand has all back", SELLS}},
    {"group_buy",
     {"min_followers", "price price_ordinary price_response", STORE, "payout_days",
      "threshold seats hours", SELLS}},
    {"collectible",
     {"min_followers", "price price_ordinary price_response gain", STORE " royalty",
      "payout_days", RULE "who comes too late has all back", SELLS}},
    {"elsewhere",
     {"growth.cross_platform.adopt", "per_mille", NONE "this platform has no part",
      NONE "it is paid by the day", NONE "sold to others, elsewhere",
      NONE "sold to others, elsewhere"}},
};
#define STREAMS (sizeof all / sizeof *all)

static bool is_reason(const char *term)
{
    return strncmp(term, NONE, strlen(NONE)) == 0 || strncmp(term, RULE, strlen(RULE)) == 0;
}

/* Calls `each` for every name of a term; false when it ever is. */
static bool every_name(const char *names, bool (*each)(void *context, const char *name),
                       void *context)
{
    char text[256], *rest = text;
    bool good = true;
    snprintf(text, sizeof text, "%s", names);
    for (char *name; (name = strsep(&rest, " "));) good &= each(context, name);
    return good;
}

/* The row of that whole name; NULL = there is none. */
static const struct schema_row *row_of(const struct lab *lab, const char *path)
{
    for (size_t b = 0; b < lab->model.parameters.block_count; b++) {
        const struct schema_table *table = lab->model.parameters.blocks[b].table;
        size_t n = strlen(table->prefix);
        if (strncmp(path, table->prefix, n) != 0 || path[n] != '.') continue;
        for (size_t r = 0; r < table->row_count; r++)
            if (strcmp(table->rows[r].path, path + n + 1) == 0) return &table->rows[r];
    }
    return NULL;
}

struct asking {
    const struct lab *lab;
    const struct terms *of;
    const char *cell; /* of the page; as long as `length` */
    size_t length;
    const char *wanted;
};

/* A setting of the stream's own, or of anybody's, that moves something. */
static bool is_setting(void *context, const char *name)
{
    const struct asking *self = context;
    char path[128];
    snprintf(path, sizeof path, "revenue.%s.%s", self->of->stream, name);
    const struct schema_row *row = row_of(self->lab, path);
    if (!row) row = row_of(self->lab, name);
    if (row && row->moves) return true;
    print_error("%s: %s is no setting that moves anything\n", self->of->stream, name);
    return false;
}

static bool is_wanted(void *context, const char *name)
{
    return strcmp(((const struct asking *)context)->wanted, name) != 0;
}

static bool names(const struct terms *of, enum term term, const char *name)
{
    struct asking asking = {.of = of, .wanted = name};
    return !is_reason(of->term[term]) && !every_name(of->term[term], is_wanted, &asking);
}

static const struct terms *terms_of(const char *stream)
{
    for (size_t i = 0; i < STREAMS; i++)
        if (strcmp(all[i].stream, stream) == 0) return &all[i];
    return NULL;
}

static void every_stream_has_its_terms(void **state)
{
    struct lab lab;
    bool good = true;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    const struct registry *streams = registry_kind(&lab.model.registries, "stream");
    assert_int_equal(streams->count, STREAMS);
    for (size_t m = 0; m < streams->count; m++) {
        const struct terms *of = terms_of(streams->member[m]->name);
        if (!of) fail_msg("no terms of %s", streams->member[m]->name);
        struct asking asking = {.lab = &lab, .of = of};
        for (int t = 0; t < TERMS; t++) {
            if (!of->term[t]) fail_msg("%s: nothing about %s", of->stream, term_name[t]);
            if (!is_reason(of->term[t])) good &= every_name(of->term[t], is_setting, &asking);
        }
    }
    lab_free(&lab);
    assert_true(good);
}

/* What a setting is by its name; TERMS = one may not tell. */
static enum term told_by(const char *name)
{
    if (strncmp(name, "min_", 4) == 0) return GATES;
    if (strcmp(name, "platform_cut") == 0 || strcmp(name, "creator_share") == 0) return CUT;
    if (strcmp(name, "payout_days") == 0 || strcmp(name, "hold_days") == 0) return DELAY;
    if (strncmp(name, "refund", 6) == 0 || strncmp(name, "return", 6) == 0) return REFUNDS;
    if (strncmp(name, "price", 5) == 0) return PRICES;
    return TERMS;
}

/* A new gate, cut, delay or refund belongs into the list above. */
static void no_term_is_left_out(void **state)
{
    struct lab lab;
    size_t seen = 0;
    (void)state;
    assert_int_equal(lab_init(&lab, lab_tiny, NULL), STATUS_OK);
    const struct registry *streams = registry_kind(&lab.model.registries, "stream");
    for (size_t m = 0; m < streams->count; m++) {
        const struct schema_table *table = streams->member[m]->parameters;
        for (size_t r = 0; table && r < table->row_count; r++) {
            enum term term = told_by(table->rows[r].path);
            if (term == TERMS) continue;
            seen++;
            if (!names(terms_of(streams->member[m]->name), term, table->rows[r].path))
                fail_msg("%s.%s is not among %s", table->prefix, table->rows[r].path,
                         term_name[term]);
        }
    }
    lab_free(&lab);
    assert_true(seen > 30);
}

/* ------------------------------------------------------------------------------- the page */

static bool is_in_cell(void *context, const char *name)
{
    const struct asking *self = context;
    char quoted[128], cell[512];
    snprintf(quoted, sizeof quoted, "`%s`", name);
    snprintf(cell, sizeof cell, "%.*s", (int)self->length, self->cell);
    if (strstr(cell, quoted)) return true;
    print_error("docs/ODD.md, %s: no %s in \"%s\"\n", self->of->stream, quoted, cell);
    return false;
}

/* The cells of a row of the table behind its first. */
static bool says_row(const char *line, const struct terms *of)
{
    const char *cell = strchr(line + 1, '|');
    bool good = true;
    for (int t = 0; t < TERMS; t++) {
        const char *end = cell ? strchr(cell + 1, '|') : NULL;
        if (!end) return false;
        struct asking asking = {.of = of, .cell = cell + 1, .length = (size_t)(end - cell - 1)};
        if (is_reason(of->term[t])) {
            bool same = asking.length == strlen(of->term[t]) + 2 &&
                        strncmp(cell + 2, of->term[t], asking.length - 2) == 0;
            if (!same) print_error("docs/ODD.md, %s: not \"%s\"\n", of->stream, of->term[t]);
            good &= same;
        } else {
            good &= every_name(of->term[t], is_in_cell, &asking);
        }
        cell = end;
    }
    return good;
}

static void the_page_says_the_same(void **state)
{
    FILE *page = fopen("docs/ODD.md", "r");
    char line[2048], head[64];
    size_t found = 0;
    bool good = true;
    (void)state;
    assert_non_null(page);
    while (fgets(line, sizeof line, page))
        for (size_t i = 0; i < STREAMS; i++) {
            snprintf(head, sizeof head, "| `%s` | ", all[i].stream);
            if (strncmp(line, head, strlen(head)) != 0) continue;
            found++;
            good &= says_row(line, &all[i]);
        }
    fclose(page);
    assert_int_equal(found, STREAMS);
    assert_true(good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stream_has_its_terms),
        cmocka_unit_test(no_term_is_left_out),
        cmocka_unit_test(the_page_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

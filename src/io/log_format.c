/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log_format.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/parameters_suggest.h"

#define FIELDS_MOST 256 /* columns of a header that are looked at */
#define NAME_MOST 64

const char *const log_column_name[LOG_COLUMNS] = {
#define LOG_ACT_NAME(name) #name,
    "user", "item", "value", "time", "author", AUDIENCE_ACT_LIST(LOG_ACT_NAME)
#undef LOG_ACT_NAME
};

/* Well-known logs. Names in a header are tried in their order, parted by '|'; without a header
 * the columns are 0 to 3. */
struct preset {
    const char *name, *column[LOG_AUTHOR];
    const char *mark; /* a column that tells this log from others; NULL = only by name */
    bool headless;
};
static const struct preset presets[] = {
    {"movielens", {"userId", "movieId", "rating", "timestamp"}, "movieId", true},
    {"recbole",
     {"user_id:token", "item_id:token", "rating:float|label:float", "timestamp:float"},
     "user_id:token",
     false},
    {"kuairec", {"user_id", "video_id", "watch_ratio", "timestamp"}, "watch_ratio", false},
    {"kuairand", {"user_id", "video_id", "long_view", "time_ms"}, "long_view", false},
    {"plain",
     {"user|user_id|userid|uid|viewer", "item|item_id|itemid|video|video_id|movie_id|viewed",
      "value|rating|score|reward|label", "time|timestamp|time_ms|timestamp_ms"},
     NULL,
     true},
};
#define PRESETS (sizeof presets / sizeof presets[0])

/* What headers call the details, whatever the preset. */
static const char *const detail_names[LOG_COLUMNS - LOG_AUTHOR] = {
    "author|author_id|creator|creator_id|uploader",
    "like|is_like",
    "comment|is_comment",
    "share|is_share|is_forward",
    "follow|is_follow",
    "profile|is_profile_enter",
    "hide|is_hate",
    "report|is_report"};

const char *const log_presets[] = {"movielens", "recbole", "kuairec",
                                   "kuairand",  "plain",   NULL};

struct header {
    struct field field[FIELDS_MOST];
    int count;
};

static struct field trimmed(struct field field)
{
    while (field.length && (field.text[0] == ' ' || field.text[0] == '\t'))
        field.text++, field.length--;
    while (field.length && strchr(" \t\r", field.text[field.length - 1])) field.length--;
    return field;
}

static const char *find_delimiter(const struct log_format *self, struct field rest)
{
    return memmem(rest.text, rest.length, self->delimiter, strlen(self->delimiter));
}

bool log_format_cut(const struct log_format *self, struct field *rest, struct field *out)
{
    if (!rest->text) return false;
    struct field from = *rest;
    size_t skip = 0;
    if (from.length > 1 && from.text[0] == '"') { /* up to a quote before a delimiter */
        const char *quote = memchr(from.text + 1, '"', from.length - 1);
        while (quote && quote + 1 < from.text + from.length && quote[1] == '"')
            quote = memchr(quote + 2, '"', (size_t)(from.text + from.length - quote - 2));
        if (quote) skip = (size_t)(quote - from.text) + 1;
    }
    const struct field after = {from.text + skip, from.length - skip};
    const char *end = find_delimiter(self, after);
    out->text = from.text;
    out->length = end ? (size_t)(end - from.text) : from.length;
    size_t used = out->length + strlen(self->delimiter);
    *rest = end ? (struct field){from.text + used, from.length - used}
                : (struct field){NULL, 0};
    *out = trimmed(*out);
    if (out->length > 1 && out->text[0] == '"' && out->text[out->length - 1] == '"') {
        out->text++;
        out->length -= 2;
    }
    return true;
}

/* ----------------------------------------------------------------------------------- numbers
 */

/* What strtod says of the few that are not plain decimals. */
static bool read_odd_number(struct field field, double *out)
{
    char text[64], *end;
    if (field.length >= sizeof text || memchr(field.text, 0, field.length)) return false;
    memcpy(text, field.text, field.length);
    text[field.length] = 0;
    *out = strtod(text, &end);
    return end != text && !*end && isfinite(*out);
}

/* Up to 15 digits and 22 of them behind the point are exact: one rounding, as strtod's. */
bool log_format_number(struct field field, double *out)
{
    static const double power[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    int64_t number = 0;
    size_t i = 0, digits = 0, behind = 0;
    bool minus = field.length && field.text[0] == '-', point = false;
    for (i = minus; i < field.length && digits <= 15; i++) {
        char c = field.text[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') break;
        number = number * 10 + (c - '0');
        digits++;
        behind += point;
    }
    if (i < field.length || digits == 0 || digits > 15) return read_odd_number(field, out);
    *out = (minus ? -1.0 : 1.0) * ((double)number / power[behind]);
    return true;
}

/* ------------------------------------------------------------------------------- the columns
 */

static void find_delimiter_of(struct log_format *self, struct field line)
{
    static const char *const known[] = {"\t", ",", ";", "::", "|", " "};
    size_t k = 0;
    for (; k < sizeof known / sizeof known[0]; k++) {
        snprintf(self->delimiter, sizeof self->delimiter, "%s", known[k]);
        if (find_delimiter(self, line)) return;
    }
    snprintf(self->delimiter, sizeof self->delimiter, ",");
}

static void read_header(const struct log_format *self, struct field line, struct header *out)
{
    for (out->count = 0; out->count < FIELDS_MOST; out->count++)
        if (!log_format_cut(self, &line, &out->field[out->count])) return;
}

static bool same(struct field field, const char *name, size_t length)
{
    return field.length == length && strncasecmp(field.text, name, length) == 0;
}

/* The column of one of the names "a|b"; -1 when there is none. */
static int column_of(const struct header *header, const char *names)
{
    while (*names) {
        size_t length = strcspn(names, "|");
        for (int c = 0; c < header->count; c++)
            if (same(header->field[c], names, length)) return c;
        names += length + (names[length] == '|');
    }
    return -1;
}

static void add_words(struct log_format *self, const char *format, ...) PRINTF_LIKE(2, 3);
static void add_words(struct log_format *self, const char *format, ...)
{
    size_t used = strlen(self->words);
    va_list list;
    va_start(list, format);
    vsnprintf(self->words + used, sizeof self->words - used, format, list);
    va_end(list);
}

/* The text of a header's field, shortened and fit to print. */
static const char *shown(struct field field, char out[NAME_MOST])
{
    size_t length = field.length < NAME_MOST - 1 ? field.length : NAME_MOST - 1;
    for (size_t i = 0; i < length; i++)
        out[i] = field.text[i] < ' ' || field.text[i] == 127 ? '?' : field.text[i];
    out[length] = 0;
    return out;
}

static void describe(struct log_format *self, const struct header *header, const char *origin)
{
    char name[NAME_MOST];
    add_words(self, "%s",
              *self->delimiter == '\t'  ? "tabs"
              : *self->delimiter == ',' ? "commas"
              : *self->delimiter == ' ' ? "spaces"
                                        : self->delimiter);
    for (int c = 0; c < LOG_COLUMNS; c++) {
        if (self->at[c] < 0) continue;
        if (self->header && self->at[c] < header->count)
            add_words(self, ", %s=%s", log_column_name[c],
                      shown(header->field[self->at[c]], name));
        else
            add_words(self, ", %s=%d", log_column_name[c], self->at[c]);
    }
    add_words(self, " (%s)", origin);
}

static enum status complain_column(const char *path, const char *name,
                                   const struct header *header, struct errors *errors)
{
    char near[NAME_MOST] = "", found[NAME_MOST], all[256] = "";
    int best = (int)strlen(name) / 3 + 2;
    for (int c = 0; c < header->count; c++) {
        shown(header->field[c], found);
        int distance = parameters_suggest_distance(name, found);
        if (distance < best) {
            best = distance;
            snprintf(near, sizeof near, "%s", found);
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", c ? ", " : "", found);
    }
    return errors_add(errors, STATUS_BAD_INPUT, "%s:1: there is no column \"%s\"%s%s%s", path,
                      name, *near ? ", did you mean \"" : "; there are: ", *near ? near : all,
                      *near ? "\"?" : "");
}

/* One "user=0" or "value=watch_ratio". */
static enum status map_one(struct log_format *self, const char *path, struct field pair,
                           const struct header *header, struct errors *errors)
{
    char text[128], *equals;
    snprintf(text, sizeof text, "%.*s", (int)pair.length, pair.text);
    equals = strchr(text, '=');
    int column = 0;
    if (equals) *equals++ = 0;
    while (column < LOG_COLUMNS && strcmp(text, log_column_name[column]) != 0) column++;
    if (!equals || !*equals || column == LOG_COLUMNS)
        return errors_add(errors, STATUS_USAGE,
                          "--columns: \"%.*s\" must be user=, item=, value=, time=, author= or "
                          "an act's name, and a column's number (from 0) or name",
                          (int)pair.length, pair.text);
    if (column >= self->columns)
        return errors_add(errors, STATUS_USAGE,
                          "--columns: \"%.*s\": only `reelsim fit` learns of authors and acts; "
                          "here must be user=, item=, value= or time=",
                          (int)pair.length, pair.text);
    char *end;
    long number = strtol(equals, &end, 10);
    if (*end) {
        self->header = true;
        number = column_of(header, equals);
        if (number < 0) return complain_column(path, equals, header, errors);
        if (strstr(equals, "_ms")) self->seconds = 0.001;
    } else if (number < 0 || number >= header->count) {
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s:1: %s is column %s, must be in [0, %d]: the first line has %d",
                          path, log_column_name[column], equals, header->count - 1,
                          header->count);
    }
    self->at[column] = (int)number;
    return STATUS_OK;
}

static enum status map_columns(struct log_format *self, const char *path, const char *map,
                               const struct header *header, struct errors *errors)
{
    while (*map) {
        size_t length = strcspn(map, ",");
        enum status status = map_one(self, path, (struct field){map, length}, header, errors);
        if (status) return status;
        map += length + (map[length] == ',');
    }
    if (self->at[LOG_USER] >= 0 && self->at[LOG_ITEM] >= 0) return STATUS_OK;
    return errors_add(errors, STATUS_USAGE, "--columns must name a user and an item");
}

/* By the names of a preset; those of value and time may be missing. */
static enum status take_preset(struct log_format *self, const char *path,
                               const struct preset *preset, const struct header *header,
                               struct errors *errors)
{
    int known = 0;
    for (int c = 0; c < LOG_AUTHOR; c++) {
        self->at[c] = column_of(header, preset->column[c]);
        known += self->at[c] >= 0;
    }
    if (known == 0 && preset->headless) { /* u.data has no header */
        for (int c = 0; c < LOG_AUTHOR; c++) self->at[c] = c < header->count ? c : -1;
        if (header->count >= 2) return STATUS_OK;
        return errors_add(errors, STATUS_BAD_INPUT,
                          "%s:1: needs at least two columns, user and item, parted by tab, "
                          "comma, semicolon, '|', '::' or space",
                          path);
    }
    self->header = true;
    for (int c = LOG_AUTHOR; c < self->columns; c++)
        self->at[c] = column_of(header, detail_names[c - LOG_AUTHOR]);
    for (int c = LOG_USER; c <= LOG_ITEM; c++)
        if (self->at[c] < 0) {
            char name[NAME_MOST];
            snprintf(name, sizeof name, "%.*s", (int)strcspn(preset->column[c], "|"),
                     preset->column[c]);
            return complain_column(path, name, header, errors);
        }
    int time = self->at[LOG_TIME];
    if (time >= 0 && header->field[time].length > 3 &&
        memcmp(header->field[time].text + header->field[time].length - 3, "_ms", 3) == 0)
        self->seconds = 0.001;
    return STATUS_OK;
}

static const struct preset *preset_named(const char *name)
{
    for (size_t p = 0; p < PRESETS; p++)
        if (strcmp(presets[p].name, name) == 0) return &presets[p];
    return NULL;
}

static const struct preset *preset_by_header(const struct header *header)
{
    for (size_t p = 0; p < PRESETS; p++)
        if (presets[p].mark && column_of(header, presets[p].mark) >= 0) return &presets[p];
    return preset_named("plain");
}

/* Columns by number: the first line is a header when a number of its is none. */
static void look_for_header(struct log_format *self, const struct header *header)
{
    double number;
    for (int c = LOG_VALUE; c <= LOG_TIME; c++) /* of other columns words may be values */
        if (self->at[c] >= 0 && !log_format_number(header->field[self->at[c]], &number))
            self->header = true;
    if (preset_by_header(header)->mark) self->header = true;
}

enum status log_format_find(struct log_format *self, const char *path, struct field line,
                            const struct log_options *options, struct errors *errors)
{
    *self = (struct log_format){.seconds = 1,
                                .columns = options->details ? LOG_COLUMNS : LOG_AUTHOR};
    for (int c = 0; c < LOG_COLUMNS; c++) self->at[c] = -1;
    enum status status = STATUS_OK;
    find_delimiter_of(self, line);
    struct header header;
    read_header(self, line, &header);
    const struct preset *preset = options->preset ? preset_named(options->preset)
                                                  : preset_by_header(&header);
    const char *origin = options->columns ? "--columns" : preset ? preset->name : "";
    if (!preset) {
        status = errors_add(errors, STATUS_USAGE,
                            "--preset %s: must be movielens, recbole, kuairec, kuairand or "
                            "plain",
                            options->preset);
    } else if (options->columns) {
        status = map_columns(self, path, options->columns, &header, errors);
        if (!status) look_for_header(self, &header);
    } else {
        status = take_preset(self, path, preset, &header, errors);
        if (!status && !self->header && !options->preset) origin = "by position: no header";
    }
    for (int c = 0; c < LOG_COLUMNS; c++) {
        if (c >= self->columns) self->at[c] = -1;
        if (self->at[c] > self->last) self->last = self->at[c];
    }
    if (!status) describe(self, &header, origin);
    return status;
}

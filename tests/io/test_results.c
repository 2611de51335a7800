/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/results.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>

#include "io/checkpoint.h"
#include "lab.h"

static const struct column columns[] = {
    {"day", "d", "the day"}, {"name", "1", "a name"}, {"income", "currency", "an income"}};
static const struct table_shape shape = {columns, 3};

struct box {
    char *folder, *final;
    const char *tables;
    struct results results;
    struct errors errors;
};

static struct box box_open(void)
{
    struct box b = {.folder = lab_open(), .results.lock = -1};
    b.final = file_join(b.folder, "deep/run");
    return b;
}

static void box_close(struct box *b)
{
    results_free(&b->results);
    free(b->final);
    lab_close(b->folder);
    errors_free(&b->errors);
}

static enum status open_run(struct box *b, bool force, bool resume)
{
    const struct results_options options = {
        .folder = b->final, .force = force, .resume = resume, .tables = b->tables};
    errors_free(&b->errors);
    results_free(&b->results);
    enum status status = results_open(&b->results, &options, &b->errors);
    for (int t = 0; t < TABLES; t++) results_shape(&b->results, (enum table_id)t, shape);
    return status;
}

static enum status row(struct box *b, enum table_id table, int day, const char *name)
{
    struct row_sink sink = results_sink(&b->results);
    const struct cell cells[] = {cell_int(day), cell_text(name),
                                 cell_money(day * INT64_C(1000001))};
    return sink.emit(sink.self, table, cells, 3);
}

static void finish(struct box *b)
{
    char *path = results_path(&b->results, "manifest.json");
    lab_write(path, "{}", 2);
    free(path);
    assert_int_equal(results_close(&b->results, &b->errors), STATUS_OK);
    assert_int_equal(results_finish(&b->results, &b->errors), STATUS_OK);
    results_free(&b->results);
}

static void assert_table(struct box *b, const char *name, const char *text)
{
    size_t size = 0;
    char *path = file_join(b->folder, name), *found = lab_read(path, &size);
    assert_non_null(found);
    assert_string_equal(found, text);
    free(found);
    free(path);
}

static bool there(const struct box *b, const char *name) { return lab_exists(b->folder, name); }

static void cells_are_written_as_csv(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    struct row_sink sink = results_sink(&b.results);
    const struct cell rows[][3] = {
        {cell_int(INT64_MIN), cell_text("plain"), cell_money(1)},
        {cell_float(0.1), cell_text("a,b"), cell_money(-1)},
        {cell_float(1e300), cell_text("say \"hi\""), cell_money(INT64_MIN)},
        {cell_float(-0.0), cell_text("two\nlines"), cell_money(12345678)},
        {cell_float((double)NAN), cell_text(""), cell_empty()},
        {cell_float((double)INFINITY), cell_text("\xE7\x9F\xAD"), cell_money(0)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(sink.emit(sink.self, TABLE_SERIES, rows[i], 3), STATUS_OK);
    finish(&b);
    assert_table(&b, "deep/run/series.csv",
                 "day,name,income\n"
                 "-9223372036854775808,plain,0.000001\n"
                 "0.1,\"a,b\",-0.000001\n"
                 "1e+300,\"say \"\"hi\"\"\",-9223372036854.775808\n"
                 "-0,\"two\nlines\",12.345678\n"
                 ",,\n"
                 ",\xE7\x9F\xAD,0.000000\n");
    assert_table(&b, "deep/run/videos.csv", "day,name,income\n"); /* no row: a header */
    box_close(&b);
}

static void a_run_has_its_final_name_only_when_whole(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    assert_int_equal(row(&b, TABLE_SERIES, 1, "x"), STATUS_OK);
    assert_true(there(&b, "deep/run.partial/lock"));
    assert_false(there(&b, "deep/run"));
    finish(&b);
    assert_false(there(&b, "deep/run.partial"));
    assert_true(there(&b, "deep/run/series.csv"));
    assert_false(there(&b, "deep/run/lock"));
    box_close(&b);
}

/* Whatever keeps a run from its final name leaves it what to go on from. */
static void a_run_without_its_name_keeps_its_checkpoint(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    char *inside = file_join(b.final, "other"), *path = results_path(&b.results, "checkpoint");
    lab_write(path, "x", 1);
    assert_int_equal(file_make_folder_of(inside, &b.errors), STATUS_OK);
    lab_write(inside, "x", 1);
    assert_int_equal(results_close(&b.results, &b.errors), STATUS_OK);
    assert_int_equal(results_finish(&b.results, &b.errors), STATUS_IO);
    assert_true(there(&b, "deep/run.partial/checkpoint"));
    assert_true(file_remove(b.final));
    assert_int_equal(results_finish(&b.results, &b.errors), STATUS_OK);
    assert_false(there(&b, "deep/run/checkpoint") || there(&b, "deep/run/lock"));
    free(path);
    free(inside);
    box_close(&b);
}

static void a_finished_run_is_replaced_only_by_force(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    row(&b, TABLE_SERIES, 1, "old");
    finish(&b);
    assert_int_equal(open_run(&b, false, false), STATUS_BAD_INPUT);
    assert_says(&b.errors, "a finished run of that name is there; --force replaces it");
    assert_false(there(&b, "deep/run.partial"));

    assert_int_equal(open_run(&b, true, false), STATUS_OK);
    row(&b, TABLE_SERIES, 2, "new");
    assert_table(&b, "deep/run/series.csv",
                 "day,name,income\n1,old,1.000001\n"); /* till then */
    finish(&b);
    assert_table(&b, "deep/run/series.csv", "day,name,income\n2,new,2.000002\n");
    assert_false(there(&b, "deep/run.partial"));
    assert_false(there(&b, "deep/run.replaced"));
    box_close(&b);
}

/* What is not a run's is never removed: neither folder, nor file, nor what a link points at. */
static void foreign_folders_are_left_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"deep/run", "deep/run.partial"};
    for (int i = 0; i < 4; i++) {
        struct box b = box_open();
        char *deep = file_join(b.folder, "deep"), *place = file_join(b.folder, names[i / 2]),
             *letter = file_join(place, "letter");
        assert_int_equal(mkdir(deep, 0700), 0);
        if (i % 2) {
            lab_write(place, "precious", 8);
        } else {
            assert_int_equal(mkdir(place, 0700), 0);
            lab_write(letter, "precious", 8);
        }
        assert_int_equal(open_run(&b, true, false), STATUS_BAD_INPUT);
        assert_says(&b.errors,
                    i / 2 ? "was not left by an interrupted run" : "no manifest.json");
        results_discard(&b.results);
        assert_true(i % 2 ? there(&b, names[i / 2]) : access(letter, R_OK) == 0);
        free(letter);
        free(place);
        free(deep);
        box_close(&b);
    }
}

static void a_link_is_replaced_not_what_it_points_at(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    row(&b, TABLE_SERIES, 1, "old");
    finish(&b);
    char *elsewhere = file_join(b.folder, "elsewhere");
    assert_int_equal(rename(b.final, elsewhere), 0);
    assert_int_equal(symlink("../elsewhere", b.final), 0);
    assert_int_equal(open_run(&b, true, false), STATUS_OK);
    row(&b, TABLE_SERIES, 2, "new");
    finish(&b);
    assert_table(&b, "elsewhere/series.csv", "day,name,income\n1,old,1.000001\n");
    assert_table(&b, "deep/run/series.csv", "day,name,income\n2,new,2.000002\n");
    free(elsewhere);
    box_close(&b);
}

static void one_process_at_a_time_writes_there(void **state)
{
    (void)state;
    struct box b = box_open(), c = {.final = b.final, .results.lock = -1};
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    assert_int_equal(open_run(&c, false, false), STATUS_BAD_INPUT);
    assert_says(&c.errors, "another process is writing there");
    results_discard(&c.results); /* must not remove the folder of the other */
    assert_true(there(&b, "deep/run.partial/lock"));
    results_free(&b.results); /* interrupted, without a checkpoint: begun anew by anyone */
    assert_int_equal(open_run(&c, false, false), STATUS_OK);
    results_free(&c.results);
    errors_free(&c.errors);
    box_close(&b);
}

static void a_run_that_never_began_leaves_nothing(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    results_discard(&b.results);
    assert_false(there(&b, "deep/run.partial"));
    results_discard(&b.results); /* zeroed: nothing happens */
    box_close(&b);
}

/* --------------------------------------------------------------------- checkpoint and resume
 */

struct saved {
    struct results *results;
    uint32_t day;
};

static void visit_day(void *context, struct visitor *v)
{
    struct saved *saved = context;
    VISIT_VALUE(v, "day", saved->day);
    results_visit(saved->results, v);
}

static void save(struct box *b, uint32_t day)
{
    struct saved saved = {&b->results, day};
    char *path = results_path(&b->results, "checkpoint");
    assert_int_equal(checkpoint_save(path, visit_day, &saved, &b->errors), STATUS_OK);
    free(path);
}

static uint32_t load(struct box *b)
{
    struct saved saved = {&b->results, 0};
    char *path = results_path(&b->results, "checkpoint");
    assert_int_equal(checkpoint_load(path, visit_day, &saved, &b->errors), STATUS_OK);
    free(path);
    return saved.day;
}

static void day(struct box *b, uint32_t number)
{
    char text[32];
    snprintf(text, sizeof text, "day %u", number);
    assert_int_equal(row(b, TABLE_SERIES, (int)number, text), STATUS_OK);
    if (number >= 2) assert_int_equal(row(b, TABLE_VIDEOS, (int)number, text), STATUS_OK);
}

static const char six_days[] =
    "day,name,income\n1,day 1,1.000001\n2,day 2,2.000002\n3,day 3,"
    "3.000003\n4,day 4,4.000004\n5,day 5,5.000005\n6,day 6,6.000006\n";

/* Killed after `marks` marks of which the last has its checkpoint only if `saved`, with `more`
 * days written behind it. */
static void kill_and_resume(int marks, bool saved, int more)
{
    struct box b = box_open();
    uint32_t now = 0;
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    for (int m = 0; m < marks; m++) {
        day(&b, ++now);
        assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
        if (m + 1 < marks || saved) save(&b, now);
    }
    for (int i = 0; i < more; i++) day(&b, ++now);
    if (marks == 1 && !saved) {
        assert_int_equal(open_run(&b, false, true), STATUS_BAD_INPUT);
        assert_says(&b.errors, "there is nothing to resume");
        box_close(&b);
        return;
    }
    assert_int_equal(open_run(&b, false, false), STATUS_BAD_INPUT);
    assert_says(&b.errors, "an interrupted run is there; --resume goes on with it");

    assert_int_equal(open_run(&b, false, true), STATUS_OK);
    now = load(&b);
    assert_int_equal(now, saved ? marks : marks - 1);
    assert_int_equal(results_rewind(&b.results, &b.errors), STATUS_OK);
    while (now < 6) {
        day(&b, ++now);
        if (now == 4) assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
    }
    finish(&b);
    assert_table(&b, "deep/run/series.csv", six_days);
    char videos[sizeof six_days]; /* the same without day 1, which a killed run never wrote */
    snprintf(videos, sizeof videos, "day,name,income\n%s", strstr(six_days, "2,day"));
    assert_table(&b, "deep/run/videos.csv", videos);
    box_close(&b);
}

static void a_killed_run_ends_with_the_same_bytes(void **state)
{
    (void)state;
    for (int marks = 1; marks <= 3; marks++)
        for (int saved = 0; saved < 2; saved++)
            for (int more = 0; more < 3; more++) kill_and_resume(marks, saved, more);
}

/* Two resumes, the second of a run that was killed before it saved again. */
static void a_run_may_be_killed_twice(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    day(&b, 1);
    assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
    save(&b, 1);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(open_run(&b, false, true), STATUS_OK);
        assert_int_equal(load(&b), 1);
        assert_int_equal(results_rewind(&b.results, &b.errors), STATUS_OK);
        day(&b, 2);
        day(&b, 3);
        assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
    }
    save(&b, 3);
    char *half = results_path(&b.results,
                              "checkpoint.new"); /* killed in the middle of a save */
    lab_write(half, "half", 4);
    free(half);
    assert_int_equal(open_run(&b, false, true), STATUS_OK);
    assert_false(there(&b, "deep/run.partial/checkpoint.new"));
    assert_int_equal(load(&b), 3);
    assert_int_equal(results_rewind(&b.results, &b.errors), STATUS_OK);
    for (uint32_t d = 4; d <= 6; d++) day(&b, d);
    finish(&b);
    assert_table(&b, "deep/run/series.csv", six_days);
    box_close(&b);
}

/* ---------------------------------------------------------------------------- packed tables
 */

static void visit_packed(void *context, struct visitor *v)
{
    results_visit(&((struct box *)context)->results, v);
}

static void packed_rows(struct box *b, int from, int to)
{
    char text[64];
    for (int i = from; i < to; i++) {
        snprintf(text, sizeof text, "posting %d of %d", i * 7919 % 1000, i);
        assert_int_equal(row(b, TABLE_MONEY, i, text), STATUS_OK);
    }
}

static char *packed_bytes(struct box *b, size_t *size)
{
    char *path = file_join(b->final, "money.csv.zst"), *bytes;
    finish(b);
    bytes = lab_read(path, size);
    assert_non_null(bytes);
    free(path);
    return bytes;
}

/* Some 2 MB of rows: a run that is killed and resumed, with text that fills no frame at the
 * checkpoint, before the first frame and after some, ends with the bytes of one that is not. */
static void packed_tables_are_resumed_to_the_same_bytes(void **state)
{
    static const int marks[] = {3, 1000, 40000};
    size_t size, resumed;
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    packed_rows(&b, 0, 60000);
    char *whole = packed_bytes(&b, &size);
    assert_true(size > 60000 && size < 1000000);
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
        assert_int_equal(open_run(&b, true, false), STATUS_OK);
        packed_rows(&b, 0, marks[m]);
        assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
        char *path = results_path(&b.results, "checkpoint");
        assert_int_equal(checkpoint_save(path, visit_packed, &b, &b.errors), STATUS_OK);
        packed_rows(&b, marks[m], marks[m] + 20000);
        assert_int_equal(open_run(&b, true, true), STATUS_OK); /* killed and resumed */
        assert_int_equal(checkpoint_load(path, visit_packed, &b, &b.errors), STATUS_OK);
        assert_int_equal(results_rewind(&b.results, &b.errors), STATUS_OK);
        free(path);
        packed_rows(&b, marks[m], 60000);
        char *bytes = packed_bytes(&b, &resumed);
        assert_int_equal(resumed, size);
        assert_memory_equal(bytes, whole, size);
        free(bytes);
    }
    free(whole);
    box_close(&b);
}

/* And a resumed run goes on with those that it began with. */
static void only_the_tables_that_are_asked_for_are_written(void **state)
{
    (void)state;
    struct box b = box_open();
    b.tables = "series,money";
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    day(&b, 2);
    assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
    char *path = results_path(&b.results, "checkpoint");
    assert_int_equal(checkpoint_save(path, visit_packed, &b, &b.errors), STATUS_OK);
    day(&b, 3);
    b.tables = NULL;
    assert_int_equal(open_run(&b, false, true), STATUS_OK);
    assert_int_equal(checkpoint_load(path, visit_packed, &b, &b.errors), STATUS_OK);
    free(path);
    assert_int_equal(results_rewind(&b.results, &b.errors), STATUS_OK);
    day(&b, 3);
    finish(&b);
    assert_table(&b, "deep/run/series.csv",
                 "day,name,income\n2,day 2,2.000002\n3,day 3,3.000003\n");
    assert_true(lab_exists(b.final, "money.csv.zst"));
    assert_false(lab_exists(b.final, "videos.csv"));
    assert_false(lab_exists(b.final, "cohorts.csv"));
    assert_false(lab_exists(b.final, "purses.csv.zst"));
    b.tables = "series,serie";
    assert_int_equal(open_run(&b, true, false), STATUS_BAD_INPUT);
    assert_says(&b.errors, "there is no table \"serie\"");
    box_close(&b);
}

static void damaged_tables_are_not_resumed(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    day(&b, 1);
    day(&b, 2);
    assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
    save(&b, 2);
    char *series = file_join(b.folder, "deep/run.partial/series.csv");
    assert_int_equal(truncate(series, 20), 0);
    assert_int_equal(open_run(&b, false, true), STATUS_OK);
    assert_int_equal(load(&b), 2);
    assert_int_equal(results_rewind(&b.results, &b.errors), STATUS_BAD_INPUT);
    assert_says(&b.errors, "the table series.csv is not as the checkpoint");
    free(series);
    box_close(&b);
}

/* A checkpoint is hostile, too: lengths below -1 are none, and longer ones make no table
 * longer.
 */
static void lengths_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const int64_t wrong[] = {-2, INT64_MIN, 1000, INT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct box b = box_open();
        assert_int_equal(open_run(&b, false, false), STATUS_OK);
        day(&b, 1);
        assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
        b.results.mark[TABLE_SERIES] = wrong[i];
        if (wrong[i] < 0) b.results.unwanted[TABLE_SERIES] = true; /* so that it gets saved */
        save(&b, 1);
        assert_int_equal(open_run(&b, false, true), STATUS_OK);
        struct saved saved = {&b.results, 0};
        char *path = results_path(&b.results, "checkpoint");
        enum status status = checkpoint_load(path, visit_day, &saved, &b.errors);
        if (!status) status = results_rewind(&b.results, &b.errors);
        assert_int_equal(status, STATUS_BAD_INPUT);
        free(path);
        box_close(&b);
    }
}

/* What the run had written until then, and then its own; the run itself stays as it is. */
static void a_branch_begins_with_the_tables_of_its_past(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    day(&b, 1);
    day(&b, 2);
    assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
    char *kept = file_join(b.folder, "kept"), *past = file_join(b.folder, "deep/past");
    struct saved saved = {&b.results, 2};
    assert_int_equal(checkpoint_save(kept, visit_day, &saved, &b.errors), STATUS_OK);
    day(&b, 3);
    finish(&b);
    assert_int_equal(rename(b.final, past), 0);
    for (int broken = 0; broken < 2; broken++) {
        assert_int_equal(open_run(&b, true, false), STATUS_OK);
        saved = (struct saved){&b.results, 0};
        assert_int_equal(checkpoint_load(kept, visit_day, &saved, &b.errors), STATUS_OK);
        if (broken) break;
        assert_int_equal(results_branch(&b.results, past, &b.errors), STATUS_OK);
        day(&b, 6);
        finish(&b);
        assert_table(&b, "deep/run/series.csv",
                     "day,name,income\n1,day 1,1.000001\n2,day 2,2.000002\n6,day 6,6.000006\n");
        assert_table(&b, "deep/past/series.csv",
                     "day,name,income\n1,day 1,1.000001\n2,day 2,2.000002\n3,day 3,3.000003\n");
    }
    char *series = file_join(past, "series.csv");
    assert_int_equal(truncate(series, 20), 0);
    assert_int_equal(results_branch(&b.results, past, &b.errors), STATUS_BAD_INPUT);
    assert_says(&b.errors, "series.csv: is not as it was when the state was kept");
    free(series);
    free(kept);
    free(past);
    box_close(&b);
}

/* Begun anew, nothing of the interrupted run may come back. */
static void force_begins_an_interrupted_run_anew(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    day(&b, 1);
    day(&b, 2);
    assert_int_equal(results_mark(&b.results, &b.errors), STATUS_OK);
    save(&b, 2);
    assert_int_equal(open_run(&b, true, false), STATUS_OK);
    assert_false(there(&b, "deep/run.partial/checkpoint"));
    finish(&b);
    assert_table(&b, "deep/run/series.csv", "day,name,income\n");
    assert_table(&b, "deep/run/videos.csv", "day,name,income\n");
    box_close(&b);
}

/* ------------------------------------------------------------------------------ full disks */

static void a_full_disk_ends_the_run_with_its_reason(void **state)
{
    (void)state;
    struct box b = box_open();
    struct rlimit old, little;
    enum status written = STATUS_OK;
    assert_int_equal(open_run(&b, false, false), STATUS_OK);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    little = old;
    little.rlim_cur = 20000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    for (int i = 0; i < 5000 && !written; i++) written = row(&b, TABLE_VIDEOS, i, "x");
    enum status marked = results_mark(&b.results, &b.errors);
    enum status closed = results_close(&b.results, &b.errors);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(written, STATUS_IO);
    assert_int_equal(marked, STATUS_IO);
    assert_int_equal(closed, STATUS_IO);
    assert_says(&b.errors, "the tables could not be written whole: File too large");
    assert_false(there(&b, "deep/run"));
    box_close(&b);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    struct errors errors = {0};
    struct results results;
    const struct results_options options = {.folder = "/proc/no/such/run"};
    assert_int_equal(results_open(&results, &options, &errors), STATUS_IO);
    assert_says(&errors, "/proc/no: the folder cannot be made: No such file");
    results_discard(&results);
    errors_free(&errors);
    char *long_name = calloc(1, 6000);
    assert_non_null(long_name);
    memset(long_name, 'x', 5000);
    const struct results_options other = {.folder = long_name};
    assert_int_equal(results_open(&results, &other, &errors), STATUS_BAD_INPUT);
    assert_says(&errors, "the path is too long");
    results_discard(&results);
    errors_free(&errors);
    free(long_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_written_as_csv),
        cmocka_unit_test(a_run_has_its_final_name_only_when_whole),
        cmocka_unit_test(a_run_without_its_name_keeps_its_checkpoint),
        cmocka_unit_test(a_finished_run_is_replaced_only_by_force),
        cmocka_unit_test(foreign_folders_are_left_alone),
        cmocka_unit_test(a_link_is_replaced_not_what_it_points_at),
        cmocka_unit_test(one_process_at_a_time_writes_there),
        cmocka_unit_test(a_run_that_never_began_leaves_nothing),
        cmocka_unit_test(a_killed_run_ends_with_the_same_bytes),
        cmocka_unit_test(a_run_may_be_killed_twice),
        cmocka_unit_test(packed_tables_are_resumed_to_the_same_bytes),
        cmocka_unit_test(only_the_tables_that_are_asked_for_are_written),
        cmocka_unit_test(damaged_tables_are_not_resumed),
        cmocka_unit_test(lengths_that_cannot_be_are_refused),
        cmocka_unit_test(a_branch_begins_with_the_tables_of_its_past),
        cmocka_unit_test(force_begins_an_interrupted_run_anew),
        cmocka_unit_test(a_full_disk_ends_the_run_with_its_reason),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

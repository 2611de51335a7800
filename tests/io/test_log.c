/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/log.h"

#include <zlib.h>
#include <zstd.h>

#include "lab.h"

struct attempt {
    struct log log;
    struct log_report report;
    struct errors errors;
    enum status status;
};

static struct attempt read_bytes(const void *data, size_t size, struct log_options options)
{
    struct attempt attempt = {0};
    char *folder = lab_open(), *path = file_join(folder, "a.log");
    lab_write(path, data, size);
    attempt.status = log_read(&attempt.log, path, &options, &attempt.report, &attempt.errors);
    log_finish(&attempt.log);
    free(path);
    lab_close(folder);
    return attempt;
}

static struct attempt read_text(const char *text, const char *columns)
{
    return read_bytes(text, strlen(text), (struct log_options){.columns = columns});
}

static void drop(struct attempt *attempt)
{
    log_free(&attempt->log);
    errors_free(&attempt->errors);
}

/* "user item value time" of a row, by names. */
static void assert_row(const struct attempt *attempt, size_t row, const char *expected)
{
    const struct log *log = &attempt->log;
    char text[128];
    size_t user_length, item_length;
    assert_true(row < log->rows.count);
    struct interaction found = interactions_row(&log->rows, row);
    const char *user = identifiers_name(&log->users, found.user, &user_length);
    const char *item = identifiers_name(&log->items, found.item, &item_length);
    snprintf(text, sizeof text, "%.*s %.*s %g %u", (int)user_length, user, (int)item_length,
             item, (double)found.value, found.time);
    assert_string_equal(text, expected);
}

static void assert_good(const struct attempt *attempt, uint64_t good, uint64_t bad)
{
    if (attempt->status) fail_msg("%s", attempt->errors.text);
    assert_int_equal(attempt->report.good, good);
    assert_int_equal(attempt->report.bad, bad);
    assert_int_equal(attempt->log.rows.count, good);
}

static void movielens_has_no_header(void **state)
{
    (void)state;
    struct attempt a = read_text("196\t242\t3\t881250949\n186\t302\t3\t891717742\n"
                                 "196\t302\t1.5\t881250948\n",
                                 NULL);
    assert_good(&a, 3, 0);
    assert_string_equal(a.report.format,
                        "tabs, user=0, item=1, value=2, time=3 (by position: no header)");
    assert_row(&a, 0, "196 242 3 1");
    assert_row(&a, 1, "186 302 3 10466794");
    assert_row(&a, 2, "196 302 1.5 0");
    assert_int_equal(a.log.rows.users, 2);
    assert_int_equal(a.log.rows.items, 2);
    assert_int_equal(a.log.first, 881250948);
    drop(&a);
}

static void known_logs_are_known_by_their_header(void **state)
{
    (void)state;
    static const struct {
        const char *text, *format, *row;
    } known[] = {
        {"user_id:token\titem_id:token\trating:float\ttimestamp:float\nu\ti\t4\t9\n",
         "tabs, user=user_id:token, item=item_id:token, value=rating:float, "
         "time=timestamp:float (recbole)",
         "u i 4 0"},
        {"user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio\n"
         "0,3649,13838,10867,2020-07-05 00:08:23.438,20200705,1593878903.438,1.2734\n",
         "commas, user=user_id, item=video_id, value=watch_ratio, time=timestamp (kuairec)",
         "0 3649 1.2734 0"},
        {"user_id,video_id,date,hourmin,time_ms,is_click,is_like,long_view\n"
         "0,7,20220408,800,1649376000123,1,0,1\n",
         "commas, user=user_id, item=video_id, value=long_view, time=time_ms (kuairand)",
         "0 7 1 0"},
        {"userId,movieId,rating,timestamp\n1,2,3.5,1112486027\n",
         "commas, user=userId, item=movieId, value=rating, time=timestamp (movielens)",
         "1 2 3.5 0"},
        {"ITEM;user\nx;y\n", ";, user=user, item=ITEM (plain)", "y x 1 0"},
        {"1::1193::5::978300760\n",
         "::, user=0, item=1, value=2, time=3 (by position: no header)", "1 1193 5 0"},
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        struct attempt a = read_text(known[k].text, NULL);
        assert_good(&a, 1, 0);
        assert_string_equal(a.report.format, known[k].format);
        assert_row(&a, 0, known[k].row);
        drop(&a);
    }
}

static void milliseconds_become_seconds(void **state)
{
    (void)state;
    struct attempt a = read_text("user_id,video_id,long_view,time_ms\n0,7,1,1649376000123\n"
                                 "0,8,0,1649376061000\n",
                                 NULL);
    assert_good(&a, 2, 0);
    assert_row(&a, 1, "0 8 0 61");
    drop(&a);
}

static void columns_by_number_and_by_name(void **state)
{
    (void)state;
    struct attempt a = read_text("x,7,u,i\ny,8,u,j\n", "user=2,item=3,value=1");
    assert_good(&a, 2, 0);
    assert_row(&a, 1, "u j 8 0");
    drop(&a);
    a = read_text("when,who,what,much\n5,u,i,2\n", "user=who,item=what,value=much,time=when");
    assert_good(&a, 1, 0);
    assert_row(&a, 0, "u i 2 0");
    drop(&a);
    a = read_text("who,what,much\nu,i,2\n", "user=0,item=1,value=2"); /* a header, unnamed */
    assert_good(&a, 1, 0);
    drop(&a);
}

static void a_missing_column_gets_a_suggestion(void **state)
{
    (void)state;
    struct attempt a = read_text("who,what,watch_ratio\nu,i,2\n",
                                 "user=who,item=what,value=watch_ratoi");
    assert_int_equal(a.status, STATUS_BAD_INPUT);
    assert_says(&a.errors, "a.log:1: there is no column \"watch_ratoi\", did you mean "
                           "\"watch_ratio\"?");
    drop(&a);
    a = read_text("who,what\nu,i\n", "user=who,item=zzzzzzz");
    assert_says(&a.errors, "no column \"zzzzzzz\"; there are: who, what");
    drop(&a);
    a = read_text("u,i\n", "user=0,item=2");
    assert_says(&a.errors, "item is column 2, must be in [0, 1]");
    drop(&a);
    static const char *const wrong[] = {"user=0", "user=0,thing=1", "user", "user=,item=1",
                                        "user=0,item=-1"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        a = read_text("u,i\n", wrong[k]);
        assert_true(a.status == STATUS_USAGE || a.status == STATUS_BAD_INPUT);
        drop(&a);
    }
    a = read_bytes("a,b\n", 4, (struct log_options){.preset = "movielense"});
    assert_int_equal(a.status, STATUS_USAGE);
    drop(&a);
    a = read_bytes("a,b\n", 4, (struct log_options){.preset = "kuairec"});
    assert_int_equal(a.status, STATUS_BAD_INPUT);
    drop(&a);
}

static void bad_rows_are_counted_and_told(void **state)
{
    (void)state;
    static const char text[] = "1\t1\t5\t10\n"
                               "1\t2\tnan\t10\n"
                               "1\t3\tinf\t10\n"
                               "\t3\t1\t10\n"
                               "1\t\t1\t10\n"
                               "1\t5\t1\n"
                               "1\t6\t1e999\t10\n"
                               "1\t7\t1\t1e30\n"
                               "1\t8\t1\t99999999999\n"
                               "1\t9\t2\t11\n";
    struct attempt a = read_text(text, NULL);
    assert_good(&a, 2, 8);
    assert_says(&a.errors, "a.log:2: value must be a finite number, found \"nan\"\n");
    assert_says(&a.errors, "a.log:4: user is empty\n");
    assert_says(&a.errors, "a.log:6: has 3 columns, needs 4\n");
    assert_int_equal(a.errors.count, 5); /* the first few */
    assert_row(&a, 1, "1 9 2 1");
    drop(&a);
    a = read_bytes(text, strlen(text), (struct log_options){.strict = true});
    assert_int_equal(a.status, STATUS_BAD_INPUT);
    assert_int_equal(a.errors.count, 1);
    drop(&a);
}

static void hostile_bytes_are_refused(void **state)
{
    (void)state;
    char huge[200000], binary[4096];
    struct attempt a = read_text("", NULL);
    assert_int_equal(a.status, STATUS_BAD_INPUT);
    assert_says(&a.errors, "a.log: is empty");
    drop(&a);
    a = read_text("\n\n\n", NULL);
    assert_says(&a.errors, "a.log: is empty");
    drop(&a);
    a = read_text("user,item\n", NULL);
    assert_says(&a.errors, "not one row could be read");
    drop(&a);
    for (size_t i = 0; i < sizeof binary; i++) binary[i] = (char)(i * 7919 >> 3);
    a = read_bytes(binary, sizeof binary, (struct log_options){0});
    assert_int_equal(a.status, STATUS_BAD_INPUT);
    drop(&a);
    memset(huge, 'x', sizeof huge);
    a = read_bytes(huge, sizeof huge, (struct log_options){0});
    assert_int_equal(a.status, STATUS_BAD_INPUT);
    drop(&a);
    memcpy(huge, "1,2\n", 4); /* a good row, one of 200 KB, a good row */
    memcpy(huge + sizeof huge - 5, "\n3,4\n", 5);
    a = read_bytes(huge, sizeof huge, (struct log_options){0});
    assert_good(&a, 2, 1);
    assert_says(&a.errors, "a.log:2: the line is longer than 64 KiB");
    assert_row(&a, 1, "3 4 1 0");
    drop(&a);
    a = read_bytes("1,2\n3,\0004\n5,6", 12, (struct log_options){0});
    assert_good(&a, 2, 1);
    assert_says(&a.errors, "a.log:2: the line holds a zero byte");
    drop(&a);
}

static void quotes_spaces_and_line_ends(void **state)
{
    (void)state;
    struct attempt a = read_text("\xef\xbb\xbfuser,item,value\r\n\"a, b\",\"c\"\"d\" , 2\r\n"
                                 "\r\n\"open,x,3\r\nZ\xc3\xbcrich,i,-.5",
                                 NULL);
    assert_good(&a, 3, 0);
    assert_row(&a, 0, "a, b c\"\"d 2 0");
    assert_row(&a, 1, "\"open x 3 0");
    assert_row(&a, 2, "Z\xc3\xbcrich i -0.5 0");
    drop(&a);
}

/* ----------------------------------------------------------------------------------- packing
 */

#define ROWS 60000

/* Many rows, so that packed and plain pass through several buffers. */
static char *make_rows(size_t *length)
{
    char *text = malloc(ROWS * 24);
    *length = 0;
    for (int r = 0; r < ROWS; r++)
        *length += (size_t)sprintf(text + *length, "%d\t%d\t%d\t%d\n", r % 997, r * 31 % 4999,
                                   r % 5 + 1, 880000000 + r);
    return text;
}

static size_t gzip(const char *text, size_t length, char *out, size_t room)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)length};
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t size = stream.total_out;
    deflateEnd(&stream);
    return size;
}

/* Two members or frames one after the other. */
static size_t pack_twice(bool zstd, const char *text, size_t length, char *out, size_t room)
{
    size_t half = length / 2;
    if (!zstd) {
        size_t first = gzip(text, half, out, room);
        return first + gzip(text + half, length - half, out + first, room - first);
    }
    size_t first = ZSTD_compress(out, room, text, half, 3);
    assert_false(ZSTD_isError(first));
    return first + ZSTD_compress(out + first, room - first, text + half, length - half, 3);
}

static void gzip_and_zstd_are_recognised(void **state)
{
    (void)state;
    size_t length, room;
    char *text = make_rows(&length), *packed = malloc(room = 2 * length);
    struct attempt plain = read_bytes(text, length, (struct log_options){0});
    assert_good(&plain, ROWS, 0);
    for (int zstd = 0; zstd < 2; zstd++) {
        size_t size = pack_twice(zstd, text, length, packed, room);
        struct attempt a = read_bytes(packed, size, (struct log_options){0});
        assert_good(&a, ROWS, 0);
        assert_memory_equal(a.log.rows.item, plain.log.rows.item, ROWS * sizeof(uint32_t));
        assert_memory_equal(a.log.rows.time, plain.log.rows.time, ROWS * sizeof(uint32_t));
        drop(&a);
        a = read_bytes(packed, size - 1, (struct log_options){0});
        assert_int_equal(a.status, STATUS_BAD_INPUT);
        assert_says(&a.errors, "cut short");
        drop(&a);
        a = read_bytes(packed, size / 4, (struct log_options){0});
        assert_int_equal(a.status, STATUS_BAD_INPUT);
        drop(&a);
        memset(packed + size / 3, 0x55, 64);
        a = read_bytes(packed, size, (struct log_options){0});
        assert_int_equal(a.status, STATUS_BAD_INPUT);
        assert_says(&a.errors, "damaged");
        drop(&a);
    }
    drop(&plain);
    free(text);
    free(packed);
}

/* Columns with room for what is expected, not twice it. */
static void room_follows_the_size_of_the_file(void **state)
{
    (void)state;
    size_t length;
    char *text = make_rows(&length);
    struct attempt a = read_bytes(text, length, (struct log_options){0});
    assert_good(&a, ROWS, 0);
    assert_true(a.log.rows.room < ROWS * 1.15);
    drop(&a);
    free(text);
}

static void two_files_share_names_and_the_clock(void **state)
{
    (void)state;
    struct log log = {0};
    struct log_report report;
    struct errors errors = {0};
    char *folder = lab_open(), *one = file_join(folder, "1"), *two = file_join(folder, "2");
    lab_write(one, "a\tx\t1\t100\n", 10);
    lab_write(two, "b\tx\t1\t40\n", 9);
    const struct log_options options = {0};
    assert_int_equal(log_read(&log, one, &options, &report, &errors), STATUS_OK);
    assert_int_equal(log_read(&log, two, &options, &report, &errors), STATUS_OK);
    log_finish(&log);
    assert_int_equal(log.rows.users, 2);
    assert_int_equal(log.rows.items, 1);
    assert_int_equal(log.rows.time[0], 60);
    assert_int_equal(log.rows.time[1], 0);
    assert_int_equal(log_read(&log, folder, &options, &report, &errors), STATUS_BAD_INPUT);
    assert_int_equal(log_read(&log, "/nowhere", &options, &report, &errors), STATUS_BAD_INPUT);
    assert_int_equal(errors.count, 2);
    errors_free(&errors);
    log_free(&log);
    free(one);
    free(two);
    lab_close(folder);
}

/* Authors and acts are read only when they are asked for; an item's author is the first named.
 */
static void authors_and_acts_when_asked_for(void **state)
{
    static const char text[] = "user,item,value,author,like,is_forward\n"
                               "a,x,1,,1,0\na,y,1,bo,0,0\nb,x,1,al,1,0.5\nb,y,1,al,0,0\n"
                               "b,y,1,al,no,0\n";
    (void)state;
    struct attempt plain = read_text(text, NULL);
    assert_good(&plain, 5, 0);
    assert_int_equal(plain.log.details.authors.count, 0);
    assert_int_equal(plain.log.details.looked[AUDIENCE_ACT_like], 0);
    struct attempt all = read_bytes(text, sizeof text - 1,
                                    (struct log_options){.details = true});
    assert_good(&all, 4, 1); /* "no" is no number */
    const struct log_details *details = &all.log.details;
    assert_int_equal(details->authors.count, 2);
    assert_int_equal(details->author[0], 1); /* x: al, numbered after bo */
    assert_int_equal(details->author[1], 0);
    assert_int_equal(details->looked[AUDIENCE_ACT_like], 4);
    assert_int_equal(details->acts[AUDIENCE_ACT_like], 2);
    assert_int_equal(details->acts[AUDIENCE_ACT_share], 1);
    assert_int_equal(details->looked[AUDIENCE_ACT_hide], 0);
    struct attempt mapped = read_bytes(
        text, sizeof text - 1,
        (struct log_options){.details = true, .columns = "user=0,item=1,author=user,like=4"});
    assert_int_equal(mapped.log.details.authors.count, 1); /* both items meet a first */
    assert_int_equal(mapped.log.details.acts[AUDIENCE_ACT_share], 0);
    drop(&plain);
    drop(&all);
    drop(&mapped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(movielens_has_no_header),
        cmocka_unit_test(known_logs_are_known_by_their_header),
        cmocka_unit_test(milliseconds_become_seconds),
        cmocka_unit_test(columns_by_number_and_by_name),
        cmocka_unit_test(a_missing_column_gets_a_suggestion),
        cmocka_unit_test(bad_rows_are_counted_and_told),
        cmocka_unit_test(hostile_bytes_are_refused),
        cmocka_unit_test(quotes_spaces_and_line_ends),
        cmocka_unit_test(gzip_and_zstd_are_recognised),
        cmocka_unit_test(room_follows_the_size_of_the_file),
        cmocka_unit_test(two_files_share_names_and_the_clock),
        cmocka_unit_test(authors_and_acts_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

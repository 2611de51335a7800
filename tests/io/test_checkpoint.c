/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/checkpoint.h"

#include <signal.h>
#include <sys/resource.h>

#include "io/resolved.h"
#include "lab.h"

/* A state with a column of each layout: plain, strided, larger than the buffer, empty. */
struct animal {
    uint64_t name;
    uint16_t legs;
    char fur[5];
};

struct zoo {
    uint64_t count;
    struct animal *animal; /* owned */
    uint32_t doors[3];
    size_t large; /* elements of `field` */
    uint32_t *field;
    bool more, renamed; /* another version of the state */
    enum status trouble;
};

static void zoo_make(struct zoo *self, uint64_t count, size_t large)
{
    *self = (struct zoo){.count = count, .large = large};
    self->animal = calloc(count + 1, sizeof *self->animal);
    self->field = calloc(large + 1, sizeof *self->field);
    assert_non_null(self->animal);
    assert_non_null(self->field);
}

static void zoo_fill(struct zoo *self)
{
    for (uint64_t i = 0; i < self->count; i++)
        self->animal[i] = (struct animal){i * 0x9E3779B97F4A7C15u, (uint16_t)(i % 9), "grey"};
    for (size_t i = 0; i < self->large; i++) self->field[i] = (uint32_t)(i * 2654435761u);
    for (uint32_t i = 0; i < 3; i++) self->doors[i] = i + 7;
}

static void zoo_free(struct zoo *self)
{
    free(self->animal);
    free(self->field);
}

static void zoo_visit(void *context, struct visitor *v)
{
    struct zoo *self = context;
    uint64_t count = self->count;
    visit_count(v, "zoo.count", &count, 1000000);
    if (!v->status && count != self->count) v->status = STATUS_BAD_INPUT;
    if (v->status) return;
    VISIT_FIELD(v, "zoo.name", self->animal, self->count, name);
    VISIT_FIELD(v, self->renamed ? "zoo.feet" : "zoo.legs", self->animal, self->count, legs);
    VISIT_FIELD(v, "zoo.fur", self->animal, self->count, fur);
    VISIT_ARRAY(v, "zoo.doors", self->doors, 3);
    VISIT_ARRAY(v, "zoo.field", self->field, self->large);
    visit_column(v, "zoo.nobody", NULL, 8, 8, 0);
    if (self->more) VISIT_VALUE(v, "zoo.more", self->large);
    if (self->trouble) v->status = self->trouble;
}

struct box {
    char *folder, *path;
    struct errors errors;
};

static struct box box_open(void)
{
    struct box b = {.folder = lab_open()};
    b.path = file_join(b.folder, "checkpoint");
    return b;
}

static void box_close(struct box *b)
{
    free(b->path);
    lab_close(b->folder);
    errors_free(&b->errors);
}

static void save(struct box *b, uint64_t count, size_t large)
{
    struct zoo zoo;
    zoo_make(&zoo, count, large);
    zoo_fill(&zoo);
    assert_int_equal(checkpoint_save(b->path, zoo_visit, &zoo, &b->errors), STATUS_OK);
    zoo_free(&zoo);
}

/* Loads into an empty zoo; true when it then holds what was saved. */
static enum status load(struct box *b, uint64_t count, size_t large)
{
    struct zoo zoo, wanted;
    zoo_make(&zoo, count, large);
    zoo_make(&wanted, count, large);
    zoo_fill(&wanted);
    enum status status = checkpoint_load(b->path, zoo_visit, &zoo, &b->errors);
    if (!status) {
        for (uint64_t i = 0; i < count; i++) {
            assert_true(zoo.animal[i].name == wanted.animal[i].name);
            assert_int_equal(zoo.animal[i].legs, wanted.animal[i].legs);
            assert_string_equal(zoo.animal[i].fur, "grey");
        }
        assert_memory_equal(zoo.field, wanted.field, large * sizeof *zoo.field);
        assert_memory_equal(zoo.doors, wanted.doors, sizeof zoo.doors);
    }
    zoo_free(&zoo);
    zoo_free(&wanted);
    return status;
}

static void assert_refused(struct box *b, const char *part)
{
    errors_free(&b->errors);
    assert_int_equal(load(b, 4, 5), STATUS_BAD_INPUT);
    assert_says(&b->errors, part);
    assert_says(&b->errors, b->path);
}

static void state_comes_back_as_it_was(void **state)
{
    (void)state;
    static const struct {
        uint64_t count;
        size_t large;
    } sizes[] = {{0, 0}, {1, 1}, {4, 5}, {8192, 16384}, {30000, 100000}};
    struct box b = box_open();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        save(&b, sizes[i].count, sizes[i].large);
        assert_int_equal(load(&b, sizes[i].count, sizes[i].large), STATUS_OK);
        assert_false(lab_exists(b.folder, "checkpoint.new"));
    }
    assert_null(b.errors.text);
    box_close(&b);
}

static void one_state_makes_one_file(void **state)
{
    (void)state;
    struct box b = box_open();
    size_t first, second;
    save(&b, 4, 5);
    uint64_t digest = checkpoint_digest(b.path);
    char *before = lab_read(b.path, &first);
    save(&b, 4, 5);
    char *after = lab_read(b.path, &second);
    assert_int_equal(first, second);
    assert_memory_equal(before, after, first);
    assert_true(digest != 0 && checkpoint_digest(b.path) == digest);
    save(&b, 4, 6);
    assert_true(checkpoint_digest(b.path) != digest);
    assert_true(checkpoint_digest("/nowhere") == 0);
    free(before);
    free(after);
    box_close(&b);
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    struct box b = box_open();
    size_t size = 0;
    save(&b, 4, 5);
    char *whole = lab_read(b.path, &size);
    assert_true(size > 300);
    for (size_t cut = 0; cut < size; cut++) {
        lab_write(b.path, whole, cut);
        assert_refused(&b, cut < 40 ? "it is no checkpoint of this program" : "cut off");
    }
    free(whole);
    box_close(&b);
}

static void a_flipped_bit_in_any_byte_is_found(void **state)
{
    (void)state;
    struct box b = box_open();
    size_t size = 0;
    save(&b, 4, 5);
    char *whole = lab_read(b.path, &size);
    for (size_t byte = 0; byte < size; byte++) {
        char flip = (char)(1 << byte % 8);
        whole[byte] ^= flip;
        lab_write(b.path, whole, size);
        assert_refused(&b, "");
        whole[byte] ^= flip;
    }
    lab_write(b.path, whole, size);
    assert_int_equal(load(&b, 4, 5), STATUS_OK);
    free(whole);
    box_close(&b);
}

static void bytes_behind_the_end_are_refused(void **state)
{
    (void)state;
    struct box b = box_open();
    save(&b, 4, 5);
    FILE *file = fopen(b.path, "a");
    assert_non_null(file);
    putc(0, file);
    fclose(file);
    assert_refused(&b, "damaged or cut off");
    box_close(&b);
}

/* A record that says of itself that it holds 2^60 elements must not be believed. */
static void sizes_are_held_against_the_file(void **state)
{
    (void)state;
    struct box b = box_open();
    size_t size = 0;
    save(&b, 4, 5);
    char *whole = lab_read(b.path, &size);
    uint64_t many = UINT64_C(1) << 60;
    memcpy(whole + 32 + 8, &many, sizeof many);
    lab_write(b.path, whole, size);
    assert_refused(&b, "after \"the beginning\"");
    free(whole);
    box_close(&b);
}

static void another_byte_order_is_named(void **state)
{
    (void)state;
    struct box b = box_open();
    size_t size = 0;
    save(&b, 4, 5);
    char *whole = lab_read(b.path, &size);
    for (int i = 0; i < 4; i++) {
        char byte = whole[32 + i];
        whole[32 + i] = whole[39 - i];
        whole[39 - i] = byte;
    }
    lab_write(b.path, whole, size);
    assert_refused(&b, "its numbers are in another machine's byte order");
    free(whole);
    box_close(&b);
}

static void another_version_is_named(void **state)
{
    (void)state;
    struct box b = box_open();
    size_t size = 0;
    save(&b, 4, 5);
    char *whole = lab_read(b.path, &size);
    memcpy(whole + 16, "99.1", 5);
    lab_write(b.path, whole, size);
    assert_refused(&b, "it was made by the newer version 99.1, this is ");
    memcpy(whole + 16, "0.0.9", 6);
    lab_write(b.path, whole, size);
    assert_refused(&b, "it was made by the older version 0.0.9, this is ");
    memset(whole + 16, 'x', 16); /* a version without an end */
    lab_write(b.path, whole, size);
    assert_refused(&b, "xxxxxxxxxxxxxxxx, this is ");
    free(whole);
    box_close(&b);
}

static void another_state_is_refused(void **state)
{
    (void)state;
    struct box b = box_open();
    struct zoo zoo;
    save(&b, 4, 5);
    assert_int_equal(load(&b, 5, 5), STATUS_BAD_INPUT);
    assert_int_equal(load(&b, 4, 6), STATUS_BAD_INPUT);
    assert_says(&b.errors, "\"zoo.field\" is not as this scenario and version have it");

    zoo_make(&zoo, 4, 5);
    zoo.more = true;
    errors_free(&b.errors);
    assert_int_equal(checkpoint_load(b.path, zoo_visit, &zoo, &b.errors), STATUS_BAD_INPUT);
    assert_says(&b.errors, "\"zoo.more\"");
    assert_int_equal(checkpoint_save(b.path, zoo_visit, &zoo, &b.errors), STATUS_OK);
    assert_refused(&b, "more follows than this scenario and version have");
    zoo.more = false;
    zoo.renamed = true;
    errors_free(&b.errors);
    assert_int_equal(checkpoint_load(b.path, zoo_visit, &zoo, &b.errors), STATUS_BAD_INPUT);
    assert_says(&b.errors, "\"zoo.feet\" is not as");
    zoo_free(&zoo);
    box_close(&b);
}

static void what_is_no_file_is_no_checkpoint(void **state)
{
    (void)state;
    struct box b = box_open();
    assert_refused(&b, "no checkpoint: No such file");
    assert_int_equal(mkdir(b.path, 0700), 0);
    assert_refused(&b, "no checkpoint: Is a directory");
    assert_int_equal(rmdir(b.path), 0);
    assert_int_equal(mkfifo(b.path, 0600), 0); /* nobody writes: must not wait */
    assert_refused(&b, "no checkpoint");
    box_close(&b);
}

/* The old checkpoint stands when the new one does not get whole. */
static void a_failed_save_leaves_the_old_file(void **state)
{
    (void)state;
    struct box b = box_open();
    struct zoo zoo;
    struct rlimit old, little = {4096, RLIM_INFINITY};
    save(&b, 4, 5);
    uint64_t digest = checkpoint_digest(b.path);

    zoo_make(&zoo, 4000, 5000);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_IGN);
    little.rlim_max = old.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum status full = checkpoint_save(b.path, zoo_visit, &zoo, &b.errors);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(full, STATUS_IO);
    assert_says(&b.errors, "File too large");

    zoo.trouble = STATUS_NO_MEMORY; /* the state itself cannot be walked */
    assert_int_equal(checkpoint_save(b.path, zoo_visit, &zoo, &b.errors), STATUS_NO_MEMORY);
    zoo_free(&zoo);
    assert_false(lab_exists(b.folder, "checkpoint.new"));
    assert_true(checkpoint_digest(b.path) == digest);
    assert_int_equal(load(&b, 4, 5), STATUS_OK);
    box_close(&b);
}

/* ------------------------------------------------------------- the scenario in a checkpoint */

struct scenario {
    const char *text;
    struct errors *errors;
};

static void scenario_visit(void *context, struct visitor *v)
{
    struct scenario *self = context;
    const struct resolved resolved = {(char *)(uintptr_t)self->text, 86400000};
    resolved_visit(&resolved, v, "out.partial", self->errors);
}

static void peek_visit(void *context, struct visitor *v)
{
    *(struct resolved *)context = resolved_load(v);
}

static void a_checkpoint_knows_its_scenario(void **state)
{
    (void)state;
    static const char begun[] = "\"a.x\": 1,\n\"a.y\": \"text\",\n\"b\": [1, 2]";
    static const struct {
        const char *text, *says; /* NULL = the same */
    } cases[] = {
        {begun, NULL},
        {"\"a.x\": 2,\n\"a.y\": \"text\",\n\"b\": [1, 2]",
         "out.partial: was begun with \"a.x\": 1, now it is 2"},
        {"\"a.x\": 1,\n\"a.y\": \"text\",\n\"b\": [1]",
         "was begun with \"b\": [1, 2], now it is [1]"},
        {"\"a.x\": 1,\n\"a.z\": 3,\n\"b\": [1, 2]", "was begun with other settings at \"a.z\""},
        {"\"a.x\": 1", "was begun with other settings at \"a.y\""},
        {"\"a.x\": 1,\n\"a.y\": \"text\",\n\"b\": [1, 2],\n\"c\": 1",
         "other settings at \"c\""},
        {"", "other settings at \"a.x\""},
    };
    struct box b = box_open();
    struct scenario s = {begun, &b.errors};
    struct resolved peeked = {0};
    assert_int_equal(checkpoint_save(b.path, scenario_visit, &s, &b.errors), STATUS_OK);
    assert_int_equal(checkpoint_peek(b.path, peek_visit, &peeked, &b.errors), STATUS_OK);
    assert_string_equal(peeked.text, begun);
    assert_true(peeked.now == 86400000);
    free(peeked.text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        errors_free(&b.errors);
        s.text = cases[i].text;
        enum status status = checkpoint_load(b.path, scenario_visit, &s, &b.errors);
        assert_int_equal(status, cases[i].says ? STATUS_BAD_INPUT : STATUS_OK);
        if (cases[i].says) assert_says(&b.errors, cases[i].says);
    }
    box_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_comes_back_as_it_was),
        cmocka_unit_test(one_state_makes_one_file),
        cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_flipped_bit_in_any_byte_is_found),
        cmocka_unit_test(bytes_behind_the_end_are_refused),
        cmocka_unit_test(sizes_are_held_against_the_file),
        cmocka_unit_test(another_version_is_named),
        cmocka_unit_test(another_byte_order_is_named),
        cmocka_unit_test(another_state_is_refused),
        cmocka_unit_test(what_is_no_file_is_no_checkpoint),
        cmocka_unit_test(a_failed_save_leaves_the_old_file),
        cmocka_unit_test(a_checkpoint_knows_its_scenario),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/file.h"

#include <signal.h>
#include <sys/resource.h>

#include "lab.h"

static void assert_holds(const char *path, const char *text)
{
    size_t size = 0;
    char *found = lab_read(path, &size);
    assert_non_null(found);
    assert_string_equal(found, text);
    free(found);
}

static void a_file_appears_only_when_it_is_whole(void **state)
{
    (void)state;
    struct errors errors = {0};
    struct file file;
    char *folder = lab_open(), *path = file_join(folder, "a.txt");
    assert_int_equal(file_create(&file, path, &errors), STATUS_OK);
    fputs("first", file.stream);
    assert_false(lab_exists(folder, "a.txt"));
    assert_int_equal(file_commit(&file, &errors), STATUS_OK);
    assert_holds(path, "first");

    assert_int_equal(file_create(&file, path, &errors), STATUS_OK);
    fputs("second", file.stream);
    file_discard(&file);
    assert_holds(path, "first");
    assert_false(lab_exists(folder, "a.txt.new"));
    file_discard(&file); /* zeroed: nothing happens */
    assert_null(errors.text);
    free(path);
    lab_close(folder);
}

static void a_failed_write_leaves_what_was_there(void **state)
{
    (void)state;
    struct errors errors = {0};
    struct file file;
    struct rlimit old, little;
    char *folder = lab_open(), *path = file_join(folder, "a.txt");
    lab_write(path, "old", 3);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    little = old;
    little.rlim_cur = 10000;
    assert_int_equal(file_create(&file, path, &errors), STATUS_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    for (int i = 0; i < 20000; i++) putc('x', file.stream);
    enum status full = file_commit(&file, &errors);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(full, STATUS_IO);
    assert_says(&errors, "a.txt: cannot write");
    assert_holds(path, "old");
    assert_false(lab_exists(folder, "a.txt.new"));
    errors_free(&errors);
    free(path);
    lab_close(folder);
}

static void reasons_are_the_systems(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says;
    } cases[] = {{"/nowhere/at/all", "/nowhere/at/all: cannot create: No such file"},
                 {"/proc/version/x", "/proc/version/x: cannot create: Not a directory"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct errors errors = {0};
        struct file file;
        assert_int_equal(file_create(&file, cases[i].path, &errors), STATUS_IO);
        assert_says(&errors, cases[i].says);
        file_discard(&file);
        errors_free(&errors);
    }
}

static void paths_are_joined_and_taken_apart(void **state)
{
    (void)state;
    static const char *const joined[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"},
                                            {"", "b", "/b"},   {"a", "/b", "/b"},
                                            {"/", "b", "/b"},  {"a", "", "a/"}};
    static const char *const folders[][2] = {
        {"a/b", "a"}, {"b", "."}, {"/b", "/"}, {"/a/b", "/a"}, {"a/b/", "a/b"}};
    for (size_t i = 0; i < sizeof joined / sizeof joined[0]; i++) {
        char *path = file_join(joined[i][0], joined[i][1]);
        assert_string_equal(path, joined[i][2]);
        free(path);
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char *path = file_folder_of(folders[i][0]);
        assert_string_equal(path, folders[i][1]);
        free(path);
    }
}

static void reading_is_bounded(void **state)
{
    (void)state;
    struct errors errors = {0};
    char *folder = lab_open(), *path = file_join(folder, "a.txt"), *text = NULL;
    size_t size = 1;
    lab_write(path, "12345678", 8);
    assert_int_equal(file_read(path, 8, &text, &size, &errors), STATUS_OK);
    assert_int_equal(size, 8);
    assert_string_equal(text, "12345678");
    free(text);
    assert_int_equal(file_read(path, 7, &text, &size, &errors), STATUS_BAD_INPUT);
    assert_says(&errors, "a.txt: 8 bytes, must be at most 7");
    assert_null(text);
    lab_write(path, "", 0);
    assert_int_equal(file_read(path, 0, &text, &size, &errors), STATUS_OK);
    assert_string_equal(text, "");
    free(text);
    errors_free(&errors);
    free(path);
    lab_close(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_appears_only_when_it_is_whole),
        cmocka_unit_test(a_failed_write_leaves_what_was_there),
        cmocka_unit_test(reasons_are_the_systems),
        cmocka_unit_test(paths_are_joined_and_taken_apart),
        cmocka_unit_test(reading_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

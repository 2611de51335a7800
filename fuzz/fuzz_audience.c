/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small audience file with some bytes overwritten: refused with a line, or taken, and then a
 * world starts from it and runs some windows. Sums are not looked at in this build.
 *
 * The input is a list of patches: position (2 bytes), length (1 byte), that many bytes. A
 * length of 255 cuts the file off there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../tests/sim/lab.h"
#include "io/audience.h"
#include "io/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file as it should be; made once. */
static char *original(size_t *length)
{
    static char *text;
    static size_t size;
    struct audience audience;
    struct errors errors = {0};
    if (!text) {
        char path[64];
        snprintf(path, sizeof path, "/tmp/fuzz-audience-%ld", (long)getpid());
        if (lab_people(&audience, "fuzz") || audience_save(&audience, path, &errors) ||
            file_read(path, 1 << 20, &text, &size, &errors))
            abort();
        unlink(path);
        audience_free(&audience);
    }
    *length = size;
    return text;
}

static size_t patch(char *text, size_t length, const uint8_t *data, size_t size)
{
    while (size > 3) {
        size_t at = ((size_t)data[0] | (size_t)data[1] << 8) % length, n = data[2];
        data += 3;
        size -= 3;
        if (n == 255) return at;
        if (n > size) n = size;
        if (n > length - at) n = length - at;
        memcpy(text + at, data, n);
        data += n;
        size -= n;
    }
    return length;
}

/* The lab frees it. */
static void live(const struct audience *audience)
{
    static const char *const set[] = {"run.population=file", "run.audience=fuzz",
                                      "platform.retrieve.explore.popularity=1",
                                      "platform.retrieve.explore.share=0.5", NULL};
    struct lab lab;
    if (lab_init(&lab, lab_tiny, NULL) || lab_settings(&lab, set)) abort();
    lab.model.audience = memory_alloc(1, sizeof *audience);
    if (!lab.model.audience) abort();
    *lab.model.audience = *audience;
    if (lab_begin(&lab, NULL) || lab_until(&lab, 0.1)) abort();
    lab_free(&lab);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct audience audience = {0};
    struct errors errors = {0};
    size_t length;
    const char *from = original(&length);
    char path[64], *text = malloc(length);
    int file = memfd_create("audience", MFD_CLOEXEC);
    if (!text || file < 0) abort();
    memcpy(text, from, length);
    length = patch(text, length, data, size);
    if (write(file, text, length) != (ssize_t)length) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    enum status status = audience_load(&audience, path, &errors);
    if ((status == STATUS_OK) != (errors.count == 0)) abort();
    if (!status)
        live(&audience);
    else
        audience_free(&audience);
    errors_free(&errors);
    free(text);
    close(file);
    return 0;
}

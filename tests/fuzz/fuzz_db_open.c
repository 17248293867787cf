/* Fuzz target: a file that claims to be an index. It is opened or refused, whatever it holds, and
 * never changed. The first byte says whether the rest is the file, or changes to a sound index:
 * two bytes for the place (in steps of 4), one for what stands there. */
#include "tests/core/index/scratch.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>

static struct scratch scratch;

static void remove_scratch(void)
{
    scratch_remove(&scratch);
}

static void ignore_line(void *self, const char *line)
{
    (void)self;
    (void)line;
}

static void read_file(const char *path, struct buf *out)
{
    char block[4096];
    FILE *file = fopen(path, "rb");
    FUZZ_EXPECT(file != NULL);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        buf_add(out, slice_make(block, n));
    fclose(file);
}

static void write_file(const char *path, struct slice bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    FUZZ_EXPECT(fd >= 0 && write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
    close(fd);
}

/* A sound index of a few entries. */
static struct slice sound_index(void)
{
    static struct buf bytes;
    if (!bytes.len) {
        struct store *s = NULL;
        struct store_source source;
        struct fault why;
        buf_init(&bytes, 1 << 24);
        scratch_make(&scratch);
        atexit(remove_scratch);
        FUZZ_EXPECT(store_open(&s, scratch.db, STORE_CREATE, &why) == FAULT_NONE);
        FUZZ_EXPECT(import_made(s, "made.har", 40, &source, &why) == FAULT_NONE);
        store_close(s);
        read_file(scratch.db, &bytes);
    }
    return buf_slice(&bytes);
}

static void change(struct buf *index, struct slice changes)
{
    for (; changes.len >= 3; changes = slice_from(changes, 3)) {
        const unsigned char *c = (const unsigned char *)changes.at;
        size_t at = ((size_t)c[0] << 8 | c[1]) * 4 + (c[2] & 3);
        index->at[at % index->len] = (char)c[2];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice sound = sound_index(), given = fuzz_slice(data, size);
    struct store *s = NULL;
    struct selection *all = NULL;
    struct fault why = {0};
    struct buf before, after;
    uint64_t count;
    if (size < 1)
        return 0;
    buf_init(&before, 1 << 24);
    buf_init(&after, 1 << 24);
    buf_add(&before, data[0] & 1 ? sound : slice_from(given, 1));
    if (data[0] & 1)
        change(&before, slice_from(given, 1));
    write_file(scratch.db, buf_slice(&before));
    enum fault_code code = store_open(&s, scratch.db, STORE_READ, &why);
    FUZZ_EXPECT(code == FAULT_NONE || code == FAULT_INDEX);
    if (!code) {
        code = selection_open(&all, s, NULL, &why);
        if (!code)
            code = selection_count(all, &count, &why);
        selection_close(all);
        FUZZ_EXPECT(code == FAULT_NONE || code == FAULT_INDEX);
        store_verify(s, ignore_line, NULL, &count, &why);
    }
    store_close(s);
    read_file(scratch.db, &after);
    FUZZ_EXPECT(slice_equal(buf_slice(&before), buf_slice(&after)));
    buf_free(&before);
    buf_free(&after);
    return 0;
}

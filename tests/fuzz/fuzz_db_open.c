/* Fuzz target: a file that claims to be an index. It is opened or refused, whatever it holds, and
 * never changed. */
#include "tests/core/index/scratch.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>

static void ignore_line(void *self, const char *line)
{
    (void)self;
    (void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scratch t;
    struct store *s = NULL;
    struct selection *all = NULL;
    struct fault why = {0};
    uint64_t count;
    scratch_make(&t);
    int fd = open(t.db, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    FUZZ_EXPECT(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
    enum fault_code code = store_open(&s, t.db, STORE_READ, &why);
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
    scratch_remove(&t);
    return 0;
}

/* Fuzz target: the event_xml reader, whole files. A document type is refused, and whatever the text
 * names, no file is opened. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool reading;

static int open_unless_reading(int folder, const char *path, int flags, mode_t mode)
{
    FUZZ_EXPECT(!reading);
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* Stand in the place of the C library's. */
int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_unless_reading(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_unless_reading(folder, path, flags, mode);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf typed; /* the same behind a document type */
    uint64_t records = 0;
    buf_init(&typed, 1 << 20);
    buf_add_text(&typed, "<!DOCTYPE Events [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>\n");
    buf_add(&typed, fuzz_slice(data, size));
    reading = true;
    fuzz_count(&event_xml_reader, data, size, &records);
    records = 0;
    fuzz_count(&event_xml_reader, (const uint8_t *)typed.at, typed.len, &records);
    reading = false;
    FUZZ_EXPECT(records == 0);
    buf_free(&typed);
    return 0;
}

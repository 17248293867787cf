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
    uint64_t records = 0;
    reading = true;
    fuzz_count(&event_xml_reader, data, size, &records);
    reading = false;
    if (slice_starts(fuzz_slice(data, size), "<!DOCTYPE "))
        FUZZ_EXPECT(records == 0);
    return 0;
}

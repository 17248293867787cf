/* See config.h. */
#include "tui/screen/config.h"

#include "core/base/safe.h"
#include "core/base/yaml.h"

#include <errno.h>
#include <stdio.h>

enum { CHUNK = 4096 };

enum fault_code config_read(struct buf *out, const char *path, struct fault *why)
{
    char safe[120];
    safe_short(safe, sizeof safe, slice_of(path));
    FILE *in = fopen(path, "re");
    if (!in)
        return fault_set(why, FAULT_MISSING, "%s: %s", safe, strerror(errno));
    size_t got = CHUNK;
    while (got == CHUNK) {
        char *at = buf_extend(out, CHUNK);
        if (!at)
            break;
        got = fread(at, 1, CHUNK, in);
        out->len -= CHUNK - got;
    }
    bool bad = ferror(in);
    fclose(in);
    if (bad)
        return fault_set(why, FAULT_MISSING, "%s: cannot be read", safe);
    return buf_full(out) ? fault_set(why, FAULT_CONFIG, "%s: too large", safe) : FAULT_NONE;
}

enum fault_code config_fault(struct fault *why, const char *path, const struct fault *inner)
{
    char safe[80];
    return fault_at(why, inner->code, inner->line, inner->column, "%s: %.150s",
                    safe_short(safe, sizeof safe, slice_of(path)), inner->text);
}

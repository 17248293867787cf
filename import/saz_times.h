/* The `_m.xml` member of a Fiddler session: when it happened and why it failed. */
#ifndef IMPORT_SAZ_TIMES_H
#define IMPORT_SAZ_TIMES_H

#include "core/base/arena.h"
#include "core/base/time.h"

struct saz_times {
    int64_t begin_us;        /* TIME_NONE when no timer is set */
    struct slice begin_text; /* as written */
    bool zone_assumed;
    int64_t duration_us;  /* -1 when not known */
    struct slice failure; /* when the session was aborted or failed, else SLICE_NONE */
};

/* Reads it; what is damaged or missing leaves its field unset. Slices live in `arena`. */
void saz_times_read(struct saz_times *out, struct slice xml, struct arena *arena);

#endif

/* A new file that is whole or not there: written under a name of its own beside the one that is
 * wanted, mode 0600, and renamed over it at the end. What stands there must be nothing or a regular
 * file: a link or device is refused and left alone. */
#ifndef CORE_REPORT_PLACE_H
#define CORE_REPORT_PLACE_H

#include "core/base/fault.h"

struct report_place {
    int folder;       /* the directory that will hold it */
    const char *name; /* in that directory; borrowed from the path */
    char temporary[64];
    int fd; /* to be written to */
};

/* FAULT_IO, and nothing made, when it cannot be. `path` outlives the place. */
enum fault_code place_open(struct report_place *place, const char *path, struct fault *why);
/* Makes it the file; on FAULT_IO nothing of it is left. Ends the place. */
enum fault_code place_keep(struct report_place *place, const char *path, struct fault *why);
/* Takes it away, `errno` kept. Ends the place. */
void place_give_up(struct report_place *place);

#endif

/* In which zone times are shown and read: the one it began with, UTC, the machine's, and the one
 * that the source of the entry at hand was imported with. */
#include "tui/view/zone.h"

#include <stdio.h>

enum { ZONES = 4 };

/* The zone that the source of the entry under the cursor was taken to be in, when that is known. */
static struct slice source_zone(const struct desk *d)
{
    const struct entry *e = desk_current(d);
    const struct answer *a = d->newest[ASK_SOURCES];
    for (size_t i = 0; e && a && !a->bad && i < a->sources.count; i++)
        if (a->sources.rows[i].id == e->source_id)
            return a->sources.rows[i].zone;
    return SLICE_NONE;
}

void zone_next(struct desk *d)
{
    char names[ZONES][48];
    struct fault why;
    struct slice source = source_zone(d);
    size_t count = 0, at = 0;
    if (!d->zone[0])
        snprintf(d->zone, sizeof d->zone, "%.40s", time_zone_name());
    const char *const wanted[] = {d->zone, "UTC", "local"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        size_t same = 0;
        while (same < count && strcmp(names[same], wanted[i]) != 0)
            same++;
        if (same == count)
            snprintf(names[count++], sizeof names[0], "%.40s", wanted[i]);
    }
    if (source.len > 0 && source.len < 40)
        snprintf(names[count++], sizeof names[0], "%.*s", (int)source.len, source.at);
    while (at < count && strcmp(names[at], time_zone_name()) != 0)
        at++;
    const char *next = names[(at + 1) % count];
    if (d->door.zone(d->door.self, next, &why))
        desk_say(d, true, "%s", why.text);
    else
        desk_say(d, false, "times are in the zone %s now", next);
}

/* Events from exports that name their fields (CSV headings, JSON keys of PowerShell and other
 * tools): which name means which field, in every spelling that is known, and how their local times
 * are written. Knows no file format. */
#ifndef IMPORT_EVENT_NAMED_H
#define IMPORT_EVENT_NAMED_H

#include "core/record.h"

enum event_field {
    EVENT_FIELD_NONE, /* a name that means nothing here */
    EVENT_FIELD_LEVEL,
    EVENT_FIELD_LEVEL_WORD,
    EVENT_FIELD_KEYWORDS,
    EVENT_FIELD_TIME,
    EVENT_FIELD_PROVIDER,
    EVENT_FIELD_EVENT_ID,
    EVENT_FIELD_TASK,
    EVENT_FIELD_MESSAGE,
    EVENT_FIELD_RECORD_ID,
    EVENT_FIELD_CHANNEL,
    EVENT_FIELD_COMPUTER,
    EVENT_FIELD_USER,
    EVENT_FIELDS
};

/* The field of a heading: English, Japanese, PowerShell property, EvtxECmd and Hayabusa columns. */
enum event_field event_field_named(struct slice name);

/* Which of the two first numbers of `1/2/2026` is the month. */
enum day_order { DAY_ORDER_UNKNOWN, DAY_ORDER_MONTH_FIRST, DAY_ORDER_DAY_FIRST };

/* What the dates in `text` say of their order: a first or second number over 12 proves it, else the
 * way the times of a log follow each other, else AM and PM or dots hint at it. Looks at dates of
 * the form D/M/YYYY (also with '.' or '-') that a time follows. */
enum day_order day_order_of(struct slice text);

/* Whether the records of a text whose dates have that order come newest first: the times at the
 * beginning of its lines tell. */
bool event_times_fall(struct slice text, char delimiter, enum day_order order);

/* Reads a printed time: the regional forms of Event Viewer and PowerShell (`4/21/2026 1:42:01 AM`,
 * `21.04.2026 13:42:01`, `2026/4/21 1:42:01`), ISO 8601, `/Date(ms)/`. `*zoned` = it carried a
 * zone; else the zone of the process was taken. */
bool event_time_parse(struct slice text, enum day_order order, int64_t *out, bool *zoned);

/* Length of the printed date and time that the text begins with (in any form above but /Date), 0
 * when it does not: how records of text exports are told from lines of messages. */
size_t event_time_length(struct slice text);

/* Puts one field into an event record. Unknown levels, ids that are no numbers and times that
 * cannot be read leave the field as it is. Values are borrowed. */
void event_named_set(struct record *record, enum event_field field, struct slice value,
                     enum day_order order);
/* A record with every field unset. */
void event_named_init(struct record *record);

#endif

/* Points in time: microseconds since 1970-01-01 UTC in an int64_t, read, written, and moved between
 * UTC and the one zone of the process (DESIGN.md section 4, "Zones"). */
#ifndef CORE_BASE_TIME_H
#define CORE_BASE_TIME_H

#include "core/base/buf.h"
#include "core/base/fault.h"

#define TIME_NONE INT64_MIN
#define TIME_SECOND INT64_C(1000000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)

/* A date and time as printed, in no zone. */
struct civil {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second;
    int micros;
};

/* How a zone-less local time met the zone. */
enum time_fit {
    TIME_FIT_ONCE,  /* exists once */
    TIME_FIT_TWICE, /* clocks went back: the first reading was taken */
    TIME_FIT_NEVER  /* clocks went forward: moved forward by the gap */
};

/* Sets the zone of the process: an IANA name (looked up in the system's zone files), `UTC`,
 * `local`, `+HH:MM`, `-HH:MM`. Call once at start, before any thread. FAULT_USAGE when unknown. */
enum fault_code time_use_zone(const char *name, struct fault *why);
/* Its name as the user wrote it ("UTC" until set). */
const char *time_zone_name(void);

/* The moment that "now" means: time_pin_now() if called (--now, $SCIMSCOPE_NOW), else the clock. */
int64_t time_now(void);
void time_pin_now(int64_t now);

bool civil_valid(const struct civil *c); /* month, day of month, hour <= 23, second <= 60 */
int64_t time_from_utc(const struct civil *c);
struct civil time_to_utc(int64_t us);
/* In the zone of the process. */
int64_t time_from_local(const struct civil *c, enum time_fit *fit);
/* How the last local time that this thread gave to time_from_local met the zone. */
enum time_fit time_last_fit(void);
struct civil time_to_local(int64_t us);
/* Offset of the zone of the process at `us`, in minutes east of UTC. */
int time_zone_offset(int64_t us);

/* Reads `YYYY-MM-DD[T| ]HH:MM[:SS[.fraction]][Z|+HH:MM|+HHMM]`; further digits of the fraction are
 * cut. `*zoned` (may be NULL) tells whether it carried a zone; without one the zone of the process
 * is taken. False when the whole text is not such a time. */
bool time_parse(struct slice text, int64_t *out, bool *zoned);

/* `2026-11-03T09:12:44.123456Z`, six decimals, cut; the form of JSON, CSV and SQL. */
enum { TIME_TEXT_SIZE = 40 };
const char *time_utc_text(char out[TIME_TEXT_SIZE], int64_t us);
/* `2026-11-03 09:12:44` in the zone of the process, for people. */
const char *time_local_text(char out[TIME_TEXT_SIZE], int64_t us);

/* "37 minutes", "2 days 4 hours", "0.4 seconds": the two largest units, for sentences. */
const char *time_span_text(char out[TIME_TEXT_SIZE], int64_t us);
/* The same in the language of the person (core/base/words.h). */
const char *time_span_words(char out[TIME_TEXT_SIZE], int64_t us);

/* A moment within a sentence: `2026-11-03 09:12:44 (Asia/Tokyo)`, in the zone of the process, which
 * is named (by its offset where it is `local`); TIME_NONE too has its words. */
enum { TIME_MOMENT_SIZE = 120 };
const char *time_moment_words(char out[TIME_MOMENT_SIZE], int64_t us);

#endif

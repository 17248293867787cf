/* Knows the calendar (proleptic Gregorian), the forms of written times, and the zone of the
 * process; see time.h. Zone rules are the C library's. */
#include "core/base/time.h"

#include "core/base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char zone_name[80] = "UTC";
static _Thread_local enum time_fit last_fit;
static bool zone_fixed = true; /* an offset of its own, not the C library's rules */
static int fixed_minutes;
static int64_t pinned_now = TIME_NONE;

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

/* Days since 1970-01-01 of a civil date; March-based years make the leap day the last one. */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_valid(const struct civil *c)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1)
        return false;
    int most = days[c->month - 1] + (c->month == 2 && is_leap(c->year) ? 1 : 0);
    return c->day <= most && c->hour >= 0 && c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
           c->second >= 0 && c->second <= 60 && c->micros >= 0 && c->micros <= 999999;
}

int64_t time_from_utc(const struct civil *c)
{
    int64_t seconds =
        days_of(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 + c->second;
    return seconds * TIME_SECOND + c->micros;
}

struct civil time_to_utc(int64_t us)
{
    int64_t seconds = floor_div(us, TIME_SECOND);
    int64_t days = floor_div(seconds, 86400);
    int of_day = (int)(seconds - days * 86400);
    int64_t z = days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct civil c = {.day = (int)(of_year - (153 * month + 2) / 5 + 1),
                      .month = (int)(month < 10 ? month + 3 : month - 9),
                      .hour = of_day / 3600,
                      .minute = of_day / 60 % 60,
                      .second = of_day % 60,
                      .micros = (int)(us - seconds * TIME_SECOND)};
    c.year = (int)(year + era * 400 + (c.month <= 2 ? 1 : 0));
    return c;
}

/* --- the zone of the process ------------------------------------------------------------------ */

/* `+HH:MM`, `-HHMM`, `+HH` to minutes east of UTC. */
static bool parse_offset(struct slice text, int *minutes)
{
    if (text.len < 3 || (text.at[0] != '+' && text.at[0] != '-'))
        return false;
    struct slice digits = slice_from(text, 1);
    int64_t hour, minute = 0;
    if (!slice_to_int64(slice_first(digits, 2), &hour))
        return false;
    struct slice rest = slice_from(digits, 2);
    if (rest.len && rest.at[0] == ':')
        rest = slice_from(rest, 1);
    if (digits.len > 2 && (rest.len != 2 || !slice_to_int64(rest, &minute)))
        return false;
    if (hour < 0 || hour > 18 || minute < 0 || minute > 59)
        return false;
    *minutes = (int)(hour * 60 + minute) * (text.at[0] == '-' ? -1 : 1);
    return true;
}

static bool is_zone_file(const char *name)
{
    if (name[0] == '/' || strstr(name, "..") || strlen(name) > 60)
        return false;
    char path[128];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    char magic[4];
    bool is = fread(magic, 1, 4, file) == 4 && memcmp(magic, "TZif", 4) == 0;
    fclose(file);
    return is;
}

static void keep_name(const char *name)
{
    snprintf(zone_name, sizeof zone_name, "%s", name);
}

enum fault_code time_use_zone(const char *name, struct fault *why)
{
    if (slice_is_fold(slice_of(name), "utc") || slice_is_fold(slice_of(name), "z")) {
        zone_fixed = true;
        fixed_minutes = 0;
        keep_name("UTC");
        return FAULT_NONE;
    }
    if (parse_offset(slice_of(name), &fixed_minutes)) {
        zone_fixed = true;
        keep_name(name);
        return FAULT_NONE;
    }
    if (slice_is_fold(slice_of(name), "local")) {
        tzset();
    } else if (is_zone_file(name)) {
        setenv("TZ", name, 1);
        tzset();
    } else {
        return fault_set(why, FAULT_USAGE,
                         "unknown time zone (an IANA name, UTC, local, +HH:MM or -HH:MM)");
    }
    zone_fixed = false;
    keep_name(name);
    return FAULT_NONE;
}

const char *time_zone_name(void)
{
    return zone_name;
}

int64_t time_now(void)
{
    if (pinned_now != TIME_NONE)
        return pinned_now;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TIME_SECOND + now.tv_nsec / 1000;
}

void time_pin_now(int64_t now)
{
    pinned_now = now;
}

static int64_t offset_seconds(int64_t us)
{
    if (zone_fixed)
        return (int64_t)fixed_minutes * 60;
    time_t seconds = (time_t)floor_div(us, TIME_SECOND);
    struct tm tm;
    return localtime_r(&seconds, &tm) ? tm.tm_gmtoff : 0;
}

int time_zone_offset(int64_t us)
{
    return (int)(offset_seconds(us) / 60);
}

struct civil time_to_local(int64_t us)
{
    return time_to_utc(us + offset_seconds(us) * TIME_SECOND);
}

int64_t time_from_local(const struct civil *c, enum time_fit *fit)
{
    int64_t as_utc = time_from_utc(c);
    /* The offsets in force a day before and after bracket any change of clocks near this time. */
    int64_t before = as_utc - offset_seconds(as_utc - TIME_DAY) * TIME_SECOND;
    int64_t after = as_utc - offset_seconds(as_utc + TIME_DAY) * TIME_SECOND;
    bool before_fits = before + offset_seconds(before) * TIME_SECOND == as_utc;
    bool after_fits = after + offset_seconds(after) * TIME_SECOND == as_utc;
    enum time_fit found = TIME_FIT_ONCE;
    int64_t out = before_fits ? before : after;
    if (before_fits && after_fits && before != after) {
        found = TIME_FIT_TWICE;
        out = before < after ? before : after;
    } else if (!before_fits && !after_fits) {
        found = TIME_FIT_NEVER;
        out = before; /* the old offset moves it forward by the gap */
    }
    last_fit = found;
    if (fit)
        *fit = found;
    return out;
}

enum time_fit time_last_fit(void)
{
    return last_fit;
}

/* --- reading and writing ---------------------------------------------------------------------- */

/* Takes exactly `count` digits off the text. */
static inline bool take_digits(struct slice *text, size_t count, int *out)
{
    if (text->len < count)
        return false;
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (text->at[i] < '0' || text->at[i] > '9')
            return false;
        *out = *out * 10 + (text->at[i] - '0');
    }
    *text = slice_from(*text, count);
    return true;
}

static inline bool take_byte(struct slice *text, char c)
{
    if (text->len == 0 || text->at[0] != c)
        return false;
    *text = slice_from(*text, 1);
    return true;
}

static void take_fraction(struct slice *text, int *micros)
{
    int scale = 100000;
    while (text->len && text->at[0] >= '0' && text->at[0] <= '9') {
        *micros += (text->at[0] - '0') * scale;
        scale /= 10;
        *text = slice_from(*text, 1);
    }
}

bool time_parse(struct slice text, int64_t *out, bool *zoned)
{
    struct civil c = {0};
    struct slice rest = slice_trim(text);
    if (!take_digits(&rest, 4, &c.year) || !take_byte(&rest, '-') ||
        !take_digits(&rest, 2, &c.month) || !take_byte(&rest, '-') ||
        !take_digits(&rest, 2, &c.day))
        return false;
    if (!take_byte(&rest, 'T') && !take_byte(&rest, 't') && !take_byte(&rest, ' '))
        return false;
    if (!take_digits(&rest, 2, &c.hour) || !take_byte(&rest, ':') ||
        !take_digits(&rest, 2, &c.minute))
        return false;
    if (take_byte(&rest, ':') && !take_digits(&rest, 2, &c.second))
        return false;
    if (rest.len > 1 && (rest.at[0] == '.' || rest.at[0] == ',') && rest.at[1] >= '0' &&
        rest.at[1] <= '9') {
        rest = slice_from(rest, 1);
        take_fraction(&rest, &c.micros);
    }
    if (!civil_valid(&c))
        return false;
    rest = slice_trim(rest);
    int minutes = 0;
    bool has_zone = (rest.len == 1 && (rest.at[0] == 'Z' || rest.at[0] == 'z')) ||
                    slice_is_fold(rest, "utc") || parse_offset(rest, &minutes);
    if (!has_zone && rest.len)
        return false;
    if (zoned)
        *zoned = has_zone;
    *out =
        has_zone ? time_from_utc(&c) - (int64_t)minutes * TIME_MINUTE : time_from_local(&c, NULL);
    return true;
}

/* `count` digits of a number that has no more. */
static void put_digits(char *to, size_t count, int number)
{
    while (count) {
        to[--count] = (char)('0' + number % 10);
        number /= 10;
    }
}

const char *time_utc_text(char out[TIME_TEXT_SIZE], int64_t us)
{
    /* Exports write it for every entry, and of few days. */
    static _Thread_local struct {
        int64_t begin, end;
        char text[28];
    } day;
    if (us >= day.begin && us < day.end) {
        int64_t rest = us - day.begin;
        int second = (int)(rest / TIME_SECOND);
        memcpy(out, day.text, sizeof day.text);
        put_digits(out + 11, 2, second / 3600);
        put_digits(out + 14, 2, second / 60 % 60);
        put_digits(out + 17, 2, second % 60);
        put_digits(out + 20, 6, (int)(rest % TIME_SECOND));
        return out;
    }
    struct civil c = time_to_utc(us);
    if (c.year >= 0 && c.year <= 9999) {
        memcpy(day.text, "0000-00-00T00:00:00.000000Z", sizeof day.text);
        put_digits(day.text, 4, c.year);
        put_digits(day.text + 5, 2, c.month);
        put_digits(day.text + 8, 2, c.day);
        day.begin = floor_div(us, TIME_DAY) * TIME_DAY;
        day.end = day.begin + TIME_DAY;
        return time_utc_text(out, us);
    }
    snprintf(out, TIME_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day,
             c.hour, c.minute, c.second, c.micros);
    return out;
}

const char *time_local_text(char out[TIME_TEXT_SIZE], int64_t us)
{
    struct civil c = time_to_local(us);
    snprintf(out, TIME_TEXT_SIZE, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour,
             c.minute, c.second);
    return out;
}

static const char *time_english(const char *one, const char *many, uint64_t n)
{
    return n == 1 ? one : many;
}

static const char *time_span(char out[TIME_TEXT_SIZE], int64_t us,
                             const char *(*say)(const char *one, const char *many, uint64_t n))
{
    static const struct {
        const char *one, *many;
        int64_t size;
    } units[] = {{N_("day"), "days", TIME_DAY},
                 {N_("hour"), "hours", TIME_HOUR},
                 {N_("minute"), "minutes", TIME_MINUTE},
                 {N_("second"), "seconds", TIME_SECOND}};
    uint64_t span = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
    size_t last = sizeof units / sizeof units[0] - 1;
    for (size_t i = 0; i <= last; i++) {
        uint64_t size = (uint64_t)units[i].size, whole = span / size;
        if (whole == 0)
            continue;
        uint64_t less = i < last ? span % size / (uint64_t)units[i + 1].size : 0;
        int used = snprintf(out, TIME_TEXT_SIZE, "%llu %s", (unsigned long long)whole,
                            say(units[i].one, units[i].many, whole));
        if (less && used > 0)
            snprintf(out + used, TIME_TEXT_SIZE - (size_t)used, " %llu %s",
                     (unsigned long long)less, say(units[i + 1].one, units[i + 1].many, less));
        return out;
    }
    snprintf(out, TIME_TEXT_SIZE, "%.1f %s", (double)span / (double)TIME_SECOND,
             say("second", "seconds", 0));
    return out;
}

const char *time_span_text(char out[TIME_TEXT_SIZE], int64_t us)
{
    return time_span(out, us, time_english);
}

const char *time_span_words(char out[TIME_TEXT_SIZE], int64_t us)
{
    return time_span(out, us, words_many);
}

const char *time_moment_words(char out[TIME_MOMENT_SIZE], int64_t us)
{
    char text[TIME_TEXT_SIZE];
    if (us == TIME_NONE) {
        snprintf(out, TIME_MOMENT_SIZE, "%s", _("a time that is not known"));
        return out;
    }
    time_local_text(text, us);
    int minutes = time_zone_offset(us), size = minutes < 0 ? -minutes : minutes;
    if (strcmp(time_zone_name(), "local") != 0)
        snprintf(out, TIME_MOMENT_SIZE, "%s (%.60s)", text, time_zone_name());
    else
        snprintf(out, TIME_MOMENT_SIZE, "%s (%c%02d:%02d)", text, minutes < 0 ? '-' : '+',
                 size / 60 % 100, size % 60);
    return out;
}

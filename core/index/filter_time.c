/* Reads the values of time, since and until: moments at the precision they are written in, open
 * and closed ranges of them, spans back from now or from the newest entry. */
#include "core/base/safe.h"
#include "core/base/time.h"
#include "core/index/filter_parts.h"

/* The first and last microsecond of what was written: of a year, a day, a minute ... */
struct moment {
    int64_t first, last;
};

/* The parts of a written time; `parts` counts those given: 1 year ... 6 second, 7 fraction. */
struct moment_text {
    struct civil civil;
    int parts;
    int64_t unit; /* of the last digit of the fraction, in microseconds */
    bool zoned;
    int offset_minutes; /* east of UTC */
};

/* Takes exactly `digits` decimal digits off `*rest`. */
static bool moment_digits(struct slice *rest, size_t digits, int *out)
{
    int64_t value;
    struct slice part = slice_first(*rest, digits);
    if (part.len < digits || part.at[0] == '-' || !slice_to_int64(part, &value))
        return false;
    *out = (int)value;
    *rest = slice_from(*rest, digits);
    return true;
}

static bool moment_take(struct slice *rest, char c)
{
    if (rest->len == 0 || rest->at[0] != c)
        return false;
    *rest = slice_from(*rest, 1);
    return true;
}

/* Z, z, +HH:MM, -HHMM, +HH; nothing is no zone. */
static bool moment_zone(struct slice *rest, struct moment_text *out)
{
    if (moment_take(rest, 'Z') || moment_take(rest, 'z')) {
        out->zoned = true;
        return true;
    }
    bool west = moment_take(rest, '-');
    if (!west && !moment_take(rest, '+'))
        return true;
    int hours = 0;
    int minutes = 0;
    if (!moment_digits(rest, 2, &hours))
        return false;
    bool colon = moment_take(rest, ':');
    if ((colon || rest->len > 0) && !moment_digits(rest, 2, &minutes))
        return false;
    out->zoned = true;
    out->offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    return hours <= 14 && minutes < 60;
}

/* Further digits than six are cut, as everywhere. */
static bool moment_fraction(struct slice *rest, struct moment_text *out)
{
    size_t digits = 0;
    out->unit = TIME_SECOND;
    for (; rest->len > 0 && rest->at[0] >= '0' && rest->at[0] <= '9'; digits++) {
        if (digits < 6) {
            out->unit /= 10;
            out->civil.micros += (rest->at[0] - '0') * (int)out->unit;
        }
        *rest = slice_from(*rest, 1);
    }
    out->parts = 7;
    return digits > 0;
}

static bool moment_clock(struct slice *rest, struct moment_text *out)
{
    struct civil *c = &out->civil;
    if (!moment_digits(rest, 2, &c->hour))
        return false;
    out->parts = 4;
    if (moment_take(rest, ':')) {
        if (!moment_digits(rest, 2, &c->minute))
            return false;
        out->parts = 5;
        if (moment_take(rest, ':')) {
            if (!moment_digits(rest, 2, &c->second))
                return false;
            out->parts = 6;
            if ((moment_take(rest, '.') || moment_take(rest, ',')) && !moment_fraction(rest, out))
                return false;
        }
    }
    return moment_zone(rest, out);
}

static bool moment_split(struct slice text, struct moment_text *out)
{
    struct slice rest = text;
    struct civil *c = &out->civil;
    *out = (struct moment_text){.civil = {.month = 1, .day = 1}, .parts = 1};
    if (!moment_digits(&rest, 4, &c->year))
        return false;
    if (moment_take(&rest, '-')) {
        if (!moment_digits(&rest, 2, &c->month))
            return false;
        out->parts = 2;
        if (moment_take(&rest, '-')) {
            if (!moment_digits(&rest, 2, &c->day))
                return false;
            out->parts = 3;
            if ((moment_take(&rest, 'T') || moment_take(&rest, 't') || moment_take(&rest, ' ')) &&
                !moment_clock(&rest, out))
                return false;
        }
    }
    return rest.len == 0 && c->minute < 60 && civil_valid(c);
}

static int64_t moment_at(const struct moment_text *text, const struct civil *c)
{
    enum time_fit fit;
    if (text->zoned)
        return time_from_utc(c) - text->offset_minutes * TIME_MINUTE;
    return time_from_local(c, &fit);
}

/* The day, month or year after; a day need not have 24 hours, so the calendar tells. */
static struct civil moment_next(const struct moment_text *text)
{
    struct civil c = text->civil;
    if (text->parts == 1) {
        c.year++;
    } else if (text->parts == 2) {
        c.month++;
    } else {
        c.day++;
        if (!civil_valid(&c)) {
            c.day = 1;
            c.month++;
        }
    }
    if (c.month > 12) {
        c.month = 1;
        c.year++;
    }
    return c;
}

static bool moment_read(struct slice text, struct moment *out)
{
    struct moment_text parts;
    if (!moment_split(text, &parts))
        return false;
    out->first = moment_at(&parts, &parts.civil);
    if (parts.parts <= 3) {
        struct civil next = moment_next(&parts);
        out->last = moment_at(&parts, &next) - 1;
    } else {
        int64_t unit = parts.parts == 4   ? TIME_HOUR
                       : parts.parts == 5 ? TIME_MINUTE
                       : parts.parts == 6 ? TIME_SECOND
                                          : parts.unit;
        out->last = out->first + unit - 1;
    }
    return true;
}

/* `7d`, `90m`: a number and one of s m h d w. */
static bool filter_read_span(struct slice text, int64_t *out)
{
    if (text.len < 2 || text.at[0] < '0' || text.at[0] > '9')
        return false;
    int64_t unit;
    switch (text.at[text.len - 1]) {
    case 's':
        unit = TIME_SECOND;
        break;
    case 'm':
        unit = TIME_MINUTE;
        break;
    case 'h':
        unit = TIME_HOUR;
        break;
    case 'd':
        unit = TIME_DAY;
        break;
    case 'w':
        unit = 7 * TIME_DAY;
        break;
    default:
        return false;
    }
    int64_t count;
    return slice_to_int64(slice_first(text, text.len - 1), &count) &&
           !__builtin_mul_overflow(count, unit, out);
}

static const char *filter_shown(char shown[FILTER_SHOWN], struct slice text)
{
    return safe_short(shown, FILTER_SHOWN, text);
}

static enum fault_code filter_read_bound(struct filter_value *value, enum filter_key key,
                                         struct slice text, struct fault *why)
{
    char shown[FILTER_SHOWN];
    struct slice span = text;
    bool from_end = false;
    size_t at = slice_find_byte(text, '@');
    if (at != SIZE_MAX) {
        if (!slice_is(slice_from(text, at), "@end") || key == FILTER_UNTIL)
            return fault_set(why, FAULT_USAGE, "'%s': only since takes @end, as in since:7d@end",
                             filter_shown(shown, text));
        span = slice_first(text, at);
        from_end = true;
    }
    struct moment moment;
    int64_t back;
    value->low = FILTER_FIRST;
    value->high = INT64_MAX;
    if (filter_read_span(span, &back)) {
        int64_t edge = back;
        if (!from_end && __builtin_sub_overflow(time_now(), back, &edge))
            edge = FILTER_FIRST;
        if (key == FILTER_SINCE)
            value->low = edge;
        else
            value->high = edge;
        value->from_end = from_end;
        return FAULT_NONE;
    }
    if (!from_end && moment_read(text, &moment)) {
        if (key == FILTER_SINCE)
            value->low = moment.first;
        else
            value->high = moment.last;
        return FAULT_NONE;
    }
    return fault_set(why, FAULT_USAGE,
                     "'%s' is no time; write a span (30m, 12h, 7d, 2w) or a date like 2026-11-01 "
                     "or 2026-11-01T09:12",
                     filter_shown(shown, text));
}

enum fault_code filter_read_time(struct filter_value *value, enum filter_key key, struct slice text,
                                 struct fault *why)
{
    if (key != FILTER_TIME)
        return filter_read_bound(value, key, text, why);
    char shown[FILTER_SHOWN];
    struct slice from = text;
    struct slice to = text;
    size_t dots = slice_find(text, SLICE(".."));
    if (dots != SIZE_MAX) {
        from = slice_first(text, dots);
        to = slice_from(text, dots + 2);
        if (from.len == 0 && to.len == 0)
            return fault_set(why, FAULT_USAGE, "a time range needs one end at least");
    }
    struct moment first = {.first = FILTER_FIRST};
    struct moment last = {.last = INT64_MAX};
    struct slice bad = SLICE_NONE;
    if (from.len > 0 ? !moment_read(from, &first) : dots == SIZE_MAX)
        bad = from;
    else if (to.len > 0 && !moment_read(to, &last))
        bad = to;
    if (bad.at)
        return fault_set(why, FAULT_USAGE,
                         "'%s' is no time; write 2026-11-01, 2026-11-01T09:12, A..B, A.. or ..B",
                         filter_shown(shown, bad));
    if (first.first > last.last)
        return fault_set(why, FAULT_USAGE, "this time range ends before it begins");
    value->low = first.first;
    value->high = last.last;
    return FAULT_NONE;
}

/* Knows how event exports print local times; see event_named.h. */
#include "import/event_named.h"

#include <stdlib.h>

/* The parts of a printed time before anyone decides which number is the month. */
struct printed {
    int first, second, year; /* first and second as they stand; year first: month and day */
    bool year_first;
    char separator;
    int hour, minute, seconds, micros;
    enum { HALF_NONE, HALF_AM, HALF_PM } half;
    struct slice rest; /* behind the clock: a zone, or nothing */
};

static bool take_number(struct slice *text, size_t most, int *out)
{
    size_t digits = 0;
    int value = 0;
    while (digits < text->len && digits < most && text->at[digits] >= '0' &&
           text->at[digits] <= '9')
        value = value * 10 + (text->at[digits++] - '0');
    *text = slice_from(*text, digits);
    *out = value;
    return digits > 0;
}

static bool take_separator(struct slice *text, char *separator)
{
    if (text->len == 0 || !strchr("/.-", text->at[0]) || !text->at[0])
        return false;
    if (*separator && text->at[0] != *separator)
        return false;
    *separator = text->at[0];
    *text = slice_from(*text, 1);
    return true;
}

static bool take_date(struct slice *text, struct printed *p)
{
    struct slice begin = *text;
    int a, b, c;
    if (!take_number(text, 4, &a) || !take_separator(text, &p->separator) ||
        !take_number(text, 2, &b) || !take_separator(text, &p->separator))
        return false;
    p->year_first = slice_find_byte(slice_first(begin, 5), p->separator) == 4;
    if (!take_number(text, 4, &c))
        return false;
    p->first = p->year_first ? b : a;
    p->second = p->year_first ? c : b;
    p->year = p->year_first ? a : c;
    return p->year >= 1900 && p->first <= 31 && p->second <= 31 && p->first && p->second;
}

/* U+202F and U+00A0 stand before AM in some regional formats. */
static void skip_blanks(struct slice *text)
{
    for (;;) {
        if (text->len && text->at[0] == ' ')
            *text = slice_from(*text, 1);
        else if (slice_starts(*text, "\xc2\xa0"))
            *text = slice_from(*text, 2);
        else if (slice_starts(*text, "\xe2\x80\xaf"))
            *text = slice_from(*text, 3);
        else
            return;
    }
}

static bool take_half(struct slice *text, struct printed *p)
{
    static const struct {
        const char *word;
        bool pm;
    } words[] = {{"AM", false},  {"PM", true},    {"a.m.", false},
                 {"p.m.", true}, {"午前", false}, {"午後", true}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!slice_starts_fold(*text, words[i].word))
            continue;
        p->half = words[i].pm ? HALF_PM : HALF_AM;
        *text = slice_from(*text, strlen(words[i].word));
        return true;
    }
    return false;
}

static bool take_clock(struct slice *text, struct printed *p)
{
    if (take_half(text, p))
        skip_blanks(text);
    if (!take_number(text, 2, &p->hour) || text->len == 0 || text->at[0] != ':')
        return false;
    *text = slice_from(*text, 1);
    if (!take_number(text, 2, &p->minute))
        return false;
    if (text->len && text->at[0] == ':') {
        *text = slice_from(*text, 1);
        if (!take_number(text, 2, &p->seconds))
            return false;
    }
    if (text->len > 1 && (text->at[0] == '.' || text->at[0] == ',') && text->at[1] >= '0' &&
        text->at[1] <= '9') {
        int scale = 100000;
        for (*text = slice_from(*text, 1); text->len && text->at[0] >= '0' && text->at[0] <= '9';
             *text = slice_from(*text, 1), scale /= 10)
            p->micros += (text->at[0] - '0') * scale;
    }
    struct slice behind = *text;
    skip_blanks(&behind);
    if (p->half == HALF_NONE && take_half(&behind, p))
        *text = behind;
    return true;
}

static bool read_printed(struct slice text, struct printed *p)
{
    *p = (struct printed){0};
    if (!take_date(&text, p))
        return false;
    if (text.len && (text.at[0] == 'T' || text.at[0] == ','))
        text = slice_from(text, 1);
    else if (text.len == 0 || text.at[0] != ' ')
        return false;
    skip_blanks(&text);
    if (!take_clock(&text, p))
        return false;
    p->rest = text;
    return true;
}

size_t event_time_length(struct slice text)
{
    struct printed p;
    return read_printed(slice_first(text, 64), &p) ? (size_t)(p.rest.at - text.at) : 0;
}

static bool parse_date_number(struct slice text, int64_t *out)
{
    int64_t ms;
    size_t end = slice_find_byte(text, ')');
    struct slice digits = slice_make(text.at + 6, end - 6);
    for (size_t i = 1; i < digits.len; i++) /* an offset behind the number changes nothing */
        if (digits.at[i] == '+' || digits.at[i] == '-')
            digits.len = i;
    if (!slice_to_int64(digits, &ms) || ms > INT64_MAX / 1000 || ms < INT64_MIN / 1000)
        return false;
    *out = ms * 1000;
    return true;
}

bool event_time_parse(struct slice text, enum day_order order, int64_t *out, bool *zoned)
{
    struct printed p;
    text = slice_trim(text);
    *zoned = true;
    if (slice_starts(text, "/Date(") && slice_find_byte(text, ')') != SIZE_MAX)
        return parse_date_number(text, out);
    if (time_parse(text, out, zoned))
        return true;
    *zoned = false;
    if (!read_printed(text, &p) || slice_trim(p.rest).len)
        return false;
    bool day_first = order == DAY_ORDER_DAY_FIRST;
    struct civil c = {.year = p.year,
                      .month = p.year_first || !day_first ? p.first : p.second,
                      .day = p.year_first || !day_first ? p.second : p.first,
                      .hour = p.hour,
                      .minute = p.minute,
                      .second = p.seconds,
                      .micros = p.micros};
    if (p.half != HALF_NONE && (p.hour > 12 || (p.half == HALF_AM && p.hour == 12)))
        c.hour = p.hour == 12 ? 0 : 99;
    else if (p.half == HALF_PM && p.hour < 12)
        c.hour = p.hour + 12;
    if (!civil_valid(&c))
        return false;
    *out = time_from_local(&c, NULL);
    return true;
}

/* --- day and month ---------------------------------------------------------------------------- */

struct order_votes {
    uint64_t month_first, day_first; /* proofs */
    uint64_t jumps[2];               /* far steps in time, read month first and day first */
    int64_t before[2];               /* days of the date before */
    uint64_t half, dots, dates;
};

static void count_jump(struct order_votes *v, int way, int year, int month, int day)
{
    int64_t days = (int64_t)year * 372 + month * 31 + day;
    if (v->before[way] && llabs(days - v->before[way]) > 20)
        v->jumps[way]++;
    v->before[way] = days;
}

static void count_date(struct order_votes *v, const struct printed *p)
{
    if (p->year_first)
        return;
    v->dates++;
    v->month_first += p->second > 12 && p->first <= 12;
    v->day_first += p->first > 12 && p->second <= 12;
    v->half += p->half != HALF_NONE;
    v->dots += p->separator == '.';
    count_jump(v, 0, p->year, p->first, p->second);
    count_jump(v, 1, p->year, p->second, p->first);
}

enum day_order day_order_of(struct slice text)
{
    struct order_votes v = {0};
    struct printed p;
    for (size_t i = 0; i < text.len; i++) {
        bool digit = text.at[i] >= '0' && text.at[i] <= '9';
        char before = i ? text.at[i - 1] : ' ';
        /* A date begins a field: behind a separator, a quote or a line's end. */
        if (!digit || !strchr(",;\t\"\n ", before) || !before)
            continue;
        if (read_printed(slice_first(slice_from(text, i), 64), &p)) {
            count_date(&v, &p);
            i += (size_t)(p.rest.at - (text.at + i)) - 1;
        }
    }
    if (v.month_first != v.day_first)
        return v.month_first > v.day_first ? DAY_ORDER_MONTH_FIRST : DAY_ORDER_DAY_FIRST;
    if (v.jumps[0] != v.jumps[1])
        return v.jumps[0] < v.jumps[1] ? DAY_ORDER_MONTH_FIRST : DAY_ORDER_DAY_FIRST;
    if (v.dates == 0)
        return DAY_ORDER_UNKNOWN;
    return v.dots ? DAY_ORDER_DAY_FIRST : DAY_ORDER_MONTH_FIRST;
}

/* --- direction -------------------------------------------------------------------------------- */

bool event_times_fall(struct slice text, char delimiter, enum day_order order)
{
    uint64_t rising = 0, falling = 0;
    int64_t before = TIME_NONE, us;
    bool zoned;
    struct slice line;
    while (slice_cut(&text, '\n', &line)) {
        size_t end = slice_find_byte(slice_first(line, 64), delimiter);
        struct slice second = end == SIZE_MAX ? SLICE("") : slice_from(line, end + 1);
        size_t len = event_time_length(second);
        if (!len || !event_time_parse(slice_first(second, len), order, &us, &zoned))
            continue;
        rising += before != TIME_NONE && us > before;
        falling += before != TIME_NONE && us < before;
        before = us;
    }
    return falling > rising;
}

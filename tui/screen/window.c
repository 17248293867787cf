/* See window.h. */
#include "tui/screen/window.h"

#include "core/base/time.h"

#include <stdio.h>

static void value_join(struct window *sum, const struct filter_value *value)
{
    if (value->low < sum->low)
        sum->low = value->low;
    if (value->high > sum->high)
        sum->high = value->high;
}

static void window_meet(struct window *window, int64_t low, int64_t high)
{
    if (low > window->low)
        window->low = low;
    if (high < window->high)
        window->high = high;
}

struct window window_of_filter(const struct filter *filter, int64_t newest)
{
    struct window window = {INT64_MIN, INT64_MAX, false}, times = {INT64_MAX, INT64_MIN, false};
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        if (term->exclude)
            continue;
        if (term->key == FILTER_TIME) {
            times.given = window.given = true;
            for (size_t v = 0; v < term->value_count; v++)
                value_join(&times, &term->values[v]);
        } else if (term->key == FILTER_SINCE || term->key == FILTER_UNTIL) {
            window.given = true;
            for (size_t v = 0; v < term->value_count; v++) {
                const struct filter_value *value = &term->values[v];
                int64_t low =
                    value->from_end && newest != TIME_NONE ? newest - value->low : value->low;
                window_meet(&window, low, value->high);
            }
        }
    }
    if (times.given)
        window_meet(&window, times.low, times.high);
    return window;
}

static const int64_t steps[] = {
    TIME_SECOND,     5 * TIME_SECOND,  15 * TIME_SECOND, TIME_MINUTE,
    5 * TIME_MINUTE, 15 * TIME_MINUTE, 30 * TIME_MINUTE, TIME_HOUR,
    3 * TIME_HOUR,   6 * TIME_HOUR,    12 * TIME_HOUR,   TIME_DAY,
    7 * TIME_DAY,    30 * TIME_DAY,    365 * TIME_DAY,   3650 * TIME_DAY};
enum { STEPS = sizeof steps / sizeof *steps };

int64_t window_floor(int64_t us, int64_t step)
{
    int64_t east = (int64_t)time_zone_offset(us) * TIME_MINUTE;
    int64_t local = us + east, rest = local % step;
    return us - (rest < 0 ? rest + step : rest);
}

int64_t window_step(int64_t from, int64_t to, size_t bars)
{
    for (size_t i = 0; i < STEPS; i++)
        if (bars && (to - window_floor(from, steps[i])) / steps[i] < (int64_t)bars)
            return steps[i];
    return steps[STEPS - 1];
}

const char *window_step_text(char out[16], int64_t step)
{
    static const struct {
        int64_t unit;
        char letter;
    } units[] = {{365 * TIME_DAY, 'y'},
                 {TIME_DAY, 'd'},
                 {TIME_HOUR, 'h'},
                 {TIME_MINUTE, 'm'},
                 {TIME_SECOND, 's'}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (step % units[i].unit == 0) {
            snprintf(out, 16, "%lld%c", (long long)(step / units[i].unit), units[i].letter);
            return out;
        }
    return "?";
}

static void add_moment(struct buf *out, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    time_local_text(text, us);
    char *blank = strchr(text, ' ');
    if (blank)
        *blank = 'T';
    buf_add_text(out, text);
}

static bool is_time(enum filter_key key)
{
    return key == FILTER_TIME || key == FILTER_SINCE || key == FILTER_UNTIL;
}

bool window_add_filter(struct buf *out, const struct filter *filter, int64_t low, int64_t high)
{
    size_t begin = out->len;
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        if (is_time(term->key) && !term->exclude)
            continue;
        if (out->len > begin)
            buf_add_byte(out, ' ');
        buf_add(out, slice_first(slice_from(filter->text, term->at), term->len));
    }
    if (low != INT64_MIN || high != INT64_MAX) {
        if (out->len > begin)
            buf_add_byte(out, ' ');
        buf_add_text(out, "time:");
        if (low != INT64_MIN)
            add_moment(out, low);
        buf_add_text(out, "..");
        if (high != INT64_MAX)
            add_moment(out, high);
    }
    return !buf_full(out);
}

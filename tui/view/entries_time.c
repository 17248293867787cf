/* Moving the time window of the filter by keys, and what the time prompt takes. */
#include "tui/view/entries.h"

#include "tui/screen/window.h"

void entries_shift(struct desk *d, enum action action)
{
    const struct answer *a = d->newest[ASK_COUNTS];
    if (!a || a->bad || a->counts.oldest == TIME_NONE)
        return;
    const struct counts_answer *now = &a->counts;
    const struct entry *current = desk_current(d);
    int64_t low = now->low, high = now->high, length = high - low + 1, quarter = length / 4;
    int64_t middle = low + length / 2;
    if (action == ACTION_NARROW) {
        if (length < 4 * TIME_SECOND)
            return;
        if (current && current->time_us != TIME_NONE && current->time_us >= low &&
            current->time_us <= high)
            middle = current->time_us;
        low = middle - quarter;
        high = middle + quarter;
    } else if (action == ACTION_WIDEN) {
        low -= length / 2;
        high += length / 2;
    } else {
        int64_t by = action == ACTION_EARLIER ? -(length / 2) : length / 2;
        low += by;
        high += by;
        if (high < now->oldest || low > now->newest)
            return;
    }
    if (low <= now->oldest && high >= now->newest)
        desk_window(d, INT64_MIN, INT64_MAX);
    else
        desk_window(d, low, high);
}

/* "7d", "30m": a span counted back from the newest entry. */
static bool is_span(struct slice text)
{
    int64_t number;
    return text.len > 1 && strchr("smhdw", text.at[text.len - 1]) &&
           slice_to_int64(slice_first(text, text.len - 1), &number) && number > 0;
}

enum fault_code entries_use_time(struct desk *d, struct slice text, struct fault *why)
{
    struct buf filter;
    text = slice_trim(text);
    buf_init(&filter, FILTER_SIZE);
    window_add_filter(&filter, d->filter, INT64_MIN, INT64_MAX);
    if (text.len > 0 && !slice_is_fold(text, "all")) {
        if (filter.len > 0)
            buf_add_byte(&filter, ' ');
        if (is_span(text)) {
            buf_add_text(&filter, "since:");
            buf_add(&filter, text);
            buf_add_text(&filter, "@end");
        } else {
            buf_add_text(&filter, "time:");
            /* `2026-11-01 09:00..` as one writes it; the language wants a T there. */
            for (size_t i = 0; i < text.len; i++)
                buf_add_byte(&filter, text.at[i] == ' ' ? 'T' : text.at[i]);
        }
    }
    enum fault_code bad = buf_full(&filter) ? fault_set(why, FAULT_LIMIT, "the filter is too long")
                                            : desk_use(d, buf_slice(&filter), true, why);
    buf_free(&filter);
    return bad;
}

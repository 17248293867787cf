/* Time windows: what the time terms of a filter select, and timelines with round steps. Pure. */
#ifndef TUI_SCREEN_WINDOW_H
#define TUI_SCREEN_WINDOW_H

#include "core/index/filter.h"

struct window {
    int64_t low, high; /* inclusive; open ends are INT64_MIN + 1 or less, INT64_MAX */
    bool given;        /* the filter has time terms */
};

/* The window that the filter's `time since until` terms leave; several `time` values give the range
 * that encloses them. `newest` is what `@end` counts from. */
struct window window_of_filter(const struct filter *filter, int64_t newest);

/* The shortest round step (1 s ... 30 days) with which [from, to] needs at most `bars` bars. */
int64_t window_step(int64_t from, int64_t to, size_t bars);
/* The start of the step that holds `us`: days begin at midnight, local time. */
int64_t window_floor(int64_t us, int64_t step);
/* "1h", "15m", "7d": a step for people. */
const char *window_step_text(char out[16], int64_t step);

/* Appends the filter without its time terms and, unless both ends are open, `time:A..B` to the
 * second in the zone of the process. */
bool window_add_filter(struct buf *out, const struct filter *filter, int64_t low, int64_t high);

#endif

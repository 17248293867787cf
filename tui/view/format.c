/* Knows how numbers, moments and titles look everywhere. See pane.h. */
#include "tui/view/pane.h"

#include <stdio.h>

const char *count_text(char out[COUNT_SIZE], uint64_t count)
{
    char digits[COUNT_SIZE];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count), at = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *moment_text(char out[TIME_TEXT_SIZE], int64_t us, bool year)
{
    if (us == TIME_NONE)
        return _("no time");
    time_local_text(out, us);
    return year || strlen(out) < 6 ? out : out + 5;
}

void box_title(struct canvas *c, int x, int y, int width, bool focused, const char *title,
               const char *right)
{
    int room = width - 4, need = right ? canvas_measure(slice_of(right)) + 2 : 0;
    if (room < 1)
        return;
    int used =
        canvas_format(c, x + 2, y, room, focused ? ROLE_FOCUS : ROLE_TITLE, " %s ", _(title));
    if (need > 2 && used + need + 2 <= room)
        canvas_format(c, x + width - 2 - need, y, need, ROLE_DIM, " %s ", right);
}

/* The last line: what was just said, else the keys most needed. */
#include "tui/view/pane.h"

void footer_draw(const struct desk *d, const struct hint *hints, size_t count, struct canvas *c,
                 struct rect r)
{
    int x = r.x + 1, end = r.x + r.width - 1;
    if (d->message[0]) {
        canvas_format(c, x, r.y, end - x, d->message_bad ? ROLE_BAD : ROLE_GOOD, "%s %s",
                      d->message_bad ? "✗" : "✓", d->message);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct buf keys;
        buf_init(&keys, 64);
        keymap_keys_text(d->keys, hints[i].action, false, &keys);
        struct slice text = buf_slice(&keys);
        int need = canvas_measure(text) + 1 + canvas_measure(slice_of(_(hints[i].word)));
        if (text.len > 0 && x + need <= end) {
            x += canvas_text(c, x, r.y, end - x, ROLE_KEY, text) + 1;
            x += canvas_word(c, x, r.y, end - x, ROLE_FOOT, hints[i].word) + 2;
        }
        buf_free(&keys);
    }
}
